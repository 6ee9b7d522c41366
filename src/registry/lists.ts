import { type ResourceDefinition, storeKey } from '../resources/definition.js';
import type { KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { type ContinueToken, decodeContinue, encodeContinue, keyBelow } from './continue-token.js';
import type { Registry } from './registry.js';
import { checkListOptions, parseListRevision, revisionTooLarge } from './revisions.js';
import { parseSelectors, select } from './selection.js';
import { StatusError } from './status.js';
import type { ListOptions, ListResult } from './types.js';

/** A list: whole, or a page of one revision. See upstream's documentation of `resourceVersion` and `limit` for the rules. */
export async function list<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  options: ListOptions,
): Promise<ListResult<T>> {
  const selectors = parseSelectors(options);
  checkListOptions(options);
  const selection = select(kind, selectors);
  const token = options.continue ? decodeContinue(options.continue) : undefined;
  if (token && options.resourceVersion && options.resourceVersion !== '0') {
    throw StatusError.badRequest('specifying resource version is not allowed when using continue');
  }
  const revision = token ? token.revision : exactRevision(registry, options);
  const { entries, at } = await entriesAt(registry, kind, options.namespace, revision, token);
  const from = token ? beginning(entries, options.namespace, token.start) : 0;
  // Of one name there is one object, and no pages.
  const single = selection.name !== undefined && !token && (!!options.namespace || !kind.namespaced);
  const limit = single ? Number.POSITIVE_INFINITY : pageSize(options, token !== undefined);
  if (selection.everything && from === 0 && entries.length <= limit) return { entries, revision: at };

  const page: Entry<T>[] = [];
  let next = from;
  for (; next < entries.length && page.length < limit; next++) {
    const entry = entries[next]!;
    if (selection.matches(entry)) page.push(entry);
  }
  if (next >= entries.length) return { entries: page, revision: at };
  const last = entries[next - 1]!;
  return {
    entries: page,
    revision: at,
    // Upstream's keys are texts in etcd: the least that comes behind one is the same with a zero at its end.
    continue: encodeContinue({ revision: at, start: `${keyBelow(options.namespace, last)}\0` }),
    // With a selector nobody has counted what is left.
    ...(selection.everything ? { remainingItemCount: entries.length - next } : {}),
  };
}

/** The revision a list must show, or `undefined` if the newest will do. */
function exactRevision(registry: Registry, options: ListOptions): number | undefined {
  const wanted = parseListRevision(options.resourceVersion);
  if (wanted === undefined || wanted === 0) return undefined;
  const match = options.resourceVersionMatch;
  // Before there was a match, a page of a revision meant exactly that one.
  const exact = match === 'Exact' || (match === undefined && (options.limit ?? 0) > 0);
  if (wanted > registry.revision) throw revisionTooLarge(wanted, registry.revision, exact ? 0 : 1);
  return exact ? wanted : undefined;
}

/** How many objects make a page. What comes "from whatever is there" (`resourceVersion=0`) comes whole, as upstream's cache gives it. */
function pageSize({ limit = 0, resourceVersion }: ListOptions, continued: boolean): number {
  return limit > 0 && (continued || resourceVersion !== '0') ? limit : Number.POSITIVE_INFINITY;
}

async function entriesAt<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  namespace: string | undefined,
  revision: number | undefined,
  token: ContinueToken | undefined,
): Promise<{ entries: readonly Entry<T>[]; at: number }> {
  const resource = storeKey(kind);
  const scope = namespace || undefined;
  const at = registry.revision;
  if (revision === undefined || revision < 0 || revision === at) {
    return { entries: registry.log.committedList(resource, scope) as readonly Entry<T>[], at };
  }
  // A token of a cluster that is no more.
  if (revision > at) throw revisionTooLarge(revision, at, 0);
  try {
    return { entries: (await registry.log.at(resource, scope, revision)) as readonly Entry<T>[], at: revision };
  } catch (error) {
    if (!(error instanceof RangeError)) throw StatusError.internal(String(error));
    if (!token) throw StatusError.expired(`The resourceVersion for the provided list is too old.`);
    throw StatusError.expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      encodeContinue({ ...token, revision: -1 }),
    );
  }
}

/** The position of the first entry whose key is `start` or comes behind it. */
function beginning(entries: readonly Entry[], namespace: string | undefined, start: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyBelow(namespace, entries[middle]!) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
