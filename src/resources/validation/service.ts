import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import type { Service, ServicePort } from '../types.js';
import { checkIp } from './ip.js';
import { validateLabels } from './labels.js';
import { addProblems, IMMUTABLE } from './messages.js';
import { checkLabel, checkPortNumber, checkQualifiedName, checkSubdomain } from './names.js';
import { checkPortReference, PROTOCOLS } from './ports.js';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const AFFINITIES = ['ClientIP', 'None'];

const POLICIES = ['Cluster', 'Local'];

/** Type, addresses and ports of a Service, and how they go together. */
export function validateService({ spec }: Service): FieldError[] {
  const errors: FieldError[] = [];
  const ports = spec.ports ?? [];
  const { type = '', clusterIP, clusterIPs = [] } = spec;
  const isHeadless = clusterIP === 'None';
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') errors.push(required('spec.ports'));
  if (type === 'LoadBalancer') {
    for (const port of ports) {
      if (port.port === 10_250) {
        errors.push(invalid('spec.ports', ports, 'may not expose port 10250 externally since it is used by kubelet'));
      }
    }
    if (isHeadless)
      errors.push(invalid('spec.clusterIPs[0]', clusterIP, `may not be set to 'None' for LoadBalancer services`));
  }
  if (type === 'NodePort' && isHeadless) {
    errors.push(invalid('spec.clusterIPs[0]', clusterIP, `may not be set to 'None' for NodePort services`));
  }
  if (type === 'ExternalName') validateExternalName(errors, spec);
  const names = new Set<string>();
  ports.forEach((port, i) => {
    validatePort(errors, `spec.ports[${i}]`, port, ports.length > 1, names);
  });
  validateLabels(errors, 'spec.selector', spec.selector);
  if (!spec.sessionAffinity) errors.push(required('spec.sessionAffinity'));
  else if (!AFFINITIES.includes(spec.sessionAffinity)) {
    errors.push(notSupported('spec.sessionAffinity', spec.sessionAffinity, AFFINITIES));
  }
  if (type !== 'ExternalName') {
    clusterIPs.forEach((ip, i) => {
      if (ip && ip !== 'None') addProblems(errors, `spec.clusterIPs[${i}]`, ip, checkIp(ip));
    });
    if (clusterIP && clusterIPs.length && clusterIP !== clusterIPs[0]) {
      errors.push(invalid('spec.clusterIPs', clusterIPs, 'first value must match `clusterIP`'));
    }
  }
  spec.externalIPs?.forEach((ip, i) => {
    addProblems(errors, `spec.externalIPs[${i}]`, ip, checkIp(ip));
  });
  if (!type) errors.push(required('spec.type'));
  else if (!TYPES.includes(type)) errors.push(notSupported('spec.type', type, TYPES));
  validatePorts(errors, ports, type);
  const { externalTrafficPolicy, internalTrafficPolicy } = spec;
  if (externalTrafficPolicy !== undefined) {
    if (type !== 'NodePort' && type !== 'LoadBalancer' && !spec.externalIPs?.length) {
      errors.push(
        invalid(
          'spec.externalTrafficPolicy',
          externalTrafficPolicy,
          'may only be set for externally-accessible services',
        ),
      );
    } else if (!POLICIES.includes(externalTrafficPolicy)) {
      errors.push(notSupported('spec.externalTrafficPolicy', externalTrafficPolicy, POLICIES));
    }
  }
  if (internalTrafficPolicy !== undefined && !POLICIES.includes(internalTrafficPolicy)) {
    errors.push(notSupported('spec.internalTrafficPolicy', internalTrafficPolicy, POLICIES));
  }
  return errors;
}

/** An address, once given, stays as long as the type has one. */
export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const errors: FieldError[] = [];
  const wasAddressed = old.spec.type !== 'ExternalName' && old.spec.clusterIP;
  if (wasAddressed && service.spec.type !== 'ExternalName' && service.spec.clusterIP !== old.spec.clusterIP) {
    errors.push(invalid('spec.clusterIPs[0]', service.spec.clusterIP ?? '', IMMUTABLE));
  }
  return [...errors, ...validateService(service)];
}

function validateExternalName(errors: FieldError[], spec: Service['spec']): void {
  if (spec.clusterIP) errors.push(forbidden('spec.clusterIP', "may not be set when `type` is 'ExternalName'"));
  const name = spec.externalName ?? '';
  if (!name) errors.push(required('spec.externalName'));
  else addProblems(errors, 'spec.externalName', name, checkSubdomain(name.endsWith('.') ? name.slice(0, -1) : name));
}

function validatePort(
  errors: FieldError[],
  path: string,
  port: ServicePort,
  needsName: boolean,
  names: Set<string>,
): void {
  const { name = '', protocol = '', targetPort, appProtocol } = port;
  if (!name && needsName) errors.push(required(`${path}.name`));
  else if (name) {
    addProblems(errors, `${path}.name`, name, checkLabel(name));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
  }
  addProblems(errors, `${path}.port`, port.port ?? 0, checkPortNumber(port.port ?? 0));
  if (!protocol) errors.push(required(`${path}.protocol`));
  else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
  if (targetPort !== undefined) checkPortReference(errors, `${path}.targetPort`, targetPort);
  if (appProtocol !== undefined)
    addProblems(errors, `${path}.appProtocol`, appProtocol, checkQualifiedName(appProtocol));
}

/** No port twice: inside the cluster, and on the nodes. */
function validatePorts(errors: FieldError[], ports: readonly ServicePort[], type: string): void {
  const seen = new Set<string>();
  const nodePorts = new Set<string>();
  ports.forEach((port, i) => {
    const key = `${port.protocol}/${port.port}`;
    if (seen.has(key)) errors.push(duplicate(`spec.ports[${i}]`, { protocol: port.protocol, port: port.port }));
    seen.add(key);
    if (!port.nodePort) return;
    if (type === 'ClusterIP' || type === 'ExternalName') {
      errors.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    }
    const nodeKey = `${port.protocol}/${port.nodePort}`;
    if (nodePorts.has(nodeKey)) errors.push(duplicate(`spec.ports[${i}].nodePort`, port.nodePort));
    nodePorts.add(nodeKey);
  });
}
