import { NodeInfo } from '../../placement/node-info.js';
import { podsByNode } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { qualifiedName } from '../../resources/definition.js';
import { nodes, pods } from '../../resources/index.js';
import type { Node, Pod } from '../../resources/types.js';

const caches = new WeakMap<Registry, NodeCache>();

/**
 * What stands on every node, kept with each write, so that a pod which was just bound counts already for the next one.
 * One for each registry: the scheduler decides by it and explanations look at it.
 */
export class NodeCache {
  readonly #infos = new Map<string, NodeInfo>();

  private constructor(registry: Registry) {
    const onNodes = podsByNode(registry);
    const addNode = (node: Node) => {
      const info = new NodeInfo(node);
      for (const { object } of onNodes.get(node.metadata.name)) info.add(object);
      this.#infos.set(node.metadata.name, info);
    };
    for (const { object } of registry.all(nodes)) addNode(object);
    registry.onApply(({ type, entry, previous }) => {
      if (entry.resource === qualifiedName(nodes)) {
        const info = this.#infos.get(entry.name);
        if (type === 'DELETED') this.#infos.delete(entry.name);
        else if (info) info.node = entry.object as Node;
        else addNode(entry.object as Node);
      } else if (entry.resource === qualifiedName(pods)) {
        const before = (previous?.object as Pod | undefined)?.spec.nodeName;
        const after = type === 'DELETED' ? undefined : (entry.object as Pod).spec.nodeName;
        if (before && before !== after) this.#infos.get(before)?.remove(entry.uid);
        if (after) this.#infos.get(after)?.add(entry.object as Pod);
      }
    });
  }

  static of(registry: Registry): NodeCache {
    let cache = caches.get(registry);
    if (!cache) caches.set(registry, (cache = new NodeCache(registry)));
    return cache;
  }

  get size(): number {
    return this.#infos.size;
  }

  get(node: string): NodeInfo | undefined {
    return this.#infos.get(node);
  }

  all(): IterableIterator<NodeInfo> {
    return this.#infos.values();
  }
}
