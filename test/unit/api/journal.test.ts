import { afterEach, expect, it, vi } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import { type Ask, ask, json } from '../../support/asking.js';

let cluster: Cluster;
let url: string;
afterEach(() => cluster.close());

async function serve(options: ClusterOptions = {}): Promise<void> {
  cluster = await createCluster({ clock: 'virtual', ...options });
  ({ url } = await cluster.listen());
}

const MAPS = '/api/v1/namespaces/default/configmaps';
const SECRETS = '/api/v1/namespaces/default/secrets';
const create = (path: string, object: object) => ask(url + path, { method: 'POST', body: object });
const admin = (path: string, more: Ask = {}) => ask(`${url}/_kubette/v1/journal${path}`, more);

it('holds what was asked, of whom and what came of it, but not what was asked of the cluster as a whole', async () => {
  await serve();
  await create(MAPS, { metadata: { name: 'one' } });
  await cluster.advance('10s');
  await ask(`${url}${MAPS}/none?pretty=true`, { headers: { 'user-agent': 'operator/1', 'impersonate-user': 'jane' } });
  await ask(`${url}/apis/apps/v1/namespaces/default/daemonsets/agent/status`, { method: 'PATCH' });
  await ask(`${url}/version`);
  await ask(`${url}/_kubette/v1/clock`);
  const start = Date.UTC(2025, 0, 1);
  expect(cluster.journal.find()).toMatchObject([
    { number: 1, time: start, verb: 'create', resource: 'configmaps', namespace: 'default', name: 'one', code: 201 },
    {
      time: start + 10_000,
      user: 'jane',
      userAgent: 'operator/1',
      method: 'GET',
      url: `${MAPS}/none?pretty=true`,
      verb: 'get',
      name: 'none',
      code: 404,
      faults: [],
      open: false,
    },
    { verb: 'patch', resource: 'daemonsets.apps/status', name: 'agent', code: 415 },
    { verb: 'get', resource: '', url: '/version', code: 200 },
  ]);
  expect(cluster.journal.find().map(entry => 'body' in entry)).toEqual([false, false, false, false]);
});

it('says which rules a request was disturbed by, and that there was no answer', async () => {
  await serve({
    faults: [
      { name: 'slow', match: { verbs: ['create'] }, fault: { latency: { by: '1ms', clock: 'machine' } } },
      { name: 'cut', match: { verbs: ['create'] }, fault: 'connectionReset' },
      { name: 'again', match: { verbs: ['get'], resources: ['configmaps'] }, fault: 'etcdTimeout' },
    ],
  });
  await create(MAPS, { metadata: { name: 'one' } });
  await ask(`${url}${MAPS}/one`);
  expect(cluster.journal.find()).toMatchObject([
    { verb: 'create', resource: 'configmaps', code: 0, faults: ['slow', 'cut'] },
    { verb: 'get', resource: 'configmaps', name: 'one', code: 500, faults: ['again'] },
  ]);
  expect(cluster.journal.count({ fault: 'cut' })).toBe(1);
});

it('has watches from when they begin', async () => {
  await serve();
  let seen: unknown;
  await ask(`${url}${MAPS}?watch=true`, {
    onText(_, end) {
      seen = cluster.journal.find();
      end();
    },
  });
  expect(seen).toMatchObject([{ verb: 'watch', resource: 'configmaps', code: 200, open: true }]);
  await vi.waitFor(() => expect(cluster.journal.find()).toMatchObject([{ open: false }]));
});

it.each([
  [true, '{"metadata":{"name":"one"},"data":{"a":"1"}}'],
  [20, '{"metadata":{"name":'],
])('keeps bodies if it is told to, up to a bound, but no secrets: %j', async (bodies, body) => {
  await serve({ journal: { bodies } });
  await create(MAPS, { metadata: { name: 'one' }, data: { a: '1' } });
  await create(SECRETS, { metadata: { name: 'one' }, stringData: { a: '1' } });
  await ask(`${url}${MAPS}`);
  expect(cluster.journal.find().map(entry => entry.body)).toEqual([body, undefined, undefined]);
});

it('holds nothing when it is off', async () => {
  await serve({ journal: { size: 0 } });
  await create(MAPS, { metadata: { name: 'one' } });
  expect(cluster.journal.find()).toEqual([]);
  await expect(createCluster({ journal: { size: -1 } })).rejects.toThrow('journal.size must be a whole number');
});

it('is each cluster’s own, and empty after a reset', async () => {
  await serve();
  await ask(`${url}/version`);
  const { path } = await cluster.forks.create();
  await ask(`${url}${path}/version`);
  const fork = json(await ask(`${url}${path}/_kubette/v1/journal`));
  expect(fork).toMatchObject({ count: 1, requests: [{ number: 1, url: '/version' }] });
  expect(cluster.journal.count()).toBe(1);
  await cluster.snapshot('here');
  await cluster.restore('here');
  expect(cluster.journal.count()).toBe(1);
  await cluster.reset();
  expect(cluster.journal.count()).toBe(0);
});

it('is asked over HTTP: found by parameters, verified, forgotten', async () => {
  await serve();
  await create(MAPS, { metadata: { name: 'one' } });
  await create(MAPS, { metadata: { name: 'one' } });
  await ask(`${url}${MAPS}/one`);
  expect(json(await admin('')).count).toBe(3);
  const found = await admin('?verb=create&verb=update&resource=configmaps&code=409');
  expect(json(found)).toMatchObject({
    count: 1,
    requests: [{ number: 2, time: '2025-01-01T00:00:00.000000Z', verb: 'create', code: 409 }],
  });
  const verify = (body: object) => admin('/verify', { method: 'POST', body });
  expect(await verify({ match: { verbs: ['create'] }, times: 2 })).toMatchObject({ code: 200 });
  expect(await verify({ match: { verbs: ['create'] }, least: 1, most: 2 })).toMatchObject({ code: 200 });
  const unmet = await verify({ match: { verbs: ['delete'] } });
  expect([unmet.code, json(unmet).message]).toEqual([
    409,
    expect.stringMatching(
      /^expected 1 request or more with verbs delete, found 0; the closest were\n {4}get configmaps/,
    ),
  ]);
  expect(await admin('?verb=fetch')).toMatchObject({ code: 400, text: expect.stringContaining('match.verbs[0] must') });
  expect(await admin('?verbs=get')).toMatchObject({
    code: 400,
    text: expect.stringContaining('there is no parameter \\"verbs\\"; there are verb, resource, namespace'),
  });
  expect(await admin('?code=ok')).toMatchObject({ code: 400, text: expect.stringContaining('match.code must be') });
  expect(await verify({ times: 'twice' })).toMatchObject({ code: 400 });
  expect(json(await admin('', { method: 'DELETE' }))).toEqual({ count: 3 });
  expect(json(await admin('')).count).toBe(0);
});
