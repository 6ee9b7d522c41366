import type { Candidate } from '../controllers/scheduler/preemption.js';
import { SchedulingCycle, type Survey } from '../controllers/scheduler/scheduling-cycle.js';
import type { NodeInfo } from '../placement/node-info.js';
import type { Registry } from '../registry/registry.js';
import type { Pod } from '../resources/types.js';
import { type Check, checksOfFit } from './checks.js';

/** What a plugin of the scheduler says of a node that a pod fits on: from 0 to 100, and how much that counts. */
interface NodeScore {
  readonly plugin: string;
  readonly score: number;
  readonly weight: number;
}

/** A pod on a node, as the scheduler sees it. */
export class NodeFit {
  readonly #survey: Survey;
  readonly #info: NodeInfo;
  readonly fits: boolean;
  /** By plugin; empty where the pod does not fit. */
  readonly scores: readonly NodeScore[];
  /** Their weighted sum; undefined where the pod does not fit. */
  readonly score: number | undefined;

  /** @param position among those nodes that the pod fits on; undefined for others */
  constructor(survey: Survey, info: NodeInfo, position: number | undefined) {
    this.#survey = survey;
    this.#info = info;
    this.fits = position !== undefined;
    this.scores =
      position === undefined
        ? []
        : survey.scores.map(({ plugin, weight, scores }) => ({ plugin, weight, score: scores[position]! }));
    this.score = this.fits ? this.scores.reduce((sum, { score, weight }) => sum + score * weight, 0) : undefined;
  }

  get node(): string {
    return this.#info.name;
  }

  get checks(): readonly Check[] {
    return checksOfFit(this.#survey.fit, this.#info);
  }
}

/** Where a pod can go, be it there or not, asked of the scheduler's own functions. */
export class PodExplanation {
  readonly #survey: Survey;
  /** Those that it fits on first, the best of them first; by name where nothing else tells. */
  readonly nodes: readonly NodeFit[];

  constructor(registry: Registry, pod: Pod) {
    this.#survey = new SchedulingCycle(registry).survey(pod);
    let feasible = 0;
    this.nodes = this.#survey.looks
      .map(({ info, obstacle }) => new NodeFit(this.#survey, info, obstacle ? undefined : feasible++))
      .sort((a, b) => (b.score ?? -1) - (a.score ?? -1) || (a.node < b.node ? -1 : 1));
  }

  /** Why it fits nowhere, in the scheduler's words; empty if it does. */
  get message(): string {
    return this.#survey.message;
  }

  /** Nodes where others would have to leave for it, the one that would be chosen first; only if it fits nowhere. */
  get candidates(): readonly Candidate[] {
    const { best, candidates } = this.#survey;
    return best ? [best, ...candidates.filter(candidate => candidate !== best)] : [];
  }
}
