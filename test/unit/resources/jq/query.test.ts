// Expected values are worked out from jq's manual.
import { describe, expect, it } from 'vitest';
import { JqQuery } from '../../../../src/resources/jq/query.js';

const POD = {
  metadata: {
    name: 'web',
    annotations: { 'x.io/delay': '5s' },
    ownerReferences: [{ kind: 'Job' }, { kind: 'Other' }],
  },
  spec: { initContainers: [{ name: 'a' }, { name: 'b' }], replicas: 3 },
  status: {
    phase: 'Running',
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Initialized', status: 'False' },
    ],
  },
};

const ask = (source: string, data: unknown = POD) => new JqQuery(source).of(data);

describe('a query', () => {
  it.each([
    ['.', [POD]],
    ['.metadata.name', ['web']],
    ['.metadata.annotations["x.io/delay"]', ['5s']],
    ['.metadata.annotations."x.io/delay"', ['5s']],
    ['."metadata"["name"]', ['web']],
    ['.metadata.deletionTimestamp', [null]],
    ['.metadata.nothing.further', [null]],
    ['.metadata.ownerReferences.[].kind', ['Job', 'Other']],
    ['.metadata.ownerReferences[].kind', ['Job', 'Other']],
    ['.status.conditions.[] | select( .type == "Ready" ) | .status', ['True']],
    ['.status.conditions[]?.nothing', [null, null]],
    ['.status.phase[]?', []],
    ['.spec.initContainers[0].name, .spec.initContainers[-1].name', ['a', 'b']],
    ['.spec.initContainers[1:] | length', [1]],
    ['[.spec.initContainers[].name] | join(",")', ['a,b']],
    ['.spec.initContainers | map(.name)', [['a', 'b']]],
    ['{name: .metadata.name, n: 1, ("k" + "2"): [2]}', [{ name: 'web', n: 1, k2: [2] }]],
    ['.metadata | {name}', [{ name: 'web' }]],
    ['.spec.replicas + 1 * 2 - 4 / 2 % 2', [5]],
    ['-.spec.replicas', [-3]],
    ['.spec.replicas > 2 and .status.phase == "Running"', [true]],
    ['(.nothing or false) | not', [true]],
    ['.nothing // .status.phase', ['Running']],
    ['.nothing // empty', []],
    ['false, null // 1', [false, 1]],
    ['if .spec.replicas == 3 then "three" elif true then "x" else "y" end', ['three']],
    ['.spec.replicas as $n | [range($n)] | map(. * $n)', [[0, 3, 6]]],
    ['reduce .spec.initContainers[] as $c (""; . + $c.name)', ['ab']],
    ['"\\(.metadata.name)-\\(.spec.replicas + 1)"', ['web-4']],
    ['.spec.replicas as $n | "\\($n)\\("\\($n)")"', ['33']],
    ['try error("x") catch .', ['x']],
    ['[.[] | type]', [['object', 'object', 'object']]],
    ['[..] | length > 5', [true]],
    ['.metadata.annotations | has("x.io/delay")', [true]],
    ['.metadata.annotations | to_entries[0].key', ['x.io/delay']],
    ['.metadata | keys', [['annotations', 'name', 'ownerReferences']]],
    ['any(.status.conditions[]; .status == "False")', [true]],
    ['.status.conditions | all(.status == "True")', [false]],
    ['.metadata.name | test("^w.b$")', [true]],
    ['.metadata.name | startswith("w"), ascii_upcase, length', [true, 'WEB', 3]],
    ['"12" | tonumber + 1 | tostring', ['13']],
    ['[3, 1, 2] | sort, max, add, (sort_by(-.) | first)', [[1, 2, 3], 3, 6, 3]],
    ['[1, [2]] == [1, [2]]', [true]],
    ['1, "a" | values | select(type == "string")', ['a']],
  ])('%s', (source, expected) => expect(ask(source)).toEqual(expected));

  it.each([
    ['.status.conditions.[]', { status: {} }, 'cannot iterate over: null'],
    ['.a.b', { a: 'text' }, 'expected an object but got: string'],
    ['.a + 1', { a: 'text' }, 'cannot add: string and number'],
    ['[range(10000)] | map([range(10000)] | length) | add', {}, 'goes on for too long'],
  ])('%s of %j is an error', (source, data, message) => expect(() => ask(source, data)).toThrow(message));

  it.each([
    ['nosuch', 'function not defined: nosuch/0'],
    ['select()', 'unexpected token ")"'],
    ['.a | select(.b; .c)', 'function not defined: select/2'],
    ['.a |', 'unexpected EOF'],
    ['.a b', 'unexpected token "b"'],
    ['$x', 'variable not defined: $x'],
    ['.a = 1', 'unexpected token "="'],
    ['def f: 1; f', 'unexpected token "def"'],
    ['"open', 'unterminated string literal'],
    ['.[', 'unexpected EOF'],
    ['', 'unexpected EOF'],
  ])('%j is refused when it is read', (source, message) => expect(() => new JqQuery(source)).toThrow(message));
});
