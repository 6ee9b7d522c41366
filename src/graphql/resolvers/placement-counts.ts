import type { Placement } from '../../explain/placements.js';
import { ZONE_LABEL } from '../../resources/well-known.js';
import { compareKeys, connection, type PageArguments } from '../connection.js';
import { badInput } from '../errors.js';
import type { PlacementCounts, PlacementGrouping, QueryPlacementCountsArgs } from '../generated.js';
import type { View } from '../view.js';
import { descending } from './pages.js';
import { checkedPlacements, selectDaemonSets, selectNodes } from './placement.js';

type Counts = { -readonly [name in keyof PlacementCounts]: PlacementCounts[name] };

const nothing = (): Counts => ({
  nodes: 0,
  wanted: 0,
  present: 0,
  ready: 0,
  upToDate: 0,
  pending: 0,
  missing: 0,
  extra: 0,
  terminating: 0,
  failed: 0,
  succeeded: 0,
  notWanted: 0,
});

/** The count that a placement of each state is in. */
const COUNTED = {
  PRESENT: 'present',
  PENDING: 'pending',
  MISSING: 'missing',
  EXTRA: 'extra',
  TERMINATING: 'terminating',
  FAILED: 'failed',
  SUCCEEDED: 'succeeded',
  NOT_WANTED: 'notWanted',
} as const;

function count(counts: Counts, placement: Placement): void {
  counts.nodes++;
  counts[COUNTED[placement.actual]]++;
  if (!placement.wanted) return;
  counts.wanted++;
  if (placement.ready) counts.ready++;
  if (placement.upToDate) counts.upToDate++;
}

/** Placements, counted. */
export function countsOf(placements: readonly Placement[]): PlacementCounts {
  const counts = nothing();
  for (const placement of placements) count(counts, placement);
  return counts;
}

/** What placements are grouped by, as text. */
function keyOf(by: PlacementGrouping, label: string | null | undefined): (placement: Placement) => string {
  if ((by === 'LABEL') !== (label != null)) throw badInput('label goes with by: LABEL, and by: LABEL with label');
  if (by === 'DAEMON_SET') return ({ daemonSet: { namespace, name } }) => `${namespace}/${name}`;
  if (by === 'NODE') return ({ node }) => node.name;
  const key = label ?? ZONE_LABEL;
  return ({ node }) => node.object.metadata.labels?.[key] ?? '';
}

/** Placements counted by what they have in common, one page of it. @throws StatusError 400, 403; GraphQLError */
export function placementGroups(
  view: View,
  { by, label, orderBy, ...args }: QueryPlacementCountsArgs & { by: PlacementGrouping } & PageArguments,
) {
  const groupOf = keyOf(by, label);
  const groups = new Map<string, { counts: Counts; one: Placement }>();
  for (const placement of checkedPlacements(view, selectDaemonSets(view, args), selectNodes(view, args))) {
    const key = groupOf(placement);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { counts: nothing(), one: placement }));
    count(group.counts, placement);
  }
  const sortKey = (key: string, { missing, failed, extra, pending }: Counts) =>
    orderBy === 'NAME' ? [key] : [...[missing, failed, extra, pending].map(descending), key];
  const sorted = [...groups]
    .map(([key, group]) => ({ key, ...group, sortKey: sortKey(key, group.counts) }))
    .sort((a, b) => compareKeys(a.sortKey, b.sortKey));
  return connection(
    sorted,
    args,
    view.registry.revision,
    group => group.sortKey,
    ({ key, counts, one }) => ({
      key,
      counts,
      daemonSet: by === 'DAEMON_SET' ? view.see(one.daemonSet) : null,
      node: by === 'NODE' ? view.see(one.node) : null,
    }),
  );
}
