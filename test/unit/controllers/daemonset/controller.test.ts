import { describe, expect, it } from 'vitest';
import { pinnedTo } from '../../../../src/controllers/daemonset/pod-template.js';
import { revisionData } from '../../../../src/controllers/workloads/revisions.js';
import { pods } from '../../../../src/resources/index.js';
import type { Taint } from '../../../../src/resources/types.js';
import { NAMESPACE, nodeOf, TestCluster } from './cluster.js';

const taint = (key: string, effect: Taint['effect']): Taint => ({ key, value: 'x', effect });

describe('placement', () => {
  it('STA-02, T59: TestNoNodesDoesNothing: and the status says so', async () => {
    const cluster = await TestCluster.start();
    await cluster.createSet();
    await cluster.settled();
    expect(cluster.status()).toEqual({
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
      observedGeneration: 1,
    });
  });

  it('TestSimpleDaemonSetUpdatesStatusAfterLaunchingPods, TestNumberReadyStatus: the status follows the pods', async () => {
    const cluster = await TestCluster.start(3);
    await cluster.createSet();
    await cluster.settled();
    expect(cluster.status()).toMatchObject({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      numberReady: 0,
      numberUnavailable: 3,
    });
    await cluster.runPods();
    expect(cluster.status()).toMatchObject({ numberReady: 3, numberAvailable: 3, updatedNumberScheduled: 3 });
    expect(cluster.status().numberUnavailable).toBeUndefined();
  });

  it('SYN-01, SYN-07: more nodes than one sync makes pods for', async () => {
    const cluster = await TestCluster.start(600);
    await cluster.createSet();
    await cluster.settled();
    expect(cluster.pods()).toHaveLength(600);
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 600, currentNumberScheduled: 600 });
  });

  it('CTL-05: TestAddNode: a node that comes gets its pod; a node that does not match is left alone', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet({ pod: { nodeSelector: { disk: 'ssd' } } });
    await cluster.addNode('node-a', { labels: { disk: 'ssd' } });
    await cluster.addNode('node-b');
    await cluster.settled();
    expect(cluster.pods().map(nodeOf)).toEqual(['node-a']);
  });

  it('CTL-05: TestUpdateNode: labels that begin to match bring a pod, labels that cease to take it away', async () => {
    const cluster = await TestCluster.start(2);
    await cluster.createSet({ pod: { nodeSelector: { disk: 'ssd' } } });
    await cluster.label('node-1', { disk: 'ssd' });
    await cluster.settled();
    expect(cluster.pods().map(nodeOf)).toEqual(['node-1']);
    await cluster.label('node-1', {});
    await cluster.rollOut();
    expect(cluster.pods()).toEqual([]);
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 0 });
  });

  it('CTL-05: TestUpdateNode: a heartbeat wakes no set', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet();
    await cluster.rollOut();
    const before = cluster.registry.revision;
    await cluster.changeNode('node-0', node => ({
      ...node,
      metadata: { ...node.metadata, annotations: { beat: '1' } },
    }));
    await cluster.settled();
    expect(cluster.registry.revision).toBe(before + 1);
  });

  it('STA-08, T08: NoSchedule under a running pod: it stays, and counts as misscheduled at once', async () => {
    const cluster = await TestCluster.start(2);
    await cluster.createSet();
    await cluster.rollOut();
    await cluster.taint('node-0', taint('dedicated', 'NoSchedule'));
    await cluster.settled();
    expect(cluster.pods()).toHaveLength(2);
    expect(cluster.status()).toMatchObject({
      desiredNumberScheduled: 1,
      currentNumberScheduled: 1,
      numberMisscheduled: 1,
    });
    await cluster.taint('node-0');
    await cluster.settled();
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 2, numberMisscheduled: 0 });
  });

  it.each<[string, (cluster: TestCluster) => Promise<void>]>([
    ['a taint NoExecute', cluster => cluster.taint('node-0', taint('dedicated', 'NoExecute'))],
    ['a label that is gone', cluster => cluster.label('node-0', {})],
    ['another affinity', cluster => cluster.patchSet({ spec: { template: { spec: { affinity: elsewhere } } } })],
  ])(
    'MAN-03, MIS-02, T53: %s takes the pod away, with the event of every deletion and no other',
    async (_what, change) => {
      const cluster = await TestCluster.start();
      await cluster.addNode('node-0', { labels: { disk: 'ssd' } });
      await cluster.addNode('node-1', { labels: { disk: 'ssd' } });
      await cluster.createSet({
        pod: { nodeSelector: { disk: 'ssd' } },
        spec: { updateStrategy: { type: 'OnDelete' } },
      });
      await cluster.rollOut();
      cluster.happened();
      await change(cluster);
      await cluster.rollOut();
      expect(cluster.pods().map(nodeOf)).toEqual(['node-1']);
      expect(cluster.happened()).toEqual({ SuccessfulDelete: 1 });
    },
  );

  const term = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'NotIn', values: ['node-0'] }] };
  const elsewhere = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } };

  it('TestTaintedNodeDaemonLaunchesToleratePod, TestTaintPressureNodeDaemonLaunchesPod: automatic and own tolerations', async () => {
    const cluster = await TestCluster.start(5);
    await cluster.taint('node-0', taint('dedicated', 'NoSchedule'));
    for (const [i, key] of ['not-ready', 'unreachable'].entries()) {
      await cluster.taint(`node-${i + 1}`, { key: `node.kubernetes.io/${key}`, effect: 'NoExecute' });
    }
    const pressure = ['memory-pressure', 'disk-pressure', 'pid-pressure', 'unschedulable'];
    await cluster.taint(
      'node-3',
      ...pressure.map(key => ({ key: `node.kubernetes.io/${key}`, effect: 'NoSchedule' as const })),
    );
    await cluster.taint('node-4', { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' });
    await cluster.createSet({
      pod: { tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'x', effect: 'NoSchedule' }] },
    });
    await cluster.settled();
    expect(cluster.pods().map(nodeOf).sort()).toEqual(['node-0', 'node-1', 'node-2', 'node-3']);
  });

  it('POD-05a, NODE-01: a template that names its node: bound from the start, and meant for it all the same', async () => {
    const cluster = await TestCluster.start(5);
    await cluster.createSet({ name: 'here', pod: { nodeName: 'node-0' } });
    await cluster.createSet({ name: 'nowhere', pod: { nodeName: 'node-9' } });
    await cluster.settled();
    expect(cluster.pods().map(pod => pod.spec.nodeName)).toEqual(['node-0']);
    expect(cluster.pods()[0]!.spec.affinity).toEqual(pinnedTo('node-0', undefined));
  });

  it('CTL-06, T34: a node that leaves wakes nobody: its bound pod stays for the pod collector, and so do the counts', async () => {
    const cluster = await TestCluster.start(3);
    await cluster.createSet();
    await cluster.rollOut();
    await cluster.removeNode('node-1');
    await cluster.settled();
    expect(cluster.pods()).toHaveLength(3);
    expect(cluster.status()).toMatchObject({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      numberReady: 3,
      numberMisscheduled: 0,
    });
    const [orphaned] = cluster.podsOn('node-1');
    await cluster.addNode('node-1');
    await cluster.settled();
    expect(cluster.podsOn('node-1').map(p => p.metadata.uid)).toEqual([orphaned!.metadata.uid]);
  });

  it('CTL-05, PGC-02: a node that comes back unfit loses the pod that was still bound to it', async () => {
    const cluster = await TestCluster.start(2);
    await cluster.createSet({ pod: { nodeSelector: { 'kubernetes.io/hostname': 'node-0' } } });
    await cluster.rollOut();
    await cluster.removeNode('node-0');
    await cluster.addNode('node-0', { labels: { 'kubernetes.io/hostname': 'renamed' } });
    await cluster.rollOut();
    expect(cluster.pods()).toEqual([]);
  });

  it('POD-06, POD-06c, T12: pods get the automatic tolerations after their own, the template and its revision do not', async () => {
    const cluster = await TestCluster.start(1);
    const own = { key: 'own', operator: 'Exists' };
    await cluster.createSet({ pod: { tolerations: [own], hostNetwork: true } });
    await cluster.settled();
    expect(cluster.pods()[0]!.spec.tolerations!.map(t => `${t.key}:${t.effect ?? ''}`)).toEqual([
      'own:',
      'node.kubernetes.io/not-ready:NoExecute',
      'node.kubernetes.io/unreachable:NoExecute',
      'node.kubernetes.io/disk-pressure:NoSchedule',
      'node.kubernetes.io/memory-pressure:NoSchedule',
      'node.kubernetes.io/pid-pressure:NoSchedule',
      'node.kubernetes.io/unschedulable:NoSchedule',
      'node.kubernetes.io/network-unavailable:NoSchedule',
    ]);
    expect(cluster.set().spec.template.spec.tolerations).toEqual([own]);
    const { data } = revisionData(cluster.set().spec.template);
    expect(cluster.revisions().map(revision => revision.data)).toEqual([data]);
  });

  it('MIS-01, T35: an unbound pod of a node that left is deleted with the next sync', async () => {
    const cluster = await TestCluster.start(2);
    await cluster.createSet();
    await cluster.settled();
    await cluster.removeNode('node-1');
    await cluster.settled();
    expect(cluster.pods().map(nodeOf)).toEqual(['node-0', 'node-1']);
    await cluster.addNode('node-2');
    await cluster.settled();
    expect(cluster.pods().map(nodeOf)).toEqual(['node-0', 'node-2']);
  });
});

