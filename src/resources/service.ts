import { define, proxyOf, statusOf } from './define.js';
import { equalJson } from './json.js';
import { printService } from './printing/service.js';
import type { Service } from './types.js';
import { checkLabel1035 } from './validation/names.js';
import { validateService, validateServiceStatus, validateServiceUpdate } from './validation/service.js';
import { balancerWarnings, serviceWarnings } from './warnings/networking.js';

type Spec = Service['spec'];

export const services = define<Service>({
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  subresources: [statusOf('Service'), proxyOf('Service')],
  validName: checkLabel1035,
  selectableFields: { 'spec.clusterIP': o => o.spec.clusterIP ?? '', 'spec.type': o => o.spec.type ?? '' },
  strategy: {
    createsOnUpdate: true,
    setDefaults,
    prepareForCreate(object) {
      object.status = { loadBalancer: {} };
    },
    prepareForUpdate(object, old) {
      object.status = object.spec.type === 'LoadBalancer' ? old.status : { ...old.status, loadBalancer: {} };
      dropWhatTheTypeHasNot(object.spec, old.spec);
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
    },
    validate: validateService,
    validateUpdate: validateServiceUpdate,
    validateStatusUpdate: validateServiceStatus,
    warnings: serviceWarnings,
    statusWarnings: balancerWarnings,
    // A Service is answered with when it is deleted, as Pods are.
    returnsDeletedObject: true,
  },
  printer: printService,
});

/** Whether a Service has no address on purpose. */
export const isHeadless = ({ clusterIP, clusterIPs }: Spec): boolean =>
  clusterIP === 'None' || (clusterIPs?.length === 1 && clusterIPs[0] === 'None');

/** Whether nodes listen for a Service. */
export const hasNodePorts = ({ type }: Spec): boolean => type === 'NodePort' || type === 'LoadBalancer';

/** Whether a load balancer must find out which nodes have pods of the Service. */
export const needsHealthCheck = ({ type, externalTrafficPolicy }: Spec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

/** Whether a Service can be reached from outside. */
export const isExternallyAccessible = (spec: Spec): boolean =>
  hasNodePorts(spec) || (spec.type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0);

/** Addresses, families and node ports come from the registry (`service-addresses.ts`). */
function setDefaults(object: Service): void {
  object.status ??= { loadBalancer: {} };
  const spec = (object.spec ??= {});
  spec.sessionAffinity ??= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10_800 } };
  }
  spec.type ??= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP';
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
    // What is not set is not there.
    if (port.nodePort === 0) delete port.nodePort;
  }
  // Who knows only the older of the two fields means both.
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
  if (isExternallyAccessible(spec)) spec.externalTrafficPolicy ??= 'Cluster';
  if (hasNodePorts(spec) || spec.type === 'ClusterIP') spec.internalTrafficPolicy ??= 'Cluster';
  if (spec.type !== 'LoadBalancer') return;
  spec.allocateLoadBalancerNodePorts ??= true;
  for (const ingress of object.status.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
}

/** What a change of the type makes meaningless goes, unless it is changed as well, which validation is to tell of. */
function dropWhatTheTypeHasNot(spec: Spec, old: Spec): void {
  const same = (...fields: (keyof Spec)[]) => fields.every(field => equalJson(spec[field], old[field]));
  if (old.type !== 'ExternalName' && spec.type === 'ExternalName') {
    if (same('clusterIP', 'clusterIPs')) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    if (same('ipFamilies')) delete spec.ipFamilies;
    if (same('ipFamilyPolicy')) delete spec.ipFamilyPolicy;
  }
  if (hasNodePorts(old) && !hasNodePorts(spec)) {
    const known = new Set(old.ports?.map(({ nodePort }) => nodePort));
    const ports = spec.ports ?? [];
    if (ports.every(({ nodePort }) => nodePort === undefined || known.has(nodePort)))
      for (const port of ports) delete port.nodePort;
  }
  if (needsHealthCheck(old) && !needsHealthCheck(spec) && same('healthCheckNodePort')) delete spec.healthCheckNodePort;
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (same('allocateLoadBalancerNodePorts')) delete spec.allocateLoadBalancerNodePorts;
    if (same('loadBalancerClass')) delete spec.loadBalancerClass;
  }
  if (isExternallyAccessible(old) && !isExternallyAccessible(spec) && same('externalTrafficPolicy'))
    delete spec.externalTrafficPolicy;
}
