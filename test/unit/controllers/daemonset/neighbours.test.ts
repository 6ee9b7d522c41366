import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daemonSetController } from '../../../../src/controllers/daemonset/controller.js';
import { nodeLifecycleController } from '../../../../src/controllers/node-lifecycle/index.js';
import { podGCController } from '../../../../src/controllers/pod-gc/index.js';
import { schedulerController } from '../../../../src/controllers/scheduler/controller.js';
import { taintEvictionController } from '../../../../src/controllers/taint-eviction/index.js';
import { kubeletControllers } from '../../../../src/kubelet/index.js';
import { evictPod } from '../../../../src/registry/eviction.js';
import { daemonSets, nodes, pods, priorityClasses } from '../../../../src/resources/index.js';
import type { Node, Pod, PodSpec, Taint } from '../../../../src/resources/types.js';
import { ModelCluster } from '../../../support/model-cluster.js';
import { daemonSet, type SetOptions } from './cluster.js';

/** A DaemonSet among the controllers and kubelets that its pods meet. */
let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(
    daemonSetController,
    schedulerController,
    taintEvictionController,
    nodeLifecycleController,
    podGCController,
    kubeletControllers,
  );
});
afterEach(async () => {
  await cluster.close();
  expect(cluster.errors).toEqual([]);
});

async function addNodes(...names: string[]): Promise<void> {
  for (const name of names) await cluster.node(name);
}

async function run(options: SetOptions = {}): Promise<void> {
  await cluster.registry.create(daemonSets, daemonSet(options));
  await cluster.settle();
}

const daemons = (): Pod[] =>
  cluster.registry.all(pods).flatMap(({ object }) => (object.metadata.labels?.app === 'agent' ? [object] : []));
const daemonOn = (node: string): Pod | undefined => daemons().find(pod => pod.spec.nodeName === node);
const uidOn = (node: string) => daemonOn(node)?.metadata.uid;
const status = () => cluster.registry.get(daemonSets, 'default', 'agent')!.object.status;

async function changeNode(name: string, change: (spec: Node['spec']) => Node['spec']): Promise<void> {
  const node = cluster.getNode(name);
  await cluster.registry.update(nodes, { ...node, spec: change(node.spec) });
  await cluster.settle();
}
const cordon = (name: string) => changeNode(name, spec => ({ ...spec, unschedulable: true }));

const asking = (cpu: string, more: Partial<PodSpec> = {}): Partial<PodSpec> => ({
  containers: [{ name: 'main', image: 'a:1', resources: { requests: { cpu } } }],
  ...more,
});
const listening = (hostPort: number): Partial<PodSpec> => ({
  containers: [{ name: 'main', image: 'a:1', ports: [{ containerPort: hostPort, hostPort }] }],
});
const tolerating = (key: string, tolerationSeconds?: number): Partial<PodSpec> => ({
  tolerations: [
    {
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
    },
  ],
});
const BROKEN: Taint = { key: 'broken', effect: 'NoExecute' };

describe('the scheduler', () => {
  it('T51, SCH-02, SCH-07: a daemon pod is bound by the scheduler, which sees what stands on its node', async () => {
    await addNodes('n1', 'n2');
    await cluster.pod('hog', 'n1', asking('4'));
    await run({ pod: asking('100m') });
    expect(uidOn('n1')).toBeUndefined();
    expect(daemonOn('n2')!.status.phase).toBe('Running');
    expect(status()).toMatchObject({ desiredNumberScheduled: 2, currentNumberScheduled: 2, numberReady: 1 });
    expect(cluster.told('FailedScheduling')).toEqual([
      "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.",
    ]);
    await cluster.deletePod('hog');
    expect(daemonOn('n1')!.status.phase).toBe('Running');
  });

  it('T51, SCH-13: two sets that want one host port: the second waits on every node', async () => {
    await addNodes('n1', 'n2');
    await run({ name: 'first', app: 'first', pod: listening(9100) });
    await run({ pod: listening(9100) });
    expect(daemons().map(pod => pod.spec.nodeName)).toEqual([undefined, undefined]);
    await cluster.registry.delete(daemonSets, 'default', 'first');
    for (const { object } of cluster.registry.all(pods))
      if (object.metadata.labels?.app === 'first') await cluster.deletePod(object.metadata.name, 0);
    expect(
      daemons()
        .map(pod => pod.spec.nodeName)
        .sort(),
    ).toEqual(['n1', 'n2']);
  });

  it('SCH-14: a cordoned node gets its daemon pod, and no other pod', async () => {
    await addNodes('n1');
    await cordon('n1');
    await run();
    await cluster.pod('other', undefined);
    expect(uidOn('n1')).toBeDefined();
    expect(cluster.podCondition('other', 'PodScheduled')?.message).toMatch(
      /^0\/1 nodes are available: 1 node\(s\) were unschedulable\./,
    );
  });

  it('SCH-16: a daemon pod of a higher priority makes room on its node, and there alone', async () => {
    await addNodes('n1', 'n2');
    await cluster.registry.create(priorityClasses, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'vital' },
      value: 1000,
    });
    await cluster.pod('full', 'n1', asking('4'));
    await cluster.pod('half', 'n2', asking('2'));
    await run({ pod: asking('1', { priorityClassName: 'vital' }) });
    expect(daemonOn('n1')!.status.phase).toBe('Running');
    expect(daemonOn('n2')!.status.phase).toBe('Running');
    expect([cluster.getPod('full'), cluster.getPod('half')!.status.phase]).toEqual([undefined, 'Running']);
    expect(cluster.told('Preempted')).toEqual([`Preempted by pod ${uidOn('n1')} on node n1`]);
  });
});

