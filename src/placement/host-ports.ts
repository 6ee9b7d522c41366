import { isSidecar } from '../resources/state.js';
import type { Pod, PodSpec } from '../resources/types.js';

/** A port that a pod takes on its node itself. */
export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const ANY = '0.0.0.0';
const NONE: readonly HostPort[] = [];
const known = new WeakMap<PodSpec, readonly HostPort[]>();

/** The host ports of a pod: of its containers, and of init containers that keep running. */
export function hostPorts({ spec }: Pick<Pod, 'spec'>): readonly HostPort[] {
  let ports = known.get(spec);
  if (!ports) {
    const containers = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)];
    const found = containers.flatMap(c =>
      (c.ports ?? [])
        .filter(p => p.hostPort)
        .map(p => ({ ip: p.hostIP || ANY, protocol: p.protocol || 'TCP', port: p.hostPort! })),
    );
    ports = found.length > 0 ? found : NONE;
    known.set(spec, ports);
  }
  return ports;
}

/** Whether two pods cannot both have their port: the same protocol and port, on one address or on all (SCH-13). */
export function portsConflict(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === ANY || b.ip === ANY);
}

/** `8080/TCP`, with the address before it if it is not on all. */
export const formatHostPort = ({ ip, protocol, port }: HostPort): string =>
  `${ip === ANY ? '' : `${ip}:`}${port}/${protocol}`;
