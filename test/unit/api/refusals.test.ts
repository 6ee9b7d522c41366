import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeProtobuf } from '../../../src/api/protobuf/index.js';
import { customResourcesController } from '../../../src/controllers/custom-resources/index.js';
import { Runtime } from '../../../src/controllers/runtime/runtime.js';
import { fromYaml } from '../../../src/registry/yaml.js';
import { TestServer } from './serve.js';

/** What is refused by the form of the request, in the words and with the codes of a real server. */

const PODS = '/api/v1/namespaces/default/pods';
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets';
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(() => server.close());

const patch = (path: string, body: object, type = 'merge-patch') =>
  server.ask('PATCH', path, { headers: { 'content-type': `application/${type}+json` }, body: JSON.stringify(body) });

describe('paths and media types', () => {
  it('metadata that is none cannot be applied', async () => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata: x\n';
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    const path = '/api/v1/namespaces/default/configmaps/x?fieldManager=me';
    expect(await server.ask('PATCH', path, { headers, body })).toMatchObject({
      code: 500,
      body: { message: expect.stringContaining('.metadata: expected map, got &{x}') },
    });
  });

  it.each(['/api/v1/pods%zz', '/apis/%', '/version/%a'])('%s is no path', async path => {
    expect(await server.get(path)).toMatchObject({ code: 400, text: '400 Bad Request' });
  });

  it.each(['/api/v9', '/apis/apps/v9', '/apis/apps/v9/daemonsets'])(
    '%s is no version of a group that is',
    async path => {
      for (const method of ['GET', 'POST'])
        expect(await server.ask(method, path)).toMatchObject({
          code: 404,
          body: { message: 'the server could not find the requested resource' },
        });
    },
  );

  it.each(['/api', '/apis', '/apis/apps', '/apis/apps/v1'])('%s comes in YAML too', async path => {
    const { text, headers } = await server.get(path, { accept: 'application/yaml' });
    expect(headers['content-type']).toBe('application/yaml');
    expect(text).toMatch(/^(apiVersion: v1\n|groups:|kind: API)/m);
  });

  it('the version comes in JSON alone', async () => {
    expect(await server.get('/version', { accept: 'text/html' })).toMatchObject({
      code: 406,
      body: { message: '406: Not Acceptable\n\nAvailable representations: application/json' },
    });
    for (const accept of ['*/*', 'text/html, */*;q=0.5', 'application/json'])
      expect((await server.get('/version', { accept })).code).toBe(200);
    expect(await server.get('/version', { accept: 'application/*' })).toMatchObject({
      code: 406,
      body: { details: {} },
    });
  });

  it.each([
    ['/api/v1/namespaces/default/pods/', 200, 'PodList'],
    ['/api/v1/namespaces/def%61ult/pods', 200, 'PodList'],
    ['/api/v1/namespaces//pods', 200, 'PodList'],
    ['/api/v1//namespaces/default', 404, 'the server could not find the requested resource'],
    ['/api//v1/namespaces/default', 404, 'the server could not find the requested resource'],
    ['/api/v1/namespaces/default/pods/a%2Fb', 404, 'the server could not find the requested resource'],
    ['/api/v1/namespaces/default/pods/a%20b', 404, 'pods "a b" not found'],
    ['/api/v9', 404, 'the server could not find the requested resource'],
    ['/apis/apps/v9', 404, 'the server could not find the requested resource'],
    ['/apis/nothing/v1', 404, undefined],
  ])('%s is %i', async (path, code, told) => {
    const { body, ...answer } = await server.get(path);
    expect(answer.code).toBe(code);
    expect(code === 200 ? body.kind : body?.message).toBe(told);
  });

  it('what there is comes in every media type', async () => {
    const accept = (type: string) => ({ accept: type });
    for (const path of ['/api', '/api/v1', '/apis', '/apis/apps', '/apis/apps/v1']) {
      const { body } = await server.get(path);
      expect(fromYaml((await server.get(path, accept('application/yaml'))).text).value).toEqual(body);
      const { bytes, headers } = await server.get(path, accept(PROTOBUF));
      expect(headers['content-type']).toBe(PROTOBUF);
      // On the wire, no and nothing are as good as unsaid.
      const said = JSON.stringify(body, (_key, value) => (value === false || value === '' ? undefined : value));
      expect(decodeProtobuf(bytes)).toEqual({ apiVersion: '', ...JSON.parse(said) });
      expect((await server.get(path, accept('text/html'))).code).toBe(406);
    }
    // Upstream's aggregator answers for groups, and asks for no method.
    expect((await server.ask('POST', '/apis/apps')).code).toBe(200);
    expect((await server.ask('POST', '/apis/apps/v1')).code).toBe(405);
  });

  it('what names no media type is not taken for JSON', async () => {
    const answer = await server.ask('POST', PODS, { headers: { 'content-type': ';;' }, body: '{}' });
    expect(answer).toMatchObject({ code: 415, body: { reason: 'UnsupportedMediaType' } });
  });

  it('OpenAPI has two forms', async () => {
    const answer = (accept: string) => server.get('/openapi/v2', { accept });
    expect(await answer('text/html')).toMatchObject({ code: 406, text: '' });
    expect((await answer('text/html, application/*')).headers['content-type']).toBe('application/json');
  });

  it('others may keep the keys of tokens for an hour', async () => {
    const { headers } = await server.get('/openid/v1/jwks');
    expect(headers).toMatchObject({
      'content-type': 'application/jwk-set+json',
      'cache-control': 'public, max-age=3600',
    });
  });
});

