import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { hasNodePorts, isExternallyAccessible, isHeadless, needsHealthCheck } from '../service.js';
import type { Service, ServicePort } from '../types.js';
import { checkCidr, checkIp, checkOrdinaryIp } from './ip.js';
import { validateLabels } from './labels.js';
import { addProblems, IMMUTABLE } from './messages.js';
import { checkLabel, checkPortNumber, checkQualifiedName, checkSubdomain } from './names.js';
import { checkPortReference, PROTOCOLS } from './ports.js';
import { validateServiceAddresses, validateServiceAddressesUpdate } from './service-addresses.js';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const AFFINITIES = ['ClientIP', 'None'];

const POLICIES = ['Cluster', 'Local'];
const DISTRIBUTIONS = ['PreferClose', 'PreferSameNode', 'PreferSameZone'];
const IP_MODES = ['Proxy', 'VIP'];
const MAX_AFFINITY_SECONDS = 86_400;
const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** Type, addresses and ports of a Service, and how they go together. */
export function validateService({ spec, metadata }: Service): FieldError[] {
  const errors: FieldError[] = [];
  const ports = spec.ports ?? [];
  const { type = '', clusterIP } = spec;
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') errors.push(required('spec.ports'));
  if (type === 'LoadBalancer') {
    for (const [i, port] of ports.entries()) {
      if (port.port === 10_250) {
        errors.push(
          invalid(`spec.ports[${i}]`, port.port, 'may not expose port 10250 externally since it is used by kubelet'),
        );
      }
    }
  }
  if (hasNodePorts(spec) && isHeadless(spec))
    errors.push(invalid('spec.clusterIPs[0]', clusterIP, `may not be set to 'None' for ${type} services`));
  if (type === 'ExternalName') validateExternalName(errors, spec);
  const names = new Set<string>();
  ports.forEach((port, i) => {
    validatePort(errors, `spec.ports[${i}]`, port, ports.length > 1, names);
  });
  validateLabels(errors, 'spec.selector', spec.selector);
  validateAffinity(errors, spec);
  errors.push(...validateServiceAddresses(spec));
  spec.externalIPs?.forEach((ip, i) => {
    const problems = checkIp(ip);
    addProblems(errors, `spec.externalIPs[${i}]`, ip, problems.length > 0 ? problems : checkOrdinaryIp(ip));
  });
  if (!type) errors.push(required('spec.type'));
  else if (!TYPES.includes(type)) errors.push(notSupported('spec.type', type, TYPES));
  validatePorts(errors, ports, type);
  validateSourceRanges(errors, spec, metadata);
  validateBalancer(errors, spec);
  validateTraffic(errors, spec);
  return errors;
}

/** What was given stays, as long as the type has it. */
export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const { spec } = service;
  const errors = validateServiceAddressesUpdate(spec, old.spec);
  if (
    needsHealthCheck(spec) &&
    needsHealthCheck(old.spec) &&
    (spec.healthCheckNodePort ?? 0) !== (old.spec.healthCheckNodePort ?? 0)
  )
    errors.push(forbidden('spec.healthCheckNodePort', IMMUTABLE));
  const areBalanced = spec.type === 'LoadBalancer' && old.spec.type === 'LoadBalancer';
  if (areBalanced && spec.loadBalancerClass !== old.spec.loadBalancerClass)
    errors.push(invalid('spec.loadBalancerClass', spec.loadBalancerClass, 'may not change once set'));
  return [...errors, ...validateService(service)];
}

