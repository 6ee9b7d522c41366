import type { Registry } from '../registry/registry.js';
import { nodes } from '../resources/index.js';
import { hasNodePorts, isHeadless, needsHealthCheck } from '../resources/service.js';
import { internalIP } from '../resources/state.js';
import type { EndpointSlice, Node, Service, ServicePort } from '../resources/types.js';
import { endpointsFor } from './endpoints.js';
import type { Place, Protocol } from './sockets.js';

/**
 * By which of its addresses one comes to a Service: its own, a node's, one of those that lead to it from outside (`externalIPs`), or its load
 * balancer's.
 */
export type Entrance = 'own' | 'node' | 'external' | 'balancer';

/** A place where a Service is to be reached. */
export interface ServiceOpening extends Place {
  /** `health`: where a load balancer asks whether the node has pods of it. */
  readonly entrance: Entrance | 'health';
  /** Of the Service; of `health` none. */
  readonly servicePort: ServicePort | undefined;
  /** The node whose port it is; null: no node's. */
  readonly node: string | null;
}

interface NodePlace {
  readonly name: string;
  readonly address: string;
}

/**
 * Where a Service is to be reached as things stand: only where there is somebody behind it. With `externalTrafficPolicy: Local` that is on nodes alone
 * that have one of their own.
 * @param isDown whether a node refuses everything
 */
export function serviceOpenings(
  registry: Registry,
  { spec, status }: Service,
  slices: readonly EndpointSlice[],
  isDown: (node: Node) => boolean,
): ServiceOpening[] {
  if (spec.type === 'ExternalName' || isHeadless(spec)) return [];
  const onNodes = hasNodePorts(spec) ? nodePlaces(registry, isDown) : [];
  const openings: ServiceOpening[] = [];
  for (const servicePort of spec.ports ?? []) {
    const { port, nodePort, protocol = 'TCP' } = servicePort;
    if ((protocol !== 'TCP' && protocol !== 'UDP') || endpointsFor(slices, servicePort).length === 0) continue;
    const add = (entrance: Entrance, address: string, at: number, node: string | null = null) =>
      openings.push({ entrance, servicePort, protocol: protocol as Protocol, node, address, port: at });
    add('own', spec.clusterIP!, port);
    for (const address of (spec.externalIPs ?? []).filter(isIPv4)) add('external', address, port);
    const balancers = spec.type === 'LoadBalancer' ? (status.loadBalancer?.ingress ?? []) : [];
    for (const { ip } of balancers) if (ip && isIPv4(ip)) add('balancer', ip, port);
    if (!nodePort) continue;
    for (const { name, address } of onNodes) {
      const isLocal = spec.externalTrafficPolicy === 'Local';
      if (!isLocal || endpointsFor(slices, servicePort, name).length > 0) add('node', address, nodePort, name);
    }
  }
  if (needsHealthCheck(spec) && spec.healthCheckNodePort) {
    const health = { entrance: 'health', servicePort: undefined, protocol: 'TCP' } as const;
    for (const { name, address } of onNodes)
      openings.push({ ...health, node: name, address, port: spec.healthCheckNodePort });
  }
  return unique(openings);
}

/** The nodes that can be reached, and where. */
function nodePlaces(registry: Registry, isDown: (node: Node) => boolean): NodePlace[] {
  return registry.all(nodes).flatMap(({ name, object }) => {
    const address = internalIP(object);
    return address && !isDown(object) ? [{ name, address }] : [];
  });
}

const isIPv4 = (address: string) => !address.includes(':');

/** An address may be told twice: as an external one and the load balancer's, say. */
function unique(openings: readonly ServiceOpening[]): ServiceOpening[] {
  const byPlace = new Map<string, ServiceOpening>();
  for (const opening of openings) {
    const key = `${opening.address}:${opening.port}/${opening.protocol}`;
    if (!byPlace.has(key)) byPlace.set(key, opening);
  }
  return [...byPlace.values()];
}
