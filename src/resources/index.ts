import { apiServices } from './api-service.js';
import { certificateSigningRequests } from './certificate-signing-request.js';
import { componentStatuses } from './component-status.js';
import { configMaps } from './config-map.js';
import { controllerRevisions } from './controller-revision.js';
import { customResourceDefinitions } from './custom-resource-definition.js';
import { daemonSets } from './daemon-set.js';
import type { ResourceDefinition } from './definition.js';
import { endpointSlices } from './endpoint-slice.js';
import { endpoints } from './endpoints.js';
import { events } from './event.js';
import { eventsV1 } from './event-v1.js';
import { leases } from './lease.js';
import { namespaces } from './namespace.js';
import { nodes } from './node.js';
import { cronJobs, jobs } from './plain/batch.js';
import { PLAIN } from './plain/index.js';
import { persistentVolumeClaims } from './plain/volumes.js';
import { deployments, replicaSets, replicationControllers, statefulSets } from './plain/workloads.js';
import { pods } from './pod.js';
import { podDisruptionBudgets } from './pod-disruption-budget.js';
import { priorityClasses } from './priority-class.js';
import { reviews } from './reviews.js';
import { secrets } from './secret.js';
import { services } from './service.js';
import { serviceAccounts } from './service-account.js';
import { stages } from './stage/definition.js';
import { nodeMetrics, podMetrics } from './usage.js';

export { KindTable } from './kind-table.js';
export {
  apiServices,
  configMaps,
  controllerRevisions,
  cronJobs,
  customResourceDefinitions,
  daemonSets,
  deployments,
  endpointSlices,
  endpoints,
  events,
  jobs,
  leases,
  namespaces,
  nodes,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  priorityClasses,
  replicaSets,
  replicationControllers,
  secrets,
  serviceAccounts,
  services,
  stages,
  statefulSets,
};

/** Every kind that is there from the start. Adding a kind here (or a row to a table in plain/) is all it takes to serve it. */
export const BUILT_IN: readonly ResourceDefinition[] = [
  componentStatuses,
  configMaps,
  endpoints,
  events,
  eventsV1,
  namespaces,
  nodes,
  pods,
  secrets,
  serviceAccounts,
  services,
  controllerRevisions,
  daemonSets,
  leases,
  endpointSlices,
  podDisruptionBudgets,
  priorityClasses,
  certificateSigningRequests,
  ...PLAIN,
  ...reviews,
  nodeMetrics,
  podMetrics,
  customResourceDefinitions,
  apiServices,
  stages,
];
