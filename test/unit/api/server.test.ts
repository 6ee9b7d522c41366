import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answered, MAX_BODY_BYTES } from '../../../src/api/http.js';
import { decodeProtobuf, encodeProtobuf } from '../../../src/api/protobuf/index.js';
import { configMap, TestServer } from './serve.js';

const MAPS = '/api/v1/namespaces/default/configmaps';

describe('REST over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await TestServer.start();
  });
  afterEach(() => server.close());

  it('answers a GET with the stored bytes', async () => {
    expect((await server.post(MAPS, configMap('one'))).code).toBe(201);
    const answer = await server.get(`${MAPS}/one`);
    expect(answer.code).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(answer.text)),
      'cache-control': 'no-cache, private',
    });
    const entry = server.registry.read(server.registry.kinds.byResource('configmaps')!, 'default', 'one')!;
    expect(answer.text).toBe(entry.bytes.toString());
  });

  it('lists objects without their kinds, and pages of them', async () => {
    for (const name of ['a', 'b', 'c']) await server.post(MAPS, configMap(name));
    const { body } = await server.get('/api/v1/configmaps');
    expect(Object.keys(body)).toEqual(['kind', 'apiVersion', 'metadata', 'items']);
    expect(body.kind).toBe('ConfigMapList');
    expect(body.metadata).toEqual({ resourceVersion: String(server.registry.revision) });
    expect(body.items.map((item: object) => Object.keys(item))).toEqual(Array(3).fill(['metadata', 'data']));
    const page = await server.get(`${MAPS}?limit=2`);
    expect(page.body.metadata).toMatchObject({ remainingItemCount: 1 });
    const rest = await server.get(`${MAPS}?limit=2&continue=${page.body.metadata.continue}`);
    expect(rest.body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['c']);
    expect((await server.get('/api/v1/namespaces/empty/configmaps')).text).toMatch(/"items":\[\]}\n$/);
  });

  it('indents for people', async () => {
    const compact = (await server.get('/api/v1/namespaces/default')).text;
    expect(compact).not.toContain('\n  ');
    for (const headers of [{ 'user-agent': 'curl/8.0' }, { 'user-agent': 'Mozilla/5.0 (X11)' }]) {
      expect((await server.get('/api/v1/namespaces/default', headers)).text).toBe(
        `${JSON.stringify(JSON.parse(compact), null, 2)}\n`,
      );
    }
    expect((await server.get('/api/v1/namespaces/default?pretty=true')).text).toContain(
      '\n  "kind"'.replace('\n  ', '{\n  '),
    );
    expect((await server.get('/api/v1/namespaces/default?pretty=false', { 'user-agent': 'curl/8.0' })).text).toBe(
      compact,
    );
  });

  it('compresses what is large, for those who can read it', async () => {
    await server.post(MAPS, configMap('large', { text: 'x'.repeat(200_000) }));
    const plain = await server.get(`${MAPS}/large`);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const packed = await new Promise<Buffer>(resolve => {
      request({ port: server.port, path: `${MAPS}/large`, headers: { 'accept-encoding': 'deflate, gzip' } }, res => {
        expect(res.headers['content-encoding']).toBe('gzip');
        const chunks: Buffer[] = [];
        res.on('data', chunk => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)));
      }).end();
    });
    expect(packed.length).toBeLessThan(10_000);
    expect(gunzipSync(packed).toString()).toBe(plain.text);
    expect(
      (await server.get(`${MAPS}/large`, { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding'],
    ).toBeUndefined();
    expect(
      (await server.get('/api/v1/namespaces', { 'accept-encoding': 'gzip' })).headers['content-encoding'],
    ).toBeUndefined();
  });

  it('creates, replaces, patches and deletes', async () => {
    const created = await server.post(MAPS, configMap('one'));
    expect(created.body).toMatchObject({ metadata: { name: 'one', namespace: 'default', resourceVersion: '2' } });
    const replaced = await server.ask('PUT', `${MAPS}/one`, { body: configMap('one', { a: '2' }) });
    expect(replaced).toMatchObject({ code: 200, body: { data: { a: '2' } } });
    const stale = await server.ask('PUT', `${MAPS}/one`, { body: { ...created.body, data: {} } });
    expect(stale).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
    const patched = await server.ask('PATCH', `${MAPS}/one`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { data: { b: '3' } },
    });
    expect(patched).toMatchObject({ code: 200, body: { data: { a: '2', b: '3' } } });
    const applied = await server.ask('PATCH', `${MAPS}/two?fieldManager=me`, {
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: two}\ndata: {a: "1"}',
    });
    expect(applied).toMatchObject({ code: 201, body: { metadata: { name: 'two' } } });
    const deleted = await server.ask('DELETE', `${MAPS}/one`);
    expect(deleted.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'one', kind: 'configmaps', uid: created.body.metadata.uid },
    });
    const all = await server.ask('DELETE', MAPS);
    expect(all.body).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'two' } }] });
    expect((await server.get(MAPS)).body.items).toEqual([]);
  });

  it('creates by PUT what is not there, where the kind allows it', async () => {
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'a' }, spec: {} };
    expect((await server.ask('PUT', `${leases}/a`, { body: lease })).code).toBe(201);
    const { body: stored } = await server.get(`${leases}/a`);
    await server.ask('DELETE', `${leases}/a`);
    // Who names a uid means an object that has been there.
    const { body: refused } = await server.ask('PUT', `${leases}/a`, { body: stored });
    expect(refused).toMatchObject({ reason: 'Conflict', details: { name: 'a', kind: 'leases' } });
    expect(refused.message).toMatch(
      /StorageError: invalid object, Code: 4, Key: \/registry\/leases\/default\/a, .*UID in object meta: $/,
    );
    const { uid: _, ...metadata } = stored.metadata;
    expect((await server.ask('PUT', `${leases}/a`, { body: { ...stored, metadata } })).code).toBe(201);
    expect((await server.ask('PUT', `${MAPS}/none`, { body: configMap('none', {}) })).code).toBe(404);
  });

  it.each([
    '/api/v1/namespaces/default/pods',
    '/apis/apps/v1/namespaces/default/daemonsets',
    '/apis/batch/v1/namespaces/default/jobs',
    '/apis/batch/v1/namespaces/default/cronjobs',
  ])('misses the name of what is POSTed to %s without one', async path => {
    const { code, body } = await server.post(path, {});
    expect(code).toBe(422);
    expect(body.details.causes[0]).toEqual({
      reason: 'FieldValueRequired',
      message: 'Required value: name or generateName is required',
      field: 'metadata.name',
    });
  });

  it.each<[number, string | undefined]>([
    [30_000, undefined],
    [32_767, undefined],
    [32_768, 'provided port is not in the valid range. The range of valid ports is 30000-32767'],
    [80, 'provided port is not in the valid range. The range of valid ports is 30000-32767'],
    [30_500, 'provided port is already allocated'],
  ])('gives a Service the node port %i if it can', async (nodePort, problem) => {
    const path = '/api/v1/namespaces/default/services';
    const service = (name: string, wanted: number) => ({
      metadata: { name },
      spec: { type: 'NodePort', ports: [{ port: 80, nodePort: wanted }] },
    });
    const first = await server.post(path, service('first', 30_500));
    expect((await server.ask('PUT', `${path}/first`, { body: first.body })).code).toBe(200);
    const { code, body } = await server.post(path, service('second', nodePort));
    expect(code).toBe(problem ? 422 : 201);
    if (problem)
      expect(body.message).toBe(
        `Service "second" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: ${problem}`,
      );
  });

  it("refuses finalizers of a namespace that are nobody's", async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'one' } };
    await server.post('/api/v1/namespaces', namespace);
    const answer = await server.ask('PUT', '/api/v1/namespaces/one/finalize', {
      body: { ...namespace, spec: { finalizers: ['mine'] } },
    });
    expect(answer.code).toBe(422);
    expect(answer.body.message).toBe(
      'Namespace "one" is invalid: spec.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    );
  });

  it('wants to know of some kinds which version an update is of', async () => {
    const path = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'a' },
      spec: { minAvailable: 1 },
    };
    const { body: stored } = await server.post(path, budget);
    const { code, body } = await server.ask('PUT', `${path}/a`, { body: budget });
    expect([code, body.message]).toEqual([
      422,
      'poddisruptionbudgets.policy "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    ]);
    expect(
      (await server.ask('PUT', `${path}/a`, { body: { ...stored, spec: { maxUnavailable: 1 } } })).body,
    ).toMatchObject({
      metadata: { generation: 2 },
      spec: { maxUnavailable: 1 },
    });
  });

  it('takes DeleteOptions from the body or the query', async () => {
    await server.post(MAPS, configMap('one'));
    expect((await server.ask('DELETE', `${MAPS}/one?dryRun=All`)).code).toBe(200);
    const wrong = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'other' } };
    expect((await server.ask('DELETE', `${MAPS}/one`, { body: wrong })).code).toBe(409);
    expect((await server.get(`${MAPS}/one`)).code).toBe(200);
    expect(
      (await server.ask('DELETE', `${MAPS}/one`, { body: { apiVersion: 'apps/v1', kind: 'DeleteOptions' } })).code,
    ).toBe(200);
  });

  it('reports unknown and duplicate fields as told', async () => {
    const body = '{"metadata":{"name":"w"},"data":{"a":"1","a":"2"},"extra":1}';
    const json = { 'content-type': 'application/json' };
    const warned = await server.ask('POST', MAPS, { body, headers: json });
    expect(warned.code).toBe(201);
    expect(warned.headers.warning).toBe('299 - "duplicate field \\"data.a\\"", 299 - "unknown field \\"extra\\""');
    const strict = await server.ask('POST', `${MAPS}?fieldValidation=Strict`, { body, headers: json });
    expect(strict).toMatchObject({
      code: 400,
      body: {
        message:
          'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a", unknown field "extra"',
      },
    });
    const ignored = await server.ask('POST', `${MAPS}?fieldValidation=Ignore&dryRun=All`, {
      body: body.replace('"w"', '"x"'),
      headers: json,
    });
    expect(ignored.headers.warning).toBeUndefined();
  });

  it.each([
    [
      'POST',
      MAPS,
      '',
      'application/json',
      400,
      "couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    ],
    ['POST', MAPS, '{"a"', 'application/json', 400, 'json parse error: unexpected end of JSON input ({"a")'],
    ['POST', MAPS, '[]', '', 400, 'json: cannot unmarshal array into Go value of type struct'],
    ['POST', MAPS, 'a: [', 'application/yaml', 400, "yaml: line 1: did not find expected ',' or ']'"],
    [
      'POST',
      MAPS,
      '{}',
      'text/plain',
      415,
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
    ],
    ['POST', MAPS, '{}', 'application/json; charset', 415, 'the body of the request was in an unknown format'],
    [
      'POST',
      MAPS,
      '{"apiVersion":"v1","kind":"Pod"}',
      'application/json',
      400,
      'Pod in version "v1" cannot be handled as a ConfigMap',
    ],
    ['PATCH', `${MAPS}/x`, '{}', 'application/json', 415, '415: Unsupported Media Type'],
    ['PATCH', `${MAPS}/x`, '{}', 'application/apply-patch+cbor', 415, '415: Unsupported Media Type'],
    ['PATCH', `${MAPS}/x`, '{', 'application/merge-patch+json', 400, 'unexpected end of JSON input'],
    [
      'PUT',
      `${MAPS}/x`,
      '{"metadata":{"name":"y"}}',
      'application/json',
      400,
      'the name of the object (y) does not match the name on the URL (x)',
    ],
    [
      'PUT',
      `${MAPS}/x`,
      '{}',
      'application/json',
      400,
      'the name of the object (x based on URL) was undeterminable: name must be provided',
    ],
    ['GET', `${MAPS}?labelSelector=a%20b`, undefined, '', 400, 'unable to parse requirement'],
    ['GET', `${MAPS}/one?resourceVersion=x`, undefined, '', 500, 'resourceVersion: Invalid value: "x"'],
    ['GET', `${MAPS}?includeObject=x&limit=1`, undefined, '', 200, ''],
    ['PUT', MAPS, '{}', 'application/json', 405, 'the server does not allow this method on the requested resource'],
    ['POST', `${MAPS}/x`, '{}', 'application/json', 405, 'the server does not allow this method'],
    ['DELETE', '/api/v1/configmaps', undefined, '', 405, 'the server does not allow this method'],
    ['OPTIONS', MAPS, undefined, '', 405, 'the server does not allow this method'],
    ['POST', '/api', '{}', 'application/json', 405, 'the server does not allow this method'],
    ['GET', '/api/v1/configmaps/x', undefined, '', 404, 'the server could not find the requested resource'],
    ['GET', '/api/v1/namespaces/default/nodes', undefined, '', 404, 'the server could not find the requested resource'],
    [
      'GET',
      '/api/v1/namespaces/default/pods/x/nothing',
      undefined,
      '',
      404,
      'the server could not find the requested resource',
    ],
    [
      'GET',
      '/api/v1/namespaces/default/pods/x/status/more',
      undefined,
      '',
      404,
      'the server could not find the requested resource',
    ],
  ])('%s %s with %j as %j is %i', async (method, path, body, type, code, message) => {
    const answer = await server.ask(method, path, { body, headers: type ? { 'content-type': type } : {} });
    expect(answer.code).toBe(code);
    if (code >= 400) expect(answer.body).toMatchObject({ kind: 'Status', status: 'Failure', code });
    expect(answer.body.message ?? '').toContain(message);
  });

  it('refuses bodies of more than 3 MiB, and goes on', async () => {
    const body = Buffer.alloc(MAX_BODY_BYTES + 1, ' ');
    const answer = await server.post(MAPS, body);
    expect(answer).toMatchObject({
      code: 413,
      body: { reason: 'RequestEntityTooLarge', message: 'Request entity too large: limit is 3145728' },
    });
    expect((await server.post(MAPS, configMap('small'))).code).toBe(201);
  });

  it('answers HEAD with a head alone', async () => {
    expect(await server.ask('HEAD', MAPS)).toMatchObject({ code: 405, text: '' });
  });

  it('converts to Tables, metadata and YAML', async () => {
    await server.post(MAPS, configMap('one'));
    const as = (form: string) => ({ accept: `application/json;as=${form};v=v1;g=meta.k8s.io` });
    const table = await server.get(`${MAPS}?includeObject=Object`, as('Table'));
    expect(table.headers['content-type']).toBe('application/json');
    expect(table.body).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '2' },
      rows: [{ object: { kind: 'ConfigMap', data: { a: '1' } } }],
    });
    expect(table.body.rows[0].cells).toHaveLength(table.body.columnDefinitions.length);
    expect((await server.get(`${MAPS}/one`, as('Table'))).body.rows[0].object).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: 'one' },
    });
    expect((await server.get(`${MAPS}?includeObject=None`, as('Table'))).body.rows[0].object).toBeNull();
    expect(await server.get(`${MAPS}?includeObject=Some`, as('Table'))).toMatchObject({
      code: 400,
      body: {
        message:
          "Unable to convert to Table as requested: includeObject: Invalid value: \"Some\": must be 'Metadata', 'Object', 'None', or empty",
      },
    });
    const partial = (await server.get(`${MAPS}/one`, as('PartialObjectMetadata'))).body;
    expect(Object.keys(partial)).toEqual(['kind', 'apiVersion', 'metadata']);
    const list = (await server.get(MAPS, as('PartialObjectMetadataList'))).body;
    expect(list).toMatchObject({ kind: 'PartialObjectMetadataList', items: [partial] });
    expect(await server.get(MAPS, as('PartialObjectMetadata'))).toMatchObject({
      code: 406,
      body: { reason: 'NotAcceptable' },
    });
    expect(await server.get(`${MAPS}/one`, as('PartialObjectMetadataList'))).toMatchObject({ code: 406 });
    const yaml = await server.get(`${MAPS}/one`, { accept: 'application/yaml' });
    expect(yaml.headers['content-type']).toBe('application/yaml');
    expect(yaml.text).toMatch(/^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\nmetadata:\n/);
  });

  it('speaks protobuf both ways', async () => {
    const protobuf = 'application/vnd.kubernetes.protobuf';
    const sent = encodeProtobuf({ ...configMap('one'), apiVersion: 'v1', kind: 'ConfigMap' });
    const created = await server.post(MAPS, sent, { 'content-type': protobuf, accept: `${protobuf},application/json` });
    expect(created).toMatchObject({ code: 201, headers: { 'content-type': protobuf } });
    const { body } = await server.get(`${MAPS}/one`);
    expect(body.data).toEqual({ a: '1' });
    expect(decodeProtobuf(created.bytes)).toMatchObject({
      kind: 'ConfigMap',
      metadata: { uid: body.metadata.uid },
      data: { a: '1' },
    });
    const list = decodeProtobuf((await server.get(MAPS, { accept: protobuf })).bytes) as { items?: unknown };
    expect(list).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'one' } }] });
    const table = await server.get(MAPS, {
      accept: `${protobuf};as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1;g=meta.k8s.io`,
    });
    expect(table.body.kind).toBe('Table');
  });

  it.each([
    [Buffer.alloc(0), 'the object provided is unrecognized (must be of type ConfigMap): empty data (<empty>)'],
    [
      Buffer.from('{}'),
      'the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ({})',
    ],
    [Buffer.from('k8s\0'), 'the object provided is unrecognized (must be of type ConfigMap): empty body (6b387300)'],
    [
      Buffer.from('k8s\0\x0a\x7f'),
      'the object provided is unrecognized (must be of type ConfigMap): unexpected EOF (6b3873000a7f)',
    ],
    [
      Buffer.from('k8s\0\x12\x02\x0a\x7f'),
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: unexpected EOF',
    ],
    [
      Buffer.from('k8s\0\x12\x02\x08\x01'),
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: proto: wrong wireType = 0 for field ObjectMeta',
    ],
    [
      encodeProtobuf({ kind: 'Secret', apiVersion: 'v1', metadata: { name: 's' } }),
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    ],
  ])('refuses the protobuf body %j', async (bytes, message) => {
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    const answer = await server.ask('POST', MAPS, { headers, body: bytes });
    expect([answer.code, answer.body.message]).toEqual([400, message]);
  });

  it('tells of errors and successes in the media type that is accepted', async () => {
    const protobuf = 'application/vnd.kubernetes.protobuf';
    const accept = `${protobuf},application/json`;
    const missing = await server.get(`${MAPS}/none`, { accept });
    expect([missing.code, missing.headers['content-type']]).toEqual([404, protobuf]);
    expect(decodeProtobuf(missing.bytes)).toMatchObject({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'NotFound',
      details: { name: 'none', kind: 'configmaps' },
      code: 404,
    });
    const invalid = await server.post(MAPS, { ...configMap('No!') }, { accept });
    expect(decodeProtobuf(invalid.bytes)).toMatchObject({
      details: { causes: [{ field: 'metadata.name' }] },
      code: 422,
    });
    await server.post(MAPS, configMap('one'));
    const deleted = await server.ask('DELETE', `${MAPS}/one`, { headers: { accept } });
    expect(decodeProtobuf(deleted.bytes)).toMatchObject({ kind: 'Status', status: 'Success' });
    const yaml = await server.get(`${MAPS}/none`, { accept: 'application/yaml' });
    expect(yaml.text).toContain('reason: NotFound');
    expect((await server.get(`${MAPS}/none`, { accept: 'text/csv' })).body.kind).toBe('Status');
  });

  it('does not do what it could not answer', async () => {
    expect((await server.post(MAPS, configMap('one'), { accept: 'text/csv' })).code).toBe(406);
    expect((await server.get(`${MAPS}/one`)).code).toBe(404);
  });

  it('counts what it answers', async () => {
    await server.get(`${MAPS}/none`);
    await server.get(MAPS);
    const { text, headers } = await server.get('/metrics');
    expect(headers['content-type']).toMatch('text/plain');
    expect(text).toContain('apiserver_request_total{verb="GET",resource="configmaps",subresource="",code="404"} 1');
    expect(text).toContain(
      'apiserver_request_duration_seconds_count{verb="LIST",resource="configmaps",subresource="",code="200"} 1',
    );
    expect(text).toContain(
      'apiserver_request_duration_seconds_bucket{le="+Inf",verb="LIST",resource="configmaps",subresource="",code="200"} 1',
    );
    expect(text).toContain('kubette_revision 1');
    expect(text).toContain('process_resident_memory_bytes');
  });
});

