import type { ControllerContext, Recorder } from '../controllers/runtime/types.js';
import { amounts } from '../placement/pod-resources.js';
import { podsByNode } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { formatAddress, parseRange } from '../resources/ipv4.js';
import type { KubeObject, Node, Pod } from '../resources/types.js';
import { Allocator } from './addresses.js';
import {
  type Footprint,
  isShortage,
  obstacles,
  pressureRejection,
  rejectionFor,
  type Shortage,
  shortages,
} from './admission.js';
import type { BehaviorRules } from './behavior-rules.js';
import { isCritical, podsToPreempt } from './critical.js';
import type { Instructions } from './instructions.js';
import { Ledger } from './ledger.js';
import { NodeAddresses } from './node-addresses.js';
import { type KubeletOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { Admission, Host, PodEvent } from './scene.js';

/** What the kubelets of all nodes have in common: their settings, their voices, and the addresses of their pods. */
export class Kubelets implements Host {
  readonly options: ResolvedOptions;
  /** What pods are told to do. */
  readonly instructions: Instructions;
  /** Of nodes that come without. */
  readonly addresses: NodeAddresses;
  readonly #registry: Registry;
  readonly #context: ControllerContext;
  readonly #ledger: Ledger;
  readonly #recorders = new Map<string, Recorder>();
  /** By node; made anew when the node's pod network changes. */
  readonly #pools = new Map<string, { cidr: string; allocator: Allocator }>();

  /** @throws Error if the options make no sense */
  constructor(context: ControllerContext, options: KubeletOptions, instructions: Instructions) {
    this.#context = context;
    this.#registry = context.registry;
    this.#ledger = new Ledger(context.registry);
    this.options = resolveOptions(options);
    this.addresses = new NodeAddresses(context.registry, this.options);
    this.instructions = instructions;
  }

  /** What pods and nodes are made to do on demand. */
  get rules(): BehaviorRules {
    return this.instructions.rules;
  }

  get random() {
    return this.#registry.random;
  }

  admit(pod: Pod, node: Node): Admission {
    const underPressure = pressureRejection(pod, node);
    if (underPressure) return { rejection: underPressure };
    const found = obstacles(pod, node, this.#occupants(node, pod));
    if (found.length === 0) return {};
    if (isCritical(pod) && found.every(isShortage)) return this.#makeRoom(pod, node, found);
    return { rejection: rejectionFor(found[0]!) };
  }

  shortages(pod: Pod, node: Node): readonly Shortage[] {
    return shortages(pod, amounts(node.status.allocatable), this.#occupants(node, pod));
  }

  /** What the node's other pods take of it. */
  #occupants(node: Node, pod: Pod): Footprint[] {
    const footprints = this.#ledger.of(node.metadata.name);
    const others: Footprint[] = [];
    for (const [uid, footprint] of footprints) if (uid !== pod.metadata.uid) others.push(footprint);
    return others;
  }

  /** Finds pods that give way to a critical one (KUB-02). */
  #makeRoom(critical: Pod, node: Node, shortages: readonly Shortage[]): Admission {
    const footprints = this.#ledger.of(node.metadata.name);
    const occupants = podsByNode(this.#registry)
      .get(node.metadata.name)
      .filter(({ uid }) => uid !== critical.metadata.uid && footprints.has(uid))
      .map(({ uid, object }) => ({ pod: object, requests: footprints.get(uid)!.requests }));
    const missing = shortages.map(s => [s.resource, s.requested - (s.capacity - s.used)] as const);
    const victims = podsToPreempt(critical, occupants, Object.fromEntries(missing));
    if (victims) return { victims };
    const list = missing.map(([resource, amount]) => `(res: ${resource}, q: ${amount}), `).join('');
    const message = `Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: no set of running pods found to reclaim resources: [${list}]`;
    return { rejection: { reason: 'UnexpectedAdmissionError', message } };
  }

  allocateIP(node: Node): string | undefined {
    const { name } = node.metadata;
    const cidr = node.spec.podCIDR;
    if (cidr === undefined) return undefined;
    let pool = this.#pools.get(name);
    if (pool?.cidr !== cidr) {
      // The network's own address, its gateway and its broadcast address are nobody's.
      pool = { cidr, allocator: new Allocator(parseRange(cidr), 1, { first: 2, last: 1 }) };
      this.#pools.set(name, pool);
    }
    const others = this.#ledger.of(name);
    const inUse = new Set<string | undefined>();
    for (const { podIP } of others.values()) inUse.add(podIP);
    const address = pool.allocator.take(candidate => others.size > 0 && inUse.has(formatAddress(candidate)));
    return address === undefined ? undefined : formatAddress(address);
  }

  /** Tells of an Event about `object`, or one of its containers, as the kubelet of `node`. */
  tell(node: string, object: KubeObject, { type, reason, message, fieldPath }: PodEvent): void {
    if (!this.options.events) return;
    const recorder = this.#recorders.get(node) ?? this.#context.recorder('kubelet', node);
    this.#recorders.set(node, recorder);
    recorder.event(object, type, reason, message, fieldPath ? { fieldPath } : undefined);
  }

  forgetNode(name: string): void {
    this.#recorders.delete(name);
    this.#pools.delete(name);
    this.#ledger.forget(name);
    this.addresses.note(name, false);
  }
}
