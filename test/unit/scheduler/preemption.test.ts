import { describe, expect, it } from 'vitest';
import {
  bestCandidate,
  type Candidate,
  isBeingMadeRoomFor,
  victimsOn,
} from '../../../src/controllers/scheduler/preemption.js';
import { PodFit } from '../../../src/placement/fit.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import type { Pod } from '../../../src/resources/types.js';
import { away, term, threeNodes } from '../placement/clusters.js';
import { node, pod } from '../placement/objects.js';

const LOWEST = -(2 ** 31);

/** A pod that has run since so many minutes past twelve; one that has not begun, if it does not say. */
function running(name: string, priority: number, minute?: number, labels?: Record<string, string>): Pod {
  const startTime = minute === undefined ? undefined : `2025-01-01T12:${String(minute).padStart(2, '0')}:00Z`;
  return { ...pod(name, { priority }, labels), status: startTime ? { startTime } : {} };
}

describe('SCH-16: the node where preemption hurts least', () => {
  const candidate = (
    node: string,
    violations: number,
    ...victims: [priority: number, minute?: number][]
  ): Candidate => ({
    node,
    violations,
    victims: victims.map(([priority, minute], i) => running(`${node}-${i}`, priority, minute)),
  });
  it.each<[string, () => [worse: Candidate, better: Candidate]]>([
    ['violates the fewest budgets', () => [candidate('a', 1, [0]), candidate('b', 0, [10], [10])]],
    ['has the least important of most important victims', () => [candidate('a', 0, [10]), candidate('b', 0, [9], [9])]],
    ['has victims that weigh less together', () => [candidate('a', 0, [10], [5]), candidate('b', 0, [10], [3])]],
    ['has fewer of them, also of negative priority', () => [candidate('a', 0, [10], [-5]), candidate('b', 0, [10])]],
    [
      'has fewer of them, though the others weigh nothing',
      () => [candidate('a', 0, [10], [LOWEST]), candidate('b', 0, [10])],
    ],
    [
      'has a most important one that began later',
      () => [candidate('a', 0, [10, 1], [5, 9]), candidate('b', 0, [10, 2], [5, 0])],
    ],
    ['has a most important one that did not begin', () => [candidate('a', 0, [10, 59]), candidate('b', 0, [10])]],
  ])('%s', (_what, made) => {
    const [worse, better] = made();
    expect(bestCandidate([worse, better])).toBe(better);
    expect(bestCandidate([better, worse])).toBe(better);
  });

  it('is the first of those that are equal', () => {
    const candidates = ['a', 'b'].map(name => candidate(name, 0, [10, 1]));
    expect(bestCandidate(candidates)).toBe(candidates[0]);
    expect(bestCandidate([])).toBeUndefined();
  });
});

describe('SCH-16: the victims on a node', () => {
  /** Whom a pod of priority 100 drives from a node that takes `room` pods beside it. */
  function victims(room: number, ...pods: Pod[]): string[] | readonly string[] {
    const vip = pod('vip', { priority: 100 });
    const fit = new PodFit(vip);
    const info = new NodeInfo(node({ allocatable: { cpu: '4', pods: String(room + 1) } }), pods);
    const outcome = victimsOn(vip, info, fit, [], trial => fit.obstacle(trial));
    expect(info.pods.size).toBe(pods.length);
    return 'victims' in outcome ? outcome.victims.map(({ metadata }) => metadata.name) : outcome.reasons;
  }

  it('are those of lower priority, and of equal priority those that began last or not at all', () => {
    const made = () => [running('young', 5, 9), running('waiting', 5), running('low', 1, 0), running('old', 5, 1)];
    expect(victims(4, ...made())).toEqual([]);
    expect(victims(3, ...made())).toEqual(['low']);
    expect(victims(2, ...made())).toEqual(['waiting', 'low']);
    expect(victims(1, ...made())).toEqual(['young', 'waiting', 'low']);
    expect(victims(0, ...made())).toEqual(['old', 'young', 'waiting', 'low']);
  });

  it('come the most important first, whether a budget guards them or not', () => {
    const vip = pod('vip', { priority: 100 });
    const fit = new PodFit(vip);
    const pods = [running('guarded', 1, 1, { app: 'db' }), running('free', 5, 1)];
    const info = new NodeInfo(node({ allocatable: { cpu: '4', pods: '1' } }), pods);
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { ...vip.metadata, name: 'db' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'db' } } },
      status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
    };
    const outcome = victimsOn(vip, info, fit, [budget], trial => fit.obstacle(trial));
    expect(outcome).toEqual({ victims: [pods[1], pods[0]], violations: 1 });
  });

  it('SCH-06: are none where all matter as much, and where it would not do', () => {
    const none = ['No preemption victims found for incoming pod'];
    expect(victims(0, running('equal', 100, 1))).toEqual(none);
    expect(victims(0, running('equal', 100, 1), running('low', 1))).toEqual(['Too many pods']);
  });

  it('SCH-04: are those that it would be apart from, on their node alone, and the cluster looks as it did', () => {
    const vip = pod('vip', { priority: 100, ...away(term('db', 'host')) });
    const view = threeNodes({
      a1: [running('db', 1, 1, { app: 'db' }), running('web', 1, 1)],
      a2: [running('db2', 1, 1, { app: 'db' })],
    });
    const fit = new PodFit(vip, view);
    const obstacle = (trial: NodeInfo) => fit.obstacle(trial);
    for (const [name, expected] of [
      ['a1', ['db']],
      ['a2', ['db2']],
      ['a1', ['db']],
    ] as const) {
      const outcome = victimsOn(vip, view.info(name), fit, [], obstacle);
      expect('victims' in outcome && outcome.victims.map(({ metadata }) => metadata.name)).toEqual(expected);
    }
    expect(['a1', 'a2', 'b1'].map(name => obstacle(view.info(name)) === undefined)).toEqual([false, false, true]);
  });
});

describe('SCH-16: room is being made', () => {
  const yielding = (
    priority: number | undefined,
    { going = true, status = 'True', reason = 'PreemptionByScheduler' } = {},
  ) => {
    const { metadata, ...rest } = pod('other', priority === undefined ? {} : { priority });
    return {
      ...rest,
      metadata: { ...metadata, ...(going ? { deletionTimestamp: '2025-01-01T12:00:00Z' } : {}) },
      status: { conditions: [{ type: 'DisruptionTarget', status, reason }] },
    } as Pod;
  };
  it.each<[string, boolean, () => Pod]>([
    ['by one that matters less', true, () => yielding(9)],
    ['by one without a priority', true, () => yielding(undefined)],
    ['by none that matters as much', false, () => yielding(10)],
    ['by none that stays', false, () => yielding(9, { going: false })],
    ['by none that goes of itself', false, () => yielding(9, { reason: 'DeletionByTaintManager' })],
    ['by none that was to yield and is not any more', false, () => yielding(9, { status: 'False' })],
    ['by none that has nothing to do with it', false, () => running('other', 1, 1)],
  ])('%s', (_what, expected, made) => {
    expect(isBeingMadeRoomFor(pod('vip', { priority: 10 }), new NodeInfo(node(), [made()]))).toBe(expected);
  });
});
