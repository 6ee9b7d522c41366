import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalQuantity,
  formatQuantity,
  parseQuantity,
  QuantityError,
  toMilli,
  toNumber,
  toUnits,
} from '../../../src/resources/quantity.js';

describe('reading and writing', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['00', '0'],
    ['0Ki', '0'],
    ['1', '1'],
    ['+1', '1'],
    ['-1', '-1'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.', '1'],
    ['1500m', '1500m'],
    ['2000m', '2'],
    ['1000', '1k'],
    ['1024', '1024'],
    ['1k', '1k'],
    ['1000k', '1M'],
    ['0.001M', '1k'],
    ['1E', '1E'],
    ['1000E', '1000E'],
    ['10E', '10E'],
    ['1Ki', '1Ki'],
    ['1024Ki', '1Mi'],
    ['1024Mi', '1Gi'],
    ['0.5Gi', '512Mi'],
    ['1.5Ki', '1536'],
    ['1000Ki', '1000Ki'],
    ['0.5Ki', '512'],
    ['0.0001Ki', '102400u'],
    ['1Ei', '1Ei'],
    ['16Ei', '9223372036854775807'],
    ['9223372036854775808', '9223372036854775807'],
    ['12e6', '12e6'],
    ['12E6', '12e6'],
    ['1e3', '1e3'],
    ['1e0', '1'],
    ['1e2', '100'],
    ['1e-3', '1e-3'],
    ['123456e-2', '1234560e-3'],
    ['1n', '1n'],
    ['0.1n', '1n'],
    ['-0.1n', '-1n'],
    ['1.0000000001', '1000000001n'],
    ['1e-400', '1e-9'],
    ['100n', '100n'],
    ['1000u', '1m'],
    ['1.1k', '1100'],
  ])('%s is kept as %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it('reads numbers of JSON', () => {
    expect(canonicalQuantity(2)).toBe('2');
    expect(canonicalQuantity(0.1)).toBe('100m');
    expect(canonicalQuantity(1e21)).toBe('1e21');
  });

  it.each([
    '',
    ' 1',
    '1 ',
    'abc',
    '1.1.1',
    '1Ki1.5',
    '--1',
    '1,5',
    '1mm',
    '1K',
    '1ki',
    '1Mb',
    'e',
    '1e',
    '1e-',
    '1e1.5',
    '1i',
    '5Zi',
  ])('refuses %j', text => {
    expect(() => parseQuantity(text)).toThrow(QuantityError);
  });

  it('says what is wrong as the API server does', () => {
    expect(() => parseQuantity('lots')).toThrow(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
    expect(() => parseQuantity('1kk')).toThrow("unable to parse quantity's suffix");
  });

  it('takes no longer for endless texts', () => {
    expect(canonicalQuantity('9'.repeat(1_000_000))).toBe('9223372036854775807');
    expect(canonicalQuantity(`0.${'0'.repeat(1_000_000)}1`)).toBe('1n');
    expect(canonicalQuantity(`${'0'.repeat(1_000_000)}1`)).toBe('1');
    expect(() => canonicalQuantity(`1e${'9'.repeat(1_000_000)}`)).not.toThrow();
  });
});

describe('numbers', () => {
  it.each([
    ['500m', 500, 0.5, 1],
    ['1', 1000, 1, 1],
    ['1u', 1, 0.000001, 1],
    ['1Ki', 1_024_000, 1024, 1024],
    ['-1.5', -1500, -1.5, -2],
    ['64Gi', 68_719_476_736_000, 68_719_476_736, 68_719_476_736],
  ])('%s is %d thousandths', (text, milli, number, units) => {
    expect(toMilli(text)).toBe(milli);
    expect(toMilli(text)).toBe(milli);
    expect(toNumber(text)).toBe(number);
    expect(toUnits(text)).toBe(units);
  });
});

describe('properties', () => {
  const suffix = fc.constantFrom('n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti', 'e3', 'E-3', 'e+6');
  const text = fc
    .tuple(fc.constantFrom('', '+', '-'), fc.nat(1_000_000), fc.option(fc.nat(999)), suffix)
    .map(([sign, whole, fraction, end]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${end}`);

  it('the canonical text reads as the same amount and is its own canonical text', () => {
    fc.assert(
      fc.property(text, t => {
        const quantity = parseQuantity(t);
        const canonical = formatQuantity(quantity);
        expect(parseQuantity(canonical).nano).toBe(quantity.nano);
        expect(canonicalQuantity(canonical)).toBe(canonical);
      }),
    );
  });
});
