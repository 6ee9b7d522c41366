import { qualifiedName, type ResourceDefinition } from '../../resources/definition.js';
import {
  controllerRevisions,
  cronJobs,
  daemonSets,
  deployments,
  events,
  jobs,
  namespaces,
  nodes,
  pods,
  priorityClasses,
  replicaSets,
  replicationControllers,
  services,
  statefulSets,
} from '../../resources/index.js';
import type { KubeObject } from '../../resources/types.js';
import type { Identified, Seen } from '../view.js';

/** The kinds that make pods beside DaemonSets: those that are controlled by others come after them. */
export const WORKLOADS = [deployments, replicaSets, statefulSets, replicationControllers, cronJobs, jobs] as const;

/** The kinds that have a type of their own in the graph. The type of a Kubernetes Node yields to Relay's. */
const TYPES = {
  ClusterNode: [nodes],
  Pod: [pods],
  DaemonSet: [daemonSets],
  ControllerRevision: [controllerRevisions],
  Namespace: [namespaces],
  Event: [events],
  Service: [services],
  PriorityClass: [priorityClasses],
  Workload: WORKLOADS,
} as const;

type ObjectType = keyof typeof TYPES | 'GenericObject';

const TYPE_NAMES = new Map(
  Object.entries(TYPES).flatMap(([type, kinds]) => kinds.map(kind => [qualifiedName(kind), type as ObjectType])),
);

/** The GraphQL type of an object. */
export function objectTypeOf({ entry }: Seen): ObjectType {
  return TYPE_NAMES.get(entry.resource) ?? 'GenericObject';
}

/** The GraphQL type of anything that has a global id. */
export function typeNameOf(source: Identified): ObjectType | 'Placement' {
  return 'placement' in source ? 'Placement' : objectTypeOf(source);
}

/** The kind of an object, in the version that is stored. */
export function kindOf({ view, entry }: Seen): ResourceDefinition<KubeObject> {
  return view.registry.kinds.byResource(entry.resource)!;
}
