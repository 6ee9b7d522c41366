import { NodeInfo } from '../../placement/node-info.js';
import { formatTaint } from '../../placement/taints.js';
import { rolesOf } from '../../resources/printing/node.js';
import { isReady } from '../../resources/state.js';
import type { Node, Taint } from '../../resources/types.js';
import { ZONE_LABEL } from '../../resources/well-known.js';
import type { Entry } from '../../store/entry.js';
import type { PageArguments } from '../connection.js';
import { amountsAsResources, clusterObjectFields, resources } from './metadata.js';
import { inOrder, type PodFilter, pageOf, selectPods } from './pages.js';
import { type PlacementFilter, placementPage, selectDaemonSets } from './placement.js';
import type { FieldResolvers } from './types.js';

/** The fields of type ClusterNode, which is a Kubernetes Node: Relay has taken the name Node. */
export const ClusterNode: FieldResolvers<Entry<Node>> = {
  ...clusterObjectFields,
  roles: ({ object }) => rolesOf(object),
  zone: ({ object }) => object.metadata.labels?.[ZONE_LABEL],
  ready: ({ object }) => isReady(object),
  unschedulable: ({ object }) => object.spec.unschedulable ?? false,
  taints: ({ object }) => object.spec.taints ?? [],
  conditions: ({ object }) => object.status.conditions ?? [],
  addresses: ({ object }) => object.status.addresses ?? [],
  capacity: ({ object }) => resources(object.status.capacity),
  allocatable: ({ object }) => resources(object.status.allocatable),
  requested: ({ name, object }, _args, { placements }) => {
    const info = new NodeInfo(object);
    for (const pod of placements.podsOn(name)) info.add(pod.object);
    return amountsAsResources(info.requested);
  },
  kubeletVersion: ({ object }) => object.status.nodeInfo?.kubeletVersion,
  pods: (node, args: PageArguments & PodFilter & { namespace?: string | null }, { placements }) =>
    pageOf(
      inOrder(
        selectPods(placements.podsOn(node.name), args).filter(
          p => args.namespace == null || p.namespace === args.namespace,
        ),
      ),
      args,
    ),
  placements: (node, args: PlacementFilter & PageArguments, { registry, placements }) =>
    placementPage(placements, selectDaemonSets(registry, args.namespace, args.daemonSet), [node], args),
};

const EFFECTS = { NoSchedule: 'NO_SCHEDULE', PreferNoSchedule: 'PREFER_NO_SCHEDULE', NoExecute: 'NO_EXECUTE' } as const;

/** The fields of type Taint. */
export const TaintFields: FieldResolvers<Taint> = {
  key: taint => taint.key,
  value: taint => taint.value ?? '',
  effect: taint => EFFECTS[taint.effect],
  timeAdded: taint => taint.timeAdded,
  text: taint => formatTaint(taint),
};
