import { describe, expect, it } from 'vitest';
import { withDefaults } from '../../../../src/resources/custom/defaults.js';
import { prune } from '../../../../src/resources/custom/prune.js';
import type { JsonSchema } from '../../../../src/resources/custom/types.js';
import { validateBySchema } from '../../../../src/resources/custom/validate.js';
import type { JsonObject } from '../../../../src/resources/json.js';

/** The schema of a resource whose `spec.x` is this. */
const withX = (x: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties: { spec: { type: 'object', ...more, properties: { x, ...more.properties } } },
});
const object = (properties: Record<string, JsonSchema>, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  ...more,
});
const text: JsonSchema = { type: 'string' };
const number: JsonSchema = { type: 'integer' };
const list = (items: JsonSchema, more: JsonSchema = {}): JsonSchema => ({ type: 'array', items, ...more });

describe('validation by schema', () => {
  const wrong: [what: string, x: JsonSchema, value: unknown, ...messages: string[]][] = [
    ['type', text, 5, 'spec.x: Invalid value: "integer": spec.x in body must be of type string: "integer"'],
    ['a fraction', number, 1.5, 'spec.x: Invalid value: "number": spec.x in body must be of type integer: "number"'],
    [
      'int or string',
      { 'x-kubernetes-int-or-string': true },
      true,
      'spec.x: Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"',
    ],
    [
      'null among items',
      list(text),
      [null],
      'spec.x[0]: Invalid value: "null": spec.x[0] in body must be of type string: "null"',
    ],
    ['required', object({ a: text }, { required: ['a', 'b'] }), { a: 'y' }, 'spec.x.b: Required value'],
    ['enum', { ...text, enum: ['a', 'b'] }, 'c', 'spec.x: Unsupported value: "c": supported values: "a", "b"'],
    ['pattern', { ...text, pattern: '^a+$' }, 'b', `spec.x: Invalid value: "b": spec.x in body should match '^a+$'`],
    [
      'a pattern in Go',
      { ...text, pattern: '(?i)^[[:alpha:]]+\\z' },
      'b1',
      `spec.x: Invalid value: "b1": spec.x in body should match '(?i)^[[:alpha:]]+\\z'`,
    ],
    [
      'format',
      { ...text, format: 'date-time' },
      'today',
      'spec.x: Invalid value: "today": spec.x in body must be of type date-time: "today"',
    ],
    [
      'minimum',
      { ...number, minimum: 1 },
      0,
      'spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1',
    ],
    [
      'exclusive maximum',
      { ...number, maximum: 9, exclusiveMaximum: true },
      9,
      'spec.x: Invalid value: 9: spec.x in body should be less than 9',
    ],
    ['multiple', { ...number, multipleOf: 3 }, 4, 'spec.x: Invalid value: 4: spec.x in body should be a multiple of 3'],
    ['too long', { ...text, maxLength: 2 }, 'abc', 'spec.x: Too long: may not be more than 2 bytes'],
    [
      'too short',
      { ...text, minLength: 2 },
      'ä',
      'spec.x: Invalid value: "ä": spec.x in body should be at least 2 chars long',
    ],
    ['too many items', list(text, { maxItems: 1 }), ['a', 'b'], 'spec.x: Too many: 2: must have at most 1 items'],
    [
      'too few items',
      list(text, { minItems: 1 }),
      [],
      'spec.x: Invalid value: 0: spec.x in body should have at least 1 items',
    ],
    ['a set', list(text, { 'x-kubernetes-list-type': 'set' }), ['a', 'b', 'a'], 'spec.x[2]: Duplicate value: "a"'],
    [
      'a list with keys',
      list(object({ name: text }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }),
      [{ name: 'a' }, { name: 'a' }],
      'spec.x[1]: Duplicate value: {"name":"a"}',
    ],
    [
      'too many properties',
      { type: 'object', additionalProperties: text, maxProperties: 1 },
      { a: 'a', b: 'b' },
      'spec.x: Too many: 2: must have at most 1 items',
    ],
    [
      'values of a map',
      { type: 'object', additionalProperties: number },
      { a: 'a' },
      'spec.x.a: Invalid value: "string": spec.x.a in body must be of type integer: "string"',
    ],
    [
      'anyOf',
      object({ a: text, b: text }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }),
      {},
      '<nil>: Invalid value: "": "spec.x" must validate at least one schema (anyOf)',
      'spec.x.a: Required value',
    ],
    [
      'oneOf, of which two',
      object({ a: text, b: text }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }),
      { a: '', b: '' },
      '<nil>: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
    [
      'allOf',
      { ...number, allOf: [{ minimum: 3 }] },
      1,
      'spec.x: Invalid value: 1: spec.x in body should be greater than or equal to 3',
      '<nil>: Invalid value: "": "spec.x" must validate all the schemas (allOf). None validated',
    ],
    [
      'not',
      { ...text, not: { enum: ['a'] } },
      'a',
      '<nil>: Invalid value: "": "spec.x" must not validate the schema (not)',
    ],
  ];
  it.each(wrong)('complains of %s', (_what, x, value, ...messages) => {
    expect(validateBySchema({ spec: { x: value } }, withX(x)).map(e => e.message)).toEqual(messages);
  });

  it.each<[what: string, x: JsonSchema, value: unknown]>([
    ['a null that may be', { ...text, nullable: true }, null],
    ['an integer as a number', { type: 'number' }, 3],
    ['a string for int or string', { 'x-kubernetes-int-or-string': true }, '25%'],
    ['what is left open', { 'x-kubernetes-preserve-unknown-fields': true }, { a: [1] }],
    ['a decimal multiple', { type: 'number', multipleOf: 0.1 }, 0.3],
    ['a format that nobody knows', { ...text, format: 'poem' }, 'ode'],
    ['IPv6', { ...text, format: 'ipv6' }, '::ffff:10.0.0.1'],
    ['a duration', { ...text, format: 'duration' }, '1h30m'],
  ])('lets pass %s', (_what, x, value) => {
    expect(validateBySchema({ spec: { x: value } }, withX(x))).toEqual([]);
  });

  it('tells wrong types by a reason of their own', () => {
    expect(validateBySchema({ spec: { x: 1 } }, withX(text))[0]!.reason).toBe('FieldValueTypeInvalid');
  });

  it('does not complain of what did not change', () => {
    const keyed = list(object({ name: text, size: { ...number, maximum: 3 } }), {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    });
    const old = { spec: { x: [{ name: 'a', size: 9 }] } };
    const now = {
      spec: {
        x: [
          { name: 'b', size: 8 },
          { name: 'a', size: 9 },
        ],
      },
    };
    expect(validateBySchema(now, withX(keyed), '', old).map(e => e.field)).toEqual(['spec.x[0].size']);
  });
});

