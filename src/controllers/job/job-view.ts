import { conditionOf, holds, isReady, isTerminating } from '../../resources/state.js';
import type { Condition, ContainerStatus, Pod } from '../../resources/types.js';
import type { Job } from '../../resources/workload-types.js';
import { type FailureRecord, recordEnds } from './backoff.js';
import { newlyFailedIndexes, podsToGoOnFrom } from './index-failures.js';
import { IndexSet } from './index-set.js';
import {
  hasFailed,
  hasSucceeded,
  indexesOf,
  indexOf,
  isActive,
  isGoing,
  isIndexed,
  isSuspended,
  isTracked,
} from './job-pods.js';
import { judgeFailure } from './pod-failure-policy.js';
import { matchedSuccessRule } from './success-policy.js';

/** How the parts of an Indexed Job stand. */
interface IndexView {
  /** As the status tells it. */
  readonly counted: IndexSet;
  /** With those whose pods are not counted yet. */
  readonly succeeded: IndexSet;
  /** Only with a limit of its own for each index. */
  readonly failed?: IndexSet;
  /** See {@link podsToGoOnFrom}. */
  readonly goOnFrom: ReadonlyMap<number, Pod>;
}

/** A Job and its pods as they stand at the beginning of a sync. */
export interface JobView {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  /** Pods that are on their way out. */
  readonly going: readonly Pod[];
  readonly ready: number;
  /** With those that are not in the status yet. */
  readonly succeeded: number;
  readonly failed: number;
  readonly indexes?: IndexView;
  /** The failures in a row, with those that are not in the status yet. */
  readonly failures: FailureRecord;
}

/** What a Job has come to, once it must end. */
export interface Ending {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

/** Looks at a Job. `failures`: what was remembered of it. */
export function viewOf(job: Job, pods: readonly Pod[], failures: FailureRecord | undefined): JobView {
  const { status } = job;
  const { succeeded: uncountedSuccesses = [], failed: uncountedFailures = [] } = status.uncountedTerminatedPods ?? {};
  const active = pods.filter(isActive);
  const isNews = (pod: Pod, uncounted: readonly string[]) =>
    isTracked(pod) && !uncounted.includes(pod.metadata.uid) && (!isIndexed(job) || indexOf(pod, job) !== undefined);
  const newSucceeded = pods.filter(pod => hasSucceeded(pod) && isNews(pod, uncountedSuccesses));
  const newFailed = pods.filter(pod => hasFailed(pod, job) && isNews(pod, uncountedFailures));
  const counted = newFailed.filter(pod => judgeFailure(job, pod).counts);
  const indexes = isIndexed(job) ? indexView(job, pods) : undefined;
  return {
    job,
    pods,
    active,
    going: pods.filter(isGoing),
    ready: active.filter(isReady).length,
    succeeded: indexes
      ? indexes.succeeded.size
      : (status.succeeded ?? 0) + newSucceeded.length + uncountedSuccesses.length,
    failed: (status.failed ?? 0) + counted.length + uncountedFailures.length,
    ...(indexes ? { indexes } : {}),
    failures: recordEnds(failures, newSucceeded, newFailed),
  };
}

function indexView(job: Job, pods: readonly Pod[]): IndexView {
  const { completions = 0, backoffLimitPerIndex } = job.spec;
  const counted = IndexSet.parse(job.status.completedIndexes ?? '', completions);
  const succeeded = counted.with(
    indexesOf(
      pods.filter(pod => hasSucceeded(pod) && isTracked(pod)),
      job,
    ),
  );
  if (backoffLimitPerIndex === undefined) return { counted, succeeded, goOnFrom: new Map() };
  const known = IndexSet.parse(job.status.failedIndexes ?? '', completions);
  const failed = known.with(newlyFailedIndexes(job, pods));
  return { counted, succeeded, failed, goOnFrom: podsToGoOnFrom(job, pods, succeeded, failed) };
}

/**
 * What ends the Job whatever pods still do, if anything does: what was decided before, its failures, its time, or its policy of
 * success. Mirrors what `syncJob` makes of `finishedCondition`.
 * @param now ms since the epoch
 */
export function endingOf(view: JobView, now: number): Ending | undefined {
  const { job } = view;
  return decided(job) ?? failureOf(view, now) ?? success(view);
}

function decided(job: Job): Ending | undefined {
  const as = (type: Ending['type'], { reason = '', message = '' }: Condition): Ending => ({ type, reason, message });
  if (holds(job, 'SuccessCriteriaMet')) return as('Complete', conditionOf(job, 'SuccessCriteriaMet')!);
  return holds(job, 'FailureTarget') ? as('Failed', conditionOf(job, 'FailureTarget')!) : undefined;
}

function failureOf({ job, pods, failed, indexes }: JobView, now: number): Ending | undefined {
  const { backoffLimit = 0, maxFailedIndexes, completions = 0 } = job.spec;
  const as = (reason: string, message: string): Ending => ({ type: 'Failed', reason, message });
  for (const pod of job.spec.podFailurePolicy ? pods : []) {
    const message = hasFailed(pod, job) ? judgeFailure(job, pod).message : undefined;
    if (message) return as('PodFailurePolicy', message);
  }
  if (failed > backoffLimit || hasTooManyRestarts(job, pods))
    return as('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  if (untilDeadline(job, now) <= 0) return as('DeadlineExceeded', 'Job was active longer than specified deadline');
  const failedIndexes = indexes?.failed?.size ?? 0;
  if (maxFailedIndexes !== undefined && failedIndexes > maxFailedIndexes)
    return as('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  if (failedIndexes > 0 && failedIndexes + indexes!.succeeded.size >= completions)
    return as('FailedIndexes', 'Job has failed indexes');
  return undefined;
}

function success({ job, indexes }: JobView): Ending | undefined {
  const message = indexes && matchedSuccessRule(job, indexes.succeeded);
  return message === undefined ? undefined : { type: 'Complete', reason: 'SuccessPolicy', message };
}

/** How many ms the Job may still run; without end if nothing limits it, or it does not run. */
export function untilDeadline({ spec, status, ...job }: Job, now: number): number {
  const { activeDeadlineSeconds } = spec;
  if (activeDeadlineSeconds === undefined || !status.startTime || isSuspended({ spec, status, ...job }))
    return Number.POSITIVE_INFINITY;
  return Date.parse(status.startTime) + activeDeadlineSeconds * 1000 - now;
}

/** Where containers are restarted in their pods, it is restarts that count. Mirrors `pastBackoffLimitOnFailure`. */
function hasTooManyRestarts({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false;
  const restarts = pods
    .filter(({ status }) => status.phase === 'Running' || status.phase === 'Pending')
    .flatMap(({ status }) => [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
    .reduce((sum, { restartCount }: ContainerStatus) => sum + restartCount, 0);
  return restarts >= Math.max(spec.backoffLimit ?? 0, 1);
}

/** Whether enough pods have succeeded: so many as are wanted, or any if no number is. */
export function isComplete({ job: { spec }, succeeded }: JobView): boolean {
  return spec.completions === undefined ? succeeded > 0 : succeeded >= spec.completions;
}

/** Whether the pod's finalizer has done its duty. Mirrors `canRemoveFinalizer`. */
export function isAccountable(pod: Pod, { job, indexes }: JobView, ending: Ending | undefined): boolean {
  if (isTerminating(job) || ending || hasSucceeded(pod)) return true;
  if (!hasFailed(pod, job)) return false;
  const index = indexOf(pod, job);
  return index === undefined || indexes?.goOnFrom.get(index)?.metadata.uid !== pod.metadata.uid;
}
