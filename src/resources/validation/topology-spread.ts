import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error.js';
import type { TopologySpreadConstraint } from '../types.js';
import { validateLabelSelector } from './labels.js';
import { ABOVE_ZERO } from './messages.js';

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const INCLUSION_POLICIES = ['Honor', 'Ignore'];

/** Topology spread constraints, each pair of key and action once. */
export function validateTopologySpread(
  errors: FieldError[],
  path: string,
  constraints: readonly TopologySpreadConstraint[],
): void {
  const pairOf = ({ topologyKey = '', whenUnsatisfiable = '' }: TopologySpreadConstraint) =>
    `{${topologyKey}, ${whenUnsatisfiable}}`;
  const pairs = constraints.map(pairOf);
  constraints.forEach((constraint, i) => {
    const field = `${path}[${i}]`;
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', minDomains } = constraint;
    if (maxSkew <= 0) errors.push(invalid(`${field}.maxSkew`, maxSkew, ABOVE_ZERO));
    if (!topologyKey) errors.push(required(`${field}.topologyKey`, 'can not be empty'));
    if (!ACTIONS.includes(whenUnsatisfiable)) {
      errors.push(notSupported(`${field}.whenUnsatisfiable`, whenUnsatisfiable, ACTIONS));
    }
    const pair = pairs[i]!;
    if (pairs.includes(pair, i + 1)) errors.push(duplicate(`${field}.{topologyKey, whenUnsatisfiable}`, pair));
    if (minDomains !== undefined) {
      if (minDomains <= 0) errors.push(invalid(`${field}.minDomains`, minDomains, ABOVE_ZERO));
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
