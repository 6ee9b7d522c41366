import { formatTime } from '../../clock/clock.js';
import { messageOf } from '../../registry/status.js';
import { equalJson } from '../../resources/json.js';
import type { LabelMatcher } from '../../resources/selector.js';
import type { Condition } from '../../resources/types.js';
import type { ReplicaStatus } from '../../resources/workload-types.js';
import { isAvailable } from '../workloads/availability.js';
import type { AnyReplicaSet } from './kinds.js';
import type { ReplicaPod } from './replica-pod.js';

/** What went wrong when pods were made or deleted. */
export interface Failure {
  readonly error: unknown;
}

export interface StatusInput {
  readonly set: AnyReplicaSet;
  /** The set's active pods, as they were before any were made or deleted. */
  readonly pods: readonly ReplicaPod[];
  /** How many more are on their way out; absent where that is not told. */
  readonly terminating: number | undefined;
  /** What has all labels of the template. */
  readonly template: LabelMatcher;
  readonly failure: Failure | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

/** The status that a set should have. Mirrors `calculateStatus`. */
export function statusOf({ set, pods, terminating, template, failure, now }: StatusInput): ReplicaStatus {
  const { minReadySeconds = 0, replicas } = set.spec;
  let labelled = 0;
  let ready = 0;
  let available = 0;
  for (const pod of pods) {
    if (template.matches(pod.labels)) labelled++;
    if (!pod.ready) continue;
    ready++;
    if (isAvailable(pod, minReadySeconds, now)) available++;
  }
  const { conditions = [], ...former } = set.status;
  return {
    ...former,
    replicas: pods.length,
    fullyLabeledReplicas: labelled,
    readyReplicas: ready,
    availableReplicas: available,
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    observedGeneration: set.metadata.generation ?? 0,
    ...conditionsOf(conditions, failure, pods.length - replicas, now),
  };
}

/** A failure is told until it is over; the first one of several stays. */
function conditionsOf(
  former: readonly Condition[],
  failure: Failure | undefined,
  surplus: number,
  now: number,
): { conditions?: Condition[] } {
  const told = former.find(({ type }) => type === 'ReplicaFailure');
  const others = former.filter(condition => condition !== told);
  if (failure && !told) {
    const condition: Condition = {
      type: 'ReplicaFailure',
      status: 'True',
      lastTransitionTime: formatTime(now),
      reason: surplus < 0 ? 'FailedCreate' : 'FailedDelete',
      message: messageOf(failure.error),
    };
    return { conditions: [...others, condition] };
  }
  const conditions = failure ? former : others;
  return conditions.length > 0 ? { conditions: [...conditions] } : {};
}

/** Whether the stored status says all this already; counts that are not there are 0, but for those that may be unknown. */
export function isToldAlready({ status }: AnyReplicaSet, wanted: ReplicaStatus): boolean {
  const counts = [
    'replicas',
    'fullyLabeledReplicas',
    'readyReplicas',
    'availableReplicas',
    'observedGeneration',
  ] as const;
  return (
    counts.every(count => (status[count] ?? 0) === wanted[count]) &&
    status.terminatingReplicas === wanted.terminatingReplicas &&
    equalJson(status.conditions ?? [], wanted.conditions ?? [])
  );
}
