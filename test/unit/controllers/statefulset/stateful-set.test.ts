import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from '../../../../src/resources/index.js';
import { SetCluster, template } from './set-cluster.js';

let cluster: SetCluster;
beforeEach(async () => {
  cluster = await SetCluster.start();
});
afterEach(async () => {
  expect(cluster.model.errors).toEqual([]);
  await cluster.close();
});

const PARALLEL = { podManagementPolicy: 'Parallel' };

describe('a StatefulSet', () => {
  it('makes its pods in their order, each once those before it are ready', async () => {
    await cluster.create();
    expect(cluster.pods).toEqual(['0:web:1']);
    await cluster.run([0], false);
    expect(cluster.pods).toEqual(['0:web:1']);
    await cluster.run([0]);
    expect(cluster.pods).toEqual(['0:web:1', '1:web:1']);
    expect(cluster.status).toMatchObject({ replicas: 2, readyReplicas: 1, availableReplicas: 1, currentReplicas: 2 });
    expect(await cluster.runAll()).toEqual([1, 2]);
    const { name } = cluster.revisions[0]!.metadata;
    expect(cluster.status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: name,
      updateRevision: name,
      collisionCount: 0,
    });
    expect(cluster.model.events).toEqual(
      [0, 1, 2].map(
        i => `statefulset-controller Normal SuccessfulCreate create Pod web-${i} in StatefulSet web successful`,
      ),
    );
  });

  it('gives each pod an identity', async () => {
    await cluster.create({ ordinals: { start: 5 } });
    expect(cluster.pod(5)).toMatchObject({
      metadata: {
        generateName: 'web-',
        labels: {
          app: 'web',
          'apps.kubernetes.io/pod-index': '5',
          'controller-revision-hash': cluster.status.updateRevision,
          'statefulset.kubernetes.io/pod-name': 'web-5',
        },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', controller: true }],
      },
      spec: { hostname: 'web-5', subdomain: 'nginx' },
    });
    expect(cluster.revisions).toMatchObject([
      {
        revision: 1,
        metadata: { labels: { app: 'web', 'controller.kubernetes.io/hash': expect.stringMatching(/^\w+$/) } },
        data: { spec: { template: { $patch: 'replace', metadata: { labels: { app: 'web' } } } } },
      },
    ]);
  });

  it('makes them all at once if it may', async () => {
    await cluster.create(PARALLEL);
    expect(cluster.pods).toEqual(['0:web:1', '1:web:1', '2:web:1']);
    await cluster.change({ replicas: 1 });
    expect(cluster.pods).toEqual(['0:web:1']);
  });

  it('shrinks from its end, one after the other', async () => {
    await cluster.create();
    await cluster.runAll();
    for (const ordinal of [1, 2]) await cluster.bind(ordinal);
    await cluster.change({ replicas: 1 });
    expect(cluster.pods).toEqual(['0:web:1', '1:web:1', '-2:web:1']);
    await cluster.model.deletePod('web-2', 0);
    expect(cluster.pods).toEqual(['0:web:1', '-1:web:1']);
    await cluster.model.deletePod('web-1', 0);
    expect(cluster.pods).toEqual(['0:web:1']);
    expect(cluster.model.told('SuccessfulDelete')).toEqual([
      'delete Pod web-2 in StatefulSet web successful',
      'delete Pod web-1 in StatefulSet web successful',
    ]);
  });

  it('neither grows nor shrinks while a pod is not healthy', async () => {
    await cluster.create();
    await cluster.runAll();
    await cluster.run([0], false);
    await cluster.change({ replicas: 5 });
    expect(cluster.pods).toHaveLength(3);
    await cluster.change({ replicas: 1 });
    expect(cluster.pods).toHaveLength(3);
    await cluster.run([0]);
    expect(cluster.pods).toHaveLength(1);
  });

  it.each([
    ['Failed', 'Warning RecreatingFailedPod StatefulSet default/web is recreating failed Pod web-0'],
    ['Succeeded', 'Normal RecreatingTerminatedPod StatefulSet default/web is recreating terminated Pod web-0'],
  ] as const)('makes a pod again that %s', async (phase, told) => {
    await cluster.create();
    const { uid } = cluster.pod(0).metadata;
    await cluster.end(0, phase);
    expect(cluster.pod(0).metadata.uid).not.toBe(uid);
    expect(cluster.pod(0).status.phase).toBe('Pending');
    expect(cluster.model.events).toContain(`statefulset-controller ${told}`);
    // Not over and over.
    await cluster.end(0, phase);
    expect(cluster.pod(0).status.phase).toBe(phase);
    await cluster.model.advance(1000);
    expect(cluster.pod(0).status.phase).toBe('Pending');
  });

  it('makes a pod again that somebody deleted, under the same name', async () => {
    await cluster.create();
    await cluster.runAll();
    await cluster.model.deletePod('web-1');
    expect(cluster.pods).toHaveLength(3);
    expect(cluster.pod(1).status.phase).toBe('Pending');
  });

  it('waits until pods have been ready for long enough', async () => {
    await cluster.create({ minReadySeconds: 10 });
    await cluster.run([0]);
    expect(cluster.status).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
    await cluster.model.advance(9999);
    expect(cluster.pods).toHaveLength(1);
    await cluster.model.advance(1);
    expect(cluster.pods).toHaveLength(2);
    expect(cluster.status.availableReplicas).toBe(1);
  });

  it('adopts orphans that have a name of its own, and no others', async () => {
    for (const name of ['web-0', 'web-x', 'other-1'])
      await cluster.model.pod(name, undefined, {}, { labels: { app: 'web' } });
    await cluster.create({ replicas: 1 });
    const owners = cluster.all(pods).map(({ metadata }) => [metadata.name, metadata.ownerReferences?.[0]?.name]);
    expect(owners).toEqual([
      ['other-1', undefined],
      ['web-0', 'web'],
      ['web-x', undefined],
    ]);
    // It was told by its name; now it says so itself.
    expect(cluster.pod(0).metadata.labels).toMatchObject({ 'statefulset.kubernetes.io/pod-name': 'web-0' });
  });

  it('puts back the label that tells who a pod is', async () => {
    await cluster.create({ replicas: 1 });
    await cluster.runAll();
    const pod = cluster.pod(0);
    const { 'statefulset.kubernetes.io/pod-name': _, ...labels } = pod.metadata.labels!;
    await cluster.model.registry.update(pods, { ...pod, metadata: { ...pod.metadata, labels } });
    await cluster.model.settle();
    expect(cluster.pod(0).metadata.labels).toHaveProperty(['statefulset.kubernetes.io/pod-name'], 'web-0');
  });

  it('keeps still once it is deleted', async () => {
    await cluster.create({ replicas: 1 });
    await cluster.runAll();
    await cluster.model.registry.delete(statefulSets, 'default', 'web', { propagationPolicy: 'Foreground' });
    await cluster.model.deletePod('web-0');
    expect(cluster.pods).toEqual([]);
  });
});

