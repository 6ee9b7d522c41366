import { countTemplate } from '../resources/daemon-set.js';
import { storeKey } from '../resources/definition.js';
import type { DaemonSet } from '../resources/types.js';
import type { AdmissionRequest } from './admission/admission.js';
import { tellWhoAndWhen } from './certificate-requests.js';
import { refuseBroaderBinding, refuseBroaderRole } from './escalation.js';
import type { Registry } from './registry.js';
import { assignAddresses } from './service-addresses.js';

type Preparation = (request: AdmissionRequest, registry: Registry) => void;

/** By resource. */
const PREPARATIONS: Readonly<Record<string, Preparation>> = {
  'certificatesigningrequests.certificates.k8s.io': tellWhoAndWhen,
  'clusterroles.rbac.authorization.k8s.io': refuseBroaderRole,
  'roles.rbac.authorization.k8s.io': refuseBroaderRole,
  'clusterrolebindings.rbac.authorization.k8s.io': refuseBroaderBinding,
  'rolebindings.rbac.authorization.k8s.io': refuseBroaderBinding,
  'daemonsets.apps': ({ object, old, subresource }) => {
    if (old && !subresource) countTemplate(object as DaemonSet, old as DaemonSet);
  },
  services: (request, registry) => {
    if (!request.subresource) assignAddresses(request, registry);
  },
};

/**
 * What is done to an object after admission and before validation, and needs to know more than the object: who asks, what time
 * it is, what else there is. Upstream does this in the kinds' own registries.
 * @throws StatusError 403, 404, 422, 500
 */
export function prepare(request: AdmissionRequest, registry: Registry): void {
  PREPARATIONS[storeKey(request.kind)]?.(request, registry);
}