describe('health', () => {
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

  it('tells what fails', async () => {
    const server = await TestServer.start();
    const { backend } = server.registry.log;
    const etcd = async (path: string) => (await server.get(path)).text.split('\n').find(line => line.includes('etcd'));
    expect(await server.get('/readyz')).toMatchObject({ code: 200, text: 'ok' });
    expect(await etcd('/livez?verbose')).toBe('[+]etcd ok');

    const append = backend.append.bind(backend);
    backend.append = () => Promise.reject(new Error('disk full'));
    expect((await server.post('/api/v1/namespaces', namespace('a'))).code).toBe(500);
    expect((await server.get('/readyz')).code).toBe(500);
    expect(await etcd('/readyz')).toBe('[-]etcd failed: disk full');
    expect((await server.get('/readyz?exclude=etcd')).code).toBe(200);
    expect((await server.get('/livez/ping')).code).toBe(200);
    expect((await server.get('/livez/etcd')).code).toBe(500);

    backend.append = append;
    expect((await server.post('/api/v1/namespaces', namespace('a'))).code).toBe(201);
    expect((await server.get('/livez/etcd')).code).toBe(200);
    await server.close();
  });

  it('names the checks as kube-apiserver does', async () => {
    const server = await TestServer.start();
    const checks = async (endpoint: string) => (await server.get(`/${endpoint}?verbose`)).text.split('\n');
    expect(await checks('readyz')).toEqual(expect.arrayContaining(['[+]ping ok', '[+]log ok', '[+]informer-sync ok']));
    expect(await checks('livez')).not.toContain('[+]informer-sync ok');
    expect((await server.get('/livez/poststarthook/crd-informer-synced')).code).toBe(200);
    expect((await server.get('/livez/nothing')).code).toBe(404);
    await server.close();
  });
});

