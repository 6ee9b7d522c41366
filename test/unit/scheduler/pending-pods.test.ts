import { describe, expect, it } from 'vitest';
import { backoff, PendingPods } from '../../../src/controllers/scheduler/pending-pods.js';
import { pod } from '../placement/objects.js';

const NOBODY = new Set<never>();

const queueOf = (...names: string[]) => {
  const pending = new PendingPods();
  for (const name of names) pending.put(pod(name), 0);
  return pending;
};
const takeAll = (pending: PendingPods, now: number) => {
  const taken: string[] = [];
  for (let next = pending.take(now); next; next = pending.take(now)) taken.push(next.key.split('/')[1]!);
  return taken;
};

describe('the pods that wait', () => {
  it('come by priority, then age, then as they came', () => {
    const pending = new PendingPods();
    const add = (name: string, priority: number, creationTimestamp: string) => {
      const { metadata, ...rest } = pod(name, { priority });
      pending.put({ ...rest, metadata: { ...metadata, creationTimestamp } }, 0);
    };
    add('late', 0, '2025-01-01T00:00:02Z');
    add('first', 0, '2025-01-01T00:00:01Z');
    add('second', 0, '2025-01-01T00:00:01Z');
    add('vip', 10, '2025-01-01T00:00:09Z');
    expect(takeAll(pending, 0)).toEqual(['vip', 'first', 'second', 'late']);
  });

  it('step back behind others after a failure, and wait for nobody else', () => {
    const pending = queueOf('failed', 'other');
    const first = pending.take(0)!;
    pending.park(first, 0, NOBODY);
    pending.activate(first, 500);
    expect(takeAll(pending, 500)).toEqual(['other', 'failed']);
  });

  it('wait after an error', () => {
    const pending = queueOf('failed');
    expect(pending.holdBack(pending.take(0)!, 0)).toBe(1000);
    expect(pending.hasReady(999)).toBe(false);
    expect(pending.take(999)).toBeUndefined();
    expect(pending.hasReady(1000)).toBe(true);
    expect(takeAll(pending, 1000)).toEqual(['failed']);
  });

  it('SCH-15: step back for 1 to 10 seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(backoff)).toEqual([0, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('are found by what may help them', () => {
    const pending = new PendingPods();
    const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }];
    const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
    pending.put(pod('pinned', { affinity: { nodeAffinity: required } }), 0);
    pending.put(pod('free'), 0);
    pending.park(pending.take(0)!, 0, new Set(['NodeResourcesFit'] as const));
    pending.park(pending.take(0)!, 0, new Set(['InterPodAffinity'] as const));
    const names = (found: readonly { key: string }[]) => found.map(p => p.key);
    expect(names(pending.naming('n1'))).toEqual(['default/pinned']);
    expect(names(pending.naming('n2'))).toEqual([]);
    expect(names(pending.anywhere())).toEqual(['default/free']);
    expect(names(pending.farReaching())).toEqual(['default/free']);
    expect(names(pending.parkedSince(0))).toHaveLength(2);
    expect(names(pending.parkedSince(-1))).toEqual([]);
    pending.remove('default/pinned');
    expect(names(pending.naming('n1'))).toEqual([]);
    pending.reactivate('default/free', 0);
    expect(pending.hasParked).toBe(false);
  });

  it('are tried again if they changed while they were tried', () => {
    const pending = queueOf('web');
    const taken = pending.take(0)!;
    pending.put(pod('web'), 0);
    pending.park(taken, 0, NOBODY);
    expect(pending.hasParked).toBe(false);
    expect(takeAll(pending, 0)).toEqual(['web']);
  });

  it('are forgotten when they go, and begin anew under another uid', () => {
    const pending = queueOf('a', 'b');
    pending.remove('default/a');
    expect(takeAll(pending, 0)).toEqual(['b']);
    const { metadata, ...rest } = pod('b');
    pending.put({ ...rest, metadata: { ...metadata, uid: 'another' } }, 0);
    expect(pending.take(0)).toMatchObject({ uid: 'another', attempts: 0 });
  });
});
