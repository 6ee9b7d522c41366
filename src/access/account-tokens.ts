import { createPrivateKey } from 'node:crypto';
import type { Registry } from '../registry/registry.js';
import { accountGroups, accountOf, accountUserName } from '../resources/account-names.js';
import { goQuoted } from '../resources/go-format.js';
import { nodes, pods, secrets, serviceAccounts } from '../resources/index.js';
import type { JsonObject } from '../resources/json.js';
import type { KubeObject } from '../resources/types.js';
import { type JsonWebKey, newSigningKey, Signer, unverifiedClaims } from './json-web-token.js';
import { AUTHENTICATED, CREDENTIAL_ID, type User } from './user.js';

/** Who issues tokens, and whom they are for unless told otherwise: kubeadm's setting. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** The issuer of tokens that stand in Secrets and never expire. */
const LEGACY_ISSUER = 'kubernetes/serviceaccount';

/** An object that a token is bound to is good for a token this long after it was told to go (ms). */
const LEEWAY_MS = 60_000;

/** An object by which a token stands and falls. */
interface Bound {
  readonly name: string;
  readonly uid: string;
}

/** What to write into a token. */
export interface TokenClaims {
  readonly audiences: readonly string[];
  /** How long it is good for, in seconds. */
  readonly seconds: number;
  /** Seconds after which its use is worth a warning; for tokens that live longer than was asked for. */
  readonly warnAfter?: number;
  readonly pod?: Bound;
  readonly node?: Bound;
  readonly secret?: Bound;
}

/** What a good token proves. */
export interface Verified {
  readonly user: User;
  /** Those of the token that were accepted. */
  readonly audiences: readonly string[];
}

/** Why a token is not good, as TokenReview tells it. */
export class TokenError extends Error {}

/** The private claim of upstream's tokens. */
interface PrivateClaims {
  namespace?: string;
  serviceaccount?: Bound;
  pod?: Bound;
  node?: Bound;
  secret?: Bound;
}

/** Issues the tokens of service accounts, and judges them: by signature, time, and whether what they are bound to is still there. */
export class AccountTokens {
  #signer: Signer | undefined;
  /** Whose keys these are. */
  #lender: AccountTokens | undefined;

  /** @param loadKey gives the private key (PEM), when it is first needed; without, there is a new one for each cluster */
  constructor(
    readonly registry: Registry,
    private readonly loadKey: () => string = newSigningKey,
  ) {}

  /** The same keys, for another registry: each takes the other's tokens for what they say. */
  over(registry: Registry): AccountTokens {
    const tokens = new AccountTokens(registry);
    tokens.#lender = this;
    return tokens;
  }

  /** The public keys that tokens can be checked with. */
  get keys(): readonly JsonWebKey[] {
    return [this.#signing.key];
  }

  get #signing(): Signer {
    this.#signer ??= this.#lender ? this.#lender.#signing : new Signer(createPrivateKey(this.loadKey()));
    return this.#signer;
  }

