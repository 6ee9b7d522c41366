import { keyOf } from '../controllers/runtime/keys.js';
import { nodesByAddress } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { namespaces, pods } from '../resources/index.js';
import { networkPolicies } from '../resources/plain/networking.js';
import { labelSelectorMatcher } from '../resources/selector.js';
import { hasEnded } from '../resources/state.js';
import type { Pod } from '../resources/types.js';
import { isWithin } from '../resources/validation/ip.js';
import type { NetworkPolicy, PolicyPeer, PolicyPort } from '../resources/validation/network-policy.js';
import { type Sentence, sentence } from '../words/sentence.js';

/** One end of a connection: a pod, a node, or whoever else has the address. */
export interface Party {
  readonly address: string;
  readonly pod?: Pod | undefined;
  /** The node whose address it is. */
  readonly node?: string | undefined;
}

/** What the policies of one end say. */
export interface Side {
  readonly allowed: boolean;
  readonly why: Sentence;
  /** The policies that are about that end, by name: without any, everything is allowed. */
  readonly policies: readonly string[];
  /** The rule that allows it: `name` of the policy, and which of its rules (from 0). */
  readonly by?: { readonly policy: string; readonly rule: number };
}

export interface TrafficVerdict {
  readonly allowed: boolean;
  readonly egress: Side;
  readonly ingress: Side;
}

const free = (end: string): Side => ({ allowed: true, policies: [], why: sentence('traffic.free', { end }) });
const HOME: Side = { allowed: true, policies: [], why: sentence('traffic.home') };
const HOST: Side = { allowed: true, policies: [], why: sentence('traffic.host') };

/** What an end is called. */
export const endName = ({ pod, node, address }: Party): string =>
  pod ? `pod ${keyOf(pod.metadata)}` : node ? `node ${node}` : address;

/** Whose an address is. A pod on the host network has its node's address, and counts as the node. */
export function partyAt(registry: Registry, address: string): Party {
  const [node] = nodesByAddress(registry).get(address);
  if (node) return { address, node: node.name };
  const byAddress = registry.index(pods, 'ip', ({ status }) => (status.podIP ? [status.podIP] : []));
  // The address of one that has ended may be another's by now.
  const found = byAddress.get(address).find(({ object }) => !hasEnded(object) && !object.spec.hostNetwork);
  return { address, pod: found?.object };
}

/**
 * Whether NetworkPolicies let one end talk to a port of a pod: the policies of the namespace of either end that select it, each allowing what any of their
 * rules allows. A pod talks to itself and with its own node whatever they say; pods on the host network are not isolated.
 */
export function judge(registry: Registry, from: Party, to: Pod, port: number, protocol: string): TrafficVerdict {
  const isAtHome = from.pod?.metadata.uid === to.metadata.uid || from.node === to.spec.nodeName;
  const target: Party = { address: to.status.podIP ?? '', pod: to };
  const egress = from.pod ? sideOf(registry, 'egress', from.pod, target, to, port, protocol) : free(endName(from));
  const ingress = isAtHome ? HOME : sideOf(registry, 'ingress', to, from, to, port, protocol);
  return { allowed: egress.allowed && ingress.allowed, egress, ingress };
}

function sideOf(
  registry: Registry,
  direction: 'ingress' | 'egress',
  isolated: Pod,
  other: Party,
  target: Pod,
  port: number,
  protocol: string,
): Side {
  if (isolated.spec.hostNetwork) return HOST;
  if (isolated.metadata.uid === other.pod?.metadata.uid) return HOME;
  const { namespace = '', labels } = isolated.metadata;
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const about = registry
    .all(networkPolicies, namespace)
    .map(({ object }) => object)
    .filter(({ spec }) => spec.policyTypes?.includes(type) && labelSelectorMatcher(spec.podSelector).matches(labels));
  const names = about.map(({ metadata }) => metadata.name);
  for (const policy of about) {
    const rule = rulesOf(policy, direction).findIndex(
      ({ peers, ports }) =>
        (peers.length === 0 || peers.some(peer => isPeer(registry, peer, namespace, other))) &&
        (ports.length === 0 || ports.some(one => isPort(one, target, port, protocol))),
    );
    if (rule < 0) continue;
    const by = { policy: policy.metadata.name, rule };
    const why = sentence('traffic.rule', { policy: by.policy, rule: String(rule) });
    return { allowed: true, policies: names, by, why };
  }
  if (about.length === 0) return free(endName({ address: '', pod: isolated }));
  return { allowed: false, policies: names, why: sentence('traffic.none', { policies: names }) };
}

const rulesOf = ({ spec }: NetworkPolicy, direction: 'ingress' | 'egress') =>
  direction === 'ingress'
    ? (spec.ingress ?? []).map(({ from = [], ports = [] }) => ({ peers: from, ports }))
    : (spec.egress ?? []).map(({ to = [], ports = [] }) => ({ peers: to, ports }));

/** Pods are chosen by labels, everybody else by address. */
function isPeer(
  registry: Registry,
  { ipBlock, podSelector, namespaceSelector }: PolicyPeer,
  namespace: string,
  { pod, address }: Party,
): boolean {
  if (ipBlock) {
    const { cidr = '', except = [] } = ipBlock;
    return isWithin(address, cidr) && !except.some(range => isWithin(address, range));
  }
  if (!pod) return false;
  const own = pod.metadata.namespace ?? '';
  const isOfNamespace = namespaceSelector
    ? labelSelectorMatcher(namespaceSelector).matches(registry.get(namespaces, '', own)?.object.metadata.labels)
    : own === namespace;
  return isOfNamespace && (!podSelector || labelSelectorMatcher(podSelector).matches(pod.metadata.labels));
}

/** A port by its number, a range of them, or the name that the target gives it. */
function isPort(rule: PolicyPort, { spec }: Pod, port: number, protocol: string): boolean {
  const wanted = rule.protocol ?? 'TCP';
  if (wanted !== protocol) return false;
  if (rule.port === undefined) return true;
  if (typeof rule.port === 'number') return port >= rule.port && port <= (rule.endPort ?? rule.port);
  return spec.containers.some(({ ports = [] }) =>
    ports.some(p => p.name === rule.port && p.containerPort === port && (p.protocol ?? 'TCP') === wanted),
  );
}
