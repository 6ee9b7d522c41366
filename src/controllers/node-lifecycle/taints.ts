import { formatTime } from '../../clock/clock.js';
import { conditionOf } from '../../resources/state.js';
import type { Condition, Node, Taint } from '../../resources/types.js';
import { TAINTS } from '../../resources/well-known.js';

/** Condition → its status → the taint that follows from it. */
const CONDITION_TAINTS: Readonly<Record<string, Readonly<Partial<Record<Condition['status'], string>>>>> = {
  Ready: { False: TAINTS.notReady, Unknown: TAINTS.unreachable },
  MemoryPressure: { True: TAINTS.memoryPressure },
  DiskPressure: { True: TAINTS.diskPressure },
  PIDPressure: { True: TAINTS.pidPressure },
  NetworkUnavailable: { True: TAINTS.networkUnavailable },
};

const taintKey = ({ type, status }: Condition) => CONDITION_TAINTS[type]?.[status];

/** Keys whose NoSchedule taints nobody but this controller sets. */
const MANAGED = new Set([
  ...Object.values(CONDITION_TAINTS).flatMap(byStatus => Object.values(byStatus)),
  TAINTS.unschedulable,
]);

const isReachability = ({ key, effect }: Taint) =>
  effect === 'NoExecute' && (key === TAINTS.notReady || key === TAINTS.unreachable);

/** Keys of the NoSchedule taints that the node's conditions and its `spec.unschedulable` ask for, in upstream's order (TNT-02). */
function scheduleKeys(node: Node): string[] {
  const keys = (node.status?.conditions ?? []).map(taintKey).filter(key => key !== undefined);
  return node.spec.unschedulable ? [...keys, TAINTS.unschedulable] : keys;
}

/** Key of the NoExecute taint that the node's readiness asks for (TNT-03); undefined while Ready, or before it ever reported. */
export function executeKey(node: Node): string | undefined {
  const ready = conditionOf(node, 'Ready');
  return ready && taintKey(ready);
}

/** Whether the node has the NoExecute taint of either kind: one is swapped for the other without waiting. */
export function isMarkedForEviction(node: Node): boolean {
  return node.spec.taints?.some(isReachability) ?? false;
}

/**
 * The taints that the node should have. Taints of others stay where they are, new ones come last, with `timeAdded`.
 * `execute` is the key of the NoExecute taint it is to have, if any. The node's own array if it has all that already.
 */
export function taintsOf(node: Node, execute: string | undefined, now: number): readonly Taint[] {
  const taints = node.spec.taints ?? NONE;
  const schedule = scheduleKeys(node);
  const kept = taints.filter(taint => {
    if (isReachability(taint)) return taint.key === execute;
    return taint.effect !== 'NoSchedule' || !MANAGED.has(taint.key) || schedule.includes(taint.key);
  });
  const timeAdded = formatTime(now);
  const added = [
    ...schedule.map((key): Taint => ({ key, effect: 'NoSchedule', timeAdded })),
    ...(execute === undefined ? [] : [{ key: execute, effect: 'NoExecute', timeAdded } as const]),
  ].filter(({ key, effect }) => !kept.some(taint => taint.key === key && taint.effect === effect));
  return kept.length === taints.length && added.length === 0 ? taints : [...kept, ...added];
}

const NONE: readonly Taint[] = [];
