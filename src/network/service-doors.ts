import { keyOf, splitKey } from '../controllers/runtime/keys.js';
import { type Controller, type ControllerContext, nothing, source } from '../controllers/runtime/types.js';
import { internalIP } from '../kubelet/node-status.js';
import type { Registry } from '../registry/registry.js';
import { endpointSlices, nodes, services } from '../resources/index.js';
import { hasNodePorts, isHeadless } from '../resources/service.js';
import type { EndpointSlice, Service, ServicePort } from '../resources/types.js';
import type { Doors } from './doors.js';
import { endpointsFor, serviceOf, slicesOf } from './endpoints.js';
import type { ServiceTraffic } from './service-traffic.js';
import type { Place, Protocol } from './sockets.js';

/** Until a port that another program has is tried again, ms. */
const RETRY = 10_000;
const OWNER = 'service ';

/** A place where a Service is to be reached. */
export interface ServiceOpening extends Place {
  readonly servicePort: ServicePort;
  /** `node`: by a port of this node; else by the Service's own address. */
  readonly node: string | undefined;
}

/**
 * Where a Service is to be reached as things stand: only where there is somebody behind it. With `externalTrafficPolicy: Local` that is on nodes alone
 * that have one of their own.
 */
export function serviceOpenings(
  registry: Registry,
  service: Service,
  slices: readonly EndpointSlice[],
): ServiceOpening[] {
  const { spec } = service;
  if (spec.type === 'ExternalName' || isHeadless(spec)) return [];
  const openings: ServiceOpening[] = [];
  const isLocal = spec.externalTrafficPolicy === 'Local';
  const takesNodePorts = hasNodePorts(spec);
  for (const servicePort of spec.ports ?? []) {
    const { port, nodePort, protocol = 'TCP' } = servicePort;
    if (protocol !== 'TCP' && protocol !== 'UDP') continue;
    const behind = endpointsFor(slices, servicePort);
    if (behind.length === 0) continue;
    const common = { servicePort, protocol: protocol as Protocol };
    openings.push({ ...common, node: undefined, address: spec.clusterIP!, port });
    if (!takesNodePorts || !nodePort) continue;
    for (const { name, object } of registry.all(nodes)) {
      const address = internalIP(object);
      if (!address || (isLocal && endpointsFor(slices, servicePort, name).length === 0)) continue;
      openings.push({ ...common, node: name, address, port: nodePort });
    }
  }
  return openings;
}

/** Keeps the doors of Services open and shut: what kube-proxy does. */
export function serviceDoorsController(
  { registry, recorder }: ControllerContext,
  doors: Doors,
  traffic: ServiceTraffic,
): Controller {
  const proxy = recorder('kube-proxy');
  const withNodePorts = registry.index(services, 'node-ports', ({ spec }) => (hasNodePorts(spec) ? [''] : []));
  /** Of which conflicts a Service was told, by its key. */
  const told = new Map<string, ReadonlySet<string>>();

  return {
    name: 'network-services',
    workers: 64,
    start(queue) {
      doors.onFree(owner => {
        if (owner.startsWith(OWNER)) queue.add(owner.slice(OWNER.length));
      });
    },
    watches: [
      source(services, ({ entry }) => [keyOf(entry)], nothing),
      source(
        endpointSlices,
        ({ entry, previous }) =>
          [serviceOf(entry.object), previous && serviceOf(previous.object)].filter(key => key !== undefined),
        nothing,
      ),
      source(
        nodes,
        ({ type, entry, previous }) =>
          type === 'MODIFIED' && previous && internalIP(previous.object) === internalIP(entry.object)
            ? []
            : withNodePorts.get('').map(keyOf),
        nothing,
      ),
    ],
    async reconcile(key, queue) {
      const { namespace, name } = splitKey(key);
      const service = registry.get(services, namespace, name)?.object;
      const wanted = service ? serviceOpenings(registry, service, slicesOf(registry, service)) : [];
      for (const door of doors.besides(OWNER + key, wanted)) doors.close(door);
      if (!service) {
        told.delete(key);
        traffic.forget(key);
        return;
      }
      const problems = new Set<string>();
      const missing = wanted.filter(opening => !doors.has(OWNER + key, opening));
      await Promise.all(
        missing.map(async opening => {
          const { servicePort, node, address, port, protocol } = opening;
          const way = { namespace, name, port: servicePort.port, protocol, node };
          const refusal = await doors.open(OWNER + key, opening, {
            connection: socket => traffic.connect(way, socket),
            datagram: (message, from, answer) => traffic.datagram(way, message, from.address, answer),
          });
          if (refusal?.by !== 'machine') return;
          const { code = refusal.error.message } = refusal.error as NodeJS.ErrnoException;
          const why =
            code === 'EADDRINUSE' ? 'another program on this machine has it' : `this machine refuses it: ${code}`;
          problems.add(`Nothing answers at ${address}:${port} (${protocol}): ${why}`);
        }),
      );
      for (const message of problems)
        if (!told.get(key)?.has(message)) proxy.event(service, 'Warning', 'PortUnavailable', message);
      told.set(key, problems);
      if (problems.size > 0) queue.addAfter(key, RETRY, 'upkeep');
    },
  };
}
