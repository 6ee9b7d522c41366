import { beforeEach, describe, expect, it } from 'vitest';
import { StatusError } from '../../../../src/registry/status.js';
import type { WriteOptions } from '../../../../src/registry/types.js';
import type { Webhook } from '../../../../src/resources/admission/configuration.js';
import type { ResourceDefinition } from '../../../../src/resources/definition.js';
import { configMaps, deployments, pods } from '../../../../src/resources/index.js';
import type { JsonObject } from '../../../../src/resources/json.js';
import type { Draft, KubeObject } from '../../../../src/resources/types.js';
import { openRegistry, type TestRegistry } from '../../../support/registry.js';

interface Review {
  apiVersion: string;
  request: JsonObject & { uid: string; operation: string; object: KubeObject; oldObject: KubeObject };
}
/** What a webhook answers: the fields of its response, another review altogether, or an error. */
type Reply = (review: Review) => JsonObject | Error;

let registry: TestRegistry;
/** What each webhook was sent, in order: its path and the review. */
let calls: { path: string; review: Review }[];
let replies: Record<string, Reply>;

beforeEach(async () => {
  registry = await openRegistry(['default', 'other']);
  calls = [];
  replies = {};
  registry.webhooks = {
    async call(client, body) {
      const path = client.url!.replace('https://localhost/', '');
      const review = structuredClone(body) as Review;
      calls.push({ path, review });
      const reply = replies[path]?.(review) ?? { allowed: true };
      if (reply instanceof Error) throw reply;
      if ('response' in reply) return reply;
      return {
        apiVersion: review.apiVersion,
        kind: 'AdmissionReview',
        response: { uid: review.request.uid, ...reply },
      };
    },
  };
});

const RULE = { apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] };
const hook = (name: string, fields: Webhook = {}): Webhook => ({
  name: `${name}.example.com`,
  clientConfig: { url: `https://localhost/${name}` },
  rules: [RULE],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  ...fields,
});

function create(object: object, options: WriteOptions = {}): Promise<KubeObject> {
  const draft = object as Draft<KubeObject>;
  const kind = registry.kinds.byKind(draft.apiVersion, draft.kind)! as ResourceDefinition<KubeObject>;
  return registry.create(kind, draft, { namespace: 'default', ...options }).then(entry => entry.object);
}

