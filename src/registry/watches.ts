import { type ResourceDefinition, storeKey } from '../resources/definition.js';
import type { KubeObject } from '../resources/types.js';
import type { Change, Entry } from '../store/entry.js';
import { StoredJson } from '../store/stored-json.js';
import type { Registry } from './registry.js';
import { checkWatchOptions, parseRevision, revisionTooLarge } from './revisions.js';
import { parseSelectors, type Selection, select } from './selection.js';
import { messageOf, StatusError } from './status.js';
import type { Watch, WatchEvent, WatchOptions } from './types.js';

/**
 * A watch: what is there (unless a revision says where to begin), then every change as it is committed. An object that
 * stops matching the selectors arrives as DELETED, one that begins to match as ADDED.
 */
export function watch<T extends KubeObject>(
  registry: Registry,
  kind: ResourceDefinition<T>,
  options: WatchOptions,
  deliver: (event: WatchEvent<T>) => void,
): Watch {
  const selectors = parseSelectors(options);
  checkWatchOptions(options);
  const selection = select(kind, selectors);
  const resource = storeKey(kind);
  const namespace = options.namespace || undefined;
  const wanted = parseRevision(options.resourceVersion) ?? 0;
  const initial = options.sendInitialEvents ?? wanted === 0;
  const from = initial || wanted === 0 ? registry.revision : wanted;
  if (options.sendInitialEvents && wanted > registry.revision) {
    // Like all that is found out behind the parameters, upstream tells this in the stream.
    deliver({ type: 'ERROR', error: revisionTooLarge(wanted, registry.revision) });
    return NOTHING_OPEN;
  }
  let open = true;

  const onChanges = (changes: readonly Change[]) => {
    for (const change of changes) {
      if (!open) return;
      const { entry } = change;
      if (
        entry.resource !== resource ||
        (namespace !== undefined && entry.namespace !== namespace) ||
        change.revision <= from
      )
        continue;
      const event = eventFor(change as Change<T>, selection);
      if (event) deliver(event);
    }
  };
  const onFailure = (error: unknown) => {
    if (!open) return;
    open = false;
    deliver({
      type: 'ERROR',
      error:
        error instanceof RangeError
          ? StatusError.expired(`too old resource version: ${from} (${registry.log.compacted})`)
          : StatusError.internal(String(error)),
    });
  };

  if (initial) {
    for (const entry of registry.log.committedList(resource, namespace) as readonly Entry<T>[]) {
      if (selection.matches(entry)) deliver({ type: 'ADDED', entry, revision: entry.revision });
    }
  }
  if (options.sendInitialEvents && options.allowWatchBookmarks)
    deliver({ type: 'BOOKMARK', revision: from, initialEventsEnd: true });
  // A revision that is still to come: wait for it.
  const stop =
    from > registry.revision ? registry.follow(onChanges) : registry.log.followFrom(from, onChanges, onFailure);
  return {
    close() {
      open = false;
      stop();
    },
  };
}

/** More events do not wait for a webhook. */
const MAX_WAITING = 4096;

/** Hands on what `prepare` makes of each event, in order, also where that takes a while. */
export function inOrder<T extends KubeObject>(
  prepare: (event: WatchEvent<T>) => WatchEvent<T> | Promise<WatchEvent<T>>,
  deliver: (event: WatchEvent<T>) => void,
): (event: WatchEvent<T>) => void {
  let waiting = 0;
  let last = Promise.resolve();
  let failed = false;
  const fail = (error: unknown) => {
    if (failed) return;
    failed = true;
    deliver({ type: 'ERROR', error: error instanceof StatusError ? error : StatusError.internal(messageOf(error)) });
  };
  const handOn = async (event: WatchEvent<T>, before: Promise<void>) => {
    await before;
    if (!failed) {
      const prepared = await prepare(event);
      if (!failed) deliver(prepared);
    }
  };
  return event => {
    if (failed) return;
    if (waiting === 0) {
      try {
        const prepared = prepare(event);
        if (!(prepared instanceof Promise)) {
          deliver(prepared);
          return;
        }
        last = prepared.then(deliver);
      } catch (error) {
        fail(error);
        return;
      }
    } else if (waiting >= MAX_WAITING) {
      fail(StatusError.expired('too many events wait for the conversion webhook'));
      return;
    } else last = handOn(event, last);
    waiting++;
    last = last.catch(fail).finally(() => {
      waiting--;
    });
  };
}

const NOTHING_OPEN: Watch = { close: () => undefined };

function eventFor<T extends KubeObject>(change: Change<T>, selection: Selection<T>): WatchEvent<T> | undefined {
  const { type, entry, previous, revision } = change;
  if (selection.everything) return { type, entry, revision };
  const before = previous !== undefined && selection.matches(previous);
  if (type === 'DELETED') return before || selection.matches(entry) ? { type, entry, revision } : undefined;
  const now = selection.matches(entry);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', entry, revision };
  return before ? { type: 'DELETED', entry: leaving(previous, revision), revision } : undefined;
}

/** The last version that matched, at the revision of the write that took it out of the selection. */
function leaving<T extends KubeObject>(entry: Entry<T>, revision: number): Entry<T> {
  const object = { ...entry.object, metadata: { ...entry.object.metadata, resourceVersion: String(revision) } };
  return { ...entryFields(entry), revision, bytes: StoredJson.of(object).bytes, object };
}

const entryFields = ({ resource, namespace, name, uid }: Entry) => ({ resource, namespace, name, uid });
