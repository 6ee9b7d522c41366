import { firstObstacle } from '../../placement/fit.js';
import { reservedRequests } from '../../placement/pod-resources.js';
import { claimsOf } from '../../placement/volumes/pod-volumes.js';
import { podsByNode } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { namespaces, nodes, pods } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { hasEnded } from '../../resources/state.js';
import type { Node, Pod } from '../../resources/types.js';
import { DEFAULT_SCHEDULER } from '../../resources/well-known.js';
import type { Change } from '../../store/entry.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, type Queue, source } from '../runtime/types.js';
import { claims, csiNodesOf, storageClassesOf, volumes } from '../volume-binder/kinds.js';
import { NodeCache } from './node-cache.js';
import { type PendingPod, PendingPods } from './pending-pods.js';
import { type Placed, type Placement, SchedulingCycle } from './scheduling-cycle.js';
import { SchedulingResults } from './scheduling-results.js';

/** The keys of the queue. Which pod comes next is decided by priority, not by the order of keys. */
const NEXT = 'next';
const FLUSH = 'flush';

/** Pods that are tried in one go, whose bindings commit together. */
const ROUND = 128;
/** A round ends early when pods were held against nodes so often: requests want to be answered in between. */
const EFFORT = 20_000;
/** Pods that nothing helped are tried again after so many ms all the same. */
const FLUSH_AFTER = 5 * 60_000;
/** Volumes that are not there after so many ms are told to be missing. */
const VOLUMES_WITHIN = 10 * 60_000;

/**
 * Assigns pods to nodes as kube-scheduler's default profile does (SCH-01..16). A pod is decided on at once and its binding
 * counts for the next one before it is committed, so that thousands can be bound in a second; what is decided depends on the
 * order of writes and the seed alone.
 */
export function schedulerController(context: ControllerContext): Controller {
  const scheduler = new Scheduler(context);
  return {
    name: 'scheduler',
    watches: [
      source(
        pods,
        change => scheduler.podChanged(change),
        registry => podsByNode(registry).get(''),
      ),
      source(nodes, change => scheduler.nodeChanged(change)),
      source(namespaces, change => scheduler.namespaceChanged(change)),
      source(claims, change => scheduler.claimChanged(change)),
      source(volumes, change => scheduler.storageChanged(change)),
      source(storageClassesOf(context.registry), change => scheduler.storageChanged(change)),
      source(csiNodesOf(context.registry), change => scheduler.storageChanged(change)),
    ],
    reconcile: (key, queue) => (key === FLUSH ? scheduler.flush(queue) : scheduler.round(queue)),
  };
}

class Scheduler {
  readonly #registry: Registry;
  readonly #cache: NodeCache;
  readonly #cycle: SchedulingCycle;
  readonly #results: SchedulingResults;
  readonly #pending = new PendingPods();

  constructor(context: ControllerContext) {
    this.#registry = context.registry;
    this.#cache = NodeCache.of(context.registry);
    this.#cycle = new SchedulingCycle(context.registry);
    this.#results = new SchedulingResults(context.registry, context.recorder(DEFAULT_SCHEDULER));
  }

  // ---- what wakes it (SCH-15) ----

  podChanged({ type, entry, previous }: Change<Pod>): string[] {
    const pod = entry.object;
    const before = previous?.object;
    const isGone = type === 'DELETED' || hasEnded(pod);
    if (type === 'DELETED' || !isWaiting(pod)) this.#pending.remove(keyOf(pod.metadata));
    else if (!before || !isWaiting(before) || asksForMore(before, pod)) this.#pending.put(pod, this.#now);
    if (this.#pending.hasParked) {
      const { nodeName } = pod.spec;
      const wasThere = !before || !hasEnded(before);
      if (nodeName && ((isGone && wasThere) || (before && holdsLess(before, pod)))) this.#wakeFor(nodeName, false);
      // Nobody makes room for it any more.
      const nominated = before?.status?.nominatedNodeName;
      if (nominated && nominated !== nodeName && (isGone || nodeName)) this.#wakeFor(nominated, false);
      const isNews =
        isGone || before?.spec.nodeName !== nodeName || !equalJson(before?.metadata.labels, pod.metadata.labels);
      if (nodeName && isNews) this.#wake(this.#pending.farReaching());
    }
    return this.#next();
  }

