import type { AnyDefinition } from '../../registry/types.js';
import { badInput } from '../errors.js';
import type { EntryInput } from '../generated.js';
import type { Writer } from './writer.js';

/** What is done to the labels or the annotations of an object. */
interface EntriesChange {
  readonly namespace: string;
  readonly name: string;
  readonly entries: readonly EntryInput[];
  readonly overwrite: boolean;
}

/**
 * Sets and removes labels or annotations.
 * @throws GraphQLError for one that has another value already, unless it may be overwritten; StatusError as REST answers
 */
export async function changeEntries(
  writer: Writer,
  kind: AnyDefinition,
  field: 'labels' | 'annotations',
  { namespace, name, entries, overwrite }: EntriesChange,
): Promise<void> {
  writer.view.check('get', kind, namespace, name);
  const { object } = await writer.live(kind, namespace, name);
  const there = new Map(Object.entries(object.metadata[field] ?? {}));
  const taken = entries.find(({ key, value }) => value != null && (there.get(key) ?? value) !== value);
  if (taken && !overwrite) {
    throw badInput(`'${taken.key}' already has a value (${there.get(taken.key)}), and overwrite is false`);
  }
  const body = { metadata: { [field]: Object.fromEntries(entries.map(({ key, value }) => [key, value ?? null])) } };
  await writer.patch(kind, namespace, name, { type: 'merge', body }, field === 'labels' ? 'labeled' : 'annotated');
}

/** Entries as a mapping. @throws GraphQLError for one that has no value */
export function mappingOf(entries: readonly EntryInput[]): Record<string, string> {
  return Object.fromEntries(
    entries.map(({ key, value }) => {
      if (value == null) throw badInput(`'${key}' has no value`);
      return [key, value];
    }),
  );
}
