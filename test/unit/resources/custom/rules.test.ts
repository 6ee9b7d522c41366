import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../../../src/resources/custom/evaluate-rules.js';
import { checkRules } from '../../../../src/resources/custom/rule-definition.js';
import { compileRules } from '../../../../src/resources/custom/rules.js';
import { validateStructural } from '../../../../src/resources/custom/structural.js';
import type { JsonSchema, ValidationRule } from '../../../../src/resources/custom/types.js';

const text: JsonSchema = { type: 'string', maxLength: 50 };
const number: JsonSchema = { type: 'integer' };
const list = (items: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: 'array',
  maxItems: 10,
  items,
  ...more,
});
const object = (properties: Record<string, JsonSchema>, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  ...more,
});
const ruled = (schema: JsonSchema, ...rules: (string | ValidationRule)[]): JsonSchema => ({
  ...schema,
  'x-kubernetes-validations': rules.map(rule => (typeof rule === 'string' ? { rule } : rule)),
});
const resource = (spec: JsonSchema): JsonSchema => object({ spec });

function verdict(spec: JsonSchema, value: unknown, old?: unknown) {
  const rules = compileRules(resource(spec))!;
  const wrap = (of: unknown) => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: of });
  return evaluateRules(rules, wrap(value), old === undefined ? undefined : wrap(old));
}
const errors = (spec: JsonSchema, value: unknown, old?: unknown) =>
  verdict(spec, value, old).errors.map(error => error.message);

