import { slicesByService } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import type { Index } from '../../registry/types.js';
import { endpointSlices, namespaces, services } from '../../resources/index.js';
import type { EndpointSlice, KubeObject, Service } from '../../resources/types.js';

/** What the resolver looks at. Names are in lower case, addresses as Kubernetes writes them. */
export interface DnsView {
  /** Rises with every change. */
  readonly serial: number;
  hasNamespace(name: string): boolean;
  service(namespace: string, name: string): Service | undefined;
  /** The slices of a Service, whoever keeps them. */
  slicesOf(namespace: string, service: string): readonly EndpointSlice[];
  /** The Services that have a cluster IP. */
  servicesAt(address: string): readonly Service[];
  /** The slices that have an address among their endpoints. */
  slicesAt(address: string): readonly EndpointSlice[];
}

/** The newest state of a cluster. Each question takes a look into an index, which is made when first needed. */
export function registryView(registry: Registry): DnsView {
  const found = <T extends KubeObject>(index: Index<T>, key: string): T[] => index.get(key).map(({ object }) => object);
  return {
    get serial() {
      return registry.revision;
    },
    hasNamespace: name => registry.get(namespaces, '', name) !== undefined,
    service: (namespace, name) => registry.get(services, namespace, name)?.object,
    slicesOf: (namespace, service) => found(slicesByService(registry), `${namespace}/${service}`),
    servicesAt: address => found(registry.index(services, 'dns-address', clusterIpsOf), address),
    slicesAt: address => found(registry.index(endpointSlices, 'dns-address', addressesIn), address),
  };
}

/** The cluster IPs of a Service; none where it is headless or has no address yet. */
export function clusterIpsOf({ spec: { clusterIP, clusterIPs } }: Service): string[] {
  const addresses = clusterIPs?.length ? clusterIPs : [clusterIP ?? ''];
  return addresses.filter(address => address !== '' && address !== 'None');
}

const addressesIn = ({ endpoints }: EndpointSlice): string[] => endpoints.flatMap(({ addresses }) => addresses);
