import { formatTime } from '../../clock/clock.js';
import { conditionOf } from '../../resources/state.js';
import type { Condition, Lease, Node } from '../../resources/types.js';

/** Conditions that only a kubelet can know of. */
const KUBELET_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

export interface Grace {
  /** Milliseconds without a heartbeat after which a node counts as unreachable. */
  readonly monitor: number;
  /** The same for a new node that never reported. */
  readonly startup: number;
}

/**
 * When the node counts as unreachable unless it is heard of before, ms since the epoch; undefined if never.
 *
 * Heartbeats are renewals of the node's Lease. A lease without `leaseDurationSeconds` does not expire, and a node without
 * a lease has no kubelet that could fall silent: its conditions are what clients say they are, for as long as they like.
 * Only a node that never had a Ready condition is given up without one. `startedAt` is when this controller began to
 * look: what happened before that does not count against a node.
 */
export function silentAt(node: Node, lease: Lease | undefined, grace: Grace, startedAt: number): number | undefined {
  const conditions = node.status?.conditions ?? [];
  if (!conditionOf(node, 'Ready'))
    return Math.max(Date.parse(node.metadata.creationTimestamp), startedAt) + grace.startup;
  if (lease?.spec?.leaseDurationSeconds === undefined) return undefined;
  const known = conditions.some(c => KUBELET_CONDITIONS.includes(c.type) && c.status !== 'Unknown');
  if (!known) return undefined;
  return Math.max(Date.parse(lease.spec.renewTime ?? '') || 0, startedAt) + grace.monitor;
}

/** The conditions of a node that is not heard of any more (TNT-04). */
export function unknownConditions(node: Node, now: number): Condition[] {
  const time = formatTime(now);
  const former = node.status?.conditions ?? [];
  const turned = former.map((condition): Condition => {
    if (!KUBELET_CONDITIONS.includes(condition.type) || condition.status === 'Unknown') return condition;
    return {
      ...condition,
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastTransitionTime: time,
    };
  });
  const missing = KUBELET_CONDITIONS.filter(type => !former.some(c => c.type === type)).map(
    (type): Condition => ({
      type,
      status: 'Unknown',
      lastHeartbeatTime: node.metadata.creationTimestamp,
      lastTransitionTime: time,
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
    }),
  );
  return [...turned, ...missing];
}
