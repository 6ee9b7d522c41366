import { podsByNode } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../resources/index.js';
import type { ControllerRevision, DaemonSet, KubeObject, Node, Pod } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { type Check, type DaemonDecision, daemonChecks, fitChecks } from './checks.js';
import { controllerOf, currentRevisionOf, isUpToDate, keptFirst, revisionHash, targetNode } from './daemon-pods.js';
import { reasonFor } from './reason.js';

/** What is there of a DaemonSet on a node; what needs looking at comes first. Told in `schema/placement.graphql`. */
export const PLACEMENT_STATES = [
  'MISSING',
  'FAILED',
  'EXTRA',
  'PENDING',
  'SUCCEEDED',
  'TERMINATING',
  'PRESENT',
  'NOT_WANTED',
] as const;

export type PlacementState = (typeof PLACEMENT_STATES)[number];

/** One DaemonSet on one node: whether a pod is wanted there, whether one is there, in what state, and why or why not. */
export class Placement {
  /** All its pods on the node, or meant for it, in the order in which the controller would keep them. */
  readonly pods: readonly Entry<Pod>[];
  /** The pod that stands for this placement; of several, the one the controller would keep. */
  readonly pod: Entry<Pod> | undefined;
  readonly actual: PlacementState;
  readonly #placements: Placements;
  readonly #decision: DaemonDecision;
  #fit: readonly Check[] | undefined;

  /** @param pods the DaemonSet's pods on the node, in any order */
  constructor(
    placements: Placements,
    readonly daemonSet: Entry<DaemonSet>,
    readonly node: Entry<Node>,
    pods: readonly Entry<Pod>[],
  ) {
    this.#placements = placements;
    this.pods = pods.length > 1 ? [...pods].sort(keptFirst) : pods;
    this.pod = this.pods.find(pod => !isTerminating(pod)) ?? this.pods[0];
    this.#decision = daemonChecks(daemonSet.object, node.object);
    this.actual = stateOf(this.#decision.wanted, this.pod);
  }

  /** Whether the controller wants a pod on the node. */
  get wanted(): boolean {
    return this.#decision.wanted;
  }

  /** Whether a pod that is there may stay, even where no new one is wanted. */
  get shouldContinue(): boolean {
    return this.#decision.shouldContinue;
  }

  get ready(): boolean {
    return this.pod?.object.status.conditions?.some(c => c.type === 'Ready' && c.status === 'True') ?? false;
  }

  /** Hash of the template the pod was made from. */
  get revision(): string | undefined {
    return this.pod && revisionHash(this.pod.object);
  }

  /** Hash of the DaemonSet's present template; undefined until the controller has made its revision. */
  get currentRevision(): string | undefined {
    const current = this.#placements.currentRevision(this.daemonSet);
    return current && revisionHash(current.object);
  }

  /** Whether the pod is of the present template; undefined if there is none. */
  get upToDate(): boolean | undefined {
    return this.pod && isUpToDate(this.pod.object, this.daemonSet.object, this.currentRevision);
  }

  /** Every check that was made, in the order they are made; the scheduler's only where a pod is wanted. */
  get checks(): readonly Check[] {
    return this.wanted ? [...this.#decision.checks, ...this.fit] : this.#decision.checks;
  }

  /** What the scheduler makes of the pod, or of the one that would be made, on this node. */
  get fit(): readonly Check[] {
    this.#fit ??= fitChecks(this.pod?.object, this.daemonSet.object, this.node.object, this.#othersOnNode());
    return this.#fit;
  }

  /** What the controller decides by. */
  get controllerChecks(): readonly Check[] {
    return this.#decision.checks;
  }

  /** Why, in one sentence. */
  get reason(): string {
    return reasonFor(this);
  }

  #othersOnNode(): readonly Pod[] {
    return this.#placements
      .podsOn(this.node.name)
      .filter(pod => !this.pods.includes(pod))
      .map(pod => pod.object);
  }
}

/**
 * Placements of one moment. What several of them share (pods by node, revisions) is found once; so an instance serves one
 * request, and no longer.
 */
export class Placements {
  readonly #byNode = new Map<string, Map<string, Entry<Pod>[]>>();
  readonly #current = new Map<string, Entry<ControllerRevision> | undefined>();

