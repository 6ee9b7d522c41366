import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import { stateOf, WorldClock } from '../../../src/clock/world-clock.js';

/** The machine's time in these tests: it goes only when it is told to. */
const MACHINE = Date.UTC(2026, 0, 1);
beforeEach(() => {
  vi.useFakeTimers({ now: MACHINE, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const turn = () => new Promise<void>(resolve => setImmediate(resolve));
/** Lets the machine's time pass, a millisecond at a time, and whatever is to be done in each. */
async function pass(ms: number): Promise<void> {
  for (let i = 0; i < ms; i++) {
    vi.advanceTimersByTime(1);
    for (let turns = 0; turns < 4; turns++) await turn();
  }
}

describe('a clock that goes with the machine', () => {
  it('shows its time, fires what is due, and is stopped and set going again from where it stood', async () => {
    const clock = WorldClock.real();
    const fired: number[] = [];
    clock.after(1000, () => fired.push(clock.now() - MACHINE));
    clock.after(500, () => fired.push(-1)).cancel();
    await pass(999);
    expect([clock.now() - MACHINE, fired]).toEqual([999, []]);
    await pass(1);
    expect(fired).toEqual([1000]);
    clock.after(10, () => fired.push(clock.now() - MACHINE));
    clock.pause();
    await pass(5000);
    expect([clock.now() - MACHINE, fired]).toEqual([1000, [1000]]);
    expect(stateOf(clock)).toEqual({ mode: 'paused', rate: 0, time: MACHINE + 1000, ahead: -5000 });
    clock.resume();
    await pass(20);
    expect([clock.now() - MACHINE, fired]).toEqual([1020, [1000, 1010]]);
    expect(stateOf(clock)).toEqual({ mode: 'real', rate: 1, time: MACHINE + 1020, ahead: -5000 });
    clock.after(10, () => {});
    const before = vi.getTimerCount();
    clock.close();
    expect(before - vi.getTimerCount()).toBe(1);
  });

  it('waits for what is far away, and wakes for what comes first', async () => {
    const clock = WorldClock.real();
    const fired: string[] = [];
    clock.after(40 * 24 * 3_600_000, () => fired.push('far'));
    clock.after(5, () => fired.push('near'));
    clock.after(0, () => fired.push('now'));
    expect(fired).toEqual([]);
    await pass(5);
    expect(fired).toEqual(['now', 'near']);
    vi.advanceTimersByTime(40 * 24 * 3_600_000);
    expect(fired).toEqual(['now', 'near', 'far']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('wakes for nobody once all timers are cancelled or it is closed', () => {
    const clock = WorldClock.real();
    const timer = clock.after(1000, () => {});
    expect(vi.getTimerCount()).toBe(1);
    timer.cancel();
    timer.cancel();
    expect(vi.getTimerCount()).toBe(0);
    clock.after(1000, () => {});
    clock.close();
    clock.after(1000, () => {});
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes slower, too', async () => {
    const clock = new WorldClock(0);
    const fired: number[] = [];
    clock.setRate(0.1);
    clock.after(10, () => fired.push(clock.now()));
    await pass(99);
    expect([clock.now(), fired]).toEqual([9, []]);
    await pass(1);
    expect(fired).toEqual([10]);
    clock.close();
  });

  it('goes on from a later time where it is told that the past reaches beyond what it shows', async () => {
    const clock = WorldClock.real();
    clock.leapTo(MACHINE - 1);
    expect(clock.now()).toBe(MACHINE);
    clock.leapTo(MACHINE + 5000);
    await pass(1);
    expect(stateOf(clock)).toMatchObject({ mode: 'real', time: MACHINE + 5001, ahead: 5000 });
  });
});

describe('a clock that is faster than the machine', () => {
  it('does not drift: what comes round every ten seconds does so a hundred times in a thousand', async () => {
    const clock = new WorldClock(0);
    const fired: number[] = [];
    const again = () => {
      fired.push(clock.now());
      clock.after(10_000, again);
    };
    clock.after(10_000, again);
    clock.setRate(1000);
    await pass(1000);
    expect(fired).toEqual(Array.from({ length: 100 }, (_, i) => (i + 1) * 10_000));
    expect(clock.now()).toBe(1_000_000);
    clock.close();
  });

  it('never shows a time after a timer that has not fired, and is no faster than the machine while there is work', async () => {
    const clock = new WorldClock(0);
    let done = () => {};
    let waits = 0;
    clock.settled = () => {
      waits++;
      return new Promise(resolve => {
        done = resolve;
      });
    };
    const fired: number[] = [];
    clock.after(5000, () => fired.push(clock.now()));
    clock.after(6000, () => fired.push(clock.now()));
    clock.setRate(1000);
    // The machine is late: by its time 50 seconds have passed here.
    vi.setSystemTime(MACHINE + 50);
    expect(clock.now()).toBe(5000);
    await pass(10);
    expect([fired, waits, clock.now()]).toEqual([[5000], 1, 5005]);
    done();
    await pass(1);
    expect([fired, waits]).toEqual([[5000, 6000], 2]);
    done();
    await pass(1);
    expect(clock.now()).toBeGreaterThan(50_000);
    clock.close();
  });

  it('goes at the pace of the machine where work never ends, and leaps nowhere', async () => {
    const clock = new WorldClock(0);
    let waits = 0;
    clock.settled = () => {
      waits++;
      return new Promise(() => {});
    };
    const fired: string[] = [];
    for (const at of [1000, 1500, 1000_000]) clock.after(at, () => fired.push(`${at} at ${clock.now()}`));
    clock.setRate(1000);
    await pass(1);
    clock.after(50, () => fired.push(`set later, at ${clock.now()}`));
    // The machine stops for a while, as it does when others need it.
    vi.setSystemTime(Date.now() + 300);
    await pass(1000);
    expect(fired).toEqual(['1000 at 1000', 'set later, at 1400', '1500 at 1500']);
    expect([waits, clock.now()]).toEqual([1, 2300]);
    clock.close();
  });

  it('does not make up for more than a second of the machine in which it could not go on', async () => {
    const clock = new WorldClock(0);
    const fired: number[] = [];
    const again = () => {
      fired.push(clock.now());
      clock.after(1000, again);
    };
    clock.after(1000, again);
    clock.setRate(10);
    vi.setSystemTime(MACHINE + 3_600_000);
    await pass(200);
    expect(fired.length).toBeGreaterThanOrEqual(10);
    expect(clock.now()).toBeLessThan(20_000);
    clock.close();
  });

  it('can be stopped while it waits', async () => {
    const clock = new WorldClock(0);
    let done = () => {};
    clock.settled = () =>
      new Promise(resolve => {
        done = resolve;
      });
    clock.after(1000, () => {});
    clock.after(1500, () => {});
    clock.setRate(100);
    await pass(12);
    clock.pause();
    done();
    await pass(50);
    expect([clock.now(), clock.nextDue(), clock.rate]).toEqual([1002, 1500, 0]);
    clock.resume();
    expect(clock.rate).toBe(100);
    clock.close();
  });
});

describe('a rate', () => {
  it('is a number from 0 on', () => {
    const clock = new WorldClock(0);
    for (const rate of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001])
      expect(() => clock.setRate(rate)).toThrow(RangeError);
    expect(clock.rate).toBe(0);
  });

  it('is told of any clock', () => {
    expect(stateOf(new VirtualClock(0))).toMatchObject({ mode: 'paused', rate: 0, time: 0 });
    expect(stateOf({ now: () => 5, after: () => ({ cancel() {} }) })).toMatchObject({ mode: 'real', rate: 1, time: 5 });
  });
});

it('forgets timers that were cancelled long before their time', () => {
  const clock = new VirtualClock(0);
  const kept = new Set<number>();
  for (let i = 0; i < 10_000; i++) {
    const timer = clock.after(1_000_000 + i, () => kept.add(i));
    if (i % 100 !== 0) timer.cancel();
  }
  expect(clock.pending).toBe(100);
  clock.moveTo(2_000_000);
  expect([kept.size, clock.pending, clock.nextDue()]).toEqual([100, 0, undefined]);
});