describe('nodes in trouble', () => {
  it('TNT-06, T03: on a node that is not ready the pod stays, misscheduled, and a missing one is not made', async () => {
    await addNodes('n1', 'n2');
    await run();
    const before = uidOn('n1');
    await cluster.annotateNode('n1', { 'kubette.dev/behavior': 'not-ready' });
    // The taint alone wakes nobody, but the pod that is out of service does.
    expect(status()).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 1, numberReady: 1 });
    await cluster.advance(3_600_000);
    expect(uidOn('n1')).toBe(before);
    await cluster.deletePod(daemonOn('n1')!.metadata.name, 0);
    expect(uidOn('n1')).toBeUndefined();
    await cluster.annotateNode('n1', {});
    expect(daemonOn('n1')!.status.phase).toBe('Running');
    expect(status()).toMatchObject({ desiredNumberScheduled: 2, numberMisscheduled: 0 });
  });

  it('TNT-10, T52: a NoExecute taint that is not tolerated: both controllers would delete, and neither complains', async () => {
    await addNodes('n1', 'n2');
    await run();
    await cluster.setTaints('n1', BROKEN);
    expect(uidOn('n1')).toBeUndefined();
    expect(uidOn('n2')).toBeDefined();
    expect(cluster.told('FailedDelete')).toEqual([]);
    expect(status()).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 0 });
  });

  it('TNT-10: a node out of reach keeps its daemon pods for good, and loses others after five minutes', async () => {
    await addNodes('n1', 'n2');
    await run();
    await cluster.pod('guest', 'n1');
    const before = uidOn('n1');
    await cluster.annotateNode('n1', { 'kubette.dev/behavior': 'down' });
    await cluster.advance(50_000 + 300_000 - 1);
    expect(cluster.getPod('guest')!.metadata.deletionTimestamp).toBeUndefined();
    await cluster.advance(1);
    expect(cluster.getPod('guest')!.metadata.deletionTimestamp).toBeDefined();
    await cluster.advance(3_600_000);
    expect(daemonOn('n1')!.metadata).toMatchObject({ uid: before });
    expect(daemonOn('n1')!.metadata.deletionTimestamp).toBeUndefined();
  });

  it('TNT-11, T09: a toleration that ends is an eternal restart', async () => {
    await addNodes('n1');
    await run({ pod: tolerating('broken', 60) });
    await cluster.setTaints('n1', BROKEN);
    const uids = [uidOn('n1')];
    for (let i = 0; i < 3; i++) {
      await cluster.advance(59_999);
      expect(uidOn('n1')).toBe(uids.at(-1));
      await cluster.advance(1);
      uids.push(uidOn('n1'));
    }
    expect(uids).not.toContain(undefined);
    expect(new Set(uids).size).toBe(4);
  });

  it('TNT-12, T60: neither cordon nor uncordon moves a daemon pod, and one that is evicted comes back', async () => {
    await addNodes('n1');
    await run();
    const first = uidOn('n1');
    await cordon('n1');
    await cluster.advance(600_000);
    expect(uidOn('n1')).toBe(first);
    expect(status()).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 0 });
    await evictPod(cluster.registry, 'default', daemonOn('n1')!.metadata.name, {});
    await cluster.settle();
    expect(daemonOn('n1')!.status.phase).toBe('Running');
    expect(uidOn('n1')).not.toBe(first);
    const second = uidOn('n1');
    await changeNode('n1', ({ unschedulable: _, ...spec }) => spec);
    expect(uidOn('n1')).toBe(second);
  });
});

