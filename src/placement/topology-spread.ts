import { type LabelMatcher, labelSelectorMatcher } from '../resources/selector.js';
import type { Pod, TopologySpreadConstraint } from '../resources/types.js';
import { HOSTNAME_LABEL, ZONE_LABEL } from '../resources/well-known.js';
import { type Sentence, sentence } from '../words/sentence.js';
import type { Obstacle, Rule } from './check.js';
import { type ClusterView, domainOf, type Kin } from './cluster-view.js';
import { matchesNodeWishes } from './node-affinity.js';
import type { NodeInfo } from './node-info.js';
import { untoleratedTaint } from './taints.js';

/** A constraint and how many matching pods each domain has; only domains of nodes that the pod could use at all count. */
interface Spread {
  readonly constraint: TopologySpreadConstraint;
  readonly selector: LabelMatcher;
  readonly domains: Map<string, number>;
  /** The smallest count, until one changes. */
  emptiest?: number | undefined;
}

/**
 * How evenly the pods like one are spread (`PodTopologySpread`), worked out once for the pod and kept as other pods are taken
 * away or put back on trial.
 */
export class TopologySpread {
  readonly #pod: Pod;
  readonly #spreads: readonly Spread[];

  /** `undefined` if the pod has no constraint that must hold. */
  static of(pod: Pod, view: ClusterView): TopologySpread | undefined {
    const constraints = constraintsOf(pod, 'DoNotSchedule');
    return constraints.length > 0 ? new TopologySpread(pod, constraints, view) : undefined;
  }

