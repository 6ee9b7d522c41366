import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { volumeBinder } from '../../../src/controllers/volume-binder/index.js';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../src/placement/volumes/match.js';
import type { ResourceDefinition } from '../../../src/resources/definition.js';
import { persistentVolumeClaims, persistentVolumes } from '../../../src/resources/plain/volumes.js';
import type { Draft, KubeObject, ObjectMeta } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';

const claims = persistentVolumeClaims as ResourceDefinition<PersistentVolumeClaim>;
const volumes = persistentVolumes as ResourceDefinition<PersistentVolume>;

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(volumeBinder);
});
afterEach(async () => {
  await cluster.close();
  expect(cluster.errors).toEqual([]);
});

async function volume(
  name: string,
  storage = '1Gi',
  spec: Partial<PersistentVolume['spec']> = {},
  metadata: Partial<ObjectMeta> = {},
): Promise<void> {
  await cluster.registry.create(volumes, {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, ...metadata },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      ...spec,
      hostPath: { path: '/x' },
    } as PersistentVolume['spec'],
    status: {},
  });
  await cluster.settle();
}

async function claim(name: string, storage = '1Gi', spec: Partial<PersistentVolumeClaim['spec']> = {}): Promise<void> {
  await cluster.registry.create(claims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...spec },
    status: {},
  });
  await cluster.settle();
}

async function storageClass(name: string, volumeBindingMode = 'Immediate'): Promise<void> {
  const kind = cluster.registry.kinds.byResource('storageclasses.storage.k8s.io') as ResourceDefinition<KubeObject>;
  const draft = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'a.b/c',
    volumeBindingMode,
  };
  await cluster.registry.create(kind, draft as Draft<KubeObject>);
  await cluster.settle();
}

const theClaim = (name = 'c') => cluster.registry.get(claims, 'default', name)!.object;
const theVolume = (name: string) => cluster.registry.get(volumes, '', name)!.object;
const phases = (claimName: string, volumeName: string) => [
  theClaim(claimName).status.phase,
  theVolume(volumeName).status.phase,
];

/** Deletes an object that something protects, as nobody here lets it go. */
async function remove(kind: ResourceDefinition, namespace: string, name: string): Promise<void> {
  await cluster.registry.delete(kind, namespace, name);
  const { object } = cluster.registry.get(kind, namespace, name)!;
  await cluster.registry.update(kind, { ...object, metadata: { ...object.metadata, finalizers: [] } });
  await cluster.settle();
}

