import { keyOf, splitKey } from '../../controllers/runtime/keys.js';
import { type Controller, type ControllerContext, nothing, source } from '../../controllers/runtime/types.js';
import { type Instructions, saysTheSame } from '../../kubelet/index.js';
import type { PushSettings } from '../../kubelet/ports/push-settings.js';
import { podsByNode } from '../../registry/indexes.js';
import { nodes, pods } from '../../resources/index.js';
import { isReady } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import type { PodTraffic } from '../pod-traffic.js';
import type { Transmitted } from '../send/transmit.js';
import type { Pusher } from './pusher.js';

/**
 * Has pods push what they are told to, while they are ready. Each push is on its way when the cluster has settled.
 */
export function pushController(
  { registry, recorder }: ControllerContext,
  traffic: PodTraffic,
  instructions: Instructions,
  pusher: Pusher,
): Controller {
  /** When each pod pushed last by its own schedule, by the cluster's clock; by uid. */
  const pushedAt = new Map<string, number>();
  const told = new Map<string, string>();
  const uids = new Map<string, string>();

  /** Tells by an Event what goes wrong, once for as long as it stays the same. */
  function complain(pod: Pod, problem: string | undefined): void {
    const { uid } = pod.metadata;
    if (problem !== undefined && told.get(uid) !== problem)
      recorder('kubelet', pod.spec.nodeName).event(pod, 'Warning', 'PushFailed', problem);
    if (problem === undefined) told.delete(uid);
    else told.set(uid, problem);
  }

  async function push(pod: Pod, settings: PushSettings): Promise<string | undefined> {
    const pushed = await pusher.push(pod, settings);
    if (typeof pushed === 'string') return pushed;
    const problem = problemOf(pushed.result);
    return problem && `${settings.scheme}://${settings.host}:${settings.port}: ${problem}`;
  }

  return {
    name: 'network-push',
    workers: 64,
    watches: [
      source(pods, ({ entry }) => [keyOf(entry)], nothing),
      source(
        nodes,
        ({ type, entry, previous }) =>
          type === 'MODIFIED' && previous && saysTheSame(previous.object, entry.object)
            ? []
            : podsByNode(registry).get(entry.name).map(keyOf),
        nothing,
      ),
    ],
    start(queue) {
      instructions.rules.onChange(() => {
        for (const entry of registry.all(pods)) queue.add(keyOf(entry));
      });
    },
    async reconcile(key, queue) {
      const { namespace, name } = splitKey(key);
      const pod = registry.get(pods, namespace, name)?.object;
      const uid = uids.get(key);
      if (uid !== undefined && uid !== pod?.metadata.uid) {
        uids.delete(key);
        pushedAt.delete(uid);
        pusher.forget(uid);
        told.delete(uid);
      }
      if (!pod) return;
      instructions.lookAgain(key, pod, queue);
      const settings = instructions.push(pod);
      if (!settings || !isReady(pod) || !traffic.isUp(pod)) return;
      uids.set(key, pod.metadata.uid);
      const now = registry.clock.now();
      const due = (pushedAt.get(pod.metadata.uid) ?? Number.NEGATIVE_INFINITY) + settings.every;
      if (due > now) {
        queue.addAfter(key, due - now, 'upkeep');
        return;
      }
      pushedAt.set(pod.metadata.uid, now);
      complain(pod, await push(pod, settings));
      queue.addAfter(key, settings.every, 'upkeep');
    },
  };
}

/** What went wrong, as far as one hears of it. */
function problemOf(result: Transmitted): string | undefined {
  if (result === 'sent') return undefined;
  if ('failure' in result) return result.failure === 'timeout' ? 'does not answer' : result.failure;
  return (result.status ?? 0) < 400 ? undefined : `answered ${result.status}`;
}
