import type { Pod } from '../../resources/types.js';
import { finishedAt } from './job-pods.js';

/** Milliseconds between a pod's failure and the next pod, doubled with every failure in a row, … */
const FIRST = 10_000;
/** … up to this. */
const LONGEST = 10 * 60_000;

/** What a Job remembers of failures: since pods succeed, or from the beginning. */
export interface FailureRecord {
  readonly failures: number;
  /** ms since the epoch. */
  readonly lastFailure?: number | undefined;
}

const NONE: FailureRecord = { failures: 0 };

/** `record` after more pods have ended. A success clears what was before it. Mirrors `newBackoffRecord`. */
export function recordEnds(
  record: FailureRecord = NONE,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): FailureRecord {
  if (succeeded.length === 0 && failed.length === 0) return record;
  const lastSuccess = Math.max(...succeeded.map(finishedAt));
  const failures = failed.map(finishedAt).filter(at => at > lastSuccess);
  const before = succeeded.length === 0 ? record : NONE;
  if (failures.length === 0) return before;
  return { failures: before.failures + failures.length, lastFailure: Math.max(...failures) };
}

/** How many ms are left of the pause after failures, at `now` (ms since the epoch). */
export function pauseLeft({ failures, lastFailure }: FailureRecord, now: number): number {
  if (failures === 0 || lastFailure === undefined) return 0;
  return Math.max(Math.min(FIRST * 2 ** (failures - 1), LONGEST) - (now - lastFailure), 0);
}
