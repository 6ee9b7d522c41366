import { conditionOf, hasEnded, isTerminating } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import type { Job } from '../../resources/workload-types.js';

/** Holds a pod until its Job has counted it. */
export const TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking';
/** Annotation and label: which part of an Indexed Job's work the pod does. */
export const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';

/** Whether the pod waits to be counted. */
export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(TRACKING_FINALIZER) ?? false;

/** Whether the pod is at work, or about to be. */
export const isActive = (pod: Pod): boolean => !hasEnded(pod) && !isTerminating(pod);

/** Whether the pod is on its way out and has not ended yet. */
export const isGoing = (pod: Pod): boolean => isTerminating(pod) && !hasEnded(pod);

export const hasSucceeded = ({ status }: Pod): boolean => status.phase === 'Succeeded';

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed';

export const isSuspended = ({ spec }: Job): boolean => spec.suspend === true;

/** Whether a pod that is on its way out is replaced only once it has failed. */
export const waitsForFailure = ({ spec }: Job): boolean =>
  spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;

/** Whether the pod counts as failed: a deleted one does at once, unless its end is waited for. Mirrors `isPodFailed`. */
export function hasFailed(pod: Pod, job: Job): boolean {
  if (pod.status.phase === 'Failed') return true;
  return !waitsForFailure(job) && isTerminating(pod) && !hasSucceeded(pod);
}

/** The index of an Indexed Job's pod; `undefined` if it has none that such a Job could have. */
export function indexOf({ metadata }: Pod, { spec: { completions = 0 } }: Job): number | undefined {
  const text = metadata.annotations?.[COMPLETION_INDEX];
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const index = Number(text);
  return index < completions ? index : undefined;
}

/** The indexes of pods, each once. */
export function indexesOf(pods: readonly Pod[], job: Job): Set<number> {
  return new Set(pods.map(pod => indexOf(pod, job)).filter(index => index !== undefined));
}

/** When a pod ended, in ms since the epoch: by its containers, else by what came next to it. Mirrors `getFinishedTime`. */
export function finishedAt(pod: Pod): number {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = pod.metadata;
  const ends = [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])].map(status =>
    Date.parse(status.state?.terminated?.finishedAt ?? ''),
  );
  const known = ends.filter(at => !Number.isNaN(at));
  // A container that nobody saw end tells nothing.
  if (known.length > 0 && known.length === ends.length) return Math.max(...known);
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status === 'False' && ready.lastTransitionTime) return Date.parse(ready.lastTransitionTime);
  if (deletionTimestamp) return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  return Date.parse(creationTimestamp);
}
