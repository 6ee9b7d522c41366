import type { EndpointSlice, Endpoints, Service } from '../types.js';
import type { Ingress } from '../validation/ingress.js';
import type { NetworkPolicy } from '../validation/network-policy.js';
import { cidrWarnings, ipWarnings } from './addresses.js';

const OLD_HINTS = 'service.kubernetes.io/topology-aware-hints';
const OLD_INGRESS_CLASS = 'kubernetes.io/ingress.class';

/** What is written by those who correct addresses is not looked at. */
const ENDPOINTS_MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const SLICE_MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const SLICE_CONTROLLERS = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

export function serviceWarnings({ metadata: { annotations = {} }, spec }: Service): string[] {
  const { type, clusterIP, clusterIPs = [], externalIPs = [], loadBalancerIP, loadBalancerSourceRanges = [] } = spec;
  const isHeadless = type === 'ClusterIP' && clusterIP === 'None';
  const hasAddress = type !== 'ExternalName' && clusterIP && clusterIP !== 'None';
  const warnings: string[] = [];
  if (OLD_HINTS in annotations) {
    warnings.push(`annotation ${OLD_HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  }
  if (hasAddress) warnings.push(...clusterIPs.flatMap((ip, i) => ipWarnings(`spec.clusterIPs[${i}]`, ip)));
  if (isHeadless) {
    if (loadBalancerIP) warnings.push('spec.loadBalancerIP is ignored for headless services');
    if (externalIPs.length > 0) warnings.push('spec.externalIPs is ignored for headless services');
    if (spec.sessionAffinity !== 'None') warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  warnings.push(...externalIPs.flatMap((ip, i) => ipWarnings(`spec.externalIPs[${i}]`, ip)));
  if (loadBalancerIP) warnings.push(...ipWarnings('spec.loadBalancerIP', loadBalancerIP));
  loadBalancerSourceRanges.forEach((range, i) => {
    warnings.push(...cidrWarnings(`spec.loadBalancerSourceRanges[${i}]`, range));
  });
  if (type === 'ExternalName' && externalIPs.length > 0) {
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (type !== 'ExternalName' && spec.externalName) {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  if (spec.trafficDistribution === 'PreferClose') {
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  return warnings;
}

/** Of where load balancers say that they are reached: for Services and Ingresses. */
export function balancerWarnings({ status }: Service | Ingress): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }, i) =>
    ip ? ipWarnings(`status.loadBalancer.ingress[${i}]`, ip) : [],
  );
}

export function endpointsWarnings({ metadata: { labels = {} }, subsets = [] }: Endpoints): string[] {
  if (labels[ENDPOINTS_MANAGED_BY] === 'endpoint-controller') return [];
  return subsets.flatMap((subset, i) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap(list =>
      (subset[list] ?? []).flatMap(({ ip }, j) => ipWarnings(`subsets[${i}].${list}[${j}].ip`, ip)),
    ),
  );
}

export function endpointSliceWarnings(slice: EndpointSlice, old?: EndpointSlice): string[] {
  const { metadata, addressType, endpoints } = slice;
  const isFixed = SLICE_CONTROLLERS.includes(metadata.labels?.[SLICE_MANAGED_BY] ?? '');
  return [
    ...(!old && addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
    ...(isFixed ? [] : endpoints).flatMap(({ addresses }, i) =>
      addresses.flatMap((ip, j) => ipWarnings(`endpoints[${i}].addresses[${j}]`, ip)),
    ),
  ];
}

export function ingressWarnings({ metadata, spec }: Ingress, old?: Ingress): string[] {
  return !old &&
    metadata.annotations &&
    OLD_INGRESS_CLASS in metadata.annotations &&
    spec.ingressClassName === undefined
    ? [`annotation "${OLD_INGRESS_CLASS}" is deprecated, please use 'spec.ingressClassName' instead`]
    : [];
}

export function networkPolicyWarnings({ spec: { ingress = [], egress = [] } }: NetworkPolicy): string[] {
  return [
    ...ingress.flatMap(({ from = [] }, i) =>
      from.flatMap((peer, j) => blockWarnings(`spec.ingress[${i}].from[${j}]`, peer)),
    ),
    ...egress.flatMap(({ to = [] }, i) => to.flatMap((peer, j) => blockWarnings(`spec.egress[${i}].to[${j}]`, peer))),
  ];
}

function blockWarnings(path: string, { ipBlock }: { ipBlock?: { cidr?: string; except?: string[] } }): string[] {
  if (!ipBlock) return [];
  const { cidr = '', except = [] } = ipBlock;
  return [
    ...cidrWarnings(`${path}.ipBlock.cidr`, cidr),
    ...except.flatMap((range, i) => cidrWarnings(`${path}.ipBlock.except[${i}]`, range)),
  ];
}
