import { describe, expect, it } from 'vitest';
import type { Authorizer } from '../../../../src/registry/authorizer.js';
import { evictPod } from '../../../../src/registry/eviction.js';
import { StatusError } from '../../../../src/registry/status.js';
import type { User, WriteOptions } from '../../../../src/registry/types.js';
import type { ResourceDefinition } from '../../../../src/resources/definition.js';
import { pods } from '../../../../src/resources/index.js';
import type { Draft, KubeObject } from '../../../../src/resources/types.js';
import { addNamespace, openRegistry, type TestRegistry } from '../../../support/registry.js';

const GROUP = 'admissionregistration.k8s.io/v1';

function create(registry: TestRegistry, object: object, options: WriteOptions & { namespace?: string } = {}) {
  const draft = object as Draft<KubeObject>;
  const kind = registry.kinds.byKind(draft.apiVersion, draft.kind)! as ResourceDefinition<KubeObject>;
  return registry.create(kind, draft, { namespace: 'default', ...options });
}

const RULE = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] };

const policy = (spec: object, name = 'p') => ({
  apiVersion: GROUP,
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name },
  spec: { matchConstraints: { resourceRules: [RULE] }, ...spec },
});
const binding = (spec: object = {}, name = 'b') => ({
  apiVersion: GROUP,
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: { policyName: 'p', validationActions: ['Deny'], ...spec },
});
const configMap = (data: Record<string, string> = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', ...metadata },
  data,
});
const pod = (name = 'x') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'a:1' }] },
});

/** A registry with these objects in it. */
async function open(...objects: object[]): Promise<TestRegistry> {
  const registry = await openRegistry(['default', 'other']);
  for (const object of objects) await create(registry, object);
  return registry;
}

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'let in',
    error => (error instanceof StatusError ? `${error.code} ${error.message}` : String(error)),
  );

/** What a policy of one expression, which refuses by its message, says to a ConfigMap. */
const says = async (expression: string, more: object = {}, object: object = configMap({ a: '1' })) => {
  const registry = await open(policy({ validations: [{ expression, message: 'no' }], ...more }), binding());
  const text = await outcome(create(registry, object));
  return text.replace(/^.* denied request: /, '');
};

