import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/clock/duration.js';

describe('durations', () => {
  it.each([
    ['0', 0],
    ['500ms', 500],
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['1.5s', 1500],
    ['2h', 7_200_000],
    ['', undefined],
    ['10', undefined],
    ['-1s', undefined],
    ['1d', undefined],
    ['s', undefined],
  ])('%s is %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    [10_000, '10s'],
    [160_000, '2m40s'],
    [300_000, '5m0s'],
    [3_600_000, '1h0m0s'],
  ])('%d ms is written %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});
