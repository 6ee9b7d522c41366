import { formatTime } from '../clock/clock.js';
import { hasEnded, internalIP, isReady, isTerminating } from '../resources/state.js';
import type { Pod, PodStatus } from '../resources/types.js';
import type { Rejection } from './admission.js';
import {
  endEarly,
  endedLatecomers,
  exited,
  PULL_ERROR,
  report,
  runEvents,
  stopAll,
  update,
  updateContainers,
} from './changes.js';
import {
  isRunning,
  lastTermination,
  mapStatuses,
  type Part,
  partsOf,
  running,
  terminated,
  waiting,
} from './containers.js';
import { finalPhase } from './pod-status.js';
import { awaitsProbes, run, startUp, unhealthy } from './probe-stages.js';
import { resize } from './resize.js';
import {
  cannotPull,
  does,
  earliest,
  exitDue,
  exitOf,
  isMissing,
  isOutdated,
  isStruck,
  NONE,
  type Outcome,
  readyDue,
  type Scene,
  type Stage,
  startable,
  startDue,
  UNPROBED,
  when,
} from './scene.js';

/** A deleted pod's containers are stopped, by force when the grace period ends (KUB-04). */
const stop: Stage = {
  name: 'stop',
  due(scene) {
    const { metadata, status } = scene.pod;
    if (!isTerminating(scene.pod) || does(scene, 'hang-terminating')) return undefined;
    if (status.startTime === undefined || hasEnded(scene.pod)) return undefined;
    const grace = (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    const began = formatTime(Date.parse(metadata.deletionTimestamp!) - grace);
    return scene.dueAfter('stop', began, Math.min(scene.settings.stopDelay, grace));
  },
  announce: ({ pod }) =>
    partsOf(pod)
      .filter(part => isRunning(part.status))
      .map(part => report(part, 'Normal', 'Killing', `Stopping container ${part.container.name}`)),
  play(scene) {
    const grace = (scene.pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    const code = scene.settings.stopDelay > grace ? 137 : 0;
    const now = formatTime(scene.now);
    const statuses = mapStatuses(scene.pod, ({ status }) =>
      status && !status.state?.terminated ? terminated(status, code, now) : status,
    );
    const ended = endedLatecomers(scene.pod, code, now);
    const stopped: Pod = { ...scene.pod, status: { ...scene.pod.status, ...statuses, ...ended } };
    return { pod: update(scene, { phase: finalPhase(stopped) }, stopped) };
  },
};

/** What is stopped, or never began, is taken out of the API. */
const remove: Stage = {
  name: 'remove',
  due(scene) {
    const { metadata, status } = scene.pod;
    const over = status.startTime === undefined || hasEnded(scene.pod);
    // With a grace period of 0 the pod is only held by finalizers: it is not the kubelet that it waits for.
    const mine = isTerminating(scene.pod) && metadata.deletionGracePeriodSeconds !== 0;
    return when(mine && over && !does(scene, 'hang-terminating'), scene.now);
  },
  play: () => 'removed',
};

/** The kubelet looks at the pod for the first time, and takes it or turns it away (KUB-01). */
const admit: Stage = {
  name: 'admit',
  due: ({ pod, now }) =>
    when(
      pod.status.startTime === undefined && (pod.status.phase ?? 'Pending') === 'Pending' && !isTerminating(pod),
      now,
    ),
  play(scene) {
    const { pod, node, host } = scene;
    const { rejection, victims = [] } = host.admit(pod, node);
    if (rejection) return rejected(scene, rejection);
    const reason = pod.spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating';
    const statuses = mapStatuses(pod, ({ container }) => waiting(container, reason));
    return admitted(scene, victims, statuses);
  },
};

/**
 * A pod with nothing to wait for comes up at once: the stages from `admit` to `ready` in one step, to the same end. Most pods
 * do, and a rollout lives on it.
 */
const launch: Stage = {
  name: 'launch',
  due: scene => when(isPlain(scene) && admit.due(scene) !== undefined, scene.now),
  play(scene) {
    const { pod, node, host } = scene;
    const { rejection, victims = [] } = host.admit(pod, node);
    if (rejection) return rejected(scene, rejection);
    const podIP = addressFor(scene);
    if (!podIP)
      return admitted(
        scene,
        victims,
        mapStatuses(pod, ({ container }) => waiting(container, 'ContainerCreating')),
      );
    const now = formatTime(scene.now);
    const containerStatuses = pod.spec.containers.map(container => ({
      ...running(container, undefined, host.random, now),
      ready: true,
    }));
    const outcome = admitted(scene, victims, { containerStatuses, podIP, podIPs: [{ ip: podIP }] });
    return { ...outcome, events: partsOf(pod).flatMap(runEvents) };
  },
};

/** Whether all goes well with the pod, and nothing of it takes time. */
function isPlain(scene: Scene): boolean {
  const {
    pod: { spec, status },
    node,
    settings,
  } = scene;
  return (
    settings.behaviors.size === 0 &&
    // On a node that is not ready, `Ready` begins as False and is held there.
    isReady(node) &&
    settings.startDelay <= 0 &&
    settings.readyDelay <= 0 &&
    !awaitsProbes(scene) &&
    !spec.initContainers?.length &&
    !spec.containers.some(isMissing) &&
    status.containerStatuses === undefined &&
    status.podIP === undefined
  );
}

function rejected({ pod, now }: Scene, { reason, message }: Rejection): Outcome {
  const startTime = formatTime(now);
  const status: PodStatus = {
    ...pod.status,
    phase: 'Failed',
    reason,
    message: `Pod was rejected: ${message}`,
    startTime,
  };
  return { pod: { ...pod, status }, events: [{ type: 'Warning', reason, message }] };
}

/** The kubelet has taken the pod in, and `victims` gave way for it. */
function admitted(scene: Scene, victims: readonly Pod[], change: Partial<PodStatus>): Outcome {
  const others = victims.map(victim => preempted({ ...scene, pod: victim }));
  return { pod: update(scene, { ...change, ...hostAddresses(scene), startTime: formatTime(scene.now) }), others };
}

function hostAddresses({ node }: Scene): Partial<PodStatus> {
  const hostIP = internalIP(node);
  return hostIP ? { hostIP, hostIPs: [{ ip: hostIP }] } : {};
}

/** None on a node for which itself no address was left. */
function addressFor({ pod, node, host }: Scene): string | undefined {
  const hostIP = internalIP(node);
  return pod.spec.hostNetwork || !hostIP ? hostIP : host.allocateIP(node);
}

/** Why a pod gets no address. */
function whyNoAddress({ pod, node }: Scene): string {
  const { name } = node.metadata;
  if (!internalIP(node)) return `node ${name} has no address`;
  if (!pod.spec.hostNetwork && node.spec.podCIDR === undefined) return `node ${name} has no range for pods`;
  return 'no IP addresses available in range set';
}

/** A pod that gave way to a critical one (KUB-02). */
function preempted(scene: Scene): Outcome {
  const reason = 'Preempting';
  const message = 'Preempted in order to admit critical pod';
  return { pod: endEarly(scene, reason, message), events: [{ type: 'Warning', reason, message }] };
}

/** `activeDeadlineSeconds` counts from the pod's start on the node. */
const deadline: Stage = {
  name: 'deadline',
  due(scene) {
    const { activeDeadlineSeconds: seconds } = scene.pod.spec;
    if (seconds === undefined) return undefined;
    return scene.dueAfter('deadline', scene.pod.status.startTime, seconds * 1000);
  },
  play(scene) {
    const reason = 'DeadlineExceeded';
    const message = 'Pod was active on the node longer than the specified deadline';
    return {
      pod: stopAll(scene, 137, { phase: 'Failed', reason, message }),
      events: [{ type: 'Normal', reason, message }],
    };
  },
};

/** Told to be evicted, as when its node is short of memory (KUB-06). */
const evict: Stage = {
  name: 'evict',
  due: scene => when(does(scene, 'evict'), scene.now),
  play(scene) {
    const reason = 'Evicted';
    const message = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 0. ';
    return { pod: endEarly(scene, reason, message), events: [{ type: 'Warning', reason, message }] };
  },
};

/** Told to fail: the pod ends in phase Failed, which a restart policy of Always does not allow a mere exit to do. */
const fail: Stage = {
  name: 'fail',
  due(scene) {
    if (!does(scene, 'fail')) return undefined;
    const { exitAfter = 0 } = scene.settings;
    const struck = partsOf(scene.pod).filter(part => isRunning(part.status) && isStruck(scene, part));
    return earliest(struck, ({ container, status }) =>
      scene.dueAfter(`fail ${container.name}`, status!.state!.running!.startedAt, exitAfter),
    );
  },
  play: scene => ({ pod: stopAll(scene, scene.settings.exitCode ?? 1, { phase: 'Failed' }) }),
};

/** The pod's sandbox comes up and brings its address. */
const sandbox: Stage = {
  name: 'sandbox',
  due(scene) {
    if (scene.pod.status.podIP !== undefined || does(scene, 'hang-pending')) return undefined;
    return scene.dueAfter('sandbox', scene.pod.status.startTime, scene.settings.startDelay);
  },
  play(scene) {
    const { pod } = scene;
    const podIP = addressFor(scene);
    // A node that had no address when the pod came in may have one by now.
    if (podIP) return { pod: update(scene, { ...hostAddresses(scene), podIP, podIPs: [{ ip: podIP }] }) };
    const message = `Failed to create pod sandbox: ${whyNoAddress(scene)}`;
    return { pod, events: [{ type: 'Warning', reason: 'FailedCreatePodSandBox', message }] };
  },
};

const imagePull: Stage = {
  name: 'image-pull-error',
  due: scene => when(unpullable(scene).length > 0, scene.now),
  play(scene) {
    const parts = unpullable(scene);
    const chosen = new Set(parts.map(part => part.container.name));
    const pod = updateContainers(
      scene,
      part => chosen.has(part.container.name),
      ({ container, status }) => {
        const message = `Back-off pulling image "${container.image}": ErrImagePull: ${PULL_ERROR}`;
        const next = waiting(container, 'ImagePullBackOff', message);
        const termination = lastTermination(status);
        return termination
          ? { ...next, restartCount: status!.restartCount, lastState: { terminated: termination } }
          : next;
      },
    );
    const events = parts.flatMap(part => {
      const image = `"${part.container.image}"`;
      return [
        report(part, 'Normal', 'Pulling', `Pulling image ${image}`),
        report(part, 'Warning', 'Failed', `Failed to pull image ${image}: ${PULL_ERROR}`),
        report(part, 'Warning', 'Failed', 'Error: ErrImagePull'),
        report(part, 'Normal', 'BackOff', `Back-off pulling image ${image}`),
        report(part, 'Warning', 'Failed', 'Error: ImagePullBackOff'),
      ];
    });
    return { pod, events };
  },
};

function unpullable(scene: Scene): readonly Part[] {
  return startable(scene).filter(
    part =>
      cannotPull(scene, part) &&
      !(
        part.status?.state?.waiting?.reason === 'ImagePullBackOff' && part.status.image === (part.container.image ?? '')
      ),
  );
}

/** Containers start, in the order of init containers, after crashes with a growing pause. */
const start: Stage = {
  name: 'start',
  due: scene => earliest(pullable(scene), part => startDue(scene, part)),
  announce: ({ pod }) =>
    partsOf(pod)
      .filter(part => part.status?.state?.waiting?.reason === 'CrashLoopBackOff')
      .map(part => {
        const { name, namespace, uid } = pod.metadata;
        const message = `Back-off restarting failed container ${part.container.name} in pod ${name}_${namespace}(${uid})`;
        return report(part, 'Warning', 'BackOff', message);
      }),
  play(scene) {
    const due = pullable(scene).filter(part => startDue(scene, part) <= scene.now);
    const chosen = new Set(due.map(part => part.container.name));
    const pod = updateContainers(
      scene,
      part => chosen.has(part.container.name),
      part => run(scene, part),
    );
    return { pod, events: due.flatMap(runEvents) };
  },
};

const pullable = (scene: Scene) => startable(scene).filter(part => !cannotPull(scene, part));

/** Containers exit: init containers when their work is done, others when told to. */
const exit: Stage = {
  name: 'exit',
  due: scene => earliest(partsOf(scene.pod), part => exitDue(scene, part)),
  play(scene) {
    const isDue = (part: Part) => (exitDue(scene, part) ?? Number.POSITIVE_INFINITY) <= scene.now;
    const pod = updateContainers(scene, isDue, part => exited(scene, part, exitOf(scene, part)!));
    // Sidecars do not outlive the containers that they serve.
    return { pod: hasEnded(pod) ? stopAll(scene, 0, {}, pod) : pod };
  },
};

/** A container whose image was changed in the spec is replaced. */
const replace: Stage = {
  name: 'replace',
  due: scene => when(partsOf(scene.pod).some(isOutdated), scene.now),
  play(scene) {
    const now = formatTime(scene.now);
    const outdated = partsOf(scene.pod).filter(isOutdated);
    const pod = updateContainers(scene, isOutdated, part => {
      const stopped = terminated(part.status!, 0, now);
      return cannotPull(scene, part) ? stopped : run(scene, { ...part, status: stopped });
    });
    const events = outdated.flatMap(part => {
      const message = `Container ${part.container.name} definition changed, will be restarted`;
      return [report(part, 'Normal', 'Killing', message), ...(cannotPull(scene, part) ? [] : runEvents(part))];
    });
    return { pod, events };
  },
};

/** Running containers get ready, or lose it when told that they are not. */
const ready: Stage = {
  name: 'ready',
  due: scene => earliest(partsOf(scene.pod), part => readyDue(scene, part)),
  play(scene) {
    const isDue = (part: Part) => (readyDue(scene, part) ?? Number.POSITIVE_INFINITY) <= scene.now;
    return { pod: updateContainers(scene, isDue, ({ status }) => ({ ...status!, ready: !status!.ready })) };
  },
};

/** Containers that came later start at once, and once. */
const ephemeral: Stage = {
  name: 'ephemeral',
  due: scene => when(scene.pod.status.podIP !== undefined && latecomers(scene.pod).length > 0, scene.now),
  play(scene) {
    const now = formatTime(scene.now);
    const started = latecomers(scene.pod);
    const statuses = started.map(({ container }) => running(container, undefined, scene.host.random, now));
    const ephemeralContainerStatuses = [...(scene.pod.status.ephemeralContainerStatuses ?? []), ...statuses];
    return { pod: update(scene, { ephemeralContainerStatuses }), events: started.flatMap(runEvents) };
  },
};

function latecomers({ spec, status }: Pod): readonly Part[] {
  if (!spec.ephemeralContainers?.length) return NONE;
  return spec.ephemeralContainers
    .filter(({ name }) => !status.ephemeralContainerStatuses?.some(known => known.name === name))
    .map(container => ({ container, status: undefined, init: false, ephemeral: true }));
}

/** Conditions are brought in line with what they follow from: readiness gates, or a node that came back (TNT-05). */
const conditions: Stage = {
  name: 'conditions',
  due: scene => when(update(scene, {}).status.conditions !== scene.pod.status.conditions, scene.now),
  play: scene => ({ pod: update(scene, {}) }),
};

/**
 * The life of a pod on a node, by what it has come to: on its way out, not seen yet, or active. Most are told nothing out of the
 * ordinary.
 */
const GOING: readonly Stage[] = [stop, remove];
const NEW: readonly Stage[] = [launch, admit];
const ORDINARY: readonly Stage[] = [
  deadline,
  sandbox,
  imagePull,
  start,
  replace,
  exit,
  ready,
  resize,
  ephemeral,
  conditions,
];
const ACTIVE: readonly Stage[] = [evict, fail, ...ORDINARY];
const PROBED: readonly Stage[] = [startUp, unhealthy, ...ACTIVE];
const OVER: readonly Stage[] = [];

/** The stages that a pod may be at. The first that is due is played; when none is, the pod waits for the earliest. */
export function stagesOf({ pod, settings, probed }: Scene): readonly Stage[] {
  if (isTerminating(pod)) return GOING;
  if (hasEnded(pod)) return OVER;
  if (pod.status.startTime === undefined) return NEW;
  if (probed !== UNPROBED) return PROBED;
  return settings.behaviors.size > 0 ? ACTIVE : ORDINARY;
}
