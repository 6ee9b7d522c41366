import { connect, type Socket } from 'node:net';
import { Random } from '../clock/random.js';
import type { Registry } from '../registry/registry.js';
import { nodes, services } from '../resources/index.js';
import type { Service, ServicePort } from '../resources/types.js';
import { isWithin } from '../resources/validation/ip.js';
import { ZONE_LABEL } from '../resources/well-known.js';
import type { Caller } from './callers.js';
import { type Endpoint, endpointsFor, nearest, type Standpoint, slicesOf } from './endpoints.js';
import { type PodPort, type PodTraffic, refuse } from './pod-traffic.js';
import { partyAt } from './policies.js';
import type { Entrance } from './service-openings.js';

/** A port of a Service, and how one comes to it. */
export interface ServiceWay {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly entrance: Entrance;
  /** The node whose port it is; null: no node's. */
  readonly node: string | null;
}

/** An endpoint that gets what comes. */
interface Chosen extends Endpoint {
  /** The Service shows pods that are not ready too. */
  readonly showsUnready?: boolean | undefined;
}

/** As upstream: three hours. */
const AFFINITY_SECONDS = 10_800;
/** How many clients' endpoints are remembered for a Service. */
const CLIENTS_REMEMBERED = 10_000;

/** Hands those who come to a Service over to one of those behind it, chosen at random among the ones that are ready at that moment. */
export class ServiceTraffic {
  readonly #registry: Registry;
  readonly #pods: PodTraffic;
  readonly #mayReach: (host: string, port: number) => boolean;
  /** Of its own, for how many come must change nothing in the cluster. */
  readonly #random = new Random('services');
  /** `sessionAffinity: ClientIP`: whom a client got last and when, by Service. */
  readonly #affinity = new Map<string, Map<string, { readonly address: string; at: number }>>();

  constructor(registry: Registry, traffic: PodTraffic, mayReach: (host: string, port: number) => boolean) {
    this.#registry = registry;
    this.#pods = traffic;
    this.#mayReach = mayReach;
  }

  connect(way: ServiceWay, socket: Socket, client: Caller): void {
    const endpoint = this.#choose(way, client.address);
    if (!endpoint) {
      refuse(socket);
      return;
    }
    if (isPod(endpoint)) {
      this.#pods.connect(podPort(endpoint), socket, client);
      return;
    }
    const { address: host, port } = endpoint;
    // Somebody outside the cluster, whom a user has put there.
    if (!this.#mayReach(host, port)) {
      refuse(socket);
      return;
    }
    const onward = connect({ host, port, allowHalfOpen: true });
    onward.on('error', () => socket.resetAndDestroy());
    socket.on('error', () => onward.destroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  }

  datagram(way: ServiceWay, message: Buffer, answer: (reply: Buffer) => void, client: Caller): void {
    const endpoint = this.#choose(way, client.address);
    if (endpoint && isPod(endpoint)) this.#pods.datagram(podPort(endpoint), message, answer, client);
  }

  /** A Service is gone. */
  forget(key: string): void {
    this.#affinity.delete(key);
  }

  #choose(way: ServiceWay, client: string): Chosen | undefined {
    const { namespace, name, port, protocol } = way;
    const service = this.#registry.get(services, namespace, name)?.object;
    const servicePort = service?.spec.ports?.find(p => p.port === port && (p.protocol ?? 'TCP') === protocol);
    if (!service || !servicePort) return undefined;
    const endpoints = this.#candidates(service, servicePort, way, client);
    if (endpoints.length === 0) return undefined;
    const { sessionAffinity, sessionAffinityConfig, publishNotReadyAddresses: showsUnready } = service.spec;
    const isThere = (endpoint: Endpoint) =>
      !isPod(endpoint) || this.#pods.isOpen(podPort({ ...endpoint, showsUnready }));
    const any = () => this.#draw(endpoints, isThere);
    if (sessionAffinity !== 'ClientIP') return { ...any(), showsUnready };
    const ms = (sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS) * 1000;
    return { ...this.#stickTo(`${namespace}/${name}`, client, ms, endpoints.filter(isThere), any), showsUnready };
  }

  /** One at random, of those that are there still: slices are a moment late. */
  #draw(endpoints: readonly Endpoint[], isThere: (endpoint: Endpoint) => boolean): Endpoint {
    const left = [...endpoints];
    for (;;) {
      const at = this.#random.below(left.length);
      const drawn = left[at]!;
      if (left.length === 1 || isThere(drawn)) return drawn;
      left.splice(at, 1);
    }
  }

  #candidates(service: Service, port: ServicePort, { entrance, node }: ServiceWay, client: string): Endpoint[] {
    const slices = slicesOf(this.#registry, service);
    const { internalTrafficPolicy, externalTrafficPolicy, loadBalancerSourceRanges = [] } = service.spec;
    if (entrance === 'balancer' && !isOneOf(loadBalancerSourceRanges, client)) return [];
    const home = this.#nodeOf(client);
    if (entrance === 'own' && internalTrafficPolicy === 'Local')
      // Who comes from no node of the cluster has no endpoint on it.
      return home === undefined ? [] : endpointsFor(slices, port, home);
    if (entrance === 'node' && externalTrafficPolicy === 'Local' && !this.#isInside(client, node))
      return endpointsFor(slices, port, node!);
    const endpoints = endpointsFor(slices, port);
    // At an address that is no node's one comes, as a load balancer has it, to any node with endpoints of its own.
    if (entrance !== 'own' && externalTrafficPolicy === 'Local') return endpoints;
    const at = node ?? home;
    return at === undefined ? endpoints : nearest(endpoints, this.#standpoint(at));
  }

  #stickTo(
    key: string,
    client: string,
    timeoutMs: number,
    endpoints: readonly Endpoint[],
    any: () => Endpoint,
  ): Endpoint {
    let clients = this.#affinity.get(key);
    if (!clients) this.#affinity.set(key, (clients = new Map()));
    const now = this.#registry.clock.now();
    const last = clients.get(client);
    const same = last && now - last.at < timeoutMs && endpoints.find(({ address }) => address === last.address);
    const chosen = same || any();
    clients.delete(client);
    clients.set(client, { address: chosen.address, at: now });
    if (clients.size > CLIENTS_REMEMBERED) clients.delete(clients.keys().next().value!);
    return chosen;
  }

  #standpoint(node: string): Standpoint {
    return { node, zone: this.#registry.get(nodes, '', node)?.object.metadata.labels?.[ZONE_LABEL] };
  }

  /** Whether the policy for who comes from outside does not count: for pods, and for a node at its own ports, as kube-proxy has it. */
  #isInside(client: string, node: string | null): boolean {
    const party = partyAt(this.#registry, client);
    return party.pod !== undefined || party.node === node;
  }

  /** The node that an address is on: its own, or that of one of its pods. */
  #nodeOf(address: string): string | undefined {
    const { node, pod } = partyAt(this.#registry, address);
    return node ?? pod?.spec.nodeName;
  }
}

/** Whether a client may come by a load balancer: anybody may, if there are no ranges. */
const isOneOf = (ranges: readonly string[], client: string) =>
  ranges.length === 0 || (client !== '' && ranges.some(range => isWithin(client, range.trim())));

const isPod = ({ target }: Endpoint): boolean => target?.kind === 'Pod';

function podPort({
  target: { namespace = '', name = '', uid = '' } = {},
  port,
  showsUnready = false,
}: Chosen): PodPort {
  return { namespace, name, uid, port, way: 'service', showsUnready };
}
