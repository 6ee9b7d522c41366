import { hasEnded } from '../resources/state.js';
import type { Node, Pod } from '../resources/types.js';
import { type HostPort, hostPorts } from './host-ports.js';
import { type Amounts, amounts, assumedRequests, reservedRequests } from './pod-resources.js';

/** Whether a pod has anything to say about which pods stand near it. */
export const hasPodAffinity = ({ spec: { affinity } }: Pod): boolean =>
  affinity?.podAffinity !== undefined || affinity?.podAntiAffinity !== undefined;

/** A node and what already stands on it. Pods come and go at a cost that does not depend on how many there are. */
export class NodeInfo {
  /** By uid. */
  readonly pods = new Map<string, Pod>();
  /** Sum of the pods' requests; `cpu` in millicores. */
  readonly requested: Record<string, number> = {};
  /** Sum of what the pods are taken to need when nodes are compared; `cpu` in millicores. */
  readonly assumed = { cpu: 0, memory: 0 };
  /** Host ports that are taken, by the uid of the pod that has them. */
  readonly ports = new Map<string, readonly HostPort[]>();
  /** The pods that want others near or away, by uid. */
  readonly podsWithAffinity = new Map<string, Pod>();
  #node: Node;
  #allocatable: Amounts;

  constructor(node: Node, pods: Iterable<Pod> = []) {
    this.#node = node;
    this.#allocatable = amounts(node.status?.allocatable);
    for (const pod of pods) this.add(pod);
  }

  get node(): Node {
    return this.#node;
  }

  set node(node: Node) {
    if (node.status?.allocatable !== this.#node.status?.allocatable)
      this.#allocatable = amounts(node.status?.allocatable);
    this.#node = node;
  }

  get name(): string {
    return this.#node.metadata.name;
  }

  /** What pods may have together; `cpu` in millicores. */
  get allocatable(): Amounts {
    return this.#allocatable;
  }

  /** Takes a pod in, or its new version in place of the old one. Pods that have ended take no room. */
  add(pod: Pod): void {
    const { uid } = pod.metadata;
    const former = this.pods.get(uid);
    const isResized = (pod.metadata.generation ?? 1) > 1;
    if (former?.spec === pod.spec && !isResized && !hasEnded(pod)) {
      // The same demands: most writes only tell how the pod is doing.
      this.pods.set(uid, pod);
      if (this.podsWithAffinity.has(uid)) this.podsWithAffinity.set(uid, pod);
      return;
    }
    this.remove(uid);
    if (hasEnded(pod)) return;
    this.pods.set(uid, pod);
    this.#account(pod, 1);
    const ports = hostPorts(pod);
    if (ports.length > 0) this.ports.set(uid, ports);
    if (hasPodAffinity(pod)) this.podsWithAffinity.set(uid, pod);
  }

  remove(uid: string): void {
    const pod = this.pods.get(uid);
    if (!pod) return;
    this.pods.delete(uid);
    this.#account(pod, -1);
    this.ports.delete(uid);
    this.podsWithAffinity.delete(uid);
  }

  /** A copy that goes its own way. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.#node);
    for (const [uid, pod] of this.pods) copy.pods.set(uid, pod);
    for (const [uid, ports] of this.ports) copy.ports.set(uid, ports);
    for (const [uid, pod] of this.podsWithAffinity) copy.podsWithAffinity.set(uid, pod);
    Object.assign(copy.requested, this.requested);
    Object.assign(copy.assumed, this.assumed);
    return copy;
  }

  #account(pod: Pod, sign: 1 | -1): void {
    const requests = reservedRequests(pod);
    for (const resource in requests) {
      this.requested[resource] = (this.requested[resource] ?? 0) + sign * requests[resource]!;
    }
    const assumed = assumedRequests(pod);
    this.assumed.cpu += sign * assumed.cpu!;
    this.assumed.memory += sign * assumed.memory!;
  }
}
