import { OldDaemonPlacement } from '../../../placement/daemon-1-11.js';
import { NodeInfo } from '../../../placement/node-info.js';
import { controllerOf, podsByNode } from '../../../registry/indexes.js';
import type { Registry } from '../../../registry/registry.js';
import { equalJson, without } from '../../../resources/json.js';
import type { DaemonSet, Node } from '../../../resources/types.js';
import type { Entry } from '../../../store/entry.js';
import { isAvailable } from '../../workloads/availability.js';
import { sharedSpec } from '../../workloads/pod-template.js';
import { type DaemonPod, isUpdated } from '../daemon-pod.js';
import { decideOnNodes, type ManageDecision, type ManageInput } from '../manage.js';
import { budgetOf, type RollingUpdateDecision, type RollingUpdateInput } from '../rolling-update.js';
import type { CompiledScheduling, DaemonSchedulingFactory, DetailedVerdict } from './era.js';
import { sameIdentity } from './scheduler-scheduled.js';

/** Nobody schedules pods that ask for this one: they come bound. */
const SCHEDULER_NAME = 'kubernetes.io/daemonset-controller';
/** The class that pods got which were marked as critical. */
const CRITICAL_CLASS = 'system-cluster-critical';

/**
 * Up to 1.11: the controller binds its pods itself. So it has to know whether they find room, and plays the scheduler for
 * that; and it has to remember which sets wait for room, since no scheduler will (HIS-01..06).
 */
export const scheduledByController: DaemonSchedulingFactory = ({ registry }) => {
  const suspended = new SuspendedSets();
  const going = new GoingPods();
  return {
    statusAfterFailure: false,
    asksScheduler: false,
    keepsEnded: true,
    compile: set => compile(registry, set),
    decideManage: input => going.take(decideOldManage(input, going)),
    decideRollingUpdate: input => going.take(decideOldRollingUpdate(input)),
    concerns: (before, after) =>
      !sameIdentity(before, after) || !equalJson(before.status?.allocatable, after.status?.allocatable),
    wokenBy({ type, entry }) {
      if (type !== 'DELETED') return [];
      going.forget(entry.uid);
      const { nodeName } = entry.object.spec;
      return nodeName ? suspended.waitingFor(nodeName) : [];
    },
    decided: (key, verdicts) => suspended.set(key, verdicts),
    checkManaged({ metadata: { namespace, name } }, { failed, lying }) {
      const count = failed.length + lying.length;
      // An error made the controller slow down.
      if (count > 0) throw new Error(`deleted ${count} failed pods of DaemonSet ${namespace}/${name}`);
    },
  };
};

function compile(registry: Registry, { metadata, spec: { template } }: DaemonSet): CompiledScheduling {
  const placement = new OldDaemonPlacement(template, metadata.namespace ?? '');
  const tolerations = [...placement.tolerations];
  const { priorityClassName = placement.isMarkedCritical ? CRITICAL_CLASS : undefined } = template.spec;
  const spec = sharedSpec({
    ...template.spec,
    ...(priorityClassName ? { priorityClassName } : {}),
    tolerations,
    schedulerName: SCHEDULER_NAME,
  });
  /** The node with what stands on it and is not the set's own. */
  const withOthers = ({ name, object: node }: Entry<Node>) => {
    const on = podsByNode(registry)
      .get(name)
      .map(entry => entry.object);
    return new NodeInfo(
      node,
      on.filter(pod => controllerOf(pod)?.uid !== metadata.uid),
    );
  };
  return {
    // What stands on a node changes without the node.
    stable: false,
    verdict(node) {
      const { wantToRun, shouldSchedule, shouldContinue, obstacle } = placement.verdict(withOthers(node));
      const verdict = { name: node.name, wanted: wantToRun, shouldRun: shouldSchedule, shouldContinue };
      return obstacle === undefined ? verdict : { ...verdict, obstacle };
    },
    explain: node => placement.explain(withOthers(node)),
    specFor: nodeName => ({ ...spec, nodeName }),
  };
}

/**
 * As today, but that nothing is touched on nodes where a wanted pod finds no room, nor on those that are gone; that pods which
 * succeeded stay; that pods which somebody else told to go are told again where they may not be; and that there is no surge.
 */
function decideOldManage(input: ManageInput, going: GoingPods): ManageDecision {
  const nodes = input.nodes.filter(node => node.shouldRun || !node.wanted);
  const { decision } = decideOnNodes({ ...input, nodes, surge: false, keepSucceeded: true });
  for (const { name, shouldContinue } of nodes) {
    const pods = shouldContinue ? [] : (input.podsByNode.get(name) ?? []);
    decision.delete.push(...pods.filter(pod => pod.terminating && !going.has(pod.uid)));
  }
  return decision;
}

/** HIS-06: old pods that are not available go at once, the others up to the limit; only wanted nodes count as unavailable. */
function decideOldRollingUpdate(input: RollingUpdateInput): RollingUpdateDecision {
  const { nodes, podsByNode, template, minReadySeconds, now } = input;
  const wanted = nodes.filter(node => node.wanted);
  // Nothing is known of a surge: where there is to be one instead, at least one pod goes at a time.
  const { maxUnavailable } = budgetOf({
    nodes: wanted.map(node => ({ ...node, shouldRun: true })),
    rollingUpdate: input.rollingUpdate && without(input.rollingUpdate, 'maxSurge'),
  });
  const available = (pod: DaemonPod) => isAvailable(pod, minReadySeconds, now);
  const served = wanted.filter(node => podsByNode.get(node.name)?.some(pod => !pod.terminating && available(pod)));
  const old = [...podsByNode.values()].flat().filter(pod => !pod.terminating && !isUpdated(pod, template));
  const budget = Math.max(maxUnavailable - (wanted.length - served.length), 0);
  const candidates = old.filter(available).sort((a, b) => (a.node! < b.node! ? -1 : 1));
  return { create: [], delete: [...old.filter(pod => !available(pod)), ...candidates.slice(0, budget)] };
}

/** Pods (by uid) that the controller told to go, and that are still there: it awaited their end before it went on. */
class GoingPods {
  readonly #uids = new Set<string>();

  has(uid: string): boolean {
    return this.#uids.has(uid);
  }

  take<T extends { readonly delete: readonly DaemonPod[] }>(decision: T): T {
    for (const { uid } of decision.delete) this.#uids.add(uid);
    return decision;
  }

  forget(uid: string): void {
    this.#uids.delete(uid);
  }
}

/** Sets (by key) that want a pod on a node where it finds no room (HIS-04). */
class SuspendedSets {
  readonly #byNode = new Map<string, Set<string>>();
  readonly #bySet = new Map<string, readonly string[]>();

  set(key: string, verdicts: readonly DetailedVerdict[]): void {
    for (const node of this.#bySet.get(key) ?? []) this.#byNode.get(node)?.delete(key);
    const nodes = verdicts.filter(v => v.wanted && !v.shouldRun).map(v => v.name);
    this.#bySet.set(key, nodes);
    for (const node of nodes) {
      const keys = this.#byNode.get(node);
      if (keys) keys.add(key);
      else this.#byNode.set(node, new Set([key]));
    }
  }

  waitingFor(node: string): Iterable<string> {
    return this.#byNode.get(node) ?? [];
  }
}
