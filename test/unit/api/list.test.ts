import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeProtobuf } from '../../../src/api/protobuf/index.js';
import { BUILT_IN } from '../../../src/resources/index.js';
import { addNamespace } from '../../support/registry.js';
import { configMap, TestServer } from './serve.js';

const MAPS = '/api/v1/namespaces/default/configmaps';
const INVALID = 'ListOptions.meta.k8s.io "" is invalid: ';
const token = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');

describe('reads of a collection', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await TestServer.start();
  });
  afterEach(() => server.close());

  /** `a`, then `b`, then another `a`, then no more `b`: revisions 2 to 5; 1 is the namespace. */
  const history = async () => {
    await server.post(MAPS, configMap('a', { v: '2' }));
    await server.post(MAPS, configMap('b', { v: '3' }));
    await server.ask('PUT', `${MAPS}/a`, { body: configMap('a', { v: '4' }) });
    await server.ask('DELETE', `${MAPS}/b`);
  };
  const shown = ({ body }: Awaited<ReturnType<TestServer['get']>>) =>
    `${body.metadata.resourceVersion}: ${body.items.map((i: { metadata: { name: string }; data: { v: string } }) => `${i.metadata.name}${i.data.v}`)}`;

  it.each([
    ['', '5: a4'],
    ['resourceVersion=', '5: a4'],
    ['resourceVersion=0', '5: a4'],
    ['resourceVersion=3', '5: a4'],
    ['resourceVersion=3&resourceVersionMatch=NotOlderThan', '5: a4'],
    ['resourceVersion=0&resourceVersionMatch=NotOlderThan', '5: a4'],
    ['resourceVersion=3&resourceVersionMatch=NotOlderThan&limit=5', '5: a4'],
    ['resourceVersion=3&resourceVersionMatch=Exact', '3: a2,b3'],
    ['resourceVersion=4&resourceVersionMatch=Exact', '4: a4,b3'],
    ['resourceVersion=1&resourceVersionMatch=Exact', '1: '],
    ['resourceVersion=5&resourceVersionMatch=Exact', '5: a4'],
    // Before there was a match, a limit made it exact.
    ['resourceVersion=3&limit=5', '3: a2,b3'],
    ['resourceVersion=3&resourceVersionMatch=Exact&labelSelector=!x&fieldSelector=metadata.name=b', '3: b3'],
    ['unheard-of=1&timeoutSeconds=3&allowWatchBookmarks=true&watch=false', '5: a4'],
    ['limit=-1', '5: a4'],
  ])('?%s shows %s', async (query, expected) => {
    await history();
    expect(shown(await server.get(`${MAPS}?${query}`))).toBe(expected);
  });

  it('gives it whole where any state will do, whatever the limit', async () => {
    for (const name of ['a', 'b', 'c']) await server.post(MAPS, configMap(name));
    const { body } = await server.get(`${MAPS}?resourceVersion=0&limit=1`);
    expect(body.items).toHaveLength(3);
    expect(body.metadata).toEqual({ resourceVersion: '4' });
  });

  it.each([
    [
      'resourceVersion=x',
      400,
      'BadRequest',
      'invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
    ],
    [
      'resourceVersion=-1',
      400,
      'BadRequest',
      'invalid resource version: resourceVersion: Invalid value: "-1": strconv.ParseUint: parsing "-1": invalid syntax',
    ],
    [
      'resourceVersion=18446744073709551616',
      400,
      'BadRequest',
      'invalid resource version: resourceVersion: Invalid value: "18446744073709551616": strconv.ParseUint: parsing "18446744073709551616": value out of range',
    ],
    [
      'resourceVersionMatch=Exact',
      422,
      'Invalid',
      `${INVALID}resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided`,
    ],
    [
      'resourceVersion=0&resourceVersionMatch=Exact',
      422,
      'Invalid',
      `${INVALID}resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"`,
    ],
    [
      'resourceVersion=1&resourceVersionMatch=Newest',
      422,
      'Invalid',
      `${INVALID}resourceVersionMatch: Unsupported value: "Newest": supported values: "Exact", "NotOlderThan", ""`,
    ],
    [
      'resourceVersion=1&resourceVersionMatch=Exact&continue=x',
      422,
      'Invalid',
      `${INVALID}resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided`,
    ],
    [
      'resourceVersionMatch=Exact&sendInitialEvents=false',
      422,
      'Invalid',
      `${INVALID}[resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided, sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list]`,
    ],
    [
      `resourceVersion=1&continue=${token({ v: 'meta.k8s.io/v1', rv: 1, start: 'a' })}`,
      400,
      'BadRequest',
      'specifying resource version is not allowed when using continue',
    ],
    [
      'continue=***',
      400,
      'BadRequest',
      'invalid continue token: continue key is not valid: illegal base64 data at input byte 0',
    ],
    [
      'continue=abcde',
      400,
      'BadRequest',
      'invalid continue token: continue key is not valid: illegal base64 data at input byte 4',
    ],
    ['continue=abcd', 400, 'BadRequest', 'invalid continue token: continue key is not valid'],
    [
      `continue=${token({ v: 'meta.k8s.io/v2', rv: 1, start: 'a' })}`,
      400,
      'BadRequest',
      'invalid continue token: continue key is not valid: server does not recognize this encoded version "meta.k8s.io/v2"',
    ],
    [
      `continue=${token({ v: 'meta.k8s.io/v1', start: 'a' })}`,
      400,
      'BadRequest',
      'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    ],
    [
      `continue=${token({ v: 'meta.k8s.io/v1', rv: 1 })}`,
      400,
      'BadRequest',
      'invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)',
    ],
    [
      `continue=${token({ v: 'meta.k8s.io/v1', rv: 1, start: '../secrets/a' })}`,
      400,
      'BadRequest',
      'invalid continue token: continue key is not valid: ../secrets/a',
    ],
    ['limit=x', 400, 'BadRequest', 'strconv.ParseInt: parsing "x": invalid syntax'],
    [
      'labelSelector=a%20b',
      400,
      'BadRequest',
      "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
    ],
    [
      'fieldSelector=metadata.name',
      400,
      'BadRequest',
      "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
    ],
  ] as const)('?%s is %i %s', async (query, code, reason, message) => {
    const { body, code: answered } = await server.get(`${MAPS}?${query}`);
    expect({ code: answered, reason: body.reason }).toEqual({ code, reason });
    expect(body.message).toContain(message);
    // The same where a collection is deleted.
    expect((await server.ask('DELETE', `${MAPS}?${query}`)).body.message).toBe(body.message);
  });

  it.each([
    ['a list that may be newer', 'resourceVersion=99', 1],
    ['a list of exactly that revision', 'resourceVersion=99&resourceVersionMatch=Exact', undefined],
    ['a page of exactly that revision', 'resourceVersion=99&limit=1', undefined],
    ['a token of another cluster', `continue=${token({ v: 'meta.k8s.io/v1', rv: 99, start: 'a' })}`, undefined],
  ])('%s is too much asked for', async (_, query, retryAfterSeconds) => {
    const { code, body, headers } = await server.get(`${MAPS}?${query}`);
    expect(body).toMatchObject({ reason: 'Timeout', message: 'Timeout: Too large resource version: 99, current: 1' });
    expect(code).toBe(504);
    const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
    expect(body.details).toEqual({ causes, ...(retryAfterSeconds ? { retryAfterSeconds } : {}) });
    expect(headers['retry-after']).toBe(retryAfterSeconds?.toString());
  });

  it('reads one object no older than a revision', async () => {
    await history();
    const get = (version: string) => server.get(`${MAPS}/a?resourceVersion=${version}`);
    for (const version of ['', '0', '2', '5']) expect((await get(version)).body.data).toEqual({ v: '4' });
    expect(await get('6')).toMatchObject({
      code: 504,
      headers: { 'retry-after': '1' },
      body: { message: 'Timeout: Too large resource version: 6, current: 5', details: { retryAfterSeconds: 1 } },
    });
    expect(await get('x')).toMatchObject({
      code: 500,
      body: { message: 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax' },
    });
    // Also where there is none: the cache has to be as new as that to know.
    expect(await server.get(`${MAPS}/none?resourceVersion=6`)).toMatchObject({ code: 504 });
    expect(await server.get(`${MAPS}/none?resourceVersion=5`)).toMatchObject({ code: 404 });
  });

  it('pages through one revision, across namespaces in the order of keys', async () => {
    for (const namespace of ['a', 'a-b']) await addNamespace(server.registry, namespace);
    for (const namespace of ['a', 'a-b', 'default'])
      for (const name of ['x', 'y']) await server.post(`/api/v1/namespaces/${namespace}/configmaps`, configMap(name));
    const pages: string[] = [];
    let query = 'limit=4';
    for (let next: string | undefined = ''; next !== undefined; ) {
      const { body } = await server.get(`/api/v1/configmaps?${query}`);
      const items = body.items.map(
        (i: { metadata: { namespace: string; name: string } }) => `${i.metadata.namespace}/${i.metadata.name}`,
      );
      pages.push(`${body.metadata.resourceVersion}: ${items} ${body.metadata.remainingItemCount}`);
      next = body.metadata.continue;
      query = `limit=4&continue=${next}`;
      await server.ask('DELETE', '/api/v1/namespaces/a/configmaps/y');
    }
    // A dash comes before a slash.
    expect(pages).toEqual(['9: a-b/x,a-b/y,a/x,a/y 2', '9: default/x,default/y undefined']);
  });

  it('does not count what is left behind a selector', async () => {
    for (const name of ['a', 'b', 'c']) await server.post(MAPS, configMap(name));
    const { metadata, items } = (await server.get(`${MAPS}?limit=1&fieldSelector=metadata.name!=b`)).body;
    expect(Object.keys(metadata)).toEqual(['resourceVersion', 'continue']);
    const rest = (await server.get(`${MAPS}?limit=1&fieldSelector=metadata.name!=b&continue=${metadata.continue}`))
      .body;
    expect([...items, ...rest.items].map(i => i.metadata.name)).toEqual(['a', 'c']);
    expect(rest.metadata).toEqual({ resourceVersion: '4' });
  });

  it('answers 410 with a token that goes on as of now, once a revision is compacted', async () => {
    await history();
    await server.post(MAPS, configMap('c'));
    const first = (await server.get(`${MAPS}?limit=1`)).body;
    await server.post(MAPS, configMap('bb', { v: '7' }));
    await server.registry.log.compact(server.registry.revision);
    const expired = await server.get(`${MAPS}?limit=1&continue=${first.metadata.continue}`);
    expect(expired).toMatchObject({ code: 410, body: { reason: 'Expired', code: 410 } });
    expect(expired.body.message).toMatch(/^The provided continue parameter is too old .* inconsistent list/);
    const rest = (await server.get(`${MAPS}?limit=1&continue=${expired.body.metadata.continue}`)).body;
    expect(rest.items.map((i: { metadata: { name: string } }) => i.metadata.name)).toEqual(['bb']);
    expect(rest.metadata).toMatchObject({ resourceVersion: '7', remainingItemCount: 1 });
    const exact = await server.get(`${MAPS}?resourceVersion=4&resourceVersionMatch=Exact`);
    expect(exact).toMatchObject({
      code: 410,
      body: { reason: 'Expired', message: 'The resourceVersion for the provided list is too old.' },
    });
  });

  it('compresses what is large for those who take it', async () => {
    await server.post(MAPS, configMap('large', { text: 'x'.repeat(128 * 1024) }));
    const plain = await server.get(MAPS);
    const gzip = await server.get(MAPS, { 'accept-encoding': 'gzip' });
    expect(gzip.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(gunzipSync(gzip.bytes).toString()).toBe(plain.text);
    expect(
      (await server.get(`${MAPS}/none`, { 'accept-encoding': 'gzip' })).headers['content-encoding'],
    ).toBeUndefined();
  });

  it('names kinds once for all items, in every form', async () => {
    await server.post(MAPS, configMap('a'));
    const { body } = await server.get(MAPS);
    expect(Object.keys(body)).toEqual(['kind', 'apiVersion', 'metadata', 'items']);
    expect(Object.keys(body.items[0])).toEqual(['metadata', 'data']);
    const empty = await server.get('/api/v1/namespaces/none/configmaps');
    expect(empty.body).toEqual({
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '2' },
      items: [],
    });
    const protobuf = await server.get(MAPS, { accept: 'application/vnd.kubernetes.protobuf' });
    expect(decodeProtobuf(protobuf.bytes)).toMatchObject({
      kind: 'ConfigMapList',
      items: [{ metadata: { name: 'a' } }],
    });
    const accept = 'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const partial = await server.get(MAPS, { accept });
    expect(partial.headers['content-type']).toBe('application/vnd.kubernetes.protobuf');
    expect(decodeProtobuf(partial.bytes)).toMatchObject({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '2' },
      items: [{ metadata: { name: 'a' } }],
    });
  });

  it.each([
    ['timeoutSeconds=&limit=x', 400, 'strconv.ParseInt: parsing ""'],
    ['limit=x&labelSelector=,', 400, 'strconv.ParseInt: parsing "x"'],
    ['resourceVersionMatch=Bad&labelSelector=,', 400, "found ','"],
    ['resourceVersionMatch=Bad&fieldSelector=metadata.name=%5Cx', 400, 'invalid escape sequence'],
    ['resourceVersionMatch=Exact&fieldSelector=data=x', 422, 'resourceVersionMatch is forbidden'],
    ['resourceVersion=x&fieldSelector=data=x', 400, 'is not a known field selector'],
  ])('reads what it can of %s before it looks what goes with what', async (query, code, message) => {
    for (const what of ['', '&watch=1']) {
      const answer = await server.get(`${MAPS}?${query}${what}`);
      expect([answer.code, answer.body.message]).toEqual([code, expect.stringContaining(message)]);
    }
  });

  it('a watch in YAML is refused last of all', async () => {
    const yaml = { accept: 'application/yaml' };
    const told = async (query: string) => (await server.get(`${MAPS}?watch=1${query}`, yaml)).code;
    expect(await told('&labelSelector=,')).toBe(400);
    expect(await told('&resourceVersion=x')).toBe(500);
    expect(await told('')).toBe(406);
    expect(server.api.watchers).toBe(0);
  });

  const NO_OWN = (field: string) =>
    `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
  const NOT_SUPPORTED = (field: string) => `field label not supported: ${field}`;
  it.each([
    ['configmaps', 'metadata.namespace=x', undefined],
    ['configmaps', 'data=x', NO_OWN('data')],
    ['daemonsets', 'spec.replicas=1', NO_OWN('spec.replicas')],
    ['pods', 'metadata.namespace=x', undefined],
    [
      'pods',
      'spec.nodeName=x,spec.host!=x,spec.restartPolicy=x,spec.schedulerName=x,spec.serviceAccountName=x',
      undefined,
    ],
    ['pods', 'spec.hostNetwork=x,status.phase=x,status.podIP=x,status.podIPs=x,status.nominatedNodeName=x', undefined],
    ['pods', 'spec.hostname=x', NOT_SUPPORTED('spec.hostname')],
    ['nodes', 'spec.unschedulable=true', undefined],
    ['nodes', 'metadata.namespace=x', NOT_SUPPORTED('metadata.namespace')],
    ['namespaces', 'status.phase=Active', undefined],
    ['namespaces', 'metadata.namespace=x', NOT_SUPPORTED('metadata.namespace')],
    ['secrets', 'type=Opaque', undefined],
    ['secrets', 'data=x', NOT_SUPPORTED('data')],
    ['services', 'spec.clusterIP=x,spec.type=x', undefined],
    ['services', 'spec.ports=x', NOT_SUPPORTED('spec.ports')],
    [
      'events',
      'involvedObject.kind=x,involvedObject.namespace=x,involvedObject.name=x,involvedObject.uid=x',
      undefined,
    ],
    ['events', 'involvedObject.apiVersion=x,involvedObject.resourceVersion=x,involvedObject.fieldPath=x', undefined],
    ['events', 'reason=x,reportingComponent=x,source=x,type=x,metadata.namespace=x', undefined],
    ['events', 'message=x', NOT_SUPPORTED('message')],
    ['replicationcontrollers', 'status.replicas=0', undefined],
    ['replicationcontrollers', 'spec.replicas=0', NOT_SUPPORTED('spec.replicas')],
    ['jobs', 'status.successful=0', undefined],
    ['jobs', 'status.failed=0', 'field label "status.failed" not supported for batchv1.Job'],
    // Documented, and not so in 1.35 either.
    ['replicasets', 'status.replicas=0', NO_OWN('status.replicas')],
    ['clusterroles', 'metadata.namespace=x', undefined],
    // Kinds without fields of their own know both labels, wherever they live.
    ['priorityclasses', 'metadata.namespace=x', undefined],
    ['priorityclasses', 'value=1', NO_OWN('value')],
  ])('%s by %s: %s', async (plural, selector, message) => {
    const { group, version } = BUILT_IN.find(kind => kind.plural === plural)!;
    const path = `${group ? `/apis/${group}` : '/api'}/${version}/${plural}`;
    const { code, body } = await server.get(`${path}?fieldSelector=${selector}`);
    expect(code === 200 ? undefined : `${code} ${body.reason} ${body.message}`).toBe(
      message && `400 BadRequest ${message}`,
    );
    // A watch is refused in the same words.
    if (message) expect((await server.get(`${path}?watch=1&fieldSelector=${selector}`)).body.message).toBe(message);
  });

  const template = {
    metadata: { labels: { a: 'b' } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] },
  };
  it.each([
    ['/api/v1/namespaces/default/secrets', { type: 'a/b' }, 'type=a/b', 'type=Opaque'],
    [
      '/api/v1/namespaces/default/pods',
      { spec: template.spec },
      'spec.restartPolicy=Never,spec.nodeName=',
      'spec.hostNetwork=true',
    ],
    [
      '/api/v1/namespaces/default/pods',
      { spec: { ...template.spec, nodeName: 'n' } },
      'spec.host=n',
      'status.podIPs!=',
    ],
    ['/apis/batch/v1/namespaces/default/jobs', { spec: { template } }, 'status.successful=0', 'status.successful!=0'],
    [
      '/api/v1/namespaces/default/events',
      { involvedObject: { name: 'x', namespace: 'default' }, source: { component: 's' } },
      'involvedObject.name=x,source=s',
      'reason=r',
    ],
    ['/api/v1/namespaces', {}, 'status.phase=Active,metadata.name=it', 'status.phase!=Active'],
    ['/api/v1/nodes', {}, 'spec.unschedulable=false', 'spec.unschedulable=true'],
  ])('%s %j is found by %s, not by %s', async (path, fields, found, missed) => {
    expect(await server.post(path, { metadata: { name: 'it' }, ...fields })).toMatchObject({ code: 201 });
    const count = async (selector: string) => (await server.get(`${path}?fieldSelector=${selector}`)).body.items.length;
    expect([await count(found), await count(missed)]).toEqual([1, 0]);
  });
});
