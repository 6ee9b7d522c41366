import type { Clock, Timer } from '../../clock/clock.js';
import type { Queue } from './types.js';

/** Retries that follow a failure at once, before backoff begins: most failures are conflicts, gone when looked at again. */
const PROMPT_RETRIES = 3;
const BASE_DELAY = 5;
const MAX_DELAY = 1000_000;
/** What has failed for so long needs something else to change. */
const HOPELESS_DELAY = 10_000;

/**
 * Keys waiting to be reconciled, each at most once, first come first served. A key that is added while it is in flight
 * waits until that run has ended. Mirrors client-go's rate-limiting queue.
 */
export class WorkQueue implements Queue {
  readonly #clock: Clock;
  readonly #wake: () => void;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  /** Added while running. */
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, { at: number; timer: Timer; isUpkeep: boolean }>();
  readonly #failures = new Map<string, number>();

  /** `wake` is called when a key becomes ready. */
  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** Keys that could start now. */
  get ready(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Every key that waits, is in flight, or has a timer. */
  keys(): Iterable<string> {
    return new Set([...this.#running, ...this.#waiting, ...this.#again, ...this.#timers.keys()]);
  }

  add(key: string): void {
    if (this.#running.has(key)) {
      this.#again.add(key);
      return;
    }
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key);
    this.#wake();
  }

  /** Keys with timers that rest has to wait for. */
  get awaited(): string[] {
    return [...this.#timers].flatMap(([key, { isUpkeep }]) => (isUpkeep ? [] : [key]));
  }

  addAfter(key: string, ms: number, why?: 'upkeep'): void {
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const at = this.#clock.now() + ms;
    const known = this.#timers.get(key);
    const isUpkeep = why === 'upkeep' && known?.isUpkeep !== false;
    if (known && known.at <= at) {
      // When it is looked at, it will ask for the other date again.
      known.isUpkeep = isUpkeep;
      return;
    }
    known?.timer.cancel();
    const timer = this.#clock.after(ms, () => {
      this.#timers.delete(key);
      this.add(key);
    });
    this.#timers.set(key, { at, timer, isUpkeep });
  }

  /** Takes the key that waits longest; it is in flight until {@link done}. */
  take(): string | undefined {
    for (const key of this.#waiting) {
      this.#waiting.delete(key);
      this.#running.add(key);
      return key;
    }
    return undefined;
  }

  /** Ends the flight of `key`; a failed one comes back, later each time. */
  done(key: string, failed: boolean): void {
    this.#running.delete(key);
    if (this.#again.delete(key)) this.add(key);
    if (!failed) {
      this.#failures.delete(key);
      return;
    }
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    if (failures <= PROMPT_RETRIES) this.add(key);
    else {
      const delay = Math.min(BASE_DELAY * 2 ** (failures - PROMPT_RETRIES), MAX_DELAY);
      this.addAfter(key, delay, delay > HOPELESS_DELAY ? 'upkeep' : undefined);
    }
  }

  /** Forgets everything that waits. */
  clear(): void {
    for (const { timer } of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#waiting.clear();
    this.#again.clear();
  }
}
