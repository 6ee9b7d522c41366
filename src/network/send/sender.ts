import { keyOf } from '../../controllers/runtime/keys.js';
import type { PushSettings } from '../../kubelet/ports/push-settings.js';
import type { Registry } from '../../registry/registry.js';
import { asksClusterDns } from '../../resources/dns-policy.js';
import { nodes, pods, services } from '../../resources/index.js';
import { isReady } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import { type Sentence, sentence } from '../../words/sentence.js';
import type { Callers } from '../callers.js';
import { registryView } from '../dns/view.js';
import { type Door, type Doors, placeKey } from '../doors.js';
import { endpointsFor, slicesOf } from '../endpoints.js';
import { openingsOf } from '../openings.js';
import type { PodTraffic } from '../pod-traffic.js';
import { judge, type Party } from '../policies.js';
import type { Pusher } from '../push/pusher.js';
import type { Place, Protocol, Spot } from '../sockets.js';
import { type Judged, verdictOn } from '../verdict.js';
import { type Lookup, lookUp } from './names.js';
import { type Answer, type Message, type Transmitted, transmit } from './transmit.js';
import { Witness } from './witness.js';

/** How long an answer may take, ms of the machine's time. */
const PATIENCE_MS = 5000;
/** The same of a datagram, of which nobody says that it was lost. */
const DATAGRAM_PATIENCE_MS = 1000;

/** Where a request goes: a place of the cluster, a name in it and a port, or where a pod was told to push. */
export type Target =
  | { readonly address: string; readonly port: number }
  | { readonly name: string; readonly port: number }
  | { readonly push: Pod };

export interface SendOrder {
  /** Whoever sends it; undefined for somebody outside the cluster, from this machine. A push comes from its pod. */
  readonly from: Party | undefined;
  readonly to: Target;
  readonly message: Message;
  /** Whether the sender may be told what policies say. */
  readonly mayExplain: boolean;
  /** Ends it before it has an answer. */
  readonly signal?: AbortSignal | undefined;
}

/** How a request ended. */
type Outcome =
  | 'ANSWERED'
  | 'SENT'
  | 'NOT_SENT'
  | 'NO_SUCH_NAME'
  | 'REFUSED'
  | 'RESET'
  | 'DENIED'
  | 'NO_ANSWER'
  | 'FAILED';

/** What became of a request, step by step. */
export interface Delivery {
  readonly outcome: Outcome;
  readonly why: Sentence;
  /** The address that it came from, in the words of the cluster; null for somebody outside. */
  readonly from: string | null;
  /** The names that were asked for, in order. */
  readonly lookups: readonly Lookup[];
  /** Where it went. */
  readonly place?: Place | undefined;
  /** Where that really was; absent if nobody listened. */
  readonly spot?: Spot | undefined;
  readonly answer?: Answer | undefined;
  /** The pod that took it in, whether it answered or not; absent where none did. */
  readonly by?: Pod | undefined;
}

/** How it ended with something that was sent. */
interface Ending {
  readonly result: Transmitted;
  /** The pod that took it in. */
  readonly taker: Pod | undefined;
  readonly place: Place;
  readonly from: Party | undefined;
  readonly door: Door | undefined;
}

/** What a sender works with. */
interface Parts {
  readonly registry: Registry;
  readonly doors: Doors;
  readonly traffic: PodTraffic;
  readonly callers: Callers;
  readonly pusher: Pusher;
  /** What a pod was told to push; undefined if nothing. */
  readonly whatIsPushed: (pod: Pod) => PushSettings | undefined;
}

