import { generatedLabels } from '../defaults/job.js';
import { type FieldError, invalid, notSupported, required, tooLong } from '../field-error.js';
import { equalJson } from '../json.js';
import { labelSelectorMatcher } from '../selector.js';
import type { PodTemplateSpec } from '../types.js';
import type { Job, JobSpec } from '../workload-types.js';
import { validateFailurePolicy, validateSuccessPolicy } from './job-policies.js';
import { validateLabelSelector } from './labels.js';
import { addProblems, checkNotNegative, IMMUTABLE } from './messages.js';
import { checkDomainPath, checkLabel } from './names.js';
import { validatePodTemplate } from './pod-template.js';
import { validateTemplateLabels } from './replicas.js';

const MAX_MANAGED_BY = 63;
/** An Indexed Job of more pods at once, or of more failures, would not fit into its own status. */
const MAX_INDEXED = 100_000;
const MANY_COMPLETIONS = 100_000;
/** What an Indexed Job may do at once, and how often it may fail, once it has many completions. */
const MAX_OF_MANY = 10_000;

const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;

/** Mirrors `ValidateJob`; what its pods are called and found by is settled when it is made. */
export function validateJob(job: Job, old?: Job): FieldError[] {
  const { metadata, spec } = job;
  const errors: FieldError[] = [];
  if (!old && !spec.manualSelector) validateGenerated(errors, job);
  errors.push(...validateJobSpec('spec', spec));
  if (spec.selector) validateLabelSelector(errors, 'spec.selector', spec.selector);
  else errors.push(required('spec.selector'));
  validateTemplateLabels(errors, spec.selector, spec.template);
  const { completions = 0 } = spec;
  if (!old && spec.completionMode === 'Indexed' && completions > 0) {
    const last = `${metadata.name}-${completions - 1}`;
    if (checkLabel(last).length > 0) {
      errors.push(
        invalid('metadata.name', metadata.name, `will not able to create pod with invalid DNS label: ${last}`),
      );
    }
  }
  return errors;
}

/** The labels that the server has set have their values, and the selector finds them. */
function validateGenerated(errors: FieldError[], job: Job): void {
  const { selector, template } = job.spec;
  if (!selector) return;
  const path = 'spec.template.metadata.labels';
  const expected = generatedLabels(job);
  for (const [label, value] of Object.entries(expected)) {
    const given = template.metadata?.labels?.[label];
    if (given === undefined) errors.push(required(`${path}[${label}]`, `must be '${value}'`));
    else if (given !== value)
      errors.push(invalid(`${path}[${label}]`, template.metadata?.labels, `must be '${value}'`));
  }
  if (!labelSelectorMatcher(selector).matches(expected)) {
    errors.push(invalid('spec.selector', selector, '`selector` not auto-generated'));
  }
}

/**
 * A spec, be it of a Job or of one to come. Mirrors `validateJobSpec`.
 * @param path where the spec is
 */
export function validateJobSpec(path: string, spec: JobSpec): FieldError[] {
  const errors: FieldError[] = [];
  for (const count of COUNTS) checkNotNegative(errors, `${path}.${count}`, spec[count]);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  }
  if (spec.managedBy !== undefined) validateManagedBy(errors, `${path}.managedBy`, spec.managedBy);
  const { completionMode: mode = 'NonIndexed' } = spec;
  if (mode === 'Indexed') validateIndexed(errors, path, spec);
  else if (mode !== 'NonIndexed') errors.push(notSupported(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed']));
  if (mode === 'NonIndexed') {
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
      if (spec[field] !== undefined)
        errors.push(invalid(`${path}.${field}`, spec[field], 'requires indexed completion mode'));
    }
  }
  if (spec.podFailurePolicy) validateFailurePolicy(errors, `${path}.podFailurePolicy`, spec);
  if (spec.successPolicy) {
    if (mode === 'Indexed') validateSuccessPolicy(errors, `${path}.successPolicy`, spec);
    else errors.push(invalid(`${path}.successPolicy`, spec.successPolicy, 'requires indexed completion mode'));
  }
  const replacement = spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  if (spec.podReplacementPolicy !== undefined && !replacement.includes(spec.podReplacementPolicy)) {
    errors.push(notSupported(`${path}.podReplacementPolicy`, spec.podReplacementPolicy, replacement));
  }
  validatePodTemplate(errors, `${path}.template`, spec.template);
  validateRestartPolicy(errors, `${path}.template.spec.restartPolicy`, spec);
  return errors;
}

