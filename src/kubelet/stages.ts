import { formatTime } from '../clock/clock.js';
import { formatDuration } from '../clock/duration.js';
import type { Random } from '../clock/random.js';
import { withDisruptionTarget } from '../resources/pod-disruption.js';
import { hasEnded, isReady, isSidecar, isTerminating } from '../resources/state.js';
import type { Container, ContainerStatus, Node, Pod, PodStatus } from '../resources/types.js';
import type { Rejection, Shortage } from './admission.js';
import {
  hasPassed,
  isRunning,
  lastTermination,
  mapStatuses,
  type Part,
  partsOf,
  running,
  terminated,
  waiting,
} from './containers.js';
import { internalIP } from './node-status.js';
import type { PodBehavior, PodSettings } from './options.js';
import { finalPhase, withStatus } from './pod-status.js';
import { resize } from './resize.js';
import type { Tasks } from './tasks.js';

/** An Event that the kubelet has to tell of. */
export interface PodEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** `spec.containers{name}` where it is about one container. */
  readonly fieldPath?: string;
}

/** Whether a pod may come in. */
export interface Admission {
  readonly rejection?: Rejection;
  /** Pods that have to go for it. */
  readonly victims?: readonly Pod[];
}

/** What the stages need from the node agent around them. */
export interface Host {
  readonly random: Random;
  /** Checks that the node has what the pod asks for. */
  admit(pod: Pod, node: Node): Admission;
  /** What the node has too little of for what the pod asks for. */
  shortages(pod: Pod, node: Node): readonly Shortage[];
  /** A free address of the node's pod network; undefined if there is none left. */
  allocateIP(node: Node): string | undefined;
}

/** One pod on one node at one moment. */
export interface Scene {
  readonly pod: Pod;
  readonly node: Node;
  readonly settings: PodSettings;
  /** What the commands of containers that do a task come to, by the container's name. */
  readonly tasks: Tasks;
  readonly host: Host;
  /** ms since the epoch. */
  readonly now: number;
  /**
   * When something that began at `since` (a timestamp of the object, in whole seconds) and takes `delay` ms is due.
   * `what` names it, so that the exact beginning can be kept in mind between two looks.
   */
  dueAfter(what: string, since: string | undefined, delay: number): number;
}

export interface Outcome {
  readonly pod: Pod;
  readonly events?: readonly PodEvent[];
  /** What became of other pods of the node at the same time. */
  readonly others?: readonly Outcome[];
}

/** A step in the life of a pod. */
export interface Stage {
  readonly name: string;
  /** When it is due, ms since the epoch; undefined if it does not apply to the pod as it stands. */
  due(scene: Scene): number | undefined;
  /** Told once, when the waiting for this stage begins. */
  announce?(scene: Scene): PodEvent[];
  /** The pod afterwards; `removed` if nothing is left but to delete it. */
  play(scene: Scene): Outcome | 'removed';
}

// ---- what stages ask ----

const does = (scene: Scene, behavior: PodBehavior) => scene.settings.behaviors.has(behavior);

function isStruck({ settings }: Scene, { container, init }: Part): boolean {
  return settings.containers ? settings.containers.has(container.name) : !init;
}

function cannotPull(scene: Scene, part: Part): boolean {
  if (does(scene, 'image-pull-error') && isStruck(scene, part)) return true;
  return isMissing(part.container) && !does(scene, 'run');
}

/** Tags that say of themselves that there is no such image, as in tests and tutorials. */
const MISSING_TAG = /:(404|missing|non-?existent|does-?not-?exist)$/;

const isMissing = ({ image }: Container) => image !== undefined && MISSING_TAG.test(image);

const NONE: readonly Part[] = [];

/** Containers that may run now but do not: the first init container that has not passed, or else all others. */
function startable(scene: Scene): readonly Part[] {
  const { pod } = scene;
  if (pod.status.podIP === undefined) return NONE;
  const parts = partsOf(pod);
  const next = parts.find(part => part.init && !hasPassed(part.container, part.status));
  return parts.filter(part => (next ? part === next : !part.init) && !isRunning(part.status) && mayRun(pod, part));
}

/** Whether the restart policy lets a container run (again). */
function mayRun(pod: Pod, { container, status, init }: Part): boolean {
  const termination = status?.state?.terminated;
  if (!termination || isSidecar(container)) return true;
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (policy === 'Always' && !init) return true;
  return policy !== 'Never' && termination.exitCode !== 0;
}

const FIRST_BACK_OFF = 10_000;
const LONGEST_BACK_OFF = 300_000;

/** Milliseconds between a container's end and its restart: none the first time, then 10 s, 20 s, … 5 min. */
function backOff(status: ContainerStatus | undefined): number {
  const termination = lastTermination(status);
  if (!termination || status!.restartCount === 0) return 0;
  const ran = Date.parse(termination.finishedAt ?? '') - Date.parse(termination.startedAt ?? '');
  // A run of ten minutes earns a fresh start.
  if (ran >= 2 * LONGEST_BACK_OFF) return 0;
  return Math.min(FIRST_BACK_OFF * 2 ** (status!.restartCount - 1), LONGEST_BACK_OFF);
}

function startDue(scene: Scene, part: Part): number {
  const { container, status } = part;
  return scene.dueAfter(`start ${container.name}`, lastTermination(status)?.finishedAt, backOff(status));
}

/** The code a running container exits with, and after how long; undefined if it goes on running. */
function exitOf(scene: Scene, part: Part): { code: number; after: number } | undefined {
  const { exitCode, exitAfter, initDelay } = scene.settings;
  if (isStruck(scene, part)) {
    if (does(scene, 'exit')) return { code: exitCode ?? 0, after: exitAfter ?? 0 };
    if (does(scene, 'crash-loop')) return { code: exitCode ?? 1, after: exitAfter ?? 0 };
  }
  if (part.init) return isSidecar(part.container) ? undefined : { code: 0, after: initDelay };
  const task = does(scene, 'run') ? undefined : scene.tasks.get(part.container.name);
  return task && { code: exitCode ?? task.code, after: exitAfter ?? task.after };
}

