import type { Node, Pod } from '../resources/types.js';
import { type HostPort, hostPorts } from './host-ports.js';
import { type Amounts, amounts, podRequests } from './pod-resources.js';

/** A pod as a node accounts for it. */
export interface PlacedPod {
  readonly uid: string;
  readonly pod: Pod;
}

/** Whether a pod has ended for good, and takes nothing of its node any more (SCH-01). */
export const hasEnded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** A node and what already stands on it. Pods come and go at a cost that does not depend on how many there are. */
export class NodeInfo {
  /** By uid. */
  readonly pods = new Map<string, Pod>();
  /** Sum of the pods' requests; `cpu` in millicores. */
  readonly requested: Record<string, number> = {};
  readonly #ports = new Map<string, readonly HostPort[]>();
  #node: Node;
  #allocatable: Amounts;

  constructor(node: Node) {
    this.#node = node;
    this.#allocatable = amounts(node.status?.allocatable);
  }

  get node(): Node {
    return this.#node;
  }

  set node(node: Node) {
    if (node.status?.allocatable !== this.#node.status?.allocatable)
      this.#allocatable = amounts(node.status?.allocatable);
    this.#node = node;
  }

  /** What pods may have together; `cpu` in millicores. */
  get allocatable(): Amounts {
    return this.#allocatable;
  }

  /** Takes a pod in, or its new version in place of the old one. Pods that have ended take no room. */
  add(pod: Pod): void {
    const { uid } = pod.metadata;
    this.remove(uid);
    if (hasEnded(pod)) return;
    this.pods.set(uid, pod);
    const requests = podRequests(pod);
    for (const resource in requests) this.requested[resource] = (this.requested[resource] ?? 0) + requests[resource]!;
    const ports = hostPorts(pod);
    if (ports.length > 0) this.#ports.set(uid, ports);
  }

  remove(uid: string): void {
    const pod = this.pods.get(uid);
    if (!pod) return;
    this.pods.delete(uid);
    const requests = podRequests(pod);
    for (const resource in requests) this.requested[resource] = this.requested[resource]! - requests[resource]!;
    this.#ports.delete(uid);
  }

  /** Host ports that are taken, by the uid of the pod that has them. */
  get ports(): ReadonlyMap<string, readonly HostPort[]> {
    return this.#ports;
  }

  /** A copy to try things on. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.#node);
    for (const pod of this.pods.values()) copy.add(pod);
    return copy;
  }
}
