import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpoints, nodes, pods, services } from '../../../src/resources/index.js';
import { TestServer } from './serve.js';

const NAMESPACE = '/api/v1/namespaces/default';
let server: TestServer;

beforeEach(async () => {
  server = await TestServer.start();
  const { registry } = server;
  await registry.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, spec: {}, status: {} });
  const containers = [{ name: 'main', image: 'a', ports: [{ containerPort: 8080 }] }];
  for (const name of ['web', 'new']) {
    const { object } = await registry.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { nodeName: 'n1', containers },
      status: {},
    });
    if (name === 'new') continue;
    const state = { running: { startedAt: '2025-01-01T00:00:00Z' } };
    const main = { name: 'main', image: 'a', imageID: '', ready: true, restartCount: 0, state };
    const status = { phase: 'Running' as const, podIP: '10.0.0.5', containerStatuses: [main] };
    await registry.update(pods, { ...object, status }, { subresource: 'status' });
  }
  for (const name of ['web', 'empty']) {
    await registry.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: { ports: [{ name: 'http', port: 80 }] },
      status: {},
    });
  }
  const targetRef = { kind: 'Pod', name: 'web', namespace: 'default' };
  await registry.create(endpoints, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'web', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '10.0.0.5', targetRef }], ports: [{ name: 'http', port: 9090 }] }],
  });
});
afterEach(() => server.close());

describe('requests are handed on', () => {
  it.each([
    ['pods/web/proxy/a/b?c=d', { pod: 'web', port: 8080, path: '/a/b?c=d' }],
    ['pods/web:81/proxy/', { pod: 'web', port: 81, path: '/' }],
    ['pods/http:web:81/proxy/', { pod: 'web', port: 81, path: '/' }],
    ['services/web:http/proxy/x', { pod: 'web', port: 9090, path: '/x' }],
    ['services/web:80/proxy/x%20y', { pod: 'web', port: 9090, path: '/x%20y' }],
  ])('%s', async (path, answer) => {
    expect(await server.get(`${NAMESPACE}/${path}`)).toMatchObject({ code: 200, body: answer });
  });

  it('with whatever they bring along', async () => {
    const path = `${NAMESPACE}/pods/web/proxy/`;
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(await server.ask(method, path, { body: 'hello' })).toMatchObject({ code: 200, body: { pod: 'web' } });
  });

  it('to a path that ends somewhere', async () => {
    const { code, headers } = await server.get(`${NAMESPACE}/pods/web/proxy?a=b`);
    expect([code, headers.location]).toEqual([301, `${NAMESPACE}/pods/web/proxy/?a=b`]);
  });

  it('but not where nobody listens', async () => {
    const annotations = { 'kubette.dev/serve': 'nothing' };
    await server.registry.patch(pods, 'default', 'web', {
      type: 'merge',
      body: { metadata: { annotations } },
    });
    expect(await server.get(`${NAMESPACE}/pods/web/proxy/`)).toMatchObject({
      code: 503,
      body: { message: expect.stringContaining('connection reset by peer') },
    });
  });

  it.each([
    ['pods/none/proxy/', 404, 'pods "none" not found'],
    ['pods/new/proxy/', 400, 'address not allowed'],
    ['pods/a:b:c/proxy/', 400, 'invalid pod request "a:b:c"'],
    ['services/none/proxy/', 404, 'services "none" not found'],
    ['services/empty:http/proxy/', 503, 'no endpoints available for service "empty"'],
    ['services/web/proxy/', 503, 'no endpoints available for service "web"'],
    ['services/web:81/proxy/', 503, 'no service port 81 found for service "web"'],
  ])('but not to %s', async (path, code, message) => {
    expect(await server.get(`${NAMESPACE}/${path}`)).toMatchObject({ code, body: { message } });
  });

  it('and kubelets answer by themselves', async () => {
    expect(await server.get('/api/v1/nodes/n1/proxy/healthz')).toMatchObject({ code: 200, text: 'ok' });
    const { body } = await server.get('/api/v1/nodes/n1/proxy/pods');
    expect(body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(['new', 'web']);
    expect((await server.get('/api/v1/nodes/n1/proxy/nothing')).code).toBe(404);
    expect((await server.get('/api/v1/nodes/none/proxy/healthz')).code).toBe(404);
  });
});
