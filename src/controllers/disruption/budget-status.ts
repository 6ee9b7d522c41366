import { withDisruptionAllowed } from '../../resources/pod-disruption.js';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../resources/pod-disruption-budget.js';
import { isReady, isTerminating } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import type { Expectation } from './expected-pods.js';

/** So long, in ms, a budget reckons with a pod that was let go being deleted. */
const DELETION_TIMEOUT = 2 * 60_000;

/** Of the pods that a budget let go. */
export interface Disrupted {
  /** Those that are still to be deleted: name → when they were let go. */
  readonly pods: Readonly<Record<string, string>>;
  /** Those that should have been by now. */
  readonly overdue: readonly Pod[];
  /** When the next one will be overdue, ms since the epoch. */
  readonly nextAt: number | undefined;
}

/** Which of the pods that a budget let go are still awaited. Mirrors `buildDisruptedPodMap`. */
export function stillDisrupted({ status }: PodDisruptionBudget, pods: readonly Pod[], now: number): Disrupted {
  const awaited: Record<string, string> = {};
  const overdue: Pod[] = [];
  let nextAt: number | undefined;
  for (const pod of pods) {
    const { name } = pod.metadata;
    const since = status.disruptedPods?.[name];
    if (since === undefined || isTerminating(pod)) continue;
    const until = Date.parse(since) + DELETION_TIMEOUT;
    if (until <= now) overdue.push(pod);
    else {
      awaited[name] = since;
      nextAt = Math.min(nextAt ?? until, until);
    }
  }
  return { pods: awaited, overdue, nextAt };
}

/**
 * The status of a budget for the pods that it selects. Healthy are those that are ready, stay, and were not let go. Mirrors
 * `countHealthyPods` and `updatePdbStatus`.
 */
export function statusOf(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  { expectedPods, desiredHealthy }: Expectation,
  { pods: disruptedPods }: Disrupted,
  now: number,
): PodDisruptionBudgetStatus {
  const isHealthy = (pod: Pod) =>
    isReady(pod) && !isTerminating(pod) && !Object.hasOwn(disruptedPods, pod.metadata.name);
  const currentHealthy = pods.filter(isHealthy).length;
  const { generation } = budget.metadata;
  const { conditions } = budget.status;
  const status: PodDisruptionBudgetStatus = {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}),
    // A budget that selects no pods allows nothing: the first ones may come before they are counted.
    disruptionsAllowed: expectedPods > 0 ? Math.max(currentHealthy - desiredHealthy, 0) : 0,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    ...(conditions ? { conditions } : {}),
  };
  return withDisruptionAllowed(status, now);
}
