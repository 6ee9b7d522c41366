import { expect, it } from 'vitest';
import { outlookOf } from '../../../src/dashboard/whatif/outlook.js';

it('what comes and goes is counted node by node; what is replaced does both, what only changes neither', () => {
  const of = (node: string, difference: 'CAME' | 'WENT' | 'REPLACED' | 'CHANGED') => ({
    difference,
    namespace: 'x',
    daemonSet: 'agent',
    node,
    before: null,
    after: null,
  });
  expect(
    outlookOf([of('a', 'CAME'), of('a', 'WENT'), of('a', 'WENT'), of('b', 'REPLACED'), of('c', 'CHANGED')]),
  ).toEqual(
    new Map([
      ['a', { comes: 1, goes: 2 }],
      ['b', { comes: 1, goes: 1 }],
    ]),
  );
});
