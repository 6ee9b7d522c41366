import type { Deployment, ReplicaSet } from '../../resources/workload-types.js';
import { maxSurge } from './budget.js';
import { oldestFirst } from './replica-sets.js';

type Annotations = Readonly<Record<string, string>>;

/** Which rollout a set belongs to, counted from 1; on the Deployment, the current one. */
export const REVISION = 'deployment.kubernetes.io/revision';
/** Former revisions of a set that was rolled back to. */
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
/** How many pods the Deployment wanted when it last scaled the set: tells a change of scale from a rollout. */
const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
/** How many it allowed for, surge included: what proportions are reckoned from. */
const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';

/** What a Deployment does not hand on to its sets. */
const OWN: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deprecated.deployment.rollback.to',
]);

/** Characters that a set's history may have. */
const HISTORY_LIMIT = 2000;

/** The revision of a set, which may be larger than numbers are exact; 0 for one that has none, `undefined` if it cannot be read. */
function revisionOf({ metadata }: ReplicaSet): bigint | undefined {
  const text = metadata.annotations?.[REVISION];
  return text === undefined ? 0n : parseRevision(text);
}

/** The order of sets by revision; where it cannot be told, by age. */
export function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  const [left, right] = [revisionOf(a), revisionOf(b)];
  return left === undefined || right === undefined || left === right ? oldestFirst(a, b) : left < right ? -1 : 1;
}

/** The revision that a new set gets. */
export const nextRevision = (old: readonly ReplicaSet[]): bigint =>
  old.map(set => revisionOf(set) ?? 0n).reduce((most, revision) => (revision > most ? revision : most), 0n) + 1n;

export const desiredReplicas = ({ metadata }: ReplicaSet): number | undefined =>
  parseNumber(metadata.annotations?.[DESIRED_REPLICAS]);

export const maxReplicas = ({ metadata }: ReplicaSet): number | undefined =>
  parseNumber(metadata.annotations?.[MAX_REPLICAS]);

const parseRevision = (text: string): bigint | undefined => (INTEGER.test(text) ? BigInt(text) : undefined);

const INTEGER = /^[+-]?\d+$/;

const parseNumber = (text: string | undefined): number | undefined =>
  text !== undefined && INTEGER.test(text) ? Number(text) : undefined;

/**
 * What the set of the current template should be annotated with: what the Deployment is, and its revision, which only grows.
 * A set that had another revision before was rolled back to, and keeps that in its history. Mirrors `SetNewReplicaSetAnnotations`.
 * @param annotations of the set so far
 */
export function currentAnnotations(
  annotations: Annotations,
  { metadata }: Deployment,
  revision: bigint,
): Record<string, string> {
  const handedOn = Object.entries(metadata.annotations ?? {}).filter(([key]) => !OWN.has(key));
  const result: Record<string, string> = { ...annotations, ...Object.fromEntries(handedOn) };
  const former = annotations[REVISION];
  const number = former ? parseRevision(former) : 0n;
  if (number === undefined || number >= revision) return result;
  result[REVISION] = String(revision);
  if (former !== undefined) result[REVISION_HISTORY] = withFormer(annotations[REVISION_HISTORY] ?? '', former);
  return result;
}

/** A history with one more revision, less the oldest if it gets too long. */
function withFormer(history: string, revision: string): string {
  if (history === '') return revision;
  const revisions = [...history.split(','), revision];
  while (revisions.length > 1 && revisions.join(',').length > HISTORY_LIMIT) revisions.shift();
  return revisions.join(',');
}

/** `annotations` with what tells how many pods the Deployment wants now. */
export const withReplicas = (annotations: Annotations, deployment: Deployment): Record<string, string> => ({
  ...annotations,
  [DESIRED_REPLICAS]: String(deployment.spec.replicas),
  [MAX_REPLICAS]: String(deployment.spec.replicas + maxSurge(deployment)),
});

/** The annotations of a Deployment that is rolled back to a set: the set's, but for what Deployments do not hand on. */
export function rolledBackAnnotations(deployment: Deployment, set: ReplicaSet): Annotations {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => OWN.has(key));
  const kept = Object.entries(set.metadata.annotations ?? {}).filter(([key]) => !OWN.has(key));
  return Object.fromEntries([...own, ...kept]);
}
