import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { replay } from '../../../src/cluster/session/replay.js';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import { configMaps } from '../../../src/resources/index.js';
import { LOOPBACK } from '../../support/loopback.js';

const newFile = () => join(mkdtempSync(join(inject('scratch'), 'session-')), 'session.ndjson');

const agent = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'main', image }] } },
  },
});

const SETS = '/apis/apps/v1/namespaces/default/daemonsets';

type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<number>;

/** Records what is done to a cluster, and answers with the file. */
async function recorded(
  act: (ask: Ask, cluster: Cluster) => Promise<unknown>,
  options: ClusterOptions = {},
): Promise<string> {
  const file = newFile();
  const cluster = await createCluster({ clock: 'virtual', record: file, ...options });
  onTestFinished(() => cluster.close());
  const { url } = await cluster.listen();
  await act(async (method, path, body, headers) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return response.status;
  }, cluster);
  await cluster.close();
  return file;
}

const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');

/** A session in which much is done by every door. */
const session = async (ask: Ask, cluster: Cluster) => {
  expect(await ask('POST', SETS, agent('agent:1'))).toBe(201);
  expect(await ask('POST', SETS, agent('agent:1'))).toBe(409);
  await cluster.advance('30s');
  const patch = { spec: { template: { spec: { containers: [{ name: 'main', image: 'agent:2' }] } } } };
  const strategic = { 'Content-Type': 'application/strategic-merge-patch+json' };
  expect(await ask('PATCH', `${SETS}/agent`, patch, strategic)).toBe(200);
  expect(await ask('POST', '/_kubette/v1/clock/advance', { by: '2m' })).toBe(200);
  expect(await ask('GET', '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas')).toBe(200);
  const cordon = { query: 'mutation($n: String!) { cordon(node: $n) { revision } }', variables: { n: 'worker-1' } };
  expect(await ask('POST', '/graphql', cordon)).toBe(200);
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'more' } });
  const impersonated = { 'Impersonate-User': 'jane', 'Impersonate-Group': 'people' };
  expect(await ask('DELETE', `${SETS}/agent`, undefined, impersonated)).toBe(200);
  expect(await ask('POST', '/_kubette/v1/reset')).toBe(200);
  expect(await ask('POST', SETS, agent('agent:3'))).toBe(201);
  await cluster.advance('1m');
};

test('what was recorded comes again, to the last byte', async () => {
  const file = await recorded(session, { seed: 'x', nodes: 3 });
  const told = await replay(file);
  expect(told.difference).toBeUndefined();
  expect(told).toMatchObject({ requests: 10, exact: true, complete: true });
  const end = JSON.parse(linesOf(file).at(-1)!) as { end: number; hash: string };
  expect(end).toMatchObject({ end: told.writes, hash: told.hash });
});

test('a cluster with a network comes again beside another one that has its addresses', async () => {
  const probed = {
    ...agent('agent:1'),
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: {
        metadata: { labels: { app: 'agent' }, annotations: { 'kubette.dev/push-to': 'http://agent:80/in' } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'agent:1',
              ports: [{ containerPort: 80, hostPort: 9100 }],
              readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 7 },
            },
          ],
        },
      },
    },
  };
  const file = await recorded(
    async (ask, cluster) => {
      expect(await ask('POST', SETS, probed)).toBe(201);
      await cluster.advance('8s');
      expect(cluster.object('ds/agent').current!.status).toMatchObject({ numberReady: 3 });
      // Nobody is called agent: each pod tells of it.
      expect(cluster.object('ds/agent').pods()[0]!.status.podIP).toMatch(/^127\./);
      cluster.behaviors.add({ name: 'ill', pods: {}, serveStatus: 500 });
      await cluster.advance('1m');
      expect(cluster.object('ds/agent').current!.status).toMatchObject({ numberReady: 0 });
    },
    { network: LOOPBACK },
  );
  const other = await createCluster({
    clock: 'virtual',
    network: LOOPBACK,
    manifests: probed,
  });
  onTestFinished(() => other.close());
  await other.advance('10s');
  expect(await replay(file)).toMatchObject({ exact: true, complete: true, difference: undefined });
});

