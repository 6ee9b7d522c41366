import { describe, expect, it } from 'vitest';
import type { Registry } from '../../../../src/registry/registry.js';
import { daemonSets, namespaces } from '../../../../src/resources/index.js';
import type { DaemonSet, Pod } from '../../../../src/resources/types.js';
import { addNamespace } from '../../../support/registry.js';
import { daemonSet, NAMESPACE, nodeOf, TestCluster } from './cluster.js';
import { LABEL, Scene, STRATEGIES, type Strategy } from './scene.js';

async function prepared(strategy: Strategy, nodeCount: number): Promise<Scene> {
  const scene = await Scene.open(strategy);
  await scene.nodes(0, nodeCount);
  await scene.set();
  return scene;
}

/** Lets only so many pods be made; answers how many were tried. */
function quota(registry: Registry, limit: { left: number }): { calls: number } {
  const create = registry.create.bind(registry);
  const seen = { calls: 0 };
  registry.create = (async (kind, draft, options) => {
    if (kind.plural === 'pods') {
      seen.calls++;
      if (limit.left-- <= 0) throw new Error('exceeded quota');
    }
    return create(kind, draft, options);
  }) as typeof create;
  return seen;
}

/** Upstream's own tests that look at more than what is made and deleted. */
describe.each(STRATEGIES)('daemon_controller_test.go with %s', (_type, strategy) => {
  it('POD-05, T06: TestSimpleDaemonSetScheduleDaemonSetPodsLaunchesPods: each is meant for its node by one term, and bound by nobody', async () => {
    const { cluster } = await prepared(strategy, 5);
    expect(await cluster.sync()).toBe('5/0/0');
    expect(cluster.pods().map(nodeOf).sort()).toEqual(['node-0', 'node-1', 'node-2', 'node-3', 'node-4']);
    for (const pod of cluster.pods()) {
      expect(pod.spec.nodeName).toBeUndefined();
      expect(pod.spec.affinity).toEqual({
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeOf(pod)] }] }],
          },
        },
      });
    }
  });

  it('SYN-02, SYN-03, SYN-08, T44: TestSimpleDaemonSetPodCreateErrors: ten of a hundred: 1 + 2 + 4 + 8 calls, and a status that says so', async () => {
    const { cluster } = await prepared(strategy, 100);
    const seen = quota(cluster.registry, { left: 10 });
    await expect(cluster.sync()).rejects.toThrow('exceeded quota');
    expect(seen.calls).toBe(15);
    expect(cluster.pods()).toHaveLength(10);
    expect(cluster.happened()).toEqual({ SuccessfulCreate: 10, FailedCreate: 5 });
    expect(cluster.status()).toMatchObject({
      desiredNumberScheduled: 100,
      currentNumberScheduled: 10,
      updatedNumberScheduled: 10,
    });
  });

  it('SYN-03, CTL-13: TestDaemonSetPodCreateExpectationsError: what failed and what was skipped is not waited for', async () => {
    const { cluster } = await prepared(strategy, 100);
    const limit = { left: 10 };
    quota(cluster.registry, limit);
    await expect(cluster.sync()).rejects.toThrow('exceeded quota');
    limit.left = Number.POSITIVE_INFINITY;
    expect(await cluster.sync()).toBe('90/0/0');
  });

  it('STA-07: TestSimpleDaemonSetUpdatesStatusAfterLaunchingPods: the sync that makes them tells of them', async () => {
    const { cluster } = await prepared(strategy, 5);
    expect(await cluster.sync()).toBe('5/0/0');
    expect(cluster.status().currentNumberScheduled).toBe(5);
  });

  it.each([
    { what: 'sync error', refused: { pods: true, status: false }, thrown: 'no pods' },
    { what: 'status error', refused: { pods: false, status: true }, thrown: 'no status' },
    { what: 'both', refused: { pods: true, status: true }, thrown: 'no pods' },
  ])('CTL-15: TestSimpleDaemonSetUpdatesStatusError: $what', async ({ refused, thrown }) => {
    const { cluster } = await prepared(strategy, 1);
    const { registry } = cluster;
    quota(registry, { left: refused.pods ? 0 : 1 });
    const update = registry.update.bind(registry);
    const written: (number | undefined)[] = [];
    registry.update = (async (kind, object, options) => {
      if (kind.plural === 'daemonsets') {
        written.push((object as unknown as DaemonSet).status.observedGeneration);
        if (refused.status) throw new Error('no status');
      }
      return update(kind, object, options);
    }) as typeof update;
    await expect(cluster.sync()).rejects.toThrow(thrown === 'no pods' ? 'exceeded quota' : thrown);
    expect(written[0]).toBe(1);
    expect(written).toHaveLength(refused.status ? 2 : 1);
  });

  it('REF-05, T39: TestDontDoAnythingIfBeingDeletedRace: a set that is going as a second look shows adopts nothing, and does nothing else', async () => {
    const { cluster } = await prepared(strategy, 5);
    await cluster.patchSet({ metadata: { finalizers: ['example.com/hold'] } });
    const orphan = await cluster.createPod('orphan', { labels: LABEL }, 'node-0');
    const { registry } = cluster;
    const stale = registry.get(daemonSets, NAMESPACE, 'agent')!;
    await registry.delete(daemonSets, NAMESPACE, 'agent');
    const get = registry.get.bind(registry);
    let looks = 0;
    registry.get = ((kind, namespace, name) =>
      kind.plural === 'daemonsets' && looks++ === 0 ? stale : get(kind, namespace, name)) as typeof get;
    await expect(cluster.sync()).rejects.toThrow(`can't adopt Pod default/orphan (${orphan.metadata.uid}): `);
    expect(cluster.events).toEqual([]);
    expect(cluster.pods()).toEqual([orphan]);
  });

  it('STA-07: TestNumberReadyStatus: none without conditions, two when two are ready', async () => {
    const scene = await prepared(strategy, 2);
    await scene.pods('node-0', 1);
    await scene.pods('node-1', 1);
    const { cluster } = scene;
    expect(await cluster.sync()).toBe('0/0/0');
    expect(cluster.status().numberReady).toBe(0);
    for (const pod of cluster.pods()) await cluster.setStatus(pod, 'Running', true);
    expect(await cluster.sync()).toBe('0/0/0');
    expect(cluster.status().numberReady).toBe(2);
  });

  it('STA-01: TestObservedGeneration: the generation that was looked at', async () => {
    const scene = await prepared(strategy, 1);
    await scene.pods('node-0', 1);
    const { cluster } = scene;
    await cluster.sync();
    expect(cluster.status().observedGeneration).toBe(1);
    await cluster.patchSet({ spec: { minReadySeconds: 1 } });
    await cluster.sync();
    expect(cluster.status().observedGeneration).toBe(2);
    expect(cluster.set().metadata.generation).toBe(2);
  });

  it('FAIL-01, FAIL-02, T43: TestDaemonKillFailedPodsBackoff: once it is in backoff it waits for the whole of it, looked at as often as it may be', async () => {
    const scene = await prepared(strategy, 1);
    const { cluster } = scene;
    const fail = () => scene.pods('node-0', 1, { created: pod => cluster.setStatus(pod, 'Failed', false) });
    await cluster.sync();
    for (const pod of cluster.pods()) await cluster.finalise(pod);
    await fail();
    expect(await cluster.sync()).toBe('0/1/1');
    await fail();
    expect([await cluster.sync(), cluster.delays]).toEqual(['0/0/0', [1000]]);
    await cluster.advance(999);
    expect([await cluster.sync(), cluster.delays]).toEqual(['0/0/0', [1000]]);
    await cluster.advance(1);
    expect([await cluster.sync(), cluster.delays]).toEqual(['0/1/1', []]);
  });

  it('CTL-01: TestExpectationsOnRecreate: a namesake starts clean, and makes its own pod', async () => {
    const { cluster } = await prepared(strategy, 1);
    expect([await cluster.sync(), await cluster.sync()]).toEqual(['1/0/0', '0/0/0']);
    await cluster.registry.delete(daemonSets, NAMESPACE, 'agent');
    expect(await cluster.sync()).toBe('0/0/0');
    await cluster.createSet({ spec: { updateStrategy: strategy } });
    expect(await cluster.sync()).toBe('1/0/0');
    expect(new Set(cluster.pods().map(pod => pod.metadata.ownerReferences![0]!.uid)).size).toBe(2);
  });
});