function exitDue(scene: Scene, part: Part): number | undefined {
  const exit = isRunning(part.status) ? exitOf(scene, part) : undefined;
  if (!exit) return undefined;
  return scene.dueAfter(`exit ${part.container.name}`, part.status!.state!.running!.startedAt, exit.after);
}

/** When a running container's readiness changes, if it does. Init containers that are no sidecars have none. */
function readyDue(scene: Scene, part: Part): number | undefined {
  if (!isRunning(part.status) || (part.init && !isSidecar(part.container))) return undefined;
  const never = does(scene, 'never-ready') && isStruck(scene, part);
  if (part.status!.ready) return never ? scene.now : undefined;
  if (never) return undefined;
  const since = part.status!.state!.running!.startedAt;
  return scene.dueAfter(`ready ${part.container.name}`, since, scene.settings.readyDelay);
}

/** Running a spec that is not the pod's any more. */
function isOutdated({ container, status }: Part): boolean {
  return isRunning(status) && status!.image !== (container.image ?? '');
}

/** When the first of `parts` is due. All are asked, since all begin to wait. */
function earliest(parts: readonly Part[], due: (part: Part) => number | undefined): number | undefined {
  let first: number | undefined;
  for (const part of parts) {
    const at = due(part);
    if (at !== undefined && (first === undefined || at < first)) first = at;
  }
  return first;
}

const when = <T>(condition: boolean, value: T): T | undefined => (condition ? value : undefined);

// ---- what stages do ----

const fieldPath = ({ container, init, ephemeral }: Part) =>
  `spec.${ephemeral ? 'ephemeralContainers' : init ? 'initContainers' : 'containers'}{${container.name}}`;

function report(part: Part, type: PodEvent['type'], reason: string, message: string): PodEvent {
  return { type, reason, message, fieldPath: fieldPath(part) };
}

/** The pod with changes to its status; phase and conditions follow. */
function update(scene: Scene, change: Partial<PodStatus>, pod = scene.pod): Pod {
  return withStatus(pod, change, { now: scene.now, nodeReady: isReady(scene.node) });
}

/** The containers for which `chosen` holds, put through `change`; the others as they are. */
function updateContainers(
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
function stopAll(scene: Scene, exitCode: number, change: Partial<PodStatus>, pod = scene.pod): Pod {
  const now = formatTime(scene.now);
  const statuses = mapStatuses(pod, ({ status }) => (isRunning(status) ? terminated(status!, exitCode, now) : status));
  return update(scene, { ...statuses, ...endedLatecomers(pod, exitCode, now), ...change }, pod);
}

/** Ephemeral containers end with their pod. */
function endedLatecomers({ status }: Pod, exitCode: number, now: string): Partial<PodStatus> {
  if (!status.ephemeralContainerStatuses) return {};
  return {
    ephemeralContainerStatuses: status.ephemeralContainerStatuses.map(container =>
      isRunning(container) ? terminated(container, exitCode, now) : container,
    ),
  };
}

/** The kubelet itself ends the pod, for the sake of its node. */
function endEarly(scene: Scene, reason: string, message: string): Pod {
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

function runEvents(part: Part): PodEvent[] {
  return [
    ...pulled(part),
    report(part, 'Normal', 'Created', 'Container created'),
    report(part, 'Normal', 'Started', 'Container started'),
  ];
}

/** The status of a container that has just exited: where a restart has to wait, already in CrashLoopBackOff. */
function exited(scene: Scene, part: Part, code: number): ContainerStatus {
  const status = terminated(part.status!, code, formatTime(scene.now));
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

const PULL_ERROR = 'pull access denied, repository does not exist or may require authorization';

// ---- the stages ----

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
function isPlain({ pod: { spec, status }, node, settings }: Scene): boolean {
  return (
    settings.behaviors.size === 0 &&
    // On a node that is not ready, `Ready` begins as False and is held there.
    isReady(node) &&
    settings.startDelay <= 0 &&
    settings.readyDelay <= 0 &&
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
  const hostIP = internalIP(scene.node);
  const addresses = hostIP ? { hostIP, hostIPs: [{ ip: hostIP }] } : {};
  const others = victims.map(victim => preempted({ ...scene, pod: victim }));
  return { pod: update(scene, { ...change, ...addresses, startTime: formatTime(scene.now) }), others };
}

const addressFor = ({ pod, node, host }: Scene): string | undefined =>
  pod.spec.hostNetwork ? internalIP(node) : host.allocateIP(node);

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
    if (podIP) return { pod: update(scene, { podIP, podIPs: [{ ip: podIP }] }) };
    const message = 'Failed to create pod sandbox: no IP addresses available in range set';
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
      ({ container, status }) => running(container, status, scene.host.random, formatTime(scene.now)),
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
    const pod = updateContainers(scene, isDue, part => exited(scene, part, exitOf(scene, part)!.code));
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
      if (cannotPull(scene, part)) return stopped;
      return running(part.container, stopped, scene.host.random, now);
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
const OVER: readonly Stage[] = [];

/** The stages that a pod may be at. The first that is due is played; when none is, the pod waits for the earliest. */
export function stagesOf({ pod, settings }: Scene): readonly Stage[] {
  if (isTerminating(pod)) return GOING;
  if (hasEnded(pod)) return OVER;
  if (pod.status.startTime === undefined) return NEW;
  return settings.behaviors.size > 0 ? ACTIVE : ORDINARY;
}
