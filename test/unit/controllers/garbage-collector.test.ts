import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { garbageCollector } from '../../../src/controllers/garbage-collector/index.js';
import type { DeleteOptions } from '../../../src/registry/types.js';
import type { ResourceDefinition } from '../../../src/resources/definition.js';
import { configMaps, nodes, pods, secrets, services } from '../../../src/resources/index.js';
import type { KubeObject, ObjectMeta, OwnerReference } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';
import { addNamespace } from '../../support/registry.js';

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(garbageCollector);
});
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.close();
});

/** Any object: ConfigMaps own and are owned like all others. */
async function make(
  name: string,
  owners: OwnerReference[] = [],
  metadata: Partial<ObjectMeta> = {},
): Promise<OwnerReference> {
  const namespace = 'default';
  await cluster.registry.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, ...(owners.length > 0 ? { ownerReferences: owners } : {}), ...metadata },
  });
  await cluster.settle();
  const made = get(name, metadata.namespace);
  return refTo(made ?? { metadata: { name, uid: 'gone' } });
}

const refTo = (
  { metadata }: { metadata: Pick<ObjectMeta, 'name' | 'uid'> },
  more: Partial<OwnerReference> = {},
): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: metadata.name,
  uid: metadata.uid,
  ...more,
});

const get = (name: string, namespace = 'default') => cluster.registry.get(configMaps, namespace, name)?.object;
const exists = (...names: string[]) => names.map(name => get(name) !== undefined);

async function remove(name: string, options: DeleteOptions = {}): Promise<void> {
  await cluster.registry.delete(configMaps, 'default', name, options);
  await cluster.settle();
}

async function setFinalizers<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  name: string,
  finalizers: string[],
): Promise<void> {
  const object = cluster.registry.get(kind, 'default', name)!.object;
  await cluster.registry.update(kind, { ...object, metadata: { ...object.metadata, finalizers } });
  await cluster.settle();
}

const blocking = { controller: true, blockOwnerDeletion: true };

describe('background (GC-01)', () => {
  it('deletes dependents of dependents once their owner is gone', async () => {
    const a = await make('a');
    const b = await make('b', [a]);
    await make('c', [b]);
    await make('other');
    await remove('a');
    expect(exists('a', 'b', 'c', 'other')).toEqual([false, false, false, true]);
  });

  it('deletes an object whose reference is turned to an owner that is not there', async () => {
    const a = await make('a');
    await make('b', [a]);
    const b = get('b')!;
    await cluster.registry.update(configMaps, {
      ...b,
      metadata: { ...b.metadata, ownerReferences: [{ ...a, name: 'gone' }] },
    });
    await cluster.settle();
    expect(exists('a', 'b')).toEqual([true, false]);
  });

  it('honours the grace period of pods', async () => {
    const a = await make('a');
    await cluster.pod('p', 'n1', {}, { ownerReferences: [a] });
    await remove('a');
    expect(cluster.getPod('p')!.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
  });

  it('begins only when the owner is really gone (GC-10)', async () => {
    const a = await make('a', [], { finalizers: ['example.org/held'] });
    await make('b', [a]);
    await remove('a');
    expect(exists('a', 'b')).toEqual([true, true]);
    await setFinalizers(configMaps, 'a', []);
    expect(exists('a', 'b')).toEqual([false, false]);
  });

  it('takes 5,000 pods', async () => {
    const a = await make('a');
    await Promise.all(
      Array.from({ length: 5000 }, (_, i) =>
        cluster.registry.create(pods, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: `p${i}`, namespace: 'default', ownerReferences: [{ ...a, ...blocking }] },
          spec: { containers: [{ name: 'main', image: 'a:1' }] },
          status: {},
        }),
      ),
    );
    await cluster.settle();
    await remove('a');
    expect(cluster.registry.all(pods)).toHaveLength(0);
  });
});

