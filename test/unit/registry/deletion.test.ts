import { describe, expect, it } from 'vitest';
import { decideDeletion } from '../../../src/registry/deletion.js';
import type { DeleteOptions } from '../../../src/registry/types.js';
import { daemonSets, pods } from '../../../src/resources/index.js';
import type { DaemonSet, ObjectMeta, Pod } from '../../../src/resources/types.js';
import { openRegistry } from '../../support/registry.js';
import { daemonSet, pod } from '../resources/objects.js';

const NOW = Date.parse('2026-01-02T00:00:00Z');
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString().replace('.000', '');

const set = (metadata: Partial<ObjectMeta> = {}): DaemonSet => {
  const object = daemonSet();
  return { ...object, metadata: { ...object.metadata, generation: 3, ...metadata } };
};
const deleteSet = (object: DaemonSet, options: DeleteOptions = {}) =>
  decideDeletion(object, daemonSets.strategy, options, NOW);

const HELD = 'example.com/hold';
const marked = { deletionTimestamp: at(0), deletionGracePeriodSeconds: 0 };

describe('deleting a set', () => {
  it('GC-01: removes it at once where nothing holds it', () => {
    expect(deleteSet(set())).toMatchObject({ kind: 'remove' });
  });

  it('API-13, GC-10, T16: marks it where somebody holds it, which is a new generation; once', () => {
    const first = deleteSet(set({ finalizers: [HELD] }));
    expect(first).toMatchObject({
      kind: 'mark',
      object: { metadata: { ...marked, generation: 4, finalizers: [HELD] } },
    });
    if (first.kind === 'mark') expect(deleteSet(first.object)).toEqual({ kind: 'keep' });
  });

  const orphan = ['orphan'];
  const foreground = ['foregroundDeletion'];
  it.each<[string, DeleteOptions, string[], string[]]>([
    ['nothing', {}, [], []],
    ['Background', { propagationPolicy: 'Background' }, [], []],
    ['Foreground', { propagationPolicy: 'Foreground' }, [], foreground],
    ['Orphan', { propagationPolicy: 'Orphan' }, [], orphan],
    ['orphanDependents', { orphanDependents: true }, [], orphan],
    ['no orphanDependents', { orphanDependents: false }, orphan, []],
    ['orphanDependents before the policy', { orphanDependents: true, propagationPolicy: 'Foreground' }, [], orphan],
    ['the policy before finalizers', { propagationPolicy: 'Foreground' }, orphan, foreground],
    ['the policy before finalizers, the other way round', { propagationPolicy: 'Orphan' }, foreground, orphan],
    ['finalizers that are there: orphan', {}, orphan, orphan],
    ['finalizers that are there: foreground', {}, foreground, foreground],
  ])('GC-05: what counts: %s', (_, options, before, after) => {
    const decided = deleteSet(set({ finalizers: [HELD, ...before] }), options);
    expect(decided).toMatchObject({ kind: 'mark', object: { metadata: { finalizers: [HELD, ...after] } } });
  });

  it('GC-05: a second DELETE changes the policy, and no other finalizers', () => {
    const going = set({ ...marked, finalizers: [HELD, ...foreground] });
    const change = (options: DeleteOptions) => {
      const decided = deleteSet(going, options);
      return decided.kind === 'mark' ? decided.object.metadata : decided.kind;
    };
    expect(change({ propagationPolicy: 'Foreground' })).toBe('keep');
    expect(change({})).toBe('keep');
    expect(change({ propagationPolicy: 'Orphan' })).toMatchObject({ finalizers: [HELD, ...orphan], generation: 3 });
    expect(change({ propagationPolicy: 'Background' })).toMatchObject({ finalizers: [HELD], generation: 3 });
    const alone = set({ ...marked, finalizers: foreground });
    expect(deleteSet(alone, { propagationPolicy: 'Background' })).toMatchObject({ kind: 'remove' });
  });
});

