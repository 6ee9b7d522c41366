import type { DaemonSet, Node, Pod, PodSpec } from '../resources/types.js';

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

export function controllerChecks(_daemonSet: DaemonSet, _node: Node): readonly Check[] {
  return [];
}
export function schedulerChecks(_spec: PodSpec, _node: Node, _others: readonly Pod[]): readonly Check[] {
  return [];
}
