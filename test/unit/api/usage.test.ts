import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCluster } from '../../../src/index.js';
import { namespaces, nodes, pods } from '../../../src/resources/index.js';
import type { Condition } from '../../../src/resources/types.js';
import { TestServer } from './serve.js';

const METRICS = '/apis/metrics.k8s.io/v1beta1';
const told = { 'kubette.dev/cpu-usage': '50m', 'kubette.dev/memory-usage': '10Mi' };

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  const { registry } = server;
  await registry.create(namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'x' },
    spec: {},
    status: {},
  });
  const conditions: Condition[] = [{ type: 'Ready', status: 'True' }];
  for (const [name, status] of [['up', { conditions }] as const, ['down', {}] as const])
    await registry.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {}, status });
  for (const [namespace, name, phase] of [
    ['default', 'web', 'Running'],
    ['x', 'db', 'Running'],
    ['x', 'waiting', 'Pending'],
  ] as const) {
    const spec = { nodeName: 'up', containers: [{ name: 'main', image: 'a:1' }] };
    const metadata = { name, namespace, labels: { app: name }, annotations: told };
    const { object } = await registry.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: {} });
    const running = { startedAt: '2020-01-01T00:00:00Z' };
    const main = { name: 'main', image: 'a:1', imageID: '', ready: true, restartCount: 0, state: { running } };
    await registry.update(pods, { ...object, status: { phase, containerStatuses: [main] } }, { subresource: 'status' });
  }
});
afterAll(() => server.close());

const names = async (path: string) => {
  const { code, body } = await server.get(METRICS + path);
  return code === 200 ? body.items.map((item: { metadata: { name: string } }) => item.metadata.name) : body.message;
};

it.each<[string, string[] | string]>([
  ['/nodes', ['up']],
  ['/pods', ['web', 'db']],
  ['/namespaces/x/pods', ['db']],
  ['/pods?labelSelector=app=web', ['web']],
  ['/pods?fieldSelector=metadata.namespace=x', ['db']],
  ['/pods?fieldSelector=spec.nodeName=up', expect.stringContaining('not a known field selector')],
])('lists %s', async (path, expected) => {
  expect(await names(path)).toEqual(expected);
});

it('tells what a pod uses, container by container', async () => {
  const { body } = await server.get(`${METRICS}/namespaces/default/pods/web`);
  const at = new Date(server.clock.now());
  expect(body).toEqual({
    kind: 'PodMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: {
      name: 'web',
      namespace: 'default',
      creationTimestamp: at.toISOString().replace('.000Z', 'Z'),
      labels: { app: 'web' },
    },
    timestamp: new Date(Math.floor(at.getTime() / 15_000) * 15_000).toISOString().replace('.000Z', 'Z'),
    window: '15s',
    containers: [{ name: 'main', usage: { cpu: '50000000n', memory: '10240Ki' } }],
  });
});

it.each([
  ['/namespaces/x/pods/waiting', 'podmetrics.metrics.k8s.io "x/waiting" not found'],
  ['/namespaces/x/pods/none', 'podmetrics.metrics.k8s.io "x/none" not found'],
  ['/nodes/down', 'nodemetrics.metrics.k8s.io "down" not found'],
])('knows nothing of %s', async (path, message) => {
  expect((await server.get(METRICS + path)).body).toMatchObject({ code: 404, reason: 'NotFound', message });
});

it('prints as a table', async () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const { body } = await server.get(`${METRICS}/namespaces/x/pods`, { accept });
  expect(body.rows[0].cells.slice(0, 4)).toEqual(['db', '50000000n', '10240Ki', '15s']);
});

it('a cluster that runs by itself has usage to show', async () => {
  const cluster = await createCluster({ clock: 'virtual', nodes: 1 });
  await cluster.settled();
  const { url } = await cluster.listen();
  const list = (await (await fetch(`${url}${METRICS}/nodes`)).json()) as { items: unknown[] };
  expect(list.items).toHaveLength(1);
  await cluster.close();
});
