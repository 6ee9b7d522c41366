import { toleratesTaint } from '../../placement/taints.js';
import type { Taint, Toleration } from '../../resources/types.js';

/**
 * How long a pod bears the NoExecute taints of its node, in ms: undefined if it does not bear one of them, Infinity if it
 * bears them for good. Each taint uses the first toleration that matches it; of those, the shortest finite `tolerationSeconds`
 * counts (TNT-08).
 */
export function tolerance(taints: readonly Taint[], tolerations: readonly Toleration[] = []): number | undefined {
  let shortest = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const used = tolerations.find(toleration => toleratesTaint(toleration, taint));
    if (!used) return undefined;
    if (used.tolerationSeconds !== undefined) shortest = Math.min(shortest, Math.max(used.tolerationSeconds, 0) * 1000);
  }
  return shortest;
}

/** The taints by which a node drives pods away. */
export function noExecuteTaints(taints: readonly Taint[] | undefined): readonly Taint[] {
  return taints?.filter(taint => taint.effect === 'NoExecute') ?? [];
}