/**
 * What upstream's expectations, their end after five minutes, and the guard against stale caches are for. Here a sync
 * sees the newest state, and one set is never in two syncs at once.
 */
describe('writes in flight', () => {
  const turns = async (count: number) => {
    for (let i = 0; i < count; i++) await new Promise(resolve => setImmediate(resolve));
  };

  it('CTL-07, CTL-12, T14: while pods are being made none is made twice, and no newer generation is said to be observed', async () => {
    const cluster = await TestCluster.start(3);
    const { registry } = cluster;
    const create = registry.create.bind(registry);
    let open = () => {};
    const gate = new Promise<void>(resolve => {
      open = resolve;
    });
    const asked: (string | undefined)[] = [];
    registry.create = (async (kind, draft, options) => {
      if (kind.plural === 'pods') {
        asked.push(nodeOf(draft as unknown as Pod));
        await gate;
      }
      return create(kind, draft, options);
    }) as typeof create;
    await cluster.createSet();
    await turns(20);
    await cluster.patchSet({ spec: { minReadySeconds: 1 } });
    await cluster.addNode('node-3');
    await turns(20);
    expect(asked).toEqual(['node-0']);
    expect(cluster.status().observedGeneration).toBeUndefined();
    const observed: (number | undefined)[] = [];
    registry.follow(changes => {
      for (const { entry } of changes)
        if (entry.resource === 'daemonsets.apps') observed.push(cluster.status().observedGeneration);
    });
    open();
    await cluster.settled();
    expect(asked).toEqual(['node-0', 'node-1', 'node-2', 'node-3']);
    expect(cluster.pods().map(nodeOf).sort()).toEqual(['node-0', 'node-1', 'node-2', 'node-3']);
    expect(observed[0]).toBe(1);
    expect(cluster.status()).toMatchObject({ observedGeneration: 2, currentNumberScheduled: 4 });
  });

  it('CTL-16: a creation whose answer is lost is neither made again nor waited for', async () => {
    const { cluster } = await prepared({ type: 'OnDelete' }, 2);
    const { registry } = cluster;
    const create = registry.create.bind(registry);
    registry.create = (async (kind, draft, options) => {
      const created = await create(kind, draft, options);
      if (kind.plural === 'pods') throw new Error('timed out');
      return created;
    }) as typeof create;
    await expect(cluster.sync()).rejects.toThrow('timed out');
    registry.create = create;
    // The first batch is of one: the other node's pod was skipped.
    expect([await cluster.sync(), await cluster.sync()]).toEqual(['1/0/0', '0/0/0']);
    expect(cluster.pods().map(nodeOf).sort()).toEqual(['node-0', 'node-1']);
  });

  it('T14, CTL-15: the generation is observed also where its pods cannot be made', async () => {
    const { cluster } = await prepared({ type: 'OnDelete' }, 1);
    quota(cluster.registry, { left: 0 });
    await expect(cluster.sync()).rejects.toThrow('exceeded quota');
    expect(cluster.status()).toMatchObject({ observedGeneration: 1, desiredNumberScheduled: 1 });
  });
});

