import { compareText } from '../../resources/compare.js';
import type { Pod } from '../../resources/types.js';
import type { Job } from '../../resources/workload-types.js';
import { readinessOf } from '../workloads/availability.js';
import { pauseLeft } from './backoff.js';
import { pauseAfter } from './index-failures.js';
import { indexesOf, indexOf, isIndexed, isSuspended, waitsForFailure } from './job-pods.js';
import type { JobView } from './job-view.js';

/** Pods that one sync makes or deletes at most. */
const BURST = 500;

export interface Decision {
  /** A pod for each, of this index; of none where the Job has no indexes. */
  readonly create: readonly (number | undefined)[];
  readonly delete: readonly Pod[];
  /** ms until failures have been waited for. */
  readonly pause?: number;
}

const NOTHING: Decision = { create: [], delete: [] };

/** Decides which pods of a Job that goes on to make, or else to delete. Mirrors `manageJob`. */
export function decidePods(view: JobView, now: number): Decision {
  const { job, active, going, indexes } = view;
  if (isSuspended(job)) return { create: [], delete: toRemove(job, active, active.length) };
  const wanted = wantedActive(view);
  const surplus = toRemove(job, active, Math.max(active.length - wanted, 0));
  if (surplus.length > 0) return { create: [], delete: surplus.slice(0, BURST) };

  const missing = wanted - active.length - (waitsForFailure(job) ? going.length : 0);
  if (missing <= 0) return NOTHING;
  const isPerIndex = job.spec.backoffLimitPerIndex !== undefined;
  const pause = isPerIndex ? 0 : pauseLeft(view.failures, now);
  if (pause > 0) return { ...NOTHING, pause };
  const count = Math.min(missing, BURST);
  if (!indexes) return { create: Array.from({ length: count }, () => undefined), delete: [] };
  const pending = pendingIndexes(view, count);
  if (!isPerIndex) return { create: pending, delete: [] };
  const pauses = new Map(pending.map(index => [index, pauseAfter(indexes.goOnFrom.get(index), now)]));
  const create = pending.filter(index => pauses.get(index) === 0);
  if (create.length > 0 || pending.length === 0) return { create, delete: [] };
  return { ...NOTHING, pause: Math.min(...pauses.values()) };
}

function wantedActive({ job: { spec }, active, succeeded }: JobView): number {
  const { parallelism = 1, completions } = spec;
  // Without a number to reach, those that work are left to it once one has succeeded.
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(Math.min(completions - succeeded, parallelism), 0);
}

/** The first indexes that nobody has done, does, or has given up. */
function pendingIndexes({ job, active, going, indexes }: JobView, count: number): number[] {
  let taken = indexes!.succeeded.with(indexesOf(active, job));
  if (waitsForFailure(job)) taken = taken.with(indexesOf(going, job));
  if (indexes!.failed) taken = taken.union(indexes!.failed);
  return taken.missing(count, job.spec.completions ?? 0);
}

/** At least `count` of the active pods: those that do what another does, or nothing that is wanted, and then the least useful. */
function toRemove(job: Job, active: readonly Pod[], count: number): Pod[] {
  const hasUseless = isIndexed(job) && indexesOf(active, job).size < active.length;
  if (count === 0 && !hasUseless) return [];
  const ordered = [...active].sort(leastUseful);
  const removed: Pod[] = [];
  let left = ordered;
  if (hasUseless) {
    const kept = new Map<number, Pod>();
    for (const pod of ordered.reverse()) {
      const index = indexOf(pod, job);
      if (index === undefined || kept.has(index)) removed.push(pod);
      else kept.set(index, pod);
    }
    left = [...kept.values()].reverse();
  }
  return [...removed, ...left.slice(0, Math.max(count - removed.length, 0))];
}

const PHASES: readonly (string | undefined)[] = ['Pending', 'Unknown', 'Running'];

/**
 * Not bound before bound, pending before running, not ready before ready, ready for a shorter time, restarted more often, younger.
 * Mirrors `ActivePods`.
 */
function leastUseful(a: Pod, b: Pod): number {
  const [ranksA, ranksB] = [ranksOf(a), ranksOf(b)];
  const first = ranksA.findIndex((value, i) => value !== ranksB[i]);
  if (first >= 0) return ranksA[first]! - ranksB[first]!;
  return (
    compareText(b.metadata.creationTimestamp, a.metadata.creationTimestamp) ||
    compareText(a.metadata.name, b.metadata.name)
  );
}

function ranksOf(pod: Pod): number[] {
  const { ready, readySince = 0 } = readinessOf(pod);
  const restarts = Math.max(0, ...(pod.status.containerStatuses ?? []).map(({ restartCount }) => restartCount));
  return [
    pod.spec.nodeName ? 1 : 0,
    PHASES.indexOf(pod.status.phase ?? 'Pending'),
    ready ? 1 : 0,
    ready ? -readySince : 0,
    -restarts,
  ];
}
