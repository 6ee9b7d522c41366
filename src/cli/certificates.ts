import { webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** What a TLS server needs, and what its clients need to trust it. All PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const TEN_YEARS = 10 * 365 * 24 * 3600_000;
const FILES = { key: 'server.key', cert: 'server.crt', ca: 'ca.crt' } as const;

/**
 * The server's certificate, for this machine's names and `host`. Kept in `folder` (readable by the owner only), so that
 * clients which trust it once trust it after a restart too; made anew when it does not name `host`.
 */
export async function serverCertificate(folder: string, host: string): Promise<ServerCertificate> {
  const paths = { key: join(folder, FILES.key), cert: join(folder, FILES.cert), ca: join(folder, FILES.ca) };
  const names = [...new Set(['localhost', '127.0.0.1', '::1', hostname(), host])].filter(
    n => n !== '0.0.0.0' && n !== '::',
  );
  const namesFile = join(folder, 'names');
  if (
    Object.values(paths).every(existsSync) &&
    existsSync(namesFile) &&
    readFileSync(namesFile, 'utf8') === names.join('\n')
  ) {
    return { key: read(paths.key), cert: read(paths.cert), ca: read(paths.ca) };
  }
  const made = await generate(names);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const part of ['key', 'cert', 'ca'] as const) writeFileSync(paths[part], made[part], { mode: 0o600 });
  writeFileSync(namesFile, names.join('\n'), { mode: 0o600 });
  return made;
}

const read = (path: string) => readFileSync(path, 'utf8');

/** A certificate authority of its own, whose key is thrown away, and one certificate signed by it. */
async function generate(names: readonly string[]): Promise<ServerCertificate> {
  await import('reflect-metadata'); // the library cannot be loaded without it
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto);
  const notBefore = new Date(Date.now() - 3600_000); // clocks differ
  const notAfter = new Date(notBefore.getTime() + TEN_YEARS);
  const authority = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=kubette-ca',
    keys: authority,
    signingAlgorithm: ALGORITHM,
    notBefore,
    notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const server = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.create({
    subject: 'CN=kubette',
    issuer: ca.subject,
    publicKey: server.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore,
    notAfter,
    extensions: [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map(value => ({ type: isIP(value) ? 'ip' : 'dns', value }))),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', server.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
  return { key, cert: `${cert.toString('pem')}\n`, ca: `${ca.toString('pem')}\n` };
}
