import { setAutoscalerDefaults } from '../defaults/autoscaler.js';
import { define, statusOf } from '../define.js';
import type { ResourceDefinition } from '../definition.js';
import { printAutoscaler } from '../printing/autoscaler.js';
import { validateAutoscaler, validateAutoscalerStatus } from '../validation/autoscaler.js';
import type { HorizontalPodAutoscaler } from '../workload-types.js';
import { fromAutoscalerV1, toAutoscalerV1, withoutOldAnnotations } from './autoscaler-v1.js';
import { plainKind } from './plain-kind.js';

const NAMES = {
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
};

const autoscalers = plainKind<HorizontalPodAutoscaler>({
  ...NAMES,
  version: 'v2',
  status: { currentMetrics: null, desiredReplicas: 0 },
  defaults: { 'spec.minReplicas': 1 },
  strategy: {
    setDefaults(object) {
      object.metadata = withoutOldAnnotations(object).metadata as HorizontalPodAutoscaler['metadata'];
      setAutoscalerDefaults(object);
    },
    validate: validateAutoscaler,
    validateStatusUpdate: validateAutoscalerStatus,
  },
  printer: printAutoscaler,
});

/** The first version, for old clients. */
const autoscalersV1 = define({
  ...NAMES,
  subresources: [statusOf(NAMES.kind)],
  stored: { kind: autoscalers, toStored: fromAutoscalerV1, fromStored: toAutoscalerV1 },
  printer: {
    columns: printAutoscaler.columns,
    cells: (object, now) => printAutoscaler.cells(fromAutoscalerV1(object) as HorizontalPodAutoscaler, now),
  },
});

export const autoscaling: readonly ResourceDefinition[] = [autoscalers, autoscalersV1];
