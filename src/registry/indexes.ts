import type { ResourceDefinition } from '../resources/definition.js';
import { pods } from '../resources/index.js';
import type { KubeObject, OwnerReference, Pod } from '../resources/types.js';
import type { Registry } from './registry.js';
import type { Index } from './types.js';

/** Pods by the node that they are bound to. */
export function podsByNode(registry: Registry): Index<Pod> {
  return registry.index(pods, 'node', pod => (pod.spec.nodeName ? [pod.spec.nodeName] : []));
}

/** Objects by the uid of the owner that controls them. */
export function indexByController<T extends KubeObject>(registry: Registry, kind: ResourceDefinition<T>): Index<T> {
  return registry.index(kind, 'controller', object => {
    const controller = controllerOf(object);
    return controller ? [controller.uid] : [];
  });
}

/** Objects that nobody controls, by namespace. */
export function indexOrphans<T extends KubeObject>(registry: Registry, kind: ResourceDefinition<T>): Index<T> {
  return registry.index(kind, 'orphan', object => (controllerOf(object) ? [] : [object.metadata.namespace ?? '']));
}

/** The reference to the owner that controls the object, if one does. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(owner => owner.controller === true);
}
