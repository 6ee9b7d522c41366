import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { isObject, type JsonObject } from '../resources/json.js';

/** A public key as `/openid/v1/jwks` shows it. */
export interface JsonWebKey {
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'ES256';
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

/** How many tokens are known to be well signed; the one that was not shown for longest is forgotten. */
const REMEMBERED = 1024;

/** A new private key to sign with, in PEM. */
export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** Signs JSON Web Tokens (RFC 7519) with one key, by ES256, and tells its own from others. */
export class Signer {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #head: string;
  readonly key: JsonWebKey;
  /** Token → claims, of those whose signature was found right: clients show the same one again and again. */
  readonly #known = new Map<string, JsonObject>();

  constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
    const kid = createHash('sha256')
      .update(this.#publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64url');
    const { kty, crv, x, y } = this.#publicKey.export({ format: 'jwk' }) as Record<'kty' | 'crv' | 'x' | 'y', string>;
    this.key = { kid, use: 'sig', alg: 'ES256', kty, crv, x, y };
    this.#head = encode({ alg: 'ES256', kid });
  }

  sign(claims: object): string {
    const content = `${this.#head}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(content), { key: this.#privateKey, dsaEncoding: 'ieee-p1363' });
    return `${content}.${signature.toString('base64url')}`;
  }

  /** The claims of a token that was signed with this key; undefined for any other. */
  verified(token: string): JsonObject | undefined {
    const known = this.#known.get(token);
    if (known) {
      this.#known.delete(token);
      this.#known.set(token, known);
      return known;
    }
    const end = token.lastIndexOf('.');
    if (token.slice(0, token.indexOf('.')) !== this.#head) return undefined;
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    const key = { key: this.#publicKey, dsaEncoding: 'ieee-p1363' } as const;
    if (!verify('sha256', Buffer.from(token.slice(0, end)), key, signature)) return undefined;
    const claims = unverifiedClaims(token);
    if (!claims) return undefined;
    this.#known.set(token, claims);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
    return claims;
  }
}

/** What a token says, whoever signed it; undefined for a text that is no JSON Web Token. */
export function unverifiedClaims(token: string): JsonObject | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1]!, 'base64url').toString());
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
