import { describe, expect, it } from 'vitest';
import { type Pattern, PatternError, patternOf } from '../../../../src/resources/custom/pattern.js';

function expression(source: string): Pattern {
  const found = patternOf(source);
  if (found instanceof PatternError) throw found;
  return found;
}

describe('a pattern', () => {
  it.each<[source: string, text: string, matches: boolean]>([
    ['^[a-z]+$', 'abc', true],
    ['^[a-z]+$', 'abc\n', false],
    ['b', 'abc', true],
    ['^[[:alpha:]_]+$', 'a_b', true],
    ['(?i)^ABC$', 'abc', true],
    ['\\Aab\\z', 'ab', true],
    ['^.$', '😀', true],
    ['^\\p{Greek}+$', 'αβγ', true],
    ['^\\w$', 'é', false],
    ['^\\Qa.b\\E$', 'a.b', true],
    ['^(?P<year>\\d{4})-(?<month>\\d\\d)$', '2025-01', true],
  ])('%s of %j: %j', (source, text, matches) => expect(expression(source).test(text)).toBe(matches));

  it.each([
    ['(?=a)b', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ['a\\1', 'error parsing regexp: invalid escape sequence: `\\1`'],
    ['(a', 'error parsing regexp: missing closing ): `(a`'],
    ['[z-a]', 'error parsing regexp: invalid character class range: `z-a`'],
    ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
    ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
  ])('is none: %s', (source, message) => {
    expect(patternOf(source)).toEqual(new PatternError(message));
  });

  it.each<[source: string, text: string, found: string[]]>([
    ['b?', 'abc', ['', 'b', '']],
    ['a*', 'baaab', ['', 'aaa', '']],
    ['[0-9]+', 'a12b345', ['12', '345']],
    ['x', 'abc', []],
  ])('all of %s in %j', (source, text, found) => {
    expect(expression(source).findAll(text)).toEqual(found);
    expect(expression(source).find(text)).toBe(found[0]);
    expect(expression(source).findAll(text, 1)).toEqual(found.slice(0, 1));
  });

  // To try all ways would take longer than the world is old.
  it.each(['^(a+)+$', '^(a|aa)+$', '^(a|a?)+$', '(a*)*b$'])('takes no longer for being %s', source => {
    expect(expression(source).test(`${'a'.repeat(10_000)}!`)).toBe(false);
  });
});
