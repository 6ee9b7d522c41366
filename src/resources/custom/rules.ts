import { isObject } from '../json.js';
import type { JsonSchema } from './types.js';

/** How many `x-kubernetes-validations` there are in a schema. */
export function rulesIn(schema: JsonSchema | undefined): number {
  if (!schema) return 0;
  const { properties = {}, items, additionalProperties } = schema;
  const below = [
    ...Object.values(properties),
    ...(items ? [items] : []),
    ...(isObject(additionalProperties) ? [additionalProperties as JsonSchema] : []),
  ];
  return below.reduce((sum, one) => sum + rulesIn(one), schema['x-kubernetes-validations']?.length ?? 0);
}
