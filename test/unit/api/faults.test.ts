import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster, type Fault, type FaultRule } from '../../../src/index.js';
import { configMaps } from '../../../src/resources/index.js';
import { type Ask, ask, type Came, json } from '../../support/asking.js';

let cluster: Cluster;
let url: string;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual' });
  ({ url } = await cluster.listen());
});
afterEach(() => cluster.close());

const MAPS = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, labels?: Record<string, string>) => ({
  metadata: { name, labels },
  data: { a: '1' },
});
const create = (name: string, headers = {}): Promise<Came> =>
  ask(url + MAPS, { method: 'POST', body: configMap(name), headers });
const exists = (name: string) => cluster.registry.get(configMaps, 'default', name) !== undefined;
const admin = (path: string, more: Ask = {}) => ask(`${url}/_kubette/v1${path}`, more);

describe('answers', () => {
  it.each<[Fault, number, string, object | string]>([
    ['tooManyRequests', 429, '1', 'Too many requests, please try again later.\n'],
    [{ tooManyRequests: { retryAfter: 7 } }, 429, '7', 'Too many requests, please try again later.\n'],
    ['etcdTimeout', 500, '', { message: 'etcdserver: request timed out', code: 500 }],
    ['etcdLeaderChanged', 500, '', { message: 'etcdserver: leader changed', code: 500 }],
    [
      'timeout',
      504,
      '',
      { message: 'Timeout: request did not complete within the allotted timeout', reason: 'Timeout', details: {} },
    ],
    [
      'unavailable',
      503,
      '',
      { message: 'the server is currently unable to handle the request', reason: 'ServiceUnavailable' },
    ],
    [{ unavailable: { retryAfter: 3 } }, 503, '3', { reason: 'ServiceUnavailable', details: { retryAfterSeconds: 3 } }],
    [{ error: { code: 403 } }, 403, '', { reason: 'Forbidden' }],
    [{ error: { code: 418 } }, 418, '', { message: 'the server responded with the status code 418' }],
    [
      { error: { code: 500, reason: 'InternalError', message: 'no' } },
      500,
      '',
      { reason: 'InternalError', message: 'no' },
    ],
    [{ garbage: {} }, 200, '', expect.stringContaining('<center><h1>502 Bad Gateway</h1></center>')],
    [{ garbage: { code: 502, body: 'oops', contentType: 'text/plain' } }, 502, '', 'oops'],
    ['emptyAnswer', 200, '', ''],
  ])('%j: %i', async (fault, code, retryAfter, body) => {
    cluster.faults.add({ match: { verbs: ['create'] }, fault });
    const came = await create('one');
    expect(came).toMatchObject({ code, broke: undefined });
    expect(came.headers['retry-after'] ?? '').toBe(retryAfter);
    if (typeof body === 'string' || 'asymmetricMatch' in body) expect(came.text).toEqual(body);
    else expect(json(came)).toMatchObject({ kind: 'Status', status: 'Failure', ...body });
    expect(exists('one')).toBe(false);
    expect(came.headers['audit-id']).toBeDefined();
  });

  it('storageInitializing happens to reads: 429 as a Status', async () => {
    cluster.faults.add({ fault: 'storageInitializing' });
    const came = await ask(url + MAPS);
    expect(json(came)).toMatchObject({ code: 429, message: 'storage is (re)initializing', reason: 'TooManyRequests' });
    expect(came.headers['retry-after']).toBe('1');
    expect((await create('one')).code).toBe(201);
  });

  it('the nth write conflicts, in the words of kube-apiserver', async () => {
    await create('one');
    cluster.faults.add({ match: { resources: ['configmaps'] }, when: { nth: 2 }, fault: 'conflict' });
    const patch = () =>
      ask(`${url}${MAPS}/one`, {
        method: 'PATCH',
        body: { data: { b: '2' } },
        headers: { 'content-type': 'application/merge-patch+json' },
      });
    expect((await patch()).code).toBe(200);
    expect(json(await patch())).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again',
      reason: 'Conflict',
      details: { name: 'one', kind: 'configmaps' },
      code: 409,
    });
    expect((await patch()).code).toBe(200);
    expect(cluster.faults.get('conflict')).toMatchObject({ matched: 3, fired: 1 });
  });

  it.each<[Fault, number]>([
    [{ timeout: { applied: true } }, 504],
    [{ etcdTimeout: { applied: true } }, 500],
    [{ error: { code: 503, applied: true } }, 503],
    [{ garbage: { applied: true } }, 200],
    [{ emptyAnswer: { applied: true } }, 200],
    [{ connectionReset: { applied: true } }, 0],
    ['halfAnswer', 200],
  ])('%j, though it was done', async (fault, code) => {
    cluster.faults.add({ match: { verbs: ['create'] }, fault });
    expect((await create('one')).code).toBe(code);
    expect(exists('one')).toBe(true);
  });

  it('tells the truth to whoever is refused anyway, where it is applied', async () => {
    cluster.faults.add({ match: { verbs: ['create'] }, fault: { timeout: { applied: true } } });
    expect(json(await create('Not a name'))).toMatchObject({ code: 422 });
  });
});

