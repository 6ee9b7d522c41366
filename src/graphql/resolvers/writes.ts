import { Causes } from '../../explain/causes.js';
import { differences } from '../../explain/placement-diff.js';
import { diffOf, writerOf } from '../../explain/writes.js';
import { kindNamed } from '../../registry/kind-names.js';
import { StatusError } from '../../registry/status.js';
import { qualifiedName } from '../../resources/definition.js';
import type { FoundRow, RowFilter } from '../../store/backend.js';
import type { Change } from '../../store/entry.js';
import { type Connection, connection, type PageArguments } from '../connection.js';
import { badInput } from '../errors.js';
import type {
  Activity,
  QueryActivityArgs,
  QueryChangesArgs,
  QueryHistoryArgs,
  QueryPlacementDiffArgs,
  WriteOrder,
  WriteResolvers,
} from '../generated.js';
import { parseGlobalId } from '../global-id.js';
import type { Seen, SeenDiff, SeenWrite, View } from '../view.js';
import type { Views, Where } from '../views.js';
import { ascending, descending } from './pages.js';
import { kindOf } from './types.js';

const VERBS = { ADDED: 'CREATED', MODIFIED: 'UPDATED', DELETED: 'DELETED' } as const;

/** The fields of type Write. */
export const Write: WriteResolvers = {
  revision: ({ change }) => String(change.revision),
  time: ({ change }) => exactTime(change.time),
  verb: ({ change }) => VERBS[change.type],
  apiVersion: ({ change }) => change.entry.object.apiVersion,
  kind: ({ change }) => change.entry.object.kind,
  namespace: ({ change }) => change.entry.namespace || null,
  name: ({ change }) => change.entry.name,
  object: ({ view, change }) => view.see(change.entry),
  diff: ({ change }) => diffOf(change),
  writer: ({ view, change }) => writerOf(view.registry, change),
};

/** RFC 3339 to the millisecond: much happens in one second. */
export const exactTime = (ms: number): string => new Date(ms).toISOString();

/** A write as it is seen, if there is one. */
export const seenWrite = (view: View, change: Change | undefined): SeenWrite | undefined => change && { view, change };

/** What was written between two moments. @throws StatusError 403, 404, 410; GraphQLError */
export async function changes(
  views: Views,
  { from, to, orderBy, ...args }: QueryChangesArgs & { readonly orderBy: WriteOrder },
): Promise<Connection<Promise<SeenWrite>>> {
  const view = views.present;
  const [after, upTo] = await span(views, from, to);
  return writePage(view, await found(view, after, upTo, args), orderBy, args);
}

/** What was written to an object. @throws StatusError 403, 404, 410; GraphQLError */
export async function history(
  views: Views,
  {
    id,
    kind: named,
    apiVersion,
    namespace,
    name,
    at,
    orderBy,
    ...page
  }: QueryHistoryArgs & {
    readonly namespace: string;
    readonly orderBy: WriteOrder;
  },
): Promise<Connection<Promise<SeenWrite>>> {
  if ((id == null) === (named == null || name == null)) throw badInput('give either id, or kind and name');
  const view = views.present;
  const [after, upTo] = await span(views, undefined, at);
  if (id == null) {
    return writePage(view, await found(view, after, upTo, { kind: named, apiVersion, namespace, name }), orderBy, page);
  }
  const meant = parseGlobalId(id);
  if (!meant || 'node' in meant) throw badInput('id names no object');
  const of = { kind: meant.resource, namespace: meant.namespace, name: meant.name };
  const rows = await found(view, after, upTo, of);
  const uids = new Map<number, string | undefined>();
  for (const { created, revision } of rows)
    if (!uids.has(created)) uids.set(created, (await view.registry.log.write(revision))?.entry.uid);
  const ofUid = rows.filter(({ created }) => uids.get(created) === meant.uid);
  return writePage(view, ofUid, orderBy, page);
}

/** What was written to an object, up to the moment it is seen in. @throws StatusError 403 */
export async function historyOf(
  { view, entry }: Seen,
  { orderBy, ...page }: PageArguments & { readonly orderBy: WriteOrder },
): Promise<Connection<Promise<SeenWrite>>> {
  const { log, revision } = view.registry;
  view.checkList(kindOf({ view, entry }), entry.namespace);
  return writePage(view, await log.find(log.compacted, revision, log.identify(entry)), orderBy, page);
}

/** What is different between two moments. @throws StatusError 403, 410; GraphQLError */
export async function placementDiff(views: Views, { from, to }: QueryPlacementDiffArgs): Promise<SeenDiff> {
  const before = await views.of({ at: from });
  const after = await views.of({ at: to });
  const [earlier, later] = [before.registry.revision, after.registry.revision];
  if (earlier > later) throw badInput('from must not be after to');
  after.checkPlacements();
  const diff = differences({ before: before.placements, after: after.placements });
  return { before, after, diff, causes: new Causes(after.registry, earlier, later) };
}

/** How many parts activity is divided into, at most. */
const MAX_BUCKETS = 500;