describe('a claim', () => {
  it('gets a volume that does, and both say so', async () => {
    await volume('v', '2Gi');
    expect(theVolume('v').status.phase).toBe('Available');
    await claim('c');
    const { metadata, spec, status } = theClaim();
    expect(spec.volumeName).toBe('v');
    expect(status).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' } });
    expect(metadata.annotations).toEqual({
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
    });
    expect(theVolume('v')).toMatchObject({
      metadata: { annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } },
      spec: { claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'c', uid: metadata.uid } },
      status: { phase: 'Bound' },
    });
  });

  it('that came first gets the volume when it comes', async () => {
    await claim('c');
    expect(cluster.told('FailedBinding')).toEqual([
      'no persistent volumes available for this claim and no storage class is set',
    ]);
    await volume('v');
    expect(phases('c', 'v')).toEqual(['Bound', 'Bound']);
  });

  it.each<[string, Partial<PersistentVolume['spec']>, Partial<PersistentVolumeClaim['spec']>, boolean]>([
    ['another class', { storageClassName: 'gold' }, {}, false],
    ['the same class', { storageClassName: 'gold' }, { storageClassName: 'gold' }, true],
    ['too little', { capacity: { storage: '1023Mi' } }, {}, false],
    ['another mode', {}, { accessModes: ['ReadWriteMany'] }, false],
    ['more modes than needed', { accessModes: ['ReadWriteMany', 'ReadWriteOnce'] }, {}, true],
    ['a block device', { volumeMode: 'Block' }, {}, false],
    ['other labels', {}, { selector: { matchLabels: { disk: 'hdd' } } }, false],
    ['those labels', {}, { selector: { matchLabels: { disk: 'ssd' } } }, true],
    ['another claim in mind', { claimRef: { namespace: 'default', name: 'other' } }, {}, false],
    ['that claim in mind', { claimRef: { namespace: 'default', name: 'c' } }, {}, true],
  ])('and a volume of %s', async (_, ofVolume, ofClaim, isBound) => {
    await volume('v', '1Gi', ofVolume, { labels: { disk: 'ssd' } });
    await claim('c', '1Gi', ofClaim);
    expect(theClaim().status.phase).toBe(isBound ? 'Bound' : 'Pending');
  });

  it('gets the smallest that does, and each only one', async () => {
    await volume('large', '10Gi');
    await volume('small', '1Gi');
    await volume('middle', '5Gi');
    for (const name of ['a', 'b', 'c', 'd']) await claim(name, '1Gi');
    expect(['a', 'b', 'c', 'd'].map(name => theClaim(name).spec.volumeName)).toEqual([
      'small',
      'middle',
      'large',
      undefined,
    ]);
  });

  it('gets the volume that it names, if that does', async () => {
    await volume('small', '1Gi');
    await volume('large', '10Gi');
    await claim('c', '1Gi', { volumeName: 'large' });
    expect(phases('c', 'large')).toEqual(['Bound', 'Bound']);
    await claim('d', '5Gi', { volumeName: 'small' });
    expect(theClaim('d').status.phase).toBe('Pending');
    expect(cluster.told('VolumeMismatch')).toEqual([
      'Cannot bind to requested volume "small": requested PV is too small',
    ]);
  });

  it('of a class that waits for its first consumer waits', async () => {
    await storageClass('late', 'WaitForFirstConsumer');
    await volume('v', '1Gi', { storageClassName: 'late' });
    await claim('c', '1Gi', { storageClassName: 'late' });
    expect(phases('c', 'v')).toEqual(['Pending', 'Available']);
    expect(cluster.told('WaitForFirstConsumer')).toEqual(['waiting for first consumer to be created before binding']);
  });

  it('of a class that waits gets at once what is kept for it, of whatever class, if that does', async () => {
    await storageClass('late', 'WaitForFirstConsumer');
    const kept = (name: string) => ({ claimRef: { namespace: 'default', name } });
    await volume('free', '5Gi', { storageClassName: 'late' });
    await volume('small', '1Gi', kept('large'));
    await volume('right', '1Gi', kept('fitting'));
    await claim('large', '2Gi', { storageClassName: 'late' });
    await claim('fitting', '1Gi', { storageClassName: 'late' });
    expect(theClaim('large').status.phase).toBe('Pending');
    expect(phases('fitting', 'right')).toEqual(['Bound', 'Bound']);
  });

  it('of a class is told whom it waits for', async () => {
    await claim('c', '1Gi', { storageClassName: 'gold' });
    expect(cluster.told('ProvisioningFailed')).toEqual(['storageclass.storage.k8s.io "gold" not found']);
    await storageClass('gold');
    expect(cluster.told('ExternalProvisioning')[0]).toMatch(
      /^Waiting for a volume to be created either by .*'a\.b\/c'/,
    );
  });

  it('that loses its volume is lost', async () => {
    await volume('v');
    await claim('c');
    await remove(persistentVolumes, '', 'v');
    expect(theClaim().status.phase).toBe('Lost');
    expect(cluster.told('ClaimLost')).toEqual([
      'Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    ]);
  });
});

it('a volume whose claim goes is released, and nobody else’s', async () => {
  await volume('v');
  await claim('c');
  await remove(persistentVolumeClaims, 'default', 'c');
  expect(theVolume('v').status.phase).toBe('Released');
  await claim('c');
  expect(phases('c', 'v')).toEqual(['Pending', 'Released']);
  const { claimRef: _, ...spec } = theVolume('v').spec;
  await cluster.registry.update(volumes, { ...theVolume('v'), spec });
  await cluster.settle();
  expect(phases('c', 'v')).toEqual(['Bound', 'Bound']);
});
