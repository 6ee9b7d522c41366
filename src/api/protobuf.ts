import { DataTable } from '../resources/data-table.js';
import { groupVersionOf, schemaNameOf } from '../resources/definition.js';
import { isObject, type JsonObject, setKey } from '../resources/json.js';
import { META } from '../resources/schema.js';

/** `k8s\0`: how every protobuf body begins; a `runtime.Unknown` with kind, version and the object's own message follows. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

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
  const unknown = decodeMessage(message(UNKNOWN), new Reader(buffer, MAGIC.length, buffer.length), true);
  const { apiVersion, kind } = { ...fallback, ...(unknown.typeMeta as Partial<TypeMeta>) };
  const raw = (unknown.raw ?? Buffer.alloc(0)) as Buffer;
  try {
    return { kind, apiVersion, ...decodeMessage(messageOf(apiVersion, kind), new Reader(raw, 0, raw.length)) };
  } catch (error) {
    throw error instanceof ProtobufError ? new ProtobufError(error.message, { apiVersion, kind }) : error;
  }
}

/** How an object says what it is. */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Bytes that cannot be read, or an object that has no such form. */
export class ProtobufError extends Error {
  constructor(
    message: string,
    /** What the body says that it holds, if that could be read. */
    readonly typeMeta?: TypeMeta,
  ) {
    super(message);
  }
}

/**
 * An object as a protobuf body.
 * @throws ProtobufError if its kind has no message: {@link hasProtobuf} tells beforehand.
 */
export function encodeProtobuf(object: TypedObject): Buffer {
  const { apiVersion, kind, ...fields } = object;
  const raw = encodeMessage(messageOf(apiVersion, kind), fields);
  const unknown = { typeMeta: { apiVersion, kind }, raw, contentEncoding: '', contentType: '' };
  return Buffer.concat([MAGIC, encodeMessage(message(UNKNOWN), unknown, true)]);
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
  const event = encodeMessage(message(`${META}.WatchEvent`), { type, object: { raw: object } }, true);
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
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
  /** A message that stands for a list of strings in JSON (`Verbs`, `ExtraValue`). */
  readonly isList: boolean;
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
    const fields = messages().read(index).map(compileField);
    const isList = fields.length === 1 && fields[0]!.name === 'items' && fields[0]!.codec === SCALARS.string;
    known = { fields, byNumber: new Map(fields.map(field => [field.number, field])), isList };
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

/** How one value is written: as a varint, or as bytes with their length before them. */
interface Codec {
  readonly wire: 0 | 2;
  /** The value that Go has where nothing was said. */
  readonly zero: unknown;
  /** `undefined`: a value that stands for none. */
  decode(reader: Reader, raw: boolean): unknown;
  encode(value: unknown, raw: boolean): Buffer | number;
}

function codecOf(type: string): Codec {
  const scalar = SCALARS[type];
  if (scalar) return scalar;
  const index = Number(type.slice(1));
  const name = messages().names[index]!;
  const special = SPECIAL[name.slice('io.k8s.apimachinery.pkg.'.length)];
  if (special && name.startsWith('io.k8s.apimachinery.pkg.')) return special;
  return {
    wire: 2,
    zero: undefined,
    decode: (reader, raw) => {
      const inner = messageAt(index);
      const value = decodeMessage(inner, reader, raw);
      return inner.isList ? (value.items ?? []) : value;
    },
    encode: (value, raw) => {
      const inner = messageAt(index);
      return encodeMessage(inner, inner.isList ? { items: value } : value, raw);
    },
  };
}

const number: Codec = {
  wire: 0,
  zero: 0,
  decode: reader => reader.int(),
  encode: value => Number(value),
};

const SCALARS: Record<string, Codec> = {
  int32: number,
  int64: number,
  bool: { wire: 0, zero: false, decode: reader => reader.int() !== 0, encode: value => (value ? 1 : 0) },
  string: {
    wire: 2,
    zero: '',
    decode: reader => reader.rest().toString(),
    encode: value => Buffer.from(String(value)),
  },
  bytes: {
    wire: 2,
    zero: undefined,
    decode: (reader, raw) => (raw ? reader.rest() : reader.rest().toString('base64')),
    encode: (value, raw) => (raw ? (value as Buffer) : Buffer.from(String(value), 'base64')),
  },
};

/** Reads the fields of a small message of numbers and strings by number. */
function parts(reader: Reader): Map<number, number | Buffer> {
  const found = new Map<number, number | Buffer>();
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (wire === 0) found.set(field, reader.int());
    else if (wire === 2) found.set(field, reader.bytes().rest());
    else reader.skip(wire);
  }
  return found;
}

