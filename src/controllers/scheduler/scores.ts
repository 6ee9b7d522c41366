import type { Random } from '../../clock/random.js';
import type { ClusterView } from '../../placement/cluster-view.js';
import { preferredNeighbours } from '../../placement/inter-pod-affinity.js';
import { matchesTerm } from '../../placement/node-affinity.js';
import type { NodeInfo } from '../../placement/node-info.js';
import { assumedRequests, podRequests } from '../../placement/pod-resources.js';
import { isTolerated } from '../../placement/taints.js';
import { crowding } from '../../placement/topology-spread.js';
import type { Pod } from '../../resources/types.js';

/**
 * The best of several nodes that a pod fits on, by the default profile's scores: the fewest `PreferNoSchedule` taints, the
 * most preferred by affinity, the least crowded by topology spread, the least allocated and the most evenly used, and those that
 * have the pod's images. Ties are drawn by lot.
 */
export function bestNode(pod: Pod, feasible: readonly NodeInfo[], view: ClusterView, random: Random): NodeInfo {
  if (feasible.length === 1) return feasible[0]!;
  const scores = scoresOf(pod, feasible, view);
  let highest = Number.NEGATIVE_INFINITY;
  let best: NodeInfo[] = [];
  for (const [i, info] of feasible.entries()) {
    const score = scores[i]!;
    if (score > highest) {
      highest = score;
      best = [];
    }
    if (score === highest) best.push(info);
  }
  return best.length === 1 ? best[0]! : best[random.below(best.length)]!;
}

/** What a plugin of the default profile says of each node: from 0 to 100, and how much that counts. */
export interface PluginScores {
  readonly plugin: string;
  readonly weight: number;
  readonly scores: readonly number[];
}

/** The sum of a pod's weighted scores on each node. */
export function scoresOf(pod: Pod, feasible: readonly NodeInfo[], view: ClusterView): number[] {
  const sums = feasible.map(() => 0);
  for (const { weight, scores } of pluginScores(pod, feasible, view)) {
    for (let i = 0; i < sums.length; i++) sums[i]! += scores[i]! * weight;
  }
  return sums;
}

/** A pod's scores on each node, by plugin, with the default profile's weights; of those alone that have something to say. */
export function pluginScores(pod: Pod, feasible: readonly NodeInfo[], view: ClusterView): readonly PluginScores[] {
  const all: PluginScores[] = [];
  const add = (plugin: string, weight: number, scores: readonly number[] | undefined) => {
    if (scores) all.push({ plugin, weight, scores });
  };
  add('TaintToleration', 3, lessIsBetter(feasible.map(info => softTaints(pod, info))));
  add('NodeAffinity', 2, moreIsBetter(feasible.map(info => preference(pod, info))));
  add('PodTopologySpread', 2, leastCrowded(crowding(pod, feasible, view)));
  add('InterPodAffinity', 2, stretched(preferredNeighbours(pod, feasible, view)));
  add(
    'NodeResourcesFit',
    1,
    feasible.map(info => leastAllocated(pod, info)),
  );
  const { cpu = 0, memory = 0 } = podRequests(pod);
  // A pod that asks for nothing would follow others of its kind to the node that is the most even already.
  if (cpu > 0 || memory > 0)
    add(
      'NodeResourcesBalancedAllocation',
      1,
      feasible.map(info => balance(pod, info)),
    );
  add('ImageLocality', 1, imagesPresent(pod, feasible, view));
  return all;
}

/** How much of CPU and memory would stay free; pods that ask for nothing count with a little. */
function leastAllocated(pod: Pod, { allocatable, assumed }: NodeInfo): number {
  const wanted = assumedRequests(pod);
  let sum = 0;
  let resources = 0;
  for (const resource of ['cpu', 'memory'] as const) {
    const total = allocatable[resource] ?? 0;
    if (total === 0) continue;
    resources++;
    sum += Math.floor((Math.max(total - assumed[resource] - wanted[resource]!, 0) * 100) / total);
  }
  return resources === 0 ? 0 : Math.floor(sum / resources);
}

