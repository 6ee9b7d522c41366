import type { Amounts } from '../placement/pod-resources.js';
import type { Pod } from '../resources/types.js';
import { SYSTEM_PRIORITIES } from '../resources/well-known.js';

/** Priority from which a pod is critical to the system. */
const SYSTEM_CRITICAL = SYSTEM_PRIORITIES['system-cluster-critical'];

/** Whether the system depends on the pod, so that others make way for it. */
export const isCritical = (pod: Pod) => (pod.spec.priority ?? 0) >= SYSTEM_CRITICAL;

/** A pod with what it takes of its node; of `pods`, the slots, each takes one. */
export interface Occupant {
  readonly pod: Pod;
  readonly requests: Amounts;
}

const taken = ({ requests }: Occupant, resource: string) => (resource === 'pods' ? 1 : (requests[resource] ?? 0));

/**
 * The pods that make room for a critical one: as few as will do and as unimportant ones as will do, best-effort pods
 * before burstable before guaranteed ones. Undefined if not even all of them would do. Mirrors `getPodsToPreempt`
 * (pkg/kubelet/preemption).
 */
export function podsToPreempt(critical: Pod, occupants: readonly Occupant[], missing: Amounts): Pod[] | undefined {
  const candidates = occupants.filter(({ pod }) => yields(pod, critical));
  if (!isCovered(without(missing, candidates))) return undefined;
  const of = (qos: string) => candidates.filter(({ pod }) => (pod.status.qosClass ?? 'Burstable') === qos);
  const [bestEffort, burstable, guaranteed] = [of('BestEffort'), of('Burstable'), of('Guaranteed')];
  const chosenGuaranteed = closest(guaranteed, without(missing, [...bestEffort, ...burstable]));
  const chosenBurstable = closest(burstable, without(missing, [...bestEffort, ...chosenGuaranteed]));
  const chosenBestEffort = closest(bestEffort, without(missing, [...chosenBurstable, ...chosenGuaranteed]));
  return [...chosenBestEffort, ...chosenBurstable, ...chosenGuaranteed].map(({ pod }) => pod);
}

function yields(pod: Pod, critical: Pod): boolean {
  return !isCritical(pod) || (pod.spec.priority ?? 0) < (critical.spec.priority ?? 0);
}

/** What is still missing when `occupants` are gone. */
function without(missing: Amounts, occupants: readonly Occupant[]): Amounts {
  const left: Record<string, number> = {};
  for (const resource in missing) {
    const freed = occupants.reduce((sum, occupant) => sum + taken(occupant, resource), 0);
    left[resource] = Math.max(missing[resource]! - freed, 0);
  }
  return left;
}

const isCovered = (missing: Amounts) => Object.values(missing).every(amount => amount <= 0);

/** Takes, again and again, the pod whose requests come closest to what is still missing; of several, the smallest. */
function closest(occupants: readonly Occupant[], missing: Amounts): Occupant[] {
  const chosen: Occupant[] = [];
  const left = [...occupants];
  for (let open = missing; !isCovered(open) && left.length > 0; open = without(missing, chosen)) {
    left.sort((a, b) => distance(a, open) - distance(b, open) || compareSizes(a, b));
    chosen.push(left.shift()!);
  }
  return chosen;
}

function distance(occupant: Occupant, missing: Amounts): number {
  let sum = 0;
  for (const resource in missing) {
    const amount = missing[resource]!;
    if (amount > 0) sum += Math.max((amount - taken(occupant, resource)) / amount, 0) ** 2;
  }
  return sum;
}

function compareSizes(a: Occupant, b: Occupant): number {
  return taken(a, 'memory') - taken(b, 'memory') || taken(a, 'cpu') - taken(b, 'cpu');
}
