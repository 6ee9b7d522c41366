import type { Taint, Toleration } from '../resources/types.js';
import { type Sentence, sentence } from '../words/sentence.js';
import type { Obstacle, Rule } from './check.js';

/** `key=value:effect`, as kubectl writes a taint. */
export const formatTaint = ({ key, value, effect }: Taint): string => `${key}${value ? `=${value}` : ''}:${effect}`;

/** Whether `toleration` matches `taint` (NODE-06): an empty key or effect matches all, `Exists` any value. */
export function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  switch (toleration.operator) {
    case undefined:
    case '':
    case 'Equal':
      return (toleration.value ?? '') === (taint.value ?? '');
    case 'Exists':
      return true;
    default:
      return false;
  }
}

/** Whether any of `tolerations` matches `taint`. */
export function isTolerated(taint: Taint, tolerations: readonly Toleration[] | undefined): boolean {
  if (!tolerations) return false;
  for (const toleration of tolerations) if (toleratesTaint(toleration, taint)) return true;
  return false;
}

/** Whether a taint keeps pods away at all: `PreferNoSchedule` does not (NODE-05). */
export const isRepelling = ({ effect }: Taint): boolean => effect === 'NoSchedule' || effect === 'NoExecute';

/** The first taint that keeps new pods away and is not tolerated. */
export function untoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
): Taint | undefined {
  if (!taints) return undefined;
  for (const taint of taints) if (isRepelling(taint) && !isTolerated(taint, tolerations)) return taint;
  return undefined;
}

/** What the scheduler says of a node with a taint that the pod does not tolerate. */
export const UNTOLERATED: Obstacle = {
  check: 'TaintToleration',
  reasons: ['node(s) had untolerated taint(s)'],
  preemptable: false,
};

/** The scheduler's check of taints. */
export const taintRule: Rule<readonly Toleration[] | undefined, readonly Taint[] | undefined> = {
  name: 'TaintToleration',
  obstacle: (tolerations, taints) => (untoleratedTaint(taints, tolerations) ? UNTOLERATED : undefined),
  describe(tolerations, taints, obstacle) {
    if (obstacle) {
      const untolerated = taints!.filter(taint => isRepelling(taint) && !isTolerated(taint, tolerations));
      return untolerated.map(describeUntolerated);
    }
    return [sentence(taints?.some(isRepelling) ? 'taint.tolerated' : 'taint.none')];
  },
};

/** The same about one taint, for people. */
export const describeUntolerated = (taint: Taint): Sentence =>
  sentence('taint.notTolerated', { taint: formatTaint(taint) });
