import { type LabelMatcher, labelSelectorMatcher } from '../resources/selector.js';
import type { Affinity, Pod, PodAffinityTerm } from '../resources/types.js';
import { type Sentence, sentence } from '../words/sentence.js';
import type { Obstacle, Rule } from './check.js';
import { type ClusterView, DomainCounts, domainOf } from './cluster-view.js';
import type { NodeInfo } from './node-info.js';

/** One term of a pod's affinity, made ready to be asked about other pods. */
interface Term {
  readonly topologyKey: string;
  readonly weight: number;
  matches(other: Pod, view: ClusterView): boolean;
}

interface Terms {
  readonly namespace: string;
  readonly near: readonly Term[];
  readonly away: readonly Term[];
  readonly ratherNear: readonly Term[];
  readonly ratherAway: readonly Term[];
}

/**
 * What the pods of a cluster have to say about where one more may stand (`InterPodAffinity`), worked out once for the pod and
 * kept as other pods are taken away or put back on trial.
 */
export class InterPodAffinity {
  readonly #pod: Pod;
  readonly #view: ClusterView;
  readonly #terms: Terms;
  /** Domains with pods that match all of the pod's affinity terms. */
  readonly #near = new DomainCounts();
  /** Domains with pods that the pod wants to be away from. */
  readonly #away = new DomainCounts();
  /** Domains whose pods want to be away from the pod. */
  readonly #unwanted = new DomainCounts();

  /** `undefined` if nothing speaks for or against any node, which is the rule. */
  static of(pod: Pod, view: ClusterView): InterPodAffinity | undefined {
    const terms = termsOf(pod);
    const asks = terms.near.length + terms.away.length > 0;
    const state = new InterPodAffinity(pod, view, terms);
    for (const info of asks ? view.nodes() : view.nodesWithAffinity()) {
      for (const other of (asks ? info.pods : info.podsWithAffinity).values()) state.update(other, info, 1);
    }
    return asks || !state.#unwanted.isEmpty ? state : undefined;
  }

  private constructor(pod: Pod, view: ClusterView, terms: Terms) {
    this.#pod = pod;
    this.#view = view;
    this.#terms = terms;
  }

