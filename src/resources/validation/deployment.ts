import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import type { Deployment, DeploymentStrategy } from '../workload-types.js';
import { checkAnyPercent, checkIntOrPercent, isZero } from './int-or-percent.js';
import { checkNotNegative } from './messages.js';
import { validateSetSelector, validateSetTemplate, validateTemplateLabels } from './replicas.js';

/** Mirrors `ValidateDeploymentSpec`. */
export function validateDeployment({ spec }: Deployment): FieldError[] {
  const errors: FieldError[] = [];
  checkNotNegative(errors, 'spec.replicas', spec.replicas);
  if (validateSetSelector(errors, spec.selector, 'empty selector is invalid for deployment')) {
    validateTemplateLabels(errors, spec.selector, spec.template);
    // The pods are those of ReplicaSets.
    validateSetTemplate(errors, 'ReplicaSet', spec.template, spec.replicas);
  } else errors.push(invalid('spec.selector', spec.selector, 'invalid label selector'));
  validateStrategy(errors, spec.strategy);
  checkNotNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  checkNotNegative(errors, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit);
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  checkNotNegative(errors, 'spec.progressDeadlineSeconds', deadline);
  if (deadline !== undefined && deadline <= minReadySeconds) {
    errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  }
  return errors;
}

function validateStrategy(errors: FieldError[], strategy: DeploymentStrategy): void {
  const path = 'spec.strategy';
  const { type, rollingUpdate } = strategy;
  if (type === 'Recreate') {
    if (rollingUpdate)
      errors.push(forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (type !== 'RollingUpdate') errors.push(notSupported(path, strategy, ['Recreate', 'RollingUpdate']));
  else if (rollingUpdate) validateRollingUpdate(errors, `${path}.rollingUpdate`, rollingUpdate);
  else errors.push(required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil'));
}

/** A rollout that may neither add a pod nor take one away would never begin. */
function validateRollingUpdate(
  errors: FieldError[],
  path: string,
  { maxUnavailable, maxSurge }: NonNullable<DeploymentStrategy['rollingUpdate']>,
): void {
  checkIntOrPercent(errors, `${path}.maxUnavailable`, maxUnavailable);
  checkAnyPercent(errors, `${path}.maxSurge`, maxSurge);
  if (isZero(maxUnavailable) && isZero(maxSurge)) {
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
}
