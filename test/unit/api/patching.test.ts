import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, TestServer } from './serve.js';

const TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;
type Type = keyof typeof TYPES;

const MAPS = '/api/v1/namespaces/default/configmaps';
const PODS = '/api/v1/namespaces/default/pods';
const PATCHED = 'the server rejected our request due to an error in our request';
const MODIFIED =
  'Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again';

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start();
  await server.post(MAPS, { ...map({ a: '1' }), metadata: { name: 'one', annotations: { 'x.io/y': '2' } } });
});
afterEach(() => server.close());

const map = (data: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'one', ...metadata },
  data,
});

const patch = (type: Type, path: string, body: unknown, query = ''): Promise<Answer> =>
  server.ask('PATCH', path + query, { headers: { 'content-type': TYPES[type] }, body });
const patchMap = (type: Type, body: unknown, query = '') => patch(type, `${MAPS}/one`, body, query);
const apply = (body: unknown, query = '?fieldManager=a') => patchMap('apply', body, query);

const managers = (answer: Answer) =>
  (answer.body.metadata.managedFields ?? []).map(
    (entry: Record<string, unknown>) => `${entry.manager} ${entry.operation} ${JSON.stringify(entry.fieldsV1)}`,
  );

/** Strict mistakes are found within the message of the patched object. */
const said = (answer: Answer) => [answer.code, answer.body.message];

