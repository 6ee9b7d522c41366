import type { Deployment, ReplicaSet } from '../../resources/workload-types.js';
import { maxSurge, maxUnavailable } from './budget.js';
import { allOf, availableIn, isActive, type Sets, wantedBy } from './replica-sets.js';

/** A set that is to have another number of pods. */
export interface Scaling {
  readonly set: ReplicaSet;
  readonly replicas: number;
}

/** How many pods the set of the current template is to have now, of which there are `wanted` among `sets`. Mirrors `NewRSNewReplicas`. */
export function currentReplicas(deployment: Deployment, sets: readonly ReplicaSet[], wanted: number): number {
  const { replicas, strategy } = deployment.spec;
  if (strategy.type === 'Recreate' || wanted > replicas) return replicas;
  const room = replicas + maxSurge(deployment) - wantedBy(sets);
  return room <= 0 ? wanted : wanted + Math.min(room, replicas - wanted);
}

/**
 * How many pods the old sets can do without in all, such that enough stay even if none of the current set that is not available
 * ever becomes so. Not above 0: none; as long as a set has not followed its last change, what it tells of itself cannot be
 * relied on.
 */
export function dispensable(deployment: Deployment, sets: Sets): number {
  const { current, old } = sets;
  if (old.some(({ spec, status }) => isBehind(spec.replicas, status.availableReplicas))) return 0;
  const minAvailable = deployment.spec.replicas - maxUnavailable(deployment);
  const waiting = current ? current.spec.replicas - (current.status.availableReplicas ?? 0) : 0;
  return wantedBy(allOf(sets)) - minAvailable - waiting;
}

const isBehind = (replicas: number, available = 0): boolean => available > replicas;

/**
 * First, old sets lose the pods that are of no use, oldest set first: they would stand in the way of the rollout and hold
 * nothing up. Mirrors `cleanupUnhealthyReplicas`.
 * @param most pods that may go
 */
export function dropUnhealthy(old: readonly ReplicaSet[], most: number): Scaling[] {
  let left = most;
  return old.filter(isActive).flatMap(set => {
    const { replicas } = set.spec;
    const gone = Math.min(left, replicas - (set.status.availableReplicas ?? 0));
    if (gone <= 0) return [];
    left -= gone;
    return [{ set, replicas: replicas - gone }];
  });
}

/** Then, what is available beyond what must be, oldest set first. Mirrors `scaleDownOldReplicaSetsForRollingUpdate`. */
export function dropAvailable(deployment: Deployment, sets: Sets): Scaling[] {
  let left = availableIn(allOf(sets)) - (deployment.spec.replicas - maxUnavailable(deployment));
  return sets.old.filter(isActive).flatMap(set => {
    const { replicas } = set.spec;
    const gone = Math.min(left, replicas);
    if (gone <= 0) return [];
    left -= gone;
    return [{ set, replicas: replicas - gone }];
  });
}
