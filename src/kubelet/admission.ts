import { type HostPort, hostPorts, portsConflict } from '../placement/host-ports.js';
import { matchesNodeWishes } from '../placement/node-affinity.js';
import { type Amounts, amounts, podRequests, reservedRequests } from '../placement/pod-resources.js';
import { isTolerated } from '../placement/taints.js';
import type { Node, Pod } from '../resources/types.js';
import { TAINTS } from '../resources/well-known.js';
import { isCritical } from './critical.js';
import { type NodeBehavior, nodeBehaviors } from './options.js';

/** What a pod takes of its node. */
export interface Footprint {
  readonly requests: Amounts;
  readonly ports: readonly HostPort[];
}

/** Why a kubelet turns a pod away: `status.reason`, and what follows `Pod was rejected: ` in `status.message`. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** Something that a node has too little of. */
export interface Shortage {
  readonly resource: string;
  readonly requested: number;
  readonly used: number;
  readonly capacity: number;
}

/** A check that the pod fails, in the words of the scheduler plugin that it belongs to. */
interface Misfit {
  readonly plugin: string;
  readonly why: string;
}

export type Obstacle = Shortage | Misfit;

/** Whether an obstacle is one that pods which give way could remove. */
export const isShortage = (obstacle: Obstacle): obstacle is Shortage => 'resource' in obstacle;

/** What a pod takes of its node. */
export function footprintOf(pod: Pod): Footprint {
  return { requests: reservedRequests(pod), ports: hostPorts(pod) };
}

/**
 * What keeps `pod` from running on `node` beside `others`, in upstream's order: the kubelet asks again what the scheduler
 * has asked before, since not every pod came by the scheduler, and nodes change meanwhile (KUB-01). Mirrors
 * `generalFilter` (pkg/kubelet/lifecycle/predicate.go).
 */
export function obstacles(pod: Pod, node: Node, others: readonly Footprint[]): Obstacle[] {
  const found: Obstacle[] = shortages(pod, amounts(node.status.allocatable), others);
  if (!matchesNodeWishes(pod.spec, node)) {
    found.push({ plugin: 'NodeAffinity', why: "node(s) didn't match Pod's node affinity/selector" });
  }
  const ports = hostPorts(pod);
  if (ports.some(port => others.some(other => other.ports.some(taken => portsConflict(port, taken))))) {
    found.push({ plugin: 'NodePorts', why: "node(s) didn't have free ports for the requested pod ports" });
  }
  if (node.spec.taints?.some(taint => taint.effect === 'NoExecute' && !isTolerated(taint, pod.spec.tolerations))) {
    found.push({ plugin: 'TaintToleration', why: "node(s) had taints that the pod didn't tolerate" });
  }
  return found;
}

const FIRST = ['cpu', 'memory', 'ephemeral-storage'];

/** What there is too little of for a pod, first of what is most often short. */
export function shortages(pod: Pod, allocatable: Amounts, others: readonly Footprint[]): Shortage[] {
  const found: Shortage[] = [];
  const slots = allocatable.pods ?? 0;
  if (others.length + 1 > slots) found.push({ resource: 'pods', requested: 1, used: others.length, capacity: slots });
  const requests = podRequests(pod);
  const resources = [...FIRST, ...Object.keys(requests).filter(resource => !FIRST.includes(resource))];
  for (const resource of resources) {
    const requested = requests[resource] ?? 0;
    const capacity = allocatable[resource];
    // Extended resources that the node does not know are somebody else's business.
    if (requested <= 0 || (capacity === undefined && resource.includes('/'))) continue;
    const used = others.reduce((sum, other) => sum + (other.requests[resource] ?? 0), 0);
    if (requested > (capacity ?? 0) - used) found.push({ resource, requested, used, capacity: capacity ?? 0 });
  }
  return found;
}

/** How a kubelet words an obstacle. */
export function rejectionFor(obstacle: Obstacle): Rejection {
  if (!isShortage(obstacle)) {
    return { reason: obstacle.plugin, message: `Predicate ${obstacle.plugin} failed: ${obstacle.why}` };
  }
  const { resource, requested, used, capacity } = obstacle;
  return {
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}

const PRESSURES: readonly (readonly [NodeBehavior, string])[] = [
  ['memory-pressure', 'MemoryPressure'],
  ['disk-pressure', 'DiskPressure'],
  ['pid-pressure', 'PIDPressure'],
];
const MEMORY_PRESSURE = { key: TAINTS.memoryPressure, effect: 'NoSchedule' } as const;

/**
 * Whether a kubelet under pressure turns the pod away. Critical pods come in always; under memory pressure alone also
 * those that are not best-effort, and those that tolerate it. Mirrors the eviction manager's `Admit`. It is the pressure
 * that the kubelet itself reports that counts, not a condition that a client has set.
 */
export function pressureRejection(pod: Pod, node: Node): Rejection | undefined {
  const behaviors = nodeBehaviors(node);
  const pressures = PRESSURES.filter(([behavior]) => behaviors.has(behavior)).map(([, type]) => type);
  if (pressures.length === 0 || isCritical(pod)) return undefined;
  if (pressures.length === 1 && pressures[0] === 'MemoryPressure') {
    if (pod.status.qosClass !== 'BestEffort' || isTolerated(MEMORY_PRESSURE, pod.spec.tolerations)) return undefined;
  }
  return { reason: 'Evicted', message: `The node had condition: [${pressures.join(' ')}]. ` };
}
