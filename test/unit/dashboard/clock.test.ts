import { describe, expect, it } from 'vitest';
import { isOff, readingOf, timeAt } from '../../../src/dashboard/clock/reading.js';

const START = Date.parse('2025-01-01T00:00:00Z');
const reading = (rate: number) => readingOf({ rate, time: '2025-01-01T00:00:00Z' }, 5000);

describe('the clock of the cluster', () => {
  it.each([
    [0, 0],
    [1, 2000],
    [100, 200_000],
  ])('at rate %d has moved by %d ms after two seconds', (rate, moved) => {
    expect(timeAt(reading(rate), 7000)).toBe(START + moved);
  });

  it.each([
    ['what is written when it is by the reading', 1, 2000, false],
    ['a message that took a second', 1, 1000, false],
    ['a later time: somebody has moved it', 1, 60_000, true],
    ['an earlier time: somebody has stopped it', 1, -10_000, true],
    ['the same at another scale', 100, 110_000, false],
    ['much too late at another scale', 100, 900_000, true],
    ['nothing new while it stands still', 0, -5000, false],
    ['anything later while it stands still', 0, 1000, true],
  ])('knows from what was written whether it is still right: %s', (_, rate, written, off) => {
    expect(isOff(reading(rate), START + written, 7000)).toBe(off);
  });
});
