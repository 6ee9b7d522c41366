import { describe, expect, it } from 'vitest';
import { CompiledDaemonSet, liveHashes } from '../../../../src/controllers/daemonset/compiled.js';
import { daemonPodOf } from '../../../../src/controllers/daemonset/daemon-pod.js';
import { schedulingOf } from '../../../../src/controllers/daemonset/eras/index.js';
import { Claimed } from '../../../../src/controllers/workloads/claim.js';
import { StatusError } from '../../../../src/registry/status.js';
import { controllerRevisions, daemonSets, pods } from '../../../../src/resources/index.js';
import type { Pod } from '../../../../src/resources/types.js';
import { addNamespace } from '../../../support/registry.js';
import { hashOf, NAMESPACE, type SetOptions, TestCluster } from './cluster.js';
import { LABEL, OTHER_LABEL, Scene, type Strategy } from './scene.js';

describe('ownership', () => {
  it('REF-05: an orphan that matches is adopted by one set, and counts', async () => {
    const cluster = await TestCluster.start(2);
    await cluster.createPod('orphan', { labels: { app: 'agent' } }, 'node-0');
    await cluster.createPod('stranger', { labels: { app: 'other' } }, 'node-0');
    const set = await cluster.createSet();
    await cluster.settled();
    expect(
      cluster
        .podsOn('node-0')
        .map(p => p.metadata.name)
        .sort(),
    ).toEqual(['orphan', 'stranger']);
    expect(cluster.podsOn('node-0').find(p => p.metadata.name === 'orphan')!.metadata.ownerReferences).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        name: 'agent',
        uid: set.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
    expect(cluster.podsOn('node-1')).toHaveLength(1);
  });

  it('REF-03, REF-05, DUP-01, T38: a relabelled pod is let go and replaced; labelled back it returns, and the younger goes', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet();
    await cluster.rollOut();
    const [pod] = cluster.pods();
    await cluster.advance(5_000);
    await cluster.patchPod(pod!, { metadata: { labels: { app: 'other' } } });
    await cluster.rollOut();
    expect(cluster.pods()).toHaveLength(2);
    expect(cluster.pods().find(p => p.metadata.uid === pod!.metadata.uid)!.metadata.ownerReferences).toBeUndefined();
    await cluster.patchPod(pod!, { metadata: { labels: { app: 'agent' } } });
    await cluster.rollOut();
    expect(cluster.pods().map(p => p.metadata.uid)).toEqual([pod!.metadata.uid]);
  });

  it('CTL-03: the former owner hears of a pod that was taken from it', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet();
    await cluster.rollOut();
    await cluster.patchPod(cluster.pods()[0]!, { metadata: { labels: { app: 'stray' }, ownerReferences: null } });
    await cluster.rollOut();
    expect(cluster.pods()).toHaveLength(2);
  });

  it('CTL-03: a pod that goes over to another set: both hear of it', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet({ name: 'a', app: 'same' });
    const b = await cluster.createSet({ name: 'b', app: 'same' });
    await cluster.rollOut();
    const moved = cluster.pods().find(p => p.metadata.ownerReferences![0]!.name === 'a')!;
    const owner = { ...moved.metadata.ownerReferences![0]!, name: 'b', uid: b.metadata.uid };
    await cluster.patchPod(moved, { metadata: { ownerReferences: [owner] } });
    await cluster.rollOut();
    expect(
      cluster
        .pods()
        .map(p => p.metadata.ownerReferences![0]!.name)
        .sort(),
    ).toEqual(['a', 'b']);
    expect([cluster.status('a').numberReady, cluster.status('b').numberReady]).toEqual([1, 1]);
  });

  it('REF-01, REF-04: pods of another owner are none of its business', async () => {
    const cluster = await TestCluster.start(1);
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'rs-uid', controller: true };
    await cluster.createPod('foreign', { labels: { app: 'agent' }, ownerReferences: [owner] }, 'node-0');
    await cluster.createSet();
    await cluster.settled();
    expect(cluster.pods()).toHaveLength(2);
  });

  it('CTL-11: a set on its way out keeps still', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet();
    await cluster.rollOut();
    await cluster.patchSet({ metadata: { finalizers: ['example.com/hold'] } });
    await cluster.registry.delete(daemonSets, NAMESPACE, 'agent');
    const [pod] = cluster.pods();
    await cluster.registry.delete(pods, NAMESPACE, pod!.metadata.name, { gracePeriodSeconds: 0 });
    await cluster.addNode('node-1');
    await cluster.settled();
    expect(cluster.pods()).toEqual([]);
  });

  it('CTL-01: a set made anew under the same name makes its own pods', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet();
    await cluster.rollOut();
    await cluster.registry.delete(daemonSets, NAMESPACE, 'agent');
    await cluster.createSet();
    await cluster.settled();
    expect(new Set(cluster.pods().map(p => p.metadata.ownerReferences![0]!.uid)).size).toBe(2);
    expect(cluster.status()).toMatchObject({ currentNumberScheduled: 1 });
  });

  it('T01, T54: two sets with the same selector: each has its own', async () => {
    const cluster = await TestCluster.start(2);
    await cluster.createSet({ name: 'a', app: 'same' });
    await cluster.createSet({ name: 'b', app: 'same' });
    await cluster.rollOut();
    expect(cluster.pods()).toHaveLength(4);
    expect([cluster.status('a').numberReady, cluster.status('b').numberReady]).toEqual([2, 2]);
  });

  it('T54: an orphan that two sets select becomes the pod of one of them, and nobody complains', async () => {
    const cluster = await TestCluster.start(1);
    const orphan = await cluster.createPod('orphan', { labels: { app: 'same' } }, 'node-0');
    // An orphan is of no known template: a rollout would replace it.
    const spec = { updateStrategy: { type: 'OnDelete' } };
    await cluster.createSet({ name: 'a', app: 'same', spec });
    await cluster.createSet({ name: 'b', app: 'same', spec });
    await cluster.rollOut();
    expect(cluster.pods()).toHaveLength(2);
    const owners = cluster.pods().flatMap(p => p.metadata.ownerReferences!.map(owner => owner.name));
    expect(owners.sort()).toEqual(['a', 'b']);
    expect(cluster.registry.get(pods, NAMESPACE, 'orphan')!.object.metadata.uid).toBe(orphan.metadata.uid);
    expect(cluster.happened()).toEqual({ SuccessfulCreate: 1 });
    expect(cluster.errors).toEqual([]);
  });

  it('REF-05, T39: a set that is going, gone, or a namesake by now adopts nothing, and says why', async () => {
    const cluster = await TestCluster.start(2);
    const set = await cluster.createSet();
    await cluster.rollOut();
    await cluster.patchSet({ metadata: { finalizers: ['example.com/hold'] } });
    await cluster.settled();
    await cluster.runtime.stop();
    const stale = cluster.set();
    await cluster.registry.delete(daemonSets, NAMESPACE, 'agent');
    const orphan = await cluster.createPod('orphan', { labels: { app: 'agent' } }, 'node-0');
    const claimed = new Claimed(cluster.registry, {
      owner: daemonSets,
      kind: pods,
      selector: { matches: () => true },
      describe: daemonPodOf,
    });
    const cannot = `can't adopt Pod default/orphan (${orphan.metadata.uid}): `;
    await expect(claimed.of(stale)).rejects.toThrow(`${cannot}default/agent has just been deleted`);
    await cluster.registry.patch(daemonSets, NAMESPACE, 'agent', {
      type: 'merge',
      body: { metadata: { finalizers: null } },
    });
    await expect(claimed.of(stale)).rejects.toThrow(
      `${cannot}can't recheck DeletionTimestamp: daemonsets.apps "agent" not found`,
    );
    await cluster.createSet();
    await expect(claimed.of(stale)).rejects.toThrow(
      `${cannot}can't recheck DeletionTimestamp: original DaemonSet default/agent is gone: got uid ${cluster.set().metadata.uid}, wanted ${set.metadata.uid}`,
    );
  });

  it('REF-01, REF-05: what is elsewhere is nobody of its: neither orphans of another namespace, nor pods of a namesake there', async () => {
    const { cluster } = await opened(1);
    const { registry } = cluster;
    await addNamespace(registry, 'elsewhere');
    const spec = { nodeName: 'node-0', containers: [{ name: 'main', image: 'a:1' }] };
    await registry.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'orphan', namespace: 'elsewhere', labels: LABEL },
      spec,
      status: {},
    });
    expect(await cluster.sync()).toBe('1/0/0');
    expect(registry.get(pods, 'elsewhere', 'orphan')!.object.metadata.ownerReferences).toBeUndefined();
  });

  it('REF-04, T01: by its owner first: one of another is none of its own, though its labels match; its own counts though a set of the same labels has more', async () => {
    const scene = await opened(1);
    const { cluster } = scene;
    const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'former', uid: 'former', controller: true };
    const foreign = await cluster.createPod('foreign', { labels: LABEL, ownerReferences: [owner] }, 'node-0');
    await scene.pods('node-0', 1);
    expect(await cluster.sync()).toBe('0/0/0');
    expect(cluster.pods()).toContainEqual(foreign);
    expect(cluster.status().currentNumberScheduled).toBe(1);
  });

  it('REF-06, DUP-01: adopted pods count on their node: the younger of two goes, and the one that stays is of no revision', async () => {
    const scene = await opened(1, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } });
    const { cluster } = scene;
    const orphan = await cluster.createPod('orphan', { labels: LABEL }, 'node-0');
    await cluster.setStatus(orphan, 'Running', true);
    await cluster.advance(5_000);
    await scene.pods('node-0', 1);
    expect(await cluster.sync()).toBe('0/1/0');
    expect(cluster.pods().map(pod => pod.metadata.name)).toEqual(['orphan']);
    expect(cluster.status()).toMatchObject({ currentNumberScheduled: 1, numberReady: 1 });
    expect(cluster.status().updatedNumberScheduled).toBeUndefined();
    expect([await cluster.sync(), await cluster.sync()]).toEqual(['0/1/0', '1/0/0']);
    expect(cluster.pods().map(hashOf)).toEqual([expect.any(String)]);
  });

  it('REF-07: looked at in every phase: an orphan that comes while pods are made is adopted, and counted, by the same sync', async () => {
    const { cluster } = await opened(2, undefined, { nodeName: 'node-0' });
    const { registry } = cluster;
    const create = registry.create.bind(registry);
    registry.create = (async (kind, draft, options) => {
      const created = await create(kind, draft, options);
      if (kind.plural !== 'pods' || registry.get(pods, NAMESPACE, 'orphan')) return created;
      const late = { name: 'orphan', namespace: NAMESPACE, labels: LABEL };
      const { spec, ...made } = draft as unknown as Pod;
      await create(pods, { ...made, metadata: late, spec: { ...spec, nodeName: 'node-1' } });
      return created;
    }) as typeof create;
    expect(await cluster.sync()).toBe('1/0/0');
    const [orphan] = cluster.podsOn('node-1');
    expect(orphan!.metadata.ownerReferences).toMatchObject([{ kind: 'DaemonSet', name: 'agent' }]);
    expect(cluster.status()).toMatchObject({ currentNumberScheduled: 1, numberMisscheduled: 1 });
  });

  it('REF-08: revisions: one that matches no longer is let go, one of another namespace or of another owner is not taken', async () => {
    const { cluster } = await opened(1);
    const { registry } = cluster;
    await addNamespace(registry, 'elsewhere');
    await cluster.sync();
    const [own] = cluster.revisions();
    const revision = (metadata: object) => ({
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name: 'extra', namespace: NAMESPACE, labels: LABEL, ...metadata },
      data: own!.data,
      revision: 7,
    });
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'other', uid: 'other', controller: true };
    const foreign = await registry.create(controllerRevisions, revision({ name: 'foreign', ownerReferences: [owner] }));
    const far = await registry.create(controllerRevisions, revision({ namespace: 'elsewhere' }));
    await registry.patch(controllerRevisions, NAMESPACE, own!.metadata.name, {
      type: 'merge',
      body: { metadata: { labels: OTHER_LABEL } },
    });
    await cluster.sync().catch(() => {});
    const now = (name: string, namespace = NAMESPACE) => registry.get(controllerRevisions, namespace, name)!.object;
    expect(now(own!.metadata.name).metadata.ownerReferences).toBeUndefined();
    expect(now('foreign')).toEqual(foreign.object);
    expect(now('extra', 'elsewhere')).toEqual(far.object);
  });

  it.each<[string, StatusError]>([
    ['is gone', StatusError.notFound(pods, 'agent')],
    ['is another by now', StatusError.invalid(pods, 'agent', [])],
  ])('REF-03: a pod that is to be let go and %s is no failure', async (_what, refused) => {
    const scene = await opened(1);
    await scene.pods('node-0', 1, { labels: OTHER_LABEL });
    scene.cluster.registry.patch = () => Promise.reject(refused);
    expect(await scene.cluster.sync()).toBe('1/0/0');
  });

  it('REF-05: an orphan that goes while it is adopted is no failure; any other refusal fails the sync', async () => {
    const { cluster } = await opened(1);
    await cluster.createPod('orphan', { labels: LABEL }, 'node-0');
    cluster.registry.patch = () => Promise.reject(StatusError.notFound(pods, 'orphan'));
    expect(await cluster.sync()).toBe('1/0/0');
    cluster.registry.patch = () => Promise.reject(new Error('no'));
    await expect(cluster.sync()).rejects.toThrow('no');
  });

  it('REF-02, REF-03, CTL-11: a set on its way out lets nobody go', async () => {
    const scene = await opened(1);
    const { cluster } = scene;
    await scene.pods('node-0', 1, { labels: OTHER_LABEL });
    await cluster.patchSet({ metadata: { finalizers: ['example.com/hold'] } });
    await cluster.registry.delete(daemonSets, NAMESPACE, 'agent');
    expect(await cluster.sync()).toBe('0/0/0');
    expect(cluster.pods()[0]!.metadata.ownerReferences).toHaveLength(1);
  });

  it('REF-09: a pod of its own that is meant for no node in particular is kept, and stands for none', async () => {
    const scene = await opened(1);
    const { cluster } = scene;
    await scene.pods('', 1);
    expect(await cluster.sync()).toBe('1/0/0');
    expect(await cluster.sync()).toBe('0/0/0');
    expect(cluster.pods()).toHaveLength(2);
    expect(cluster.status()).toMatchObject({ currentNumberScheduled: 1, numberMisscheduled: 0 });
  });
});

