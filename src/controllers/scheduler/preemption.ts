import type { Obstacle } from '../../placement/check.js';
import type { PodFit } from '../../placement/fit.js';
import type { NodeInfo } from '../../placement/node-info.js';
import { conditionOf, isTerminating } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';

/** A node that would have room for a pod if its victims went. */
export interface Candidate {
  readonly node: string;
  /** The most important first. */
  readonly victims: readonly Pod[];
}

/** A pod's priority; 0 if it has none. */
export const priorityOf = (pod: Pod): number => pod.spec.priority ?? 0;

/** When a pod began to run; pods that have not are the newest of all. */
const startOf = (pod: Pod): string => pod.status.startTime ?? '~';

/** More important pods first: by priority, then by how long they have run. */
const importance = (a: Pod, b: Pod): number =>
  priorityOf(b) - priorityOf(a) || (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0);

/**
 * The pods that must leave a node for `pod` to fit, as few and as unimportant as possible; or why it would not fit even
 * without all pods of lower priority. There are no disruption budgets to spare. Mirrors `SelectVictimsOnNode`.
 *
 * @param obstacle asks whether the pod fits on a node on trial
 */
export function victimsOn(
  pod: Pod,
  info: NodeInfo,
  fit: PodFit,
  obstacle: (trial: NodeInfo) => Obstacle | undefined,
): { readonly victims: readonly Pod[] } | { readonly reasons: readonly string[] } {
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
  for (const other of lower.sort(importance)) {
    putBack(other);
    if (without || !obstacle(trial)) continue;
    take(other);
    away.push(other);
  }
  // The look at the cluster serves other nodes too.
  for (const victim of away) putBack(victim);
  return without ? { reasons: without.reasons } : { victims: away };
}

/**
 * The node where preemption hurts least: whose most important victim is the least important, whose victims weigh the least
 * together, are the fewest, and among the most important of them have run for the shortest time; the first of those that
 * are equal. Mirrors `pickOneNodeForPreemption`.
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

const costs = ({ victims }: Candidate): readonly number[] => [
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
