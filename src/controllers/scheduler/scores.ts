import type { Random } from '../../clock/random.js';
import { matchesTerm } from '../../placement/node-affinity.js';
import type { NodeInfo } from '../../placement/node-info.js';
import { podRequests } from '../../placement/pod-resources.js';
import { isTolerated } from '../../placement/taints.js';
import type { Pod } from '../../resources/types.js';

const WEIGHTS = { fit: 1, balance: 1, taints: 3, affinity: 2 } as const;

/**
 * The best of several nodes that a pod fits on, by the default profile's scores: the least allocated and most evenly used,
 * the fewest `PreferNoSchedule` taints, the most preferred by node affinity. Ties are drawn by lot.
 */
export function bestNode(pod: Pod, feasible: readonly NodeInfo[], random: Random): NodeInfo {
  if (feasible.length === 1) return feasible[0]!;
  const taints = normalised(
    feasible.map(info => softTaints(pod, info)),
    true,
  );
  const affinity = normalised(
    feasible.map(info => preference(pod, info)),
    false,
  );
  let best: NodeInfo[] = [];
  let highest = -1;
  feasible.forEach((info, i) => {
    const { fit, balance } = allocation(pod, info);
    const score =
      Math.floor(fit) * WEIGHTS.fit +
      Math.floor(balance) * WEIGHTS.balance +
      taints[i]! * WEIGHTS.taints +
      affinity[i]! * WEIGHTS.affinity;
    if (score > highest) {
      highest = score;
      best = [info];
    } else if (score === highest) {
      best.push(info);
    }
  });
  return best[random.below(best.length)]!;
}

/** 0 to 100: how much stays free, and how evenly CPU and memory would be used. */
function allocation(pod: Pod, { allocatable, requested }: NodeInfo): { fit: number; balance: number } {
  const requests = podRequests(pod);
  const used = (['cpu', 'memory'] as const)
    .filter(resource => (allocatable[resource] ?? 0) > 0)
    .map(resource => Math.min(((requested[resource] ?? 0) + (requests[resource] ?? 0)) / allocatable[resource]!, 1));
  if (used.length === 0) return { fit: 0, balance: 100 };
  const mean = used.reduce((sum, u) => sum + u, 0) / used.length;
  const spread = used.length < 2 ? 0 : Math.abs(used[0]! - used[1]!) / 2;
  return { fit: (1 - mean) * 100, balance: (1 - spread) * 100 };
}

const softTaints = (pod: Pod, { node }: NodeInfo): number =>
  (node.spec?.taints ?? []).filter(t => t.effect === 'PreferNoSchedule' && !isTolerated(t, pod.spec.tolerations))
    .length;

const preference = (pod: Pod, { node }: NodeInfo): number =>
  (pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
    .filter(({ preference }) => matchesTerm(preference, node))
    .reduce((sum, { weight }) => sum + weight, 0);

/** Scales to 0..100 by the largest; `reversed`: less is better. */
function normalised(scores: readonly number[], reversed: boolean): number[] {
  const largest = Math.max(...scores);
  return scores.map(score => {
    const scaled = largest === 0 ? 0 : Math.floor((score * 100) / largest);
    return reversed ? 100 - scaled : scaled;
  });
}
