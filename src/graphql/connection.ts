import { badInput } from './errors.js';
import { decode, encode } from './global-id.js';

/** Relay's arguments of a connection. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

export interface Connection<T> {
  readonly edges: readonly Edge<T>[];
  readonly nodes: readonly T[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly revision: string;
  };
  readonly totalCount: number;
}

/** Nodes of a page, at most and unless told otherwise. */
export const MAX_PAGE_SIZE = 500;
export const DEFAULT_PAGE_SIZE = 100;

/**
 * One page of `items`. A cursor names the revision that the page is of, and the item by its sort key and not by its position, so
 * that a page goes on at the right place when items have come or gone in between, the one the cursor names included.
 *
 * @param revision what the items are of
 * @param keyOf the item's sort key; `items` must be in its order, element by element, by code unit.
 * @param toNode what is answered for an item of the page
 * @throws GraphQLError for a page size out of range, `first` together with `last`, or a cursor of something else.
 */
export function connection<T, N>(
  items: readonly T[],
  page: PageArguments,
  revision: number,
  keyOf: (item: T) => readonly string[],
  toNode: (item: T) => N,
): Connection<N> {
  const size = pageSize(page);
  let start = 0;
  let end = items.length;
  if (page.after != null) start = firstBeyond(items, keyOf, cursorKey('after', page.after), false);
  if (page.before != null) end = Math.max(start, firstBeyond(items, keyOf, cursorKey('before', page.before), true));
  if (page.last != null) start = Math.max(start, end - size);
  else end = Math.min(end, start + size);

  const edges = items.slice(start, end).map(item => ({
    cursor: encode([String(revision), ...keyOf(item)]),
    node: toNode(item),
  }));
  return {
    edges,
    nodes: edges.map(edge => edge.node),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      revision: String(revision),
    },
    totalCount: items.length,
  };
}

function pageSize({ first, last }: PageArguments): number {
  if (first != null && last != null) throw badInput('first and last cannot be used together');
  const name = last != null ? 'last' : 'first';
  const size = first ?? last ?? DEFAULT_PAGE_SIZE;
  if (size < 1 || size > MAX_PAGE_SIZE) throw badInput(`${name} must be between 1 and ${MAX_PAGE_SIZE}, not ${size}`);
  return size;
}

/** The revision that a cursor's page was of; undefined for what is no cursor. */
export function revisionOfCursor(cursor: string): number | undefined {
  const revision = decode(cursor)?.[0];
  return revision !== undefined && /^\d{1,15}$/.test(revision) ? Number(revision) : undefined;
}

function cursorKey(name: string, cursor: string): readonly string[] {
  if (revisionOfCursor(cursor) === undefined) throw badInput(`${name} is not a cursor of this connection`);
  return decode(cursor)!.slice(1);
}

/** The position of the first item whose key is greater than `key`, or not less than it. */
function firstBeyond<T>(
  items: readonly T[],
  keyOf: (item: T) => readonly string[],
  key: readonly string[],
  orEqual: boolean,
): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareKeys(keyOf(items[middle]!), key);
    if (order > 0 || (orEqual && order === 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Orders sort keys: element by element, by code unit. */
export function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i]! < b[i]!) return -1;
    if (a[i]! > b[i]!) return 1;
  }
  return a.length - b.length;
}
