import type { Deployment, ReplicaSet } from '../../resources/workload-types.js';
import { desiredReplicas, maxReplicas } from './annotations.js';
import { maxSurge } from './budget.js';
import { allOf, isActive, oldestFirst, type Sets, wantedBy } from './replica-sets.js';
import type { Scaling } from './rolling-update.js';

/**
 * How the sets follow a change of the Deployment's scale outside of a rollout's steps: one set takes it all; several, in the
 * middle of a rollout, share it in proportion to their sizes, so that the rollout is neither hastened nor held up. Sets that keep
 * their size are in it too: what they are annotated with changes. Mirrors `scale`.
 */
export function followScale(deployment: Deployment, sets: Sets): Scaling[] {
  const { replicas } = deployment.spec;
  const active = allOf(sets).filter(isActive);
  if (active.length <= 1) {
    const only = active[0] ?? sets.current ?? sets.old.at(-1);
    return only && only.spec.replicas !== replicas ? [{ set: only, replicas }] : [];
  }
  if (isSaturated(deployment, sets.current)) return sets.old.filter(isActive).map(set => ({ set, replicas: 0 }));
  return deployment.spec.strategy.type === 'RollingUpdate' ? inProportion(deployment, active) : [];
}

/** Whether the current set has all the pods that the Deployment wants, and both know. */
function isSaturated({ spec: { replicas } }: Deployment, current: ReplicaSet | undefined): boolean {
  return (
    current !== undefined &&
    current.spec.replicas === replicas &&
    desiredReplicas(current) === replicas &&
    (current.status.availableReplicas ?? 0) === replicas
  );
}

function inProportion(deployment: Deployment, active: readonly ReplicaSet[]): Scaling[] {
  const { replicas } = deployment.spec;
  const allowed = replicas > 0 ? replicas + maxSurge(deployment) : 0;
  const toAdd = allowed - wantedBy(active);
  if (toAdd === 0) return active.map(set => ({ set, replicas: set.spec.replicas }));
  // Of sets of the same size, newer ones grow first, older ones shrink first.
  const byAge = (a: ReplicaSet, b: ReplicaSet) => (toAdd > 0 ? oldestFirst(b, a) : oldestFirst(a, b));
  const ordered = [...active].sort((a, b) => b.spec.replicas - a.spec.replicas || byAge(a, b));
  let added = 0;
  const sizes = ordered.map(set => {
    const share = shareOf(deployment, set, toAdd - added);
    added += share;
    return set.spec.replicas + share;
  });
  // What rounding left over goes to the largest.
  sizes[0] = Math.max(sizes[0]! + toAdd - added, 0);
  return ordered.map((set, i) => ({ set, replicas: sizes[i]! }));
}

/** What a set gains or loses, but no more than is `left`. Mirrors `GetReplicaSetProportion`. */
function shareOf(deployment: Deployment, set: ReplicaSet, left: number): number {
  if (left === 0) return 0;
  const share = fractionOf(deployment, set);
  return left > 0 ? Math.min(share, left) : Math.max(share, left);
}

function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  const { replicas } = deployment.spec;
  const size = set.spec.replicas;
  if (replicas === 0) return -size;
  // Without an annotation, what there is has to stand for what there was to be.
  const before = maxReplicas(set) || (deployment.status.replicas ?? 0);
  if (before === 0) return 0;
  return Math.round((size * (replicas + maxSurge(deployment))) / before) - size;
}
