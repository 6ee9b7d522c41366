import { describe, expect, it } from 'vitest';
import { pinnedTo, podDrafts } from '../../../../src/controllers/daemonset/pod-template.js';
import type { Affinity, DaemonSet } from '../../../../src/resources/types.js';
import { checkSubdomain } from '../../../../src/resources/validation/names.js';

const set = (changes: { name?: string; generation?: string; template?: object } = {}): DaemonSet =>
  ({
    metadata: {
      name: changes.name ?? 'agent',
      namespace: 'ns',
      uid: 'set-uid',
      annotations: changes.generation ? { 'deprecated.daemonset.template.generation': changes.generation } : {},
    },
    spec: {
      template: {
        metadata: { labels: { app: 'agent' }, name: 'ignored', ...changes.template },
        spec: { containers: [] },
      },
    },
  }) as unknown as DaemonSet;

const draft = (daemonSet: DaemonSet, hash = 'h') =>
  podDrafts(daemonSet, hash, nodeName => ({ containers: [], nodeName }))('node-1');

describe('podDrafts', () => {
  it('POD-01, POD-03, POD-04: name, labels, owner', () => {
    expect(draft(set({ generation: '3' }))).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        generateName: 'agent-',
        namespace: 'ns',
        labels: { app: 'agent', 'controller-revision-hash': 'h', 'pod-template-generation': '3' },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'DaemonSet',
            name: 'agent',
            uid: 'set-uid',
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: { containers: [], nodeName: 'node-1' },
      status: {},
    });
  });

  it('POD-03: TestCreatePodTemplate: hash and generation only where they are known', () => {
    expect(draft(set({ generation: '3' }), '').metadata.labels).toEqual({
      app: 'agent',
      'pod-template-generation': '3',
    });
    expect(draft(set()).metadata.labels).toEqual({ app: 'agent', 'controller-revision-hash': 'h' });
  });

  it("POD-02, T17: labels, annotations and finalizers come from the template, and nothing else of its metadata or of the set's", () => {
    const template = {
      annotations: { a: '1' },
      finalizers: ['x/y'],
      namespace: 'elsewhere',
      ownerReferences: [{ uid: 'other' }],
    };
    const { metadata } = draft(set({ template, generation: '7' }));
    expect(metadata.annotations).toEqual({ a: '1' });
    expect(metadata.namespace).toBe('ns');
    expect(metadata).toMatchObject({ annotations: { a: '1' }, finalizers: ['x/y'] });
    expect(metadata.name).toBeUndefined();
    expect(metadata.ownerReferences).toHaveLength(1);
  });

  it('POD-01: the longest name too goes with its dash: a legal stem, since the sign before the dash does not count', () => {
    const { generateName = '' } = draft(set({ name: 'x'.repeat(253) })).metadata;
    expect(generateName).toBe(`${'x'.repeat(253)}-`);
    expect(checkSubdomain(generateName, true)).toEqual([]);
  });
});

describe('pinnedTo', () => {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] };
  const only = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
  const preferred = {
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [] } }],
  };
  const required = (...nodeSelectorTerms: object[]) => ({
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
  });
  it.each([
    { name: 'nil affinity', affinity: undefined, expected: { nodeAffinity: only } },
    { name: 'nil node affinity', affinity: {}, expected: { nodeAffinity: only } },
    {
      name: 'pod affinity is kept',
      affinity: { podAntiAffinity: {} },
      expected: { podAntiAffinity: {}, nodeAffinity: only },
    },
    {
      name: 'preferred terms are kept',
      affinity: { nodeAffinity: preferred },
      expected: { nodeAffinity: { ...preferred, ...only } },
    },
    { name: 'empty terms', affinity: { nodeAffinity: required() }, expected: { nodeAffinity: only } },
    {
      name: 'terms by label',
      affinity: { nodeAffinity: required({ matchExpressions: [{ key: 'a', operator: 'Exists' }] }, {}) },
      expected: { nodeAffinity: only },
    },
    {
      name: 'terms by name',
      affinity: {
        nodeAffinity: required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['other'] }] }),
      },
      expected: { nodeAffinity: only },
    },
    {
      name: 'both',
      affinity: { nodeAffinity: { ...preferred, ...required(term, { matchFields: [] }) } },
      expected: { nodeAffinity: { ...preferred, ...only } },
    },
  ])('POD-05: TestReplaceDaemonSetPodNodeNameNodeAffinity: $name', ({ affinity, expected }) => {
    expect(pinnedTo('node-1', affinity as Affinity | undefined)).toEqual(expected);
  });
});
