import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { parseQuantity } from '../quantity.js';
import type {
  HorizontalPodAutoscaler,
  Metric,
  MetricAmount,
  MetricSource,
  ScaleTarget,
  ScalingRules,
} from '../workload-types.js';
import { ABOVE_ZERO, addProblems, checkNotNegative, NOT_NEGATIVE, POSITIVE } from './messages.js';
import { checkLabel, checkPathSegmentName } from './names.js';

const MAX_WINDOW_SECONDS = 3600;
const MAX_PERIOD_SECONDS = 1800;
const SELECT_POLICIES = ['Disabled', 'Max', 'Min'];
const POLICY_TYPES = ['Percent', 'Pods'];
const AMOUNT_TYPES = ['Utilization', 'Value', 'AverageValue'];

type SourceField = Exclude<keyof Metric, 'type'>;

/** A type of metric: the field that it is in, and its rules beside those of all. */
interface MetricKind {
  readonly field: SourceField;
  validate(errors: FieldError[], path: string, source: MetricSource): void;
}

/** By the name of the type, in the order in which upstream looks for them. */
const METRICS: Readonly<Record<string, MetricKind>> = {
  Object: {
    field: 'object',
    validate(errors, path, source) {
      validateReference(errors, `${path}.describedObject`, source.describedObject);
      validateName(errors, path, source);
      validateTotal(errors, path, source, 'must set either a target value or averageValue');
    },
  },
  External: {
    field: 'external',
    validate(errors, path, source) {
      validateName(errors, path, source);
      validateTotal(errors, path, source, 'must set either a target value for metric or a per-pod target');
      const { value, averageValue } = source.target ?? {};
      if (value !== undefined && averageValue !== undefined) {
        const why = 'may not set both a target value for metric and a per-pod target';
        errors.push(forbidden(`${path}.target.value`, why));
      }
    },
  },
  Pods: {
    field: 'pods',
    validate(errors, path, source) {
      validateName(errors, path, source);
      validateAmount(errors, `${path}.target`, source.target);
      if (source.target?.averageValue === undefined) {
        errors.push(required(`${path}.target.averageValue`, 'must specify a positive target averageValue'));
      }
    },
  },
  Resource: {
    field: 'resource',
    validate: validateResource,
  },
  ContainerResource: {
    field: 'containerResource',
    validate(errors, path, source) {
      if (source.container) addProblems(errors, `${path}.container`, source.container, checkLabel(source.container));
      else errors.push(required(`${path}.container`, 'must specify a container'));
      validateResource(errors, path, source);
    },
  },
};