test('what a program does without a request comes again too: to objects, by the registry, to snapshots, by rules', async () => {
  const file = await recorded(async (ask, cluster) => {
    await cluster.apply(agent('agent:1'));
    await cluster.snapshot('begun');
    await cluster.object('node/worker-1').patch({ spec: { unschedulable: true } });
    await cluster.object('ds/agent').delete();
    await cluster.restore('begun');
    cluster.behaviors.add({ name: 'storm', pods: { selector: 'app=agent' }, behavior: 'crash-loop', for: '1m' });
    await cluster.advance('30s');
    expect(cluster.behaviors.remove('none')).toBe(false);
    cluster.behaviors.remove('storm');
    await expect(cluster.registry.delete(configMaps, 'default', 'none')).rejects.toThrow('not found');
    const draft = { metadata: { generateName: 'map-', namespace: 'default' } };
    const { object } = await cluster.registry.create(configMaps, draft as never);
    await cluster.registry.update(configMaps, { ...object, data: { a: '1' } }, { fieldManager: 'me' });
    await cluster.registry.deleteCollection(configMaps, { namespace: 'kube-public' });
    await cluster.reset();
    const pod = {
      metadata: { name: 'p' },
      spec: { schedulerName: 'none', containers: [{ name: 'main', image: 'a:1' }] },
    };
    expect(await ask('POST', '/api/v1/namespaces/default/pods', pod)).toBe(201);
    await cluster.registry.bind('default', 'p', 'worker-2');
    await cluster.advance('1m');
  });
  const told = linesOf(file).flatMap(line => {
    const { method, path } = JSON.parse(line) as { method?: string; path?: string };
    return method ? [`${method} ${path}`.trim()] : [];
  });
  expect(told).toEqual([
    'APPLY',
    'PUT /_kubette/v1/snapshots/begun',
    'CALL patch /api/v1/nodes/worker-1',
    'CALL delete /apis/apps/v1/namespaces/default/daemonsets/agent',
    'POST /_kubette/v1/snapshots/begun/restore',
    'POST /_kubette/v1/behaviors',
    'DELETE /_kubette/v1/behaviors/storm',
    'CALL delete /api/v1/namespaces/default/configmaps/none',
    'CALL create /api/v1/namespaces/default/configmaps',
    expect.stringMatching(/^CALL update .*configmaps.map-.....$/),
    'CALL deleteCollection /api/v1/configmaps',
    'POST /_kubette/v1/snapshots/initial/restore',
    'POST /api/v1/namespaces/default/pods',
    'CALL bind /api/v1/namespaces/default/pods/p',
  ]);
  expect(await replay(file)).toMatchObject({ difference: undefined, exact: true, complete: true, requests: 14 });
});

test('what is done to forks, and asked of containers, leaves no trace, but for who ends what runs in one', async () => {
  const file = await recorded(async (ask, cluster) => {
    const interactive = { name: 'main', image: 'a:1', command: ['sh'], stdin: true, stdinOnce: true };
    const pod = { metadata: { name: 'p' }, spec: { restartPolicy: 'Never', containers: [interactive] } };
    expect(await ask('POST', '/api/v1/namespaces/default/pods', pod)).toBe(201);
    await cluster.settled();
    const { path } = await cluster.forks.create();
    expect(await ask('DELETE', `${path}/api/v1/nodes/worker-1`)).toBe(200);
    await (await cluster.fork()).close();
    const { url } = await cluster.listen();
    const streams = (what: string) =>
      new Promise<void>((resolve, reject) => {
        const at = `${url.replace('http', 'ws')}/api/v1/namespaces/default/pods/p/${what}`;
        const socket = new WebSocket(at, 'v5.channel.k8s.io').on('error', reject).on('close', () => resolve());
        // The end of its input, as version 5 tells it.
        socket.on('open', () => socket.send(Buffer.from([255, 0])));
      });
    await streams('exec?command=cat&stdin=true&stdout=true');
    await streams('attach?stdin=true&stdout=true');
    await cluster.settled();
    expect(cluster.object('pod/p').current?.status.phase).toBe('Succeeded');
  });
  const told = await replay(file);
  expect(told).toMatchObject({ difference: undefined, exact: true });
  expect(linesOf(file).filter(line => line.includes('"method":"CALL","path":"update '))).toHaveLength(1);
});

test('a recording that was cut off is replayed up to its last whole line', async () => {
  const lines = linesOf(await recorded(session));
  for (const share of [0.2, 0.5, 0.9]) {
    const file = newFile();
    const kept = lines.slice(0, Math.floor(lines.length * share));
    writeFileSync(file, `${kept.join('\n')}\n${lines[kept.length]!.slice(0, 20)}`);
    expect(await replay(file)).toMatchObject({ difference: undefined, complete: false });
  }
});

test('tells the first write that is another one, and after which request', async () => {
  const lines = linesOf(await recorded(session, { seed: 'x' }));
  const at = lines.findIndex(line => line.includes('"Running"'));
  const file = newFile();
  writeFileSync(file, lines.map((line, i) => (i === at ? line.replaceAll('"Running"', '"Dead"') : line)).join('\n'));
  const { difference } = await replay(file);
  expect(difference?.request).toEqual({ n: 1, method: 'POST', path: SETS });
  expect(difference?.what).toMatch(/^write \d+: MODIFIED pods default\/agent-/);
  expect(difference?.was).toContainEqual('status.phase: "Dead"');
  expect(difference?.is).toContainEqual('status.phase: "Running"');
});

