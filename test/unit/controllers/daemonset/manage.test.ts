import { describe, expect, it } from 'vitest';
import type { DaemonPod } from '../../../../src/controllers/daemonset/daemon-pod.js';
import { decideManage, type ManageInput, type NodeVerdict } from '../../../../src/controllers/daemonset/manage.js';
import { byNode, NOW, names, noBackoff, OLD, pod, pods, verdict, verdicts } from './builders.js';

function manage(nodes: NodeVerdict[], existing: DaemonPod[] = [], changes: Partial<ManageInput> = {}) {
  const input = {
    nodes,
    podsByNode: byNode(existing),
    hash: 'new',
    surge: false,
    minReadySeconds: 0,
    now: NOW,
    backoff: noBackoff,
  };
  return decideManage({ ...input, ...changes });
}

/** What upstream's tests count: creates and deletes of one sync. */
function counts(nodes: NodeVerdict[], existing: DaemonPod[] = [], changes: Partial<ManageInput> = {}) {
  const decision = manage(nodes, existing, changes);
  return [decision.create.length, decision.delete.length];
}

const selected = (plain: number, labelled: number) => [...verdicts(plain, 'FF'), ...verdicts(labelled, 'TT', plain)];

describe('decideManage: pods per node', () => {
  it('MAN-01: TestSimpleDaemonSetLaunchesPods: five nodes, five pods, each node once', () => {
    expect(manage(verdicts(5)).create).toEqual(['node-0', 'node-1', 'node-2', 'node-3', 'node-4']);
  });

  it('MAN-01: TestNoNodesDoesNothing, TestOneNodeDaemonLaunchesPod', () => {
    expect(counts([])).toEqual([0, 0]);
    expect(counts(verdicts(1))).toEqual([1, 0]);
  });

  it('MAN-04: TestBadSelectorDaemonDoesNothing: no node is wanted and none has a pod', () => {
    expect(counts(verdicts(4, 'FF'))).toEqual([0, 0]);
  });

  it('DUP-01: TestDealsWithExistingPods: 0, 1, 2 and 5 pods on four nodes, and an empty fifth', () => {
    const existing = [...pods(1, 'node-1'), ...pods(2, 'node-2'), ...pods(5, 'node-3')];
    expect(counts(verdicts(5), existing)).toEqual([2, 5]);
  });

  it('MAN-01: TestSelectorDaemonLaunchesPods', () => {
    expect(counts(selected(4, 3))).toEqual([3, 0]);
  });

  it('MAN-03: TestSelectorDaemonDeletesUnselectedPods', () => {
    const existing = [...pods(3, 'node-0'), ...pods(1, 'node-1')];
    expect(counts(selected(5, 5), existing)).toEqual([5, 4]);
  });

  it('MAN-03, DUP-01: TestSelectorDaemonDealsWithExistingPods', () => {
    const existing = [
      ...pods(1, 'node-0'),
      ...pods(3, 'node-1'),
      ...pods(2, 'node-2'),
      ...pods(4, 'node-4'),
      ...pods(1, 'node-6'),
      ...pods(11, 'node-7'),
      ...pods(1, 'node-9'),
    ];
    expect(counts(selected(5, 5), existing)).toEqual([2, 20]);
  });

  it('MAN-03: TestNoExecuteTaintedDoesEvicitRunningIntolerantPod; terminating pods are not deleted twice', () => {
    expect(counts([verdict('node-0', 'FF')], pods(1, 'node-0'))).toEqual([0, 1]);
    expect(counts([verdict('node-0', 'FF')], pods(1, 'node-0', { terminating: true }))).toEqual([0, 0]);
  });

  it('MAN-02: TestNoScheduleTaintedDoesntEvicitRunningIntolerantPod, TestTaintedNodeDaemonDoesNotLaunchIntolerantPod', () => {
    expect(counts([verdict('node-0', 'FT')], pods(1, 'node-0'))).toEqual([0, 0]);
    expect(counts([verdict('node-0', 'FT')])).toEqual([0, 0]);
  });

  it('MAN-05, T02: TestDaemonSetRespectsTermination: a pod on its way out keeps its node', () => {
    expect(counts(verdicts(1), pods(1, 'node-0', { terminating: true }))).toEqual([0, 0]);
  });

  it('MIS-01: TestDeleteUnscheduledPodForNotExistingNode: only the unbound one goes', () => {
    const unbound = pod('node-gone', { bound: false, phase: 'Pending', ready: false });
    const decision = manage(verdicts(1), [pod('node-0'), pod('node-gone'), unbound]);
    expect([decision.create.length, decision.delete]).toEqual([0, [unbound]]);
  });

  it('MIS-01: those that wait for a node that is there stay, and a node without pods does not hide one that is gone', () => {
    const [here, gone] = ['node-0', 'node-gone'].map(node =>
      pod(node, { bound: false, phase: 'Pending', ready: false }),
    );
    expect(manage([verdict('node-0'), verdict('node-1', 'FF')], [here!, gone!]).delete).toEqual([gone]);
  });
});