describe('the order of a sync', () => {
  /** Every write that one sync makes, in order, each once. */
  async function writes(cluster: TestCluster): Promise<string[]> {
    const { registry } = cluster;
    const seen: string[] = [];
    const unfollow = registry.follow(changes => {
      for (const { type, entry } of changes) seen.push(`${type} ${entry.resource}`);
    });
    await cluster.sync();
    await cluster.settled();
    unfollow();
    return seen.filter((write, i) => write !== seen[i - 1]);
  }

  it('CTL-09, CTL-14: history, pods to make, pods to delete, history that is over, status', async () => {
    const scene = await Scene.open({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2, maxSurge: 0 } });
    const { cluster } = scene;
    await scene.nodes(0, 2, { disk: 'ssd' });
    await scene.set({ spec: { revisionHistoryLimit: 0 }, pod: { nodeSelector: { disk: 'ssd' } } });
    await cluster.sync();
    for (const pod of cluster.pods()) await cluster.registry.bind(NAMESPACE, pod.metadata.name, nodeOf(pod)!);
    await cluster.setImage('new:1');
    await cluster.label('node-1', {});
    await scene.nodes(2, 1, { disk: 'ssd' });
    expect(await writes(cluster)).toEqual([
      'ADDED controllerrevisions.apps',
      'ADDED pods',
      // Marked by the sync; gone when it has ended.
      'MODIFIED pods',
      'MODIFIED daemonsets.apps',
      'DELETED pods',
    ]);
    // Now that all is in its place it is rolled out, and the former revision goes once no pod is of it.
    expect(await writes(cluster)).toEqual(['MODIFIED pods', 'MODIFIED daemonsets.apps', 'DELETED pods']);
    expect(await writes(cluster)).toEqual([
      'ADDED pods',
      'DELETED controllerrevisions.apps',
      'MODIFIED daemonsets.apps',
    ]);
    expect(await writes(cluster)).toEqual([]);
  });

  it('CTL-09, CTL-10, CTL-11: a selector of everything, or a set on its way out, stops it before its history', async () => {
    const legacy = await Scene.open({ type: 'OnDelete' });
    await legacy.nodes(0, 1);
    await legacy.cluster.createLegacySet();
    expect(await writes(legacy.cluster)).toEqual([]);
    const going = await prepared({ type: 'OnDelete' }, 1);
    await going.cluster.patchSet({ metadata: { finalizers: ['example.com/hold'] } });
    await going.cluster.registry.delete(daemonSets, NAMESPACE, 'agent');
    expect(await writes(going.cluster)).toEqual([]);
    expect(going.cluster.status().observedGeneration).toBeUndefined();
  });
});

