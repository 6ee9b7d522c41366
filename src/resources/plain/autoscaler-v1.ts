import type { AnyDraft } from '../definition.js';
import { isObject, type JsonObject } from '../json.js';
import type { Condition, KubeObject } from '../types.js';
import type { HorizontalPodAutoscaler, Metric, MetricAmount, MetricSource, ScaleTarget } from '../workload-types.js';

/** Where the first version keeps what it has no field for. */
const ANNOTATIONS = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
} as const;

/** A HorizontalPodAutoscaler of `autoscaling/v1`, which knows one metric only: what its pods use of the processor. */
interface AutoscalerV1 extends KubeObject {
  spec?: {
    scaleTargetRef?: ScaleTarget;
    minReplicas?: number;
    maxReplicas?: number;
    targetCPUUtilizationPercentage?: number;
  };
  status?: {
    currentReplicas?: number;
    desiredReplicas?: number;
    currentCPUUtilizationPercentage?: number;
    lastScaleTime?: string;
    observedGeneration?: number;
  };
}

type Side = 'target' | 'current';

/** How a source is written in annotations: the names of its fields, where `*` is `target` or `current`. */
interface Form {
  readonly selector?: string;
  readonly amounts: Readonly<Partial<Record<keyof MetricAmount, string>>>;
}

const AVERAGES = { averageUtilization: '*AverageUtilization', averageValue: '*AverageValue' };

const FORMS: Readonly<Record<Exclude<keyof Metric, 'type'>, Form>> = {
  object: { selector: 'selector', amounts: { value: '*Value', averageValue: 'averageValue' } },
  pods: { selector: 'selector', amounts: { averageValue: '*AverageValue' } },
  resource: { amounts: AVERAGES },
  containerResource: { amounts: AVERAGES },
  external: { selector: 'metricSelector', amounts: { value: '*Value', averageValue: '*AverageValue' } },
};

const sourcesOf = (metric: Metric) =>
  (Object.keys(FORMS) as (keyof typeof FORMS)[]).flatMap(field =>
    metric[field] === undefined ? [] : [{ field, source: metric[field] }],
  );

/** A metric as annotations have it. */
function toOldMetric(metric: Metric, side: Side): JsonObject {
  const old: JsonObject = { type: metric.type };
  for (const { field, source } of sourcesOf(metric)) old[field] = toOldSource(source, FORMS[field], side);
  return old;
}

function toOldSource(source: MetricSource, { selector, amounts }: Form, side: Side): JsonObject {
  const { describedObject, metric, name, container } = source;
  const old: JsonObject = {
    target: describedObject,
    name,
    container,
    metricName: metric?.name,
    ...(selector ? { [selector]: metric?.selector } : {}),
  };
  for (const [amount, template] of Object.entries(amounts))
    old[template.replace('*', side)] = source[side]?.[amount as keyof MetricAmount];
  return old;
}

function fromOldMetric(old: JsonObject, side: Side): Metric {
  const metric: Metric = { type: String(old.type ?? '') };
  for (const [field, form] of Object.entries(FORMS) as [keyof typeof FORMS, Form][]) {
    if (isObject(old[field])) metric[field] = fromOldSource(old[field], form, side);
  }
  return metric;
}

function fromOldSource(old: JsonObject, { selector, amounts }: Form, side: Side): MetricSource {
  const { target: describedObject, name, container, metricName } = old;
  const found = Object.entries(amounts).flatMap(([amount, template]) => {
    const value = old[template.replace('*', side)];
    return value === undefined ? [] : [[amount, value] as const];
  });
  const given = Object.fromEntries(found) as MetricAmount;
  const labels = selector === undefined ? undefined : old[selector];
  return {
    ...(describedObject ? { describedObject } : {}),
    ...(name === undefined ? {} : { name }),
    ...(container === undefined ? {} : { container }),
    ...(metricName === undefined ? {} : { metric: { name: metricName, ...(labels ? { selector: labels } : {}) } }),
    [side]: side === 'target' ? { type: typeOf(given), ...given } : given,
  } as MetricSource;
}

/** The old form does not say which of its amounts is meant. */
function typeOf({ averageUtilization, averageValue }: MetricAmount): string {
  if (averageUtilization !== undefined) return 'Utilization';
  return averageValue === undefined ? 'Value' : 'AverageValue';
}

