import type { Socket } from 'node:net';
import type { Registry } from '../registry/registry.js';
import { dnsAddress } from '../resources/address-ranges.js';
import type { EndpointSlice, Service } from '../resources/types.js';
import type { Wanted } from './doors.js';
import type { Protocol, Reception, Spot } from './sockets.js';

/** The Services by which a cluster's own parts are known, by their keys. */
export const API_SERVICE = 'default/kubernetes';
export const DNS_SERVICE = 'kube-system/kube-dns';
const DNS_PORT = 53;

/** Who answers for the names of the cluster. */
export interface NameServer {
  /** Where it listens itself. */
  readonly own: Spot;
  /** Hears of each who comes there. */
  onCame: (protocol: Protocol) => void;
  /** Answers somebody who has come another way. */
  accept(socket: Socket): void;
  datagram(message: Buffer, answer: (reply: Buffer) => void): void;
}

/** What answers in a cluster that is no pod. */
export interface Household {
  /** The API server; absent while nobody can reach it. */
  readonly api?: ((socket: Socket) => void) | undefined;
  readonly dns?: NameServer | undefined;
}

/** The cluster's own parts, which a real one has as pods and processes of its control plane. They answer by the Services by which they are known. */
export class House {
  readonly #listeners: (() => void)[] = [];
  #household: Household = {};

  get dns(): NameServer | undefined {
    return this.#household.dns;
  }

  furnish(household: Household): void {
    this.#household = household;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Where DNS answers: at the address that pods are told, whether there is a Service of that name or not. */
  dnsDoors({ ranges }: Registry): Wanted[] {
    const { dns } = this.#household;
    if (!dns) return [];
    const reception: Reception = {
      connection: socket => dns.accept(socket),
      datagram: (message, answer) => dns.datagram(message, answer),
    };
    const place = { address: dnsAddress(ranges), port: DNS_PORT, way: 'service', node: null, reception } as const;
    return [
      { ...place, protocol: 'TCP' },
      { ...place, protocol: 'UDP' },
    ];
  }

  /** Where the API server answers: at the cluster IP of its Service, and where its endpoints say that it is. */
  apiDoors({ spec }: Service, slices: readonly EndpointSlice[]): Wanted[] {
    const { api } = this.#household;
    if (!api) return [];
    const common = {
      protocol: 'TCP',
      way: 'service',
      node: null,
      reception: { connection: api, datagram() {} },
    } as const;
    const own = (spec.ports ?? []).map(({ port }) => ({ ...common, address: spec.clusterIP!, port }));
    const endpoints = slices
      .filter(({ addressType }) => addressType === 'IPv4')
      .flatMap(({ endpoints, ports = [] }) =>
        endpoints.flatMap(({ addresses }) =>
          ports.flatMap(({ port }) => (port === undefined ? [] : { ...common, address: addresses[0]!, port })),
        ),
      );
    return [...own, ...endpoints];
  }
}
