import { writerBetween } from '../registry/managed-fields/writer.js';
import type { Registry } from '../registry/registry.js';
import { without } from '../resources/json.js';
import { type JsonDifference, jsonDiff } from '../resources/json-diff.js';
import type { Change, Entry } from '../store/entry.js';

/** What a write made of its object, without what every write changes. */
export function diffOf({ type, entry, previous }: Change): JsonDifference[] {
  const plain = ({ object }: Entry): object => {
    const metadata = without(without(object.metadata, 'managedFields'), 'resourceVersion' as never);
    return { ...object, metadata };
  };
  if (type === 'DELETED') return [];
  return jsonDiff(previous ? plain(previous) : {}, plain(entry));
}

/** Under which name a write was made, if that can be told: not of a deletion. */
export function writerOf(registry: Registry, { type, entry, previous }: Change): string | undefined {
  const kind = registry.kinds.byResource(entry.resource);
  return kind && type !== 'DELETED' ? writerBetween(kind, previous?.object, entry.object) : undefined;
}
