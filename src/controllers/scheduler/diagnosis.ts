import type { CheckName, Obstacle } from '../../placement/check.js';

/** Why a pod found no node: the scheduler's reasons with the number of nodes each holds for. */
export class Diagnosis {
  /** How many nodes the cluster has. */
  readonly nodes: number;
  /** Nodes where the removal of other pods could help. */
  readonly preemptable: string[] = [];
  /** The rules that turned the pod away. */
  readonly rejectedBy = new Set<CheckName>();
  readonly #reasons = new Map<string, number>();
  /** What keeps the pod from every node; empty if it depends on the node. */
  beforehand = '';

  constructor(nodes: number) {
    this.nodes = nodes;
  }

  /** One node, and what the pod failed by. */
  add(node: string, { check, reasons, preemptable }: Obstacle): void {
    this.rejectedBy.add(check);
    for (const reason of reasons) count(this.#reasons, reason, 1);
    if (preemptable) this.preemptable.push(node);
  }

  /** Nodes that were not looked at, since a rule had left them out for the pod (SCH-02). */
  leftOut(nodes: number, check: CheckName): void {
    if (nodes === 0) return;
    this.rejectedBy.add(check);
    count(this.#reasons, `node(s) didn't satisfy plugin(s) [${check}]`, nodes);
  }

  /** The pod cannot go anywhere, whatever the nodes are like. */
  impossible(reason: string, check: CheckName): void {
    this.rejectedBy.add(check);
    this.beforehand = reason;
  }

  /**
   * Why no node is left, and what was tried then (SCH-05, SCH-06):
   * `0/4 nodes are available: 1 Insufficient cpu, 3 …. no new claims to deallocate, preemption: …`.
   */
  message(tried: string): string {
    if (this.nodes === 0) return 'no nodes available to schedule pods';
    const why = this.beforehand ? available(this.nodes, this.beforehand) : histogram(this.nodes, this.#reasons);
    return tried ? `${why} ${tried}` : why;
  }
}

/**
 * What the scheduler says where it tries what it can for a pod that fits nowhere. First comes the plugin for claims to devices
 * (DynamicResources), which has nothing to free, and then preemption. The plugin goes by what it noted before nodes were looked
 * at. Where that was not come by, it fails, and nothing more is tried.
 */
export const TRIED = {
  preemption: (outcome: string) => `no new claims to deallocate, preemption: ${outcome}`,
  nothing: 'not found',
} as const;

/** `0/4 nodes are available: 1 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.` */
export function preemptionFailure(nodes: number, reasons: readonly string[], helpful: number): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) count(counts, reason, 1);
  if (nodes > helpful) count(counts, 'Preemption is not helpful for scheduling', nodes - helpful);
  return histogram(nodes, counts);
}

function count(counts: Map<string, number>, reason: string, by: number): void {
  counts.set(reason, (counts.get(reason) ?? 0) + by);
}

function histogram(nodes: number, counts: ReadonlyMap<string, number>): string {
  const parts = [...counts].map(([reason, n]) => `${n} ${reason}`).sort();
  return available(nodes, parts.join(', '));
}

const available = (nodes: number, why: string) => `0/${nodes} nodes are available: ${why}.`;
