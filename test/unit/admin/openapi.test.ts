import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}
interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

let cluster: Cluster;
afterEach(() => cluster.close());

async function start() {
  cluster = await createCluster({
    clock: 'virtual',
    nodes: 1,
    manifests: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } },
  });
  const { url } = await cluster.listen();
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { code: response.status, type: response.headers.get('content-type')!, text: await response.text() };
  };
  const read = async () => JSON.parse((await ask('GET', '/_kubette/v1/openapi.json')).text) as Document;
  return { ask, read };
}

/** What of a value is not as a schema says. */
function problems({ components }: Document, schema: Schema, value: unknown, at = ''): string[] {
  if (schema.$ref) {
    const named = components.schemas[schema.$ref.split('/').at(-1)!];
    return named ? problems({ components } as Document, named, value, at) : [`${at}: ${schema.$ref} is nowhere`];
  }
  if (schema.enum && !schema.enum.includes(value))
    return [`${at}: ${JSON.stringify(value)} is none of ${schema.enum.join()}`];
  if ('const' in schema && schema.const !== value) return [`${at}: is not ${String(schema.const)}`];
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  if (schema.type && ![schema.type].flat().includes(type)) return [`${at}: is ${type}, not ${String(schema.type)}`];
  if (type === 'array')
    return (value as unknown[]).flatMap((item, i) =>
      problems({ components } as Document, schema.items ?? {}, item, `${at}[${i}]`),
    );
  if (type !== 'object') return [];
  const { properties = {}, required = [], additionalProperties } = schema;
  const fields = Object.entries(value as object);
  return [
    ...required.filter(name => !fields.some(([field]) => field === name)).map(name => `${at}.${name} is missing`),
    ...fields.flatMap(([name, field]) => {
      const known = properties[name];
      if (known) return problems({ components } as Document, known, field, `${at}.${name}`);
      if (typeof additionalProperties === 'object')
        return problems({ components } as Document, additionalProperties, field, `${at}.${name}`);
      return schema.properties ? [`${at}.${name} is not told of`] : [];
    }),
  ];
}

const refsIn = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [inner as string] : refsIn(inner)));

