import type { ScaleAccess } from '../definition.js';
import { type FieldError, invalid } from '../field-error.js';
import { goFormat, goTypeOf } from '../go-format.js';
import { isObject, type JsonObject, setKey } from '../json.js';
import { fieldsOfPath } from './json-path.js';
import type { CustomResource, ScalePaths } from './types.js';

const MAX_INT32 = 2 ** 31 - 1;

/** How the scale of a custom kind's objects is read and written, by the paths of its definition. */
export function scaleByPaths(paths: ScalePaths): ScaleAccess<CustomResource> {
  const spec = fieldsOf(paths.specReplicasPath);
  const status = fieldsOf(paths.statusReplicasPath);
  const selector = fieldsOf(paths.labelSelectorPath);
  return {
    replicasPath: paths.specReplicasPath ?? '',
    replicas: object => numberAt(object, spec),
    statusReplicas: object => numberAt(object, status) ?? 0,
    selector: object => {
      const found = selector.length > 0 ? valueAt(object, selector) : undefined;
      return typeof found === 'string' ? found : undefined;
    },
    withReplicas: (object, replicas) => putAt(object, spec, replicas) as CustomResource,
  };
}

/** What in the spec would make no scale. */
export const checkScaleSpec = (object: CustomResource, paths: ScalePaths): FieldError[] =>
  checkReplicas(object, paths.specReplicasPath ?? '');

/** What in the status would make no scale. */
export function checkScaleStatus(object: CustomResource, paths: ScalePaths): FieldError[] {
  const errors = checkReplicas(object, paths.statusReplicasPath ?? '');
  const { labelSelectorPath: path } = paths;
  const problem = path && accessProblem(object, path, 'string', value => typeof value === 'string');
  return problem ? [...errors, invalid(path, '', problem)] : errors;
}

function checkReplicas(object: CustomResource, path: string): FieldError[] {
  const problem = accessProblem(object, path, 'int64', Number.isInteger);
  if (problem) return [invalid(path, 0, problem)];
  const replicas = numberAt(object, fieldsOf(path)) ?? 0;
  if (replicas < 0) return [invalid(path, replicas, 'should be a non-negative integer')];
  return replicas > MAX_INT32 ? [invalid(path, replicas, `should be less than or equal to ${MAX_INT32}`)] : [];
}

/** Why what a path leads to cannot be read, if it is there. */
function accessProblem(
  object: CustomResource,
  path: string,
  type: string,
  accepts: (value: unknown) => boolean,
): string | undefined {
  const fields = fieldsOf(path);
  const complain = (at: number, value: unknown, wanted: string) =>
    `.${fields.slice(0, at).join('.')} accessor error: ${goFormat(value)} is of the type ${goTypeOf(value)}, expected ${wanted}`;
  let value: unknown = object;
  for (const [i, field] of fields.entries()) {
    if (value === null) return undefined;
    if (!isObject(value)) return complain(i + 1, value, 'map[string]interface{}');
    if (!Object.hasOwn(value, field)) return undefined;
    value = value[field];
  }
  return accepts(value) ? undefined : complain(fields.length, value, type);
}

const fieldsOf = (path: string | undefined): readonly string[] => (path ? (fieldsOfPath(path) ?? []) : []);

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
