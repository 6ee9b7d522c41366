import { createServer, get, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import express from 'express';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { Random } from '../../../src/clock/random.js';
import { createGraphql, type Graphql } from '../../../src/graphql/server.js';
import { ALWAYS_ALLOW } from '../../../src/registry/authorizer.js';
import { configMaps, events, pods } from '../../../src/resources/index.js';
import type { Event, KubeObject } from '../../../src/resources/types.js';
import { addPod, RandomWrites } from '../../support/random-writes.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode } from '../../support/small-cluster.js';

const BEHIND = 100_000;

let registry: TestRegistry;
let graphql: Graphql;
let server: Server;
let path: string;

beforeEach(async () => {
  registry = await openRegistry(['default', 'shop']);
  await addNode(registry, 'a');
  graphql = createGraphql({
    registry,
    version: 'v1.35.0',
    limits: { behindBytes: BEHIND },
    userOf: ({ headers }) => ({ name: String(headers.user ?? 'vera'), groups: [] }),
  });
  server = createServer(express().use('/graphql', graphql.middleware));
  server.on('upgrade', (request, socket, head) => graphql.upgrade(request, socket, head));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  path = `127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});

afterEach(async () => {
  await graphql.close();
  server.closeAllConnections();
  server.close();
});

/** Who follows the log of the registry. */
let followers: Set<object>;
beforeEach(() => {
  followers = new Set();
  const { log } = registry;
  const { follow } = log;
  log.follow = listener => {
    followers.add(listener);
    const stop = follow.call(log, listener);
    return () => {
      followers.delete(listener);
      return stop();
    };
  };
});

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise(resolve => setImmediate(resolve));
};

interface Result {
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  readonly data?: Record<string, any> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

/** Both ways to follow a subscription: its results, one after the other. */
const TRANSPORTS: Record<string, (query: string) => AsyncGenerator<Result>> = {
  async *WebSocket(query) {
    const client = createClient({ url: `ws://${path}`, webSocketImpl: WebSocket, retryAttempts: 0 });
    try {
      yield* client.iterate({ query }) as AsyncGenerator<Result>;
    } finally {
      await client.dispose();
    }
  },
  async *SSE(query) {
    const client = createSseClient({ url: `http://${path}/stream`, retryAttempts: 0 });
    try {
      yield* client.iterate({ query }) as AsyncGenerator<Result>;
    } finally {
      client.dispose();
    }
  },
};

const take = async (results: AsyncGenerator<Result>, count: number): Promise<Result[]> => {
  const taken: Result[] = [];
  while (taken.length < count) {
    const { value, done } = await results.next();
    if (done) break;
    taken.push(value);
  }
  await results.return(undefined);
  return taken;
};

const tell = (name: string, reason: string) =>
  registry.create<Event>(events, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'default' },
    involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
    reason,
    type: 'Warning',
  } as never);