describe('pods that come and go', () => {
  it('CTL-04, MAN-05: TestDeletePod: a deleted pod comes back when it is really gone', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet();
    await cluster.rollOut();
    const [pod] = cluster.pods();
    await cluster.registry.delete(pods, NAMESPACE, pod!.metadata.name);
    await cluster.settled();
    expect(cluster.pods().map(p => p.metadata.uid)).toEqual([pod!.metadata.uid]);
    await cluster.runPods();
    expect(cluster.pods()).toHaveLength(1);
    expect(cluster.pods()[0]!.metadata.uid).not.toBe(pod!.metadata.uid);
  });

  it('REF-10, T02: a pod that has ended and is held by a finalizer does not stand in the way', async () => {
    for (const phase of ['Failed', 'Succeeded'] as const) {
      const cluster = await TestCluster.start(1);
      await cluster.createSet({
        spec: {
          template: {
            metadata: { labels: { app: 'agent' }, finalizers: ['example.com/hold'] },
            spec: { containers: [{ name: 'main', image: 'a:1' }] },
          },
        },
      });
      await cluster.runPods();
      const [pod] = cluster.pods();
      await cluster.setStatus(pod!, phase, false);
      await cluster.settled();
      expect(cluster.pods()).toHaveLength(2);
      expect(cluster.status()).toMatchObject({ currentNumberScheduled: 1, desiredNumberScheduled: 1 });
    }
  });

  it('SUC-01: TestSimpleDaemonSetRestartsPodsOnTerminalPhase: Succeeded', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet();
    await cluster.rollOut();
    cluster.happened();
    const [pod] = cluster.pods();
    await cluster.setStatus(pod!, 'Succeeded', false);
    await cluster.settled();
    expect(cluster.events[0]).toBe(
      `SucceededDaemonPod Found succeeded daemon pod default/${pod!.metadata.name} on node node-0, will try to delete it`,
    );
    expect(cluster.happened()).toEqual({ SucceededDaemonPod: 1, SuccessfulDelete: 1, SuccessfulCreate: 1 });
  });

  it('FAIL-01, FAIL-02, FAIL-04, T43: each failure waits twice as long, and what replaces the pod comes with the sync after its end', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet();
    await cluster.rollOut();
    const fail = async () => {
      const [pod] = cluster.pods();
      await cluster.setStatus(pod!, 'Failed', false);
      await cluster.settled();
      return pod!.metadata.name;
    };
    cluster.happened();
    const first = await fail();
    expect(cluster.events[0]).toBe(
      `FailedDaemonPod Found failed daemon pod default/${first} on node node-0, will try to kill it`,
    );
    expect(cluster.happened()).toEqual({ FailedDaemonPod: 1, SuccessfulDelete: 1, SuccessfulCreate: 1 });
    for (const delay of [1000, 2000, 4000]) {
      await fail();
      await cluster.advance(delay - 1);
      expect(cluster.happened()).toEqual({});
      await cluster.advance(1);
      expect(cluster.happened()).toEqual({ FailedDaemonPod: 1, SuccessfulDelete: 1, SuccessfulCreate: 1 });
    }
  });

  it('FAIL-03: a new version of the spec begins the backoff anew', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet();
    await cluster.rollOut();
    const fail = async () => {
      await cluster.setStatus(cluster.pods()[0]!, 'Failed', false);
      await cluster.settled();
      return cluster.happened().FailedDaemonPod ?? 0;
    };
    expect([await fail(), await fail()]).toEqual([1, 0]);
    await cluster.patchSet({ spec: { revisionHistoryLimit: 5 } });
    await cluster.settled();
    expect([cluster.happened().FailedDaemonPod, await fail()]).toEqual([1, 0]);
  });

  it('FAIL-01, FAIL-03: what had failed before any version was observed does not delay the next', async () => {
    const cluster = await TestCluster.start(1);
    const orphan = await cluster.createPod('orphan', { labels: { app: 'agent' } }, 'node-0');
    await cluster.setStatus(orphan, 'Failed', false);
    await cluster.createSet();
    await cluster.rollOut();
    expect(cluster.happened()).toEqual({ FailedDaemonPod: 1, SuccessfulDelete: 1, SuccessfulCreate: 1 });
    await cluster.setStatus(cluster.pods()[0]!, 'Failed', false);
    await cluster.settled();
    expect(cluster.happened()).toEqual({ FailedDaemonPod: 1, SuccessfulDelete: 1, SuccessfulCreate: 1 });
  });

  it('UPD-09, STA-03, T33: minReadySeconds: available without any other event', async () => {
    const cluster = await TestCluster.start(2);
    await cluster.createSet({ spec: { minReadySeconds: 10 } });
    await cluster.runPods();
    await cluster.advance(9_000);
    expect(cluster.status()).toMatchObject({ numberReady: 2, numberUnavailable: 2 });
    await cluster.advance(1_000);
    expect(cluster.status()).toMatchObject({ numberReady: 2, numberAvailable: 2 });
  });
});

