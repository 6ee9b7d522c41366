import { compareText } from '../../resources/compare.js';
import type { ReplicaPod } from './replica-pod.js';

/** How far a pod has come, by its phase; one without a phase is pending. */
const PROGRESS: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Those of `pods` that go first when there are `count` too many: unassigned before assigned, pending before running, not ready
 * before ready, cheap ones before dear, those on nodes with many of their kind, ready for a shorter time, restarted more often,
 * newer. Mirrors `ActivePodsWithRanks`.
 * @param related the pods of the set and of its siblings, which share its controller: those that may double up on a node
 * @param now ms since the epoch
 */
export function podsToDelete(
  pods: readonly ReplicaPod[],
  related: readonly ReplicaPod[],
  count: number,
  now: number,
): readonly ReplicaPod[] {
  if (count >= pods.length) return pods;
  const onNode = new Map<string, number>();
  for (const { active, node } of related) if (active) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  const crowd = ({ node }: ReplicaPod) => onNode.get(node) ?? 0;
  return [...pods]
    .sort(
      (a, b) =>
        Number(a.node !== '') - Number(b.node !== '') ||
        progress(a) - progress(b) ||
        Number(a.ready) - Number(b.ready) ||
        a.deletionCost - b.deletionCost ||
        crowd(b) - crowd(a) ||
        (a.ready && b.ready ? youngerFirst(a, b, a.readySince, b.readySince, now) : 0) ||
        b.restarts - a.restarts ||
        b.sidecarRestarts - a.sidecarRestarts ||
        youngerFirst(a, b, a.createdAt, b.createdAt, now),
    )
    .slice(0, count);
}

const progress = ({ phase = 'Pending' }: ReplicaPod): number => PROGRESS[phase] ?? 0;

/**
 * By age, in powers of two: of pods whose ages are alike, chance decides (their uids), so that scaling down does not always hit
 * what was made last. A time that is not known counts as now.
 */
function youngerFirst(
  a: ReplicaPod,
  b: ReplicaPod,
  since: number | undefined,
  otherSince: number | undefined,
  now: number,
): number {
  if (since === otherSince) return 0;
  if (since === undefined) return -1;
  if (otherSince === undefined) return 1;
  return magnitude(now - since) - magnitude(now - otherSince) || compareText(a.uid, b.uid);
}

/** The power of two that an age reaches, as it is counted in nanoseconds. */
const magnitude = (ms: number): number => (ms > 0 ? Math.floor(Math.log2(ms * 1e6)) : -1);
