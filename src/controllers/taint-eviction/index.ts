import { controllerOf, podsByNode } from '../../registry/indexes.js';
import { StatusError } from '../../registry/status.js';
import { nodes, pods } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { withDisruptionTarget } from '../../resources/pod-disruption.js';
import type { Node, ObjectReference, Pod, Taint } from '../../resources/types.js';
import type { Change } from '../../store/entry.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, nothing, type Queue, source } from '../runtime/types.js';
import { noExecuteTaints, tolerance } from './tolerance.js';

/** An eviction to come. */
interface Scheduled {
  readonly pod: ObjectReference;
  /** ms since the epoch. */
  readonly at: number;
}

/** How long (ms) a pod stays at least that a controller made for a node that has the taint already. */
const STAY = 1000;

const MESSAGE = 'Taint manager: deleting due to NoExecute taint';

/**
 * Deletes pods that do not bear the NoExecute taints of their node, at once or when their `tolerationSeconds` have run
 * out, counted from when the taint was first seen (TNT-08 to TNT-11). An eviction once scheduled keeps its
 * time while the pod has to go at all, whatever becomes of its tolerations; lifting the taints calls it off. Pods that are on
 * their way out already are told of and deleted like others, which leaves them the time they have.
 *
 * A pod that a controller made for a node with such taints stays for a moment: the next one would come in its place as
 * quickly. Upstream both are slowed down by their distance from the API.
 */
export function taintEvictionController(context: ControllerContext): Controller {
  const { registry } = context;
  const recorder = context.recorder('taint-eviction-controller');
  const byNode = podsByNode(registry);
  /** By the key of the pod. */
  const scheduled = new Map<string, Scheduled>();
  /** The keys of pods that a controller made for a node with taints, until they have stayed. */
  const newcomers = new Set<string>();

  const tell = (pod: Pod | ObjectReference, message: string) =>
    recorder.event(pod, 'Normal', 'TaintManagerEviction', message);

  function taintsOn(nodeName: string): readonly Taint[] {
    return noExecuteTaints(registry.get(nodes, '', nodeName)?.object.spec.taints);
  }

  function podKeys({ type, entry, previous }: Change<Pod>): string[] {
    const key = keyOf(entry);
    if (scheduled.has(key)) return [key];
    const { nodeName, tolerations } = entry.object.spec;
    if (type === 'DELETED' || !nodeName) return [];
    if (taintsOn(nodeName).length === 0) return [];
    if (type === 'ADDED' && controllerOf(entry.object)) newcomers.add(key);
    const before = previous?.object.spec;
    return before?.nodeName === nodeName && equalJson(before.tolerations, tolerations) ? [] : [key];
  }

  function nodeKeys({ type, entry, previous }: Change<Node>): string[] {
    if (type === 'DELETED') return [];
    const after = noExecuteTaints(entry.object.spec.taints);
    const before = noExecuteTaints(previous?.object.spec.taints);
    return equalJson(before, after) ? [] : byNode.get(entry.name).map(keyOf);
  }

  function callOff(key: string): void {
    const known = scheduled.get(key);
    if (known && scheduled.delete(key)) tell(known.pod, `Cancelling deletion of Pod ${key}`);
  }

  async function evict(key: string, pod: Pod): Promise<void> {
    scheduled.delete(key);
    tell(pod, `Marking for deletion Pod ${key}`);
    const { namespace, name, uid } = pod.metadata;
    const marked = withDisruptionTarget(pod, 'DeletionByTaintManager', MESSAGE, registry.clock.now());
    try {
      if (marked !== pod) await registry.update(pods, marked, { subresource: 'status' });
      await registry.delete(pods, namespace!, name, { preconditions: { uid } });
    } catch (error) {
      // Somebody else was faster.
      if (!StatusError.is(error, 'NotFound')) throw error;
    }
  }

  return {
    name: 'taint-eviction',
    workers: 64,
    watches: [source(pods, podKeys, nothing), source(nodes, nodeKeys, nothing)],
    async reconcile(key: string, queue: Queue) {
      const { namespace, name } = splitKey(key);
      const pod = registry.get(pods, namespace, name)?.object;
      if (pod?.metadata.uid !== scheduled.get(key)?.pod.uid) callOff(key);
      if (!pod?.spec.nodeName) {
        newcomers.delete(key);
        return;
      }
      const now = registry.clock.now();
      // A node that is gone lifts no taint: what is scheduled keeps its time.
      const isGone = scheduled.has(key) && !registry.get(nodes, '', pod.spec.nodeName);
      const wait = isGone ? 0 : tolerance(taintsOn(pod.spec.nodeName), pod.spec.tolerations);
      if (wait === undefined || wait === Number.POSITIVE_INFINITY) callOff(key);
      if (wait === Number.POSITIVE_INFINITY) return;
      const at = scheduled.get(key)?.at ?? now + (wait ?? 0);
      const stay = newcomers.has(key) ? Date.parse(pod.metadata.creationTimestamp) + STAY - now : 0;
      if (at <= now && stay > 0) {
        queue.addAfter(key, stay);
        return;
      }
      newcomers.delete(key);
      if (at <= now) {
        await evict(key, pod);
        return;
      }
      const { uid } = pod.metadata;
      scheduled.set(key, { at, pod: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid } });
      queue.addAfter(key, at - now);
    },
  };
}
