import { scaled } from '../../resources/int-or-percent.js';
import type { Deployment } from '../../resources/workload-types.js';

const isRolling = ({ spec }: Deployment): boolean => spec.strategy.type === 'RollingUpdate';

/** Pods that there may be beyond those wanted while a rollout goes on. */
export const maxSurge = (deployment: Deployment): number => fenceposts(deployment).surge;

/** Pods that may be missing while a rollout goes on. Mirrors `MaxUnavailable`. */
export function maxUnavailable(deployment: Deployment): number {
  const { replicas } = deployment.spec;
  return replicas === 0 ? 0 : Math.min(fenceposts(deployment).unavailable, replicas);
}

/** Surge is rounded up, what may be missing down; if both come to nothing one may be missing, or nothing would ever move. */
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  if (!isRolling(deployment)) return { surge: 0, unavailable: 0 };
  const { replicas, strategy } = deployment.spec;
  const surge = scaled(strategy.rollingUpdate?.maxSurge, replicas);
  const unavailable = scaled(strategy.rollingUpdate?.maxUnavailable, replicas, 'down');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