function timeCodec(digits: number): Codec {
  return {
    wire: 2,
    zero: undefined,
    decode: reader => {
      const found = parts(reader);
      if (!found.has(1)) return undefined;
      const time = new Date(Number(found.get(1)) * 1000);
      if (Number.isNaN(time.getTime())) throw new ProtobufError(`time out of range: ${found.get(1)} s`);
      const text = time.toISOString().slice(0, 19);
      const micros = Math.floor(Number(found.get(2) ?? 0) / 1000);
      return `${text}${digits ? `.${String(micros).padStart(digits, '0')}` : ''}Z`;
    },
    encode: value => {
      const text = String(value);
      const seconds = Math.floor(Date.parse(text) / 1000);
      const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
      const nanos = digits ? Number(fraction.padEnd(9, '0').slice(0, 9)) : 0;
      return new Writer().int(1, seconds).int(2, nanos).buffer;
    },
  };
}

const json: Codec = {
  wire: 2,
  zero: undefined,
  decode: reader => {
    const raw = parts(reader).get(1);
    if (!(raw instanceof Buffer) || raw.length === 0) return undefined;
    if (raw.subarray(0, 4).equals(MAGIC)) return decodeProtobuf(raw);
    try {
      return JSON.parse(raw.toString()) as unknown;
    } catch {
      throw new ProtobufError('raw extension holds no JSON');
    }
  },
  encode: value => new Writer().bytes(1, Buffer.from(JSON.stringify(value))).buffer,
};

/** Messages whose JSON form is not an object of their fields. */
const SPECIAL: Record<string, Codec> = {
  'apis.meta.v1.Time': timeCodec(0),
  'apis.meta.v1.MicroTime': timeCodec(6),
  'apis.meta.v1.FieldsV1': json,
  'runtime.RawExtension': {
    ...json,
    decode: (reader, raw) => (raw ? { raw: parts(reader).get(1) } : json.decode(reader, raw)),
    encode: (value, raw) =>
      raw ? new Writer().bytes(1, (value as { raw: Buffer }).raw).buffer : json.encode(value, raw),
  },
  'api.resource.Quantity': {
    wire: 2,
    zero: undefined,
    decode: reader => String(parts(reader).get(1) ?? '0') || '0',
    encode: value => new Writer().bytes(1, Buffer.from(String(value))).buffer,
  },
  'util.intstr.IntOrString': {
    wire: 2,
    zero: undefined,
    decode: reader => {
      const found = parts(reader);
      return Number(found.get(1) ?? 0) === 1 ? String(found.get(3) ?? '') : Number(found.get(2) ?? 0);
    },
    encode: value =>
      typeof value === 'string'
        ? new Writer().int(1, 1).int(2, 0).bytes(3, Buffer.from(value)).buffer
        : new Writer().int(1, 0).int(2, Number(value)).bytes(3, Buffer.alloc(0)).buffer,
  },
};

// ---- messages on the wire ----

