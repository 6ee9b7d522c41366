import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import { inTime } from './limits/time.js';
import { interfaces, resolvers } from './resolvers/index.js';

const FOLDER = new URL('../../schema/', import.meta.url);

/** The SDL, all topics in one text. */
function readSdl(): string {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.graphql'))
    .sort()
    .map(file => readFileSync(new URL(file, FOLDER), 'utf8'))
    .join('\n');
}

let schema: GraphQLSchema | undefined;

/** The executable schema: the SDL with its resolvers. Built once; it holds no state of any cluster. */
export function loadSchema(): GraphQLSchema {
  schema ??= attachResolvers(buildSchema(readSdl()));
  return schema;
}

/** @throws Error if a resolver is for something that the SDL does not have. */
function attachResolvers(bare: GraphQLSchema): GraphQLSchema {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = bare.getType(typeName);
    if (!isObjectType(type)) throw new Error(`resolvers for ${typeName}, which is no object type of the schema`);
    for (const [fieldName, resolver] of Object.entries(fields)) {
      const field = type.getFields()[fieldName];
      if (!field) throw new Error(`a resolver for ${typeName}.${fieldName}, which is not in the schema`);
      if (typeof resolver === 'function') field.resolve = inTime(resolver);
      else Object.assign(field, resolver);
    }
  }
  for (const [name, typeOf] of Object.entries(interfaces)) {
    const type = bare.getType(name);
    if (!isInterfaceType(type)) throw new Error(`objects of ${name}, which is no interface of the schema`);
    type.resolveType = typeOf;
  }
  return bare;
}
