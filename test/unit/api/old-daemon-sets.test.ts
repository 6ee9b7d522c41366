import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeProtobuf, encodeProtobuf } from '../../../src/api/protobuf/index.js';
import { type Answer, TestServer } from './serve.js';

const EXTENSIONS = 'extensions/v1beta1';
const BETA2 = 'apps/v1beta2';
const V1 = 'apps/v1';

const VERSIONS = [EXTENSIONS, BETA2, V1] as const;
type Version = (typeof VERSIONS)[number];

const at = (version: string, name = '') =>
  `/apis/${version}/namespaces/default/daemonsets${name === '' ? '' : `/${name}`}`;
const GENERATION = 'deprecated.daemonset.template.generation';
const template = (labels: Record<string, string> = { app: 'agent' }, image = 'agent:1') => ({
  metadata: { labels },
  spec: { containers: [{ name: 'main', image }] },
});
/** As little as a manifest of that version has to say. */
const manifest = (apiVersion: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion,
  kind: 'DaemonSet',
  metadata: { name: 'agent', ...metadata },
  spec: {
    ...(apiVersion === EXTENSIONS ? {} : { selector: { matchLabels: { app: 'agent' } } }),
    template: template(),
    ...spec,
  },
});

let server: TestServer;
afterEach(() => server.close());

const create = (version: Version, spec?: object, metadata?: object) =>
  server.post(at(version), manifest(version, spec, metadata));
const read = async (version: Version) => (await server.get(at(version, 'agent'))).body;
const replace = (version: Version, body: object) => server.ask('PUT', at(version, 'agent'), { body });
const merge = (version: Version, body: object) =>
  server.ask('PATCH', at(version, 'agent'), {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify(body),
  });
const causes = ({ body }: Answer) =>
  body.details?.causes?.map(({ field, message }: { field: string; message: string }) => `${field}: ${message}`);