test('tells an answer that is another one', async () => {
  const lines = linesOf(await recorded(session));
  const file = newFile();
  writeFileSync(file, lines.map(line => line.replace('"answer":2,"code":409', '"answer":2,"code":201')).join('\n'));
  expect((await replay(file)).difference).toMatchObject({ request: { n: 2 }, what: 'the answer' });
});

test('another way: what an older age makes of it', async () => {
  const file = await recorded(async (ask, cluster) => {
    await ask('POST', SETS, agent('agent:1'));
    await cluster.advance('1m');
    // Today the set's own pods tolerate it; in 1.11 the controller looks at the node's pods itself.
    await ask(
      'PATCH',
      '/api/v1/nodes/worker-1',
      { spec: { unschedulable: true } },
      {
        'Content-Type': 'application/merge-patch+json',
      },
    );
  });
  expect((await replay(file, { seed: 'another' })).difference).toBeUndefined();
  const { difference, exact } = await replay(file, { nodes: 5 });
  expect(exact).toBe(false);
  expect(difference?.is).toContainEqual('nodes created: 5');
  expect((await replay(file, { controllers: ['*', '-daemonset'] })).difference).toMatchObject({
    request: { n: 1 },
    was: expect.arrayContaining(['pods created: 3']),
  });
});

test('values of Secrets are not written down, and replayed all the same', async () => {
  const word = 'correct-horse';
  const encoded = Buffer.from(word).toString('base64');
  const secret = (name: string, data: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...data });
  const secrets = '/api/v1/namespaces/default/secrets';
  const file = await recorded(async (ask, cluster) => {
    await ask('POST', secrets, secret('a', { data: { key: encoded }, stringData: { other: word } }));
    await ask('PATCH', `${secrets}/a`, [{ op: 'replace', path: '/data/key', value: encoded }], {
      'Content-Type': 'application/json-patch+json',
    });
    const yaml = `apiVersion: v1\nkind: Secret\nmetadata: {name: b}\nstringData:\n  key: ${word}\n`;
    const apply = { 'Content-Type': 'application/apply-patch+yaml' };
    expect(await ask('PATCH', `${secrets}/b?fieldManager=me`, yaml, apply)).toBe(201);
    const mutation = 'mutation($m: String!) { apply(manifests: $m) { revision } }';
    await ask('POST', '/graphql', { query: mutation, variables: { m: yaml.replace('name: b', 'name: c') } });
    await cluster.apply(secret('d', { data: { key: encoded } }));
    await cluster.object('secret/d').patch({ stringData: { other: word } });
    const config = Buffer.from(JSON.stringify({ auths: { 'example.com': { auth: encoded } } })).toString('base64');
    const docker = { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': config } };
    expect(await ask('POST', secrets, secret('e', docker))).toBe(201);
    await ask('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', {});
    expect(cluster.registry.revision).toBeGreaterThan(0);
  });
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain(word);
  expect(text).not.toContain(encoded);
  expect(text).not.toContain('eyJhbGciOi');
  expect(await replay(file)).toMatchObject({ difference: undefined, exact: true, requests: 8 });
});

test('what was made to fail beneath requests is told, since it does not fail again', async () => {
  const map = (name: string) => ({ metadata: { name } });
  const maps = '/api/v1/namespaces/default/configmaps';
  const file = await recorded(
    async ask => {
      expect(await ask('POST', maps, map('a'))).toBe(201);
      expect(await ask('POST', maps, map('b'))).toBe(500);
    },
    { kubelet: 'off', controllers: ['-*'], faults: [{ name: 'full', when: { nth: 2 }, fault: 'fullDisk' }] },
  );
  expect(await replay(file)).toMatchObject({
    difference: { request: { n: 2 } },
    disturbed: { disturbed: 'fullDisk', rule: 'full', request: 2 },
  });
});

test('of a clock that goes by itself, the answers are compared', async () => {
  const file = await recorded(ask => ask('POST', SETS, agent('agent:1')), { clock: 'real' });
  expect(await replay(file)).toMatchObject({ difference: undefined, exact: false, requests: 1 });
});

test('only a new cluster can be recorded, and only a recording replayed', async () => {
  const data = newFile();
  await (await createCluster({ data })).close();
  await expect(createCluster({ data, record: newFile() })).rejects.toThrow('only a new cluster can be recorded');
  const other = newFile();
  writeFileSync(other, '{"a":1}\n');
  await expect(replay(other)).rejects.toThrow('is no recording');
  await expect(createCluster({ record: '/does/not/exist' })).rejects.toThrow('ENOENT');
});
