import type { ResourceDefinition } from '../resources/definition.js';
import { equalJson } from '../resources/json.js';
import type { KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { StoredJson } from '../store/stored-json.js';
import { type Question, Unanswered } from './admission/webhooks/consultation.js';

/** Entries in the version that was last asked for. */
const shown = new WeakMap<Entry, { readonly kind: unknown; readonly entry: Entry }>();

/** Whether entries may look otherwise than they are stored. */
export const isTranslated = ({ stored, kept }: ResourceDefinition): boolean =>
  stored !== undefined || kept !== undefined;

/** The version that does the work of this one: admission, validation, storing; `undefined` if it does its own. */
export const workerOf = ({ stored, kept }: ResourceDefinition): ResourceDefinition['stored'] =>
  kept ? undefined : stored;

/** An entry as it looks in the version of `kind`: itself where that is how it is stored. */
export function inVersion<T extends KubeObject, E extends Entry<T> | undefined>(
  kind: ResourceDefinition<T>,
  entry: E,
): E {
  if (!entry || !isTranslated(kind as unknown as ResourceDefinition)) return entry;
  const known = shown.get(entry);
  if (known?.kind === kind) return known.entry as E;
  const { object: stored } = entry;
  const object = (kind.kept ? kind.kept.read(stored) : kind.stored!.fromStored(stored)) as T;
  if (object === stored) return entry;
  const { resource, namespace, name, uid, revision } = entry;
  const translated: Entry<T> = { resource, namespace, name, uid, revision, bytes: StoredJson.of(object).bytes, object };
  shown.set(entry, { kind, entry: translated });
  return translated as E;
}

/** Entries as they look in a version, if all can be told at once. @throws Unanswered with all that webhooks have to convert */
export function allInVersion<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  entries: readonly Entry<T>[],
): readonly Entry<T>[] {
  const open: Question[] = [];
  const found = entries.flatMap(entry => {
    try {
      return [inVersion(kind, entry)];
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      open.push(...error.questions);
      return [];
    }
  });
  if (open.length > 0) throw new Unanswered(open);
  return found;
}

/** An entry as an object of another version that was written with it. */
export function shownAs<T extends KubeObject>(entry: Entry<T>, object: T): Entry<T> {
  const { resource, namespace, name, uid, revision } = entry;
  const { resourceVersion } = entry.object.metadata;
  const shown = { ...object, metadata: { ...object.metadata, resourceVersion } };
  return { resource, namespace, name, uid, revision, bytes: StoredJson.of(shown).bytes, object: shown };
}

/** Whether an object that nobody changed would be stored otherwise than it is: in another version by now, or with new defaults. */
export function isOutdated<T extends KubeObject>(kind: ResourceDefinition<T>, stored: Entry, object: T): boolean {
  return kind.kept !== undefined && !equalJson(kind.kept.write(object), stored.object);
}
