import { afterEach, describe, expect, it } from 'vitest';
import {
  replicaSetController,
  replicationControllerController,
} from '../../../../src/controllers/replicaset/controller.js';
import { StatusError } from '../../../../src/registry/status.js';
import { pods, replicaSets, replicationControllers } from '../../../../src/resources/index.js';
import { isTerminating } from '../../../../src/resources/state.js';
import type { ObjectMeta, Pod } from '../../../../src/resources/types.js';
import type { ReplicaSet, ReplicationController } from '../../../../src/resources/workload-types.js';
import { ModelCluster } from '../../../support/model-cluster.js';

let model: ModelCluster;
afterEach(() => model.close());

const start = async () => {
  model = await ModelCluster.start(replicaSetController, replicationControllerController);
};

async function create(
  replicas: number,
  { name = 'web', spec = {}, metadata = {} }: { name?: string; spec?: object; metadata?: object } = {},
): Promise<void> {
  const labels = { app: 'web' };
  await model.registry.create(replicaSets, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name, namespace: 'default', ...metadata },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, tier: 'front' }, annotations: { note: 'x' } },
        spec: { containers: [{ name: 'main', image: 'a:1' }] },
      },
      ...spec,
    },
    status: {},
  });
  await model.settle();
}

const theSet = (name = 'web'): ReplicaSet => model.registry.get(replicaSets, 'default', name)!.object;

async function scale(replicas: number): Promise<void> {
  await model.registry.update(replicaSets, { ...theSet(), spec: { ...theSet().spec, replicas } });
  await model.settle();
}

const allPods = (): readonly Pod[] => model.registry.all(pods, 'default').map(({ object }) => object);
const ownersOf = (name: string) => model.getPod(name)?.metadata.ownerReferences?.map(owner => owner.name) ?? [];

/** Lets pods run on nodes, ready from now on. */
async function makeReady(...list: readonly Pod[]): Promise<void> {
  for (const { metadata, spec } of list) {
    if (!spec.nodeName) await model.registry.bind('default', metadata.name, 'node');
    await model.setPodStatus(metadata.name, {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: new Date(model.clock.now()).toISOString() }],
    });
  }
}

/** A pod that somebody else made. */
const bare = (name: string, labels: Record<string, string>, metadata: Partial<ObjectMeta> = {}) =>
  model.pod(name, undefined, {}, { ...metadata, labels } as Partial<Pod['metadata']>);

const relabel = async (name: string, labels: Record<string, string | null>) => {
  await model.registry.patch(pods, 'default', name, { type: 'merge', body: { metadata: { labels } } });
  await model.settle();
};

