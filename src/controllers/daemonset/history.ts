import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import { controllerRevisions, daemonSets, pods } from '../../resources/index.js';
import type { DaemonSet, Pod } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { all } from '../workloads/pod-control.js';
import {
  hashOf,
  keeps,
  newRevision,
  nextRevision,
  REVISION_HASH_LABEL,
  type RevisionData,
  type RevisionEntry,
  splitHistory,
  surplusRevisions,
} from '../workloads/revisions.js';
import { templateHash } from '../workloads/template-hash.js';

/** The revision of the live template, and the ones before it. */
export interface CurrentHistory {
  readonly current: RevisionEntry;
  readonly hash: string;
  readonly old: readonly RevisionEntry[];
}

/**
 * Brings the history of `set` in order: every revision labelled, exactly one of the live template, with the highest number
 * (REV-01..07). Mirrors `constructHistory`.
 * @param claimedPods the set's pods, asked for only if they must be relabelled
 * @throws StatusError 409 if the new revision's name is taken by another template; the next try takes another name
 */
export async function constructHistory(
  registry: Registry,
  set: DaemonSet,
  revisions: readonly RevisionEntry[],
  data: RevisionData,
  claimedPods: () => Promise<readonly Entry<Pod>[]>,
): Promise<CurrentHistory> {
  const labelled = await Promise.all(revisions.map(revision => withHashLabel(registry, revision)));
  const history = splitHistory(labelled, data);
  const number = nextRevision(history);
  let current: RevisionEntry;
  if (history.current.length === 0) current = await snapshot(registry, set, data, number);
  else {
    current = history.current.at(-1)!;
    if (history.current.length > 1) await dropDuplicates(registry, current, history.current, await claimedPods());
    if (current.object.revision < number) {
      current = await registry.update(controllerRevisions, { ...current.object, revision: number });
    }
  }
  return { current, hash: hashOf(current) ?? '', old: history.old };
}

/** REV-01: revisions that come without their hash get their name for one. */
async function withHashLabel(registry: Registry, revision: RevisionEntry): Promise<RevisionEntry> {
  if (hashOf(revision) !== undefined) return revision;
  const { object } = revision;
  const labels = { ...object.metadata.labels, [REVISION_HASH_LABEL]: object.metadata.name };
  return registry.update(controllerRevisions, { ...object, metadata: { ...object.metadata, labels } });
}

/** REV-04, REV-07: a revision of the live template. */
async function snapshot(
  registry: Registry,
  set: DaemonSet,
  data: RevisionData,
  revision: number,
): Promise<RevisionEntry> {
  const { name: setName, namespace = '' } = set.metadata;
  const hash = templateHash(data.text, set.status.collisionCount);
  const name = `${setName}-${hash}`;
  const draft = newRevision(daemonSets, set, REVISION_HASH_LABEL, hash, data, revision);
  try {
    return await registry.create(controllerRevisions, draft, { namespace });
  } catch (error) {
    if (!StatusError.is(error, 'AlreadyExists')) throw error;
    const taken = registry.get(controllerRevisions, namespace, name);
    if (taken && keeps(taken, data)) return taken;
    await countCollision(registry, set);
    throw error;
  }
}

/** Another collision, so that the next try makes another hash; unless somebody has counted it already. */
async function countCollision(registry: Registry, set: DaemonSet): Promise<void> {
  const { namespace = '', name } = set.metadata;
  const live = registry.get(daemonSets, namespace, name)?.object;
  if (!live) throw StatusError.notFound(daemonSets, name);
  const { collisionCount } = live.status;
  if (collisionCount !== set.status.collisionCount) {
    throw new Error(
      `found a stale collision count (${set.status.collisionCount ?? 'none'}, expected ${collisionCount ?? 'none'}) of DaemonSet ${JSON.stringify(name)} while processing; will retry until it is updated`,
    );
  }
  const status = { ...live.status, collisionCount: (collisionCount ?? 0) + 1 };
  await registry.update(daemonSets, { ...live, status }, { subresource: 'status' });
}

/** REV-06: of several revisions of the same template one stays, and every pod is labelled as if it were of it. */
async function dropDuplicates(
  registry: Registry,
  kept: RevisionEntry,
  duplicates: readonly RevisionEntry[],
  claimed: readonly Entry<Pod>[],
): Promise<void> {
  const hash = hashOf(kept)!;
  const body = { metadata: { labels: { [REVISION_HASH_LABEL]: hash } } };
  const strangers = claimed.filter(({ object }) => object.metadata.labels?.[REVISION_HASH_LABEL] !== hash);
  await all(strangers.map(pod => registry.patch(pods, pod.namespace, pod.name, { type: 'merge', body })));
  await all(duplicates.filter(revision => revision !== kept).map(revision => deleteRevision(registry, revision)));
}

/** REV-08: deletes the old revisions that are more than the set's limit. */
export async function cleanupHistory(
  registry: Registry,
  old: readonly RevisionEntry[],
  limit: number,
  liveHashes: ReadonlySet<string>,
): Promise<void> {
  await all(surplusRevisions(old, limit, liveHashes).map(revision => deleteRevision(registry, revision)));
}

async function deleteRevision(registry: Registry, { namespace, name }: RevisionEntry): Promise<void> {
  try {
    await registry.delete(controllerRevisions, namespace, name);
  } catch (error) {
    if (!StatusError.is(error, 'NotFound')) throw error;
  }
}
