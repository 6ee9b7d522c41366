import {
  type ExecutionResult,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  graphql,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { expect } from 'vitest';
import type { GraphContext } from '../../src/graphql/context.js';
import { Pasts } from '../../src/graphql/pasts.js';
import { loadSchema } from '../../src/graphql/schema.js';
import { View } from '../../src/graphql/view.js';
import { Views } from '../../src/graphql/views.js';
import type { Registry } from '../../src/registry/registry.js';
import type { User } from '../../src/registry/types.js';

export interface Question {
  readonly variables?: Record<string, unknown> | undefined;
  readonly user?: User | undefined;
}

/** What a request of a user to the graph over a registry looks at. */
export const contextOf = (registry: Registry, user?: User): GraphContext => ({
  version: 'v1.35.0',
  views: new Views(new View(registry, user), new Pasts(registry)),
});

/** What the graph over a registry answers, errors included. */
export async function queryGraph(
  registry: Registry,
  source: string,
  { variables, user }: Question = {},
): Promise<ExecutionResult> {
  await registry.log.committed();
  const result = await graphql({
    schema: loadSchema(),
    source,
    variableValues: variables ?? null,
    contextValue: contextOf(registry, user),
  });
  return result;
}

/** What the graph over a registry answers, where all goes well. */
export async function askGraph(registry: Registry, source: string, question: Question = {}) {
  const { data, errors } = await queryGraph(registry, source, question);
  expect(errors).toBeUndefined();
  // Through JSON, as clients get it: without the null prototypes of graphql-js.
  return JSON.parse(JSON.stringify(data));
}

/** Asks for all fields that need no argument, down to `depth` objects. */
export function selection(typeName: string, depth: number): string {
  const type = loadSchema().getType(typeName) as GraphQLObjectType;
  const fields = Object.values(type.getFields()).flatMap(field => {
    if (field.args.some(isRequiredArgument)) return [];
    const named: GraphQLOutputType = getNamedType(field.type);
    if (isLeafType(named)) return [field.name];
    if (depth === 0 || !(isObjectType(named) || isInterfaceType(named))) return [];
    return [`${field.name} ${selection(named.name, depth - 1)}`];
  });
  return `{ ${['__typename', ...fields].join(' ')} }`;
}
