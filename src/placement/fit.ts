import { formatQuantity, parseQuantity } from '../resources/quantity.js';
import type { Pod } from '../resources/types.js';
import { TAINTS } from '../resources/well-known.js';
import { type Sentence, sentence } from '../words/sentence.js';
import { type Check, explain, type Obstacle, type Rule } from './check.js';
import type { ClusterView } from './cluster-view.js';
import { formatHostPort, hostPorts, portsConflict } from './host-ports.js';
import { InterPodAffinity, interPodAffinityRule } from './inter-pod-affinity.js';
import { nodeAffinityRule } from './node-affinity.js';
import type { NodeInfo } from './node-info.js';
import { podRequests, reservedRequests } from './pod-resources.js';
import { isTolerated, taintRule } from './taints.js';
import { TopologySpread, topologySpreadRule } from './topology-spread.js';
import type { VolumePlan } from './volumes/binding.js';
import { VolumeFit } from './volumes/index.js';

type FitRule = Rule<Pod, NodeInfo>;

const CORDONED = { key: TAINTS.unschedulable, effect: 'NoSchedule' } as const;

/** A cordoned node takes only pods that tolerate the taint it stands for (SCH-14). */
const unschedulableRule: FitRule = {
  name: 'NodeUnschedulable',
  obstacle: (pod, { node }) =>
    node.spec?.unschedulable && !isTolerated(CORDONED, pod.spec.tolerations) ? UNSCHEDULABLE : undefined,
  describe: (_pod, { node }, obstacle) => [
    sentence(obstacle ? 'cordon.on' : node.spec?.unschedulable ? 'cordon.tolerated' : 'cordon.off'),
  ],
};

const UNSCHEDULABLE: Obstacle = {
  check: 'NodeUnschedulable',
  reasons: ['node(s) were unschedulable'],
  preemptable: false,
};

/** A pod that names its node goes there or nowhere. */
export const nodeNameRule: Rule<string | undefined, string> = {
  name: 'NodeName',
  obstacle: (wanted, name) => (wanted && wanted !== name ? OTHER_NODE : undefined),
  describe: (wanted, _name, obstacle) => [
    obstacle ? sentence('nodeName.other', { node: wanted! }) : sentence(wanted ? 'nodeName.this' : 'nodeName.none'),
  ],
};

const OTHER_NODE: Obstacle = {
  check: 'NodeName',
  reasons: ["node(s) didn't match the requested node name"],
  preemptable: false,
};

/** Whether the pod's host ports are free (SCH-13). */
export const portsRule: FitRule = {
  name: 'NodePorts',
  obstacle: (pod, info) => (takenPort(pod, info) ? PORT_TAKEN : undefined),
  describe(pod, info, obstacle) {
    if (obstacle) {
      const { port, holder } = takenPort(pod, info)!;
      const { namespace, name } = holder.metadata;
      return [sentence('ports.taken', { port: formatHostPort(port), pod: `${namespace}/${name}` })];
    }
    const ports = hostPorts(pod).map(formatHostPort);
    if (ports.length === 0) return [sentence('ports.none')];
    return [ports.length > 1 ? sentence('ports.allFree', { ports }) : sentence('ports.free', { port: ports[0]! })];
  },
};

const PORT_TAKEN: Obstacle = {
  check: 'NodePorts',
  reasons: ["node(s) didn't have free ports for the requested pod ports"],
  preemptable: true,
};

function takenPort(pod: Pod, info: NodeInfo) {
  const wanted = hostPorts(pod);
  if (wanted.length === 0) return undefined;
  for (const [uid, taken] of info.ports) {
    if (uid === pod.metadata.uid) continue;
    const port = wanted.find(w => taken.some(t => portsConflict(w, t)));
    if (port) return { port, holder: info.pods.get(uid)! };
  }
  return undefined;
}

/** Whether the node has room for the pod's requests, and for one more pod at all (SCH-12). */
export const resourcesRule: FitRule = {
  name: 'NodeResourcesFit',
  obstacle(pod, info) {
    const short = shortages(pod, info);
    return short.length > 0 ? insufficient(short) : undefined;
  },
  describe(pod, info, obstacle) {
    if (obstacle) return shortages(pod, info).map(describeShortage);
    const asked = Object.entries(podRequests(pod)).filter(([, amount]) => amount > 0);
    if (asked.length === 0) return [sentence('resources.none')];
    const amounts = asked.map(([resource, amount]) => `${show(resource, amount)} ${label(resource)}`);
    return [sentence('resources.room', { amounts })];
  },
};

/** Too little of something. `pods` stands for the number of pods that a node takes. */
export interface Shortage {
  readonly resource: string;
  readonly wanted: number;
  /** Taken by other pods. */
  readonly used: number;
  readonly total: number;
}

const NONE: readonly Shortage[] = [];

/** What a node has too little of for `pod`, apart from what the pod has there already; `cpu` in millicores. */
export function shortages(pod: Pod, { allocatable, requested, pods }: NodeInfo): readonly Shortage[] {
  let short: Shortage[] | undefined;
  const present = pods.get(pod.metadata.uid);
  const slots = allocatable.pods ?? 0;
  const others = pods.size - (present ? 1 : 0);
  if (others + 1 > slots) (short ??= []).push({ resource: 'pods', wanted: 1, used: others, total: slots });
  const requests = podRequests(pod);
  const own = present && reservedRequests(present);
  for (const resource in requests) {
    const wanted = requests[resource]!;
    if (wanted <= 0) continue;
    const total = allocatable[resource] ?? 0;
    const used = (requested[resource] ?? 0) - (own?.[resource] ?? 0);
    if (wanted > total - used) (short ??= []).push({ resource, wanted, used, total });
  }
  return short ?? NONE;
}

