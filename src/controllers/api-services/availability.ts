import type { Registry } from '../../registry/registry.js';
import type { ApiService } from '../../resources/api-service.js';
import { endpointSlices, services } from '../../resources/index.js';
import type { Condition } from '../../resources/types.js';
import { SERVICE_OF_SLICE } from '../../resources/well-known.js';

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

const no = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });

/**
 * Why a Service does not answer for a group, in the words of upstream's availability controller. Containers are simulated: there
 * may be addresses, but nobody at them who speaks TLS.
 */
export function unavailability(
  registry: Registry,
  { namespace = '', name = '', port = 443 }: NonNullable<ApiService['spec']['service']>,
  { group, version }: ApiService['spec'],
): Verdict {
  const service = registry.get(services, namespace, name)?.object;
  if (!service) return no('ServiceNotFound', `service/${name} in "${namespace}" is not present`);
  const { type, clusterIP, ports = [] } = service.spec;
  if (type === 'ExternalName') return unreachable(`${service.spec.externalName}:${port}`, group, version);
  const found = ports.find(one => one.port === port);
  if (!found) return no('ServicePortError', `service/${name} in "${namespace}" is not listening on port ${port}`);
  const slices = registry
    .all(endpointSlices, namespace)
    .filter(({ object }) => object.metadata.labels?.[SERVICE_OF_SLICE] === name);
  if (slices.length === 0)
    return no('EndpointsNotFound', `cannot find endpointslices for service/${name} in "${namespace}"`);
  const isReady = slices.some(
    ({ object }) =>
      object.endpoints?.some(({ conditions }) => conditions?.ready !== false) &&
      object.ports?.some(one => (one.name ?? '') === (found.name ?? '')),
  );
  if (!isReady) {
    const what = `endpointslices for service/${name} in "${namespace}" have no addresses with port name "${found.name ?? ''}"`;
    return no('MissingEndpoints', what);
  }
  return unreachable(`${clusterIP}:${port}`, group, version);
}

function unreachable(address: string, group = '', version = ''): Verdict {
  const url = `https://${address}/apis/${group}/${version}`;
  const why = `failing or missing response from ${url}: Get "${url}": dial tcp ${address}: connect: connection refused`;
  return no('FailedDiscoveryCheck', why);
}
