import type { Kin } from '../../placement/cluster-view.js';
import type { NodeInfo } from '../../placement/node-info.js';
import type { Registry } from '../../registry/registry.js';
import { qualifiedName, type ResourceDefinition } from '../../resources/definition.js';
import { replicaSets, replicationControllers, services, statefulSets } from '../../resources/index.js';
import { type LabelMatcher, labelSelectorMatcher } from '../../resources/selector.js';
import { hasEnded, isTerminating } from '../../resources/state.js';
import type { KubeObject, LabelSelector, Node, Pod } from '../../resources/types.js';
import { ZONE_LABEL } from '../../resources/well-known.js';

/** Groups that are kept in mind; of more, those that were asked for longest ago are counted anew. */
const KEPT = 32;

/** What makes pods alike to the scheduler: its owner's selector, and those of the services that select it. */
const SELECTORS: readonly ResourceDefinition<KubeObject>[] = [
  services,
  replicaSets,
  replicationControllers,
  statefulSets,
] as readonly ResourceDefinition<never>[] as readonly ResourceDefinition<KubeObject>[];
const WITH_SELECTORS = new Set(SELECTORS.map(qualifiedName));

/** The pods of one selector, counted by node and zone as they come and go. */
class Group implements Kin {
  readonly #byNode = new Map<string, number>();
  readonly #byZone = new Map<string, number>();
  readonly #namespace: string;
  readonly #selector: LabelMatcher;
  readonly #zoneOf: (node: string) => string;

  constructor(namespace: string, selector: LabelMatcher, zoneOf: (node: string) => string) {
    this.#namespace = namespace;
    this.#selector = selector;
    this.#zoneOf = zoneOf;
  }

  /** Pods that are on their way out do not count. */
  includes(pod: Pod): boolean {
    const { namespace, labels } = pod.metadata;
    return namespace === this.#namespace && !isTerminating(pod) && !hasEnded(pod) && this.#selector.matches(labels);
  }

  add(node: string, amount: number): void {
    raise(this.#byNode, node, amount);
    raise(this.#byZone, this.#zoneOf(node), amount);
  }

  onNode(node: string): number {
    return this.#byNode.get(node) ?? 0;
  }

  inZone(zone: string): number {
    return this.#byZone.get(zone) ?? 0;
  }
}

function raise(counts: Map<string, number>, key: string, amount: number): void {
  const sum = (counts.get(key) ?? 0) + amount;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

/** Counts the pods that belong together, for those that say nothing themselves of how they are to be spread. */
export class KinCounts {
  readonly #registry: Registry;
  readonly #nodes: ReadonlyMap<string, NodeInfo>;
  /** Those asked for last come last. `undefined`: such pods belong to nobody. */
  #groups = new Map<string, Group | undefined>();

  constructor(registry: Registry, nodes: ReadonlyMap<string, NodeInfo>) {
    this.#registry = registry;
    this.#nodes = nodes;
    registry.onApply(({ entry }) => {
      if (WITH_SELECTORS.has(entry.resource)) this.forget();
    });
  }

  /** The pods that a pod belongs to; `undefined` if neither a service nor a controller selects it. */
  of(pod: Pod): Kin | undefined {
    const { namespace = '', labels, ownerReferences } = pod.metadata;
    const owner = ownerReferences?.find(({ controller }) => controller);
    const key = `${namespace} ${owner?.uid} ${JSON.stringify(labels)}`;
    const known = this.#groups.get(key);
    const isKnown = known !== undefined || this.#groups.has(key);
    this.#groups.delete(key);
    if (!isKnown && this.#groups.size >= KEPT) this.#groups.delete(this.#groups.keys().next().value!);
    const group = isKnown ? known : this.#count(namespace, this.#selectorOf(pod, owner));
    this.#groups.set(key, group);
    return group;
  }

  /** Takes note of a pod on a node, as it was and as it is. */
  podChanged(before: Pod | undefined, after: Pod | undefined): void {
    for (const group of this.#groups.values()) {
      if (!group) continue;
      const [from, to] = [before, after].map(pod => (pod && group.includes(pod) ? pod.spec.nodeName : undefined));
      if (from === to) continue;
      if (from && this.#nodes.has(from)) group.add(from, -1);
      if (to && this.#nodes.has(to)) group.add(to, 1);
    }
  }

  /** What was counted does not hold any more: nodes came or went or moved, or selectors are others. */
  forget(): void {
    if (this.#groups.size > 0) this.#groups = new Map();
  }

  #count(namespace: string, selector: LabelMatcher | undefined): Group | undefined {
    if (!selector) return undefined;
    const group = new Group(namespace, selector, node => zoneOf(this.#nodes.get(node)!.node));
    for (const info of this.#nodes.values()) {
      let count = 0;
      for (const pod of info.pods.values()) if (group.includes(pod)) count++;
      if (count > 0) group.add(info.name, count);
    }
    return group;
  }

  /** Mirrors `DefaultSelector`: everything that selects the pod must select its kin. */
  #selectorOf({ metadata: { namespace = '', labels } }: Pod, owner: { kind: string; name: string } | undefined) {
    const matchLabels: Record<string, string> = {};
    for (const { object } of this.#registry.all(services, namespace)) {
      const { selector } = object.spec;
      if (selector && Object.entries(selector).every(([key, value]) => labels?.[key] === value))
        Object.assign(matchLabels, selector);
    }
    const of = <T extends KubeObject>(kind: ResourceDefinition<T>) =>
      owner &&
      (this.#registry.get(kind, namespace, owner.name)?.object as { spec: { selector?: unknown } } | undefined);
    let more: LabelSelector = {};
    if (owner?.kind === 'ReplicationController')
      Object.assign(matchLabels, of(replicationControllers)?.spec.selector as Record<string, string> | undefined);
    else if (owner?.kind === 'ReplicaSet') more = (of(replicaSets)?.spec.selector ?? {}) as LabelSelector;
    else if (owner?.kind === 'StatefulSet') more = (of(statefulSets)?.spec.selector ?? {}) as LabelSelector;
    const [first, second] = [labelSelectorMatcher({ matchLabels }), labelSelectorMatcher(more)];
    if (first.requirements.length + second.requirements.length === 0) return undefined;
    return { matches: (of: Parameters<LabelMatcher['matches']>[0]) => first.matches(of) && second.matches(of) };
  }
}

/** The zone of a node; empty if it is in none. */
export const zoneOf = ({ metadata: { labels } }: Node): string => labels?.[ZONE_LABEL] ?? '';
