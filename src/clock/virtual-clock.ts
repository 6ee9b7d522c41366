import type { Clock, Timer } from './clock.js';

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
  /** A binary heap, earliest first. */
  readonly #heap: Due[] = [];

  /** @param start milliseconds since the Unix epoch; 2025-01-01T00:00:00Z unless told otherwise. */
  constructor(start = Date.UTC(2025, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, fire: () => void): Timer {
    const due: Due = { at: this.#now + Math.max(delay, 0), order: this.#order++, fire, cancelled: false };
    this.#push(due);
    return {
      cancel: () => {
        due.cancelled = true;
      },
    };
  }

  /** When the next timer is due, in milliseconds since the epoch; `undefined` if there is none. */
  nextDue(): number | undefined {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0]?.at;
  }

  /** Moves time to `at` (never backwards) and fires what is due by then, oldest first. */
  moveTo(at: number): void {
    for (let due = this.nextDue(); due !== undefined && due <= at; due = this.nextDue()) {
      this.#now = Math.max(this.#now, due);
      this.#pop()!.fire();
    }
    this.#now = Math.max(this.#now, at);
  }

  #before(a: Due, b: Due): boolean {
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let i = heap.push(due) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#before(due, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = due;
  }

  #pop(): Due | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#before(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
