import { StatusError } from '../registry/status.js';
import type { AnyDefinition, ListResult } from '../registry/types.js';
import { apiVersionOf, isCustom, listKindOf } from '../resources/definition.js';
import type { Entry } from '../store/entry.js';
import { type Exchange, JSON_TYPE } from './http.js';
import { includeObject, type ListMeta, partialJson, partialListJson, tableJson } from './table.js';

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
    tableJson(definition, [entry], { resourceVersion: String(entry.revision) }, options),
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
  if (!accepted.as) {
    const chunks = listChunks(definition, result.entries, meta);
    if (accepted.media === 'json' && !exchange.pretty) exchange.send(200, JSON_TYPE, chunks);
    else exchange.object(200, accepted.media, Buffer.concat(chunks).toString());
    return;
  }
  if (accepted.as === 'PartialObjectMetadata') {
    throw StatusError.notAcceptable(
      `you requested PartialObjectMetadata, but the requested object is a list (*${goType(definition)}List)`,
    );
  }
  if (accepted.as === 'PartialObjectMetadataList') {
    exchange.object(200, accepted.media, partialListJson(result.entries, meta, accepted.version));
    return;
  }
  const options = { version: accepted.version, include: includeObject(exchange.query), now, columns: true };
  exchange.object(200, accepted.media, tableJson(definition, result.entries, meta, options));
}

const ITEM_START = Buffer.from('{');
const NEXT_ITEM = Buffer.from(',{');
const LIST_END = Buffer.from(']}\n');

/**
 * A list in pieces. Items of a list do not repeat kind and apiVersion, which every stored object begins with; but those of custom
 * kinds do, and their lists tell that they do not go on.
 */
function listChunks(definition: AnyDefinition, entries: readonly Entry[], meta: ListMeta): Buffer[] {
  const apiVersion = apiVersionOf(definition);
  const custom = isCustom(definition);
  const skip = custom ? 1 : `{"kind":"${definition.kind}","apiVersion":"${apiVersion}",`.length;
  const told = custom ? { continue: '', ...meta } : meta;
  const head = `{"kind":"${listKindOf(definition)}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(told)},"items":[`;
  const chunks: Buffer[] = [Buffer.from(head)];
  for (let i = 0; i < entries.length; i++) {
    chunks.push(i === 0 ? ITEM_START : NEXT_ITEM, entries[i]!.bytes.subarray(skip));
  }
  chunks.push(LIST_END);
  return chunks;
}

/** How upstream's messages print the type of an object: `apps.DaemonSet`. */
function goType(definition: AnyDefinition): string {
  if (isCustom(definition)) return 'unstructured.Unstructured';
  return `${definition.group === '' ? 'core' : definition.group.split('.')[0]}.${definition.kind}`;
}
