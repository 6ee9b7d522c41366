import { readFileSync } from 'node:fs';
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadSchema } from '../../../src/graphql/schema.js';

const schema = loadSchema();
const types = Object.values(schema.getTypeMap()).filter(type => !type.name.startsWith('__'));
const fieldsOf = (type: GraphQLNamedType) =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
const fields = types.flatMap(type => fieldsOf(type).map(field => [`${type.name}.${field.name}`, field] as const));
/** Everything that has a name and a description, by path. */
const described = [
  ...types.map(type => [type.name, type] as const),
  ...fields,
  ...fields.flatMap(([path, field]) => field.args.map(arg => [`${path}(${arg.name}:)`, arg] as const)),
  ...types
    .filter(isEnumType)
    .flatMap(type => type.getValues().map(value => [`${type.name}.${value.name}`, value] as const)),
  ...types
    .filter(isInputObjectType)
    .flatMap(type => Object.values(type.getFields()).map(field => [`${type.name}.${field.name}`, field] as const)),
  ...schema.getDirectives().map(directive => [`@${directive.name}`, directive] as const),
];

describe('the SDL', () => {
  it('describes every type, field, argument and value, in sentences', () => {
    expect(described.length).toBeGreaterThan(200);
    expect(described.filter(([, { description }]) => !description?.trim()).map(([path]) => path)).toEqual([]);
    expect(described.filter(([, it]) => !/[.!?)…]$/.test(it.description!.trim())).map(([path]) => path)).toEqual([]);
  });

  it('names types like This, fields and arguments like this, and values LIKE_THIS', () => {
    const wrong = [
      ...types.filter(({ name }) => !/^[A-Z][A-Za-z0-9]*$/.test(name)).map(({ name }) => name),
      ...fields
        .flatMap(([path, field]) => [[path, field.name], ...field.args.map(a => [`${path}(${a.name}:)`, a.name])])
        .filter(([, name]) => !/^[a-z][A-Za-z0-9]*$/.test(name!))
        .map(([path]) => path),
      ...types.filter(isEnumType).flatMap(type => type.getValues().filter(v => !/^[A-Z][A-Z0-9_]*$/.test(v.name))),
    ];
    expect(wrong).toEqual([]);
  });

  it('keeps the rules of Relay', () => {
    const typed = ({ type }: { type: unknown }) => String(type);
    const shape = (name: string) =>
      Object.fromEntries(fieldsOf(schema.getType(name)!).map(field => [field.name, typed(field)]));
    expect(shape('Node')).toEqual({ id: 'ID!' });
    expect(shape('PageInfo')).toMatchObject({
      hasNextPage: 'Boolean!',
      hasPreviousPage: 'Boolean!',
      startCursor: 'String',
      endCursor: 'String',
    });
    const connections = types.filter(({ name }) => name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(3);
    for (const { name } of connections) {
      const node = name.slice(0, -'Connection'.length);
      expect(shape(name), name).toMatchObject({
        edges: `[${node}Edge!]!`,
        nodes: `[${node}!]!`,
        pageInfo: 'PageInfo!',
        totalCount: 'Int!',
      });
      expect(shape(`${node}Edge`), name).toEqual({ cursor: 'String!', node: `${node}!` });
    }
    for (const [path, field] of fields as [string, GraphQLField<unknown, unknown>][]) {
      if (!getNamedType(field.type).name.endsWith('Connection')) continue;
      const args = Object.fromEntries(field.args.map(arg => [arg.name, typed(arg)]));
      expect(args, path).toMatchObject({ first: 'Int', after: 'String', last: 'Int', before: 'String' });
    }
  });

  it('lets every field of a query say at which moment, but for forks, which are no part of the cluster', () => {
    const { Query } = schema.getTypeMap();
    const blind = fieldsOf(Query!).filter(
      field => !field.args.some(arg => ['at', 'to'].includes(arg.name) && String(arg.type) === 'Moment'),
    );
    expect(blind.map(field => field.name)).toEqual(['forks']);
  });

  it('has a cost for every field that is dear: for each list without pages how long it is taken to be, for each what-if what it costs', () => {
    const isList = ({ type }: { type: unknown }) => /^\[.*\]!?$/.test(String(type));
    const costOf = (field: GraphQLField<unknown, unknown>) =>
      field.astNode?.directives?.find(({ name }) => name.value === 'cost')?.arguments?.map(({ name }) => name.value);
    const objects = (fields as [string, GraphQLField<unknown, unknown>][]).filter(([path, field]) => {
      const of = getNamedType(field.type);
      // Lists of a connection are as long as its page.
      return (isObjectType(of) || isInterfaceType(of)) && isList(field) && !/(Connection)\.(edges|nodes)$/.test(path);
    });
    expect(objects.length).toBeGreaterThan(20);
    expect(objects.filter(([, field]) => !costOf(field)).map(([path]) => path)).toEqual([]);
    const roots = fieldsOf(schema.getMutationType()!).filter(field => !costOf(field as GraphQLField<unknown, unknown>));
    expect(roots.map(({ name }) => name)).toEqual([]);
    const dear = [
      'Query.whatIf',
      'Scenario.outcome',
      'Query.placementDiff',
      'Query.changes',
      'Query.explainPod',
      'Placement.checks',
    ];
    for (const path of dear)
      expect(costOf(new Map<string, unknown>(fields).get(path) as GraphQLField<unknown, unknown>), path).toContain(
        'weight',
      );
  });

  it('breaks nothing that was released (node scripts/generate-graphql.mjs --release, if it is meant to)', () => {
    const released = buildSchema(readFileSync(new URL('released.graphql', import.meta.url), 'utf8'));
    expect(findBreakingChanges(released, schema).map(({ description }) => description)).toEqual([]);
    // The other way round, so that it is seen to look.
    const later = buildSchema('type Query { placements: Int }');
    expect(findBreakingChanges(released, later).length).toBeGreaterThan(10);
  });
});
