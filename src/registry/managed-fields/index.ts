import { formatTime } from '../../clock/clock.js';
import { groupVersionOf } from '../../resources/definition.js';
import { equalJson, isObject, type JsonObject, sortKeys } from '../../resources/json.js';
import { type SchemaRef, type StructType, structType } from '../../resources/schema.js';
import type { Draft, KubeObject, ManagedFieldsEntry } from '../../resources/types.js';
import { normalized } from '../decode.js';
import { StatusError } from '../status.js';
import { difference, EMPTY_SET, type FieldSet, intersection, isEmptySet, union, without } from './field-set.js';
import {
  type Conflicts,
  capManagers,
  conflictError,
  dropEmpty,
  isReset,
  isWellFormed,
  type Manager,
  type Managers,
  managerId,
  readManagers,
  writeManagers,
} from './managers.js';
import {
  type Comparison,
  checkTyped,
  compare,
  fieldsOf,
  merge,
  removableFields,
  removeFields,
  TypedError,
  withNamedFields,
} from './typed.js';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Fields that nobody owns: who the object is, and what the server keeps. */
const UNOWNED: FieldSet = {
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:name': {},
    'f:namespace': {},
    'f:creationTimestamp': {},
    'f:selfLink': {},
    'f:uid': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:resourceVersion': {},
  },
};

/** Fields that a write through this subresource cannot change, and so does not come to own. */
function ignoredFields(subresource: string | undefined): FieldSet {
  if (!subresource) return { 'f:status': {} };
  return subresource === 'status' ? { 'f:spec': {} } : EMPTY_SET;
}

interface Write {
  /** Name of the field manager. */
  readonly manager: string;
  /** API version of the request, such as `apps/v1`. */
  readonly apiVersion: string;
  /** The object's type. */
  readonly schema: SchemaRef;
  readonly subresource?: string | undefined;
  /** The cluster's time in milliseconds. */
  readonly now: number;
}

export interface UpdateTracking<T extends KubeObject> extends Write {
  /** The stored object; `undefined` when `object` is being created. */
  readonly live: KubeObject | undefined;
  /** The object as it is going to be stored, with the `managedFields` that the client sent, if any. */
  readonly object: T;
}

export interface ServerSideApply extends Write {
  readonly live: KubeObject | undefined;
  /** The applied configuration: only the fields that the manager has an opinion on. */
  readonly applied: Draft;
  /** Take conflicting fields over instead of failing. */
  readonly force: boolean;
}

/**
 * `object` with `managedFields` that tell of this create or update (not an apply): the manager owns what it set or changed,
 * others lose what was changed or removed under them.
 *
 * A stored object without managedFields is not tracked: its list stays empty until someone applies. A client may set
 * `metadata.managedFields` itself (not through a subresource), and `[{}]` (for which the decoder takes an empty list too) forgets
 * all managers.
 */
export function trackUpdate<T extends KubeObject>({ live, object, ...write }: UpdateTracking<T>): T {
  const sent = object.metadata.managedFields;
  const stored = live?.metadata.managedFields ?? [];
  if (live && stored.length === 0 && !sent?.length) return withManagers(object, live.metadata.managedFields);
  const managers = write.subresource ? readManagers(stored) : managersOf(sent, stored);
  if (live && managers.size === 0) return withManagers(object, []);
  const type = structType(write.schema);
  const updated = update(live ?? blank(object), object, managers, type, write);
  return withManagers(object, writeManagers(capManagers(updated), stored));
}

/** The client's own list if it is one, else the stored one: clients that know nothing of managedFields must not lose them. */
function managersOf(sent: readonly ManagedFieldsEntry[] | undefined, stored: readonly ManagedFieldsEntry[]): Managers {
  if (isReset(sent)) return new Map();
  const own = sent !== stored && sent?.length && isWellFormed(sent);
  return readManagers(own ? sent : stored);
}

