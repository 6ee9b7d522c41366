import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatLabelSelector,
  formatLabels,
  labelSelectorMatcher,
  parseFieldSelector,
  parseLabelSelector,
  SelectorError,
} from '../../../src/resources/selector.js';

describe('the text form of label selectors', () => {
  it.each([
    ['', {}, true],
    ['tier=front', { tier: 'front' }, true],
    ['tier==front', { tier: 'front' }, true],
    ['tier=front', { tier: 'back' }, false],
    ['tier=front', {}, false],
    ['tier!=front', { tier: 'back' }, true],
    ['tier!=front', {}, true],
    ['tier!=front', { tier: 'front' }, false],
    ['tier in (front,back)', { tier: 'back' }, true],
    ['tier in (front,back)', {}, false],
    ['tier notin (front)', {}, true],
    ['tier notin (front)', { tier: 'front' }, false],
    ['tier', { tier: '' }, true],
    ['tier', {}, false],
    ['!tier', {}, true],
    ['! tier', { tier: 'x' }, false],
    ['tier=', { tier: '' }, true],
    ['tier=', {}, false],
    ['env=prod,tier=back', { env: 'prod', tier: 'back' }, true],
    ['env in (prod),tier notin (back)', { env: 'prod', tier: 'back' }, false],
    ['gen>5', { gen: '6' }, true],
    ['gen>5', { gen: '5' }, false],
    ['gen<5', { gen: '-10' }, true],
    ['gen<5', { gen: 'x' }, false],
    ['gen>5', {}, false],
    ['in in (in,notin)', { in: 'notin' }, true],
    ['x in (a,,b)', { x: '' }, true],
    ['x in ()', { x: '' }, true],
    ['x in (,a)', { x: '' }, true],
    ['  x  in ( a , b ) ,\ty ', { x: 'a', y: '1' }, true],
    ['constructor', {}, false],
  ] as [string, Record<string, string>, boolean][])('%j on %j: %s', (text, labels, expected) => {
    expect(parseLabelSelector(text).matches(labels)).toBe(expected);
  });

  it('takes no labels for empty labels', () => {
    expect(parseLabelSelector('!a').matches(undefined)).toBe(true);
    expect(parseLabelSelector('a').matches(undefined)).toBe(false);
  });

  it.each([
    ['env gt 5', "unable to parse requirement: found 'gt', expected: in, notin, =, ==, !=, gt, lt"],
    [',', "found ',', expected: !, identifier, or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['env in prod', "unable to parse requirement: found 'prod' expected: '('"],
    ['tier=front,', "found '', expected: identifier after ','"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['a in (b,=)', "unable to parse requirement: found '=', expected: ',', or identifier"],
    ['a==!', "unable to parse requirement: found '!', expected: identifier"],
    [
      'a>b',
      `unable to parse requirement: values[0]: Invalid value: "b": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    [
      'a=b_',
      `unable to parse requirement: values[0][a]: Invalid value: "b_": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
    [
      '-a=b',
      `unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(new SelectorError(message));
  });

  it.each([
    ['b=1,a=2', 'a=2,b=1'],
    ['a==1', 'a==1'],
    ['a!=1', 'a!=1'],
    ['a in (z,y,z)', 'a in (y,z)'],
    ['a notin (z)', 'a notin (z)'],
    ['!a', '!a'],
    ['a', 'a'],
    ['a>1,b<2', 'a>1,b<2'],
  ])('%j is printed as %j', (text, printed) => {
    expect(parseLabelSelector(text).toString()).toBe(printed);
  });

  it('reads what it prints', () => {
    const key = fc.stringMatching(/^[a-z]{1,3}$/);
    const value = fc.stringMatching(/^[a-z0-9]{0,3}$/);
    const requirement = fc.oneof(
      fc.tuple(key, fc.constantFrom('=', '==', '!='), value).map(parts => parts.join('')),
      fc.tuple(key, fc.constantFrom('>', '<'), fc.nat()).map(parts => parts.join('')),
      fc
        .tuple(key, fc.constantFrom('in', 'notin'), fc.uniqueArray(value, { minLength: 1 }))
        .map(([k, o, v]) => `${k} ${o} (${v})`),
      fc.tuple(fc.constantFrom('', '!'), key).map(parts => parts.join('')),
    );
    const labels = fc.dictionary(key, value);
    fc.assert(
      fc.property(fc.array(requirement), labels, (requirements, object) => {
        const selector = parseLabelSelector(requirements.join(','));
        const again = parseLabelSelector(selector.toString());
        expect(again.toString()).toBe(selector.toString());
        expect(again.matches(object)).toBe(selector.matches(object));
      }),
    );
  });
});

describe('selector objects', () => {
  it('selects nothing if absent, everything if empty', () => {
    expect(labelSelectorMatcher(undefined).matches({ a: '1' })).toBe(false);
    expect(labelSelectorMatcher({}).matches(undefined)).toBe(true);
  });

  it.each([
    [{ matchLabels: { a: '1' } }, { a: '1', b: '2' }, true],
    [{ matchLabels: { a: '1', b: '3' } }, { a: '1', b: '2' }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['1', '2'] }] }, { a: '2' }, true],
    [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] }, {}, true],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }, { a: '' }, true],
    [{ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, { a: '' }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] }, { a: '2' }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'In' }] }, { a: '2' }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'constructor' }] }, { a: '2' }, false],
  ])('%j on %j: %s', (selector, labels, expected) => {
    expect(labelSelectorMatcher(selector).matches(labels)).toBe(expected);
  });

  it('is printed as kubectl prints it', () => {
    expect(formatLabelSelector(undefined)).toBe('<none>');
    expect(formatLabelSelector({})).toBe('<none>');
    expect(
      formatLabelSelector({
        matchLabels: { b: '1' },
        matchExpressions: [
          { key: 'c', operator: 'In', values: ['y', 'x'] },
          { key: 'a', operator: 'Exists' },
        ],
      }),
    ).toBe('a,b=1,c in (x,y)');
    expect(formatLabels({ b: '1', a: '2' })).toBe('a=2,b=1');
    expect(formatLabels({})).toBe('<none>');
  });
});

describe('field selectors', () => {
  it.each([
    ['', []],
    ['metadata.name=a', [['metadata.name', '=', 'a']]],
    ['metadata.name==a', [['metadata.name', '=', 'a']]],
    [
      'status.phase!=Running,spec.nodeName=',
      [
        ['spec.nodeName', '=', ''],
        ['status.phase', '!=', 'Running'],
      ],
    ],
    ['a=x\\,y\\=z\\\\', [['a', '=', 'x,y=z\\']]],
    [',a=b,', [['a', '=', 'b']]],
  ] as [string, string[][]][])('%j', (text, expected) => {
    expect(parseFieldSelector(text).map(r => [r.field, r.operator, r.value])).toEqual(expected);
  });

  it.each([
    ['a', "invalid selector: 'a'; can't understand 'a'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=\\b', 'invalid field selector: invalid escape sequence: \\b'],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('refuses %j', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(new SelectorError(message));
  });
});