describe('decideManage: duplicates', () => {
  it('DUP-01, T07: keeps a bound pod rather than an older unbound one, then the oldest, then by name; readiness plays no part', () => {
    const unbound = pod('node-0', { bound: false, createdAt: '2020-01-01T00:00:00Z' });
    const young = pod('node-0', { name: 'a', createdAt: '2024-01-02T00:00:00Z' });
    const b = pod('node-0', { name: 'b', createdAt: '2024-01-01T00:00:00Z', ready: false });
    const c = pod('node-0', { name: 'c', createdAt: '2024-01-01T00:00:00Z' });
    expect(names(manage(verdicts(1), [unbound, young, c, b]).delete)).toEqual(['c', 'a', unbound.name]);
  });

  it('MAN-06, DUP-01: whatever runs, waits or is unknown counts, what has ended does not', () => {
    const running = (['Running', 'Pending', 'Unknown', undefined] as const).map(phase => pod('node-0', { phase }));
    const [failed, succeeded] = [pod('node-0', { phase: 'Failed' }), pod('node-0', { phase: 'Succeeded' })];
    expect(manage(verdicts(1), [failed, succeeded, ...running])).toMatchObject({
      create: [],
      delete: [failed, succeeded, ...running.slice(1)],
      failed: [failed],
      succeeded: [succeeded],
    });
  });

  it('DUP-01: a terminating pod is no duplicate', () => {
    expect(counts(verdicts(1), [pod('node-0', { terminating: true }), pod('node-0')])).toEqual([0, 0]);
  });
});

describe('decideManage: pods that ended', () => {
  it.each([
    { failed: 0, normal: 1, create: 0, remove: 0, events: 0 },
    { failed: 0, normal: 0, create: 1, remove: 0, events: 0 },
    { failed: 1, normal: 0, create: 0, remove: 1, events: 1 },
    { failed: 1, normal: 3, create: 0, remove: 3, events: 1 },
  ])(
    'FAIL-01: TestDaemonKillFailedPods: $failed failed, $normal normal',
    ({ failed, normal, create, remove, events }) => {
      const existing = [...pods(failed, 'node-0', { phase: 'Failed', ready: false }), ...pods(normal, 'node-0')];
      const decision = manage(verdicts(1), existing);
      expect([decision.create.length, decision.delete.length, decision.failed.length]).toEqual([
        create,
        remove,
        events,
      ]);
    },
  );

  it('FAIL-02: a failed pod in backoff is left lying, and the set comes back after the whole of it', () => {
    const backoff = { waiting: () => 4000, upcoming: () => 8000 };
    const decision = manage(verdicts(1), pods(1, 'node-0', { phase: 'Failed', ready: false }), { backoff });
    expect(decision).toMatchObject({ create: [], delete: [], failed: [], succeeded: [], requeueAfter: 4000 });
    expect(decision.lying).toHaveLength(1);
  });

  it('FAIL-01: of two failed pods on one node the second waits for the backoff that the first began', () => {
    const decision = manage(verdicts(1), pods(2, 'node-0', { phase: 'Failed', ready: false }));
    expect([decision.failed.length, decision.delete.length, decision.requeueAfter]).toEqual([1, 1, 1000]);
  });

  it('FAIL-02: of several backoffs the shortest counts', () => {
    const backoff = { waiting: (node: string) => (node === 'node-1' ? 2000 : 4000), upcoming: () => 8000 };
    const failed = verdicts(3).map(({ name }) => pod(name, { phase: 'Failed', ready: false }));
    expect(manage(verdicts(3), failed, { backoff }).requeueAfter).toBe(2000);
  });

  it('FAIL-05: on a node that only tolerates the pod it is deleted and not made again', () => {
    const failed = pods(1, 'node-0', { phase: 'Failed', ready: false });
    expect(counts([verdict('node-0', 'FT')], failed)).toEqual([0, 1]);
    expect(counts([verdict('node-0', 'FT')])).toEqual([0, 0]);
  });

  it('SUC-01: a pod that succeeded is deleted, whatever the backoff', () => {
    const backoff = { waiting: () => 4000, upcoming: () => 8000 };
    const decision = manage(verdicts(1), pods(1, 'node-0', { phase: 'Succeeded', ready: false }), { backoff });
    expect([decision.delete.length, decision.succeeded.length, decision.requeueAfter]).toEqual([1, 1, undefined]);
  });
});

