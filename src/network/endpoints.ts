import { keyOf } from '../controllers/runtime/keys.js';
import { slicesByService } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import type { EndpointSlice, ObjectReference, Service, ServicePort } from '../resources/types.js';

/** One of those that stand behind a port of a Service. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly node: string | undefined;
  /** The pod, if it is one. */
  readonly target: ObjectReference | undefined;
  readonly isReady: boolean;
  /** For whom it is, if that is said. */
  readonly forNodes: readonly string[];
  readonly forZones: readonly string[];
}

/** From where in the cluster somebody comes. */
export interface Standpoint {
  readonly node: string;
  readonly zone: string | undefined;
}

/** The slices of a Service. */
export const slicesOf = (registry: Registry, { metadata }: Service): EndpointSlice[] =>
  slicesByService(registry)
    .get(keyOf(metadata))
    .map(({ object }) => object);

/**
 * Those that get what comes to a port of a Service: the ones that are ready, or where none is, those that still serve while they end. As kube-proxy
 * has it.
 * @param node where what comes must stay, if it must (policy `Local`): the choice is made among this node's own
 */
export function endpointsFor(slices: readonly EndpointSlice[], port: ServicePort, node?: string): Endpoint[] {
  const ready: Endpoint[] = [];
  const ending: Endpoint[] = [];
  for (const { ports = [], endpoints, addressType } of slices) {
    if (addressType !== 'IPv4') continue;
    const number = ports.find(
      p => (p.name ?? '') === (port.name ?? '') && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP'),
    )?.port;
    if (number === undefined) continue;
    for (const { addresses, conditions = {}, nodeName, targetRef, hints } of endpoints) {
      if (node !== undefined && nodeName !== node) continue;
      const isReadyOne = conditions.ready !== false;
      const list = isReadyOne ? ready : conditions.serving && conditions.terminating ? ending : undefined;
      list?.push({
        address: addresses[0]!,
        port: number,
        node: nodeName,
        target: targetRef,
        isReady: isReadyOne,
        forNodes: (hints?.forNodes ?? []).map(({ name }) => name),
        forZones: (hints?.forZones ?? []).map(({ name }) => name),
      });
    }
  }
  return ready.length > 0 ? ready : ending;
}

/**
 * Of those behind a port the ones that are for who comes from there: for its node, if all of them say for which nodes they are and one is for
 * that; else for its zone, in the same way; else all of them. As kube-proxy has it.
 */
export function nearest(endpoints: Endpoint[], { node, zone }: Standpoint): Endpoint[] {
  if (!endpoints.every(({ isReady }) => isReady)) return endpoints;
  for (const [field, own] of [
    ['forNodes', node],
    ['forZones', zone],
  ] as const) {
    if (own === undefined || endpoints.some(endpoint => endpoint[field].length === 0)) continue;
    const near = endpoints.filter(endpoint => endpoint[field].includes(own));
    if (near.length > 0) return near;
  }
  return endpoints;
}
