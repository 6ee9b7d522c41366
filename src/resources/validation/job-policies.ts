import {
  duplicate,
  type FieldError,
  invalid,
  notSupported,
  OMITTED,
  required,
  tooLong,
  tooMany,
} from '../field-error.js';
import type { JobSpec, PodFailurePolicyRule, SuccessPolicyRule } from '../workload-types.js';
import { parseIndexes } from './job-indexes.js';
import { addProblems, checkNotNegative } from './messages.js';
import { checkQualifiedName } from './names.js';

const MAX_RULES = 20;
const MAX_CONDITIONS = 20;
const MAX_EXIT_CODES = 255;
const MAX_INDEXES_LENGTH = 64 * 1024;
const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const OPERATORS = ['In', 'NotIn'];
const STATUSES = ['False', 'True', 'Unknown'];

const quoted = (values: readonly string[]) => `valid values: [${values.map(v => JSON.stringify(v)).join(' ')}]`;

/** What a Job makes of pods that fail. @param path where the policy is */
export function validateFailurePolicy(errors: FieldError[], path: string, spec: JobSpec): void {
  const { rules = [] } = spec.podFailurePolicy!;
  if (rules.length > MAX_RULES) errors.push(tooMany(`${path}.rules`, rules.length, MAX_RULES));
  const { containers, initContainers = [] } = spec.template.spec;
  const names = new Set([...containers, ...initContainers].map(c => c.name));
  rules.forEach((rule, i) => {
    validateFailureRule(errors, `${path}.rules[${i}]`, rule, spec, names);
  });
}

function validateFailureRule(
  errors: FieldError[],
  path: string,
  { action, onExitCodes, onPodConditions = [] }: PodFailurePolicyRule,
  spec: JobSpec,
  containers: ReadonlySet<string>,
): void {
  if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) {
    errors.push(invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  }
  checkOneOf(errors, `${path}.action`, action, ACTIONS);
  if (onExitCodes) validateExitCodes(errors, `${path}.onExitCodes`, onExitCodes, containers);
  if (onPodConditions.length > MAX_CONDITIONS) {
    errors.push(tooMany(`${path}.onPodConditions`, onPodConditions.length, MAX_CONDITIONS));
  }
  onPodConditions.forEach(({ type = '', status }, i) => {
    addProblems(errors, `${path}.onPodConditions[${i}].type`, type, checkQualifiedName(type));
    checkOneOf(errors, `${path}.onPodConditions[${i}].status`, status, STATUSES);
  });
  const hasConditions = onPodConditions.length > 0;
  if (onExitCodes && hasConditions) {
    errors.push(invalid(path, OMITTED, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  } else if (!onExitCodes && !hasConditions) {
    errors.push(invalid(path, OMITTED, 'specifying one of OnExitCodes and OnPodConditions is required'));
  }
}

function checkOneOf(errors: FieldError[], field: string, value: string | undefined, allowed: readonly string[]): void {
  if (!value) errors.push(required(field, quoted(allowed)));
  else if (!allowed.includes(value)) errors.push(notSupported(field, value, allowed));
}

function validateExitCodes(
  errors: FieldError[],
  path: string,
  { containerName, operator, values = [] }: NonNullable<PodFailurePolicyRule['onExitCodes']>,
  containers: ReadonlySet<string>,
): void {
  checkOneOf(errors, `${path}.operator`, operator, OPERATORS);
  if (containerName !== undefined && !containers.has(containerName)) {
    errors.push(
      invalid(
        `${path}.containerName`,
        containerName,
        'must be one of the container or initContainer names in the pod template',
      ),
    );
  }
  if (values.length === 0) errors.push(invalid(`${path}.values`, values, 'at least one value is required'));
  if (values.length > MAX_EXIT_CODES) errors.push(tooMany(`${path}.values`, values.length, MAX_EXIT_CODES));
  values.forEach((value, i) => {
    if (operator === 'In' && value === 0)
      errors.push(invalid(`${path}.values[${i}]`, value, 'must not be 0 for the In operator'));
    if (values.indexOf(value) < i) errors.push(duplicate(`${path}.values[${i}]`, value));
  });
  if (values.some((value, i) => i > 0 && values[i - 1]! > value)) {
    errors.push(invalid(`${path}.values`, values, 'must be ordered'));
  }
}

/** When an Indexed Job has succeeded though not all of its pods have. @param path where the policy is */
export function validateSuccessPolicy(errors: FieldError[], path: string, spec: JobSpec): void {
  const { rules = [] } = spec.successPolicy!;
  if (rules.length === 0) {
    errors.push(required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified'));
  }
  if (rules.length > MAX_RULES) errors.push(tooMany(`${path}.rules`, rules.length, MAX_RULES));
  rules.forEach((rule, i) => {
    validateSuccessRule(errors, `${path}.rules[${i}]`, rule, spec.completions ?? 0);
  });
}

function validateSuccessRule(
  errors: FieldError[],
  path: string,
  { succeededCount: count, succeededIndexes: indexes }: SuccessPolicyRule,
  completions: number,
): void {
  if (count === undefined && indexes === undefined) {
    errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  }
  const parsed = parseIndexes(indexes ?? '', completions);
  if (indexes !== undefined) {
    const field = `${path}.succeededIndexes`;
    if (indexes.length > MAX_INDEXES_LENGTH) errors.push(tooLong(field, MAX_INDEXES_LENGTH));
    if (parsed.problem) errors.push(invalid(field, indexes, `error parsing succeededIndexes: ${parsed.problem}`));
  }
  if (count === undefined) return;
  const field = `${path}.succeededCount`;
  checkNotNegative(errors, field, count);
  const atMost = (max: number, what: string) => {
    if (count > max) errors.push(invalid(field, count, `must be less than or equal to ${max} (${what})`));
  };
  atMost(completions, 'the number of specified completions');
  if (indexes !== undefined) atMost(parsed.total, 'the number of indexes in the specified succeededIndexes field');
}
