import { describe, expect, it } from 'vitest';
import { controllerRevisions } from '../../../../src/resources/index.js';
import type { ControllerRevision, DaemonSetSpec, Pod } from '../../../../src/resources/types.js';
import { addNamespace } from '../../../support/registry.js';
import { daemonSet, hashOf, imageOf, NAMESPACE, nodeOf, TestCluster } from './cluster.js';

const strategy = (rollingUpdate: object): Partial<DaemonSetSpec> => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate },
});
const unavailable = (maxUnavailable: number | string) => strategy({ maxUnavailable, maxSurge: 0 });
const surge = (maxSurge: number | string) => strategy({ maxUnavailable: 0, maxSurge });

/** A set that has a pod on every node, all ready unless told otherwise. */
async function launched(nodes: number, spec: Partial<DaemonSetSpec>, ready = true): Promise<TestCluster> {
  const cluster = await TestCluster.idle(nodes);
  await cluster.createSet({ spec });
  expect(await syncs(cluster, 1)).toEqual([`${nodes}/0/0`]);
  if (ready) await setReady(cluster);
  return cluster;
}

async function syncs(cluster: TestCluster, count: number): Promise<string[]> {
  const seen: string[] = [];
  for (let i = 0; i < count; i++) seen.push(await cluster.sync());
  return seen;
}

/** Makes pods ready, or no longer so: all, or the first of those that `which` chooses. */
async function setReady(
  cluster: TestCluster,
  { ready = true, count = Number.POSITIVE_INFINITY, which = () => true }: ReadyOptions = {},
): Promise<void> {
  for (const pod of cluster.pods().filter(which).slice(0, count)) await cluster.setStatus(pod, 'Running', ready);
}

interface ReadyOptions {
  readonly ready?: boolean;
  readonly count?: number;
  readonly which?: (pod: Pod) => boolean;
}

const hash = ({ metadata }: ControllerRevision) => metadata.labels!['controller-revision-hash']!;
const namesOf = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name).sort();

