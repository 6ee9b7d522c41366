import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/clock/random.js';
import { Correlator, type Counted } from '../../../../src/controllers/events/correlator.js';
import { EventNames } from '../../../../src/controllers/events/names.js';
import { SERIES_END, SeriesKeeper } from '../../../../src/controllers/events/series.js';
import type { Sighting } from '../../../../src/controllers/events/sighting.js';

const NOW = Date.UTC(2025, 0, 1);
const MINUTE = 60_000;

function sighting(message: string, more: Partial<Sighting> = {}): Sighting {
  return {
    component: 'daemonset-controller',
    host: '',
    about: { kind: 'DaemonSet', apiVersion: 'apps/v1', namespace: 'default', name: 'agent', uid: 'u1' },
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message,
    ...more,
  };
}

const names = () => new EventNames(new Random(1));

describe('correlator', () => {
  it('counts the same event up, under the same name', () => {
    const correlator = new Correlator(names());
    const [first, second] = [NOW, NOW + 5000].map(now => correlator.observe(sighting('a'), now)!);
    expect(first).toMatchObject({ namespace: 'default', count: 1, firstSeen: NOW, lastSeen: NOW, message: 'a' });
    expect(second).toMatchObject({ name: first!.name, count: 2, firstSeen: NOW, lastSeen: NOW + 5000 });
    expect(first!.name).toBe(`agent.${(BigInt(NOW) * 1_000_000n).toString(16)}`);
  });

  it.each<[string, Partial<Sighting>]>([
    ['message', { message: 'b' }],
    ['reason', { reason: 'FailedCreate' }],
    ['type', { type: 'Warning' }],
    ['component', { component: 'kubelet' }],
    ['host', { host: 'n1' }],
    ['container', { about: { ...sighting('a').about, fieldPath: 'spec.containers{main}' } }],
    ['object', { about: { ...sighting('a').about, uid: 'u2' } }],
  ])('takes another %s for another event', (_, other) => {
    const correlator = new Correlator(names());
    const first = correlator.observe(sighting('a'), NOW)!;
    const second = correlator.observe(sighting('a', other), NOW)!;
    expect(second).toMatchObject({ count: 1 });
    expect(second.name).not.toBe(first.name);
  });

  it('combines from the tenth message of a kind on, until it was quiet for ten minutes', () => {
    const correlator = new Correlator(names());
    const seen = Array.from({ length: 12 }, (_, i) => correlator.observe(sighting(`m${i}`), NOW)!);
    expect(seen.slice(0, 9).map(e => e.message)).toEqual(Array.from({ length: 9 }, (_, i) => `m${i}`));
    expect(seen.slice(9).map(e => [e.message, e.count])).toEqual([
      ['(combined from similar events): m9', 1],
      ['(combined from similar events): m10', 2],
      ['(combined from similar events): m11', 3],
    ]);
    expect(new Set(seen.slice(9).map(e => e.name)).size).toBe(1);
    // One that was told of apart goes on by itself.
    expect(correlator.observe(sighting('m3'), NOW + 10 * MINUTE)).toMatchObject({ message: 'm3', count: 2 });
    expect(correlator.observe(sighting('new'), NOW + 20 * MINUTE)).toMatchObject({ count: 4 });
    expect(correlator.observe(sighting('newer'), NOW + 30 * MINUTE + 1)).toMatchObject({ message: 'newer', count: 1 });
  });

  it('hears a source 25 times about one object, then once in five minutes', () => {
    const correlator = new Correlator(names());
    const heard = (n: number, now: number, more?: Partial<Sighting>) =>
      Array.from({ length: n }, (_, i) => correlator.observe(sighting(`${now}-${i}`, more), now)).filter(
        Boolean,
      ) as Counted[];
    const first = heard(5000, NOW);
    expect(first).toHaveLength(25);
    expect(new Set(first.map(e => e.name)).size).toBe(10);
    expect(heard(3, NOW, { about: { ...sighting('').about, uid: 'u2' } })).toHaveLength(3);
    expect(heard(3, NOW, { component: 'kubelet' })).toHaveLength(3);
    expect(heard(10, NOW + 5 * MINUTE - 1)).toHaveLength(0);
    expect(heard(10, NOW + 5 * MINUTE)).toHaveLength(1);
    // What was not heard has been counted.
    const [later] = heard(1, NOW + 10 * MINUTE);
    expect(later!.count).toBe(5000 - 9 + 10 + 10 + 1);
  });

  it('names events about objects with names of other kinds, and never twice the same', () => {
    const maker = names();
    const made = ['a', 'a', 'system:node', 'x'.repeat(300)].map(subject => maker.next(subject, NOW));
    expect(new Set(made).size).toBe(4);
    for (const name of made) expect(name).toMatch(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
    expect(made[2]!.length).toBeLessThan(254);
  });
});

describe('series', () => {
  const failed = (message: string, resourceVersion = '7') =>
    sighting(message, {
      component: 'default-scheduler',
      reason: 'FailedScheduling',
      action: 'Scheduling',
      about: { kind: 'Pod', name: 'a', namespace: 'web', uid: 'u', resourceVersion },
    });

  it('begins with the second sighting, is written then and when it has ended', () => {
    const keeper = new SeriesKeeper(names());
    const first = keeper.observe(failed('0/1 nodes'), NOW)!;
    expect(first).toMatchObject({ namespace: 'web', eventTime: NOW });
    expect(first.series).toBeUndefined();
    const second = keeper.observe(failed('0/2 nodes'), NOW + MINUTE)!;
    expect(second).toMatchObject({
      name: first.name,
      sighting: first.sighting,
      series: { count: 2, lastSeen: NOW + MINUTE },
    });
    expect(keeper.observe(failed('0/2 nodes'), NOW + 2 * MINUTE)).toBeUndefined();
    expect(keeper.nextEnd).toBe(NOW + 2 * MINUTE + SERIES_END);
    expect(keeper.end(NOW + 2 * MINUTE + SERIES_END - 1)).toEqual([]);
    expect(keeper.end(NOW + 2 * MINUTE + SERIES_END)).toMatchObject([{ name: first.name, series: { count: 3 } }]);
    expect(keeper.nextEnd).toBeUndefined();
    expect(keeper.observe(failed('0/2 nodes'), NOW + 9 * MINUTE)!.name).not.toBe(first.name);
  });

  it('is of one version of the object; single events end unwritten', () => {
    const keeper = new SeriesKeeper(names());
    const [a, b] = ['1', '2'].map(version => keeper.observe(failed('m', version), NOW)!);
    expect(a!.name).not.toBe(b!.name);
    expect(keeper.end(NOW + SERIES_END)).toEqual([]);
    expect(keeper.nextEnd).toBeUndefined();
  });
});
