import { keyOf, splitKey } from '../controllers/runtime/keys.js';
import { type Controller, type ControllerContext, nothing, type Queue, source } from '../controllers/runtime/types.js';
import { podsByNode } from '../registry/indexes.js';
import { nodes, pods } from '../resources/index.js';
import { conditionOf, isReady, isTerminating } from '../resources/state.js';
import type { Node, Pod } from '../resources/types.js';
import { Lifecycles } from '../stages/index.js';
import type { Change } from '../store/entry.js';
import type { Kubelets } from './kubelets.js';
import { isRegistered } from './node-status.js';
import { badAnnotations, nodeBehaviors } from './options.js';
import { type Progress, play, Waits } from './play.js';
import type { Probes } from './probes/probes.js';
import { type Scene, UNPROBED } from './scene.js';
import { isTask, NO_TASKS, type Tasks, tasksOf } from './tasks.js';

const STATUS = { subresource: 'status', component: 'kubelet' } as const;

/**
 * Leads every pod that is bound to a simulated node through its life (`stagesOf`). By default a pod costs one write
 * when it starts and one when it goes. A pod whose node is down, or gone, is left as it is (KUB-05).
 * @param probes what its containers' probes have come to; undefined where none are made
 */
export function podWorkerController({ registry }: ControllerContext, kubelets: Kubelets, probes?: Probes): Controller {
  const { rules, instructions } = kubelets;
  const lifecycles = Lifecycles.of(registry);
  const byNode = podsByNode(registry);
  /** Pods that wait for something, by key. */
  const waiting = new Map<string, { uid: string; waits: Waits }>();
  /** What tasks come to, by the pod's key. */
  const rehearsed = new Map<string, { uid: string; tasks: Tasks }>();
  /** Revisions of pods that are just being written over from here, by key. */
  const overwriting = new Map<string, number>();

  function podKeys({ type, entry, previous }: Change<Pod>): string[] {
    const key = keyOf(entry);
    if (type === 'DELETED') {
      rehearsed.delete(key);
      return waiting.has(key) ? [key] : [];
    }
    // Its own write: all that was due has been played, and what comes next has been noted.
    if (previous && overwriting.get(key) === previous.revision) return [];
    return entry.object.spec.nodeName ? [key] : [];
  }

  function nodeKeys(change: Change<Node>): string[] {
    if (change.type === 'DELETED' || !concernsPods(change)) return [];
    return byNode.get(change.entry.name).map(keyOf);
  }

  function waitsOf(key: string, uid: string): Waits {
    const known = waiting.get(key);
    return known?.uid === uid ? known.waits : new Waits();
  }

  function keep(key: string, uid: string, waits: Waits): void {
    if (waits.isEmpty) waiting.delete(key);
    else waiting.set(key, { uid, waits });
  }

  /** Nobody has to wait for what most pods do: they have no task. */
  async function rehearse(key: string, pod: Pod): Promise<Tasks> {
    const known = rehearsed.get(key);
    if (known?.uid === pod.metadata.uid) return known.tasks;
    const tasks = await tasksOf(registry, pod);
    rehearsed.set(key, { uid: pod.metadata.uid, tasks });
    return tasks;
  }

  async function write(pod: Pod, progress: Progress, needsFinalStatus: boolean): Promise<void> {
    const changed = progress.pod !== pod;
    const writes: Promise<unknown>[] = progress.others.map(other => registry.update(pods, other.pod, STATUS));
    if (changed && (!progress.removed || needsFinalStatus)) {
      writes.push(registry.update(pods, progress.pod, STATUS));
    }
    if (progress.removed) {
      const { namespace, name, uid } = pod.metadata;
      writes.push(registry.delete(pods, namespace!, name, { gracePeriodSeconds: 0, preconditions: { uid } }));
    }
    await Promise.all(writes);
  }

  return {
    name: 'kubelet',
    workers: 128,
    watches: [source(pods, podKeys, nothing), source(nodes, nodeKeys, nothing)],
    start(queue: Queue) {
      const lookAtAll = () => {
        for (const entry of registry.all(pods)) if (entry.object.spec.nodeName) queue.add(keyOf(entry));
      };
      rules.onChange(lookAtAll);
      lifecycles.onChange(pods, lookAtAll);
      kubelets.addresses.onWithout(node => {
        for (const entry of byNode.get(node)) queue.add(keyOf(entry));
      });
      probes?.onChange(({ metadata }) => queue.add(keyOf(metadata)));
    },
    async reconcile(key: string, queue: Queue) {
      // Where there are stages for pods, they are what pods live by.
      if (lifecycles.rules(pods)) {
        waiting.delete(key);
        return;
      }
      const { namespace, name } = splitKey(key);
      let entry = registry.get(pods, namespace, name);
      let tasks = NO_TASKS;
      if (entry && isTask(entry.object)) {
        tasks = await rehearse(key, entry.object);
        entry = registry.get(pods, namespace, name);
      }
      if (!entry?.object.spec.nodeName) {
        waiting.delete(key);
        return;
      }
      const pod = entry.object;
      const stored = registry.get(nodes, '', pod.spec.nodeName!)?.object;
      // Where nothing is left for the node, its pods tell of it.
      if (!stored || !(isRegistered(stored) || kubelets.addresses.without.has(stored.metadata.name))) return;
      const node = rules.applied(stored);
      instructions.lookAgain(key, pod, queue);
      if (nodeBehaviors(node).has('down')) return;

      const settings = instructions.of(pod);
      const now = registry.clock.now();
      const waits = waitsOf(key, pod.metadata.uid);
      const probed: Scene['probed'] = probes ? (part, kind) => probes.standing(pod, part, kind) : UNPROBED;
      const progress = play({ pod, node, settings, tasks, host: kubelets, probed, now }, waits);
      keep(key, pod.metadata.uid, waits);

      // A pod that stops at once goes without a last status: nobody could have seen it.
      const needsFinalStatus = settings.stopDelay > 0 || (pod.metadata.finalizers?.length ?? 0) > 0;
      overwriting.set(key, entry.revision);
      await write(pod, progress, needsFinalStatus).finally(() => overwriting.delete(key));
      if (pod.status.startTime === undefined) {
        for (const { key: annotation, message } of badAnnotations(pod)) {
          const event = { type: 'Warning', reason: 'InvalidAnnotation', message: `${annotation}: ${message}` } as const;
          kubelets.tell(node.metadata.name, pod, event);
        }
      }
      for (const about of [{ pod, events: progress.events }, ...progress.others]) {
        for (const event of about.events ?? []) kubelets.tell(node.metadata.name, about.pod, event);
      }
      if (progress.wakeAt !== undefined) {
        const isUpkeep = progress.isRetry || goesRound(progress.pod);
        queue.addAfter(key, progress.wakeAt - now, isUpkeep ? 'upkeep' : undefined);
      }
    },
  };
}

/** Whether what comes next of a pod has come before: its containers have been started again, or it waits for room to grow. */
const goesRound = (pod: Pod): boolean =>
  !isTask(pod) &&
  !isTerminating(pod) &&
  (pod.status.containerStatuses?.some(({ restartCount = 0 }) => restartCount > 0) ||
    conditionOf(pod, 'PodResizePending') !== undefined);

/** Whether a change of a node may set its pods in motion: it came, got ready, came back, or its annotations changed. */
function concernsPods({ type, entry, previous }: Change<Node>): boolean {
  if (type === 'ADDED' || !previous) return true;
  const [before, after] = [previous.object, entry.object];
  return (
    isReady(before) !== isReady(after) ||
    isRegistered(before) !== isRegistered(after) ||
    JSON.stringify(before.metadata.annotations) !== JSON.stringify(after.metadata.annotations)
  );
}
