import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { newAuthority, newKeyPair } from '../access/authority.js';
import type { KeyPair } from '../access/key-pair.js';
import { ADMIN, AUTHENTICATED } from '../access/user.js';
import { API_NAMES, apiAddress, USUAL_RANGES } from '../resources/address-ranges.js';

/** What a TLS server needs, and what its clients need to trust it and to be known to it. */
export interface ServerCertificates {
  readonly server: KeyPair;
  /** Signed the server's certificate, and signs those of clients. */
  readonly authority: KeyPair;
}

const YEAR = 365 * 24 * 3600_000;
const FILES = { server: 'server', authority: 'ca' } as const;

/**
 * The server's certificate, for this machine's names, `host` and the names by which it is known within the cluster, and its authority. Kept in `folder` (readable by the owner
 * only), so that clients which trust it once trust it after a restart too. Where it does not name all of these it is made anew, by
 * the same authority.
 */
export async function serverCertificates(
  folder: string,
  host: string,
  clusterIP = apiAddress(USUAL_RANGES),
): Promise<ServerCertificates> {
  const names = [...new Set(['localhost', '127.0.0.1', '::1', hostname(), host, ...API_NAMES, clusterIP])].filter(
    n => n !== '0.0.0.0' && n !== '::',
  );
  const namesFile = join(folder, 'names');
  const notBefore = Date.now() - 3600_000; // clocks differ
  const notAfter = notBefore + 10 * YEAR;
  const kept = readPair(folder, FILES.authority);
  const authority = kept ?? (await newAuthority('kubette-ca', notBefore, notAfter));
  const isFor = existsSync(namesFile) && readFileSync(namesFile, 'utf8') === names.join('\n');
  const former = kept && isFor ? readPair(folder, FILES.server) : undefined;
  if (former) return { server: former, authority };
  const server = await newKeyPair(authority, {
    subject: 'CN=kubette',
    names,
    uses: ['server auth'],
    notBefore,
    notAfter,
  });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!kept) writePair(folder, FILES.authority, authority);
  writePair(folder, FILES.server, server);
  writeFileSync(namesFile, names.join('\n'), { mode: 0o600 });
  return { server, authority };
}

/** A key and certificate by which a client is the cluster's administrator, for a year. */
export function adminCertificate(authority: KeyPair): Promise<KeyPair> {
  const groups = ADMIN.groups.filter(group => group !== AUTHENTICATED);
  const notBefore = Date.now() - 3600_000;
  return newKeyPair(authority, {
    subject: [`CN=${ADMIN.name}`, ...groups.map(group => `O=${group}`)].join(','),
    uses: ['client auth'],
    notBefore,
    notAfter: notBefore + YEAR,
  });
}

function readPair(folder: string, name: string): KeyPair | undefined {
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  if (!existsSync(certificate) || !existsSync(key)) return undefined;
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}

function writePair(folder: string, name: string, { certificate, key }: KeyPair): void {
  writeFileSync(join(folder, `${name}.crt`), certificate, { mode: 0o600 });
  writeFileSync(join(folder, `${name}.key`), key, { mode: 0o600 });
}
