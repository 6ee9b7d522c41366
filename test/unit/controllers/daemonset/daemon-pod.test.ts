import { describe, expect, it } from 'vitest';
import { describePod, isUpdated } from '../../../../src/controllers/daemonset/daemon-pod.js';
import { templateGeneration } from '../../../../src/resources/daemon-set.js';
import type { DaemonSet, NodeSelectorTerm, Pod } from '../../../../src/resources/types.js';
import { pod } from './builders.js';

function podSpec(terms: NodeSelectorTerm[] | undefined, nodeName?: string): Pod {
  const required = terms && { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', uid: 'u', resourceVersion: '1', creationTimestamp: '2025-01-01T00:00:00Z' },
    spec: {
      containers: [],
      ...(nodeName ? { nodeName } : {}),
      ...(required ? { affinity: { nodeAffinity: required } } : {}),
    },
    status: {},
  };
}

const named = (operator: 'In' | 'NotIn', ...values: string[]): NodeSelectorTerm => ({
  matchFields: [{ key: 'metadata.name', operator, values }],
});
const byName = (...values: string[]) => named('In', ...values);

describe('describePod', () => {
  it.each([
    { name: 'nodeName wins', pod: podSpec([byName('node-1')], 'node-2'), node: 'node-2' },
    { name: 'one value of matchFields', pod: podSpec([byName('node-1')]), node: 'node-1' },
    { name: 'two values name no node', pod: podSpec([byName('node-1', 'node-2')]), node: undefined },
    { name: 'the first such expression decides', pod: podSpec([byName('a', 'b'), byName('node-1')]), node: undefined },
    { name: 'none', pod: podSpec(undefined), node: undefined },
    { name: 'all but one', pod: podSpec([named('NotIn', 'node-1')]), node: undefined },
    {
      name: 'the one that is named, not one left out before',
      pod: podSpec([named('NotIn', 'a'), named('In', 'b')]),
      node: 'b',
    },
    {
      name: 'labels only',
      pod: podSpec([{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }]),
      node: undefined,
    },
  ])('REF-09: TestGetTargetNodeName: $name', ({ pod, node }) => {
    expect(describePod(pod).node).toBe(node);
  });

  it('UPD-09: takes the time of readiness from the condition', () => {
    const bare = podSpec(undefined, 'n');
    const ready = { type: 'Ready', status: 'True', lastTransitionTime: '2025-01-01T00:00:10Z' } as const;
    expect(describePod({ ...bare, status: { conditions: [ready] } })).toMatchObject({
      ready: true,
      readySince: Date.UTC(2025, 0, 1, 0, 0, 10),
    });
    expect(describePod({ ...bare, status: { conditions: [{ ...ready, status: 'False' }] } })).toMatchObject({
      ready: false,
      readySince: undefined,
    });
    expect(describePod(bare).ready).toBe(false);
  });
});

describe('isUpdated', () => {
  const labels = (hash?: string, generation?: string) => ({
    ...(hash ? { 'controller-revision-hash': hash } : {}),
    ...(generation ? { 'pod-template-generation': generation } : {}),
  });
  it.each([
    { name: 'both match', labels: labels('h', '1'), updated: true },
    { name: 'hash matches, generation does not', labels: labels('h', '2'), updated: true },
    { name: 'generation matches, hash does not', labels: labels('x', '1'), updated: false },
    { name: 'generation matches, no hash', labels: labels(undefined, '1'), updated: false },
    { name: 'hash matches, no generation', labels: labels('h'), updated: true },
    { name: 'neither matches', labels: labels('x', '2'), updated: false },
    { name: 'empty labels', labels: {}, updated: false },
    { name: 'no labels', labels: undefined, updated: false },
  ])('UPD-01: TestIsPodUpdated, the generation never counting, as recorded: $name', ({ labels, updated }) => {
    expect(isUpdated(pod('n', { labels }), { hash: 'h' })).toBe(updated);
  });

  it('UPD-01: an empty hash matches nothing', () => {
    expect(isUpdated(pod('n', { labels: { 'controller-revision-hash': '' } }), { hash: '' })).toBe(false);
  });
});

it('API-08: templateGeneration reads the annotation, if it is a number', () => {
  const set = (annotation?: string) =>
    ({
      metadata: {
        annotations: annotation === undefined ? {} : { 'deprecated.daemonset.template.generation': annotation },
      },
    }) as unknown as DaemonSet;
  expect([set('7'), set('x'), set('1.5'), set()].map(templateGeneration)).toEqual([7, undefined, undefined, undefined]);
});
