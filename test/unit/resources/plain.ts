import type { ResourceDefinition } from '../../../src/resources/definition.js';
import { BUILT_IN, KindTable } from '../../../src/resources/index.js';
import type { JsonObject } from '../../../src/resources/json.js';
import { placesOf } from '../../../src/resources/plain/paths.js';
import type { KubeObject } from '../../../src/resources/types.js';
import { object } from './objects.js';

export type Plain = KubeObject & { spec: JsonObject; status: JsonObject };

const kinds = new KindTable(BUILT_IN);

/** A kind by its qualified name. */
export function kindOf(name: string): ResourceDefinition<Plain> {
  return kinds.byResource(name) as unknown as ResourceDefinition<Plain>;
}

/** An object as a client sends it, with `changes` to `spec` (see {@link changed}). */
export function draft(resource: string, spec: JsonObject, changes: JsonObject = {}): Plain {
  return changed(object(kindOf(resource), { spec: structuredClone(spec), status: {} }), changes);
}

/** Changes an object: path → value; `undefined` takes the field away. */
export function changed(target: Plain, changes: JsonObject): Plain {
  for (const [path, value] of Object.entries(changes))
    for (const { parent, key } of placesOf(target as unknown as JsonObject, path, true)) {
      if (value === undefined) delete parent[key];
      else parent[key] = structuredClone(value);
    }
  return target;
}