/** Upstream's own cases, with its numbers: what one sync creates, deletes and tells besides. */
describe('update_test.go', () => {
  it('UPD-07, UPD-13: TestDaemonSetUpdatesPods: two of five at a time: gone, made, ready', async () => {
    const cluster = await launched(5, unavailable(2));
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 2)).toEqual(['0/2/0', '2/0/0']);
    await setReady(cluster);
    expect(await syncs(cluster, 2)).toEqual(['0/2/0', '2/0/0']);
    await setReady(cluster);
    expect(await syncs(cluster, 2)).toEqual(['0/1/0', '1/0/0']);
    await setReady(cluster);
    expect(await syncs(cluster, 2)).toEqual(['0/0/0', '0/0/0']);
  });

  /**
   * Upstream's fakes let a sync see at once what it has just done, so that it deletes and creates in one go. In a cluster, and here,
   * these are two syncs: {@link DaemonSetSync}.
   */
  it('SUR-13: TestDaemonSetUpdatesPodsWithMaxSurge: two of five more at a time', async () => {
    const cluster = await launched(5, surge(2));
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 2)).toEqual(['2/0/0', '0/0/0']);
    await setReady(cluster);
    expect(await syncs(cluster, 3)).toEqual(['0/2/0', '2/0/0', '0/0/0']);
    await setReady(cluster);
    expect(await syncs(cluster, 3)).toEqual(['0/2/0', '1/0/0', '0/0/0']);
    await setReady(cluster);
    expect(await syncs(cluster, 2)).toEqual(['0/1/0', '0/0/0']);
    expect(new Set(cluster.pods().map(imageOf))).toEqual(new Set(['foo2/bar2']));
  });

  it('UPD-14: TestDaemonSetUpdatesWhenNewPosIsNotReady: new pods that do not get ready stop it', async () => {
    const cluster = await launched(5, unavailable(3));
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 4)).toEqual(['0/3/0', '3/0/0', '0/0/0', '0/0/0']);
    expect(cluster.pods().filter(pod => imageOf(pod) !== 'foo2/bar2')).toHaveLength(2);
  });

  it('UPD-15, T25: TestDaemonSetUpdatesSomeOldPodsNotReady: the next update takes what is not ready, and nothing else', async () => {
    const cluster = await launched(5, unavailable(2));
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 3)).toEqual(['0/2/0', '2/0/0', '0/0/0']);
    const spared = namesOf(cluster.pods().filter(pod => imageOf(pod) !== 'foo2/bar2'));
    await cluster.setImage('foo3/bar3');
    expect(await syncs(cluster, 3)).toEqual(['0/2/0', '2/0/0', '0/0/0']);
    expect(namesOf(cluster.pods().filter(pod => imageOf(pod) !== 'foo3/bar3'))).toEqual(spared);
    expect(spared).toHaveLength(3);
  });

  it('UPD-05, T25: TestDaemonSetUpdatesSaveOldHealthyPods: ten healthy pods outlive ten updates that fail', async () => {
    const cluster = await launched(20, unavailable(10));
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 3)).toEqual(['0/10/0', '10/0/0', '0/0/0']);
    const healthy = () => namesOf(cluster.pods().filter(pod => pod.status.conditions?.[0]?.status === 'True'));
    const spared = healthy();
    expect(spared).toHaveLength(10);
    // Upstream throws dice from 0 to 9; a 0 counts as 1, which is the least that validation lets through.
    for (const [i, max] of [3, 9, 1, 7, 2, '1%', 5, 8, 4, 6].entries()) {
      await cluster.patchSet({ spec: unavailable(max) });
      await cluster.setImage(`foo3/bar3-${i}`);
      expect(await syncs(cluster, 3)).toEqual(['0/10/0', '10/0/0', '0/0/0']);
      expect(healthy()).toEqual(spared);
    }
    await cluster.patchSet({ spec: unavailable(11) });
    await cluster.setImage('foo4/bar4');
    expect(await syncs(cluster, 3)).toEqual(['0/11/0', '11/0/0', '0/0/0']);
    expect(spared).toEqual(expect.arrayContaining(healthy()));
    expect(healthy()).toHaveLength(9);
  });

  it('UPD-05: TestDaemonSetUpdatesAllOldNotReadyPodsAndNewNotReadyPods: of a hundred, the two that are old and of no use', async () => {
    const cluster = await launched(100, unavailable(100));
    const [healthy, useless] = [namesOf(cluster.pods()).slice(0, 10), namesOf(cluster.pods()).slice(10, 12)];
    const isOneOf = (names: readonly string[]) => (pod: Pod) => names.includes(pod.metadata.name);
    for (const pod of cluster.pods()) {
      if (!isOneOf([...healthy, ...useless])(pod)) await cluster.finalise(pod);
    }
    await setReady(cluster, { ready: false, which: isOneOf(useless) });
    await cluster.patchSet({ spec: unavailable(10) });
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 1)).toEqual(['88/0/0']);
    expect(await syncs(cluster, 4)).toEqual(['0/2/0', '2/0/0', '0/0/0', '0/0/0']);
    expect(namesOf(cluster.pods().filter(pod => imageOf(pod) !== 'foo2/bar2'))).toEqual(healthy);
  });

  it('UPD-12: TestDaemonSetUpdatesAllOldPodsNotReady: five that are of no use go at once, whatever the budget', async () => {
    const cluster = await launched(5, unavailable(3), false);
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 3)).toEqual(['0/5/0', '5/0/0', '0/0/0']);
  });

  it('SUR-04, SUR-11, SUR-14, T28: TestDaemonSetUpdatesAllOldPodsNotReadyMaxSurge', async () => {
    const cluster = await launched(5, surge(3), false);
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 3)).toEqual(['5/0/0', '0/5/0', '0/0/0']);

    await setReady(cluster);
    await cluster.advance(60_000);
    await cluster.patchSet({ spec: { minReadySeconds: 15 } });
    await cluster.setImage('foo3/bar3');
    expect(await syncs(cluster, 2)).toEqual(['3/0/0', '0/0/0']);

    // Two of the new ones get ready, and an old one on a node without a new one fails: it gets company beyond the budget.
    const isNew = (pod: Pod) => imageOf(pod) === 'foo3/bar3';
    const surged = new Set(cluster.pods().filter(isNew).map(nodeOf));
    await setReady(cluster, { count: 2, which: isNew });
    await setReady(cluster, { ready: false, count: 1, which: pod => !surged.has(nodeOf(pod)) });
    expect(await syncs(cluster, 1)).toEqual(['1/0/0']);

    // Its old pod goes as soon as the new one is there; the other two wait for 15 s.
    expect(await syncs(cluster, 2)).toEqual(['0/1/0', '0/0/0']);
    await cluster.advance(14_999);
    expect(await syncs(cluster, 1)).toEqual(['0/0/0']);
    await cluster.advance(1);
    expect(await syncs(cluster, 3)).toEqual(['0/2/0', '1/0/0', '0/0/0']);

    await setReady(cluster);
    await cluster.advance(15_000);
    expect(await syncs(cluster, 2)).toEqual(['0/2/0', '0/0/0']);
    expect(cluster.pods().filter(isNew)).toHaveLength(5);
  });

  it('UPD-10: TestDaemonSetUpdatesNoTemplateChanged: another strategy alone moves nothing', async () => {
    const cluster = await launched(5, { updateStrategy: { type: 'OnDelete' } });
    await cluster.patchSet({ spec: unavailable(3) });
    expect(await syncs(cluster, 2)).toEqual(['0/0/0', '0/0/0']);
    await cluster.patchSet({ spec: surge(3) });
    expect(await syncs(cluster, 2)).toEqual(['0/0/0', '0/0/0']);
  });

  it.each([
    { where: 'of its own namespace', namespace: NAMESPACE, adopted: true },
    { where: 'of another namespace', namespace: 'other', adopted: false },
  ])('REF-08: TestControlledHistories: a revision $where', async ({ namespace, adopted }) => {
    const cluster = await TestCluster.idle(1);
    await addNamespace(cluster.registry, 'other');
    const set = await cluster.createSet();
    const orphan = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name: 'orphan', namespace, labels: daemonSet().spec.template.metadata!.labels! },
      data: { spec: { template: {} } },
      revision: 7,
    };
    await cluster.registry.create(controllerRevisions, orphan);
    await cluster.sync();
    const { object } = cluster.registry.get(controllerRevisions, namespace, 'orphan')!;
    expect(object.metadata.ownerReferences?.[0]?.uid).toBe(adopted ? set.metadata.uid : undefined);
    const current = cluster.revisions().find(({ metadata }) => metadata.name !== 'orphan')!;
    expect(current.revision).toBe(adopted ? 8 : 1);
    expect(cluster.pods().map(hashOf)).toEqual([current.metadata.labels!['controller-revision-hash']]);
  });
});

