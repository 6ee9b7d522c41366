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
    expect(pending.holdBack(pending.take(500)!, 500)).toBe(1000);
    expect(pending.hasReady(1499)).toBe(false);
    expect(pending.take(1499)).toBeUndefined();
    expect(pending.hasReady(1500)).toBe(true);
    expect(takeAll(pending, 1500)).toEqual(['failed']);
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

  it.each([
    ['NodeResourcesFit', [], []],
    ['InterPodAffinity', ['default/web'], []],
    ['PodTopologySpread', ['default/web'], []],
    ['VolumeRestrictions', ['default/web'], ['default/web']],
    ['NodeVolumeLimits', [], ['default/web']],
    ['VolumeBinding', [], ['default/web']],
    ['VolumeZone', [], ['default/web']],
  ] as const)(
    'SCH-15: turned away by %s are found by what that looks at, until they are tried again',
    (rule, far, volumes) => {
      const pending = queueOf('web');
      const keys = (found: readonly { key: string }[]) => found.map(p => p.key);
      const taken = pending.take(0)!;
      pending.park(taken, 0, new Set([rule]));
      expect([...taken.rejectedBy]).toEqual([rule]);
      expect([keys(pending.farReaching()), keys(pending.forVolumes())]).toEqual([far, volumes]);
      expect(keys(pending.anywhere())).toEqual(['default/web']);
      pending.activate(taken, 0);
      expect([pending.farReaching(), pending.forVolumes(), pending.anywhere()]).toEqual([[], [], []]);
    },
  );

  it('SCH-15: that name the same node are found one as the other', () => {
    const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }];
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
    const pending = new PendingPods();
    for (const name of ['a', 'b']) pending.put(pod(name, { affinity: { nodeAffinity } }), 0);
    const [a, b] = [pending.take(0)!, pending.take(0)!];
    for (const taken of [a, b]) pending.park(taken, 0, NOBODY);
    expect(pending.naming('n1')).toEqual([a, b]);
    pending.activate(a, 0);
    expect(pending.naming('n1')).toEqual([b]);
    // It failed a moment ago, and yet is tried when there is no other.
    expect(pending.hasReady(0)).toBe(true);
  });

  it('SCH-15: that were away are tried when they come back', () => {
    const pending = queueOf('web');
    pending.remove('default/web');
    pending.put(pod('web'), 0);
    expect(takeAll(pending, 0)).toEqual(['web']);
  });

  it('SCH-15: that no node can help wait for none', () => {
    const pending = queueOf('web');
    pending.park(pending.take(0)!, 0, NOBODY, true);
    expect([pending.hasParked, pending.anywhere()]).toEqual([true, []]);
  });

  it('SCH-15: of a new version keep what they have been through, if they ask for as much and as many nodes', () => {
    const named = (priority: number, ...values: string[]) => {
      const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values }] }];
      const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
      return pod('web', { priority, affinity: { nodeAffinity } });
    };
    const attempts = (before: ReturnType<typeof pod>, after: ReturnType<typeof pod>) => {
      const pending = new PendingPods();
      pending.put(before, 0);
      pending.holdBack(pending.take(0)!, 0);
      pending.put(after, 0);
      const found: number[] = [];
      for (let next = pending.take(5000); next; next = pending.take(5000)) found.push(next.attempts);
      return found;
    };
    expect(attempts(pod('web'), pod('web', {}, { new: 'label' }))).toEqual([1]);
    expect(attempts(pod('web'), pod('web', { priority: 0 }))).toEqual([1]);
    expect(attempts(named(5, 'n1'), named(5, 'n1'))).toEqual([1]);
    expect(attempts(named(5, 'n1'), named(6, 'n1'))).toEqual([0]);
    expect(attempts(named(5, 'n1'), named(5, 'n2'))).toEqual([0]);
    expect(attempts(named(5, 'n1'), pod('web', { priority: 5 }))).toEqual([0]);
  });

  it('SCH-15: are not tried twice at once, nor when they are gone', () => {
    const pending = queueOf('a', 'b');
    const [a, b] = [pending.take(0)!, pending.take(0)!];
    for (const taken of [a, b]) pending.park(taken, 0, NOBODY);
    pending.activate(a, 9000);
    pending.activate(a, 9000);
    pending.remove('default/b');
    pending.activate(b, 9000);
    pending.reactivate('default/nobody', 9000);
    expect(pending.hasReady(9000)).toBe(true);
    expect(takeAll(pending, 9000)).toEqual(['a']);
    expect(pending.hasReady(9000)).toBe(false);
  });

  it('SCH-15: whose backoff has ended go by their priority again, others by its end', () => {
    const pending = new PendingPods();
    for (const [name, priority] of [
      ['low', 0],
      ['high', 9],
    ] as const)
      pending.put(pod(name, { priority }), 0);
    const [high, low] = [pending.take(0)!, pending.take(0)!];
    const again = (lowAt: number, highAt: number, now: number) => {
      for (const [taken, at] of [
        [low, lowAt],
        [high, highAt],
      ] as const) {
        taken.attempts = 0;
        pending.park(taken, at, NOBODY);
        pending.activate(taken, at);
      }
      return takeAll(pending, now);
    };
    expect(again(0, 100, 500)).toEqual(['low', 'high']);
    expect(again(0, 100, 5000)).toEqual(['high', 'low']);
    expect(again(0, 0, 500)).toEqual(['high', 'low']);
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