describe('a rollout', () => {
  /** Changes the template and lets pods run as they come; answers the order in which they were replaced. */
  async function rollOut(image: string): Promise<number[]> {
    await cluster.change({ template: template(image) });
    return cluster.runAll();
  }

  it('replaces pods from the end, one after the other', async () => {
    await cluster.create();
    await cluster.runAll();
    const [{ metadata: before }] = cluster.revisions as [(typeof cluster.revisions)[0]];
    await cluster.change({ template: template('web:2') });
    expect(cluster.pods).toEqual(['0:web:1', '1:web:1', '2:web:2']);
    expect(cluster.status).toMatchObject({ currentReplicas: 2, updatedReplicas: 1, currentRevision: before.name });
    expect(await cluster.runAll()).toEqual([2, 1, 0]);
    const { name } = cluster.revisions[1]!.metadata;
    expect(cluster.pods).toEqual(['0:web:2', '1:web:2', '2:web:2']);
    expect(cluster.status).toMatchObject({
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: name,
      updateRevision: name,
    });
  });

  it('goes down to its partition, and below it comes back as it was', async () => {
    await cluster.create({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    await cluster.runAll();
    expect(await rollOut('web:2')).toEqual([2]);
    expect(cluster.pods).toEqual(['0:web:1', '1:web:1', '2:web:2']);
    await cluster.model.deletePod('web-0');
    await cluster.model.deletePod('web-2');
    await cluster.runAll();
    expect(cluster.pods).toEqual(['0:web:1', '1:web:1', '2:web:2']);
    expect(cluster.status.currentRevision).not.toBe(cluster.status.updateRevision);
    await cluster.change({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } });
    expect(await cluster.runAll()).toEqual([1, 0]);
    expect(cluster.status.currentRevision).toBe(cluster.status.updateRevision);
  });

  it.each([
    [2, ['-1:web:1', '-2:web:1']],
    ['100%', ['-0:web:1', '-1:web:1', '-2:web:1']],
    ['10%', ['-2:web:1']],
  ])('lets %s be away at once', async (maxUnavailable, going) => {
    await cluster.create({
      ...PARALLEL,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } },
    });
    await cluster.runAll();
    for (const ordinal of [0, 1, 2]) await cluster.bind(ordinal);
    await cluster.change({ template: template('web:2') });
    expect(cluster.pods.filter(pod => pod.startsWith('-'))).toEqual(going);
  });

  it('stands still while a new pod does not get ready', async () => {
    await cluster.create();
    await cluster.runAll();
    await cluster.change({ template: template('web:2') });
    await cluster.run([2], false);
    expect(cluster.pods).toEqual(['0:web:1', '1:web:1', '2:web:2']);
  });

  it('waits for who deletes pods, if it is told so', async () => {
    await cluster.create({ updateStrategy: { type: 'OnDelete' } });
    await cluster.runAll();
    await rollOut('web:2');
    expect(cluster.pods).toEqual(['0:web:1', '1:web:1', '2:web:1']);
    await cluster.model.deletePod('web-1');
    expect(cluster.pods).toEqual(['0:web:1', '1:web:2', '2:web:1']);
  });

  it('back to a template that was there takes up its revision', async () => {
    await cluster.create({ replicas: 1 });
    await cluster.runAll();
    await rollOut('web:2');
    await rollOut('web:1');
    expect(cluster.pods).toEqual(['0:web:1']);
    expect(cluster.revisions.map(({ revision }) => revision)).toEqual([2, 3]);
    expect(cluster.status.currentRevision).toBe(cluster.revisions[1]!.metadata.name);
  });

  it('forgets old revisions, but for so many', async () => {
    await cluster.create({ replicas: 1, revisionHistoryLimit: 2 });
    await cluster.runAll();
    for (const version of [2, 3, 4, 5]) await rollOut(`web:${version}`);
    expect(cluster.revisions.map(({ revision }) => revision)).toEqual([3, 4, 5]);
  });

  it('takes another name where the one for its revision is taken', async () => {
    await cluster.create({ replicas: 1 });
    const [revision] = cluster.revisions;
    await cluster.model.registry.delete(statefulSets, 'default', 'web', { propagationPolicy: 'Background' });
    await cluster.model.deletePod('web-0');
    await cluster.model.registry.update(controllerRevisions, {
      ...revision!,
      metadata: { ...revision!.metadata, labels: {}, ownerReferences: [] },
    });
    await cluster.model.registry.delete(controllerRevisions, 'default', revision!.metadata.name);
    await cluster.model.registry.create(controllerRevisions, {
      ...revision!,
      metadata: { name: revision!.metadata.name, namespace: 'default' },
      data: { spec: { template: template('other:1') } },
    });
    await cluster.create({ replicas: 1 });
    expect(cluster.status.collisionCount).toBe(1);
    expect(cluster.status.updateRevision).not.toBe(revision!.metadata.name);
  });
});

