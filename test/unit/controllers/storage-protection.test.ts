import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  attributesClassProtection,
  claimProtection,
  volumeProtection,
} from '../../../src/controllers/storage-protection/index.js';
import type { ResourceDefinition } from '../../../src/resources/definition.js';
import type { Draft, KubeObject, PodSpec } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';

const CLASSES = 'volumeattributesclasses.storage.k8s.io';

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(claimProtection, volumeProtection, attributesClassProtection);
});
afterEach(async () => {
  await cluster.close();
  expect(cluster.errors).toEqual([]);
});

const kindOf = (resource: string) => cluster.registry.kinds.byResource(resource) as ResourceDefinition<KubeObject>;
const placeOf = (resource: string) => (kindOf(resource).namespaced ? 'default' : '');
const get = (resource: string, name = 'it') => cluster.registry.get(kindOf(resource), placeOf(resource), name)?.object;

async function make(resource: string, content: object, name = 'it', metadata: object = {}): Promise<void> {
  const { group, version, kind, namespaced } = kindOf(resource);
  await cluster.registry.create(kindOf(resource), {
    apiVersion: group ? `${group}/${version}` : version,
    kind,
    metadata: { name, ...(namespaced ? { namespace: 'default' } : {}), ...metadata },
    ...content,
  } as Draft<KubeObject>);
  await cluster.settle();
}

async function remove(resource: string, name = 'it'): Promise<void> {
  await cluster.registry.delete(kindOf(resource), placeOf(resource), name);
  await cluster.settle();
}

const claim = (more: object = {}) => ({
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...more },
});
const mounting: Partial<PodSpec> = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'it' } }] };

describe('a claim', () => {
  it('that nobody uses goes at once', async () => {
    await make('persistentvolumeclaims', claim());
    await remove('persistentvolumeclaims');
    expect(get('persistentvolumeclaims')).toBeUndefined();
  });

  it('that a pod uses waits for the pod to go', async () => {
    await make('persistentvolumeclaims', claim());
    await cluster.node('n');
    await cluster.pod('user', 'n', mounting);
    await cluster.pod('other', 'n');
    await remove('persistentvolumeclaims');
    await cluster.deletePod('other', 0);
    expect(get('persistentvolumeclaims')?.metadata.deletionTimestamp).toBeDefined();
    await cluster.deletePod('user', 0);
    expect(get('persistentvolumeclaims')).toBeUndefined();
  });

  it('does not wait for a pod that has no node, which cannot start any more', async () => {
    await make('persistentvolumeclaims', claim());
    await cluster.pod('user', undefined, mounting);
    await remove('persistentvolumeclaims');
    expect(get('persistentvolumeclaims')).toBeUndefined();
  });

  it.each([
    [true, true],
    [false, false],
  ])('made for a volume of a pod (%j) is used by it', async (isOwner, isUsed) => {
    await cluster.node('n');
    await cluster.pod('user', 'n', {
      volumes: [{ name: 'data', ephemeral: { volumeClaimTemplate: { spec: claim().spec } } }],
    });
    const { uid } = cluster.getPod('user')!.metadata;
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'user', uid: isOwner ? uid : 'other', controller: true };
    await make('persistentvolumeclaims', claim(), 'user-data', { ownerReferences: [owner] });
    await remove('persistentvolumeclaims', 'user-data');
    expect(get('persistentvolumeclaims', 'user-data') !== undefined).toBe(isUsed);
  });
});

it('a volume waits until it is bound no more', async () => {
  const kind = kindOf('persistentvolumes');
  await make('persistentvolumes', {
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/x' } },
  });
  const phase = async (value: string) => {
    const volume = { ...get('persistentvolumes')!, status: { phase: value } };
    await cluster.registry.update(kind, volume, { subresource: 'status' });
    await cluster.settle();
  };
  await phase('Bound');
  await remove('persistentvolumes');
  expect(get('persistentvolumes')?.metadata.finalizers).toEqual(['kubernetes.io/pv-protection']);
  await phase('Released');
  expect(get('persistentvolumes')).toBeUndefined();
});

it('a class of attributes waits until no claim names it', async () => {
  await make(CLASSES, { driverName: 'x', parameters: { a: 'b' } });
  await make('persistentvolumeclaims', claim({ volumeAttributesClassName: 'it' }), 'user');
  await remove(CLASSES);
  expect(get(CLASSES)).toBeDefined();
  await remove('persistentvolumeclaims', 'user');
  expect(get(CLASSES)).toBeUndefined();
});

it('what came without the finalizer gets it', async () => {
  await make('persistentvolumeclaims', claim());
  const object = get('persistentvolumeclaims')!;
  await cluster.registry.update(kindOf('persistentvolumeclaims'), {
    ...object,
    metadata: { ...object.metadata, finalizers: [] },
  });
  await cluster.settle();
  expect(get('persistentvolumeclaims')?.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
});
