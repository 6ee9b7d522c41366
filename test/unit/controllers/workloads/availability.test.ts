import { describe, expect, it } from 'vitest';
import { isAvailable, untilNextAvailable } from '../../../../src/controllers/workloads/availability.js';
import { NOW, pod } from '../daemonset/builders.js';

describe('isAvailable', () => {
  it('UPD-09: needs readiness, for minReadySeconds, and to know since when', () => {
    expect(isAvailable(pod('n', { ready: false }), 0, NOW)).toBe(false);
    expect(isAvailable(pod('n', { readySince: NOW }), 0, NOW)).toBe(true);
    expect(isAvailable(pod('n', { readySince: undefined }), 0, NOW)).toBe(true);
    expect(isAvailable(pod('n', { readySince: undefined }), 1, NOW)).toBe(false);
    expect(isAvailable(pod('n', { readySince: NOW - 9_000 }), 10, NOW)).toBe(false);
    expect(isAvailable(pod('n', { readySince: NOW - 11_000 }), 10, NOW)).toBe(true);
  });

  it('UPD-09: neither phase nor deletion counts', () => {
    expect(isAvailable(pod('n', { phase: 'Pending', terminating: true }), 0, NOW)).toBe(true);
  });
});

describe('untilNextAvailable', () => {
  it('STA-03: the time until the next ready pod becomes available', () => {
    const existing = [
      pod('a', { readySince: NOW - 1000 }),
      pod('b', { readySince: NOW - 4000 }),
      pod('c', { readySince: NOW - 9000 }),
      pod('d', { ready: false }),
    ];
    expect(untilNextAvailable(existing, 5, NOW)).toBe(1000);
    expect(untilNextAvailable(existing.toReversed(), 5, NOW)).toBe(1000);
    expect(untilNextAvailable(existing, 0, NOW)).toBeUndefined();
    expect(untilNextAvailable(existing.slice(2), 5, NOW)).toBeUndefined();
  });
});
