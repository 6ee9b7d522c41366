import { type FieldError, invalid, notSupported, required, tooLong } from '../field-error.js';
import type { KubeObject } from '../types.js';
import { checkIp } from './ip.js';
import { addProblems } from './messages.js';
import {
  checkDomainPath,
  checkLabel1035,
  checkPathSegmentName,
  checkPortName,
  checkPortNumber,
  checkSubdomain,
  checkWildcardSubdomain,
  type Problems,
} from './names.js';

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const SCOPES = ['Cluster', 'Namespace'];
const FORBIDDEN_PARTS = ['//', '/./', '/../', '%2f', '%2F'];
const FORBIDDEN_ENDS = ['/..', '/.'];
const MAX_CONTROLLER = 250;
const OLD_CLASS = 'kubernetes.io/ingress.class';

interface Reference {
  apiGroup?: string;
  kind?: string;
  name?: string;
}

interface Backend {
  service?: { name?: string; port?: { name?: string; number?: number } };
  resource?: Reference;
}

interface HttpPath {
  path?: string;
  pathType?: string;
  backend?: Backend;
}

export interface Ingress extends KubeObject {
  spec: {
    ingressClassName?: string;
    defaultBackend?: Backend;
    tls?: { hosts?: string[]; secretName?: string }[];
    rules?: { host?: string; http?: { paths?: HttpPath[] } }[];
  };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

export interface IngressClass extends KubeObject {
  spec: { controller?: string; parameters?: Reference & { scope?: string; namespace?: string } };
}

/** Mirrors `ValidateIngressCreate` and `ValidateIngressUpdate`; what names its class in both ways, no one may make. */
export function validateIngress({ metadata, spec = {} }: Ingress, old?: Ingress): FieldError[] {
  const errors: FieldError[] = [];
  const { defaultBackend, rules = [], tls = [], ingressClassName } = spec;
  if (!defaultBackend && rules.length === 0) {
    errors.push(invalid('spec', null, 'either `defaultBackend` or `rules` must be specified'));
  }
  if (defaultBackend) validateBackend(errors, 'spec.defaultBackend', defaultBackend);
  rules.forEach(({ host, http }, i) => {
    const path = `spec.rules[${i}]`;
    if (host) {
      if (checkIp(host).length === 0) {
        errors.push(invalid(`${path}.host`, host, 'must be a DNS name, not an IP address'));
      }
      addProblems(errors, `${path}.host`, host, checkHost(host));
    }
    if (!http) return;
    if (!http.paths?.length) errors.push(required(`${path}.http.paths`));
    http.paths?.forEach((at, j) => {
      validatePath(errors, `${path}.http.paths[${j}]`, at);
    });
  });
  tls.forEach(({ hosts = [], secretName }, i) => {
    hosts.forEach((host, j) => {
      addProblems(errors, `spec.tls[${i}].hosts[${j}]`, host, checkHost(host));
    });
    if (secretName) addProblems(errors, `spec.tls[${i}].secretName`, secretName, checkSubdomain(secretName));
  });
  if (ingressClassName !== undefined) {
    addProblems(errors, 'spec.ingressClassName', ingressClassName, checkSubdomain(ingressClassName));
  }
  const oldClass = metadata.annotations?.[OLD_CLASS];
  if (!old && oldClass !== undefined && ingressClassName !== undefined && oldClass !== ingressClassName) {
    // Upstream's path lacks the metadata.
    errors.push(invalid(`annotations.${OLD_CLASS}`, oldClass, 'must match `ingressClassName` when both are specified'));
  }
  return errors;
}

const checkHost = (host: string): Problems =>
  host.includes('*') ? checkWildcardSubdomain(host) : checkSubdomain(host);

function validatePath(errors: FieldError[], path: string, { path: at = '', pathType, backend }: HttpPath): void {
  const field = `${path}.path`;
  if (pathType === undefined) {
    errors.push(required(`${path}.pathType`, 'pathType must be specified'));
    return;
  }
  if (!PATH_TYPES.includes(pathType)) errors.push(notSupported(`${path}.pathType`, pathType, PATH_TYPES));
  else {
    const isFree = pathType === 'ImplementationSpecific';
    if (!at.startsWith('/') && (at || !isFree)) errors.push(invalid(field, at, 'must be an absolute path'));
    if (!isFree) {
      for (const part of FORBIDDEN_PARTS) {
        if (at.includes(part)) errors.push(invalid(field, at, `must not contain '${part}'`));
      }
      for (const end of FORBIDDEN_ENDS) {
        if (at.endsWith(end)) errors.push(invalid(field, at, `cannot end with '${end}'`));
      }
    }
  }
  validateBackend(errors, `${path}.backend`, backend ?? {});
}

/** Either a service with one of its ports, or some other object. */
function validateBackend(errors: FieldError[], path: string, { service, resource }: Backend): void {
  if (service && resource) errors.push(invalid(path, '', 'cannot set both resource and service backends'));
  else if (resource) validateReference(errors, `${path}.resource`, resource);
  else if (service) {
    const { name, port = {} } = service;
    if (name) addProblems(errors, `${path}.service.name`, name, checkLabel1035(name));
    else errors.push(required(`${path}.service.name`));
    if (port.name && port.number) errors.push(invalid(path, '', 'cannot set both port name & port number'));
    else if (port.name) addProblems(errors, `${path}.service.port.name`, port.name, checkPortName(port.name));
    else if (port.number) addProblems(errors, `${path}.service.port.number`, port.number, checkPortNumber(port.number));
    else errors.push(required(path, 'port name or number is required'));
  } else errors.push(invalid(path, '', 'resource or service backend is required'));
}

function validateReference(errors: FieldError[], path: string, { apiGroup, kind, name }: Reference): void {
  if (apiGroup !== undefined) addProblems(errors, `${path}.apiGroup`, apiGroup, checkSubdomain(apiGroup));
  for (const [field, value] of [
    ['kind', kind],
    ['name', name],
  ] as const) {
    if (value) addProblems(errors, `${path}.${field}`, value, checkPathSegmentName(value));
    else errors.push(required(`${path}.${field}`, `${field} is required`));
  }
}

/** Addresses and names that an Ingress was given. */
export function validateIngressStatus({ status }: Ingress): FieldError[] {
  const errors: FieldError[] = [];
  status?.loadBalancer?.ingress?.forEach(({ ip, hostname }, i) => {
    const path = `status.loadBalancer.ingress[${i}]`;
    if (ip) addProblems(errors, `${path}.ip`, ip, checkIp(ip));
    if (!hostname) return;
    addProblems(errors, `${path}.hostname`, hostname, checkSubdomain(hostname));
    if (checkIp(hostname).length === 0) {
      errors.push(invalid(`${path}.hostname`, hostname, 'must be a DNS name, not an IP address'));
    }
  });
  return errors;
}

/** Mirrors `ValidateIngressClass`. */
export function validateIngressClass({ spec: { controller = '', parameters } }: IngressClass): FieldError[] {
  const errors: FieldError[] = [];
  if (controller.length > MAX_CONTROLLER) errors.push(tooLong('spec.controller', MAX_CONTROLLER));
  if (controller) addProblems(errors, 'spec.controller', controller, checkDomainPath(controller));
  else errors.push(required('spec.controller'));
  if (!parameters) return errors;
  const path = 'spec.parameters';
  const { scope, namespace } = parameters;
  validateReference(errors, path, parameters);
  if (scope !== undefined && !SCOPES.includes(scope)) errors.push(notSupported(`${path}.scope`, scope, SCOPES));
  if (scope === 'Namespace' && !namespace) {
    errors.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"));
  }
  return errors;
}
