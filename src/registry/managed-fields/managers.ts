import { equalJson, isObject } from '../../resources/json.js';
import type { ManagedFieldsEntry } from '../../resources/types.js';
import { StatusError } from '../status.js';
import { canonical, equalSets, type FieldSet, isEmptySet, pathsOf, pathText, union } from './field-set.js';

/** More Update managers than this are folded into one called `ancient-changes`. */
const MAX_UPDATE_MANAGERS = 10;

/** One manager and the fields it owns. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
  /** When it last changed a field. */
  readonly time?: string | undefined;
  readonly set: FieldSet;
}

/** The managers of an object, by {@link managerId}. */
export type Managers = ReadonlyMap<string, Manager>;

type Identity = Omit<Manager, 'set' | 'time'>;

/** What tells managers apart: appliers by name, updaters by name and API version; both by subresource. */
export function managerId({ manager, operation, apiVersion, subresource }: Identity): string {
  return JSON.stringify([manager, operation, operation === 'Update' ? apiVersion : '', subresource ?? '']);
}

/** The managers that a stored `metadata.managedFields` tells of. */
export function readManagers(entries: readonly ManagedFieldsEntry[]): Managers {
  const managers = new Map<string, Manager>();
  for (const { manager = '', operation = 'Update', apiVersion = '', subresource, time, fieldsV1 = {} } of entries) {
    const read: Manager = { manager, operation, apiVersion, subresource, time, set: fieldsV1 as FieldSet };
    managers.set(managerId(read), read);
  }
  return managers;
}

/** Whether the `metadata.managedFields` that a client sent can be taken for what it is. */
export function isWellFormed(entries: readonly ManagedFieldsEntry[]): boolean {
  return entries.every(
    ({ operation, apiVersion, fieldsType, fieldsV1 }) =>
      (operation === 'Apply' || operation === 'Update') &&
      !!apiVersion &&
      fieldsType === 'FieldsV1' &&
      (fieldsV1 === undefined || isFieldSet(fieldsV1)),
  );
}

function isFieldSet(value: unknown): boolean {
  return (
    isObject(value) && Object.entries(value).every(([key, child]) => /^(\.$|[fkvi]:)/.test(key) && isFieldSet(child))
  );
}

/** Whether the client asks to forget all managers: `managedFields: [{}]`. */
export function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  return entries?.length === 1 && Object.keys(entries[0]!).length === 0;
}

/**
 * `metadata.managedFields` for `managers`: appliers first, then by time and name. Entries, and the list itself, are those of
 * `before` where nothing changed.
 */
export function writeManagers(
  managers: Managers,
  before: readonly ManagedFieldsEntry[],
): readonly ManagedFieldsEntry[] {
  const known = new Map(before.map(entry => [entryId(entry), entry]));
  const entries = [...managers.values()].map(manager => {
    const old = known.get(managerId(manager));
    if (
      old &&
      old.time === manager.time &&
      old.apiVersion === manager.apiVersion &&
      equalSets((old.fieldsV1 ?? {}) as FieldSet, manager.set)
    )
      return old;
    return toEntry(manager);
  });
  entries.sort(compareEntries);
  return equalJson(entries, before) ? before : entries;
}

function entryId(entry: ManagedFieldsEntry): string {
  return managerId({ manager: '', operation: 'Update', apiVersion: '', ...entry });
}

function toEntry({ manager, operation, apiVersion, subresource, time, set }: Manager): ManagedFieldsEntry {
  return {
    ...(manager ? { manager } : {}),
    operation,
    apiVersion,
    ...(time ? { time } : {}),
    fieldsType: 'FieldsV1',
    fieldsV1: canonical(set),
    ...(subresource ? { subresource } : {}),
  };
}

/** Appliers first, then by time and name. */
export function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  const key = (entry: ManagedFieldsEntry) =>
    [entry.operation, entry.time, entry.manager, entry.apiVersion, entry.subresource].map(part => part ?? '');
  const [left, right] = [key(a), key(b)];
  const at = left.findIndex((part, i) => part !== right[i]);
  return at < 0 ? 0 : left[at]! < right[at]! ? -1 : 1;
}

/** Folds the oldest Update managers into one per API version until no more than ten are left. */
export function capManagers(managers: Managers): Managers {
  const updaters = [...managers].filter(([, manager]) => manager.operation === 'Update');
  let count = updaters.length;
  if (count <= MAX_UPDATE_MANAGERS) return managers;
  updaters.sort(([idA, a], [idB, b]) => {
    const [left, right] = [a.time ?? '', b.time ?? ''];
    return left !== right ? (left < right ? -1 : 1) : idA < idB ? -1 : 1;
  });
  const result = new Map(managers);
  const oldest = new Map<string, string>();
  for (const [id, manager] of updaters) {
    if (count <= MAX_UPDATE_MANAGERS) break;
    const { apiVersion, time } = manager;
    const first = oldest.get(apiVersion);
    if (first === undefined) {
      oldest.set(apiVersion, id);
      continue;
    }
    const bucket: Identity = { manager: 'ancient-changes', operation: 'Update', apiVersion };
    const bucketId = managerId(bucket);
    const old = result.get(bucketId) ?? result.get(first)!;
    if (!result.has(bucketId)) result.delete(first);
    result.delete(id);
    result.set(bucketId, { ...bucket, time, set: union(old.set, manager.set) });
    count--;
  }
  return result;
}

/** Takes managers out that own nothing. */
export function dropEmpty(managers: Map<string, Manager>): void {
  for (const [id, manager] of managers) if (isEmptySet(manager.set)) managers.delete(id);
}

/** What an apply runs into: fields that others own and that it would change, by manager. */
export type Conflicts = ReadonlyMap<string, { readonly manager: Manager; readonly fields: FieldSet }>;

/** 409 that names every conflicting field and who owns it. */
export function conflictError(conflicts: Conflicts): StatusError {
  const sorted = [...conflicts.values()].sort((a, b) => (managerId(a.manager) < managerId(b.manager) ? -1 : 1));
  const found = sorted.flatMap(({ manager, fields }) =>
    pathsOf(fields).map(path => ({ owner: describe(manager), field: pathText(path) })),
  );
  const causes = found.map(({ owner, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${owner}`,
    field,
  }));
  const text =
    found.length === 1
      ? `Apply failed with 1 conflict: conflict with ${found[0]!.owner}: ${found[0]!.field}`
      : `Apply failed with ${found.length} conflicts: ${sorted
          .map(({ manager, fields }) =>
            [`conflicts with ${describe(manager)}:`, ...pathsOf(fields).map(path => `- ${pathText(path)}`)].join('\n'),
          )
          .join('\n')}`;
  return new StatusError(409, 'Conflict', text, { causes });
}

function describe({ manager, operation, apiVersion, subresource }: Manager): string {
  const where = subresource ? ` with subresource ${JSON.stringify(subresource)}` : '';
  return `${JSON.stringify(manager)}${where}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
