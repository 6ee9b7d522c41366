import { define } from './define.js';
import { type FieldError, forbidden, notSupported } from './field-error.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { PriorityClass } from './types.js';
import { SYSTEM_PRIORITIES } from './well-known.js';

/** What users may choose; above are the two classes for the cluster's own critical pods. */
const HIGHEST_USER_PRIORITY = 1_000_000_000;
const SYSTEM_PREFIX = 'system-';
const SYSTEM: Readonly<Record<string, number>> = SYSTEM_PRIORITIES;
const POLICIES = ['PreemptLowerPriority', 'Never'];

export const priorityClasses = define<PriorityClass>({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  strategy: {
    setDefaults(object) {
      object.value ??= 0;
      object.preemptionPolicy ??= 'PreemptLowerPriority';
    },
    prepareForCreate(object) {
      object.metadata.generation = 1;
    },
    validate,
    validateUpdate(object, old) {
      const errors: FieldError[] = [];
      if (object.value !== old.value) errors.push(forbidden('value', 'may not be changed in an update.'));
      if ((object.preemptionPolicy ?? POLICIES[0]) !== (old.preemptionPolicy ?? POLICIES[0])) {
        errors.push(forbidden('preemptionPolicy', 'may not be changed in an update.'));
      }
      return errors;
    },
  },
  printer: printer<PriorityClass>(
    NAME,
    column('Value', 'Pods of a higher value go first.', o => o.value, 'integer'),
    column('Global-Default', 'Whether pods that name no class get this one.', o => o.globalDefault ?? false, 'boolean'),
    AGE,
    column(
      'PreemptionPolicy',
      'Whether its pods may take the place of others.',
      o => o.preemptionPolicy ?? POLICIES[0]!,
    ),
  ),
});

function validate({ metadata, value, globalDefault, preemptionPolicy }: PriorityClass): FieldError[] {
  const errors: FieldError[] = [];
  const { name } = metadata;
  if (name?.startsWith(SYSTEM_PREFIX)) {
    if (SYSTEM[name] !== value || globalDefault) {
      errors.push(
        forbidden(
          'metadata.name',
          `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${systemProblem(name, value)}`,
        ),
      );
    }
  } else if (value > HIGHEST_USER_PRIORITY) {
    errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`));
  }
  if (preemptionPolicy !== undefined && !POLICIES.includes(preemptionPolicy)) {
    errors.push(notSupported('preemptionPolicy', preemptionPolicy, POLICIES));
  }
  return errors;
}

function systemProblem(name: string, value: number): string {
  const known = SYSTEM[name];
  if (known === undefined) return `${name} is not a known system priority class`;
  return known === value ? `globalDefault of ${name} must be false` : `value of ${name} PriorityClass must be ${known}`;
}
