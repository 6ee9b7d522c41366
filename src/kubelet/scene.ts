import type { Random } from '../clock/random.js';
import { isSidecar } from '../resources/state.js';
import type { Container, ContainerStatus, Node, Pod } from '../resources/types.js';
import type { ProbeKind } from '../resources/validation/probes.js';
import type { Rejection, Shortage } from './admission.js';
import { hasPassed, isRunning, lastTermination, type Part, partsOf } from './containers.js';
import type { PodBehavior, PodSettings } from './options.js';
import type { Standing } from './probes/run.js';
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
  /** How the probes of its containers stand; all passed where none are made. */
  readonly probed: (part: Part, kind: ProbeKind) => Standing;
  /** ms since the epoch. */
  readonly now: number;
  /**
   * When something that began at `since` (a timestamp of the object, in whole seconds) and takes `delay` ms is due.
   * `what` names it, so that the exact beginning can be kept in mind between two looks.
   */
  dueAfter(what: string, since: string | undefined, delay: number): number;
}

/** Where no probes are made. */
export const UNPROBED: Scene['probed'] = () => 'passed';

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

export const does = (scene: Scene, behavior: PodBehavior) => scene.settings.behaviors.has(behavior);

export function isStruck({ settings }: Scene, { container, init }: Part): boolean {
  return settings.containers ? settings.containers.has(container.name) : !init;
}

export function cannotPull(scene: Scene, part: Part): boolean {
  if (does(scene, 'image-pull-error') && isStruck(scene, part)) return true;
  return isMissing(part.container) && !does(scene, 'run');
}

/** Tags that say of themselves that there is no such image, as in tests and tutorials. */
const MISSING_TAG = /:(404|missing|non-?existent|does-?not-?exist)$/;

export const isMissing = ({ image }: Container) => image !== undefined && MISSING_TAG.test(image);

export const NONE: readonly Part[] = [];

/** Containers that may run now but do not: the first init container that has not passed, or else all others. */
export function startable(scene: Scene): readonly Part[] {
  const { pod } = scene;
  if (pod.status.podIP === undefined) return NONE;
  const parts = partsOf(pod);
  const next = parts.find(part => part.init && !hasPassed(part.container, part.status));
  return parts.filter(part => (next ? part === next : !part.init) && !isRunning(part.status) && mayRun(pod, part));
}

/** Whether the restart policy lets a container run (again). */
export function mayRun(pod: Pod, { container, status, init }: Part): boolean {
  const termination = status?.state?.terminated;
  if (!termination || isSidecar(container)) return true;
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (policy === 'Always' && !init) return true;
  return policy !== 'Never' && termination.exitCode !== 0;
}

const FIRST_BACK_OFF = 10_000;
const LONGEST_BACK_OFF = 300_000;

/** Milliseconds between a container's end and its restart: none the first time, then 10 s, 20 s, … 5 min. */
export function backOff(status: ContainerStatus | undefined): number {
  const termination = lastTermination(status);
  if (!termination || status!.restartCount === 0) return 0;
  const ran = Date.parse(termination.finishedAt ?? '') - Date.parse(termination.startedAt ?? '');
  // A run of ten minutes earns a fresh start.
  if (ran >= 2 * LONGEST_BACK_OFF) return 0;
  return Math.min(FIRST_BACK_OFF * 2 ** (status!.restartCount - 1), LONGEST_BACK_OFF);
}

export function startDue(scene: Scene, part: Part): number {
  const { container, status } = part;
  return scene.dueAfter(`start ${container.name}`, lastTermination(status)?.finishedAt, backOff(status));
}

/** How a running container ends. */
export interface Exit {
  readonly code: number;
  /** After how many milliseconds. */
  readonly after: number;
  /** Where the code does not tell it. */
  readonly reason?: string;
}

/** What a signal adds to its number as an exit code; 9 is what the kernel kills with. */
const KILLED = 137;

/** How a running container ends; undefined if it goes on running. */
export function exitOf(scene: Scene, part: Part): Exit | undefined {
  const { exitCode, exitAfter, initDelay } = scene.settings;
  if (isStruck(scene, part)) {
    if (does(scene, 'exit')) return { code: exitCode ?? 0, after: exitAfter ?? 0 };
    if (does(scene, 'oom-kill')) return { code: KILLED, after: exitAfter ?? 0, reason: 'OOMKilled' };
    if (does(scene, 'crash-loop')) return { code: exitCode ?? 1, after: exitAfter ?? 0 };
  }
  if (part.init) return isSidecar(part.container) ? undefined : { code: 0, after: initDelay };
  const task = does(scene, 'run') ? undefined : scene.tasks.get(part.container.name);
  return task && { code: exitCode ?? task.code, after: exitAfter ?? task.after };
}

export function exitDue(scene: Scene, part: Part): number | undefined {
  const exit = isRunning(part.status) ? exitOf(scene, part) : undefined;
  if (!exit) return undefined;
  return scene.dueAfter(`exit ${part.container.name}`, part.status!.state!.running!.startedAt, exit.after);
}

/** When a running container's readiness changes, if it does. Init containers that are no sidecars have none. */
export function readyDue(scene: Scene, part: Part): number | undefined {
  if (!isRunning(part.status) || (part.init && !isSidecar(part.container))) return undefined;
  const never = does(scene, 'never-ready') && isStruck(scene, part);
  const probed = part.status!.started === false ? 'open' : scene.probed(part, 'readinessProbe');
  if (part.status!.ready) return never || probed === 'failed' ? scene.now : undefined;
  if (never || probed !== 'passed') return undefined;
  const since = part.status!.state!.running!.startedAt;
  return scene.dueAfter(`ready ${part.container.name}`, since, scene.settings.readyDelay);
}

/** Running a spec that is not the pod's any more. */
export function isOutdated({ container, status }: Part): boolean {
  return isRunning(status) && status!.image !== (container.image ?? '');
}

/** When the first of `parts` is due. All are asked, since all begin to wait. */
export function earliest(parts: readonly Part[], due: (part: Part) => number | undefined): number | undefined {
  let first: number | undefined;
  for (const part of parts) {
    const at = due(part);
    if (at !== undefined && (first === undefined || at < first)) first = at;
  }
  return first;
}

export const when = <T>(condition: boolean, value: T): T | undefined => (condition ? value : undefined);
