import { controllerOf, indexByController } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { pods } from '../../resources/index.js';
import { isTerminating } from '../../resources/state.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import {
  type Controller,
  type ControllerContext,
  nothing,
  type Queue,
  type Recorder,
  type Source,
  source,
} from '../runtime/types.js';
import { untilNextAvailable } from '../workloads/availability.js';
import { concernedOwners } from '../workloads/owners.js';
import { createPod, deletePod, failures, slowStart } from '../workloads/pod-control.js';
import { writeStatus } from '../workloads/status.js';
import { CompiledReplicaSet } from './compiled.js';
import { podsToDelete } from './deletion-order.js';
import { type AnyReplicaSet, REPLICA_SET, REPLICATION_CONTROLLER, type ReplicaKind } from './kinds.js';
import { type ReplicaPod, replicaPodOf } from './replica-pod.js';
import { type Failure, isToldAlready, statusOf } from './status.js';

/** Pods that one sync makes or deletes at most; the next one goes on. */
const BURST = 500;
/** Sets in flight at once (`--concurrent-replicaset-syncs`). */
const WORKERS = 5;

/** Keeps as many pods of every ReplicaSet as it wants, and tells how many there are. Mirrors `pkg/controller/replicaset`. */
export const replicaSetController = (context: ControllerContext): Controller =>
  new ReplicaSetController(context, REPLICA_SET);

/** The same for ReplicationControllers. */
export const replicationControllerController = (context: ControllerContext): Controller =>
  new ReplicaSetController(context, REPLICATION_CONTROLLER);

class ReplicaSetController<T extends AnyReplicaSet> implements Controller {
  readonly name: string;
  readonly workers = WORKERS;
  readonly watches: readonly Source[];
  readonly #registry: Registry;
  readonly #recorder: Recorder;
  readonly #kind: ReplicaKind<T>;
  /** By key. */
  readonly #compiled = new Map<string, CompiledReplicaSet<T>>();

  constructor({ registry, recorder }: ControllerContext, kind: ReplicaKind<T>) {
    this.name = kind.definition.kind.toLowerCase();
    this.#registry = registry;
    this.#recorder = recorder(kind.component);
    this.#kind = kind;
    this.watches = [
      source(kind.definition, ({ entry }) => [keyOf(entry)]),
      source(
        pods,
        concernedOwners(registry, kind.definition, ({ object }) => this.#compile(object).selector),
        nothing,
      ),
    ];
  }

  async reconcile(key: string, queue: Queue): Promise<void> {
    const { namespace, name } = splitKey(key);
    const set = this.#registry.get(this.#kind.definition, namespace, name)?.object;
    if (!set) {
      this.#compiled.delete(key);
      return;
    }
    try {
      await this.#sync(key, set, queue);
    } catch (error) {
      // A set that has gone meanwhile needs nothing more.
      if (this.#registry.get(this.#kind.definition, namespace, name)) throw error;
    }
  }

  async #sync(key: string, set: T, queue: Queue): Promise<void> {
    const compiled = this.#compile(set);
    const existing = compiled.describe(await compiled.pods.of(set));
    // A set on its way out keeps still; the garbage collector sees to what is its.
    const failure = isTerminating(set) ? undefined : await this.#manage(set, compiled, existing, queue);
    const now = this.#registry.clock.now();
    const terminating = this.#kind.countsTerminating ? compiled.countLeaving() : undefined;
    const status = statusOf({ set, pods: existing, terminating, template: compiled.template, failure, now });
    if (!isToldAlready(set, status))
      await writeStatus(this.#registry, this.#kind.definition, set, current => ({ ...current, status }));
    if (failure) throw failure.error;
    const next = untilNextAvailable(existing, set.spec.minReadySeconds ?? 0, now);
    if (next !== undefined) queue.addAfter(key, next);
  }

  #compile(set: T): CompiledReplicaSet<T> {
    const key = keyOf(set.metadata);
    let compiled = this.#compiled.get(key);
    if (!compiled?.holdsFor(set)) {
      compiled = new CompiledReplicaSet(this.#registry, this.#kind, set);
      this.#compiled.set(key, compiled);
    }
    return compiled;
  }

  /** Makes the pods that are missing, or deletes those that are too many; answers the first thing that went wrong. */
  async #manage(
    set: T,
    compiled: CompiledReplicaSet<T>,
    existing: readonly ReplicaPod[],
    queue: Queue,
  ): Promise<Failure | undefined> {
    const control = { registry: this.#registry, recorder: this.#recorder };
    const missing = set.spec.replicas - existing.length;
    let errors: unknown[] = [];
    const now = this.#registry.clock.now();
    const wait = missing > 0 ? compiled.untilNextTry(now) : undefined;
    if (wait !== undefined) {
      queue.addAfter(keyOf(set.metadata), wait);
    } else if (missing > 0) {
      const drafts = new Array(Math.min(missing, BURST)).fill(compiled.draft);
      errors = await slowStart(drafts, pod => createPod(control, set, pod));
    } else if (missing < 0) {
      const surplus = Math.min(-missing, BURST);
      const chosen = podsToDelete(existing, this.#related(set), surplus, now);
      errors = await failures(chosen.map(pod => deletePod(control, set, pod)));
    }
    return errors.length > 0 ? { error: errors[0] } : undefined;
  }

  /** The pods of all sets that the set's controller has; of a set that nobody controls, none. */
  #related(set: T): readonly ReplicaPod[] {
    const controller = controllerOf(set);
    if (!controller) return [];
    const siblings = indexByController(this.#registry, this.#kind.definition).get(controller.uid);
    return siblings.flatMap(({ uid }) => indexByController(this.#registry, pods).get(uid).map(replicaPodOf));
  }
}
