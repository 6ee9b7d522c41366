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
  readonly #withAffinity = new Set<NodeInfo>();
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

  nodesWithAffinity(): Iterable<NodeInfo> {
    return this.#withAffinity;
  }

  namespaceLabels(namespace: string): Labels {
    return this.#registry.get(namespaces, '', namespace)?.object.metadata.labels;
  }

  kin(pod: Pod): Kin | undefined {
    return this.#kin.of(pod);
  }

  #copy(from: NodeCache): void {
    for (const [name, info] of from.#infos) this.#infos.set(name, info.clone());
    for (const { name } of from.#withAffinity) this.#withAffinity.add(this.#infos.get(name)!);
  }

  #nodeChanged({ type, entry }: Change<Node>): void {
    const info = this.#infos.get(entry.name);
    if (type !== 'DELETED' && info) {
      if (zoneOf(info.node) !== zoneOf(entry.object)) this.#kin.forget();
      info.node = entry.object;
    } else if (type !== 'DELETED') {
      this.#addNode(entry.object);
    } else if (info) {
      this.#infos.delete(entry.name);
      this.#kin.forget();
      this.#withAffinity.delete(info);
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
    const info = this.#infos.get(node);
    if (!info) return;
    change(info);
    this.#noteAffinity(info);
  }

  #noteAffinity(info: NodeInfo): void {
    if (info.podsWithAffinity.size > 0) this.#withAffinity.add(info);
    else if (this.#withAffinity.size > 0) this.#withAffinity.delete(info);
  }
}
