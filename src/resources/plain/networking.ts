import { plainKind } from './plain-kind.js';

const GROUP = { group: 'networking.k8s.io' } as const;

export const networking = [
  plainKind({ ...GROUP, kind: 'IngressClass', plural: 'ingressclasses', namespaced: false, generation: true }),
  plainKind({
    ...GROUP,
    kind: 'Ingress',
    plural: 'ingresses',
    shortNames: ['ing'],
    status: { loadBalancer: {} },
    generation: true,
  }),
  plainKind({
    ...GROUP,
    kind: 'IPAddress',
    plural: 'ipaddresses',
    shortNames: ['ip'],
    namespaced: false,
    generation: true,
  }),
  plainKind({ ...GROUP, kind: 'NetworkPolicy', plural: 'networkpolicies', shortNames: ['netpol'], generation: true }),
  plainKind({ ...GROUP, kind: 'ServiceCIDR', plural: 'servicecidrs', namespaced: false, status: {}, generation: true }),
];
