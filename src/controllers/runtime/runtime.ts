import type { Registry } from '../../registry/registry.js';
import { storeKey } from '../../resources/definition.js';
import type { Change, Entry } from '../../store/entry.js';
import type { Controller, Queue, Source } from './types.js';
import { WorkQueue } from './work-queue.js';

/** Reconciles started in one turn of the event loop, so that requests are answered in between. */
const STARTS_PER_TURN = 32;

/** While there is other work, background work gets every so many-th turn. */
const PATIENCE = 256;

/** Where sources of every kind stand among those of one; no resource is called so. */
const EVERY_KIND = '*';
const NO_SOURCES: readonly Woken[] = [];

/** Keys by the name of their controller. */
export type Outstanding = ReadonlyMap<string, readonly string[]>;

/** A source, and the queue of the controller that it wakes. */
interface Woken {
  readonly source: Source;
  readonly queue: WorkQueue;
}

interface Running {
  readonly controller: Controller;
  readonly queue: WorkQueue;
  readonly workers: number;
  /** Keys whose last reconcile threw. */
  readonly faulty: Set<string>;
}

export interface RuntimeOptions {
  /**
   * Hears of reconciles that threw; they are tried again regardless, and heard of again once they have gone well: what a reconcile
   * throws can read differently each time, as of pods whose names are drawn.
   */
  readonly onError?: (controller: string, key: string, error: unknown) => void;
}

/**
 * Runs the controllers: wakes them by committed writes, starts their reconciles a few at a time, in an order that depends
 * on the writes alone, and knows when nothing is left to do. Knows no Kubernetes kind.
 */
export class Runtime {
  readonly #registry: Registry;
  readonly #onError: NonNullable<RuntimeOptions['onError']>;
  readonly #all: Running[] = [];
  /** Resource → who is woken by it. */
  readonly #sources = new Map<string, Woken[]>();
  #unfollow: (() => void) | undefined;
  #pumpScheduled = false;
  /** Whose turn it is to start first. */
  #next = 0;
  #turnsWithoutBackground = 0;
  #idleWaiters: (() => void)[] = [];
  #stopped = false;

  constructor(registry: Registry, options: RuntimeOptions = {}) {
    this.#registry = registry;
    this.#onError = options.onError ?? (() => {});
  }

