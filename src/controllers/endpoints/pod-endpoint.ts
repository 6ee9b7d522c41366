import { hasEnded, isReady, isSidecar, isTerminating } from '../../resources/state.js';
import type { ObjectReference, Pod, Service, ServicePort } from '../../resources/types.js';

/** A port of a Service, as one pod serves it. */
export interface ResolvedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** Whether Services may show the pod at all: it has an address, and has not ended. */
export function isReachable(pod: Pod): boolean {
  const { status } = pod;
  if (hasEnded(pod)) return false;
  return Boolean(status.podIP) || (status.podIPs?.length ?? 0) > 0;
}

/** All that Services show of a pod, in one comparable text; labels aside. */
export function facts(pod: Pod): string {
  const { metadata, spec } = pod;
  return [
    metadata.uid,
    isTerminating(pod),
    isReachable(pod),
    isReady(pod),
    spec.nodeName,
    spec.hostname,
    spec.subdomain,
    ...addresses(pod),
  ].join();
}

function addresses({ status }: Pod): string[] {
  if (status.podIPs?.length) return status.podIPs.map(({ ip }) => ip);
  return status.podIP ? [status.podIP] : [];
}

/** The pod's addresses of one family, `IPv4` or `IPv6`. */
export function addressesOf(pod: Pod, family: string): string[] {
  return addresses(pod).filter(ip => ip.includes(':') === (family === 'IPv6'));
}

/** The families that a Service has addresses of; IPv4 if it does not say. */
export function familiesOf({ spec }: Service): readonly string[] {
  if (spec.ipFamilies?.length) return spec.ipFamilies;
  return [spec.clusterIP?.includes(':') ? 'IPv6' : 'IPv4'];
}

/** Whether a Service has no address of its own: its name leads to the pods. */
export const isHeadless = ({ spec }: Service): boolean => !spec.clusterIP || spec.clusterIP === 'None';

/** The name in DNS that the pod asked for, if this Service is the one that gives it. */
export function hostnameIn(pod: Pod, service: Service): string | undefined {
  return pod.spec.subdomain === service.metadata.name ? pod.spec.hostname || undefined : undefined;
}

/** How endpoints refer to their pod: without its version, which changes more often than they do. */
export function referenceTo({ metadata: { namespace, name, uid } }: Pod): ObjectReference {
  return { kind: 'Pod', ...(namespace ? { namespace } : {}), name, uid };
}

/** The ports of `service` that the pod serves; those it does not know by name are left out. */
export function portsOf(pod: Pod, service: Service): ResolvedPort[] {
  const resolved: ResolvedPort[] = [];
  for (const { name = '', protocol = 'TCP', appProtocol, ...rest } of service.spec.ports ?? []) {
    const port = findPort(pod, { ...rest, protocol });
    if (port !== undefined) resolved.push({ name, port, protocol, ...(appProtocol ? { appProtocol } : {}) });
  }
  return resolved;
}

/** The number of the port that a Service's port leads to. Names are looked up in containers, then in sidecars. */
function findPort({ spec }: Pod, { port, targetPort = port, protocol }: ServicePort): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = spec.initContainers?.filter(isSidecar) ?? [];
  for (const { ports = [] } of [...spec.containers, ...sidecars]) {
    const found = ports.find(p => p.name === targetPort && (p.protocol ?? 'TCP') === protocol);
    if (found) return found.containerPort;
  }
  return undefined;
}
