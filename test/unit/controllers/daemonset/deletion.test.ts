import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daemonSetController } from '../../../../src/controllers/daemonset/controller.js';
import { garbageCollector } from '../../../../src/controllers/garbage-collector/index.js';
import { namespaceController } from '../../../../src/controllers/namespace/index.js';
import type { DeleteOptions } from '../../../../src/registry/types.js';
import { controllerRevisions, daemonSets, namespaces, pods } from '../../../../src/resources/index.js';
import type { ObjectMeta, Pod } from '../../../../src/resources/types.js';
import { ModelCluster } from '../../../support/model-cluster.js';
import { addNamespace } from '../../../support/registry.js';
import { daemonSet } from './cluster.js';

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(daemonSetController, garbageCollector, namespaceController);
  for (const name of ['n1', 'n2']) {
    await cluster.node(name);
    await cluster.setTaints(name);
  }
});
afterEach(() => cluster.close());

/** A set whose pods are on their nodes. */
async function make(name = 'agent', metadata: Partial<ObjectMeta> = {}): Promise<void> {
  const draft = daemonSet({ name });
  await cluster.registry.create(daemonSets, { ...draft, metadata: { ...draft.metadata, ...metadata } });
  await cluster.settle();
  for (const { object } of cluster.registry.all(pods, draft.metadata.namespace)) {
    const node =
      object.spec.affinity!.nodeAffinity!.requiredDuringSchedulingIgnoredDuringExecution!.nodeSelectorTerms[0]!
        .matchFields![0]!.values![0]!;
    if (!object.spec.nodeName) await cluster.registry.bind('default', object.metadata.name, node);
  }
  await cluster.settle();
}

const set = (name = 'agent') => cluster.registry.get(daemonSets, 'default', name)?.object;
const allPods = () => cluster.registry.all(pods, 'default').map(({ object }) => object);
const isGoing = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined;
const revisions = () => cluster.registry.all(controllerRevisions, 'default').map(({ object }) => object);

async function remove(options: DeleteOptions = {}): Promise<void> {
  await cluster.registry.delete(daemonSets, 'default', 'agent', options);
  await cluster.settle();
}

/** As a kubelet does once the containers have stopped. */
async function finalise(pod: Pod): Promise<void> {
  await cluster.registry.delete(pods, 'default', pod.metadata.name, { gracePeriodSeconds: 0 });
  await cluster.settle();
}

