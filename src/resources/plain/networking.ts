import { type FieldError, forbidden, invalid, required } from '../field-error.js';
import { isObject, type JsonObject } from '../json.js';
import { AGE, column, NAME, NONE, orNone, printer } from '../printing/printer.js';
import { formatLabelSelector } from '../selector.js';
import type { KubeObject, LabelSelector } from '../types.js';
import { checkCidr, checkIp } from '../validation/ip.js';
import { validateLabelSelector } from '../validation/labels.js';
import { addProblems } from '../validation/messages.js';
import { itemsAt, joinedAt, scalarAt, valueAt } from './cells.js';
import { plainKind } from './plain-kind.js';

const GROUP = { group: 'networking.k8s.io' } as const;
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];

const ingresses = plainKind({
  ...GROUP,
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  status: { loadBalancer: {} },
  generation: true,
  required: ['spec.rules[].http?.paths', 'spec.rules[].http?.paths[].pathType'],
  oneOf: { 'spec.rules[].http.paths[].pathType': PATH_TYPES },
  strategy: {
    validate(o) {
      const errors: FieldError[] = [];
      if (!valueAt(o, 'spec.defaultBackend') && itemsAt(o, 'spec.rules').length === 0)
        errors.push(invalid('spec', valueAt(o, 'spec') ?? {}, 'either `defaultBackend` or `rules` must be specified'));
      checkBackend(errors, 'spec.defaultBackend', valueAt(o, 'spec.defaultBackend'));
      for (const [i, rule] of itemsAt(o, 'spec.rules').entries()) {
        if (typeof rule.host === 'string' && checkIp(rule.host).length === 0)
          errors.push(invalid(`spec.rules[${i}].host`, rule.host, 'must be a DNS name, not an IP address'));
        for (const [j, path] of paths(rule).entries()) {
          const at = `spec.rules[${i}].http.paths[${j}]`;
          if (path.pathType !== 'ImplementationSpecific' && !String(path.path ?? '').startsWith('/'))
            errors.push(invalid(`${at}.path`, path.path ?? '', 'must be an absolute path'));
          if (isObject(path.backend)) checkBackend(errors, `${at}.backend`, path.backend);
          else errors.push(required(`${at}.backend`, 'backend is required'));
        }
      }
      return errors;
    },
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

function paths(rule: JsonObject): JsonObject[] {
  const found = isObject(rule.http) ? rule.http.paths : undefined;
  return Array.isArray(found) ? found.filter(isObject) : [];
}

/** Either a service with one of its ports, or some other object. */
function checkBackend(errors: FieldError[], path: string, backend: unknown): void {
  if (!isObject(backend)) return;
  const { service, resource } = backend;
  if (service && resource) {
    errors.push(invalid(path, '', 'cannot set both resource and service backends'));
    return;
  }
  if (!service && !resource) {
    errors.push(required(path, 'resource or service backend is required'));
    return;
  }
  if (!isObject(service)) return;
  if (!service.name) errors.push(required(`${path}.service.name`));
  const port = isObject(service.port) ? service.port : {};
  if (!port.name && !port.number) errors.push(required(`${path}.service.port`, 'port name or number is required'));
  if (port.name && port.number)
    errors.push(invalid(`${path}.service.port`, port, 'cannot set both port name & port number'));
}

/** Three names, and how many more there are. */
function hosts(o: KubeObject): string {
  const names = itemsAt(o, 'spec.rules').flatMap(({ host }) => (host ? [String(host)] : []));
  if (names.length === 0) return '*';
  const shown = names.slice(0, 3).join(',');
  return names.length > 3 ? `${shown} + ${names.length - 3} more...` : shown;
}

const networkPolicies = plainKind({
  ...GROUP,
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  generation: true,
  oneOf: {
    'spec.ingress[].ports[].protocol': ['SCTP', 'TCP', 'UDP'],
    'spec.egress[].ports[].protocol': ['SCTP', 'TCP', 'UDP'],
  },
  defaults: {
    'spec.podSelector': {},
    'spec.ingress[].ports[].protocol': 'TCP',
    'spec.egress[].ports[].protocol': 'TCP',
  },
  strategy: {
    setDefaults(o) {
      const spec = valueAt(o, 'spec') as JsonObject;
      spec.policyTypes ??= ['Ingress', ...(itemsAt(o, 'spec.egress').length > 0 ? ['Egress'] : [])];
    },
    validate(o) {
      const errors: FieldError[] = [];
      validateLabelSelector(errors, 'spec.podSelector', valueAt(o, 'spec.podSelector') as LabelSelector);
      for (const [direction, peers] of [
        ['ingress', 'from'],
        ['egress', 'to'],
      ] as const) {
        for (const [i, rule] of itemsAt(o, `spec.${direction}`).entries()) {
          const list = (Array.isArray(rule[peers]) ? rule[peers] : []) as JsonObject[];
          for (const [j, peer] of list.entries()) checkPeer(errors, `spec.${direction}[${i}].${peers}[${j}]`, peer);
        }
      }
      return errors;
    },
  },
  printer: printer(
    NAME,
    column('Pod-Selector', 'The pods that it is about.', o =>
      formatLabelSelector(valueAt(o, 'spec.podSelector') as LabelSelector),
    ),
    AGE,
  ),
});

function checkPeer(errors: FieldError[], path: string, peer: JsonObject): void {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  validateLabelSelector(errors, `${path}.podSelector`, podSelector as LabelSelector | undefined);
  validateLabelSelector(errors, `${path}.namespaceSelector`, namespaceSelector as LabelSelector | undefined);
  if (isObject(ipBlock)) {
    if (!ipBlock.cidr) errors.push(required(`${path}.ipBlock.cidr`));
    else addProblems(errors, `${path}.ipBlock.cidr`, ipBlock.cidr, checkCidr(String(ipBlock.cidr)));
    if (podSelector || namespaceSelector) errors.push(forbidden(path, 'may not specify both ipBlock and another peer'));
  } else if (!podSelector && !namespaceSelector) {
    errors.push(required(path, 'must specify a peer'));
  }
}

/** `networking.k8s.io/v1` */
export const networking = [
  plainKind({
    ...GROUP,
    kind: 'IngressClass',
    plural: 'ingressclasses',
    namespaced: false,
    generation: true,
    defaults: { 'spec.parameters?.scope': 'Cluster' },
    required: ['spec.parameters?.kind', 'spec.parameters?.name'],
    oneOf: { 'spec.parameters.scope': ['Cluster', 'Namespace'] },
    immutable: ['spec.controller'],
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
    validName: name => checkIp(name),
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
        for (const [i, cidr] of cidrs.entries()) addProblems(errors, `spec.cidrs[${i}]`, cidr, checkCidr(cidr));
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
