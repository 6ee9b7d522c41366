import type { Obstacle } from '../../placement/check.js';
import { PodFit } from '../../placement/fit.js';
import { namedNodes } from '../../placement/node-affinity.js';
import type { NodeInfo } from '../../placement/node-info.js';
import type { VolumePlan } from '../../placement/volumes/binding.js';
import type { Registry } from '../../registry/registry.js';
import type { Index } from '../../registry/types.js';
import { podDisruptionBudgets, pods } from '../../resources/index.js';
import type { PodDisruptionBudget } from '../../resources/pod-disruption-budget.js';
import { hasEnded } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import { Diagnosis, preemptionFailure, TRIED } from './diagnosis.js';
import { NodeCache } from './node-cache.js';
import { bestCandidate, type Candidate, isBeingMadeRoomFor, priorityOf, victimsOn } from './preemption.js';
import { bestNode, type PluginScores, pluginScores } from './scores.js';

/** A node for a pod, and what has to be done before it can have its volumes there. */
export interface Placed {
  readonly node: string;
  readonly volumes: VolumePlan | undefined;
}

/** A node for a pod, or why there is none. */
export type Placement = Placed | { readonly fit: PodFit; readonly diagnosis: Diagnosis };

/** Pods that would have to go for a pod to fit, or why there are none to be sent away. */
export type PreemptionPlan =
  | { readonly candidate: Candidate }
  /** `keepsNomination`: the pod still waits for the node that is being made free for it. */
  | { readonly failure: string; readonly keepsNomination: boolean };

/** What a pod would meet with on every node, and what would help it where it fits nowhere. */
export interface Survey {
  readonly fit: PodFit;
  /** In the order in which the nodes came; the first obstacle of each. */
  readonly looks: readonly { readonly info: NodeInfo; readonly obstacle: Obstacle | undefined }[];
  /** Of those that have no obstacle, in the same order. */
  readonly scores: readonly PluginScores[];
  /** Why it fits nowhere, as the scheduler tells it; empty if it does. */
  readonly message: string;
  /** Where others could be made to leave, if it fits nowhere; the best is the one that would be chosen. */
  readonly candidates: readonly Candidate[];
  readonly best: Candidate | undefined;
}

/** Up to so many nodes all are looked at; of more, a part that shrinks with their number, but never fewer. */
const ENOUGH_NODES = 100;

