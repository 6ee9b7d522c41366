import { apiVersionOf, type ResourceDefinition } from '../resources/definition.js';
import { required } from '../resources/field-error.js';
import { isObject } from '../resources/json.js';
import type { Draft, KubeObject } from '../resources/types.js';
import { decodeObject, decodePatched } from './decode.js';
import { applyServerSide } from './managed-fields/index.js';
import { applyPatch } from './patch/index.js';
import type { Registry } from './registry.js';
import { StatusError } from './status.js';
import type { Patch, WriteOptions } from './types.js';

/**
 * The object that a patch makes of `live` (or, for `apply`, of nothing): decoded and checked, not yet admitted.
 * @throws StatusError 400, 409 (apply conflicts), 415, 422
 */
export function patched<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  live: T | undefined,
  target: { namespace: string; name: string },
  patch: Patch,
  options: WriteOptions,
): T & Draft<T> {
  const decoding = { fieldValidation: options.fieldValidation ?? 'Ignore' };
  const { object, warnings } =
    patch.type === 'apply'
      ? decodeObject(applied(registry, kind, live, target, patch, options), kind, decoding)
      : decodePatched(applyPatch(patch.type, live!, patch.body, kind.schema), kind, {
          ...decoding,
          shown: { type: patch.type, patch: patch.body },
        });
  if (options.warn) warnings.forEach(options.warn);
  return object as T & Draft<T>;
}

function applied<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  live: T | undefined,
  target: { namespace: string; name: string },
  patch: Patch,
  options: WriteOptions,
): unknown {
  if (!options.fieldManager) {
    throw StatusError.invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      required('fieldManager', 'is required for apply patch'),
    ]);
  }
  return applyServerSide({
    live,
    applied: appliedObject(kind, target, patch.body),
    manager: options.fieldManager,
    force: patch.force ?? false,
    apiVersion: apiVersionOf(kind),
    schema: kind.schema,
    subresource: options.subresource,
    now: registry.clock.now(),
  });
}

/** An applied configuration must say what it is, and be about the object of the URL. */
function appliedObject(kind: ResourceDefinition, target: { namespace: string; name: string }, body: unknown): Draft {
  if (!isObject(body)) throw StatusError.badRequest('error decoding YAML: the applied configuration is not an object');
  const metadata = isObject(body.metadata) ? body.metadata : {};
  if (metadata.name !== undefined && metadata.name !== target.name) {
    throw StatusError.badRequest(
      `the name of the object (${String(metadata.name)}) does not match the name on the URL (${target.name})`,
    );
  }
  if (metadata.managedFields !== undefined) throw StatusError.badRequest('metadata.managedFields must be nil');
  return {
    ...body,
    metadata: { ...metadata, name: target.name, ...(kind.namespaced ? { namespace: target.namespace } : {}) },
  } as Draft;
}