describe.each(Object.keys(TRANSPORTS))('over %s', name => {
  const follow = TRANSPORTS[name]!;

  it('tells of objects, events, placements, rollouts and the map what is new since a revision', async () => {
    const { revision } = registry;
    const agent = await addDaemonSet(registry, 'agent');
    const pod = await addDaemonPod(registry, agent, 'a');
    await tell('e1', 'FailedScheduling');
    await tell('e2', 'BackOff');
    const since = `since: "${revision}"`;
    const [added] = await take(
      follow(`subscription { objectChanged(kind: "po", namespace: "default", ${since}) {
        revision type object { __typename name ... on Pod { node { name } } } } }`),
      1,
    );
    expect(added).toMatchObject({
      data: { objectChanged: { type: 'ADDED', object: { __typename: 'Pod', name: pod.name, node: { name: 'a' } } } },
    });
    const [event] = await take(
      follow(`subscription { events(reason: "BackOff", kind: "Pod", ${since}) { type event { name reason } } }`),
      1,
    );
    expect(event!.data).toEqual({ events: { type: 'ADDED', event: { name: 'e2', reason: 'BackOff' } } });
    const [placed] = await take(
      follow(`subscription { placementChanged(${since}) { before placement { actual } cause { type kind name } } }`),
      1,
    );
    expect(placed!.data).toEqual({
      placementChanged: {
        before: null,
        placement: { actual: 'PRESENT' },
        cause: { type: 'MODIFIED', kind: 'Pod', name: pod.name },
      },
    });
    const [rollout] = await take(
      follow(`subscription { rollout(daemonSet: "agent") { message done happened { what } object { name } } }`),
      1,
    );
    expect(rollout!.data).toMatchObject({ rollout: { done: true, happened: [], object: { name: 'agent' } } });
    const [map] = await take(follow(`subscription { clusterMap(${since}) { whole more rows { name cells } } }`), 1);
    expect(map!.data).toEqual({
      clusterMap: {
        whole: false,
        more: false,
        rows: [
          { name: 'a', cells: '0R' },
          { name: '', cells: '' },
        ],
      },
    });
  });

  it('ends a rollout with it, where that is asked for', async () => {
    const agent = await addDaemonSet(registry, 'agent');
    await addDaemonPod(registry, agent, 'a');
    const results: Result[] = [];
    const query = 'subscription { rollout(kind: "ds", name: "agent", untilDone: true) { message } }';
    for await (const result of follow(query)) results.push(result);
    expect(results.map(({ data }) => data)).toEqual([
      { rollout: { message: 'daemon set "agent" successfully rolled out' } },
    ]);
  });

  it.each([
    ['objectChanged(kind: "Pod", since: "1") { revision }', 'EXPIRED'],
    ['events(since: "1") { revision }', 'EXPIRED'],
    ['placementChanged(since: "1") { revision }', 'EXPIRED'],
    ['rollout(daemonSet: "agent", since: "1") { revision }', 'EXPIRED'],
    ['objectChanged(kind: "Pod", since: "99999") { revision }', 'BAD_USER_INPUT'],
    ['objectChanged(kind: "Pod", since: "soon") { revision }', 'BAD_USER_INPUT'],
    ['objectChanged(kind: "Pod", since: "0") { revision }', 'BAD_USER_INPUT'],
    ['objectChanged(kind: "Nothing") { revision }', 'NOT_FOUND'],
    ['objectChanged(kind: "Pod", labelSelector: "=") { revision }', 'BAD_REQUEST'],
    ['rollout(daemonSet: "none") { revision }', 'NOT_FOUND'],
    ['rollout(kind: "Pod", name: "p") { revision }', 'BAD_USER_INPUT'],
    ['rollout(daemonSet: "agent", name: "p") { revision }', 'BAD_USER_INPUT'],
  ])('refuses %s', async (field, code) => {
    await addDaemonSet(registry, 'agent');
    await registry.log.compact(registry.revision);
    const [refused, ...more] = await take(follow(`subscription { ${field} }`), 2);
    expect(refused!.errors?.map(({ extensions }) => extensions?.code)).toEqual([code]);
    expect(more).toEqual([]);
    if (code === 'EXPIRED') expect(refused!.errors![0]!.extensions!.status).toMatchObject({ code: 410 });
  });

  it.each([
    ['objectChanged(kind: "Pod") { revision }', 'cannot watch resource "pods"'],
    ['objectChanged(kind: "Pod", namespace: "shop", name: "p") { revision }', 'cannot watch resource "pods"'],
    ['events { revision }', 'cannot watch resource "events"'],
    ['placementChanged { revision }', 'cannot list resource "daemonsets"'],
    ['rollout(namespace: "shop", daemonSet: "agent") { revision }', 'cannot get resource "daemonsets"'],
    ['clusterMap { revision }', 'cannot list resource "nodes"'],
  ])('is for those who may see it: %s', async (field, refusal) => {
    registry.authorizer = {
      ...ALWAYS_ALLOW,
      allowsAll: false,
      resource: (_, { namespace }) => ({ allowed: namespace === 'default', reason: '' }),
    };
    const [refused] = await take(follow(`subscription { ${field} }`), 1);
    expect(refused!.errors?.[0]).toMatchObject({
      message: expect.stringContaining(`User "vera" ${refusal}`),
      extensions: { code: 'FORBIDDEN', status: { code: 403 } },
    });
    const { revision } = registry;
    await addPod(registry, 'p');
    const allowed = `subscription { objectChanged(kind: "Pod", namespace: "default", since: "${revision}") { type } }`;
    expect(await take(follow(allowed), 1)).toMatchObject([{ data: { objectChanged: { type: 'ADDED' } } }]);
  });

  it('names as cause nothing that the reader may not see', async () => {
    const large = { containers: [{ name: 'main', image: 'x', resources: { requests: { cpu: '3900m' } } }] };
    const agent = await addDaemonSet(registry, 'agent', { spec: large });
    await addPod(registry, 'hidden', { node: 'a', namespace: 'shop' });
    await addDaemonPod(registry, agent, 'a', { unbound: true, status: { phase: 'Pending' } });
    registry.authorizer = {
      ...ALWAYS_ALLOW,
      allowsAll: false,
      resource: (_, { namespace }) => ({ allowed: namespace !== 'shop', reason: '' }),
    };
    const { revision } = registry;
    await registry.delete(pods, 'shop', 'hidden', { gracePeriodSeconds: 0 });
    const query = `subscription { placementChanged(since: "${revision}") { placement { reason } cause { name } } }`;
    expect(await take(follow(query), 1)).toMatchObject([
      { data: { placementChanged: { cause: null, placement: { reason: expect.stringContaining('waits for') } } } },
    ]);
  });

  it('loses and repeats nothing, wherever the connection is cut (1)', async () => {
    const random = new Random(1);
    const writes = new RandomWrites(registry, 1);
    const begin = registry.revision;
    const query = (since: number | string) =>
      `subscription { objectChanged(kind: "Pod", since: "${since}") { revision type object { name json } } }`;
    let since: string = String(begin);
    const pieces: Result[] = [];
    let written = 0;
    registry.watch(pods, { resourceVersion: String(begin) }, () => written++);
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 12; i++) await writes.write();
      const left = written - pieces.length;
      const part = await take(follow(query(since)), round === 7 ? left : random.below(left + 1));
      pieces.push(...part);
      since = part.at(-1)?.data?.objectChanged.revision ?? since;
    }
    expect(written).toBeGreaterThan(15);
    expect(pieces).toEqual(await take(follow(query(begin)), written));
  });
});

