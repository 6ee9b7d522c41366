import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from '../../../src/clock/heap.js';

describe('the heap', () => {
  it('gives what comes first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), numbers => {
        const heap = new Heap<number>((a, b) => a < b);
        for (const n of numbers) heap.push(n);
        const taken: number[] = [];
        for (let n = heap.pop(); n !== undefined; n = heap.pop()) taken.push(n);
        expect(taken).toEqual([...numbers].sort((a, b) => a - b));
      }),
    );
  });
});
