import type { ScaleAccess } from '../definition.js';
import { isObject, type JsonObject, setKey } from '../json.js';
import { fieldsOfPath } from './json-path.js';
import type { CustomResource, ScalePaths } from './types.js';

/** How the scale of a custom kind's objects is read and written, by the paths of its definition. */
export function scaleByPaths(paths: ScalePaths): ScaleAccess<CustomResource> {
  const fields = (path: string | undefined) => (path ? fieldsOfPath(path) : undefined);
  const spec = fields(paths.specReplicasPath) ?? [];
  const status = fields(paths.statusReplicasPath) ?? [];
  const selector = fields(paths.labelSelectorPath);
  return {
    replicas: object => numberAt(object, spec),
    statusReplicas: object => numberAt(object, status) ?? 0,
    selector: object => {
      const found = selector && valueAt(object, selector);
      return typeof found === 'string' ? found : undefined;
    },
    withReplicas: (object, replicas) => putAt(object, spec, replicas) as CustomResource,
  };
}

/** The value under fields one inside of the other; `undefined` if one of them is not there. */
export function valueAt(object: unknown, fields: readonly string[]): unknown {
  let value = object;
  for (const field of fields) value = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  return value;
}

function numberAt(object: unknown, fields: readonly string[]): number | undefined {
  const value = valueAt(object, fields);
  return typeof value === 'number' ? value : undefined;
}

function putAt(object: JsonObject, [field, ...rest]: readonly string[], value: unknown): JsonObject {
  const copy = { ...object };
  const old = object[field!];
  setKey(copy, field!, rest.length === 0 ? value : putAt(isObject(old) ? old : {}, rest, value));
  return copy;
}