describe('connections', () => {
  it('are reset before anything is done', async () => {
    cluster.faults.add({ match: { verbs: ['create'] }, fault: 'connectionReset' });
    expect(await create('one')).toMatchObject({ code: 0, broke: 'ECONNRESET' });
    expect(exists('one')).toBe(false);
  });

  it('break in the middle of an answer', async () => {
    await create('one');
    const whole = (await ask(`${url}${MAPS}/one`)).text;
    cluster.faults.add({ match: { verbs: ['get'] }, fault: 'halfAnswer' });
    const came = await ask(`${url}${MAPS}/one`);
    expect(came).toMatchObject({ code: 200, broke: 'ECONNRESET', text: whole.slice(0, whole.length / 2) });
    expect(Number(came.headers['content-length'])).toBe(whole.length);
  });

  it('break before a watch has begun', async () => {
    cluster.faults.add({ match: { verbs: ['watch'] }, fault: { connectionReset: { applied: true } } });
    expect(await ask(`${url}${MAPS}?watch=1`)).toMatchObject({ code: 0, broke: 'ECONNRESET' });
  });
});

describe('latency', () => {
  it('goes by the cluster’s clock, before the request is looked at', async () => {
    cluster.faults.add({ match: { verbs: ['create'] }, fault: { latency: { by: '10s' } } });
    const answer = create('one');
    expect((await ask(`${url}${MAPS}`)).code).toBe(200);
    while (cluster.faults.list()[0]!.fired === 0) await ask(url + MAPS);
    await cluster.advance('9s');
    expect(exists('one')).toBe(false);
    await cluster.advance('1s');
    expect((await answer).code).toBe(201);
  });

  it('lets the clock be moved over HTTP by whoever waits', async () => {
    cluster.faults.add({ fault: { latency: { by: '10s' } } });
    const answer = create('one');
    while (cluster.faults.list()[0]!.fired === 0) await admin('/clock');
    expect((await admin('/clock/advance', { method: 'POST', body: { by: '10s' } })).code).toBe(200);
    expect((await answer).code).toBe(201);
  });

  it('holds the answer back, where it is applied', async () => {
    cluster.faults.add({ match: { verbs: ['create'] }, fault: { latency: { by: '10s', applied: true } } });
    const answer = create('one');
    while (!exists('one')) await ask(url + MAPS);
    await cluster.advance('10s');
    expect((await answer).code).toBe(201);
  });

  it('adds up, also with what happens then; by the machine’s time, if told so', async () => {
    cluster.faults.add(
      { match: { verbs: ['create'] }, fault: { latency: { by: '3s' } } },
      { match: { verbs: ['create'] }, fault: { latency: { by: '1ms', clock: 'machine' } } },
      { match: { verbs: ['create'] }, fault: 'unavailable' },
    );
    const answer = create('one');
    while (cluster.faults.list()[2]!.fired === 0) await ask(url + MAPS);
    await cluster.advance('3s');
    expect((await answer).code).toBe(503);
  });

  it('ends with the server', async () => {
    cluster.faults.add({ fault: { latency: { by: '10s' } } });
    const answer = create('one');
    while (cluster.faults.list()[0]!.fired === 0) await admin('/clock');
    await cluster.close();
    expect((await answer).broke).toBe('ECONNRESET');
  });
});

