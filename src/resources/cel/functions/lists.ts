import { CelFailure, compare, Duration, equals, type Value } from '../values.js';
import { eachOfFirst, type Row } from './overload.js';
import { int } from './standard.js';

const contains = (list: readonly Value[], items: readonly Value[]) =>
  items.every(item => list.some(one => equals(one, item)));

function extreme(list: readonly Value[], what: string, direction: number): Value {
  if (list.length === 0) throw new CelFailure(`${what} called on empty list`);
  return list.reduce((best, item) => (compare(item, best) * direction > 0 ? item : best));
}

export const LISTS: readonly Row[] = [
  [
    'list<T>.isSorted() bool',
    (list: readonly Value[]) => list.every((item, i) => i === 0 || compare(list[i - 1]!, item) <= 0),
    eachOfFirst,
  ],
  ['list<T>.min() T', (list: readonly Value[]) => extreme(list, 'min', -1), eachOfFirst],
  ['list<T>.max() T', (list: readonly Value[]) => extreme(list, 'max', 1), eachOfFirst],
  ['list<int>.sum() int', (list: readonly bigint[]) => list.reduce((sum, item) => int(sum + item), 0n), eachOfFirst],
  ['list<double>.sum() double', (list: readonly number[]) => list.reduce((sum, item) => sum + item, 0), eachOfFirst],
  [
    'list<duration>.sum() duration',
    (list: readonly Duration[]) => new Duration(list.reduce((sum, { nanos }) => sum + nanos, 0n)),
    eachOfFirst,
  ],
  [
    'list<T>.indexOf(T) int',
    (list: readonly Value[], item: Value) => BigInt(list.findIndex(one => equals(one, item))),
    eachOfFirst,
  ],
  [
    'list<T>.lastIndexOf(T) int',
    (list: readonly Value[], item: Value) => BigInt(list.findLastIndex(one => equals(one, item))),
    eachOfFirst,
  ],
  ['sets.contains(list<T>, list<T>) bool', contains, ([a = 0, b = 0]) => a * b],
  [
    'sets.equivalent(list<T>, list<T>) bool',
    (a: readonly Value[], b: readonly Value[]) => contains(a, b) && contains(b, a),
    ([a = 0, b = 0]) => 2 * a * b,
  ],
  [
    'sets.intersects(list<T>, list<T>) bool',
    (a: readonly Value[], b: readonly Value[]) => a.some(item => contains(b, [item])),
    ([a = 0, b = 0]) => a * b,
  ],
];