describe('rules of a schema', () => {
  const size = object({ min: number, max: number, name: text });
  const byName = list(object({ name: text, port: number }), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  });

  it.each<[what: string, spec: JsonSchema, value: unknown, ...messages: string[]]>([
    ['hold', ruled(size, 'self.min <= self.max'), { min: 1, max: 2 }],
    [
      'say which rule failed',
      ruled(size, 'self.min <= self.max'),
      { min: 3, max: 2 },
      'spec: Invalid value: failed rule: self.min <= self.max',
    ],
    [
      'say it in words, and show values that are simple',
      object({ name: ruled(text, { rule: 'self != "x"', message: 'must not be x' }) }),
      { name: 'x' },
      'spec.name: Invalid value: "x": must not be x',
    ],
    [
      'have messages that look at the object',
      ruled(size, { rule: 'self.min <= self.max', messageExpression: '"max must be %d or more".format([self.min])' }),
      { min: 3, max: 2 },
      'spec: Invalid value: max must be 3 or more',
    ],
    [
      'fall back to the message where the expression fails',
      ruled(size, { rule: 'self.min < 0', message: 'bad', messageExpression: 'self.name + "!"' }),
      { min: 3 },
      'spec: Invalid value: bad',
    ],
    [
      'have reasons and point at fields',
      ruled(
        size,
        { rule: 'has(self.name)', reason: 'FieldValueRequired', fieldPath: '.name', message: 'is needed' },
        { rule: 'self.min > 5', reason: 'FieldValueForbidden', message: 'not now' },
        { rule: 'self.min > 6', reason: 'FieldValueDuplicate', fieldPath: '.min' },
      ),
      { min: 3 },
      'spec.name: Required value: is needed',
      'spec: Forbidden: not now',
      'spec.min: Duplicate value',
    ],
    [
      'stand at items and entries',
      object({
        ports: list(ruled(number, 'self > 0')),
        named: { ...object({}), properties: undefined!, additionalProperties: ruled(text, 'self != ""') },
      }),
      { ports: [1, 0], named: { a: '', b: 'x' } },
      'spec.ports[1]: Invalid value: 0: failed rule: self > 0',
      'spec.named[a]: Invalid value: "": failed rule: self != ""',
    ],
    ['are not asked about null', object({ name: ruled({ ...text, nullable: true }, 'self != ""') }), { name: null }],
    [
      'can fail',
      ruled(size, { rule: 'self.name == "x"', message: 'is x' }),
      { min: 1 },
      'spec: Invalid value: "object": no such key: name evaluating rule: is x',
    ],
    [
      'can be of no use for a value that may be of several types',
      object({ x: ruled({ 'x-kubernetes-int-or-string': true }, 'self < 5') }),
      { x: '25%' },
      `spec.x: Invalid value: "": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self < 5`,
    ],
    [
      'see names that are none in expressions',
      ruled(
        object({ 'a-b': number, 'x/y.z': number, namespace: number, a__b: number }),
        'self.a__dash__b + self.x__slash__y__dot__z + self.__namespace__ + self.a__underscores__b == 10',
      ),
      { 'a-b': 1, 'x/y.z': 2, namespace: 3, a__b: 4 },
    ],
    [
      'see formats as what they are',
      ruled(
        object({
          at: { ...text, format: 'date-time' },
          for: { ...text, format: 'duration' },
          raw: { ...text, format: 'byte' },
          day: { ...text, format: 'date' },
        }),
        'self.at.getFullYear() == 2024 && self.__for__ > duration("1m") && self.raw == b"hi" && self.day < self.at',
      ),
      { at: '2024-02-29T00:00:01Z', for: '2m', raw: 'aGk=', day: '2024-02-29' },
    ],
    [
      'know sets and lists with keys',
      ruled(
        object({
          set: list(text, { 'x-kubernetes-list-type': 'set' }),
          other: list(text, { 'x-kubernetes-list-type': 'set' }),
          map: byName,
        }),
        'self.set == self.other && (self.set + ["c", "a"]).size() == 3 && (self.map + self.map.filter(p, p.port == 2)).size() == 2',
      ),
      {
        set: ['a', 'b'],
        other: ['b', 'a'],
        map: [
          { name: 'a', port: 1 },
          { name: 'b', port: 2 },
        ],
      },
    ],
    [
      'of allOf apply too',
      { ...size, allOf: [{ 'x-kubernetes-validations': [{ rule: 'self.min > 5' }] }] },
      { min: 1 },
      'spec: Invalid value: failed rule: self.min > 5',
    ],
    [
      'see what every embedded resource has',
      object({
        pod: ruled(
          object({}, { 'x-kubernetes-embedded-resource': true }),
          'self.kind == "Pod" && self.metadata.name == "p"',
        ),
      }),
      { pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } } },
    ],
  ])('%s', (_, spec, value, ...messages) => {
    expect(errors(spec, value)).toEqual(messages);
  });

  it('stand at the root and see its name', () => {
    const schema = ruled(object({ spec: number }), 'self.metadata.name.startsWith("a") && self.kind == "Widget"');
    const say = (name: string) =>
      evaluateRules(compileRules(schema)!, { apiVersion: 'x/v1', kind: 'Widget', metadata: { name } }).errors;
    expect(say('abc')).toEqual([]);
    expect(say('xyz')[0]?.message).toMatch(/^<nil>: Invalid value: failed rule: /);
  });

  it.each<[what: string, spec: JsonSchema, value: unknown, old: unknown, ...messages: string[]]>([
    ['not when it is created', object({ x: ruled(number, 'self == oldSelf') }), { x: 1 }, undefined],
    ['nor where the field is new', object({ x: ruled(number, 'self == oldSelf') }), { x: 1 }, {}],
    [
      'when it changes',
      object({ x: ruled(number, 'self == oldSelf') }),
      { x: 1 },
      { x: 2 },
      'spec.x: Invalid value: 1: failed rule: self == oldSelf',
    ],
    [
      'to items by their keys',
      object({ ports: { ...byName, items: ruled(byName.items!, 'self.port >= oldSelf.port') } }),
      {
        ports: [
          { name: 'b', port: 1 },
          { name: 'a', port: 5 },
        ],
      },
      {
        ports: [
          { name: 'a', port: 5 },
          { name: 'b', port: 2 },
        ],
      },
      'spec.ports[0]: Invalid value: failed rule: self.port >= oldSelf.port',
    ],
    [
      'always, if the old value is optional',
      ruled(size, { rule: 'oldSelf.hasValue() || self.min == 0', optionalOldSelf: true }),
      { min: 1 },
      undefined,
      'spec: Invalid value: failed rule: oldSelf.hasValue() || self.min == 0',
    ],
    [
      'with the old value in the optional',
      ruled(size, { rule: 'oldSelf.optMap(o, self.min >= o.min).orValue(true)', optionalOldSelf: true }),
      { min: 1 },
      { min: 2 },
      'spec: Invalid value: failed rule: oldSelf.optMap(o, self.min >= o.min).orValue(true)',
    ],
  ])('about changes apply: %s', (_, spec, value, old, ...messages) => {
    expect(errors(spec, value, old)).toEqual(messages);
  });

  it('tolerate what was so before and did not change', () => {
    const spec = object({ name: ruled(text, 'self != "x"'), size: number });
    const { errors: wrong, tolerated } = verdict(spec, { name: 'x', size: 2 }, { name: 'x', size: 1 });
    expect(wrong).toEqual([]);
    expect(tolerated.map(error => error.message)).toEqual(['spec.name: Invalid value: "x": failed rule: self != "x"']);
  });

  it('are stopped when they cost too much, and no other is asked', () => {
    const numbers = list(number, { maxItems: 1000 });
    const spec = ruled(numbers, 'self.all(a, self.all(b, self.all(c, a + b + c >= 0)))', 'false');
    expect(errors(spec, Array(400).fill(1))).toEqual([
      `spec: Invalid value: "array": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: self.all(a, self.all(b, self.all(c, a + b + c >= 0)))`,
    ]);
    const each = list(ruled(list(number), 'self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d >= 0))))'), {
      maxItems: 1000,
    });
    expect(errors(each, Array(1000).fill(Array(10).fill(1))).at(-1)).toMatch(
      /^spec\[\d+\]: Invalid value: "array": validation failed due to running out of cost budget, no further validation rules will be run$/,
    );
  });
});

