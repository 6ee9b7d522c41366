import type { Registry } from '../../registry/registry.js';
import { daemonSets } from '../../resources/index.js';
import type { DaemonSet, DaemonSetStatus } from '../../resources/types.js';
import { isAvailable } from '../workloads/availability.js';
import { writeStatus } from '../workloads/status.js';
import { type CurrentTemplate, type DaemonPod, isUpdated, keptFirst } from './daemon-pod.js';
import type { NodeVerdict, PodsByNode } from './manage.js';

/** The numbers of a DaemonSet's status. */
export type Counts = Required<Omit<DaemonSetStatus, 'observedGeneration' | 'collisionCount' | 'conditions'>>;

export interface CountInput {
  readonly nodes: readonly NodeVerdict[];
  readonly podsByNode: PodsByNode;
  readonly template: CurrentTemplate;
  readonly minReadySeconds: number;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * Counts nodes, not pods: each counts once, and is judged by the pod that would be kept of several.
 * Pods of nodes that are gone count nowhere.
 */
export function countPods({ nodes, podsByNode, template, minReadySeconds, now }: CountInput): Counts {
  const counts = {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
    updatedNumberScheduled: 0,
    numberAvailable: 0,
    numberUnavailable: 0,
  };
  for (const node of nodes) {
    const pods = podsByNode.get(node.name);
    if (!node.wanted) {
      if (pods) counts.numberMisscheduled++;
      continue;
    }
    counts.desiredNumberScheduled++;
    if (!pods) continue;
    counts.currentNumberScheduled++;
    const pod = first(pods);
    if (pod.ready) counts.numberReady++;
    if (isAvailable(pod, minReadySeconds, now)) counts.numberAvailable++;
    if (isUpdated(pod, template)) counts.updatedNumberScheduled++;
  }
  counts.numberUnavailable = counts.desiredNumberScheduled - counts.numberAvailable;
  return counts;
}

function first(pods: readonly DaemonPod[]): DaemonPod {
  let first = pods[0]!;
  for (let i = 1; i < pods.length; i++) if (keptFirst(pods[i]!, first) < 0) first = pods[i]!;
  return first;
}

/** Whether the stored status says all this already. */
function isUpToDate(set: DaemonSet, counts: Counts): boolean {
  const { status, metadata } = set;
  const same = (Object.keys(counts) as (keyof Counts)[]).every(field => (status[field] ?? 0) === counts[field]);
  return same && (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

/**
 * Writes the counts unless they are there already; a write that fails is tried once more on the set as it is then (STA-01).
 * @throws StatusError of the second attempt, or 404 if the set has gone meanwhile
 */
export async function storeStatus(
  registry: Pick<Registry, 'get' | 'update'>,
  set: DaemonSet,
  counts: Counts,
): Promise<void> {
  if (isUpToDate(set, counts)) return;
  const { generation } = set.metadata;
  // Conditions and the collision count stay: others write them (STA-S3). The kind drops zeros where upstream does.
  await writeStatus(registry, daemonSets, set, current => ({
    ...current,
    status: { ...current.status, ...counts, observedGeneration: generation ?? 0 },
  }));
}