/** Sends requests between places of the cluster, over their real sockets: to its own doors, and never to anybody else. */
export class Sender {
  readonly #parts: Parts;
  #turn = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Sends one request, and tells what became of it; whatever that is, nothing is thrown. */
  async send(order: SendOrder): Promise<Delivery> {
    if ('push' in order.to) return this.#push(order.to.push, order);
    const { from, to } = order;
    if (from?.pod && !this.#parts.traffic.isUp(from.pod))
      return this.#unsent(from, sentence('request.notRunning', { pod: keyOf(from.pod.metadata) }));
    if (!('name' in to)) return this.#sendTo({ address: to.address, port: to.port }, [], order);
    if (from?.pod && !asksClusterDns(from.pod))
      return this.#unsent(from, sentence('request.noDns', { pod: keyOf(from.pod.metadata) }));
    const lookups = lookUp(to.name, from?.pod, registryView(this.#parts.registry), this.#turn++);
    const { addresses, elsewhere } = lookups.at(-1)!;
    if (elsewhere)
      return { ...this.#unsent(from, sentence('request.elsewhere', { name: to.name, host: elsewhere })), lookups };
    const [address] = addresses;
    if (!address) {
      const why = sentence('request.noName', { name: to.name, tried: lookups.map(({ name }) => name) });
      return { outcome: 'NO_SUCH_NAME', why, from: from?.address ?? null, lookups };
    }
    return this.#sendTo({ address, port: to.port }, lookups, order);
  }

  async #sendTo(to: Spot, lookups: readonly Lookup[], order: SendOrder): Promise<Delivery> {
    const { from, message, signal } = order;
    const protocol: Protocol = message.protocol === 'UDP' ? 'UDP' : 'TCP';
    const place: Place = { ...to, protocol };
    const known = { from: from?.address ?? null, lookups, place };
    const door = this.#parts.doors.at(placeKey(place));
    if (!door) return { ...known, outcome: 'REFUSED', why: nobodyAt(place) };
    const patienceMs = protocol === 'UDP' ? DATAGRAM_PATIENCE_MS : PATIENCE_MS;
    const host = { host: order.to && 'name' in order.to ? `${order.to.name}:${to.port}` : `${to.address}:${to.port}` };
    const named = { ...message, headers: { ...host, ...message.headers } };
    const witness = new Witness();
    const manner = { from: from?.address, onTaken: witness.onTaken, patienceMs, signal };
    const result = await transmit(this.#parts.callers, door.spot, named, manner);
    const { taker } = witness;
    return { ...known, spot: door.spot, by: taker, ...this.#outcomeOf({ result, taker, place, from, door }, order) };
  }

  async #push(pod: Pod, order: SendOrder): Promise<Delivery> {
    const key = keyOf(pod.metadata);
    const party: Party = { address: pod.status.podIP ?? '', pod };
    const settings = this.#parts.whatIsPushed(pod);
    if (!settings) return this.#unsent(party, sentence('request.noPush', { pod: key }));
    if (!isReady(pod) || !this.#parts.traffic.isUp(pod))
      return this.#unsent(party, sentence('request.notReady', { pod: key }));
    const witness = new Witness();
    const pushed = await this.#parts.pusher.push(pod, settings, { within: true, onTaken: witness.onTaken });
    if (typeof pushed === 'string') return this.#unsent(party, sentence('request.noTarget', { text: pushed }));
    const { place, spot, result } = pushed;
    // A datagram that nobody answers is seen no sooner than it is taken in.
    if (result === 'sent') await witness.wait(DATAGRAM_PATIENCE_MS);
    const { taker } = witness;
    const door = this.#parts.doors.at(placeKey(place));
    const ended = this.#outcomeOf({ result, taker, place, from: party, door }, order);
    return { from: party.address, lookups: [], place, spot, by: taker, ...ended };
  }

  #unsent(from: Party | undefined, why: Sentence): Delivery {
    return { outcome: 'NOT_SENT', why, from: from?.address ?? null, lookups: [] };
  }

  #outcomeOf(
    { result, taker, place, from, door }: Ending,
    { mayExplain }: SendOrder,
  ): Pick<Delivery, 'outcome' | 'why' | 'answer'> {
    const denial = () =>
      mayExplain && door && !taker ? this.#denialOf(from ?? { address: '127.0.0.1' }, door) : undefined;
    if (result === 'sent') return denial() ?? { outcome: 'SENT', why: sentence('request.sent') };
    if (!('failure' in result)) {
      const status = result.status === undefined ? '' : String(result.status);
      return { outcome: 'ANSWERED', why: sentence('request.answered', { status }), answer: result };
    }
    const { failure } = result;
    if (failure === 'ECONNREFUSED') return { outcome: 'REFUSED', why: nobodyAt(place) };
    const isReset = failure === 'ECONNRESET' || failure === 'EPIPE';
    if (!isReset && failure !== 'timeout') return { outcome: 'FAILED', why: sentence('quoted', { text: failure }) };
    const [outcome, why] = isReset
      ? (['RESET', sentence('request.reset')] as const)
      : (['NO_ANSWER', sentence('request.noAnswer')] as const);
    return denial() ?? { outcome, why };
  }

  /** Why a door did not let somebody in, where policies or the Service say so. */
  #denialOf(from: Party, door: Door): { outcome: 'DENIED' | 'RESET'; why: Sentence } | undefined {
    const reached = this.#behind(door);
    if (reached.length === 0) return undefined;
    const { protocol } = door.place;
    const judged = reached.map(
      ({ pod, port }): Judged => ({
        pod,
        verdict: judge(this.#parts.registry, from, pod, port, protocol),
      }),
    );
    const { allowed, why } = verdictOn(from, judged);
    if (!allowed) return { outcome: 'DENIED', why };
    const isLocal = door.owner.kind === 'Service' && door.node === null && this.#isLocal(door);
    const node = from.node ?? from.pod?.spec.nodeName;
    return isLocal && !reached.some(({ pod }) => pod.spec.nodeName === node)
      ? { outcome: 'RESET', why: sentence('request.local', { service: keyOf(door.owner) }) }
      : undefined;
  }

  #isLocal({ owner: { namespace, name } }: Door): boolean {
    return this.#parts.registry.get(services, namespace, name)?.object.spec.internalTrafficPolicy === 'Local';
  }

  /** The pods to which a door leads, and their ports. */
  #behind({ owner, place, node }: Door): { pod: Pod; port: number }[] {
    const { namespace, name } = owner;
    if (owner.kind === 'Pod') {
      const pod = this.#parts.registry.get(pods, namespace, name)?.object;
      const on = this.#parts.registry.get(nodes, '', node ?? '')?.object;
      const opening = pod && on && openingsOf(pod, on).find(one => placeKey(one) === placeKey(place));
      return pod && opening ? [{ pod, port: opening.containerPort }] : [];
    }
    const service = this.#parts.registry.get(services, namespace, name)?.object;
    const port = service?.spec.ports?.find(
      one => (node === null ? one.port : one.nodePort) === place.port && (one.protocol ?? 'TCP') === place.protocol,
    );
    if (!service || !port) return [];
    return endpointsFor(slicesOf(this.#parts.registry, service), port).flatMap(({ target, port: number }) => {
      const pod =
        target?.kind === 'Pod'
          ? this.#parts.registry.get(pods, target.namespace ?? namespace, target.name ?? '')?.object
          : undefined;
      return pod ? [{ pod, port: number }] : [];
    });
  }
}

const nobodyAt = ({ address, port, protocol }: Place): Sentence =>
  sentence('request.refused', { place: `${address}:${port}`, protocol });
