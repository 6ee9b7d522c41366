import type { Clock, Timer } from './clock.js';
import { Heap } from './heap.js';

interface Due {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** A clock that stands still until it is moved. Timers due at the same instant fire in the order they were set. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Heap<Due>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));

  /** @param start milliseconds since the Unix epoch; 2025-01-01T00:00:00Z unless told otherwise. */
  constructor(start = Date.UTC(2025, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, fire: () => void): Timer {
    const due: Due = { at: this.#now + Math.max(delay, 0), order: this.#order++, fire, cancelled: false };
    this.#timers.push(due);
    return {
      cancel: () => {
        due.cancelled = true;
      },
    };
  }

  /** When the next timer is due, in milliseconds since the epoch; `undefined` if there is none. */
  nextDue(): number | undefined {
    while (this.#timers.peek()?.cancelled) this.#timers.pop();
    return this.#timers.peek()?.at;
  }

  /** Moves time to `at` (never backwards) and fires what is due by then, oldest first. */
  moveTo(at: number): void {
    for (let due = this.nextDue(); due !== undefined && due <= at; due = this.nextDue()) {
      this.#now = Math.max(this.#now, due);
      this.#timers.pop()!.fire();
    }
    this.#now = Math.max(this.#now, at);
  }

  /**
   * Moves time on by `ms`, stopping at every timer on the way until all that it set off is done, which `settled` tells.
   */
  async advance(ms: number, settled: () => Promise<void>): Promise<void> {
    const target = this.#now + ms;
    await settled();
    for (let due = this.nextDue(); due !== undefined && due <= target; due = this.nextDue()) {
      this.moveTo(due);
      await settled();
    }
    this.moveTo(target);
  }
}
