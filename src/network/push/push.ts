import { request } from 'node:http';
import type { Socket } from 'node:net';
import { formatTime } from '../../clock/clock.js';
import { keyOf, splitKey } from '../../controllers/runtime/keys.js';
import { type Controller, type ControllerContext, nothing, source } from '../../controllers/runtime/types.js';
import type { Instructions } from '../../kubelet/index.js';
import { factsOf } from '../../kubelet/ports/facts.js';
import { metricsPage } from '../../kubelet/ports/metrics.js';
import type { PushSettings } from '../../kubelet/ports/push-settings.js';
import { podsByNode } from '../../registry/indexes.js';
import { nodes, pods } from '../../resources/index.js';
import { isReady } from '../../resources/state.js';
import type { Node, Pod } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import type { Callers } from '../callers.js';
import type { Doors } from '../doors.js';
import type { PodTraffic } from '../pod-traffic.js';
import type { Spot } from '../sockets.js';
import { targetOf } from './target.js';

/** How long an answer may take, ms of the machine's time. */
const PATIENCE_MS = 5000;

/** What a pod has pushed. */
interface Pushed {
  /** When it did so last, by the cluster's clock. */
  readonly at: number;
  readonly times: number;
}

/**
 * Has pods push what they are told to, while they are ready. Each push is on its way when the cluster has settled.
 * @param isAllowed which hosts outside the cluster may be pushed to: none unless the operator said so
 */
export function pushController(
  { registry, recorder }: ControllerContext,
  doors: Doors,
  callers: Callers,
  traffic: PodTraffic,
  instructions: Instructions,
  isAllowed: (host: string) => boolean,
): Controller {
  /** By uid. */
  const pushed = new Map<string, Pushed>();
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

  async function push(pod: Pod, settings: PushSettings, times: number): Promise<string | undefined> {
    const target = targetOf(registry, settings, pod.metadata.namespace ?? '', isAllowed);
    if (typeof target === 'string') return target;
    // What is no door of the cluster's may be anybody's address.
    const mayReach = isAllowed(target.address) || isAllowed(`${target.address}:${target.port}`);
    const at = doors.spotOf(target) ?? (mayReach ? target : undefined);
    const { body, type } = contentOf(pod, settings, times);
    const problem = at ? await deliver(at, pod.status.podIP, settings, type, body) : 'ECONNREFUSED';
    return problem && `${settings.scheme}://${settings.host}:${settings.port}: ${problem}`;
  }

  /** @returns what went wrong */
  async function deliver(
    to: Spot,
    from: string | undefined,
    { scheme, path }: PushSettings,
    type: string,
    body: string,
  ) {
    if (scheme === 'statsd') return callers.send(to, body, from);
    return post(await callers.connect(to, from), to, path, type, body);
  }

  function contentOf(pod: Pod, { scheme, format }: PushSettings, times: number): { body: string; type: string } {
    const facts = factsOf(pod);
    if (scheme === 'statsd') {
      const tags = ['pod', 'node', 'daemonSet'].flatMap(key => (facts[key] ? [`${key}:${facts[key]}`] : []));
      return { body: `kubette.pod.up:1|g|#${tags.join(',')}\nkubette.pod.pushes:1|c|#${tags.join(',')}\n`, type: '' };
    }
    const now = registry.clock.now();
    if (format === 'json') {
      const body = `${JSON.stringify({ ...facts, time: formatTime(now), push: times })}\n`;
      return { body, type: 'application/json' };
    }
    const node = registry.get(nodes, '', pod.spec.nodeName ?? '')?.object;
    const body = metricsPage({ pod, node, now, requests: new Map(), facts });
    return { body, type: 'text/plain; version=0.0.4; charset=utf-8' };
  }

  return {
    name: 'network-push',
    workers: 64,
    watches: [
      source(pods, ({ entry }) => [keyOf(entry)], nothing),
      source(
        nodes,
        ({ type, entry, previous }) =>
          type === 'MODIFIED' && previous && annotated(previous) === annotated(entry)
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
        pushed.delete(uid);
        told.delete(uid);
      }
      if (!pod) return;
      instructions.lookAgain(key, pod, queue);
      const settings = instructions.push(pod);
      if (!settings || !isReady(pod) || !traffic.isUp(pod)) return;
      uids.set(key, pod.metadata.uid);
      const now = registry.clock.now();
      const { at, times } = pushed.get(pod.metadata.uid) ?? { at: Number.NEGATIVE_INFINITY, times: 0 };
      const due = at + settings.every;
      if (due > now) {
        queue.addAfter(key, due - now, 'upkeep');
        return;
      }
      pushed.set(pod.metadata.uid, { at: now, times: times + 1 });
      complain(pod, await push(pod, settings, times + 1));
      queue.addAfter(key, settings.every, 'upkeep');
    },
  };
}

const annotated = ({ object }: Entry<Node>) => JSON.stringify(object.metadata.annotations);

/** @returns what went wrong */
function post(
  socket: Socket,
  { address: host, port }: Spot,
  path: string,
  type: string,
  body: string,
): Promise<string | undefined> {
  return new Promise(resolve => {
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const createConnection = () => socket;
    const asked = request({ host, port, path, method: 'POST', headers, createConnection, signal }, response => {
      response.resume();
      const { statusCode = 0 } = response;
      response.on('close', () => resolve(statusCode < 400 ? undefined : `answered ${statusCode}`));
    });
    asked.on('error', (error: NodeJS.ErrnoException) =>
      resolve(signal.aborted ? 'does not answer' : (error.code ?? error.message)),
    );
    asked.end(body);
  });
}
