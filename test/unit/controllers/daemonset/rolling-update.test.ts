import { describe, expect, it } from 'vitest';
import type { DaemonPod } from '../../../../src/controllers/daemonset/daemon-pod.js';
import type { NodeVerdict } from '../../../../src/controllers/daemonset/manage.js';
import { allowsSurge, budgetOf, decideRollingUpdate } from '../../../../src/controllers/daemonset/rolling-update.js';
import type { RollingUpdateDaemonSet } from '../../../../src/resources/types.js';
import { byNode, HASH, NOW, OLD, pod, verdict, verdicts } from './builders.js';

const old = (node: string, changes: Partial<DaemonPod> = {}) => pod(node, { hash: OLD, ...changes });
const unready = { ready: false } as const;

function rollOut(
  nodes: NodeVerdict[],
  existing: DaemonPod[],
  rollingUpdate: RollingUpdateDaemonSet,
  minReadySeconds = 0,
) {
  const template = { hash: HASH };
  return decideRollingUpdate({
    nodes,
    podsByNode: byNode(existing),
    template,
    rollingUpdate,
    minReadySeconds,
    now: NOW,
  });
}

const deletes = (...args: Parameters<typeof rollOut>) => rollOut(...args).delete.map(p => p.node);

describe('budgetOf', () => {
  it.each([
    { rule: 'UPD-02', name: 'no nodes', nodes: 0, rolling: { maxUnavailable: 0 }, unavailable: 0, surge: 0 },
    { rule: 'UPD-02', name: '1 of 2', nodes: 2, rolling: { maxUnavailable: 1 }, unavailable: 1, surge: 0 },
    {
      rule: 'UPD-03, T24',
      name: 'both 0',
      nodes: 2,
      rolling: { maxUnavailable: 0, maxSurge: 0 },
      unavailable: 1,
      surge: 0,
    },
    {
      rule: 'UPD-03, T24',
      name: 'both 0%',
      nodes: 2,
      rolling: { maxUnavailable: '0%', maxSurge: '0%' },
      unavailable: 1,
      surge: 0,
    },
    { rule: 'UPD-03', name: 'neither set', nodes: 1, rolling: {}, unavailable: 1, surge: 0 },
    {
      rule: 'UPD-03',
      name: 'surge 0, none unavailable',
      nodes: 2,
      rolling: { maxSurge: 0 },
      unavailable: 1,
      surge: 0,
    },
    { rule: 'UPD-02', name: '50% of 2', nodes: 2, rolling: { maxUnavailable: '50%' }, unavailable: 1, surge: 0 },
    {
      rule: 'UPD-02',
      name: 'surge 50% of 2',
      nodes: 2,
      rolling: { maxUnavailable: 0, maxSurge: '50%' },
      unavailable: 0,
      surge: 1,
    },
    {
      rule: 'UPD-02',
      name: 'surge 100% of 2',
      nodes: 2,
      rolling: { maxUnavailable: 0, maxSurge: '100%' },
      unavailable: 0,
      surge: 2,
    },
    { rule: 'UPD-02, T23', name: '50% of 3', nodes: 3, rolling: { maxUnavailable: '50%' }, unavailable: 2, surge: 0 },
    { rule: 'UPD-02, T23', name: '10% of 3', nodes: 3, rolling: { maxUnavailable: '10%' }, unavailable: 1, surge: 0 },
    { rule: 'UPD-02, T23', name: '25% of 10', nodes: 10, rolling: { maxUnavailable: '25%' }, unavailable: 3, surge: 0 },
    { rule: 'UPD-02', name: '100% of 5', nodes: 5, rolling: { maxUnavailable: '100%' }, unavailable: 5, surge: 0 },
    {
      rule: 'UPD-02, T23',
      name: 'surge 25% of 10',
      nodes: 10,
      rolling: { maxUnavailable: 0, maxSurge: '25%' },
      unavailable: 0,
      surge: 3,
    },
  ])('$rule: TestGetUnavailableNumbers: $name', ({ nodes, rolling, unavailable, surge }) => {
    expect(budgetOf({ nodes: verdicts(nodes), rollingUpdate: rolling })).toEqual({
      desired: nodes,
      maxUnavailable: unavailable,
      maxSurge: surge,
    });
  });

  it('UPD-02, T23: percentages are of the nodes that should run a pod', () => {
    const nodes = [...verdicts(4), ...verdicts(96, 'FF', 4), verdict('tainted', 'FT')];
    expect(budgetOf({ nodes, rollingUpdate: { maxUnavailable: '50%', maxSurge: '25%' } })).toEqual({
      desired: 4,
      maxUnavailable: 2,
      maxSurge: 1,
    });
  });

  it('DUP-06: any share of one node is a surge; OnDelete never surges', () => {
    expect(allowsSurge({ type: 'RollingUpdate', rollingUpdate: { maxSurge: '1%' } })).toBe(true);
    expect(allowsSurge({ type: 'RollingUpdate', rollingUpdate: { maxSurge: '0%' } })).toBe(false);
    expect(allowsSurge({ type: 'RollingUpdate' })).toBe(false);
    expect(allowsSurge({ type: 'OnDelete', rollingUpdate: { maxSurge: 1 } })).toBe(false);
  });
});

