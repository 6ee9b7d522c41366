import type { Taint, Toleration } from '../resources/types.js';
import { type Check, fail, pass } from './check.js';

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

/** The first taint that keeps new pods away (NoSchedule or NoExecute) and is not tolerated. */
export function untoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
): Taint | undefined {
  if (!taints) return undefined;
  for (const taint of taints) if (taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, tolerations)) return taint;
  return undefined;
}

/** The scheduler's check of taints. */
export function checkTaints(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
): Check {
  const obstacle = untoleratedTaint(taints, tolerations);
  if (!obstacle) {
    const count = taints?.filter(t => t.effect !== 'PreferNoSchedule').length ?? 0;
    return pass(
      'TaintToleration',
      count === 0 ? 'the node has no taint that keeps pods away' : 'every taint of the node is tolerated',
    );
  }
  return fail(
    'TaintToleration',
    ['node(s) had untolerated taint(s)'],
    `taint ${formatTaint(obstacle)} is not tolerated`,
  );
}
