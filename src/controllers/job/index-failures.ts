import type { Pod } from '../../resources/types.js';
import type { Job } from '../../resources/workload-types.js';
import { pauseLeft } from './backoff.js';
import type { IndexSet } from './index-set.js';
import { finishedAt, hasFailed, indexesOf, indexOf, isActive, isTracked } from './job-pods.js';
import { judgeFailure } from './pod-failure-policy.js';

/** How often pods of this index failed before this pod, … */
const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
/** … and how often in ways that do not count. */
const IGNORED = 'batch.kubernetes.io/job-index-ignored-failure-count';

const countIn = ({ metadata }: Pod, annotation: string): number => Number(metadata.annotations?.[annotation] ?? 0) || 0;

const allFailures = (pod: Pod): number => countIn(pod, FAILURES) + countIn(pod, IGNORED);

/** The indexes that failed for good by the failures of pods that are not counted yet. Mirrors `isIndexFailed`. */
export function newlyFailedIndexes(job: Job, pods: readonly Pod[]): Set<number> {
  const limit = job.spec.backoffLimitPerIndex ?? 0;
  const failed = pods.filter(pod => {
    if (!isTracked(pod) || !hasFailed(pod, job)) return false;
    const { action, counts } = judgeFailure(job, pod);
    return action === 'FailIndex' || (counts && countIn(pod, FAILURES) >= limit);
  });
  return indexesOf(failed, job);
}

/**
 * For each index that is to be tried again, the failed pod whose count its next pod goes on from: it must not be forgotten before.
 * Mirrors `getPodsWithDelayedDeletionPerIndex`.
 */
export function podsToGoOnFrom(
  job: Job,
  pods: readonly Pod[],
  succeeded: IndexSet,
  failed: IndexSet,
): ReadonlyMap<number, Pod> {
  const active = indexesOf(pods.filter(isActive), job);
  const latest = new Map<number, Pod>();
  for (const pod of pods) {
    const index = indexOf(pod, job);
    if (index === undefined || !isTracked(pod) || !hasFailed(pod, job)) continue;
    if (succeeded.has(index) || failed.has(index) || active.has(index)) continue;
    const other = latest.get(index);
    const isLater = !other || (allFailures(other) <= allFailures(pod) && finishedAt(other) <= finishedAt(pod));
    if (isLater) latest.set(index, pod);
  }
  return latest;
}

/** How many ms an index has to wait after the failure of `pod`, its last one. */
export function pauseAfter(pod: Pod | undefined, now: number): number {
  return pod ? pauseLeft({ failures: allFailures(pod) + 1, lastFailure: finishedAt(pod) }, now) : 0;
}

/** The annotations that count the failures of an index on its next pod. */
export function failureAnnotations(job: Job, previous: Pod | undefined): Record<string, string> {
  if (!previous) return { [FAILURES]: '0' };
  const { counts } = judgeFailure(job, previous);
  const failures = countIn(previous, FAILURES) + (counts ? 1 : 0);
  const ignored = countIn(previous, IGNORED) + (counts ? 0 : 1);
  return { [FAILURES]: String(failures), ...(ignored > 0 ? { [IGNORED]: String(ignored) } : {}) };
}