describe('OnDelete', () => {
  const onDelete = { updateStrategy: { type: 'OnDelete' } } as const;

  it('OND-01: a new template makes a revision and is told in the status; pods change as they are deleted by hand', async () => {
    const cluster = await launched(2, onDelete);
    await cluster.sync();
    const [first] = cluster.revisions();
    expect(cluster.status()).toMatchObject({ updatedNumberScheduled: 2, observedGeneration: 1 });
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 2)).toEqual(['0/0/0', '0/0/0']);
    const revisions = cluster.revisions();
    expect(revisions.map(({ revision }) => revision)).toEqual([1, 2]);
    expect(cluster.pods().map(hashOf)).toEqual(Array(2).fill(hash(first!)));
    expect(cluster.status()).toMatchObject({ numberReady: 2, numberAvailable: 2, observedGeneration: 2 });
    expect(cluster.status().updatedNumberScheduled).toBeUndefined();

    await cluster.finalise(cluster.podsOn('node-1')[0]!);
    expect(await syncs(cluster, 2)).toEqual(['1/0/0', '0/0/0']);
    expect(cluster.podsOn('node-0').map(hashOf)).toEqual([hash(first!)]);
    expect(cluster.podsOn('node-1').map(hashOf)).toEqual([hash(revisions[1]!)]);
    expect(cluster.status().updatedNumberScheduled).toBe(1);
  });

  it('OND-02: placement, failed pods, duplicates and taints are as ever', async () => {
    const cluster = await launched(2, onDelete);
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 1)).toEqual(['0/0/0']);
    await cluster.addNode('node-2');
    expect(await syncs(cluster, 1)).toEqual(['1/0/0']);
    await cluster.setStatus(cluster.podsOn('node-0')[0]!, 'Failed', false);
    expect(await syncs(cluster, 2)).toEqual(['0/1/1', '1/0/0']);
    await cluster.createPod('twin', { labels: { app: 'agent' } }, 'node-1');
    expect(await syncs(cluster, 2)).toEqual(['0/1/0', '0/0/0']);
    await cluster.taint('node-1', { key: 'dedicated', effect: 'NoExecute' });
    expect(await syncs(cluster, 2)).toEqual(['0/1/0', '0/0/0']);
    expect(new Set(cluster.pods().map(nodeOf))).toEqual(new Set(['node-0', 'node-2']));
  });

  it('OND-02: so is the history: old revisions go beyond the limit, but not those that pods are of', async () => {
    const cluster = await launched(1, { ...onDelete, revisionHistoryLimit: 1 });
    for (const image of ['foo2/bar2', 'foo3/bar3', 'foo4/bar4']) {
      await cluster.setImage(image);
      expect(await cluster.sync()).toBe('0/0/0');
    }
    expect(cluster.revisions().map(({ revision }) => revision)).toEqual([1, 4]);
    expect(cluster.pods().map(hashOf)).toEqual([hash(cluster.revisions()[0]!)]);
  });

  it('UPD-10: with RollingUpdate instead, what is old goes at once', async () => {
    const cluster = await launched(5, onDelete);
    await cluster.setImage('foo2/bar2');
    expect(await cluster.sync()).toBe('0/0/0');
    await cluster.patchSet({ spec: unavailable(2) });
    expect(await syncs(cluster, 2)).toEqual(['0/2/0', '2/0/0']);
  });
});

