import { PLACEMENT_STATES, type Placement, type PlacementState, type Placements } from '../../explain/placements.js';
import type { Registry } from '../../registry/registry.js';
import { daemonSets, nodes } from '../../resources/index.js';
import type { DaemonSet, Node } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { type Connection, connection, type PageArguments } from '../connection.js';
import { placementId } from '../global-id.js';
import { phaseOf, selectByLabels } from './pages.js';
import type { FieldResolvers } from './types.js';

/** The fields of type Placement that are not its own properties. */
export const PlacementFields: FieldResolvers<Placement> = {
  id: placement => placementId(placement.daemonSet, placement.node),
  phase: ({ pod }) => (pod ? phaseOf(pod.object) : null),
  checks: ({ checks }, { verdict }: { verdict?: readonly string[] | null }) =>
    verdict == null ? checks : checks.filter(check => verdict.includes(check.verdict)),
};

/** Which placements are asked for, and in what order. */
export interface PlacementFilter {
  readonly namespace?: string | null;
  readonly daemonSet?: string | null;
  readonly node?: string | null;
  readonly nodeSelector?: string | null;
  readonly actual?: readonly PlacementState[] | null;
  readonly wanted?: boolean | null;
  readonly orderBy?: 'PROBLEMS_FIRST' | 'NAME';
}

/** One page of the placements of these DaemonSets on these nodes, both in etcd's order. */
export function placementPage(
  placements: Placements,
  daemonSets: readonly Entry<DaemonSet>[],
  nodes: readonly Entry<Node>[],
  args: PlacementFilter & PageArguments,
): Connection<Placement> {
  const { actual, wanted } = args;
  const byName = placements
    .across(daemonSets, nodes)
    .filter(p => (actual == null || actual.includes(p.actual)) && (wanted == null || p.wanted === wanted));
  if (args.orderBy === 'NAME') return connection(byName, args, nameKey);
  const byProblem = PLACEMENT_STATES.flatMap(state => byName.filter(p => p.actual === state));
  return connection(byProblem, args, p => [String(PLACEMENT_STATES.indexOf(p.actual)), ...nameKey(p)]);
}

const nameKey = ({ daemonSet, node }: Placement) => [daemonSet.namespace, daemonSet.name, node.name];

/** DaemonSets by namespace and name, each of which may be left open; in etcd's order. */
export function selectDaemonSets(
  registry: Registry,
  namespace: string | null | undefined,
  name: string | null | undefined,
): readonly Entry<DaemonSet>[] {
  const entries = registry.all(daemonSets, namespace ?? undefined);
  return name == null ? entries : entries.filter(entry => entry.name === name);
}

/** @throws StatusError 400 for a selector that cannot be read */
export function selectNodes(
  registry: Registry,
  name: string | null | undefined,
  labelSelector: string | null | undefined,
): readonly Entry<Node>[] {
  if (name == null) return selectByLabels(nodes, registry.all(nodes), labelSelector);
  const node = registry.get(nodes, '', name);
  return node ? selectByLabels(nodes, [node], labelSelector) : [];
}

/** The fields of type PlacementCounts. */
export function countsOf(placements: readonly Placement[]): Record<string, number> {
  const count = (test: (placement: Placement) => boolean) => placements.filter(test).length;
  const inState = (state: PlacementState) => count(p => p.actual === state);
  return {
    nodes: placements.length,
    wanted: count(p => p.wanted),
    present: inState('PRESENT'),
    ready: count(p => p.wanted && p.ready),
    upToDate: count(p => p.wanted && p.upToDate === true),
    pending: inState('PENDING'),
    missing: inState('MISSING'),
    extra: inState('EXTRA'),
    terminating: inState('TERMINATING'),
    failed: inState('FAILED'),
    succeeded: inState('SUCCEEDED'),
    notWanted: inState('NOT_WANTED'),
  };
}
