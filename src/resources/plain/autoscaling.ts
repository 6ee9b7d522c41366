import { plainKind } from './plain-kind.js';

export const autoscaling = [
  plainKind({
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    shortNames: ['hpa'],
    categories: ['all'],
    status: { currentMetrics: null, desiredReplicas: 0 },
  }),
];