describe('a rolling update', () => {
  it('CTL-14, T27: waits for the next sync where this one has put something in order', async () => {
    const cluster = await launched(2, unavailable(2));
    await cluster.addNode('node-2');
    await cluster.setImage('foo2/bar2');
    // The new node first, then as many of the others as it leaves of the budget; what makes their pods is a third sync.
    expect(await syncs(cluster, 4)).toEqual(['1/0/0', '0/1/0', '1/0/0', '0/0/0']);
  });

  it('UPD-11: takes 250 pods in one sync at most', async () => {
    const cluster = await TestCluster.idle(260);
    await cluster.createSet({ spec: unavailable('100%') });
    expect(await syncs(cluster, 2)).toEqual(['250/0/0', '10/0/0']);
    await cluster.setImage('foo2/bar2');
    expect(await syncs(cluster, 2)).toEqual(['0/250/0', '250/0/0']);
  });

  it.each([
    { rollingUpdate: { maxUnavailable: 0, maxSurge: 0 } },
    { rollingUpdate: { maxUnavailable: '0%', maxSurge: 0 } },
    { rollingUpdate: { maxUnavailable: '0%', maxSurge: '0%' } },
    { rollingUpdate: { maxUnavailable: 0 } },
  ])('T24: may not be told to let nothing be unavailable and make nothing more: $rollingUpdate', async rolling => {
    const cluster = await TestCluster.idle();
    await expect(cluster.createSet({ spec: strategy(rolling.rollingUpdate) })).rejects.toThrow(
      'DaemonSet.apps "agent" is invalid: spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
    );
  });
});
