import { compareText } from '../../resources/compare.js';
import { isReady, isTerminating } from '../../resources/state.js';
import type { EndpointAddress, Endpoints, Pod, Service } from '../../resources/types.js';
import {
  addressesOf,
  familiesOf,
  hostnameIn,
  isReachable,
  portsOf,
  type ResolvedPort,
  referenceTo,
} from './pod-endpoint.js';

export type Subset = NonNullable<Endpoints['subsets']>[number];

/** Addresses that one Endpoints object holds at most. */
const MAX_ADDRESSES = 1000;

interface PodAddress {
  readonly address: EndpointAddress;
  readonly ready: boolean;
}

/**
 * The subsets of a Service's Endpoints: each has the ports that exactly the same addresses serve. In the order of their
 * ports; addresses in that of their text, as upstream sorts them.
 */
export function subsetsOf(service: Service, pods: readonly Pod[]): Subset[] {
  const served = new Map<string, { port?: ResolvedPort; by: PodAddress[] }>();
  const serve = (address: PodAddress, port?: ResolvedPort) => {
    const key = port ? JSON.stringify([port.name, port.protocol, port.port, port.appProtocol]) : '';
    const known = served.get(key);
    if (known) known.by.push(address);
    else served.set(key, { ...(port ? { port } : {}), by: [address] });
  };
  const hasNoPorts = service.spec.clusterIP === 'None' && !service.spec.ports?.length;
  for (const address of addressesOfAll(service, pods)) {
    if (hasNoPorts) serve(address.address);
    else for (const port of address.ports) serve(address.address, port);
  }
  const subsets = new Map<string, { ports: ResolvedPort[]; by: PodAddress[] }>();
  for (const { port, by } of [...served].sort(byKey).map(([, value]) => value)) {
    const key = served.size === 1 ? '' : by.map(({ address, ready }) => `${address.targetRef?.uid} ${ready}`).join();
    const known = subsets.get(key);
    if (known && port) known.ports.push(port);
    else subsets.set(key, { ports: port ? [port] : [], by });
  }
  return [...subsets.values()].map(toSubset);
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => compareText(a, b);

function addressesOfAll(service: Service, pods: readonly Pod[]): { address: PodAddress; ports: ResolvedPort[] }[] {
  const family = familiesOf(service)[0]!;
  const publish = service.spec.publishNotReadyAddresses === true;
  const all = pods
    .filter(pod => isReachable(pod) && (publish || !isTerminating(pod)))
    .flatMap(pod => {
      const [ip] = addressesOf(pod, family);
      if (ip === undefined) return [];
      const hostname = hostnameIn(pod, service);
      const { nodeName } = pod.spec;
      const address = {
        ip,
        ...(hostname ? { hostname } : {}),
        ...(nodeName ? { nodeName } : {}),
        targetRef: referenceTo(pod),
      };
      return [{ address: { address, ready: publish || isReady(pod) }, ports: portsOf(pod, service) }];
    });
  const text = ({ address: { address } }: (typeof all)[number]) => `${address.ip} ${address.targetRef.uid}`;
  return all
    .map(item => [text(item), item] as const)
    .sort(byKey)
    .map(([, item]) => item);
}

function toSubset({ ports, by }: { ports: ResolvedPort[]; by: PodAddress[] }): Subset {
  const of = (wanted: boolean) => by.filter(({ ready }) => ready === wanted).map(({ address }) => address);
  const [ready, notReady] = [of(true), of(false)];
  return {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ...(ports.length > 0
      ? {
          ports: ports.map(({ name, port, protocol, appProtocol }) => ({
            ...(name ? { name } : {}),
            port,
            protocol,
            ...(appProtocol ? { appProtocol } : {}),
          })),
        }
      : {}),
  };
}

/**
 * Leaves as many addresses as one object may have, ready ones first, each subset its share. Answers the same list if
 * they are not too many.
 */
export function truncated(subsets: Subset[], max = MAX_ADDRESSES): Subset[] {
  const count = (list: 'addresses' | 'notReadyAddresses') =>
    subsets.reduce((sum, s) => sum + (s[list]?.length ?? 0), 0);
  const [ready, notReady] = [count('addresses'), count('notReadyAddresses')];
  if (ready + notReady <= max) return subsets;
  const cut = ready > max ? 'addresses' : 'notReadyAddresses';
  const room = ready > max ? max : max - ready;
  const total = ready > max ? ready : notReady;
  let left = room;
  return subsets.map(({ notReadyAddresses, addresses, ...rest }) => {
    const list = (cut === 'addresses' ? addresses : notReadyAddresses) ?? [];
    const kept = list.slice(0, Math.min(Math.ceil((list.length / total) * room), left));
    left -= kept.length;
    if (cut === 'addresses') return { ...(kept.length > 0 ? { addresses: kept } : {}), ...rest };
    return { ...(addresses ? { addresses } : {}), ...(kept.length > 0 ? { notReadyAddresses: kept } : {}), ...rest };
  });
}