/** How evenly CPU and memory would be used. */
function balance(pod: Pod, { allocatable, requested }: NodeInfo): number {
  const wanted = podRequests(pod);
  const share = (resource: string) => {
    const total = allocatable[resource] ?? 0;
    return total === 0 ? undefined : Math.min(((requested[resource] ?? 0) + (wanted[resource] ?? 0)) / total, 1);
  };
  const [cpu, memory] = [share('cpu'), share('memory')];
  const deviation = cpu === undefined || memory === undefined ? 0 : Math.abs(cpu - memory) / 2;
  return Math.floor((1 - deviation) * 100);
}

function softTaints({ spec: { tolerations } }: Pod, { node }: NodeInfo): number {
  let count = 0;
  for (const taint of node.spec?.taints ?? []) {
    if (taint.effect === 'PreferNoSchedule' && !isTolerated(taint, tolerations)) count++;
  }
  return count;
}

function preference({ spec: { affinity } }: Pod, { node }: NodeInfo): number {
  let sum = 0;
  for (const { weight, preference } of affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
    if (matchesTerm(preference, node)) sum += weight;
  }
  return sum;
}

const MIB = 2 ** 20;
/** Images that are smaller together count for nothing; larger ones than this for each container count for no more. */
const IMAGE_SIZES = { least: 23 * MIB, most: 1000 * MIB } as const;

/**
 * How much of the pod's images each node has, the more nodes have one the better, lest all pods of an image end up on the one node
 * that has it; `undefined` if no node has any.
 */
function imagesPresent(pod: Pod, feasible: readonly NodeInfo[], view: ClusterView): number[] | undefined {
  if (!feasible.some(({ node }) => node.status?.images?.length)) return undefined;
  const wanted = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ image = '' }) => tagged(image));
  const sizeOn = ({ node }: NodeInfo, image: string) =>
    node.status?.images?.find(({ names }) => names?.some(name => tagged(name) === image))?.sizeBytes;
  const nodes = [...view.nodes()];
  const shares = new Map<string, number>();
  for (const image of new Set(wanted))
    shares.set(image, nodes.filter(info => sizeOn(info, image) !== undefined).length / nodes.length);
  const most = IMAGE_SIZES.most * wanted.length;
  return feasible.map(info => {
    let sum = 0;
    for (const image of wanted) sum += Math.floor((sizeOn(info, image) ?? 0) * shares.get(image)!);
    const within = Math.min(Math.max(sum, IMAGE_SIZES.least), most);
    return Math.floor((100 * (within - IMAGE_SIZES.least)) / (most - IMAGE_SIZES.least));
  });
}

/** The name of an image with its tag, which is `latest` unless said otherwise. */
const tagged = (image: string): string =>
  image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;

// ---- bringing scores to 0..100 ----

function moreIsBetter(scores: readonly number[]): number[] {
  const largest = largestOf(scores);
  return scores.map(score => (largest === 0 ? 0 : Math.floor((score * 100) / largest)));
}

const lessIsBetter = (scores: readonly number[]): number[] => moreIsBetter(scores).map(score => 100 - score);

/** From the smallest to the largest, which may be negative. */
function stretched(scores: readonly number[] | undefined): number[] | undefined {
  if (!scores) return undefined;
  const largest = largestOf(scores);
  const smallest = -largestOf(scores.map(score => -score));
  return scores.map(score =>
    largest === smallest ? 0 : Math.floor(((score - smallest) * 100) / (largest - smallest)),
  );
}

/** Nodes that are not counted get nothing. */
function leastCrowded(scores: readonly (number | undefined)[] | undefined): number[] | undefined {
  if (!scores) return undefined;
  const counted = scores.filter(score => score !== undefined);
  const largest = largestOf(counted);
  const smallest = -largestOf(counted.map(score => -score));
  return scores.map(score => {
    if (score === undefined) return 0;
    return largest === 0 ? 100 : Math.floor((100 * (largest + smallest - score)) / largest);
  });
}

function largestOf(scores: readonly number[]): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > largest) largest = score;
  return largest;
}
