import { formatTime } from '../../clock/clock.js';
import { firstObstacle } from '../../placement/fit.js';
import { namedNodes } from '../../placement/node-affinity.js';
import type { NodeInfo } from '../../placement/node-info.js';
import { hasEnded } from '../../placement/node-info.js';
import { StatusError } from '../../registry/status.js';
import { nodes, pods } from '../../resources/index.js';
import type { Condition, Node, Pod } from '../../resources/types.js';
import type { Change } from '../../store/entry.js';
import { withDisruptionTarget } from '../pod-disruption.js';
import { type Controller, type ControllerContext, type Queue, source } from '../runtime/types.js';
import { NodeCache } from './node-cache.js';
import { type PendingPod, PendingPods } from './pending-pods.js';
import { bestCandidate, type Candidate, victimsOn } from './preemption.js';
import { bestNode } from './scores.js';
import { Diagnosis } from './unschedulable.js';

export const SCHEDULER_NAME = 'default-scheduler';

/** The queue's only key: which pod comes next is decided by priority, not by the order of keys. */
const NEXT = 'next';
/** Bindings that are on their way together. */
const ROUND = 100;
/** Attempts that an event sets off at once; those after them wait, so that pods which hinder each other do not spin. */
const PROMPT_ATTEMPTS = 5;
const MAX_BACKOFF = 10_000;
/** Events carry at most so much of a message (SCH-08). */
const MAX_EVENT_MESSAGE = 1024;

/** Assigns pods to nodes as kube-scheduler's default profile does (SCH-01..16). */
export function schedulerController(context: ControllerContext): Controller {
  const scheduler = new Scheduler(context);
  return {
    name: 'scheduler',
    watches: [
      source(pods, change => scheduler.podChanged(change)),
      source(nodes, change => scheduler.nodeChanged(change)),
    ],
    reconcile: (_key, queue) => scheduler.round(queue),
  };
}

const keyOf = (pod: Pod) => `${pod.metadata.namespace}/${pod.metadata.name}`;
const isWaiting = (pod: Pod) =>
  !pod.spec.nodeName &&
  (pod.spec.schedulerName ?? SCHEDULER_NAME) === SCHEDULER_NAME &&
  !hasEnded(pod) &&
  pod.metadata.deletionTimestamp === undefined &&
  !pod.spec.schedulingGates?.length;