it('SYN-01, SYN-07: 250 of 300 in one sync, the others in the next, whether they are made or deleted', async () => {
  const { cluster } = await prepared({ type: 'OnDelete' }, 300);
  expect([await cluster.sync(), await cluster.sync(), await cluster.sync()]).toEqual(['250/0/0', '50/0/0', '0/0/0']);
  await cluster.patchSet({ spec: { template: { spec: { nodeSelector: { no: 'where' } } } } });
  expect([await cluster.sync(), await cluster.sync(), await cluster.sync()]).toEqual(['0/250/0', '0/50/0', '0/0/0']);
});

it('SYN-04, T45: in a namespace on its way out: no pod, no event, no error', async () => {
  const cluster = await TestCluster.idle();
  const { registry } = cluster;
  await addNamespace(registry, 'going');
  const draft = daemonSet();
  await registry.create(daemonSets, { ...draft, metadata: { ...draft.metadata, namespace: 'going' } });
  expect(await cluster.sync('agent', 'going')).toBe('0/0/0');
  await registry.delete(namespaces, '', 'going');
  for (let i = 0; i < 3; i++) await cluster.addNode(`node-${i}`);
  const seen = quota(registry, { left: 3 });
  expect(await cluster.sync('agent', 'going')).toBe('0/0/0');
  expect(seen.calls).toBe(3);
  expect(cluster.pods()).toEqual([]);
});
