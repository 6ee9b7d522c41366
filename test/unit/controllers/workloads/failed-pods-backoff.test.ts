import { expect, it } from 'vitest';
import { VirtualClock } from '../../../../src/clock/virtual-clock.js';
import { FailedPodsBackoff } from '../../../../src/controllers/workloads/failed-pods-backoff.js';

const MINUTE = 60_000;

it('FAIL-01: one second first, doubled with every failure, up to 15 minutes', () => {
  const clock = new VirtualClock();
  const backoff = new FailedPodsBackoff(clock);
  const delays: (number | undefined)[] = [];
  for (let i = 0; i < 12; i++) {
    expect(backoff.waiting('k')).toBeUndefined();
    const upcoming = backoff.upcoming('k');
    backoff.begin('k');
    expect(backoff.waiting('k')).toBe(upcoming);
    delays.push(backoff.waiting('k'));
    clock.moveTo(clock.now() + upcoming);
  }
  expect(delays.map(d => d! / 1000)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
});

it('FAIL-02: waits the whole delay: over only at its end', () => {
  const clock = new VirtualClock();
  const backoff = new FailedPodsBackoff(clock);
  backoff.begin('k');
  clock.moveTo(clock.now() + 999);
  expect(backoff.waiting('k')).toBe(1000);
  clock.moveTo(clock.now() + 1);
  expect(backoff.waiting('k')).toBeUndefined();
});

it('FAIL-03: forgets after half an hour without a failure, and knows its keys apart', () => {
  const clock = new VirtualClock();
  const backoff = new FailedPodsBackoff(clock);
  backoff.begin('k');
  backoff.begin('k');
  expect(backoff.upcoming('other')).toBe(1000);
  clock.moveTo(clock.now() + 30 * MINUTE);
  expect(backoff.upcoming('k')).toBe(4000);
  clock.moveTo(clock.now() + 1);
  expect(backoff.upcoming('k')).toBe(1000);
});
