import { formatTime } from '../clock/clock.js';
import { equalJson } from '../resources/json.js';
import { conditionOf, isReady, isSidecar } from '../resources/state.js';
import type { Condition, Container, ContainerStatus, Pod, ResourceRequirements } from '../resources/types.js';
import type { Shortage } from './admission.js';
import { given, isRunning, mapStatuses, type Part, partsOf, running, terminated } from './containers.js';
import { withStatus } from './pod-status.js';
import type { PodEvent, Scene, Stage } from './scene.js';

const PENDING = 'PodResizePending';
const IN_PROGRESS = 'PodResizeInProgress';
/** How long a kubelet waits before it looks again whether there is room now. */
const RETRY = 10_000;

/** Runs with other resources than it asks for by now. */
function isResized({ container, status, init }: Part): boolean {
  if (!isRunning(status) || (init && !isSidecar(container))) return false;
  return !equalJson(status!.resources ?? {}, container.resources ?? {});
}

/** A change of what a running pod asks for: the node's kubelet gives it, says that there is not enough, or that there never is. */
export const resize: Stage = {
  name: 'resize',
  due(scene) {
    const { pod, now, settings } = scene;
    if ((pod.metadata.generation ?? 1) < 2 || !partsOf(pod).some(isResized)) return isLeftOver(pod) ? now : undefined;
    const pending = conditionOf(pod, PENDING);
    if (pending && isTold(pod, pending))
      return pending.reason === 'Deferred'
        ? scene.dueAfter('resize retry', pending.lastTransitionTime ?? undefined, RETRY)
        : undefined;
    const progress = conditionOf(pod, IN_PROGRESS);
    if (!progress || !isTold(pod, progress)) return now;
    return scene.dueAfter('resize', progress.lastTransitionTime ?? undefined, settings.startDelay);
  },
  play(scene) {
    const { pod, node, host } = scene;
    if (!partsOf(pod).some(isResized)) return { pod: withCondition(scene, undefined) };
    const shortage = host.shortages(pod, node)[0];
    if (shortage) return postponed(scene, shortage);
    const progress = conditionOf(pod, IN_PROGRESS);
    const hasBegun = progress !== undefined && isTold(pod, progress);
    const events = hasBegun ? [] : [tell(pod, 'Normal', 'ResizeStarted', 'started')];
    if (!hasBegun && scene.settings.startDelay > 0)
      return { pod: withCondition(scene, { type: IN_PROGRESS, status: 'True' }), events };
    const now = formatTime(scene.now);
    const statuses = mapStatuses(pod, part => {
      if (!isResized(part)) return part.status;
      const { container, status } = part;
      if (!needsRestart(part)) return { ...without(status!), ...given(container) };
      return running(container, terminated(status!, 0, now), host.random, now);
    });
    const restarts = partsOf(pod).filter(part => isResized(part) && needsRestart(part));
    return {
      pod: withCondition(scene, undefined, { ...pod, status: { ...pod.status, ...statuses } }),
      events: [...events, ...restarts.flatMap(restarted), tell(pod, 'Normal', 'ResizeCompleted', 'completed')],
    };
  },
};

function postponed(scene: Scene, { resource, requested, used, capacity }: Shortage) {
  const { pod } = scene;
  const never = requested > capacity;
  const reason = never ? 'Infeasible' : 'Deferred';
  const message = never
    ? `Node didn't have enough capacity: ${resource}, requested: ${requested}, capacity: ${capacity}`
    : `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`;
  const before = conditionOf(pod, PENDING);
  if (before && isTold(pod, before) && before.reason === reason && before.message === message) return { pod };
  return {
    pod: withCondition(scene, { type: PENDING, status: 'True', reason, message }),
    events: [tell(pod, 'Warning', `Resize${reason}`, reason.toLowerCase(), message)],
  };
}

/** A condition speaks of what is asked for now, and not of what was asked for before. */
const isTold = ({ metadata }: Pod, { observedGeneration }: Condition) => observedGeneration === metadata.generation;

/** Nothing is to be resized any more, and still the status says so. */
const isLeftOver = (pod: Pod) => conditionOf(pod, PENDING) !== undefined || conditionOf(pod, IN_PROGRESS) !== undefined;

/** The pod with the one condition that a resize has, or none. */
function withCondition(
  scene: Scene,
  condition: Omit<Condition, 'lastTransitionTime'> | undefined,
  pod = scene.pod,
): Pod {
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== PENDING && type !== IN_PROGRESS);
  const { generation } = pod.metadata;
  const stamp = {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastProbeTime: null,
    lastTransitionTime: formatTime(scene.now),
  };
  const conditions = condition ? [...others, { ...condition, ...stamp }] : others;
  return withStatus(pod, { conditions }, { now: scene.now, nodeReady: isReady(scene.node) });
}

/** Whether the container has said that it must be restarted for one of the resources that change. */
function needsRestart({ container, status }: Part): boolean {
  const [before, after] = [status!.resources ?? {}, container.resources ?? {}];
  const changes = (resource: string) =>
    (['requests', 'limits'] as const).some(list => before[list]?.[resource] !== after[list]?.[resource]);
  return (container.resizePolicy ?? []).some(
    ({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && changes(resourceName),
  );
}

const without = ({ resources: _, allocatedResources: __, ...status }: ContainerStatus): ContainerStatus => status;

function restarted({ container, init }: Part): PodEvent[] {
  const fieldPath = `spec.${init ? 'initContainers' : 'containers'}{${container.name}}`;
  const event = (reason: string, message: string): PodEvent => ({ type: 'Normal', reason, message, fieldPath });
  return [
    event('Killing', `Container ${container.name} resize requires restart`),
    event('Created', 'Container created'),
    event('Started', 'Container started'),
  ];
}

/** An event that says what is asked for. */
function tell({ spec, metadata }: Pod, type: PodEvent['type'], reason: string, what: string, error?: string): PodEvent {
  const parts = (containers: readonly Container[] = []) =>
    containers.map(({ name, resources = {} }): { name: string; resources: ResourceRequirements } => ({
      name,
      resources,
    }));
  const sidecars = (spec.initContainers ?? []).filter(isSidecar);
  const body = {
    ...(sidecars.length ? { initContainers: parts(sidecars) } : {}),
    containers: parts(spec.containers),
    generation: metadata.generation,
    ...(error ? { error } : {}),
  };
  return { type, reason, message: `Pod resize ${what}: ${JSON.stringify(body)}` };
}