describe('the kubelet', () => {
  it('KUB-05, MAN-05: nobody ends what goes on a node that is down, until the node is gone', async () => {
    await addNodes('n1', 'n2');
    await run();
    const before = uidOn('n1');
    await cluster.annotateNode('n1', { 'kubette.dev/behavior': 'down' });
    await cluster.deletePod(daemonOn('n1')!.metadata.name);
    await cluster.advance(3_600_000);
    expect(
      daemons()
        .filter(pod => pod.spec.nodeName === 'n1')
        .map(pod => pod.metadata.uid),
    ).toEqual([before]);
    await cluster.deleteNode('n1');
    await cluster.advance(60_000);
    expect(uidOn('n1')).toBeUndefined();
  });

  it('KUB-05, PGC-04: a node out of service gives its pods up, and a new one waits for it to come back', async () => {
    await addNodes('n1', 'n2');
    await run();
    const before = uidOn('n1');
    await cluster.annotateNode('n1', { 'kubette.dev/behavior': 'down' });
    await cluster.advance(61_000);
    await cluster.deletePod(daemonOn('n1')!.metadata.name);
    await changeNode('n1', spec => ({
      ...spec,
      taints: [...spec.taints!, { key: 'node.kubernetes.io/out-of-service', value: 'x', effect: 'NoExecute' }],
    }));
    await cluster.advance(18_999);
    expect(uidOn('n1')).toBe(before);
    await cluster.advance(1);
    expect(uidOn('n1')).toBeUndefined();
    await changeNode('n1', spec => ({
      ...spec,
      taints: spec.taints!.filter(({ key }) => key !== 'node.kubernetes.io/out-of-service'),
    }));
    await cluster.annotateNode('n1', {});
    expect(daemonOn('n1')!.status.phase).toBe('Running');
  });

  it('KUB-01, FAIL-01: what the kubelet turns away is replaced, each time after a longer pause', async () => {
    await addNodes('n1');
    await run({ pod: asking('1') });
    const node = cluster.getNode('n1');
    await cluster.registry.update(
      nodes,
      { ...node, status: { ...node.status, allocatable: { ...node.status.allocatable, cpu: '500m' } } },
      { subresource: 'status' },
    );
    await cluster.deletePod(daemonOn('n1')!.metadata.name, 0);
    // The scheduler would not bind it: whoever does takes the kubelet by surprise.
    const bind = async () => {
      await cluster.registry.bind('default', daemons()[0]!.metadata.name, 'n1');
      await cluster.settle();
    };
    await bind();
    const why = "Node didn't have enough resource: cpu, requested: 1000, used: 0, capacity: 500";
    expect(cluster.told('OutOfcpu')).toEqual([why]);
    expect(uidOn('n1')).toBeUndefined();
    await bind();
    expect(daemonOn('n1')!.status).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message: `Pod was rejected: ${why}`,
    });
    await cluster.advance(999);
    expect(uidOn('n1')).toBeDefined();
    await cluster.advance(1);
    expect(uidOn('n1')).toBeUndefined();
    expect(cluster.told('FailedDaemonPod')).toHaveLength(2);
  });

  it('KUB-06: a node under pressure evicts, and the replacement passes the scheduler', async () => {
    await addNodes('n1');
    await run();
    await cluster.annotateNode('n1', { 'kubette.dev/behavior': 'disk-pressure' });
    await cluster.setPodStatus(daemonOn('n1')!.metadata.name, { phase: 'Failed', reason: 'Evicted' });
    expect(cluster.told('FailedDaemonPod')).toHaveLength(1);
    // The next one was bound in spite of the pressure, and turned away by the kubelet, which is under pressure still.
    expect(cluster.told('Scheduled')).toHaveLength(2);
    expect(cluster.told('Evicted')).toEqual(['The node had condition: [DiskPressure]. ']);
    expect(daemonOn('n1')!.status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
    await cluster.annotateNode('n1', {});
    await cluster.advance(15 * 60_000);
    expect(daemonOn('n1')!.status.phase).toBe('Running');
  });
});
