import { type ResourceDefinition, storeKey } from '../resources/definition.js';
import { FieldError, forbidden } from '../resources/field-error.js';
import type { KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { decodeContinue, encodeContinue } from './continue-token.js';
import type { Registry } from './registry.js';
import { select } from './selection.js';
import { StatusError } from './status.js';
import type { ListOptions, ListResult } from './types.js';

const LIST_OPTIONS = { group: 'meta.k8s.io', kind: 'ListOptions' };

/** A list: whole, or a page of one revision. See upstream's documentation of `resourceVersion` and `limit` for the rules. */
export async function list<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  options: ListOptions,
): Promise<ListResult<T>> {
  const selection = select(kind, options);
  const token = options.continue ? decodeContinue(options.continue) : undefined;
  if (token && options.resourceVersion && options.resourceVersion !== '0') {
    throw StatusError.badRequest('specifying resource version is not allowed when using continue');
  }
  const revision = token ? token.revision : exactRevision(registry, options);
  const { entries, at } = await entriesAt(registry, kind, options.namespace, revision, token);
  const from = token ? after(entries, token.namespace, token.name) : 0;
  const limit = options.limit && options.limit > 0 ? options.limit : Number.POSITIVE_INFINITY;
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
    continue: encodeContinue({ revision: at, namespace: last.namespace, name: last.name }),
    // With a selector nobody has counted what is left.
    ...(selection.everything ? { remainingItemCount: entries.length - next } : {}),
  };
}

/**
 * Reads a `resourceVersion` parameter; `undefined` if absent or empty.
 * @throws StatusError 500 with upstream's wording if it is no number
 */
export function parseRevision(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) {
    throw new StatusError(
      500,
      '',
      `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  return Number(text);
}

/** @throws StatusError 422 for a `resourceVersionMatch` that makes no sense with the rest */
function checkMatch(options: ListOptions): void {
  const { resourceVersionMatch: match, resourceVersion } = options;
  if (match === undefined) return;
  const field = 'resourceVersionMatch';
  const errors: FieldError[] = [];
  if (options.continue) errors.push(forbidden(field, 'resourceVersionMatch is forbidden for continue'));
  else if (!resourceVersion)
    errors.push(forbidden(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
  else if (match === 'Exact' && resourceVersion === '0') {
    errors.push(forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  } else if (match !== 'Exact' && match !== 'NotOlderThan') {
    errors.push(new FieldError(field, 'Unsupported value', 'supported values: "Exact", "NotOlderThan"', match));
  }
  if (errors.length > 0) throw StatusError.invalid(LIST_OPTIONS, '', errors);
}

/** The revision a list must show, or `undefined` if the newest will do. */
function exactRevision(registry: Registry, options: ListOptions): number | undefined {
  checkMatch(options);
  const wanted = parseRevision(options.resourceVersion);
  if (wanted === undefined || wanted === 0) return undefined;
  if (wanted > registry.revision) throw tooLarge(wanted, registry.revision);
  const exact =
    options.resourceVersionMatch === 'Exact' ||
    (options.resourceVersionMatch === undefined && (options.limit ?? 0) > 0);
  return exact ? wanted : undefined;
}

function tooLarge(wanted: number, current: number): StatusError {
  return new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

async function entriesAt<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  namespace: string | undefined,
  revision: number | undefined,
  token: { namespace: string; name: string } | undefined,
): Promise<{ entries: readonly Entry<T>[]; at: number }> {
  const resource = storeKey(kind);
  const scope = namespace || undefined;
  const at = registry.revision;
  if (revision === undefined || revision < 0 || revision === at) {
    return { entries: registry.log.committedList(resource, scope) as readonly Entry<T>[], at };
  }
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

/** The position of the first entry behind the object named. */
function after(entries: readonly Entry[], namespace: string, name: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const e = entries[middle]!;
    if (e.namespace < namespace || (e.namespace === namespace && e.name <= name)) low = middle + 1;
    else high = middle;
  }
  return low;
}