describe('TestGetNodesToDaemonPods', () => {
  /** Pods of every sort on two nodes, by name. */
  async function claimed() {
    const scene = await opened(2);
    const { cluster } = scene;
    const { registry } = cluster;
    await scene.pods('node-0', 1);
    await scene.pods('node-1', 1);
    await cluster.createPod('orphan', { labels: LABEL }, 'node-0');
    await cluster.createPod('non-matching-orphan', { labels: OTHER_LABEL }, 'node-0');
    await scene.pods('node-0', 1, { labels: OTHER_LABEL });
    const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'other', uid: 'other', controller: true };
    await cluster.createPod('foreign', { labels: LABEL, ownerReferences: [owner] }, 'node-1');
    const held = { labels: { ...LABEL, 'controller-revision-hash': 'held' }, finalizers: ['example.com/hold'] };
    const ended = await cluster.createPod('ended-and-going', held, 'node-1');
    const set = cluster.set();
    const compiled = new CompiledDaemonSet(registry, schedulingOf('current')({ registry }), set);
    await compiled.pods.of(set);
    await cluster.setStatus(ended, 'Failed', false);
    await registry.delete(pods, NAMESPACE, 'ended-and-going');
    return { compiled, pods: await compiled.pods.of(set) };
  }

  it('REF-01, REF-03, REF-05, REF-10: TestGetNodesToDaemonPods: for what is made and deleted: its own and what it adopts, without what has ended and goes', async () => {
    const { compiled, pods } = await claimed();
    const byNode = [...compiled.podsByNode(pods)].map(([node, found]) => [node, found.map(pod => pod.name).sort()]);
    expect(Object.fromEntries(byNode)).toEqual({ 'node-0': ['orphan', 'pod-0'], 'node-1': ['pod-1'] });
  });

  it('REF-10, REV-08: TestGetNodesToDaemonPods: for the history: that as well', async () => {
    const { pods } = await claimed();
    expect(pods.map(({ name }) => name).sort()).toEqual(['ended-and-going', 'orphan', 'pod-0', 'pod-1']);
    expect([...liveHashes(pods)]).toContain('held');
  });
});

async function opened(nodeCount: number, strategy: Strategy = { type: 'OnDelete' }, pod?: SetOptions['pod']) {
  const scene = await Scene.open(strategy);
  await scene.nodes(0, nodeCount);
  await scene.set(pod ? { pod } : {});
  return scene;
}
