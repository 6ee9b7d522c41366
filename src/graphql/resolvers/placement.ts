import { PLACEMENT_STATES, type Placement as PlacementOf } from '../../explain/placements.js';
import { daemonSets, events, nodes } from '../../resources/index.js';
import type { DaemonSet, Node } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { tell } from '../../words/sentence.js';
import { type Connection, connection, type PageArguments } from '../connection.js';
import type { PlacementResolvers, QueryPlacementsArgs } from '../generated.js';
import { placementId } from '../global-id.js';
import type { SeenPlacement, View } from '../view.js';
import { mentions, selectObjects } from './pages.js';
import { phaseOf } from './pods.js';

/** The fields of type Placement. Who sees a placement may see all of it, but for what events tell: that was checked before. */
export const Placement: PlacementResolvers = {
  id: ({ placement }) => placementId(placement.daemonSet, placement.node),
  daemonSet: ({ view, placement }) => view.see(placement.daemonSet),
  node: ({ view, placement }) => view.see(placement.node),
  wanted: ({ placement }) => placement.wanted,
  shouldContinue: ({ placement }) => placement.shouldContinue,
  actual: ({ placement }) => placement.actual,
  pod: ({ view, placement }) => placement.pod && view.see(placement.pod),
  pods: ({ view, placement }) => placement.pods.map(pod => view.see(pod)),
  phase: ({ placement: { pod } }) => pod && phaseOf(pod.object.status),
  ready: ({ placement }) => placement.ready,
  revision: ({ placement }) => placement.revision,
  currentRevision: ({ placement }) => placement.currentRevision,
  upToDate: ({ placement }) => placement.upToDate,
  reason: seen => tell([whyOf(seen)]),
  why: seen => [whyOf(seen)],
  checks: ({ placement: { checks } }, { verdict }) =>
    verdict == null ? checks : checks.filter(check => verdict.includes(check.verdict)),
};

/** Why a placement is as it is, as far as its user may see what events tell. */
const whyOf = ({ view, placement }: SeenPlacement) =>
  placement.wanted && view.mayList(events, placement.daemonSet.namespace) ? placement.why : placement.whyWithoutEvents;

/** The placements of these DaemonSets on these nodes. @throws StatusError 403 for who may not see them */
export function checkedPlacements(
  view: View,
  daemonSets: readonly Entry<DaemonSet>[],
  nodes: readonly Entry<Node>[],
): readonly PlacementOf[] {
  for (const namespace of new Set(daemonSets.map(entry => entry.namespace))) view.checkPlacements(namespace);
  return view.placements.across(daemonSets, nodes);
}

/** Which placements are asked for, and in what order. */
export type PlacementFilter = Pick<QueryPlacementsArgs, 'actual' | 'wanted' | 'text' | 'orderBy'>;

/**
 * One page of the placements of these DaemonSets on these nodes, both in etcd's order.
 * @throws StatusError 403 for who may not see placements
 */
export function placementPage(
  view: View,
  daemonSets: readonly Entry<DaemonSet>[],
  nodes: readonly Entry<Node>[],
  args: PlacementFilter & PageArguments,
): Connection<SeenPlacement> {
  const { actual, wanted, text } = args;
  const mentioning = text ? new Set([...daemonSets, ...nodes].filter(entry => mentions(entry, text))) : undefined;
  const all = checkedPlacements(view, daemonSets, nodes);
  const isAll = actual == null && wanted == null && !mentioning;
  const byName = isAll
    ? all
    : all.filter(
        p =>
          (actual == null || actual.includes(p.actual)) &&
          (wanted == null || p.wanted === wanted) &&
          (!mentioning || mentioning.has(p.daemonSet) || mentioning.has(p.node)),
      );
  const { revision } = view.registry;
  const see = (placement: PlacementOf) => ({ view, placement });
  if (args.orderBy === 'NAME') return connection(byName, args, revision, nameKey, see);
  const problemKey = (p: PlacementOf) => [String(PLACEMENT_STATES.indexOf(p.actual)), ...nameKey(p)];
  return connection(problemsFirst(byName), args, revision, problemKey, see);
}

const rankedOf = new WeakMap<readonly PlacementOf[], readonly PlacementOf[]>();

/** What needs looking at comes first, by name otherwise. Remembered: each page of the same placements asks for it. */
function problemsFirst(byName: readonly PlacementOf[]): readonly PlacementOf[] {
  let ranked = rankedOf.get(byName);
  if (!ranked) {
    const byState = new Map(PLACEMENT_STATES.map(state => [state, [] as PlacementOf[]]));
    for (const placement of byName) byState.get(placement.actual)!.push(placement);
    rankedOf.set(byName, (ranked = [...byState.values()].flat()));
  }
  return ranked;
}

const nameKey = ({ daemonSet, node }: PlacementOf) => [daemonSet.namespace, daemonSet.name, node.name];

/** DaemonSets by namespace and name, each of which may be left open; in etcd's order. */
export function selectDaemonSets(
  view: View,
  { namespace, daemonSet }: Pick<QueryPlacementsArgs, 'namespace' | 'daemonSet'>,
): readonly Entry<DaemonSet>[] {
  const entries = view.all(daemonSets, namespace);
  return daemonSet == null ? entries : entries.filter(entry => entry.name === daemonSet);
}

/** @throws StatusError 400 for a selector that cannot be read */
export function selectNodes(
  view: View,
  { node, nodeSelector }: Pick<QueryPlacementsArgs, 'node' | 'nodeSelector'>,
): readonly Entry<Node>[] {
  if (node == null) return selectObjects(nodes, view.all(nodes), { labelSelector: nodeSelector });
  const seen = view.get(nodes, '', node);
  return seen ? selectObjects(nodes, [seen.entry], { labelSelector: nodeSelector }) : [];
}
