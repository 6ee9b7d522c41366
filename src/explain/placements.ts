import { CreateAttempts } from '../controllers/daemonset/create-attempts.js';
import { type DaemonPod, daemonPodOf, isUpdated, keptFirst } from '../controllers/daemonset/daemon-pod.js';
import type { CompiledScheduling, DaemonScheduling, DetailedVerdict } from '../controllers/daemonset/eras/era.js';
import { schedulingOf } from '../controllers/daemonset/eras/index.js';
import { NodeCache } from '../controllers/scheduler/node-cache.js';
import { hashOf, keeps, REVISION_HASH_LABEL, revisionData } from '../controllers/workloads/revisions.js';
import type { ClusterView } from '../placement/cluster-view.js';
import { controllerOf, indexByController, podsByNode } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import { groupedBy } from '../resources/grouped-by.js';
import { controllerRevisions, daemonSets, events, nodes, pods } from '../resources/index.js';
import type { ControllerRevision, DaemonSet, Event, Node, Pod } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { type Sentence, tell } from '../words/sentence.js';
import { type Check, checksOfController, checksOfScheduler } from './checks.js';
import { outlineOf } from './pod-outline.js';
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
  readonly #context: DaemonSetContext;
  readonly #verdict: DetailedVerdict;
  readonly #described: DaemonPod | undefined;

  /** @param pods the DaemonSet's pods on the node, in any order */
  constructor(
    context: DaemonSetContext,
    readonly node: Entry<Node>,
    pods: readonly Entry<Pod>[],
  ) {
    this.#context = context;
    this.pods = pods.length > 1 ? [...pods].sort((a, b) => keptFirst(daemonPodOf(a), daemonPodOf(b))) : pods;
    this.pod = pods.length > 1 ? (this.pods.find(pod => !daemonPodOf(pod).terminating) ?? this.pods[0]) : pods[0];
    this.#described = this.pod && daemonPodOf(this.pod);
    this.#verdict = context.scheduling.verdict(node);
    this.actual = stateOf(this.#verdict.wanted, this.#described);
  }

  get daemonSet(): Entry<DaemonSet> {
    return this.#context.daemonSet;
  }

  /** Whether the controller wants a pod on the node. */
  get wanted(): boolean {
    return this.#verdict.wanted;
  }

  /** Whether a pod that is there may stay, even where no new one is wanted. */
  get shouldContinue(): boolean {
    return this.#verdict.shouldContinue;
  }

  get ready(): boolean {
    return this.#described?.ready ?? false;
  }

  /** Hash of the template the pod was made from. */
  get revision(): string | undefined {
    return this.#described?.labels?.[REVISION_HASH_LABEL];
  }

  /** Hash of the DaemonSet's present template; undefined until the controller has made its revision. */
  get currentRevision(): string | undefined {
    const { currentRevision } = this.#context;
    return currentRevision && hashOf(currentRevision);
  }

  /** Whether the pod is of the present template; undefined if there is none. */
  get upToDate(): boolean | undefined {
    return this.#described && this.isUpToDate(this.#described);
  }

  /** Whether one of its pods is of the present template. */
  isUpToDate(pod: DaemonPod): boolean {
    return isUpdated(pod, { hash: this.currentRevision ?? '' });
  }

  /** What is there, as far as one of its pods goes: of the one that stands for the placement, {@link actual}. */
  stateWith(pod: DaemonPod): PlacementState {
    return stateOf(this.wanted, pod);
  }

  /** Every check that was made, in the order they are made; of the scheduler's only where a pod is wanted. */
  get checks(): readonly Check[] {
    const { view } = this.#context;
    if (!view || !this.wanted) return this.controllerChecks;
    const pod = this.pod?.object ?? this.#context.podFor(this.node);
    const present = this.#context.boundTo(this.node);
    return [...this.controllerChecks, ...checksOfScheduler(pod, this.node.object, present, view)];
  }

  /** What the controller decides by. */
  get controllerChecks(): readonly Check[] {
    return checksOfController(this.#context.scheduling.explain(this.node));
  }

  /** Whether the controller would make a pod there, or replace one: before 1.12 it looked for room itself. */
  get hasRoom(): boolean {
    return this.#verdict.shouldRun;
  }

  /** Whether the controller leaves a pod that has ended well: before 1.27. */
  get keepsEnded(): boolean {
    return this.#context.keepsEnded;
  }

  /** What went wrong when the controller last tried to make a pod of the DaemonSet, if that went wrong. */
  get createError(): string | undefined {
    return this.#context.createError;
  }

  /** Why, in one sentence without a full stop. */
  get reason(): string {
    return tell([this.why]);
  }

  /** The same as data. */
  get why(): Sentence {
    return reasonFor(this, () => this.createError);
  }

  /** The same for who may not see what events tell: why the controller could not make a pod. */
  get whyWithoutEvents(): Sentence {
    return reasonFor(this, () => undefined);
  }
}

/** What the placements of one DaemonSet share, found once and when it is first needed. */
class DaemonSetContext {
  readonly #placements: Placements;
  readonly #found = new Map<Entry<Node>, Placement>();
  #podsByNode: ReadonlyMap<string, readonly Entry<Pod>[]> | undefined;
  /** How often a node was looked at on its own. */
  #asked = 0;
  #createError: { readonly message: string | undefined } | undefined;
  #currentRevision: { readonly entry: Entry<ControllerRevision> | undefined } | undefined;

  constructor(
    placements: Placements,
    readonly daemonSet: Entry<DaemonSet>,
    readonly scheduling: CompiledScheduling,
  ) {
    this.#placements = placements;
  }

  /** Found once: who leafs through a moment asks for all of them with each page. */
  placementOn(node: Entry<Node>): Placement {
    let placement = this.#found.get(node);
    if (!placement) this.#found.set(node, (placement = new Placement(this, node, this.podsOn(node.name))));
    return placement;
  }

  /** The cluster as the scheduler sees it, where that sees to daemon pods. */
  get view(): ClusterView | undefined {
    const { registry, scheduling } = this.#placements;
    return scheduling.asksScheduler ? NodeCache.of(registry) : undefined;
  }

  get keepsEnded(): boolean {
    return this.#placements.scheduling.keepsEnded;
  }

  /** The pod that the controller would make for a node, as far as placing it goes. */
  podFor({ name }: Entry<Node>): Pod {
    const { namespace } = this.daemonSet;
    const metadata = { name: '', namespace, uid: '', resourceVersion: '', creationTimestamp: '' };
    return { apiVersion: 'v1', kind: 'Pod', metadata, spec: this.scheduling.specFor(name), status: {} };
  }

  /** Its pods on a node, or meant for it. Who asks of few nodes looks at what is on these, who asks of many at the pods of the set. */
  podsOn(node: string): readonly Entry<Pod>[] {
    const { uid } = this.daemonSet;
    if (!this.#podsByNode) {
      const own = this.#placements.podsOf(this.daemonSet);
      if (this.#asked++ * ON_ONE_NODE < own.length)
        return this.#placements.podsAround(node).filter(pod => outlineOf(pod).controller?.uid === uid);
      this.#podsByNode = groupedBy(own, pod => daemonPodOf(pod).node);
    }
    return this.#podsByNode.get(node) ?? NO_PODS;
  }

  /** Every pod on a node, also those of the set itself that go, or are too many. None is in its own way there. */
  boundTo({ name }: Entry<Node>): readonly Pod[] {
    return this.#placements.podsOn(name).map(({ object }) => object);
  }

  /** The revision of the present template; undefined until the controller has made it. */
  get currentRevision(): Entry<ControllerRevision> | undefined {
    this.#currentRevision ??= { entry: this.#findRevision() };
    return this.#currentRevision.entry;
  }

  /** The controller knows of its last attempt; of those before it began, or in other moments, events tell: the newest counts. */
  get createError(): string | undefined {
    const attempt = CreateAttempts.of(this.#placements.registry).lastOf(this.daemonSet.uid);
    this.#createError ??= { message: attempt ? attempt.refusal : this.#findCreateError() };
    return this.#createError.message;
  }

  #findRevision(): Entry<ControllerRevision> | undefined {
    const data = revisionData(this.daemonSet.object.spec.template);
    return this.#placements.revisionsOf(this.daemonSet).find(revision => keeps(revision, data));
  }

  #findCreateError(): string | undefined {
    const attempts = this.#placements.eventsAbout(this.daemonSet).filter(({ object: { reason } }) => {
      return reason === 'FailedCreate' || reason === 'SuccessfulCreate';
    });
    const newest = attempts.reduce<Entry<Event> | undefined>(
      (a, b) => (a && a.revision > b.revision ? a : b),
      undefined,
    );
    return newest?.object.reason === 'FailedCreate'
      ? newest.object.message?.replace(/^Error creating: /, '')
      : undefined;
  }
}

