import type { PushSettings } from '../../kubelet/ports/push-settings.js';
import type { Registry } from '../../registry/registry.js';
import { services } from '../../resources/index.js';
import { isHeadless } from '../../resources/service.js';
import { endpointsFor, slicesOf } from '../endpoints.js';
import { notAllowed } from '../reach.js';
import type { Place, Protocol } from '../sockets.js';

/** Where a push goes to, and whether that is outside the cluster. */
interface PushTarget extends Place {
  readonly isOutside: boolean;
}

/**
 * Where a push goes: a place of the cluster, or a host outside of it.
 * @returns a text if it may not go there, or nobody is there
 */
export function targetOf(
  registry: Registry,
  { host, port, scheme }: PushSettings,
  namespace: string,
  isAllowed: (host: string, port: number) => boolean,
): PushTarget | string {
  const protocol: Protocol = scheme === 'http' ? 'TCP' : 'UDP';
  const [name = '', own = namespace, ...rest] = host.split('.');
  const isName = !/^\d+(\.\d+){3}$/.test(host) && ['', 'svc', 'svc.cluster.local'].includes(rest.join('.'));
  const service = isName ? registry.get(services, own, name)?.object : undefined;
  if (service) {
    if (!isHeadless(service.spec) && service.spec.clusterIP)
      return { address: service.spec.clusterIP, port, protocol, isOutside: false };
    const named = service.spec.ports?.find(p => p.port === port && (p.protocol ?? 'TCP') === protocol);
    const [endpoint] = named ? endpointsFor(slicesOf(registry, service), named) : [];
    const behind = endpoint && { address: endpoint.address, port: endpoint.port, protocol, isOutside: false };
    return behind ?? `nobody is ready behind Service ${own}/${name} at port ${port}`;
  }
  if (isAllowed(host, port)) return { address: host, port, protocol, isOutside: true };
  return isName ? `there is no Service ${own}/${name}` : notAllowed(host, `${host}:${port}`);
}