describe('a reader that does not read', () => {
  const QUERY = 'subscription { objectChanged(kind: "ConfigMap") { revision object { name json } } }';
  const SIZE = 20_000;
  const COUNT = 2000;

  /** Writes far more than may wait, and than sockets hold. */
  async function writeMuch(): Promise<void> {
    for (let i = 0; i < COUNT; i++) {
      const metadata = { name: `c${i}`, namespace: 'default' };
      const data = { text: 'x'.repeat(SIZE) };
      await registry.create<KubeObject>(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } as never);
    }
  }

  /** How many were told before the error, and whether it says where to go on. */
  function judge(results: readonly Result[]): void {
    const last = results.at(-1)!;
    const told = results.slice(0, -1);
    expect(last.errors?.[0]?.extensions).toEqual({
      code: 'TOO_SLOW',
      revision: told.at(-1)!.data!.objectChanged.revision,
    });
    // What the sockets of both sides took, and what waited; of 40 MB.
    expect(told.length).toBeLessThan(COUNT / 2);
    expect(told.map(({ data }) => data!.objectChanged.object.name)).toEqual(told.map((_, i) => `c${i}`));
  }

  it('is told over WebSocket where to go on, and holds no more than its bound until then', async () => {
    const socket = new WebSocket(`ws://${path}`, 'graphql-transport-ws');
    const results: Result[] = [];
    const complete = new Promise<void>(resolve => {
      socket.on('message', data => {
        const message = JSON.parse(String(data));
        if (message.type === 'connection_ack')
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY } }));
        if (message.type === 'next') results.push(message.payload);
        if (message.type === 'complete') resolve();
      });
    });
    await new Promise(resolve => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await until(() => followers.size > 0);
    socket.pause();
    await writeMuch();
    socket.resume();
    await complete;
    judge(results);
    socket.terminate();
  });

  it('is told as server-sent events where to go on, and holds no more than its bound until then', async () => {
    const response = await new Promise<IncomingMessage>(resolve => {
      get(
        `http://${path}/stream?query=${encodeURIComponent(QUERY)}`,
        { headers: { accept: 'text/event-stream' } },
        resolve,
      );
    });
    await until(() => followers.size > 0);
    await writeMuch();
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    const data = [...text.matchAll(/event: next\ndata: (.*)\n/g)].map(([, json]) => JSON.parse(json!));
    judge(data);
  });
});

