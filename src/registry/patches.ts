import { apiVersionOf, type ResourceDefinition } from '../resources/definition.js';
import type { Draft, KubeObject } from '../resources/types.js';
import { decodeObject } from './decode.js';
import { isObject } from './json.js';
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
  const body = patch.type === 'apply' ? appliedObject(kind, target, patch.body) : patch.body;
  const result =
    patch.type === 'apply'
      ? applyServerSide({
          live,
          applied: body as Draft,
          manager: requireManager(options),
          force: patch.force ?? false,
          apiVersion: apiVersionOf(kind),
          schemaType: kind.schema,
          subresource: options.subresource,
          now: registry.clock.now(),
        })
      : applyPatch(patch.type, live!, body, kind.schema);
  const { object, warnings } = decodeObject(result, kind, { fieldValidation: options.fieldValidation ?? 'Ignore' });
  if (options.warn) warnings.forEach(options.warn);
  return object as T & Draft<T>;
}

function requireManager(options: WriteOptions): string {
  if (options.fieldManager) return options.fieldManager;
  throw StatusError.badRequest('PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch');
}

/** An applied configuration must say what it is, and be about the object of the URL. */
function appliedObject(kind: ResourceDefinition, target: { namespace: string; name: string }, body: unknown): unknown {
  if (!isObject(body)) throw StatusError.badRequest('error decoding YAML: the applied configuration is not an object');
  const metadata = isObject(body.metadata) ? body.metadata : {};
  if (metadata.name !== undefined && metadata.name !== target.name) {
    throw StatusError.badRequest(`the name of the object (${String(metadata.name)}) does not match the name on the URL (${target.name})`);
  }
  if (metadata.managedFields !== undefined) throw StatusError.badRequest('metadata.managedFields must be nil');
  return { ...body, metadata: { ...metadata, name: target.name, ...(kind.namespaced ? { namespace: target.namespace } : {}) } };
}
