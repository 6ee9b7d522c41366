import type { DaemonSetFacts } from '../graph/cluster-map.js';
import type { RolloutProgress, WorkloadFacts } from '../graph/rollout.js';

/** How far a rollout is. */
export type RolloutPhase =
  /** Its controller has not looked at the newest template yet. */
  | 'unobserved'
  /** Pods of older templates are left. */
  | 'updating'
  /** All are of the newest template, and some are not available yet, or old ones not gone yet. */
  | 'waiting'
  | 'done'
  /** A new template reaches a pod only when somebody deletes it. */
  | 'manual'
  /** Somebody holds it. */
  | 'paused'
  /** It is at an end because it took too long. */
  | 'late';

/** Tells whether there is something that is still to come by itself. */
export const isGoingOn = (phase: RolloutPhase): boolean =>
  phase === 'unobserved' || phase === 'updating' || phase === 'waiting';

/** How far the rollout of a DaemonSet is. */
export function phaseOf({ metadata, updateStrategy, status, rollout }: DaemonSetFacts): RolloutPhase {
  if (updateStrategy.type !== 'RollingUpdate') return 'manual';
  return phaseBy(rollout, isUnobserved(metadata.generation, status.observedGeneration), rollout.desired);
}

/** How far the rollout of a Deployment or StatefulSet is. */
export function workloadPhase({ json: { metadata, spec, status }, rollout }: WorkloadFacts): RolloutPhase {
  if (!rollout) return 'done';
  if (spec.updateStrategy?.type === 'OnDelete') return 'manual';
  if (spec.paused) return 'paused';
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  const unobserved = isUnobserved(metadata.generation, status?.observedGeneration);
  if (!unobserved && progressing?.reason === 'ProgressDeadlineExceeded') return 'late';
  return phaseBy(rollout, unobserved, rollout.desired - (spec.updateStrategy?.rollingUpdate?.partition ?? 0));
}

const isUnobserved = (generation: number | null | undefined, observed: number | null | undefined): boolean =>
  (generation ?? 0) > (observed ?? 0);

function phaseBy({ updated, done }: RolloutProgress, unobserved: boolean, wanted: number): RolloutPhase {
  if (done) return 'done';
  if (unobserved) return 'unobserved';
  return updated < wanted ? 'updating' : 'waiting';
}
