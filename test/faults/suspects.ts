import type { Pod } from '../../src/resources/types.js';
import type { Row } from '../../src/store/backend.js';
import { type Author, Replay } from '../properties/safety.js';
import { controllerOf, isGoing, isLive } from '../properties/state.js';

/** A reconcile of the DaemonSet controller ends before so many more revisions were written. */
const LONGEST_RECONCILE = 200;

/**
 * The writes that only the DaemonSet controller can have made, told from the log alone: pods of DaemonSets that come, and those that go
 * while their set is there and no user has deleted them. A process decides on nothing that it wrote in an earlier life.
 *
 * @param lives the first revision of each life of the server, ascending
 * @param deleted names of pods that users deleted
 */
export function suspects(
  rows: readonly Row[],
  lives: readonly number[],
  deleted: ReadonlySet<string>,
): Map<number, Author> {
  const found = new Map<number, Author>();
  const replay = new Replay(false);
  for (const row of rows) {
    const state = replay.latest;
    replay.apply(row);
    if (row.resource !== 'pods' || !state) continue;
    const born = lives.findLast(revision => revision <= row.revision)!;
    const from = Math.max(born - 1, row.revision - LONGEST_RECONCILE);
    const pod = row.json.parse() as Pod;
    const before = state.pods.find(({ metadata }) => metadata.uid === row.uid);
    const owner = state.sets.find(({ metadata }) => metadata.uid === controllerOf(pod)?.uid);
    if (!owner || owner.metadata.deletionTimestamp !== undefined || deleted.has(row.name)) continue;
    const goes = before && isLive(before) && (row.type === 'DELETED' || isGoing(pod));
    if (!before || goes) found.set(row.revision, { from });
  }
  return found;
}