  /** Counts a pod in (1) or out (-1). */
  update(other: Pod, info: NodeInfo, sign: 1 | -1): void {
    if (other.metadata.uid === this.#pod.metadata.uid) return;
    const { near, away } = this.#terms;
    if (near.every(term => term.matches(other, this.#view))) count(this.#near, near, info, sign);
    count(
      this.#away,
      away.filter(term => term.matches(other, this.#view)),
      info,
      sign,
    );
    const unwanting = termsOf(other).away.filter(term => term.matches(this.#pod, this.#view));
    count(this.#unwanted, unwanting, info, sign);
  }

  obstacle(info: NodeInfo): Obstacle | undefined {
    if (!this.#findsFriends(info)) return NO_FRIENDS;
    for (const { topologyKey } of this.#terms.away) if (has(this.#away, topologyKey, info)) return ENEMIES;
    for (const topologyKey of this.#unwanted.topologyKeys())
      if (has(this.#unwanted, topologyKey, info)) return UNWANTED;
    return undefined;
  }

  describe(info: NodeInfo, obstacle: Obstacle | undefined): readonly Sentence[] {
    const keys = (terms: readonly Term[]) => [...new Set(terms.map(term => term.topologyKey))];
    switch (obstacle) {
      case NO_FRIENDS:
        return [sentence('company.missing', { labels: keys(this.#terms.near) })];
      case ENEMIES:
        return [
          sentence('company.unwanted', {
            labels: keys(this.#terms.away.filter(term => has(this.#away, term.topologyKey, info))),
          }),
        ];
      case UNWANTED:
        return [sentence('company.unwelcome')];
      default:
        return [sentence('company.content')];
    }
  }

  #findsFriends(info: NodeInfo): boolean {
    const { near } = this.#terms;
    if (near.length === 0) return true;
    if (near.some(({ topologyKey }) => domainOf(info, topologyKey) === undefined)) return false;
    if (near.every(({ topologyKey }) => has(this.#near, topologyKey, info))) return true;
    // The first of a group that wants to be together may stand anywhere.
    return this.#near.isEmpty && near.every(term => term.matches(this.#pod, this.#view));
  }
}

const obstacleOf = (reason: string, preemptable: boolean): Obstacle => ({
  check: 'InterPodAffinity',
  reasons: [reason],
  preemptable,
});
const NO_FRIENDS = obstacleOf("node(s) didn't match pod affinity rules", false);
const ENEMIES = obstacleOf("node(s) didn't match pod anti-affinity rules", true);
const UNWANTED = obstacleOf("node(s) didn't satisfy existing pods anti-affinity rules", true);

/** The rule, over what was worked out for a pod. */
export const interPodAffinityRule: Rule<InterPodAffinity, NodeInfo> = {
  name: 'InterPodAffinity',
  obstacle: (state, info) => state.obstacle(info),
  describe: (state, info, obstacle) => state.describe(info, obstacle),
};

function count(counts: DomainCounts, terms: readonly Term[], info: NodeInfo, sign: 1 | -1): void {
  for (const { topologyKey } of terms) {
    const domain = domainOf(info, topologyKey);
    if (domain !== undefined) counts.add(topologyKey, domain, sign);
  }
}

function has(counts: DomainCounts, topologyKey: string, info: NodeInfo): boolean {
  const domain = domainOf(info, topologyKey);
  return domain !== undefined && counts.get(topologyKey, domain) > 0;
}

// ---- preferences ----

/** With what weight a pod that is there already prefers what it requires: its affinity is for company to come as well. */
const HARD_WEIGHT = 1;

/**
 * How much the pods of a cluster, and the pod itself, would like it on each of `candidates`; may be negative. `undefined` if
 * nobody cares.
 */
export function preferredNeighbours(
  pod: Pod,
  candidates: readonly NodeInfo[],
  view: ClusterView,
): number[] | undefined {
  const own = termsOf(pod);
  const cares = own.ratherNear.length + own.ratherAway.length > 0;
  const scores = new DomainCounts();
  const add = (terms: readonly Term[], of: Pod, info: NodeInfo, sign: 1 | -1) => {
    for (const term of terms) {
      const domain = domainOf(info, term.topologyKey);
      if (domain !== undefined && term.matches(of, view)) scores.add(term.topologyKey, domain, sign * term.weight);
    }
  };
  for (const info of cares ? view.nodes() : view.nodesWithAffinity()) {
    for (const other of (cares ? info.pods : info.podsWithAffinity).values()) {
      add(own.ratherNear, other, info, 1);
      add(own.ratherAway, other, info, -1);
      const theirs = termsOf(other);
      add(theirs.near, pod, info, 1);
      add(theirs.ratherNear, pod, info, 1);
      add(theirs.ratherAway, pod, info, -1);
    }
  }
  if (scores.isEmpty) return undefined;
  return candidates.map(info => {
    let score = 0;
    for (const topologyKey of scores.topologyKeys()) {
      const domain = domainOf(info, topologyKey);
      if (domain !== undefined) score += scores.get(topologyKey, domain);
    }
    return score;
  });
}

// ---- terms ----

const compiled = new WeakMap<Affinity, Terms>();
const NO_TERMS: Terms = { namespace: '', near: [], away: [], ratherNear: [], ratherAway: [] };

function termsOf(pod: Pod): Terms {
  const { affinity } = pod.spec;
  if (!affinity || (!affinity.podAffinity && !affinity.podAntiAffinity)) return NO_TERMS;
  const namespace = pod.metadata.namespace ?? '';
  const known = compiled.get(affinity);
  if (known?.namespace === namespace) return known;
  const { podAffinity: near, podAntiAffinity: away } = affinity;
  const required = (terms: readonly PodAffinityTerm[] = []) => terms.map(term => compile(term, HARD_WEIGHT, pod));
  const preferred = (terms: readonly { weight: number; podAffinityTerm: PodAffinityTerm }[] = []) =>
    terms.map(({ weight, podAffinityTerm }) => compile(podAffinityTerm, weight, pod));
  const terms: Terms = {
    namespace,
    near: required(near?.requiredDuringSchedulingIgnoredDuringExecution),
    away: required(away?.requiredDuringSchedulingIgnoredDuringExecution),
    ratherNear: preferred(near?.preferredDuringSchedulingIgnoredDuringExecution),
    ratherAway: preferred(away?.preferredDuringSchedulingIgnoredDuringExecution),
  };
  compiled.set(affinity, terms);
  return terms;
}

function compile(term: PodAffinityTerm, weight: number, { metadata }: Pod): Term {
  const { topologyKey, namespaces = [], namespaceSelector, labelSelector } = term;
  const pods = labelSelectorMatcher(labelSelector);
  // Without a word about namespaces, the pod's own is meant.
  const named = new Set(namespaces.length > 0 || namespaceSelector ? namespaces : [metadata.namespace ?? '']);
  const others: LabelMatcher | undefined = namespaceSelector && labelSelectorMatcher(namespaceSelector);
  return {
    topologyKey,
    weight,
    matches(other, view) {
      const namespace = other.metadata.namespace ?? '';
      if (!named.has(namespace) && !others?.matches(view.namespaceLabels(namespace))) return false;
      return pods.matches(other.metadata.labels);
    },
  };
}
