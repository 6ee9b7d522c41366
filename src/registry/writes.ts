import { formatTime } from '../clock/clock.js';
import { apiVersionOf, isCustom, type ResourceDefinition, type Strategy, storageKey } from '../resources/definition.js';
import { type FieldError, invalid } from '../resources/field-error.js';
import { cloneJson, equalJson, type JsonObject, setKey } from '../resources/json.js';
import { validateMetadata, validateMetadataUpdate } from '../resources/metadata.js';
import type { Draft, KubeObject, ObjectMeta } from '../resources/types.js';
import type { AdmissionRequest, Consequence } from './admission/admission.js';
import { isReleased } from './deletion.js';
import { leavesUnrecorded, tellsWhatWasSent, tracked, untold } from './managed-fields/tracking.js';
import { note } from './managed-fields/unrecorded.js';
import { prepare } from './preparation.js';
import type { Registry } from './registry.js';
import { bodyRevision } from './revisions.js';
import { StatusError } from './status.js';
import type { WriteOptions } from './types.js';

/** Longest stem of a generated name: 63 characters less the suffix. */
const GENERATED_STEM = 58;
const GENERATED_SUFFIX = 5;
/** As often as kube-apiserver draws a name before it gives up. */
const NAME_ATTEMPTS = 8;

/** What a write comes to: an object to store, nothing to do, or (the last finalizer went) an object to remove. */
export type Decision<T extends KubeObject> =
  | { readonly kind: 'store'; readonly object: T; readonly consequences: readonly Consequence[] }
  | { readonly kind: 'same' }
  | { readonly kind: 'remove'; readonly object: T };

/**
 * Makes the object that a create stores: defaults, admission, identity, validation, in upstream's order (`rest.BeforeCreate`).
 * @throws StatusError 403, 404, 409 or 422
 */
export function decideCreate<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  draft: Draft<T>,
  namespace: string,
  options: WriteOptions,
): { readonly object: T; readonly consequences: readonly Consequence[] } {
  const { strategy } = kind;
  const sent = workingCopy(kind, draft);
  throwIfUnreadable(kind, sent);
  checkNamespace(kind, sent.metadata, namespace);
  dedupOwners(sent.metadata, options);
  strategy.setDefaults?.(sent);
  const isUnrecorded = leavesUnrecorded(kind, undefined, options);
  const object = isUnrecorded ? sent : tracked(kind, undefined, sent, options, registry.clock.now());
  const wasSent = isUnrecorded ? untold(kind, object) : undefined;
  const sentMetadata = object.metadata;
  // Upstream draws names after admission: a refusal tells of the stem, alike for all pods of a set, so that events add up.
  const requested = sentMetadata.name || sentMetadata.generateName || 'Unknown';
  if (!sentMetadata.name && sentMetadata.generateName)
    sentMetadata.name = generateName(registry, kind, namespace, sentMetadata.generateName);
  if (kind.namespaced) sentMetadata.namespace = namespace;
  const request: AdmissionRequest = {
    operation: 'CREATE',
    kind,
    namespace,
    name: requested,
    object,
    user: options.user,
    options,
  };
  registry.admission.admit(request, registry);
  prepare(request, registry);
  const now = registry.clock.now();
  // Webhooks may have put others in the place of the metadata, and of the name in them.
  const { metadata } = object;
  const name = metadata.name ?? '';
  if (wasSent && !tellsWhatWasSent(kind, object, wasSent))
    metadata.managedFields = tracked(kind, undefined, wasSent, options, now).metadata.managedFields!;
  object.metadata = {
    // Who has none is refused below; until then, rules can rely on there being one.
    name,
    ...(metadata.generateName ? { generateName: metadata.generateName } : {}),
    ...(kind.namespaced ? { namespace } : {}),
    uid: registry.random.uuid(),
    resourceVersion: '',
    creationTimestamp: formatTime(now),
    ...pick(metadata, 'labels', 'annotations', 'ownerReferences', 'finalizers', 'managedFields'),
  } as ObjectMeta;
  strategy.prepareForCreate?.(object);
  throwIfInvalid(kind, name, [
    ...validateMetadata(kind, object),
    ...(strategy.validate?.(object, registry.ranges) ?? []),
  ]);
  if (options.warn) strategy.warnings?.(object).forEach(options.warn);
  const consequences = registry.admission.validate({ ...request, name, object }, registry);
  // Storage finds it out: last of all. It takes what is no number for none.
  if (Number(draft.metadata?.resourceVersion) > 0)
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  return { object, consequences };
}

/**
 * Makes the object that is stored of one that stood in another cluster: identity, times, generation, status and what holds it are
 * as they were, and nobody is asked whether it may be. What it lacks of identity it is given.
 * @throws StatusError 400 or 422
 */