interface Across {
  readonly daemonSets: readonly Entry<DaemonSet>[];
  readonly nodes: readonly Entry<Node>[];
  readonly found: readonly Placement[];
}

const isSame = (some: readonly Entry[], others: readonly Entry[]) =>
  some.length === others.length && some.every((entry, i) => entry === others[i]);

/**
 * Placements of one moment, as the controllers would decide them. An instance serves one request and no longer: what it has
 * found, it keeps.
 */
export class Placements {
  readonly registry: Registry;
  readonly scheduling: DaemonScheduling;
  readonly #contexts = new Map<string, DaemonSetContext>();
  /** Pods that are bound to no node, by the one that they are meant for. */
  #meant: ReadonlyMap<string, readonly Entry<Pod>[]> | undefined;
  /** What {@link across} was asked for last: who leafs through a moment asks for the same with each page. */
  #asked: Across | undefined;

  constructor(registry: Registry) {
    this.registry = registry;
    this.scheduling = schedulingOf(registry.era)({ registry });
  }

  of(daemonSet: Entry<DaemonSet>, node: Entry<Node>): Placement {
    return this.#contextOf(daemonSet).placementOn(node);
  }

  /** Of every one of these DaemonSets on every one of these nodes: the same array as the last time if the same is asked for again. */
  across(daemonSets: readonly Entry<DaemonSet>[], nodes: readonly Entry<Node>[]): readonly Placement[] {
    if (this.#asked && isSame(this.#asked.daemonSets, daemonSets) && isSame(this.#asked.nodes, nodes))
      return this.#asked.found;
    const found = daemonSets.flatMap(daemonSet => {
      const context = this.#contextOf(daemonSet);
      return nodes.map(node => context.placementOn(node));
    });
    this.#asked = { daemonSets, nodes, found };
    return found;
  }

  /** The pods of a DaemonSet on a node, or meant for it, in no order. */
  podsAt(daemonSet: Entry<DaemonSet>, node: string): readonly Entry<Pod>[] {
    return this.#contextOf(daemonSet).podsOn(node);
  }

  /** The pods that a DaemonSet controls, in no order. */
  podsOf(daemonSet: Entry<DaemonSet>): readonly Entry<Pod>[] {
    return indexByController(this.registry, pods).get(daemonSet.uid);
  }

  /** The pods bound to a node, in no order. */
  podsOn(node: string): readonly Entry<Pod>[] {
    return podsByNode(this.registry).get(node);
  }

  /** Of every one of these DaemonSets on one node: what looks at all nodes goes through the pods once so, whoever controls them. */
  onNode(daemonSets: readonly Entry<DaemonSet>[], node: Entry<Node>): Placement[] {
    const around = groupedBy(this.podsAround(node.name), pod => outlineOf(pod).controller?.uid);
    return daemonSets.map(daemonSet => {
      const pods = around.get(daemonSet.uid) ?? NO_PODS;
      return new Placement(this.#contextOf(daemonSet), node, pods);
    });
  }

  /** The pods on a node, or meant for it, in no order. */
  podsAround(node: string): readonly Entry<Pod>[] {
    this.#meant ??= groupedBy(this.podsOn(''), pod => daemonPodOf(pod).node);
    return [...this.podsOn(node), ...(this.#meant.get(node) ?? NO_PODS)];
  }

  /** The revisions that a DaemonSet controls, in no order. */
  revisionsOf(daemonSet: Entry<DaemonSet>): readonly Entry<ControllerRevision>[] {
    return indexByController(this.registry, controllerRevisions).get(daemonSet.uid);
  }

  /** The events about an object, in no order. */
  eventsAbout(about: Entry): readonly Entry<Event>[] {
    return this.registry.index(events, 'involved', ({ involvedObject: { uid } }) => (uid ? [uid] : [])).get(about.uid);
  }

  /** The revision of a DaemonSet's present template; undefined until the controller has made it. */
  currentRevision(daemonSet: Entry<DaemonSet>): Entry<ControllerRevision> | undefined {
    return this.#contextOf(daemonSet).currentRevision;
  }

  #contextOf(daemonSet: Entry<DaemonSet>): DaemonSetContext {
    let context = this.#contexts.get(daemonSet.uid);
    if (!context) {
      context = new DaemonSetContext(this, daemonSet, this.scheduling.compile(daemonSet.object));
      this.#contexts.set(daemonSet.uid, context);
    }
    return context;
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

const NO_PODS: readonly Entry<Pod>[] = [];

/** About how many pods there are on a node. */
const ON_ONE_NODE = 32;

/** What is there, by whether a pod is wanted and by the pod. */
export function stateOf(wanted: boolean, pod: DaemonPod | undefined): PlacementState {
  if (!pod) return wanted ? 'MISSING' : 'NOT_WANTED';
  if (pod.terminating) return 'TERMINATING';
  if (!wanted) return 'EXTRA';
  switch (pod.phase) {
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