  nodeChanged({ type, entry, previous }: Change<Node>): string[] {
    if (!this.#pending.hasParked) return [];
    if (type === 'DELETED') this.#wake(this.#pending.farReaching());
    else if (!previous || mayHelp(previous.object, entry.object)) {
      this.#wakeFor(entry.name, true);
      this.#wake(this.#pending.farReaching());
    }
    return this.#next();
  }

  namespaceChanged({ entry, previous }: Change): string[] {
    if (!this.#pending.hasParked || equalJson(entry.object.metadata.labels, previous?.object.metadata.labels))
      return [];
    this.#wake(this.#pending.farReaching());
    return this.#next();
  }

  claimChanged({ type, entry }: Change): string[] {
    if (type === 'DELETED') return [];
    for (const pending of this.#pending.forVolumes()) {
      const pod = this.#podOf(pending);
      if (pod?.metadata.namespace === entry.namespace && claimsOf(pod).some(({ name }) => name === entry.name))
        this.#pending.activate(pending, this.#now);
    }
    return this.#next();
  }

  storageChanged({ type }: Change): string[] {
    if (type !== 'DELETED') this.#wake(this.#pending.forVolumes());
    return this.#next();
  }

  /** Wakes the pods that a change on a node may help; `roomCanBeMade`: also by preemption. */
  #wakeFor(node: string, roomCanBeMade: boolean): void {
    this.#wake(this.#pending.naming(node));
    const info = this.#cache.get(node);
    if (!info) return;
    for (const pending of this.#pending.anywhere()) {
      const pod = this.#podOf(pending);
      const obstacle = pod && firstObstacle(pod, info);
      if (!obstacle || (roomCanBeMade && obstacle.preemptable)) this.#pending.activate(pending, this.#now);
    }
  }

  #wake(parked: Iterable<PendingPod>): void {
    for (const pending of parked) this.#pending.activate(pending, this.#now);
  }

