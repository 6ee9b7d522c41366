import type { Clock, Timer } from '../clock/clock.js';
import type { RevisionLog } from './log.js';

export interface Retention {
  /** Overwritten versions older than this may go; ms of the cluster's time. */
  readonly maxAgeMs: number;
  /** At most about this many revisions are kept. */
  readonly maxRevisions: number;
}

const DAY = 24 * 3600_000;
/** In a file: a day of history, and no more than about half a gigabyte of it. */
export const RETENTION_ON_DISK: Retention = { maxAgeMs: DAY, maxRevisions: 250_000 };
/** In memory: about fifty megabytes. */
export const RETENTION_IN_MEMORY: Retention = { maxAgeMs: DAY, maxRevisions: 25_000 };

/** How precisely the age of a revision is known: to a tenth of what it may be. */
const PART_OF_AGE = 10;
/** For its number a compaction waits until so much of what may be kept has become too much. */
const SLACK = 0.1;

/** Compacts the log as it grows and ages. */
export class Compactor {
  readonly #log: RevisionLog;
  readonly #clock: Clock;
  readonly #retention: Retention;
  /** When the log stood where, ascending. */
  #marks: { readonly time: number; readonly revision: number }[] = [];
  #running: Promise<unknown> | undefined;
  #timer: Timer | undefined;
  readonly #unfollow: () => void;

  constructor(
    log: RevisionLog,
    clock: Clock,
    retention: Retention,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#log = log;
    this.#clock = clock;
    this.#retention = retention;
    this.#unfollow = log.follow(() => this.#grown());
    if (Number.isFinite(retention.maxAgeMs)) this.#ageLater();
  }

  /** Stops, and resolves when a compaction under way has ended. */
  async close(): Promise<void> {
    this.#unfollow();
    this.#timer?.cancel();
    await this.#running;
  }

  #ageLater(): void {
    const { maxAgeMs } = this.#retention;
    this.#timer = this.#clock.after(maxAgeMs / PART_OF_AGE, () => {
      const now = this.#clock.now();
      this.#marks.push({ time: now, revision: this.#log.revision });
      this.#compact(this.#marks.findLast(({ time }) => time <= now - maxAgeMs)?.revision ?? 0);
      this.#ageLater();
    });
  }

  #grown(): void {
    const { maxRevisions } = this.#retention;
    const tooMany = this.#log.revision - maxRevisions;
    if (tooMany >= this.#log.compacted + SLACK * maxRevisions) this.#compact(tooMany);
  }

  #compact(target: number): void {
    if (this.#running || target <= this.#log.compacted) return;
    this.#marks = this.#marks.filter(({ revision }) => revision > target);
    this.#running = this.#log
      .compact(target)
      .catch(this.onError)
      .finally(() => {
        this.#running = undefined;
      });
  }
}