describe('tables and metadata alone', () => {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { nonResourceAttributes: { path: '/', verb: 'get' } },
  };
  const post = (accept: string) =>
    server.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      headers: { accept },
      body: review,
    });

  it.each(['Table', 'PartialObjectMetadata'])('a review has no %s', async form => {
    const accept = `application/json;as=${form};v=v1;g=meta.k8s.io`;
    expect(await post(accept)).toMatchObject({ code: 406 });
    expect(await post(`${accept},application/json`)).toMatchObject({
      code: 201,
      body: { kind: 'SelfSubjectAccessReview' },
    });
  });
});

describe('options of a deletion', () => {
  beforeEach(async () => {
    const spec = { containers: [{ name: 'main', image: 'a' }] };
    await server.post(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });
  });
  const remove = (apiVersion: string) =>
    server.ask('DELETE', `${PODS}/p?dryRun=All`, { body: { apiVersion, kind: 'DeleteOptions', dryRun: ['All'] } });

  it('come in the version of any group', async () => {
    for (const version of ['v1', 'meta.k8s.io/v1', 'apps/v1']) expect((await remove(version)).code).toBe(200);
  });

  it('of a group that is none are refused', async () => {
    const { code, body } = await remove('example.com/v1');
    expect(code).toBe(400);
    expect(body.message).toMatch(/^no kind "DeleteOptions" is registered for version "example.com\/v1" in scheme "/);
  });

  it('addresses in the status of a pod are addresses, and each stands there once', async () => {
    const status = (change: object) => patch(`${PODS}/p/status`, { status: change });
    expect(await status({ podIP: 'nowhere' })).toMatchObject({
      code: 422,
      body: {
        message: `Pod "p" is invalid: status.podIPs[0]: Invalid value: "nowhere": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
      },
    });
    expect((await status({ podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.1' }] })).body.message).toContain(
      'status.podIPs[1]: Duplicate value: {"ip":"10.0.0.1"}',
    );
    expect((await status({ podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] })).code).toBe(200);
  });
});

describe('custom kinds', () => {
  const pod = { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true };
  const spec = { type: 'object', properties: { pod, size: { type: 'integer' } } };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
          subresources: { scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
        },
      ],
    },
  };
  const widget = (name: string, fields: object = {}) =>
    server.post(WIDGETS, { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name }, spec: fields });
  let runtime: Runtime;

  beforeEach(async () => {
    runtime = new Runtime(server.registry, { onError: (_, __, error) => expect.fail(String(error)) });
    runtime.add(customResourcesController({ registry: server.registry, recorder: () => ({ event() {} }) }));
    runtime.start();
    await server.post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    await runtime.settled();
    await widget('one', { size: 1 });
  });
  afterEach(() => runtime.stop());

  it('have no form in protobuf', async () => {
    expect((await server.get(`${WIDGETS}/one`, { accept: PROTOBUF })).code).toBe(406);
    expect(await server.get(`${WIDGETS}/one`, { accept: 'text/html' })).toMatchObject({
      code: 406,
      body: {
        message:
          'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      },
    });
    expect((await server.get(WIDGETS, { accept: `${PROTOBUF},application/json` })).code).toBe(200);
  });

  it('are missed in plain text, as no router of Kubernetes knows them', async () => {
    for (const path of [`${WIDGETS.replace('/v1/', '/v9/')}`, WIDGETS.replace('widgets', 'others')])
      expect(await server.get(path)).toMatchObject({ code: 404, text: '404 page not found\n' });
    expect(await server.get(`${WIDGETS}/one/other`)).toMatchObject({
      code: 404,
      body: { message: 'widgets.example.com "one" not found' },
    });
  });

  it('may not be left without what their schema has no null for', async () => {
    const apply = (spec: object) =>
      server.ask('PATCH', `${WIDGETS}/applied?fieldManager=me`, {
        headers: { 'content-type': 'application/apply-patch+yaml' },
        body: JSON.stringify({
          apiVersion: 'example.com/v1',
          kind: 'Widget',
          metadata: { name: 'applied' },
          spec,
        }),
      });
    expect((await apply({ size: 1 })).code).toBe(201);
    expect(await apply({})).toMatchObject({
      code: 422,
      body: { message: expect.stringContaining('spec: Invalid value: "null": spec in body must be of type object') },
    });
  });

  it('know no strategic patches, not even of their scale', async () => {
    for (const path of [`${WIDGETS}/one`, `${WIDGETS}/one/scale`])
      expect((await patch(path, { spec: { size: 2 } }, 'strategic-merge-patch')).code).toBe(415);
    expect((await patch(`${WIDGETS}/one/scale`, { spec: { replicas: 2 } })).code).toBe(200);
  });

  it.each<[what: string, pod: object, message: string]>([
    ['no version', { kind: 'Pod' }, 'spec.pod.apiVersion: Required value: must not be empty'],
    ['no kind', { apiVersion: 'v1' }, 'spec.pod.kind: Required value: must not be empty'],
    ['a version that is none', { apiVersion: 'a/b/c', kind: 'Pod' }, 'unexpected GroupVersion string: a/b/c'],
    ['a name that is none', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a/b' } }, `may not contain '/'`],
    [
      'labels that are none',
      { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { a: '-' } } },
      'spec.pod.metadata.labels: Invalid value: "-"',
    ],
  ])('hold resources that are such: with %s they are refused', async (_, embedded, message) => {
    const { code, body } = await widget('two', { pod: embedded });
    expect(code).toBe(422);
    expect(body.message).toContain(message);
  });
});
