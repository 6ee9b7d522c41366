import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { equalJson } from '../json.js';
import { labelSelectorMatcher } from '../selector.js';
import type { DaemonSet, DaemonSetSpec, LabelSelector, RollingUpdateDaemonSet } from '../types.js';
import { validateDisks } from './disks.js';
import { checkIntOrPercent, isZero } from './int-or-percent.js';
import { hasBadValue, validateLabelSelector } from './labels.js';
import { checkNotNegative, IMMUTABLE } from './messages.js';
import { validatePodTemplate } from './pod-template.js';

const COUNTERS = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const;

/** VAL-20..72 */
export function validateDaemonSet({ spec }: DaemonSet): FieldError[] {
  return validateSpec(spec);
}

/** As on create, and the selector stays (VAL-30). Each problem is listed once, as since 1.34 (VAL-03). */
export function validateDaemonSetUpdate(object: DaemonSet, old: DaemonSet): FieldError[] {
  const errors = validateDaemonSetReplacement(object, old);
  const { selector } = object.spec;
  if (!equalJson(selector, old.spec.selector)) errors.push(invalid('spec.selector', selector, IMMUTABLE));
  return errors;
}

/** The same where the selector may change: in `extensions/v1beta1`. */
export function validateDaemonSetReplacement({ spec }: DaemonSet, { spec: old }: DaemonSet): FieldError[] {
  return validateSpec(spec, old);
}

/** VAL-80, VAL-81 */
export function validateDaemonSetStatusUpdate({ status }: DaemonSet, { status: old }: DaemonSet): FieldError[] {
  const errors: FieldError[] = [];
  for (const counter of COUNTERS) checkNotNegative(errors, `status.${counter}`, status[counter]);
  if (old.collisionCount !== undefined && (status.collisionCount ?? -1) < old.collisionCount) {
    errors.push(invalid('status.collisionCount', status.collisionCount ?? 0, 'cannot be decremented'));
  }
  return errors;
}

function validateSpec(spec: DaemonSetSpec, old?: DaemonSetSpec): FieldError[] {
  const errors: FieldError[] = [];
  validateSelector(errors, spec, old?.selector);
  validatePodTemplate(errors, 'spec.template', spec.template);
  const pod = spec.template.spec;
  validateDisks(errors, 'spec.template.spec', pod, old?.template.spec);
  if (pod.restartPolicy !== 'Always') {
    errors.push(notSupported('spec.template.spec.restartPolicy', pod.restartPolicy, ['Always']));
  }
  if (pod.activeDeadlineSeconds !== undefined) {
    errors.push(
      forbidden('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in DaemonSet is not Supported'),
    );
  }
  checkNotNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  validateUpdateStrategy(errors, spec.updateStrategy);
  checkNotNegative(errors, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit);
  return errors;
}

function validateSelector(errors: FieldError[], { selector, template }: DaemonSetSpec, old?: LabelSelector): void {
  validateLabelSelector(errors, 'spec.selector', selector, old);
  const isUsable = errors.length === 0 && !hasBadValue(selector);
  const labels = template.metadata?.labels;
  if (isUsable && !labelSelectorMatcher(selector).matches(labels)) {
    errors.push(invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  if (selector && isEmpty(selector.matchLabels) && !selector.matchExpressions?.length) {
    errors.push(invalid('spec.selector', selector, 'empty selector is invalid for daemonset'));
  }
}

function isEmpty(labels: Record<string, string> | undefined): boolean {
  for (const _ in labels) return false;
  return true;
}

function validateUpdateStrategy(errors: FieldError[], strategy: DaemonSetSpec['updateStrategy']): void {
  const { type, rollingUpdate } = strategy;
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') {
    errors.push(notSupported('spec.updateStrategy', strategy, ['RollingUpdate', 'OnDelete']));
  } else if (rollingUpdate) validateRollingUpdate(errors, 'spec.updateStrategy.rollingUpdate', rollingUpdate);
  else errors.push(required('spec.updateStrategy.rollingUpdate'));
}

/** Pods are either taken away first or added first; one of the two numbers is zero, and the other is not. */
function validateRollingUpdate(errors: FieldError[], path: string, rollingUpdate: RollingUpdateDaemonSet): void {
  const { maxUnavailable, maxSurge } = rollingUpdate;
  checkIntOrPercent(errors, `${path}.maxUnavailable`, maxUnavailable);
  checkIntOrPercent(errors, `${path}.maxSurge`, maxSurge);
  if (isZero(maxUnavailable) && isZero(maxSurge)) {
    errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  } else if (!isZero(maxUnavailable) && !isZero(maxSurge)) {
    errors.push(invalid(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  }
}
