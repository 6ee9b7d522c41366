import { define, statusOf } from './define.js';
import { printService } from './printing/service.js';
import type { Service } from './types.js';
import { checkLabel1035 } from './validation/names.js';
import { validateService, validateServiceUpdate } from './validation/service.js';

export const services = define<Service>({
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  subresources: [statusOf('Service')],
  validName: checkLabel1035,
  selectableFields: { 'spec.clusterIP': o => o.spec.clusterIP ?? '', 'spec.type': o => o.spec.type ?? '' },
  strategy: {
    createsOnUpdate: true,
    setDefaults,
    prepareForCreate(object) {
      object.status = { loadBalancer: {} };
    },
    prepareForUpdate(object, old) {
      object.status = old.status;
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
    },
    validate: validateService,
    validateUpdate: validateServiceUpdate,
    // A Service is answered with when it is deleted, as Pods are.
    returnsDeletedObject: true,
  },
  printer: printService,
});

function setDefaults(object: Service): void {
  object.status ??= { loadBalancer: {} };
  const spec = (object.spec ??= {});
  spec.sessionAffinity ??= 'None';
  if (spec.sessionAffinity === 'ClientIP') {
    spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } };
  }
  spec.type ??= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP';
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
  }
  if (spec.type === 'ExternalName') return;
  spec.internalTrafficPolicy ??= 'Cluster';
  spec.ipFamilies ??= [spec.clusterIP?.includes(':') ? 'IPv6' : 'IPv4'];
  spec.ipFamilyPolicy ??= 'SingleStack';
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') spec.externalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
}
