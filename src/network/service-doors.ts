import { keyOf } from '../controllers/runtime/keys.js';
import { type Controller, type ControllerContext, nothing, source } from '../controllers/runtime/types.js';
import { serviceOfSlice } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { endpointSlices, nodes, services } from '../resources/index.js';
import { hasNodePorts, isHeadless } from '../resources/service.js';
import { internalIP } from '../resources/state.js';
import type { EndpointSlice, Service, ServicePort } from '../resources/types.js';
import { Complaints } from './complaints.js';
import { type Doors, ownerOf, type Wanted } from './doors.js';
import { endpointsFor, slicesOf } from './endpoints.js';
import type { ServiceTraffic } from './service-traffic.js';
import type { Place, Protocol, Reception } from './sockets.js';

/** A place where a Service is to be reached. */
interface ServiceOpening extends Place {
  readonly servicePort: ServicePort;
  /** The node whose port it is; null: the Service's own address. */
  readonly node: string | null;
}

/**
 * Where a Service is to be reached as things stand: only where there is somebody behind it. With `externalTrafficPolicy: Local` that is on nodes alone
 * that have one of their own.
 */
function serviceOpenings(registry: Registry, service: Service, slices: readonly EndpointSlice[]): ServiceOpening[] {
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
    openings.push({ ...common, node: null, address: spec.clusterIP!, port });
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
  const withNodePorts = registry.index(services, 'node-ports', ({ spec }) => (hasNodePorts(spec) ? [''] : []));
  const complaints = new Complaints();
  const proxy = recorder('kube-proxy');

  function wantedFor(service: Service): Wanted[] {
    const { namespace = '', name } = service.metadata;
    return serviceOpenings(registry, service, slicesOf(registry, service)).map(({ servicePort, ...place }) => {
      const way = { namespace, name, port: servicePort.port, protocol: place.protocol, node: place.node };
      const reception: Reception = {
        connection: (socket, client) => traffic.connect(way, socket, client),
        datagram: (message, answer, client) => traffic.datagram(way, message, client, answer),
      };
      return { ...place, reception };
    });
  }

  return {
    name: 'network-services',
    workers: 64,
    start(queue) {
      doors.onFree('Service', key => queue.add(key));
    },
    watches: [
      source(services, ({ entry }) => [keyOf(entry)], nothing),
      source(
        endpointSlices,
        ({ entry, previous }) =>
          [serviceOfSlice(entry.object), previous && serviceOfSlice(previous.object)].filter(key => key !== undefined),
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
      const owner = ownerOf('Service', key);
      const service = registry.get(services, owner.namespace, owner.name)?.object;
      const problems = await doors.arrange(owner, service ? wantedFor(service) : []);
      if (service) complaints.tell(key, service, problems, proxy, queue);
      else {
        complaints.forget(key);
        traffic.forget(key);
      }
    },
  };
}
