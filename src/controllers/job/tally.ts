import { formatTime } from '../../clock/clock.js';
import { conditionOf } from '../../resources/state.js';
import type { Condition, Pod } from '../../resources/types.js';
import type { JobStatus } from '../../resources/workload-types.js';
import { hasFailed, hasSucceeded, indexOf, isIndexed, isTracked } from './job-pods.js';
import { type Ending, isAccountable, type JobView } from './job-view.js';
import { judgeFailure } from './pod-failure-policy.js';

/** Pods that one sync counts at most, so that their uids fit well into the status. */
const MOST_UNCOUNTED = 500;

/** Pods that have done their duty, and a status that tells of them. */
export interface Tally {
  readonly status: JobStatus;
  /** Their finalizers can go once the status is written. */
  readonly release: readonly Pod[];
  /** There are more than could be counted at once. */
  readonly isPartial: boolean;
}

/**
 * Counts pods that have ended. Their uids stand in the status while they still have their finalizers: so each is counted exactly once,
 * whatever happens in between. Indexes need no uids, being counted once by nature. Mirrors `trackJobStatusAndRemoveFinalizers`.
 */
export function tallyPods(view: JobView, status: JobStatus, ending: Ending | undefined): Tally {
  const { job, indexes } = view;
  const known = job.status.uncountedTerminatedPods ?? {};
  const succeeded = [...(known.succeeded ?? [])];
  const failed = [...(known.failed ?? [])];
  const done = new Set<number>();
  const release: Pod[] = [];
  const isKnown = ({ metadata: { uid } }: Pod) => known.succeeded?.includes(uid) || known.failed?.includes(uid);
  let isPartial = false;
  for (const pod of inOrder(view)) {
    if (!isTracked(pod) || !isAccountable(pod, view, ending)) continue;
    release.push(pod);
    const index = indexOf(pod, job);
    if (isKnown(pod) || (isIndexed(job) && index === undefined)) continue;
    if (hasSucceeded(pod)) {
      if (!indexes) succeeded.push(pod.metadata.uid);
      else if (!indexes.counted.has(index!)) done.add(index!);
    } else if ((hasFailed(pod, job) || ending?.type === 'Failed') && judgeFailure(job, pod).counts) {
      // What a failed Job leaves unfinished has failed.
      failed.push(pod.metadata.uid);
    }
    isPartial = succeeded.length + failed.length + done.size >= MOST_UNCOUNTED;
    if (isPartial) break;
  }
  const uncountedTerminatedPods = listed(succeeded, failed);
  if (!indexes) return { status: { ...status, uncountedTerminatedPods }, release, isPartial };
  const completed = indexes.counted.with(done);
  const { succeeded: _, completedIndexes: __, failedIndexes: ___, ...rest } = status;
  return {
    status: {
      ...rest,
      uncountedTerminatedPods,
      ...counts({ succeeded: completed.size }),
      ...(completed.size > 0 ? { completedIndexes: completed.toString() } : {}),
      ...(indexes.failed ? { failedIndexes: indexes.failed.toString() } : {}),
    },
    release,
    isPartial,
  };
}

/** Indexes are told in their order. */
function inOrder({ job, pods }: JobView): readonly Pod[] {
  if (!isIndexed(job)) return pods;
  const place = (pod: Pod) => indexOf(pod, job) ?? -1;
  return [...pods].sort((a, b) => place(a) - place(b));
}

/** Moves pods that have lost their finalizers from the uids to the counts. `tracked`: uids of those that have not. */
export function settle(status: JobStatus, tracked: ReadonlySet<string>): JobStatus {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const isLeft = (uid: string) => tracked.has(uid);
  const left = { succeeded: succeeded.filter(isLeft), failed: failed.filter(isLeft) };
  const more = { succeeded: succeeded.length - left.succeeded.length, failed: failed.length - left.failed.length };
  return {
    ...status,
    uncountedTerminatedPods: listed(left.succeeded, left.failed),
    ...counts({
      succeeded: (status.succeeded ?? 0) + more.succeeded,
      failed: (status.failed ?? 0) + more.failed,
    }),
  };
}

const listed = (succeeded: string[], failed: string[]) => ({
  ...(succeeded.length > 0 ? { succeeded } : {}),
  ...(failed.length > 0 ? { failed } : {}),
});

/** Counts as the status tells them: not at all while there is nothing to count. */
function counts<K extends 'active' | 'succeeded' | 'failed'>(numbers: Record<K, number>): Partial<Record<K, number>> {
  return Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== 0)) as Partial<Record<K, number>>;
}

/** `status` with the numbers of pods that are at work, ready, and on their way out. */
export function withActivity(
  { active: _, ...status }: JobStatus,
  { active, ready, terminating }: { active: number; ready: number; terminating: number },
): JobStatus {
  return { ...status, ...counts({ active }), ready, terminating };
}

/** `conditions` with this one, as of `now`, unless it says so already, or says that something is not that never was. */
export function withJobCondition(
  { conditions = [], ...status }: JobStatus,
  type: string,
  state: 'True' | 'False',
  { reason, message }: Pick<Ending, 'reason' | 'message'>,
  now: number,
): JobStatus {
  const old = conditionOf({ status: { conditions } }, type);
  const isSame = old ? old.status === state && old.reason === reason && old.message === message : state === 'False';
  if (isSame) return conditions.length > 0 ? { ...status, conditions } : status;
  const at = formatTime(now);
  const next: Condition = { type, status: state, lastProbeTime: at, lastTransitionTime: at, reason, message };
  return { ...status, conditions: old ? conditions.map(c => (c === old ? next : c)) : [...conditions, next] };
}

/** Whether all that a Job's pods did is counted, and none of them is left on its way out: then it may be told that it has ended. */
export function isOver({ uncountedTerminatedPods = {}, terminating = 0 }: JobStatus): boolean {
  const { succeeded = [], failed = [] } = uncountedTerminatedPods;
  return succeeded.length + failed.length === 0 && terminating === 0;
}
