import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { labelSelectorMatcher } from '../selector.js';
import type { LabelSelector, PodTemplateSpec } from '../types.js';
import type { ReplicaStatus } from '../workload-types.js';
import { validateDisks } from './disks.js';
import { validateLabelSelector } from './labels.js';
import { checkNotNegative } from './messages.js';
import { validatePodTemplate } from './pod-template.js';

/**
 * The selector of a set of like pods: it must be there and select something. Answers whether pods can be looked for with it.
 * @param emptyProblem what is said of one that would select everything
 */
export function validateSetSelector(
  errors: FieldError[],
  selector: LabelSelector | undefined,
  emptyProblem: string,
): boolean {
  if (!selector) {
    errors.push(required('spec.selector'));
    return true;
  }
  const before = errors.length;
  validateLabelSelector(errors, 'spec.selector', selector);
  const isUsable = errors.length === before;
  if (selectsEverything(selector)) errors.push(invalid('spec.selector', selector, emptyProblem));
  return isUsable;
}

const selectsEverything = ({ matchLabels, matchExpressions }: LabelSelector) =>
  Object.keys(matchLabels ?? {}).length + (matchExpressions?.length ?? 0) === 0;

/** Whether the pods of a template would be found by the selector of their own set. */
export function validateTemplateLabels(
  errors: FieldError[],
  selector: LabelSelector | undefined,
  { metadata }: PodTemplateSpec,
): void {
  if (labelSelectorMatcher(selector).matches(metadata?.labels)) return;
  errors.push(
    invalid('spec.template.metadata.labels', metadata?.labels, '`selector` does not match template `labels`'),
  );
}

/** The template of pods that go on for ever, of which there are `replicas`. @param kind as messages name it */
export function validateSetTemplate(
  errors: FieldError[],
  kind: string,
  template: PodTemplateSpec,
  replicas: number,
): void {
  validatePodTemplate(errors, 'spec.template', template);
  if (replicas > 1) validateDisks(errors, 'spec.template.spec', template.spec);
  validateRunsForever(errors, kind, template);
}

/** Pods of a set are started again whatever happens, and have no deadline. @param kind as messages name it */
export function validateRunsForever(errors: FieldError[], kind: string, { spec }: PodTemplateSpec): void {
  if (spec.restartPolicy !== 'Always') {
    errors.push(notSupported('spec.template.spec.restartPolicy', spec.restartPolicy, ['Always']));
  }
  if (spec.activeDeadlineSeconds !== undefined) {
    errors.push(
      forbidden('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${kind} is not Supported`),
    );
  }
}

const COUNTS = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'updatedReplicas',
  'currentReplicas',
  'terminatingReplicas',
  'observedGeneration',
  'collisionCount',
] as const;

/** Counts of pods of a kind, none of which can be more than there are. */
const PARTS = [
  'fullyLabeledReplicas',
  'updatedReplicas',
  'readyReplicas',
  'currentReplicas',
  'availableReplicas',
] as const;

/** Counts that a set tells of itself: none below zero, no part more than the whole. */
export function validateReplicaStatus({ status }: { status: ReplicaStatus }): FieldError[] {
  const errors: FieldError[] = [];
  for (const count of COUNTS) checkNotNegative(errors, `status.${count}`, status[count]);
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  for (const part of PARTS) {
    const count = status[part];
    if (count !== undefined && count > replicas)
      errors.push(invalid(`status.${part}`, count, 'cannot be greater than status.replicas'));
  }
  if (availableReplicas > readyReplicas) {
    errors.push(invalid('status.availableReplicas', availableReplicas, 'cannot be greater than readyReplicas'));
  }
  return errors;
}

/** As {@link validateReplicaStatus}, and what counts collisions of names only grows. */
export function validateHistoryStatus(object: { status: ReplicaStatus }, old: { status: ReplicaStatus }): FieldError[] {
  const errors = validateReplicaStatus(object);
  const { collisionCount } = object.status;
  if (old.status.collisionCount !== undefined && (collisionCount ?? -1) < old.status.collisionCount) {
    errors.push(invalid('status.collisionCount', collisionCount ?? 0, 'cannot be decremented'));
  }
  return errors;
}
