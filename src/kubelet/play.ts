import type { Pod } from '../resources/types.js';
import type { Outcome, PodEvent, Scene } from './scene.js';
import { stagesOf } from './stages.js';

/** How long a kubelet waits before it tries again what it could not do. */
const RETRY = 10_000;
/** More stages than any pod goes through at one moment: a behaviour that never comes to rest stops here. */
const LIMIT = 1000;

interface Beginning {
  readonly at: number;
  readonly delay: number;
}

/**
 * What one pod is waiting for, and since when exactly. Timestamps in objects have whole seconds; this keeps the
 * milliseconds between two looks at the same pod. Lost without harm: then the timestamps count.
 */
export class Waits {
  readonly #beginnings = new Map<string, Beginning>();
  readonly #touched = new Set<string>();
  readonly #announced = new Set<string>();

  get isEmpty(): boolean {
    return this.#beginnings.size === 0 && this.#announced.size === 0;
  }

  /** See {@link Scene.dueAfter}. */
  dueAfter(what: string, since: string | undefined, delay: number, now: number): number {
    if (delay <= 0) return now;
    this.#touched.add(what);
    const known = this.#beginnings.get(what);
    if (known) {
      if (known.delay !== delay) this.#beginnings.set(what, { at: known.at, delay });
      return known.at + delay;
    }
    const stamp = since === undefined ? Number.NaN : Date.parse(since);
    const at = now - stamp >= 1000 ? stamp : now;
    this.#beginnings.set(what, { at, delay });
    return at + delay;
  }

  /** Whether the waiting for `stage` is news; it is not, until the stage was played. */
  announce(stage: string): boolean {
    if (this.#announced.has(stage)) return false;
    this.#announced.add(stage);
    return true;
  }

  /** `stage` has been played, and with it everything that was due. */
  played(stage: string, now: number): void {
    for (const [what, { at, delay }] of this.#beginnings) if (at + delay <= now) this.#beginnings.delete(what);
    this.#announced.delete(stage);
  }

  /** Forgets what no stage has asked for since the last time. */
  prune(): void {
    for (const what of this.#beginnings.keys()) if (!this.#touched.has(what)) this.#beginnings.delete(what);
    this.#touched.clear();
  }
}

export interface Progress {
  /** As it stands now; the very pod that was given if nothing happened. */
  readonly pod: Pod;
  readonly events: readonly PodEvent[];
  /** What became of other pods by it. */
  readonly others: readonly Outcome[];
  /** It is over, and to be deleted. */
  readonly removed: boolean;
  /** When the next stage is due, ms since the epoch. */
  readonly wakeAt?: number;
  /** Whether nothing came of it for now, and it is only tried again. */
  readonly isRetry?: boolean;
}

/**
 * Plays every stage that is due, one after the other, and says when the next one is: what happens at one moment is one
 * change. Pure but for `waits` and the scene's host.
 */
export function play(first: Omit<Scene, 'dueAfter'>, waits: Waits): Progress {
  const events: PodEvent[] = [];
  const others: Outcome[] = [];
  const scene: { -readonly [K in keyof Scene]: Scene[K] } = {
    ...first,
    dueAfter: (what, since, delay) => waits.dueAfter(what, since, delay, first.now),
  };
  const { now } = first;
  for (let i = 0; i < LIMIT; i++) {
    let next: { at: number } | undefined;
    let moved = false;
    for (const stage of stagesOf(scene)) {
      const at = stage.due(scene);
      if (at === undefined) continue;
      if (stage.announce && waits.announce(stage.name)) events.push(...stage.announce(scene));
      if (at > now) {
        if (!next || at < next.at) next = { at };
        continue;
      }
      const outcome = stage.play(scene);
      waits.played(stage.name, now);
      if (outcome === 'removed') return { pod: scene.pod, events, others, removed: true };
      events.push(...(outcome.events ?? []));
      others.push(...(outcome.others ?? []));
      if (outcome.pod === scene.pod)
        return { pod: scene.pod, events, others, removed: false, wakeAt: now + RETRY, isRetry: true };
      scene.pod = outcome.pod;
      moved = true;
      break;
    }
    if (moved) continue;
    waits.prune();
    return { pod: scene.pod, events, others, removed: false, ...(next ? { wakeAt: next.at } : {}) };
  }
  return { pod: scene.pod, events, others, removed: false, wakeAt: now + RETRY, isRetry: true };
}
