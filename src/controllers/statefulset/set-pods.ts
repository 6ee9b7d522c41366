import { isReady, isTerminating } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import type { StatefulSet } from '../../resources/workload-types.js';
import { isAvailable, readinessOf } from '../workloads/availability.js';
import { REVISION_HASH_LABEL } from '../workloads/revisions.js';

/** Labels by which a pod of a set can be selected alone. */
export const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
export const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';

export const podName = ({ metadata }: StatefulSet, ordinal: number): string => `${metadata.name}-${ordinal}`;

/** The ordinal that a pod's name tells, if the name is one of the set's. */
export function ordinalOf({ metadata: { name } }: StatefulSet, pod: string): number | undefined {
  const number = pod.startsWith(`${name}-`) ? pod.slice(name.length + 1) : '';
  return /^\d+$/.test(number) ? Number(number) : undefined;
}

/** The ordinals that a set is to have: from the first one, … */
export const firstOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;

/** … up to this one, which it does not have. */
export const endOrdinal = (set: StatefulSet): number => firstOrdinal(set) + set.spec.replicas;

/** The name of the revision that a pod was made from. */
export const revisionOf = ({ metadata }: Pod): string | undefined => metadata.labels?.[REVISION_HASH_LABEL];

/** Whether a set makes and deletes its pods all at once rather than one after the other. */
export const isParallel = ({ spec }: StatefulSet): boolean => spec.podManagementPolicy === 'Parallel';

export const isRunningAndReady = (pod: Pod): boolean => pod.status.phase === 'Running' && isReady(pod);

/** Whether the pod has served for long enough. `now`: ms since the epoch. */
export const isServing = (pod: Pod, { spec }: StatefulSet, now: number): boolean =>
  isRunningAndReady(pod) && isAvailable(readinessOf(pod), spec.minReadySeconds ?? 0, now);

/** Whether the pod runs, is ready, and is to stay so. */
export const isHealthy = (pod: Pod): boolean => isRunningAndReady(pod) && !isTerminating(pod);

/** The pods of a set by their place. */
export interface Places {
  /** One for each ordinal that is to be, in order; undefined where there is no pod. */
  readonly replicas: readonly (Pod | undefined)[];
  /** Those of other ordinals, the highest first. */
  readonly condemned: readonly Pod[];
}

export function placesOf(set: StatefulSet, pods: readonly Pod[]): Places {
  const first = firstOrdinal(set);
  const replicas: (Pod | undefined)[] = Array.from({ length: set.spec.replicas }, () => undefined);
  const condemned: { pod: Pod; ordinal: number }[] = [];
  for (const pod of pods) {
    const ordinal = ordinalOf(set, pod.metadata.name);
    if (ordinal === undefined) continue;
    if (ordinal >= first && ordinal < endOrdinal(set)) replicas[ordinal - first] = pod;
    else condemned.push({ pod, ordinal });
  }
  return { replicas, condemned: condemned.sort((a, b) => b.ordinal - a.ordinal).map(({ pod }) => pod) };
}
