import type { Registry } from '../../registry/registry.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import type { KubeObject, ObjectReference } from '../../resources/types.js';
import type { Change, Entry } from '../../store/entry.js';

/** Which writes wake a controller, and under which keys. */
export interface Source<T extends KubeObject = KubeObject> {
  /** Absent: every kind, also those that are yet to come. */
  readonly kind?: ResourceDefinition<T>;
  keys(change: Change<T>): Iterable<string>;
  /**
   * Of which objects it has to hear when it goes on where another runtime stands, as in a fork; absent: of all that exist. The keys
   * which that one still has in its queue, or timers for, it takes over besides.
   */
  inherits?(registry: Registry): Iterable<Entry<T>>;
}

/** A reconcile function and what wakes it. Level-triggered: `reconcile` compares wanted with actual and may run at any time. */
export interface Controller {
  readonly name: string;
  /** Keys in flight at once; 1 unless told otherwise. One key never runs twice at once. */
  readonly workers?: number;
  /** Start its keys only when none of any other controller waits: for work that may come last, such as Events. */
  readonly background?: boolean;
  readonly watches: readonly Source[];
  /** Called once with the controller's own queue, before anything else: for keys that come from elsewhere than writes. */
  start?(queue: Queue): void;
  /** Throws to be tried again, with backoff. `queue` is the controller's own, for `addAfter`. */
  reconcile(key: string, queue: Queue): Promise<void>;
}

/**
 * A controller's queue of keys, each in it at most once.
 *
 * A cluster is **at rest** when nothing is to be done, and nothing is going on whose end is only a matter of time: rollouts that wait
 * for `minReadySeconds`, containers that start or stop, evictions to come, retries. Timers that are `upkeep` do not count: those of
 * what comes round for ever (leases, recounts, schedules), of what goes long after everybody has lost interest (Events, finished Jobs),
 * and of second looks at what nothing but another change is likely to help (pods that found no node, containers that crash again and again).
 */
export interface Queue {
  add(key: string): void;
  /** Adds `key` once `ms` milliseconds of the cluster's time have passed. An earlier date for the same key wins. */
  addAfter(key: string, ms: number, why?: 'upkeep'): void;
}

/** Ties a typed source to the controller's list of sources. */
export function source<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  keys: (change: Change<T>) => Iterable<string>,
  inherits?: (registry: Registry) => Iterable<Entry<T>>,
): Source {
  return { kind, keys, ...(inherits ? { inherits } : {}) } as unknown as Source;
}

/** For sources of controllers that remember nothing of what they have looked at, or can do without. */
export const nothing = (): readonly never[] => [];

/** Writes Kubernetes Events about objects, in the background, correlated and rate-limited as client-go does it. */
export interface Recorder {
  event(
    about: KubeObject | ObjectReference,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    more?: EventDetails,
  ): void;
}

export interface EventDetails {
  /** The part of the object that it is about: `spec.containers{name}`. */
  readonly fieldPath?: string;
  /**
   * What was done or tried: `Binding`. Only components that report through `events.k8s.io` say so, as the scheduler does: it
   * makes repetitions a series.
   */
  readonly action?: string;
  /** Another object that has to do with it: the pod in whose favour one was preempted. */
  readonly related?: KubeObject | ObjectReference;
}

/** What every controller is made from: `export function daemonSetController(context: ControllerContext): Controller`. */
export interface ControllerContext {
  readonly registry: Registry;
  /** A recorder that signs as `component` (`source.component`), on `host` where the component runs on a node. */
  recorder(component: string, host?: string): Recorder;
}

/** How a cluster came to rest, or did not. */
export interface Rest {
  readonly atRest: boolean;
  /** How much time passed, in ms. */
  readonly passed: number;
  /** What was still going on at the limit, as `controller key`. */
  readonly goingOn: readonly string[];
}
