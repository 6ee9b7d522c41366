import { request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import { Forks } from '../../../src/cluster/forks.js';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { nodes, pods } from '../../../src/resources/index.js';

const clusters: Cluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

async function serve(options: ClusterOptions = {}) {
  const cluster = await createCluster({ clock: 'virtual', nodes: 2, ...options });
  clusters.push(cluster);
  await cluster.settled();
  const { url } = await cluster.listen();
  const ask = async (path: string, { method = 'GET', body, headers = {} }: Asked = {}) => {
    const answer = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
    return { code: answer.status, headers: answer.headers, text, body: json };
  };
  const graph = async (query: string, path = '', headers = {}) =>
    (await ask(`${path}/graphql`, { method: 'POST', body: { query }, headers })).body;
  return { cluster, url, ask, graph };
}

interface Asked {
  readonly method?: string;
  readonly body?: object | string;
  readonly headers?: Record<string, string>;
}

const FORKS = '/_kubette/v1/forks';
const daemon = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } },
  },
});

describe('forks with an address', () => {
  it('are whole clusters: REST and GraphQL behind a path, and the base is never touched', async () => {
    const { cluster, ask, graph } = await serve();
    const made = await ask(FORKS, { method: 'POST', body: { name: 'what if' } });
    expect(made.code).toBe(201);
    const { path, id } = made.body;
    expect(made.body).toEqual({
      id,
      path: `/forks/${id}`,
      name: 'what if',
      base: null,
      revision: cluster.revision,
      time: '2025-01-01T00:00:00Z',
      era: 'current',
      createdAt: expect.stringMatching(/^20\d\d-/),
      idleSeconds: 0,
    });
    const { revision } = cluster;
    const created = await ask(`${path}/apis/apps/v1/namespaces/default/daemonsets`, {
      method: 'POST',
      body: daemon('agent'),
    });
    expect(created.code).toBe(201);
    const advanced = await graph('mutation { advance(by: "1m") { now } }', path);
    expect(advanced.data.advance.now).toBe('2025-01-01T00:01:00Z');
    expect((await ask(`${path}/api/v1/namespaces/default/pods`)).body.items).toHaveLength(2);
    expect((await graph('{ cluster { podCount } }', path)).data.cluster.podCount).toBe(2);
    expect([cluster.revision, cluster.registry.all(pods)]).toEqual([revision, []]);
    expect((await ask('/api/v1/namespaces/default/pods')).body.items).toEqual([]);

    const listed = await ask(FORKS);
    expect(listed.body.forks).toEqual([{ ...made.body, idleSeconds: 0 }]);
    expect((await ask(`${FORKS}/${id}`)).body.name).toBe('what if');
    expect((await ask(`${FORKS}/${id}`, { method: 'DELETE' })).code).toBe(200);
    for (const gone of [`${path}/api`, `${FORKS}/${id}`])
      expect((await ask(gone)).body).toMatchObject({ kind: 'Status', reason: 'NotFound', code: 404 });
  });

  it('are made, told of and closed by GraphQL, from any of them; forks of forks do without their base', async () => {
    const { cluster, graph } = await serve();
    await cluster.apply(daemon('agent'));
    await cluster.advance('1m');
    const first = (await graph('mutation { createFork(at: 5, name: "then") { id path base revision } }')).data
      .createFork;
    expect(first).toMatchObject({ base: null, revision: '5' });
    const made = await graph('mutation { createFork { id path name base revision era } }', first.path);
    const second = made.data.createFork;
    expect(second).toEqual({ ...second, name: second.id, base: first.id, era: 'CURRENT' });
    const listed = '{ forks { id base } }';
    for (const path of ['', first.path, second.path])
      expect((await graph(listed, path)).data.forks.map((fork: { id: string }) => fork.id)).toEqual([
        first.id,
        second.id,
      ]);
    expect((await graph(`mutation { deleteFork(id: "${first.id}") { name } }`)).data.deleteFork.name).toBe('then');
    expect((await graph('{ cluster { podCount nodeCount } }', second.path)).data.cluster.podCount).toBe(0);
    // A fork may be told to close from within.
    const closed = await graph(`mutation { deleteFork(id: "${second.id}") { id } }`, second.path);
    expect(closed.data.deleteFork.id).toBe(second.id);
    expect((await graph('{ forks { id } }')).data.forks).toEqual([]);
  });

  it('may live in another age: the two ages of scheduling side by side', async () => {
    const { cluster, ask, graph } = await serve();
    const { object } = cluster.registry.get(nodes, '', 'node-1')!;
    await cluster.registry.update(nodes, { ...object, spec: { ...object.spec, unschedulable: true } });
    const make = async (era: string) =>
      (await graph(`mutation { createFork(era: ${era}) { path era } }`)).data.createFork.path as string;
    const [now, then] = [await make('CURRENT'), await make('V1_11')];
    const nodeOf = async (path: string) => {
      await ask(`${path}/apis/apps/v1/namespaces/default/daemonsets`, { method: 'POST', body: daemon('agent') });
      await graph('mutation { advance(by: "1m") { now } }', path);
      const { items } = (await ask(`${path}/api/v1/namespaces/default/pods`)).body;
      return items
        .filter((pod: { spec: { nodeName?: string } }) => pod.spec.nodeName === 'node-1')
        .map((pod: { spec: { affinity?: object } }) => (pod.spec.affinity ? 'by the scheduler' : 'by the controller'));
    };
    expect([await nodeOf(now), await nodeOf(then)]).toEqual([['by the scheduler'], ['by the controller']]);
    expect((await ask(`${then}/apis/extensions/v1beta1/daemonsets`)).body.items).toHaveLength(1);
    expect((await ask(`${now}/apis/extensions/v1beta1/daemonsets`)).code).toBe(404);
  });

  it('carry pods that are there into another age as a restart would: nothing is made anew', async () => {
    const { cluster, graph, ask } = await serve();
    await cluster.apply(daemon('agent'));
    await cluster.advance('1m');
    const before = cluster.registry.all(pods).map(({ uid }) => uid);
    const { path } = (await graph('mutation { createFork(era: V1_11) { path } }')).data.createFork;
    await graph('mutation { advance(by: "10m") { now } }', path);
    const { items } = (await ask(`${path}/api/v1/pods`)).body;
    expect(items.map((pod: { metadata: { uid: string } }) => pod.metadata.uid)).toEqual(before);
  });

  it('tell of themselves at their own addresses', async () => {
    const { ask, url } = await serve();
    const { path } = (await ask(FORKS, { method: 'POST' })).body;
    expect((await ask(path)).headers.get('location')).toBe(`${path}/`);
    const led = await ask(`${path}/`, { headers: { accept: 'text/html' } });
    expect([led.code, led.headers.get('location')]).toEqual([302, `/?fork=${path.slice('/forks/'.length)}`]);
    const { paths } = (await ask(`${path}/openapi/v3`)).body;
    const { serverRelativeURL } = paths['apis/apps/v1'];
    expect(serverRelativeURL).toMatch(new RegExp(`^${path}/openapi/v3/apis/apps/v1\\?hash=`));
    expect((await ask(serverRelativeURL)).code).toBe(200);
    expect((await ask(`${path}/.well-known/openid-configuration`)).body.jwks_uri).toBe(`${url}${path}/openid/v1/jwks`);
    expect((await ask(`${path}/graphql`, { headers: { accept: 'text/html' } })).code).not.toBe(404);
    expect((await ask(`${path}/nothing`)).code).toBe(404);
  });

  it('are refused clearly: what cannot be read, what is to come, what is gone, and more than there may be', async () => {
    const { cluster, ask, graph } = await serve({ forks: { limit: 2 }, history: { maxRevisions: 1 } });
    const failed = async (body: object | string) => {
      const { code, body: status } = await ask(FORKS, { method: 'POST', body });
      return `${code} ${status.kind} ${status.message}`;
    };
    expect(await failed({ at: 'yesterday' })).toBe(
      '400 Status at must be a revision, or a time such as 2026-11-24T10:00:00Z, not "yesterday"',
    );
    expect(await failed({ era: '1.12' })).toBe('400 Status era must be current or 1.11, not "1.12"');
    expect(await failed({ names: 'x' })).toBe('400 Status there is no field "names"; there are at, era, rate, name');
    expect(await failed('[')).toMatch(/^400 Status the body cannot be read as application\/json/);
    expect(await failed({ at: 10_000 })).toMatch(/^400 Status revision 10000 is still to come/);
    await cluster.registry.log.compact(cluster.revision - 1);
    expect(await failed({ at: 2 })).toMatch(/^410 Status/);
    expect((await ask(FORKS, { method: 'PUT', body: {} })).code).toBe(405);
    expect((await ask(`${FORKS}/x/y`)).code).toBe(404);
    const answers = await Promise.all([1, 2, 3].map(() => ask(FORKS, { method: 'POST' })));
    expect(answers.map(({ code }) => code).sort()).toEqual([201, 201, 429]);
    const { errors } = await graph('mutation { createFork { id } }');
    expect(errors[0].message).toBe('there are 2 forks already: delete one first');
    expect(errors[0].extensions.code).toBe('TOO_MANY_REQUESTS');
  });
});