describe('ValidatingAdmissionPolicy', () => {
  it('refuses by reason and code, with the message as a cause', async () => {
    const registry = await open(
      policy({ validations: [{ expression: "!has(object.data) || !('a' in object.data)" }] }),
      binding(),
    );
    expect(await outcome(create(registry, configMap({ b: '1' })))).toBe('let in');
    const error = await create(registry, configMap({ a: '1' }, { name: 'y' })).catch(e => e);
    const message =
      "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed expression: !has(object.data) || !('a' in object.data)";
    expect(error.status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `configmaps "y" is forbidden: ${message}`,
      reason: 'Invalid',
      details: { name: 'y', kind: 'configmaps', causes: [{ message }] },
      code: 422,
    });
  });

  it.each([
    ['Forbidden', 403],
    ['Unauthorized', 401],
    ['RequestEntityTooLarge', 413],
  ])('reason %s is answered with %i', async (reason, code) => {
    const registry = await open(policy({ validations: [{ expression: 'false', reason }] }), binding());
    const error = await create(registry, configMap()).catch(e => e);
    expect([error.reason, error.code]).toEqual([reason, code]);
  });

  it.each([
    ["object.metadata.name == 'x'", 'let in'],
    ["object.data.a == '1' && oldObject == null", 'let in'],
    ["object.metadata.namespace == 'default'", 'let in'],
    ["request.operation == 'CREATE' && request.namespace == 'default' && request.name == 'x'", 'let in'],
    ["request.kind.kind == 'ConfigMap' && request.resource.resource == 'configmaps' && !request.dryRun", 'let in'],
    ["request.userInfo.username == 'system:kube-controller-manager'", 'let in'],
    ["request.options.kind == 'CreateOptions'", 'let in'],
    ["namespaceObject.metadata.name == 'default'", 'let in'],
    ['object.spec.replicas > 1', "expression 'object.spec.replicas > 1' resulted in error: no such key: spec"],
    ['object.data.all(k, size(object.data[k]) > 1)', 'no'],
    ["authorizer.group('').resource('pods').namespace('default').check('create').allowed()", 'let in'],
    [
      "authorizer.requestResource.check('delete').allowed() && authorizer.path('/x').check('get').reason() == ''",
      'let in',
    ],
  ])('%s: %s', async (expression, expected) => {
    expect(await says(expression)).toBe(expected);
  });

  it('takes the message of an expression, of the rule, or the expression itself', async () => {
    const rule = (fields: object) => says('true', { validations: [{ expression: 'false', ...fields }] });
    expect(await rule({ messageExpression: "'no ' + object.metadata.name", message: 'other' })).toBe('no x');
    expect(await rule({ messageExpression: 'string(object.nothing)', message: 'other' })).toBe('other');
    expect(await rule({ messageExpression: "' '", message: 'other' })).toBe('other');
    expect(await rule({ messageExpression: "'a\\nb'" })).toBe('failed expression: false');
  });

  it('evaluates variables when they are looked at', async () => {
    const variables = [
      { name: 'keys', expression: 'object.data.map(k, k)' },
      { name: 'count', expression: 'size(variables.keys)' },
      { name: 'wrong', expression: 'object.nothing' },
    ];
    expect(await says("variables.count == 1 || variables.wrong == 'x'", { variables })).toBe('let in');
    expect(await says('variables.wrong == 1', { variables })).toBe(
      `expression 'variables.wrong == 1' resulted in error: composited variable "wrong" fails to evaluate: no such key: nothing`,
    );
  });

  it('is about what its conditions hold of', async () => {
    const conditions = (...list: string[]) => ({
      matchConditions: list.map((expression, i) => ({ name: `c${i}`, expression })),
    });
    expect(await says('false', conditions("'a' in object.data"))).toBe('no');
    expect(await says('false', conditions('object.nothing == 1', "'b' in object.data"))).toBe('let in');
    expect(await says('false', conditions('object.nothing == 1'))).toBe(
      "expression 'object.nothing == 1' resulted in error: no such key: nothing",
    );
    expect(await says('false', { ...conditions('object.nothing == 1'), failurePolicy: 'Ignore' })).toBe('let in');
  });

  it('ignores what cannot be evaluated, if it says so', async () => {
    expect(await says('object.nothing == 1', { failurePolicy: 'Ignore' })).toBe('let in');
    expect(await says('false', { failurePolicy: 'Ignore' })).toBe('no');
    const auditAnnotations = [{ key: 'k', valueExpression: 'string(object.nothing)' }];
    expect(await says('true', { auditAnnotations })).toContain('no such key: nothing');
    expect(await says('true', { auditAnnotations, failurePolicy: 'Ignore' })).toBe('let in');
  });

  it('may not cost too much', async () => {
    const long = configMap({ a: 'x'.repeat(1000) });
    const all = (n: number): string =>
      n === 0 ? "object.data.a.contains('x')" : `[1,2,3,4,5,6,7,8,9,0].all(i${n}, ${all(n - 1)})`;
    expect(await says(all(5), {}, long)).toContain(
      'resulted in error: operation cancelled: actual cost limit exceeded',
    );
  });

  it('warns, or only notes, as the binding says', async () => {
    const registry = await open(
      policy({ validations: [{ expression: 'false', message: 'no' }] }),
      binding({ validationActions: ['Warn', 'Audit'] }),
    );
    const warnings: string[] = [];
    const warn = (text: string) => void warnings.push(text);
    expect(await outcome(create(registry, configMap(), { warn }))).toBe('let in');
    expect(warnings).toEqual(["Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': no"]);
  });

  it('sees what was there before, and deletions', async () => {
    const rules = [{ ...RULE, operations: ['*'] }];
    const registry = await open(
      configMap({ a: '1' }),
      policy({
        matchConstraints: { resourceRules: rules },
        validations: [
          { expression: "request.operation != 'UPDATE' || object.data.a != oldObject.data.a", message: 'same' },
          { expression: "request.operation != 'DELETE' || object == null && oldObject.data.a == '2'", message: 'kept' },
        ],
      }),
      binding(),
    );
    const kind = registry.kinds.byResource('configmaps')!;
    const { object } = registry.get(kind, 'default', 'x')!;
    const labels = { ...object, metadata: { ...object.metadata, labels: { a: 'b' } } };
    expect(await outcome(registry.update(kind, labels))).toContain('denied request: same');
    expect(await outcome(registry.delete(kind, 'default', 'x'))).toContain('denied request: kept');
    expect(await outcome(registry.update(kind, { ...object, data: { a: '2' } } as KubeObject))).toBe('let in');
    expect(await outcome(registry.delete(kind, 'default', 'x'))).toBe('let in');
  });

  it('asks the authorizer about whoever asks', async () => {
    const registry = await open(
      policy({
        validations: [
          { expression: "authorizer.group('a').resource('b').check('get').allowed()", message: 'user' },
          {
            expression: "authorizer.serviceAccount('default', 'sa').path('/z').check('get').allowed()",
            message: 'account',
          },
        ],
      }),
      binding(),
    );
    const asked: string[] = [];
    const allow = ({ name }: User, what: object) => {
      asked.push(`${name} ${JSON.stringify(what)}`);
      return { allowed: name === 'u', reason: '' };
    };
    registry.authorizer = { ...registry.authorizer, resource: allow, path: allow } as Authorizer;
    const user = { name: 'u', groups: [] };
    expect(await outcome(create(registry, configMap(), { user }))).toContain('denied request: account');
    expect(asked).toEqual([
      'u {"verb":"get","group":"a","resource":"b","subresource":"","namespace":"","name":""}',
      'system:serviceaccount:default:sa {"verb":"get","path":"/z"}',
    ]);
  });
});

