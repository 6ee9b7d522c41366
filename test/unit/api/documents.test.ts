import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiResource } from '../../../src/api/discovery.js';
import { apiVersionOf } from '../../../src/resources/definition.js';
import { BUILT_IN } from '../../../src/resources/index.js';
import { schemaType } from '../../../src/resources/schema.js';
import { TestServer } from './serve.js';

interface ResourceList {
  resources: ApiResource[];
}

/** What a v1.20.2 server answered. */
const RECORDED = JSON.parse(readFileSync(new URL('recorded-discovery.json', import.meta.url), 'utf8')) as Record<
  string,
  ResourceList
>;

/** What changed between then and 1.35. */
const SINCE: Readonly<Record<string, Partial<ApiResource>>> = {
  leases: { storageVersionHash: 'gqkMMb/YqFM=' }, // stored as v1beta1 then
  'pods/eviction': { version: 'v1' },
  services: { verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] },
};

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

describe('discovery', () => {
  it.each(Object.keys(RECORDED))('%s agrees with what a real server answered', async path => {
    const recorded = new Map(RECORDED[path]!.resources.map(resource => [resource.name, resource]));
    const { resources } = (await server.get(path)).body as ResourceList;
    expect(resources.length).toBeGreaterThan(0);
    for (const { singularName, ...resource } of resources) {
      expect(singularName).toBe(resource.name.includes('/') ? '' : resource.kind.toLowerCase());
      const known = recorded.get(resource.name);
      if (!known) continue; // ephemeral containers, resizing and the like came after the recording
      const { singularName: _, ...then } = known;
      const expected = { ...then, ...SINCE[resource.name] };
      expect(resource).toEqual(expected);
    }
    const names = resources.map(resource => resource.name);
    expect(names).toEqual([...names].sort());
  });

  it('serves every kind of the table, in both forms', async () => {
    const core = (await server.get('/api', { accept: AGGREGATED })).body;
    const apis = (await server.get('/apis', { accept: AGGREGATED })).body;
    type Version = {
      version: string;
      resources: { resource: string; responseKind: { group: string; version: string; kind: string } }[];
    };
    const items = [...core.items, ...apis.items] as { metadata: { name?: string }; versions: Version[] }[];
    const aggregated = items.flatMap(({ metadata: { name }, versions }) =>
      versions.flatMap(({ version, resources }) =>
        resources.map(r => `${name ? `${name}/` : ''}${version} ${r.resource} ${r.responseKind.kind}`),
      ),
    );
    expect(aggregated.sort()).toEqual(BUILT_IN.map(d => `${apiVersionOf(d)} ${d.plural} ${d.kind}`).sort());
    for (const definition of BUILT_IN) {
      const root = definition.group ? `/apis/${apiVersionOf(definition)}` : `/api/${definition.version}`;
      const { resources } = (await server.get(root)).body as ResourceList;
      expect(resources.map(r => r.name)).toContain(definition.plural);
      const listed = definition.verbs.includes('list') ? 200 : 405;
      expect((await server.get(`${root}/${definition.plural}`)).code).toBe(listed);
    }
  });

  it('lists the paths to programs, and nothing else of the server at its root', async () => {
    const { body } = await server.get('/');
    expect(body.paths).toEqual([...body.paths].sort());
    expect(body.paths).toEqual(
      expect.arrayContaining(['/api/v1', '/apis/', '/apis/apps', '/apis/apps/v1', '/readyz/informer-sync', '/version']),
    );
    expect(body.paths).not.toContain('/livez/informer-sync');
    for (const path of body.paths as string[]) expect([path, (await server.get(path)).code]).toEqual([path, 200]);
    // Where people are led is not the API's to say.
    expect((await server.get('/', { accept: 'text/html,*/*' })).code).toBe(404);
    expect((await server.ask('POST', '/')).code).toBe(405);
  });

  it('answers the aggregated form only to those who ask, and once', async () => {
    const answer = await server.get('/apis', { accept: AGGREGATED });
    expect(answer.headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(answer.body.apiVersion).toBe('apidiscovery.k8s.io/v2');
    const again = await server.get('/apis', { accept: AGGREGATED, 'if-none-match': answer.headers.etag! });
    expect(again).toMatchObject({ code: 304, text: '' });
    expect(again.headers).toMatchObject({
      etag: answer.headers.etag,
      vary: 'Accept',
      'cache-control': 'no-cache, private',
    });
    for (const kept of ['*', `W/${answer.headers.etag}`, `"other", ${answer.headers.etag}`])
      expect((await server.get('/apis', { accept: AGGREGATED, 'if-none-match': kept })).code).toBe(304);
    expect((await server.get('/apis', { accept: AGGREGATED, 'if-none-match': '"other"' })).code).toBe(200);
    expect((await server.get('/apis')).body.kind).toBe('APIGroupList');
    const older = await server.get('/api', {
      accept: 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
    });
    expect(older.body).toMatchObject({
      apiVersion: 'apidiscovery.k8s.io/v2beta1',
      items: [{ versions: [{ version: 'v1' }] }],
    });
  });

  it('describes groups', async () => {
    expect((await server.get('/apis/apps')).body).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'apps',
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    });
    for (const path of ['/apis/nothing', '/elsewhere'])
      expect(await server.get(path)).toMatchObject({ code: 404, text: '404 page not found\n' });
    expect((await server.get('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
  });

  it('tells a version that clients can parse', async () => {
    const { body } = await server.get('/version');
    expect(body).toMatchObject({ major: '1', minor: '35' });
    expect(body.gitVersion).toMatch(/^v1\.35\.\d+\+[0-9A-Za-z.-]+$/);
  });
});

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

/** Every reference below a value. */
function refs(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refs);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refs(inner),
  );
}

