import { StatusError } from '../../registry/status.js';
import { typeWarnings } from '../../resources/admission/type-check.js';
import { validatingAdmissionPolicies } from '../../resources/plain/admission.js';
import { type Controller, type ControllerContext, source } from '../runtime/types.js';

/** Tells in each policy's status what its expressions do not fit, of the types that it is about: once for each generation. */
export function policyStatusController({ registry }: ControllerContext): Controller {
  return {
    name: 'validatingadmissionpolicy-status',
    watches: [source(validatingAdmissionPolicies, ({ entry }) => [entry.name])],
    async reconcile(name: string) {
      const policy = registry.get(validatingAdmissionPolicies, '', name)?.object;
      const { generation } = policy?.metadata ?? {};
      if (!policy || generation === undefined || policy.status.observedGeneration === generation) return;
      const expressionWarnings = typeWarnings(policy.spec, registry.kinds);
      const typeChecking = expressionWarnings.length > 0 ? { expressionWarnings } : {};
      const status = { ...policy.status, observedGeneration: generation, typeChecking };
      try {
        await registry.update(validatingAdmissionPolicies, { ...policy, status }, { subresource: 'status' });
      } catch (error) {
        if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Conflict')) throw error;
      }
    },
  };
}