/** How many writes there were in each part of the time. @throws StatusError 403, 404, 410; GraphQLError */
export async function activity(
  views: Views,
  { from, to, buckets, by, ...args }: QueryActivityArgs & { readonly buckets: number; readonly by: string },
): Promise<Activity[]> {
  if (buckets < 1 || buckets > MAX_BUCKETS)
    throw badInput(`buckets must be between 1 and ${MAX_BUCKETS}, not ${buckets}`);
  const view = views.present;
  const { log, kinds } = view.registry;
  const [after, upTo] = await span(views, from, to);
  const rows = await found(view, after, upTo, args);
  const began = await timeOf(view, Math.max(after, 1));
  const ended = to == null ? view.registry.clock.now() : await timeOf(view, upTo);
  const parts: Activity[] = [];
  let next = 0;
  let last = { revision: after, time: began };
  for (let i = 1; i <= buckets; i++) {
    const time = began + ((ended - began) * i) / buckets;
    const revision =
      i === buckets
        ? upTo
        : by === 'TIME'
          ? Math.max(last.revision, Math.min(upTo, (await log.stampOf({ time }).catch(() => last)).revision))
          : after + Math.round(((upTo - after) * i) / buckets);
    const end = { revision, time: by === 'TIME' || i === buckets ? time : await timeOf(view, Math.max(revision, 1)) };
    const counts = new Map<string, number>();
    const first = next;
    for (; next < rows.length && rows[next]!.revision <= revision; next++) {
      const { resource } = rows[next]!;
      counts.set(resource, (counts.get(resource) ?? 0) + 1);
    }
    parts.push({
      from: exactTime(last.time),
      to: exactTime(end.time),
      fromRevision: String(last.revision),
      toRevision: String(revision),
      writes: next - first,
      kinds: [...counts]
        .sort((a, b) => b[1] - a[1])
        .map(([resource, writes]) => ({ kind: kinds.byResource(resource)?.kind ?? resource, writes })),
    });
    last = end;
  }
  return parts;
}

/** Revisions that two moments mean. @throws StatusError 410; GraphQLError for moments in the wrong order */
async function span(views: Views, from: Where['at'], to: Where['at']): Promise<readonly [number, number]> {
  const { registry } = views.present;
  const revisionOf = async (at: NonNullable<Where['at']>) => {
    try {
      return (await registry.log.stampOf(views.moment(at)!)).revision;
    } catch (error) {
      throw error instanceof RangeError ? StatusError.expired(error.message) : error;
    }
  };
  const after = from == null ? registry.log.compacted : await revisionOf(from);
  const upTo = to == null ? registry.revision : await revisionOf(to);
  if (after > upTo) throw badInput('from must not be after to');
  return [after, upTo];
}

/** When the oldest revision that can be looked at was written, and which it is. */
export async function oldest(view: View): Promise<{ readonly revision: number; readonly time: number }> {
  const { log, revision: newest } = view.registry;
  const revision = Math.min(Math.max(log.compacted, 1), newest);
  return { revision, time: await timeOf(view, revision) };
}

/** When a revision was written; where its write was overwritten and is gone, the next one that is there. */
async function timeOf({ registry: { log, clock } }: View, revision: number): Promise<number> {
  const { time } = await log.stampOf(revision);
  if (time > 0) return time;
  const [next] = await log.find(revision, log.revision);
  return next ? (await log.stampOf(next.revision)).time : clock.now();
}

type Wanted = Pick<QueryChangesArgs, 'kind' | 'apiVersion' | 'namespace' | 'name'>;

/** The writes that a user may see of those that are meant. @throws StatusError 403 for a kind that may not be listed, 404, 410 */
async function found(
  view: View,
  after: number,
  upTo: number,
  { kind: named, apiVersion, namespace, name }: Wanted,
): Promise<readonly FoundRow[]> {
  const { log, kinds } = view.registry;
  const kind = named == null ? undefined : kindNamed(view.registry, named, apiVersion);
  if (kind) view.checkList(kind, kind.namespaced ? namespace : undefined);
  const filter: RowFilter = {
    ...(kind ? { resource: qualifiedName(kind) } : {}),
    ...(namespace == null || kind?.namespaced === false ? {} : { namespace }),
    ...(name == null ? {} : { name }),
  };
  const rows = await log.find(after, upTo, filter).catch(error => {
    throw error instanceof RangeError ? StatusError.expired(error.message) : error;
  });
  if (kind || !view.user || view.registry.authorizer.allowsAll) return rows;
  return rows.filter(({ resource }) => {
    const known = kinds.byResource(resource);
    return known !== undefined && view.mayList(known, namespace ?? '');
  });
}

function writePage(
  view: View,
  rows: readonly FoundRow[],
  orderBy: WriteOrder,
  page: PageArguments,
): Connection<Promise<SeenWrite>> {
  const { log, revision } = view.registry;
  const isNewest = orderBy === 'NEWEST';
  return connection(
    isNewest ? [...rows].reverse() : rows,
    page,
    revision,
    row => [(isNewest ? descending : ascending)(row.revision)],
    async row => {
      const change = await log.write(row.revision);
      if (!change) throw StatusError.expired(`revision ${row.revision} is no longer in the log`);
      return { view, change };
    },
  );
}