describe('JSON and merge patches', () => {
  const set = (path: string, value: unknown) => [{ op: 'replace', path, value }];

  it.each<[Type, unknown, string, number, string]>([
    ['json', [{ op: 'test', path: '/data/a', value: '2' }], '', 422, PATCHED],
    ['json', [{ op: 'remove', path: '/data/none' }], '', 422, PATCHED],
    [
      'json',
      { op: 'remove' },
      '',
      400,
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    ],
    [
      'json',
      { op: 'remove' },
      '?fieldValidation=Ignore',
      400,
      'json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    ],
    [
      'json',
      ['x'],
      '',
      400,
      'error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp',
    ],
    [
      'json',
      [{ op: 1 }],
      '',
      400,
      'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string',
    ],
    ['json', '[{', '', 400, 'error decoding patch: unexpected end of JSON input'],
    ['json', '[{', '?fieldValidation=Ignore', 400, 'unexpected end of JSON input'],
    [
      'json',
      Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/data/a', value: '1' })),
      '',
      413,
      'Request entity is too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    ],
    [
      'json',
      set('/metadata/name', 'two'),
      '',
      400,
      'the name of the object (two) does not match the name on the URL (one)',
    ],
    [
      'json',
      [{ op: 'remove', path: '/metadata/name' }],
      '',
      400,
      'the name of the object (one based on URL) was undeterminable: name must be provided',
    ],
    [
      'json',
      set('', {}),
      '',
      400,
      'the name of the object (one based on URL) was undeterminable: name must be provided',
    ],
    [
      'merge',
      { metadata: null },
      '',
      400,
      'the name of the object (one based on URL) was undeterminable: name must be provided',
    ],
    [
      'json',
      set('/metadata/namespace', 'other'),
      '',
      400,
      'the namespace of the object (other) does not match the namespace on the request (default)',
    ],
    [
      'json',
      set('/metadata/uid', 'other'),
      '',
      422,
      'ConfigMap "one" is invalid: metadata.uid: Invalid value: "other": field is immutable',
    ],
    ['json', set('/metadata/resourceVersion', '1'), '', 409, MODIFIED],
    ['json', set('/metadata/resourceVersion', 'abc'), '', 500, 'strconv.ParseUint: parsing "abc": invalid syntax'],
    ['merge', { metadata: { resourceVersion: '1' } }, '', 409, MODIFIED],
    [
      'merge',
      [],
      '',
      400,
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    ['merge', 'null', '', 400, 'Invalid JSON Patch'],
    ['merge', '{"a"', '?fieldValidation=Ignore', 400, 'Invalid JSON Patch'],
    ['strategic', [], '', 400, 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['strategic', '{"a"', '', 400, 'unexpected end of JSON input'],
    ['strategic', { metadata: { resourceVersion: '1' } }, '', 409, MODIFIED],
    [
      'strategic',
      { metadata: { name: 'two' } },
      '',
      400,
      'the name of the object (two) does not match the name on the URL (one)',
    ],
    [
      'merge',
      {},
      '?force=true',
      422,
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ],
  ])('%s %j%s: %i', async (type, body, query, code, message) => {
    expect(said(await patchMap(type, body, query))).toEqual([code, message]);
  });

  it.each<[Type, unknown, string, string]>([
    ['json', [{ op: 'add', path: '/bogus', value: 1 }], 'unknown field "bogus"', ''],
    ['json', [{ op: 'add', path: '/data/b', value: '2', x: 1 }], 'json patch unknown field "[0].x"', ''],
    ['json', '[{"op":"add","path":"/data/b","value":"1","value":"2"}]', 'json patch duplicate field "[0].value"', '2'],
    ['merge', { bogus: 1 }, 'unknown field "bogus"', ''],
    ['merge', '{"data":{"b":"1","b":"2"}}', 'duplicate field "data.b"', '2'],
    ['strategic', { metadata: { bogus: 1 } }, 'unknown field "metadata.bogus"', ''],
    ['strategic', '{"data":{"b":"1","b":"2"}}', 'duplicate field "data.b"', '2'],
  ])('%s %j has a strict mistake', async (type, body, mistake, b) => {
    const strict = await patchMap(type, body, '?fieldValidation=Strict');
    expect(strict).toMatchObject({ code: 422, body: { details: { causes: [{ field: 'patch' }] } } });
    expect(strict.body.message).toContain(`: strict decoding error: ${mistake}`);
    const ignored = await patchMap(type, body, '?fieldValidation=Ignore');
    expect([ignored.code, ignored.headers.warning]).toEqual([200, undefined]);
    const warned = await patchMap(type, body);
    expect([warned.code, warned.headers.warning]).toEqual([200, `299 - ${JSON.stringify(mistake)}`]);
    if (b) expect(warned.body.data.b).toBe(b);
  });

  it.each<[Type, object, string]>([
    ['merge', { kind: 'Secret' }, 'converting (v1.Secret) to (core.ConfigMap): unknown conversion'],
    ['json', set('/kind', 'Foo'), 'no kind "Foo" is registered for version "v1"'],
    ['merge', { apiVersion: 'v2' }, 'no kind "ConfigMap" is registered for version "v2"'],
  ])('%s %j would make it another kind', async (type, body, why) => {
    const answer = await patchMap(type, body);
    expect(answer.code).toBe(422);
    expect(answer.body.message).toContain(why);
  });

  it('strategic ones leave the kind alone', async () => {
    const answer = await patchMap('strategic', { kind: 'Secret', data: { b: '2' } });
    expect(answer).toMatchObject({ code: 200, body: { kind: 'ConfigMap', data: { a: '1', b: '2' } } });
  });

  it.each([
    ['json', [...set('/metadata/annotations/x.io~1y', '3'), { op: 'test', path: '/data/a', value: '1' }]],
    ['merge', { metadata: { annotations: { 'x.io/y': '3' }, resourceVersion: null } }],
    ['merge', { metadata: { annotations: { 'x.io/y': '3' }, resourceVersion: '0' } }],
    ['strategic', { metadata: { annotations: { 'x.io/y': '3' }, resourceVersion: '' } }],
  ] as const)('%s %j goes through', async (type, body) => {
    expect(await patchMap(type, body)).toMatchObject({
      code: 200,
      body: { metadata: { annotations: { 'x.io/y': '3' } } },
    });
  });
});

describe('strategic merge patches', () => {
  const container = (more: object = {}) => ({
    name: 'c',
    image: 'i',
    ports: [{ containerPort: 80 }, { containerPort: 81, name: 'b' }],
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
    ...more,
  });
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      finalizers: ['x.io/a', 'x.io/b'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'one', uid: 'u1' }],
    },
    spec: {
      serviceAccountName: 'default',
      containers: [container(), { name: 'd', image: 'j' }],
      tolerations: [{ key: 'a', operator: 'Exists' }],
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  };
  // A dry run on a DaemonSet's template shows what lists become without the rules of running pods.
  const SETS = '/apis/apps/v1/namespaces/default/daemonsets';
  const { finalizers, ownerReferences } = pod.metadata;
  beforeEach(async () => {
    const template = { metadata: { labels: { a: 'b' } }, spec: pod.spec };
    const created = await server.post(SETS, {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'p', finalizers, ownerReferences },
      spec: { selector: { matchLabels: { a: 'b' } }, template },
    });
    expect(created.code).toBe(201);
  });
  const inTemplate = (spec: object) => ({ spec: { template: { spec } } });
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  type Look = (set: any) => unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  const first = (set: any) => set.spec.template.spec.containers[0];

  it.each<[string, object, Look, unknown]>([
    [
      'merges containers by name, in the order of the patch',
      inTemplate({
        containers: [
          { name: 'e', image: 'k' },
          { name: 'c', image: 'new' },
        ],
      }),
      set => set.spec.template.spec.containers.map((c: { name: string; image: string }) => c.name + c.image),
      ['ek', 'cnew', 'dj'],
    ],
    [
      'takes single elements away',
      inTemplate({ containers: [{ name: 'c', env: [{ name: 'A', $patch: 'delete' }] }] }),
      set => first(set).env,
      [{ name: 'B', value: '2' }],
    ],
    [
      'replaces a list on demand',
      inTemplate({ containers: [{ name: 'c', env: [{ $patch: 'replace' }, { name: 'C', value: '3' }] }] }),
      set => first(set).env,
      [{ name: 'C', value: '3' }],
    ],
    [
      'orders a list',
      inTemplate({
        containers: [
          {
            name: 'c',
            '$setElementOrder/env': [{ name: 'B' }, { name: 'C' }, { name: 'A' }],
            env: [{ name: 'C', value: '3' }],
          },
        ],
      }),
      set => first(set).env.map((e: { name: string }) => e.name),
      ['B', 'C', 'A'],
    ],
    [
      'merges ports by number',
      inTemplate({ containers: [{ name: 'c', ports: [{ containerPort: 80, name: 'web' }] }] }),
      set => first(set).ports.map((p: { name: string }) => p.name),
      ['web', 'b'],
    ],
    [
      'replaces atomic lists',
      inTemplate({ tolerations: [{ key: 'z', operator: 'Exists' }] }),
      set => set.spec.template.spec.tolerations,
      [{ key: 'z', operator: 'Exists' }],
    ],
    [
      'keeps only the keys that $retainKeys names',
      inTemplate({ volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] }),
      set => set.spec.template.spec.volumes,
      [{ name: 'v', hostPath: { path: '/x', type: '' } }],
    ],
    [
      'deletes from lists of scalars',
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['x.io/a'] } },
      set => set.metadata.finalizers,
      ['x.io/b'],
    ],
    [
      'adds to lists of scalars in order',
      { metadata: { '$setElementOrder/finalizers': ['x.io/c', 'x.io/b'], finalizers: ['x.io/c'] } },
      set => set.metadata.finalizers,
      ['x.io/c', 'x.io/a', 'x.io/b'],
    ],
    [
      'tells owners apart by uid',
      { metadata: { ownerReferences: [{ uid: 'u1', $patch: 'delete' }] } },
      set => set.metadata.ownerReferences,
      undefined,
    ],
    [
      'replaces maps on demand',
      { spec: { template: { metadata: { labels: { $patch: 'replace', a: 'b', only: 'x' } } } } },
      set => set.spec.template.metadata.labels,
      { a: 'b', only: 'x' },
    ],
  ])('%s', async (_what, body, look, expected) => {
    const answer = await patch('strategic', `${SETS}/p`, body);
    expect(answer.code, answer.text).toBe(200);
    expect(look(answer.body)).toEqual(expected);
  });

  it.each<[object, number, string]>([
    [{ metadata: { $retainKeys: ['name'], labels: {} } }, 400, 'invalid patch format of retainKeys'],
    [{ metadata: { $retainKeys: 'name' } }, 400, 'invalid patch format of retainKeys'],
    [{ metadata: { $deleteFromPrimitiveList: ['a'] } }, 400, 'invalid patch format of primitive list'],
    [{ metadata: { $patch: 'hop' } }, 500, 'unknown patch type: hop in map: map[$patch:hop]'],
    [inTemplate({ containers: [{ image: 'x' }] }), 500, 'map: map[image:x] does not contain declared merge key: name'],
    [
      inTemplate({ '$setElementOrder/containers': [{ name: 'c' }], containers: [{ name: 'z' }] }),
      500,
      "The order in patch list:\n[map[name:z]]\n doesn't match $setElementOrder list:\n[map[name:c]]\n",
    ],
  ])('%j is refused', async (body, code, message) => {
    expect(said(await patch('strategic', `${SETS}/p`, body))).toEqual([code, message]);
  });

  it.each<[object, string]>([
    [{ spec: 'x' }, 'cannot restore struct from: string'],
    [{ spec: { minReadySeconds: 'x' } }, 'unrecognized type: int32'],
    [{ spec: { minReadySeconds: 1.5 } }, 'cannot convert float64 to int32'],
    [{ metadata: { labels: 'x' } }, 'cannot restore map from string'],
    [{ metadata: { labels: { a: 5 } } }, 'cannot convert int64 to string'],
    [{ metadata: { labels: { a: true } } }, 'unrecognized type: string'],
    [inTemplate({ containers: {} }), 'cannot restore slice from map'],
    [inTemplate({ hostNetwork: 'yes' }), 'unrecognized type: bool'],
    [
      inTemplate({ containers: [{ name: 'c', resources: { limits: { cpu: 'x' } } }] }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('%j has a value of the wrong type', async (body, why) => {
    const answer = await patch('strategic', `${SETS}/p`, body);
    expect(answer.code).toBe(422);
    expect(answer.body.details.causes[0]).toMatchObject({ reason: 'FieldValueInvalid', field: 'patch' });
    expect(answer.body.message).toContain(`: ${why}`);
  });

  it('leaves atomic things of pods alone where the rules of pods say so', async () => {
    expect((await server.post(PODS, pod)).code).toBe(201);
    const answer = await patch('strategic', `${PODS}/p`, { spec: { containers: [{ name: 'c', image: 'k' }] } });
    expect(answer).toMatchObject({ code: 200, body: { spec: { containers: [{ image: 'k' }, { image: 'j' }] } } });
  });
});

describe('server-side apply', () => {
  it.each<[string, unknown, string, number, string]>([
    ['no kind', { apiVersion: 'v1', metadata: { name: 'one' } }, '', 400, 'invalid object type: /v1, Kind='],
    ['another kind', { ...map({}), kind: 'Secret' }, '', 400, 'invalid object type: /v1, Kind=Secret'],
    ['no version', { kind: 'ConfigMap' }, '', 400, 'invalid object type: /, Kind=ConfigMap'],
    ['another version', { ...map({}), apiVersion: 'apps/v2' }, '', 400, 'invalid object type: apps/v2, Kind=ConfigMap'],
    ['nothing', '', '', 400, 'invalid object type: /, Kind='],
    [
      'a list',
      '[]',
      '',
      400,
      'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [
      'another namespace',
      map({}, { namespace: 'kube-system' }),
      '',
      400,
      'the namespace of the object (kube-system) does not match the namespace on the request (default)',
    ],
    ['managers', map({}, { managedFields: [] }), '', 400, 'metadata.managedFields must be nil'],
    ['an old version', map({ a: '1' }, { resourceVersion: '1' }), '', 409, MODIFIED],
    [
      'an unknown field',
      { ...map({}), foo: 1 },
      '',
      500,
      'failed to create typed patch object (/one; /v1, Kind=ConfigMap): .foo: field not declared in schema',
    ],
    [
      'values of the wrong type',
      { ...map({ a: 1, b: { c: [true] } }), immutable: 'x', binaryData: ['y'] },
      '',
      500,
      'failed to create typed patch object (/one; /v1, Kind=ConfigMap): errors:\n' +
        '  .data.a: expected string, got &value.valueUnstructured{Value:1}\n' +
        '  .data.b: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"c":[]interface {}{true}}}\n' +
        '  .immutable: expected boolean, got &{x}\n' +
        '  .binaryData: expected map, got &{[y]}',
    ],
    [
      'a key twice',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\ndata:\n  a: "1"\n  a: "1"\n',
      '&fieldValidation=Strict',
      400,
      'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 7: key "a" already set in map',
    ],
  ])('with %s', async (_what, body, query, code, message) => {
    expect(said(await apply(body, `?fieldManager=a${query}`))).toEqual([code, message]);
  });

  it('warns of keys that stand twice, in YAML and in JSON', async () => {
    const json = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one"},"data":{"a":"1","a":"1"}}';
    const answer = await apply(json);
    expect([answer.code, answer.headers.warning]).toEqual([
      200,
      expect.stringContaining('line 1: key \\"a\\" already set in map'),
    ]);
  });

  it('creates, but nothing that should be there already, and nothing through a subresource', async () => {
    const created = await patch(
      'apply',
      `${MAPS}/two`,
      map({ a: '1' }, { name: 'two', resourceVersion: '7' }),
      '?fieldManager=a',
    );
    expect(created).toMatchObject({ code: 201, body: { metadata: { namespace: 'default' } } });
    const unreadable = map({}, { name: 'three', resourceVersion: 'abc' });
    expect(said(await patch('apply', `${MAPS}/three`, unreadable, '?fieldManager=a'))).toEqual([
      500,
      'strconv.ParseUint: parsing "abc": invalid syntax',
    ]);
    const other = map({}, { name: 'three', uid: 'u' });
    expect(said(await patch('apply', `${MAPS}/three`, other, '?fieldManager=a'))).toEqual([
      409,
      'Operation cannot be fulfilled on configmaps "three": uid mismatch: the provided object specified uid u, and no existing object was found',
    ]);
    const nameless = { apiVersion: 'v1', kind: 'ConfigMap' };
    expect((await patch('apply', `${MAPS}/three`, nameless, '?fieldManager=a')).body.message).toBe(
      'the name of the object (three based on URL) was undeterminable: name must be provided',
    );
    const services = '/api/v1/namespaces/default/services';
    const status = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, status: {} };
    expect((await patch('apply', `${services}/s/status`, status, '?fieldManager=a')).code).toBe(404);
  });

  it('changes nothing on a dry run', async () => {
    const answer = await apply(map({ b: '2' }), '?fieldManager=a&dryRun=All');
    expect(answer).toMatchObject({ code: 200, body: { data: { a: '1', b: '2' } } });
    expect((await server.get(`${MAPS}/one`)).body.data).toEqual({ a: '1' });
  });

  it('forgets managers when asked to, by an empty list or one with an empty entry', async () => {
    for (const managedFields of [[], [{}]]) {
      expect(managers(await apply(map({ b: '2' })))).toContain('a Apply {"f:data":{"f:b":{}}}');
      expect(managers(await patchMap('merge', { metadata: { managedFields } }))).toEqual([]);
      const owner = await apply(map({ b: '2' }));
      expect(managers(owner)).toEqual(expect.arrayContaining(['a Apply {"f:data":{"f:b":{}}}']));
      const { body } = await server.get(`${MAPS}/one`);
      const put = await server.ask('PUT', `${MAPS}/one`, {
        body: { ...body, metadata: { ...body.metadata, managedFields } },
      });
      expect([put.code, managers(put)]).toEqual([200, []]);
    }
  });

  it('owns what it applies to a status, and nothing else', async () => {
    const services = '/api/v1/namespaces/default/services';
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } };
    await server.post(services, { ...service, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } });
    const answer = await patch(
      'apply',
      `${services}/s/status`,
      { ...service, spec: { sessionAffinity: 'ClientIP' }, status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } },
      '?fieldManager=a',
    );
    expect(answer).toMatchObject({ code: 200, body: { spec: { sessionAffinity: 'None' } } });
    expect(managers(answer)).toContain('a Apply {"f:status":{"f:loadBalancer":{"f:ingress":{}}}}');
  });
});