/** What load balancers tell of themselves, and only of Services that have one. */
export function validateServiceStatus({ spec, status }: Service): FieldError[] {
  const errors: FieldError[] = [];
  const ingress = status?.loadBalancer?.ingress ?? [];
  const path = 'status.loadBalancer.ingress';
  if (spec.type !== 'LoadBalancer' && ingress.length > 0)
    errors.push(forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'"));
  for (const [i, { ip, hostname, ipMode }] of ingress.entries()) {
    if (ip) addProblems(errors, `${path}[${i}].ip`, ip, checkIp(ip));
    if (ip && !ipMode) errors.push(required(`${path}[${i}].ipMode`, 'must be specified when `ip` is set'));
    else if (!ip && ipMode) errors.push(forbidden(`${path}[${i}].ipMode`, 'may not be specified when `ip` is not set'));
    else if (ipMode && !IP_MODES.includes(ipMode)) errors.push(notSupported(`${path}[${i}].ipMode`, ipMode, IP_MODES));
    if (!hostname) continue;
    addProblems(errors, `${path}[${i}].hostname`, hostname, checkSubdomain(hostname));
    if (checkIp(hostname).length === 0)
      errors.push(invalid(`${path}[${i}].hostname`, hostname, 'must be a DNS name, not an IP address'));
  }
  return errors;
}

function validateExternalName(errors: FieldError[], spec: Service['spec']): void {
  for (const field of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'] as const)
    if ((spec[field]?.length ?? 0) > 0)
      errors.push(forbidden(`spec.${field}`, 'may not be set for ExternalName services'));
  const name = spec.externalName ?? '';
  const relative = name.endsWith('.') ? name.slice(0, -1) : name;
  if (!relative) errors.push(required('spec.externalName'));
  else addProblems(errors, 'spec.externalName', relative, checkSubdomain(relative));
}

function validateAffinity(
  errors: FieldError[],
  { sessionAffinity, sessionAffinityConfig: config }: Service['spec'],
): void {
  if (!sessionAffinity) errors.push(required('spec.sessionAffinity'));
  else if (!AFFINITIES.includes(sessionAffinity))
    errors.push(notSupported('spec.sessionAffinity', sessionAffinity, AFFINITIES));
  const field = 'spec.sessionAffinityConfig';
  if (sessionAffinity === 'None' && config !== undefined)
    errors.push(forbidden(field, 'must not be set when session affinity is None'));
  if (sessionAffinity !== 'ClientIP') return;
  const seconds = config?.clientIP?.timeoutSeconds;
  if (seconds === undefined)
    errors.push(required(`${field}.clientIP.timeoutSeconds`, 'when session affinity type is ClientIP'));
  else if (seconds <= 0 || seconds > MAX_AFFINITY_SECONDS)
    errors.push(
      invalid(
        `${field}.clientIP.timeoutSeconds`,
        seconds,
        `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`,
      ),
    );
}

/** From where a load balancer may be reached, by the field or else by the annotation. */
function validateSourceRanges(errors: FieldError[], spec: Service['spec'], { annotations }: Service['metadata']): void {
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const annotation = annotations?.[SOURCE_RANGES];
  const only = "may only be used when `type` is 'LoadBalancer'";
  if (ranges.length > 0) {
    const field = 'spec.LoadBalancerSourceRanges';
    if (spec.type !== 'LoadBalancer') errors.push(forbidden(field, only));
    for (const [i, range] of ranges.entries()) addProblems(errors, `${field}[${i}]`, range, checkCidr(range.trim()));
  } else if (annotation !== undefined) {
    const field = `metadata.annotations[${SOURCE_RANGES}]`;
    const text = annotation.trim();
    if (spec.type !== 'LoadBalancer') errors.push(forbidden(field, only));
    else if (text !== '' && text.split(',').some(range => checkCidr(range.trim()).length > 0))
      errors.push(invalid(field, text, 'must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24'));
  }
}

function validateBalancer(errors: FieldError[], spec: Service['spec']): void {
  const { type, allocateLoadBalancerNodePorts, loadBalancerClass } = spec;
  const only = "may only be used when `type` is 'LoadBalancer'";
  if (type !== 'LoadBalancer') {
    if (allocateLoadBalancerNodePorts !== undefined) errors.push(forbidden('spec.allocateLoadBalancerNodePorts', only));
    if (loadBalancerClass !== undefined) errors.push(forbidden('spec.loadBalancerClass', only));
    return;
  }
  if (allocateLoadBalancerNodePorts === undefined) errors.push(required('allocateLoadBalancerNodePorts'));
  if (loadBalancerClass !== undefined)
    addProblems(errors, 'spec.loadBalancerClass', loadBalancerClass, checkQualifiedName(loadBalancerClass));
}

function validateTraffic(errors: FieldError[], spec: Service['spec']): void {
  const { externalTrafficPolicy, internalTrafficPolicy, healthCheckNodePort = 0, trafficDistribution } = spec;
  const external = 'spec.externalTrafficPolicy';
  if (!isExternallyAccessible(spec)) {
    if (externalTrafficPolicy !== undefined)
      errors.push(invalid(external, externalTrafficPolicy, 'may only be set for externally-accessible services'));
  } else if (!externalTrafficPolicy) errors.push(required(external));
  else if (!POLICIES.includes(externalTrafficPolicy))
    errors.push(notSupported(external, externalTrafficPolicy, POLICIES));
  const health = 'spec.healthCheckNodePort';
  if (!needsHealthCheck(spec)) {
    if (healthCheckNodePort !== 0)
      errors.push(
        invalid(
          health,
          healthCheckNodePort,
          "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
        ),
      );
  } else if (healthCheckNodePort === 0) errors.push(required(health));
  else addProblems(errors, health, healthCheckNodePort, checkPortNumber(healthCheckNodePort));
  if (internalTrafficPolicy === undefined) {
    if (hasNodePorts(spec) || spec.type === 'ClusterIP') errors.push(required('spec.internalTrafficPolicy'));
  } else if (!POLICIES.includes(internalTrafficPolicy))
    errors.push(notSupported('spec.internalTrafficPolicy', internalTrafficPolicy, POLICIES));
  if (trafficDistribution !== undefined && !DISTRIBUTIONS.includes(trafficDistribution))
    errors.push(notSupported('spec.trafficDistribution', trafficDistribution, DISTRIBUTIONS));
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
    if (type === 'ClusterIP') {
      errors.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    }
    const nodeKey = `${port.protocol}/${port.nodePort}`;
    if (nodePorts.has(nodeKey)) errors.push(duplicate(`spec.ports[${i}].nodePort`, port.nodePort));
    nodePorts.add(nodeKey);
  });
}
