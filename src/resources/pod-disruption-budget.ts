import { define, statusOf } from './define.js';
import { type FieldError, invalid } from './field-error.js';
import { equalJson } from './json.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { IntOrString, KubeObject, LabelSelector } from './types.js';
import { checkIntOrPercent } from './validation/int-or-percent.js';
import { validateLabelSelector } from './validation/labels.js';

export interface PodDisruptionBudget extends KubeObject {
  spec: {
    minAvailable?: IntOrString;
    maxUnavailable?: IntOrString;
    selector?: LabelSelector;
    unhealthyPodEvictionPolicy?: string;
  };
  status: {
    observedGeneration?: number;
    disruptionsAllowed: number;
    currentHealthy: number;
    desiredHealthy: number;
    expectedPods: number;
  };
}

const NOT_APPLICABLE = 'N/A';

export const podDisruptionBudgets = define<PodDisruptionBudget>({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  subresources: [statusOf('PodDisruptionBudget')],
  strategy: {
    setDefaults(object) {
      object.spec ??= {};
      object.status ??= { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    },
    prepareForCreate(object) {
      object.metadata.generation = 1;
      object.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    },
    prepareForUpdate(object, old) {
      object.status = old.status;
      if (!equalJson(object.spec, old.spec)) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
    },
    needsResourceVersion: true,
    validate,
    validateUpdate: validate,
  },
  printer: printer<PodDisruptionBudget>(
    NAME,
    column('Min Available', 'Pods that must stay.', o => shown(o.spec.minAvailable)),
    column('Max Unavailable', 'Pods that may go.', o => shown(o.spec.maxUnavailable)),
    column('Allowed Disruptions', 'Pods that may go now.', o => o.status.disruptionsAllowed, 'integer'),
    AGE,
  ),
});

const shown = (value: IntOrString | undefined) => (value === undefined ? NOT_APPLICABLE : String(value));

function validate({ spec }: PodDisruptionBudget): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    errors.push(invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set'));
  }
  checkIntOrPercent(errors, 'spec.minAvailable', spec.minAvailable);
  checkIntOrPercent(errors, 'spec.maxUnavailable', spec.maxUnavailable);
  validateLabelSelector(errors, 'spec.selector', spec.selector);
  return errors;
}
