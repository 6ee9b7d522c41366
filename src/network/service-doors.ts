import { keyOf } from '../controllers/runtime/keys.js';
import { type Controller, type ControllerContext, source } from '../controllers/runtime/types.js';
import { type Instructions, saysTheSame } from '../kubelet/index.js';
import { serviceOfSlice } from '../registry/indexes.js';
import { endpointSlices, nodes, services } from '../resources/index.js';
import { hasNodePorts } from '../resources/service.js';
import { internalIP } from '../resources/state.js';
import type { Service } from '../resources/types.js';
import { Complaints } from './complaints.js';
import { type Doors, ownerOf, placeKey, type Wanted } from './doors.js';
import { slicesOf } from './endpoints.js';
import { API_SERVICE, DNS_SERVICE, type House } from './house.js';
import type { ServiceHealth } from './service-health.js';
import { type ServiceOpening, serviceOpenings } from './service-openings.js';
import type { ServiceTraffic } from './service-traffic.js';
import type { Reception } from './sockets.js';

/** Keeps the doors of Services open and shut: what kube-proxy does. */
export function serviceDoorsController(
  { registry, recorder }: ControllerContext,
  doors: Doors,
  traffic: ServiceTraffic,
  health: ServiceHealth,
  house: House,
  instructions: Instructions,
): Controller {
  const withNodePorts = registry.index(services, 'node-ports', ({ spec }) => (hasNodePorts(spec) ? [''] : []));
  const complaints = new Complaints('PortUnavailable');
  const proxy = recorder('kube-proxy');

  /** What a Service is reached by, and what of the cluster itself is known by its name. */
  function wantedFor(key: string, service: Service | undefined): Wanted[] {
    if (key === API_SERVICE && service) return house.apiDoors(service, slicesOf(registry, service));
    const own = key === DNS_SERVICE ? house.dnsDoors(registry) : [];
    const taken = new Set(own.map(placeKey));
    return [...own, ...(service ? doorsOf(service) : []).filter(one => !taken.has(placeKey(one)))];
  }

  function doorsOf(service: Service): Wanted[] {
    const openings = serviceOpenings(registry, service, slicesOf(registry, service), node => instructions.isDown(node));
    return openings.map(({ entrance, servicePort, ...place }) => ({
      ...place,
      way: place.node === null ? 'service' : 'node',
      reception: receptionAt(service, { entrance, servicePort, ...place }),
    }));
  }

  function receptionAt({ metadata }: Service, { entrance, servicePort, node, protocol }: ServiceOpening): Reception {
    const { namespace = '', name } = metadata;
    if (entrance === 'health' || !servicePort) {
      const question = { namespace, name, node: node! };
      return { connection: socket => health.connect(question, socket), datagram() {} };
    }
    const way = { namespace, name, port: servicePort.port, protocol, entrance, node };
    return {
      connection: (socket, client) => traffic.connect(way, socket, client),
      datagram: (message, answer, client) => traffic.datagram(way, message, answer, client),
    };
  }

  return {
    name: 'network-services',
    workers: 64,
    start(queue) {
      doors.onFree('Service', key => queue.add(key));
      const lookAtHouse = () => {
        for (const key of [API_SERVICE, DNS_SERVICE]) queue.add(key);
      };
      lookAtHouse();
      house.onChange(lookAtHouse);
      instructions.rules.onChange(() => {
        for (const entry of withNodePorts.get('')) queue.add(keyOf(entry));
      });
    },
    // As with pods: doors are nothing that a snapshot keeps.
    watches: [
      source(services, ({ entry }) => [keyOf(entry)]),
      source(endpointSlices, ({ entry, previous }) =>
        [serviceOfSlice(entry.object), previous && serviceOfSlice(previous.object)].filter(key => key !== undefined),
      ),
      source(nodes, ({ type, entry, previous }) =>
        type === 'MODIFIED' &&
        previous &&
        internalIP(previous.object) === internalIP(entry.object) &&
        saysTheSame(previous.object, entry.object)
          ? []
          : withNodePorts.get('').map(keyOf),
      ),
    ],
    async reconcile(key, queue) {
      const owner = ownerOf('Service', key);
      const service = registry.get(services, owner.namespace, owner.name)?.object;
      const problems = await doors.arrange(owner, wantedFor(key, service));
      if (service) {
        complaints.tell(key, service, problems, proxy, queue);
        if (hasNodePorts(service.spec))
          for (const { object } of registry.all(nodes)) instructions.lookAgainAt(key, object, queue);
      } else {
        complaints.forget(key);
        traffic.forget(key);
      }
    },
  };
}
