import { describe, expect, it } from 'vitest';
import type { DaemonSetSpec } from '../../../../src/resources/types.js';
import { imageOf, nodeOf, TestCluster } from './cluster.js';

const strategy = (rollingUpdate: object): Partial<DaemonSetSpec> => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate },
});
const unavailable = (maxUnavailable: number | string) => strategy({ maxUnavailable, maxSurge: 0 });
const surge = (maxSurge: number | string) => strategy({ maxUnavailable: 0, maxSurge });

/** A set of old pods, all ready, and a new image just set. */
async function updated(nodes: number, spec: Partial<DaemonSetSpec>): Promise<TestCluster> {
  const cluster = await TestCluster.start(nodes);
  await cluster.createSet({ spec });
  await cluster.rollOut();
  cluster.happened();
  await cluster.setImage('new:1');
  return cluster;
}

const images = (cluster: TestCluster) => {
  const counts: Record<string, number> = {};
  for (const pod of cluster.pods()) counts[imageOf(pod)!] = (counts[imageOf(pod)!] ?? 0) + 1;
  return counts;
};

describe('rolling update', () => {
  it('UPD-07, UPD-13: two at a time; a pod goes, is gone, comes, gets ready', async () => {
    const cluster = await updated(5, unavailable(2));
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 2 });
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 0 });
    const steps: object[] = [];
    for (let i = 0; i < 6; i++) {
      await cluster.runPods();
      steps.push(await cluster.traffic());
    }
    expect(steps).toEqual([
      { created: 2, deleted: 0 },
      { created: 0, deleted: 2 },
      { created: 2, deleted: 0 },
      { created: 0, deleted: 1 },
      { created: 1, deleted: 0 },
      { created: 0, deleted: 0 },
    ]);
    expect(images(cluster)).toEqual({ 'new:1': 5 });
    expect(cluster.status()).toMatchObject({ updatedNumberScheduled: 5, numberAvailable: 5, observedGeneration: 2 });
  });

  it('UPD-06: nodes take their turn by name', async () => {
    const cluster = await updated(4, unavailable(2));
    await cluster.settled();
    const going = cluster.pods().filter(p => p.metadata.deletionTimestamp !== undefined);
    expect(going.map(nodeOf).sort()).toEqual(['node-0', 'node-1']);
  });

  it('UPD-10, REV-11: another strategy, or other metadata: no pod moves, and there is no revision', async () => {
    const cluster = await TestCluster.start(3);
    await cluster.createSet({ spec: unavailable(1) });
    await cluster.rollOut();
    cluster.happened();
    await cluster.patchSet({ spec: unavailable(2), metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } });
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 0 });
    expect(cluster.revisions()).toHaveLength(1);
    expect(cluster.status().observedGeneration).toBe(2);
  });

  it('UPD-11: with a budget for all, all go in one sync', async () => {
    const cluster = await updated(5, unavailable('100%'));
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 5 });
  });
});

describe('surge', () => {
  it('SUR-13: two more at a time, each step woken by the one before', async () => {
    const cluster = await updated(5, surge(2));
    const steps = [await cluster.traffic()];
    for (let i = 0; i < 5; i++) {
      await cluster.runPods();
      steps.push(await cluster.traffic());
    }
    expect(steps).toEqual([
      { created: 2, deleted: 0 },
      { created: 2, deleted: 2 },
      { created: 1, deleted: 2 },
      { created: 0, deleted: 1 },
      { created: 0, deleted: 0 },
      { created: 0, deleted: 0 },
    ]);
    expect(images(cluster)).toEqual({ 'new:1': 5 });
  });

  it('SUR-11: minReadySeconds: the old pod stays until the new one has proved itself', async () => {
    const cluster = await TestCluster.start(1);
    await cluster.createSet({ spec: { ...surge(1), minReadySeconds: 15 } });
    await cluster.rollOut();
    await cluster.advance(60_000);
    cluster.happened();
    await cluster.setImage('new:1');
    await cluster.runPods();
    expect(await cluster.traffic()).toEqual({ created: 1, deleted: 0 });
    await cluster.advance(14_000);
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 0 });
    await cluster.advance(1_000);
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 1 });
    await cluster.rollOut();
    expect(cluster.status()).toMatchObject({ updatedNumberScheduled: 1, numberAvailable: 1 });
  });

  it('SUR-08: TestDaemonSetRollingUpdateWithTolerations: nodes that no longer suit keep serving until others do', async () => {
    const cluster = await TestCluster.start(0);
    for (const [zone, count] of [
      ['common', 2],
      ['y', 2],
      ['z', 2],
    ] as const) {
      for (let i = 0; i < count; i++) {
        const taints = zone === 'common' ? [] : [{ key: 'zone', value: zone, effect: 'NoSchedule' as const }];
        await cluster.addNode(`${zone}-${i}`, { taints });
      }
    }
    const tolerate = (...zones: string[]) =>
      zones.map(value => ({ key: 'zone', operator: 'Equal', value, effect: 'NoSchedule' }));
    await cluster.createSet({ spec: surge(1), pod: { tolerations: tolerate('y') } });
    await cluster.rollOut();
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 4, numberReady: 4 });
    const toTemplate = (tolerations: object[]) => cluster.patchSet({ spec: { template: { spec: { tolerations } } } });

    await toTemplate(tolerate('z'));
    await cluster.settled();
    const live = () => cluster.pods().filter(p => p.metadata.deletionTimestamp === undefined);
    // Two for the new zone, one beside an old pod, and nobody has left yet.
    expect(live()).toHaveLength(7);
    expect(live().filter(p => nodeOf(p)!.startsWith('y'))).toHaveLength(2);
    await cluster.rollOut();
    expect(live().map(nodeOf).sort()).toEqual(['common-0', 'common-1', 'z-0', 'z-1']);
    expect(cluster.status()).toMatchObject({
      desiredNumberScheduled: 4,
      updatedNumberScheduled: 4,
      numberReady: 4,
      numberMisscheduled: 0,
    });

    await toTemplate(tolerate('y', 'z'));
    await cluster.rollOut();
    expect(live()).toHaveLength(6);
  });

  it('SUR-10: never more than one old and one new pod on a node', async () => {
    const cluster = await updated(6, surge('50%'));
    for (let i = 0; i < 12; i++) {
      await cluster.runPods(i % 3 > 0);
      for (let node = 0; node < 6; node++) {
        const live = cluster.podsOn(`node-${node}`).filter(p => p.metadata.deletionTimestamp === undefined);
        expect(live.length).toBeLessThanOrEqual(2);
        expect(new Set(live.map(imageOf)).size).toBe(live.length);
      }
    }
    expect(images(cluster)).toEqual({ 'new:1': 6 });
  });
});
