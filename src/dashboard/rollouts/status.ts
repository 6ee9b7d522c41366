import type { DaemonSetFacts } from '../graph/cluster-map.js';

/** How far a rollout is. */
export type RolloutPhase =
  /** Its controller has not looked at the newest template yet. */
  | 'unobserved'
  /** Pods of older templates are left. */
  | 'updating'
  /** All are of the newest template, and some are not available yet. */
  | 'waiting'
  | 'done'
  /** A new template reaches a pod only when somebody deletes it. */
  | 'manual';

export function phaseOf({ metadata, updateStrategy, status }: DaemonSetFacts): RolloutPhase {
  if (updateStrategy.type !== 'RollingUpdate') return 'manual';
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) return 'unobserved';
  if (status.updatedNumberScheduled < status.desiredNumberScheduled) return 'updating';
  return status.numberAvailable < status.desiredNumberScheduled ? 'waiting' : 'done';
}

/** What `kubectl rollout status` says. */
export function kubectlSays(facts: DaemonSetFacts): string {
  const { desiredNumberScheduled: desired, updatedNumberScheduled: updated, numberAvailable: available } = facts.status;
  const waiting = `Waiting for daemon set "${facts.name}" rollout to finish:`;
  switch (phaseOf(facts)) {
    case 'manual':
      return 'error: rollout status is only available for RollingUpdate strategy type';
    case 'unobserved':
      return 'Waiting for daemon set spec update to be observed...';
    case 'updating':
      return `${waiting} ${updated} out of ${desired} new pods have been updated...`;
    case 'waiting':
      return `${waiting} ${available} of ${desired} updated pods are available...`;
    case 'done':
      return `daemon set "${facts.name}" successfully rolled out`;
  }
}
