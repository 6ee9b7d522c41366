import type { HorizontalPodAutoscaler, Metric, MetricAmount, MetricSource } from '../workload-types.js';
import { AGE, column, NAME, NONE, printer } from './printer.js';

const MAX_SHOWN = 2;
const UNKNOWN = '<unknown>';

/** `kubectl get horizontalpodautoscalers` */
export const printAutoscaler = printer<HorizontalPodAutoscaler>(
  NAME,
  column('Reference', 'What is scaled.', o => `${o.spec.scaleTargetRef.kind}/${o.spec.scaleTargetRef.name}`),
  column('Targets', 'Metrics as they are, and as they should be.', targets),
  column('MinPods', 'Fewest pods that it may come to.', o => String(o.spec.minReplicas ?? '<unset>')),
  column('MaxPods', 'Most pods that it may come to.', o => o.spec.maxReplicas),
  column('Replicas', 'Pods that there were last.', o => o.status.currentReplicas ?? 0),
  AGE,
);

/** `cpu: 50%/80%, 3/5 (avg) + 1 more...` */
function targets({ spec: { metrics = [] }, status }: HorizontalPodAutoscaler): string {
  if (metrics.length === 0) return NONE;
  const all = metrics.map((metric, i) => shown(metric, status.currentMetrics?.[i] ?? {}));
  const text = all.slice(0, MAX_SHOWN).join(', ');
  return all.length > MAX_SHOWN ? `${text} + ${all.length - MAX_SHOWN} more...` : text;
}

function shown(metric: Metric, current: Metric): string {
  switch (metric.type) {
    case 'Resource':
      return resource(metric.resource, current.resource);
    case 'ContainerResource':
      return resource(metric.containerResource, current.containerResource);
    case 'Pods':
      return `${current.pods?.current?.averageValue ?? UNKNOWN}/${metric.pods?.target?.averageValue}`;
    case 'Object':
      return total(metric.object?.target, current.object?.current);
    case 'External':
      return total(metric.external?.target, current.external?.current);
    default:
      return '<unknown type>';
  }
}

function resource({ name, target }: MetricSource = {}, { current }: MetricSource = {}): string {
  if (target?.averageValue !== undefined) return `${name}: ${current?.averageValue ?? UNKNOWN}/${target.averageValue}`;
  return `${name}: ${percent(current) ?? UNKNOWN}/${percent(target) ?? '<auto>'}`;
}

const percent = (amount: MetricAmount | undefined) =>
  amount?.averageUtilization === undefined ? undefined : `${amount.averageUtilization}%`;

function total(target: MetricAmount | undefined, current: MetricAmount | undefined): string {
  return target?.averageValue === undefined
    ? `${current?.value ?? UNKNOWN}/${target?.value}`
    : `${current?.averageValue ?? UNKNOWN}/${target.averageValue} (avg)`;
}