const configure = (type: 'Mutating' | 'Validating', name: string, ...webhooks: Webhook[]) =>
  create({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${type}WebhookConfiguration`,
    metadata: { name },
    webhooks,
  });

const configMap = (data: Record<string, string> = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', ...metadata },
  data,
});

const patch = (...operations: object[]): JsonObject => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});
/** Adds a key to the data, with how many there are by then. */
const counting: Reply = ({ request }) => {
  const keys = Object.keys((request.object as unknown as { data: object }).data);
  return patch({ op: 'add', path: `/data/k${keys.length}`, value: 'v' });
};

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'let in',
    error => (error instanceof StatusError ? `${error.code} ${error.reason} ${error.message}` : String(error)),
  );
const paths = () => calls.map(({ path }) => path);
const dataOf = (object: KubeObject | undefined) => (object as unknown as { data: Record<string, string> }).data;

describe('validating webhooks', () => {
  it('are told of the request', async () => {
    await configure('Validating', 'c', hook('a'));
    const user = { name: 'jane', groups: ['g'], uid: 'u', extra: { e: ['f'] } };
    const object = await create(configMap({ a: '1' }), { user, fieldManager: 'kubectl' });
    expect(paths()).toEqual(['a']);
    const { request, ...review } = calls[0]!.review;
    expect(review).toEqual({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1' });
    const { resourceVersion: _, ...metadata } = object.metadata;
    expect(request).toEqual({
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      requestKind: { group: '', version: 'v1', kind: 'ConfigMap' },
      requestResource: { group: '', version: 'v1', resource: 'configmaps' },
      name: 'x',
      namespace: 'default',
      operation: 'CREATE',
      userInfo: { username: 'jane', uid: 'u', groups: ['g'], extra: { e: ['f'] } },
      object: { ...object, metadata: { ...metadata, resourceVersion: '' } },
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'kubectl' },
    });
  });

  it.each<[JsonObject, string]>([
    [{ allowed: true }, 'let in'],
    [{ allowed: false }, '400  admission webhook "a.example.com" denied the request without explanation'],
    [
      { status: { message: 'no', code: 403, reason: 'Forbidden' } },
      '403 Forbidden admission webhook "a.example.com" denied the request: no',
    ],
    [{ status: { reason: 'Odd', code: 200 } }, '400 Odd admission webhook "a.example.com" denied the request: Odd'],
  ])('%j: %s', async (reply, expected) => {
    await configure('Validating', 'c', hook('a'));
    replies.a = () => reply;
    expect(await outcome(create(configMap()))).toBe(expected);
    expect(registry.get(configMaps, 'default', 'x') !== undefined).toBe(expected === 'let in');
  });

  it('warn', async () => {
    await configure('Validating', 'c', hook('a'));
    replies.a = () => ({ allowed: false, warnings: ['careful', 'really'] });
    const warnings = new Set<string>();
    await outcome(create(configMap(), { warn: text => void warnings.add(text) }));
    expect([...warnings]).toEqual(['careful', 'really']);
  });

  it.each<[string, Reply, string]>([
    [
      'nothing',
      () => new Error('failed to call webhook: Post "https://localhost/a?timeout=10s": EOF'),
      'failed to call webhook: Post "https://localhost/a?timeout=10s": EOF',
    ],
    ['no response', () => ({ response: null }), 'received invalid webhook response: webhook response was absent'],
    [
      'another request',
      () => ({ uid: 'x', allowed: true }),
      'received invalid webhook response: expected response.uid="UID", got "x"',
    ],
    [
      'another kind',
      ({ request: { uid } }) => ({ apiVersion: 'a/v1', kind: 'B', response: { uid, allowed: true } }),
      'received invalid webhook response: expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got a/v1, Kind=B',
    ],
    ['a patch', () => patch({}), 'received invalid webhook response: validating webhook may not return response.patch'],
  ])('answering %s fail, unless that is ignored', async (_what, reply, expected) => {
    replies.a = reply;
    await configure('Validating', 'c', hook('a'));
    const text = (await outcome(create(configMap()))).replace(/"[0-9a-f-]{36}"/, '"UID"');
    expect(text).toBe(`500 InternalError Internal error occurred: failed calling webhook "a.example.com": ${expected}`);
    const kind = registry.kinds.byResource('validatingwebhookconfigurations.admissionregistration.k8s.io')!;
    await registry.delete(kind, '', 'c');
    await configure('Validating', 'c', hook('a', { failurePolicy: 'Ignore' }));
    expect(await outcome(create(configMap()))).toBe('let in');
  });

  it('of the first version of reviews are not held to its form', async () => {
    await configure('Validating', 'c', hook('a', { admissionReviewVersions: ['v9', 'v1beta1'] }));
    replies.a = () => ({ response: { allowed: true } });
    expect(await outcome(create(configMap()))).toBe('let in');
    expect(calls[0]!.review.apiVersion).toBe('admission.k8s.io/v1beta1');
  });

  it.each<[Webhook, boolean]>([
    [{}, true],
    [{ rules: [] }, false],
    [{ rules: [{ ...RULE, operations: ['UPDATE'] }] }, false],
    [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } }, false],
    [{ objectSelector: { matchLabels: { a: 'b' } } }, true],
    [{ objectSelector: { matchLabels: { a: 'c' } } }, false],
    [{ matchConditions: [{ name: 'c', expression: "object.metadata.name == 'x'" }] }, true],
    [{ matchConditions: [{ name: 'c', expression: "request.userInfo.username == 'y'" }] }, false],
  ])('%j are asked: %s', async (fields, expected) => {
    await configure('Validating', 'c', hook('a', fields));
    await create(configMap({}, { labels: { a: 'b' } }));
    expect(calls.length > 0).toBe(expected);
  });

  it('whose conditions fail refuse, or are not asked', async () => {
    const matchConditions = [{ name: 'c', expression: 'object.nothing == 1' }];
    await configure('Validating', 'c', hook('a', { matchConditions, failurePolicy: 'Ignore' }));
    expect(await outcome(create(configMap()))).toBe('let in');
    await configure('Validating', 'd', hook('b', { matchConditions }));
    expect(await outcome(create(configMap({}, { name: 'y' })))).toBe(
      `403 Forbidden configmaps "y" is forbidden: expression 'object.nothing == 1' resulted in error: no such key: nothing`,
    );
    expect(calls).toEqual([]);
  });

  it('are asked about deletions and dry runs', async () => {
    await create(configMap());
    await configure('Validating', 'c', hook('a'));
    replies.a = ({ request: { oldObject } }) => ({ allowed: dataOf(oldObject)?.a !== undefined });
    expect(await outcome(registry.delete(configMaps, 'default', 'x', { dryRun: true }))).toContain(
      'denied the request',
    );
    expect(calls[0]!.review.request).toMatchObject({ operation: 'DELETE', object: null, dryRun: true });
    replies = {};
    expect(await outcome(registry.delete(configMaps, 'default', 'x'))).toBe('let in');
  });

  it('have no say in what configures admission', async () => {
    const rules = [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }];
    await configure('Validating', 'c', hook('a', { rules }));
    replies.a = () => ({ allowed: false });
    await configure('Mutating', 'd', hook('b', { rules }));
    expect(calls).toEqual([]);
    expect(await outcome(create(configMap()))).toContain('denied');
  });

  it('see nothing of how owners of fields are kept', async () => {
    const name = 'p';
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    };
    await create(pod);
    const report = (phase: 'Running' | 'Failed') => {
      const { object } = registry.get(pods, 'default', name)!;
      return registry.update(
        pods,
        { ...object, status: { ...object.status, phase } },
        { subresource: 'status', component: 'kubelet' },
      );
    };
    await report('Running');
    expect(registry.get(pods, 'default', name)!.object.metadata.managedFields).toEqual([{ time: expect.any(String) }]);
    await configure('Validating', 'v', hook('v', { rules: [{ ...RULE, resources: ['pods/status'] }] }));
    await report('Failed');
    const { object, oldObject } = calls[0]!.review.request;
    expect([object.metadata, oldObject.metadata]).not.toContainEqual(
      expect.objectContaining({ managedFields: expect.anything() }),
    );
  });

  it('are asked about pods that are bound', async () => {
    await configure('Validating', 'c', hook('a', { rules: [{ ...RULE, resources: ['pods/binding'] }] }));
    replies.a = ({ request }) => ({
      allowed: (request.object as unknown as { target: { name: string } }).target.name === 'n1',
    });
    await create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'a:1' }] },
    });
    expect(await outcome(registry.bind('default', 'p', 'n2'))).toContain('denied');
    expect(await outcome(registry.bind('default', 'p', 'n1'))).toBe('let in');
    expect(registry.get(pods, 'default', 'p')!.object.spec.nodeName).toBe('n1');
  });
});

describe('mutating webhooks', () => {
  it('are asked one after the other, by configuration and place', async () => {
    await configure('Mutating', 'b', hook('third'));
    await configure('Mutating', 'a', hook('first'), hook('second'));
    for (const name of ['first', 'second', 'third']) replies[name] = counting;
    const object = await create(configMap());
    expect(paths()).toEqual(['first', 'second', 'third']);
    expect(dataOf(object)).toEqual({ k0: 'v', k1: 'v', k2: 'v' });
  });

  it('are asked again if they want to be, once, when others changed the object', async () => {
    await configure(
      'Mutating',
      'a',
      hook('first', { reinvocationPolicy: 'IfNeeded' }),
      hook('never'),
      hook('last', { reinvocationPolicy: 'IfNeeded' }),
    );
    for (const name of ['first', 'never', 'last']) replies[name] = counting;
    const object = await create(configMap());
    // The second round of the first makes the last one due.
    expect(paths()).toEqual(['first', 'never', 'last', 'first', 'last']);
    expect(Object.keys(dataOf(object))).toHaveLength(5);
  });

  it('see what validating ones see, but for what comes later', async () => {
    await configure('Mutating', 'a', hook('m'));
    await configure('Validating', 'a', hook('v'));
    replies.m = () => patch({ op: 'add', path: '/data', value: { by: 'webhook' } });
    const object = await create(configMap({}, { name: undefined, generateName: 'x-' }));
    const [m, v] = calls.map(({ review }) => review.request);
    expect([m!.name, m!.object.metadata]).toEqual([undefined, { generateName: 'x-', namespace: 'default' }]);
    expect(v!.object.metadata).toMatchObject({ name: object.metadata.name, uid: object.metadata.uid });
    expect(dataOf(v!.object)).toEqual({ by: 'webhook' });
    expect(object.metadata.name).toMatch(/^x-\w{5}$/);
  });

  it('can change names, and get defaults and checks like everybody', async () => {
    await configure('Mutating', 'a', hook('m', { rules: [{ ...RULE, resources: ['pods'] }] }));
    const pod = (image: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image }] },
    });
    replies.m = () => patch({ op: 'add', path: '/spec/containers/-', value: { name: 'side', image: 'car' } });
    const { spec } = (await create(pod('a:1'))) as unknown as { spec: { containers: object[] } };
    expect(spec.containers[1]).toMatchObject({ name: 'side', imagePullPolicy: 'Always' });
    replies.m = () => patch({ op: 'add', path: '/spec/containers/0/name', value: 'No!' });
    expect(await outcome(create(pod('b:1')))).toContain('spec.containers[0].name: Invalid value: "No!"');
    replies.m = () => patch({ op: 'add', path: '/spec/containers/0/name', value: 5 });
    expect(await outcome(create(pod('c:1')))).toContain(
      '500 InternalError Internal error occurred: Pod in version "v1" cannot be handled',
    );
  });

  it.each<[string, JsonObject, string]>([
    [
      'no type',
      { ...patch({}), patchType: undefined },
      'failed calling webhook "m.example.com": received invalid webhook response: webhook returned response.patch but not response.patchType',
    ],
    [
      'another type',
      { ...patch({}), patchType: 'Merge' },
      'failed calling webhook "m.example.com": unsupported patch type "Merge"',
    ],
    [
      'no JSON',
      { ...patch(), patch: Buffer.from('{').toString('base64') },
      'failed calling webhook "m.example.com": received undecodable patch in webhook response: unexpected end of JSON input',
    ],
    [
      'a place that is not there',
      patch({ op: 'remove', path: '/nothing' }),
      "error in remove for path: '/nothing': Unable to remove nonexistent key: nothing: missing value",
    ],
  ])('a patch with %s is refused', async (_what, reply, expected) => {
    await configure('Mutating', 'a', hook('m'));
    replies.m = () => reply;
    expect(await outcome(create(configMap()))).toContain(`500 InternalError Internal error occurred: ${expected}`);
  });

  it('of what is deleted change nothing', async () => {
    await create(configMap());
    await configure('Mutating', 'a', hook('m'));
    replies.m = () => patch({ op: 'add', path: '/data', value: {} });
    expect(await outcome(registry.delete(configMaps, 'default', 'x'))).toBe(
      '500 InternalError Internal error occurred: admission webhook "m.example.com" attempted to modify the object, which is not supported for this operation',
    );
  });

  it('cannot change what the server decides, and count as changes of the object', async () => {
    await configure(
      'Mutating',
      'a',
      hook('m', { rules: [{ ...RULE, apiGroups: ['apps'], resources: ['deployments'], operations: ['UPDATE'] }] }),
    );
    const spec = {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'a:1' }] } },
    };
    const made = await create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec });
    replies.m = () =>
      patch(
        { op: 'add', path: '/spec/replicas', value: 3 },
        { op: 'add', path: '/status/replicas', value: 7 },
        { op: 'add', path: '/metadata/uid', value: 'other' },
      );
    const { object } = await registry.update(deployments, made as never);
    expect(object.metadata).toMatchObject({ generation: 2, uid: made.metadata.uid });
    expect([object.spec.replicas, object.status.replicas]).toEqual([3, undefined]);
  });

  it('see other versions in the one that is named', async () => {
    const rules = [
      { ...RULE, apiGroups: ['autoscaling'], apiVersions: ['v2'], resources: ['horizontalpodautoscalers'] },
    ];
    await configure('Mutating', 'a', hook('m', { rules }));
    replies.m = () => patch({ op: 'replace', path: '/spec/maxReplicas', value: 9 });
    const object = await create({
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h' },
      spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' } },
    });
    expect(object).toMatchObject({ apiVersion: 'autoscaling/v1', spec: { maxReplicas: 9 } });
    expect(calls[0]!.review.request).toMatchObject({
      kind: { version: 'v2' },
      requestKind: { version: 'v1' },
      object: { apiVersion: 'autoscaling/v2' },
    });
  });
});

describe('while webhooks think', () => {
  /** Lets `meanwhile` happen during the first call of `a`. */
  const during = (meanwhile: () => Promise<unknown>, reply: Reply = () => ({ allowed: true })) => {
    const { call } = registry.webhooks;
    let once = false;
    replies.a = reply;
    registry.webhooks = {
      async call(client, body, seconds) {
        const answer = await call(client, body, seconds);
        if (!once) {
          once = true;
          await meanwhile();
        }
        return answer;
      },
    };
  };
  const read = () => registry.get(configMaps, 'default', 'x')!.object;

  it('others can change the object: then they are asked about what it is by then', async () => {
    await create(configMap({ a: '1' }));
    const quiet = { ...RULE, operations: ['UPDATE'] };
    await configure(
      'Validating',
      'c',
      hook('a', { rules: [quiet], matchConditions: [{ name: 'c', expression: "'p' in object.data" }] }),
    );
    during(() => registry.update(configMaps, { ...read(), data: { a: '2' } } as never));
    const body = { data: { p: 'patch' } };
    const { entry } = await registry.patch(configMaps, 'default', 'x', { type: 'merge', body });
    expect(dataOf(entry.object)).toEqual({ a: '2', p: 'patch' });
    expect(calls.map(({ review }) => dataOf(review.request.oldObject))).toEqual([{ a: '1' }, { a: '2' }]);
  });

  it('an update of a version that was replaced is refused', async () => {
    await create(configMap({ a: '1' }));
    const old = read();
    await configure(
      'Validating',
      'c',
      hook('a', { matchConditions: [{ name: 'c', expression: "'p' in object.data" }] }),
    );
    during(() => registry.update(configMaps, { ...read(), data: { a: '2' } } as never));
    const work = registry.update(configMaps, { ...old, data: { p: '1' } } as never);
    expect(await outcome(work)).toContain('409 Conflict');
  });

  it('others can take the name, or the namespace', async () => {
    await configure(
      'Validating',
      'c',
      hook('a', { matchConditions: [{ name: 'c', expression: '!has(object.data.quick)' }] }),
    );
    during(() => create(configMap({ quick: '1' })));
    expect(await outcome(create(configMap()))).toContain('409 AlreadyExists');
    const namespaces = registry.kinds.byResource('namespaces')!;
    during(() => registry.delete(namespaces, '', 'other'));
    const work = registry.create(configMaps, configMap({}, { name: 'y' }) as never, { namespace: 'other' });
    expect(await outcome(work)).toContain('because it is being terminated');
  });

  it('others can use a quota up', async () => {
    await create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q' },
      spec: { hard: { configmaps: '1' } },
    });
    const quotas = registry.kinds.byResource('resourcequotas')! as ResourceDefinition<KubeObject>;
    const quota = registry.get(quotas, 'default', 'q')!.object;
    const status = { hard: { configmaps: '1' }, used: { configmaps: '0' } };
    await registry.update(quotas, { ...quota, status } as never, { subresource: 'status' });
    await configure(
      'Validating',
      'c',
      hook('a', { matchConditions: [{ name: 'c', expression: '!has(object.data.quick)' }] }),
    );
    during(() => create(configMap({ quick: '1' }, { name: 'y' })));
    expect(await outcome(create(configMap()))).toContain('exceeded quota');
    expect(registry.get(quotas, 'default', 'q')!.object).toMatchObject({ status: { used: { configmaps: '1' } } });
  });

  it('services keep the addresses that webhooks were told of', async () => {
    await configure('Validating', 'c', hook('a', { rules: [{ ...RULE, resources: ['services'] }] }));
    const service = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { ports: [{ port: 80 }] },
    });
    const object = await create(service('s'));
    expect(calls).toHaveLength(1);
    const told = calls[0]!.review.request.object as unknown as { spec: { clusterIP: string } };
    expect(object).toMatchObject({ spec: { clusterIP: told.spec.clusterIP } });
  });
});
