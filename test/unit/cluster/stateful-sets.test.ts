import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import { events, persistentVolumeClaims, pods, statefulSets } from '../../../src/resources/index.js';
import { isReady, isTerminating } from '../../../src/resources/state.js';

/** What upstream's end-to-end tests of sig-apps tell of StatefulSets, in a whole cluster on a clock that stands still. */
let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual', nodes: 2 });
});
afterEach(() => cluster.close());

interface Facts {
  readonly image?: string;
  readonly annotations?: Record<string, string>;
  readonly pod?: object;
  readonly [field: string]: unknown;
}

async function apply({ image = 'web:1', annotations = {}, pod, ...spec }: Facts = {}): Promise<void> {
  await cluster.apply({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'ss' },
    spec: {
      replicas: 3,
      serviceName: 'test',
      selector: { matchLabels: { app: 'ss' } },
      template: {
        metadata: { labels: { app: 'ss' }, annotations },
        spec: { containers: [{ name: 'main', image }], ...pod },
      },
      ...spec,
    },
  });
  await cluster.settled();
}

const set = () => cluster.registry.get(statefulSets, 'default', 'ss')!.object;
const pod = (name: string) => cluster.registry.get(pods, 'default', name)?.object;
/** The set's pods as `ss-0 web:1`; one that goes has a `-` before it, one that is not ready a `?` behind. */
const there = () =>
  cluster.registry.all(pods, 'default').map(({ object }) => {
    const { name } = object.metadata;
    return `${isTerminating(object) ? '-' : ''}${name} ${object.spec.containers[0]!.image}${isReady(object) ? '' : '?'}`;
  });

const change = async (kind: 'exit' | 'never-ready' | 'run', name: string) => {
  const body = { metadata: { annotations: { 'kubette.dev/behavior': kind } } };
  await cluster.registry.patch(pods, 'default', name, { type: 'merge', body });
  await cluster.settled();
};

describe('a StatefulSet', () => {
  it('gives its pods an identity that they keep', async () => {
    const data = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    await apply({ volumeClaimTemplates: [data] });
    expect(there()).toEqual(['ss-0 web:1', 'ss-1 web:1', 'ss-2 web:1']);
    const claims = () => cluster.registry.all(persistentVolumeClaims, 'default').map(({ uid }) => uid);
    const before = claims();
    const { uid } = pod('ss-1')!.metadata;
    await cluster.registry.delete(pods, 'default', 'ss-1');
    await cluster.advance('1m');
    expect(pod('ss-1')!.metadata.uid).not.toBe(uid);
    expect(pod('ss-1')!.spec).toMatchObject({ hostname: 'ss-1', subdomain: 'test' });
    expect(claims()).toEqual(before);
  });

  it('scales in its order, and halts at a pod that is not healthy', async () => {
    await apply({ replicas: 1 });
    await change('never-ready', 'ss-0');
    await apply({ replicas: 3 });
    expect(there()).toEqual(['ss-0 web:1?']);
    await change('run', 'ss-0');
    expect(there()).toHaveLength(3);
    for (const name of ['ss-0', 'ss-1', 'ss-2']) await change('never-ready', name);
    await apply({ replicas: 0 });
    expect(there()).toHaveLength(3);
    // The last one may go as it is, once it is the only one that is not healthy.
    for (const name of ['ss-0', 'ss-1']) await change('run', name);
    await cluster.advance('2m');
    expect(there()).toEqual([]);
    const deleted = cluster.registry
      .all(events, 'default')
      .filter(({ object }) => object.reason === 'SuccessfulDelete' && object.involvedObject.kind === 'StatefulSet')
      .sort((a, b) => a.revision - b.revision)
      .map(({ object }) => object.message?.split(' ')[2]);
    expect(deleted).toEqual(['ss-2', 'ss-1', 'ss-0']);
  });

  it('scales at once if it may, whatever its pods do', async () => {
    const podManagementPolicy = 'Parallel';
    const annotations = { 'kubette.dev/behavior': 'never-ready' };
    await apply({ podManagementPolicy, annotations });
    expect(there()).toEqual(['ss-0 web:1?', 'ss-1 web:1?', 'ss-2 web:1?']);
    await apply({ podManagementPolicy, annotations, replicas: 5 });
    expect(there()).toHaveLength(5);
    await apply({ podManagementPolicy, annotations, replicas: 0 });
    await cluster.advance('1m');
    expect(there()).toEqual([]);
  });

  it('rolls out a canary, then in phases, then everywhere, and back', async () => {
    const down = (partition: number) => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } });
    await apply(down(3));
    await apply({ ...down(3), image: 'web:2' });
    expect(there()).toEqual(['ss-0 web:1', 'ss-1 web:1', 'ss-2 web:1']);
    await apply({ ...down(2), image: 'web:2' });
    await cluster.advance('1m');
    expect(there()).toEqual(['ss-0 web:1', 'ss-1 web:1', 'ss-2 web:2']);
    // Deleted, each comes back as it was.
    for (const name of ['ss-0', 'ss-2']) await cluster.registry.delete(pods, 'default', name);
    await cluster.advance('2m');
    expect(there()).toEqual(['ss-0 web:1', 'ss-1 web:1', 'ss-2 web:2']);
    await apply({ ...down(1), image: 'web:2' });
    await cluster.advance('1m');
    expect(there()).toEqual(['ss-0 web:1', 'ss-1 web:2', 'ss-2 web:2']);
    await apply({ ...down(0), image: 'web:2' });
    await cluster.advance('1m');
    expect(set().status).toMatchObject({ currentRevision: set().status.updateRevision, updatedReplicas: 3 });
    await apply({ ...down(0), image: 'web:1' });
    await cluster.advance('3m');
    expect(there()).toEqual(['ss-0 web:1', 'ss-1 web:1', 'ss-2 web:1']);
  });

  it('makes a pod again that its node turns away, once there is room', async () => {
    const ports = [{ containerPort: 80, hostPort: 8080 }];
    const container = { name: 'main', image: 'other:1', ports };
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'squatter' },
      spec: { nodeName: 'node-1', containers: [container] },
    });
    // Past the scheduler, which would have known.
    await apply({ replicas: 1, pod: { nodeName: 'node-1', containers: [{ name: 'main', image: 'web:1', ports }] } });
    expect(pod('ss-0')?.status).toMatchObject({ phase: 'Failed', reason: 'NodePorts' });
    await cluster.registry.delete(pods, 'default', 'squatter', { gracePeriodSeconds: 0 });
    await cluster.advance('1m');
    expect(there()).toEqual(['ss-0 web:1']);
    expect(cluster.registry.all(events, 'default').map(({ object }) => object.reason)).toContain('RecreatingFailedPod');
  });

  it('goes with its pods, and leaves its claims', async () => {
    await apply({ replicas: 2 });
    await cluster.registry.delete(statefulSets, 'default', 'ss', { propagationPolicy: 'Foreground' });
    await cluster.advance('1m');
    expect(cluster.registry.get(statefulSets, 'default', 'ss')).toBeUndefined();
    expect(there()).toEqual([]);
  });
});
