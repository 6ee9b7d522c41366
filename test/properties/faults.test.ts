import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Era } from '../../src/resources/definition.js';
import { FAULTS } from './faults.js';
import { history } from './history.js';
import { complaintsAbout, parameters, report, TIMEOUT } from './property.js';

/** Plays `histories` with a fault: it must have come to pass, and nothing may be wrong for it. */
async function bearable(name: string, era: Era, histories: number): Promise<void> {
  let count = 0;
  const property = fc.asyncProperty(history(era, 20), fc.nat(1000), async (story, seed) => {
    const fault = FAULTS[name]!(seed);
    const wrong = await complaintsAbout(story, { era }, { fault });
    count += fault.count();
    expect(wrong).toEqual([]);
  });
  await fc.assert(property, parameters(histories));
  expect(count).toBeGreaterThan(0);
  report(`${era}: ${name}`, count);
}

/** As upstream's own robustness test does it. */
describe('TestDaemonSetReconcileRobustnessMatrix: whatever goes wrong meanwhile', () => {
  it.each(Object.keys(FAULTS))(
    '%s: every node comes to what its sets want of it all the same',
    name => bearable(name, 'current', 12),
    TIMEOUT,
  );
});

describe('before 1.12, whatever goes wrong meanwhile', () => {
  it.each(Object.keys(FAULTS))(
    '%s: every node comes to what its sets want of it all the same',
    name => bearable(name, '1.11', 8),
    TIMEOUT,
  );
});
