import { describe, expect, it } from 'vitest';
import { BUILT_IN, KindTable } from '../../../src/resources/index.js';
import type { JsonObject } from '../../../src/resources/json.js';
import type { KubeObject } from '../../../src/resources/types.js';
import { created, createErrors, printed, updateErrors } from './objects.js';
import { changed, draft, kindOf, type Plain } from './plain.js';

const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';
const SPEC = { maxReplicas: 5, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } };
const scaler = (changes: JsonObject = {}) => draft(AUTOSCALERS, SPEC, changes);

const share = (averageUtilization: number) => ({ type: 'Utilization', averageUtilization });
const average = (averageValue: string) => ({ type: 'AverageValue', averageValue });
const CPU = { type: 'Resource', resource: { name: 'cpu', target: share(80) } };
const MEMORY = { type: 'Resource', resource: { name: 'memory', target: average('1Gi') } };
const PODS = {
  type: 'Pods',
  pods: { metric: { name: 'hits', selector: { matchLabels: { a: 'b' } } }, target: average('5') },
};
const OBJECT = {
  type: 'Object',
  object: {
    describedObject: { kind: 'Service', name: 'web' },
    metric: { name: 'hits' },
    target: { type: 'Value', value: '10' },
  },
};
const EXTERNAL = { type: 'External', external: { metric: { name: 'queue' }, target: average('3') } };
const CONTAINER = {
  type: 'ContainerResource',
  containerResource: { name: 'cpu', container: 'main', target: share(50) },
};

describe('a HorizontalPodAutoscaler', () => {
  it('gets its defaults', () => {
    const { spec, status } = created(kindOf(AUTOSCALERS), scaler({ 'spec.behavior.scaleDown.selectPolicy': 'Min' }));
    expect(spec).toEqual({
      ...SPEC,
      minReplicas: 1,
      metrics: [CPU],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: 'Max',
          policies: [
            { type: 'Pods', value: 4, periodSeconds: 15 },
            { type: 'Percent', value: 100, periodSeconds: 15 },
          ],
        },
        scaleDown: { selectPolicy: 'Min', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
      },
    });
    expect(status).toEqual({ currentMetrics: null, desiredReplicas: 0 });
  });

  const AT = 'spec.metrics[0]';

  it.each<[JsonObject, string[]]>([
    [{ 'spec.metrics': [CPU, MEMORY, PODS, OBJECT, EXTERNAL, CONTAINER] }, []],
    [
      { 'spec.minReplicas': -1, 'spec.maxReplicas': 0 },
      [
        'spec.minReplicas: Invalid value: -1: must be greater than or equal to 1',
        'spec.maxReplicas: Invalid value: 0: must be greater than 0',
      ],
    ],
    [{ 'spec.minReplicas': 9 }, ['spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`']],
    [
      { 'spec.scaleTargetRef': { name: 'a/b' } },
      [
        'spec.scaleTargetRef.kind: Required value',
        `spec.scaleTargetRef.name: Invalid value: "a/b": may not contain '/'`,
      ],
    ],
    [
      { 'spec.metrics': [{ type: 'Guess' }] },
      [
        `${AT}.type: Unsupported value: "Guess": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"`,
      ],
    ],
    [
      { 'spec.metrics': [{ ...CPU, type: 'Pods' }] },
      [`${AT}.pods: Required value: must populate information for the given metric source`],
    ],
    [
      { 'spec.metrics': [{ ...CPU, pods: PODS.pods }] },
      [`${AT}.pods: Forbidden: must populate the given metric source only`],
    ],
    [
      {
        'spec.metrics': [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Much', averageUtilization: 0 } } },
        ],
      },
      [
        `${AT}.resource.target.type: Invalid value: "Much": must be either Utilization, Value, or AverageValue`,
        `${AT}.resource.target.averageUtilization: Invalid value: 0: must be greater than 0`,
      ],
    ],
    [
      { 'spec.metrics': [{ type: 'Pods', pods: { metric: {}, target: { type: 'Value', value: '-1' } } }] },
      [
        `${AT}.pods.metric.name: Required value: must specify a metric name`,
        `${AT}.pods.target.value: Invalid value: "-1": must be positive`,
        `${AT}.pods.target.averageValue: Required value: must specify a positive target averageValue`,
      ],
    ],
    [
      {
        'spec.behavior.scaleUp': {
          stabilizationWindowSeconds: 4000,
          selectPolicy: 'Any',
          policies: [{ type: 'Nodes', value: 0, periodSeconds: 2000 }],
        },
        'spec.behavior.scaleDown.policies': [],
      },
      [
        'spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600',
        'spec.behavior.scaleUp.selectPolicy: Unsupported value: "Any": supported values: "Disabled", "Max", "Min"',
        'spec.behavior.scaleUp.policies[0].type: Unsupported value: "Nodes": supported values: "Percent", "Pods"',
        'spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero',
        'spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 2000: must be less than or equal to 1800',
        'spec.behavior.scaleDown.policies: Required value: must specify at least one Policy',
      ],
    ],
  ])('with %o', (changes, expected) => {
    expect(createErrors(kindOf(AUTOSCALERS), scaler(changes))).toEqual(expected);
  });

  it('may change all of its spec', () => {
    expect(updateErrors(kindOf(AUTOSCALERS), scaler(), o => changed(o, { 'spec.scaleTargetRef.name': 'api' }))).toEqual(
      [],
    );
  });

  it.each<[JsonObject[], JsonObject[] | null, string]>([
    [[CPU], null, 'cpu: <unknown>/80%'],
    [[CPU], [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 7 } } }], 'cpu: 7%/80%'],
    [[MEMORY, CONTAINER], null, 'memory: <unknown>/1Gi, cpu: <unknown>/50%'],
    [[PODS, OBJECT, EXTERNAL], [{}, { object: { current: { value: '4' } } }], '<unknown>/5, 4/10 + 1 more...'],
    [[EXTERNAL], [{ external: { current: { averageValue: '2' } } }], '2/3 (avg)'],
  ])('by %o at %o is printed', (metrics, currentMetrics, targets) => {
    const kind = kindOf(AUTOSCALERS);
    const shown = changed(created(kind, scaler({ 'spec.metrics': metrics })), {
      'status.currentMetrics': currentMetrics,
    });
    expect(printed(kind, shown)).toEqual({
      Name: 'thing',
      Reference: 'Deployment/web',
      Targets: targets,
      MinPods: '1',
      MaxPods: 5,
      Replicas: 0,
      Age: '24h',
    });
  });
});

