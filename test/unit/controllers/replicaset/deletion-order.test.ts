import { describe, expect, it } from 'vitest';
import { podsToDelete } from '../../../../src/controllers/replicaset/deletion-order.js';
import type { ReplicaPod } from '../../../../src/controllers/replicaset/replica-pod.js';

const NOW = Date.parse('2025-06-01T12:00:00Z');
const MINUTE = 60_000;

/** A pod that runs and is ready, on a node of its own. */
const pod = (name: string, facts: Partial<ReplicaPod> = {}): ReplicaPod => ({
  namespace: 'default',
  name,
  uid: name,
  labels: {},
  node: `node-of-${name}`,
  phase: 'Running',
  createdAt: NOW - 8 * MINUTE,
  active: true,
  ignored: false,
  terminating: false,
  leaving: false,
  turnedAway: false,
  ready: true,
  readySince: NOW - 8 * MINUTE,
  deletionCost: 0,
  restarts: 0,
  sidecarRestarts: 0,
  ...facts,
});

/** The order in which pods go, whatever order they come in. */
function order(pods: readonly ReplicaPod[], related = pods): string[] {
  const names = (of: readonly ReplicaPod[]) => of.map(({ name }) => name);
  const forth = names([...podsToDelete([...pods, pod('last', { deletionCost: 99 })], related, pods.length, NOW)]);
  const back = podsToDelete([pod('last', { deletionCost: 99 }), ...pods.toReversed()], related, pods.length, NOW);
  expect(names(back)).toEqual(forth);
  return forth;
}

describe('TestSortingActivePodsWithRanks, TestGetPodsToDelete', () => {
  it.each<[why: string, first: Partial<ReplicaPod>, second: Partial<ReplicaPod>]>([
    ['unassigned before assigned', { node: '' }, { phase: 'Pending', ready: false }],
    ['pending before unknown', { phase: 'Pending' }, { phase: 'Unknown', ready: false }],
    ['one without a phase is pending', { phase: undefined }, { phase: 'Running', ready: false }],
    ['unknown before running', { phase: 'Unknown' }, { phase: 'Running', ready: false }],
    ['not ready before ready', { ready: false, readySince: undefined }, { deletionCost: -10 }],
    ['cheap before dear', { deletionCost: -1 }, { readySince: NOW - MINUTE }],
    ['ready since who knows when before others', { readySince: undefined }, { readySince: NOW - 1 }],
    ['ready for a shorter time', { readySince: NOW - MINUTE }, { restarts: 9 }],
    ['restarted more often', { restarts: 2 }, { sidecarRestarts: 9 }],
    ['sidecars restarted more often', { sidecarRestarts: 2 }, { createdAt: NOW - MINUTE }],
    ['newer', { createdAt: NOW - MINUTE }, {}],
  ])('%s', (_, first, second) => {
    expect(order([pod('second', second), pod('first', first)])).toEqual(['first', 'second']);
  });

  it('those on nodes with many of their kind, siblings included, before those ready for a shorter time', () => {
    const crowded = pod('crowded', { node: 'a' });
    const alone = pod('alone', { node: 'b', readySince: NOW - MINUTE });
    const sibling = pod('sibling', { node: 'a' });
    expect(order([alone, crowded], [alone, crowded, sibling])).toEqual(['crowded', 'alone']);
    const ended = pod('ended', { node: 'a', active: false });
    expect(order([alone, crowded], [alone, crowded, ended])).toEqual(['alone', 'crowded']);
  });

  it('of those that are about as old, in powers of two, chance decides', () => {
    const ages = { b: 10 * MINUTE, a: 11 * MINUTE, c: 1000 * MINUTE, z: MINUTE / 2 };
    const pods = Object.entries(ages).map(([name, age]) => pod(name, { createdAt: NOW - age }));
    expect(order(pods)).toEqual(['z', 'a', 'b', 'c']);
  });

  it('all go where all are too many', () => {
    const pods = [pod('a'), pod('b')];
    expect(podsToDelete(pods, [], 2, NOW)).toBe(pods);
  });
});
