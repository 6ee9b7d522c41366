import { type FieldError, invalid, required } from '../field-error.js';
import type { ReplicaSet, ReplicationController } from '../workload-types.js';
import { checkNotNegative } from './messages.js';
import { validateSetSelector, validateSetTemplate, validateTemplateLabels } from './replicas.js';

/** Mirrors `ValidateReplicaSetSpec`. */
export function validateReplicaSet({ spec }: ReplicaSet): FieldError[] {
  const errors: FieldError[] = [];
  checkNotNegative(errors, 'spec.replicas', spec.replicas);
  checkNotNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  // Upstream says deployment here as well.
  if (validateSetSelector(errors, spec.selector, 'empty selector is invalid for deployment')) {
    validateTemplateLabels(errors, spec.selector, spec.template);
    validateSetTemplate(errors, 'ReplicaSet', spec.template, spec.replicas);
  } else errors.push(invalid('spec.selector', spec.selector, 'invalid label selector'));
  return errors;
}

/** Mirrors `ValidateReplicationControllerSpec`. */
export function validateReplicationController({ spec }: ReplicationController): FieldError[] {
  const errors: FieldError[] = [];
  const { selector = {}, template, replicas } = spec;
  checkNotNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  const hasSelector = Object.keys(selector).length > 0;
  if (!hasSelector) errors.push(required('spec.selector'));
  checkNotNegative(errors, 'spec.replicas', replicas);
  if (!template) return [...errors, required('spec.template')];
  if (hasSelector) validateTemplateLabels(errors, { matchLabels: selector }, template);
  validateSetTemplate(errors, 'ReplicationController', template, replicas);
  return errors;
}
