import { define } from './define.js';
import { type FieldError, invalid } from './field-error.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { Lease } from './types.js';
import { checkNotNegative, POSITIVE } from './validation/messages.js';

export const leases = define<Lease>({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  plural: 'leases',
  strategy: {
    createsOnUpdate: true,
    setDefaults(object) {
      object.spec ??= {};
    },
    needsResourceVersion: true,
    validate,
    validateUpdate: validate,
  },
  printer: printer<Lease>(
    NAME,
    column('Holder', 'Who holds the lease.', o => o.spec?.holderIdentity ?? ''),
    AGE,
  ),
});

function validate({ spec = {} }: Lease): FieldError[] {
  const errors: FieldError[] = [];
  const { leaseDurationSeconds: seconds, leaseTransitions } = spec;
  if (seconds !== undefined && seconds <= 0) errors.push(invalid('spec.leaseDurationSeconds', seconds, POSITIVE));
  checkNotNegative(errors, 'spec.leaseTransitions', leaseTransitions);
  return errors;
}
