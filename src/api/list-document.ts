import { toYaml } from '../registry/yaml.js';
import type { JsonObject } from '../resources/json.js';
import { type Exchange, JSON_TYPE, PROTOBUF_TYPE, YAML_TYPE } from './http.js';
import type { MediaType } from './negotiate.js';
import { encodeProtobufList, hasProtobuf, type TypedObject } from './protobuf/index.js';

/** A list, or a table, in parts: the whole of it may be longer than any text can be. */
export interface ListDocument {
  /** What stands before the items, as JSON that is still open: `{"kind":"PodList","apiVersion":"v1","metadata":{}`. */
  readonly head: string;
  readonly key: 'items' | 'rows';
  /** Each as JSON, without the brace that it begins with. Made when it is asked for. */
  readonly items: Iterable<string | Buffer>;
}

/** Answers with a list in a media type, however long it is. What has no protobuf form is answered as JSON. */
export function sendDocument(exchange: Exchange, media: MediaType, document: ListDocument): void {
  if (media === 'yaml') {
    exchange.sendPieces(YAML_TYPE, yamlPieces(document));
    return;
  }
  if (media === 'protobuf') {
    const head = headOf(document);
    if (hasProtobuf(head.apiVersion, head.kind)) {
      exchange.sendPieces(PROTOBUF_TYPE, encodeProtobufList(head, mapped(document.items, parse)));
      return;
    }
  }
  exchange.sendPieces(JSON_TYPE, exchange.pretty ? prettyPieces(document) : jsonPieces(document));
}

const ITEM_START = Buffer.from('{');
const NEXT_ITEM = Buffer.from(',{');
const LIST_END = Buffer.from(']}\n');

const bytesOf = (item: string | Buffer) => (typeof item === 'string' ? Buffer.from(item) : item);
const parse = (item: string | Buffer) => JSON.parse(`{${item.toString()}`) as JsonObject;
const headOf = ({ head }: ListDocument) => JSON.parse(`${head}}`) as TypedObject;

/** As JSON. */
function* jsonPieces({ head, key, items }: ListDocument): Generator<Buffer> {
  yield Buffer.from(`${head},"${key}":[`);
  let start = ITEM_START;
  for (const item of items) {
    yield start;
    yield bytesOf(item);
    start = NEXT_ITEM;
  }
  yield LIST_END;
}

/** As JSON for people's eyes. */
function* prettyPieces(document: ListDocument): Generator<Buffer> {
  const { key, items } = document;
  const head = JSON.stringify(headOf(document), null, 2).slice(0, -'\n}'.length);
  yield Buffer.from(`${head},\n  "${key}": [`);
  let start = '\n';
  let end = ']\n}\n';
  for (const item of items) {
    const text = JSON.stringify(parse(item), null, 2).replaceAll('\n', '\n    ');
    yield Buffer.from(`${start}    ${text}`);
    start = ',\n';
    end = '\n  ]\n}\n';
  }
  yield Buffer.from(end);
}

/** As YAML, in which keys stand in order: some of the head's come behind the items. */
function* yamlPieces(document: ListDocument): Generator<Buffer> {
  const { key, items } = document;
  const fields = Object.entries(headOf(document));
  yield Buffer.from(toYaml(Object.fromEntries(fields.filter(([name]) => name < key))));
  let isEmpty = true;
  for (const item of items) {
    if (isEmpty) yield Buffer.from(`${key}:\n`);
    isEmpty = false;
    yield Buffer.from(toYaml([parse(item)]));
  }
  if (isEmpty) yield Buffer.from(`${key}: []\n`);
  const rest = fields.filter(([name]) => name > key);
  if (rest.length > 0) yield Buffer.from(toYaml(Object.fromEntries(rest)));
}

/** What comes of each, one after the other as they are asked for. */
export function* mapped<From, To>(all: Iterable<From>, toOther: (one: From) => To): Generator<To> {
  for (const one of all) yield toOther(one);
}

/** As one text of JSON: for what is short. */
export function textOf({ head, key, items }: ListDocument): string {
  const texts = Array.from(items, item => `{${item.toString()}`);
  return `${head},"${key}":[${texts.join(',')}]}`;
}