function validateManagedBy(errors: FieldError[], field: string, managedBy: string): void {
  if (managedBy === '') errors.push(required(field));
  else addProblems(errors, field, managedBy, checkDomainPath(managedBy));
  if (managedBy.length > MAX_MANAGED_BY) errors.push(tooLong(field, MAX_MANAGED_BY));
}

function validateIndexed(errors: FieldError[], path: string, spec: JobSpec): void {
  const { completions, parallelism = 0, maxFailedIndexes } = spec;
  if (completions === undefined) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'));
  const atMost = (field: 'parallelism' | 'maxFailedIndexes', max: number, when = '') => {
    if ((spec[field] ?? 0) > max)
      errors.push(invalid(`${path}.${field}`, spec[field], `must be less than or equal to ${max}${when}`));
  };
  if (parallelism > MAX_INDEXED) atMost('parallelism', MAX_INDEXED, ' when completion mode is Indexed');
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions) {
    errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions'));
  }
  atMost('maxFailedIndexes', MAX_INDEXED);
  if ((completions ?? 0) <= MANY_COMPLETIONS || spec.backoffLimitPerIndex === undefined) return;
  const when = ` when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`;
  if (maxFailedIndexes === undefined) {
    errors.push(
      required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${MANY_COMPLETIONS}`),
    );
  }
  atMost('parallelism', MAX_OF_MANY, when);
  atMost('maxFailedIndexes', MAX_OF_MANY, when);
}

/** A Job comes to an end, which the default of pods would keep it from. */
function validateRestartPolicy(errors: FieldError[], field: string, { template, podFailurePolicy }: JobSpec): void {
  const { restartPolicy } = template.spec;
  if (restartPolicy === 'Always') errors.push(required(field, 'valid values: "OnFailure", "Never"'));
  else if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never') {
    errors.push(notSupported(field, restartPolicy, ['OnFailure', 'Never']));
  } else if (podFailurePolicy && restartPolicy !== 'Never') {
    errors.push(invalid(field, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
}

/** What may not change. Mirrors `ValidateJobSpecUpdate`. */
export function validateJobUpdate({ spec }: Job, old: Job): FieldError[] {
  const errors: FieldError[] = [];
  const fixed = (field: keyof JobSpec, before: unknown = old.spec[field]) => {
    if (!equalJson(spec[field], before)) errors.push(invalid(`spec.${field}`, spec[field], IMMUTABLE));
  };
  if (spec.completionMode !== 'Indexed') fixed('completions');
  else if (spec.completions !== undefined && spec.completions !== old.spec.completions) {
    // An elastic Job grows and shrinks as a whole.
    if (spec.completions !== spec.parallelism)
      errors.push(
        invalid('spec.completions', spec.completions, 'can only be modified in tandem with spec.parallelism'),
      );
  }
  fixed('selector');
  const isWaiting = old.spec.suspend === true && old.status.startTime === undefined;
  fixed('template', isWaiting ? withScheduling(old.spec.template, spec.template) : old.spec.template);
  for (const field of [
    'completionMode',
    'podFailurePolicy',
    'backoffLimitPerIndex',
    'managedBy',
    'successPolicy',
  ] as const)
    fixed(field);
  return errors;
}

/** `template` with what `wanted` says of where its pods go: that may change while a Job waits to be started. */
function withScheduling(template: PodTemplateSpec, wanted: PodTemplateSpec): PodTemplateSpec {
  const { nodeSelector, tolerations, schedulingGates, affinity } = wanted.spec;
  const nodeAffinity = affinity?.nodeAffinity;
  const others = { ...template.spec.affinity, nodeAffinity };
  const isEmpty = Object.values(others).every(part => part === undefined);
  return {
    ...template,
    metadata: {
      ...template.metadata,
      labels: wanted.metadata?.labels,
      annotations: wanted.metadata?.annotations,
    } as PodTemplateSpec['metadata'],
    spec: {
      ...template.spec,
      nodeSelector,
      tolerations,
      schedulingGates,
      affinity: isEmpty ? affinity : others,
    } as PodTemplateSpec['spec'],
  };
}