function update(
  live: unknown,
  object: unknown,
  managers: Managers,
  type: StructType,
  write: Write,
): Map<string, Manager> {
  const changes = comparison(live, object, type, write.subresource);
  const acting = actor(write, 'Update');
  const self = managerId(acting);
  const result = new Map(managers);
  const changed = union(changes.modified, changes.added);
  for (const [id, manager] of managers) {
    const set = difference(id === self ? manager.set : difference(manager.set, changed), changes.removed);
    result.set(id, { ...manager, set });
  }
  const mine = difference(changed, UNOWNED);
  if (!isEmptySet(mine)) result.set(self, { ...acting, set: union(result.get(self)?.set ?? EMPTY_SET, mine) });
  dropEmpty(result);
  return result;
}

function actor(
  { manager, apiVersion, subresource, now }: Write,
  operation: Manager['operation'],
): Omit<Manager, 'set'> {
  return { manager, operation, apiVersion, subresource, time: formatTime(now) };
}

function comparison(before: unknown, after: unknown, type: StructType, subresource: string | undefined): Comparison {
  const { added, modified, removed } = compare(before, after, type);
  const ignored = ignoredFields(subresource);
  return { added: without(added, ignored), modified: without(modified, ignored), removed: without(removed, ignored) };
}

/**
 * Server-side apply: merges `applied` into `live`, records what the manager now owns, and removes what it owned by its last
 * apply, gave up with this one, and nobody else owns. Without `live` the object is created. Gives `live` itself back where
 * nothing changes, managedFields included.
 *
 * Mirrors structured-merge-diff's Updater and the field manager of kube-apiserver around it.
 *
 * @throws StatusError 409 if others own fields that would change and `force` is not set; 500, as upstream, if the
 * configuration does not fit the schema; 400 if it carries managedFields.
 */
export function applyServerSide({ live, applied, force, ...write }: ServerSideApply): KubeObject {
  if (applied.metadata?.managedFields !== undefined) throw StatusError.badRequest('metadata.managedFields must be nil');
  const type = structType(write.schema);
  check(applied, type);
  const stored = live?.metadata.managedFields ?? [];
  let managers: Managers = readManagers(stored);
  const base = live ? withManagers(live, undefined) : blank(applied);
  if (live && managers.size === 0) {
    managers = capManagers(update(blank(live), base, managers, type, { ...write, manager: 'before-first-apply' }));
  }
  const { object, managers: updated, conflicts } = apply(base, applied, managers, type, write);
  const contested = write.manager === 'kubectl' ? beyondLastApplied(conflicts, live, type, write) : conflicts;
  if (contested.size > 0 && !force) throw conflictError(contested);
  const result = withManagers(
    write.manager === 'kubectl' ? syncLastApplied(object, applied) : object,
    writeManagers(updated, stored),
  );
  return live && equalJson(live, result) ? live : result;
}

function check(applied: Draft, type: StructType): void {
  try {
    checkTyped(applied, type);
  } catch (error) {
    if (!(error instanceof TypedError)) throw error;
    const { apiVersion, kind, metadata } = applied;
    const { group, version } = groupVersionOf(apiVersion);
    const subject = `${metadata.namespace ?? ''}/${metadata.name ?? ''}; ${group}/${version}, Kind=${kind}`;
    throw new StatusError(500, '', `failed to create typed patch object (${subject}): ${error.message}`);
  }
}

interface Applied {
  readonly object: KubeObject;
  readonly managers: Managers;
  readonly conflicts: Conflicts;
}

/** The outcome of applying with force, and what it would conflict with. */
function apply(live: KubeObject, applied: Draft, managers: Managers, type: StructType, write: Write): Applied {
  const acting = actor(write, 'Apply');
  const self = managerId(acting);
  const previous = managers.get(self);
  const last = previous?.set ?? EMPTY_SET;
  const claimed = without(fieldsOf(applied, type), ignoredFields(write.subresource));
  const set = difference(claimed, UNOWNED);
  const result = new Map(managers).set(self, { ...acting, set });
  const refuse = (why: string) => new StatusError(500, '', `failed to convert the applied configuration: ${why}`);
  // Merged in the form in which it is stored, so that applying the same again changes nothing.
  const configuration = normalized(applied, write.schema, 'kept', refuse);
  const object = prune(merge(live, configuration, type), union(ownedBy(result), claimed), last, type) as KubeObject;

  const changes = comparison(live, object, type, write.subresource);
  const changed = union(changes.modified, changes.added);
  const conflicts = new Map<string, { manager: Manager; fields: FieldSet }>();
  for (const [id, manager] of managers) {
    if (id === self) continue;
    const fields = intersection(manager.set, changed);
    if (!isEmptySet(fields)) conflicts.set(id, { manager, fields });
    result.set(id, { ...manager, set: difference(difference(manager.set, fields), changes.removed) });
  }
  // The time tells when the manager last changed the object: who only comes to own what is there already has none.
  const stored = object === live ? live : normalized(object, write.schema, 'dropped', refuse);
  const same = equalJson(stored, live);
  if (same) result.set(self, { ...acting, set, time: previous?.time });
  dropEmpty(result);
  return { object: same ? live : stored, managers: result, conflicts };
}

