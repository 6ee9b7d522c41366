import type { Clock } from '../clock/clock.js';
import type { RevisionLog } from './log.js';

export interface Retention {
  /** Overwritten versions older than this may go; ms of the cluster's time. */
  readonly maxAgeMs: number;
  /** At most about this many revisions are kept. */
  readonly maxRevisions: number;
}

/** A day of history, and no more than about half a gigabyte of it. */
export const DEFAULT_RETENTION: Retention = { maxAgeMs: 24 * 3600_000, maxRevisions: 250_000 };

/** How precisely the age of a revision is known, and the least that is worth a compaction. */
const STEP = 1000;

/** Compacts the log as it grows. Driven by writes alone: a log that does not grow needs no compaction. */
export class Compactor {
  readonly #log: RevisionLog;
  readonly #clock: Clock;
  readonly #retention: Retention;
  /** When the log stood where: every {@link STEP} revisions. */
  #marks: { readonly time: number; readonly revision: number }[] = [];
  #running: Promise<unknown> | undefined;
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
    this.#unfollow = log.follow(() => this.#look());
  }

  /** Stops, and resolves when a compaction under way has ended. */
  async close(): Promise<void> {
    this.#unfollow();
    await this.#running;
  }

  #look(): void {
    const { revision, compacted } = this.#log;
    if (revision < (this.#marks.at(-1)?.revision ?? compacted) + STEP) return;
    const now = this.#clock.now();
    this.#marks.push({ time: now, revision });
    const old = this.#marks.findLast(m => m.time < now - this.#retention.maxAgeMs)?.revision ?? 0;
    const target = Math.max(old, revision - this.#retention.maxRevisions);
    if (this.#running || target < compacted + STEP) return;
    this.#marks = this.#marks.filter(m => m.revision > target);
    this.#running = this.#log
      .compact(target)
      .catch(this.onError)
      .finally(() => {
        this.#running = undefined;
      });
  }
}