describe('who is hit', () => {
  it('everything of the Kubernetes API, but neither probes nor the page, GraphQL, metrics and the admin API', async () => {
    cluster.faults.add({ fault: 'unavailable' });
    const codes = async (...paths: string[]) =>
      (await Promise.all(paths.map(path => ask(url + path)))).map(c => c.code);
    expect(await codes(MAPS, '/version', '/apis', '/openapi/v2', '/api/v1')).toEqual([503, 503, 503, 503, 503]);
    expect(await codes('/healthz', '/readyz', '/metrics', '/_kubette/v1/clock')).toEqual([200, 200, 200, 200]);
    const graphql = { method: 'POST', body: { query: '{ __typename }' } };
    expect((await ask(`${url}/graphql`, graphql)).code).toBe(200);
  });

  it('others by their path; the admin API never', async () => {
    cluster.faults.add({ match: { path: '/*z' }, fault: 'unavailable' });
    cluster.faults.add({ match: { path: '/graphql' }, when: { nth: 2 }, fault: { error: { code: 500 } } });
    cluster.faults.add({ match: { path: '/graphql' }, fault: { latency: { by: '1ms', clock: 'machine' } } });
    cluster.faults.add({ match: { path: '/_kubette/*' }, fault: 'unavailable' });
    expect((await ask(`${url}/readyz`)).code).toBe(503);
    const graphql = () => ask(`${url}/graphql`, { method: 'POST', body: { query: '{ __typename }' } });
    expect(json(await graphql())).toEqual({ data: { __typename: 'Query' } });
    expect((await graphql()).code).toBe(500);
    expect((await admin('/faults')).code).toBe(200);
  });

  it('by labels: of what is there, of what is sent, of what a list asks for', async () => {
    cluster.faults.add({ match: { labels: 'app=web' }, fault: 'unavailable' });
    const post = (body: object) => ask(url + MAPS, { method: 'POST', body });
    expect((await post(configMap('a'))).code).toBe(201);
    expect((await post(configMap('b', { app: 'web' }))).code).toBe(503);
    await cluster.registry.create(configMaps, { ...configMap('c', { app: 'web' }) } as never, { namespace: 'default' });
    expect((await ask(`${url}${MAPS}/a`)).code).toBe(200);
    expect((await ask(`${url}${MAPS}/c`)).code).toBe(503);
    expect((await ask(`${url}${MAPS}?labelSelector=app%3Dweb`)).code).toBe(503);
    expect((await ask(`${url}${MAPS}?labelSelector=app`)).code).toBe(200);
  });

  it('by name: a creation has its name in what it sends, or none', async () => {
    cluster.faults.add({ name: 'named', match: { name: 'web-*', resources: ['configmaps'] }, fault: 'unavailable' });
    const post = (metadata: object) => ask(url + MAPS, { method: 'POST', body: { metadata } });
    expect((await post({ name: 'db-1' })).code).toBe(201);
    expect(cluster.faults.get('named')!.nearMisses[0]).toMatchObject({ missed: ['name web-*: it is db-1'] });
    expect((await post({ name: 'web-1' })).code).toBe(503);
    expect((await post({ generateName: 'web-' })).code).toBe(201);
    expect(cluster.faults.get('named')).toMatchObject({ matched: 1, fired: 1 });
  });

  it('not forks, which have faults of their own', async () => {
    cluster.faults.add({ fault: 'unavailable' });
    const { path } = await cluster.forks.create();
    expect((await ask(url + path + MAPS)).code).toBe(200);
    const own = { method: 'POST', body: { fault: 'timeout' } };
    expect((await ask(`${url}${path}/_kubette/v1/faults`, own)).code).toBe(201);
    expect((await ask(url + path + MAPS)).code).toBe(504);
    expect(cluster.faults.list()).toHaveLength(1);
  });
});

