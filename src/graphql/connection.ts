import { badInput } from './errors.js';
import { decode, encode } from './global-id.js';

/** Relay's arguments of a connection. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
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
  };
  readonly totalCount: number;
}

/** Nodes of a page, at most and unless told otherwise. */
export const MAX_PAGE_SIZE = 500;
export const DEFAULT_PAGE_SIZE = 100;

/**
 * One page of `items`. A cursor names the item by its sort key and not by its position, so that a page goes on at the right
 * place when items have come or gone in between, the one the cursor names included.
 *
 * @param keyOf the item's sort key; `items` must be in its order, element by element, by code unit.
 * @throws GraphQLError for a page size out of range, `first` together with `last`, or a cursor of something else.
 */
export function connection<T>(
  items: readonly T[],
  page: PageArguments,
  keyOf: (item: T) => readonly string[],
): Connection<T> {
  const size = pageSize(page);
  let start = 0;
  let end = items.length;
  if (page.after != null) start = firstBeyond(items, keyOf, cursorKey('after', page.after), false);
  if (page.before != null) end = Math.max(start, firstBeyond(items, keyOf, cursorKey('before', page.before), true));
  if (page.last != null) start = Math.max(start, end - size);
  else end = Math.min(end, start + size);

  const edges = items.slice(start, end).map(node => ({ cursor: encode(keyOf(node)), node }));
  return {
    edges,
    nodes: edges.map(edge => edge.node),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
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

function cursorKey(name: string, cursor: string): readonly string[] {
  const key = decode(cursor);
  if (!key) throw badInput(`${name} is not a cursor of this connection`);
  return key;
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
function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i]! < b[i]!) return -1;
    if (a[i]! > b[i]!) return 1;
  }
  return a.length - b.length;
}
