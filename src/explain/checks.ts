import type { DaemonSet, Node, Pod } from '../resources/types.js';

/** Who makes a check: the DaemonSet controller decides whether a pod is wanted, the scheduler whether it finds room. */
export type Stage = 'CONTROLLER' | 'SCHEDULER';

/** `KEEP_ONLY`: no new pod, but one that is there may stay. */
export type Verdict = 'PASS' | 'KEEP_ONLY' | 'FAIL';

export interface Check {
  readonly stage: Stage;
  /** Name of the scheduler plugin that knows the rule: `NodeAffinity`, `TaintToleration`, … */
  readonly name: string;
  readonly verdict: Verdict;
  readonly message: string;
}

/** What the DaemonSet controller decides for a node, and by what. */
export interface DaemonDecision {
  readonly wanted: boolean;
  readonly shouldContinue: boolean;
  readonly checks: readonly Check[];
}

export function daemonChecks(_daemonSet: DaemonSet, _node: Node): DaemonDecision {
  return { wanted: true, shouldContinue: true, checks: [] };
}
export function fitChecks(
  _pod: Pod | undefined,
  _daemonSet: DaemonSet,
  _node: Node,
  _others: readonly Pod[],
): readonly Check[] {
  return [];
}
