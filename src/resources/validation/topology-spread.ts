import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error.js';
import type { TopologySpreadConstraint } from '../types.js';
import { validateLabelSelector } from './labels.js';
import { addProblems, POSITIVE } from './messages.js';
import { checkQualifiedName } from './names.js';

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const INCLUSION_POLICIES = ['Honor', 'Ignore'];

/** Topology spread constraints, each pair of key and action once. */
export function validateTopologySpread(
  errors: FieldError[],
  path: string,
  constraints: readonly TopologySpreadConstraint[],
): void {
  const seen = new Set<string>();
  constraints.forEach((constraint, i) => {
    const field = `${path}[${i}]`;
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', minDomains } = constraint;
    if (maxSkew <= 0) errors.push(invalid(`${field}.maxSkew`, maxSkew, POSITIVE));
    if (!topologyKey) errors.push(required(`${field}.topologyKey`, 'can not be empty'));
    addProblems(errors, `${field}.topologyKey`, topologyKey, checkQualifiedName(topologyKey));
    if (!ACTIONS.includes(whenUnsatisfiable)) {
      errors.push(notSupported(`${field}.whenUnsatisfiable`, whenUnsatisfiable, ACTIONS));
    }
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
    if (seen.has(pair)) errors.push(duplicate(`${field}.{topologyKey, whenUnsatisfiable}`, pair));
    seen.add(pair);
    if (minDomains !== undefined) {
      if (minDomains <= 0) errors.push(invalid(`${field}.minDomains`, minDomains, POSITIVE));
      if (whenUnsatisfiable !== 'DoNotSchedule') {
        errors.push(
          invalid(
            `${field}.minDomains`,
            minDomains,
            `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
          ),
        );
      }
    }
    for (const policy of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const value = constraint[policy];
      if (value !== undefined && !INCLUSION_POLICIES.includes(value)) {
        errors.push(notSupported(`${field}.${policy}`, value, INCLUSION_POLICIES));
      }
    }
    validateLabelSelector(errors, `${field}.labelSelector`, constraint.labelSelector);
  });
}