/** Decides, without writing anything: where a pod goes, and who would have to leave for it. */
export class SchedulingCycle {
  readonly #registry: Registry;
  readonly #cache: NodeCache;
  /** Pods that room is being made for, by the node. */
  readonly #nominated: Index<Pod>;
  /** How often a pod was held against a node so far: what scheduling costs. */
  effort = 0;
  /** Where the search for nodes goes on, so that in a large cluster all get their turn. */
  #next = 0;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#cache = NodeCache.of(registry);
    this.#nominated = registry.index(pods, 'nominated', pod =>
      pod.status?.nominatedNodeName && !pod.spec.nodeName && !hasEnded(pod) && !pod.metadata.deletionTimestamp
        ? [pod.status.nominatedNodeName]
        : [],
    );
  }

  /** Finds the best node for a pod (SCH-01 to SCH-05, SCH-12 to SCH-14). */
  place(pod: Pod): Placement {
    const diagnosis = new Diagnosis(this.#cache.size);
    const fit = new PodFit(pod, this.#cache);
    const named = namedNodes(pod.spec.affinity);
    if (named?.size === 0) {
      diagnosis.impossible('pod affinity terms conflict', 'NodeAffinity');
      return { fit, diagnosis };
    }
    if (fit.beforehand) {
      const [reason] = fit.beforehand.reasons;
      diagnosis.impossible(reason!, fit.beforehand.check);
      return { fit, diagnosis };
    }
    const nominated = this.#cache.get(pod.status.nominatedNodeName ?? '');
    if (nominated && !this.#obstacle(pod, fit, nominated)) return placed(fit, nominated);
    const feasible = named ? this.#amongNamed(pod, fit, named, diagnosis) : this.#amongAll(pod, fit, diagnosis);
    if (feasible.length === 0) return { fit, diagnosis };
    return placed(fit, bestNode(pod, feasible, this.#cache, this.#registry.random));
  }

  /** A pod that names its nodes is not tried on the others at all. */
  #amongNamed(pod: Pod, fit: PodFit, names: ReadonlySet<string>, diagnosis: Diagnosis): NodeInfo[] {
    const feasible: NodeInfo[] = [];
    let found = 0;
    for (const name of names) {
      const info = this.#cache.get(name);
      if (!info) continue;
      found++;
      const obstacle = this.#obstacle(pod, fit, info);
      if (obstacle) diagnosis.add(name, obstacle);
      else feasible.push(info);
    }
    diagnosis.leftOut(this.#cache.size - found, 'NodeAffinity');
    return feasible;
  }

  #amongAll(pod: Pod, fit: PodFit, diagnosis: Diagnosis): NodeInfo[] {
    const nodes = this.#cache.nodes();
    const enough = enoughOf(nodes.length);
    const feasible: NodeInfo[] = [];
    let looked = 0;
    for (; looked < nodes.length && feasible.length < enough; looked++) {
      const info = nodes[(this.#next + looked) % nodes.length]!;
      const obstacle = this.#obstacle(pod, fit, info);
      if (obstacle) diagnosis.add(info.name, obstacle);
      else feasible.push(info);
    }
    if (nodes.length > 0) this.#next = (this.#next + looked) % nodes.length;
    return feasible;
  }

  /**
   * What speaks against a node. Pods of at least the same priority that room is being made for there count as if they stood
   * there already; the pod must fit with them and without them, since they may still go elsewhere.
   */
  #obstacle(pod: Pod, fit: PodFit, info: NodeInfo): Obstacle | undefined {
    this.effort++;
    const others = this.#nominated
      .get(info.name)
      .filter(({ uid, object }) => uid !== pod.metadata.uid && priorityOf(object) >= priorityOf(pod));
    if (others.length === 0) return fit.obstacle(info);
    const trial = info.clone();
    for (const { object } of others) {
      trial.add(object);
      fit.update(object, trial, 1);
    }
    const obstacle = fit.obstacle(trial);
    for (const { object } of others) fit.update(object, trial, -1);
    return obstacle ?? fit.obstacle(info);
  }

  /** Looks for a node where pods of lower priority could make room (SCH-06, SCH-16). */
  preempt(pod: Pod, fit: PodFit, diagnosis: Diagnosis): PreemptionPlan {
    if (diagnosis.beforehand) return { failure: TRIED.nothing, keepsNomination: true };
    if (pod.spec.preemptionPolicy === 'Never') {
      return { failure: TRIED.preemption('not eligible due to preemptionPolicy=Never.'), keepsNomination: true };
    }
    const nominated = this.#cache.get(pod.status.nominatedNodeName ?? '');
    if (nominated && diagnosis.preemptable.includes(nominated.name) && isBeingMadeRoomFor(pod, nominated)) {
      const failure = TRIED.preemption('not eligible due to a terminating pod on the nominated node.');
      return { failure, keepsNomination: true };
    }
    const { candidates, reasons } = this.#dryRun(pod, fit, diagnosis.preemptable);
    const candidate = bestCandidate(candidates);
    if (candidate) return { candidate };
    const outcome = preemptionFailure(diagnosis.nodes, reasons, diagnosis.preemptable.length);
    return { failure: TRIED.preemption(outcome), keepsNomination: false };
  }

  /** Looks at all nodes, as {@link place} and {@link preempt} would at some of them: for explanations. It draws no lots. */
  survey(pod: Pod): Survey {
    const fit = new PodFit(pod, this.#cache);
    const { beforehand } = fit;
    const looks = this.#cache.nodes().map(there => {
      const info = without(there, pod);
      return { info, obstacle: beforehand ?? this.#obstacle(pod, fit, info) };
    });
    const feasible = looks.flatMap(({ info, obstacle }) => (obstacle ? [] : [info]));
    const scores = pluginScores(pod, feasible, this.#cache);
    if (feasible.length > 0) return { fit, looks, scores, message: '', candidates: [], best: undefined };
    const diagnosis = new Diagnosis(looks.length);
    if (beforehand) diagnosis.impossible(beforehand.reasons[0]!, beforehand.check);
    const named = namedNodes(pod.spec.affinity);
    for (const { info, obstacle } of looks) {
      if (named && !named.has(info.name)) diagnosis.leftOut(1, 'NodeAffinity');
      else diagnosis.add(info.name, obstacle!);
    }
    const mayPreempt = !beforehand && pod.spec.preemptionPolicy !== 'Never';
    const budgets = this.#budgets();
    const candidates = (mayPreempt ? diagnosis.preemptable : []).flatMap(name => {
      const outcome = this.#victims(pod, fit, name, budgets);
      return 'victims' in outcome && outcome.victims.length > 0 ? [{ node: name, ...outcome }] : [];
    });
    return { fit, looks, scores, message: diagnosis.message(''), candidates, best: bestCandidate(candidates) };
  }

  #budgets(): readonly PodDisruptionBudget[] {
    return this.#registry.all(podDisruptionBudgets).map(({ object }) => object);
  }

  #victims(pod: Pod, fit: PodFit, node: string, budgets: readonly PodDisruptionBudget[]) {
    return victimsOn(pod, this.#cache.get(node)!, fit, budgets, trial => this.#obstacle(pod, fit, trial));
  }

  #dryRun(pod: Pod, fit: PodFit, names: readonly string[]): { candidates: Candidate[]; reasons: string[] } {
    const enough = Math.max(Math.floor(names.length / 10), ENOUGH_NODES);
    const offset = names.length > enough ? this.#registry.random.below(names.length) : 0;
    const budgets = this.#budgets();
    const candidates: Candidate[] = [];
    const reasons: string[] = [];
    // One that violates no budget is looked for on all nodes.
    let isHarmless = false;
    for (let i = 0; i < names.length && !(isHarmless && candidates.length >= enough); i++) {
      const node = names[(offset + i) % names.length]!;
      const outcome = this.#victims(pod, fit, node, budgets);
      if ('reasons' in outcome) reasons.push(...outcome.reasons);
      else if (outcome.victims.length > 0) {
        candidates.push({ node, ...outcome });
        if (outcome.violations === 0) isHarmless = true;
      }
    }
    return { candidates, reasons };
  }

  /** Pods less important than `pod` that room is being made for on a node: they have to look for another. */
  outbid(pod: Pod, node: string): readonly Pod[] {
    return this.#nominated
      .get(node)
      .map(({ object }) => object)
      .filter(other => priorityOf(other) < priorityOf(pod));
  }
}

/** A node as it would be if the pod did not stand there yet: nothing that it takes is in its own way. */
function without(info: NodeInfo, { metadata: { uid } }: Pod): NodeInfo {
  if (!info.pods.has(uid)) return info;
  const trial = info.clone();
  trial.remove(uid);
  return trial;
}

const placed = (fit: PodFit, info: NodeInfo): Placement => ({ node: info.name, volumes: fit.volumePlan(info) });

/** How many nodes that fit are enough to choose from, as kube-scheduler reckons it unless it is told otherwise. */
function enoughOf(nodes: number): number {
  if (nodes < ENOUGH_NODES) return nodes;
  const percentage = Math.max(50 - Math.floor(nodes / 125), 5);
  return Math.max(Math.floor((nodes * percentage) / 100), ENOUGH_NODES);
}
