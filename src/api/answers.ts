import { StatusError } from '../registry/status.js';
import type { AnyDefinition, ListResult } from '../registry/types.js';
import { toYaml } from '../registry/yaml.js';
import { apiVersionOf } from '../resources/definition.js';
import type { Entry } from '../store/entry.js';
import { type Exchange, JSON_TYPE, PROTOBUF_TYPE, YAML_TYPE } from './http.js';
import type { Accepted } from './negotiate.js';
import { encodeProtobuf, hasProtobuf, type TypedObject } from './protobuf.js';
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
    else sendText(exchange, code, accepted, entry.bytes.toString());
    return;
  }
  if (accepted.as === 'PartialObjectMetadataList') {
    throw StatusError.notAcceptable(
      `you requested PartialObjectMetadataList, but the requested object is not a list (*${goType(definition)})`,
    );
  }
  if (accepted.as === 'PartialObjectMetadata') {
    sendText(exchange, code, accepted, partialJson(entry.object, accepted.version));
    return;
  }
  const options = { version: accepted.version, include: includeObject(exchange.query), now, columns: true };
  sendText(
    exchange,
    code,
    accepted,
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
    else sendText(exchange, 200, accepted, Buffer.concat(chunks).toString());
    return;
  }
  if (accepted.as === 'PartialObjectMetadata') {
    throw StatusError.notAcceptable(
      `you requested PartialObjectMetadata, but the requested object is a list (*${goType(definition)}List)`,
    );
  }
  if (accepted.as === 'PartialObjectMetadataList') {
    sendText(exchange, 200, accepted, partialListJson(result.entries, meta, accepted.version));
    return;
  }
  const options = { version: accepted.version, include: includeObject(exchange.query), now, columns: true };
  sendText(exchange, 200, accepted, tableJson(definition, result.entries, meta, options));
}

const NEWLINE = Buffer.from('\n');
const ITEM_START = Buffer.from('{');
const NEXT_ITEM = Buffer.from(',{');
const LIST_END = Buffer.from(']}\n');

/** A list in pieces. Items of a list do not repeat kind and apiVersion, which every stored object begins with. */
function listChunks(definition: AnyDefinition, entries: readonly Entry[], meta: ListMeta): Buffer[] {
  const apiVersion = apiVersionOf(definition);
  const skip = `{"kind":"${definition.kind}","apiVersion":"${apiVersion}",`.length;
  const head = `{"kind":"${definition.kind}List","apiVersion":"${apiVersion}","metadata":${JSON.stringify(meta)},"items":[`;
  const chunks: Buffer[] = [Buffer.from(head)];
  for (let i = 0; i < entries.length; i++) {
    chunks.push(i === 0 ? ITEM_START : NEXT_ITEM, entries[i]!.bytes.subarray(skip));
  }
  chunks.push(LIST_END);
  return chunks;
}

/** Answers with what `json` says, in the media type that the client accepts. */
function sendText(exchange: Exchange, code: number, accepted: Accepted, json: string): void {
  if (accepted.media === 'yaml') {
    exchange.send(code, YAML_TYPE, [Buffer.from(toYaml(JSON.parse(json)))]);
    return;
  }
  if (accepted.media === 'protobuf') {
    const object = JSON.parse(json) as TypedObject;
    // What has no protobuf form is answered as JSON, which every client of these knows as well.
    if (hasProtobuf(object.apiVersion, object.kind)) {
      exchange.send(code, PROTOBUF_TYPE, [encodeProtobuf(object)]);
      return;
    }
  }
  if (exchange.pretty) exchange.json(code, JSON.parse(json));
  else exchange.send(code, JSON_TYPE, [Buffer.from(json), NEWLINE]);
}

/** How upstream's messages print the type of an object: `apps.DaemonSet`. */
function goType(definition: AnyDefinition): string {
  return `${definition.group === '' ? 'core' : definition.group.split('.')[0]}.${definition.kind}`;
}
