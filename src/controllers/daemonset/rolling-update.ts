import { scaled } from '../../resources/int-or-percent.js';
import type { RollingUpdateDaemonSet } from '../../resources/types.js';
import { isAvailable } from '../workloads/availability.js';
import { type CurrentTemplate, type DaemonPod, isUpdated } from './daemon-pod.js';
import type { NodeVerdict, PodsByNode } from './manage.js';

export interface RollingUpdateInput {
  readonly nodes: readonly NodeVerdict[];
  readonly podsByNode: PodsByNode;
  readonly template: CurrentTemplate;
  readonly rollingUpdate: RollingUpdateDaemonSet | undefined;
  readonly minReadySeconds: number;
  /** ms since the epoch. */
  readonly now: number;
}

export interface RollingUpdateDecision {
  /** Nodes to make a new pod for beside the old one. */
  readonly create: string[];
  readonly delete: DaemonPod[];
}

export interface RollingUpdateBudget {
  /** Nodes that should run a pod. */
  readonly desired: number;
  readonly maxUnavailable: number;
  readonly maxSurge: number;
}

/**
 * Decides which old pods make way for new ones (UPD-01..15), or which nodes get a new pod beside the old one (SUR-01..15).
 *
 * Where only some of several like nodes may go first, upstream takes them in no order. Here it is the order of `nodes` (by
 * name), then of nodes that are gone: the same state gives the same rollout.
 * @throws Error if an old pod stands alone on a node that is gone, with surge (SUR-09)
 */
export function decideRollingUpdate(input: RollingUpdateInput): RollingUpdateDecision {
  const budget = budgetOf(input);
  return budget.maxSurge === 0 ? replace(input, budget) : surge(input, budget);
}

/** How many nodes may go without, or have two pods. Percentages are of the nodes that should run a pod, rounded up (UPD-02, UPD-03). */
export function budgetOf({
  nodes,
  rollingUpdate,
}: Pick<RollingUpdateInput, 'nodes' | 'rollingUpdate'>): RollingUpdateBudget {
  let desired = 0;
  for (const node of nodes) if (node.shouldRun) desired++;
  const maxUnavailable = scaled(rollingUpdate?.maxUnavailable, desired);
  const maxSurge = scaled(rollingUpdate?.maxSurge, desired);
  // Nothing would ever move if both came to 0.
  const stuck = desired > 0 && maxUnavailable === 0 && maxSurge === 0;
  return { desired, maxUnavailable: stuck ? 1 : maxUnavailable, maxSurge };
}

/** Whether the set lets old and new pods stand side by side: any share of even one node, rounded up, is one (DUP-06). */
export function allowsSurge(updateStrategy: { type?: string; rollingUpdate?: RollingUpdateDaemonSet }): boolean {
  return updateStrategy.type === 'RollingUpdate' && scaled(updateStrategy.rollingUpdate?.maxSurge, 1) > 0;
}

/** UPD-05, UPD-06: deletes old pods that are of no use anyway, and of the others as many as the budget allows. */
function replace(input: RollingUpdateInput, { maxUnavailable }: RollingUpdateBudget): RollingUpdateDecision {
  const available = (pod: DaemonPod) => isAvailable(pod, input.minReadySeconds, input.now);
  const useless: DaemonPod[] = [];
  const candidates: DaemonPod[] = [];
  let unavailable = 0;
  for (const [, pods] of nodesToUpdate(input)) {
    const found = oldAndNew(pods, input.template);
    // Several of a kind, one of each, or none: to be put in order by `decideManage`.
    if (!found || Boolean(found.old) === Boolean(found.new)) unavailable++;
    else if (found.new) unavailable += available(found.new) ? 0 : 1;
    else if (available(found.old!)) candidates.push(found.old!);
    else {
      useless.push(found.old!);
      unavailable++;
    }
  }
  return { create: [], delete: [...useless, ...candidates.slice(0, Math.max(maxUnavailable - unavailable, 0))] };
}

/** SUR-01..08: makes new pods beside old ones, and deletes an old one when the new one of its node is available. */
function surge(input: RollingUpdateInput, { desired, maxSurge }: RollingUpdateBudget): RollingUpdateDecision {
  const available = (pod: DaemonPod) => isAvailable(pod, input.minReadySeconds, input.now);
  const obsolete: DaemonPod[] = [];
  /** Old pods that serve well where they should no longer be: they wait until others do. */
  const sunset: DaemonPod[] = [];
  const urgent: string[] = [];
  const candidates: string[] = [];
  let surging = 0;
  let serving = 0;
  for (const [name, pods, node] of nodesToUpdate(input)) {
    const found = oldAndNew(pods, input.template);
    if (!found) {
      surging++;
      continue;
    }
    const elder = found.old ?? found.new;
    if (elder && available(elder)) serving++;
    if (!found.old) continue;
    if (found.new) {
      if (available(found.new)) obsolete.push(found.old);
      else surging++;
      continue;
    }
    if (!node)
      throw new Error(`couldn't get node for nodeName ${JSON.stringify(name)}: node ${JSON.stringify(name)} not found`);
    if (available(found.old)) {
      if (node.shouldRun) candidates.push(name);
      else sunset.push(found.old);
    } else if (node.shouldRun) urgent.push(name);
    else obsolete.push(found.old);
  }
  return {
    create: [...urgent, ...candidates.slice(0, Math.max(maxSurge - surging, 0))],
    delete: [...obsolete, ...sunset.slice(0, Math.max(serving - desired, 0))],
  };
}

/** Every node that has pods, and every node that should: by the order of the nodes, then those that are gone (UPD-04). */
function* nodesToUpdate({
  nodes,
  podsByNode,
}: RollingUpdateInput): Iterable<[string, readonly DaemonPod[], NodeVerdict?]> {
  let seen = 0;
  for (const node of nodes) {
    const pods = podsByNode.get(node.name);
    if (pods) seen++;
    if (pods || node.shouldRun) yield [node.name, pods ?? [], node];
  }
  if (seen === podsByNode.size) return;
  const present = new Set(nodes.map(node => node.name));
  for (const name of [...podsByNode.keys()].sort()) {
    if (!present.has(name)) yield [name, podsByNode.get(name)!];
  }
}

/** The node's old and new pod, terminating ones aside; `undefined` if there are several of a kind. */
function oldAndNew(
  pods: readonly DaemonPod[],
  template: CurrentTemplate,
): { old?: DaemonPod; new?: DaemonPod } | undefined {
  const found: { old?: DaemonPod; new?: DaemonPod } = {};
  for (const pod of pods) {
    if (pod.terminating) continue;
    const age = isUpdated(pod, template) ? 'new' : 'old';
    if (found[age]) return undefined;
    found[age] = pod;
  }
  return found;
}
