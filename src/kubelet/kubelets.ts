import type { ControllerContext, Recorder } from '../controllers/runtime/types.js';
import { podsByNode } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import type { KubeObject, Node, ObjectReference, Pod } from '../resources/types.js';
import { Allocator, formatAddress, parseRange } from './addresses.js';
import { type AdmissionHost, admit } from './admission.js';
import { type KubeletOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { isTerminal } from './pod-status.js';
import type { Host, PodEvent, Rejection } from './stages.js';

/** What the kubelets of all nodes have in common: their settings, their voices, and the addresses of their pods. */
export class Kubelets implements Host {
  readonly options: ResolvedOptions;
  readonly #registry: Registry;
  readonly #context: ControllerContext;
  readonly #recorders = new Map<string, Recorder>();
  /** By node; made anew when the node's pod network changes. */
  readonly #addresses = new Map<string, { cidr: string; allocator: Allocator }>();

  /** @throws Error if the options make no sense */
  constructor(context: ControllerContext, options: KubeletOptions) {
    this.#context = context;
    this.#registry = context.registry;
    this.options = resolveOptions(options);
  }

  get random() {
    return this.#registry.random;
  }

  admit(pod: Pod, node: Node): Rejection | undefined {
    const host: AdmissionHost = {
      podsOnNode: podsByNode(this.#registry)
        .get(node.metadata.name)
        .map(entry => entry.object),
    };
    return admit(pod, node, host);
  }

  allocateIP(node: Node): string | undefined {
    const { name } = node.metadata;
    const cidr = node.spec.podCIDR;
    if (cidr === undefined) return undefined;
    let addresses = this.#addresses.get(name);
    if (addresses?.cidr !== cidr) {
      // The network's own address, its gateway and its broadcast address are nobody's.
      addresses = { cidr, allocator: new Allocator(parseRange(cidr), 1, { first: 2, last: 1 }) };
      this.#addresses.set(name, addresses);
    }
    const pods = podsByNode(this.#registry).get(name);
    const address = addresses.allocator.take(candidate => {
      const ip = formatAddress(candidate);
      return pods.some(({ object }) => object.status.podIP === ip && !isTerminal(object.status.phase));
    });
    return address === undefined ? undefined : formatAddress(address);
  }

  /** Tells of an Event about `object`, or one of its containers, as the kubelet of `node`. */
  tell(node: string, object: KubeObject, { type, reason, message, fieldPath }: PodEvent): void {
    if (!this.options.events) return;
    const recorder = this.#recorders.get(node) ?? this.#context.recorder('kubelet', node);
    this.#recorders.set(node, recorder);
    recorder.event(fieldPath ? referenceTo(object, fieldPath) : object, type, reason, message);
  }

  forgetNode(name: string): void {
    this.#recorders.delete(name);
    this.#addresses.delete(name);
  }
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject, fieldPath: string): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, ...(namespace ? { namespace } : {}), name, uid, resourceVersion, fieldPath };
}
