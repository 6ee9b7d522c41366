import { formatDuration, parseDuration } from '../../clock/duration.js';
import type { JsonObject } from '../../resources/json.js';
import { META } from '../../resources/schema.js';
import { ProtobufError, type Reader, type Wire, type Writer } from './wire.js';

/** How one value is read and written. */
export interface Codec {
  readonly wire: Wire;
  /** The value that Go has where nothing was said. */
  readonly zero: unknown;
  /**
   * @param raw bytes stay bytes: for the envelopes around objects
   * @returns `undefined`: a value that stands for none
   */
  decode(reader: Reader, raw: boolean): unknown;
  encode(writer: Writer, field: number, value: unknown, raw: boolean): void;
}

const integer = (bits: 32 | 64): Codec => ({
  wire: 0,
  zero: 0,
  decode: reader => reader.int(bits),
  encode: (writer, field, value) => void writer.int(field, Number(value)),
});

/** The scalars of data/protobuf.json. */
export const SCALARS: Readonly<Record<string, Codec>> = {
  int32: integer(32),
  int64: integer(64),
  double: {
    wire: 1,
    zero: 0,
    decode: reader => reader.double(),
    encode: (writer, field, value) => void writer.double(field, Number(value)),
  },
  bool: {
    wire: 0,
    zero: false,
    decode: reader => reader.int(64) !== 0,
    encode: (writer, field, value) => void writer.int(field, value ? 1 : 0),
  },
  string: {
    wire: 2,
    zero: '',
    decode: reader => reader.rest().toString(),
    encode: (writer, field, value) => void writer.text(field, String(value)),
  },
  bytes: {
    wire: 2,
    zero: undefined,
    decode: (reader, raw) => (raw ? reader.rest() : reader.rest().toString('base64')),
    encode: (writer, field, value, raw) =>
      void writer.bytes(field, raw ? (value as Buffer) : Buffer.from(String(value), 'base64')),
  },
};

/** How a message whose JSON is no object of its fields stands in JSON. */
export interface Form {
  /** Whether bytes among the fields are wanted as they are; never of messages that hold others. */
  readonly raw: boolean;
  /** @param empty whether not even zeros were written */
  read(fields: JsonObject, empty: boolean): unknown;
  write(value: unknown): JsonObject;
}

function form(read: Form['read'], write: Form['write'], raw = false): Form {
  return { raw, read, write };
}

function timeForm(digits: number): Form {
  return form(
    ({ seconds = 0, nanos = 0 }, empty) => {
      if (empty) return undefined;
      const time = new Date(Number(seconds) * 1000);
      if (Number.isNaN(time.getTime())) throw new ProtobufError(`time out of range: ${seconds} s`);
      const micros = Math.floor(Number(nanos) / 1000);
      const fraction = digits ? `.${String(micros).padStart(digits, '0')}` : '';
      return `${time.toISOString().slice(0, 19)}${fraction}Z`;
    },
    value => {
      const text = String(value);
      const fraction = digits ? (/\.(\d+)/.exec(text)?.[1] ?? '') : '';
      return { seconds: Math.floor(Date.parse(text) / 1000), nanos: Number(fraction.padEnd(9, '0').slice(0, 9)) };
    },
  );
}

/** JSON as it is, in the field of this name. */
export function jsonForm(field: string, nothing: null | undefined, parse = parseJson): Form {
  return form(
    fields => {
      const bytes = fields[field] as Buffer | undefined;
      return bytes?.length ? parse(bytes) : nothing;
    },
    value => (value === nothing ? {} : { [field]: Buffer.from(JSON.stringify(value)) }),
    true,
  );
}

/** @throws ProtobufError */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    throw new ProtobufError('raw extension holds no JSON');
  }
}

/** A message that stands for a list of strings in JSON (`Verbs`, `ExtraValue`). */
export const LIST_FORM = form(
  ({ items = [] }) => items,
  items => ({ items }),
);

const NANOS_PER_MS = 1e6;
const APIEXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';

/** By the name of the message. */
export const FORMS: Readonly<Record<string, Form>> = {
  [`${META}.Time`]: timeForm(0),
  [`${META}.MicroTime`]: timeForm(6),
  [`${META}.Duration`]: form(
    ({ duration = 0 }) => formatDuration(Number(duration) / NANOS_PER_MS),
    value => ({ duration: (parseDuration(String(value)) ?? 0) * NANOS_PER_MS }),
  ),
  [`${META}.FieldsV1`]: jsonForm('Raw', undefined),
  'io.k8s.apimachinery.pkg.api.resource.Quantity': form(
    ({ string }) => string || '0',
    value => ({ string: String(value) }),
  ),
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': form(
    ({ type, intVal = 0, strVal = '' }) => (type === 1 ? strVal : intVal),
    value =>
      typeof value === 'string'
        ? { type: 1, intVal: 0, strVal: value }
        : { type: 0, intVal: Number(value), strVal: '' },
  ),
  [`${APIEXTENSIONS}.JSON`]: jsonForm('raw', null),
  [`${APIEXTENSIONS}.JSONSchemaPropsOrArray`]: form(
    ({ schema, jSONSchemas }) => jSONSchemas ?? schema ?? null,
    value => (Array.isArray(value) ? { jSONSchemas: value } : { schema: value }),
  ),
  [`${APIEXTENSIONS}.JSONSchemaPropsOrBool`]: form(
    ({ schema, allows = false }) => schema ?? allows,
    value => (typeof value === 'boolean' ? { allows: value } : { allows: true, schema: value }),
  ),
  [`${APIEXTENSIONS}.JSONSchemaPropsOrStringArray`]: form(
    ({ schema, property }) => property ?? schema ?? null,
    value => (Array.isArray(value) ? { property: value } : { schema: value }),
  ),
};