describe('rules that are refused', () => {
  const X = 'schema.properties[spec].properties[x]';
  const problems = (x: JsonSchema) => {
    const schema = resource(object({ x }));
    return validateStructural(schema, 'schema', false).map(error => error.message);
  };

  it.each<[what: string, x: JsonSchema, ...messages: string[]]>([
    [
      'a field that is not there',
      ruled(object({ a: number }), 'self.b == 1'),
      `${X}.x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self.b == 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:5: undefined field 'b'\n | self.b == 1\n | ....^`,
    ],
    [
      'no bool',
      ruled(number, 'self + 1'),
      `${X}.x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self + 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: cel expression must evaluate to a bool`,
    ],
    [
      'a message that is no text',
      ruled(number, { rule: 'self > 1', messageExpression: 'self' }),
      `${X}.x-kubernetes-validations[0].messageExpression: Invalid value: {"Rule":"self \\u003e 1","Message":"","MessageExpression":"self","Reason":null,"FieldPath":"","OptionalOldSelf":null}: messageExpression must evaluate to a string`.replace(
        '\\u003e',
        '>',
      ),
    ],
    ['no rule', ruled(number, ' '), `${X}.x-kubernetes-validations[0].rule: Required value: rule is not specified`],
    [
      'a message of nothing',
      ruled(number, { rule: 'true', message: ' ' }),
      `${X}.x-kubernetes-validations[0].message: Invalid value: " ": message must be non-empty if specified`,
    ],
    [
      'lines without a message',
      ruled(number, 'self > 1 &&\nself < 3'),
      `${X}.x-kubernetes-validations[0].message: Required value: message must be specified if rule contains line breaks`,
    ],
    [
      'a reason',
      ruled(number, { rule: 'true', reason: 'Because' }),
      `${X}.x-kubernetes-validations[0].reason: Unsupported value: "Because": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
    ],
    [
      'a path to nowhere',
      ruled(object({ a: number }), { rule: 'true', fieldPath: '.b' }),
      `${X}.x-kubernetes-validations[0].fieldPath: Invalid value: ".b": fieldPath must be a valid path: does not refer to a valid field`,
    ],
    [
      'the old value of an item that cannot be found again',
      list(ruled(number, 'self == oldSelf')),
      `${X}.items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within ${X}`,
    ],
    [
      'an optional old value that is not looked at',
      ruled(number, { rule: 'self > 1', optionalOldSelf: true }),
      `${X}.x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule`,
    ],
    [
      'what rules cannot look at',
      ruled(list({ 'x-kubernetes-preserve-unknown-fields': true }), 'self.size() > 1'),
      `${X}.x-kubernetes-validations: Internal error: internal error: failed to retrieve type information for x-kubernetes-validations`,
    ],
  ])('%s', (_, x, ...messages) => {
    expect(problems(x)).toEqual(messages);
  });

  it('are those that could cost too much', () => {
    const unbounded: JsonSchema = { type: 'array', items: { type: 'string' } };
    const wrong = problems(ruled(unbounded, 'self.all(a, self.all(b, a != b))'));
    expect(wrong[0]).toBe(
      `${X}.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`,
    );
    expect(wrong.at(-1)).toMatch(/^schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire/);
    expect(problems(ruled({ ...unbounded, maxItems: 64, items: text }, 'self.all(a, self.all(b, a != b))'))).toEqual(
      [],
    );
  });

  it('are not those that people write', () => {
    const condition = object({ type: { ...text, maxLength: 316 }, status: text }, { required: ['type', 'status'] });
    const schema = resource(
      ruled(
        object({
          listeners: ruled(
            list(object({ name: text, port: number, protocol: text, hostname: text }), { maxItems: 64 }),
            'self.all(l, l.protocol in ["HTTP", "TCP"] ? !has(l.hostname) : true)',
            'self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol))',
          ),
          host: ruled({ type: 'string' }, 'self.size() == 0 || isURL(self)', 'self.matches("^[a-z0-9.-]+$")'),
          memory: ruled({ type: 'string' }, 'quantity(self).isGreaterThan(quantity("1Mi"))'),
          conditions: list(condition, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] }),
        }),
        'self.listeners.size() > 0 || !has(self.host)',
        { rule: 'self.host == oldSelf.host', message: 'host is immutable', fieldPath: '.host' },
      ),
    );
    expect(checkRules(schema, 'schema').map(error => error.message)).toEqual([]);
  });
});
