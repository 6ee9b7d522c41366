import type { ContainerPort, PodSpec } from '../types.js';
import { containersOf } from './pod-containers.js';

interface PlacedPort {
  readonly field: string;
  readonly port: ContainerPort;
}

/** Ports that get into each other's way: by their numbers, on the pod and on its host, or by their names. */
export function portWarnings(path: string, spec: PodSpec): string[] {
  const ports = containersOf(path, spec).flatMap(({ path: at, container }) =>
    (container.ports ?? []).map((port, i) => ({ field: `${at}.ports[${i}]`, port })),
  );
  return [...numberWarnings(ports), ...nameWarnings(ports)];
}

function numberWarnings(ports: readonly PlacedPort[]): string[] {
  const byNumber = new Map<string, PlacedPort[]>();
  return ports.flatMap(placed => {
    const { field, port } = placed;
    const { containerPort, protocol = '', hostIP, hostPort } = port;
    const key = `${containerPort}/${protocol}`;
    const others = byNumber.get(key) ?? [];
    const warnings = [
      ...(hostIP && !hostPort ? [`${field}: hostIP set without hostPort: ${inWords(port)}`] : []),
      ...others.flatMap(other => {
        const how = collision(port, other.port);
        return how ? [`${field}: ${how} port definition with ${other.field}`] : [];
      }),
    ];
    byNumber.set(key, [...others, placed]);
    return warnings;
  });
}

/** How two ports of one number and protocol disturb each other; undefined if they do not. */
function collision(a: ContainerPort, b: ContainerPort): string | undefined {
  const [port = 0, otherPort = 0] = [a.hostPort, b.hostPort];
  const [ip = '', otherIp = ''] = [a.hostIP, b.hostIP];
  if (port === otherPort && ip === otherIp) return 'duplicate';
  if (port === 0 || otherPort === 0) return 'overlapping';
  // One of them means all addresses of the host.
  return port === otherPort && (ip === '') !== (otherIp === '') ? 'dangerously ambiguous' : undefined;
}

/** A port as Go prints the struct that it is there. */
function inWords({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}

/** Of ports of one name, only the first is found by it. */
function nameWarnings(ports: readonly PlacedPort[]): string[] {
  const byName = new Map<string, string>();
  return ports.flatMap(({ field, port: { name } }) => {
    const first = name ? byName.get(name) : undefined;
    if (name && !first) byName.set(name, field);
    return first
      ? [
          `${field}: duplicate port name ${JSON.stringify(name)} with ${first}, services and probes that select ports by name will use ${first}`,
        ]
      : [];
  });
}
