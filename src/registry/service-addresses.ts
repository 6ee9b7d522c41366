import { type FieldError, invalid } from '../resources/field-error.js';
import { services } from '../resources/index.js';
import { formatAddress, parseRange } from '../resources/ipv4.js';
import type { Service } from '../resources/types.js';
import type { AdmissionRequest } from './admission/admission.js';
import type { Registry } from './registry.js';
import { StatusError } from './status.js';

/** kubeadm's default. The first addresses are for the cluster's own Services, the last one is the broadcast address. */
const RANGE = parseRange('10.96.0.0/12');
const FIRST_IP = RANGE.base + 10;
const LAST_IP = RANGE.base + RANGE.size - 2;
const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;

/** Gives a Service its cluster IP and node ports. */
export function assignAddresses({ operation, object, old }: AdmissionRequest, registry: Registry): void {
  const { spec } = object as Service;
  const former = (old as Service | undefined)?.spec;
  if (spec.type === 'ExternalName') {
    delete spec.clusterIP;
    delete spec.clusterIPs;
    return;
  }
  if (former?.clusterIP && former.type !== 'ExternalName') spec.clusterIP ??= former.clusterIP;
  if (!spec.clusterIP) spec.clusterIP = spec.clusterIPs?.[0] ?? freeIp(registry);
  else if (operation === 'CREATE' && spec.clusterIP !== 'None') refuseTaken(registry, object as Service);
  spec.clusterIPs = [spec.clusterIP];
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return;
  const taken = new Set(registry.all(services).flatMap(e => (e.object.spec.ports ?? []).map(p => p.nodePort)));
  refuseNodePorts(object as Service, former, taken);
  for (const port of spec.ports ?? []) {
    port.nodePort ??=
      former?.ports?.find(p => p.name === port.name && p.port === port.port)?.nodePort ?? freePort(registry, taken);
    taken.add(port.nodePort);
  }
}

const byIp = (registry: Registry) =>
  registry.index(services, 'cluster-ip', s => (s.spec.clusterIP ? [s.spec.clusterIP] : []));

function freeIp(registry: Registry): string {
  const taken = byIp(registry);
  const size = LAST_IP - FIRST_IP + 1;
  const start = registry.random.below(size);
  for (let i = 0; i < size; i++) {
    const ip = formatAddress(FIRST_IP + ((start + i) % size));
    if (taken.get(ip).length === 0) return ip;
  }
  throw StatusError.internal('failed to allocate IP: range is full');
}

function freePort(registry: Registry, taken: ReadonlySet<number | undefined>): number {
  const size = LAST_NODE_PORT - FIRST_NODE_PORT + 1;
  const start = registry.random.below(size);
  for (let i = 0; i < size; i++) {
    const port = FIRST_NODE_PORT + ((start + i) % size);
    if (!taken.has(port)) return port;
  }
  throw StatusError.internal('failed to allocate a nodePort: range is full');
}

/** Node ports that a client asks for: of the range, and nobody else's. What the Service has already stays its own. */
function refuseNodePorts(
  { metadata, spec }: Service,
  former: Service['spec'] | undefined,
  taken: ReadonlySet<number | undefined>,
): void {
  const own = new Set(former?.ports?.map(p => p.nodePort));
  const errors: FieldError[] = [];
  for (const [i, { nodePort }] of (spec.ports ?? []).entries()) {
    if (!nodePort || own.has(nodePort)) continue;
    const problem =
      nodePort < FIRST_NODE_PORT || nodePort > LAST_NODE_PORT
        ? `provided port is not in the valid range. The range of valid ports is ${FIRST_NODE_PORT}-${LAST_NODE_PORT}`
        : taken.has(nodePort) && 'provided port is already allocated';
    if (problem) errors.push(invalid(`spec.ports[${i}].nodePort`, nodePort, problem));
  }
  if (errors.length > 0) throw StatusError.invalid(services, metadata.name, errors);
}

function refuseTaken(registry: Registry, service: Service): void {
  const ip = service.spec.clusterIP!;
  if (byIp(registry).get(ip).length === 0) return;
  throw StatusError.invalid(services, service.metadata.name, [
    invalid('spec.clusterIPs', [ip], `failed to allocate IP ${ip}: provided IP is already allocated`),
  ]);
}
