import { isSidecar } from '../resources/state.js';
import type { Container, Pod, PodSpec } from '../resources/types.js';

/** A port that a pod takes on its node itself. */
export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const ANY = '0.0.0.0';
const NONE: readonly HostPort[] = [];
/** By the containers: a pod keeps them when it is bound, and a set's pods share them. */
const known = new WeakMap<readonly Container[], { readonly spec: PodSpec; readonly ports: readonly HostPort[] }>();

/** The host ports of a pod: of its containers, and of init containers that keep running. */
export function hostPorts({ spec }: Pick<Pod, 'spec'>): readonly HostPort[] {
  const former = known.get(spec.containers);
  if (former && former.spec.initContainers === spec.initContainers) return former.ports;
  const containers = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)];
  const found = containers.flatMap(c =>
    (c.ports ?? [])
      .filter(p => p.hostPort)
      .map(p => ({ ip: p.hostIP || ANY, protocol: p.protocol || 'TCP', port: p.hostPort! })),
  );
  const ports = found.length > 0 ? found : NONE;
  known.set(spec.containers, { spec, ports });
  return ports;
}

/** Whether two pods cannot both have their port: the same protocol and port, on one address or on all (SCH-13). */
export function portsConflict(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === ANY || b.ip === ANY);
}

/** `8080/TCP`, with the address before it if it is not on all. */
export const formatHostPort = ({ ip, protocol, port }: HostPort): string =>
  `${ip === ANY ? '' : `${ip}:`}${port}/${protocol}`;