/**
 * Removes what the manager's last apply owned: but for what is `owned` by any manager now, and what stands
 * inside a removed part without having been the manager's.
 */
function prune(merged: unknown, owned: FieldSet, last: FieldSet, type: StructType): unknown {
  if (isEmptySet(last)) return merged;
  const lastNamed = withNamedFields(last, type);
  const all = removableFields(merged, type);
  const stays = union(removableFields(removeFields(merged, lastNamed, type), type), withNamedFields(owned, type));
  const pruned = removeFields(merged, difference(all, stays), type);
  const dangling = intersection(difference(all, removableFields(pruned, type)), lastNamed);
  return removeFields(merged, dangling, type);
}

function ownedBy(managers: Managers): FieldSet {
  return [...managers.values()].map(manager => manager.set).reduce(union, EMPTY_SET);
}

/**
 * kubectl's move from client-side to server-side apply: fields of its last client-side configuration are its own, whoever
 * is recorded as their manager, as long as they still are as it applied them.
 */
function beyondLastApplied(
  conflicts: Conflicts,
  live: KubeObject | undefined,
  type: StructType,
  { apiVersion }: Write,
): Conflicts {
  if (conflicts.size === 0) return conflicts;
  const configuration = lastApplied(live);
  if (configuration?.apiVersion !== apiVersion || !fits(configuration, type)) return conflicts;
  const { added, modified, removed } = compare(configuration, live, type);
  const allowed = difference(fieldsOf(configuration, type), union(union(added, modified), removed));
  const rest = [...conflicts].map(
    ([id, { manager, fields }]) => [id, { manager, fields: difference(fields, allowed) }] as const,
  );
  return new Map(rest.filter(([, { fields }]) => !isEmptySet(fields)));
}

function fits(configuration: unknown, type: StructType): boolean {
  try {
    checkTyped(configuration, type);
    return true;
  } catch (error) {
    if (error instanceof TypedError) return false;
    throw error;
  }
}

function lastApplied(object: KubeObject | undefined): JsonObject | undefined {
  const text = object?.metadata.annotations?.[LAST_APPLIED];
  if (!text) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps kubectl's annotation of a client-side apply, where there is one, in step with what kubectl applied server-side. */
function syncLastApplied(object: KubeObject, applied: Draft): KubeObject {
  const { annotations } = object.metadata;
  if (annotations?.[LAST_APPLIED] === undefined) return object;
  const { annotations: own, ...metadata } = applied.metadata;
  const { [LAST_APPLIED]: _, ...others } = own ?? {};
  const configuration = {
    ...applied,
    metadata: Object.keys(others).length ? { ...metadata, annotations: others } : metadata,
  };
  const text = `${JSON.stringify(sortKeys(configuration))}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}

/** The object that a create is compared with: of the same kind, empty. */
function blank(object: { apiVersion: string; kind: string }): KubeObject {
  return { apiVersion: object.apiVersion, kind: object.kind, metadata: {} } as JsonObject as unknown as KubeObject;
}

/** `object` with these managedFields, or without; itself where it has them already. */
function withManagers<T extends KubeObject>(object: T, entries: readonly ManagedFieldsEntry[] | undefined): T {
  const { managedFields, ...metadata } = object.metadata;
  if (managedFields === entries) return object;
  return { ...object, metadata: entries ? { ...metadata, managedFields: entries } : metadata };
}
