import type { GraphQLFieldResolver } from 'graphql';
import { Placement } from '../../explain/placements.js';
import { qualifiedName, type ResourceDefinition } from '../../resources/definition.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../../resources/index.js';
import type { KubeObject } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import type { GraphContext } from '../context.js';

/**
 * A resolver: the object it is asked about, the arguments, the request. Written as a method so that each resolver may name
 * the arguments that its field has in the SDL.
 */
type Resolve<Source> = {
  resolve(source: Source, args: Readonly<Record<string, unknown>>, context: GraphContext): unknown;
}['resolve'];

/** The resolvers of one type, by field. */
export type FieldResolvers<Source> = Readonly<Record<string, Resolve<Source>>>;

/** A subscription: where its events come from; each is given to `resolve`. */
export interface SubscriptionField {
  readonly subscribe: GraphQLFieldResolver<unknown, GraphContext>;
  readonly resolve: GraphQLFieldResolver<unknown, GraphContext>;
}

/** Resolvers as the schema takes them, by type and field. */
export type ResolverMap = Readonly<
  Record<string, Readonly<Record<string, GraphQLFieldResolver<unknown, GraphContext> | SubscriptionField>>>
>;

/** Forgets the source's type, once it is known to be right for the GraphQL type that the resolvers are for. */
export function resolversOf<Source>(fields: FieldResolvers<Source>): ResolverMap[string] {
  return fields as unknown as ResolverMap[string];
}

/** The kinds that are typed objects of the graph, by GraphQL type. The type of a Kubernetes Node yields to Relay's. */
export const OBJECT_TYPES: ReadonlyMap<string, ResourceDefinition> = new Map<string, ResourceDefinition>([
  ['ClusterNode', nodes as unknown as ResourceDefinition],
  ['Pod', pods as unknown as ResourceDefinition],
  ['DaemonSet', daemonSets as unknown as ResourceDefinition],
  ['ControllerRevision', controllerRevisions as unknown as ResourceDefinition],
]);

const TYPE_NAMES = new Map([...OBJECT_TYPES].map(([type, kind]) => [qualifiedName(kind), type]));

/** The GraphQL type of anything that implements an interface. */
export function typeNameOf(value: unknown): string | undefined {
  if (value instanceof Placement) return 'Placement';
  return TYPE_NAMES.get((value as Entry<KubeObject>).resource);
}