describe('pruning', () => {
  const table: [what: string, schema: JsonSchema, value: unknown, kept: unknown, ...unknown: string[]][] = [
    ['a field of an object', object({ a: text }), { a: 'y', b: 1 }, { a: 'y' }, 'spec.x.b'],
    ['a field of an item', list(object({ a: text })), [{ b: 1 }], [{}], 'spec.x.0.b'],
    ['nothing of a map', { type: 'object', additionalProperties: text }, { a: 'y' }, { a: 'y' }],
    [
      'below a field that is left open, where the schema says more',
      object({ a: object({}) }, { 'x-kubernetes-preserve-unknown-fields': true }),
      { a: { c: 1 }, b: { d: 1 } },
      { a: {}, b: { d: 1 } },
      'spec.x.a.c',
    ],
    [
      'not the parts of an embedded resource that every resource has',
      object({ spec: object({}) }, { 'x-kubernetes-embedded-resource': true }),
      { apiVersion: 'v1', kind: 'A', metadata: { name: 'a' }, spec: { b: 1 } },
      { apiVersion: 'v1', kind: 'A', metadata: { name: 'a' }, spec: {} },
      'spec.x.spec.b',
    ],
    ['nulls that may not be', object({ a: text, b: { ...text, nullable: true } }), { a: null, b: null }, { b: null }],
    ['no null that has a default', object({ a: { ...text, default: 'y' } }), { a: null }, { a: null }],
  ];
  it.each(table)('drops %s', (_what, x, value, kept, ...unknown) => {
    const found: string[] = [];
    const resource = { apiVersion: 'v1', kind: 'A', metadata: { any: 1 }, spec: { x: value } };
    const pruned = prune(resource, withX(x), path => found.push(path.join('.')));
    expect(pruned).toEqual({ ...resource, spec: { x: kept } });
    expect(found).toEqual(unknown);
  });

  it('gives back what is as it should be', () => {
    const resource: JsonObject = { spec: { x: [{ a: 'y' }] } };
    expect(prune(resource, withX(list(object({ a: text }))), () => {})).toBe(resource);
  });
});

describe('defaults', () => {
  const a = { ...text, default: 'y' };
  it.each<[what: string, schema: JsonSchema, value: unknown, filled: unknown]>([
    ['into an object', object({ a }), {}, { a: 'y' }],
    ['below a default', { ...object({ a }), default: {} }, undefined, { a: 'y' }],
    ['not into an object that is not there', object({ a }), undefined, undefined],
    ['into items', list(object({ a })), [{}, { a: 'z' }], [{ a: 'y' }, { a: 'z' }]],
    ['into values of a map', { type: 'object', additionalProperties: object({ a }) }, { k: {} }, { k: { a: 'y' } }],
    ['for a null that may not be', object({ a }), { a: null }, { a: 'y' }],
    ['not for a null that may be', object({ a: { ...a, nullable: true } }), { a: null }, { a: null }],
    ['false and zero as they are', object({ a: { type: 'boolean', default: true } }), { a: false }, { a: false }],
  ])('go %s', (_what, x, value, filled) => {
    const spec = value === undefined ? {} : { x: value };
    expect(withDefaults({ spec }, withX(x))).toEqual({ spec: filled === undefined ? {} : { x: filled } });
  });

  it('leave alone what is complete', () => {
    const resource = { spec: { x: { a: 'z' } } };
    expect(withDefaults(resource, withX(object({ a })))).toBe(resource);
  });

  it('are copies', () => {
    const schema = withX({ ...object({}, { additionalProperties: true }), default: { deep: {} } });
    const { spec } = withDefaults({ spec: {} }, schema) as { spec: { x: { deep: object } } };
    expect(spec.x.deep).not.toBe((schema.properties!.spec!.properties!.x!.default as { deep: object }).deep);
  });
});