export function decideRestore<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  stood: Draft<T>,
): T {
  const { strategy } = kind;
  const object = workingCopy(kind, stood);
  throwIfUnreadable(kind, object);
  strategy.setDefaults?.(object);
  const { metadata } = object;
  const name = metadata.name ?? '';
  object.metadata = {
    name,
    ...pick(metadata, 'generateName'),
    ...(kind.namespaced ? { namespace: metadata.namespace ?? 'default' } : {}),
    uid: metadata.uid ?? registry.random.uuid(),
    resourceVersion: '',
    creationTimestamp: metadata.creationTimestamp ?? formatTime(registry.clock.now()),
    ...pick(metadata, 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds'),
    ...pick(metadata, 'labels', 'annotations', 'ownerReferences', 'finalizers'),
  } as ObjectMeta;
  throwIfInvalid(kind, name, [
    ...validateMetadata(kind, object),
    ...(strategy.validate?.(object, registry.ranges) ?? []),
  ]);
  return object;
}

/**
 * Makes the object that an update of `old` stores (`rest.BeforeUpdate`).
 * @throws StatusError 400, 403, 409 or 422
 */
export function decideUpdate<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  wanted: T,
  old: T,
  options: WriteOptions,
): Decision<T> {
  const { strategy } = kind;
  const { subresource } = options;
  const namespace = old.metadata.namespace ?? '';
  const { name } = old.metadata;
  // Who tells the status of what was read leaves the rest as it is: it had its defaults and was found valid before.
  const sent = workingCopy(kind, wanted, subresource === 'status' ? old : undefined);
  throwIfUnreadable(kind, sent);
  checkNamespace(kind, sent.metadata, namespace);
  checkIdentity(kind, sent.metadata, old.metadata);
  dedupOwners(sent.metadata, options);
  const partial = subresource === undefined ? undefined : strategy.partialUpdates?.[subresource];
  const complete = (draft: T) => {
    draft.metadata = mergeMetadata(draft.metadata, old.metadata);
    strategy.setDefaults?.(draft);
    if (partial) partial.prepare(draft, old);
    else if (subresource === 'status') strategy.prepareForStatusUpdate?.(draft, old);
    else if (subresource === 'finalize') strategy.prepareForFinalize?.(draft, old);
    else strategy.prepareForUpdate?.(draft, old);
  };
  complete(sent);
  const now = registry.clock.now();
  const isUnrecorded = leavesUnrecorded(kind, old, options);
  const object = isUnrecorded ? sent : tracked(kind, old, sent, options, now);
  const { user } = options;
  const request: AdmissionRequest = {
    operation: 'UPDATE',
    kind,
    namespace,
    name,
    object,
    old,
    subresource,
    user,
    options,
  };
  // Nor can webhooks change what the server alone decides.
  if (registry.admission.admit(request, registry)) complete(object);
  prepare(request, registry);
  const errors = partial
    ? partial.validate(object, old)
    : subresource === 'status'
      ? strategy.validateStatusUpdate?.(object, old)
      : strategy.validateUpdate?.(object, old, registry.ranges);
  throwIfInvalid(kind, name, [...validateMetadataUpdate(kind, object, old), ...(errors ?? [])]);
  if (options.warn) warningsOf(strategy, object, old, subresource).forEach(options.warn);
  const consequences = registry.admission.validate(request, registry);
  if (isReleased(object, strategy)) return { kind: 'remove', object };
  if (equalJson(object, old)) return { kind: 'same' };
  if (isUnrecorded) object.metadata.managedFields = note(formatTime(now));
  return { kind: 'store', object, consequences };
}

function warningsOf<T extends KubeObject>(
  strategy: Strategy<T>,
  object: T,
  old: T,
  subresource: string | undefined,
): string[] {
  if (subresource === 'status') return strategy.statusWarnings?.(object) ?? [];
  // A scale is written as the whole object is.
  return subresource === undefined || subresource === 'scale' ? (strategy.warnings?.(object, old) ?? []) : [];
}

/** A name that begins with `stem`; one that is taken is drawn again, a few times. */
function generateName(registry: Registry, kind: ResourceDefinition, namespace: string, stem: string): string {
  let name = '';
  for (let i = 0; i < NAME_ATTEMPTS; i++) {
    name = stem.slice(0, GENERATED_STEM) + registry.random.suffix(GENERATED_SUFFIX);
    if (!registry.get(kind, namespace, name)) break;
  }
  return name;
}

/**
 * A deep copy, but for the fields that are those of `stored`. With `kind` and `apiVersion` first, which the readers of stored
 * bytes rely on.
 */