const isCpu = ({ type, resource }: Metric) => type === 'Resource' && resource?.name === 'cpu';
const isCpuShare = (metric: Metric) => isCpu(metric) && metric.resource?.target?.averageUtilization !== undefined;

const cpu = (side: Side, share: number): Metric => ({
  type: 'Resource',
  resource: {
    name: 'cpu',
    [side]: { ...(side === 'target' ? { type: 'Utilization' } : {}), averageUtilization: share },
  },
});

/** The object without the annotations that only the first version needs. */
export function withoutOldAnnotations<T extends AnyDraft>(object: T): T {
  const { annotations } = object.metadata;
  if (!annotations || !Object.values(ANNOTATIONS).some(key => key in annotations)) return object;
  const kept = Object.entries(annotations).filter(([key]) => !(Object.values(ANNOTATIONS) as string[]).includes(key));
  return { ...object, metadata: { ...object.metadata, annotations: Object.fromEntries(kept) } };
}

/** What an annotation holds; nothing if it is no JSON, which upstream does not mind either. */
function parsed(object: AnyDraft, key: keyof typeof ANNOTATIONS): unknown {
  const text = object.metadata.annotations?.[ANNOTATIONS[key]];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const listed = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** `autoscaling/v1` → `autoscaling/v2`. */
export function fromAutoscalerV1(object: AnyDraft): AnyDraft {
  const { spec = {}, status } = object as unknown as AutoscalerV1;
  const { targetCPUUtilizationPercentage: share, ...rest } = spec;
  const metrics = [
    ...(share === undefined ? [] : [cpu('target', share)]),
    ...listed(parsed(object, 'metrics')).map(old => fromOldMetric(old, 'target')),
  ];
  const behavior = parsed(object, 'behavior');
  return {
    ...withoutOldAnnotations(object),
    apiVersion: 'autoscaling/v2',
    spec: { ...rest, ...(metrics.length ? { metrics } : {}), ...(isObject(behavior) ? { behavior } : {}) },
    ...(status ? { status: fromStatusV1(object, status) } : {}),
  } as AnyDraft;
}

function fromStatusV1(object: AnyDraft, status: NonNullable<AutoscalerV1['status']>): JsonObject {
  const { currentCPUUtilizationPercentage: share, ...rest } = status;
  // What the annotation tells is more exact.
  const told = parsed(object, 'currentMetrics');
  const conditions = listed(parsed(object, 'conditions'));
  const metrics = told
    ? listed(told).map(old => fromOldMetric(old, 'current'))
    : share === undefined
      ? null
      : [cpu('current', share)];
  return { ...rest, currentMetrics: metrics, ...(conditions.length ? { conditions } : {}) };
}

/** `autoscaling/v2` → `autoscaling/v1`. */
export function toAutoscalerV1(object: KubeObject): KubeObject {
  const { spec, status, metadata } = object as HorizontalPodAutoscaler;
  const { metrics = [], behavior, ...wanted } = spec;
  // What is on its way in has none yet.
  const { currentMetrics, conditions, ...counts } = status ?? {};
  const share = metrics.find(isCpu)?.resource?.target?.averageUtilization;
  const now = currentMetrics?.filter(isCpu).at(-1)?.resource?.current?.averageUtilization;
  const others = metrics.filter(metric => !isCpuShare(metric));
  const annotations = {
    ...metadata.annotations,
    ...annotation('metrics', others.length ? others.map(metric => toOldMetric(metric, 'target')) : undefined),
    ...annotation(
      'currentMetrics',
      currentMetrics?.length ? currentMetrics.map(metric => toOldMetric(metric, 'current')) : undefined,
    ),
    ...annotation('conditions', conditions?.length ? conditions.map(oldCondition) : undefined),
    ...annotation('behavior', behavior),
  };
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: { ...metadata, ...(Object.keys(annotations).length ? { annotations } : {}) },
    spec: { ...wanted, ...(share === undefined ? {} : { targetCPUUtilizationPercentage: share }) },
    status: {
      currentReplicas: 0,
      ...counts,
      ...(now === undefined ? {} : { currentCPUUtilizationPercentage: now }),
    },
  } as KubeObject;
}

const annotation = (key: keyof typeof ANNOTATIONS, value: unknown) =>
  value === undefined ? {} : { [ANNOTATIONS[key]]: JSON.stringify(value) };

const oldCondition = ({ type, status, lastTransitionTime, reason, message }: Condition): Condition =>
  ({ type, status, lastTransitionTime, reason, message }) as Condition;