describe('decideManage: surge', () => {
  const surge = { surge: true };
  const old = (node: string, changes: Partial<DaemonPod> = {}) => pod(node, { hash: OLD, ...changes });

  it('DUP-05: TestSurgeDealsWithExistingPods: same shape as without', () => {
    const existing = [...pods(1, 'node-1'), ...pods(2, 'node-2'), ...pods(5, 'node-3')];
    expect(counts(verdicts(5), existing, surge)).toEqual([2, 5]);
  });

  /** Upstream's scene: five nodes, of which one has a new pod that is not ready, an old one, and a younger old one. */
  function scene(newPod: DaemonPod, oldPod: DaemonPod) {
    const younger = old('node-1', { createdAt: '2024-12-31T12:00:00Z' });
    const existing = [newPod, oldPod, younger, pod('node-2'), ...pods(1, 'node-3', { terminating: true })];
    return { existing, younger };
  }

  it('DUP-05: TestSurgePreservesReadyOldPods', () => {
    const { existing, younger } = scene(pod('node-1', { ready: false }), old('node-1'));
    const decision = manage(verdicts(5), existing, surge);
    expect([decision.create, decision.delete]).toEqual([['node-0', 'node-3', 'node-4'], [younger]]);
  });

  it('DUP-05: TestSurgeDeletesUnreadyOldPods', () => {
    const unready = old('node-1', { ready: false });
    const { existing, younger } = scene(pod('node-1', { ready: false }), unready);
    const decision = manage(verdicts(5), existing, surge);
    expect([decision.create.length, decision.delete]).toEqual([3, [younger, unready]]);
  });

  it.each([
    ['TestSurgePreservesOldReadyWithUnsatisfiedMinReady', 10, true],
    ['TestSurgeDeletesOldReadyWithUnsatisfiedMinReady', 20, false],
  ])('DUP-05: %s: 15 s asked, %s s elapsed', (_test, elapsed, kept) => {
    const ready = old('node-1');
    const { existing, younger } = scene(pod('node-1', { readySince: NOW - elapsed * 1000 }), ready);
    const decision = manage(verdicts(5), existing, { ...surge, minReadySeconds: 15 });
    expect([decision.create.length, decision.delete]).toEqual([3, kept ? [younger] : [younger, ready]]);
  });

  it('DUP-03, T02: TestSurgeCreatesNewPodWhenAtMaxSurgeAndOldPodDeleted: only a terminating pod is left on the node', () => {
    const existing = [old('node-0'), pod('node-0', { ready: false }), old('node-1', { terminating: true })];
    expect(manage(verdicts(2), existing, surge)).toMatchObject({ create: ['node-1'], delete: [] });
  });

  it('DUP-04: one pod of its own is left alone, old or new, ready or not, bound or not', () => {
    const one = [old('node-0'), old('node-1', { ready: false }), pod('node-2', { bound: false }), pod('node-3')];
    expect(manage(verdicts(4), one, surge)).toMatchObject({ create: [], delete: [] });
  });

  it('DUP-05: both stay while the new one is not available and the old one is ready; the old one goes when either ends', () => {
    const [ready, unready, fresh] = [old('node-0'), old('node-0', { ready: false }), pod('node-0', { ready: false })];
    expect(manage(verdicts(1), [ready, fresh], surge).delete).toEqual([]);
    expect(manage(verdicts(1), [unready, fresh], surge).delete).toEqual([unready]);
    expect(manage(verdicts(1), [ready, pod('node-0')], surge).delete).toEqual([ready]);
  });

  it('DUP-05: of two of one sort the older stays, whatever it can do', () => {
    const younger = { createdAt: '2025-01-01T00:00:00Z' };
    const two = [old('node-0', younger), old('node-0', { ready: false }), pod('node-1', younger), pod('node-1')];
    expect(manage(verdicts(2), two, surge).delete).toEqual([two[0], two[2]]);
  });

  it('DUP-03, T30: a failed pod in backoff does not stop a new one', () => {
    const backoff = { waiting: () => 4000, upcoming: () => 8000 };
    const failed = pods(1, 'node-0', { phase: 'Failed', ready: false });
    expect(manage(verdicts(1), failed, { ...surge, backoff }).create).toEqual(['node-0']);
    expect(manage([verdict('node-0', 'FT')], failed, { ...surge, backoff }).create).toEqual([]);
  });

  it('T18: only the hash label tells old from new here, not the template generation', () => {
    const labelled = old('node-0', { labels: { 'pod-template-generation': '1' }, ready: false });
    expect(manage(verdicts(1), [labelled, pod('node-0', { ready: false })], surge).delete).toEqual([labelled]);
  });
});
