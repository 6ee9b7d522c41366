import { DataTable } from '../../resources/data-table.js';
import { groupVersionOf, schemaNameOf } from '../../resources/definition.js';
import { isObject, type JsonObject, setKey } from '../../resources/json.js';
import { META } from '../../resources/schema.js';
import { type Codec, FORMS, type Form, jsonForm, LIST_FORM, parseJson, SCALARS } from './values.js';
import { ProtobufError, Reader, type TypeMeta, Writer } from './wire.js';

export { ProtobufError } from './wire.js';

/** `k8s\0`: how every protobuf body begins; a `runtime.Unknown` with kind, version and the object's own message follows. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

const NOTHING = Buffer.alloc(0);

const UNKNOWN = 'io.k8s.apimachinery.pkg.runtime.Unknown';

/** An object that says what it is. */
export interface TypedObject extends JsonObject {
  apiVersion: string;
  kind: string;
}

/**
 * The JSON form of a protobuf body. Fields that are on the wire only because Go's encoder always writes them (empty strings,
 * zeros, zero times) are left out.
 *
 * @param fallback the kind of bodies that do not name theirs.
 * @throws ProtobufError for bytes that are no such body, and for kinds without a message.
 */
export function decodeProtobuf(bytes: Uint8Array, fallback: TypeMeta = { apiVersion: '', kind: '' }): TypedObject {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length === 0) throw new ProtobufError('empty data');
  if (!buffer.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new ProtobufError(
      `provided data does not appear to be a protobuf message, expected prefix [${MAGIC.join(' ')}]`,
    );
  }
  if (buffer.length === MAGIC.length) throw new ProtobufError('empty body');
  const unknown = decodeMessage(message(UNKNOWN), new Reader(buffer, MAGIC.length), true);
  const { apiVersion, kind } = { ...fallback, ...(unknown.typeMeta as Partial<TypeMeta>) };
  const raw = (unknown.raw ?? Buffer.alloc(0)) as Buffer;
  try {
    return { kind, apiVersion, ...decodeMessage(messageOf(apiVersion, kind), new Reader(raw)) };
  } catch (error) {
    throw error instanceof ProtobufError ? new ProtobufError(error.message, { apiVersion, kind }) : error;
  }
}

/**
 * An object as a protobuf body.
 * @throws ProtobufError if its kind has no message: {@link hasProtobuf} tells beforehand.
 */
export function encodeProtobuf(object: TypedObject): Buffer {
  const { apiVersion, kind, ...fields } = object;
  const raw = encoded(messageOf(apiVersion, kind), fields);
  const unknown = { typeMeta: { apiVersion, kind }, raw, contentEncoding: '', contentType: '' };
  return Buffer.concat([MAGIC, encoded(message(UNKNOWN), unknown, true)]);
}

/** What a `runtime.Unknown` holds the object's own message in. */
const RAW_FIELD = 2;

/**
 * A list as a protobuf body, in pieces. Its length stands before it: all items are encoded before the first of them is given, and an empty
 * piece is given for each meanwhile, so that others may have their turn.
 * @param head the list without its items
 * @throws ProtobufError if its kind has no message
 */
