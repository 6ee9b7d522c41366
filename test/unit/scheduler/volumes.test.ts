import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ephemeralVolumeController } from '../../../src/controllers/ephemeral-volume/index.js';
import { schedulerController } from '../../../src/controllers/scheduler/controller.js';
import { volumeBinder } from '../../../src/controllers/volume-binder/index.js';
import { claims, volumes } from '../../../src/controllers/volume-binder/kinds.js';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../src/placement/volumes/match.js';
import type { ResourceDefinition } from '../../../src/resources/definition.js';
import { nodes, pods, priorityClasses } from '../../../src/resources/index.js';
import type { Draft, KubeObject, PodSpec } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(schedulerController, volumeBinder, ephemeralVolumeController);
});
afterEach(async () => {
  await cluster.close();
  expect(cluster.errors).toEqual([]);
});

const ROOM = { cpu: '4', memory: '8Gi', pods: '110' };

async function addNode(name: string, labels: Record<string, string> = {}, allocatable = ROOM): Promise<void> {
  await cluster.registry.create(nodes, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: {},
    status: { allocatable, capacity: allocatable },
  });
  await cluster.setTaints(name);
}

async function make(resource: string, name: string, content: object): Promise<void> {
  const kind = cluster.registry.kinds.byResource(resource) as ResourceDefinition<KubeObject>;
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  const metadata = { name, ...(kind.namespaced ? { namespace: 'default' } : {}) };
  await cluster.registry.create(kind, { apiVersion, kind: kind.kind, metadata, ...content } as Draft<KubeObject>);
  await cluster.settle();
}

const storageClass = (name: string, provisioner: string, more: object = {}) =>
  make('storageclasses.storage.k8s.io', name, { provisioner, ...more });
const late = (name: string, provisioner = 'kubernetes.io/no-provisioner', more: object = {}) =>
  storageClass(name, provisioner, { volumeBindingMode: 'WaitForFirstConsumer', ...more });

const on = (...names: string[]) => ({
  required: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: names }] }],
  },
});

async function volume(
  name: string,
  { labels, ...spec }: Partial<PersistentVolume['spec']> & { labels?: Record<string, string> } = {},
): Promise<void> {
  await cluster.registry.create(volumes, {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, ...(labels ? { labels } : {}) },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      ...(spec.csi ? {} : { hostPath: { path: '/x' } }),
      ...spec,
    } as PersistentVolume['spec'],
    status: {},
  });
  await cluster.settle();
}

async function claim(name: string, spec: Partial<PersistentVolumeClaim['spec']> = {}): Promise<void> {
  await cluster.registry.create(claims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
    status: {},
  });
  await cluster.settle();
}