describe('foreground (GC-02)', () => {
  it('waits for dependents that block, deepest first', async () => {
    const a = await make('a');
    const b = await make('b', [{ ...a, ...blocking }]);
    await make('c', [{ ...b, ...blocking }], { finalizers: ['example.org/held'] });
    await remove('a', { propagationPolicy: 'Foreground' });
    expect(get('a')!.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(get('b')!.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(get('c')!.metadata.deletionTimestamp).toBeDefined();
    await setFinalizers(configMaps, 'c', []);
    expect(exists('a', 'b', 'c')).toEqual([false, false, false]);
  });

  it('does not wait for those that do not block, which go all the same', async () => {
    const a = await make('a');
    await make('b', [a], { finalizers: ['example.org/held'] });
    await remove('a', { propagationPolicy: 'Foreground' });
    expect(exists('a', 'b')).toEqual([false, true]);
    expect(get('b')!.metadata.deletionTimestamp).toBeDefined();
  });

  it('goes on when a dependent stops blocking, or is no longer owned', async () => {
    const a = await make('a');
    await make('b', [{ ...a, ...blocking }], { finalizers: ['example.org/held'] });
    await make('c', [{ ...a, ...blocking }], { finalizers: ['example.org/held'] });
    await remove('a', { propagationPolicy: 'Foreground' });
    const write = async (name: string, ownerReferences: OwnerReference[]) => {
      const object = get(name)!;
      await cluster.registry.update(configMaps, { ...object, metadata: { ...object.metadata, ownerReferences } });
      await cluster.settle();
    };
    await write('b', [{ ...a, controller: true }]);
    expect(exists('a')).toEqual([true]);
    await write('c', []);
    expect(exists('a')).toEqual([false]);
  });

  it('takes along what is made meanwhile', async () => {
    const a = await make('a');
    await make('b', [{ ...a, ...blocking }], { finalizers: ['example.org/held'] });
    await remove('a', { propagationPolicy: 'Foreground' });
    await make('late', [{ ...a, ...blocking }]);
    expect(exists('a', 'b', 'late')).toEqual([true, true, false]);
  });

  it('is not held up by a circle of owners', async () => {
    const a = await make('a');
    const b = await make('b', [{ ...a, ...blocking }]);
    const object = get('a')!;
    await cluster.registry.update(configMaps, {
      ...object,
      metadata: { ...object.metadata, ownerReferences: [{ ...b, ...blocking }] },
    });
    await cluster.settle();
    await remove('a', { propagationPolicy: 'Foreground' });
    expect(exists('a', 'b')).toEqual([false, false]);
  });

  it('can be called off by a second DELETE, leaving other finalizers (GC-05)', async () => {
    const a = await make('a', [], { finalizers: ['example.org/held'] });
    await make('b', [{ ...a, ...blocking }]);
    await setFinalizers(configMaps, 'b', ['example.org/held']);
    await remove('a', { propagationPolicy: 'Foreground' });
    await remove('a', { propagationPolicy: 'Background' });
    expect(get('a')!.metadata.finalizers).toEqual(['example.org/held']);
  });
});

describe('orphan (GC-03)', () => {
  it('sets dependents free, then lets the owner go', async () => {
    const a = await make('a');
    const other = await make('other');
    await make('b', [{ ...a, ...blocking }, other], { labels: { app: 'b' } });
    await cluster.pod('p', 'n1', {}, { ownerReferences: [a] });
    await remove('a', { propagationPolicy: 'Orphan' });
    expect(exists('a', 'b')).toEqual([false, true]);
    expect(get('b')!.metadata).toMatchObject({ ownerReferences: [other], labels: { app: 'b' } });
    expect(cluster.getPod('p')!.metadata).not.toHaveProperty('ownerReferences');
  });

  it('does not undo other finalizers', async () => {
    const a = await make('a', [], { finalizers: ['example.org/held'] });
    await make('b', [a]);
    await remove('a', { propagationPolicy: 'Orphan' });
    expect(get('a')!.metadata.finalizers).toEqual(['example.org/held']);
    expect(get('b')!.metadata).not.toHaveProperty('ownerReferences');
  });
});

describe('owners', () => {
  it('that live keep an object; those that are gone are forgotten (GC-06)', async () => {
    const [a, b] = [await make('a'), await make('b')];
    await make('c', [a, b]);
    await remove('a');
    expect(get('c')!.metadata.ownerReferences).toEqual([b]);
    await remove('b');
    expect(exists('c')).toEqual([false]);
  });

  it('that wait for their dependents do not keep one that has another', async () => {
    const [a, b] = [await make('a'), await make('b')];
    await make('c', [{ ...a, blockOwnerDeletion: true }, b]);
    await remove('a', { propagationPolicy: 'Foreground' });
    expect(exists('a', 'c')).toEqual([false, true]);
    expect(get('c')!.metadata.ownerReferences).toEqual([b]);
  });

  it.each<[string, Partial<OwnerReference>]>([
    ['never were', { name: 'nobody' }],
    ['have another uid', { uid: '00000000-0000-4000-8000-000000000000' }],
    ['are of another kind', { kind: 'Secret' }],
  ])('that %s are none (GC-07)', async (_, wrong) => {
    const a = await make('a');
    await make('b', [{ ...a, ...wrong }]);
    expect(exists('b')).toEqual([false]);
  });

  it('of kinds that are not served may be anywhere', async () => {
    const a = await make('a');
    await make('b', [{ ...a, apiVersion: 'example.org/v1', kind: 'Thing' }]);
    expect(exists('b')).toEqual([true]);
  });

  it('in another namespace are none, which is told (GC-07)', async () => {
    const a = await make('a');
    await addNamespace(cluster.registry, 'web');
    await make('b', [a], { namespace: 'web' });
    expect(get('b', 'web')).toBeUndefined();
    expect(cluster.events).toEqual([
      `garbage-collector-controller Warning OwnerRefInvalidNamespace ownerRef [v1/ConfigMap, namespace: web, name: a, uid: ${a.uid}] does not exist in namespace "web"`,
    ]);
  });

  it('in a namespace cannot own what is in none, which stays', async () => {
    const a = await make('a');
    await cluster.node('n1', {}, { metadata: { ownerReferences: [a] } as ObjectMeta });
    await cluster.annotateNode('n1', { x: 'y' });
    expect(cluster.getNode('n1')).toBeDefined();
    expect(cluster.told('OwnerRefInvalidNamespace')).toEqual([
      `ownerRef [v1/ConfigMap, namespace: , name: a, uid: ${a.uid}] does not exist in namespace ""`,
    ]);
    await remove('a');
    expect(cluster.getNode('n1')).toBeDefined();
  });

  it('in no namespace own across all kinds', async () => {
    await cluster.node('n1');
    const { uid } = cluster.getNode('n1').metadata;
    const owner = { apiVersion: 'v1', kind: 'Node', name: 'n1', uid };
    const draft = (kind: string) => ({
      apiVersion: 'v1',
      kind,
      metadata: { name: 'x', namespace: 'default', ownerReferences: [owner] },
    });
    await cluster.registry.create(secrets, draft('Secret'));
    await cluster.registry.create(services, { ...draft('Service'), spec: { ports: [{ port: 80 }] }, status: {} });
    await cluster.settle();
    await cluster.registry.delete(nodes, '', 'n1');
    await cluster.settle();
    expect([cluster.registry.get(secrets, 'default', 'x'), cluster.registry.get(services, 'default', 'x')]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

it('finds at its start what dangles and what waits', async () => {
  await cluster.close();
  cluster = await ModelCluster.start();
  const a = await make('a');
  await make('b', [a]);
  await remove('a');
  const c = await make('c');
  await make('d', [{ ...c, ...blocking }]);
  await remove('c', { propagationPolicy: 'Foreground' });
  await remove((await make('e')).name, { propagationPolicy: 'Orphan' });
  expect(exists('b', 'c', 'd', 'e')).toEqual([true, true, true, true]);
  cluster.runtime.add(garbageCollector({ registry: cluster.registry, recorder: () => ({ event: () => {} }) }));
  await cluster.settle();
  expect(exists('b', 'c', 'd', 'e')).toEqual([false, false, false, false]);
});
