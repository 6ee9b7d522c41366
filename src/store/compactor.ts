import type { Clock } from '../clock/clock.js';
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

/** How precisely the age of a revision is known. */
const STEP = 1000;
/** A compaction waits until so much of what may be kept has become too much. */
const SLACK = 0.1;

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
    const { maxAgeMs, maxRevisions } = this.#retention;
    const tooOld = this.#marks.findLast(m => m.time < now - maxAgeMs)?.revision ?? 0;
    const tooMany = revision - maxRevisions;
    if (this.#running || (tooOld < compacted + STEP && tooMany < compacted + Math.max(STEP, SLACK * maxRevisions)))
      return;
    const target = Math.max(tooOld, tooMany);
    this.#marks = this.#marks.filter(m => m.revision > target);
    this.#running = this.#log
      .compact(target)
      .catch(this.onError)
      .finally(() => {
        this.#running = undefined;
      });
  }
}