describe('the OpenAPI document of the admin API', () => {
  it('tells of every path once, with what stands in it, and of every schema that it names', async () => {
    const { read } = await start();
    const document = await read();
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map(operation => ({ path, ...operation })),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, summary, parameters = [] } of operations) {
      expect(summary).not.toBe('');
      const within = parameters.filter(parameter => parameter.in === 'path');
      expect(within.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
    const names = Object.keys(document.components.schemas).map(name => `#/components/schemas/${name}`);
    expect([...new Set(refsIn(document))].sort()).toEqual(names.sort());
  });

  it('says of a fork where it is', async () => {
    const { ask } = await start();
    const { path } = JSON.parse((await ask('POST', '/_kubette/v1/forks')).text);
    const document = JSON.parse((await ask('GET', `${path}/_kubette/v1/openapi.json`)).text) as Document;
    expect(document.servers).toEqual([{ url: `${path}/_kubette/v1` }]);
  });

  it('is what is answered: every path, asked for in a way that goes well', async () => {
    const { ask, read } = await start();
    const document = await read();
    const spec = {
      resourceRef: { kind: 'Namespace' },
      selector: {},
      next: { patches: [{ template: 'metadata: { labels: { a: b } }' }] },
    };
    const stage = { apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Stage', metadata: { name: 'label' }, spec };
    const asked: [method: string, path: string, template?: string, body?: unknown][] = [
      ['post', '/forks', undefined, { name: 'lab' }],
      ['get', '/forks'],
      ['get', '/forks/ID', '/forks/{id}'],
      ['delete', '/forks/ID', '/forks/{id}'],
      ['put', '/snapshots/s', '/snapshots/{name}'],
      ['get', '/snapshots'],
      ['get', '/snapshots/s', '/snapshots/{name}'],
      ['post', '/snapshots/s/restore', '/snapshots/{name}/restore'],
      ['delete', '/snapshots/s', '/snapshots/{name}'],
      [
        'put',
        '/behaviors/b',
        '/behaviors/{name}',
        { pods: { selector: 'a=b' }, share: '30%', behavior: 'fail', after: '10s' },
      ],
      ['post', '/behaviors', undefined, { name: 'c', nodes: {}, behavior: 'not-ready' }],
      ['get', '/addresses'],
      ['get', '/behaviors'],
      ['get', '/behaviors/b', '/behaviors/{name}'],
      ['delete', '/behaviors/b', '/behaviors/{name}'],
      ['delete', '/behaviors'],
      [
        'post',
        '/faults',
        undefined,
        { name: 'f', match: { verbs: ['update'], resources: ['pods'] }, when: { nth: 2 }, fault: 'conflict' },
      ],
      ['get', '/faults'],
      ['get', '/faults/f', '/faults/{name}'],
      ['delete', '/faults/f', '/faults/{name}'],
      ['post', '/faults/verify'],
      ['delete', '/faults'],
      ['post', '/import', undefined, stage],
      ['get', '/stages'],
      ['get', '/stages/label', '/stages/{name}'],
      ['post', '/stages/verify'],
      ['get', '/journal'],
      ['post', '/journal/verify', undefined, { match: { verbs: ['get'] }, times: 0 }],
      ['delete', '/journal'],
      ['get', '/clock'],
      ['post', '/clock/advance', undefined, { by: '1s' }],
      ['post', '/clock/rest', undefined, { limit: '1s' }],
      ['post', '/clock/run-until', undefined, { pods: 0, limit: '1s' }],
      ['patch', '/clock', undefined, { rate: 0 }],
      ['post', '/settled'],
      ['get', '/export'],
      ['get', '/health'],
      ['get', '/metrics'],
      ['get', '/diagnostics'],
      ['get', '/openapi.json'],
      ['post', '/reset'],
      ['post', '/faults/restart', undefined, { for: '1s', refuse: '503' }],
    ];
    let id = '';
    for (const [method, path, template = path, body] of asked) {
      const operation = document.paths[template]?.[method];
      expect(operation, `${method} ${template}`).toBeDefined();
      const { code, type, text } = await ask(method.toUpperCase(), `/_kubette/v1${path.replace('ID', id)}`, body);
      const answers = operation!.responses[code]?.content;
      expect(answers, `${method} ${path}: ${code} ${text}`).toBeDefined();
      const media = type.split(';')[0]!;
      expect(Object.keys(answers!), `${method} ${path}`).toContain(media);
      if (media !== 'application/json') continue;
      const value = JSON.parse(text);
      if (path === '/forks' && method === 'post') id = value.id;
      expect(problems(document, answers![media]!.schema, value), `${method} ${path}`).toEqual([]);
      const given = operation!.requestBody?.content['application/json']?.schema;
      if (body && given && template !== '/import')
        expect(problems(document, given, body), `${method} ${path}`).toEqual([]);
    }
    const told = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method} ${path}`),
    );
    expect(asked.map(([method, path, template = path]) => `${method} ${template}`).sort()).toEqual(told.sort());
  });
});

describe('what is wrong', () => {
  it('is found in the diagnostics: faults in the background, and nothing secret', async () => {
    cluster = await createCluster({ clock: 'virtual', token: 'not-for-everybody' });
    const { url } = await cluster.listen();
    const response = await fetch(`${url}/_kubette/v1/diagnostics`, {
      headers: { authorization: 'Bearer not-for-everybody' },
    });
    const text = await response.text();
    expect(text).not.toContain('not-for-everybody');
    expect(JSON.parse(text)).toMatchObject({
      status: 'ok',
      settings: { clock: 'virtual', token: true },
      objects: { nodes: 4, namespaces: 4 },
      errors: [],
    });
    expect((await fetch(`${url}/_kubette/v1/health`)).status).toBe(401);
  });
});