describe('failures', () => {
  it('CTL-15, SYN-08: TestUpdateStatusDespitePodCreationFailure: the status tells what did come about', async () => {
    const cluster = await TestCluster.start(100);
    const create = cluster.registry.create.bind(cluster.registry);
    let left = 10;
    let calls = 0;
    cluster.registry.create = (async (kind, draft, options) => {
      if (kind.plural === 'pods') {
        calls++;
        if (left-- <= 0) throw new Error('exceeded quota');
      }
      return create(kind, draft, options);
    }) as typeof create;
    await cluster.createSet();
    // The first sync makes ten; four retries at once, and some that were woken, make none.
    await cluster.settled();
    expect(cluster.pods()).toHaveLength(10);
    expect(cluster.status()).toMatchObject({
      desiredNumberScheduled: 100,
      currentNumberScheduled: 10,
      updatedNumberScheduled: 10,
      observedGeneration: 1,
    });
    expect(cluster.errors[0]).toMatchObject({ message: 'exceeded quota' });
    expect(calls).toBeLessThan(30);
    left = 1000;
    await cluster.advance(60_000);
    expect(cluster.pods()).toHaveLength(100);
  });

  it('CTL-10: TestPodIsNotDeletedByDaemonsetWithEmptyLabelSelector: an empty selector, from old data, is only complained of', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createPod('bare', { labels: { app: 'agent' } }, 'node-0');
    await cluster.createLegacySet();
    await cluster.settled();
    expect(cluster.events).toEqual([
      'SelectingAll This daemon set is selecting all pods. A non-empty selector is required.',
    ]);
    expect(cluster.pods()).toHaveLength(1);
    expect(cluster.status().observedGeneration).toBeUndefined();
  });
});
