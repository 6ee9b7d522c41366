import type { Clock } from '../../clock/clock.js';

/** Milliseconds before a second failed pod is replaced, doubled with every further one, … */
const INITIAL = 1000;
/** … up to this. */
const MAXIMUM = 15 * 60 * 1000;
/** A record that was not touched for this long counts no more. */
const FORGOTTEN_AFTER = 2 * MAXIMUM;
/** How often records that count no more are swept out. */
const SWEEP_EVERY = 60 * 1000;

interface Record {
  readonly delay: number;
  readonly since: number;
}

/** How long failed pods are left lying before they are replaced, so that a pod that always fails is not made again and again (FAIL-01..03). */
export class FailedPodsBackoff {
  readonly #clock: Clock;
  readonly #records = new Map<string, Record>();
  #sweptAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sweptAt = clock.now();
  }

  /** The whole backoff of `key` in ms while it lasts, else `undefined`. */
  waiting(key: string): number | undefined {
    const record = this.#live(key);
    return record && this.#clock.now() - record.since < record.delay ? record.delay : undefined;
  }

  /** The backoff in ms that another failure under `key` would begin. */
  upcoming(key: string): number {
    const record = this.#live(key);
    return record ? Math.min(record.delay * 2, MAXIMUM) : INITIAL;
  }

  /** Records a failure under `key`: its backoff begins now. */
  begin(key: string): void {
    this.#sweep();
    this.#records.set(key, { delay: this.upcoming(key), since: this.#clock.now() });
  }

  #live(key: string): Record | undefined {
    const record = this.#records.get(key);
    return record && this.#clock.now() - record.since <= FORGOTTEN_AFTER ? record : undefined;
  }

  #sweep(): void {
    if (this.#clock.now() - this.#sweptAt < SWEEP_EVERY) return;
    this.#sweptAt = this.#clock.now();
    for (const key of this.#records.keys()) if (!this.#live(key)) this.#records.delete(key);
  }
}
