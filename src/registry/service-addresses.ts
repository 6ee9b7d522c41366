import { type FieldError, invalid } from '../resources/field-error.js';
import { services } from '../resources/index.js';
import { formatAddress, parseAddress, parseRange, type Range } from '../resources/ipv4.js';
import { hasNodePorts, isHeadless, needsHealthCheck } from '../resources/service.js';
import type { Service, ServicePort } from '../resources/types.js';
import { validateServiceAddresses } from '../resources/validation/service-addresses.js';
import type { AdmissionRequest } from './admission/admission.js';
import type { Registry } from './registry.js';
import { StatusError } from './status.js';

/** From the first number on to the last; numbers that are drawn come from `dynamic` on while there are any. */
interface Pool {
  readonly first: number;
  readonly dynamic: number;
  readonly last: number;
}

/** Its own address and its broadcast address are nobody's; the lower ones are left to those who ask for one (KEP-3070). */
function poolOf({ base, size }: Range): Pool {
  const last = base + size - 2;
  const forAsked = Math.min(256, Math.max(16, Math.floor(size / 16)));
  return { first: base + 1, dynamic: Math.min(base + 1 + forAsked, last), last };
}
const NODE_PORTS: Pool = { first: 30_000, dynamic: 30_086, last: 32_767 };

type Spec = Service['spec'];

/**
 * Gives a Service its cluster IP, node ports and health check port, and what goes with them. What it asks for must be of the
 * range, and nobody else's. All that is taken is what stored Services have: a write that comes to nothing takes nothing. Mirrors
 * what the Service's registry does before validation.
 * @throws StatusError 422, or 500 where nothing is left
 */
export function assignAddresses({ object, old }: AdmissionRequest, registry: Registry): void {
  const { spec, metadata } = object as Service;
  const former = (old as Service | undefined)?.spec;
  if (former) {
    keepWhatWasGiven(spec, former);
    alignAddresses(spec, former);
  }
  const refuse = (errors: readonly FieldError[]) => {
    if (errors.length > 0) throw StatusError.invalid(services, metadata.name ?? '', errors);
  };
  assignFamilies(spec, former, refuse);
  if (spec.type !== 'ExternalName' && !isHeadless(spec)) assignClusterIp(spec, former, registry, refuse);
  const takesNodePorts = hasNodePorts(spec);
  if (!takesNodePorts && !needsHealthCheck(spec)) return;
  const ports = new NodePorts(registry, former);
  if (takesNodePorts) assignNodePorts(spec, ports, refuse, former !== undefined);
  if (needsHealthCheck(spec) && !(former && needsHealthCheck(former))) assignHealthCheckPort(spec, ports);
}

type Refuse = (errors: readonly FieldError[]) => void;

/** Who sends a manifest again need not know what was given to it. */
function keepWhatWasGiven(spec: Spec, former: Spec): void {
  if (spec.type !== 'ExternalName' && former.type !== 'ExternalName') {
    if (!spec.clusterIP && former.clusterIP) spec.clusterIP = former.clusterIP;
    if (!spec.clusterIPs?.length && former.clusterIPs) spec.clusterIPs = [...former.clusterIPs];
  }
  if (hasNodePorts(spec) && hasNodePorts(former)) {
    const named = new Map(former.ports?.map(({ name, nodePort }) => [name, nodePort]));
    const used = new Set(spec.ports?.map(({ nodePort }) => nodePort));
    for (const port of spec.ports ?? []) {
      const given = named.get(port.name);
      if (!port.nodePort && given && !used.has(given)) port.nodePort = given;
    }
  }
  if (needsHealthCheck(spec) && needsHealthCheck(former) && former.healthCheckNodePort)
    spec.healthCheckNodePort ||= former.healthCheckNodePort;
}

