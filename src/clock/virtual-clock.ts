import type { Clock, Timer } from './clock.js';
import { Heap } from './heap.js';

interface Due {
  readonly at: number;
  readonly order: number;
  /** Absent once it was cancelled. */
  fire: (() => void) | undefined;
}

/** How many cancelled timers are kept in any case until their time comes. */
const CANCELLED_KEPT = 64;

/** A clock that stands still until it is moved. Timers due at the same instant fire in the order they were set. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #cancelled = 0;
  #timers = new Heap(comesFirst);

  /** @param start milliseconds since the Unix epoch; 2025-01-01T00:00:00Z unless told otherwise. */
  constructor(start = Date.UTC(2025, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, fire: () => void): Timer {
    const due: Due = { at: this.now() + Math.max(delay, 0), order: this.#order++, fire };
    this.#timers.push(due);
    return {
      cancel: () => {
        if (!due.fire) return;
        due.fire = undefined;
        this.#cancelled++;
        this.#forgetCancelled();
      },
    };
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size - this.#cancelled;
  }

  /** When the next timer is due, in milliseconds since the epoch; `undefined` if there is none. */
  nextDue(): number | undefined {
    let next = this.#timers.peek();
    while (next && !next.fire) {
      this.#timers.pop();
      this.#cancelled--;
      next = this.#timers.peek();
    }
    return next?.at;
  }

  /** Moves time to `at` (never backwards) and fires what is due by then, oldest first. */
  moveTo(at: number): void {
    for (let due = this.nextDue(); due !== undefined && due <= at; due = this.nextDue()) {
      this.#now = Math.max(this.#now, due);
      const timer = this.#timers.pop()!;
      const fire = timer.fire!;
      timer.fire = undefined;
      fire();
    }
    this.standAt(at);
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

  /** Moves time to `at` (never backwards), whatever is due by then. */
  protected standAt(at: number): void {
    this.#now = Math.max(this.#now, at);
  }

  /** Moves time to `at`, which may be earlier, and forgets all timers: what they were set for is no more. */
  protected beginAt(at: number): void {
    this.#now = at;
    for (let due = this.#timers.pop(); due; due = this.#timers.pop()) due.fire = undefined;
    this.#cancelled = 0;
  }

  /** Whoever sets timers and cancels them again and again does not fill the memory until their time comes. */
  #forgetCancelled(): void {
    if (this.#cancelled <= CANCELLED_KEPT || this.#cancelled * 2 <= this.#timers.size) return;
    const all = this.#timers;
    this.#timers = new Heap(comesFirst);
    this.#cancelled = 0;
    for (let due = all.pop(); due; due = all.pop()) if (due.fire) this.#timers.push(due);
  }
}

function comesFirst(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
