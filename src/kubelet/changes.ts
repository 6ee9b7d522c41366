import { formatTime } from '../clock/clock.js';
import { formatDuration } from '../clock/duration.js';
import { withDisruptionTarget } from '../resources/pod-disruption.js';
import { isReady } from '../resources/state.js';
import type { ContainerStatus, Pod, PodStatus } from '../resources/types.js';
import { isRunning, mapStatuses, type Part, terminated } from './containers.js';
import { withStatus } from './pod-status.js';
import { backOff, type Exit, mayRun, type PodEvent, type Scene } from './scene.js';

const fieldPath = ({ container, init, ephemeral }: Part) =>
  `spec.${ephemeral ? 'ephemeralContainers' : init ? 'initContainers' : 'containers'}{${container.name}}`;

export function report(part: Part, type: PodEvent['type'], reason: string, message: string): PodEvent {
  return { type, reason, message, fieldPath: fieldPath(part) };
}

/** The pod with changes to its status; phase and conditions follow. */
export function update(scene: Scene, change: Partial<PodStatus>, pod = scene.pod): Pod {
  return withStatus(pod, change, { now: scene.now, nodeReady: isReady(scene.node) });
}

/** The containers for which `chosen` holds, put through `change`; the others as they are. */
export function updateContainers(
  scene: Scene,
  chosen: (part: Part) => boolean,
  change: (part: Part) => ContainerStatus | undefined,
): Pod {
  return update(
    scene,
    mapStatuses(scene.pod, part => (chosen(part) ? change(part) : part.status)),
  );
}

/** Stops whatever runs. */
export function stopAll(scene: Scene, exitCode: number, change: Partial<PodStatus>, pod = scene.pod): Pod {
  const now = formatTime(scene.now);
  const statuses = mapStatuses(pod, ({ status }) => (isRunning(status) ? terminated(status!, exitCode, now) : status));
  return update(scene, { ...statuses, ...endedLatecomers(pod, exitCode, now), ...change }, pod);
}

/** Ephemeral containers end with their pod. */
export function endedLatecomers({ status }: Pod, exitCode: number, now: string): Partial<PodStatus> {
  if (!status.ephemeralContainerStatuses) return {};
  return {
    ephemeralContainerStatuses: status.ephemeralContainerStatuses.map(container =>
      isRunning(container) ? terminated(container, exitCode, now) : container,
    ),
  };
}

/** The kubelet itself ends the pod, for the sake of its node. */
export function endEarly(scene: Scene, reason: string, message: string): Pod {
  const { status } = withDisruptionTarget(scene.pod, 'TerminationByKubelet', message, scene.now);
  return stopAll(scene, 137, { phase: 'Failed', reason, message, conditions: status.conditions ?? [] });
}

function pulled(part: Part): PodEvent[] {
  const image = `"${part.container.image ?? ''}"`;
  if (part.container.imagePullPolicy === 'Always') {
    return [
      report(part, 'Normal', 'Pulling', `Pulling image ${image}`),
      report(
        part,
        'Normal',
        'Pulled',
        `Successfully pulled image ${image} in 1ms (1ms including waiting). Image size: 0 bytes.`,
      ),
    ];
  }
  return [
    report(
      part,
      'Normal',
      'Pulled',
      `Container image ${image} already present on machine and can be accessed by the pod`,
    ),
  ];
}

export function runEvents(part: Part): PodEvent[] {
  return [
    ...pulled(part),
    report(part, 'Normal', 'Created', 'Container created'),
    report(part, 'Normal', 'Started', 'Container started'),
  ];
}

/** The status of a container that has just exited: where a restart has to wait, already in CrashLoopBackOff. */
export function exited(scene: Scene, part: Part, { code, reason }: Pick<Exit, 'code' | 'reason'>): ContainerStatus {
  const status = terminated(part.status!, code, formatTime(scene.now), reason);
  // An init container that did its work stays ready, as upstream has it.
  if (part.init && code === 0) return { ...status, ready: true };
  const delay = backOff(status);
  if (delay === 0 || !mayRun(scene.pod, { ...part, status })) return status;
  const { metadata } = scene.pod;
  const message = `back-off ${formatDuration(delay)} restarting failed container=${part.container.name} pod=${metadata.name}_${metadata.namespace}(${metadata.uid})`;
  return {
    ...status,
    state: { waiting: { reason: 'CrashLoopBackOff', message } },
    lastState: { terminated: status.state!.terminated! },
  };
}

export const PULL_ERROR = 'pull access denied, repository does not exist or may require authorization';
