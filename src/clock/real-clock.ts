import type { Clock, Timer } from './clock.js';

/** The machine's own time. Its timers keep the process alive only while the cluster is open. */
export class RealClock implements Clock {
  readonly #timers = new Set<NodeJS.Timeout>();

  now(): number {
    return Date.now();
  }

  after(delay: number, fire: () => void): Timer {
    // setTimeout overflows above 2^31-1 ms (25 days): longer waits go in hops.
    const hop = Math.min(Math.max(delay, 0), 2 ** 31 - 1);
    let inner: Timer | undefined;
    const timeout = setTimeout(() => {
      this.#timers.delete(timeout);
      if (delay > hop) inner = this.after(delay - hop, fire);
      else fire();
    }, hop);
    this.#timers.add(timeout);
    return {
      cancel: () => {
        clearTimeout(timeout);
        this.#timers.delete(timeout);
        inner?.cancel();
      },
    };
  }

  /** Cancels every pending timer. */
  close(): void {
    for (const timeout of this.#timers) clearTimeout(timeout);
    this.#timers.clear();
  }
}
