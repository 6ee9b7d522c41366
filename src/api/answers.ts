import { StatusError } from '../registry/status.js';
import type { AnyDefinition, ListResult } from '../registry/types.js';
import { apiVersionOf, isCustom, listKindOf } from '../resources/definition.js';
import type { Entry } from '../store/entry.js';
import { type Exchange, JSON_TYPE } from './http.js';
import { type ListDocument, mapped, sendDocument, textOf } from './list-document.js';
import type { Accepted } from './negotiate.js';
import { includeObject, type ListMeta, partialJson, partialListOf, tableOf } from './table.js';

/** Answers with one object, in the form that the client accepts. Plain JSON is the stored bytes themselves. */
export function sendObject(
  exchange: Exchange,
  code: number,
  definition: AnyDefinition,
  entry: Entry,
  now: number,
): void {
  const accepted = exchange.accepted();
  if (!accepted.as) {
    if (accepted.media === 'json' && !exchange.pretty) exchange.send(code, JSON_TYPE, [entry.bytes]);
    else exchange.object(code, accepted.media, entry.bytes.toString());
    return;
  }
  if (accepted.as === 'PartialObjectMetadataList') {
    throw StatusError.notAcceptable(
      `you requested PartialObjectMetadataList, but the requested object is not a list (*${goType(definition)})`,
    );
  }
  if (accepted.as === 'PartialObjectMetadata') {
    exchange.object(code, accepted.media, partialJson(entry, accepted.version));
    return;
  }
  const options = { version: accepted.version, include: includeObject(exchange.query), now, columns: true };
  exchange.object(
    code,
    accepted.media,
    textOf(tableOf(definition, [entry], { resourceVersion: String(entry.revision) }, options)),
  );
}

/** Answers with a list, in the form that the client accepts. Plain JSON is put together from the stored bytes. */
export function sendList(exchange: Exchange, definition: AnyDefinition, result: ListResult, now: number): void {
  const accepted = exchange.accepted();
  const meta: ListMeta = {
    resourceVersion: String(result.revision),
    ...(result.continue ? { continue: result.continue } : {}),
    ...(result.remainingItemCount ? { remainingItemCount: result.remainingItemCount } : {}),
  };
  sendDocument(exchange, accepted.media, documentOf(exchange, accepted, definition, result.entries, meta, now));
}

function documentOf(
  exchange: Exchange,
  accepted: Accepted,
  definition: AnyDefinition,
  entries: readonly Entry[],
  meta: ListMeta,
  now: number,
): ListDocument {
  switch (accepted.as) {
    case undefined:
      return listOf(definition, entries, meta);
    case 'PartialObjectMetadata':
      throw StatusError.notAcceptable(
        `you requested PartialObjectMetadata, but the requested object is a list (*${goType(definition)}List)`,
      );
    case 'PartialObjectMetadataList':
      return partialListOf(entries, meta, accepted.version);
    case 'Table': {
      const options = { version: accepted.version, include: includeObject(exchange.query), now, columns: true };
      return tableOf(definition, entries, meta, options);
    }
  }
}

/**
 * A list of whole objects. Its items do not repeat kind and apiVersion, which every stored object begins with; but those of custom
 * kinds do, and their lists tell that they do not go on.
 */
function listOf(definition: AnyDefinition, entries: readonly Entry[], meta: ListMeta): ListDocument {
  const apiVersion = apiVersionOf(definition);
  const custom = isCustom(definition);
  const skip = custom ? 1 : `{"kind":"${definition.kind}","apiVersion":"${apiVersion}",`.length;
  const told = custom ? { continue: '', ...meta } : meta;
  return {
    head: `{"kind":"${listKindOf(definition)}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(told)}`,
    key: 'items',
    items: mapped(entries, ({ bytes }) => bytes.subarray(skip)),
  };
}

/** How upstream's messages print the type of an object: `apps.DaemonSet`. */
function goType(definition: AnyDefinition): string {
  if (isCustom(definition)) return 'unstructured.Unstructured';
  return `${definition.group === '' ? 'core' : definition.group.split('.')[0]}.${definition.kind}`;
}
