import { WorldClock } from '../../clock/world-clock.js';
import { drawMap, type Sight } from '../../explain/cluster-map.js';
import { MapFeed } from '../../explain/map-feed.js';
import { Touched } from '../../explain/map-touched.js';
import { outlineAll } from '../../explain/pod-outline.js';
import { StatusError } from '../../registry/status.js';
import { nodes } from '../../resources/index.js';
import { badInput } from '../errors.js';
import type { ClusterMapResolvers, RequireFields, SubscriptionClusterMapArgs } from '../generated.js';
import type { SeenMap, View } from '../view.js';
import type { Views } from '../views.js';

/** The fields of type ClusterMap. What somebody may not see was never drawn. */
export const ClusterMap: ClusterMapResolvers = {
  revision: ({ sheet }) => sheet.revision,
  time: ({ sheet }) => sheet.time,
  whole: ({ sheet }) => sheet.whole,
  more: ({ sheet }) => sheet.more,
  owners: ({ sheet }) => sheet.owners,
  rows: ({ view, sheet }) => sheet.rows.map(row => ({ ...row, node: row.node && view.see(row.node) })),
  goneNodes: ({ sheet }) => sheet.goneNodes,
  daemonSets: ({ view, sheet }) => sheet.daemonSets.map(entry => view.see(entry)),
  goneDaemonSets: ({ sheet }) => sheet.goneDaemonSets,
};

/** What a reader knows already; undefined if that is nothing, or so long ago that nobody can tell. */
export async function viewSince(views: Views, since: string | null | undefined): Promise<View | undefined> {
  if (since == null) return undefined;
  try {
    return await views.of({ at: since });
  } catch (error) {
    if (StatusError.is(error, 'Expired')) return undefined;
    throw error;
  }
}

/** The map of all, or of what is different from what is known. @throws StatusError 403 (as a rejection) for who may not list nodes */
export async function clusterMap(view: View, known: View | undefined): Promise<SeenMap> {
  const sight = sightOf(view);
  await outlineAll(view.registry);
  const touched = known && Touched.between(known.registry, view.registry);
  const [sheet] = drawMap(view.placements, sight, { touched });
  return { view, sheet: sheet! };
}

const MAX_ROWS = 5000;

/** The machine's time, for pauses between messages. */
export const MACHINE = WorldClock.real();

/** The map as it changes. @throws StatusError 403 (as a rejection) for who may not list nodes */
export async function mapFeed(
  views: Views,
  { since, rows }: RequireFields<SubscriptionClusterMapArgs, 'rows'>,
): Promise<MapFeed> {
  if (rows < 1 || rows > MAX_ROWS) throw badInput(`rows must be between 1 and ${MAX_ROWS}, not ${rows}`);
  sightOf(views.present);
  return new MapFeed(views.present.registry, {
    since: since == null ? undefined : revisionSince(views, since),
    rows,
    machine: MACHINE,
    sight: () => sightOf(views.fresh()),
  });
}

/** The revision that a reader goes on from; undefined where the log does not reach back to it. */
function revisionSince(views: Views, since: string): number | undefined {
  try {
    return views.since(since);
  } catch (error) {
    if (StatusError.is(error, 'Expired')) return undefined;
    throw error;
  }
}

/** What of the map may be seen: nodes at least. @throws StatusError 403 */
function sightOf(view: View): Sight {
  view.checkList(nodes);
  return (kind, namespace) => view.mayList(kind, namespace);
}
