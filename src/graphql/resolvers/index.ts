import { Cluster } from './cluster.js';
import { ControllerRevisionFields, DaemonSetFields } from './daemonset.js';
import { ObjectMeta, OwnerReferenceFields } from './metadata.js';
import { ClusterNode, TaintFields } from './node.js';
import { PlacementFields } from './placement.js';
import { ContainerFields, PodFields } from './pod.js';
import { Query } from './query.js';
import { Subscription } from './subscription.js';
import { type ResolverMap, resolversOf } from './types.js';

/**
 * The resolvers, by type and field. Types and fields that are not here are read off their source as they are: it has
 * properties of the same names.
 */
export const resolvers: ResolverMap = {
  Query: resolversOf(Query),
  Subscription,
  Cluster: resolversOf(Cluster),
  ObjectMeta: resolversOf(ObjectMeta),
  OwnerReference: resolversOf(OwnerReferenceFields),
  ClusterNode: resolversOf(ClusterNode),
  Taint: resolversOf(TaintFields),
  Pod: resolversOf(PodFields),
  Container: resolversOf(ContainerFields),
  DaemonSet: resolversOf(DaemonSetFields),
  ControllerRevision: resolversOf(ControllerRevisionFields),
  Placement: resolversOf(PlacementFields),
};
