import { apiVersionOf, type ResourceDefinition } from '../../resources/definition.js';
import type { KubeObject } from '../../resources/types.js';
import type { WriteOptions } from '../types.js';
import { trackUpdate } from './index.js';
import { isReset } from './managers.js';
import { type Component, natureOf } from './natures.js';
import { isRecorded, unrecordedOwners } from './unrecorded.js';

const DEFAULT_COMPONENT: Component = 'kube-controller-manager';

/** The object with a record of who owns its fields, which an empty list is too; itself where it has one. */
export function withRecord<T extends KubeObject>(kind: ResourceDefinition<T>, object: T): T {
  if (isRecorded(object)) return object;
  return withManagedFields(object, unrecordedOwners(kind as unknown as ResourceDefinition, object)?.entries ?? []);
}

/** Whether a write leaves an object without a record, since it tells by itself what this comes to. */
export function leavesUnrecorded<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  live: T | undefined,
  { fieldManager, component = DEFAULT_COMPONENT, keepsOwners, subresource }: WriteOptions,
): boolean {
  if (fieldManager !== undefined || keepsOwners || (live && isRecorded(live))) return false;
  const nature = natureOf(kind as unknown as ResourceDefinition);
  return nature !== undefined && (!live || nature.admits?.(component, subresource) === true);
}

/**
 * The object with its field owners brought up to date: before admission, so that nobody comes to own what the server adds.
 * @param now the cluster's time in milliseconds
 */
export function tracked<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  live: T | undefined,
  object: T,
  options: WriteOptions,
  now: number,
): T {
  const { fieldManager, component = DEFAULT_COMPONENT, keepsOwners, subresource } = options;
  const before = live && withRecord(kind, live);
  if (keepsOwners) return asTold(object, before);
  const isClient = fieldManager !== undefined;
  const after = trackUpdate({
    live: before,
    // Components have nothing to say about who owns what.
    object: isClient ? object : withManagedFields(object, before?.metadata.managedFields),
    manager: fieldManager ?? component,
    apiVersion: options.apiVersion ?? apiVersionOf(kind),
    schema: kind.schema,
    subresource,
    now,
  });
  // What the object tells by itself is recorded once that is not true any more.
  return !isClient && before && after.metadata.managedFields === before.metadata.managedFields
    ? withManagedFields(after, live.metadata.managedFields)
    : after;
}

/** An apply has told the owners; other writes leave them as they were. */
function asTold<T extends KubeObject>(object: T, before: T | undefined): T {
  const { managedFields } = object.metadata;
  if (isReset(managedFields)) return withManagedFields(object, []);
  return isRecorded(object) ? object : withManagedFields(object, before?.metadata.managedFields ?? []);
}

function withManagedFields<T extends KubeObject>(object: T, entries: T['metadata']['managedFields']): T {
  const { managedFields, ...metadata } = object.metadata;
  if (managedFields === entries) return object;
  return { ...object, metadata: entries ? { ...metadata, managedFields: entries } : metadata };
}

/**
 * What is sent of a new object that may not tell of it once admission has seen to it, as it is until then: objects are changed at
 * their top and in `spec`.
 */
export function untold<T extends KubeObject>(kind: ResourceDefinition<T>, object: T): T | undefined {
  if (!natureOf(kind as unknown as ResourceDefinition)?.tells) return undefined;
  const { spec } = object as { spec?: object };
  return { ...object, metadata: { ...object.metadata }, spec: { ...spec } };
}

/** Whether a new object tells what was sent of it, whatever admission has changed. */
export function tellsWhatWasSent<T extends KubeObject>(kind: ResourceDefinition<T>, object: T, sent: T): boolean {
  return natureOf(kind as unknown as ResourceDefinition)?.tells?.(object, sent) ?? true;
}
