/** Names of the scheduler plugins that know the rules. */
export type CheckName =
  | 'NodeUnschedulable'
  | 'NodeName'
  | 'TaintToleration'
  | 'NodeAffinity'
  | 'NodePorts'
  | 'NodeResourcesFit'
  | 'PodTopologySpread'
  | 'InterPodAffinity';

/** `keep`: no new pod, but one that is there may stay. */
export type CheckVerdict = 'pass' | 'keep' | 'fail';

/** One rule, asked about one pod on one node. */
export interface Check {
  readonly check: CheckName;
  readonly verdict: CheckVerdict;
  /** The scheduler's words for a node that fails, as they are counted in `0/4 nodes are available: …`; empty if it passes. */
  readonly reasons: readonly string[];
  /** A sentence for people. */
  readonly message: string;
  /** Whether removing other pods could help. */
  readonly preemptable: boolean;
}

export const pass = (check: CheckName, message: string): Check => ({
  check,
  verdict: 'pass',
  reasons: [],
  message,
  preemptable: false,
});

export const fail = (check: CheckName, reasons: readonly string[], message: string, preemptable = false): Check => ({
  check,
  verdict: 'fail',
  reasons,
  message,
  preemptable,
});
