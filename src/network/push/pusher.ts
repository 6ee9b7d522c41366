import { formatTime } from '../../clock/clock.js';
import { factsOf } from '../../kubelet/ports/facts.js';
import { metricsPage } from '../../kubelet/ports/metrics.js';
import type { PushSettings } from '../../kubelet/ports/push-settings.js';
import type { Registry } from '../../registry/registry.js';
import { nodes } from '../../resources/index.js';
import type { Pod } from '../../resources/types.js';
import type { Callers, CallOptions } from '../callers.js';
import type { Doors } from '../doors.js';
import { type Message, type Transmitted, transmit } from '../send/transmit.js';
import type { Place, Spot } from '../sockets.js';
import { targetOf } from './target.js';

/** How long an answer may take, ms of the machine's time. */
const PATIENCE_MS = 5000;
const NOBODY: Transmitted = { failure: 'ECONNREFUSED' };

/** What came of a push. */
export interface Push {
  readonly place: Place;
  /** Where that really is; undefined if nobody listens there. */
  readonly spot: Spot | undefined;
  readonly result: Transmitted;
}

/** How one push is made. */
export interface PushOptions extends Pick<CallOptions, 'onTaken'> {
  /** Whether nobody outside the cluster is pushed to, not even who is allowed. */
  readonly within?: boolean;
}

/** Pushes in the name of pods, and counts how often. */
export class Pusher {
  readonly #registry: Registry;
  readonly #doors: Doors;
  readonly #callers: Callers;
  readonly #isAllowed: (host: string, port: number) => boolean;
  /** How often a pod has pushed, by uid. */
  readonly #times = new Map<string, number>();

  /** @param isAllowed which hosts outside the cluster may be pushed to: none unless the operator said so */
  constructor(registry: Registry, doors: Doors, callers: Callers, isAllowed: (host: string, port: number) => boolean) {
    this.#registry = registry;
    this.#doors = doors;
    this.#callers = callers;
    this.#isAllowed = isAllowed;
  }

  /**
   * Pushes once.
   * @returns a text if there is nowhere to push to
   */
  async push(pod: Pod, settings: PushSettings, { within = false, onTaken }: PushOptions = {}): Promise<Push | string> {
    const { uid, namespace = '' } = pod.metadata;
    const times = (this.#times.get(uid) ?? 0) + 1;
    this.#times.set(uid, times);
    const target = targetOf(this.#registry, settings, namespace, this.#isAllowed);
    if (typeof target === 'string') return target;
    const { isOutside, ...place } = target;
    if (isOutside && within) return `${settings.host} is outside of the cluster: pods push there by themselves alone`;
    // Within the cluster nobody is asked but its own doors: who else has such a port on this machine is not meant.
    const spot = isOutside ? place : this.#doors.spotOf(place);
    const message = this.#messageOf(pod, settings, times);
    const patienceMs = settings.scheme === 'http' ? PATIENCE_MS : 0;
    const manner = { from: pod.status.podIP, onTaken, patienceMs };
    return { place, spot, result: spot ? await transmit(this.#callers, spot, message, manner) : NOBODY };
  }

  /** A pod is gone. */
  forget(uid: string): void {
    this.#times.delete(uid);
  }

  #messageOf(pod: Pod, { scheme, format, host, port, path }: PushSettings, times: number): Message {
    const facts = factsOf(pod);
    const common = { method: 'POST', path, headers: {} };
    if (scheme === 'statsd') {
      const tags = ['pod', 'node', 'daemonSet'].flatMap(key => (facts[key] ? [`${key}:${facts[key]}`] : []));
      const body = `kubette.pod.up:1|g|#${tags.join(',')}\nkubette.pod.pushes:1|c|#${tags.join(',')}\n`;
      return { ...common, protocol: 'UDP', body };
    }
    const now = this.#registry.clock.now();
    const node = this.#registry.get(nodes, '', pod.spec.nodeName ?? '')?.object;
    const [body, type] =
      format === 'json'
        ? [`${JSON.stringify({ ...facts, time: formatTime(now), push: times })}\n`, 'application/json']
        : [metricsPage({ pod, node, now, requests: new Map(), facts }), 'text/plain; version=0.0.4; charset=utf-8'];
    return { ...common, protocol: 'HTTP', body, headers: { host: `${host}:${port}`, 'content-type': type } };
  }
}