const using = (...names: string[]): Partial<PodSpec> => ({
  volumes: names.map(name => ({ name, persistentVolumeClaim: { claimName: name } })),
});
const nodeOf = (name: string) => cluster.getPod(name)?.spec.nodeName;
const whyNot = (name: string) => cluster.podCondition(name, 'PodScheduled')?.message;
const claimOf = (name: string) => cluster.registry.get(claims, 'default', name)!.object;
const HELPLESS = (nodes: number) =>
  `no new claims to deallocate, preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;

describe('SCH-03, SCH-05, SCH-15: a pod and its claims', () => {
  it('waits for a claim that is not there, and for one that has no volume', async () => {
    await addNode('n1');
    await cluster.pod('web', undefined, using('data'));
    expect(whyNot('web')).toBe('0/1 nodes are available: persistentvolumeclaim "data" not found. not found');
    await claim('data');
    expect(whyNot('web')).toBe('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found');
    const attempts = cluster.told('FailedScheduling').length;
    await addNode('n2');
    expect(cluster.told('FailedScheduling')).toHaveLength(attempts);
    await volume('v');
    expect(claimOf('data').status.phase).toBe('Bound');
    expect(nodeOf('web')).toBeDefined();
  });

  it('waits for a claim that goes, or has lost its volume', async () => {
    await addNode('n1');
    await volume('v');
    await claim('data');
    await claim('other');
    await cluster.registry.delete(claims, 'default', 'data');
    await cluster.pod('web', undefined, using('data'));
    expect(whyNot('web')).toMatch(
      /^0\/1 nodes are available: persistentvolumeclaim "data" is being deleted\. not found$/,
    );
    const unbound = claimOf('other');
    await cluster.registry.update(claims, { ...unbound, spec: { ...unbound.spec, volumeName: 'gone' } });
    const named = claimOf('other');
    const status = { ...named.status, phase: 'Lost' };
    await cluster.registry.update(claims, { ...named, status }, { subresource: 'status' });
    await cluster.pod('late', undefined, using('other'));
    expect(whyNot('late')).toMatch(
      /^0\/1 nodes are available: persistentvolumeclaim "other" bound to non-existent persistentvolume "gone"\. not found$/,
    );
  });

  it('goes to where its volume is', async () => {
    for (const name of ['n1', 'n2', 'n3']) await addNode(name);
    await volume('v', { nodeAffinity: on('n2') });
    await claim('data');
    await cluster.pod('web', undefined, using('data'));
    expect(nodeOf('web')).toBe('n2');
    await cluster.pod('elsewhere', undefined, { ...using('data'), nodeSelector: { 'kubernetes.io/hostname': 'n1' } });
    expect(whyNot('elsewhere')).toBe(
      "0/3 nodes are available: 1 node(s) had volume node affinity conflict, 2 node(s) didn't match Pod's node affinity/selector. " +
        HELPLESS(3),
    );
  });

  it('goes to the zone of its volume, by the labels of both', async () => {
    await addNode('n1', { 'topology.kubernetes.io/zone': 'a' });
    await addNode('n2', { 'topology.kubernetes.io/zone': 'b' });
    await volume('v', { labels: { 'failure-domain.beta.kubernetes.io/zone': 'b__c' } });
    await claim('data');
    await cluster.pod('web', undefined, using('data'));
    expect(nodeOf('web')).toBe('n2');
    await cluster.pod('other', undefined, { ...using('data'), nodeSelector: { 'kubernetes.io/hostname': 'n1' } });
    expect(whyNot('other')).toMatch(/1 node\(s\) had no available volume zone/);
  });

  it('has a claim for a single pod alone, until that pod is gone', async () => {
    for (const name of ['n1', 'n2']) await addNode(name);
    await volume('v', { accessModes: ['ReadWriteOncePod'] });
    await claim('data', { accessModes: ['ReadWriteOncePod'] });
    await cluster.pod('first', undefined, using('data'));
    await cluster.pod('second', undefined, using('data'));
    expect(whyNot('second')).toBe(
      '0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    );
    await cluster.deletePod('first', 0);
    expect(nodeOf('second')).toBeDefined();
  });

  it('may drive a less important pod from a claim for a single pod', async () => {
    await make('priorityclasses.scheduling.k8s.io', 'vital', { value: 1000 });
    expect(cluster.registry.all(priorityClasses)).toHaveLength(1);
    for (const name of ['n1', 'n2']) await addNode(name);
    await volume('v', { accessModes: ['ReadWriteOncePod'] });
    await claim('data', { accessModes: ['ReadWriteOncePod'] });
    await cluster.pod('lesser', undefined, using('data'));
    const place = nodeOf('lesser');
    await cluster.pod('vital', undefined, { ...using('data'), priorityClassName: 'vital' });
    expect(cluster.getPod('vital')!.status.nominatedNodeName).toBe(place);
    await cluster.deletePod('lesser', 0);
    expect(nodeOf('vital')).toBe(place);
  });

  it('does not come to a node that has as many volumes as its driver can have', async () => {
    for (const name of ['n1', 'n2']) await addNode(name);
    const drivers = [{ name: 'disks.example.com', nodeID: 'x', allocatable: { count: 1 } }];
    await make('csinodes.storage.k8s.io', 'n1', { spec: { drivers } });
    const spec = { ...using('a'), nodeSelector: { 'kubernetes.io/hostname': 'n1' } };
    for (const name of ['a', 'b']) {
      await volume(name, { csi: { driver: 'disks.example.com', volumeHandle: name } });
      await claim(name, { volumeName: name });
    }
    await cluster.pod('first', undefined, spec);
    await cluster.pod('sharer', undefined, spec);
    await cluster.pod('second', undefined, { ...spec, ...using('b') });
    expect([nodeOf('first'), nodeOf('sharer')]).toEqual(['n1', 'n1']);
    expect(whyNot('second')).toMatch(
      /^0\/2 nodes are available: 1 node\(s\) didn't match .*, 1 node\(s\) exceed max volume count\./,
    );
    await cluster.pod('free', undefined, using('b'));
    expect(nodeOf('free')).toBe('n2');
  });

  it('does not come to a node where its disk is in use', async () => {
    await addNode('n1');
    const disk = (readOnly: boolean): Partial<PodSpec> => ({
      volumes: [{ name: 'd', gcePersistentDisk: { pdName: 'one', readOnly } }],
    });
    await cluster.pod('reader', undefined, disk(true));
    await cluster.pod('another', undefined, disk(true));
    await cluster.pod('writer', undefined, disk(false));
    expect([nodeOf('reader'), nodeOf('another')]).toEqual(['n1', 'n1']);
    expect(whyNot('writer')).toMatch(/^0\/1 nodes are available: 1 node\(s\) had no available disk\./);
  });
});

describe('claims that wait for their first consumer', () => {
  it('get a volume on the node that the scheduler chooses, which has one', async () => {
    for (const name of ['n1', 'n2', 'n3']) await addNode(name);
    await late('local');
    await volume('large', { storageClassName: 'local', capacity: { storage: '9Gi' }, nodeAffinity: on('n2') });
    await volume('small', { storageClassName: 'local', nodeAffinity: on('n2') });
    await claim('data', { storageClassName: 'local' });
    expect(claimOf('data').status.phase).toBe('Pending');
    await cluster.pod('web', undefined, using('data'));
    expect(claimOf('data').spec.volumeName).toBe('small');
    expect(nodeOf('web')).toBe('n2');
    expect(cluster.told('Scheduled')).toEqual(['Successfully assigned default/web to n2']);
    expect(cluster.told('FailedScheduling')).toEqual([]);
  });

  it('have no volume on any node: the pod waits until there is one', async () => {
    for (const name of ['n1', 'n2']) await addNode(name);
    await late('local');
    await claim('data', { storageClassName: 'local' });
    await cluster.pod('web', undefined, using('data'));
    expect(whyNot('web')).toBe(
      `0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. ${HELPLESS(2)}`,
    );
    await volume('v', { storageClassName: 'local', nodeAffinity: on('n1') });
    expect(nodeOf('web')).toBe('n1');
  });

  it('never share a volume, however many pods come at once', async () => {
    for (const name of ['n1', 'n2']) await addNode(name);
    await late('local');
    for (const name of ['v1', 'v2'])
      await volume(name, { storageClassName: 'local', nodeAffinity: on(name.replace('v', 'n')) });
    for (const name of ['a', 'b', 'c']) await claim(name, { storageClassName: 'local' });
    await Promise.all(
      ['a', 'b', 'c'].map(name =>
        cluster.registry.create(pods, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace: 'default' },
          spec: { containers: [{ name: 'main', image: 'a:1' }], ...using(name) },
          status: {},
        }),
      ),
    );
    await cluster.settle();
    expect(['a', 'b', 'c'].map(nodeOf).sort()).toEqual(['n1', 'n2', undefined]);
    const bound = ['a', 'b', 'c'].map(name => claimOf(name).spec.volumeName);
    expect(bound.filter(Boolean).sort()).toEqual(['v1', 'v2']);
  });

  it('whose volumes others make: the node is named, its room is kept, and after ten minutes the pod complains', async () => {
    await addNode('n1', {}, { ...ROOM, cpu: '1' });
    await late('cloud', 'disks.example.com');
    await claim('data', { storageClassName: 'cloud' });
    const asking = (cpu: string) => ({
      containers: [{ name: 'main', image: 'a:1', resources: { requests: { cpu } } }],
    });
    await cluster.pod('web', undefined, { ...using('data'), ...asking('800m') });
    expect(claimOf('data').metadata.annotations).toMatchObject({ 'volume.kubernetes.io/selected-node': 'n1' });
    expect(cluster.told('ExternalProvisioning')).toHaveLength(1);
    expect(cluster.getPod('web')!.status.nominatedNodeName).toBe('n1');
    expect(cluster.podCondition('web', 'PodScheduled')).toBeUndefined();
    await cluster.pod('thief', undefined, asking('800m'));
    expect(nodeOf('thief')).toBeUndefined();
    await cluster.advance(599_999);
    expect(cluster.podCondition('web', 'PodScheduled')).toBeUndefined();
    await cluster.advance(1);
    expect(cluster.podCondition('web', 'PodScheduled')).toMatchObject({
      reason: 'SchedulerError',
      message: 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded',
    });
    await volume('made', { storageClassName: 'cloud', claimRef: { namespace: 'default', name: 'data' } });
    expect(nodeOf('web')).toBe('n1');
  });

  it('SCH-06: are looked for before nodes are: without them nothing is tried, and the node that was chosen is kept', async () => {
    await addNode('n1');
    await late('cloud', 'disks.example.com');
    await claim('data', { storageClassName: 'cloud' });
    await cluster.pod('web', undefined, using('data'));
    await cluster.registry.delete(claims, 'default', 'data');
    const going = claimOf('data');
    await cluster.registry.update(claims, { ...going, metadata: { ...going.metadata, finalizers: [] } });
    await cluster.settle();
    expect(whyNot('web')).toBe('0/1 nodes are available: persistentvolumeclaim "data" not found. not found');
    expect(cluster.getPod('web')!.status.nominatedNodeName).toBe('n1');
  });

  it('go where their class allows it', async () => {
    await addNode('n1', { zone: 'a' });
    await addNode('n2', { zone: 'b' });
    await late('zonal', 'volumes.kubette.dev', {
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['b', 'c'] }] }],
    });
    await claim('data', { storageClassName: 'zonal' });
    await cluster.pod('web', undefined, using('data'));
    expect(nodeOf('web')).toBe('n2');
  });
});

describe('volumes that are made here', () => {
  it('are there for claims of a class of ours, and go with them', async () => {
    await addNode('n1');
    await storageClass('made', 'volumes.kubette.dev');
    await claim('data', { storageClassName: 'made', resources: { requests: { storage: '3Gi' } } });
    const name = `pvc-${claimOf('data').metadata.uid}`;
    expect(claimOf('data')).toMatchObject({
      spec: { volumeName: name },
      status: { phase: 'Bound', capacity: { storage: '3Gi' } },
    });
    expect(cluster.told('ProvisioningSucceeded')).toEqual([`Successfully provisioned volume ${name}`]);
    await cluster.pod('web', undefined, using('data'));
    expect(nodeOf('web')).toBe('n1');
    await cluster.registry.delete(claims, 'default', 'data');
    const going = claimOf('data');
    await cluster.registry.update(claims, { ...going, metadata: { ...going.metadata, finalizers: [] } });
    await cluster.settle();
    expect(cluster.registry.get(volumes, '', name)!.object.metadata.deletionTimestamp).toBeDefined();
  });

  it('lie on the node of their first consumer, if they waited for it', async () => {
    for (const name of ['n1', 'n2', 'n3']) await addNode(name);
    await late('local', 'volumes.kubette.dev');
    await claim('data', { storageClassName: 'local' });
    await cluster.pod('web', undefined, using('data'));
    const place = nodeOf('web')!;
    expect(cluster.registry.get(volumes, '', claimOf('data').spec.volumeName!)!.object.spec.nodeAffinity).toEqual(
      on(place),
    );
    await cluster.deletePod('web', 0);
    await cluster.pod('web', undefined, using('data'));
    expect(nodeOf('web')).toBe(place);
  });

  it('serve ephemeral volumes, whose claims come with their pod', async () => {
    await addNode('n1');
    await late('local', 'volumes.kubette.dev');
    const spec = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'local',
      resources: { requests: { storage: '1Gi' } },
    };
    await cluster.pod('web', undefined, {
      volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { metadata: { labels: { of: 'web' } }, spec } } }],
    });
    expect(claimOf('web-scratch').metadata).toMatchObject({
      labels: { of: 'web' },
      ownerReferences: [{ kind: 'Pod', name: 'web', uid: cluster.getPod('web')!.metadata.uid, controller: true }],
    });
    expect(nodeOf('web')).toBe('n1');
  });

  it('are not made for a claim that an ephemeral volume finds to be another’s', async () => {
    await addNode('n1');
    await claim('web-scratch');
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await cluster.pod('web', undefined, {
      volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec } } }],
    });
    const why = 'PVC default/web-scratch was not created for pod default/web (pod is not owner)';
    expect(whyNot('web')).toBe(`0/1 nodes are available: ${why}. not found`);
    expect(cluster.events).toContain(`ephemeral_volume Warning FailedBinding ephemeral volume scratch: ${why}`);
    expect((cluster.errors as string[]).splice(0)).toEqual([`ephemeral-volume default/web: Error: ${why}`]);
  });
});
