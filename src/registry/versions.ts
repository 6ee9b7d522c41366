import type { ResourceDefinition } from '../resources/definition.js';
import type { KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { StoredJson } from '../store/stored-json.js';

/** An entry as it looks in the version of `kind`: itself where that is the version that is stored. */
export function inVersion<T extends KubeObject, E extends Entry<T> | undefined>(
  kind: ResourceDefinition<T>,
  entry: E,
): E {
  if (!entry || !kind.stored) return entry;
  const { resource, namespace, name, uid, revision } = entry;
  const object = kind.stored.fromStored(entry.object) as T;
  return { resource, namespace, name, uid, revision, bytes: StoredJson.of(object).bytes, object } as Entry<T> as E;
}
