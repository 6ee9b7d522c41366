import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customResourcesController } from '../../../src/controllers/custom-resources/index.js';
import { garbageCollector } from '../../../src/controllers/garbage-collector/index.js';
import { namespaceController } from '../../../src/controllers/namespace/index.js';
import { Runtime } from '../../../src/controllers/runtime/runtime.js';
import { addNamespace } from '../../support/registry.js';
import { configMap, TestServer } from './serve.js';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets';
const MERGE = { 'content-type': 'application/merge-patch+json' };

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1 },
        color: { type: 'string', enum: ['red', 'blue'], default: 'red' },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, count: { type: 'integer' } },
          },
        },
      },
    },
    status: { type: 'object', properties: { size: { type: 'integer' }, selector: { type: 'string' } } },
  },
};
const V1 = {
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  subresources: {
    status: {},
    scale: {
      specReplicasPath: '.spec.size',
      statusReplicasPath: '.status.size',
      labelSelectorPath: '.status.selector',
    },
  },
  selectableFields: [{ jsonPath: '.spec.color' }],
};
const definition = (spec: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
    versions: [V1],
    ...spec,
  },
});
const widget = (name: string, spec: object = { size: 1 }, metadata: object = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name, ...metadata },
  spec,
});

describe('custom resources', () => {
  let server: TestServer;
  let runtime: Runtime;
  const failures: unknown[] = [];
  beforeEach(async () => {
    server = await TestServer.start();
    const { registry } = server;
    runtime = new Runtime(registry, { onError: (_controller, _key, error) => failures.push(error) });
    const context = { registry, recorder: () => ({ event() {} }) };
    for (const make of [customResourcesController, garbageCollector, namespaceController]) runtime.add(make(context));
    runtime.start();
  });
  afterEach(async () => {
    await runtime.stop();
    await server.close();
    expect(failures.splice(0)).toEqual([]);
  });

  async function define(spec: object = {}): Promise<void> {
    expect((await server.post(DEFINITIONS, definition(spec))).code).toBe(201);
    await runtime.settled();
  }
  /** Changes the definition's spec. */
  async function redefine(spec: object): Promise<void> {
    const body = { spec };
    const { code } = await server.ask('PATCH', `${DEFINITIONS}/widgets.example.com`, { headers: MERGE, body });
    expect(code).toBe(200);
    await runtime.settled();
  }
  const create = (...args: Parameters<typeof widget>) => server.post(WIDGETS, widget(...args));
  const patch = (path: string, body: unknown, type = 'merge-patch+json') =>
    server.ask('PATCH', path, { headers: { 'content-type': `application/${type}` }, body: JSON.stringify(body) });
  interface Told {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }
  async function conditions(name = 'widgets.example.com'): Promise<Record<string, Told>> {
    const { body } = await server.get(`${DEFINITIONS}/${name}`);
    return Object.fromEntries((body.status.conditions as Told[]).map(condition => [condition.type, condition]));
  }

  describe('with rules', () => {
    const rule = (text: string, more: object = {}) => ({ rule: text, ...more });
    const limits = {
      type: 'object',
      properties: { min: { type: 'integer' }, max: { type: 'integer' }, color: { type: 'string', maxLength: 9 } },
      'x-kubernetes-validations': [
        rule('self.min <= self.max', { message: 'min must not be above max', fieldPath: '.min' }),
        rule('!has(oldSelf.color) || self.color == oldSelf.color', { message: 'color is immutable' }),
      ],
    };
    const status = {
      type: 'object',
      properties: { size: { type: 'integer', 'x-kubernetes-validations': [rule('self >= 0')] } },
    };
    const withRules = (spec: object) => ({
      versions: [
        {
          ...V1,
          subresources: { status: {} },
          selectableFields: [],
          schema: { openAPIV3Schema: { type: 'object', properties: { spec, status } } },
        },
      ],
    });
    const ONE = `${WIDGETS}/one`;

    beforeEach(() => define(withRules(limits)));

    it('are held to them by every way to write', async () => {
      expect(await create('bad', { min: 2, max: 1 })).toMatchObject({
        code: 422,
        body: {
          message: 'Widget.example.com "bad" is invalid: spec.min: Invalid value: min must not be above max',
          details: { causes: [{ reason: 'FieldValueInvalid', field: 'spec.min' }] },
        },
      });
      expect((await create('one', { min: 1, max: 2, color: 'red' })).code).toBe(201);
      const wrong = { message: expect.stringContaining('color is immutable') };
      const blue = widget('one', { min: 1, max: 2, color: 'blue' });
      expect(await patch(ONE, { spec: { color: 'blue' } })).toMatchObject({ code: 422, body: wrong });
      expect(await patch(`${ONE}?fieldManager=me&force=true`, blue, 'apply-patch+yaml')).toMatchObject({
        code: 422,
        body: wrong,
      });
      const { body: read } = await server.get(ONE);
      const body = { ...read, spec: blue.spec };
      expect(await server.ask('PUT', ONE, { body })).toMatchObject({ code: 422, body: wrong });
      expect((await patch(ONE, { spec: { min: 2 } })).code).toBe(200);
      expect(await patch(`${ONE}/status`, { status: { size: -1 } })).toMatchObject({
        code: 422,
        body: { message: expect.stringContaining('status.size: Invalid value: -1: failed rule: self >= 0') },
      });
      expect((await patch(`${ONE}/status`, { status: { size: 1 } })).code).toBe(200);
    });

    it('are not, where something else is wrong with them already', async () => {
      const { body } = await create('bad', { min: 'x', max: 1 });
      expect(body.message).toContain(
        '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
      );
    });

    it('are let be where they do not change, with a warning', async () => {
      await create('one', { min: 1, max: 2 });
      const stricter = {
        ...limits,
        properties: { ...limits.properties, max: { type: 'integer', 'x-kubernetes-validations': [rule('self > 5')] } },
      };
      await redefine(withRules(stricter));
      const { code, headers } = await patch(ONE, { spec: { min: 0 } });
      expect(code).toBe(200);
      expect(headers.warning).toContain('spec.max: Invalid value: 2: failed rule: self > 5');
      expect((await patch(ONE, { spec: { max: 3 } })).code).toBe(422);
    });

    it('cannot be defined with rules that are none', async () => {
      const body = { spec: withRules({ ...limits, 'x-kubernetes-validations': [rule('self.size > 1')] }) };
      const answer = await server.ask('PATCH', `${DEFINITIONS}/widgets.example.com`, { headers: MERGE, body });
      expect(answer.code).toBe(422);
      expect(answer.body.message).toContain(`compilation failed: ERROR: <input>:1:5: undefined field 'size'`);
    });
  });

  it('are served once their definition is established, and no longer than it is there', async () => {
    expect((await server.get(WIDGETS)).code).toBe(404);
    await define();
    expect((await conditions()).Established).toMatchObject({ status: 'True', reason: 'InitialNamesAccepted' });
    expect((await create('one')).code).toBe(201);
    const { body } = await server.get(WIDGETS);
    expect(body).toMatchObject({
      kind: 'WidgetList',
      apiVersion: 'example.com/v1',
      items: [{ metadata: { name: 'one' } }],
    });

    const watch = await server.watch(`${WIDGETS}?watch=1`);
    await watch.first(1);
    const { body: marked } = await server.ask('DELETE', `${DEFINITIONS}/widgets.example.com`);
    expect(marked.metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
    await runtime.settled();
    await watch.untilEnd();
    expect(watch.told).toEqual(['ADDED one', 'DELETED one']);
    expect((await server.get(`${DEFINITIONS}/widgets.example.com`)).code).toBe(404);
    expect(await server.get(WIDGETS)).toMatchObject({ code: 404, text: '404 page not found\n' });
  });

  it('hold up the end of their definition while finalizers hold them', async () => {
    await define();
    await create('one', { size: 1 }, { finalizers: ['example.com/stay'] });
    await server.ask('DELETE', `${DEFINITIONS}/widgets.example.com`);
    await runtime.settled();
    expect((await conditions()).Terminating).toMatchObject({ status: 'True', reason: 'InstanceDeletionInProgress' });
    expect((await create('two')).body).toMatchObject({
      code: 405,
      message: 'create not allowed while custom resource definition is terminating',
    });
    await patch(`${WIDGETS}/one`, { metadata: { finalizers: null } });
    await runtime.settled();
    expect((await server.get(`${DEFINITIONS}/widgets.example.com`)).code).toBe(404);
  });

  it('do not share names', async () => {
    await define();
    const gadgets = {
      ...definition({ names: { plural: 'gadgets', kind: 'Gadget', shortNames: ['wd'] } }),
      metadata: { name: 'gadgets.example.com' },
    };
    await server.post(DEFINITIONS, gadgets);
    await runtime.settled();
    expect(await conditions('gadgets.example.com')).toMatchObject({
      NamesAccepted: { status: 'False', reason: 'ShortNamesConflict', message: '"wd" is already in use' },
      Established: { status: 'False', reason: 'NotAccepted' },
    });
    await server.ask('DELETE', `${DEFINITIONS}/widgets.example.com`);
    await runtime.settled();
    expect((await conditions('gadgets.example.com')).Established).toMatchObject({ status: 'True' });
  });

  it('are pruned, filled in, and validated', async () => {
    await define();
    const { body, headers } = await create('one', { size: 2, shape: 'round' });
    expect(body.spec).toEqual({ size: 2, color: 'red' });
    expect(headers.warning).toBe('299 - "unknown field \\"spec.shape\\""');
    const strict = await server.post(`${WIDGETS}?fieldValidation=Strict`, widget('two', { size: 1, shape: 'round' }));
    expect(strict.body).toMatchObject({
      code: 400,
      message:
        'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.shape"',
    });
    expect((await create('two', { size: 'big', color: 'green' })).body).toMatchObject({
      code: 422,
      reason: 'Invalid',
      details: {
        group: 'example.com',
        kind: 'Widget',
        causes: [
          { reason: 'FieldValueTypeInvalid', field: 'spec.size' },
          { reason: 'FieldValueNotSupported', field: 'spec.color' },
          {
            reason: 'FieldValueInvalid',
            field: '.spec.size',
            message: 'Invalid value: 0: .spec.size accessor error: big is of the type string, expected int64',
          },
        ],
      },
    });
    const metadata = await server.post(WIDGETS, widget('two', { size: 1 }, { labels: { a: 5 } }));
    expect(metadata).toMatchObject({ code: 400 });
    const blind = await server.ask('PUT', `${WIDGETS}/one`, { body: widget('one', { size: 3 }) });
    expect(blind.body).toMatchObject({
      code: 422,
      message: expect.stringContaining('metadata.resourceVersion: Invalid value: 0: must be specified for an update'),
    });
  });

  it('have a status apart, and count what else changes', async () => {
    await define();
    await server.post(WIDGETS, { ...widget('one'), status: { size: 9 } });
    const one = `${WIDGETS}/one`;
    expect((await server.get(one)).body).not.toHaveProperty('status');
    await patch(`${one}/status`, { spec: { size: 5 }, status: { size: 3 }, metadata: { labels: { a: 'b' } } });
    const told = (await server.get(one)).body;
    expect(told).toMatchObject({ spec: { size: 1 }, status: { size: 3 }, metadata: { generation: 1 } });
    expect(told.metadata).not.toHaveProperty('labels');
    await patch(one, { spec: { size: 2 }, status: { size: 8 } });
    expect((await server.get(one)).body).toMatchObject({
      spec: { size: 2 },
      status: { size: 3 },
      metadata: { generation: 2 },
    });
  });

  it('have a scale', async () => {
    await define();
    await create('one');
    const scale = `${WIDGETS}/one/scale`;
    await patch(`${WIDGETS}/one/status`, { status: { size: 1, selector: 'a=b' } });
    const { body } = await server.get(scale);
    expect(body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'one', namespace: 'default' },
      spec: { replicas: 1 },
      status: { replicas: 1, selector: 'a=b' },
    });
    const put = await server.ask('PUT', scale, { body: { ...body, spec: { replicas: 4 } } });
    expect(put).toMatchObject({ code: 200, body: { kind: 'Scale', spec: { replicas: 4 } } });
    expect(await server.ask('PUT', scale, { body: { ...body, spec: { replicas: 5 } } })).toMatchObject({ code: 409 });
    expect((await patch(scale, { spec: { replicas: 6 } })).body.spec).toEqual({ replicas: 6 });
    expect((await patch(scale, { spec: { replicas: -1 } })).code).toBe(422);
    expect((await patch(scale, { spec: { replicas: 0 } })).code).toBe(422); // the schema has a minimum
    expect((await server.get(`${WIDGETS}/one`)).body.spec.size).toBe(6);
  });

  it('take no strategic merge patches', async () => {
    await define();
    await create('one');
    const answer = await patch(`${WIDGETS}/one`, { spec: {} }, 'strategic-merge-patch+json');
    expect(answer.body).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  });

  it.each([
    [{ kind: null }, 422, "Object 'Kind' is missing in '{"],
    [{ kind: 1 }, 422, 'json: cannot unmarshal number into Go struct field .kind of type string'],
    [
      { apiVersion: '' },
      500,
      "Internal error occurred: Object 'apiVersion' is missing in 'object has no apiVersion field'",
    ],
    [{ kind: 'Other' }, 422, 'kind: Invalid value: "Other": must be Widget'],
    [
      { kind: 'Other', metadata: { name: 'two' } },
      400,
      'the name of the object (two) does not match the name on the URL',
    ],
  ])('say what they are, or with %j are refused', async (body, code, message) => {
    await define();
    await create('one');
    const answer = await patch(`${WIDGETS}/one`, body);
    expect([answer.code, answer.body.message]).toEqual([code, expect.stringContaining(message)]);
  });

  it('are selected by fields', async () => {
    await define();
    await create('one');
    await create('two', { size: 1, color: 'blue' });
    const names = async (selector: string) =>
      ((await server.get(`${WIDGETS}?fieldSelector=${selector}`)).body.items as { metadata: { name: string } }[]).map(
        item => item.metadata.name,
      );
    expect(await names('spec.color=blue')).toEqual(['two']);
    expect(await names('spec.color!=blue')).toEqual(['one']);
    expect((await server.get(`${WIDGETS}?fieldSelector=spec.size=1`)).body.message).toBe(
      'field label not supported: spec.size',
    );
  });

  it('have no fields to be selected by but those that are named', async () => {
    await define({ scope: 'Cluster' });
    const told = async (selector: string) =>
      (await server.get(`/apis/example.com/v1/widgets?fieldSelector=${selector}`)).body.message;
    expect(await told('metadata.namespace=x')).toBe('field label not supported: metadata.namespace');
    expect(await told('spec.nothing=x')).toBe('field label not supported: spec.nothing');
    expect(await told('metadata.name=x')).toBeUndefined();
  });

  it('are owned item by item in server-side apply', async () => {
    await define();
    const apply = (manager: string, spec: object, more = '') =>
      server.ask('PATCH', `${WIDGETS}/one?fieldManager=${manager}${more}`, {
        headers: { 'content-type': 'application/apply-patch+yaml' },
        body: JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one' }, spec }),
      });
    expect((await apply('ann', { size: 1, parts: [{ name: 'a', count: 1 }] })).code).toBe(201);
    expect((await apply('bob', { size: 1, parts: [{ name: 'b', count: 1 }] })).body.spec.parts).toEqual([
      { name: 'a', count: 1 },
      { name: 'b', count: 1 },
    ]);
    const conflict = await apply('bob', { size: 1, parts: [{ name: 'a', count: 2 }] });
    expect(conflict.body).toMatchObject({
      code: 409,
      message: 'Apply failed with 1 conflict: conflict with "ann": .spec.parts[name="a"].count',
    });
    expect((await apply('bob', { size: 1 })).body.spec.parts).toEqual([{ name: 'a', count: 1 }]);
    expect((await apply('bob', { size: 1, shape: 'round' })).body.message).toContain(
      '.spec.shape: field not declared in schema',
    );
  });

  it('go with their owners, and with their namespaces', async () => {
    await define();
    const { body: owner } = await create('owner');
    const { uid } = owner.metadata;
    const ownerReferences = [{ apiVersion: 'example.com/v1', kind: 'Widget', name: 'owner', uid }];
    const owned = { ...configMap('owned'), metadata: { name: 'owned', ownerReferences } };
    await server.post('/api/v1/namespaces/default/configmaps', owned);
    await create('inner', { size: 1 }, { ownerReferences });
    await server.ask('DELETE', `${WIDGETS}/owner`);
    await runtime.settled();
    expect((await server.get('/api/v1/namespaces/default/configmaps/owned')).code).toBe(404);
    expect((await server.get(WIDGETS)).body.items).toEqual([]);

    await addNamespace(server.registry, 'other');
    await server.post(WIDGETS.replace('default', 'other'), widget('one'));
    await server.ask('DELETE', '/api/v1/namespaces/other');
    await runtime.settled();
    expect((await server.get('/api/v1/namespaces/other')).code).toBe(404);
  });

  it('are told of in discovery', async () => {
    await define();
    const { body } = await server.get('/apis/example.com/v1');
    expect(body.resources.map((r: { name: string }) => r.name)).toEqual(['widgets', 'widgets/status', 'widgets/scale']);
    expect(body.resources[0]).toMatchObject({ kind: 'Widget', singularName: 'widget', shortNames: ['wd'] });
    const { body: v3 } = await server.get('/openapi/v3/apis/example.com/v1');
    const published = v3.components.schemas['com.example.v1.Widget'];
    expect(published.properties.spec).toMatchObject(schema.properties.spec);
    expect(published['x-kubernetes-group-version-kind']).toEqual([
      { group: 'example.com', kind: 'Widget', version: 'v1' },
    ]);
    const { body: v2 } = await server.get('/openapi/v2');
    expect(v2.definitions['com.example.v1.Widget'].properties.spec.properties.size).toEqual({
      type: 'integer',
      minimum: 1,
    });
  });

  describe('in several versions', () => {
    const V2 = {
      ...V1,
      name: 'v2',
      storage: false,
      deprecated: true,
      schema: {
        openAPIV3Schema: {
          ...schema,
          properties: {
            ...schema.properties,
            spec: {
              ...schema.properties.spec,
              properties: { ...schema.properties.spec.properties, weight: { type: 'integer', default: 7 } },
            },
          },
        },
      },
    };
    const IN_V2 = WIDGETS.replace('v1', 'v2');

    it('look the same but for their version, and for what each schema has', async () => {
      await define({ versions: [V1, V2] });
      await create('one');
      const { body, headers } = await server.get(`${IN_V2}/one`);
      expect(body).toMatchObject({ apiVersion: 'example.com/v2', spec: { size: 1, color: 'red', weight: 7 } });
      expect(headers.warning).toBe('299 - "example.com/v2 Widget is deprecated"');
      const written = await server.post(IN_V2, {
        ...widget('two', { size: 2, weight: 3 }),
        apiVersion: 'example.com/v2',
      });
      expect(written.body).toMatchObject({ apiVersion: 'example.com/v2', spec: { weight: 3 } });
      const { items } = (await server.get(WIDGETS)).body;
      expect(items.map((item: { spec: object }) => item.spec)).toEqual([
        { size: 1, color: 'red' },
        { size: 2, weight: 3, color: 'red' },
      ]);
      const watch = await server.watch(`${IN_V2}?watch=1`);
      const events = await watch.first(2);
      expect(events.map(e => e.object.apiVersion)).toEqual(['example.com/v2', 'example.com/v2']);
      watch.close();
    });

    it('move to another one by being written again', async () => {
      await define({ versions: [V1, V2] });
      const { body: old } = await create('one');
      await redefine({
        versions: [
          { ...V1, storage: false },
          { ...V2, storage: true },
        ],
      });
      expect((await server.get(`${DEFINITIONS}/widgets.example.com`)).body.status.storedVersions).toEqual(['v1', 'v2']);
      const stored = () => server.registry.log.table('widgets.example.com').get('default', 'one')!.object.apiVersion;
      expect(stored()).toBe('example.com/v1');
      const { body: now } = await server.get(`${IN_V2}/one`);
      expect(now.metadata.resourceVersion).toBe(old.metadata.resourceVersion);
      const { body: written } = await server.ask('PUT', `${IN_V2}/one`, { body: now });
      expect(stored()).toBe('example.com/v2');
      const { body: again } = await server.ask('PUT', `${IN_V2}/one`, { body: written });
      expect(again.metadata.resourceVersion).toBe(written.metadata.resourceVersion);
    });

    it('end watches when they are served no more', async () => {
      await define({ versions: [V1, V2] });
      const watch = await server.watch(`${IN_V2}?watch=1&resourceVersion=${server.registry.revision}`);
      await redefine({ versions: [V1, { ...V2, served: false }] });
      await watch.untilEnd();
      expect((await server.get(IN_V2)).code).toBe(404);
      expect((await create('one')).code).toBe(201);
    });

    it('fail where only a webhook could convert', async () => {
      const webhook = { clientConfig: { url: 'https://convert.example.com/' }, conversionReviewVersions: ['v1'] };
      await define({ versions: [V1, V2], conversion: { strategy: 'Webhook', webhook } });
      expect((await create('one')).code).toBe(201);
      expect((await server.get(`${IN_V2}/one`)).body).toMatchObject({
        code: 500,
        message: expect.stringContaining('conversion webhook for example.com/v1, Kind=Widget failed: '),
      });
    });
  });
});