/** Who changes only the older of the two fields for the same thing means both. */
function alignAddresses(spec: Spec, former: Spec): void {
  const { clusterIP = '', clusterIPs = [] } = spec;
  const isSameList = (former.clusterIPs ?? []).join() === clusterIPs.join();
  if (clusterIP === (former.clusterIP ?? '') || !isSameList) return;
  if (clusterIP) spec.clusterIPs = [clusterIP];
  else delete spec.clusterIPs;
}

/** Families and their policy, as a cluster has them that knows only IPv4 (`initIPFamilyFields`). */
function assignFamilies(spec: Spec, former: Spec | undefined, refuse: Refuse): void {
  if (spec.type === 'ExternalName') return;
  const hasNoPods = isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= former?.ipFamilyPolicy ?? (hasNoPods ? 'RequireDualStack' : 'SingleStack');
  refuse(validateServiceAddresses(spec));
  const errors: FieldError[] = [];
  const policy = spec.ipFamilyPolicy;
  const addresses = spec.clusterIPs ?? [];
  const families = [...(spec.ipFamilies ?? [])];
  if (policy === 'SingleStack') {
    for (const [list, what] of [
      [addresses, 'cluster IPs'],
      [families, 'IP families'],
    ] as const)
      if (list.length === 2)
        errors.push(
          invalid(
            'spec.ipFamilyPolicy',
            policy,
            `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
          ),
        );
  }
  if (!isHeadless(spec)) {
    for (const [i, ip] of addresses.entries()) {
      if (i < families.length) continue;
      const family = ip.includes(':') ? 'IPv6' : 'IPv4';
      if (family === 'IPv4') families.push(family);
      else errors.push(invalid(`spec.clusterIPs[${i}]`, addresses, `${family} is not configured on this cluster`));
    }
  }
  refuse(errors);
  // Nobody's pods may have addresses of whatever family.
  if (hasNoPods) {
    if (families.length === 0) families.push('IPv4');
    if (families.length < 2 && policy !== 'SingleStack') families.push(families[0] === 'IPv4' ? 'IPv6' : 'IPv4');
    spec.ipFamilies = families;
    return;
  }
  if (policy === 'RequireDualStack')
    errors.push(invalid('spec.ipFamilyPolicy', policy, 'this cluster is not configured for dual-stack services'));
  for (const [i, family] of families.entries())
    if (family !== 'IPv4') errors.push(invalid(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster'));
  refuse(errors);
  spec.ipFamilies = families.length > 0 ? families : ['IPv4'];
}

function assignClusterIp(spec: Spec, former: Spec | undefined, registry: Registry, refuse: Refuse): void {
  // An address, once given, is kept; that it does not change is for validation to see.
  if (former && former.type !== 'ExternalName') return;
  const taken = registry.index(services, 'cluster-ip', s => (s.spec.clusterIP ? [s.spec.clusterIP] : []));
  const asked = spec.clusterIP;
  const { services: cidr } = registry.ranges;
  const range = parseRange(cidr);
  if (asked) {
    const problem =
      addressProblem(asked, cidr, range) ?? (taken.get(asked).length > 0 && 'provided IP is already allocated');
    if (problem) refuse([invalid('spec.clusterIPs', spec.clusterIPs, `failed to allocate IP ${asked}: ${problem}`)]);
    return;
  }
  const free = draw(registry, poolOf(range), address => taken.get(formatAddress(address)).length === 0);
  if (free === undefined) throw StatusError.internal('failed to allocate a serviceIP: range is full');
  spec.clusterIP = formatAddress(free);
  spec.clusterIPs = [spec.clusterIP];
}

function addressProblem(text: string, cidr: string, range: Range): string | undefined {
  const address = parseAddress(text) ?? -1;
  const { first, last } = poolOf(range);
  if (address < range.base || address >= range.base + range.size)
    return 'the provided network does not match the current range';
  if (address >= first && address <= last) return undefined;
  return `the provided IP (${text}) is not in the valid range. The range of valid IPs is ${cidr}`;
}

/** The node ports that are taken: by other Services, and by what this one has been given. */
class NodePorts {
  readonly #registry: Registry;
  readonly #taken: Set<number>;
  /** What the Service has had before, which stays its own. */
  readonly #own: ReadonlySet<number>;

  constructor(registry: Registry, former: Spec | undefined) {
    this.#registry = registry;
    this.#taken = new Set(registry.all(services).flatMap(({ object }) => nodePortsOf(object.spec)));
    this.#own = new Set(former && nodePortsOf(former));
  }

  /** Takes a port. Answers why it cannot be had. */
  take(port: number): string | undefined {
    if (this.#own.has(port)) return undefined;
    if (port < NODE_PORTS.first || port > NODE_PORTS.last)
      return `provided port is not in the valid range. The range of valid ports is ${NODE_PORTS.first}-${NODE_PORTS.last}`;
    if (this.#taken.has(port)) return 'provided port is already allocated';
    this.#taken.add(port);
    return undefined;
  }

  /** Takes any port; undefined if there is none. */
  takeAny(): number | undefined {
    const port = draw(this.#registry, NODE_PORTS, candidate => !this.#taken.has(candidate));
    if (port !== undefined) this.#taken.add(port);
    return port;
  }
}

const nodePortsOf = ({ ports = [], healthCheckNodePort }: Spec): number[] =>
  [...ports.map(({ nodePort }) => nodePort), healthCheckNodePort].filter(
    port => port !== undefined && port > 0,
  ) as number[];

/** Ports of the same number share a node port, if the Service is new: TCP and UDP of one service. */
function assignNodePorts(spec: Spec, nodePorts: NodePorts, refuse: Refuse, isUpdate: boolean): void {
  const ports = spec.ports ?? [];
  const shared = new Map<number, number>();
  const takeFor = (i: number, port: ServicePort, wanted: number) => {
    const problem = nodePorts.take(wanted);
    if (problem) refuse([invalid(`spec.ports[${i}].nodePort`, wanted, problem)]);
    port.nodePort = wanted;
  };
  const given = new Set<number>();
  for (const [i, port] of ports.entries()) {
    const isFree = spec.type !== 'LoadBalancer' || spec.allocateLoadBalancerNodePorts !== false;
    if (!port.nodePort && !isFree) continue;
    const sibling = isUpdate ? undefined : shared.get(port.port);
    const wanted =
      port.nodePort || sibling || (isUpdate ? 0 : ports.find(p => p.port === port.port && p.nodePort)?.nodePort);
    if (wanted && wanted === sibling) port.nodePort = wanted;
    else if (wanted) {
      if (!isUpdate || !given.has(wanted)) takeFor(i, port, wanted);
    } else {
      const drawn = nodePorts.takeAny();
      if (drawn === undefined) throw StatusError.internal('failed to allocate a nodePort: range is full');
      port.nodePort = drawn;
    }
    given.add(port.nodePort!);
    if (!shared.has(port.port)) shared.set(port.port, port.nodePort!);
  }
}

function assignHealthCheckPort(spec: Spec, nodePorts: NodePorts): void {
  const asked = spec.healthCheckNodePort;
  if (asked) {
    const problem = nodePorts.take(asked);
    if (problem) throw StatusError.internal(`failed to allocate requested HealthCheck NodePort ${asked}: ${problem}`);
    return;
  }
  const drawn = nodePorts.takeAny();
  if (drawn === undefined) throw StatusError.internal('failed to allocate a HealthCheck NodePort 0: range is full');
  spec.healthCheckNodePort = drawn;
}

/** A free number of the pool: the lower ones, which people ask for, come last. */
function draw(
  registry: Registry,
  { first, dynamic, last }: Pool,
  isFree: (value: number) => boolean,
): number | undefined {
  for (const [from, to] of [
    [dynamic, last],
    [first, dynamic - 1],
  ] as const) {
    const size = to - from + 1;
    const start = registry.random.below(size);
    for (let i = 0; i < size; i++) {
      const value = from + ((start + i) % size);
      if (isFree(value)) return value;
    }
  }
  return undefined;
}
