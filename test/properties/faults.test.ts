import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAULTS } from './faults.js';
import { history } from './history.js';
import { complaintsAbout, parameters, TIMEOUT } from './property.js';

/** As upstream's own robustness test does it: each fault must have come to pass, and nothing may be wrong for it. */
describe('TestDaemonSetReconcileRobustnessMatrix: whatever goes wrong meanwhile', () => {
  it.each(Object.entries(FAULTS))(
    '%s: every node comes to what its sets want of it all the same',
    async (_name, make) => {
      let count = 0;
      const property = fc.asyncProperty(history('current', 20), fc.nat(1000), async (story, seed) => {
        const fault = make(seed);
        const wrong = await complaintsAbout(story, {}, fault);
        count += fault.count();
        expect(wrong).toEqual([]);
      });
      await fc.assert(property, parameters(12));
      expect(count).toBeGreaterThan(0);
    },
    TIMEOUT,
  );
});
