import { formatMicroTime } from '../clock/clock.js';
import type { Draft, Lease, Node } from '../resources/types.js';
import { LEASE_NAMESPACE } from '../resources/well-known.js';

/**
 * How the cluster knows that a node lives, and what that costs.
 *
 * A real kubelet renews the Lease of its node every 10 s: with 5,000 nodes that is 500 writes a second by a cluster in
 * which nothing happens. A simulated kubelet does not die unawares: it is told to (`kubette.dev/behavior: down`), and so
 * it can say the same thing with one write at each end. By default it writes its Lease once, *without*
 * `leaseDurationSeconds`: a lease that names no duration does not expire, and its holder counts as alive. When the node
 * goes down, the last write gives the lease its duration and the moment as `renewTime`; from there the node lifecycle
 * controller counts its grace period as it would after a last heartbeat. When the node comes back, the duration is
 * taken off again. So an idle cluster writes nothing at all, and all of it is in the objects: it is the same after a
 * restart and in a copy of the data.
 *
 * With `leaseRenewInterval` the lease carries its duration all the time and is renewed as a real one is.
 *
 * A node without a Lease has no kubelet that could fall silent: its conditions are what clients say they are.
 */

/** How often a kubelet tells that it lives. */
export interface Heartbeat {
  /** Milliseconds between renewals; 0 for never. */
  readonly renewInterval: number;
  readonly durationSeconds: number;
}

/** The Lease by which the kubelet of `node` says that it lives. */
export function newLease(node: Node, heartbeat: Heartbeat, now: number): Draft<Lease> {
  const time = formatMicroTime(now);
  const { name, uid } = node.metadata;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: LEASE_NAMESPACE, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
    spec: {
      holderIdentity: name,
      acquireTime: time,
      renewTime: time,
      ...(heartbeat.renewInterval > 0 ? { leaseDurationSeconds: heartbeat.durationSeconds } : {}),
    },
  };
}

/** The lease as a living kubelet has it at `now`; the same object if it is as it should be. */
export function heldLease(lease: Lease, heartbeat: Heartbeat, now: number): Lease {
  const { leaseDurationSeconds, ...spec } = lease.spec ?? {};
  if (heartbeat.renewInterval === 0) {
    return leaseDurationSeconds === undefined
      ? lease
      : { ...lease, spec: { ...spec, renewTime: formatMicroTime(now) } };
  }
  const current = leaseDurationSeconds === heartbeat.durationSeconds;
  if (current && renewedAt(lease) + heartbeat.renewInterval > now) return lease;
  return {
    ...lease,
    spec: { ...spec, leaseDurationSeconds: heartbeat.durationSeconds, renewTime: formatMicroTime(now) },
  };
}

/** The lease after its holder's last sign of life at `now`; the same object if it runs out already. */
export function abandonedLease(lease: Lease, heartbeat: Heartbeat, now: number): Lease {
  if (lease.spec?.leaseDurationSeconds !== undefined) return lease;
  return {
    ...lease,
    spec: { ...lease.spec, leaseDurationSeconds: heartbeat.durationSeconds, renewTime: formatMicroTime(now) },
  };
}

/** When the lease was last renewed, ms since the epoch. */
function renewedAt(lease: Lease): number {
  return Date.parse(lease.spec?.renewTime ?? '') || 0;
}
