import type { Clock, Timer } from '../clock/clock.js';

/**
 * What changes, as one reader gets to see it: whatever is there to be told is put together when the reader asks for the next of it, and
 * not before.
 */
export abstract class Feed<T> implements AsyncIterableIterator<T> {
  #resume: (() => void) | undefined;
  #woken = false;
  #closed = false;

  /**
   * What is to be told next; undefined if there is nothing: {@link wake} says when there may be. An error ends the feed.
   */
  protected abstract take(): T | undefined | Promise<T | undefined>;

  /** Lets go of everything. Nobody reads any more. */
  protected abstract close(): void;

  /** Whether all has been told that ever will be. */
  protected get isOver(): boolean {
    return false;
  }

  /** There may be something to tell. */
  protected wake(): void {
    this.#woken = true;
    this.#resume?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T>> {
    while (!this.#closed) {
      if (this.isOver) return this.return();
      this.#woken = false;
      const value = await this.#taken();
      if (this.#closed) break;
      if (value !== undefined) return { value, done: false };
      if (this.#woken) continue;
      await new Promise<void>(resolve => {
        this.#resume = resolve;
      });
    }
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<T>> {
    if (!this.#closed) {
      this.#closed = true;
      this.close();
      this.#resume?.();
    }
    return { value: undefined, done: true };
  }

  async #taken(): Promise<T | undefined> {
    try {
      return await this.take();
    } catch (error) {
      await this.return();
      throw error;
    }
  }
}

/** A reader that did not keep up, of a feed that leaves nothing out. */
export class TooSlowError extends Error {
  /** @param revision what was told last: where to go on from */
  constructor(readonly revision: number) {
    super(`more has happened than can wait for a reader: go on with since: "${revision}"`);
    this.name = 'TooSlowError';
  }
}

/** From one message to the next: what is touched meanwhile is told once. A tenth of a second is soon enough for eyes. */
export const PAUSE_MS = 100;

/**
 * Pauses between messages for those who look on. They go by the machine's time: how often somebody can look has nothing to do with the
 * time of the cluster, and changes nothing in it.
 */
export class Pace {
  readonly #machine: Clock;
  readonly #wake: () => void;
  #notBefore = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;

  /** @param wake is called when it is time, after it was not */
  constructor(machine: Clock, wake: () => void) {
    this.#machine = machine;
    this.#wake = wake;
  }

  /** Whether the pause is over. */
  get isDue(): boolean {
    const wait = this.#notBefore - this.#machine.now();
    if (wait <= 0) return true;
    this.#timer ??= this.#machine.after(wait, () => {
      this.#timer = undefined;
      this.#wake();
    });
    return false;
  }

  /** The next pause begins. */
  pause(ms = PAUSE_MS): void {
    this.#notBefore = this.#machine.now() + ms;
  }

  close(): void {
    this.#timer?.cancel();
  }
}