describe('server-sent events', () => {
  const stream = (query: string, headers: Record<string, string> = {}) =>
    new Promise<IncomingMessage>(resolve => {
      const url = `http://${path}/stream?query=${encodeURIComponent(query)}`;
      get(url, { headers: { accept: 'text/event-stream', ...headers } }, resolve);
    });

  /** The first message of a stream. */
  async function first(response: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk;
      const [message] = text.split('\n\n').filter(part => part.includes('event: next'));
      if (message && text.indexOf('\n\n', text.indexOf('event: next')) > 0) return message;
    }
    return text;
  }

  it('carry the revision as their id, and go on from the Last-Event-ID that an EventSource sends', async () => {
    const { revision } = registry;
    await addPod(registry, 'p');
    await addPod(registry, 'q');
    const query = `subscription { objectChanged(kind: "Pod", since: "${revision}") { object { name } } }`;
    const begin = await first(await stream(query));
    const id = /^id: (\d+)$/m.exec(begin)?.[1];
    expect(begin).toContain('"name":"p"');
    expect(Number(id)).toBe(registry.get(pods, 'default', 'p')!.revision);
    const next = await first(await stream(query, { 'last-event-id': id! }));
    expect(next).toContain('"name":"q"');
  });

  it('have no id within a picture of the map that is not complete', async () => {
    await addNode(registry, 'b');
    const message = await first(await stream('subscription { clusterMap(rows: 1) { rows { name } } }'));
    expect(message).toContain('"name":"a"');
    expect(message).not.toContain('id:');
  });

  it('answer queries too, under the limits of all others', async () => {
    expect(await first(await stream('{ cluster { era } }'))).toContain('{"data":{"cluster":{"era":"current"}}}');
    expect(
      await first(await stream('{ nodes(first: 500) { nodes { pods(first: 500) { nodes { name } } } } }')),
    ).toContain('QUERY_TOO_COSTLY');
    expect(await first(await stream('{ secrets }'))).toContain('Cannot query field');
    const huge = await new Promise<IncomingMessage>(resolve => {
      request(
        `http://${path}/stream`,
        { method: 'POST', headers: { accept: 'text/event-stream', 'content-type': 'application/json' } },
        resolve,
      ).end(JSON.stringify({ query: `{ ${'#'.repeat(1024 * 1024)}\n __typename }` }));
    });
    expect(huge.statusCode).toBe(413);
    huge.resume();
  });

  it.each([
    [{ origin: 'http://evil.example' }, 403],
    [{ accept: 'application/json' }, 406],
  ])('are refused for %j', async (headers, status) => {
    const response = await stream('subscription { events { revision } }', headers);
    response.resume();
    expect(response.statusCode).toBe(status);
  });

  it('are not shared by several operations, and it is told what is there instead', async () => {
    const answer = await fetch(`http://${path}/stream`, { method: 'PUT' });
    expect(answer.status).toBe(405);
    expect(await answer.text()).toContain('single connection mode is not served');
  });

  it('end with the connection, and the feed with them', async () => {
    const response = await stream('subscription { placementChanged { revision } }');
    await until(() => followers.size === 1);
    const socket: NetSocket = response.socket;
    const closed = new Promise(resolve => socket.once('close', resolve));
    response.destroy();
    await closed;
    await until(() => followers.size === 0);
  });
});