  constructor(readonly registry: Registry) {}

  of(daemonSet: Entry<DaemonSet>, node: Entry<Node>): Placement {
    return new Placement(this, daemonSet, node, this.#podsByNode(daemonSet).get(node.name) ?? []);
  }

  /** Of every one of these DaemonSets on every one of these nodes. */
  across(daemonSets: readonly Entry<DaemonSet>[], nodes: readonly Entry<Node>[]): Placement[] {
    return daemonSets.flatMap(daemonSet => nodes.map(node => this.of(daemonSet, node)));
  }

  /** The pods that a DaemonSet controls, in no order. */
  podsOf(daemonSet: Entry<DaemonSet>): readonly Entry<Pod>[] {
    return this.registry.index(pods, 'controller', controllerUid).get(daemonSet.uid);
  }

  /** The pods bound to a node, in no order. */
  podsOn(node: string): readonly Entry<Pod>[] {
    return podsByNode(this.registry).get(node);
  }

  /** The revisions that a DaemonSet controls, in no order. */
  revisionsOf(daemonSet: Entry<DaemonSet>): readonly Entry<ControllerRevision>[] {
    return this.registry.index(controllerRevisions, 'controller', controllerUid).get(daemonSet.uid);
  }

  /** The revision of a DaemonSet's present template; undefined until the controller has made it. */
  currentRevision(daemonSet: Entry<DaemonSet>): Entry<ControllerRevision> | undefined {
    if (!this.#current.has(daemonSet.uid)) {
      this.#current.set(daemonSet.uid, currentRevisionOf(this.revisionsOf(daemonSet)));
    }
    return this.#current.get(daemonSet.uid);
  }

  #podsByNode(daemonSet: Entry<DaemonSet>): ReadonlyMap<string, readonly Entry<Pod>[]> {
    let byNode = this.#byNode.get(daemonSet.uid);
    if (!byNode) {
      byNode = new Map<string, Entry<Pod>[]>();
      for (const pod of this.podsOf(daemonSet)) {
        const node = targetNode(pod.object);
        if (node === undefined) continue;
        const there = byNode.get(node);
        if (there) there.push(pod);
        else byNode.set(node, [pod]);
      }
      this.#byNode.set(daemonSet.uid, byNode);
    }
    return byNode;
  }
}

/**
 * Why a DaemonSet has, or has not, a pod on a node.
 * @throws StatusError 404 if there is no such DaemonSet or node
 */
export function explain(
  placements: Placements,
  { namespace, daemonSet, node }: { namespace: string; daemonSet: string; node: string },
): Placement {
  const daemonSetEntry = placements.registry.get(daemonSets, namespace, daemonSet);
  if (!daemonSetEntry) throw StatusError.notFound(daemonSets, daemonSet);
  const nodeEntry = placements.registry.get(nodes, '', node);
  if (!nodeEntry) throw StatusError.notFound(nodes, node);
  return placements.of(daemonSetEntry, nodeEntry);
}

/** The DaemonSet that controls a pod or a revision; undefined if something else does, or nothing. */
export function controllingDaemonSet(registry: Registry, { namespace, object }: Entry): Entry<DaemonSet> | undefined {
  const owner = controllerOf(object);
  if (owner?.kind !== daemonSets.kind) return undefined;
  const daemonSet = registry.get(daemonSets, namespace, owner.name);
  return daemonSet?.uid === owner.uid ? daemonSet : undefined;
}

const isTerminating = (pod: Entry<Pod>) => pod.object.metadata.deletionTimestamp !== undefined;

function stateOf(wanted: boolean, pod: Entry<Pod> | undefined): PlacementState {
  if (!pod) return wanted ? 'MISSING' : 'NOT_WANTED';
  if (isTerminating(pod)) return 'TERMINATING';
  if (!wanted) return 'EXTRA';
  switch (pod.object.status.phase) {
    case 'Failed':
      return 'FAILED';
    case 'Succeeded':
      return 'SUCCEEDED';
    case 'Running':
    case 'Unknown':
      return 'PRESENT';
    default:
      return 'PENDING';
  }
}

function controllerUid(object: KubeObject): string[] {
  const controller = controllerOf(object);
  return controller ? [controller.uid] : [];
}
