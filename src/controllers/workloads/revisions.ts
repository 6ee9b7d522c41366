import { compareText } from '../../resources/compare.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { sortKeys } from '../../resources/json.js';
import type { ControllerRevision, Draft, KubeObject, PodTemplateSpec } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { controllerReference } from './claim.js';

/** Names the ControllerRevision a pod was made from; on a revision, its own hash. */
export const REVISION_HASH_LABEL = 'controller-revision-hash';

/** A template as a ControllerRevision keeps it: a patch that puts it back (REV-03), as an object and as the text it is compared by. */
export interface RevisionData {
  readonly data: object;
  readonly text: string;
}

/** The patch for `template`: keys sorted, so that the same template always gives the same bytes. */
export function revisionData(template: PodTemplateSpec): RevisionData {
  const data = sortKeys({ spec: { template: { ...template, $patch: 'replace' } } }) as object;
  return { data, text: JSON.stringify(data) };
}

export type RevisionEntry = Entry<ControllerRevision>;

/**
 * A revision of an owner's template that is still to be stored: named by its hash, labelled like the template (REV-04).
 * @param hashLabel by which the owner's kind labels revisions with their hash
 */
export function newRevision<O extends KubeObject & { spec: { template: PodTemplateSpec } }>(
  kind: ResourceDefinition<O>,
  owner: O,
  hashLabel: string,
  hash: string,
  { data }: RevisionData,
  revision: number,
): Draft<ControllerRevision> {
  const { name, namespace = '', annotations } = owner.metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...owner.spec.template.metadata?.labels, [hashLabel]: hash },
      ...(annotations ? { annotations } : {}),
      ownerReferences: [controllerReference(kind, owner)],
    },
    data,
    revision,
  };
}

const texts = new WeakMap<RevisionEntry, string>();

/** Whether a revision keeps this very template, byte for byte (REV-02). */
export function keeps(revision: RevisionEntry, { text }: RevisionData): boolean {
  let kept = texts.get(revision);
  if (kept === undefined) {
    kept = JSON.stringify(revision.object.data) ?? '';
    texts.set(revision, kept);
  }
  return kept === text;
}

/** The hash that a revision is labelled with; `undefined` for one that comes from elsewhere. */
export const hashOf = ({ object }: RevisionEntry): string | undefined => object.metadata.labels?.[REVISION_HASH_LABEL];

export interface History {
  /** Of the live template; normally one, none if the template is new. */
  readonly current: readonly RevisionEntry[];
  /** The others, oldest first. */
  readonly old: readonly RevisionEntry[];
}

/** Tells the revisions of the live template from older ones (REV-02). */
export function splitHistory(revisions: readonly RevisionEntry[], data: RevisionData): History {
  const ordered = [...revisions].sort(oldestFirst);
  return { current: ordered.filter(r => keeps(r, data)), old: ordered.filter(r => !keeps(r, data)) };
}

/** The number that the current revision has at least (REV-04, REV-05). */
export function nextRevision({ old }: History): number {
  return Math.max(0, ...old.map(({ object }) => object.revision)) + 1;
}

/**
 * The old revisions to delete: as many as there are more than `limit`, oldest first, but none that a pod is still of (REV-08).
 * @param liveHashes revision hashes of all pods of the set
 */
export function surplusRevisions(
  old: readonly RevisionEntry[],
  limit: number,
  liveHashes: ReadonlySet<string>,
): RevisionEntry[] {
  const dead = [...old].sort(oldestFirst).filter(revision => !liveHashes.has(hashOf(revision) ?? ''));
  return dead.slice(0, Math.max(old.length - limit, 0));
}

function oldestFirst({ object: a }: RevisionEntry, { object: b }: RevisionEntry): number {
  return (
    a.revision - b.revision ||
    compareText(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compareText(a.metadata.name, b.metadata.name)
  );
}