function workingCopy<T extends KubeObject>(kind: ResourceDefinition<T>, wanted: Draft<T> | T, stored?: T): T {
  const copy: JsonObject = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: {} };
  for (const field in wanted) {
    const value = (wanted as JsonObject)[field];
    if (value === undefined || field === 'kind' || field === 'apiVersion') continue;
    // A custom kind may have nulls, where its schema says so.
    if (value === null && (field === 'metadata' || !isCustom(kind))) continue;
    const isStored = stored !== undefined && value === (stored as unknown as JsonObject)[field];
    setKey(copy, field, isStored ? value : cloneJson(value));
  }
  return copy as unknown as T;
}

function throwIfUnreadable<T extends KubeObject>(kind: ResourceDefinition<T>, object: T): void {
  const why = kind.strategy.conversionProblem?.(object);
  if (why) {
    throw StatusError.badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${why}`,
    );
  }
}

function checkNamespace(kind: ResourceDefinition, metadata: Partial<ObjectMeta>, namespace: string): void {
  if (kind.namespaced && metadata.namespace && metadata.namespace !== namespace) {
    throw StatusError.badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
}

/**
 * What an update is told that means an object of another uid than the one there; also where none is there any more. Upstream's
 * storage finds it out, and says where it looked.
 */
export function otherUid(
  kind: ResourceDefinition,
  { namespace, name }: { namespace?: string; name: string },
  wanted: string,
  found = '',
): StatusError {
  const key = storageKey(kind, namespace, name);
  const why = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`;
  return StatusError.conflict(
    kind,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
  );
}

function checkIdentity(kind: ResourceDefinition, wanted: Partial<ObjectMeta>, old: ObjectMeta): void {
  if (wanted.uid && wanted.uid !== old.uid) {
    throw otherUid(kind, old, wanted.uid, old.uid);
  }
  const { resourceVersion } = wanted;
  if (resourceVersion === old.resourceVersion) return;
  const revision = bodyRevision(resourceVersion);
  if (revision !== 0) throw StatusError.conflict(kind, old.name);
  if (kind.strategy.needsResourceVersion) {
    // Upstream puts the resource where the kind belongs.
    throw StatusError.invalid({ group: kind.group, kind: kind.plural }, old.name, [
      invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
}

/** Owners that stand twice, word for word, are left out, and the client is told. */
function dedupOwners(metadata: Partial<ObjectMeta>, { warn }: WriteOptions): void {
  const owners = metadata.ownerReferences;
  if (!owners || owners.length < 2) return;
  const kept = owners.filter(
    (owner, i) => !owners.slice(0, i).some(other => other.uid === owner.uid && equalJson(other, owner)),
  );
  if (kept.length === owners.length) return;
  metadata.ownerReferences = kept;
  const twice = owners.filter(owner => !kept.includes(owner)).map(({ uid }) => uid);
  warn?.(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...new Set(twice)].sort().join(', ')}`,
  );
}

/** Identity and deletion are the server's: what the client left out of them stays; what it may not change, validation tells of. */
function mergeMetadata(wanted: Partial<ObjectMeta>, old: ObjectMeta): ObjectMeta {
  return {
    name: wanted.name ?? old.name,
    ...(wanted.generateName ? { generateName: wanted.generateName } : {}),
    ...(old.namespace !== undefined ? { namespace: old.namespace } : {}),
    uid: old.uid,
    resourceVersion: old.resourceVersion,
    ...(old.generation !== undefined ? { generation: old.generation } : {}),
    creationTimestamp: old.creationTimestamp,
    ...pick(wanted, 'deletionTimestamp'),
    ...pick(old, 'deletionTimestamp', 'deletionGracePeriodSeconds'),
    ...pick(wanted, 'deletionGracePeriodSeconds'),
    ...pick(wanted, 'labels', 'annotations', 'ownerReferences', 'finalizers', 'managedFields'),
  };
}

/**
 * The named fields that have something in them: empty maps and lists are left out, as upstream's `omitempty` does. But no owners
 * are not the same as none that are recorded.
 */
function pick(metadata: Partial<ObjectMeta>, ...fields: (keyof ObjectMeta)[]): Partial<ObjectMeta> {
  const picked: Record<string, unknown> = {};
  for (const field of fields) {
    const value = metadata[field];
    if (value === undefined || value === null) continue;
    if (
      field !== 'managedFields' &&
      typeof value === 'object' &&
      (Array.isArray(value) ? value.length : Object.keys(value).length) === 0
    )
      continue;
    picked[field] = value;
  }
  return picked;
}

/** @throws StatusError 422 with what is wrong, if anything is */
export function throwIfInvalid(kind: ResourceDefinition, name: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw StatusError.invalid(kind, name, errors);
}
