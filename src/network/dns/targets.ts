import { isIP } from 'node:net';
import { isHeadless } from '../../resources/service.js';
import type { EndpointSlice, Service } from '../../resources/types.js';
import { clusterIpsOf, type DnsView } from './view.js';

/** Of which sort an address is; 0 for what is none. */
type Family = 0 | 4 | 6;

/** What a name of the cluster stands for. */
export interface Target {
  /** An address, or for a Service of type ExternalName the name that it stands for. */
  readonly host: string;
  readonly family: Family;
  /** The name that this target has for itself, below the domain. */
  readonly name: string;
  /** Absent where no port is declared. */
  readonly port?: number | undefined;
}

/** A port of a Service or of a slice. */
interface Port {
  readonly name?: string | undefined;
  readonly protocol?: string | undefined;
  readonly port?: number | undefined;
}

/** Which of a Service's ports or endpoints is meant. */
interface Choice {
  readonly endpoint?: string | undefined;
  readonly port?: string | undefined;
  readonly protocol?: string | undefined;
}

/** The labels before the Service's are a kind of their own by their number. */
const CHOICES: readonly ((labels: readonly string[]) => Choice)[] = [
  () => ({}),
  ([endpoint]) => ({ endpoint }),
  ([port, protocol]) => ({ port: bare(port!), protocol: bare(protocol!) }),
];

const LONGEST_LABEL = 63;

const NO_PORTS: readonly Port[] = [{}];

/**
 * What a name below the domain stands for, as CoreDNS's kubernetes plugin reads it with `pods insecure`:
 *
 * | labels | |
 * |---|---|
 * | `SERVICE.NAMESPACE.svc` | the cluster IPs, every ready endpoint of a headless Service, or another name |
 * | `ENDPOINT.SERVICE.NAMESPACE.svc` | the ready endpoints of that hostname, or of that address with dashes, of a Service with a cluster IP too |
 * | `_PORT._PROTOCOL.SERVICE.NAMESPACE.svc` | those that have the port; the underscores may be left out |
 * | `1-2-3-4.NAMESPACE.pod` | that address, whether it is a pod's or not, if there is the namespace |
 *
 * @param labels in lower case
 * @returns nothing in a list for a name that exists but stands for nothing (`svc`, `NAMESPACE.svc`); undefined for a name that does not exist
 */
export function targetsOf(labels: readonly string[], view: DnsView): readonly Target[] | undefined {
  const [kind, namespace, name, ...rest] = [...labels].reverse();
  if (kind === undefined) return [];
  if (kind !== 'svc' && kind !== 'pod') return undefined;
  if (namespace === undefined) return [];
  const choice = CHOICES[rest.length]?.(rest.reverse());
  if (!choice || !view.hasNamespace(namespace)) return undefined;
  if (name === undefined) return [];
  return kind === 'pod' ? podTargets(name, namespace) : serviceTargets(view, namespace, name, choice);
}

function podTargets(name: string, namespace: string): Target[] | undefined {
  const isIpv4 = name.split('-').length === 4 && !name.includes('--');
  const host = name.replaceAll('-', isIpv4 ? '.' : ':');
  const family = familyOf(host);
  return family === 0 ? undefined : [{ host, family, name: `${name}.${namespace}.pod` }];
}

function serviceTargets(view: DnsView, namespace: string, name: string, choice: Choice): Target[] | undefined {
  const service = view.service(namespace, name);
  if (!service) return undefined;
  const { spec } = service;
  const own = `${name}.${namespace}.svc`;
  if (spec.type === 'ExternalName') {
    const host = withoutDot(spec.externalName ?? '');
    // An address is no name, and nothing is below a name that is elsewhere.
    if (choice.endpoint !== undefined || isIP(host) !== 0) return undefined;
    // Kubernetes minds how long the whole is, and a message has no room for a label that is longer.
    return host.split('.').some(label => label.length > LONGEST_LABEL) ? [] : [{ host, family: 0, name: own }];
  }
  if (isHeadless(spec) || choice.endpoint !== undefined) {
    const targets = view.slicesOf(namespace, name).flatMap(slice => endpointTargets(slice, own, choice));
    // Not even the name exists while nobody is ready.
    return targets.length > 0 ? targets : undefined;
  }
  const ports = portsFor(spec.ports, choice);
  if (ports.length === 0) return undefined;
  return ports.flatMap(port => clusterIpsOf(service).map(host => ({ host, family: familyOf(host), name: own, port })));
}

function endpointTargets(slice: EndpointSlice, service: string, choice: Choice): Target[] {
  const ports = portsFor(slice.ports, choice);
  const targets: Target[] = [];
  for (const { host, family, hostname } of publishedIn(slice)) {
    if (choice.endpoint !== undefined && choice.endpoint !== hostname) continue;
    for (const port of ports) targets.push({ host, family, name: `${hostname}.${service}`, port });
  }
  return targets;
}

/** The numbers of the ports that are meant. */
function portsFor(ports: readonly Port[] | undefined, { port, protocol }: Choice): (number | undefined)[] {
  return (ports?.length ? ports : NO_PORTS)
    .filter(
      candidate =>
        (!port || port === candidate.name?.toLowerCase()) &&
        (!protocol || protocol === candidate.protocol?.toLowerCase()),
    )
    .map(candidate => candidate.port);
}

/** An address that a slice publishes. */
interface Published {
  readonly host: string;
  readonly family: Family;
  /** What it is called among those of its Service. */
  readonly hostname: string;
}

/** Slices do not change, others take their place: so what is read of one stays right. */
const published = new WeakMap<EndpointSlice, readonly Published[]>();

/** The addresses that a slice publishes: those of endpoints that are ready, or, as `publishNotReadyAddresses` has it, are called so. */
export function publishedIn(slice: EndpointSlice): readonly Published[] {
  let list = published.get(slice);
  if (!list) published.set(slice, (list = slice.endpoints.flatMap(publishedOf)));
  return list;
}

function publishedOf({ addresses, conditions, hostname }: EndpointSlice['endpoints'][number]): Published[] {
  if (conditions?.ready === false) return [];
  return addresses.map(host => ({
    host,
    family: familyOf(host),
    hostname: hostname?.toLowerCase() || host.replaceAll(/[.:]/g, '-').toLowerCase(),
  }));
}

const familyOf = (host: string): Family => isIP(host) as Family;

/** The name of a Service below the domain. */
export const serviceName = ({ metadata: { name, namespace } }: Service): string => `${name}.${namespace}.svc`;

/**
 * CoreDNS finds the Services whose endpoint it is itself. Nobody in the cluster is this server, so it is the Service by which
 * kubeadm's clusters reach theirs, if there is one, and else `ns.dns`, with the address that the server listens on.
 */
export function nameServers(view: DnsView, own: string): Target[] {
  const service = view.service('kube-system', 'kube-dns');
  const hosts = service ? clusterIpsOf(service) : [];
  if (!service || hosts.length === 0) return [{ host: own, family: 4, name: 'ns.dns' }];
  return hosts.map(host => ({ host, family: familyOf(host), name: serviceName(service) }));
}

const bare = (label: string): string => label.replace(/^_/, '');

/** A name without the dot that may be at its end. */
export const withoutDot = (name: string): string => name.replace(/\.$/, '');
