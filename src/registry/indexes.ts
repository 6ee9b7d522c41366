import type { ResourceDefinition } from '../resources/definition.js';
import { pods } from '../resources/index.js';
import type { KubeObject, OwnerReference, Pod } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import type { Registry } from './registry.js';
import type { Index } from './types.js';

/** Pods by the node that they are bound to; those that are bound to none, by the empty name. */
export function podsByNode(registry: Registry): Index<Pod> {
  return registry.index(pods, 'node', pod => [pod.spec.nodeName ?? '']);
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

/**
 * The objects of a kind that name `uid` as an owner. Almost every owner controls what it owns: only the others need an index of
 * their own.
 */
export function dependentsOf<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  uid: string,
): readonly Entry<T>[] {
  const controlled = indexByController(registry, kind).get(uid);
  const others = indexByOtherOwner(registry, kind).get(uid);
  return others.length === 0 ? controlled : [...new Set([...controlled, ...others])];
}

function indexByOtherOwner<T extends KubeObject>(registry: Registry, kind: ResourceDefinition<T>): Index<T> {
  return registry.index(kind, 'other-owner', object => {
    const controller = controllerOf(object);
    return ownersOf(object).flatMap(owner => (owner === controller ? [] : [owner.uid]));
  });
}

const NOBODY: readonly OwnerReference[] = [];

/** The references to an object's owners. */
export const ownersOf = ({ metadata }: KubeObject): readonly OwnerReference[] => metadata.ownerReferences ?? NOBODY;

/** The reference to the owner that controls the object, if one does. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return ownersOf(object).find(owner => owner.controller === true);
}
