import { createPublicKey, verify } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { AccountTokens, ISSUER, isAccountToken } from '../../../src/access/account-tokens.js';
import { newSigningKey, unverifiedClaims } from '../../../src/access/json-web-token.js';
import { nodes, pods, secrets, serviceAccounts } from '../../../src/resources/index.js';
import type { KubeObject, ServiceAccount } from '../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';

let registry: TestRegistry;
let tokens: AccountTokens;
let account: ServiceAccount;
const HOUR = { audiences: [ISSUER], seconds: 3600 };

beforeEach(async () => {
  registry = await openRegistry();
  tokens = new AccountTokens(registry);
  account = await newAccount();
});

const newAccount = async () =>
  (
    await registry.create(serviceAccounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'robot', namespace: 'default' },
    })
  ).object;

const bound = ({ metadata: { name, uid } }: KubeObject) => ({ name, uid });

describe("a service account's token", () => {
  it('says who it is, in upstream’s claims', () => {
    const { token, expires } = tokens.issue(account, HOUR);
    const now = registry.clock.now() / 1000;
    expect(expires).toBe((now + 3600) * 1000);
    expect(unverifiedClaims(token)).toEqual({
      aud: [ISSUER],
      exp: now + 3600,
      iat: now,
      iss: ISSUER,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'robot', uid: account.metadata.uid } },
      nbf: now,
      sub: 'system:serviceaccount:default:robot',
    });
    expect(tokens.verify(token)).toEqual({
      audiences: [ISSUER],
      user: {
        name: 'system:serviceaccount:default:robot',
        uid: account.metadata.uid,
        groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
        extra: {
          'authentication.kubernetes.io/credential-id': [`JTI=${String(unverifiedClaims(token)!.jti)}`],
        },
      },
    });
  });

  it('can be checked with the published key', () => {
    const { token } = tokens.issue(account, HOUR);
    const [head, body, signature] = token.split('.') as [string, string, string];
    const [jwk] = tokens.keys;
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'ES256', kid: jwk!.kid });
    const key = createPublicKey({ key: { ...jwk! }, format: 'jwk' });
    const content = Buffer.from(`${head}.${body}`);
    expect(verify('sha256', content, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(
      true,
    );
  });

  it('is told apart from other bearer tokens', () => {
    expect(isAccountToken(tokens.issue(account, HOUR).token)).toBe(true);
    for (const other of ['', 'secret', 'a.b.c', `x.${Buffer.from('{"sub":"me"}').toString('base64url')}.y`])
      expect(isAccountToken(other)).toBe(false);
  });

  it.each<[string, () => Promise<string> | string, RegExp]>([
    ['signed by another key', () => new AccountTokens(registry).issue(account, HOUR).token, /invalid bearer token/],
    ['changed', () => tokens.issue(account, HOUR).token.replace(/\.([^.]+)\./, '.e30.'), /invalid bearer token/],
    [
      'for somebody else',
      () => tokens.issue(account, { ...HOUR, audiences: ['vault'] }).token,
      /\["vault"\] is invalid/,
    ],
    [
      'past its time',
      async () => {
        const { token } = tokens.issue(account, HOUR);
        tokens.verify(token);
        await registry.clock.advance(3600_000, async () => {});
        return token;
      },
      /has expired/,
    ],
    [
      'of an account that is gone',
      async () => {
        const { token } = tokens.issue(account, HOUR);
        await registry.delete(serviceAccounts, 'default', 'robot');
        return token;
      },
      /"robot" not found/,
    ],
    [
      'of a former account of the same name',
      async () => {
        const { token } = tokens.issue(account, HOUR);
        await registry.delete(serviceAccounts, 'default', 'robot');
        await newAccount();
        return token;
      },
      /does not match claim/,
    ],
  ])('is no good when %s', async (_, make, why) => {
    const token = await make();
    expect(() => tokens.verify(token)).toThrow(why);
  });

  it('stands and falls with what it is bound to', async () => {
    const metadata = { name: 'it', namespace: 'default' };
    const spec = { containers: [{ name: 'main', image: 'a:1' }] };
    const pod = (await registry.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: {} })).object;
    const secret = (await registry.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata })).object;
    const node = (
      await registry.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: {}, status: {} })
    ).object;
    const toPod = tokens.issue(account, { ...HOUR, pod: bound(pod), node: bound(node) }).token;
    const toSecret = tokens.issue(account, { ...HOUR, secret: bound(secret) }).token;
    const toNode = tokens.issue(account, { ...HOUR, node: bound(node) }).token;
    expect(tokens.verify(toPod).user.extra).toMatchObject({
      'authentication.kubernetes.io/pod-name': ['it'],
      'authentication.kubernetes.io/node-uid': [node.metadata.uid],
    });
    for (const token of [toSecret, toNode]) tokens.verify(token);
    await registry.delete(nodes, '', 'n');
    tokens.verify(toPod); // the node is only told of
    expect(() => tokens.verify(toNode)).toThrow('invalidated');
    await registry.delete(pods, 'default', 'it', { gracePeriodSeconds: 0 });
    await registry.delete(secrets, 'default', 'it');
    for (const token of [toPod, toSecret]) expect(() => tokens.verify(token)).toThrow('invalidated');
  });

  it('stands in a Secret as long as that is there and holds it', async () => {
    const token = tokens.issueForSecret(account, 'held');
    expect(() => tokens.verify(token)).toThrow('invalidated');
    const metadata = { name: 'held', namespace: 'default' };
    const data = { token: Buffer.from(token).toString('base64') };
    await registry.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata, data });
    await registry.clock.advance(365 * 24 * 3600_000, async () => {});
    expect(tokens.verify(token).user.name).toBe('system:serviceaccount:default:robot');
    expect(() => tokens.verify(token, ['vault'])).toThrow();
    const held = registry.get(secrets, 'default', 'held')!.object;
    await registry.update(secrets, { ...held, data: { token: 'eA==' } });
    expect(() => tokens.verify(token)).toThrow('does not match');
  });

  it('is good in the next life of a cluster that keeps its key', () => {
    const key = newSigningKey();
    const { token } = new AccountTokens(registry, () => key).issue(account, HOUR);
    expect(new AccountTokens(registry, () => key).verify(token).user.uid).toBe(account.metadata.uid);
  });
});
