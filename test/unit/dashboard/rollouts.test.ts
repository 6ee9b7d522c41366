import { describe, expect, it } from 'vitest';
import type { RolloutPod } from '../../../src/dashboard/graph/rollout.js';
import { STATE } from '../../../src/dashboard/model/cells.js';
import { Picture } from '../../../src/dashboard/model/picture.js';
import { type PodGroup, podsByOrdinal, podsBySet } from '../../../src/dashboard/rollouts/pods.js';
import { phaseOf, type RolloutPhase, workloadPhase } from '../../../src/dashboard/rollouts/status.js';
import {
  countTicks,
  layoutTicks,
  tickAt,
  tickOutdated,
  tickState,
  Waves,
} from '../../../src/dashboard/rollouts/waves.js';
import { daemonSet, message, owner, row } from './messages.js';

describe('the phase of a rollout', () => {
  const progress = { desired: 5, updated: 5, ready: 5, available: 5, unavailable: 0, done: false, message: '' };

  it.each<[RolloutPhase, object, object]>([
    ['unobserved', { status: { observedGeneration: null } }, {}],
    ['updating', {}, { updated: 2 }],
    ['waiting', {}, { available: 3 }],
    ['done', {}, { done: true }],
    ['manual', { updateStrategy: { type: 'OnDelete', maxUnavailable: null, maxSurge: null } }, {}],
  ])('of a DaemonSet: %s', (phase, facts, rollout) => {
    expect(phaseOf({ ...daemonSet('proxy'), ...facts, rollout: { ...progress, ...rollout } })).toBe(phase);
  });

  const late = { conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] };
  it.each<[RolloutPhase, object, object, object]>([
    ['unobserved', {}, { ...late, observedGeneration: 0 }, { updated: 0 }],
    ['updating', {}, {}, { updated: 2 }],
    ['waiting', {}, {}, { available: 3 }],
    ['waiting', { updateStrategy: { rollingUpdate: { partition: 3 } } }, {}, { updated: 2, available: 3 }],
    ['done', {}, {}, { done: true }],
    ['paused', { paused: true }, {}, { updated: 0 }],
    ['late', {}, late, { updated: 2 }],
    ['manual', { updateStrategy: { type: 'OnDelete' } }, {}, { updated: 2 }],
  ])('of a Deployment or StatefulSet: %s', (phase, spec, status, rollout) => {
    const json = { metadata: { generation: 1 }, spec, status: { observedGeneration: 1, ...status } };
    expect(workloadPhase({ ...named, json, rollout: { ...progress, ...rollout } })).toBe(phase);
  });
});

const named = { namespace: 'default', name: 'web', images: [], rollout: null };
const pod = (name: string, more: Partial<RolloutPod> = {}, labels: object = {}): RolloutPod => ({
  name,
  phase: 'RUNNING',
  ready: true,
  nodeName: 'n1',
  ...more,
  metadata: { deletionTimestamp: null, template: null, hash: null, ...labels },
});

