import { webcrypto } from 'node:crypto';
import { x509 } from '../../src/access/authority.js';

/** A request in PEM, in base64, as a CertificateSigningRequest holds it. */
export async function pkcs10(name: string, dns: readonly string[] = []): Promise<string> {
  const { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } = await x509();
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, false, ['sign', 'verify']);
  const extensions =
    dns.length > 0 ? [new SubjectAlternativeNameExtension(dns.map(value => ({ type: 'dns', value }) as const))] : [];
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm, extensions });
  return Buffer.from(request.toString('pem')).toString('base64');
}
