import { describe, expect, it } from 'vitest';
import { type Counts, countPods, storeStatus } from '../../../../src/controllers/daemonset/status.js';
import type { Registry } from '../../../../src/registry/registry.js';
import type { DaemonSet } from '../../../../src/resources/types.js';
import { byNode, HASH, NOW, OLD, pod, type pods, verdict, verdicts } from './builders.js';
import { TestCluster } from './cluster.js';

const count = (nodes: ReturnType<typeof verdicts>, existing: ReturnType<typeof pods>, minReadySeconds = 0) =>
  countPods({ nodes, podsByNode: byNode(existing), template: { hash: HASH }, minReadySeconds, now: NOW });

const zero: Counts = {
  currentNumberScheduled: 0,
  numberMisscheduled: 0,
  desiredNumberScheduled: 0,
  numberReady: 0,
  updatedNumberScheduled: 0,
  numberAvailable: 0,
  numberUnavailable: 0,
};

describe('countPods', () => {
  it('STA-02, T59: no nodes, nothing', () => {
    expect(count([], [])).toEqual(zero);
  });

  it('TestNumberReadyStatus: ready pods only', () => {
    expect(count(verdicts(2), [pod('node-0', { ready: false }), pod('node-1', { ready: false })]).numberReady).toBe(0);
    expect(count(verdicts(2), [pod('node-0'), pod('node-1')]).numberReady).toBe(2);
  });

  it('STA-05, T32: a node counts once, and is judged by the pod that would be kept', () => {
    const older = pod('node-0', { createdAt: '2024-01-01T00:00:00Z', ready: false, hash: OLD });
    expect(count(verdicts(1), [pod('node-0'), older])).toEqual({
      ...zero,
      desiredNumberScheduled: 1,
      currentNumberScheduled: 1,
      numberUnavailable: 1,
    });
  });

  it('STA-05, T32: a ready new pod beside an old one that is not ready: the node is not ready, for the bound or older one speaks', () => {
    const unready = { ready: false, createdAt: '2024-01-01T00:00:00Z' };
    expect(count(verdicts(1), [pod('node-0'), pod('node-0', unready)])).toMatchObject({ numberReady: 0 });
    expect(count(verdicts(1), [pod('node-0'), pod('node-0', { ...unready, bound: false })])).toMatchObject({
      numberReady: 1,
    });
  });

  it('SUR-15, T31: while a node has its old pod and its new one, the old one is counted, so that updated lags', () => {
    const old = { hash: OLD, createdAt: '2024-01-01T00:00:00Z' };
    const surged = [pod('node-0', old), pod('node-0'), pod('node-1', old)];
    expect(count(verdicts(2), surged)).toMatchObject({ updatedNumberScheduled: 0, numberAvailable: 2 });
    expect(count(verdicts(2), surged.slice(1))).toMatchObject({ updatedNumberScheduled: 1, numberAvailable: 2 });
  });

  it('STA-04: pods on nodes that are gone count nowhere', () => {
    expect(count([], [pod('node-gone')])).toEqual(zero);
  });

  it('STA-08: a pod where none is wanted is misscheduled', () => {
    expect(count([verdict('node-0', 'FT')], [pod('node-0')])).toEqual({ ...zero, numberMisscheduled: 1 });
    expect(count([verdict('node-0', 'FF')], [pod('node-0', { terminating: true })])).toEqual({
      ...zero,
      numberMisscheduled: 1,
    });
  });

  it('T05: a pod that waits, fails or goes still stands for its node', () => {
    const existing = [
      pod('node-0', { bound: false, phase: 'Pending', ready: false }),
      pod('node-1', { phase: 'Failed', ready: false }),
      pod('node-2', { terminating: true }),
    ];
    expect(count(verdicts(4), existing)).toEqual({
      ...zero,
      desiredNumberScheduled: 4,
      currentNumberScheduled: 3,
      updatedNumberScheduled: 3,
      numberReady: 1,
      numberAvailable: 1,
      numberUnavailable: 3,
    });
  });

  it('UPD-09: ready is not yet available', () => {
    expect(count(verdicts(1), [pod('node-0', { readySince: NOW - 1000 })], 5)).toMatchObject({
      numberReady: 1,
      numberAvailable: 0,
      numberUnavailable: 1,
    });
  });
});