describe('who may use forks', () => {
  it('is whoever has the token, by a name that the server is known by', async () => {
    const { ask, graph } = await serve({ token: 'secret' });
    const headers = { authorization: 'Bearer secret' };
    const { path } = (await graph('mutation { createFork { path } }', '', headers)).data.createFork;
    expect((await ask(`${path}/api/v1/nodes`)).code).toBe(401);
    expect((await ask(FORKS, { method: 'POST' })).code).toBe(401);
    expect((await ask(`${path}/api/v1/nodes`, { headers })).code).toBe(200);
    const open = await serve();
    const made = (await open.ask(FORKS, { method: 'POST' })).body;
    const port = Number(new URL(open.url).port);
    const code = await new Promise(resolve =>
      request({ port, path: `${made.path}/api`, headers: { host: 'evil.example' } }, answer => {
        answer.resume();
        resolve(answer.statusCode);
      }).end(),
    );
    expect(code).toBe(403);
    const foreign = { origin: 'http://evil.example' };
    expect((await open.ask(FORKS, { method: 'POST', headers: foreign })).code).toBe(403);
    expect((await open.ask(`${made.path}/api/v1/namespaces`, { method: 'POST', headers: foreign })).code).toBe(403);
  });

  it('is, with RBAC, who may go by these paths: by the roles of the cluster, whatever those of a fork become', async () => {
    const { cluster, ask, graph } = await serve({ authorization: 'RBAC' });
    const role = (name: string, paths: string[]) => `
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: ${name}}, rules: [
        {nonResourceURLs: ${JSON.stringify(paths)}, verbs: ["*"]},
        {apiGroups: [""], resources: [nodes], verbs: [list]}]}
      ---
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: ${name}},
       roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name}},
       subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ${name}}]}`;
    await cluster.apply(role('eve', ['/graphql']));
    await cluster.apply(role('guest', ['/forks/*', '/graphql']));
    const eve = { 'impersonate-user': 'eve' };
    const guest = { 'impersonate-user': 'guest' };
    const { id, path } = (await ask(FORKS, { method: 'POST' })).body;
    for (const [way, method] of [
      [FORKS, 'GET'],
      [FORKS, 'POST'],
      [`${FORKS}/${id}`, 'DELETE'],
      [`${path}/api/v1/nodes`, 'GET'],
      [`${path}/graphql`, 'POST'],
    ] as const)
      expect((await ask(way, { method, headers: eve })).body, `${method} ${way}`).toMatchObject({ code: 403 });
    for (const field of ['createFork { id }', `deleteFork(id: "${id}") { id }`])
      expect((await graph(`mutation { ${field} }`, '', eve)).errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await graph('{ forks { id } }', '', eve)).errors[0].extensions.code).toBe('FORBIDDEN');
    // A guest does in a fork what the roles there allow, and makes no more of them though those were changed to allow it.
    expect((await ask(`${path}/api/v1/nodes`, { headers: guest })).code).toBe(200);
    expect((await ask(`${path}/api/v1/pods`, { headers: guest })).code).toBe(403);
    const binding = {
      metadata: { name: 'all' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'guest' }],
    };
    const bound = await ask(`${path}/apis/rbac.authorization.k8s.io/v1/clusterrolebindings`, {
      method: 'POST',
      body: binding,
    });
    expect(bound.code).toBe(201);
    expect((await ask(`${path}/api/v1/pods`, { headers: guest })).code).toBe(200);
    expect((await ask(`${path}${FORKS}`, { method: 'POST', headers: guest })).code).toBe(403);
    expect((await graph('mutation { createFork { id } }', path, guest)).errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await ask('/api/v1/pods', { headers: guest })).code).toBe(403);
  });
});