describe('OpenAPI', () => {
  it('v3 has a document for every group version, known by its hash', async () => {
    const { paths } = (await server.get('/openapi/v3')).body as {
      paths: Record<string, { serverRelativeURL: string }>;
    };
    expect(Object.keys(paths).sort()).toEqual(
      [...new Set(BUILT_IN.map(d => `${d.group ? 'apis' : 'api'}/${apiVersionOf(d)}`))].sort(),
    );
    for (const { serverRelativeURL } of Object.values(paths)) {
      const { code, body, headers } = await server.get(serverRelativeURL);
      expect(code).toBe(200);
      expect(serverRelativeURL).toContain(`hash=${JSON.parse(headers.etag!)}`);
      const schemas = body.components.schemas as Record<string, Schema>;
      for (const ref of refs(body)) expect(schemas).toHaveProperty([ref.replace('#/components/schemas/', '')]);
      expect((await server.get(serverRelativeURL, { 'if-none-match': headers.etag! })).code).toBe(304);
    }
  });

  it('v3 lets kubectl find kinds, descriptions, and what PATCH understands', async () => {
    const { body } = await server.get('/openapi/v3/apis/apps/v1');
    const schema = body.components.schemas['io.k8s.api.apps.v1.DaemonSet'] as Schema;
    expect(schema['x-kubernetes-group-version-kind']).toEqual([{ group: 'apps', kind: 'DaemonSet', version: 'v1' }]);
    expect(schema.description).toBe('DaemonSet represents the configuration of a daemon set.');
    expect(schema.properties!.spec!.allOf).toEqual([{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DaemonSetSpec' }]);
    const spec = body.components.schemas['io.k8s.api.apps.v1.DaemonSetSpec'];
    expect(spec.required).toEqual(['selector', 'template']);
    expect(body.components.schemas['io.k8s.api.core.v1.PodSpec'].properties.containers).toMatchObject({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
    const { patch } = body.paths['/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}'];
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', kind: 'DaemonSet', version: 'v1' });
    expect(patch.parameters.map((p: { name: string }) => p.name)).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ]);
    expect(body.paths['/apis/apps/v1/daemonsets'].get.operationId).toBe('listAppsV1DaemonSetForAllNamespaces');
    expect(body.paths['/apis/apps/v1/namespaces/{namespace}/daemonsets'].post.operationId).toBe(
      'createAppsV1NamespacedDaemonSet',
    );
  });

  it('describes every field that can be sent', async () => {
    const undescribed: string[] = [];
    for (const path of ['/openapi/v3/api/v1', '/openapi/v3/apis/apps/v1']) {
      const schemas = (await server.get(path)).body.components.schemas as Record<string, Schema>;
      for (const [name, { properties = {} }] of Object.entries(schemas)) {
        if (schemaType(name)?.kind !== 'struct') continue;
        for (const [field, { description }] of Object.entries(properties))
          if (!description) undescribed.push(`${name}.${field}`);
      }
    }
    expect(undescribed).toEqual([]);
  });

  it('v2 is one document', async () => {
    const { body } = await server.get('/openapi/v2');
    expect(body.swagger).toBe('2.0');
    for (const ref of refs(body)) expect(body.definitions).toHaveProperty([ref.replace('#/definitions/', '')]);
    expect(body.definitions['io.k8s.api.apps.v1.DaemonSetSpec'].properties.template).toMatchObject({
      $ref: '#/definitions/io.k8s.api.core.v1.PodTemplateSpec',
    });
    const ids = Object.values(body.paths as Record<string, Record<string, { operationId?: string }>>).flatMap(item =>
      Object.values(item).flatMap(operation => operation.operationId ?? []),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('v2 comes as protobuf too, for kubectl', async () => {
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    const answer = await server.get('/openapi/v2', { accept });
    expect(answer).toMatchObject({
      code: 200,
      headers: { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' },
    });
    const document = fieldsOf(answer.bytes);
    expect(document.get(1)).toEqual([Buffer.from('2.0')]);

    const { definitions, paths } = (await server.get('/openapi/v2')).body;
    const schemas = entriesOf(fieldsOf(document.get(9)![0]!).get(1)!);
    expect([...schemas.keys()]).toEqual(Object.keys(definitions));
    const items = entriesOf(fieldsOf(document.get(8)![0]!).get(2)!);
    expect([...items.keys()]).toEqual(Object.keys(paths));

    const spec = fieldsOf(schemas.get('io.k8s.api.apps.v1.DaemonSetSpec')!);
    expect(spec.get(19)).toEqual([Buffer.from('selector'), Buffer.from('template')]);
    const properties = entriesOf(fieldsOf(spec.get(25)![0]!).get(1)!);
    expect(fieldsOf(properties.get('template')!).get(1)).toEqual([
      Buffer.from('#/definitions/io.k8s.api.core.v1.PodTemplateSpec'),
    ]);
    const daemonSet = fieldsOf(schemas.get('io.k8s.api.apps.v1.DaemonSet')!);
    expect(
      JSON.parse(
        fieldsOf(entriesOf(daemonSet.get(31)!).get('x-kubernetes-group-version-kind')!)
          .get(2)!
          .join(),
      ),
    ).toEqual([{ group: 'apps', kind: 'DaemonSet', version: 'v1' }]);
    expect((await server.get('/openapi/v2', { accept: `application/json, ${accept}` })).body.swagger).toBe('2.0');
  });

  it('has no other forms', async () => {
    expect(
      await server.get('/openapi/v3/apis/apps/v1', {
        accept: 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf',
      }),
    ).toMatchObject({ code: 406 });
    expect((await server.get('/openapi/v3/apis/nothing/v1')).code).toBe(404);
    expect((await server.get('/openapi')).code).toBe(404);
  });
});

/** The fields of a protobuf message: number → its values; those of numbers and flags are left out. */
function fieldsOf(bytes: Buffer): Map<number, Buffer[]> {
  const fields = new Map<number, Buffer[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const value = varint();
    if (tag % 8 === 0) continue;
    expect(tag % 8).toBe(2);
    const number = Math.floor(tag / 8);
    fields.set(number, [...(fields.get(number) ?? []), bytes.subarray(at, at + value)]);
    at += value;
  }
  expect(at).toBe(bytes.length);
  return fields;
}

/** Messages of a name and a value, as a map. */
function entriesOf(entries: readonly Buffer[]): Map<string, Buffer> {
  return new Map(
    entries.map(entry => {
      const fields = fieldsOf(entry);
      return [fields.get(1)![0]!.toString(), fields.get(2)![0]!];
    }),
  );
}