describe('a ReplicaSet', () => {
  it('TestSyncReplicaSetCreates: makes pods from its template, named after it', async () => {
    await start();
    await create(3);
    expect(allPods()).toHaveLength(3);
    const [pod] = allPods();
    expect(pod!.metadata).toMatchObject({
      name: expect.stringMatching(/^web-\w{5}$/),
      generateName: 'web-',
      labels: { app: 'web', tier: 'front' },
      annotations: { note: 'x' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'web',
          uid: theSet().metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
    expect(theSet().status).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
    const told = allPods().map(p => `Created pod: ${p.metadata.name}`);
    expect(model.told('SuccessfulCreate').sort()).toEqual(told);
    expect(model.errors).toEqual([]);
  });

  it('TestControllerBurstReplicas: makes more than 500 in several goes', async () => {
    await start();
    await create(1200);
    expect(allPods()).toHaveLength(1200);
    expect(theSet().status.replicas).toBe(1200);
    await scale(3);
    expect(allPods()).toHaveLength(3);
  });

  it('deletes what is too many, pods without a node first, and counts them until they are gone', async () => {
    await start();
    await create(3);
    const [first, second, third] = allPods();
    await makeReady(first!, third!);
    await scale(2);
    expect(allPods().map(p => p.metadata.name)).toEqual([first!.metadata.name, third!.metadata.name]);
    expect(model.told('SuccessfulDelete')).toEqual([`Deleted pod: ${second!.metadata.name}`]);
    await scale(1);
    expect(theSet().status).toMatchObject({ replicas: 1, readyReplicas: 1, terminatingReplicas: 1 });
    await model.deletePod(allPods().find(isTerminating)!.metadata.name, 0);
    expect(theSet().status).toMatchObject({ replicas: 1, terminatingReplicas: 0 });
  });

  it('TestSyncReplicaSetDormancy: replaces pods that are deleted, or have ended; ended ones stay', async () => {
    await start();
    await create(2);
    const [first, second] = allPods();
    await makeReady(first!, second!);
    await model.deletePod(first!.metadata.name);
    expect(theSet().status).toMatchObject({ replicas: 2, readyReplicas: 1, terminatingReplicas: 1 });
    await model.setPodStatus(second!.metadata.name, { phase: 'Failed' });
    expect(allPods()).toHaveLength(4);
    expect(theSet().status).toMatchObject({ replicas: 2, terminatingReplicas: 1 });
    expect(ownersOf(second!.metadata.name)).toEqual(['web']);
  });

  it('counts pods as available once they have been ready for minReadySeconds', async () => {
    await start();
    await create(2, { spec: { minReadySeconds: 30 } });
    const [first, second] = allPods();
    await makeReady(first!);
    await model.advance(20_000);
    await makeReady(second!);
    expect(theSet().status).toMatchObject({ readyReplicas: 2 });
    expect(theSet().status.availableReplicas).toBeUndefined();
    await model.advance(10_000);
    expect(theSet().status.availableReplicas).toBe(1);
    await model.advance(20_000);
    expect(theSet().status.availableReplicas).toBe(2);
  });

  it('TestPatchPodWithOtherOwnerRef, e2e: adopts matching pods on creation, and releases those that match no longer', async () => {
    await start();
    await bare('orphan', { app: 'web' });
    await bare('stranger', { app: 'other' });
    await bare('ended', { app: 'web' });
    await model.setPodStatus('ended', { phase: 'Succeeded' });
    await create(1);
    expect(ownersOf('orphan')).toEqual(['web']);
    expect(allPods()).toHaveLength(3);
    expect(theSet().status).toMatchObject({ replicas: 1 });
    expect(theSet().status.fullyLabeledReplicas).toBeUndefined();
    expect([...ownersOf('stranger'), ...ownersOf('ended')]).toEqual([]);
    await relabel('orphan', { app: 'gone' });
    expect(ownersOf('orphan')).toEqual([]);
    expect(allPods()).toHaveLength(4);
    await relabel('stranger', { app: 'web' });
    expect(allPods().filter(p => p.metadata.ownerReferences)).toHaveLength(1);
  });

  it("leaves alone what is another's", async () => {
    await start();
    const owner = { apiVersion: 'v1', kind: 'ReplicationController', name: 'rc', uid: 'rc', controller: true };
    await bare('owned', { app: 'web' }, { ownerReferences: [owner] });
    await create(1);
    expect(ownersOf('owned')).toEqual(['rc']);
    expect(allPods()).toHaveLength(2);
  });

  it('TestDeletionTimestamp: does nothing while it is being deleted, but tells how many there are', async () => {
    await start();
    await create(2, { metadata: { finalizers: ['example.com/wait'] } });
    await model.registry.delete(replicaSets, 'default', 'web');
    await model.settle();
    const [first] = allPods();
    await model.deletePod(first!.metadata.name, 0);
    expect(allPods()).toHaveLength(1);
    expect(theSet().status.replicas).toBe(1);
    await bare('orphan', { app: 'web' });
    expect(ownersOf('orphan')).toEqual([]);
  });

  it('that goes while its pods are being made needs no status', async () => {
    await start();
    const { create: createObject } = model.registry;
    model.registry.create = (async (kind, draft, options) => {
      if (kind.plural === 'pods') await model.registry.delete(replicaSets, 'default', 'web').catch(() => {});
      return createObject.call(model.registry, kind, draft as never, options as never);
    }) as typeof createObject;
    await create(1);
    expect(model.registry.get(replicaSets, 'default', 'web')).toBeUndefined();
    expect(model.errors).toEqual([]);
  });

  it('is not woken by pods that are none of its business', async () => {
    await start();
    await create(1);
    const before = theSet().metadata.resourceVersion;
    await bare('stranger', { app: 'other' });
    await relabel('stranger', { more: 'labels' });
    expect(theSet().metadata.resourceVersion).toBe(before);
  });
});

describe('a ReplicaSet that may not make pods', () => {
  it('e2e: surfaces a failure condition, makes what it can, and takes the condition back', async () => {
    await start();
    let allowed = 3;
    const { create: createObject } = model.registry;
    model.registry.create = ((kind, draft, options) => {
      if (kind.plural === 'pods' && allowed-- <= 0)
        return Promise.reject(StatusError.forbidden(pods, 'web-x', 'exceeded quota: small'));
      return createObject.call(model.registry, kind, draft as never, options as never);
    }) as typeof createObject;
    await create(10);
    expect(theSet().status).toMatchObject({
      replicas: 3,
      conditions: [
        {
          type: 'ReplicaFailure',
          status: 'True',
          reason: 'FailedCreate',
          message: 'pods "web-x" is forbidden: exceeded quota: small',
        },
      ],
    });
    expect(model.told('FailedCreate')[0]).toBe('Error creating: pods "web-x" is forbidden: exceeded quota: small');
    allowed = 100;
    await model.advance(60_000);
    expect(allPods()).toHaveLength(10);
    expect(theSet().status).toMatchObject({ replicas: 10 });
    expect(theSet().status.conditions ?? []).toEqual([]);
  });
});

describe('a ReplicationController', () => {
  const theController = (): ReplicationController =>
    model.registry.get(replicationControllers, 'default', 'old')!.object;

  it('does the same, and signs with its own name', async () => {
    await start();
    await bare('orphan', { app: 'old' });
    await model.registry.create(replicationControllers, {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'old', namespace: 'default' },
      spec: {
        replicas: 3,
        template: { metadata: { labels: { app: 'old' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } },
      },
      status: {},
    });
    await model.settle();
    expect(allPods()).toHaveLength(3);
    expect(model.getPod('orphan')!.metadata.ownerReferences).toMatchObject([
      { apiVersion: 'v1', kind: 'ReplicationController', name: 'old', controller: true },
    ]);
    expect(theController().status).toEqual({ replicas: 3, fullyLabeledReplicas: 3, observedGeneration: 1 });
    expect(model.events[0]).toMatch(/^replication-controller Normal SuccessfulCreate Created pod: old-\w{5}$/);
    await relabel('orphan', { app: 'gone' });
    expect(ownersOf('orphan')).toEqual([]);
    expect(theController().status.replicas).toBe(3);
  });
});