describe('versions and owners that clients send', () => {
  it.each([
    ['abc', 500, 'strconv.ParseUint: parsing "abc": invalid syntax'],
    ['-1', 500, 'strconv.ParseUint: parsing "-1": invalid syntax'],
    ['1', 409, MODIFIED],
    ['0', 200, undefined],
    ['', 200, undefined],
  ])('an update of version %j: %i', async (resourceVersion, code, message) => {
    expect(said(await server.ask('PUT', `${MAPS}/one`, { body: map({ a: '2' }, { resourceVersion }) }))).toEqual([
      code,
      message,
    ]);
  });

  it.each([
    ['5', 500],
    ['0', 201],
    ['abc', 201],
  ])('a create of version %j: %i', async (resourceVersion, code) => {
    expect((await server.post(MAPS, map({}, { name: 'two', resourceVersion }))).code).toBe(code);
  });

  it.each([
    ['coordination.k8s.io', 'Lease', 'namespaces/default/leases', {}],
    ['storage.k8s.io', 'CSINode', 'csinodes', { drivers: [] }],
    ['admissionregistration.k8s.io', 'ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', undefined],
  ])('%s %s must name the version', async (group, kind, plural, spec) => {
    const path = `/apis/${group}/v1/${plural}`;
    const object = { apiVersion: `${group}/v1`, kind, metadata: { name: 'l' }, ...(spec ? { spec } : {}) };
    const { code, body } = await server.post(path, object);
    expect(code).toBe(201);
    expect(said(await server.ask('PUT', `${path}/l`, { body: object }))).toEqual([
      422,
      `${plural.split('/').at(-1)}.${group} "l" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
    ]);
    expect((await server.ask('PUT', `${path}/l`, { body })).code).toBe(200);
  });

  it('owners that stand twice are left out, with a warning', async () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'one', uid: 'u' };
    const answer = await server.post(MAPS, map({}, { name: 'two', ownerReferences: [owner, { ...owner }] }));
    expect(answer.body.metadata.ownerReferences).toEqual([owner]);
    expect(answer.headers.warning).toContain('duplicate UID(s) observed: u');
  });
});