export function* encodeProtobufList(head: TypedObject, items: Iterable<JsonObject>): Generator<Buffer> {
  const { apiVersion, kind, ...fields } = head;
  const type = messageOf(apiVersion, kind);
  const parts = [encoded(type, fields)];
  for (const item of items) {
    // Fields that repeat may stand one after the other. Copied, since there is room behind what a writer wrote.
    parts.push(Buffer.concat([encoded(type, { items: [item] })]));
    yield NOTHING;
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const unknown = message(UNKNOWN);
  yield Buffer.concat([MAGIC, encoded(unknown, { typeMeta: { apiVersion, kind } }, true)]);
  yield new Writer().lengthOf(RAW_FIELD, length).buffer;
  yield* parts;
  yield encoded(unknown, { contentEncoding: '', contentType: '' }, true);
}

/** Whether objects of this kind have a protobuf form (tables and custom kinds have none). */
export function hasProtobuf(apiVersion: string, kind: string): boolean {
  return nameOf(apiVersion, kind) !== undefined;
}

/** How many bytes of a frame tell its length. */
export const LENGTH_BYTES = 4;

/**
 * One frame of a protobuf watch stream: its length in four bytes, then the event as a message of its own.
 * @param object the object as {@link encodeProtobuf} gives it.
 */
export function encodeWatchFrame(type: string, object: Buffer): Buffer {
  const event = encoded(message(`${META}.WatchEvent`), { type, object: { raw: object } }, true);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}

// ---- messages ----

/**
 * data/protobuf.json: message → fields as [number, name in JSON, type, 1 if zero values count]. Types are scalars or `#i` for
 * the i-th message of the file, with `[]` before for repeated and `{}` for maps from string. A field without a name is
 * embedded: its fields are the outer message's in JSON.
 */
type FieldForm = [number: number, name: string, type: string, keepsZero?: 1];

interface Field {
  readonly number: number;
  readonly name: string;
  readonly repeated: boolean;
  readonly map: boolean;
  readonly codec: Codec;
  readonly keepsZero: boolean;
}

interface Message {
  /** Go's name of what it is read into, which its errors begin with. */
  readonly name: string;
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
  /** How it stands in JSON, if not as an object of its fields. */
  readonly form: Form | undefined;
}

let table: DataTable<FieldForm[]> | undefined;
const compiled: Message[] = [];

function messages(): DataTable<FieldForm[]> {
  table ??= new DataTable('protobuf.json');
  return table;
}

function messageAt(index: number): Message {
  let known = compiled[index];
  if (!known) {
    const fullName = messages().names[index]!;
    const fields = messages().read(index).map(compileField);
    const isList = fields.length === 1 && fields[0]!.name === 'items' && fields[0]!.codec === SCALARS.string;
    const name = fullName.slice(fullName.lastIndexOf('.') + 1);
    known = {
      name: name === 'Time' || name === 'MicroTime' ? 'Timestamp' : name,
      fields,
      byNumber: new Map(fields.map(field => [field.number, field])),
      form: fullName === RAW_EXTENSION ? rawExtension : isList ? LIST_FORM : FORMS[fullName],
    };
    compiled[index] = known;
  }
  return known;
}

/** An envelope, by its name. */
function message(name: string): Message {
  return messageAt(messages().indexOf(name)!);
}

function compileField([number, name, type, keepsZero]: FieldForm): Field {
  const map = type.startsWith('{}');
  const repeated = type.startsWith('[]');
  return {
    number,
    name,
    map,
    repeated,
    codec: codecOf(type.slice(map || repeated ? 2 : 0)),
    keepsZero: keepsZero === 1,
  };
}

/** Upstream's name of a kind's message. Kinds such as DeleteOptions and Status are in every group, but written once. */
function nameOf(apiVersion: string, kind: string): string | undefined {
  const own = schemaNameOf({ ...groupVersionOf(apiVersion), kind });
  return [own, `${META}.${kind}`].find(name => messages().indexOf(name) !== undefined);
}

function messageOf(apiVersion: string, kind: string): Message {
  const name = nameOf(apiVersion, kind);
  if (name) return message(name);
  throw new ProtobufError(
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`,
  );
}

// ---- values ----

/** @param type a scalar, or `#i` */
function codecOf(type: string): Codec {
  const scalar = SCALARS[type];
  if (scalar) return scalar;
  const index = Number(type.slice(1));
  return {
    wire: 2,
    zero: undefined,
    decode: (reader, raw) => {
      const inner = messageAt(index);
      if (raw || !inner.form) return decodeMessage(inner, reader, raw);
      const empty = reader.done;
      return inner.form.read(decodeMessage(inner, reader, inner.form.raw), empty);
    },
    encode: (writer, field, value, raw) => {
      const inner = messageAt(index);
      writer.message(field, () => {
        if (raw || !inner.form) encodeMessage(writer, inner, value, raw);
        else encodeMessage(writer, inner, inner.form.write(value), inner.form.raw);
      });
    },
  };
}

const RAW_EXTENSION = 'io.k8s.apimachinery.pkg.runtime.RawExtension';

/** An object of any kind: as JSON, or as a protobuf body of its own. */
const rawExtension = jsonForm('raw', undefined, bytes =>
  bytes.subarray(0, MAGIC.length).equals(MAGIC) ? decodeProtobuf(bytes) : parseJson(bytes),
);

// ---- messages on the wire ----

/** @param raw bytes stay bytes: for the envelopes around objects. */
function decodeMessage(type: Message, reader: Reader, raw = false): JsonObject {
  const result: JsonObject = {};
  while (!reader.done) {
    const { field: fieldNumber, wire } = reader.tag(type.name);
    const field = type.byNumber.get(fieldNumber);
    if (!field) {
      reader.skip(wire);
      continue;
    }
    // Numbers of a list may come packed.
    if (wire !== (field.map ? 2 : field.codec.wire) && !(field.repeated && wire === 2))
      throw new ProtobufError(`proto: wrong wireType = ${wire} for field ${goFieldName(type, field)}`);
    const source = wire === 2 ? reader.bytes() : reader;
    if (field.map) decodeEntry(field, source, result);
    else if (field.repeated) {
      const list = (result[field.name] ?? []) as unknown[];
      result[field.name] = list;
      // Numbers may come packed: one after the other in one field.
      if (field.codec.wire === 0 && wire === 2) while (!source.done) list.push(field.codec.decode(source, raw));
      else list.push(field.codec.decode(source, raw));
    } else {
      const value = field.codec.decode(source, raw);
      if (field.name === '') Object.assign(result, value);
      else if (value !== undefined && (field.keepsZero || value !== field.codec.zero)) result[field.name] = value;
    }
  }
  return result;
}

/** Go's name of a field, but for abbreviations, which it spells in capitals. */
function goFieldName(type: Message, { name }: Field): string {
  if (name === 'metadata') return /List$|^Status$/.test(type.name) ? 'ListMeta' : 'ObjectMeta';
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** One entry of a map; what it leaves out has its zero value. */
function decodeEntry(field: Field, reader: Reader, result: JsonObject): void {
  let key = '';
  let value: unknown = field.codec.zero ?? field.codec.decode(new Reader(NOTHING), false);
  while (!reader.done) {
    // Go's decoder takes their types for granted.
    const { field: part, wire } = reader.head();
    if (part === 1) key = reader.bytes().rest().toString();
    else if (part === 2) value = field.codec.decode(field.codec.wire === 2 ? reader.bytes() : reader, false);
    else reader.skip(wire);
  }
  const map = (result[field.name] ?? {}) as JsonObject;
  result[field.name] = map;
  setKey(map, key, value);
}

function encoded(type: Message, value: unknown, raw = false): Buffer {
  const writer = new Writer();
  encodeMessage(writer, type, value, raw);
  return writer.buffer;
}

function encodeMessage(writer: Writer, type: Message, value: unknown, raw: boolean): void {
  if (!isObject(value)) return;
  for (const { number, name, codec, map, repeated } of type.fields) {
    if (name === '') {
      codec.encode(writer, number, value, raw);
      continue;
    }
    const item = value[name];
    if (item === undefined || item === null) continue;
    if (map) {
      for (const [key, element] of Object.entries(item))
        writer.message(number, () => codec.encode(writer.text(1, key), 2, element, raw));
    } else if (repeated) {
      for (const element of item as unknown[]) codec.encode(writer, number, element, raw);
    } else codec.encode(writer, number, item, raw);
  }
}
