import { daemonPodOf } from '../controllers/daemonset/daemon-pod.js';
import { controllerOf, podsByNode } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { daemonSets, nodes, pods } from '../resources/index.js';
import { equalJson } from '../resources/json.js';
import { hasEnded } from '../resources/state.js';
import type { DaemonSet, Node, Pod } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { type Sentence, tell } from '../words/sentence.js';
import { controllingDaemonSet, type Placement, Placements } from './placements.js';
import { type Difference, type PodDifference, podDifferences, type StandingPod, standing } from './pod-diff.js';
import { type Pair, sideBySide } from './side-by-side.js';

/** What is different about a DaemonSet on a node. */
export interface PlacementDifference {
  /** `CHANGED` also where there is a pod in neither world: it is wanted in one, or missing for another reason. */
  readonly difference: Exclude<Difference, 'MOVED'>;
  readonly namespace: string;
  readonly daemonSet: string;
  readonly node: string;
  /** Absent where there is no such DaemonSet or node. */
  readonly before: Placement | undefined;
  readonly after: Placement | undefined;
}

/** A pod that waits for a node, and why. */
export interface WaitingPod extends StandingPod {
  readonly reason: string;
  readonly why: Sentence;
}

/** What is different between two worlds: a cluster and its fork, or a cluster then and now. */
export interface PlacementDiff {
  /** By DaemonSet, then by node. */
  readonly placements: readonly PlacementDifference[];
  /** Pods that no DaemonSet controls. */
  readonly pods: readonly PodDifference[];
  /** The pods that wait for a node in the second world, whether they did in the first or not. */
  readonly waiting: readonly WaitingPod[];
}

/**
 * What is different in `after`, seen from `before`. What the two have in common costs a look at most: pairs of a DaemonSet and a node
 * are held against each other only where something that bears on them is not the same entry in both.
 */
export function placementDiff(before: Registry, after: Registry): PlacementDiff {
  return differences({ before: new Placements(before), after: new Placements(after) });
}

/** {@link placementDiff} where something may be known already of the placements of either world. */
export function differences(worlds: Worlds): PlacementDiff {
  const { before, after } = { before: worlds.before.registry, after: worlds.after.registry };
  const changed = [...sideBySide(before.all(pods), after.all(pods))].filter(pair => pair.before !== pair.after);
  const plain = changed
    .map(pair => ({ before: unlessDaemonPod(pair.before), after: unlessDaemonPod(pair.after) }))
    .filter(pair => pair.before || pair.after);
  return {
    placements: [...daemonDifferences(worlds, changed)],
    pods: podDifferences(plain, before, after),
    waiting: waitingPods(worlds.after),
  };
}

/** Two worlds, as far as placements go. */
export interface Worlds {
  readonly before: Placements;
  readonly after: Placements;
}

const unlessDaemonPod = (entry: Entry<Pod> | undefined) =>
  entry && controllerOf(entry.object)?.kind === daemonSets.kind ? undefined : entry;

function* daemonDifferences(worlds: Worlds, changedPods: readonly Pair<Pod>[]): Iterable<PlacementDifference> {
  const { before, after } = worlds;
  const allNodes = [...sideBySide(before.registry.all(nodes), after.registry.all(nodes))];
  const touched = new Set<string | undefined>();
  for (const { before: from, after: to } of changedPods)
    for (const entry of [from, to]) if (entry) touched.add(daemonPodOf(entry).node);
  // Whoever waits may wait for another reason by now.
  for (const { registry } of [before, after])
    for (const entry of podsByNode(registry).get('')) touched.add(daemonPodOf(entry).node);
  const suspects = allNodes.filter(pair => pair.before !== pair.after || touched.has(nameOf(pair)));
  for (const sets of sideBySide(before.registry.all(daemonSets), after.registry.all(daemonSets))) {
    const same = sets.before === sets.after;
    const sameSpec = same || (sets.before && sets.after && equalJson(sets.before.object.spec, sets.after.object.spec));
    for (const node of same ? suspects : allNodes) {
      // Before 1.12 it also mattered what else stands on a node.
      const sameGround = sameSpec === true && node.before === node.after && after.scheduling.asksScheduler;
      if (sameGround && sameAndThere(worlds, sets, nameOf(node))) continue;
      const difference = differenceAt(worlds, sets, node, sameGround);
      if (difference) yield difference;
    }
  }
}

const nameOf = ({ before, after }: Pair<Node>) => (before ?? after)!.name;

/** Whether the very same pods are there, and none of them is waiting for anything. */
function sameAndThere({ before, after }: Worlds, sets: Pair<DaemonSet>, node: string): boolean {
  const [from, to] = [before.podsAt(sets.before!, node), after.podsAt(sets.after!, node)];
  return (
    from.length > 0 &&
    from.length === to.length &&
    from.every(entry => to.includes(entry) && daemonPodOf(entry).bound && daemonPodOf(entry).phase === 'Running')
  );
}

function differenceAt(
  worlds: Worlds,
  sets: Pair<DaemonSet>,
  node: Pair<Node>,
  sameGround: boolean,
): PlacementDifference | undefined {
  const from = sets.before && node.before && worlds.before.of(sets.before, node.before);
  const to = sets.after && node.after && worlds.after.of(sets.after, node.after);
  const difference = differenceOf(from, to, sameGround);
  if (!difference) return undefined;
  const { namespace, name } = (sets.after ?? sets.before)!;
  return { difference, namespace, daemonSet: name, node: nameOf(node), before: from, after: to };
}

/** @param sameGround whether no pod is wanted in both for the same reason, if none is */
function differenceOf(
  before: Placement | undefined,
  after: Placement | undefined,
  sameGround: boolean,
): PlacementDifference['difference'] | undefined {
  const [from, to] = [before?.pod?.uid, after?.pod?.uid];
  if (from !== to) return from === undefined ? 'CAME' : to === undefined ? 'WENT' : 'REPLACED';
  if (!before || !after) return (before ?? after)?.wanted ? 'CHANGED' : undefined;
  const isSame =
    before.actual === after.actual &&
    before.wanted === after.wanted &&
    before.ready === after.ready &&
    before.upToDate === after.upToDate &&
    before.pods.length === after.pods.length &&
    // Of a pod that runs and is ready, there is nothing else to be said.
    ((before.actual === 'PRESENT' && before.ready) ||
      (before.actual === 'NOT_WANTED' && sameGround) ||
      before.reason === after.reason);
  return isSame ? undefined : 'CHANGED';
}

function waitingPods(placements: Placements): WaitingPod[] {
  const { registry } = placements;
  const unbound = podsByNode(registry).get('');
  return unbound
    .filter(({ object }) => !hasEnded(object))
    .map(entry => {
      const pod = standing(entry);
      const why = whyOfDaemonPod(placements, entry) ?? pod.why!;
      return { ...pod, why, reason: tell([why]) };
    });
}

/** Why a daemon pod waits: with all that speaks against the node that it is meant for. */
function whyOfDaemonPod(placements: Placements, entry: Entry<Pod>): Sentence | undefined {
  const { registry } = placements;
  const daemonSet = controllingDaemonSet(registry, entry);
  const node = daemonSet && registry.get(nodes, '', daemonPodOf(entry).node ?? '');
  const placement = node && placements.of(daemonSet, node);
  return placement?.pod?.uid === entry.uid ? placement.why : undefined;
}
