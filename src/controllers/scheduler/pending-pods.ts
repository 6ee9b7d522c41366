import { Heap } from '../../clock/heap.js';
import type { CheckName } from '../../placement/check.js';
import { namedNodes } from '../../placement/node-affinity.js';
import type { Pod } from '../../resources/types.js';
import { keyOf } from '../runtime/keys.js';

/** A pod that waits to be scheduled. */
export interface PendingPod {
  readonly key: string;
  readonly uid: string;
  readonly priority: number;
  readonly created: string;
  /** Of equal priority and age, the first come are the first served. */
  readonly order: number;
  /** The nodes that it names, if it names any: only they can help it. */
  readonly nodes: ReadonlySet<string> | undefined;
  /** Attempts that failed; the last one, ms since the epoch; the rules that turned the pod away then. */
  attempts: number;
  lastAttempt: number;
  rejectedBy: ReadonlySet<CheckName>;
  /** Since when it has a node and waits for its volumes there, ms since the epoch. */
  volumesSince?: number | undefined;
  state: 'ready' | 'parked' | 'taken' | 'gone';
  /** When its backoff ends, ms since the epoch. */
  readyAt: number;
}

const FIRST_BACKOFF = 1000;
const MAX_BACKOFF = 10_000;

/** How long a pod steps back after `attempts` that failed, in ms. */
export function backoff(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(FIRST_BACKOFF * 2 ** (attempts - 1), MAX_BACKOFF);
}

/** More important pods first, then older ones. */
const isMoreUrgent = (a: PendingPod, b: PendingPod): boolean =>
  a.priority !== b.priority
    ? a.priority > b.priority
    : a.created !== b.created
      ? a.created < b.created
      : a.order < b.order;

const isReadySooner = (a: PendingPod, b: PendingPod): boolean =>
  a.readyAt !== b.readyAt ? a.readyAt < b.readyAt : isMoreUrgent(a, b);

/** The rules by which a pod on one node can matter to a pod that would go to another. */
const FAR_REACHING: readonly CheckName[] = ['InterPodAffinity', 'PodTopologySpread', 'VolumeRestrictions'];

/** The rules that look at claims and volumes. */
const ABOUT_VOLUMES: readonly CheckName[] = ['VolumeRestrictions', 'NodeVolumeLimits', 'VolumeBinding', 'VolumeZone'];

/**
 * The pods that wait: ready to be tried, or parked until something happens that may help them. Mirrors upstream's scheduling
 * queue: pods that failed of late step back behind the others, but do not wait while nobody else is there (KEP-5142); after
 * an error they do wait.
 */
export class PendingPods {
  readonly #all = new Map<string, PendingPod>();
  readonly #active = new Heap<PendingPod>(isMoreUrgent);
  readonly #backingOff = new Heap<PendingPod>(isReadySooner);
  readonly #afterError = new Heap<PendingPod>(isReadySooner);
  readonly #byNode = new Map<string, Set<PendingPod>>();
  readonly #anywhere = new Set<PendingPod>();
  readonly #farReaching = new Set<PendingPod>();
  readonly #forVolumes = new Set<PendingPod>();
  readonly #parked = new Set<PendingPod>();
  #order = 0;

  /** Takes a pod in, or its new version; it is tried at once. */
  put(pod: Pod, now: number): void {
    const key = keyOf(pod.metadata);
    const known = this.#all.get(key);
    const nodes = namedNodes(pod.spec.affinity);
    const priority = pod.spec.priority ?? 0;
    if (known?.uid === pod.metadata.uid && known.priority === priority && sameSet(known.nodes, nodes)) {
      this.activate(known, now);
      return;
    }
    this.remove(key);
    const pending: PendingPod = {
      key,
      uid: pod.metadata.uid,
      priority,
      created: pod.metadata.creationTimestamp,
      order: this.#order++,
      nodes,
      attempts: 0,
      lastAttempt: 0,
      rejectedBy: new Set(),
      state: 'taken',
      readyAt: 0,
    };
    this.#all.set(key, pending);
    this.activate(pending, now);
  }

  remove(key: string): void {
    const pending = this.#all.get(key);
    if (!pending) return;
    this.#all.delete(key);
    this.#unpark(pending);
    pending.state = 'gone';
  }

