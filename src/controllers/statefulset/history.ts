import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import { controllerRevisions, statefulSets } from '../../resources/index.js';
import type { PodTemplateSpec } from '../../resources/types.js';
import type { StatefulSet } from '../../resources/workload-types.js';
import {
  keeps,
  newRevision,
  nextRevision,
  type RevisionData,
  type RevisionEntry,
  revisionData,
  splitHistory,
} from '../workloads/revisions.js';
import { templateHash } from '../workloads/template-hash.js';

/** On a revision of a StatefulSet: its hash. Its pods are labelled with its name. */
const HASH_LABEL = 'controller.kubernetes.io/hash';

export interface SetHistory {
  /** What pods are to be made from. */
  readonly update: RevisionEntry;
  /** What they were made from before; the same once a rollout is over. */
  readonly current: RevisionEntry;
  /** All of them, the last one last. */
  readonly all: readonly RevisionEntry[];
  readonly collisionCount: number;
}

/**
 * Finds the revision of the live template, or makes it; one that is there already, from a rollout before, becomes the latest again.
 * Mirrors `getStatefulSetRevisions`.
 */
export async function historyOf(
  registry: Registry,
  set: StatefulSet,
  revisions: readonly RevisionEntry[],
): Promise<SetHistory> {
  const data = revisionData(set.spec.template);
  const history = splitHistory(revisions, data);
  const number = nextRevision(history);
  let { collisionCount = 0 } = set.status;
  let update = history.current.at(-1);
  if (!update) ({ update, collisionCount } = await snapshot(registry, set, data, number, collisionCount));
  else if (update.object.revision < number)
    update = await registry.update(controllerRevisions, { ...update.object, revision: number });
  const all = [...history.old, ...history.current.slice(0, -1), update];
  const current = all.find(({ name }) => name === set.status.currentRevision) ?? update;
  return { update, current, all, collisionCount };
}

async function snapshot(
  registry: Registry,
  set: StatefulSet,
  data: RevisionData,
  revision: number,
  collisions: number,
): Promise<{ update: RevisionEntry; collisionCount: number }> {
  const { name: setName, namespace = '' } = set.metadata;
  for (let collisionCount = collisions; ; collisionCount++) {
    const hash = templateHash(data.text, collisionCount);
    const name = `${setName}-${hash}`;
    const taken = registry.get(controllerRevisions, namespace, name);
    if (taken && keeps(taken, data)) return { update: taken, collisionCount };
    if (taken) continue;
    const draft = newRevision(statefulSets, set, HASH_LABEL, hash, data, revision);
    return { update: await registry.create(controllerRevisions, draft, { namespace }), collisionCount };
  }
}

/** The template that a revision keeps. */
export function templateOf({ object }: RevisionEntry): PodTemplateSpec {
  const { spec } = object.data as { spec: { template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template;
}

/** Deletes the oldest revisions that nobody is of, as many as there are more than the set's limit. Mirrors `truncateHistory`. */
export async function truncateHistory(
  registry: Registry,
  set: StatefulSet,
  { all, current, update }: SetHistory,
  inUse: ReadonlySet<string | undefined>,
): Promise<void> {
  const { revisionHistoryLimit: limit = 10 } = set.spec;
  if (limit < 0) return;
  const dead = all.filter(revision => revision !== current && revision !== update && !inUse.has(revision.name));
  for (const { namespace, name } of dead.slice(0, Math.max(dead.length - limit, 0))) {
    try {
      await registry.delete(controllerRevisions, namespace, name);
    } catch (error) {
      if (!StatusError.is(error, 'NotFound')) throw error;
    }
  }
}
