import { beforeAll, describe, expect, it } from 'vitest';
import { newAuthority } from '../../../../src/access/authority.js';
import type { KeyPair } from '../../../../src/access/key-pair.js';
import type { Secret } from '../../../../src/resources/types.js';
import { keyPairWarnings } from '../../../../src/resources/warnings/key-pair.js';

const NOT_BEFORE = Date.parse('2026-01-01T00:00:00Z');
const GARBAGE = Buffer.from('no DER').toString('base64');
const block = (label: string, body = GARBAGE) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

describe('warnings about a certificate and its key', () => {
  let pair: KeyPair;
  let other: KeyPair;
  beforeAll(async () => {
    [pair, other] = (await Promise.all(
      ['one', 'two'].map(name => newAuthority(name, NOT_BEFORE, NOT_BEFORE + 1e10)),
    )) as [KeyPair, KeyPair];
  });

  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const warned = (certificate: string, key: string, type = 'kubernetes.io/tls') =>
    keyPairWarnings({ type, data: { 'tls.crt': base64(certificate), 'tls.key': base64(key) } } as unknown as Secret);

  it('are none where they belong together, or are something else', () => {
    expect(warned(pair.certificate, pair.key)).toEqual([]);
    expect(warned(`${block('COMMENT')}${pair.certificate}${other.certificate}`, pair.key)).toEqual([]);
    expect(warned('x', 'y', 'Opaque')).toEqual([]);
  });

  it.each<[string, () => [string, string], string]>([
    ['nothing', () => ['', pair.key], 'tls: failed to find any PEM data in certificate input'],
    ['no base64', () => [block('CERTIFICATE', '*'), pair.key], 'tls: failed to find any PEM data in certificate input'],
    [
      'key and certificate exchanged',
      () => [pair.key, pair.certificate],
      'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
    ],
    [
      'other things',
      () => [block('A') + block('B C'), pair.key],
      'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [A B C]',
    ],
    ['no key', () => [pair.certificate, 'x'], 'tls: failed to find any PEM data in key input'],
    [
      'a certificate twice',
      () => [pair.certificate, pair.certificate],
      'tls: found a certificate rather than a key in the PEM for the private key',
    ],
    [
      'a public key',
      () => [pair.certificate, block('PUBLIC KEY')],
      'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [PUBLIC KEY]',
    ],
    ['no certificate', () => [block('CERTIFICATE'), pair.key], 'x509: malformed certificate'],
    ['a broken key', () => [pair.certificate, block('EC PRIVATE KEY')], 'tls: failed to parse private key'],
    ['another key', () => [pair.certificate, other.key], 'tls: private key does not match public key'],
  ])('%s', (_, texts, warning) => {
    expect(warned(...texts())).toEqual([warning]);
  });
});
