import { daemonPodOf } from '../../controllers/daemonset/daemon-pod.js';
import { nodes, pods } from '../../resources/index.js';
import { isReady } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import { ZONE_LABEL } from '../../resources/well-known.js';
import type { Entry } from '../../store/entry.js';
import type { Connection, PageArguments } from '../connection.js';
import type { PodOrder, PodPhase, QueryPodsArgs } from '../generated.js';
import type { SeenPod, View } from '../view.js';
import { isOwnedBy } from './owners.js';
import { descending, inOrder, objectPage, orderOf, selectObjects } from './pages.js';

/** What pods are chosen by, and in what order they come; what is absent or null leaves all. */
export type PodFilter = Partial<Omit<QueryPodsArgs, keyof PageArguments | 'at'>>;

/** The enum value of a pod's phase. A pod without one has not been seen by any node. */
export const phaseOf = (status: { readonly phase?: string | undefined }): PodPhase =>
  (status.phase ?? 'Pending').toUpperCase() as PodPhase;

/** How often a pod's containers have been restarted, together. */
export const restartsOf = ({ status }: Pod): number =>
  (status.containerStatuses ?? []).reduce((sum, c) => sum + c.restartCount, 0);

/** What needs looking at comes first. */
const PROBLEMS: readonly PodPhase[] = ['FAILED', 'UNKNOWN', 'PENDING', 'RUNNING', 'SUCCEEDED'];

function problemKey({ object }: Entry<Pod>): string {
  const phase = phaseOf(object.status);
  return `${PROBLEMS.indexOf(phase)}${phase === 'RUNNING' && isReady(object) ? 1 : 0}`;
}

const sortKeyOf = (orderBy: PodOrder = 'NAME') => {
  if (orderBy === 'RESTARTS') return ({ object }: Entry<Pod>) => [descending(restartsOf(object))];
  if (orderBy === 'PROBLEMS_FIRST') return (entry: Entry<Pod>) => [problemKey(entry)];
  return orderOf(orderBy);
};

/** One page of those pods that a filter leaves. They may come in any order. @throws StatusError 400, 403 */
export function podPage(
  view: View,
  entries: readonly Entry<Pod>[],
  args: PodFilter & PageArguments,
): Connection<SeenPod> {
  const { namespace, name, phase, nodeName, ready, zone, owner } = args;
  if (zone != null) view.checkList(nodes);
  const zoneOf = (node: string | undefined) =>
    node && view.registry.get(nodes, '', node)?.object.metadata.labels?.[ZONE_LABEL];
  // What is remembered of each pod is asked, rather than the pod: to look into it may mean parsing it again.
  const found = selectObjects(pods, entries, { labelSelector: args.labelSelector, text: args.text }).filter(
    pod =>
      (namespace == null || pod.namespace === namespace) &&
      (name == null || pod.name === name) &&
      (phase == null || phase.includes(phaseOf(daemonPodOf(pod)))) &&
      (nodeName == null || pod.object.spec.nodeName === nodeName) &&
      (ready == null || daemonPodOf(pod).ready === ready) &&
      (zone == null || zoneOf(pod.object.spec.nodeName) === zone) &&
      (owner == null || isOwnedBy(view.see(pod), owner)),
  );
  return objectPage(view, inOrder(found), args, sortKeyOf(args.orderBy));
}
