import { describe, expect, it } from 'vitest';
import { STATE } from '../../../src/dashboard/model/cells.js';
import { Picture } from '../../../src/dashboard/model/picture.js';
import { kubectlSays, phaseOf } from '../../../src/dashboard/rollouts/status.js';
import {
  countTicks,
  layoutTicks,
  tickAt,
  tickOutdated,
  tickState,
  Waves,
} from '../../../src/dashboard/rollouts/waves.js';
import { daemonSet, message, owner, row } from './messages.js';

describe('what kubectl rollout status says', () => {
  const facts = (status: object, more: object = {}) => {
    const plain = daemonSet('proxy');
    return { ...plain, ...more, status: { ...plain.status, desiredNumberScheduled: 5, ...status } };
  };

  it.each([
    [
      'unobserved',
      facts({ observedGeneration: null, updatedNumberScheduled: 5, numberAvailable: 5 }),
      'Waiting for daemon set spec update to be observed...',
    ],
    [
      'updating',
      facts({ updatedNumberScheduled: 2, numberAvailable: 4 }),
      'Waiting for daemon set "proxy" rollout to finish: 2 out of 5 new pods have been updated...',
    ],
    [
      'waiting',
      facts({ updatedNumberScheduled: 5, numberAvailable: 3 }),
      'Waiting for daemon set "proxy" rollout to finish: 3 of 5 updated pods are available...',
    ],
    ['done', facts({ updatedNumberScheduled: 5, numberAvailable: 5 }), 'daemon set "proxy" successfully rolled out'],
    [
      'manual',
      facts({}, { updateStrategy: { type: 'OnDelete', maxUnavailable: null, maxSurge: null } }),
      'error: rollout status is only available for RollingUpdate strategy type',
    ],
  ])('%s', (phase, daemon, text) => {
    expect(phaseOf(daemon)).toBe(phase);
    expect(kubectlSays(daemon)).toBe(text);
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