describe('storeStatus', () => {
  const counts = { ...zero, desiredNumberScheduled: 2 };
  const set = {
    metadata: { name: 'agent', namespace: 'ns', generation: 2 },
    status: { ...zero, observedGeneration: 2 },
  } as unknown as DaemonSet;

  /** Fails the first `failures` updates, and the read between if told so. */
  function fake(failures: number, gone = false) {
    const calls = { updates: 0, gets: 0, written: [] as DaemonSet[] };
    const registry = {
      async update(_kind: unknown, object: DaemonSet) {
        if (calls.updates++ < failures) throw new Error(`fake update error ${calls.updates}`);
        calls.written.push(object);
      },
      get() {
        calls.gets++;
        return gone ? undefined : { object: set };
      },
    };
    return { calls, registry: registry as unknown as Registry };
  }

  it.each([
    { name: 'succeeds at once', failures: 0, updates: 1, gets: 0, error: undefined },
    { name: 'succeeds after a conflict', failures: 1, updates: 2, gets: 1, error: undefined },
    { name: 'fails twice', failures: 2, updates: 2, gets: 1, error: 'fake update error 2' },
    {
      name: 'the set is gone',
      failures: 1,
      updates: 1,
      gets: 1,
      gone: true,
      error: 'daemonsets.apps "agent" not found',
    },
  ])('STA-01: TestStoreDaemonSetStatus: $name', async ({ failures, updates, gets, error, gone }) => {
    const { calls, registry } = fake(failures, gone);
    const write = storeStatus(registry, set, counts);
    if (error) await expect(write).rejects.toThrow(error);
    else await write;
    expect(calls).toMatchObject({ updates, gets });
  });

  it('STA-S3: keeps what others wrote', async () => {
    const { calls, registry } = fake(0);
    const condition = { type: 'Custom', status: 'True' } as const;
    const own = { ...set, status: { ...set.status, collisionCount: 2, conditions: [condition] } };
    await storeStatus(registry, own, counts);
    expect(calls.written[0]!.status).toEqual({
      ...counts,
      observedGeneration: 2,
      collisionCount: 2,
      conditions: [condition],
    });
  });

  it.each(Object.keys(zero) as (keyof Counts)[])('STA-01: another %s is written', async field => {
    const { calls, registry } = fake(0);
    await storeStatus(registry, set, { ...zero, [field]: 1 });
    expect(calls.written.map(({ status }) => status[field])).toEqual([1]);
    await storeStatus(registry, { ...set, status: { ...set.status, [field]: 1 } }, { ...zero, [field]: 1 });
    expect(calls.updates).toBe(1);
  });

  it('STA-01: a newer observedGeneration than the generation is enough', async () => {
    const { calls, registry } = fake(0);
    await storeStatus(registry, { ...set, metadata: { ...set.metadata, generation: 1 } }, zero);
    expect(calls.updates).toBe(0);
  });

  it('STA-01: the second attempt is on the set as it is then, and tells of the generation that was looked at', async () => {
    const { calls, registry } = fake(1);
    const stale = { ...set, metadata: { ...set.metadata, generation: 1, resourceVersion: '1' } };
    await storeStatus(registry, stale, counts);
    expect(calls.written).toEqual([{ ...set, status: { ...set.status, ...counts, observedGeneration: 1 } }]);
  });

  it('STA-01: writes nothing where nothing changed, and at least the generation where that did', async () => {
    const { calls, registry } = fake(0);
    await storeStatus(registry, set, zero);
    // As the API shows it: without the zeros that may be left out.
    const { updatedNumberScheduled, numberAvailable, numberUnavailable, ...shown } = zero;
    await storeStatus(registry, { ...set, status: { ...shown, observedGeneration: 2 } }, zero);
    expect(calls.updates).toBe(0);
    await storeStatus(registry, { ...set, metadata: { ...set.metadata, generation: 3 } }, zero);
    expect(calls.written[0]!.status.observedGeneration).toBe(3);
    await storeStatus(registry, { metadata: { ...set.metadata, generation: 1 }, status: zero } as DaemonSet, zero);
    expect(calls.written[1]!.status.observedGeneration).toBe(1);
  });
});