/** Obstacles that were met before, by their reasons: on thousands of full nodes they are all the same. */
const insufficiencies = new Map<string, Obstacle>();

function insufficient(short: readonly Shortage[]): Obstacle {
  // What is more than the whole node has, no preemption will make room for.
  const preemptable = short.every(({ resource, wanted, total }) => resource === 'pods' || wanted <= total);
  const reasons = short.map(({ resource }) => (resource === 'pods' ? 'Too many pods' : `Insufficient ${resource}`));
  const key = `${preemptable} ${reasons.join()}`;
  let obstacle = insufficiencies.get(key);
  if (!obstacle) insufficiencies.set(key, (obstacle = { check: 'NodeResourcesFit', reasons, preemptable }));
  return obstacle;
}

/** `needs 500m CPU, 100m left of 4`. */
function describeShortage({ resource, wanted, used, total }: Shortage): Sentence {
  if (resource === 'pods') return sentence('resources.pods', { total: String(total), used: String(used) });
  const left = Math.max(total - used, 0);
  return sentence('resources.short', {
    wanted: show(resource, wanted),
    resource: label(resource),
    left: show(resource, left),
    total: show(resource, total),
  });
}

const label = (resource: string) => (resource === 'cpu' ? 'CPU' : resource);

const BYTES = /^(memory|ephemeral-storage|hugepages-.*)$/;

/** An amount for people: `500m`, `4`, `200Mi`. */
function show(resource: string, amount: number): string {
  if (resource === 'cpu') return formatQuantity(parseQuantity(`${amount}m`));
  if (!BYTES.test(resource)) return String(amount);
  const power = amount >= 2 ** 30 ? 3 : amount >= 2 ** 20 ? 2 : amount >= 2 ** 10 ? 1 : 0;
  return `${Math.round((amount / 1024 ** power) * 100) / 100}${['', 'Ki', 'Mi', 'Gi'][power]}`;
}

const tolerationRule: FitRule = {
  name: taintRule.name,
  obstacle: (pod, { node }) => taintRule.obstacle(pod.spec.tolerations, node.spec?.taints),
  describe: (pod, { node }, obstacle) => taintRule.describe(pod.spec.tolerations, node.spec?.taints, obstacle),
};

const affinityRule: FitRule = {
  name: nodeAffinityRule.name,
  obstacle: (pod, { node }) => nodeAffinityRule.obstacle(pod.spec, node),
  describe: (pod, { node }, obstacle) => nodeAffinityRule.describe(pod.spec, node, obstacle),
};

const nameRule: FitRule = {
  name: nodeNameRule.name,
  obstacle: (pod, { name }) => nodeNameRule.obstacle(pod.spec.nodeName, name),
  describe: (pod, { name }, obstacle) => nodeNameRule.describe(pod.spec.nodeName, name, obstacle),
};

/** The filters of the default scheduler profile that look at one node alone, in its order (SCH-03). */
const RULES: readonly FitRule[] = [unschedulableRule, nameRule, tolerationRule, affinityRule, portsRule, resourcesRule];

/**
 * One pod's look at a cluster: the rules of one node, and those that look beyond it, worked out once for the pod. Other pods
 * can be taken away and put back on trial.
 */
export class PodFit {
  readonly #pod: Pod;
  readonly #volumes: VolumeFit | undefined;
  readonly #spread: TopologySpread | undefined;
  readonly #neighbours: InterPodAffinity | undefined;

  /** @param view without one, only the rules of one node are asked */
  constructor(pod: Pod, view?: ClusterView) {
    this.#pod = pod;
    this.#volumes = view && VolumeFit.of(pod, view);
    this.#spread = view && TopologySpread.of(pod, view);
    this.#neighbours = view && InterPodAffinity.of(pod, view);
  }

  /** The first obstacle there is, or `undefined` if the pod fits: what the scheduler does. */
  obstacle(info: NodeInfo): Obstacle | undefined {
    for (const rule of RULES) {
      const obstacle = rule.obstacle(this.#pod, info);
      if (obstacle) return obstacle;
    }
    return this.#volumes?.obstacle(info) ?? this.#spread?.obstacle(info) ?? this.#neighbours?.obstacle(info);
  }

  /** What keeps the pod from every node, whatever they are like. */
  get beforehand(): Obstacle | undefined {
    return this.#volumes?.beforehand;
  }

  /** What has to be done before the pod can have its volumes on a node where it fits; `undefined` if nothing. */
  volumePlan(info: NodeInfo): VolumePlan | undefined {
    return this.#volumes?.plan(info.node);
  }

  /** Every check, also those behind the first that fails: what an explanation shows. */
  explain(info: NodeInfo): Check[] {
    return [
      ...RULES.map(rule => explain(rule, this.#pod, info)),
      ...(this.#volumes?.explain(info) ?? []),
      ...(this.#spread ? [explain(topologySpreadRule, this.#spread, info)] : []),
      ...(this.#neighbours ? [explain(interPodAffinityRule, this.#neighbours, info)] : []),
    ];
  }

  /** Tells of a pod that was taken from a node (-1) or put there (1), on trial. */
  update(other: Pod, info: NodeInfo, sign: 1 | -1): void {
    this.#volumes?.update(other, sign);
    this.#spread?.update(other, info, sign);
    this.#neighbours?.update(other, info, sign);
  }
}

/** Every check of a pod on a node; with a view of the cluster also those that look beyond the node. */
export const explainFit = (pod: Pod, info: NodeInfo, view?: ClusterView): Check[] =>
  new PodFit(pod, view).explain(info);

/** The first obstacle of a pod on a node, as far as it depends on the node alone; `undefined` if there is none. */
export const firstObstacle = (pod: Pod, info: NodeInfo): Obstacle | undefined => new PodFit(pod).obstacle(info);