describe('who may ask', () => {
  it('wants the token if there is one, but not for probes', async () => {
    const answered: Answered[] = [];
    const server = await TestServer.start({ token: 'secret', onAnswered: a => answered.push(a) });
    const denied = await server.get('/api/v1/namespaces');
    expect(denied).toMatchObject({ code: 401, body: { kind: 'Status', reason: 'Unauthorized' } });
    expect((await server.get('/api/v1/namespaces', { authorization: 'Bearer wrong' })).code).toBe(401);
    expect((await server.get('/elsewhere')).code).toBe(401);
    const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
    expect((await server.get('/version', basic('kubette:wrong'))).code).toBe(401);
    expect((await server.get('/version', basic('kubette:secret'))).code).toBe(200);
    expect((await server.get('/version', { authorization: 'secret' })).code).toBe(401);
    expect(
      (await server.get('/api/v1/namespaces', { authorization: 'Bearer secret', host: 'cluster.example.com' })).code,
    ).toBe(200);
    for (const path of ['/healthz', '/livez', '/readyz'])
      expect((await server.get(path, { host: 'x.example.com' })).code).toBe(200);
    expect(answered.map(a => `${a.verb} ${a.resource} ${a.code}`)).toEqual([
      'get  401',
      'get  401',
      'get  401',
      'get  401',
      'get  200',
      'get  401',
      'list namespaces 200',
      'get  200',
      'get  200',
      'get  200',
    ]);
    // A browser is told how to ask its user.
    expect((await server.get('/elsewhere')).headers['www-authenticate']).toBeUndefined();
    expect((await server.get('/graphql', { accept: 'text/html' })).headers['www-authenticate']).toMatch(/^Basic /);
    await server.close();
  });

  describe('without a token', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await TestServer.start({ allowedHosts: ['kubette'] });
    });
    afterAll(() => server.close());

    it.each([
      'localhost',
      'localhost:8001',
      '127.0.0.1:8001',
      '127.9.9.9',
      '[::1]:8001',
      'a.localhost',
      'LOCALHOST',
      'kubette:8001',
    ])('answers to %s', async host => {
      expect((await server.get('/version', { host })).code).toBe(200);
    });

    it.each(['example.com', 'localhost.example.com', '127.0.0.1.example.com', '192.168.0.1', '[fe80::1]'])(
      'refuses %j',
      async host => {
        expect(await server.get('/version', { host })).toMatchObject({
          code: 403,
          body: { kind: 'Status', reason: 'Forbidden' },
        });
      },
    );

    it("refuses writes from other sites' pages", async () => {
      const post = (headers: Record<string, string>) => server.post(`${MAPS}?dryRun=All`, configMap('x'), headers);
      expect((await post({ origin: 'http://evil.example.com' })).code).toBe(403);
      expect((await post({ origin: 'null' })).code).toBe(403);
      expect((await post({ 'sec-fetch-site': 'cross-site' })).code).toBe(403);
      expect((await post({ origin: `http://127.0.0.1:${server.port}` })).code).toBe(201);
      expect((await post({})).code).toBe(201);
    });
  });
});