  /** Takes a controller in. Those taken in first start first when several have work. */
  add(controller: Controller): Queue {
    const queue = new WorkQueue(this.#registry.clock, () => this.#schedulePump());
    this.#all.push({ controller, queue, workers: controller.workers ?? 1, faulty: new Set() });
    for (const source of controller.watches) {
      const resource = source.kind ? storeKey(source.kind) : EVERY_KIND;
      const woken = this.#sources.get(resource);
      if (woken) woken.push({ source, queue });
      else this.#sources.set(resource, [{ source, queue }]);
    }
    controller.start?.(queue);
    if (this.#unfollow) this.#offerExisting(controller.watches.map(source => ({ source, queue })));
    return queue;
  }

  /**
   * Begins to listen; what exists already is offered to every controller as ADDED.
   * @param inherited what the runtime of the same controllers had still to do that has looked at the same objects: see `Source.inherits`
   */
  start(inherited?: Outstanding): void {
    if (this.#unfollow || this.#stopped) return;
    this.#unfollow = this.#registry.follow(changes => {
      for (const change of changes) this.#wake(change);
      this.#checkIdle();
    });
    const woken = this.#all.flatMap(({ controller, queue }) => controller.watches.map(source => ({ source, queue })));
    const inheriting = inherited ? woken.filter(({ source }) => source.inherits) : [];
    this.#offerExisting(inherited ? woken.filter(({ source }) => !source.inherits) : woken);
    for (const one of inheriting) for (const entry of one.source.inherits!(this.#registry)) this.#offer(entry, one);
    for (const { controller, queue } of this.#all)
      for (const key of inherited?.get(controller.name) ?? []) queue.add(key);
    this.#schedulePump();
  }

  /** What is still to do, now or when timers say so. */
  outstanding(): Outstanding {
    return new Map(this.#all.map(({ controller, queue }) => [controller.name, [...queue.keys()]]));
  }

  /** Starts nothing more, and resolves when what is in flight has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unfollow?.();
    for (const { queue } of this.#all) queue.clear();
    while (this.#all.some(r => r.queue.running > 0)) await this.#nextTurn();
    this.#releaseWaiters();
  }

  /** Resolves when nothing is queued, nothing is in flight and nothing waits for its commit. Timers to come do not count. */
  settled(): Promise<void> {
    if (this.idle) return Promise.resolve();
    return new Promise(resolve => {
      this.#idleWaiters.push(resolve);
      // Whoever waits must not change whose turn it is: nothing is started for it.
      setImmediate(() => this.#checkIdle());
    });
  }

  get idle(): boolean {
    return !this.#registry.log.pending && this.#isQuiet;
  }

  /** Whether nothing is queued and nothing in flight. */
  get #isQuiet(): boolean {
    return this.#stopped || this.#all.every(({ queue }) => queue.ready === 0 && queue.running === 0);
  }

  /** What is going on whose end is only a matter of time, as `controller key`; told of a runtime that has settled. See {@link Queue}. */
  awaited(): string[] {
    return this.#all.flatMap(({ controller, queue }) => queue.awaited.map(key => `${controller.name} ${key}`));
  }

  /** Keys waiting, by controller: for metrics. */
  depths(): Record<string, number> {
    return Object.fromEntries(this.#all.map(({ controller, queue }) => [controller.name, queue.ready + queue.running]));
  }

  /** Object by object, since to look into one may mean to parse it. */
  #offerExisting(woken: readonly Woken[]): void {
    const wanted = woken.map(({ source }) => (source.kind ? storeKey(source.kind) : EVERY_KIND));
    for (const kind of this.#registry.kinds.stored()) {
      const entries = this.#registry.all(kind);
      if (entries.length === 0) continue;
      const key = storeKey(kind);
      const concerned = woken.filter((_, i) => wanted[i] === key || wanted[i] === EVERY_KIND);
      for (const entry of entries) for (const one of concerned) this.#offer(entry, one);
    }
  }

  #offer(entry: Entry, { source, queue }: Woken): void {
    const time = this.#registry.clock.now();
    for (const key of source.keys({ type: 'ADDED', revision: entry.revision, time, entry })) queue.add(key);
  }

  #wake(change: Change): void {
    this.#wakeBy(change.entry.resource, change);
    this.#wakeBy(EVERY_KIND, change);
  }

  #wakeBy(name: string, change: Change): void {
    for (const { source, queue } of this.#sources.get(name) ?? NO_SOURCES) {
      for (const key of source.keys(change)) queue.add(key);
    }
  }

  #schedulePump(): void {
    if (this.#pumpScheduled || !this.#unfollow) return;
    this.#pumpScheduled = true;
    setImmediate(() => {
      this.#pumpScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#stopped) return;
    let budget = STARTS_PER_TURN;
    const foreground = this.#all.filter(r => !r.controller.background);
    for (let i = 0; i < foreground.length && budget > 0; i++) {
      budget = this.#startSome(foreground[(this.#next + i) % foreground.length]!, budget);
    }
    if (budget < STARTS_PER_TURN) this.#next = (this.#next + 1) % foreground.length;
    // Background work waits until nothing else is left to do, but not for ever.
    const busy = foreground.some(r => r.queue.ready > 0 || r.queue.running > 0);
    this.#turnsWithoutBackground = busy ? this.#turnsWithoutBackground + 1 : 0;
    const background =
      busy && this.#turnsWithoutBackground % PATIENCE !== 0 ? [] : this.#all.filter(r => r.controller.background);
    for (const running of background) if (budget > 0) budget = this.#startSome(running, budget);
    if (foreground.some(canStart) || background.some(canStart)) this.#schedulePump();
    this.#checkIdle();
  }

  #startSome(running: Running, budget: number): number {
    let left = budget;
    while (left > 0 && canStart(running)) {
      left--;
      void this.#run(running, running.queue.take()!);
    }
    return left;
  }

  async #run({ controller, queue, faulty }: Running, key: string): Promise<void> {
    let failed = false;
    try {
      await controller.reconcile(key, queue);
      faulty.delete(key);
    } catch (error) {
      failed = true;
      const isNews = !faulty.has(key);
      faulty.add(key);
      if (isNews && !this.#stopped) this.#onError(controller.name, key, error);
    }
    if (this.#stopped) queue.clear();
    queue.done(key, failed && !this.#stopped);
    // What ended may have been the last that background work waited for.
    if (queue.ready > 0 || queue.running === 0) this.#schedulePump();
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.#idleWaiters.length === 0 || !this.#isQuiet) return;
    const { log } = this.#registry;
    if (log.pending) {
      // Of a commit that fails no follower hears.
      log.committed().catch(() => this.#checkIdle());
      return;
    }
    // Once more at the end of the turn: followers that are still to hear of this commit may queue more.
    setImmediate(() => {
      if (this.idle) this.#releaseWaiters();
    });
  }

  #releaseWaiters(): void {
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  #nextTurn(): Promise<void> {
    return new Promise(resolve => setImmediate(resolve));
  }
}

const canStart = ({ queue, workers }: Running) => queue.ready > 0 && queue.running < workers;
