import { compareText } from '../../resources/compare.js';
import { equalUpToEmpty, without } from '../../resources/json.js';
import type { PodTemplateSpec } from '../../resources/types.js';
import type { Deployment, ReplicaSet } from '../../resources/workload-types.js';

/** Tells the pods of a Deployment's ReplicaSets apart: on the sets, in their selectors and on their pods. */
export const TEMPLATE_HASH_LABEL = 'pod-template-hash';

/** The ReplicaSets of a Deployment. */
export interface Sets {
  /** That of the Deployment's template; absent as long as it has not been made. */
  readonly current?: ReplicaSet | undefined;
  /** Those of former templates, oldest first. */
  readonly old: readonly ReplicaSet[];
}

/** Tells the set of the Deployment's template from the others: the oldest, if there are several. */
export function splitSets({ spec }: Deployment, sets: readonly ReplicaSet[]): Sets {
  const ordered = [...sets].sort(oldestFirst);
  const current = ordered.find(set => isOfTemplate(set, spec.template));
  return { current, old: ordered.filter(set => set !== current) };
}

export const allOf = ({ current, old }: Sets): readonly ReplicaSet[] => (current ? [...old, current] : old);

/** `sets` with `set` in the place of its former version. */
export function withSet({ current, old }: Sets, set: ReplicaSet): Sets {
  const { uid } = set.metadata;
  if (current?.metadata.uid === uid) return { current: set, old };
  return { current, old: old.map(other => (other.metadata.uid === uid ? set : other)) };
}

/** Whether a set makes pods of this template, but for the hash that they are labelled with. */
export function isOfTemplate({ spec }: ReplicaSet, template: PodTemplateSpec): boolean {
  return equalUpToEmpty(withoutHash(spec.template), withoutHash(template));
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [TEMPLATE_HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...without(template.metadata ?? {}, 'labels'), labels } };
}

/** Whether a set has pods, or ought to. */
export const isActive = ({ spec }: ReplicaSet): boolean => spec.replicas > 0;

export const sumOf = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number =>
  sets.reduce((sum, set) => sum + (count(set) ?? 0), 0);

export const wantedBy = (sets: readonly ReplicaSet[]): number => sumOf(sets, ({ spec }) => spec.replicas);

export const availableIn = (sets: readonly ReplicaSet[]): number =>
  sumOf(sets, ({ status }) => status.availableReplicas);

export const oldestFirst = ({ metadata: a }: ReplicaSet, { metadata: b }: ReplicaSet): number =>
  compareText(a.creationTimestamp, b.creationTimestamp) || compareText(a.name, b.name);
