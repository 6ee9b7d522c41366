import { buildSchema, type DocumentNode, getIntrospectionQuery, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { aliasLimit } from '../../../src/graphql/limits/aliases.js';
import { costError, costOf, fragmentsOf } from '../../../src/graphql/limits/cost.js';
import { depthLimit } from '../../../src/graphql/limits/depth.js';

const schema = buildSchema(`
  directive @cost(weight: Int! = 1, size: Int! = 1) on FIELD_DEFINITION
  interface Named { name: String! }
  type Query { things(first: Int, last: Int): ThingConnection!, thing: Thing, named: Named, dear: Thing @cost(weight: 10) }
  type Thing implements Named {
    name: String!
    json: String! @cost(weight: 3)
    self: Thing
    parts: [Thing!]! @cost(weight: 1, size: 10)
    tags: [Thing!]!
    things(first: Int): ThingConnection!
  }
  type ThingConnection { edges: [ThingEdge!]!, nodes: [Thing!]!, totalCount: Int!, pageInfo: PageInfo! }
  type ThingEdge { cursor: String!, node: Thing! }
  type PageInfo { hasNextPage: Boolean! }
`);

const errorsOf = (rule: ReturnType<typeof depthLimit>, text: string) =>
  validate(schema, parse(text), [rule]).map(error => error.message);

describe('depthLimit', () => {
  const rule = depthLimit(3);

  it.each([
    'query { thing { self { name } } }',
    'query { thing { ...F } } fragment F on Thing { self { name } }',
    'query { thing { ... on Thing { self { name } } } }',
    getIntrospectionQuery(),
    // Refused for its cycle by another rule; this one must only come to an end.
    'query { thing { ...F } } fragment F on Thing { ...F }',
  ])('lets pass %#', text => {
    expect(errorsOf(rule, text)).toEqual([]);
  });

  it.each([
    'query { thing { self { self { name } } } }',
    'query { thing { ...F } } fragment F on Thing { self { ...G } } fragment G on Thing { self { name } }',
    'query { thing { ... { self { ... { self { name } } } } } }',
    'query A { thing { name } } query B { thing { self { self { name } } } }',
  ])('refuses %#', text => {
    expect(errorsOf(rule, text)).toEqual(['The query is 4 fields deep; at most 3 are allowed.']);
  });
});

describe('aliasLimit', () => {
  it('counts other names, wherever they are', () => {
    const text = 'query { a: thing { b: name, name: name } ...F } fragment F on Query { c: thing { name } }';
    expect(errorsOf(aliasLimit(3), text)).toEqual([]);
    expect(errorsOf(aliasLimit(2), text)).toEqual(['The query has 3 aliases; at most 2 are allowed.']);
  });
});

describe('costOf', () => {
  const cost = (text: string, variables: Record<string, unknown> = {}) => {
    const document: DocumentNode = parse(text);
    return costOf({ schema, operation: getOperationAST(document)!, fragments: fragmentsOf(document), variables });
  };

  it.each<[string, string, number, Record<string, unknown>?]>([
    ['scalars are free', '{ __typename }', 0],
    ['an object', '{ thing { name } }', 1],
    ['a declared weight', '{ dear { name } }', 10],
    ['a scalar with a weight', '{ thing { json } }', 4],
    ['a list of declared size', '{ thing { parts { json } } }', 1 + 10 * (1 + 3)],
    ['a list of unknown size counts once', '{ thing { tags { name } } }', 2],
    ['a connection: its page times the node', '{ things(first: 7) { nodes { json } } }', 1 + 7 * (1 + 3)],
    [
      'edges cost as much as nodes, and one each',
      '{ things(first: 7) { edges { cursor node { json } } } }',
      1 + 7 * (1 + 1 + 3),
    ],
    ['what is not per node counts once', '{ things(first: 7) { totalCount pageInfo { hasNextPage } } }', 2],
    ['the usual page', '{ things { nodes { name } } }', 101],
    ['the last', '{ things(last: 3) { nodes { name } } }', 4],
    [
      'pages in pages',
      '{ things(first: 10) { nodes { things(first: 10) { nodes { name } } } } }',
      1 + 10 * (1 + 1 + 10),
    ],
    ['a variable', 'query($n: Int) { things(first: $n) { nodes { name } } }', 6, { n: 5 }],
    ['the default of a variable', 'query($n: Int = 8) { things(first: $n) { nodes { name } } }', 9],
    ['a variable that is not given', 'query($n: Int) { things(first: $n) { nodes { name } } }', 101],
    ['sizes that will be refused anyway', '{ things(first: 100000) { nodes { name } } }', 501],
    ['a fragment', '{ thing { ...F } dear { ...F } } fragment F on Thing { json }', 1 + 3 + 10 + 3],
    [
      'a fragment on a connection',
      '{ things(first: 2) { ...F } } fragment F on ThingConnection { nodes { json } }',
      1 + 2 * 4,
    ],
    ['a fragment on a type of an interface', '{ named { name ... on Thing { json } } }', 4],
    ['aliases', '{ a: thing { json } b: thing { json } }', 8],
  ])('%s', (_name, text, expected, variables) => {
    expect(cost(text, variables)).toBe(expected);
  });

  it('is refused above the limit only', () => {
    const operation = getOperationAST(parse('{ thing { name } }'))!;
    expect(costError(10, 10, operation)).toBeUndefined();
    expect(costError(11, 10, operation)?.extensions).toEqual({ code: 'QUERY_TOO_COSTLY', limit: 10, cost: 11 });
  });

  it('is told quickly for fragments that spread each other twice', () => {
    const fragments = Array.from(
      { length: 40 },
      (_, i) => `fragment F${i} on Thing { a: self { ...F${i + 1} } b: self { ...F${i + 1} } }`,
    );
    expect(cost(`{ thing { ...F0 } } ${fragments.join(' ')} fragment F40 on Thing { name }`)).toBe(2 ** 41 - 1);
  });
});