describe('which requests a policy is about', () => {
  const matches = async (matchConstraints: object, object: object = configMap(), namespace = 'default') => {
    const registry = await open(policy({ matchConstraints, validations: [{ expression: 'false' }] }), binding());
    return (await outcome(create(registry, object, { namespace }))) !== 'let in';
  };
  const rules = (change: object) => ({ resourceRules: [{ ...RULE, ...change }] });

  it.each<[object, boolean]>([
    [rules({}), true],
    [rules({ operations: ['UPDATE'] }), false],
    [rules({ apiGroups: ['apps'] }), false],
    [rules({ apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], operations: ['*'] }), true],
    [rules({ apiVersions: ['v2'] }), false],
    [rules({ resources: ['configmaps/*'] }), true],
    [rules({ resources: ['configmaps/status', '*/scale'] }), false],
    [rules({ scope: 'Namespaced' }), true],
    [rules({ scope: 'Cluster' }), false],
    [rules({ resourceNames: ['x'] }), true],
    [rules({ resourceNames: ['y'] }), false],
    [{ ...rules({}), excludeResourceRules: [{ ...RULE, resourceNames: ['x'] }] }, false],
    [{ ...rules({}), excludeResourceRules: [{ ...RULE, resourceNames: ['y'] }] }, true],
    [{ ...rules({}), namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } } }, true],
    [{ ...rules({}), namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } }, false],
    [{ ...rules({}), objectSelector: { matchLabels: { a: 'b' } } }, false],
  ])('%j: %s', async (constraints, expected) => {
    expect(await matches(constraints)).toBe(expected);
  });

  it('selects by labels of the object as it is and as it shall be', async () => {
    const objectSelector = { matchLabels: { a: 'b' } };
    expect(await matches({ ...rules({}), objectSelector }, configMap({}, { labels: { a: 'b' } }))).toBe(true);
  });

  it('knows a namespace by its own labels, and as being in itself', async () => {
    const constraints = {
      resourceRules: [{ ...RULE, resources: ['namespaces'] }],
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'mine' } },
    };
    const registry = await open(
      policy({
        matchConstraints: constraints,
        validations: [{ expression: "request.namespace != 'mine' || namespaceObject != null" }],
      }),
      binding(),
    );
    expect(await outcome(addNamespace(registry, 'mine'))).toContain('denied request');
    expect(await outcome(addNamespace(registry, 'yours'))).toBe('let in');
  });

  it('counts other versions of a resource, and shows the object in the one that is named', async () => {
    const hpa = {
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'x' },
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' },
        targetCPUUtilizationPercentage: 5,
      },
    };
    const rule = { ...RULE, apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] };
    const denied = async (version: string, expression: string, matchPolicy = 'Equivalent') => {
      const matchConstraints = { matchPolicy, resourceRules: [{ ...rule, apiVersions: [version] }] };
      const registry = await open(policy({ matchConstraints, validations: [{ expression }] }), binding());
      return outcome(create(registry, hpa));
    };
    const shown = (version: string) =>
      `object.apiVersion == 'autoscaling/${version}' && request.kind.version == '${version}' && request.requestKind.version == 'v1'`;
    expect(await denied('v2', `${shown('v2')} && object.spec.metrics.size() == 1`)).toBe('let in');
    expect(await denied('v1', `${shown('v1')} && object.spec.targetCPUUtilizationPercentage == 5`)).toBe('let in');
    expect(await denied('v2', 'false')).toContain('denied request');
    expect(await denied('v2', 'false', 'Exact')).toBe('let in');
    expect(await denied('v1', 'false', 'Exact')).toContain('denied request');
  });

  it('has no say in policies and their bindings', async () => {
    const everything = { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] };
    const registry = await open(
      policy({ matchConstraints: { resourceRules: [everything] }, validations: [{ expression: 'false' }] }),
      binding(),
    );
    expect(await outcome(create(registry, configMap()))).toContain('denied request');
    const kind = registry.kinds.byResource('validatingadmissionpolicybindings.admissionregistration.k8s.io')!;
    expect(await outcome(registry.delete(kind, '', 'b'))).toBe('let in');
    expect(await outcome(create(registry, configMap()))).toBe('let in');
  });

  it('is narrowed by its binding', async () => {
    const registry = await open(
      policy({ validations: [{ expression: 'false' }] }),
      binding({
        matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } },
      }),
    );
    expect(await outcome(create(registry, configMap()))).toBe('let in');
    expect(await outcome(create(registry, configMap(), { namespace: 'other' }))).toContain('denied request');
  });
});

