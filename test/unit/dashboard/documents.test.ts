import { readdirSync } from 'node:fs';
import { getOperationAST, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { costOf, fragmentsOf } from '../../../src/graphql/limits/cost.js';
import { depthLimit } from '../../../src/graphql/limits/depth.js';
import { DEFAULT_LIMITS } from '../../../src/graphql/limits/limits.js';
import { loadSchema } from '../../../src/graphql/schema.js';
import { everyChange } from './every-change.js';

const folder = new URL('../../../src/dashboard/graph/', import.meta.url);
const modules = await Promise.all(
  readdirSync(folder).map(async file => Object.entries(await import(new URL(file, folder).href))),
);
/** Every document of the page, by the name of its constant. */
const documents = modules
  .flat()
  .filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && /^(query|mutation|subscription)\b/.test(entry[1]),
  );

const schema = loadSchema();

describe('documents of the page', () => {
  it('are found', () => {
    expect(documents.length).toBeGreaterThan(3);
  });

  it.each(documents)('%s is one that the server answers, and costs no more than it allows', (_, text) => {
    const document = parse(text);
    expect(validate(schema, document, undefined).map(error => error.message)).toEqual([]);
    expect(validate(schema, document, [depthLimit(DEFAULT_LIMITS.depth)]).map(error => error.message)).toEqual([]);
    const operation = getOperationAST(document)!;
    const cost = costOf({ schema, operation, fragments: fragmentsOf(document), variables: {} });
    expect(cost).toBeLessThanOrEqual(DEFAULT_LIMITS.cost);
  });

  it.each(everyChange.map(change => [Object.keys(change)[0]!, change] as const))(
    '%s is a change that the server knows',
    (verb, change) => {
      const asked = parse(
        `query { whatIf(changes: [{ ${verb}: ${literal(Object.values(change)[0])} }]) { revision } }`,
      );
      expect(validate(schema, asked).map(error => error.message)).toEqual([]);
    },
  );
});

/** A value as GraphQL writes it. */
function literal(value: unknown, key = ''): string {
  if (Array.isArray(value)) return `[${value.map(item => literal(item)).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([name, item]) => `${name}: ${literal(item, name)}`)
      .join(', ')}}`;
  return key === 'type' || key === 'propagation' ? String(value) : JSON.stringify(value);
}