describe('decideRollingUpdate without surge', () => {
  const five = verdicts(5);

  it('UPD-06: takes as many healthy old pods as may be unavailable, in the order of the nodes', () => {
    expect(
      deletes(
        five,
        five.map(n => old(n.name)),
        { maxUnavailable: 2 },
      ),
    ).toEqual(['node-0', 'node-1']);
  });

  it('UPD-04, TestGetUnavailableNumbers: 50% of three nodes, of which one is empty and one terminates: nothing is left', () => {
    const three = verdicts(3);
    const existing = [old('node-0'), old('node-1', { terminating: true })];
    expect(deletes(three, existing, { maxUnavailable: '50%' })).toEqual([]);
    expect(deletes(three, existing, { maxUnavailable: '100%' })).toEqual(['node-0']);
  });

  it('UPD-07: it makes no pods: a node waits empty, and counts as unavailable, until decideManage has made one', () => {
    const existing = [old('node-1'), old('node-2'), old('node-3'), old('node-4')];
    expect(rollOut(five, existing, { maxUnavailable: 1 })).toEqual({ create: [], delete: [] });
    expect(rollOut(five, [...existing, pod('node-0', unready)], { maxUnavailable: 1 })).toEqual({
      create: [],
      delete: [],
    });
    expect(rollOut(five, [...existing, pod('node-0')], { maxUnavailable: 1 })).toMatchObject({
      create: [],
      delete: [{ node: 'node-1' }],
    });
  });

  it('UPD-05, UPD-08, T26: an empty node, a terminating pod and a new pod that is not available eat the budget', () => {
    const rest = [old('node-3'), old('node-4')];
    const spent = [old('node-1', { terminating: true }), pod('node-2', unready)];
    expect(deletes(five, [...spent, ...rest], { maxUnavailable: 3 })).toEqual([]);
    expect(deletes(five, [...spent, ...rest], { maxUnavailable: 4 })).toEqual(['node-3']);
  });

  it('UPD-05: several pods of one kind, or one of each, are for the next sync to put in order', () => {
    const existing = [
      old('node-0'),
      old('node-0'),
      pod('node-1'),
      pod('node-1'),
      old('node-2'),
      pod('node-2'),
      old('node-3'),
      pod('node-4'),
    ];
    expect(deletes(five, existing, { maxUnavailable: 3 })).toEqual([]);
    expect(deletes(five, existing, { maxUnavailable: 4 })).toEqual(['node-3']);
  });

  it('UPD-11: a budget larger than needed takes all there is, and no more', () => {
    const existing = five.map(n => old(n.name));
    expect(deletes(five, existing, { maxUnavailable: 5 })).toHaveLength(5);
    expect(deletes(five, existing, { maxUnavailable: 500 })).toHaveLength(5);
  });

  it('UPD-12, T25: TestDaemonSetUpdatesAllOldPodsNotReady: of no use anyway, so all go, whatever the budget', () => {
    expect(
      deletes(
        five,
        five.map(n => old(n.name, unready)),
        { maxUnavailable: 3 },
      ),
    ).toHaveLength(5);
  });

  it('UPD-05, T25: useless ones count, so that the healthy stay', () => {
    const existing = [old('node-0', unready), old('node-1', unready), old('node-2'), old('node-3'), old('node-4')];
    expect(deletes(five, existing, { maxUnavailable: 2 })).toEqual(['node-0', 'node-1']);
    expect(deletes(five, existing, { maxUnavailable: 3 })).toEqual(['node-0', 'node-1', 'node-2']);
  });

  it('UPD-05, T25: TestDaemonSetUpdatesAllOldNotReadyPodsAndNewNotReadyPods', () => {
    const nodes = verdicts(100);
    const existing = nodes.map(({ name }, i) =>
      i < 88 ? pod(name, unready) : i < 90 ? old(name, unready) : old(name),
    );
    expect(deletes(nodes, existing, { maxUnavailable: 10 })).toEqual(['node-88', 'node-89']);
    const after = existing.map((p, i) => (i === 88 || i === 89 ? pod(p.node!, unready) : p));
    expect(deletes(nodes, after, { maxUnavailable: 10 })).toEqual([]);
  });

  it('UPD-10: new pods stay, whatever the budget', () => {
    expect(
      deletes(
        five,
        five.map(n => pod(n.name)),
        { maxUnavailable: 5 },
      ),
    ).toEqual([]);
  });

  it('UPD-01: the hash alone makes a pod up to date, as recorded, and not the template generation', () => {
    const labels = { 'pod-template-generation': '7' };
    const input = {
      nodes: verdicts(1),
      podsByNode: byNode([pod('node-0', { labels })]),
      rollingUpdate: { maxUnavailable: 1 },
      minReadySeconds: 0,
      now: NOW,
    };
    expect(decideRollingUpdate({ ...input, template: { hash: HASH } }).delete).toHaveLength(1);
  });

  it('UPD-04: pods on nodes that no longer suit, or are gone, count as well', () => {
    const nodes = [verdict('node-0'), verdict('node-1', 'FT')];
    const existing = [old('node-0'), pod('node-1', unready), pod('node-gone', unready)];
    expect(deletes(nodes, existing, { maxUnavailable: 2 })).toEqual([]);
    expect(deletes(nodes, existing, { maxUnavailable: 3 })).toEqual(['node-0']);
    // A node that wants no pod and has none is nobody's; nodes that are gone come last, and in their order.
    const idle = [verdict('node-0'), verdict('node-1', 'FF')];
    expect(deletes(idle, [old('node-0')], { maxUnavailable: 1 })).toEqual(['node-0']);
    const gone = [old('gone-b'), old('gone-a')];
    expect(deletes(idle.slice(1), gone, { maxUnavailable: 1 })).toEqual(['gone-a']);
    expect(deletes(verdicts(2, 'FF'), gone, { maxUnavailable: 2 })).toEqual(['gone-a', 'gone-b']);
  });

  it('UPD-09: a pod, new or old, is available once it was ready for minReadySeconds', () => {
    const nodes = verdicts(2);
    const existing = [pod('node-0', { readySince: NOW - 9_000 }), old('node-1')];
    expect(deletes(nodes, existing, { maxUnavailable: 1 }, 10)).toEqual([]);
    expect(deletes(nodes, existing, { maxUnavailable: 1 }, 8)).toEqual(['node-1']);
    const both = [old('node-0', { readySince: NOW - 9_000 }), old('node-1')];
    expect(deletes(nodes, both, { maxUnavailable: 1 }, 10)).toEqual(['node-0']);
    expect(deletes(nodes, both, { maxUnavailable: 2 }, 10)).toEqual(['node-0', 'node-1']);
  });
});