describe('DaemonSets in the versions that 1.11 served', () => {
  beforeEach(async () => {
    server = await TestServer.start({ era: '1.11' });
  });

  it('are one and the same objects', async () => {
    await create(EXTENSIONS);
    for (const version of VERSIONS) {
      expect(await read(version)).toMatchObject({
        apiVersion: version,
        kind: 'DaemonSet',
        metadata: { name: 'agent' },
      });
      expect((await server.get(at(version))).body).toMatchObject({
        apiVersion: version,
        kind: 'DaemonSetList',
        items: [{ metadata: { name: 'agent' } }],
      });
      expect((await create(version)).body.reason).toBe('AlreadyExists');
    }
    const uids = await Promise.all(VERSIONS.map(async version => (await read(version)).metadata.uid));
    expect(new Set(uids).size).toBe(1);
  });

  it('extensions/v1beta1: selector and labels come from the template, and updates wait for deletions', async () => {
    const { code, body } = await create(EXTENSIONS);
    expect(code).toBe(201);
    expect(body.metadata).toMatchObject({ labels: { app: 'agent' }, generation: 1 });
    expect(body.metadata.annotations).toBeUndefined();
    expect(body.spec).toMatchObject({
      selector: { matchLabels: { app: 'agent' } },
      updateStrategy: { type: 'OnDelete' },
      revisionHistoryLimit: 10,
      templateGeneration: 1,
    });
    expect(await read(V1)).toMatchObject({
      metadata: { labels: { app: 'agent' }, annotations: { [GENERATION]: '1' } },
      spec: { selector: { matchLabels: { app: 'agent' } }, updateStrategy: { type: 'OnDelete' } },
    });
    expect((await read(V1)).spec.templateGeneration).toBeUndefined();
  });

  it('extensions/v1beta1: what is said counts', async () => {
    const said = {
      selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
      updateStrategy: { type: 'RollingUpdate' },
      revisionHistoryLimit: 2,
    };
    const { body } = await create(EXTENSIONS, said, { labels: { own: 'label' }, annotations: { own: 'note' } });
    expect(body.metadata).toMatchObject({ labels: { own: 'label' }, annotations: { own: 'note' } });
    expect(body.spec).toMatchObject({
      ...said,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    });
  });

  it('apps/v1beta2: RollingUpdate, and no selector is made up', async () => {
    const { body } = await create(BETA2);
    expect(body.spec).toMatchObject({ updateStrategy: { type: 'RollingUpdate' }, revisionHistoryLimit: 10 });
    expect(body.spec.templateGeneration).toBeUndefined();
    expect(body.metadata).toMatchObject({ annotations: { [GENERATION]: '1' } });
    expect(body.metadata.labels).toBeUndefined();
    const without = await create(BETA2, { selector: undefined }, { name: 'other' });
    expect([without.code, causes(without)]).toEqual([
      422,
      [expect.stringMatching(/^spec.template.metadata.labels: .*`selector` does not match template `labels`/)],
    ]);
  });

  it('API-05, API-06, API-08: spec.templateGeneration counts templates, as the annotation does elsewhere', async () => {
    await create(EXTENSIONS);
    await merge(EXTENSIONS, { spec: { template: { metadata: { annotations: { new: 'one' } } } } });
    expect(await read(EXTENSIONS)).toMatchObject({ spec: { templateGeneration: 2 }, metadata: { generation: 2 } });
    await merge(EXTENSIONS, { spec: { minReadySeconds: 5 } });
    expect(await read(EXTENSIONS)).toMatchObject({ spec: { templateGeneration: 2 }, metadata: { generation: 3 } });
    expect(await read(V1)).toMatchObject({ metadata: { annotations: { [GENERATION]: '2' } } });
  });

  it('API-09, API-10: spec.templateGeneration is the server’s, but for where it begins', async () => {
    const { body } = await create(EXTENSIONS, { templateGeneration: 7 });
    expect(body.spec.templateGeneration).toBe(7);
    const changed = await replace(EXTENSIONS, { ...body, spec: { ...body.spec, templateGeneration: 3 } });
    expect(changed.body.spec.templateGeneration).toBe(7);
    const { templateGeneration: _, ...spec } = body.spec;
    expect((await replace(EXTENSIONS, { ...body, spec })).body.spec.templateGeneration).toBe(7);
    expect(await read(EXTENSIONS)).toMatchObject({ metadata: { resourceVersion: body.metadata.resourceVersion } });
  });

  it('API-04: status is written through each version', async () => {
    await create(EXTENSIONS);
    for (const [i, version] of VERSIONS.entries()) {
      const object = await read(version);
      const body = {
        ...object,
        spec: { ...object.spec, minReadySeconds: 9 },
        status: { ...object.status, numberReady: i },
      };
      const { code } = await server.ask('PUT', `${at(version, 'agent')}/status`, { body });
      expect(code).toBe(200);
      expect(await read(V1)).toMatchObject({ status: { numberReady: i } });
    }
    expect((await read(EXTENSIONS)).spec).toMatchObject({ templateGeneration: 1 });
    expect((await read(EXTENSIONS)).spec.minReadySeconds).toBeUndefined();
  });

  it.each([
    [V1, 422],
    [BETA2, 422],
    [EXTENSIONS, 200],
  ] as const)(
    'VAL-30: TestSelectorImmutability: through %s a new selector is answered with %i',
    async (version, code) => {
      await create(version);
      const spec = { selector: { matchLabels: { app: 'new' } }, template: { metadata: { labels: { app: 'new' } } } };
      const answer = await merge(version, { spec });
      expect(answer.code).toBe(code);
      if (code === 422)
        expect(causes(answer)).toEqual([expect.stringMatching(/^spec.selector: .*field is immutable$/)]);
      expect((await read(V1)).spec.selector).toEqual({ matchLabels: { app: code === 200 ? 'new' : 'agent' } });
    },
  );

  it('VAL-22: but the selector matches the template in all of them', async () => {
    await create(EXTENSIONS);
    const answer = await merge(EXTENSIONS, { spec: { selector: { matchLabels: { app: 'new' } } } });
    expect([answer.code, causes(answer).length]).toEqual([422, 1]);
  });

  it.each([
    [V1, undefined, undefined],
    [BETA2, undefined, 'orphan'],
    [EXTENSIONS, undefined, 'orphan'],
    [EXTENSIONS, 'Background', undefined],
    [V1, 'Orphan', 'orphan'],
  ] as const)(
    'API-11: DELETE through %s with propagationPolicy %s: finalizer %s',
    async (version, policy, finalizer) => {
      await create(version);
      const { body } = await server.ask('DELETE', at(version, 'agent'), {
        body: { kind: 'DeleteOptions', apiVersion: 'v1', ...(policy ? { propagationPolicy: policy } : {}) },
      });
      if (finalizer) expect(body).toMatchObject({ apiVersion: version, metadata: { finalizers: [finalizer] } });
      else expect(body).toMatchObject({ kind: 'Status', status: 'Success' });
      expect((await server.get(at(V1, 'agent'))).code).toBe(finalizer ? 200 : 404);
    },
  );

  it('API-11: a collection deleted through an old version leaves the pods too', async () => {
    await create(EXTENSIONS);
    await server.ask('DELETE', at(BETA2));
    expect(await read(V1)).toMatchObject({ metadata: { finalizers: ['orphan'] } });
  });

  it('are watched in the version that was asked for', async () => {
    const watch = await server.watch(`${at(EXTENSIONS)}?watch=true`);
    await create(V1);
    const [{ type, object }] = (await watch.first(1)) as [{ type: string; object: object }];
    watch.close();
    expect([type, object]).toMatchObject(['ADDED', { apiVersion: EXTENSIONS, spec: { templateGeneration: 1 } }]);
  });

  it('take patches of every sort', async () => {
    await create(EXTENSIONS);
    const patch = (type: string, body: object, query = '') =>
      server.ask('PATCH', `${at(EXTENSIONS, 'agent')}${query}`, {
        headers: { 'content-type': `application/${type}` },
        body: JSON.stringify(body),
      });
    const containers = [{ name: 'helper', image: 'helper:1' }];
    const strategic = await patch('strategic-merge-patch+json', { spec: { template: { spec: { containers } } } });
    expect(strategic.body.spec.template.spec.containers.map((c: { name: string }) => c.name)).toEqual([
      'helper',
      'main',
    ]);
    const json = await patch('json-patch+json', [
      { op: 'replace', path: '/spec/updateStrategy/type', value: 'RollingUpdate' },
    ]);
    expect(json.body.spec).toMatchObject({
      templateGeneration: 2,
      updateStrategy: { rollingUpdate: { maxUnavailable: 1 } },
    });
    const applied = { ...manifest(EXTENSIONS), spec: { minReadySeconds: 3 } };
    const apply = await patch('apply-patch+yaml', applied, '?fieldManager=me');
    expect([apply.code, apply.body.spec]).toMatchObject([200, { minReadySeconds: 3, templateGeneration: 2 }]);
    expect(apply.body.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'me', operation: 'Apply', apiVersion: EXTENSIONS }),
    );
  });

  it('VAL-04: hold each version to its own fields', async () => {
    const strict = (version: Version) =>
      server.post(`${at(version)}?fieldValidation=Strict`, manifest(version, { templateGeneration: 4 }));
    expect((await strict(BETA2)).body.message).toContain('unknown field "spec.templateGeneration"');
    expect((await strict(EXTENSIONS)).code).toBe(201);
  });

  it('are printed and go over the wire as ever', async () => {
    await create(EXTENSIONS);
    const table = 'application/json;as=Table;g=meta.k8s.io;v=v1';
    const tables = await Promise.all(VERSIONS.map(version => server.get(at(version), { accept: table })));
    const [first, ...others] = tables.map(({ body }) => ({
      columns: body.columnDefinitions.map(({ name }: { name: string }) => name),
      cells: body.rows[0].cells,
    }));
    expect(first!.columns.slice(0, 3)).toEqual(['Name', 'Desired', 'Current']);
    for (const other of others) expect(other).toEqual(first);
    const accept = 'application/vnd.kubernetes.protobuf';
    for (const version of [EXTENSIONS, BETA2] as const) {
      const body = encodeProtobuf(manifest(version, { minReadySeconds: 2 }, { name: 'wired' }));
      const { code, bytes } = await server.ask('POST', at(version), {
        headers: { 'content-type': accept, accept },
        body,
      });
      expect(code).toBe(201);
      const { spec } = (await server.get(at(version, 'wired'))).body;
      expect(decodeProtobuf(bytes)).toMatchObject({ apiVersion: version, spec });
      await server.ask('DELETE', `${at(V1, 'wired')}`);
    }
  });

  it('are in every document', async () => {
    const { groups } = (await server.get('/apis')).body;
    const names = groups.map(({ name }: { name: string }) => name);
    // Who looks for DaemonSets in all groups finds the old one first, as then.
    expect(names.indexOf('extensions')).toBeLessThan(names.indexOf('apps'));
    expect((await server.get('/apis/apps')).body).toMatchObject({
      versions: [{ version: 'v1' }, { version: 'v1beta2' }],
      preferredVersion: { version: 'v1' },
    });
    const openapi = (await server.get('/openapi/v2')).body;
    const definition = openapi.definitions['io.k8s.api.extensions.v1beta1.DaemonSetSpec'];
    expect(definition.properties.templateGeneration).toMatchObject({ type: 'integer', format: 'int64' });
    expect(definition.properties.templateGeneration.description).toBeTruthy();
    expect(definition.required).toEqual(['template']);
    expect(openapi.definitions['io.k8s.api.apps.v1beta2.DaemonSetSpec'].required).toEqual(['selector', 'template']);
    for (const version of VERSIONS)
      expect((await server.get(`/openapi/v3/apis/${version}`)).text).toContain('/daemonsets/{name}/status');
  });
});

describe('DaemonSets today', () => {
  beforeEach(async () => {
    server = await TestServer.start();
  });

  it.each([EXTENSIONS, BETA2])('%s is not served', async version => {
    for (const path of [`/apis/${version}`, at(version)]) expect((await server.get(path)).code).toBe(404);
    expect((await server.post(at(version), manifest(version))).code).toBe(404);
    expect((await server.get('/openapi/v2')).text).not.toContain(`/apis/${version}/`);
  });
});
