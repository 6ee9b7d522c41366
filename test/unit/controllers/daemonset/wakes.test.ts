import { describe, expect, it } from 'vitest';
import { concernedOwners } from '../../../../src/controllers/workloads/owners.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../../../../src/resources/index.js';
import { labelSelectorMatcher } from '../../../../src/resources/selector.js';
import type { ControllerRevision, DaemonSet, OwnerReference, Pod, Taint } from '../../../../src/resources/types.js';
import { addNamespace } from '../../../support/registry.js';
import { daemonSet, NAMESPACE, nodeOf, TestCluster } from './cluster.js';
import { Scene } from './scene.js';

const SAME = { app: 'same' };

const ownedBy = ({ metadata }: DaemonSet): OwnerReference[] => [
  { apiVersion: 'apps/v1', kind: 'DaemonSet', name: metadata.name, uid: metadata.uid, controller: true },
];

/** Two sets of the same selector, and a third of another. */
async function threeSets(): Promise<{ cluster: TestCluster; a: DaemonSet; b: DaemonSet }> {
  const cluster = await TestCluster.idle();
  const a = await cluster.createSet({ name: 'a', app: 'same' });
  const b = await cluster.createSet({ name: 'b', app: 'same' });
  await cluster.createSet({ name: 'c', app: 'other' });
  await cluster.woken();
  return { cluster, a, b };
}

const remove = (cluster: TestCluster, { metadata }: Pod, gracePeriodSeconds?: number) =>
  cluster.registry.delete(
    pods,
    NAMESPACE,
    metadata.name,
    gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds },
  );

describe('sets', () => {
  it('CTL-01, TestDeleteFinalStateUnknown: one that comes, changes, goes; a namesake', async () => {
    const cluster = await TestCluster.idle();
    await cluster.createSet();
    expect(await cluster.woken()).toEqual(['agent']);
    await cluster.patchSet({ spec: { minReadySeconds: 1 } });
    expect(await cluster.woken()).toEqual(['agent']);
    await cluster.registry.delete(daemonSets, NAMESPACE, 'agent');
    expect(await cluster.woken()).toEqual(['agent']);
    expect(await cluster.sync()).toBe('0/0/0');
    await cluster.createSet();
    expect(await cluster.woken()).toEqual(['agent']);
  });
});