describe('claims', () => {
  const claimTemplate = {
    metadata: { name: 'data', labels: { tier: 'db' } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  const withClaims = (whenDeleted = 'Retain', whenScaled = 'Retain') => ({
    volumeClaimTemplates: [claimTemplate as never],
    persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
  });
  const claim = (ordinal: number) =>
    cluster.model.registry.get(persistentVolumeClaims, 'default', `data-web-${ordinal}`)!.object;
  const owners = (ordinal: number) =>
    (claim(ordinal).metadata.ownerReferences ?? []).map(({ kind, name }) => `${kind} ${name}`);

  it('are made for each pod, before it, and come back to it', async () => {
    await cluster.create({ ...withClaims(), replicas: 2 });
    await cluster.runAll();
    expect(cluster.claims).toEqual(['data-web-0', 'data-web-1']);
    expect(claim(0).metadata.labels).toEqual({ app: 'web', tier: 'db' });
    expect(cluster.pod(1).spec.volumes).toEqual([{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-1' } }]);
    expect(cluster.model.told('SuccessfulCreate').slice(0, 2)).toEqual([
      'create Claim data-web-0 Pod web-0 in StatefulSet web success',
      'create Pod web-0 in StatefulSet web successful',
    ]);
    const { uid } = claim(1).metadata;
    await cluster.change({ replicas: 1 });
    expect(cluster.claims).toEqual(['data-web-0', 'data-web-1']);
    await cluster.change({ replicas: 2 });
    expect(claim(1).metadata.uid).toBe(uid);
    expect(cluster.claims).toHaveLength(2);
  });

  it.each([
    ['Retain', 'Retain', [], []],
    ['Delete', 'Retain', ['StatefulSet web'], ['StatefulSet web']],
    ['Retain', 'Delete', [], ['Pod web-1']],
    ['Delete', 'Delete', ['StatefulSet web'], ['Pod web-1']],
  ])('%s with the set, %s with the scale: they belong to %j, later to %j', async (deleted, scaled, before, after) => {
    await cluster.create({ ...withClaims(deleted, scaled), replicas: 2 });
    await cluster.runAll();
    expect(owners(1)).toEqual(before);
    await cluster.change({ replicas: 1 });
    expect(cluster.pods).toEqual(['0:web:1']);
    expect(owners(1)).toEqual(after);
    expect(owners(0)).toEqual(before);
  });

  it('follow another policy', async () => {
    await cluster.create({ ...withClaims(), replicas: 1 });
    await cluster.runAll();
    await cluster.change({
      ...withClaims('Delete'),
      replicas: 1,
      volumeClaimTemplates: cluster.set.spec.volumeClaimTemplates!,
    });
    expect(owners(0)).toEqual(['StatefulSet web']);
  });

  it('of a pod that is gone are waited for', async () => {
    await cluster.create({ ...withClaims('Retain', 'Delete'), replicas: 2 });
    await cluster.runAll();
    await cluster.change({ replicas: 1 });
    await cluster.change({ replicas: 2 });
    expect(cluster.pods).toEqual(['0:web:1']);
    await cluster.model.registry.delete(persistentVolumeClaims, 'default', 'data-web-1');
    await cluster.model.settle();
    expect(cluster.pods).toEqual(['0:web:1', '1:web:1']);
    expect(owners(1)).toEqual([]);
  });

  it('that were deleted are made again for a pod that waits for them', async () => {
    await cluster.create({ ...withClaims(), replicas: 1 });
    const { uid } = claim(0).metadata;
    await cluster.model.registry.delete(persistentVolumeClaims, 'default', 'data-web-0');
    await cluster.model.settle();
    expect(claim(0).metadata.uid).not.toBe(uid);
  });
});
