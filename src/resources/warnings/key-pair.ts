import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Secret } from '../types.js';

const CERTIFICATE = 'CERTIFICATE';
const PRIVATE_KEY = /^(?:.+ )?PRIVATE KEY$/;
const BLOCK = /^-----BEGIN ([^\n]*?)-----[ \t]*\r?\n([\s\S]*?)^-----END \1-----/gm;

/** What is wrong with the certificate and the key in a Secret of TLS, in the words of Go's `tls.X509KeyPair`. */
export function keyPairWarnings({ type, data = {} }: Secret): string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const problem = keyPairProblem(textOf(data['tls.crt']), textOf(data['tls.key']));
  return problem ? [problem] : [];
}

const textOf = (base64 = '') => Buffer.from(base64, 'base64').toString('latin1');

function keyPairProblem(certificate: string, key: string): string | undefined {
  const certificates = blocksOf(certificate);
  const first = certificates.find(({ label }) => label === CERTIFICATE);
  if (!first) return noCertificate(certificates.map(({ label }) => label));
  const keys = blocksOf(key);
  const found = keys.find(({ label }) => PRIVATE_KEY.test(label));
  if (!found) return noKey(keys.map(({ label }) => label));
  const parsed = tried(() => new X509Certificate(first.pem));
  if (!parsed) return 'x509: malformed certificate';
  const secret = tried(() => createPrivateKey(found.pem));
  if (!secret) return 'tls: failed to parse private key';
  if (parsed.checkPrivateKey(secret)) return undefined;
  const isSameType = parsed.publicKey.asymmetricKeyType === secret.asymmetricKeyType;
  return isSameType
    ? 'tls: private key does not match public key'
    : 'tls: private key type does not match public key type';
}

interface Block {
  readonly label: string;
  readonly pem: string;
}

/** What is between the lines must be base64, maybe after headers. */
const BODY = /^(?:[\w-]+: [^\n]*\r?\n)*[A-Za-z0-9+/=\s]*$/;

const blocksOf = (text: string): Block[] =>
  [...text.matchAll(BLOCK)].flatMap(([pem, label = '', body = '']) => (BODY.test(body) ? [{ label, pem }] : []));

function noCertificate(skipped: readonly string[]): string {
  if (skipped.length === 0) return 'tls: failed to find any PEM data in certificate input';
  const [only = ''] = skipped;
  if (skipped.length === 1 && only.endsWith('PRIVATE KEY')) {
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  }
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${skipped.join(' ')}]`;
}

function noKey(skipped: readonly string[]): string {
  if (skipped.length === 0) return 'tls: failed to find any PEM data in key input';
  if (skipped.length === 1 && skipped[0] === CERTIFICATE) {
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  }
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${skipped.join(' ')}]`;
}

function tried<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
