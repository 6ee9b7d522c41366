import type { Registry } from '../../registry/registry.js';
import { qualifiedName } from '../../resources/definition.js';
import { pods } from '../../resources/index.js';

const PODS = qualifiedName(pods);

/** Tells those who look at a pod that it changed. Costs nothing while nobody looks. */
export class PodChanges {
  readonly #registry: Registry;
  readonly #listeners = new Map<string, Set<() => void>>();
  #unfollow: (() => void) | undefined;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Calls `listener` after each change of the pod. Answers how to stop. */
  listen(uid: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(uid) ?? new Set();
    this.#listeners.set(uid, listeners.add(listener));
    this.#unfollow ??= this.#registry.follow(changes => {
      for (const { entry } of changes) {
        if (entry.resource === PODS) for (const told of this.#listeners.get(entry.uid) ?? []) told();
      }
    });
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(uid);
      if (this.#listeners.size > 0) return;
      this.#unfollow?.();
      this.#unfollow = undefined;
    };
  }
}