class Scheduler {
  readonly #context: ControllerContext;
  readonly #cache: NodeCache;
  readonly #pending = new PendingPods();
  readonly #recorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#cache = NodeCache.of(context.registry);
    this.#recorder = context.recorder(SCHEDULER_NAME);
  }

  get #registry() {
    return this.#context.registry;
  }

  // ---- what wakes it (SCH-15) ----

  *podChanged({ type, entry, previous }: Change<Pod>): Iterable<string> {
    const pod = entry.object;
    const key = keyOf(pod);
    if (type === 'DELETED' || !isWaiting(pod)) this.#pending.remove(key);
    else if (!previous || !isWaiting(previous.object) || previous.object.spec !== pod.spec) this.#pending.put(key, pod);
    if (pod.spec.nodeName && (type === 'DELETED' || (hasEnded(pod) && !(previous && hasEnded(previous.object)))))
      this.#wake(pod.spec.nodeName);
    yield NEXT;
  }

  *nodeChanged({ type, entry, previous }: Change<Node>): Iterable<string> {
    if (type === 'DELETED' || (previous && !mayHelp(previous.object, entry.object))) return;
    this.#wake(entry.name);
    yield NEXT;
  }

  #wake(node: string): void {
    for (const pending of this.#pending.waitingFor(node)) this.#pending.activate(pending);
  }

  // ---- one round ----

  /** Tries the most important pods. Bindings count for the next pod at once and commit together. */
  async round(queue: Queue): Promise<void> {
    const now = this.#registry.clock.now();
    const tasks: Promise<void>[] = [];
    for (const pending of this.#pending.take(ROUND)) {
      const wait = pending.lastAttempt + backoff(pending.attempts) - now;
      if (wait > 0) {
        this.#pending.park(pending);
        queue.addAfter(NEXT, wait);
        this.#context.registry.clock.after(wait, () => this.#pending.activate(pending));
        continue;
      }
      const [namespace, name] = pending.key.split('/') as [string, string];
      const pod = this.#registry.get(pods, namespace, name)?.object;
      if (pod?.metadata.uid === pending.uid && isWaiting(pod)) tasks.push(this.#schedule(pod, pending));
      else this.#pending.remove(pending.key);
    }
    if (this.#pending.hasActive) queue.add(NEXT);
    await Promise.all(tasks);
  }

  async #schedule(pod: Pod, pending: PendingPod): Promise<void> {
    const { feasible, diagnosis } = this.#filter(pod);
    if (feasible.length > 0) {
      await this.#bind(pod, bestNode(pod, feasible, this.#registry.random).node.metadata.name);
      return;
    }
    pending.attempts++;
    pending.lastAttempt = this.#registry.clock.now();
    this.#pending.park(pending);
    await this.#unschedulable(pod, diagnosis);
  }

  /** The nodes where the pod fits; if there is none, why. */
  #filter(pod: Pod): { feasible: NodeInfo[]; diagnosis: Diagnosis } {
    const diagnosis = new Diagnosis(this.#cache.size);
    const feasible: NodeInfo[] = [];
    const named = namedNodes(pod.spec.affinity);
    let looked = 0;
    for (const info of named ? this.#namedInfos(named) : this.#cache.all()) {
      looked++;
      const obstacle = firstObstacle(pod, info);
      if (obstacle) diagnosis.add(info.node.metadata.name, obstacle);
      else feasible.push(info);
    }
    // A pod that names its nodes is not tried on the others at all.
    if (looked < this.#cache.size)
      diagnosis.count("node(s) didn't satisfy plugin(s) [NodeAffinity]", this.#cache.size - looked);
    return { feasible, diagnosis };
  }

  *#namedInfos(names: ReadonlySet<string>): Generator<NodeInfo> {
    for (const name of names) {
      const info = this.#cache.get(name);
      if (info) yield info;
    }
  }

  async #bind(pod: Pod, node: string): Promise<void> {
    const { namespace = '', name, uid } = pod.metadata;
    try {
      await this.#registry.bind(namespace, name, node, { uid });
    } catch (error) {
      // It went, or somebody else bound it, between the look and the binding.
      if (error instanceof StatusError && (error.code === 404 || error.code === 409)) return;
      throw error;
    }
    this.#recorder.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`);
  }

  // ---- no node ----

  async #unschedulable(pod: Pod, diagnosis: Diagnosis): Promise<void> {
    const never = pod.spec.preemptionPolicy === 'Never';
    const candidate = never || this.#isBeingHelped(pod) ? undefined : this.#candidate(pod, diagnosis);
    const message = diagnosis.message(candidate ? '' : diagnosis.preemptionMessage(never));
    const condition = pod.status.conditions?.find(c => c.type === 'PodScheduled');
    const same = condition?.status === 'False' && condition.reason === 'Unschedulable' && condition.message === message;
    const nominated = candidate?.info.node.metadata.name;
    if (!same || nominated) await this.#report(pod, message, condition, nominated);
    if (!same)
      this.#recorder.event(
        pod,
        'Warning',
        'FailedScheduling',
        message.length > MAX_EVENT_MESSAGE ? `${message.slice(0, MAX_EVENT_MESSAGE - 4)} ...` : message,
      );
    if (candidate) await Promise.all(candidate.victims.map(victim => this.#evict(victim, pod, nominated!)));
  }

  async #report(
    pod: Pod,
    message: string,
    former: Condition | undefined,
    nominated: string | undefined,
  ): Promise<void> {
    const { namespace = '', name } = pod.metadata;
    const current = this.#registry.get(pods, namespace, name)?.object;
    if (current?.metadata.uid !== pod.metadata.uid) return;
    const scheduled: Condition = {
      type: 'PodScheduled',
      status: 'False',
      lastProbeTime: null,
      lastTransitionTime:
        former?.status === 'False' ? (former.lastTransitionTime ?? null) : formatTime(this.#registry.clock.now()),
      reason: 'Unschedulable',
      message,
    };
    const conditions = [...(current.status.conditions ?? []).filter(c => c.type !== 'PodScheduled'), scheduled];
    const status = { ...current.status, conditions, ...(nominated ? { nominatedNodeName: nominated } : {}) };
    await this.#registry.update(pods, { ...current, status }, { subresource: 'status' });
  }

  /** A pod whose victims are still on their way out does not make more of them. */
  #isBeingHelped(pod: Pod): boolean {
    const { nominatedNodeName } = pod.status;
    const info = nominatedNodeName ? this.#cache.get(nominatedNodeName) : undefined;
    if (!info) return false;
    for (const other of info.pods.values()) {
      if (other.metadata.deletionTimestamp !== undefined && (other.spec.priority ?? 0) < (pod.spec.priority ?? 0))
        return true;
    }
    return false;
  }

  #candidate(pod: Pod, diagnosis: Diagnosis): Candidate | undefined {
    const candidates = diagnosis.preemptable.flatMap(name => {
      const info = this.#cache.get(name)!;
      const victims = victimsOn(pod, info);
      return victims && victims.length > 0 ? [{ info, victims }] : [];
    });
    return bestCandidate(candidates);
  }

  async #evict(victim: Pod, preemptor: Pod, node: string): Promise<void> {
    const { namespace = '', name, uid } = victim.metadata;
    const current = this.#registry.get(pods, namespace, name)?.object;
    if (current?.metadata.uid !== uid || current.metadata.deletionTimestamp !== undefined) return;
    try {
      const message = `${SCHEDULER_NAME}: preempting to accommodate a higher priority pod`;
      const marked = withDisruptionTarget(current, 'PreemptionByScheduler', message, this.#registry.clock.now());
      await this.#registry.update(pods, marked, { subresource: 'status' });
      await this.#registry.delete(pods, namespace, name, { preconditions: { uid } });
    } catch (error) {
      if (StatusError.is(error, 'NotFound')) return;
      throw error;
    }
    this.#recorder.event(victim, 'Normal', 'Preempted', `Preempted by pod ${preemptor.metadata.uid} on node ${node}`);
  }
}

function backoff(attempts: number): number {
  return attempts < PROMPT_ATTEMPTS ? 0 : Math.min(1000 * 2 ** (attempts - PROMPT_ATTEMPTS), MAX_BACKOFF);
}

/** Whether a change of a node could let a pod in that it kept out. */
function mayHelp(before: Node, after: Node): boolean {
  return (
    before.status?.allocatable !== after.status?.allocatable ||
    before.metadata.labels !== after.metadata.labels ||
    before.spec?.taints !== after.spec?.taints ||
    before.spec?.unschedulable !== after.spec?.unschedulable
  );
}
