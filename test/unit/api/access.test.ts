import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceAccounts } from '../../../src/resources/index.js';
import { TestServer } from './serve.js';

const AUTHENTICATION = '/apis/authentication.k8s.io/v1';
const AUTHORIZATION = '/apis/authorization.k8s.io/v1';
const TOKEN = '/api/v1/namespaces/default/serviceaccounts/robot/token';
const ADMIN = {
  username: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:masters', 'system:authenticated'],
};

let open: TestServer;
let closed: TestServer;
beforeAll(async () => {
  open = await TestServer.start();
  closed = await TestServer.start({ token: 'secret' });
  const metadata = { name: 'robot', namespace: 'default' };
  for (const { registry } of [open, closed])
    await registry.create(serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
});
afterAll(() => Promise.all([open.close(), closed.close()]));

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const newToken = async (server: TestServer, spec: object = {}, headers = {}) =>
  (await server.post(TOKEN, { spec }, headers)).body.status.token as string;
const whoami = async (server: TestServer, headers: Record<string, string> = {}) => {
  const { code, body } = await server.post(`${AUTHENTICATION}/selfsubjectreviews`, {}, headers);
  return code === 201 ? body.status.userInfo : code;
};

describe('whoever asks', () => {
  it('is the administrator on an open server, and by the token of another', async () => {
    expect(await whoami(open)).toEqual(ADMIN);
    expect(await whoami(open, bearer('anything'))).toEqual(ADMIN);
    expect(await whoami(closed, bearer('secret'))).toEqual(ADMIN);
    expect(await whoami(closed)).toBe(401);
    expect(await whoami(closed, bearer('anything'))).toBe(401);
  });

  it('is the service account whose token it shows', async () => {
    for (const [server, headers] of [[open, {}] as const, [closed, bearer('secret')] as const]) {
      const user = await whoami(server, bearer(await newToken(server, {}, headers)));
      expect(user).toMatchObject({ username: 'system:serviceaccount:default:robot' });
      expect(user.groups).toContain('system:serviceaccounts:default');
    }
    // Nobody's: of another cluster, or for another server.
    expect(await whoami(open, bearer(await newToken(closed, {}, bearer('secret'))))).toBe(401);
    expect(await whoami(open, bearer(await newToken(open, { audiences: ['vault'] })))).toBe(401);
  });

  it.each<[string, Record<string, string | string[]>, object | number]>([
    ['a user', { 'Impersonate-User': 'bob' }, { username: 'bob', groups: ['system:authenticated'] }],
    [
      'a user in groups',
      { 'Impersonate-User': 'bob', 'Impersonate-Group': ['devs', 'ops, too'], 'Impersonate-Uid': '7' },
      { username: 'bob', uid: '7', groups: ['devs', 'ops, too', 'system:authenticated'] },
    ],
    [
      'a user with more',
      { 'Impersonate-User': 'bob', 'Impersonate-Extra-Example.com%2fScope': ['a', 'b'] },
      { username: 'bob', groups: ['system:authenticated'], extra: { 'example.com/scope': ['a', 'b'] } },
    ],
    [
      'a service account',
      { 'Impersonate-User': 'system:serviceaccount:x:y' },
      {
        username: 'system:serviceaccount:x:y',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:x', 'system:authenticated'],
      },
    ],
    [
      'nobody',
      { 'Impersonate-User': 'system:anonymous' },
      { username: 'system:anonymous', groups: ['system:unauthenticated'] },
    ],
    ['a group of no user', { 'Impersonate-Group': 'devs' }, 500],
  ])('can speak for %s', async (_, headers, user) => {
    expect(await whoami(open, headers as Record<string, string>)).toEqual(user);
  });
});

describe('TokenRequest', () => {
  it('says for whom, for what and how long', async () => {
    const { code, body } = await open.post(TOKEN, { spec: { audiences: ['vault'], expirationSeconds: 1200 } });
    expect(code).toBe(201);
    const expires = new Date(open.clock.now() + 1200_000).toISOString().replace('.000Z', 'Z');
    expect(body).toMatchObject({
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name: 'robot', namespace: 'default' },
      spec: { audiences: ['vault'], expirationSeconds: 1200 },
      status: { expirationTimestamp: expires },
    });
  });

  it.each<[string, string, object, number, string]>([
    ['too short a time', TOKEN, { spec: { expirationSeconds: 599 } }, 422, 'a duration less than 10 minutes'],
    ['too long a time', TOKEN, { spec: { expirationSeconds: 2 ** 33 } }, 422, 'larger than 2^32 seconds'],
    ['no such account', TOKEN.replace('robot', 'nobody'), {}, 404, 'serviceaccounts "nobody" not found'],
    ['another account', TOKEN, { metadata: { name: 'other' } }, 400, 'does not match the name on the URL'],
    [
      'no such pod',
      TOKEN,
      { spec: { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'x' } } },
      404,
      'pods "x" not found',
    ],
    [
      'a kind that cannot be bound to',
      TOKEN,
      { spec: { boundObjectRef: { apiVersion: 'v1', kind: 'ConfigMap', name: 'x' } } },
      400,
      'cannot bind token to object of type',
    ],
    [
      'a former object',
      TOKEN,
      { spec: { boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 'kept', uid: 'former' } } },
      409,
      'the UID in the bound object reference (former) does not match',
    ],
  ])('refuses %s', async (_, path, body, code, message) => {
    await open.post('/api/v1/namespaces/default/secrets', { metadata: { name: 'kept' } });
    const answer = await open.post(path, body);
    expect([answer.code, answer.body.message]).toEqual([code, expect.stringContaining(message)]);
  });
});

