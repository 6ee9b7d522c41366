import { conditionOf } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';

/** Whether a pod is ready, and for how long. */
export interface Readiness {
  readonly ready: boolean;
  /** Since when it has been ready, ms since the epoch; absent if it is not, or does not tell. */
  readonly readySince?: number | undefined;
}

/** By the pod's condition. */
export function readinessOf(pod: Pod): Readiness {
  const condition = conditionOf(pod, 'Ready');
  const ready = condition?.status === 'True';
  const since = ready && condition.lastTransitionTime ? Date.parse(condition.lastTransitionTime) : undefined;
  return { ready, readySince: since };
}

/**
 * When the pod becomes, or became, available: ready for `minReadySeconds` (UPD-09). In ms since the epoch; `undefined` while
 * it is not ready, or does not tell since when.
 */
function availableFrom(pod: Readiness, minReadySeconds: number): number | undefined {
  if (!pod.ready) return undefined;
  if (minReadySeconds === 0) return 0;
  return pod.readySince === undefined ? undefined : pod.readySince + minReadySeconds * 1000;
}

/** Whether the pod is available at `now` (ms since the epoch). Neither phase nor deletion count (UPD-09). */
export function isAvailable(pod: Readiness, minReadySeconds: number, now: number): boolean {
  const from = availableFrom(pod, minReadySeconds);
  return from !== undefined && from <= now;
}

/**
 * Milliseconds until the next ready pod becomes available, which no write will announce; `undefined` if none is about to.
 * Upstream wakes the set `minReadySeconds` after readiness, plus a second, and again after every status (CTL-03, STA-03).
 */
export function untilNextAvailable(
  pods: Iterable<Readiness>,
  minReadySeconds: number,
  now: number,
): number | undefined {
  if (minReadySeconds === 0) return undefined;
  let next: number | undefined;
  for (const pod of pods) {
    const from = availableFrom(pod, minReadySeconds);
    if (from !== undefined && from > now && !(next !== undefined && next <= from)) next = from;
  }
  return next === undefined ? undefined : next - now;
}
