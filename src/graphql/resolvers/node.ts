import { NodeInfo } from '../../placement/node-info.js';
import { formatTaint } from '../../placement/taints.js';
import { daemonSets, pods } from '../../resources/index.js';
import { rolesOf } from '../../resources/printing/node.js';
import { internalIP, isReady } from '../../resources/state.js';
import type { Node, Taint } from '../../resources/types.js';
import { ZONE_LABEL } from '../../resources/well-known.js';
import type { Entry } from '../../store/entry.js';
import type { ClusterNodeResolvers } from '../generated.js';
import { addressesAt } from './addresses.js';
import { amountsAsResources, clusterObjectFields, conditions, resources } from './metadata.js';
import { checkedPlacements, placementPage, selectDaemonSets } from './placement.js';
import { countsOf } from './placement-counts.js';
import { podPage } from './pods.js';

/** The fields of type ClusterNode, which is a Kubernetes Node: Relay has taken the name Node. */
export const ClusterNode: ClusterNodeResolvers = {
  ...clusterObjectFields,
  sockets: ({ view, entry: { object } }, _args, context) => addressesAt(view, context, internalIP(object)),
  roles: ({ entry }) => rolesOf(entry.object),
  zone: ({ entry }) => entry.object.metadata.labels?.[ZONE_LABEL],
  ready: ({ entry }) => isReady(entry.object),
  unschedulable: ({ entry }) => entry.object.spec.unschedulable ?? false,
  taints: ({ entry }) => (entry.object.spec.taints ?? []).map(describeTaint),
  conditions: ({ entry }) => conditions(entry.object.status.conditions),
  addresses: ({ entry }) => entry.object.status.addresses ?? [],
  capacity: ({ entry }) => resources(entry.object.status.capacity),
  allocatable: ({ entry }) => resources(entry.object.status.allocatable),
  requested: ({ view, entry: { name, object } }) => {
    view.checkList(pods);
    const info = new NodeInfo(object);
    for (const pod of view.placements.podsOn(name)) info.add(pod.object);
    return amountsAsResources(info.requested);
  },
  kubeletVersion: ({ entry }) => entry.object.status.nodeInfo?.kubeletVersion,
  pods: ({ view, entry }, args) => {
    view.checkList(pods, args.namespace);
    return podPage(view, view.placements.podsOn(entry.name), args);
  },
  placementCounts: ({ view, entry }) => countsOf(checkedPlacements(view, view.all(daemonSets), [entry])),
  placements: ({ view, entry }, args) => placementPage(view, selectDaemonSets(view, args), [entry], args),
};

const EFFECTS = { NoSchedule: 'NO_SCHEDULE', PreferNoSchedule: 'PREFER_NO_SCHEDULE', NoExecute: 'NO_EXECUTE' } as const;

const describeTaint = (taint: Taint) => ({
  key: taint.key,
  value: taint.value ?? '',
  effect: EFFECTS[taint.effect],
  timeAdded: taint.timeAdded,
  text: formatTaint(taint),
});

/** Those nodes that are of a zone, and have a taint that is meant by such words; what is absent or null leaves all. */
export function nodesWhere(
  nodes: readonly Entry<Node>[],
  { zone, taint }: { readonly zone?: string | null | undefined; readonly taint?: string | null | undefined },
): readonly Entry<Node>[] {
  if (zone == null && taint == null) return nodes;
  return nodes.filter(
    ({ object }) =>
      (zone == null || object.metadata.labels?.[ZONE_LABEL] === zone) && (taint == null || isTaintedBy(object, taint)),
  );
}

function isTaintedBy({ spec }: Node, wanted: string): boolean {
  return (spec.taints ?? []).some(taint => isMeantBy(taint, wanted));
}

/** Whether a taint is meant by `key`, `key=value`, `key:Effect` or `key=value:Effect`. */
export function isMeantBy({ key, value = '', effect }: Taint, wanted: string): boolean {
  return [key, `${key}=${value}`, `${key}:${effect}`, `${key}=${value}:${effect}`].includes(wanted);
}
