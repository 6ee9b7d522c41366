import { isAvailable } from '../workloads/availability.js';
import { REVISION_HASH_LABEL } from '../workloads/revisions.js';
import { type DaemonPod, keptFirst } from './daemon-pod.js';

/** A node, and what the set wants of it. */
export interface NodeVerdict {
  readonly name: string;
  /** The set counts the node as desired. */
  readonly wanted: boolean;
  /** A pod may be made there. The same as `wanted`, except in the old era, where a wanted pod may find no room. */
  readonly shouldRun: boolean;
  /** A pod that is there may stay. */
  readonly shouldContinue: boolean;
}

/** The claimed pods of a set by the node they belong to; nodes without pods are not in it. */
export type PodsByNode = ReadonlyMap<string, readonly DaemonPod[]>;

/** How long failed pods of a node are left lying, in ms. */
export interface NodeBackoff {
  /** The whole backoff while it lasts, else `undefined`. */
  waiting(node: string): number | undefined;
  /** The backoff that one more failure would begin. */
  upcoming(node: string): number;
}

export interface ManageInput {
  readonly nodes: readonly NodeVerdict[];
  readonly podsByNode: PodsByNode;
  /** {@link REVISION_HASH_LABEL} of the current revision. */
  readonly hash: string;
  /** Old and new pods may stand side by side on a node. */
  readonly surge: boolean;
  readonly minReadySeconds: number;
  /** ms since the epoch. */
  readonly now: number;
  readonly backoff: NodeBackoff;
  /** Leave pods that succeeded alone, as it was before 1.27. */
  readonly keepSucceeded?: boolean;
}

export interface ManageDecision {
  /** Nodes to make a pod for. */
  readonly create: string[];
  readonly delete: DaemonPod[];
  /** Of those to delete, the ones that failed: each begins a backoff and is told in an event. */
  readonly failed: DaemonPod[];
  /** Failed pods that are left lying until a backoff is over. */
  readonly lying: DaemonPod[];
  /** Of those to delete, the ones that ended well, which a daemon pod should not. */
  readonly succeeded: DaemonPod[];
  /** Look again after so many ms: a failed pod waits for its end of the backoff. */
  requeueAfter?: number;
}

/**
 * Decides which pods to make and which to delete so that every node has what the set wants of it (MAN-01..06, FAIL, SUC,
 * DUP, MIS). Nodes are gone through in the order given. Mirrors `manage` and `podsShouldBeOnNode`.
 */
export function decideManage(input: ManageInput): ManageDecision {
  const { nodesWithPods, decision } = decideOnNodes(input);
  if (nodesWithPods < input.podsByNode.size) decision.delete.push(...unboundPodsOfMissingNodes(input));
  return decision;
}

/** The same of the nodes given, and of no others. */
export function decideOnNodes(input: ManageInput): { decision: ManageDecision; nodesWithPods: number } {
  const decision: ManageDecision = { create: [], delete: [], failed: [], lying: [], succeeded: [] };
  let nodesWithPods = 0;
  for (const node of input.nodes) {
    const pods = input.podsByNode.get(node.name);
    if (pods) nodesWithPods++;
    if (node.shouldRun && !pods) decision.create.push(node.name);
    else if (node.shouldContinue) manageNode(node, pods ?? [], input, decision);
    else decision.delete.push(...(pods ?? []).filter(pod => !pod.terminating));
  }
  return { decision, nodesWithPods };
}

/** MAN-02: a node where pods may be. */
function manageNode(node: NodeVerdict, pods: readonly DaemonPod[], input: ManageInput, decision: ManageDecision): void {
  const running = removeEnded(node.name, pods, input, decision);
  if (!input.surge) {
    if (running.length > 1) decision.delete.push(...running.sort(keptFirst).slice(1));
  } else if (running.length === 0) {
    // With surge a node needs a pod that is not on its way out, whatever else still stands there (DUP-03).
    if (node.shouldRun) decision.create.push(node.name);
  } else if (running.length > 1) {
    decision.delete.push(...surplusOfSurge(running.sort(keptFirst), input));
  }
}

/** Deletes pods that ended by themselves, failed ones unless in backoff. Answers those that go on. */
function removeEnded(
  node: string,
  pods: readonly DaemonPod[],
  { backoff, keepSucceeded = false }: ManageInput,
  decision: ManageDecision,
): DaemonPod[] {
  const running: DaemonPod[] = [];
  // Deleting the first failed pod begins a backoff that the node's other failed pods wait for.
  let begun = false;
  for (const pod of pods) {
    if (pod.terminating) continue;
    if (pod.phase === 'Failed') {
      const wait = begun ? backoff.upcoming(node) : backoff.waiting(node);
      if (wait !== undefined) {
        decision.lying.push(pod);
        decision.requeueAfter = Math.min(wait, decision.requeueAfter ?? wait);
      } else {
        begun = true;
        decision.failed.push(pod);
        decision.delete.push(pod);
      }
    } else if (pod.phase === 'Succeeded' && !keepSucceeded) {
      decision.succeeded.push(pod);
      decision.delete.push(pod);
    } else running.push(pod);
  }
  return running;
}

/**
 * DUP-05: of several pods on a node during a surge, all but the oldest old and the oldest new one; and the old one too if it
 * is not ready, or if the new one is available. Here only the hash label tells old from new.
 */
function surplusOfSurge(running: readonly DaemonPod[], { hash, minReadySeconds, now }: ManageInput): DaemonPod[] {
  const oldestNew = running.find(pod => isNew(pod, hash));
  const oldestOld = running.find(pod => !isNew(pod, hash));
  const surplus = running.filter(pod => pod !== oldestNew && pod !== oldestOld);
  if (oldestNew && oldestOld && (!oldestOld.ready || isAvailable(oldestNew, minReadySeconds, now)))
    surplus.push(oldestOld);
  return surplus;
}

const isNew = ({ labels }: DaemonPod, hash: string) => labels?.[REVISION_HASH_LABEL] === hash;

/** MIS-01: pods that wait to be bound to a node that is gone. Bound ones are the pod garbage collector's. */
function unboundPodsOfMissingNodes({ nodes, podsByNode }: ManageInput): DaemonPod[] {
  const present = new Set(nodes.map(node => node.name));
  const stranded: DaemonPod[] = [];
  for (const [node, pods] of podsByNode) {
    if (!present.has(node)) stranded.push(...pods.filter(pod => !pod.bound));
  }
  return stranded;
}
