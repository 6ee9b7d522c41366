import type { ResourceDefinition } from '../resources/definition.js';
import { endpointSlices, nodes, pods } from '../resources/index.js';
import type { EndpointSlice, KubeObject, Node, OwnerReference, Pod } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import type { Registry } from './registry.js';
import type { Index } from './types.js';

/** Pods by the node that they are bound to; those that are bound to none, by the empty name. */
export function podsByNode(registry: Registry): Index<Pod> {
  return registry.index(pods, 'node', pod => [pod.spec.nodeName ?? '']);
}

/** Nodes by each of their addresses. */
export function nodesByAddress(registry: Registry): Index<Node> {
  return registry.index(nodes, 'address', node => node.status?.addresses?.map(({ address }) => address) ?? []);
}

/** The Service that a slice says it belongs to, as `namespace/name`. */
export function serviceOfSlice({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.['kubernetes.io/service-name'];
  return name === undefined ? undefined : `${metadata.namespace ?? ''}/${name}`;
}

/** EndpointSlices, whoever keeps them, by their Service (`namespace/name`). */
export function slicesByService(registry: Registry): Index<EndpointSlice> {
  return registry.index(endpointSlices, 'any-service', slice => {
    const service = serviceOfSlice(slice);
    return service === undefined ? [] : [service];
  });
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
