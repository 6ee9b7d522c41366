import { parseSelectors, select } from '../../registry/selection.js';
import { compareText } from '../../resources/compare.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import type { KubeObject } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { type Connection, compareKeys, connection, type PageArguments } from '../connection.js';
import type { ObjectOrder, QueryObjectsArgs } from '../generated.js';
import type { Seen, View } from '../view.js';

/** What objects of any kind are chosen by, and in what order they come; what is absent or null leaves all. */
export type ObjectFilter = Partial<Pick<QueryObjectsArgs, 'labelSelector' | 'fieldSelector' | 'text' | 'orderBy'>>;

/** What stands before namespace and name in the sort key of an entry. */
type SortKey<T extends KubeObject> = (entry: Entry<T>) => readonly string[];

/**
 * The entries that a filter leaves, with selectors in kubectl's words.
 * @throws StatusError 400 for a selector that cannot be read, or a field that the kind does not select by
 */
export function selectObjects<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  entries: readonly Entry<T>[],
  { labelSelector, fieldSelector, text }: ObjectFilter,
): readonly Entry<T>[] {
  const selectors = { labelSelector: labelSelector ?? '', fieldSelector: fieldSelector ?? '' };
  const selection = select(kind, parseSelectors(selectors));
  const selected = selection.everything ? entries : entries.filter(entry => selection.matches(entry));
  return text ? selected.filter(entry => mentions(entry, text)) : selected;
}

/** Whether each word of a text is in the name, the namespace or the labels of an object, whatever the case. */
export function mentions({ namespace, name, object }: Entry, wanted: string): boolean {
  const labels = Object.entries(object.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const texts = [name, namespace, ...labels].map(text => text.toLowerCase());
  const words = wanted.toLowerCase().split(/\s+/);
  return words.every(word => texts.some(text => text.includes(word)));
}

const BY_NAME: SortKey<KubeObject> = () => [];

/** Sort keys are text: numbers are written so that they sort as such. */
export const ascending = (value: number): string => String(value).padStart(16, '0');
export const descending = (value: number): string => ascending(10 ** 15 - value);

const bornAt = ({ object }: Entry): number => Date.parse(object.metadata.creationTimestamp);

const ORDERS: Readonly<Record<ObjectOrder, SortKey<KubeObject>>> = {
  NAME: BY_NAME,
  NEWEST: entry => [descending(bornAt(entry))],
  OLDEST: entry => [ascending(bornAt(entry))],
};

/** The sort key for an order that all kinds have. */
export const orderOf = (orderBy: ObjectOrder | undefined): SortKey<KubeObject> => ORDERS[orderBy ?? 'NAME'];

/** One page of entries as they are seen in a view, by a sort key of their own, then by namespace and name. */
export function objectPage<T extends KubeObject>(
  view: View,
  entries: readonly Entry<T>[],
  page: PageArguments,
  sortKey: SortKey<T> = BY_NAME,
): Connection<Seen<T>> {
  const see = (entry: Entry<T>) => view.see(entry);
  const { revision } = view.registry;
  if (sortKey === BY_NAME) return connection(entries, page, revision, e => [e.namespace, e.name], see);
  const keyed = entries.map(entry => ({ entry, key: [...sortKey(entry), entry.namespace, entry.name] }));
  keyed.sort((a, b) => compareKeys(a.key, b.key));
  return connection(
    keyed,
    page,
    revision,
    ({ key }) => key,
    ({ entry }) => see(entry),
  );
}

/** One page of what stands in an order of its own: a cursor is a place in that. */
export function ranked<T, N>(
  view: View,
  items: readonly T[],
  page: PageArguments,
  see: (item: T, place: number) => N,
): Connection<N> {
  const placed = items.map((item, place) => ({ item, place, key: [ascending(place)] }));
  return connection(
    placed,
    page,
    view.registry.revision,
    ({ key }) => key,
    ({ item, place }) => see(item, place),
  );
}

/** Entries of an index, which come in no order, in etcd's order. */
export function inOrder<T extends KubeObject>(entries: readonly Entry<T>[]): readonly Entry<T>[] {
  return [...entries].sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name));
}
