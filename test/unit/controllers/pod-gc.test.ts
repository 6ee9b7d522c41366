import { afterEach, describe, expect, it } from 'vitest';
import { type PodGCOptions, podGCController } from '../../../src/controllers/pod-gc/index.js';
import { ModelCluster, READY } from '../../support/model-cluster.js';

let cluster: ModelCluster;
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.close();
});

async function start(options?: PodGCOptions): Promise<void> {
  cluster = await ModelCluster.start(context => podGCController(context, options));
  await cluster.node('n1', READY);
  await cluster.node('n2', READY);
}

const OUT_OF_SERVICE = {
  key: 'node.kubernetes.io/out-of-service',
  value: 'nodeshutdown',
  effect: 'NoExecute',
} as const;

describe('PGC-01, TestGCOrphaned: pods of a node that is gone', () => {
  it.each([
    [0, 40_000],
    [3000, 57_000],
    [19_999, 40_001],
    [20_000, 40_000],
  ])('deleted %d ms after a round, they go %d ms later', async (phase, wait) => {
    await start();
    await cluster.pod('a', 'n1');
    await cluster.pod('b', 'n2');
    await cluster.advance(phase);
    await cluster.deleteNode('n1');
    await cluster.advance(wait - 1);
    expect(cluster.getPod('a')?.status.phase).toBe('Pending');
    await cluster.advance(1);
    expect(cluster.getPod('a')).toBeUndefined();
    expect(cluster.getPod('b')).toBeDefined();
  });

  it('PGC-06, PGC-07, TestPodGcOrphanedPodsWithFinalizer: are failed first, with the reason, which finalizers let one see', async () => {
    await start();
    await cluster.pod('a', 'n1', {}, { finalizers: ['example.org/held'] });
    await cluster.pod('done', 'n1', {}, { finalizers: ['example.org/held'] });
    await cluster.setPodStatus('done', { phase: 'Succeeded' });
    await cluster.deleteNode('n1');
    await cluster.advance(60_000);
    expect(cluster.getPod('a')!.status.phase).toBe('Failed');
    expect(cluster.getPod('a')!.metadata).toMatchObject({
      deletionGracePeriodSeconds: 0,
      deletionTimestamp: expect.any(String),
    });
    expect(cluster.podCondition('a', 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
    });
    expect(cluster.getPod('done')!.status).toMatchObject({ phase: 'Succeeded' });
    expect(cluster.podCondition('done', 'DisruptionTarget')).toBeUndefined();
    const revision = cluster.registry.revision;
    await cluster.advance(300_000);
    expect(cluster.registry.revision).toBe(revision);
  });

  it('PGC-02: stay when the node comes back in time', async () => {
    await start();
    await cluster.pod('a', 'n1');
    await cluster.deleteNode('n1');
    await cluster.advance(39_999);
    await cluster.node('n1', READY);
    await cluster.advance(300_000);
    expect(cluster.getPod('a')).toBeDefined();
    await cluster.deleteNode('n1');
    await cluster.advance(60_000);
    expect(cluster.getPod('a')).toBeUndefined();
  });

  it('stay when the node came back before anybody looked, and go when it vanishes after that', async () => {
    await start();
    await cluster.pod('a', 'n1');
    await cluster.deleteNode('n1');
    await cluster.advance(20_000);
    await cluster.node('n1', READY);
    await cluster.advance(10_000);
    await cluster.deleteNode('n1');
    // Found missing anew at 40 s, and in quarantine until 80 s.
    await cluster.advance(49_999);
    expect(cluster.getPod('a')).toBeDefined();
    await cluster.advance(1);
    expect(cluster.getPod('a')).toBeUndefined();
  });

  it('go when there are no nodes at all, whatever their phase', async () => {
    await start();
    await cluster.pod('a', 'n1');
    await cluster.pod('b', 'n2');
    await cluster.pod('unbound', undefined);
    await cluster.setPodStatus('b', { phase: 'Succeeded' });
    for (const name of ['n1', 'n2']) await cluster.deleteNode(name);
    await cluster.advance(40_000);
    expect(['a', 'b', 'unbound'].filter(name => cluster.getPod(name))).toEqual(['unbound']);
  });

  it('go too when they were bound to a node that never was', async () => {
    await start();
    await cluster.pod('a', 'nowhere');
    await cluster.advance(60_000);
    expect(cluster.getPod('a')).toBeUndefined();
  });
});

it('PGC-03, PGC-07, TestGCUnscheduledTerminating: a pod without a node that is to be deleted goes in the next round', async () => {
  await start();
  await cluster.pod('a', undefined, {}, { finalizers: ['example.org/held'] });
  await cluster.advance(5000);
  await cluster.deletePod('a');
  expect(cluster.getPod('a')!.status.phase).toBe('Pending');
  await cluster.advance(15_000);
  expect(cluster.getPod('a')!.status.phase).toBe('Failed');
  expect(cluster.podCondition('a', 'DisruptionTarget')).toBeUndefined();
});

it('PGC-04, TestGCTerminating: terminating pods of a node out of service go in the next round, others stay', async () => {
  await start();
  await cluster.pod('going', 'n1');
  await cluster.pod('staying', 'n1');
  await cluster.deletePod('going');
  await cluster.setTaints('n1', OUT_OF_SERVICE);
  await cluster.advance(60_000);
  expect(cluster.getPod('going')).toBeDefined();
  await cluster.setCondition('n1', 'Ready', 'Unknown');
  await cluster.advance(20_000);
  expect(cluster.getPod('going')).toBeUndefined();
  expect(cluster.getPod('staying')).toBeDefined();
  await cluster.deletePod('staying');
  await cluster.advance(20_000);
  expect(cluster.getPod('staying')).toBeUndefined();
});

describe('PGC-05, TestGCTerminated: ended pods', () => {
  it('beyond the threshold go: evicted ones, then the oldest, then by name', async () => {
    await start({ terminatedThreshold: 2 });
    for (const name of ['old', 'b', 'a', 'evicted', 'alive']) {
      await cluster.pod(name, 'n1');
      if (name === 'old') await cluster.advance(2000);
    }
    for (const name of ['old', 'b', 'a']) await cluster.setPodStatus(name, { phase: 'Succeeded' });
    await cluster.setPodStatus('evicted', { phase: 'Failed', reason: 'Evicted' });
    await cluster.advance(20_000);
    expect(['old', 'b', 'a', 'evicted', 'alive'].filter(name => cluster.getPod(name))).toEqual(['b', 'a', 'alive']);
    await cluster.setPodStatus('alive', { phase: 'Failed' });
    await cluster.advance(20_000);
    expect(['b', 'a', 'alive'].filter(name => cluster.getPod(name))).toEqual(['b', 'alive']);
  });

  it('all stay with a threshold of 0', async () => {
    await start({ terminatedThreshold: 0 });
    await cluster.pod('a', 'n1');
    await cluster.setPodStatus('a', { phase: 'Failed' });
    await cluster.advance(60_000);
    expect(cluster.getPod('a')).toBeDefined();
  });
});

it('a quiet cluster has no timers', async () => {
  await start();
  await cluster.pod('a', 'n1');
  await cluster.advance(100_000);
  expect(cluster.clock.nextDue()).toBeUndefined();
});
