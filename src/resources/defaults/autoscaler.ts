import type { HorizontalPodAutoscaler, ScalingRules } from '../workload-types.js';

const CPU_PERCENT = 80;
const PERIOD_SECONDS = 15;

const SCALE_UP: ScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: PERIOD_SECONDS },
    { type: 'Percent', value: 100, periodSeconds: PERIOD_SECONDS },
  ],
};

const SCALE_DOWN: ScalingRules = {
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: PERIOD_SECONDS }],
};

/** Mirrors `SetDefaults_HorizontalPodAutoscaler`. */
export function setAutoscalerDefaults({ spec }: HorizontalPodAutoscaler): void {
  spec.scaleTargetRef ??= {};
  if (!spec.metrics?.length) {
    const target = { type: 'Utilization', averageUtilization: CPU_PERCENT };
    spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  }
  // Who says anything of the behavior is shown the rest of it as well.
  if (!spec.behavior) return;
  spec.behavior.scaleUp = structuredClone({ ...SCALE_UP, ...spec.behavior.scaleUp });
  spec.behavior.scaleDown = structuredClone({ ...SCALE_DOWN, ...spec.behavior.scaleDown });
}
