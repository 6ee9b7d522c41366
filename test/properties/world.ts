import type { VirtualClock } from '../../src/clock/virtual-clock.js';
import { daemonSetController } from '../../src/controllers/daemonset/controller.js';
import { eventTtlController } from '../../src/controllers/event-ttl/index.js';
import { createRecorderFactory } from '../../src/controllers/events/index.js';
import { garbageCollector } from '../../src/controllers/garbage-collector/index.js';
import { namespaceController } from '../../src/controllers/namespace/index.js';
import { nodeLifecycleController } from '../../src/controllers/node-lifecycle/index.js';
import { podGCController } from '../../src/controllers/pod-gc/index.js';
import { resourceQuotaController } from '../../src/controllers/resource-quota/index.js';
import { splitKey } from '../../src/controllers/runtime/keys.js';
import { Runtime } from '../../src/controllers/runtime/runtime.js';
import type { Controller, ControllerContext } from '../../src/controllers/runtime/types.js';
import { schedulerController } from '../../src/controllers/scheduler/controller.js';
import { taintEvictionController } from '../../src/controllers/taint-eviction/index.js';
import { kubeletControllers } from '../../src/kubelet/index.js';
import { controllerOf } from '../../src/registry/indexes.js';
import type { Registry } from '../../src/registry/registry.js';
import type { Era } from '../../src/resources/definition.js';
import { daemonSets, events } from '../../src/resources/index.js';
import type { Backend } from '../../src/store/backend.js';
import type { Change } from '../../src/store/entry.js';
import { MemoryBackend } from '../../src/store/memory.js';
import { intercepted } from '../support/intercept.js';
import { openRegistry, type TestRegistry } from '../support/registry.js';

/** Namespaces that there are. */
const NAMESPACES = ['default', 'other'] as const;

/** One reconcile of the DaemonSet controller. */
export interface Flight {
  /** The set. */
  readonly uid: string | undefined;
  /** The newest revision when it began: nothing that it decides on is older. */
  from: number;
}

export interface WorldOptions {
  readonly era?: Era;
  readonly clock?: VirtualClock;
  readonly backend?: Backend;
  /** What stands between the DaemonSet controller and the registry, made anew each time it is started. */
  readonly between?: (registry: Registry) => Registry;
}

/** Turns of the event loop that nothing takes, however much is to do: more, and it will never come to rest. */
const MANY_SETTLES = 10_000;

/**
 * Everything that has a hand in daemon pods, on a clock that stands still: the controllers of a real cluster, and simulated
 * kubelets. The DaemonSet controller runs apart from the others, so that it can be disturbed and started again.
 */
export class World {
  readonly registry: TestRegistry;
  readonly backend: Backend;
  /** Revision → the reconcile that wrote it. */
  readonly authors = new Map<number, Flight>();
  readonly #between: (registry: Registry) => Registry;
  readonly #others: Runtime;
  readonly #inFlight = new Set<Flight>();
  /** The DaemonSet controller is writing, at this very moment. */
  #writing = false;
  readonly #context: ControllerContext;
  #daemons!: Runtime;
  #newest = 0;
  #lastChange = 0;

  private constructor(registry: TestRegistry, backend: Backend, between: (registry: Registry) => Registry) {
    this.registry = registry;
    this.backend = backend;
    this.#between = between;
    this.#newest = registry.revision;
    registry.onApply(change => this.#applied(change));
    const { recorder, controller: eventWriter } = createRecorderFactory(registry);
    this.#context = { registry, recorder };
    this.#others = new Runtime(registry);
    for (const make of [
      schedulerController,
      nodeLifecycleController,
      taintEvictionController,
      podGCController,
      garbageCollector,
      eventTtlController,
      namespaceController,
      resourceQuotaController,
    ])
      this.#others.add(make(this.#context));
    for (const controller of kubeletControllers(this.#context)) this.#others.add(controller);
    this.#others.add(eventWriter);
    this.#others.start();
    this.startDaemons();
  }

  static async open({
    era,
    clock,
    backend = new MemoryBackend(),
    between = r => r,
  }: WorldOptions = {}): Promise<World> {
    const registry = await openRegistry([...NAMESPACES, 'kube-node-lease'], { era, clock, backend });
    return new World(registry, backend, between);
  }

  get clock(): VirtualClock {
    return this.registry.clock;
  }

  /** The newest revision that is not of an Event. */
  get lastChange(): number {
    return this.#lastChange;
  }

  /** Reconciles of the DaemonSet controller that have begun and not ended. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Events about DaemonSets that there are. */
  toldOfSets(): number {
    return this.registry.all(events).filter(({ object }) => object.involvedObject.kind === 'DaemonSet').length;
  }

  /** Starts the DaemonSet controller, as new. */
  startDaemons(): void {
    const registry = this.#between(this.#noted(this.registry));
    this.#daemons = new Runtime(registry);
    this.#daemons.add(this.#observed(daemonSetController({ ...this.#context, registry })));
    this.#daemons.start();
  }

  /** Ends the DaemonSet controller; what is in flight goes on to its end. */
  stopDaemons(): Promise<void> {
    return this.#daemons.stop();
  }

  /** Resolves when none of the controllers has anything left to do. @throws Error if that never happens */
  async settled(): Promise<void> {
    for (let i = 0; i < MANY_SETTLES; i++) {
      await this.#others.settled();
      await this.#daemons.settled();
      if (this.#others.idle && this.#daemons.idle) return;
    }
    throw new Error('the cluster does not come to rest');
  }

  /** Moves time on, from one timer to the next, letting the controllers come to rest at each. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms, () => this.settled());
  }

  /** Lets the controllers go on for a few turns of the event loop, and leaves them in the middle of what they do. */
  async turns(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await new Promise(resolve => setImmediate(resolve));
  }

  async close(): Promise<void> {
    await this.#daemons.stop();
    await this.#others.stop();
    await this.registry.log.close();
  }

  /** Notes who writes what. A write that could not be committed is heard of once more, undone. */
  #applied({ revision, entry }: Change): void {
    const undone = revision <= this.#newest;
    this.#newest = undone ? revision - 1 : revision;
    for (const other of this.#inFlight) other.from = Math.min(other.from, this.#newest);
    if (entry.resource !== 'events') this.#lastChange = undone ? Math.min(this.#lastChange, this.#newest) : revision;
    this.authors.delete(revision);
    if (undone || !this.#writing) return;
    const owner = controllerOf(entry.object)?.uid;
    const flight = [...this.#inFlight].find(({ uid }) => uid === owner);
    if (flight) this.authors.set(revision, flight);
  }

  /** The registry, with the writes that go through it noted as those of the DaemonSet controller. */
  #noted(registry: Registry): Registry {
    return intercepted(registry, (_call, carryOut) => {
      this.#writing = true;
      try {
        return carryOut();
      } finally {
        this.#writing = false;
      }
    });
  }

  /** The controller, with its reconciles noted. */
  #observed(controller: Controller): Controller {
    return {
      name: controller.name,
      watches: controller.watches,
      workers: controller.workers ?? 1,
      reconcile: async (key, queue) => {
        const { namespace, name } = splitKey(key);
        const flight: Flight = { uid: this.registry.get(daemonSets, namespace, name)?.uid, from: this.#newest };
        this.#inFlight.add(flight);
        try {
          await controller.reconcile(key, queue);
        } finally {
          this.#inFlight.delete(flight);
        }
      },
    };
  }
}
