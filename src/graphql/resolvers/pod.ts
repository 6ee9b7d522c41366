import { daemonPodOf } from '../../controllers/daemonset/daemon-pod.js';
import { hashOf, REVISION_HASH_LABEL } from '../../controllers/workloads/revisions.js';
import { controllingDaemonSet } from '../../explain/placements.js';
import { podRequests } from '../../placement/pod-resources.js';
import { nodes, pods } from '../../resources/index.js';
import { isReady, isTerminating } from '../../resources/state.js';
import type { Container, ContainerStatus, Pod } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { amountsAsResources, objectFields, resources } from './metadata.js';
import { phaseOf } from './pages.js';
import type { FieldResolvers } from './types.js';

const STATUS_COLUMN = pods.printer.columns.findIndex(column => column.name === 'Status');

/** The fields of type Pod. */
export const PodFields: FieldResolvers<Entry<Pod>> = {
  ...objectFields,
  phase: ({ object }) => phaseOf(object),
  status: ({ object }, _args, { registry }) => pods.printer.cells(object, registry.clock.now())[STATUS_COLUMN],
  ready: ({ object }) => isReady(object),
  terminating: ({ object }) => isTerminating(object),
  restartCount: ({ object }) => (object.status.containerStatuses ?? []).reduce((sum, c) => sum + c.restartCount, 0),
  podIP: ({ object }) => object.status.podIP,
  conditions: ({ object }) => object.status.conditions ?? [],
  containers: ({ object }) =>
    object.spec.containers.map(container => ({
      container,
      status: object.status.containerStatuses?.find(status => status.name === container.name),
    })),
  requests: ({ object }) => amountsAsResources(podRequests(object)),
  priority: ({ object }) => object.spec.priority ?? 0,
  nodeName: ({ object }) => object.spec.nodeName || null,
  node: ({ object }, _args, { registry }) =>
    object.spec.nodeName ? registry.get(nodes, '', object.spec.nodeName) : null,
  daemonSet: (pod, _args, context) => controllingDaemonSet(context.registry, pod),
  revisionHash: ({ object }) => object.metadata.labels?.[REVISION_HASH_LABEL],
  revision: (pod, _args, context) => {
    const daemonSet = controllingDaemonSet(context.registry, pod);
    const hash = pod.object.metadata.labels?.[REVISION_HASH_LABEL];
    return daemonSet && context.placements.revisionsOf(daemonSet).find(r => hashOf(r) === hash);
  },
  placement: (pod, _args, context) => {
    const daemonSet = controllingDaemonSet(context.registry, pod);
    const name = daemonPodOf(pod).node;
    const node = name && context.registry.get(nodes, '', name);
    return daemonSet && node ? context.placements.of(daemonSet, node) : null;
  },
};

interface ContainerAndStatus {
  readonly container: Container;
  readonly status: ContainerStatus | undefined;
}

/** The fields of type Container. */
export const ContainerFields: FieldResolvers<ContainerAndStatus> = {
  name: ({ container }) => container.name,
  image: ({ container }) => container.image,
  ready: ({ status }) => status?.ready ?? false,
  restartCount: ({ status }) => status?.restartCount ?? 0,
  state: ({ status }) => Object.keys(status?.state ?? {})[0],
  reason: ({ status }) => status?.state?.waiting?.reason ?? status?.state?.terminated?.reason,
  requests: ({ container }) => resources(container.resources?.requests),
  limits: ({ container }) => resources(container.resources?.limits),
};
