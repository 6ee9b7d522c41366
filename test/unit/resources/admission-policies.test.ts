import { describe, expect, it } from 'vitest';
import { typeWarnings } from '../../../src/resources/admission/type-check.js';
import { BUILT_IN, KindTable } from '../../../src/resources/index.js';
import type { JsonObject } from '../../../src/resources/json.js';
import { object } from './objects.js';
import { changed, kindOf, type Plain } from './plain.js';

const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const BINDINGS = 'validatingadmissionpolicybindings.admissionregistration.k8s.io';

const RULE = { operations: ['CREATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] };
const SPEC = { matchConstraints: { resourceRules: [RULE] }, validations: [{ expression: 'true' }] };

/** What is said of a policy with these changes to its fields. */
function problems(resource: string, spec: JsonObject, changes: JsonObject): string[] {
  const kind = kindOf(resource);
  const draft: Plain = changed(object(kind, { spec: structuredClone(spec), status: {} }), changes);
  kind.strategy.setDefaults?.(draft);
  return (kind.strategy.validate?.(draft) ?? []).map(error => error.message);
}

const located = (message: string, source: string, column: number) =>
  `ERROR: <input>:1:${column}: ${message}\n | ${source}\n | ${'.'.repeat(column - 1)}^`;

const at = (field: string, source: string, message: string, column: number) =>
  `${field}: Invalid value: ${JSON.stringify(source)}: compilation failed: ${located(message, source, column)}`;

describe('ValidatingAdmissionPolicy', () => {
  const first = 'spec.validations[0].expression';

  it.each<[JsonObject, string[]]>([
    [{}, []],
    [
      { 'spec.failurePolicy': 'No' },
      ['spec.failurePolicy: Unsupported value: "No": supported values: "Fail", "Ignore"'],
    ],
    [{ 'spec.validations': [{ expression: ' ' }] }, [`${first}: Required value: expression is not specified`]],
    [
      { 'spec.validations': [{ expression: 'x' }] },
      [at(first, 'x', "undeclared reference to 'x' (in container '')", 1)],
    ],
    [{ 'spec.validations': [{ expression: '1' }] }, [`${first}: Invalid value: "1": must evaluate to bool`]],
    [
      { 'spec.validations': [{ expression: 'object.a' }] },
      [`${first}: Invalid value: "object.a": must evaluate to bool`],
    ],
    [
      { 'spec.validations': [{ expression: 'request.nothing == 1' }] },
      [at(first, 'request.nothing == 1', "undefined field 'nothing'", 8)],
    ],
    [
      { 'spec.validations': [{ expression: 'params == null' }] },
      [at(first, 'params == null', "undeclared reference to 'params' (in container '')", 1)],
    ],
    [{ 'spec.validations': [{ expression: 'params == null' }], 'spec.paramKind': { apiVersion: 'v1', kind: 'A' } }, []],
    [{ 'spec.validations': [{ expression: "authorizer.path('/x').check('get').allowed()" }] }, []],
    [
      { 'spec.validations': [{ expression: 'true', messageExpression: '1' }] },
      ['spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string'],
    ],
    [
      { 'spec.validations': [{ expression: 'true', messageExpression: 'string(authorizer == null)' }] },
      [
        at(
          'spec.validations[0].messageExpression',
          'string(authorizer == null)',
          "undeclared reference to 'authorizer' (in container '')",
          8,
        ),
      ],
    ],
    [
      { 'spec.validations': [{ expression: 'true', message: 'a\nb', reason: 'Bad' }] },
      [
        'spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks',
        'spec.validations[0].reason: Unsupported value: "Bad": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"',
      ],
    ],
    [
      { 'spec.validations': [], 'spec.auditAnnotations': [{ key: 'a', valueExpression: '1' }, { key: 'a' }] },
      [
        'spec.auditAnnotations[0].valueExpression: Invalid value: "1": must evaluate to one of [string null_type]',
        'spec.auditAnnotations[1].valueExpression: Required value: valueExpression is not specified',
        'spec.auditAnnotations[1].key: Duplicate value: "a"',
      ],
    ],
    [
      {
        'spec.variables': [
          { name: 'a', expression: 'variables.b' },
          { name: 'b', expression: '1' },
          { name: 'in', expression: '' },
        ],
      },
      [
        at('spec.variables[0].expression', 'variables.b', "undefined field 'b'", 10),
        'spec.variables[2].name: Invalid value: "in": name is not a valid CEL identifier',
        'spec.variables[2].expression: Required value: expression is not specified',
      ],
    ],
    [
      { 'spec.variables': [{ name: 'a', expression: '1' }], 'spec.validations': [{ expression: 'variables.a == 1' }] },
      [],
    ],
    [
      { 'spec.matchConditions': [{ name: 'a b', expression: '1' }, { name: 'c' }, { name: 'c', expression: 'true' }] },
      [
        'spec.matchConditions[0].expression: Invalid value: "1": must evaluate to bool',
        `spec.matchConditions[0].name: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        'spec.matchConditions[1].expression: Required value',
        'spec.matchConditions[2].name: Duplicate value: "c"',
      ],
    ],
    [
      { 'spec.paramKind': { apiVersion: 'a/b/c', kind: 'A b' } },
      [
        'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
        `spec.paramKind.kind: Invalid value: "A b": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`,
      ],
    ],
    [
      { 'spec.matchConstraints.resourceRules': [{ ...RULE, resourceNames: ['a/b', 'c', 'c'], operations: ['GET'] }] },
      [
        `spec.matchConstraints.resourceRules[0].resourceNames[0]: Invalid value: "a/b": may not contain '/'`,
        'spec.matchConstraints.resourceRules[0].resourceNames[2]: Duplicate value: "c"',
        'spec.matchConstraints.resourceRules[0].operations[0]: Unsupported value: "GET": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
      ],
    ],
  ])('%j', (changes, expected) => {
    expect(problems(POLICIES, SPEC, changes)).toEqual(expected);
  });
});

describe('ValidatingAdmissionPolicyBinding', () => {
  it.each<[JsonObject, string[]]>([
    [{}, []],
    [{ 'spec.policyName': undefined }, ['spec.policyName: Required value']],
    [
      { 'spec.validationActions': ['Deny', 'Warn', 'Deny', 'Log'] },
      [
        'spec.validationActions[2]: Duplicate value: "Deny"',
        'spec.validationActions[3]: Unsupported value: "Log": supported values: "Audit", "Deny", "Warn"',
        'spec.validationActions: Invalid value: ["Deny","Warn","Deny","Log"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ],
    ],
    [
      { 'spec.validationActions': [] },
      ['spec.validationActions: Required value: at least one validation action is required'],
    ],
    [
      { 'spec.paramRef': { name: 'a', selector: {} } },
      [
        'spec.paramRef.name: Forbidden: name and selector are mutually exclusive',
        'spec.paramRef.selector: Forbidden: name and selector are mutually exclusive',
        'spec.paramRef.parameterNotFoundAction: Required value',
      ],
    ],
    [
      { 'spec.paramRef': { parameterNotFoundAction: 'Maybe' } },
      [
        'spec.paramRef: Required value: one of name or selector must be specified',
        'spec.paramRef.parameterNotFoundAction: Unsupported value: "Maybe": supported values: "Deny", "Allow"',
      ],
    ],
  ])('%j', (changes, expected) => {
    expect(problems(BINDINGS, { policyName: 'p', validationActions: ['Deny'] }, changes)).toEqual(expected);
  });
});

describe('types that a policy is checked against', () => {
  const kinds = new KindTable(BUILT_IN);
  const warnings = (spec: object) => typeWarnings({ ...SPEC, ...spec } as never, kinds);

  it('what fits is not told of', () => {
    const fits = [
      'object.spec.replicas <= 5',
      "object.metadata.namespace == 'x' && oldObject.spec.template.spec.containers.all(c, c.image.startsWith('a'))",
      "object.spec.template.spec.containers[0].resources.limits['cpu'] == 1",
      'object.metadata.labels.all(k, k in object.spec.selector.matchLabels)',
    ];
    expect(warnings({ validations: fits.map(expression => ({ expression })) })).toEqual([]);
  });

  it('tells of expressions and messages, by kind', () => {
    const resourceRules = [{ ...RULE, apiGroups: ['apps', ''], resources: ['deployments', 'pods', 'pods/status'] }];
    const source = 'object.replicas > 1';
    const spec = {
      matchConstraints: { resourceRules },
      variables: [{ name: 'spec', expression: 'object.spec' }],
      validations: [{ expression: source }, { expression: 'true', messageExpression: 'variables.spec.nothing' }],
    };
    const both = (text: string, what: string, column: number) =>
      ['/v1, Kind=Pod', 'apps/v1, Kind=Deployment'].map(kind => `${kind}: ${located(what, text, column)}\n`).join('\n');
    expect(warnings(spec)).toEqual([
      { fieldRef: 'spec.validations[0].expression', warning: both(source, "undefined field 'replicas'", 7) },
      {
        fieldRef: 'spec.validations[1].messageExpression',
        warning: both('variables.spec.nothing', "undefined field 'nothing'", 15),
      },
    ]);
  });

  it('wildcards are not checked', () => {
    const resourceRules = [{ ...RULE, apiGroups: ['*'] }];
    expect(warnings({ matchConstraints: { resourceRules }, validations: [{ expression: 'object.a' }] })).toEqual([]);
  });
});
