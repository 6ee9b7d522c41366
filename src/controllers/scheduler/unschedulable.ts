import type { Obstacle } from '../../placement/check.js';

/** Why a pod found no node: the scheduler's reasons with the number of nodes each holds for. */
export class Diagnosis {
  readonly #reasons = new Map<string, number>();
  /** Nodes where the removal of other pods could help. */
  readonly preemptable: string[] = [];

  constructor(
    /** How many nodes the cluster has. */
    readonly nodes: number,
  ) {}

  /** One node, and the check that it failed. */
  add(node: string, { reasons, preemptable }: Obstacle): void {
    for (const reason of reasons) this.count(reason, 1);
    if (preemptable) this.preemptable.push(node);
  }

  count(reason: string, nodes: number): void {
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + nodes);
  }

  /** `0/4 nodes are available: 1 Insufficient cpu, 3 …. preemption: 0/4 nodes are available: …` (SCH-05, SCH-06). */
  message(preemption: string): string {
    if (this.nodes === 0) return 'no nodes available to schedule pods';
    return `${this.#histogram(this.#reasons)} ${preemption}`.trimEnd();
  }

  /** What is said of preemption when there are no victims, or none may be made. */
  preemptionMessage(never: boolean): string {
    if (this.nodes === 0) return '';
    if (never) return 'preemption: not eligible due to preemptionPolicy=Never.';
    const helpful = this.preemptable.length;
    const reasons = new Map<string, number>();
    if (helpful > 0) reasons.set('No preemption victims found for incoming pod', helpful);
    if (this.nodes > helpful) reasons.set('Preemption is not helpful for scheduling', this.nodes - helpful);
    return `preemption: ${this.#histogram(reasons)}`;
  }

  #histogram(reasons: ReadonlyMap<string, number>): string {
    const parts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
    return `0/${this.nodes} nodes are available: ${parts.join(', ')}.`;
  }
}