/** @param raw bytes stay bytes: for the envelopes around objects. */
function decodeMessage(type: Message, reader: Reader, raw = false): JsonObject {
  const result: JsonObject = {};
  while (!reader.done) {
    const { field: fieldNumber, wire } = reader.tag();
    const field = type.byNumber.get(fieldNumber);
    if (!field) {
      reader.skip(wire);
      continue;
    }
    // Numbers of a list may come packed.
    if (wire !== (field.map ? 2 : field.codec.wire) && !(field.repeated && wire === 2))
      throw new ProtobufError(`proto: wrong wireType = ${wire} for field ${goFieldName(field)}`);
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
function goFieldName({ name }: Field): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const NOTHING = Buffer.alloc(0);

/** One entry of a map; what it leaves out has its zero value. */
function decodeEntry(field: Field, reader: Reader, result: JsonObject): void {
  let key = '';
  let value: unknown = field.codec.zero ?? field.codec.decode(new Reader(NOTHING, 0, 0), false);
  while (!reader.done) {
    const { field: part, wire } = reader.tag();
    if (part === 1 && wire === 2) key = reader.bytes().rest().toString();
    else if (part === 2 && wire === field.codec.wire)
      value = field.codec.decode(wire === 2 ? reader.bytes() : reader, false);
    else reader.skip(wire);
  }
  const map = (result[field.name] ?? {}) as JsonObject;
  result[field.name] = map;
  setKey(map, key, value);
}

function encodeMessage(type: Message, value: unknown, raw = false): Buffer {
  const writer = new Writer();
  if (!isObject(value)) return writer.buffer;
  for (const field of type.fields) {
    if (field.name === '') {
      writer.bytes(field.number, field.codec.encode(value, raw) as Buffer);
      continue;
    }
    const item = value[field.name];
    if (item === undefined || item === null) continue;
    if (field.map) {
      for (const [key, element] of Object.entries(item)) {
        const entry = new Writer().bytes(1, Buffer.from(key)).value(2, field.codec, element, raw);
        writer.bytes(field.number, entry.buffer);
      }
    } else if (field.repeated) {
      for (const element of item as unknown[]) writer.value(field.number, field.codec, element, raw);
    } else writer.value(field.number, field.codec, item, raw);
  }
  return writer.buffer;
}

// ---- bytes ----

class Reader {
  constructor(
    readonly buffer: Buffer,
    private at: number,
    private readonly end: number,
  ) {}

  get done(): boolean {
    return this.at >= this.end;
  }

  tag(): { field: number; wire: number } {
    const tag = this.varint();
    const field = Math.floor(tag / 8);
    if (field === 0) throw new ProtobufError(`proto: illegal tag ${field} (wire type ${tag})`);
    return { field, wire: tag % 8 };
  }

  /** An unsigned varint below 2⁵³. */
  private varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      if (this.done) throw new ProtobufError('unexpected EOF');
      const byte = this.buffer[this.at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
      if (factor > 2 ** 63) throw new ProtobufError('proto: integer overflow');
    }
  }

  /** A varint as a signed 64-bit number, in two's complement. Beyond 2⁵³ the last digits are lost, as JSON would lose them. */
  int(): number {
    const start = this.at;
    const value = this.varint();
    if (value < 2 ** 53) return value;
    let exact = 0n;
    for (let i = start, shift = 0n; i < this.at; i++, shift += 7n) exact |= BigInt(this.buffer[i]! & 0x7f) << shift;
    return Number(BigInt.asIntN(64, exact));
  }

  /** The next length-delimited field, as a reader of its own. */
  bytes(): Reader {
    const length = this.varint();
    const start = this.at;
    if (start + length > this.end) throw new ProtobufError('unexpected EOF');
    this.at = start + length;
    return new Reader(this.buffer, start, this.at);
  }

  /** All that is left. */
  rest(): Buffer {
    const rest = this.buffer.subarray(this.at, this.end);
    this.at = this.end;
    return rest;
  }

  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 2) this.bytes();
    else if (wire === 1 || wire === 5) {
      this.at += wire === 1 ? 8 : 4;
      if (this.at > this.end) throw new ProtobufError('unexpected EOF');
    } else throw new ProtobufError(`proto: illegal wireType ${wire}`);
  }
}

/** Writes the fields of a message one after the other. */
export class Writer {
  readonly #chunks: Buffer[] = [];

  get buffer(): Buffer {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
  }

  int(field: number, value: number): this {
    this.#chunks.push(varint(field * 8), varint(value));
    return this;
  }

  bytes(field: number, value: Buffer): this {
    this.#chunks.push(varint(field * 8 + 2), varint(value.length), value);
    return this;
  }

  value(field: number, codec: Codec, value: unknown, raw: boolean): this {
    const encoded = codec.encode(value, raw);
    return typeof encoded === 'number' ? this.int(field, encoded) : this.bytes(field, encoded);
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  if (value >= 0 && value < 2 ** 53) {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
    bytes.push(rest);
  } else {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
  }
  return Buffer.from(bytes);
}
