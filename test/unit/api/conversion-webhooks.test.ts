import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import { WebhookServer } from '../../support/webhook-server.js';

interface Widget {
  apiVersion: string;
  kind: string;
  metadata: { name: string; uid?: string; labels?: Record<string, string>; resourceVersion?: string };
  spec: { size?: string; dimensions?: { width: number } };
}
interface Review {
  apiVersion: string;
  request: { uid: string; desiredAPIVersion: string; objects: Widget[] };
}

let cluster: Cluster;
let server: WebhookServer;
let url: string;
/** Changes what the webhook answers. */
let spoil: (response: { uid: string; convertedObjects: Widget[]; result: object }) => object;

/** `v1` has a width as text, `v2` as a number within dimensions. */
function converted(widget: Widget, apiVersion: string): Widget {
  const { spec } = widget;
  if (apiVersion.endsWith('/v2')) return { ...widget, apiVersion, spec: { dimensions: { width: Number(spec.size) } } };
  return { ...widget, apiVersion, spec: { size: String(spec.dimensions?.width) } };
}

const version = (name: string, storage: boolean, properties: object) => ({
  name,
  served: true,
  storage,
  schema: {
    openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } },
  },
});

beforeEach(async () => {
  spoil = response => response;
  server = await WebhookServer.start(({ apiVersion, request }: Review) => {
    const convertedObjects = request.objects.map(widget => converted(widget, request.desiredAPIVersion));
    const response = spoil({ uid: request.uid, convertedObjects, result: { status: 'Success' } });
    return { body: JSON.stringify({ apiVersion, kind: 'ConversionReview', response }) };
  });
  cluster = await createCluster({ nodes: 0 });
  ({ url } = await cluster.listen());
  await cluster.apply({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        version('v1', true, { size: { type: 'string' } }),
        version('v2', false, { dimensions: { type: 'object', properties: { width: { type: 'integer' } } } }),
      ],
      conversion: {
        strategy: 'Webhook',
        webhook: {
          clientConfig: { url: `https://localhost:${server.port}/convert`, caBundle: server.caBundle },
          conversionReviewVersions: ['v1'],
        },
      },
    },
  });
  await cluster.settled();
});
afterEach(() => Promise.all([cluster.close(), server.close()]));

async function send(method: string, path: string, body?: object, type = 'application/json') {
  const response = await fetch(`${url}/apis/example.com/${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': type } } : {}),
  });
  return { code: response.status, body: (await response.json()) as Widget & { items: Widget[]; message?: string } };
}
const widget = (name: string, apiVersion: string, spec: object) => ({
  apiVersion: `example.com/${apiVersion}`,
  kind: 'Widget',
  metadata: { name },
  spec,
});
const create = (name: string, size: string) =>
  send('POST', 'v1/namespaces/default/widgets', widget(name, 'v1', { size }));
const reviews = () => server.calls.map(({ body }) => body as Review);

it('objects are read, listed, written and patched in the other version', async () => {
  await create('a', '3');
  expect(server.calls).toEqual([]);
  const read = await send('GET', 'v2/namespaces/default/widgets/a');
  expect(read.body).toMatchObject({ apiVersion: 'example.com/v2', spec: { dimensions: { width: 3 } } });
  expect(reviews()[0]).toMatchObject({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview' });

  const made = await send('POST', 'v2/namespaces/default/widgets', widget('b', 'v2', { dimensions: { width: 5 } }));
  expect(made).toMatchObject({ code: 201, body: { apiVersion: 'example.com/v2', spec: { dimensions: { width: 5 } } } });
  expect((await send('GET', 'v1/namespaces/default/widgets/b')).body.spec).toEqual({ size: '5' });

  const patch = { spec: { dimensions: { width: 9 } } };
  const path = 'v2/namespaces/default/widgets/b';
  const patched = await send('PATCH', path, patch, 'application/merge-patch+json');
  expect(patched.body).toMatchObject({ metadata: { uid: made.body.metadata.uid, generation: 2 }, ...patch });
  expect((await send('GET', 'v1/namespaces/default/widgets/b')).body.spec).toEqual({ size: '9' });

  expect((await send('DELETE', path)).code).toBe(200);
  expect((await send('GET', path)).code).toBe(404);
});

it('a list is converted at once', async () => {
  for (const name of ['a', 'b', 'c']) await create(name, '1');
  const { body } = await send('GET', 'v2/namespaces/default/widgets');
  expect(body.items.map(({ spec }) => spec.dimensions?.width)).toEqual([1, 1, 1]);
  expect(reviews().map(({ request }) => request.objects.length)).toEqual([3]);
});

it('watches show the version that was asked for, in order', async () => {
  await create('a', '1');
  const response = await fetch(`${url}/apis/example.com/v2/widgets?watch=1`);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const work = Promise.all(['b', 'c', 'd'].map((name, i) => create(name, String(i))));
  let text = '';
  while (text.split('\n').length < 5) text += (await reader.read()).value ?? '';
  await work;
  const events = text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { type: string; object: Widget });
  expect(events.map(({ object }) => [object.apiVersion, object.metadata.name, object.spec.dimensions?.width])).toEqual([
    ['example.com/v2', 'a', 1],
    ['example.com/v2', 'b', 0],
    ['example.com/v2', 'c', 1],
    ['example.com/v2', 'd', 2],
  ]);
  await reader.cancel();
});

it('webhooks change labels, and nothing else of the metadata', async () => {
  await create('a', '3');
  const change = (metadata: object) => {
    spoil = ({ convertedObjects: [first], ...response }) => ({
      ...response,
      convertedObjects: [{ ...first, metadata: { ...first!.metadata, ...metadata } }],
    });
  };
  change({ labels: { a: 'b' }, generation: 7 });
  const { body } = await send('GET', 'v2/namespaces/default/widgets/a');
  expect(body.metadata).toMatchObject({ labels: { a: 'b' }, generation: 1 });
  change({ name: 'other' });
  await create('b', '3');
  expect((await send('GET', 'v2/namespaces/default/widgets/b')).body.message).toBe(
    'conversion webhook for example.com/v1, Kind=Widget returned invalid converted object at index 0: metadata.name was changed from b to other',
  );
});

it.each<[string, (response: object) => object, string]>([
  ['a failure', r => ({ ...r, result: { status: 'Failure', message: 'no way' } }), ' failed: no way'],
  ['nothing converted', r => ({ ...r, convertedObjects: [] }), ' returned 0 objects, expected 1'],
  ['another request', r => ({ ...r, uid: 'x' }), ' failed: expected response.uid='],
  [
    'the old version',
    r => ({ ...r, convertedObjects: [widget('a', 'v1', {})] }),
    ' returned invalid converted object at index 0: invalid groupVersion (expected example.com/v2, received example.com/v1)',
  ],
])('a webhook that answers %s', async (_what, spoiled, expected) => {
  await create('a', '3');
  spoil = spoiled;
  const { code, body } = await send('GET', 'v2/namespaces/default/widgets/a');
  expect([code, body.message]).toEqual([
    500,
    expect.stringContaining(`conversion webhook for example.com/v1, Kind=Widget${expected}`),
  ]);
});

it('one that nobody answers for fails', async () => {
  await create('a', '3');
  const { port } = server;
  await server.close();
  const { code, body } = await send('GET', 'v2/namespaces/default/widgets/a');
  expect([code, body.message]).toEqual([
    500,
    `conversion webhook for example.com/v1, Kind=Widget failed: Post "https://localhost:${port}/convert?timeout=30s": dial tcp 127.0.0.1:${port}: connect: connection refused`,
  ]);
  server = await WebhookServer.start(() => undefined);
});
