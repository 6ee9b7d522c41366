import { expect, it } from 'vitest';
import { pods } from '../../../src/resources/index.js';
import { withLabelKeys } from '../../../src/resources/label-keys.js';
import type { PodSpec } from '../../../src/resources/types.js';
import { openRegistry } from '../../support/registry.js';

const containers = [{ name: 'main', image: 'a:1' }];
const labelSelector = { matchLabels: { app: 'web' } };
const labels = { app: 'web', version: '2' };

it('writes the keys of labels into the selectors of a pod when it is made, with its own values', async () => {
  const registry = await openRegistry();
  const term = { topologyKey: 'zone', labelSelector, matchLabelKeys: ['version', 'missing'] };
  const spec: PodSpec = {
    containers,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector,
        matchLabelKeys: ['version'],
      },
    ],
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [term],
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }],
      },
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'zone', labelSelector, mismatchLabelKeys: ['version'] },
        ],
      },
    },
  };
  const draft = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', labels },
    spec,
    status: {},
  };
  const { object } = await registry.create(pods, draft);
  const same = { ...labelSelector, matchExpressions: [{ key: 'version', operator: 'In', values: ['2'] }] };
  const other = { ...labelSelector, matchExpressions: [{ key: 'version', operator: 'NotIn', values: ['2'] }] };
  const { affinity, topologySpreadConstraints } = object.spec;
  expect(topologySpreadConstraints!.map(one => one.labelSelector)).toEqual([same]);
  const { podAffinity, podAntiAffinity } = affinity!;
  expect(podAffinity!.requiredDuringSchedulingIgnoredDuringExecution![0]).toMatchObject({
    ...term,
    labelSelector: same,
  });
  expect(podAffinity!.preferredDuringSchedulingIgnoredDuringExecution![0]!.podAffinityTerm.labelSelector).toEqual(same);
  expect(podAntiAffinity!.requiredDuringSchedulingIgnoredDuringExecution![0]!.labelSelector).toEqual(other);
});

it('leaves alone what names no keys, or selects nothing', () => {
  const spec: PodSpec = {
    containers,
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector }],
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', matchLabelKeys: ['version'] }],
      },
    },
  };
  const metadata = { name: 'p', uid: 'p', resourceVersion: '1', creationTimestamp: '', labels };
  expect(withLabelKeys({ metadata, spec })).toBe(spec);
});