describe('/_kubette/v1/faults', () => {
  it('adds, tells, removes', async () => {
    const rule: FaultRule = { match: { verbs: ['list'] }, when: { nth: 1 }, fault: { error: { code: 500 } } };
    const added = await admin('/faults', { method: 'POST', body: rule });
    expect(added.code).toBe(201);
    expect(json(added)).toEqual({ faults: [{ name: 'error', ...rule, matched: 0, fired: 0, nearMisses: [] }] });
    await admin('/faults', {
      method: 'POST',
      body: { faults: [{ fault: 'timeout' }, { fault: 'timeout', when: { nth: 9 } }] },
    });
    await ask(url + MAPS);
    expect(json(await admin('/faults/error'))).toMatchObject({ matched: 1, fired: 1 });
    expect(json(await admin('/faults')).faults).toHaveLength(3);
    const verified = await admin('/faults/verify', { method: 'POST' });
    expect(verified.code).toBe(409);
    expect(json(verified).message).toContain('2 fault rules never fired');
    expect((await admin('/faults/timeout', { method: 'DELETE' })).code).toBe(200);
    expect(json(await admin('/faults/timeout'))).toMatchObject({ code: 404, message: 'faults "timeout" not found' });
    await admin('/faults/timeout-2', { method: 'DELETE' });
    expect((await admin('/faults/verify', { method: 'POST' })).code).toBe(200);
    expect(json(await admin('/faults', { method: 'DELETE' })).faults).toHaveLength(1);
    expect(cluster.faults.any).toBe(false);
  });

  it.each<[object, string]>([
    [{ fault: 'nonsense' }, 'fault must be one of conflict,'],
    [{ faults: [{ fault: 'timeout', when: { nth: 'x' } }, {}] }, 'rules[0].when.nth must be a whole number from 1'],
    [{ faults: 'timeout' }, 'faults must be a list of rules, not "timeout"'],
  ])('refuses %j', async (body, message) => {
    const came = await admin('/faults', { method: 'POST', body });
    expect(json(came)).toMatchObject({ code: 400, reason: 'BadRequest', message: expect.stringContaining(message) });
  });
});

describe('a request that brings its fault', () => {
  it('meets it, and no other request does', async () => {
    expect((await create('one', { 'kubette-fault': 'timeout' })).code).toBe(504);
    expect((await create('one', { 'kubette-fault': '{"error":{"code":502,"applied":true}}' })).code).toBe(502);
    expect(exists('one')).toBe(true);
    expect((await create('two')).code).toBe(201);
  });

  it.each([
    ['nonsense', 'Kubette-Fault must be one of conflict,'],
    ['{"error":', 'Kubette-Fault must be the name of a fault, or JSON such as {"latency":{"by":"2s"}}'],
    ['{"error":{"code":1}}', 'Kubette-Fault.error.code must be a code from 400 to 599, not 1'],
  ])('is refused if it is %s', async (header, message) => {
    const came = await create('one', { 'kubette-fault': header });
    expect(json(came)).toMatchObject({ code: 400, message: expect.stringContaining(message) });
    expect(exists('one')).toBe(false);
  });

  it('may do so if its user may add rules', async () => {
    const guarded = await createCluster({ authorization: 'RBAC', token: 'secret' });
    const at = (await guarded.listen()).url;
    const as = (user: object) =>
      ask(`${at}/version`, { headers: { authorization: 'Bearer secret', 'kubette-fault': 'timeout', ...user } });
    expect((await as({})).code).toBe(504);
    expect((await as({ 'impersonate-user': 'alice' })).code).toBe(403);
    await guarded.close();
  });
});

describe('a cluster', () => {
  it('begins with the faults of its options, and comes back to them when it is reset', async () => {
    const disturbed = await createCluster({ clock: 'virtual', faults: [{ fault: 'timeout' }] });
    const at = (await disturbed.listen()).url;
    expect((await ask(`${at}/version`)).code).toBe(504);
    disturbed.faults.clear();
    disturbed.faults.add({ fault: 'unavailable' });
    await disturbed.reset();
    expect(disturbed.faults.list()).toEqual([
      { name: 'timeout', match: {}, when: {}, fault: { timeout: {} }, matched: 0, fired: 0, nearMisses: [] },
    ]);
    const fork = await disturbed.fork();
    expect(fork.faults.list()).toEqual([]);
    await fork.close();
    await disturbed.close();
  });

  it('is not made with faults that make no sense', async () => {
    await expect(createCluster({ faults: [{ fault: 'conflict', when: { nth: 0 } }] })).rejects.toThrow(
      'faults[0].when.nth must be',
    );
  });
});