describe('a fork of which nobody asks anything', () => {
  /** Forks on a clock of their own, as a server has them. */
  async function withClock() {
    const machine = new VirtualClock();
    const { cluster } = await serve();
    const forks = new Forks(() => cluster.registry, { limit: 16, idleMs: 1000, machine });
    let closed = 0;
    const control = forks.of(
      () => cluster.registry,
      '',
      async (options, path) => {
        const fork = await cluster.fork(options);
        clusters.push(fork);
        return {
          registry: fork.registry,
          app: {
            handle: (request, response) => {
              expect(request.url).not.toContain(path);
              fork.app(request, response);
            },
            upgrade() {},
            close: async () => {},
          },
          close() {
            closed++;
            return fork.close();
          },
        };
      },
    );
    return { machine, forks, control, closed: () => closed };
  }

  it('is closed, but not while a watch on it is open', async () => {
    const { machine, forks, control, closed } = await withClock();
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => {
      if (!forks.handle(request, response)) response.writeHead(404).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { path } = await control.create();
    await control.create();
    machine.moveTo(machine.now() + 999);
    expect(control.list().map(({ idleSeconds }) => idleSeconds)).toEqual([0, 0]);
    const url = `http://127.0.0.1:${port}${path}/api/v1/nodes?watch=1`;
    const abort = new AbortController();
    const watch = await fetch(url, { signal: abort.signal });
    machine.moveTo(machine.now() + 60_000);
    expect([closed(), control.list().map(fork => [fork.path, fork.idleSeconds])]).toEqual([1, [[path, 0]]]);
    expect(watch.status).toBe(200);
    const ended = new Promise<void>(resolve => server.once('connection', s => s.once('close', () => resolve())));
    abort.abort();
    // Asked once more, over a connection of its own: by then the server knows that the other one has ended.
    await fetch(url.replace('?watch=1', ''), { headers: { connection: 'close' } }).then(answer => answer.text());
    await ended;
    machine.moveTo(machine.now() + 500);
    expect(forks.size).toBe(1);
    machine.moveTo(machine.now() + 500);
    expect([closed(), forks.size]).toEqual([2, 0]);
    server.close();
  });

  it('leaves nothing behind when it is closed, and ends subscriptions', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const { cluster, url, ask, graph } = await serve();
    const refs: WeakRef<object>[] = [];
    cluster.registry.onFork(fork => refs.push(new WeakRef(fork)));
    await cluster.apply(daemon('agent'));
    await cluster.advance('1m');
    // What is made inside is looked at from outside by weak references alone.
    const use = async () => {
      const { path, id } = (await ask(FORKS, { method: 'POST' })).body;
      await ask(`${path}/api/v1/nodes`);
      await graph('mutation { cordon(node: "node-1") { revision } }', path);
      const client = createClient({
        url: `${url.replace('http', 'ws')}${path}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
      const ended = new Promise<void>(resolve => {
        client.on('closed', () => resolve());
        client.subscribe(
          { query: 'subscription { placementChanged { actual } }' },
          { next() {}, error: () => resolve(), complete() {} },
        );
      });
      await new Promise<void>(resolve => client.on('connected', () => resolve()));
      expect((await ask(`${FORKS}/${id}`, { method: 'DELETE' })).code).toBe(200);
      await ended;
      client.dispose();
    };
    await use();
    const own = async () => {
      const made = await cluster.fork();
      refs.push(new WeakRef(made));
      await made.advance('1m');
      await made.close();
    };
    await own();
    for (let i = 0; i < 10 && refs.some(ref => ref.deref()); i++) {
      await new Promise(resolve => setImmediate(resolve));
      gc();
    }
    expect(refs.map(ref => ref.deref() === undefined)).toEqual([true, true, true]);
    expect(cluster.forks.list()).toEqual([]);
  });
});
