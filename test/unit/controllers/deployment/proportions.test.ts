import { describe, expect, it } from 'vitest';
import { followScale } from '../../../../src/controllers/deployment/proportions.js';
import type { IntOrString } from '../../../../src/resources/types.js';
import { deployment, set } from './builders.js';

interface Row {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly surge?: [IntOrString, IntOrString];
  /** Sizes of the current set (absent: none) and of the old ones, newest first. */
  readonly current?: number;
  readonly old: number[];
  readonly becomes: number[];
}

describe('TestScale', () => {
  it.each<Row>([
    { name: 'one set takes it all', from: 10, to: 12, current: 10, old: [], becomes: [12] },
    { name: 'and gives it all', from: 10, to: 5, current: 10, old: [], becomes: [5] },
    { name: 'in proportion', from: 5, to: 10, current: 2, old: [3], becomes: [4, 6] },
    { name: 'in proportion', from: 5, to: 3, current: 2, old: [3], becomes: [1, 2] },
    { name: 'in proportion', from: 9, to: 4, current: 8, old: [1], becomes: [4, 0] },
    { name: 'in proportion', from: 7, to: 10, current: 2, old: [3, 2], becomes: [3, 4, 3] },
    { name: 'in proportion', from: 13, to: 8, current: 2, old: [8, 3], becomes: [1, 5, 2] },
    { name: 'what is left over goes to the newest', from: 3, to: 4, current: 1, old: [1, 1], becomes: [2, 1, 1] },
    { name: 'or comes from the oldest', from: 3, to: 2, current: 1, old: [1, 1], becomes: [1, 1, 0] },
    { name: 'no current set', from: 4, to: 5, old: [2, 2], becomes: [3, 2] },
    { name: 'to nothing', from: 6, to: 0, current: 3, old: [2, 1], becomes: [0, 0, 0] },
    { name: 'from nothing, the newest takes it all', from: 6, to: 6, current: 0, old: [0, 0], becomes: [6, 0, 0] },
    { name: 'with surge', from: 10, to: 20, surge: [2, 2], current: 6, old: [6], becomes: [11, 11] },
    { name: 'with another surge', from: 10, to: 50, surge: [3, 6], current: 5, old: [8], becomes: [22, 34] },
    { name: 'no current set yet', from: 10, to: 14, old: [7, 3], becomes: [10, 4] },
    { name: 'a full set that is not available', from: 2, to: 2, surge: [1, 1], current: 2, old: [1], becomes: [2, 1] },
  ])('$name: $from → $to', ({ from, to, surge = [0, 0], current, old, becomes }) => {
    const before = deployment(from, { surge: surge[0], unavailable: 1 });
    const sets = old.map((size, i) => set(`old-${i}`, size, { age: i + 1, scaledBy: before }));
    const now = current === undefined ? undefined : set('current', current, { scaledBy: before });
    const changes = followScale(deployment(to, { surge: surge[1], unavailable: 1 }), {
      current: now,
      old: sets.toReversed(),
    });
    const sizeOf = (of: (typeof sets)[number]) =>
      changes.find(change => change.set === of)?.replicas ?? of.spec.replicas;
    expect([...(now ? [now] : []), ...sets].map(sizeOf)).toEqual(becomes);
  });

  it('old sets end when the current one is full and available', () => {
    const scaledBy = deployment(2);
    const old = [set('old', 3, { scaledBy })];
    const current = set('current', 2, { available: 2, scaledBy });
    expect(followScale(deployment(2), { current, old })).toEqual([{ set: old[0], replicas: 0 }]);
  });

  it('a set that was never told how many there may be goes by how many there are', () => {
    const sets = { old: [set('older', 2, { age: 2 }), set('old', 2, { age: 1 })] };
    const sizes = (replicas: number | undefined) =>
      followScale(deployment(8, { status: replicas === undefined ? {} : { replicas } }), sets).map(s => s.replicas);
    expect(sizes(4)).toEqual([4, 4]);
    expect(sizes(undefined)).toEqual([6, 2]);
  });
});
