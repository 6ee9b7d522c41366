import { qualifiedName, type ResourceDefinition } from '../../resources/definition.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../../resources/index.js';
import type { Identified, Seen } from '../view.js';

/** The kinds that are typed objects of the graph, by GraphQL type. The type of a Kubernetes Node yields to Relay's. */
export const OBJECT_TYPES = {
  ClusterNode: nodes as unknown as ResourceDefinition,
  Pod: pods as unknown as ResourceDefinition,
  DaemonSet: daemonSets as unknown as ResourceDefinition,
  ControllerRevision: controllerRevisions as unknown as ResourceDefinition,
} as const;

export type ObjectType = keyof typeof OBJECT_TYPES;

const TYPE_NAMES = new Map(
  Object.entries(OBJECT_TYPES).map(([type, kind]) => [qualifiedName(kind), type as ObjectType]),
);

/** The GraphQL type of an object. */
export function objectTypeOf({ entry }: Seen): ObjectType {
  return TYPE_NAMES.get(entry.resource)!;
}

/** The GraphQL type of anything that has a global id. */
export function typeNameOf(source: Identified): ObjectType | 'Placement' {
  return 'placement' in source ? 'Placement' : objectTypeOf(source);
}