describe('its first version', () => {
  const V1 = new KindTable(BUILT_IN).byKind('autoscaling/v1', 'HorizontalPodAutoscaler')!;
  const { toStored, fromStored } = V1.stored!;
  const inV1 = (spec: JsonObject, annotations?: Record<string, string>) =>
    ({
      ...draft(AUTOSCALERS, { ...SPEC, ...spec }, annotations ? { 'metadata.annotations': annotations } : {}),
      apiVersion: 'autoscaling/v1',
    }) as KubeObject;

  it('has a field for the processor alone', () => {
    const stored = created(kindOf(AUTOSCALERS), toStored(inV1({ targetCPUUtilizationPercentage: 60 })) as Plain);
    expect(stored).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: share(60) } }] },
    });
    expect(fromStored(stored)).toMatchObject({
      apiVersion: 'autoscaling/v1',
      spec: { ...SPEC, minReplicas: 1, targetCPUUtilizationPercentage: 60 },
      status: { currentReplicas: 0, desiredReplicas: 0 },
    });
    expect(Object.keys(fromStored(stored)).slice(0, 2).toSorted()).toEqual(['apiVersion', 'kind']);
  });

  it('keeps the rest in annotations, there and back', () => {
    const kind = kindOf(AUTOSCALERS);
    const stored = changed(
      created(
        kind,
        scaler({
          'spec.metrics': [CPU, MEMORY, PODS, OBJECT, EXTERNAL, CONTAINER],
          'spec.behavior.scaleUp.selectPolicy': 'Min',
          'metadata.annotations': { a: 'b' },
        }),
      ),
      {
        'status.currentMetrics': [
          { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 7, averageValue: '3m' } } },
        ],
        'status.conditions': [
          {
            type: 'AbleToScale',
            status: 'True',
            lastTransitionTime: '2026-01-01T00:00:00Z',
            reason: 'R',
            message: 'm',
          },
        ],
        'status.currentReplicas': 2,
      },
    );
    const old = fromStored(stored) as Plain;
    const annotation = (name: string) =>
      JSON.parse(old.metadata.annotations![`autoscaling.alpha.kubernetes.io/${name}`]!);
    expect(old.spec).toMatchObject({ targetCPUUtilizationPercentage: 80 });
    expect(old.status).toMatchObject({ currentCPUUtilizationPercentage: 7, currentReplicas: 2 });
    expect(annotation('metrics')).toEqual([
      { type: 'Resource', resource: { name: 'memory', targetAverageValue: '1Gi' } },
      { type: 'Pods', pods: { metricName: 'hits', targetAverageValue: '5', selector: { matchLabels: { a: 'b' } } } },
      { type: 'Object', object: { target: { kind: 'Service', name: 'web' }, metricName: 'hits', targetValue: '10' } },
      { type: 'External', external: { metricName: 'queue', targetAverageValue: '3' } },
      {
        type: 'ContainerResource',
        containerResource: { name: 'cpu', container: 'main', targetAverageUtilization: 50 },
      },
    ]);
    expect(annotation('current-metrics')).toEqual([
      { type: 'Resource', resource: { name: 'cpu', currentAverageUtilization: 7, currentAverageValue: '3m' } },
    ]);
    expect(annotation('behavior')).toEqual(stored.spec.behavior);
    expect(toStored(old)).toEqual(stored);
  });

  it('is printed as the other is', () => {
    const v2 = kindOf(AUTOSCALERS);
    const stored = created(v2, scaler());
    expect(printed(V1, fromStored(stored))).toEqual(printed(v2, stored));
  });

  it('leaves none of its annotations in the other, and minds none that are broken', () => {
    const broken = { 'autoscaling.alpha.kubernetes.io/metrics': '{' };
    expect(toStored(inV1({}, broken))).toMatchObject({ metadata: { annotations: {} }, spec: SPEC });
    expect(created(kindOf(AUTOSCALERS), scaler({ 'metadata.annotations': broken })).metadata.annotations).toEqual({});
  });
});
