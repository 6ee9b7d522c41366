import { describe, expect, it } from 'vitest';
import { type Counts, countPods, storeStatus } from '../../../../src/controllers/daemonset/status.js';
import type { Registry } from '../../../../src/registry/registry.js';
import type { DaemonSet } from '../../../../src/resources/types.js';
import { byNode, HASH, NOW, OLD, pod, type pods, verdict, verdicts } from './builders.js';

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

  it('STA-01: writes nothing where nothing changed, and at least the generation where that did', async () => {
    const { calls, registry } = fake(0);
    await storeStatus(registry, set, zero);
    expect(calls.updates).toBe(0);
    await storeStatus(registry, { ...set, metadata: { ...set.metadata, generation: 3 } }, zero);
    expect(calls.written[0]!.status.observedGeneration).toBe(3);
  });
});