describe('decideRollingUpdate with surge', () => {
  const five = verdicts(5);
  const surge = (maxSurge: number | string) => ({ maxUnavailable: 0, maxSurge });

  it('SUR-05, SUR-07: makes new pods beside as many old ones, and deletes none', () => {
    expect(
      rollOut(
        five,
        five.map(n => old(n.name)),
        surge(2),
      ),
    ).toEqual({ create: ['node-0', 'node-1'], delete: [] });
  });

  it('SUR-06: waits for the new pod, then deletes the old one; both hold the budget meanwhile', () => {
    const rest = ['node-2', 'node-3', 'node-4'].map(n => old(n));
    const waiting = [old('node-0'), pod('node-0', unready), old('node-1'), pod('node-1', unready), ...rest];
    expect(rollOut(five, waiting, surge(2))).toEqual({ create: [], delete: [] });
    const [first, second] = [old('node-0'), old('node-1')];
    const there = [first, pod('node-0'), second, pod('node-1'), ...rest];
    expect(rollOut(five, there, surge(2))).toEqual({ create: ['node-2', 'node-3'], delete: [first, second] });
  });

  it('SUR-05, SUR-07: a budget that is spent, or overspent, leaves old pods waiting', () => {
    const waiting = [old('node-0'), pod('node-0', unready), old('node-1'), pod('node-1', unready), old('node-2')];
    expect(rollOut(five, waiting, surge(1))).toEqual({ create: [], delete: [] });
    expect(rollOut(five, waiting, surge(3)).create).toEqual(['node-2']);
  });

  it('SUR-02: a node serves by its old pod if it has one, else by its new one, and also where none should be', () => {
    const nodes = [verdict('node-0'), verdict('node-1'), verdict('node-2', 'FT')];
    const sunset = old('node-2');
    const beside = old('node-1', unready);
    const first = [old('node-0'), pod('node-0', unready), sunset];
    // Two should serve. node-0 does, node-2 does, and node-1 only by its new pod, which counts once the old one is gone.
    expect(rollOut(nodes, [...first, beside, pod('node-1')], surge(1)).delete).toEqual([beside]);
    expect(rollOut(nodes, [...first, pod('node-1')], surge(1)).delete).toEqual([sunset]);
  });

  it('SUR-04, T28: useless old pods get company beyond the budget', () => {
    expect(
      rollOut(
        five,
        five.map(n => old(n.name, unready)),
        surge(3),
      ).create,
    ).toHaveLength(5);
    const useful = ['node-2', 'node-3', 'node-4'].map(n => old(n));
    const existing = [old('node-0', unready), old('node-1', unready), ...useful];
    expect(rollOut(five, existing, surge(1)).create).toEqual(['node-0', 'node-1', 'node-2']);
  });

  it('SUR-03: new pods alone, and empty nodes, are left to manage', () => {
    expect(rollOut(five, [pod('node-0'), pod('node-1', unready)], surge(1))).toEqual({ create: [], delete: [] });
  });

  it('SUR-04: an unavailable old pod where none should be is deleted', () => {
    const stray = old('node-1', unready);
    expect(rollOut([verdict('node-0'), verdict('node-1', 'FT')], [pod('node-0'), stray], surge(1)).delete).toEqual([
      stray,
    ]);
  });

  it('SUR-05, SUR-08: an available one there stays until enough others serve', () => {
    const nodes = [verdict('node-0'), verdict('node-1', 'FT')];
    const sunset = old('node-1');
    expect(rollOut(nodes, [pod('node-0', unready), sunset], surge(1)).delete).toEqual([]);
    expect(rollOut(nodes, [pod('node-0'), sunset], surge(1)).delete).toEqual([sunset]);
  });

  it('SUR-08: of several such as many go as there are more than should serve', () => {
    const nodes = [...verdicts(2), ...verdicts(3, 'FT', 2)];
    const sunset = [old('node-2'), old('node-3'), old('node-4')];
    const deleted = (...present: DaemonPod[]) => rollOut(nodes, [...present, ...sunset], surge(1)).delete;
    expect(deleted(pod('node-0', unready), pod('node-1', unready))).toEqual([sunset[0]]);
    expect(deleted(pod('node-0'), pod('node-1', unready))).toEqual([sunset[0], sunset[1]]);
    expect(deleted(pod('node-0'), pod('node-1'))).toEqual(sunset);
  });

  it('SUR-01: a node with several pods of one kind holds a place of the budget', () => {
    const existing = [old('node-0'), old('node-0'), old('node-1')];
    expect(rollOut(five, existing, surge(1)).create).toEqual([]);
    expect(rollOut(five, existing, surge(2)).create).toEqual(['node-1']);
  });

  it('SUR-09, T58: an old pod on a node that is gone stops the rollout with an error, available or not', () => {
    const error = 'couldn\'t get node for nodeName "node-gone": node "node-gone" not found';
    expect(() => rollOut(five, [old('node-gone')], surge(1))).toThrow(error);
    expect(() => rollOut(five, [old('node-gone', unready)], surge(1))).toThrow(error);
    expect(rollOut(five, [pod('node-gone')], surge(1))).toEqual({ create: [], delete: [] });
    expect(rollOut(five, [old('node-gone')], { maxUnavailable: 1 }).create).toEqual([]);
  });

  it('SUR-11: minReadySeconds counts before the old pod goes', () => {
    const first = old('node-0');
    const existing = [first, pod('node-0', { readySince: NOW - 10_000 })];
    expect(rollOut(verdicts(1), existing, surge(1), 15).delete).toEqual([]);
    expect(rollOut(verdicts(1), existing, surge(1), 10).delete).toEqual([first]);
  });
});