describe('pods', () => {
  it('CTL-02: TestAddPod: its owner, and not another that selects it', async () => {
    const { cluster, a, b } = await threeSets();
    await cluster.createPod('of-a', { labels: SAME, ownerReferences: ownedBy(a) }, 'node-0');
    expect(await cluster.woken()).toEqual(['a']);
    await cluster.createPod('of-b', { labels: SAME, ownerReferences: ownedBy(b) }, 'node-0');
    expect(await cluster.woken()).toEqual(['b']);
  });

  it('CTL-02: TestAddPodOrphan: the sets of its namespace that select it', async () => {
    const { cluster } = await threeSets();
    await addNamespace(cluster.registry, 'elsewhere');
    const draft = daemonSet({ name: 'far', app: 'same' });
    await cluster.registry.create(daemonSets, { ...draft, metadata: { name: 'far', namespace: 'elsewhere' } });
    await cluster.woken();
    await cluster.createPod('orphan', { labels: SAME }, 'node-0');
    expect(await cluster.woken()).toEqual(['a', 'b']);
  });

  it.each<[string, Partial<OwnerReference>]>([
    ['another kind', { kind: 'ReplicaSet' }],
    ['another uid', { uid: 'former' }],
    ['another name', { name: 'gone' }],
  ])('CTL-02: a pod whose controller is of %s: nobody, whoever selects it', async (_what, other) => {
    const { cluster, a } = await threeSets();
    await cluster.createPod('foreign', { labels: SAME, ownerReferences: [{ ...ownedBy(a)[0]!, ...other }] }, 'node-0');
    expect(await cluster.woken()).toEqual([]);
  });

  it('CTL-02: an orphan without labels wakes nobody, not even a set that would select it', async () => {
    const cluster = await TestCluster.idle();
    const matchExpressions = [{ key: 'canary', operator: 'DoesNotExist' as const }];
    await cluster.createSet({ spec: { selector: { matchExpressions } } });
    await cluster.woken();
    await cluster.createPod('bare', {}, 'node-0');
    expect(await cluster.woken()).toEqual([]);
    await cluster.createPod('labelled', { labels: { some: 'label' } }, 'node-0');
    expect(await cluster.woken()).toEqual(['agent']);
  });

  it('CTL-02, CTL-10: an orphan does not wake a set of old data that selects everything', async () => {
    const scene = await Scene.open({ type: 'OnDelete' });
    const { cluster } = scene;
    await cluster.createLegacySet();
    expect(await cluster.woken()).toEqual(['agent']);
    await cluster.createPod('orphan', { labels: SAME }, 'node-0');
    expect(await cluster.woken()).toEqual([]);
  });

  it('CTL-02, CTL-04: one that is on its way out when it is first seen is a deleted one: its owner, and of an orphan nobody', async () => {
    const { cluster, a } = await threeSets();
    const { registry } = cluster;
    const concerned = concernedOwners(registry, daemonSets, ({ object }) => labelSelectorMatcher(object.spec.selector));
    const seen: (readonly string[])[] = [];
    for (const ownerReferences of [ownedBy(a), []]) {
      const pod = await cluster.createPod(`pod-${ownerReferences.length}`, { labels: SAME, ownerReferences }, 'node-0');
      await remove(cluster, pod);
      const entry = registry.get(pods, NAMESPACE, pod.metadata.name)!;
      expect(entry.object.metadata.deletionTimestamp).toBeDefined();
      seen.push(concerned({ type: 'ADDED', revision: entry.revision, time: 0, entry }));
    }
    expect(seen).toEqual([['default/a'], []]);
  });

  it('CTL-03: TestUpdatePod: its owner', async () => {
    const { cluster, a } = await threeSets();
    const pod = await cluster.createPod('of-a', { labels: SAME, ownerReferences: ownedBy(a) }, 'node-0');
    await cluster.woken();
    await cluster.patchPod(pod, { metadata: { labels: { canary: 'yes' } } });
    expect(await cluster.woken()).toEqual(['a']);
    await cluster.setStatus(pod, 'Running', true);
    expect(await cluster.woken()).toEqual(['a']);
  });

  it('CTL-03: TestUpdatePodOrphanSameLabels: nobody', async () => {
    const { cluster } = await threeSets();
    const pod = await cluster.createPod('orphan', { labels: SAME }, 'node-0');
    await cluster.woken();
    await cluster.patchPod(pod, { metadata: { annotations: { note: 'x' } } });
    await cluster.setStatus(pod, 'Running', true);
    expect(await cluster.woken()).toEqual([]);
  });

  it('CTL-03: TestUpdatePodOrphanWithNewLabels: the sets that select it', async () => {
    const { cluster } = await threeSets();
    const pod = await cluster.createPod('orphan', { labels: { app: 'nobody' } }, 'node-0');
    expect(await cluster.woken()).toEqual([]);
    await cluster.patchPod(pod, { metadata: { labels: SAME } });
    expect(await cluster.woken()).toEqual(['a', 'b']);
  });

  it('CTL-03: TestUpdatePodChangeControllerRef: the old owner and the new one', async () => {
    const { cluster, a, b } = await threeSets();
    const pod = await cluster.createPod('of-a', { labels: SAME, ownerReferences: ownedBy(a) }, 'node-0');
    await cluster.woken();
    await cluster.patchPod(pod, { metadata: { ownerReferences: ownedBy(b) } });
    expect(await cluster.woken()).toEqual(['a', 'b']);
  });

  it('CTL-03: TestUpdatePodControllerRefRemoved: all that select it, and the old owner though it does not', async () => {
    const { cluster, a } = await threeSets();
    const labels = [SAME, { app: 'nobody' }];
    const expected = [['a', 'b'], ['a']];
    for (const [i, own] of labels.entries()) {
      const pod = await cluster.createPod(`pod-${i}`, { labels: own, ownerReferences: ownedBy(a) }, 'node-0');
      await cluster.woken();
      await cluster.patchPod(pod, { metadata: { ownerReferences: null } });
      expect(await cluster.woken()).toEqual(expected[i]);
    }
  });

  it('CTL-03, STA-03, T33: one that becomes ready: again when it has been so for minReadySeconds', async () => {
    const cluster = await TestCluster.idle(1);
    await cluster.createSet({ spec: { minReadySeconds: 1 } });
    await cluster.sync();
    const [pod] = cluster.pods();
    await cluster.registry.bind(NAMESPACE, pod!.metadata.name, nodeOf(pod!)!);
    await cluster.woken();
    await cluster.setStatus(pod!, 'Running', true);
    expect(await cluster.woken()).toEqual(['agent']);
    await cluster.sync();
    expect([cluster.delays, cluster.status().numberAvailable]).toEqual([[1_000], undefined]);
    await cluster.advance(1_000);
    await cluster.sync();
    expect([cluster.delays, cluster.status().numberAvailable]).toEqual([[], 1]);
  });

  it('CTL-03, CTL-04: TestDeletePod: its owner, when it is marked, whenever it changes after that, and when it is gone', async () => {
    const { cluster, a } = await threeSets();
    const pod = await cluster.createPod('of-a', { labels: SAME, ownerReferences: ownedBy(a) }, 'node-0');
    await cluster.woken();
    await remove(cluster, pod);
    expect(await cluster.woken()).toEqual(['a']);
    await cluster.setStatus(pod, 'Running', false);
    expect(await cluster.woken()).toEqual(['a']);
    await remove(cluster, pod, 0);
    expect(await cluster.woken()).toEqual(['a']);
  });

  it('CTL-03, CTL-04: TestDeletePodOrphan: nobody', async () => {
    const { cluster } = await threeSets();
    const pod = await cluster.createPod('orphan', { labels: SAME }, 'node-0');
    await cluster.woken();
    await remove(cluster, pod);
    await remove(cluster, pod, 0);
    expect(await cluster.woken()).toEqual([]);
  });

  it.each([
    ['bound, on a node without daemon pods', 'node-0', false],
    ['bound, on a node that has one', 'node-0', true],
    ['bound to no node', '', true],
  ])(
    'CTL-04: TestDeleteNoDaemonPod: %s: room is nothing that the controller waits for',
    async (_what, node, withDaemon) => {
      const cluster = await TestCluster.idle(1);
      await cluster.createSet({
        pod: { containers: [{ name: 'main', image: 'a:1', resources: { requests: { cpu: '4' } } }] },
      });
      if (withDaemon) await cluster.sync();
      const pod = await cluster.createPod('stranger', { labels: { app: 'web' } }, node);
      await cluster.woken();
      await remove(cluster, pod, 0);
      expect(await cluster.woken()).toEqual([]);
    },
  );
});

