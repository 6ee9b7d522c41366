import { apiVersionOf, groupVersionOf, isCustom, type ResourceDefinition } from '../resources/definition.js';
import { invalid, required } from '../resources/field-error.js';
import { goKind } from '../resources/go-format.js';
import { isObject, type JsonObject } from '../resources/json.js';
import type { Draft, KubeObject } from '../resources/types.js';
import { IMMUTABLE } from '../resources/validation/messages.js';
import { checkCustomType, decodeObject, decodePatched } from './decode.js';
import { applyServerSide } from './managed-fields/index.js';
import { applyPatch, operationProblems } from './patch/index.js';
import type { Registry } from './registry.js';
import { withoutVersion } from './revisions.js';
import { StatusError } from './status.js';
import type { Patch, WriteOptions } from './types.js';

/** The object that a request is about. */
interface Target {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The object that a patch makes of `live` (or, for `apply`, of nothing): decoded and checked, not yet admitted.
 * @throws StatusError 400, 409 (apply conflicts), 415, 422
 */
export function patched<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  live: T | undefined,
  target: Target,
  patch: Patch,
  options: WriteOptions,
): T & Draft<T> {
  const object =
    patch.type === 'apply'
      ? applied(registry, kind, live, target, patch, options)
      : merged(registry, kind, live!, patch, options);
  // Where a patch takes all metadata away, decoding leaves none.
  checkIdentity(kind, object.metadata ?? {}, live, target);
  checkCustomType({ ...object }, kind);
  return object as T & Draft<T>;
}

function merged<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  live: T,
  { type, body, duplicates = [] }: Patch,
  { fieldValidation = 'Ignore', warn }: WriteOptions,
): KubeObject {
  if (type === 'apply') throw new Error('an apply is no patch of what is there');
  const strict = fieldValidation !== 'Ignore';
  const result = applyPatch(type, live, body, kind.schema, strict);
  const { object, warnings } = decodePatched(result, kind, {
    fieldValidation,
    duplicates: type === 'json' && strict ? operationProblems(body, duplicates) : duplicates,
    shown: { type, patch: body },
    knows: (apiVersion, name) => registry.kinds.byKind(apiVersion, name) !== undefined,
  });
  if (warn) warnings.forEach(warn);
  return object;
}

/** Upstream checks namespace and name once the object is made, whatever made it; the uid never changes. */
function checkIdentity(
  kind: ResourceDefinition,
  metadata: Partial<KubeObject['metadata']>,
  live: KubeObject | undefined,
  { namespace, name }: Target,
): void {
  const { uid } = metadata;
  if (uid && !live) {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw StatusError.conflict(kind, name, why);
  }
  if (!metadata.name) {
    throw StatusError.badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (metadata.name !== name) {
    throw StatusError.badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  if (kind.namespaced && metadata.namespace && metadata.namespace !== namespace) {
    throw StatusError.badRequest(
      `the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${namespace})`,
    );
  }
  if (live && uid && uid !== live.metadata.uid)
    throw StatusError.invalid(kind, name, [invalid('metadata.uid', uid, IMMUTABLE)]);
}

function applied<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  live: T | undefined,
  target: Target,
  patch: Patch,
  options: WriteOptions,
): KubeObject {
  if (!options.fieldManager) {
    throw StatusError.invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      required('fieldManager', 'is required for apply patch'),
    ]);
  }
  const result = applyServerSide({
    live,
    applied: configuration(kind, patch.body),
    manager: options.fieldManager,
    force: patch.force ?? false,
    apiVersion: apiVersionOf(kind),
    schema: kind.schema,
    subresource: options.subresource,
    now: registry.clock.now(),
  });
  const object = isCustom(kind) ? result : decodeObject(result, kind).object;
  reportDuplicates(patch, options);
  if (live) return object;
  const created = withoutVersion(object);
  if (!kind.namespaced) return created;
  return { ...created, metadata: { ...created.metadata, namespace: created.metadata.namespace ?? target.namespace } };
}

/** Keys that stand twice are looked for once the apply has gone through. */
function reportDuplicates({ duplicates = [] }: Patch, { fieldValidation = 'Ignore', warn }: WriteOptions): void {
  if (duplicates.length === 0 || fieldValidation === 'Ignore') return;
  const why = `error converting YAML to JSON: yaml: unmarshal errors:\n${duplicates.map(text => `  ${text}`).join('\n')}`;
  if (fieldValidation === 'Strict') throw StatusError.badRequest(`error strict decoding YAML: ${why}`);
  warn?.(why);
}

/** What is applied: an object that says what it is, and says nothing of managedFields. */
function configuration(kind: ResourceDefinition, body: unknown): Draft {
  if (body !== null && body !== undefined && !isObject(body)) {
    throw StatusError.badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${goKind(body)} into Go value of type map[string]interface {}`,
    );
  }
  const text = (key: string) => (isObject(body) && typeof body[key] === 'string' ? body[key] : '');
  if (text('apiVersion') !== apiVersionOf(kind) || text('kind') !== kind.kind) {
    const { group, version } = groupVersionOf(text('apiVersion'));
    throw StatusError.badRequest(`invalid object type: ${group}/${version}, Kind=${text('kind')}`);
  }
  const given = (body as JsonObject).metadata ?? {};
  // What is no metadata is told so when the whole is held against its type.
  if (!isObject(given)) return body as Draft;
  const { managedFields, ...metadata } = given;
  if (Array.isArray(managedFields)) throw StatusError.badRequest('metadata.managedFields must be nil');
  return { ...(body as JsonObject), metadata } as unknown as Draft;
}

const CUSTOM_PATCHES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/**
 * Merge keys are facts of Go's types, and no Go type stands behind a custom kind. What is sent is not looked at before.
 * @param type of the patch; `undefined` for a media type that is none
 * @throws StatusError 415
 */
export function checkPatchType(kind: Pick<ResourceDefinition, 'schema'>, type: Patch['type'] | undefined): void {
  if (!isCustom(kind) || (type !== undefined && Object.hasOwn(CUSTOM_PATCHES, type))) return;
  throw StatusError.unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${Object.values(CUSTOM_PATCHES).join(', ')}`,
  );
}
