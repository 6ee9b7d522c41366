import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';

describe('a clock that stands still', () => {
  it('fires what is due, the earliest first, and of equals the one that was set first', () => {
    const clock = new VirtualClock(0);
    const fired: string[] = [];
    const set = (name: string, at: number) => clock.after(at, () => fired.push(`${name} ${clock.now()}`));
    set('c', 30);
    set('a', 10);
    set('b', 10);
    set('never', 20).cancel();
    set('later', 31);
    expect(clock.nextDue()).toBe(10);
    clock.moveTo(30);
    expect(fired).toEqual(['a 10', 'b 10', 'c 30']);
    expect([clock.now(), clock.nextDue()]).toEqual([30, 31]);
  });

  it('advances from timer to timer, letting what each set off come to an end', async () => {
    const clock = new VirtualClock(0);
    const times: number[] = [];
    let left = 3;
    const again = () => {
      if (left-- > 0) clock.after(10, again);
    };
    again();
    await clock.advance(100, async () => void times.push(clock.now()));
    expect(times).toEqual([0, 10, 20, 30]);
    expect(clock.now()).toBe(100);
  });

  it('never goes back', () => {
    const clock = new VirtualClock(1000);
    clock.moveTo(10);
    expect(clock.now()).toBe(1000);
  });
});
