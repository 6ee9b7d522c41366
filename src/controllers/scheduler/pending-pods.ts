import { namedNodes } from '../../placement/node-affinity.js';
import type { Pod } from '../../resources/types.js';

/** A pod that waits to be scheduled. */
export interface PendingPod {
  readonly key: string;
  readonly uid: string;
  readonly priority: number;
  /** When it was first seen: of equal priority, the first come are the first served. */
  readonly order: number;
  /** The nodes that it names, if it names any: only they can help it. */
  readonly nodes: ReadonlySet<string> | undefined;
  /** Attempts that failed, and when the last one was, ms. */
  attempts: number;
  lastAttempt: number;
  active: boolean;
}

/** The pods that wait: ready to be tried, or parked until something happens that may help them. */
export class PendingPods {
  readonly #all = new Map<string, PendingPod>();
  #active: PendingPod[] = [];
  #sorted = true;
  readonly #byNode = new Map<string, Set<PendingPod>>();
  readonly #anywhere = new Set<PendingPod>();
  #order = 0;

  get(key: string): PendingPod | undefined {
    return this.#all.get(key);
  }

  /** Takes a pod in, or its new version, which is tried at once. */
  put(key: string, pod: Pod): void {
    const known = this.#all.get(key);
    if (known?.uid === pod.metadata.uid && known.priority === (pod.spec.priority ?? 0)) {
      this.activate(known);
      return;
    }
    this.remove(key);
    const pending: PendingPod = {
      key,
      uid: pod.metadata.uid,
      priority: pod.spec.priority ?? 0,
      order: this.#order++,
      nodes: namedNodes(pod.spec.affinity),
      attempts: 0,
      lastAttempt: 0,
      active: false,
    };
    this.#all.set(key, pending);
    this.activate(pending);
  }

  remove(key: string): void {
    const pending = this.#all.get(key);
    if (!pending) return;
    this.#all.delete(key);
    this.#unpark(pending);
    pending.active = false;
  }

  activate(pending: PendingPod): void {
    if (pending.active || this.#all.get(pending.key) !== pending) return;
    this.#unpark(pending);
    pending.active = true;
    this.#active.push(pending);
    this.#sorted = false;
  }

  /** Puts a pod aside until something happens on a node that it could use. */
  park(pending: PendingPod): void {
    pending.active = false;
    if (!pending.nodes) this.#anywhere.add(pending);
    for (const node of pending.nodes ?? []) {
      let there = this.#byNode.get(node);
      if (!there) this.#byNode.set(node, (there = new Set()));
      there.add(pending);
    }
  }

  /** The parked pods that a change on `node` may help. */
  waitingFor(node: string): PendingPod[] {
    return [...(this.#byNode.get(node) ?? []), ...this.#anywhere];
  }

  /** Takes the most important active pods, at most `count`. */
  take(count: number): PendingPod[] {
    if (!this.#sorted) {
      this.#active = this.#active.filter(p => p.active).sort((a, b) => b.priority - a.priority || a.order - b.order);
      this.#sorted = true;
    }
    const taken = this.#active.splice(0, count).filter(p => p.active);
    for (const pending of taken) pending.active = false;
    return taken;
  }

  get hasActive(): boolean {
    return this.#active.length > 0;
  }

  #unpark(pending: PendingPod): void {
    this.#anywhere.delete(pending);
    for (const node of pending.nodes ?? []) {
      const there = this.#byNode.get(node);
      there?.delete(pending);
      if (there?.size === 0) this.#byNode.delete(node);
    }
  }
}
