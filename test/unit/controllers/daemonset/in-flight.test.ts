import { expect, it } from 'vitest';
import { daemonSets, pods } from '../../../../src/resources/index.js';
import { nodeOf, TestCluster } from './cluster.js';

/**
 * What upstream's controller remembers of its own writes so as not to act on a cache that has not seen them yet, reads of the newest
 * state make needless. Here is what it guards: nothing is done twice, whenever the answers come.
 */

/** Lets pods be created only when told to. */
function holdCreations({ registry }: TestCluster) {
  const create = registry.create.bind(registry);
  const waiting: (() => void)[] = [];
  const state = { asked: 0, open: false };
  registry.create = (async (kind, draft, options) => {
    if (kind.plural === 'pods') {
      state.asked++;
      if (!state.open) await new Promise<void>(resolve => waiting.push(resolve));
    }
    return create(kind, draft, options);
  }) as typeof create;
  return {
    state,
    release() {
      state.open = true;
      for (const go of waiting.splice(0)) go();
    },
  };
}

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise(resolve => setImmediate(resolve));
};

it('two sets are seen to at once, a third when one of them is done', async () => {
  const cluster = await TestCluster.start(1);
  const creations = holdCreations(cluster);
  for (const name of ['a', 'b', 'c']) await cluster.createSet({ name });
  await turns(10);
  expect(creations.state.asked).toBe(2);
  creations.release();
  await cluster.settled();
  expect(cluster.pods()).toHaveLength(3);
});

it('consistency_test, CTL-07: a set that is woken while its creations are in flight makes no pod twice', async () => {
  const cluster = await TestCluster.start(5);
  const creations = holdCreations(cluster);
  await cluster.createSet();
  await turns(10);
  expect(creations.state.asked).toBeGreaterThan(0);
  for (let i = 0; i < 5; i++) {
    await cluster.patchSet({ metadata: { labels: { wake: String(i) } } });
    await cluster.label(`node-${i}`, { wake: String(i) });
    await turns(3);
  }
  creations.release();
  await cluster.settled();
  expect(creations.state.asked).toBe(5);
  expect(cluster.pods().map(nodeOf).sort()).toEqual(['node-0', 'node-1', 'node-2', 'node-3', 'node-4']);
  expect(cluster.status()).toMatchObject({ currentNumberScheduled: 5, observedGeneration: 1 });
});

it('consistency_test, CTL-01: a set made anew meanwhile has nothing to do with what its namesake made', async () => {
  const cluster = await TestCluster.start(2);
  const creations = holdCreations(cluster);
  const first = await cluster.createSet();
  await turns(10);
  await cluster.registry.delete(daemonSets, 'default', 'agent');
  const second = await cluster.createSet();
  await turns(10);
  creations.release();
  await cluster.settled();
  const owned = (uid: string) => cluster.pods().filter(p => p.metadata.ownerReferences![0]!.uid === uid);
  expect(owned(second.metadata.uid).map(nodeOf).sort()).toEqual(['node-0', 'node-1']);
  expect(owned(first.metadata.uid).length).toBeLessThanOrEqual(2);
  expect(cluster.status()).toMatchObject({ currentNumberScheduled: 2, desiredNumberScheduled: 2 });
});

it('consistency_test: each sync sees what the one before it did, and a second one right after it does nothing', async () => {
  const cluster = await TestCluster.idle(4);
  await cluster.createSet();
  expect([await cluster.sync(), await cluster.sync()]).toEqual(['4/0/0', '0/0/0']);
  await cluster.registry.delete(pods, 'default', cluster.pods()[0]!.metadata.name);
  const { revision } = cluster.registry;
  expect([await cluster.sync(), await cluster.sync()]).toEqual(['1/0/0', '0/0/0']);
  // The pod alone: the status was right already.
  expect(cluster.registry.revision).toBe(revision + 1);
});
