import { describe, expect, it } from 'vitest';
import { customOpenApi } from '../../../../src/resources/custom/open-api.js';
import type { JsonSchema } from '../../../../src/resources/custom/types.js';

const KIND = { group: 'example.com', version: 'v1', kind: 'Widget' };
const open = { 'x-kubernetes-preserve-unknown-fields': true } as const;

/** What OpenAPI 2 says of a field `spec` with this schema. */
function published(spec: JsonSchema): unknown {
  const schema: JsonSchema = { type: 'object', properties: { spec } };
  return (customOpenApi(schema, KIND, 2, {}).properties as Record<string, unknown>).spec;
}

describe('OpenAPI 2 of custom kinds leaves open what its readers would refuse', () => {
  const size: JsonSchema = { type: 'integer' };
  it.each<[string, JsonSchema, unknown]>([
    ['an open object', { type: 'object', ...open, properties: { size } }, open],
    ['an open list', { type: 'array', ...open, items: size }, open],
    ['a list of anything', { type: 'array' }, {}],
    ['what may be null', { type: 'object', nullable: true, properties: { size }, required: ['size'] }, {}],
    [
      'a required field that may be null',
      { type: 'object', properties: { size: { ...size, nullable: true } }, required: ['size'] },
      { type: 'object', properties: { size: {} } },
    ],
    [
      'a required field',
      { type: 'object', properties: { size }, required: ['size'] },
      { type: 'object', properties: { size }, required: ['size'] },
    ],
    [
      'an alternative',
      { type: 'object', properties: { size }, oneOf: [{ required: ['size'] }] },
      { type: 'object', properties: { size } },
    ],
  ])('%s', (_, spec, expected) => {
    expect(published(spec)).toEqual(expected);
  });

  it('a whole object', () => {
    expect(customOpenApi({ type: 'object', ...open, properties: { spec: size } }, KIND, 2, {})).toEqual({
      type: 'object',
      'x-kubernetes-group-version-kind': [KIND],
    });
  });
});
