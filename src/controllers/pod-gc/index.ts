import { podsByNode } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { compareText } from '../../resources/compare.js';
import { nodes, pods } from '../../resources/index.js';
import { withDisruptionTarget } from '../../resources/pod-disruption.js';
import { hasEnded, isReady, isTerminating } from '../../resources/state.js';
import type { Node, Pod } from '../../resources/types.js';
import { TAINTS } from '../../resources/well-known.js';
import type { Change, Entry } from '../../store/entry.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, nothing, type Queue, source } from '../runtime/types.js';

export interface PodGCOptions {
  /** Ended pods that may stay; 0 keeps them all (`--terminated-pod-gc-threshold`). */
  terminatedThreshold?: number;
}

/** Milliseconds between two rounds, … */
const ROUND = 20_000;
/** … and how long a missing node may take to come back. */
const QUARANTINE = 40_000;

/** What there may be to collect: pods of a node, a single pod, or ended pods beyond the threshold. */
const NODE = 'node/';
const POD = 'pod/';
const TERMINATED = 'terminated';

/**
 * Removes pods that nobody else will: those of nodes that are gone, those that never came to a node and are to be
 * deleted, those on nodes out of service, and ended ones beyond a threshold (PGC-01 to PGC-07).
 *
 * Upstream goes through all pods every 20 s. Here changes wake the controller, and what it finds waits for the next of
 * the same rounds: the moments are upstream's, and a quiet cluster costs nothing.
 */
export function podGCController({ registry }: ControllerContext, options: PodGCOptions = {}): Controller {
  const threshold = options.terminatedThreshold ?? 12_500;
  const byNode = podsByNode(registry);
  const terminated = registry.index(pods, 'terminated', pod => (hasEnded(pod) ? ['yes'] : []));
  const startedAt = registry.clock.now();
  /** When a node was found missing, ms since the epoch: the round after the first sight of it. */
  const missing = new Map<string, number>();
  /** The round in which a key is due. */
  const due = new Map<string, number>();

  /** The first round at or after `time`. */
  const roundAt = (time: number) => startedAt + Math.ceil((time - startedAt) / ROUND) * ROUND;

  /** Whether the round for `key` has come; if not, it will be looked at then. */
  function isDue(key: string, queue: Queue): boolean {
    const now = registry.clock.now();
    const at = due.get(key) ?? roundAt(now);
    if (at <= now) {
      due.delete(key);
      return true;
    }
    due.set(key, at);
    queue.addAfter(key, at - now);
    return false;
  }

  function podKeys({ type, entry, previous }: Change<Pod>): string[] {
    const pod = entry.object;
    const { nodeName } = pod.spec;
    if (type === 'DELETED') return [];
    const keys: string[] = [];
    if (!nodeName && isTerminating(pod)) keys.push(POD + keyOf(entry));
    if (nodeName && previous?.object.spec.nodeName !== nodeName && !registry.get(nodes, '', nodeName))
      keys.push(NODE + nodeName);
    if (nodeName && isTerminating(pod) && isOutOfService(registry.get(nodes, '', nodeName)?.object))
      keys.push(NODE + nodeName);
    if (threshold > 0 && hasEnded(pod) && terminated.get('yes').length > threshold) keys.push(TERMINATED);
    return keys;
  }

  function nodeKeys({ type, entry }: Change<Node>): string[] {
    const { name } = entry;
    if (type === 'DELETED') return byNode.get(name).length > 0 ? [NODE + name] : [];
    return missing.has(name) || isOutOfService(entry.object) ? [NODE + name] : [];
  }

  async function collectNode(key: string, queue: Queue): Promise<void> {
    const name = key.slice(NODE.length);
    const node = registry.get(nodes, '', name)?.object;
    if (node) {
      missing.delete(name);
      if (!isOutOfService(node)) due.delete(key);
      else if (isDue(key, queue)) await removeAll(byNode.get(name).filter(entry => isTerminating(entry.object)));
      return;
    }
    const now = registry.clock.now();
    const found = missing.get(name) ?? roundAt(now);
    missing.set(name, found);
    if (now < found + QUARANTINE) {
      queue.addAfter(key, found + QUARANTINE - now);
      return;
    }
    missing.delete(name);
    await removeAll(byNode.get(name), 'PodGC: node no longer exists');
  }

  async function collectPod(key: string, queue: Queue): Promise<void> {
    const { namespace, name } = splitKey(key.slice(POD.length));
    const entry = registry.get(pods, namespace, name);
    if (!entry || entry.object.spec.nodeName || !isTerminating(entry.object)) due.delete(key);
    else if (isDue(key, queue)) await removeAll([entry]);
  }

  async function collectTerminated(queue: Queue): Promise<void> {
    if (!isDue(TERMINATED, queue)) return;
    const ended = terminated.get('yes');
    if (ended.length > threshold) await removeAll([...ended].sort(byUselessness).slice(0, ended.length - threshold));
  }

  async function removeAll(entries: readonly Entry<Pod>[], disruption?: string): Promise<void> {
    await Promise.all(entries.map(({ object }) => remove(registry, object, disruption)));
  }

  return {
    name: 'pod-gc',
    watches: [source(pods, podKeys, nothing), source(nodes, nodeKeys, nothing)],
    async reconcile(key: string, queue: Queue) {
      if (key.startsWith(NODE)) await collectNode(key, queue);
      else if (key.startsWith(POD)) await collectPod(key, queue);
      else await collectTerminated(queue);
    },
  };
}

/** Fails the pod, unless it has ended by itself, and deletes it at once; finalizers hold it nevertheless (PGC-06, PGC-07). */
async function remove(registry: Registry, pod: Pod, disruption: string | undefined): Promise<void> {
  const { namespace, name, uid } = pod.metadata;
  const writes: Promise<unknown>[] = [];
  if (!hasEnded(pod)) {
    const now = registry.clock.now();
    const marked = disruption ? withDisruptionTarget(pod, 'DeletionByPodGC', disruption, now) : pod;
    const failed: Pod = { ...marked, status: { ...marked.status, phase: 'Failed' } };
    writes.push(registry.update(pods, failed, { subresource: 'status' }));
  }
  // Force-deleted already, and waiting for its finalizers only: nothing more to do.
  const held = isTerminating(pod) && pod.metadata.deletionGracePeriodSeconds === 0;
  if (!held) writes.push(registry.delete(pods, namespace!, name, { gracePeriodSeconds: 0, preconditions: { uid } }));
  await Promise.all(writes);
}

/** Not Ready, and said to be so for good (PGC-04). */
function isOutOfService(node: Node | undefined): boolean {
  const marked = node?.spec.taints?.some(taint => taint.key === TAINTS.outOfService) ?? false;
  return marked && !isReady(node!);
}

/** Evicted pods first, then the oldest, then by name. */
function byUselessness(a: Entry<Pod>, b: Entry<Pod>): number {
  const evicted = (pod: Pod) => (pod.status.phase === 'Failed' && pod.status.reason === 'Evicted' ? 0 : 1);
  const [p, q] = [a.object, b.object];
  return (
    evicted(p) - evicted(q) ||
    compareText(p.metadata.creationTimestamp, q.metadata.creationTimestamp) ||
    compareText(p.metadata.name, q.metadata.name)
  );
}
