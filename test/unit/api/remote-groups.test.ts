import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestServer } from './serve.js';

const APISERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
const registration = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.custom.metrics.k8s.io' },
  spec: {
    group: 'custom.metrics.k8s.io',
    version: 'v1beta1',
    groupPriorityMinimum: 100,
    versionPriority: 100,
    service: { namespace: 'default', name: 'adapter' },
  },
};

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(() => server.close());

it('what a Service would have to answer for is listed, and answered with 503', async () => {
  const path = '/apis/custom.metrics.k8s.io/v1beta1';
  expect((await server.get(path)).code).toBe(404);
  const { code, body } = await server.post(APISERVICES, registration);
  expect(code).toBe(201);
  expect(body.spec.service.port).toBe(443);
  for (const below of ['', '/namespaces/default/pods/*/requests'])
    expect(await server.get(path + below)).toMatchObject({ code: 503, text: 'service unavailable\n' });
  const { body: groups } = await server.get('/apis');
  expect(groups.groups.at(-1)).toMatchObject({
    name: 'custom.metrics.k8s.io',
    preferredVersion: { version: 'v1beta1' },
  });
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const { body: aggregated } = await server.get('/apis', { accept });
  expect(aggregated.items.at(-1).versions).toEqual([{ version: 'v1beta1', freshness: 'Stale' }]);
});

it('a group that is served here stays so, whatever Service is registered for it', async () => {
  const spec = { ...registration.spec, group: 'apps', version: 'v1' };
  await server.post(APISERVICES, { ...registration, metadata: { name: 'v1.apps' }, spec });
  expect((await server.get('/apis/apps/v1')).code).toBe(200);
});

it('APIServices are spoken of in protobuf, too', async () => {
  await server.post(APISERVICES, registration);
  const { headers, bytes } = await server.get(`${APISERVICES}/${registration.metadata.name}`, {
    accept: 'application/vnd.kubernetes.protobuf',
  });
  expect(headers['content-type']).toBe('application/vnd.kubernetes.protobuf');
  const wire = bytes.toString('latin1');
  for (const text of ['custom.metrics.k8s.io', 'adapter', 'v1beta1']) expect(wire).toContain(text);
});
