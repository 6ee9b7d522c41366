import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { getIntrospectionQuery } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createGraphql, type Graphql } from '../../../src/graphql/server.js';
import type { Registry } from '../../../src/registry/registry.js';
import { nodes, pods } from '../../../src/resources/index.js';
import { openRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode } from '../../support/small-cluster.js';

let registry: Registry;
let graphql: Graphql;
let server: Server;
const reported: unknown[] = [];

beforeAll(async () => {
  registry = await openRegistry();
  graphql = createGraphql({ registry, version: 'v1.35.0', report: error => reported.push(error) });
  const app = express().use('/graphql', graphql.middleware);
  server = createServer(app);
  server.on('upgrade', (request, socket, head) => graphql.upgrade(request, socket, head));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  await addNode(registry, 'worker-1');
});

afterAll(async () => {
  await graphql.close();
  server.close();
});

const post = (body: object | string, headers: Record<string, string> = {}) =>
  supertest(server)
    .post('/graphql')
    .set({ 'content-type': 'application/json', ...headers })
    .send(body);

const ask = async (query: string, variables?: object) => (await post({ query, variables })).body;

describe('over HTTP', () => {
  it('answers, and tells the cost', async () => {
    const { status, body } = await post({ query: '{ cluster { version era nodeCount } nodes { nodes { name } } }' });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        cluster: { version: 'v1.35.0', era: 'current', nodeCount: 1 },
        nodes: { nodes: [{ name: 'worker-1' }] },
      },
      extensions: { cost: { requested: 102, limit: 100_000 } },
    });
  });

  it('answers the usual introspection query', async () => {
    const { body } = await post({ query: getIntrospectionQuery() });
    expect(body.errors).toBeUndefined();
    expect(body.data.__schema.types.map((t: { name: string }) => t.name)).toContain('Placement');
    expect(body.extensions).toBeUndefined();
  });

  it('tells a Kubernetes error with its Status', async () => {
    const { errors, data } = await ask('{ explain(daemonSet: "none", node: "worker-1") { reason } }');
    expect(data).toBeNull();
    expect(errors).toEqual([
      {
        message: 'daemonsets.apps "none" not found',
        path: ['explain'],
        locations: [{ line: 1, column: 3 }],
        extensions: {
          code: 'NOT_FOUND',
          status: expect.objectContaining({ kind: 'Status', reason: 'NotFound', code: 404 }),
        },
      },
    ]);
  });

  it('tells nothing of our own faults but that there was one', async () => {
    const broken = createGraphql({
      registry: new Proxy(registry, {
        get(target, key) {
          if (key === 'all') throw new Error('secret detail');
          const value = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
      version: 'v1.35.0',
      report: error => reported.push(error),
    });
    const { body } = await supertest(express().use('/graphql', broken.middleware))
      .post('/graphql')
      .send({ query: '{ nodes { totalCount } }' });
    await broken.close();
    expect(body.errors).toEqual([
      expect.objectContaining({
        message: 'Internal server error',
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      }),
    ]);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(reported.map(String)).toContain('Error: secret detail');
  });

  it.each<[string, object | string, number, string]>([
    ['bad JSON', '{"query"', 400, 'BAD_REQUEST'],
    ['no query', {}, 400, 'BAD_REQUEST'],
    ['a syntax error', { query: '{' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ secrets }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['a body that is too large', { query: `{ ${'#'.repeat(1024 * 1024)}\n cluster { era } }` }, 413, 'BAD_REQUEST'],
    ['too many tokens', { query: `{ ${'__typename '.repeat(4001)} }` }, 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'too many aliases',
      { query: `{ ${Array.from({ length: 51 }, (_, i) => `a${i}: __typename`).join(' ')} }` },
      400,
      'TOO_MANY_ALIASES',
    ],
    [
      'a query that is too deep',
      { query: `{ nodes ${'{ nodes { pods { nodes { node '.repeat(6)} { name } ${'} } } } '.repeat(6)} }` },
      400,
      'QUERY_TOO_DEEP',
    ],
    [
      'a query that is too wide',
      { query: '{ nodes(first: 500) { nodes { pods(first: 500) { nodes { name } } } } }' },
      400,
      'QUERY_TOO_COSTLY',
    ],

    ['a subscription', { query: 'subscription { placementChanged { node } }' }, 400, 'BAD_REQUEST'],
    ['a page size out of range', { query: '{ nodes(first: 501) { totalCount } }' }, 200, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_name, body, status, code) => {
    const answer = await post(body);
    expect(answer.body.errors?.[0].extensions.code ?? answer.text).toBe(code);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(/stacktrace|node_modules|\.ts:/);
  });

  it('gives a request up that takes too long, and says so once', async () => {
    const hasty = createGraphql({ registry, version: 'v1.35.0', limits: { requestMs: -1 } });
    const app = express().use('/graphql', hasty.middleware);
    const { body } = await supertest(app).post('/graphql').send({
      query:
        '{ a: nodeByName(name: "worker-1") { name } b: nodeByName(name: "x") { name } c: nodeByName(name: "y") { name } }',
    });
    await hasty.close();
    expect(body.data).toEqual({ a: null, b: null, c: null });
    expect(body.errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('took longer than'),
        extensions: { code: 'REQUEST_TIMEOUT', limit: -1 },
      }),
    ]);
  });

  it('refuses what a form on another page can send', async () => {
    const { status } = await supertest(server).post('/graphql').type('text/plain').send('{"query":"{ __typename }"}');
    expect(status).toBe(400);
    const byGet = await supertest(server).get('/graphql').query({ query: '{ __typename }' });
    expect(byGet.status).toBe(400);
    const preflighted = await supertest(server)
      .get('/graphql')
      .set('apollo-require-preflight', 'true')
      .query({ query: '{ __typename }' });
    expect(preflighted.body.data).toEqual({ __typename: 'Query' });
  });

  it('answers hostile queries, which would take years if they were followed', async () => {
    const spreads = Array.from({ length: 30 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
    for (const query of [
      `{ ...F0 } ${spreads.join(' ')} fragment F30 on Query { __typename }`,
      `{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }`,
      `{ ${'cluster { era } '.repeat(900)} }`,
      `{ __schema { ${'types { fields { type { '.repeat(8)} name ${'} } } '.repeat(8)} } }`,
      `{ ${Array.from({ length: 50 }, (_, i) => `a${i}: __schema { types { name fields { name } } }`).join(' ')} }`,
      `{ ${Array.from({ length: 400 }, (_, i) => `...F${i % 40}`).join(' ')} } ${Array.from({ length: 40 }, (_, i) => `fragment F${i} on Query { cluster { era } }`).join(' ')}`,
      `query(${Array.from({ length: 900 }, (_, i) => `$v${i}: Int`).join(' ')}) { __typename }`,
    ]) {
      const body = await ask(query);
      expect(body.data ?? body.errors?.[0]?.message).toBeTruthy();
      expect(JSON.stringify(body)).not.toMatch(/stacktrace|node_modules|\.ts:/);
    }
  });

  it.each<[string, object | string, string]>([
    ['a list of requests', [{ query: '{ __typename }' }, { query: '{ __typename }' }], 'BAD_REQUEST'],
    [
      'variables without end',
      `{"query":"query($a: JSON) { __typename }","variables":{"a":${'['.repeat(9e5)}}}`,
      'BAD_REQUEST',
    ],
    [
      'variables that are deep',
      `{"query":"mutation($p: JSON!) { patch(kind: "no", name: "worker-1", patch: $p) { revision } }","variables":{"p":${'['.repeat(2e5)}${']'.repeat(2e5)}}}`,
      'INTERNAL_SERVER_ERROR|BAD_REQUEST|BAD_USER_INPUT|INVALID',
    ],
    ['variables of another kind', { query: '{ __typename }', variables: [1] }, 'BAD_REQUEST'],
    ['a query that is no text', { query: { a: 1 } }, 'BAD_REQUEST'],
    [
      'a number where a page is told',
      { query: 'query($n: Int) { nodes(first: $n) { totalCount } }', variables: { n: 1e300 } },
      'BAD_USER_INPUT',
    ],
    [
      'introspection that goes round in circles',
      { query: `{ __type(name: "Query") ${'{ fields { type '.repeat(5)} { name } ${'} } '.repeat(5)} }` },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'pages in pages by fragments',
      {
        query:
          '{ nodes(first: 500) { ...A } } fragment A on ClusterNodeConnection { nodes { pods(first: 500) { ...B } } } fragment B on PodConnection { nodes { node { placements(first: 500) { totalCount nodes { reason } } } } }',
      },
      'QUERY_TOO_COSTLY',
    ],
    [
      'pages by a variable',
      {
        query: 'query($n: Int!) { pods(first: $n) { nodes { history(first: $n) { nodes { diff { path } } } } } }',
        variables: { n: 500 },
      },
      'QUERY_TOO_COSTLY',
    ],
  ])('refuses %s, in few words', async (_, body, codes) => {
    const answer = await post(body);
    expect(answer.body.errors?.[0].extensions.code ?? answer.text).toMatch(new RegExp(`^(${codes})$`));
    expect(answer.text.length).toBeLessThan(2000);
    expect(answer.text).not.toMatch(/stacktrace|node_modules|\.ts:/);
    expect((await ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});

describe('the playground', () => {
  it('is for browsers only', async () => {
    const html = await supertest(server).get('/graphql').set('accept', 'text/html,application/xhtml+xml,*/*;q=0.8');
    expect(html.headers.vary).toContain('Accept');
    expect(html.headers['content-security-policy']).toContain("default-src 'none'");
    const program = await supertest(server).get('/graphql').set('accept', '*/*');
    expect(program.headers['content-type']).not.toContain('html');
  });

  it('does not give away other files', async () => {
    for (const path of ['/graphql/../package.json', '/graphql/%2e%2e/%2e%2e/package.json', '/graphql/assets/none.js']) {
      expect((await supertest(server).get(path)).status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('over WebSocket', () => {
  let client: Client;
  const connect = (headers: Record<string, string> = {}) => {
    const { port } = server.address() as AddressInfo;
    class Socket extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { headers });
      }
    }
    return createClient({ url: `ws://127.0.0.1:${port}/graphql`, webSocketImpl: Socket, retryAttempts: 0 });
  };
  beforeAll(() => {
    client = connect();
  });
  afterAll(() => client.dispose());

  const first = async (query: string) => {
    for await (const result of client.iterate({ query })) return result;
    return undefined;
  };

  it('tells of placements as they change', async () => {
    const daemonSet = await addDaemonSet(registry, 'agent');
    const feed = client.iterate<{
      placementChanged: { node: string; before: string; placement: { actual: string } | null };
    }>({
      query: 'subscription { placementChanged(daemonSet: "agent") { node before placement { actual } } }',
    });
    const next = async () => (await feed.next()).value?.data?.placementChanged;
    // The feed tells of changes from its beginning on: a query that is answered after it shows that it has begun.
    const pending = next();
    await first('{ __typename }');
    const pod = await addDaemonPod(registry, daemonSet, 'worker-1');
    expect(await pending).toMatchObject({
      node: 'worker-1',
      before: 'MISSING',
      placement: { actual: expect.stringMatching(/PENDING|PRESENT/) },
    });
    await registry.delete(pods, pod.namespace, pod.name, { gracePeriodSeconds: 0 });
    let change = await next();
    while (change?.placement?.actual !== 'MISSING') change = await next();
    await registry.delete(nodes, '', 'worker-1');
    expect(await next()).toEqual({ node: 'worker-1', before: 'MISSING', placement: null });
    await addNode(registry, 'worker-1');
    // New nodes are tainted at first.
    change = await next();
    expect(change).toMatchObject({ node: 'worker-1', before: null });
    while (change?.placement?.actual !== 'MISSING') change = await next();
    await feed.return?.();
  });

  it('answers queries too, under the same limits', async () => {
    expect(await first('{ cluster { era } }')).toEqual({ data: { cluster: { era: 'current' } } });
    const refused = (query: string) =>
      first(query).then(String, errors => errors[0].extensions?.code ?? errors[0].message);
    expect(await refused('{ nodes(first: 500) { nodes { pods(first: 500) { nodes { name } } } } }')).toBe(
      'QUERY_TOO_COSTLY',
    );
    expect(await refused(`{ ${'__typename '.repeat(4001)} }`)).toContain('4000 tokens');
    const status = await first('{ explain(daemonSet: "none", node: "x") { reason } }');
    expect(status?.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', status: { code: 404 } });
  });

  it('refuses pages of other sites', async () => {
    const foreign = connect({ origin: 'http://evil.example' });
    await expect(
      (async () => {
        for await (const _ of foreign.iterate({ query: '{ __typename }' }));
      })(),
    ).rejects.toBeDefined();
    await foreign.dispose();
  });
});
