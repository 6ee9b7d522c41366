import { daemonPodOf } from '../../controllers/daemonset/daemon-pod.js';
import { hashOf, REVISION_HASH_LABEL } from '../../controllers/workloads/revisions.js';
import { controllingDaemonSet } from '../../explain/placements.js';
import { podRequests } from '../../placement/pod-resources.js';
import { controllerRevisions, daemonSets, namespaces, nodes, pods, priorityClasses } from '../../resources/index.js';
import { isReady, isTerminating } from '../../resources/state.js';
import type { Container, ContainerStatus } from '../../resources/types.js';
import type { PodResolvers } from '../generated.js';
import type { SeenPod } from '../view.js';
import { addressesOf } from './addresses.js';
import { amountsAsResources, conditions, objectFields, resources } from './metadata.js';
import { servicesOf } from './objects.js';
import { phaseOf, restartsOf } from './pods.js';
import { pushOf } from './pushes.js';

const STATUS_COLUMN = pods.printer.columns.findIndex(column => column.name === 'Status');

/** The fields of type Pod. */
export const Pod: PodResolvers = {
  ...objectFields,
  phase: ({ entry }) => phaseOf(entry.object.status),
  status: ({ view, entry }) => String(pods.printer.cells(entry.object, view.registry.clock.now())[STATUS_COLUMN]),
  ready: ({ entry }) => isReady(entry.object),
  terminating: ({ entry }) => isTerminating(entry.object),
  restartCount: ({ entry }) => restartsOf(entry.object),
  podIP: ({ entry }) => entry.object.status.podIP,
  conditions: ({ entry }) => conditions(entry.object.status.conditions),
  containers: ({ entry: { object } }) =>
    object.spec.containers.map(container =>
      describeContainer(
        container,
        object.status.containerStatuses?.find(status => status.name === container.name),
      ),
    ),
  requests: ({ entry }) => amountsAsResources(podRequests(entry.object)),
  priority: ({ entry }) => entry.object.spec.priority ?? 0,
  nodeName: ({ entry }) => entry.object.spec.nodeName || null,
  node: ({ view, entry: { object } }) => (object.spec.nodeName ? view.get(nodes, '', object.spec.nodeName) : null),
  daemonSet: pod => daemonSetOf(pod),
  revisionHash: ({ entry }) => entry.object.metadata.labels?.[REVISION_HASH_LABEL],
  revision: pod => {
    const { view, entry } = pod;
    const daemonSet = daemonSetOf(pod);
    if (!daemonSet) return null;
    view.checkList(controllerRevisions, entry.namespace);
    const hash = entry.object.metadata.labels?.[REVISION_HASH_LABEL];
    const revision = view.placements.revisionsOf(daemonSet.entry).find(r => hashOf(r) === hash);
    return revision && view.see(revision);
  },
  placement: pod => {
    const { view, entry } = pod;
    const daemonSet = daemonSetOf(pod);
    const name = daemonPodOf(entry).node;
    if (!daemonSet || !name) return null;
    view.checkPlacements(entry.namespace);
    const node = view.get(nodes, '', name);
    return node && { view, placement: view.placements.of(daemonSet.entry, node.entry) };
  },
  services: servicesOf,
  sockets: ({ view, entry }, _args, context) => addressesOf(view, context, 'Pod', entry.namespace, entry.name),
  push: ({ view, entry }, _args, context) => pushOf(view, context, entry.object),
  priorityClass: ({ view, entry: { object } }) =>
    object.spec.priorityClassName ? view.get(priorityClasses, '', object.spec.priorityClassName) : null,
  inNamespace: ({ view, entry }) => view.get(namespaces, '', entry.namespace),
};

function daemonSetOf({ view, entry }: SeenPod) {
  const daemonSet = controllingDaemonSet(view.registry, entry);
  return daemonSet && view.get(daemonSets, daemonSet.namespace, daemonSet.name);
}

const describeContainer = (container: Container, status: ContainerStatus | undefined) => ({
  name: container.name,
  image: container.image,
  ready: status?.ready ?? false,
  restartCount: status?.restartCount ?? 0,
  state: Object.keys(status?.state ?? {})[0],
  reason: status?.state?.waiting?.reason ?? status?.state?.terminated?.reason,
  requests: resources(container.resources?.requests),
  limits: resources(container.resources?.limits),
});