  /** Lets a pod be tried again. */
  activate(pending: PendingPod, now: number): void {
    if (pending.state === 'ready' || pending.state === 'gone') return;
    this.#unpark(pending);
    pending.state = 'ready';
    pending.readyAt = pending.lastAttempt + backoff(pending.attempts);
    if (pending.readyAt > now) this.#backingOff.push(pending);
    else this.#active.push(pending);
  }

  /** {@link activate} by key. */
  reactivate(key: string, now: number): void {
    const pending = this.#all.get(key);
    if (pending) this.activate(pending, now);
  }

  /**
   * Puts a pod that no node would take aside, until something happens that may help it.
   * @param whateverNode no node can help it, whatever becomes of it
   */
  park(pending: PendingPod, now: number, rejectedBy: ReadonlySet<CheckName>, whateverNode = false): void {
    this.#failed(pending, now);
    // It was changed, and so activated, while it was being tried.
    if (pending.state !== 'taken') return;
    pending.rejectedBy = rejectedBy;
    pending.state = 'parked';
    this.#parked.add(pending);
    if (FAR_REACHING.some(rule => rejectedBy.has(rule))) this.#farReaching.add(pending);
    if (ABOUT_VOLUMES.some(rule => rejectedBy.has(rule))) this.#forVolumes.add(pending);
    if (whateverNode) return;
    if (!pending.nodes) this.#anywhere.add(pending);
    for (const node of pending.nodes ?? []) {
      let there = this.#byNode.get(node);
      if (!there) this.#byNode.set(node, (there = new Set()));
      there.add(pending);
    }
  }

  /** Has a pod whose attempt ended in an error wait for its backoff to end. Answers how long, in ms. */
  holdBack(pending: PendingPod, now: number): number {
    this.#failed(pending, now);
    if (pending.state !== 'taken') return 0;
    pending.state = 'ready';
    pending.readyAt = now + backoff(pending.attempts);
    this.#afterError.push(pending);
    return pending.readyAt - now;
  }

  /** The parked pods that ask for this node by name. */
  naming(node: string): readonly PendingPod[] {
    return [...(this.#byNode.get(node) ?? [])];
  }

  /** The parked pods that would go anywhere. */
  anywhere(): readonly PendingPod[] {
    return [...this.#anywhere];
  }

  /** The parked pods that a change on any node may help. */
  farReaching(): readonly PendingPod[] {
    return [...this.#farReaching];
  }

  /** The parked pods that wait for claims or volumes. */
  forVolumes(): readonly PendingPod[] {
    return [...this.#forVolumes];
  }

  /** The parked pods that nothing has helped since `before`, ms since the epoch. */
  parkedSince(before: number): readonly PendingPod[] {
    return [...this.#parked].filter(({ lastAttempt }) => lastAttempt <= before);
  }

  get hasParked(): boolean {
    return this.#parked.size > 0;
  }

  /** Whether {@link take} would find one. */
  hasReady(now: number): boolean {
    const next = this.#afterError.peek();
    return this.#active.size > 0 || this.#backingOff.size > 0 || (next !== undefined && next.readyAt <= now);
  }

  /** Takes the most urgent pod that is ready. */
  take(now: number): PendingPod | undefined {
    this.#release(this.#backingOff, now);
    this.#release(this.#afterError, now);
    for (const heap of [this.#active, this.#backingOff]) {
      for (let pending = heap.pop(); pending; pending = heap.pop()) {
        if (pending.state !== 'ready') continue;
        pending.state = 'taken';
        return pending;
      }
    }
    return undefined;
  }

  /** Moves what need not wait any longer to the active ones. */
  #release(heap: Heap<PendingPod>, now: number): void {
    for (let next = heap.peek(); next && (next.readyAt <= now || next.state !== 'ready'); next = heap.peek()) {
      heap.pop();
      if (next.state === 'ready') this.#active.push(next);
    }
  }

  #failed(pending: PendingPod, now: number): void {
    pending.attempts++;
    pending.lastAttempt = now;
  }

  #unpark(pending: PendingPod): void {
    if (!this.#parked.delete(pending)) return;
    this.#anywhere.delete(pending);
    this.#farReaching.delete(pending);
    this.#forVolumes.delete(pending);
    for (const node of pending.nodes ?? []) {
      const there = this.#byNode.get(node);
      there?.delete(pending);
      if (there?.size === 0) this.#byNode.delete(node);
    }
  }
}

function sameSet(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  return a === b || (a?.size === b?.size && [...(a ?? [])].every(item => b?.has(item)));
}
