import { scaled } from '../../resources/int-or-percent.js';
import { hasEnded, isTerminating } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import type { StatefulSet } from '../../resources/workload-types.js';
import {
  firstOrdinal,
  isHealthy,
  isParallel,
  isRunningAndReady,
  isServing,
  type Places,
  revisionOf,
} from './set-pods.js';

export interface PlanInput extends Places {
  readonly set: StatefulSet;
  /** The name of the revision that pods are to have. */
  readonly updateRevision: string;
  /** ms since the epoch. */
  readonly now: number;
  /** Whether the claims of an ordinal wait for the end of those of a pod that is gone. */
  readonly hasStaleClaims: (ordinal: number) => boolean;
}

export interface Plan {
  /** Ordinals to make pods for. */
  readonly create: readonly number[];
  readonly delete: readonly Pod[];
  /** Pods to be put in order, should their labels or claims be wrong. */
  readonly mend: readonly Pod[];
}

interface Draft {
  readonly create: number[];
  readonly delete: Pod[];
  readonly mend: Pod[];
}

/**
 * Decides what is to be done to a set's pods next. One after the other: each pod waits for those before it to serve; too many go from the
 * end on; and only when all are there is one of another template replaced. All at once: whatever there is to do. Mirrors
 * `updateStatefulSet` of `stateful_set_control.go`.
 */
export function planFor(input: PlanInput): Plan {
  const plan: Draft = { create: [], delete: [], mend: [] };
  const inOrder = !isParallel(input.set);
  const goesOn = keepReplicas(input, inOrder, plan) && removeCondemned(input, inOrder, plan);
  if (goesOn && input.set.spec.updateStrategy.type !== 'OnDelete') replaceOutdated(input, plan);
  return plan;
}

/** Answers whether nothing has to be waited for. */
function keepReplicas({ set, replicas, now, hasStaleClaims }: PlanInput, inOrder: boolean, plan: Draft): boolean {
  const first = firstOrdinal(set);
  for (const [i, pod] of replicas.entries()) {
    if (!pod) {
      if (!hasStaleClaims(first + i)) plan.create.push(first + i);
      if (inOrder) return false;
      continue;
    }
    // Whatever its exit code: a pod of a set is not to end. The next one comes when this one is gone.
    if (hasEnded(pod)) {
      if (!isTerminating(pod)) plan.delete.push(pod);
      if (inOrder) return false;
      continue;
    }
    if (inOrder && (isTerminating(pod) || !isServing(pod, set, now))) {
      // A pod that waits may do so for claims that somebody deleted.
      if (pod.status.phase === 'Pending' && !isTerminating(pod)) plan.mend.push(pod);
      return false;
    }
    plan.mend.push(pod);
  }
  return true;
}

function removeCondemned({ set, replicas, condemned, now }: PlanInput, inOrder: boolean, plan: Draft): boolean {
  plan.mend.push(...condemned);
  if (!inOrder) {
    plan.delete.push(...condemned.filter(pod => !isTerminating(pod)));
    return true;
  }
  const [next] = condemned;
  if (!next) return true;
  // The last one need not serve if it is the only one that does not.
  const unhealthy = [...replicas.filter(pod => pod !== undefined), ...[...condemned].reverse()].find(
    pod => !isHealthy(pod),
  );
  const isInTheWay = next === unhealthy || (isRunningAndReady(next) && isServing(next, set, now));
  if (!isTerminating(next) && isInTheWay) plan.delete.push(next);
  return false;
}

/** Replaces pods of other templates from the end on, down to the partition, while enough others serve. */
function replaceOutdated({ set, replicas, updateRevision, now }: PlanInput, plan: Draft): void {
  const { partition = 0, maxUnavailable = 1 } = set.spec.updateStrategy.rollingUpdate ?? {};
  const isGone = (pod: Pod | undefined) => !pod || isTerminating(pod) || !isServing(pod, set, now);
  let budget = Math.max(scaled(maxUnavailable, replicas.length), 1) - replicas.filter(isGone).length;
  for (let i = replicas.length - 1; i >= partition; i--) {
    const pod = replicas[i];
    if (!pod || isTerminating(pod) || plan.delete.includes(pod) || revisionOf(pod) === updateRevision) continue;
    // One that does not serve is missed by nobody.
    if (!isGone(pod)) {
      if (budget <= 0) continue;
      budget--;
    }
    plan.delete.push(pod);
  }
}

/** Whether a pod of this ordinal is to be made from the template before the live one: a partition holds it back. */
export function isHeldBack({ spec, ...set }: StatefulSet, ordinal: number): boolean {
  const { type, rollingUpdate } = spec.updateStrategy;
  if (type !== 'RollingUpdate') return false;
  const held = rollingUpdate ? (rollingUpdate.partition ?? 0) : (set.status.currentReplicas ?? 0);
  return ordinal < firstOrdinal({ spec, ...set }) + held;
}
