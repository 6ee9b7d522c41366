import { define, statusOf } from './define.js';
import { type FieldError, invalid, notSupported } from './field-error.js';
import { equalJson } from './json.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { Condition, IntOrString, KubeObject, LabelSelector } from './types.js';
import { validateConditions } from './validation/conditions.js';
import { checkIntOrPercent } from './validation/int-or-percent.js';
import { validateLabelSelector } from './validation/labels.js';
import { checkNotNegative } from './validation/messages.js';
import { checkPathSegmentName } from './validation/names.js';

export interface PodDisruptionBudget extends KubeObject {
  spec: {
    minAvailable?: IntOrString;
    maxUnavailable?: IntOrString;
    /** Absent: no pods; empty: all of the namespace. */
    selector?: LabelSelector;
    /** `IfHealthyBudget` if absent. */
    unhealthyPodEvictionPolicy?: string;
  };
  status: PodDisruptionBudgetStatus;
}

export interface PodDisruptionBudgetStatus {
  observedGeneration?: number;
  /** Pods that were let go and are not seen going yet: name → when they were let go. */
  disruptedPods?: Record<string, string>;
  disruptionsAllowed: number;
  currentHealthy: number;
  desiredHealthy: number;
  expectedPods: number;
  conditions?: Condition[];
}

const NOT_APPLICABLE = 'N/A';
const UNHEALTHY_POD_POLICIES = ['AlwaysAllow', 'IfHealthyBudget'];

const nothingKnown = (): PodDisruptionBudgetStatus => ({
  disruptionsAllowed: 0,
  currentHealthy: 0,
  desiredHealthy: 0,
  expectedPods: 0,
});

export const podDisruptionBudgets = define<PodDisruptionBudget>({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  validName: checkPathSegmentName,
  subresources: [statusOf('PodDisruptionBudget')],
  strategy: {
    setDefaults(object) {
      object.spec ??= {};
      object.status ??= nothingKnown();
    },
    prepareForCreate(object) {
      object.metadata.generation = 1;
      object.status = nothingKnown();
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
    validateStatusUpdate,
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
  const policy = spec.unhealthyPodEvictionPolicy;
  if (policy !== undefined && !UNHEALTHY_POD_POLICIES.includes(policy)) {
    errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, UNHEALTHY_POD_POLICIES));
  }
  return errors;
}

function validateStatusUpdate({ status }: PodDisruptionBudget): FieldError[] {
  const errors: FieldError[] = [];
  validateConditions(errors, 'status.conditions', status.conditions);
  for (const field of ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const) {
    checkNotNegative(errors, `status.${field}`, status[field]);
  }
  return errors;
}