  private constructor(pod: Pod, constraints: readonly TopologySpreadConstraint[], view: ClusterView) {
    this.#pod = pod;
    this.#spreads = spreadsOf(constraints);
    for (const info of view.nodes()) {
      for (const spread of this.#spreads) {
        const domain = this.#domain(spread, info);
        if (domain === undefined) continue;
        spread.domains.set(domain, (spread.domains.get(domain) ?? 0) + matching(this.#pod, spread, info));
      }
    }
  }

  /** Counts a pod in (1) or out (-1). */
  update(other: Pod, info: NodeInfo, sign: 1 | -1): void {
    for (const spread of this.#spreads) {
      const domain = this.#domain(spread, info);
      if (domain === undefined || !counts(this.#pod, spread, other)) continue;
      spread.domains.set(domain, spread.domains.get(domain)! + sign);
      spread.emptiest = undefined;
    }
  }

  obstacle(info: NodeInfo): Obstacle | undefined {
    const spread = this.#violated(info);
    return spread && (domainOf(info, spread.constraint.topologyKey) === undefined ? NO_DOMAIN : UNEVEN);
  }

  describe(info: NodeInfo): readonly Sentence[] {
    const spread = this.#violated(info);
    if (!spread) return [sentence('spread.even')];
    const { topologyKey, maxSkew } = spread.constraint;
    const domain = domainOf(info, topologyKey);
    if (domain === undefined) return [sentence('spread.noLabel', { label: topologyKey })];
    const skew = String(this.#skew(spread, domain));
    return [sentence('spread.uneven', { domain: `${topologyKey}=${domain}`, skew, most: String(maxSkew) })];
  }

  /** The first constraint that would not hold with the pod on a node. */
  #violated(info: NodeInfo): Spread | undefined {
    for (const spread of this.#spreads) {
      const domain = domainOf(info, spread.constraint.topologyKey);
      if (domain === undefined || this.#skew(spread, domain) > spread.constraint.maxSkew) return spread;
    }
    return undefined;
  }

  /** By how many pods the domain would be ahead of the emptiest one. */
  #skew(spread: Spread, domain: string): number {
    const { constraint, selector, domains } = spread;
    spread.emptiest ??= least(domains.values());
    const emptiest = domains.size < (constraint.minDomains ?? 1) ? 0 : spread.emptiest;
    const self = selector.matches(this.#pod.metadata.labels) ? 1 : 0;
    return (domains.get(domain) ?? 0) + self - emptiest;
  }

  /** The domain of a node that counts for the constraint: it has all labels asked for, and the pod could use it. */
  #domain({ constraint }: Spread, info: NodeInfo): string | undefined {
    if (this.#spreads.some(other => domainOf(info, other.constraint.topologyKey) === undefined)) return undefined;
    return isEligible(this.#pod, constraint, info) ? domainOf(info, constraint.topologyKey) : undefined;
  }
}

function least(counts: Iterable<number>): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const count of counts) if (count < smallest) smallest = count;
  return smallest;
}

const NO_DOMAIN: Obstacle = {
  check: 'PodTopologySpread',
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  preemptable: false,
};
const UNEVEN: Obstacle = {
  check: 'PodTopologySpread',
  reasons: ["node(s) didn't match pod topology spread constraints"],
  preemptable: true,
};

/** The rule, over what was worked out for a pod. */
export const topologySpreadRule: Rule<TopologySpread, NodeInfo> = {
  name: 'PodTopologySpread',
  obstacle: (state, info) => state.obstacle(info),
  describe: (state, info) => state.describe(info),
};

/**
 * How many pods like the one there are in the domains of each of `candidates`, weighed so that constraints with many domains
 * do not drown the others: the fewer the better. `undefined` for nodes without the labels, and if the pod has no preference. One
 * that says nothing of its spread is spread over nodes and zones with the others of its controller and its services.
 */
export function crowding(
  pod: Pod,
  candidates: readonly NodeInfo[],
  view: ClusterView,
): (number | undefined)[] | undefined {
  if (!pod.spec.topologySpreadConstraints?.length) return crowdingOfKin(pod, candidates, view);
  const spreads = spreadsOf(constraintsOf(pod, 'ScheduleAnyway'));
  if (spreads.length === 0) return undefined;
  const isLabelled = (info: NodeInfo) =>
    spreads.every(({ constraint }) => domainOf(info, constraint.topologyKey) !== undefined);
  for (const info of candidates) {
    if (isLabelled(info))
      for (const { constraint, domains } of spreads) domains.set(domainOf(info, constraint.topologyKey)!, 0);
  }
  for (const info of view.nodes()) {
    if (!isLabelled(info)) continue;
    for (const spread of spreads) {
      const domain = domainOf(info, spread.constraint.topologyKey)!;
      const known = spread.domains.get(domain);
      if (known === undefined || !isEligible(pod, spread.constraint, info)) continue;
      spread.domains.set(domain, known + matching(pod, spread, info));
    }
  }
  return candidates.map(info => {
    if (!isLabelled(info)) return undefined;
    let score = 0;
    for (const { constraint, domains } of spreads) {
      const pods = domains.get(domainOf(info, constraint.topologyKey)!)!;
      score += pods * Math.log(domains.size + 2) + (constraint.maxSkew - 1);
    }
    return Math.round(score);
  });
}

/** The spread that pods of a controller or a service have when they ask for none: over nodes first, then over zones. */
const DEFAULT_SKEWS = { node: 3, zone: 5 } as const;

/** {@link crowding} of a pod that says nothing of its spread, by how many of its kin there are. */
function crowdingOfKin(pod: Pod, candidates: readonly NodeInfo[], view: ClusterView): number[] | undefined {
  const kin = view.kin?.(pod);
  if (!kin) return undefined;
  const zones = new Set<string>();
  for (const info of candidates) zones.add(domainOf(info, ZONE_LABEL) ?? '');
  const [ofNode, ofZone] = [Math.log(candidates.length + 2), Math.log(zones.size + 2)];
  const inZone = zoneCounts(pod, kin, view);
  return candidates.map(info => {
    let score = 0;
    if (domainOf(info, HOSTNAME_LABEL) !== undefined)
      score += kin.onNode(info.name) * ofNode + (DEFAULT_SKEWS.node - 1);
    const zone = domainOf(info, ZONE_LABEL);
    if (zone !== undefined) score += inZone(zone) * ofZone + (DEFAULT_SKEWS.zone - 1);
    return Math.round(score);
  });
}

/** How many of its kin are in a zone, on nodes that the pod could use. */
function zoneCounts(pod: Pod, kin: Kin, view: ClusterView): (zone: string) => number {
  const { nodeSelector, affinity } = pod.spec;
  if (!nodeSelector && !affinity?.nodeAffinity) return zone => kin.inZone(zone);
  const counts = new Map<string, number>();
  for (const info of view.nodes()) {
    const there = kin.onNode(info.name);
    const zone = domainOf(info, ZONE_LABEL);
    if (there === 0 || zone === undefined || !matchesNodeWishes(pod.spec, info.node)) continue;
    counts.set(zone, (counts.get(zone) ?? 0) + there);
  }
  return zone => counts.get(zone) ?? 0;
}

const constraintsOf = ({ spec }: Pod, whenUnsatisfiable: string): readonly TopologySpreadConstraint[] =>
  spec.topologySpreadConstraints?.filter(constraint => constraint.whenUnsatisfiable === whenUnsatisfiable) ?? [];

const spreadsOf = (constraints: readonly TopologySpreadConstraint[]): Spread[] =>
  constraints.map(constraint => ({
    constraint,
    selector: labelSelectorMatcher(constraint.labelSelector),
    domains: new Map(),
  }));

/** Node affinity is honoured unless told otherwise, taints are not. */
function isEligible(
  pod: Pod,
  { nodeAffinityPolicy, nodeTaintsPolicy }: TopologySpreadConstraint,
  { node }: NodeInfo,
): boolean {
  if (nodeAffinityPolicy !== 'Ignore' && !matchesNodeWishes(pod.spec, node)) return false;
  return nodeTaintsPolicy !== 'Honor' || !untoleratedTaint(node.spec?.taints, pod.spec.tolerations);
}

function matching(pod: Pod, spread: Spread, info: NodeInfo): number {
  let sum = 0;
  for (const other of info.pods.values()) if (counts(pod, spread, other)) sum++;
  return sum;
}

/** Pods of the same namespace count, unless they are on their way out. */
function counts({ metadata: { uid, namespace } }: Pod, { selector }: Spread, { metadata }: Pod): boolean {
  return (
    metadata.uid !== uid &&
    metadata.namespace === namespace &&
    metadata.deletionTimestamp === undefined &&
    selector.matches(metadata.labels)
  );
}