/** Mirrors `ValidateHorizontalPodAutoscaler`; what may scale to nothing already may go on to. */
export function validateAutoscaler({ spec }: HorizontalPodAutoscaler, old?: HorizontalPodAutoscaler): FieldError[] {
  const errors: FieldError[] = [];
  const { minReplicas: min, maxReplicas: max = 0, metrics = [] } = spec;
  const least = old?.spec.minReplicas === 0 ? 0 : 1;
  if (min !== undefined && min < least) {
    errors.push(invalid('spec.minReplicas', min, `must be greater than or equal to ${least}`));
  }
  if (max < 1) errors.push(invalid('spec.maxReplicas', max, POSITIVE));
  if (min !== undefined && max < min) {
    errors.push(invalid('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
  }
  validateReference(errors, 'spec.scaleTargetRef', spec.scaleTargetRef);
  metrics.forEach((metric, i) => {
    validateMetric(errors, `spec.metrics[${i}]`, metric);
  });
  if (min === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    errors.push(
      forbidden(
        'spec.metrics',
        'must specify at least one Object or External metric to support scaling to zero replicas',
      ),
    );
  }
  for (const way of ['scaleUp', 'scaleDown'] as const) {
    const rules = spec.behavior?.[way];
    if (rules) validateRules(errors, `spec.behavior.${way}`, rules);
  }
  return errors;
}

/** Counts are never below zero. */
export function validateAutoscalerStatus({ status }: HorizontalPodAutoscaler): FieldError[] {
  const errors: FieldError[] = [];
  checkNotNegative(errors, 'status.currentReplicas', status.currentReplicas);
  checkNotNegative(errors, 'status.desiredReplicas', status.desiredReplicas);
  return errors;
}

function validateReference(errors: FieldError[], path: string, { kind, name }: ScaleTarget = {}): void {
  if (kind) addProblems(errors, `${path}.kind`, kind, checkPathSegmentName(kind));
  else errors.push(required(`${path}.kind`));
  if (name) addProblems(errors, `${path}.name`, name, checkPathSegmentName(name));
  else errors.push(required(`${path}.name`));
}

/** One source, and that of its type. */
function validateMetric(errors: FieldError[], path: string, metric: Metric): void {
  const { type = '' } = metric;
  const own = Object.hasOwn(METRICS, type) ? METRICS[type] : undefined;
  if (!type) errors.push(required(`${path}.type`, 'must specify a metric source type'));
  if (!own) errors.push(notSupported(`${path}.type`, type, Object.keys(METRICS).sort()));
  const present = Object.values(METRICS).filter(({ field }) => metric[field] !== undefined);
  const [first] = present;
  first?.validate(errors, `${path}.${first.field}`, metric[first.field]!);
  if (own && metric[own.field] === undefined) {
    errors.push(required(`${path}.${own.field}`, 'must populate information for the given metric source'));
  }
  if (present.length === 1) return;
  for (const { field } of present) {
    if (field !== own?.field) errors.push(forbidden(`${path}.${field}`, 'must populate the given metric source only'));
  }
}

function validateName(errors: FieldError[], path: string, { metric }: MetricSource): void {
  const field = `${path}.metric.name`;
  if (metric?.name) addProblems(errors, field, metric.name, checkPathSegmentName(metric.name));
  else errors.push(required(field, 'must specify a metric name'));
}

function validateTotal(errors: FieldError[], path: string, { target }: MetricSource, why: string): void {
  validateAmount(errors, `${path}.target`, target);
  if (target?.value === undefined && target?.averageValue === undefined) {
    errors.push(required(`${path}.target.averageValue`, why));
  }
}

function validateResource(errors: FieldError[], path: string, { name, target }: MetricSource): void {
  if (!name) errors.push(required(`${path}.name`, 'must specify a resource name'));
  validateAmount(errors, `${path}.target`, target);
  const { averageUtilization, averageValue } = target ?? {};
  if (averageUtilization === undefined && averageValue === undefined) {
    const why = 'must set either a target raw value or a target utilization';
    errors.push(required(`${path}.target.averageUtilization`, why));
  } else if (averageUtilization !== undefined && averageValue !== undefined) {
    const why = 'may not set both a target raw value and a target utilization';
    errors.push(forbidden(`${path}.target.averageValue`, why));
  }
}

function validateAmount(errors: FieldError[], path: string, amount: MetricAmount = {}): void {
  const { type = '', averageUtilization: share } = amount;
  if (!type) errors.push(required(`${path}.type`, 'must specify a metric target type'));
  if (!AMOUNT_TYPES.includes(type)) {
    errors.push(invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  }
  for (const field of ['value', 'averageValue'] as const) {
    const value = amount[field];
    if (value !== undefined && parseQuantity(value).nano <= 0n)
      errors.push(invalid(`${path}.${field}`, value, 'must be positive'));
  }
  if (share !== undefined && share < 1) errors.push(invalid(`${path}.averageUtilization`, share, POSITIVE));
}

function validateRules(errors: FieldError[], path: string, rules: ScalingRules): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  if (window !== undefined && window < 0) {
    errors.push(invalid(`${path}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero'));
  }
  checkMax(errors, `${path}.stabilizationWindowSeconds`, window, MAX_WINDOW_SECONDS);
  if (selectPolicy !== undefined && !SELECT_POLICIES.includes(selectPolicy)) {
    errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, SELECT_POLICIES));
  }
  if (policies.length === 0) errors.push(required(`${path}.policies`, 'must specify at least one Policy'));
  policies.forEach(({ type = '', value = 0, periodSeconds = 0 }, i) => {
    const at = `${path}.policies[${i}]`;
    if (!POLICY_TYPES.includes(type)) errors.push(notSupported(`${at}.type`, type, POLICY_TYPES));
    if (value <= 0) errors.push(invalid(`${at}.value`, value, ABOVE_ZERO));
    if (periodSeconds <= 0) errors.push(invalid(`${at}.periodSeconds`, periodSeconds, ABOVE_ZERO));
    checkMax(errors, `${at}.periodSeconds`, periodSeconds, MAX_PERIOD_SECONDS);
  });
  if (tolerance !== undefined && parseQuantity(tolerance).nano < 0n) {
    errors.push(invalid(`${path}.tolerance`, tolerance, NOT_NEGATIVE));
  }
}

function checkMax(errors: FieldError[], field: string, value: number | undefined, max: number): void {
  if (value !== undefined && value > max) {
    errors.push(invalid(field, value, `must be less than or equal to ${max}`));
  }
}
