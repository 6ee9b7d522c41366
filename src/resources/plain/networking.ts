import type { FieldError } from '../field-error.js';
import { isObject, type JsonObject } from '../json.js';
import { AGE, column, NAME, NONE, orNone, printer } from '../printing/printer.js';
import { formatLabelSelector } from '../selector.js';
import type { KubeObject, LabelSelector } from '../types.js';
import {
  type Ingress,
  type IngressClass,
  validateIngress,
  validateIngressClass,
  validateIngressStatus,
} from '../validation/ingress.js';
import { checkCanonicalCidr, checkCanonicalIp } from '../validation/ip.js';
import { addProblems } from '../validation/messages.js';
import { type NetworkPolicy, validateNetworkPolicy } from '../validation/network-policy.js';
import { balancerWarnings, ingressWarnings, networkPolicyWarnings } from '../warnings/networking.js';
import { itemsAt, joinedAt, scalarAt, valueAt } from './cells.js';
import { plainKind } from './plain-kind.js';

const GROUP = { group: 'networking.k8s.io' } as const;

const ingresses = plainKind<Ingress>({
  ...GROUP,
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  status: { loadBalancer: {} },
  generation: true,
  strategy: {
    validate: validateIngress,
    validateStatusUpdate: validateIngressStatus,
    warnings: ingressWarnings,
    statusWarnings: balancerWarnings,
  },
  printer: printer(
    NAME,
    column('Class', 'Who carries it out.', o =>
      String(valueAt(o, 'spec.ingressClassName') ?? o.metadata.annotations?.['kubernetes.io/ingress.class'] ?? NONE),
    ),
    column('Hosts', 'Names that it answers to.', hosts),
    column('Address', 'Where it is reached.', o =>
      itemsAt(o, 'status.loadBalancer.ingress')
        .map(({ ip, hostname }) => ip || hostname)
        .filter(Boolean)
        .join(','),
    ),
    column('Ports', 'Ports that it listens on.', o => (itemsAt(o, 'spec.tls').length > 0 ? '80, 443' : '80')),
    AGE,
  ),
});

/** Three names, and how many more there are. */
function hosts(o: KubeObject): string {
  const names = itemsAt(o, 'spec.rules').flatMap(({ host }) => (host ? [String(host)] : []));
  if (names.length === 0) return '*';
  const shown = names.slice(0, 3).join(',');
  return names.length > 3 ? `${shown} + ${names.length - 3} more...` : shown;
}

export const networkPolicies = plainKind<NetworkPolicy>({
  ...GROUP,
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  generation: true,
  defaults: {
    'spec.podSelector': {},
    'spec.ingress[].ports[].protocol': 'TCP',
    'spec.egress[].ports[].protocol': 'TCP',
  },
  strategy: {
    setDefaults({ spec }) {
      spec.policyTypes ??= ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
    },
    validate: validateNetworkPolicy,
    warnings: networkPolicyWarnings,
  },
  printer: printer(
    NAME,
    column('Pod-Selector', 'The pods that it is about.', o =>
      formatLabelSelector(valueAt(o, 'spec.podSelector') as LabelSelector),
    ),
    AGE,
  ),
});

/** `networking.k8s.io/v1` */
export const networking = [
  plainKind<IngressClass>({
    ...GROUP,
    kind: 'IngressClass',
    plural: 'ingressclasses',
    namespaced: false,
    generation: true,
    defaults: { 'spec.parameters?.scope': 'Cluster' },
    immutable: ['spec.controller'],
    strategy: { validate: validateIngressClass },
    printer: printer(
      NAME,
      column('Controller', 'Who carries out ingresses of this class.', scalarAt('spec.controller')),
      column('Parameters', 'Object with more about it.', parameters),
      AGE,
    ),
  }),
  ingresses,
  plainKind({
    ...GROUP,
    kind: 'IPAddress',
    plural: 'ipaddresses',
    shortNames: ['ip'],
    namespaced: false,
    validName: checkCanonicalIp,
    generation: true,
    required: ['spec.parentRef', 'spec.parentRef?.resource', 'spec.parentRef?.name'],
    immutable: ['spec.parentRef'],
    printer: printer(
      NAME,
      column('ParentRef', 'The object that has the address.', o => {
        const { group = '', resource, namespace, name } = (valueAt(o, 'spec.parentRef') ?? {}) as JsonObject;
        const kind = group ? `${String(resource)}.${String(group)}` : resource;
        return [kind, namespace, name].filter(Boolean).join('/');
      }),
      AGE,
    ),
  }),
  networkPolicies,
  plainKind({
    ...GROUP,
    kind: 'ServiceCIDR',
    plural: 'servicecidrs',
    namespaced: false,
    status: {},
    generation: true,
    required: ['spec.cidrs'],
    immutable: ['spec.cidrs'],
    strategy: {
      validate(o) {
        const errors: FieldError[] = [];
        const cidrs = (valueAt(o, 'spec.cidrs') ?? []) as string[];
        for (const [i, cidr] of cidrs.entries())
          addProblems(errors, `spec.cidrs[${i}]`, cidr, checkCanonicalCidr(cidr));
        return errors;
      },
    },
    printer: printer(
      NAME,
      column('CIDRs', 'Ranges of addresses.', o => joinedAt(o, 'spec.cidrs')),
      AGE,
    ),
  }),
];

function parameters(o: KubeObject): string {
  const reference = valueAt(o, 'spec.parameters');
  if (!isObject(reference)) return NONE;
  const { apiGroup, kind, name } = reference;
  return orNone(`${String(kind)}${apiGroup ? `.${String(apiGroup)}` : ''}/${String(name)}`);
}
