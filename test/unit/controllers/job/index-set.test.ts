import { describe, expect, it } from 'vitest';
import { IndexSet } from '../../../../src/controllers/job/index-set.js';

const set = (text: string) => IndexSet.parse(text, 100);

describe('a set of indexes', () => {
  it.each([
    ['', 100, 0, ''],
    ['1', 100, 1, '1'],
    ['1,2', 100, 2, '1,2'],
    ['1-3,5,7,8', 100, 6, '1-3,5,7,8'],
    ['1-3,5-9', 7, 5, '1-3,5,6'],
    ['1-3,5-9', 4, 3, '1-3'],
  ])('%j, of %d, has %d: %j', (text, completions, size, told) => {
    const read = IndexSet.parse(text, completions);
    expect([read.size, read.toString()]).toEqual([size, told]);
  });

  it.each([
    ['', [3], '3'],
    ['1,3', [2], '1-3'],
    ['1-3', [5, 4], '1-5'],
    ['1-3', [2], '1-3'],
    ['5-7', [9, 3, 4, 4], '3-7,9'],
  ])('%j with %j is %j', (text, more, told) => expect(set(text).with(more).toString()).toBe(told));

  it.each([
    ['1-3', '2-5,9', '1-5,9', 2],
    ['1,3,5', '0-9', '0-9', 3],
    ['', '4', '4', 0],
  ])('%j and %j together are %j, and share %d', (a, b, together, shared) => {
    expect(set(a).union(set(b)).toString()).toBe(together);
    expect(set(a).shared(set(b))).toBe(shared);
    expect(set(b).shared(set(a))).toBe(shared);
  });

  it.each([
    ['', 2, 5, [0, 1]],
    ['0-1,3', 3, 6, [2, 4, 5]],
    ['0-5', 3, 6, []],
    ['2', 9, 4, [0, 1, 3]],
  ])('%j lacks, up to %d of %d: %j', (text, count, completions, missing) =>
    expect(set(text).missing(count, completions)).toEqual(missing),
  );

  it('knows its members', () => {
    const odd = set('1,3,5-7');
    expect([...Array(9).keys()].filter(index => odd.has(index))).toEqual([1, 3, 5, 6, 7]);
  });
});
