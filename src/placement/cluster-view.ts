import type { Labels } from '../resources/selector.js';
import type { Pod } from '../resources/types.js';
import type { NodeInfo } from './node-info.js';
import type { StorageView } from './volumes/storage-view.js';

/** How many pods of a kind there are. */
export interface Kin {
  onNode(node: string): number;
  /** In all nodes of a zone; empty for those that are in none. */
  inZone(zone: string): number;
}

/** What the rules that look beyond one node may see. */
export interface ClusterView {
  nodes(): Iterable<NodeInfo>;
  /** The nodes with pods that want others near or away. */
  nodesWithAffinity(): Iterable<NodeInfo>;
  /** `undefined` if there is no such namespace. */
  namespaceLabels(namespace: string): Labels;
  /** The pods that belong together with one; `undefined` if it belongs to nobody. Without it, none do. */
  kin?(pod: Pod): Kin | undefined;
  /** Without one, volumes are taken to be wherever they are wanted. */
  readonly storage?: StorageView;
}

/** Counts by domain: how often something holds in the nodes that share a value of a topology key. */
export class DomainCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  add(topologyKey: string, domain: string, amount: number): void {
    let domains = this.#counts.get(topologyKey);
    if (!domains) this.#counts.set(topologyKey, (domains = new Map()));
    const sum = (domains.get(domain) ?? 0) + amount;
    if (sum === 0) domains.delete(domain);
    else domains.set(domain, sum);
    if (domains.size === 0) this.#counts.delete(topologyKey);
  }

  get(topologyKey: string, domain: string): number {
    return this.#counts.get(topologyKey)?.get(domain) ?? 0;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  topologyKeys(): Iterable<string> {
    return this.#counts.keys();
  }
}

/** The domain of a node: its value of the label `topologyKey`. */
export function domainOf(info: NodeInfo, topologyKey: string): string | undefined {
  const { labels } = info.node.metadata;
  // As `labelOf`, spelled out: it is asked of every node, by the same few keys.
  return labels !== undefined && Object.hasOwn(labels, topologyKey) ? labels[topologyKey] : undefined;
}
