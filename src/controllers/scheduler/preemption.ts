import { firstObstacle } from '../../placement/fit.js';
import type { NodeInfo } from '../../placement/node-info.js';
import type { Pod } from '../../resources/types.js';

/** A node that would have room for a pod if its victims went. */
export interface Candidate {
  readonly info: NodeInfo;
  /** The most important first. */
  readonly victims: readonly Pod[];
}

const priorityOf = (pod: Pod): number => pod.spec.priority ?? 0;
const startOf = (pod: Pod): string => pod.status.startTime ?? pod.metadata.creationTimestamp;

/** More important pods first: by priority, then by how long they have run. */
const importance = (a: Pod, b: Pod): number =>
  priorityOf(b) - priorityOf(a) || (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0);

/**
 * The pods that must leave a node for `pod` to fit, as few and as unimportant as possible; `undefined` if it would not fit
 * even without all pods of lower priority.
 */
export function victimsOn(pod: Pod, info: NodeInfo): readonly Pod[] | undefined {
  const lower = [...info.pods.values()].filter(other => priorityOf(other) < priorityOf(pod));
  if (lower.length === 0) return undefined;
  const trial = info.clone();
  for (const other of lower) trial.remove(other.metadata.uid);
  if (firstObstacle(pod, trial)) return undefined;
  const victims: Pod[] = [];
  for (const other of lower.sort(importance)) {
    trial.add(other);
    if (!firstObstacle(pod, trial)) continue;
    trial.remove(other.metadata.uid);
    victims.push(other);
  }
  return victims;
}

/**
 * The node where preemption hurts least: whose most important victim is the least important, whose victims weigh the least
 * together, are the fewest, and have run for the shortest time; the first of those that are equal.
 */
export function bestCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) if (!best || hurtsLess(candidate, best)) best = candidate;
  return best;
}

function hurtsLess(a: Candidate, b: Candidate): boolean {
  const keys = ({ victims }: Candidate) => [
    priorityOf(victims[0]!),
    victims.reduce((sum, v) => sum + priorityOf(v) + 2 ** 31, 0),
    victims.length,
  ];
  const left = keys(a);
  const right = keys(b);
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i]! < right[i]!;
  return startOf(a.victims[0]!) > startOf(b.victims[0]!);
}