describe('TokenReview', () => {
  const review = async (server: TestServer, spec: object, headers = {}) =>
    (await server.post(`${AUTHENTICATION}/tokenreviews`, { spec }, headers)).body.status;

  it('says whose a token is, and for whom', async () => {
    expect(await review(closed, { token: 'secret' }, bearer('secret'))).toMatchObject({
      authenticated: true,
      user: ADMIN,
    });
    const token = await newToken(open, { audiences: ['vault', 'other'] });
    expect(await review(open, { token, audiences: ['vault', 'third'] })).toMatchObject({
      authenticated: true,
      user: { username: 'system:serviceaccount:default:robot' },
      audiences: ['vault'],
    });
    expect(await review(open, { token })).toEqual({ user: {}, error: expect.stringContaining('audiences') });
    expect(await review(open, { token: 'x' })).toEqual({ user: {}, error: 'invalid bearer token' });
  });
});

describe('access reviews', () => {
  const pods = { verb: 'list', resource: 'pods', namespace: 'default' };
  it.each<[string, object, number, object | string]>([
    ['selfsubjectaccessreviews', { resourceAttributes: pods }, 201, { allowed: true }],
    ['selfsubjectaccessreviews', { nonResourceAttributes: { verb: 'get', path: '/x' } }, 201, { allowed: true }],
    [
      'selfsubjectaccessreviews',
      {},
      422,
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    ],
    ['subjectaccessreviews', { user: 'bob', resourceAttributes: pods }, 201, { allowed: true }],
    ['subjectaccessreviews', { resourceAttributes: pods }, 422, 'at least one of user or group must be specified'],
    ['selfsubjectrulesreviews', {}, 400, 'no namespace on request'],
    [
      'selfsubjectrulesreviews',
      { namespace: 'default' },
      201,
      {
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        incomplete: false,
      },
    ],
  ])('%s %j', async (plural, spec, code, expected) => {
    const answer = await open.post(`${AUTHORIZATION}/${plural}`, { spec });
    expect(answer.code).toBe(code);
    if (typeof expected === 'string') expect(answer.body.message).toContain(expected);
    else expect(answer.body.status).toEqual(expected);
  });

  it('of one namespace speak of that one', async () => {
    const path = `${AUTHORIZATION}/namespaces/default/localsubjectaccessreviews`;
    const ask = (namespace: string) =>
      open.post(path, { spec: { user: 'bob', resourceAttributes: { ...pods, namespace } } });
    expect((await ask('default')).body.status).toEqual({ allowed: true });
    expect((await ask('other')).body.message).toBe('spec.resourceAttributes.namespace must match namespace: default');
  });

  it('are not stored', async () => {
    const { resources } = (await open.get(AUTHORIZATION)).body;
    for (const resource of resources) expect(resource).toMatchObject({ verbs: ['create'] });
    expect((await open.get(`${AUTHORIZATION}/subjectaccessreviews`)).code).toBe(405);
  });
});

describe('OpenID documents', () => {
  it('lead to the key', async () => {
    const { body } = await open.get('/.well-known/openid-configuration');
    expect(body.issuer).toBe('https://kubernetes.default.svc.cluster.local');
    const keys = await open.get(new URL(body.jwks_uri).pathname);
    expect(keys.body).toEqual({ keys: open.access.tokens.keys });
    expect((await closed.get('/openid/v1/jwks')).code).toBe(401);
  });
});