describe('the pods of a rollout', () => {
  const inWords = (groups: readonly PodGroup[]) =>
    groups.map(({ pods }) => pods.map(({ short, state, outdated }) => `${short} ${state}${outdated ? ' old' : ''}`));

  it('of a Deployment are by ReplicaSet, the present one first, and without those that are over', () => {
    const set = (name: string, revision: string, replicas: number) => ({
      name,
      images: [],
      replicas,
      metadata: { template: name, revision },
    });
    const groups = podsBySet(
      [set('a', '9', 1), set('b', '10', 2), set('c', '8', 0), set('d', '7', 0)],
      [
        pod('web-a-1', {}, { template: 'a' }),
        pod('web-b-2', { phase: 'PENDING', ready: false }, { template: 'b' }),
        pod('web-b-3', { ready: false }, { template: 'b' }),
        pod('web-d-4', {}, { template: 'd', deletionTimestamp: '2026-01-01T00:00:00Z' }),
      ],
    );
    expect(groups.map(({ key }) => key)).toEqual(['b', 'a', 'd']);
    expect(inWords(groups)).toEqual([['2 pending', '3 unready'], ['1 ready old'], ['4 terminating old']]);
    expect(podsBySet([set('c', '8', 0)], [])).toHaveLength(1);
  });

  it('of a StatefulSet are by number, the last one first, those apart that the partition holds, and places that are empty', () => {
    const facts = (partition?: number) => ({
      ...named,
      json: {
        metadata: {},
        spec: {
          replicas: 4,
          ordinals: { start: 1 },
          updateStrategy: { rollingUpdate: partition ? { partition } : {} },
        },
        status: { updateRevision: 'new' },
      },
    });
    const pods = [
      pod('web-1', {}, { hash: 'old' }),
      pod('web-2', {}, { hash: 'new' }),
      pod('web-7', {}, { hash: 'old' }),
    ];
    expect(inWords(podsByOrdinal(facts(), pods))).toEqual([
      ['7 ready old', '4 missing', '3 missing', '2 ready', '1 ready old'],
    ]);
    expect(inWords(podsByOrdinal(facts(3), pods))).toEqual([
      ['7 ready old', '4 missing', '3 missing'],
      ['2 ready', '1 ready old'],
    ]);
    expect(inWords(podsByOrdinal(facts(99), []))).toEqual([['4 missing', '3 missing', '2 missing', '1 missing']]);
  });
});

describe('the wave of a rollout', () => {
  const owners = [owner('proxy'), owner('logs'), owner('web', 'Deployment')];
  function cluster(cells: readonly string[]) {
    const picture = new Picture();
    const rows = cells.map((text, i) => row(`n${i}`, text));
    picture.apply(message({ whole: true, owners, daemonSets: [daemonSet('proxy'), daemonSet('logs')], rows }));
    const waves = new Waves([...picture.rows.values()], picture);
    waves.update();
    const of = (name: string) => waves.of(picture.columns.find(column => column.name === name)!);
    const inWords = (name: string) =>
      [...of(name).ticks].map(tick => (tick === 0 ? '-' : `${tickState(tick)}${tickOutdated(tick) ? ' old' : ''}`));
    return { picture, waves, of, inWords };
  }
  const [ready, pending, missing, terminating] = [STATE.ready, STATE.pending, STATE.missing, STATE.terminating];

  it('has a tick for each node, in their order; of two pods the new one, else the worse', () => {
    const { inWords } = cluster(['0R2R', "0R'", "0R'0P", '1R', "0T'0M", '']);
    expect(inWords('proxy')).toEqual([`${ready}`, `${ready} old`, `${pending}`, '-', `${missing}`, '-']);
    expect(inWords('logs')).toEqual(['-', '-', '-', `${ready}`, '-', '-']);
    expect(cluster(["0T'0R'"]).inWords('proxy')).toEqual([`${terminating} old`]);
  });

  it('moves with the picture, and tells of which DaemonSet something is another', () => {
    const { picture, waves, of, inWords } = cluster(["0R'1R", "0R'1R"]);
    const [before, others] = [of('proxy'), of('logs')];
    picture.apply(message({ owners, rows: [row('n1', '0R1R')] }));
    waves.update();
    expect(inWords('proxy')).toEqual([`${ready} old`, `${ready}`]);
    expect(of('proxy')).not.toBe(before);
    expect(of('logs')).toBe(others);
    expect([...countTicks(of('proxy').ticks)].filter(Boolean)).toEqual([1, 1]);
  });

  it.each([0, 1, 6, 500, 5000])('lays out %i ticks within the width, larger where they are few', count => {
    const layout = layoutTicks(count, 1000);
    expect(layout.across * layout.step).toBeLessThanOrEqual(1000 + layout.step);
    expect(layout.height).toBeLessThan(100);
    expect(layout.size).toBeGreaterThanOrEqual(layoutTicks(count * 4, 1000).size);
    const last = count - 1;
    const x = (last % layout.across) * layout.step + 1;
    const y = Math.floor(last / layout.across) * layout.step + 1;
    expect(tickAt(layout, count, x, y)).toBe(count > 0 ? last : undefined);
    expect(tickAt(layout, count, x + layout.step, y)).toBeUndefined();
    expect(tickAt(layout, count, -1, y)).toBeUndefined();
  });
});