describe('a set that is deleted', () => {
  it('GC-01, API-11: is gone at once; then its revision goes, and its pods have their time', async () => {
    await make();
    await cluster.registry.delete(daemonSets, 'default', 'agent');
    expect(set()).toBeUndefined();
    expect(allPods().some(isGoing)).toBe(false);
    await cluster.settle();
    expect(revisions()).toEqual([]);
    expect(allPods().map(p => p.metadata.deletionGracePeriodSeconds)).toEqual([30, 30]);
    for (const pod of allPods()) await finalise(pod);
    expect(allPods()).toEqual([]);
  });

  it('GC-01: takes along nothing of a namesake that has come since', async () => {
    await make();
    const [first] = allPods();
    const { registry } = cluster;
    await Promise.all([registry.delete(daemonSets, 'default', 'agent'), registry.create(daemonSets, daemonSet())]);
    await cluster.settle();
    const owned = allPods().filter(p => p.metadata.ownerReferences![0]!.uid === set()!.metadata.uid);
    expect(owned).toHaveLength(2);
    expect(owned.some(isGoing)).toBe(false);
    expect(cluster.getPod(first!.metadata.name)!.metadata.deletionTimestamp).toBeDefined();
  });

  it('GC-02, T40, CTL-11: in the foreground stays readable and keeps still, its status too, until the last pod is gone', async () => {
    await make();
    await remove({ propagationPolicy: 'Foreground' });
    expect(set()!.metadata).toMatchObject({ finalizers: ['foregroundDeletion'], generation: 2 });
    expect(allPods().every(isGoing)).toBe(true);
    const before = set();
    const [first, second] = allPods();
    await finalise(first!);
    await cluster.node('n3');
    await cluster.setTaints('n3');
    expect(allPods()).toHaveLength(1);
    expect(set()).toEqual(before);
    await finalise(second!);
    expect(set()).toBeUndefined();
    expect([allPods(), revisions()]).toEqual([[], []]);
  });

  it('GC-03, T40: keeping its pods, leaves them and its revision to nobody, with their labels', async () => {
    await make();
    const before = allPods();
    await remove({ propagationPolicy: 'Orphan' });
    expect(set()).toBeUndefined();
    expect(allPods().map(p => [p.metadata.uid, p.metadata.labels])).toEqual(
      before.map(p => [p.metadata.uid, p.metadata.labels]),
    );
    for (const { metadata } of [...allPods(), ...revisions()]) {
      expect(metadata.ownerReferences).toBeUndefined();
      expect(metadata.deletionTimestamp).toBeUndefined();
    }
    expect(revisions()).toHaveLength(1);
  });

  it('GC-04, T41: a successor with the same template adopts all of it under the same hash', async () => {
    await make();
    const before = allPods().map(p => p.metadata.uid);
    const [{ metadata }] = revisions() as [ReturnType<typeof revisions>[0]];
    await remove({ propagationPolicy: 'Orphan' });
    await make();
    expect(allPods().map(p => p.metadata.uid)).toEqual(before);
    expect(revisions().map(r => r.metadata.uid)).toEqual([metadata.uid]);
    for (const object of [...allPods(), ...revisions()])
      expect(object.metadata.ownerReferences).toMatchObject([{ uid: set()!.metadata.uid, controller: true }]);
    expect(new Set(allPods().map(p => p.metadata.labels!['controller-revision-hash']))).toEqual(
      new Set([metadata.labels!['controller-revision-hash']]),
    );
  });

  it('GC-05: changes its mind while it waits: the pods that are not gone yet are set free', async () => {
    await make('agent', { finalizers: ['example.com/hold'] });
    await remove({ propagationPolicy: 'Orphan' });
    expect(set()!.metadata.finalizers).toEqual(['example.com/hold']);
    expect(allPods().every(p => p.metadata.ownerReferences === undefined)).toBe(true);
  });

  it('GC-10: waits for whoever holds it, and so do its pods', async () => {
    await make('agent', { finalizers: ['example.com/hold'] });
    await remove();
    expect(set()!.metadata.deletionTimestamp).toBeDefined();
    expect(allPods().some(isGoing)).toBe(false);
    await cluster.registry.patch(daemonSets, 'default', 'agent', {
      type: 'merge',
      body: { metadata: { finalizers: null } },
    });
    await cluster.settle();
    expect(set()).toBeUndefined();
    expect(allPods().every(isGoing)).toBe(true);
  });

  it('GC-09: goes with all that a selector names, each with its pods', async () => {
    for (const [name, team] of [
      ['agent', 'a'],
      ['one', 'b'],
      ['two', 'b'],
    ] as const)
      await make(name, { labels: { team } });
    await cluster.registry.deleteCollection(daemonSets, { namespace: 'default', labelSelector: 'team=b' });
    await cluster.settle();
    expect([set('agent'), set('one'), set('two')].map(Boolean)).toEqual([true, false, false]);
    expect(
      allPods()
        .filter(isGoing)
        .map(p => p.metadata.labels!.app)
        .sort(),
    ).toEqual(['one', 'one', 'two', 'two']);
    expect(allPods().filter(p => !isGoing(p))).toHaveLength(2);
  });
});

describe('a namespace that is deleted', () => {
  it('GC-08: takes sets, pods and revisions along, and nothing is made in it any more', async () => {
    await addNamespace(cluster.registry, 'web');
    const draft = daemonSet();
    const metadata = { ...draft.metadata, namespace: 'web', finalizers: ['example.com/hold'] };
    await cluster.registry.create(daemonSets, { ...draft, metadata });
    await cluster.settle();
    const inWeb = () => cluster.registry.all(pods, 'web').map(({ object }) => object);
    expect(inWeb()).toHaveLength(2);
    await cluster.registry.bind('web', inWeb()[0]!.metadata.name, 'n1');
    cluster.events.length = 0;
    await cluster.registry.delete(namespaces, '', 'web');
    await cluster.settle();
    // The set is held, and so is the namespace; the pod that has a node has its time.
    expect(inWeb().map(isGoing)).toEqual([true]);
    await cluster.registry.delete(pods, 'web', inWeb()[0]!.metadata.name, { gracePeriodSeconds: 0 });
    await cluster.settle();
    expect(inWeb()).toEqual([]);
    expect(cluster.registry.all(controllerRevisions, 'web')).toEqual([]);
    await cluster.registry.patch(daemonSets, 'web', 'agent', {
      type: 'merge',
      body: { metadata: { finalizers: null } },
    });
    await cluster.advance(60_000);
    expect(cluster.registry.get(namespaces, '', 'web')).toBeUndefined();
    expect(cluster.events.filter(e => e.includes('Create'))).toEqual([]);
  });

  it('GC-08, SYN-04, T45: a set that has not heard of it yet is refused its pods, and tells nobody', async () => {
    await addNamespace(cluster.registry, 'web');
    const draft = daemonSet();
    await cluster.registry.create(daemonSets, { ...draft, metadata: { ...draft.metadata, namespace: 'web' } });
    await cluster.registry.delete(namespaces, '', 'web');
    await cluster.settle();
    expect(cluster.registry.all(pods, 'web')).toEqual([]);
    expect(cluster.events.filter(e => e.includes('Create'))).toEqual([]);
    expect(cluster.errors.filter(e => e.includes('pod'))).toEqual([]);
  });
});