describe('the status of a set', () => {
  it('STA-01, STA-06: what is written wakes the set once more, and that sync has nothing to write', async () => {
    const cluster = await TestCluster.start();
    const reconciled = cluster.countReconciles();
    await cluster.createSet();
    const { revision } = cluster.registry;
    await cluster.settled();
    expect(reconciled()).toBe(2);
    // Its first revision, and its status.
    expect(cluster.registry.revision).toBe(revision + 2);
    await cluster.addNode('node-0', { taints: [{ key: 'dedicated', effect: 'NoExecute' }] });
    await cluster.settled();
    expect(cluster.registry.revision).toBe(revision + 4);
  });

  it('STA-03, T33: while pods are ready and not yet available, the set comes back when the next one is', async () => {
    const cluster = await TestCluster.idle(2);
    await cluster.createSet({ spec: { minReadySeconds: 10 } });
    await cluster.sync();
    expect(cluster.delays).toEqual([]);
    await cluster.setStatus(cluster.podsOn('node-0')[0]!, 'Running', true);
    await cluster.advance(4_000);
    await cluster.setStatus(cluster.podsOn('node-1')[0]!, 'Running', true);
    await cluster.sync();
    expect(cluster.delays).toEqual([6_000]);
    expect(cluster.status()).toMatchObject({ numberReady: 2, numberUnavailable: 2 });
    await cluster.advance(6_000);
    await cluster.sync();
    expect(cluster.delays).toEqual([4_000]);
    expect(cluster.status()).toMatchObject({ numberReady: 2, numberAvailable: 1, numberUnavailable: 1 });
    await cluster.advance(4_000);
    await cluster.sync();
    expect(cluster.delays).toEqual([]);
    await cluster.patchSet({ spec: { minReadySeconds: 0 } });
    await cluster.setStatus(cluster.podsOn('node-0')[0]!, 'Running', false);
    await cluster.sync();
    expect(cluster.delays).toEqual([]);
  });

  it('SUR-15, T31: in a surge, updated lags until old pods are gone', async () => {
    const cluster = await TestCluster.idle(3);
    await cluster.createSet({
      spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 3 } } },
    });
    await cluster.sync();
    await cluster.runPods();
    await cluster.advance(1_000);
    await cluster.setImage('new:1');
    await cluster.sync();
    await cluster.runPods();
    // The new pods of all nodes are ready, and none is counted yet.
    expect(cluster.pods().filter(pod => pod.spec.containers[0]!.image === 'new:1')).toHaveLength(3);
    expect(cluster.status()).toMatchObject({ observedGeneration: 2, numberAvailable: 3 });
    expect(cluster.status().updatedNumberScheduled).toBeUndefined();
    expect(await cluster.sync()).toBe('0/3/0');
    await cluster.sync();
    expect(cluster.status()).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3 });
  });

  it('STA-08, T37: NoSchedule under a running pod: the pod stays, and the status tells at once, by no other event', async () => {
    const cluster = await TestCluster.start(2);
    await cluster.createSet();
    await cluster.rollOut();
    const [pod] = cluster.podsOn('node-0');
    const before = cluster.status();
    await cluster.taint('node-0', { key: 'dedicated', effect: 'NoSchedule' });
    await cluster.settled();
    expect(cluster.status()).toEqual({
      ...before,
      desiredNumberScheduled: 1,
      currentNumberScheduled: 1,
      numberMisscheduled: 1,
      numberReady: 1,
      numberAvailable: 1,
      updatedNumberScheduled: 1,
    });
    expect(cluster.podsOn('node-0')).toEqual([pod]);
  });
});