describe('nodes', () => {
  const taint = (effect: Taint['effect']): Taint => ({ key: 'dedicated', value: 'user1', effect });
  const blue = { color: 'blue' };

  it('CTL-05: TestAddNode: the sets that want it', async () => {
    const cluster = await TestCluster.idle();
    await cluster.createSet({ pod: { nodeSelector: blue } });
    await cluster.woken();
    await cluster.addNode('plain');
    expect(await cluster.woken()).toEqual([]);
    await cluster.addNode('fitting', { labels: blue });
    expect(await cluster.woken()).toEqual(['agent']);
  });

  it('CTL-05: a node that comes with pods of a set on it, which must go', async () => {
    const scene = await Scene.open({ type: 'OnDelete' });
    const { cluster } = scene;
    await scene.set({ pod: { nodeSelector: blue } });
    await scene.pods('plain', 1);
    await cluster.woken();
    await cluster.addNode('plain');
    // Once when it comes, once when it loses the taint of new nodes.
    expect(await cluster.woken()).toEqual(['agent', 'agent']);
    expect(await cluster.sync()).toBe('0/1/0');
  });

  it.each<[string, (cluster: TestCluster) => Promise<void>, string[]]>([
    ['nothing that counts', cluster => cluster.changeNode('node-0', node => annotated(node)), []],
    ['labels: fits now', cluster => cluster.label('node-0', { color: 'blue' }), ['agent']],
    ['taint removed', cluster => cluster.taint('node-1'), ['agent']],
    ['allocatable', cluster => allocatable(cluster, 'node-2'), []],
    ['labels that no set asks for', cluster => cluster.label('node-2', { ...blue, more: 'x' }), []],
  ])('CTL-05, CTL-05a: TestUpdateNode: %s', async (_what, change, expected) => {
    const cluster = await TestCluster.idle();
    await cluster.addNode('node-0');
    await cluster.addNode('node-1', { labels: blue, taints: [taint('NoSchedule')] });
    await cluster.addNode('node-2', { labels: blue });
    await cluster.createSet({ pod: { nodeSelector: blue } });
    await cluster.sync();
    for (const pod of cluster.pods()) await cluster.registry.bind(NAMESPACE, pod.metadata.name, nodeOf(pod)!);
    await cluster.woken();
    await change(cluster);
    expect(await cluster.woken()).toEqual(expected);
  });

  it('CTL-05: a change that leaves the verdict as it is: sets that lack their pod there, or have one too many', async () => {
    const scene = await Scene.open({ type: 'OnDelete' });
    const { cluster } = scene;
    await scene.nodes(0, 2, blue);
    await scene.set();
    await cluster.createSet({ name: 'elsewhere', pod: { nodeSelector: { color: 'red' } } });
    await scene.pods('node-1', 1);
    await cluster.woken();
    await cluster.label('node-0', { ...blue, more: 'x' });
    expect(await cluster.woken()).toEqual(['agent']);
    await cluster.label('node-1', { ...blue, more: 'x' });
    expect(await cluster.woken()).toEqual([]);
    await cluster.patchSet({ spec: { template: { spec: { nodeSelector: { color: 'red' } } } } });
    await cluster.woken();
    await cluster.label('node-1', blue);
    expect(await cluster.woken()).toEqual(['agent']);
    await cluster.label('node-0', blue);
    expect(await cluster.woken()).toEqual([]);
  });

  const annotated = <T extends { metadata: object }>(node: T): T => ({
    ...node,
    metadata: { ...node.metadata, annotations: { beat: '1' } },
  });

  async function allocatable(cluster: TestCluster, name: string): Promise<void> {
    const { object } = cluster.registry.get(nodes, '', name)!;
    const status = { ...object.status, allocatable: { cpu: '1', memory: '1Gi', pods: '10' } };
    await cluster.registry.update(nodes, { ...object, status }, { subresource: 'status' });
  }

  it('CTL-05a, T04: conditions and heartbeats wake nobody, nor does spec.unschedulable by itself', async () => {
    const scene = await Scene.open({ type: 'OnDelete' });
    const { cluster } = scene;
    await scene.nodes(0, 1);
    await scene.set();
    await cluster.woken();
    await scene.condition('node-0', 'Ready', 'False');
    await scene.condition('node-0', 'Ready', 'True');
    await cluster.changeNode('node-0', node => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
    expect(await cluster.woken()).toEqual([]);
  });

  it.each<[string, Taint[]]>([
    ['a pod that must go', [taint('NoExecute')]],
    ['a pod that may stay, of a set that counts it as misscheduled from now on', [taint('NoSchedule')]],
  ])('CTL-05: %s', async (_what, taints) => {
    const scene = await Scene.open({ type: 'OnDelete' });
    const { cluster } = scene;
    await scene.nodes(0, 1);
    await scene.set();
    await scene.pods('node-0', 1);
    await cluster.createSet({ name: 'tolerant', pod: { nodeName: 'node-0', tolerations: [{ operator: 'Exists' }] } });
    await cluster.sync('tolerant');
    await cluster.woken();
    await cluster.taint('node-0', ...taints);
    expect(await cluster.woken()).toEqual(['agent']);
    await cluster.taint('node-0');
    expect(await cluster.woken()).toEqual(['agent']);
  });

  it('CTL-06, T34: one that goes wakes nobody', async () => {
    const scene = await Scene.open({ type: 'OnDelete' });
    const { cluster } = scene;
    await scene.nodes(0, 1);
    await scene.set();
    await scene.pods('node-0', 1);
    await cluster.woken();
    await cluster.removeNode('node-0');
    expect(await cluster.woken()).toEqual([]);
  });
});

describe('revisions', () => {
  async function revision(cluster: TestCluster, name: string, metadata: Partial<Pod['metadata']>) {
    const draft = { apiVersion: 'apps/v1', kind: 'ControllerRevision', data: {}, revision: 1 };
    const created = { ...draft, metadata: { name, namespace: NAMESPACE, ...metadata } };
    return (await cluster.registry.create(controllerRevisions, created)).object;
  }

  const change = (cluster: TestCluster, { metadata }: ControllerRevision, changes: object) =>
    cluster.registry.patch(controllerRevisions, NAMESPACE, metadata.name, { type: 'merge', body: changes });

  const drop = (cluster: TestCluster, { metadata }: ControllerRevision) =>
    cluster.registry.delete(controllerRevisions, NAMESPACE, metadata.name);

  it('CTL-08: an orphan: the sets that select it when it comes and when its labels change, nobody when it goes', async () => {
    const { cluster } = await threeSets();
    const orphan = await revision(cluster, 'orphan', { labels: SAME });
    expect(await cluster.woken()).toEqual(['a', 'b']);
    await change(cluster, orphan, { revision: 2 });
    expect(await cluster.woken()).toEqual([]);
    await change(cluster, orphan, { metadata: { labels: { app: 'other' } } });
    expect(await cluster.woken()).toEqual(['c']);
    await drop(cluster, orphan);
    expect(await cluster.woken()).toEqual([]);
  });

  it('CTL-08: an owned one: nobody when it comes, its owner when it changes and when it goes, both owners when it changes hands', async () => {
    const { cluster, a, b } = await threeSets();
    const owned = await revision(cluster, 'owned', { labels: SAME, ownerReferences: ownedBy(a) });
    expect(await cluster.woken()).toEqual([]);
    await change(cluster, owned, { revision: 2 });
    expect(await cluster.woken()).toEqual(['a']);
    await change(cluster, owned, { metadata: { ownerReferences: ownedBy(b) } });
    expect(await cluster.woken()).toEqual(['a', 'b']);
    await drop(cluster, owned);
    expect(await cluster.woken()).toEqual(['b']);
  });
});
