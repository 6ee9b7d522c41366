import { formatTime } from '../../clock/clock.js';
import { conditionOf } from '../../resources/state.js';
import type { Condition } from '../../resources/types.js';
import type { Deployment, ReplicaSet, ReplicaStatus } from '../../resources/workload-types.js';
import { maxUnavailable } from './budget.js';
import { allOf, availableIn, type Sets, sumOf, wantedBy } from './replica-sets.js';

/** A deadline of so many seconds is none. */
const NO_DEADLINE = 2 ** 31 - 1;

/** Whether a rollout is told to have failed when it makes no progress for a while. */
export function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== NO_DEADLINE;
}

/** What is said of a Deployment in a condition. */
type Verdict = Pick<Condition, 'type' | 'status'> & { readonly reason: string; readonly message: string };

/** What is said in the condition `Progressing`. */
export const progressing = (status: Condition['status'], reason: string, message: string): Verdict => ({
  type: 'Progressing',
  status,
  reason,
  message,
});

/**
 * `status` with a condition, which comes last, unless one with that status and reason is there already.
 * @param now ms since the epoch
 */
export function withVerdict(status: ReplicaStatus, verdict: Verdict, now: number): ReplicaStatus {
  const former = conditionOf({ status }, verdict.type);
  if (former?.status === verdict.status && former.reason === verdict.reason) return status;
  return renewed(status, verdict, now);
}

/** As {@link withVerdict}, also if it says the same: the time of the last update moves on. */
function renewed(status: ReplicaStatus, verdict: Verdict, now: number): ReplicaStatus {
  const former = conditionOf({ status }, verdict.type);
  const time = formatTime(now);
  const since = former?.status === verdict.status ? former.lastTransitionTime : time;
  const condition = { ...verdict, lastUpdateTime: time, lastTransitionTime: since ?? time };
  return { ...status, conditions: [...others(status, verdict.type), condition] };
}

const others = ({ conditions = [] }: ReplicaStatus, type: string): Condition[] =>
  conditions.filter(condition => condition.type !== type);

/** `status` without the condition of a type. */
function withoutCondition(status: ReplicaStatus, type: string): ReplicaStatus {
  return conditionOf({ status }, type) ? { ...status, conditions: others(status, type) } : status;
}

/**
 * The counts of all sets together, and whether enough pods are available. Zeros are left out, as the kind leaves them out.
 * Mirrors `calculateStatus`.
 */
export function countSets(deployment: Deployment, sets: Sets, now: number): ReplicaStatus {
  const all = allOf(sets);
  const available = availableIn(all);
  const { collisionCount, conditions } = deployment.status;
  const terminating = terminatingIn(all);
  const status: ReplicaStatus = {
    ...count('observedGeneration', deployment.metadata.generation),
    ...count(
      'replicas',
      sumOf(all, set => set.status.replicas),
    ),
    ...count('updatedReplicas', sets.current?.status.replicas),
    ...count(
      'readyReplicas',
      sumOf(all, set => set.status.readyReplicas),
    ),
    ...count('availableReplicas', available),
    ...count('unavailableReplicas', Math.max(wantedBy(all) - available, 0)),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(conditions ? { conditions } : {}),
  };
  const enough = available >= deployment.spec.replicas - maxUnavailable(deployment);
  const verdict: Verdict = enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
  return withVerdict(status, verdict, now);
}

const count = (name: keyof ReplicaStatus, value: number | undefined): ReplicaStatus => (value ? { [name]: value } : {});

/** Pods on their way out; `undefined` if a set does not tell yet. */
function terminatingIn(sets: readonly ReplicaSet[]): number | undefined {
  let sum = 0;
  for (const { status } of sets) {
    if (status.terminatingReplicas === undefined) return undefined;
    sum += status.terminatingReplicas;
  }
  return sum;
}

/** Whether all pods that are wanted are of the current template and available, and no others are left. */
export function isComplete({ spec, metadata }: Deployment, status: ReplicaStatus): boolean {
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  return (
    [updatedReplicas, replicas, availableReplicas].every(number => number === spec.replicas) &&
    observedGeneration >= (metadata.generation ?? 0)
  );
}

/** Whether there is progress since the status that is stored: more pods that are new, ready or available, or fewer old ones. */
function hasProgressed({ status: before }: Deployment, after: ReplicaStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: ReplicaStatus) => replicas - updatedReplicas;
  const grows = (count: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas') =>
    (after[count] ?? 0) > (before[count] ?? 0);
  return grows('updatedReplicas') || old(after) < old(before) || grows('readyReplicas') || grows('availableReplicas');
}

/** When a rollout that makes no more progress has failed, ms since the epoch; `undefined` if it does not count, or has ended. */
function failsAt(deployment: Deployment, status: ReplicaStatus): number | undefined {
  const condition = conditionOf({ status }, 'Progressing');
  if (!hasDeadline(deployment) || !condition?.lastUpdateTime || condition.reason === 'NewReplicaSetAvailable')
    return undefined;
  return Date.parse(condition.lastUpdateTime) + deployment.spec.progressDeadlineSeconds! * 1000;
}

/**
 * The status in a rollout: as {@link countSets}, with how far it has come, and what keeps its sets from making pods. Mirrors
 * `syncRolloutStatus`.
 */
export function rolloutStatus(deployment: Deployment, sets: Sets, now: number): ReplicaStatus {
  return withFailure(withProgress(countSets(deployment, sets, now), deployment, sets, now), sets, now);
}

function withProgress(status: ReplicaStatus, deployment: Deployment, sets: Sets, now: number): ReplicaStatus {
  if (!hasDeadline(deployment)) return withoutCondition(status, 'Progressing');
  const told = conditionOf(deployment, 'Progressing');
  const isOver = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && told?.reason === 'NewReplicaSetAvailable';
  if (isOver) return status;
  const { current } = sets;
  const subject = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, status)) {
    const verdict = progressing('True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`);
    return withVerdict(status, verdict, now);
  }
  if (hasProgressed(deployment, status))
    return renewed(status, progressing('True', 'ReplicaSetUpdated', `${subject} is progressing.`), now);
  const deadline = failsAt(deployment, status);
  const hasFailed = told?.reason === 'ProgressDeadlineExceeded' || (deadline !== undefined && deadline < now);
  if (!hasFailed) return status;
  const verdict = progressing('False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`);
  return withVerdict(status, verdict, now);
}

/** The failure of a set to make or delete pods, of the current one before others, becomes the Deployment's. */
function withFailure(status: ReplicaStatus, { current, old }: Sets, now: number): ReplicaStatus {
  const failures = [current, ...old].map(set => set && conditionOf(set, 'ReplicaFailure'));
  const failure = failures.find(condition => condition !== undefined);
  if (!failure) return withoutCondition(status, 'ReplicaFailure');
  const former = conditionOf({ status }, 'ReplicaFailure');
  if (former?.status === failure.status && former.reason === failure.reason) return status;
  const since = failure.lastTransitionTime ?? formatTime(now);
  const condition = { ...failure, lastUpdateTime: since, lastTransitionTime: since };
  return { ...status, conditions: [...others(status, 'ReplicaFailure'), condition] };
}

/** Milliseconds until the rollout has failed unless something happens; `undefined` if it has ended, or does not count. */
export function untilDeadline(deployment: Deployment, status: ReplicaStatus, now: number): number | undefined {
  const told = conditionOf({ status }, 'Progressing');
  if (isComplete(deployment, status) || told?.reason === 'ProgressDeadlineExceeded') return undefined;
  const at = failsAt(deployment, status);
  return at === undefined ? undefined : at - now;
}
