import type { ClusterView, Kin } from '../../placement/cluster-view.js';
import { NodeInfo } from '../../placement/node-info.js';
import type { StorageView } from '../../placement/volumes/storage-view.js';
import { podsByNode } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { qualifiedName } from '../../resources/definition.js';
import { namespaces, nodes, pods } from '../../resources/index.js';
import type { Labels } from '../../resources/selector.js';
import type { Node, Pod } from '../../resources/types.js';
import type { Change } from '../../store/entry.js';
import { KinCounts, zoneOf } from './kin.js';
import { storageOf } from './storage.js';

const NODES = qualifiedName(nodes);
const PODS = qualifiedName(pods);

const caches = new WeakMap<Registry, NodeCache>();

/**
 * What stands on every node, kept with each write, so that a pod which was just bound counts already for the next one.
 * One for each registry: the scheduler decides by it and explanations look at it.
 */
export class NodeCache implements ClusterView {
  readonly storage: StorageView;
  readonly #registry: Registry;
  readonly #infos = new Map<string, NodeInfo>();
  /** Those that no copy looks at: the others are copied before they change. */
  #own = new WeakSet<NodeInfo>();
  /** The names of nodes whose pods want others near or away. */
  readonly #withAffinity = new Set<string>();
  readonly #kin: KinCounts;
  #list: readonly NodeInfo[] | undefined;

  static of(registry: Registry): NodeCache {
    let cache = caches.get(registry);
    if (!cache) caches.set(registry, (cache = new NodeCache(registry)));
    return cache;
  }

  private constructor(registry: Registry, from?: NodeCache) {
    this.#registry = registry;
    this.storage = storageOf(registry);
    this.#kin = new KinCounts(registry, this.#infos);
    if (from) this.#copy(from);
    else for (const { object } of registry.all(nodes)) this.#addNode(object);
    registry.onFork(fork => caches.set(fork, new NodeCache(fork, this)));
    registry.onApply(change => {
      if (change.entry.resource === PODS) this.#podChanged(change as Change<Pod>);
      else if (change.entry.resource === NODES) this.#nodeChanged(change as Change<Node>);
    });
  }

  get size(): number {
    return this.#infos.size;
  }

  get(node: string): NodeInfo | undefined {
    return this.#infos.get(node);
  }

  /** In the order in which the nodes came. */
  nodes(): readonly NodeInfo[] {
    this.#list ??= [...this.#infos.values()];
    return this.#list;
  }

  *nodesWithAffinity(): Iterable<NodeInfo> {
    for (const name of this.#withAffinity) yield this.#infos.get(name)!;
  }

  namespaceLabels(namespace: string): Labels {
    return this.#registry.get(namespaces, '', namespace)?.object.metadata.labels;
  }

  kin(pod: Pod): Kin | undefined {
    return this.#kin.of(pod);
  }

  /** Begins with what another one has, and shares it until one of the two changes. */
  #copy(from: NodeCache): void {
    from.#own = new WeakSet();
    for (const [name, info] of from.#infos) this.#infos.set(name, info);
    for (const name of from.#withAffinity) this.#withAffinity.add(name);
    this.#list = from.#list;
  }

  /** A node's info, to be changed. */
  #owned(name: string): NodeInfo | undefined {
    const info = this.#infos.get(name);
    if (!info || this.#own.has(info)) return info;
    const own = info.clone();
    this.#own.add(own);
    this.#infos.set(name, own);
    this.#list = undefined;
    return own;
  }

  #nodeChanged({ type, entry }: Change<Node>): void {
    const info = type === 'DELETED' ? this.#infos.get(entry.name) : this.#owned(entry.name);
    if (type !== 'DELETED' && info) {
      if (zoneOf(info.node) !== zoneOf(entry.object)) this.#kin.forget();
      info.node = entry.object;
    } else if (type !== 'DELETED') {
      this.#addNode(entry.object);
    } else if (info) {
      this.#infos.delete(entry.name);
      this.#kin.forget();
      this.#withAffinity.delete(entry.name);
      this.#list = undefined;
    }
  }

  #addNode(node: Node): void {
    // Pods may have been bound to a node that was not there yet.
    const pods = podsByNode(this.#registry).get(node.metadata.name);
    const info = new NodeInfo(
      node,
      pods.map(entry => entry.object),
    );
    this.#own.add(info);
    this.#infos.set(node.metadata.name, info);
    if (info.pods.size > 0) this.#kin.forget();
    this.#list = undefined;
    this.#noteAffinity(info);
  }

  #podChanged({ type, entry, previous }: Change<Pod>): void {
    const before = previous?.object.spec.nodeName ?? (type === 'DELETED' ? entry.object.spec.nodeName : undefined);
    const after = type === 'DELETED' ? undefined : entry.object.spec.nodeName;
    this.#kin.podChanged(
      previous?.object ?? (type === 'DELETED' ? entry.object : undefined),
      after ? entry.object : undefined,
    );
    if (before && before !== after) this.#change(before, info => info.remove(entry.uid));
    if (after) this.#change(after, info => info.add(entry.object));
  }

  #change(node: string, change: (info: NodeInfo) => void): void {
    const info = this.#owned(node);
    if (!info) return;
    change(info);
    this.#noteAffinity(info);
  }

  #noteAffinity(info: NodeInfo): void {
    if (info.podsWithAffinity.size > 0) this.#withAffinity.add(info.name);
    else if (this.#withAffinity.size > 0) this.#withAffinity.delete(info.name);
  }
}