describe('what is done to pods through subresources', () => {
  const about = (resource: string, operations = ['*']) => ({
    matchConstraints: { resourceRules: [{ ...RULE, operations, resources: [resource] }] },
  });

  it('bindings and evictions are shown as such', async () => {
    const registry = await open(
      policy({
        ...about('pods/binding'),
        validations: [{ expression: "object.kind == 'Binding' && object.target.name != 'n1'", message: 'not there' }],
      }),
      binding(),
      policy(
        {
          ...about('pods/eviction'),
          validations: [{ expression: "request.kind.kind != 'Eviction'", message: 'stay' }],
        },
        'q',
      ),
      binding({ policyName: 'q' }, 'c'),
      pod(),
    );
    expect(await outcome(registry.bind('default', 'x', 'n1'))).toContain('denied request: not there');
    expect(await outcome(registry.bind('default', 'x', 'n2'))).toBe('let in');
    expect(await outcome(evictPod(registry, 'default', 'x'))).toContain('denied request: stay');
  });

  it('an eviction is no deletion to those who have a say', async () => {
    const registry = await open(
      policy({ ...about('pods', ['DELETE']), validations: [{ expression: 'false' }] }),
      binding(),
      pod(),
    );
    expect(await outcome(registry.delete(pods, 'default', 'x'))).toContain('denied request');
    expect(await outcome(evictPod(registry, 'default', 'x'))).toBe('let in');
  });
});

describe('parameters', () => {
  const withParams = (spec: object, ...params: object[]) =>
    open(
      ...params,
      policy({
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        matchConstraints: { resourceRules: [{ ...RULE, resources: ['secrets'] }] },
        validations: [
          { expression: 'params == null || object.metadata.name.startsWith(params.data.prefix)', message: 'name' },
        ],
        ...spec,
      }),
    );
  const param = (name: string, prefix: string, labels = {}) => configMap({ prefix }, { name, labels });
  const secret = (name: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } });
  const ref = (change: object) => binding({ paramRef: { parameterNotFoundAction: 'Deny', ...change } });

  it.each<[object, string]>([
    [{ name: 'a' }, 'name'],
    [{ name: 'b' }, 'let in'],
    [{ selector: { matchLabels: { all: 'yes' } } }, 'name'],
    [
      { selector: { matchLabels: { none: 'yes' } } },
      'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
    ],
    [{ name: 'missing', parameterNotFoundAction: 'Allow' }, 'let in'],
    [{ name: 'a', namespace: 'other', parameterNotFoundAction: 'Allow' }, 'let in'],
  ])('%j: %s', async (change, expected) => {
    const all = { all: 'yes' };
    const registry = await withParams({}, param('a', 'a-', all), param('b', 'b-', all));
    await create(registry, ref(change));
    expect((await outcome(create(registry, secret('b-1')))).replace(/^.* denied request: /, '')).toBe(expected);
  });

  it('may be missing from the binding', async () => {
    const registry = await withParams({});
    await create(registry, binding());
    expect(await outcome(create(registry, secret('b-1')))).toBe('let in');
  });

  it('of a kind that is not there', async () => {
    const paramKind = { apiVersion: 'example.com/v1', kind: 'Rule' };
    const registry = await withParams({ paramKind });
    await create(registry, ref({ name: 'a' }));
    expect(await outcome(create(registry, secret('b-1')))).toBe(
      `422 secrets "b-1" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Rule'`,
    );
  });
});
