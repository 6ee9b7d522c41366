import { describe, expect, it } from 'vitest';
import { canonicalIp, parseCidr } from '../../../src/resources/ip.js';
import { checkCanonicalCidr, checkCanonicalIp, isWithin } from '../../../src/resources/validation/ip.js';

describe('addresses', () => {
  it.each([
    ['10.9.8.7', '10.9.8.7'],
    ['010.009.08.007', '10.9.8.7'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::ffff:01.2.3.4', '1.2.3.4'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['::', '::'],
    ['::1.2.3.4', '::102:304'],
    ['1.2.3', undefined],
    ['1.2.3.256', undefined],
    ['fe80::1%eth0', undefined],
    ['1.2.3.4/8', undefined],
    ['', undefined],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalIp(text)).toBe(canonical);
    expect(checkCanonicalIp(text)).toHaveLength(text === canonical ? 0 : 1);
  });

  it.each<[string, ReturnType<typeof parseCidr>]>([
    ['10.1.2.3/8', { address: '10.1.2.3', network: '10.0.0.0', bits: 8, length: 32 }],
    ['2001:db8::1/64', { address: '2001:db8::1', network: '2001:db8::', bits: 64, length: 128 }],
    ['::ffff:1.2.3.4/120', { address: '1.2.3.4', network: '1.2.3.0', bits: 24, length: 128 }],
    ['0.0.0.0/0', { address: '0.0.0.0', network: '0.0.0.0', bits: 0, length: 32 }],
    ['10.0.0.0/33', undefined],
    ['10.0.0.0/', undefined],
    ['10.0.0.0', undefined],
    ['/8', undefined],
  ])('%s as a range', (text, range) => {
    expect(parseCidr(text)).toEqual(range);
  });

  it.each([
    ['10.0.0.0/8', []],
    ['10.0.0.1/8', ['must not have bits set beyond the prefix length']],
    ['2001:DB8::/32', ['must be in canonical form ("2001:db8::/32")']],
    ['010.0.0.0/8', ['must be in canonical form ("10.0.0.0/8")']],
  ])('%s as the name of a range', (text, problems) => {
    expect(checkCanonicalCidr(text)).toEqual(problems);
  });

  it('are in ranges of their own family, however they are written', () => {
    expect(isWithin('010.1.0.1', '10.0.0.0/8')).toBe(true);
    expect(isWithin('::ffff:10.1.0.1', '10.0.0.0/8')).toBe(true);
    expect(isWithin('11.1.0.1', '10.0.0.0/8')).toBe(false);
    expect(isWithin('::1', '0.0.0.0/0')).toBe(false);
    expect(isWithin('2001:db8::5', '2001:db8::9/64')).toBe(true);
  });
});