describe('deleting a pod', () => {
  const bound = (metadata: Partial<ObjectMeta> = {}, status: Pod['status'] = { phase: 'Running' }): Pod => {
    const object = pod({ nodeName: 'n', terminationGracePeriodSeconds: 20 }, { status });
    return { ...object, metadata: { ...object.metadata, generation: 1, ...metadata } };
  };
  const deletePod = (object: Pod, gracePeriodSeconds?: number) =>
    decideDeletion(object, pods.strategy, gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }, NOW);
  const marks = (seconds: number, generation: number) => ({
    kind: 'mark',
    object: {
      metadata: { deletionTimestamp: at(seconds), deletionGracePeriodSeconds: seconds, generation },
    },
  });

  it.each([
    ['its own', undefined, 20],
    ['what was asked for', 7, 7],
    ['what was asked for, also if it is longer', 90, 90],
  ])('LIFE-01, T42: on a node, it is given a time: %s', (_, asked, seconds) => {
    expect(deletePod(bound(), asked)).toMatchObject(marks(seconds, 2));
  });

  it('LIFE-01: a pod without a generation gets none', () => {
    const { generation: _, ...metadata } = bound().metadata;
    const decided = deletePod({ ...bound(), metadata });
    expect(decided.kind === 'mark' && decided.object.metadata.generation).toBeUndefined();
  });

  it.each<[string, Pod]>([
    ['on no node', pod({ terminationGracePeriodSeconds: 20 })],
    ['Failed', bound({}, { phase: 'Failed' })],
    ['Succeeded', bound({}, { phase: 'Succeeded' })],
  ])('LIFE-02, T42: %s, it is gone at once, whatever was asked for', (_, object) => {
    expect(deletePod(object)).toMatchObject({ kind: 'remove' });
    expect(deletePod(object, 60)).toMatchObject({ kind: 'remove' });
  });

  it('LIFE-03: a second DELETE may only shorten the time', () => {
    const going = bound({ deletionTimestamp: at(20), deletionGracePeriodSeconds: 20, generation: 2 });
    expect(deletePod(going, 60)).toEqual({ kind: 'keep' });
    expect(deletePod(going, 20)).toEqual({ kind: 'keep' });
    // Who does not say how long asks for no less.
    expect(deletePod(bound({ deletionTimestamp: at(90), deletionGracePeriodSeconds: 90, generation: 2 }))).toEqual({
      kind: 'keep',
    });
    expect(deletePod(going, 5)).toMatchObject(marks(5, 2));
    expect(deletePod(going, 0)).toMatchObject({ kind: 'remove' });
  });

  it('LIFE-03: less than nothing is one second', () => {
    expect(deletePod(bound(), -7)).toMatchObject(marks(1, 2));
  });

  it('LIFE-02, LIFE-04: finalizers keep it, without any time left', () => {
    const ended = bound({ finalizers: [HELD] }, { phase: 'Failed' });
    expect(deletePod(ended)).toMatchObject(marks(0, 2));
    const going = bound({
      finalizers: [HELD],
      deletionTimestamp: at(20),
      deletionGracePeriodSeconds: 20,
      generation: 2,
    });
    expect(deletePod(going, 0)).toMatchObject(marks(0, 2));
  });
});

describe('a pod in the registry', () => {
  const draft = (metadata: Partial<ObjectMeta> = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'main', image: 'a:1' }] },
    status: {},
  });

  it('LIFE-02, LIFE-04: that waits for a node goes at once, or with its last finalizer', async () => {
    const registry = await openRegistry();
    await registry.create(pods, draft());
    expect((await registry.delete(pods, 'default', 'p')).removed).toBe(true);
    await registry.create(pods, draft({ finalizers: [HELD] }));
    const held = await registry.delete(pods, 'default', 'p');
    expect([held.removed, held.entry.object.metadata.deletionGracePeriodSeconds]).toEqual([false, 0]);
    await registry.patch(pods, 'default', 'p', { type: 'merge', body: { metadata: { finalizers: null } } });
    expect(registry.get(pods, 'default', 'p')).toBeUndefined();
    await registry.log.close();
  });

  it('LIFE-05: comes to a node by its binding alone', async () => {
    const registry = await openRegistry();
    const { object } = await registry.create(pods, draft());
    await expect(registry.update(pods, { ...object, spec: { ...object.spec, nodeName: 'n1' } })).rejects.toMatchObject({
      reason: 'Invalid',
    });
    expect((await registry.bind('default', 'p', 'n1')).object.spec.nodeName).toBe('n1');
    await registry.log.close();
  });
});
