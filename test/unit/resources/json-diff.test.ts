import { expect, it } from 'vitest';
import { jsonDiff } from '../../../src/resources/json-diff.js';

const told = (before: unknown, after: unknown) =>
  jsonDiff(before, after).map(d => `${d.path}: ${JSON.stringify(d.before)} → ${JSON.stringify(d.after)}`);

it.each<[string, unknown, unknown, string[]]>([
  ['nothing', { a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 }, []],
  ['a field', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b: 1 → 2']],
  ['fields that came and went', { a: 1, c: 3 }, { b: { d: 2 }, c: 3 }, ['a: 1 → undefined', 'b: undefined → {"d":2}']],
  [
    'a field that is called like no identifier',
    { l: { 'x.y/z': 'a' } },
    { l: { 'x.y/z': 'b' } },
    ['l["x.y/z"]: "a" → "b"'],
  ],
  [
    'items with names, whatever their order',
    {
      c: [
        { name: 'a', i: 1 },
        { name: 'b', i: 2 },
      ],
    },
    { c: [{ name: 'b', i: 3 }, { name: 'a', i: 1 }, { name: 'n' }] },
    ['c[name=b].i: 2 → 3', 'c[name=n]: undefined → {"name":"n"}'],
  ],
  ['items with types', [{ type: 'Ready', s: 1 }], [{ type: 'Ready', s: 2 }], ['[type=Ready].s: 1 → 2']],
  ['items without names', { a: ['x', 'y'] }, { a: ['x', 'z', 'w'] }, ['a[1]: "y" → "z"', 'a[2]: undefined → "w"']],
  [
    'names that are not unique',
    [
      { name: 'a', p: 1 },
      { name: 'a', p: 2 },
    ],
    [
      { name: 'a', p: 1 },
      { name: 'a', p: 3 },
    ],
    ['[1].p: 2 → 3'],
  ],
  [
    'only the order of named items',
    { c: [{ name: 'a' }, { name: 'b' }] },
    { c: [{ name: 'b' }, { name: 'a' }] },
    ['c: [{"name":"a"},{"name":"b"}] → [{"name":"b"},{"name":"a"}]'],
  ],
  ['another kind of value', { a: [1] }, { a: { b: 1 } }, ['a: [1] → {"b":1}']],
  ['null and nothing', { a: null }, {}, ['a: null → undefined']],
  ['names of every object', { constructor: 1 }, {}, ['constructor: 1 → undefined']],
])('tells %s', (_, before, after, expected) => {
  expect(told(before, after)).toEqual(expected);
});

it('tells what is different in very many places as a whole', () => {
  const of = (value: number) => Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, value]));
  expect(jsonDiff(of(1), of(2))).toEqual([{ path: '', before: of(1), after: of(2) }]);
});
