import type { StorageView } from '../../placement/volumes/storage-view.js';
import type { Registry } from '../../registry/registry.js';
import { claims, csiNodesOf, storageClassesOf, volumes } from '../volume-binder/kinds.js';

/** The claims, volumes and classes of a registry, with each write. */
export function storageOf(registry: Registry): StorageView {
  const [classes, csiNodes] = [storageClassesOf(registry), csiNodesOf(registry)];
  return {
    claim: (namespace, name) => registry.get(claims, namespace, name)?.object,
    volume: name => registry.get(volumes, '', name)?.object,
    volumes: () => registry.all(volumes).map(({ object }) => object),
    storageClass: name => registry.get(classes, '', name)?.object,
    csiNode: name => registry.get(csiNodes, '', name)?.object,
  };
}