  #next(): string[] {
    return this.#pending.hasReady(this.#now) ? [NEXT] : [];
  }

  get #now(): number {
    return this.#registry.clock.now();
  }

  // ---- what it does ----

  /** Tries the most urgent pods. */
  async round(queue: Queue): Promise<void> {
    const attempts: Promise<void>[] = [];
    const enough = this.#cycle.effort + EFFORT;
    while (attempts.length < ROUND && this.#cycle.effort < enough) {
      const pending = this.#pending.take(this.#now);
      if (!pending) break;
      const pod = this.#podOf(pending);
      if (pod && isWaiting(pod)) attempts.push(this.#attempt(pod, pending, queue));
      else this.#pending.remove(pending.key);
    }
    if (this.#pending.hasReady(this.#now)) queue.add(NEXT);
    const failed = (await Promise.allSettled(attempts)).find(result => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Looks again after what nothing has helped for long, and only then: what it waits for may have been overlooked. */
  async flush(queue: Queue): Promise<void> {
    this.#wake(this.#pending.parkedSince(this.#now - FLUSH_AFTER));
    if (this.#pending.hasReady(this.#now)) queue.add(NEXT);
    if (this.#pending.hasParked) queue.addAfter(FLUSH, FLUSH_AFTER, 'upkeep');
  }

  async #attempt(pod: Pod, pending: PendingPod, queue: Queue): Promise<void> {
    try {
      const placement = this.#cycle.place(pod);
      if ('node' in placement) await this.#placed(pod, pending, placement, queue);
      else await this.#failed(pod, pending, placement, queue);
    } catch (error) {
      queue.addAfter(NEXT, this.#pending.holdBack(pending, this.#now));
      throw error;
    }
  }

  async #placed(pod: Pod, pending: PendingPod, { node, volumes: plan }: Placed, queue: Queue): Promise<void> {
    if (plan) {
      this.#pending.park(pending, this.#now, new Set(['VolumeBinding']));
      queue.addAfter(FLUSH, FLUSH_AFTER, 'upkeep');
      pending.volumesSince ??= this.#now;
      if (this.#now - pending.volumesSince < VOLUMES_WITHIN) return this.#results.arrangeVolumes(pod, node, plan);
      pending.volumesSince = this.#now;
      return this.#results.volumesMissing(pod);
    }
    try {
      await this.#results.bind(pod, node);
    } catch (error) {
      await this.#results.bindingFailed(pod, error);
      throw error;
    }
  }

  async #failed(
    pod: Pod,
    pending: PendingPod,
    { fit, diagnosis }: Exclude<Placement, Placed>,
    queue: Queue,
  ): Promise<void> {
    this.#pending.park(pending, this.#now, diagnosis.rejectedBy, diagnosis.beforehand !== '');
    queue.addAfter(FLUSH, FLUSH_AFTER, 'upkeep');
    const plan = this.#cycle.preempt(pod, fit, diagnosis);
    if ('failure' in plan) {
      const nominatedNode = plan.keepsNomination ? pod.status.nominatedNodeName : undefined;
      await this.#results.unschedulable(pod, diagnosis.message(plan.failure), nominatedNode);
      return;
    }
    const { node, victims } = plan.candidate;
    const outbid = this.#cycle.outbid(pod, node);
    const writes = [
      this.#results.unschedulable(pod, diagnosis.message(''), node),
      ...victims.map(victim => this.#results.evict(victim, pod, node)),
      ...outbid.map(other => this.#results.withdrawNomination(other)),
    ];
    for (const other of outbid) this.#pending.reactivate(keyOf(other.metadata), this.#now);
    if (this.#pending.hasReady(this.#now)) queue.add(NEXT);
    await Promise.all(writes);
  }

  /** The pod as it is now; `undefined` if it is not there any more, or another one of that name. */
  #podOf({ key, uid }: PendingPod): Pod | undefined {
    const { namespace, name } = splitKey(key);
    const pod = this.#registry.get(pods, namespace, name)?.object;
    return pod?.metadata.uid === uid ? pod : undefined;
  }
}

/** Whether the pod is one to be scheduled, by this scheduler, now (SCH-01). */
const isWaiting = (pod: Pod): boolean =>
  !pod.spec.nodeName &&
  (pod.spec.schedulerName ?? DEFAULT_SCHEDULER) === DEFAULT_SCHEDULER &&
  !hasEnded(pod) &&
  pod.metadata.deletionTimestamp === undefined &&
  !pod.spec.schedulingGates?.length;

/** Whether an update of a waiting pod can change where it may go. */
const asksForMore = (before: Pod, after: Pod): boolean =>
  !equalJson(before.spec, after.spec) || !equalJson(before.metadata.labels, after.metadata.labels);

/** Whether a pod was resized such that its node has more room for others. */
function holdsLess(before: Pod, after: Pod): boolean {
  if ((after.metadata.generation ?? 1) < 2) return false;
  const [former, held] = [reservedRequests(before), reservedRequests(after)];
  return Object.keys(former).some(resource => (held[resource] ?? 0) < former[resource]!);
}

/** Whether an update of a node could let a pod in that it kept out. */
function mayHelp(before: Node, after: Node): boolean {
  return (
    !equalJson(before.status?.allocatable, after.status?.allocatable) ||
    !equalJson(before.metadata.labels, after.metadata.labels) ||
    !equalJson(before.spec?.taints, after.spec?.taints) ||
    before.spec?.unschedulable !== after.spec?.unschedulable
  );
}
