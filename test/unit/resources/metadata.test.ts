import { describe, expect, it } from 'vitest';
import { configMaps, namespaces, nodes, services } from '../../../src/resources/index.js';
import { validateMetadata, validateMetadataUpdate } from '../../../src/resources/metadata.js';
import type { KubeObject, ObjectMeta } from '../../../src/resources/types.js';
import { object } from './objects.js';

const withMeta = (change: Partial<ObjectMeta>): KubeObject => {
  const thing = object(configMaps, {});
  return { ...thing, metadata: { ...thing.metadata, ...change } };
};
const problems = (change: Partial<ObjectMeta>) => validateMetadata(configMaps, withMeta(change)).map(e => e.message);
const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'x', uid: '1', controller: true };

describe('metadata of what is created', () => {
  it('may have all there is', () => {
    expect(
      problems({
        labels: { 'example.com/a': 'b', c: '' },
        annotations: { 'Example.com/Upper': 'any text', d: '' },
        finalizers: ['example.com/wait', 'foregroundDeletion'],
        ownerReferences: [owner, { ...owner, name: 'y', uid: '2', controller: false }],
      }),
    ).toEqual([]);
  });

  it.each<[string, Partial<ObjectMeta>, RegExp]>([
    ['no name', { name: '' }, /^metadata.name: Required value: name or generateName is required$/],
    ['a bad beginning of a name', { generateName: 'A_' }, /^metadata.generateName: Invalid value: "A_": a lowercase/],
    ['no namespace', { namespace: '' }, /^metadata.namespace: Required value$/],
    ['a bad label', { labels: { 'a b': 'c' } }, /^metadata.labels: Invalid value: "a b": name part/],
    ['a bad value', { labels: { a: 'b c' } }, /^metadata.labels: Invalid value: "b c": a valid label/],
    ['a bad annotation', { annotations: { 'a b': '' } }, /^metadata.annotations: Invalid value: "a b"/],
    [
      'too much',
      { annotations: { a: 'x'.repeat(262_144) } },
      /^metadata.annotations: Too long: may not be more than 262144 bytes$/,
    ],
    [
      'two controllers',
      { ownerReferences: [owner, { ...owner, name: 'y' }] },
      /Only one reference can have Controller set to true. Found "true" in references for DaemonSet.x and DaemonSet.y$/,
    ],
    [
      'an owner without a uid',
      { ownerReferences: [{ ...owner, uid: '' }] },
      /^metadata.ownerReferences.uid: Invalid value: "": uid must not be empty$/,
    ],
    [
      'an Event as owner',
      { ownerReferences: [{ ...owner, apiVersion: 'v1', kind: 'Event' }] },
      /Event is disallowed from being an owner$/,
    ],
    [
      'a homeless finalizer',
      { finalizers: ['mine'] },
      /^metadata.finalizers\[0\]: Invalid value: "mine": name is neither/,
    ],
    ['two ends', { finalizers: ['orphan', 'foregroundDeletion'] }, /cannot be both set$/],
  ])('refuses %s', (_, change, message) => {
    expect(problems(change)).toEqual([expect.stringMatching(message)]);
  });

  it.each<[string, string]>([
    ['example.com', 'widgets'],
    ['apiextensions.k8s.io', 'customresourcedefinitions'],
    ['policy', 'poddisruptionbudgets'],
  ])('lets finalizers of %s %s do without a home', (group, plural) => {
    const schema = group === 'example.com' ? ({ fields: {} } as never) : configMaps.schema;
    const kind = { ...configMaps, group, plural, schema };
    const messages = (finalizer: string) =>
      validateMetadata(kind, withMeta({ finalizers: [finalizer] })).map(e => e.message);
    expect(messages('mine')).toEqual([]);
    expect(messages('a b')).toEqual([expect.stringMatching(/^metadata.finalizers: Invalid value: "a b": name part/)]);
  });

  it('asks each kind for its rule for names', () => {
    const named = (kind: typeof services | typeof namespaces | typeof nodes, name: string) => {
      const thing = object(kind as typeof nodes, { spec: {}, status: {} });
      return validateMetadata(kind, { ...thing, metadata: { ...thing.metadata, name } }).map(e => e.body);
    };
    expect(named(services, '1svc')[0]).toMatch(/DNS-1035 label/);
    expect(named(namespaces, 'a.b')).toEqual(['Invalid value: "a.b": must not contain dots']);
    expect(named(nodes, 'a.b')).toEqual([]);
  });

  it('wants no namespace where there is none', () => {
    const thing = object(nodes, { spec: {}, status: {} });
    const errors = validateMetadata(nodes, { ...thing, metadata: { ...thing.metadata, namespace: 'default' } });
    expect(errors.map(e => e.message)).toEqual(['metadata.namespace: Forbidden: not allowed on this type']);
  });
});

describe('metadata of what replaces another', () => {
  const change = (from: Partial<ObjectMeta>, to: Partial<ObjectMeta>) =>
    validateMetadataUpdate(configMaps, withMeta(to), withMeta(from)).map(e => e.message);

  it.each(['name', 'namespace', 'uid', 'creationTimestamp'] as const)('keeps its %s', field => {
    expect(change({}, { [field]: 'other' })).toEqual([`metadata.${field}: Invalid value: "other": field is immutable`]);
  });

  it('is not asked again for what was there before', () => {
    expect(change({ labels: { a: 'bad value' } }, { labels: { a: 'bad value' } })).toEqual([]);
    expect(change({ labels: { a: 'bad value' } }, { labels: { a: 'worse value' } })).toHaveLength(1);
  });

  it('takes no new finalizers once it is being deleted', () => {
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(change({ deletionTimestamp }, { deletionTimestamp, finalizers: ['example.com/new'] })).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/new"}',
    ]);
    expect(change({ deletionTimestamp, finalizers: ['example.com/a'] }, { deletionTimestamp })).toEqual([]);
  });
});
