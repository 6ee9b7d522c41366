import type { Obstacle } from '../../placement/check.js';
import type { PodFit } from '../../placement/fit.js';
import type { NodeInfo } from '../../placement/node-info.js';
import { guards } from '../../resources/pod-disruption.js';
import type { PodDisruptionBudget } from '../../resources/pod-disruption-budget.js';
import { conditionOf, isTerminating } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';

/** A node that would have room for a pod if its victims went. */
export interface Candidate {
  readonly node: string;
  /** The most important first. */
  readonly victims: readonly Pod[];
  /** How many of them their disruption budgets would not let go. */
  readonly violations: number;
}

/** A pod's priority; 0 if it has none. */
export const priorityOf = (pod: Pod): number => pod.spec.priority ?? 0;

/** When a pod began to run; pods that have not are the newest of all. */
const startOf = (pod: Pod): string => pod.status.startTime ?? '~';

/** More important pods first: by priority, then by how long they have run. */
const importance = (a: Pod, b: Pod): number =>
  priorityOf(b) - priorityOf(a) || (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0);

/**
 * The pods that must leave a node for `pod` to fit, as few and as unimportant as possible, and if it can be only such as
 * their disruption budgets let go; or why it would not fit even without all pods of lower priority. Mirrors
 * `SelectVictimsOnNode`.
 *
 * @param budgets all that there are
 * @param obstacle asks whether the pod fits on a node on trial
 */
export function victimsOn(
  pod: Pod,
  info: NodeInfo,
  fit: PodFit,
  budgets: readonly PodDisruptionBudget[],
  obstacle: (trial: NodeInfo) => Obstacle | undefined,
): Omit<Candidate, 'node'> | { readonly reasons: readonly string[] } {
  const lower = [...info.pods.values()].filter(other => priorityOf(other) < priorityOf(pod));
  if (lower.length === 0) return { reasons: ['No preemption victims found for incoming pod'] };
  const trial = info.clone();
  const away: Pod[] = [];
  const take = (other: Pod) => {
    trial.remove(other.metadata.uid);
    fit.update(other, trial, -1);
  };
  const putBack = (other: Pod) => {
    trial.add(other);
    fit.update(other, trial, 1);
  };
  for (const other of lower) take(other);
  const without = obstacle(trial);
  const spare = (others: readonly Pod[]) => {
    for (const other of others) {
      putBack(other);
      if (without || !obstacle(trial)) continue;
      take(other);
      away.push(other);
    }
  };
  // Who is put back first stays rather than those after.
  const { violating, others } = byBudgets(lower.sort(importance), budgets);
  spare(violating);
  const violations = away.length;
  spare(others);
  // The look at the cluster serves other nodes too.
  for (const victim of away) putBack(victim);
  return without ? { reasons: without.reasons } : { victims: away.sort(importance), violations };
}

/**
 * Parts pods, the most important first, into those that may go and those whose going their budgets no longer allow. Pods that
 * a budget has let go already count for nothing. Mirrors `filterPodsWithPDBViolation`.
 */
function byBudgets(
  pods: readonly Pod[],
  budgets: readonly PodDisruptionBudget[],
): { readonly violating: readonly Pod[]; readonly others: readonly Pod[] } {
  if (budgets.length === 0) return { violating: [], others: pods };
  const violating: Pod[] = [];
  const others: Pod[] = [];
  const left = budgets.map(({ status }) => status.disruptionsAllowed);
  for (const pod of pods) {
    const { name, namespace } = pod.metadata;
    let isViolated = false;
    budgets.forEach((budget, i) => {
      if (budget.metadata.namespace !== namespace || !guards(budget, pod)) return;
      if (Object.hasOwn(budget.status.disruptedPods ?? {}, name)) return;
      left[i]!--;
      if (left[i]! < 0) isViolated = true;
    });
    (isViolated ? violating : others).push(pod);
  }
  return { violating, others };
}

/**
 * The node where preemption hurts least: where the fewest disruption budgets are violated, whose most important victim is the
 * least important, whose victims weigh the least together, are the fewest, and among the most important of them have run for
 * the shortest time; the first of those that are equal. Mirrors `pickOneNodeForPreemption`.
 */
export function bestCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) if (!best || hurtsLess(candidate, best)) best = candidate;
  return best;
}

function hurtsLess(a: Candidate, b: Candidate): boolean {
  const [left, right] = [costs(a), costs(b)];
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i]! < right[i]!;
  return startOf(a.victims[0]!) > startOf(b.victims[0]!);
}

const costs = ({ victims, violations }: Candidate): readonly number[] => [
  violations,
  priorityOf(victims[0]!),
  // Every victim weighs something, also one of negative priority.
  victims.reduce((sum, victim) => sum + priorityOf(victim) + 2 ** 31, 0),
  victims.length,
];

/** Whether pods of lower priority that had to yield are on their way out of the node that `pod` waits for. */
export function isBeingMadeRoomFor(pod: Pod, nominated: NodeInfo): boolean {
  for (const other of nominated.pods.values()) {
    if (priorityOf(other) < priorityOf(pod) && isYielding(other)) return true;
  }
  return false;
}

const isYielding = (pod: Pod): boolean => {
  const disruption = conditionOf(pod, 'DisruptionTarget');
  return isTerminating(pod) && disruption?.status === 'True' && disruption.reason === 'PreemptionByScheduler';
};