  /** A token with upstream's claims, and when it expires (ms). The caller has seen to it that all in it is there. */
  issue(account: KubeObject, claims: TokenClaims): { readonly token: string; readonly expires: number } {
    const { registry } = this;
    const { name, namespace = '', uid } = account.metadata;
    const now = Math.floor(registry.clock.now() / 1000);
    const exp = now + claims.seconds;
    const token = this.#signing.sign({
      aud: claims.audiences,
      exp,
      iat: now,
      iss: ISSUER,
      jti: registry.random.uuid(),
      'kubernetes.io': {
        namespace,
        ...(claims.node ? { node: claims.node } : {}),
        ...(claims.pod ? { pod: claims.pod } : {}),
        ...(claims.secret ? { secret: claims.secret } : {}),
        serviceaccount: { name, uid },
        ...(claims.warnAfter === undefined ? {} : { warnafter: now + claims.warnAfter }),
      },
      nbf: now,
      sub: accountUserName(namespace, name),
    });
    return { token, expires: exp * 1000 };
  }

  /** The token that stands in a Secret: it never expires, and goes with the Secret. */
  issueForSecret(account: KubeObject, secret: string): string {
    const { name, namespace = '', uid } = account.metadata;
    return this.#signing.sign({
      iss: LEGACY_ISSUER,
      'kubernetes.io/serviceaccount/namespace': namespace,
      'kubernetes.io/serviceaccount/secret.name': secret,
      'kubernetes.io/serviceaccount/service-account.name': name,
      'kubernetes.io/serviceaccount/service-account.uid': uid,
      sub: accountUserName(namespace, name),
    });
  }

  /**
   * Who shows this token.
   * @param audiences of which it must be meant for one; the API server itself if none are given
   * @throws TokenError that says why the token is not good
   */
  verify(token: string, audiences: readonly string[] = [ISSUER]): Verified {
    const claims = this.#signing.verified(token);
    if (!claims) throw new TokenError('invalid bearer token');
    return claims.iss === LEGACY_ISSUER ? this.#secretToken(token, claims, audiences) : this.#bound(claims, audiences);
  }

  #bound(claims: JsonObject, audiences: readonly string[]): Verified {
    const now = this.registry.clock.now();
    if (claims.iss !== ISSUER) throw new TokenError('invalid bearer token');
    if (Number(claims.exp) * 1000 <= now) throw new TokenError('service account token has expired');
    if (Number(claims.nbf) * 1000 > now) throw new TokenError('service account token is not valid yet');
    const given = claims.aud as readonly string[];
    const accepted = given.filter(audience => audiences.includes(audience));
    if (accepted.length === 0)
      throw new TokenError(
        `token audiences ${goQuoted(given)} is invalid for the target audiences ${goQuoted(audiences)}`,
      );
    const { namespace = '', serviceaccount, pod, node, secret } = claims['kubernetes.io'] as PrivateClaims;
    if (secret) this.#mustBe(secret, this.registry.get(secrets, namespace, secret.name)?.object);
    if (pod) this.#mustBe(pod, this.registry.get(pods, namespace, pod.name)?.object);
    // Beside a pod the node is only told of.
    else if (node) this.#mustBe(node, this.registry.get(nodes, '', node.name)?.object);
    const account = this.#account(namespace, serviceaccount?.name ?? '', serviceaccount?.uid);
    const extra: Record<string, readonly string[]> = { [CREDENTIAL_ID]: [`JTI=${String(claims.jti)}`] };
    for (const [what, bound] of Object.entries({ pod, node })) {
      if (!bound) continue;
      extra[`authentication.kubernetes.io/${what}-name`] = [bound.name];
      extra[`authentication.kubernetes.io/${what}-uid`] = [bound.uid];
    }
    return { user: userOf(account, extra), audiences: accepted };
  }

  #secretToken(token: string, claims: JsonObject, audiences: readonly string[]): Verified {
    const claim = (name: string) => String(claims[`kubernetes.io/serviceaccount/${name}`] ?? '');
    if (!audiences.includes(ISSUER)) throw new TokenError('the token is good for the API server alone');
    const namespace = claim('namespace');
    const secret = this.registry.get(secrets, namespace, claim('secret.name'))?.object;
    if (!secret || secret.metadata.deletionTimestamp !== undefined)
      throw new TokenError('service account token has been invalidated');
    if (Buffer.from(secret.data?.token ?? '', 'base64').toString() !== token)
      throw new TokenError('service account token does not match server copy');
    const account = this.#account(namespace, claim('service-account.name'), claim('service-account.uid'));
    return { user: userOf(account), audiences: [ISSUER] };
  }

  #account(namespace: string, name: string, uid: string | undefined): KubeObject {
    const account = this.registry.get(serviceAccounts, namespace, name)?.object;
    if (!account || account.metadata.deletionTimestamp !== undefined)
      throw new TokenError(`serviceaccounts "${name}" not found`);
    if (account.metadata.uid !== uid)
      throw new TokenError(`service account UID (${account.metadata.uid}) does not match claim (${uid})`);
    return account;
  }

  #mustBe({ uid }: Bound, object: KubeObject | undefined): void {
    const going = object?.metadata.deletionTimestamp;
    const gone = going !== undefined && Date.parse(going) + LEEWAY_MS < this.registry.clock.now();
    if (!object || gone || object.metadata.uid !== uid)
      throw new TokenError('service account token has been invalidated');
  }
}

/** Whether a bearer token says that it is a service account's, whoever signed it. */
export function isAccountToken(token: string): boolean {
  const sub = unverifiedClaims(token)?.sub;
  return typeof sub === 'string' && accountOf(sub) !== undefined;
}

function userOf({ metadata }: KubeObject, extra?: User['extra']): User {
  const { name, namespace = '', uid } = metadata;
  return {
    name: accountUserName(namespace, name),
    uid,
    groups: [...accountGroups(namespace), AUTHENTICATED],
    ...(extra ? { extra } : {}),
  };
}
