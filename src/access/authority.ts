import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { GeneralName, Pkcs10CertificateRequest, X509Certificate } from '@peculiar/x509';
import type { KeyPair } from './key-pair.js';

type Library = typeof import('@peculiar/x509');
export type CertificateUse = 'client auth' | 'server auth';

/** What to write into a certificate. */
export interface Wanted {
  /** `CN=bob,O=devs`. */
  readonly subject: string;
  /** DNS names and addresses. */
  readonly names?: readonly string[];
  readonly uses: readonly CertificateUse[];
  /** ms since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

let loaded: Promise<Library> | undefined;

/** The library is loaded when there is a certificate to be made, as in most clusters there is none. */
export function x509(): Promise<Library> {
  loaded ??= (async () => {
    await import('reflect-metadata'); // the library cannot be loaded without it
    const library = await import('@peculiar/x509');
    library.cryptoProvider.set(webcrypto);
    return library;
  })();
  return loaded;
}

/** A new authority, called `name`. Times are ms since the epoch. */
export async function newAuthority(name: string, notBefore: number, notAfter: number): Promise<KeyPair> {
  const { X509CertificateGenerator, BasicConstraintsExtension, KeyUsagesExtension, KeyUsageFlags } = await x509();
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certificate: pemOf(certificate), key: await keyPem(keys.privateKey) };
}

/** A new key with a certificate that `authority` signed. */
export async function newKeyPair(authority: KeyPair, wanted: Wanted): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const { GeneralName } = await x509();
  const names = (wanted.names ?? []).map(value => new GeneralName(isIP(value) ? 'ip' : 'dns', value));
  return {
    certificate: await sign(authority, keys.publicKey, wanted, names),
    key: await keyPem(keys.privateKey),
  };
}

/** The alternative names that a request asks for. */
export async function alternativeNames(request: Pkcs10CertificateRequest): Promise<readonly GeneralName[]> {
  const { SubjectAlternativeNameExtension } = await x509();
  return request.extensions.flatMap(extension =>
    extension instanceof SubjectAlternativeNameExtension ? extension.names.items : [],
  );
}

/** The certificate that a request asks for, signed by `authority`: subject, key and names are the request's. */
export async function signRequest(
  authority: KeyPair,
  request: Pkcs10CertificateRequest,
  { uses, notBefore, notAfter }: Omit<Wanted, 'subject' | 'names'>,
): Promise<string> {
  const names = await alternativeNames(request);
  return sign(authority, request.publicKey, { subject: request.subject, uses, notBefore, notAfter }, names);
}

async function sign(
  { certificate, key }: KeyPair,
  publicKey: Parameters<Library['X509CertificateGenerator']['create']>[0]['publicKey'],
  { subject, uses, notBefore, notAfter }: Wanted,
  names: readonly GeneralName[],
): Promise<string> {
  const library = await x509();
  const issuer = new library.X509Certificate(certificate);
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    library.PemConverter.decodeFirst(key),
    ALGORITHM,
    false,
    ['sign'],
  );
  const { digitalSignature, keyEncipherment } = library.KeyUsageFlags;
  const { clientAuth, serverAuth } = library.ExtendedKeyUsage;
  const made = await library.X509CertificateGenerator.create({
    subject,
    issuer: issuer.subject,
    publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(notBefore),
    // What outlives its authority is good for nothing after it.
    notAfter: new Date(Math.min(notAfter, issuer.notAfter.getTime())),
    extensions: [
      new library.BasicConstraintsExtension(false, undefined, true),
      new library.KeyUsagesExtension(digitalSignature | keyEncipherment, true),
      new library.ExtendedKeyUsageExtension(uses.map(use => (use === 'client auth' ? clientAuth : serverAuth))),
      ...(names.length > 0 ? [new library.SubjectAlternativeNameExtension([...names])] : []),
    ],
  });
  return pemOf(made);
}

const pemOf = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`;

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const base64 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}
