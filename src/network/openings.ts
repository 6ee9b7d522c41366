import { hasEnded, internalIP, isReady, isSidecar } from '../resources/state.js';
import type { Node, Pod } from '../resources/types.js';
import type { Place, Protocol } from './sockets.js';

/** A place where a pod is to be reached. */
export interface Opening extends Place {
  /** The port of the pod that it leads to. */
  readonly containerPort: number;
  /** Whether it is the pod's own address, or a port of its node. */
  readonly way: 'pod' | 'node';
}

const ANYWHERE = new Set(['', '0.0.0.0', '::']);

/**
 * Where a pod is to be reached as it stands. At its own address while its containers run, so that it can be probed and found by name before it is
 * ready; at ports of its node (`hostPort`, host network) only while it is ready.
 * @param node the one that it runs on
 */
export function openingsOf(pod: Pod, node: Node): Opening[] {
  const { spec, status } = pod;
  if (status.phase !== 'Running' || hasEnded(pod)) return [];
  const address = internalIP(node);
  const openings: Opening[] = [];
  for (const { name, ports = [] } of [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)]) {
    const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
    if (!statuses.find(one => one.name === name)?.state?.running) continue;
    for (const { containerPort, hostPort, hostIP = '', protocol = 'TCP' } of ports) {
      if (protocol !== 'TCP' && protocol !== 'UDP') continue;
      const opening = { containerPort, protocol: protocol as Protocol };
      if (status.podIP && !spec.hostNetwork)
        openings.push({ ...opening, way: 'pod', address: status.podIP, port: containerPort });
      // Another address of the node's than that it is known by is nobody's here.
      if (hostPort && address && isReady(pod) && (ANYWHERE.has(hostIP) || hostIP === address))
        openings.push({ ...opening, way: 'node', address, port: hostPort });
    }
  }
  return openings;
}
