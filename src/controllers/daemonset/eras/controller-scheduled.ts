import { OldDaemonPlacement } from '../../../placement/daemon-1-11.js';
import { NodeInfo } from '../../../placement/node-info.js';
import { controllerOf, podsByNode } from '../../../registry/indexes.js';
import type { Registry } from '../../../registry/registry.js';
import { equalJson } from '../../../resources/json.js';
import { hasEnded } from '../../../resources/state.js';
import type { DaemonSet, Pod } from '../../../resources/types.js';
import type { Change } from '../../../store/entry.js';
import { isAvailable } from '../../workloads/availability.js';
import { sharedSpec } from '../../workloads/pod-template.js';
import { type DaemonPod, isUpdated } from '../daemon-pod.js';
import { decideManage, type ManageDecision, type ManageInput } from '../manage.js';
import { budgetOf, type RollingUpdateDecision, type RollingUpdateInput } from '../rolling-update.js';
import type { CompiledScheduling, DaemonSchedulingFactory, DetailedVerdict } from './era.js';
import { sameIdentity } from './scheduler-scheduled.js';

/** Nobody schedules pods that ask for this one: they come bound. */
const SCHEDULER_NAME = 'kubernetes.io/daemonset-controller';

/**
 * Up to 1.11: the controller binds its pods itself. So it has to know whether they find room, and plays the scheduler for
 * that; and it has to remember which sets wait for room, since no scheduler will (HIS-01..06).
 */
export const scheduledByController: DaemonSchedulingFactory = ({ registry }) => {
  const suspended = new SuspendedSets();
  return {
    statusAfterFailure: false,
    compile: set => compile(registry, set),
    decideManage: decideOldManage,
    decideRollingUpdate: decideOldRollingUpdate,
    concerns: (before, after) =>
      !sameIdentity(before, after) || !equalJson(before.status?.allocatable, after.status?.allocatable),
    wokenBy: change => (makesRoom(change) ? suspended.take(change.entry.object.spec.nodeName!) : []),
    decided: (key, verdicts) => suspended.set(key, verdicts),
  };
};

function compile(registry: Registry, set: DaemonSet): CompiledScheduling {
  const { template } = set.spec;
  const placement = new OldDaemonPlacement(template);
  const tolerations = [...placement.tolerations];
  const spec = sharedSpec({ ...template.spec, tolerations, schedulerName: SCHEDULER_NAME });
  return {
    // What stands on a node changes without the node.
    stable: false,
    verdict({ name, object: node }) {
      const on = podsByNode(registry)
        .get(name)
        .map(entry => entry.object);
      const others = on.filter(pod => controllerOf(pod)?.uid !== set.metadata.uid);
      const { wantToRun, shouldSchedule, shouldContinue, obstacle } = placement.verdict(new NodeInfo(node, others));
      const verdict = { name, wanted: wantToRun, shouldRun: shouldSchedule, shouldContinue };
      return obstacle === undefined ? verdict : { ...verdict, obstacle };
    },
    specFor: nodeName => ({ ...spec, nodeName }),
  };
}

/**
 * As today, but that nothing is touched on nodes where a wanted pod finds no room, that pods which succeeded stay, and that
 * there is no surge. Failed pods wait for their backoff as today; the old controller returned an error instead, to the same end.
 */
function decideOldManage(input: ManageInput): ManageDecision {
  const nodes = input.nodes.filter(node => node.shouldRun || !node.wanted);
  return decideManage({ ...input, nodes, surge: false, keepSucceeded: true });
}

/** HIS-06: old pods that are not available go at once, the others up to the limit; only wanted nodes count as unavailable. */
function decideOldRollingUpdate(input: RollingUpdateInput): RollingUpdateDecision {
  const { nodes, podsByNode, template, minReadySeconds, now } = input;
  const wanted = nodes.filter(node => node.wanted);
  const { maxUnavailable } = budgetOf({ ...input, nodes: wanted.map(node => ({ ...node, shouldRun: true })) });
  const available = (pod: DaemonPod) => isAvailable(pod, minReadySeconds, now);
  const served = wanted.filter(node => podsByNode.get(node.name)?.some(pod => !pod.terminating && available(pod)));
  const old = [...podsByNode.values()].flat().filter(pod => !pod.terminating && !isUpdated(pod, template));
  const budget = Math.max(maxUnavailable - (wanted.length - served.length), 0);
  const candidates = old.filter(available).sort((a, b) => (a.node! < b.node! ? -1 : 1));
  return { create: [], delete: [...old.filter(pod => !available(pod)), ...candidates.slice(0, budget)] };
}

/** Whether a pod has left a node, or takes nothing of it any more. */
function makesRoom({ type, entry, previous }: Change<Pod>): boolean {
  if (!entry.object.spec.nodeName) return false;
  return type === 'DELETED' || (hasEnded(entry.object) && previous !== undefined && !hasEnded(previous.object));
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

  /** The sets that wait for the node: woken once, and remembered anew if they still find no room. */
  take(node: string): Iterable<string> {
    const keys = this.#byNode.get(node) ?? [];
    this.#byNode.delete(node);
    return keys;
  }
}
