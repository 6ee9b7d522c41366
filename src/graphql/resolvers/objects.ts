import { isSelecting, Services } from '../../controllers/endpoints/services.js';
import { daemonSets, endpointSlices, namespaces, pods, priorityClasses, services } from '../../resources/index.js';
import { formatLabelSelector } from '../../resources/selector.js';
import type { Pod } from '../../resources/types.js';
import { SERVICE_OF_SLICE } from '../../resources/well-known.js';
import type { Entry } from '../../store/entry.js';
import type { PageArguments } from '../connection.js';
import type {
  EventResolvers,
  GenericObjectResolvers,
  NamespaceResolvers,
  PriorityClassResolvers,
  ServiceResolvers,
} from '../generated.js';
import type { SeenPod, SeenService, View } from '../view.js';
import { addressesOf } from './addresses.js';
import { lastTold } from './events.js';
import { clusterObjectFields, objectFields } from './metadata.js';
import { descending, type ObjectFilter, objectPage, orderOf, selectObjects } from './pages.js';
import { podPage } from './pods.js';
import { workloadPage } from './workload.js';

/** The fields of type Namespace. */
export const Namespace: NamespaceResolvers = {
  ...clusterObjectFields,
  phase: ({ entry }) => entry.object.status.phase ?? 'Active',
  pods: ({ view, entry }, args) => podPage(view, view.all(pods, entry.name), args),
  daemonSets: ({ view, entry }, args) =>
    objectPage(view, selectObjects(daemonSets, view.all(daemonSets, entry.name), args), args, orderOf(args.orderBy)),
  services: ({ view, entry }, args) => servicePage(view, entry.name, args),
  workloads: ({ view, entry }, args) => workloadPage(view, { ...args, namespace: entry.name }),
};

/** The fields of type Event. */
export const Event: EventResolvers = {
  ...objectFields,
  type: ({ entry }) => entry.object.type ?? 'Normal',
  reason: ({ entry }) => entry.object.reason ?? '',
  message: ({ entry }) => entry.object.message ?? '',
  count: ({ entry: { object } }) => object.series?.count ?? object.count ?? 1,
  firstTimestamp: ({ entry: { object } }) => object.firstTimestamp ?? object.eventTime,
  lastTimestamp: ({ entry }) => lastTold(entry.object),
  component: ({ entry: { object } }) => object.reportingComponent || object.source?.component,
  aboutKind: ({ entry }) => entry.object.involvedObject.kind ?? '',
  aboutName: ({ entry }) => entry.object.involvedObject.name ?? '',
  about: ({ view, entry }) => {
    const { apiVersion = 'v1', kind = '', namespace = '', name = '', uid } = entry.object.involvedObject;
    const definition = view.registry.kinds.byKind(apiVersion, kind);
    const stored = definition?.stored?.kind ?? definition;
    const seen = stored && view.get(stored, stored.namespaced ? namespace : '', name);
    return !uid || seen?.entry.uid === uid ? seen : null;
  },
};

/** The fields of type Service. */
export const Service: ServiceResolvers = {
  ...objectFields,
  type: ({ entry }) => entry.object.spec.type ?? 'ClusterIP',
  clusterIP: ({ entry }) => entry.object.spec.clusterIP,
  selector: ({ entry: { object } }) =>
    isSelecting(object) ? formatLabelSelector({ matchLabels: object.spec.selector ?? {} }) : null,
  ports: ({ entry }) =>
    (entry.object.spec.ports ?? []).map(({ name, protocol = 'TCP', port, targetPort, nodePort }) => ({
      name,
      protocol,
      port,
      targetPort: targetPort === undefined ? null : String(targetPort),
      nodePort,
    })),
  pods: (service, args) => podPage(service.view, podsBehind(service), args),
  sockets: ({ view, entry }, _args, context) => addressesOf(view, context, 'Service', entry.namespace, entry.name),
};

/** The pods that a Service sends to: those of its slices, if it has any that the user may see; else those that it selects. */
function podsBehind({ view, entry: { namespace, name, object } }: SeenService): readonly Entry<Pod>[] {
  const all = view.all(pods, namespace);
  const slices = view.mayList(endpointSlices, namespace)
    ? view.registry
        .all(endpointSlices, namespace)
        .filter(slice => slice.object.metadata.labels?.[SERVICE_OF_SLICE] === name)
    : [];
  if (slices.length > 0) {
    const endpoints = slices.flatMap(slice => slice.object.endpoints ?? []);
    const uids = new Set(endpoints.flatMap(({ targetRef }) => (targetRef?.kind === pods.kind ? [targetRef.uid] : [])));
    return all.filter(({ uid }) => uids.has(uid));
  }
  if (!isSelecting(object)) return [];
  return selectObjects(pods, all, { labelSelector: formatLabelSelector({ matchLabels: object.spec.selector ?? {} }) });
}

/** The fields of type PriorityClass. */
export const PriorityClass: PriorityClassResolvers = {
  ...clusterObjectFields,
  value: ({ entry }) => entry.object.value,
  globalDefault: ({ entry }) => entry.object.globalDefault ?? false,
  preemptionPolicy: ({ entry }) => entry.object.preemptionPolicy ?? 'PreemptLowerPriority',
  description: ({ entry }) => entry.object.description,
};

/** The fields of type GenericObject. */
export const GenericObject: GenericObjectResolvers = {
  ...clusterObjectFields,
  namespace: ({ entry }) => entry.namespace || null,
};

/** One page of Services, of one namespace or of all. @throws StatusError 400, 403 */
export function servicePage(view: View, namespace: string | null | undefined, args: ObjectFilter & PageArguments) {
  return objectPage(view, selectObjects(services, view.all(services, namespace), args), args, orderOf(args.orderBy));
}

/** One page of namespaces. @throws StatusError 400, 403 */
export function namespacePage(view: View, args: ObjectFilter & PageArguments) {
  return objectPage(view, selectObjects(namespaces, view.all(namespaces), args), args, orderOf(args.orderBy));
}

/** One page of PriorityClasses, the highest first. @throws StatusError 403 */
export function priorityClassPage(view: View, args: PageArguments) {
  return objectPage(view, view.all(priorityClasses), args, ({ object }) => [descending(object.value)]);
}

/** The Services that send to a pod. */
export function servicesOf({ view, entry }: SeenPod) {
  view.checkList(services, entry.namespace);
  return new Services(view.registry)
    .of(entry.object)
    .flatMap(({ metadata }) => view.registry.get(services, entry.namespace, metadata.name) ?? [])
    .map(service => view.see(service));
}
