import type { JsonObject } from '../resources/json.js';
import { Writer } from './protobuf/wire.js';

/*
 * The protobuf form of an OpenAPI v2 document (messages of gnostic's `openapi.v2`), which is all that kubectl takes when it
 * checks a manifest by itself: always before 1.25, and since then for kinds that the server does not know.
 */

/** Bytes of a message or string; or a number, of a flag. */
type Encode = (value: unknown) => Buffer | number;

interface Field {
  readonly number: number;
  readonly encode: Encode;
  readonly repeated: boolean;
}

/** The fields of a message by their names in JSON. */
type Form = Readonly<Record<string, Field>>;

const one = (number: number, encode: Encode): Field => ({ number, encode, repeated: false });
const many = (number: number, encode: Encode): Field => ({ number, encode, repeated: true });

function put(writer: Writer, number: number, value: Buffer | number): Writer {
  return typeof value === 'number' ? writer.int(number, value) : writer.bytes(number, value);
}

/**
 * A message of known fields.
 * @param extensions number of the field that holds what the names beginning with `x-` say
 */
function message(form: () => Form, extensions?: number): Encode {
  return object => {
    const writer = new Writer();
    const fields = form();
    for (const [name, value] of Object.entries(object as JsonObject)) {
      const field = fields[name];
      if (!field) {
        if (extensions !== undefined && name.startsWith('x-')) writer.bytes(extensions, named(name, any(value)));
      } else if (field.repeated) {
        for (const item of value as unknown[]) put(writer, field.number, field.encode(item));
      } else put(writer, field.number, field.encode(value));
    }
    return writer.buffer;
  };
}

/** A message around one other: how this schema writes alternatives. */
const within =
  (number: number, encode: Encode): Encode =>
  value =>
    put(new Writer(), number, encode(value)).buffer;

const named = (name: string, value: Buffer | number) => put(new Writer().bytes(1, Buffer.from(name)), 2, value).buffer;

/** A message of named entries: how this schema writes maps. */
const map =
  (number: number, encode: Encode): Encode =>
  object => {
    const writer = new Writer();
    for (const [name, value] of Object.entries(object as JsonObject)) writer.bytes(number, named(name, encode(value)));
    return writer.buffer;
  };

const text: Encode = value => Buffer.from(String(value));
const flag: Encode = value => (value ? 1 : 0);
/** Whatever JSON there is, as the YAML that it also is. */
const any: Encode = value => new Writer().bytes(2, Buffer.from(JSON.stringify(value))).buffer;

const schema = message(() => SCHEMA, 31);
const SCHEMA: Form = {
  $ref: one(1, text),
  format: one(2, text),
  title: one(3, text),
  description: one(4, text),
  default: one(5, any),
  required: many(19, text),
  enum: many(20, any),
  additionalProperties: one(21, value => (typeof value === 'boolean' ? within(2, flag) : within(1, schema))(value)),
  type: one(22, within(1, text)),
  items: one(23, within(1, schema)),
  allOf: many(24, schema),
  properties: one(25, map(1, schema)),
};

const PARAMETER: Form = {
  required: one(1, flag),
  in: one(2, text),
  description: one(3, text),
  name: one(4, text),
};
const BODY_PARAMETER: Form = {
  description: one(1, text),
  name: one(2, text),
  in: one(3, text),
  required: one(4, flag),
  schema: one(5, schema),
};
const QUERY_PARAMETER: Form = { ...PARAMETER, type: one(6, text), uniqueItems: one(20, flag) };
const PATH_PARAMETER: Form = { ...PARAMETER, type: one(5, text), uniqueItems: one(19, flag) };

/** By `in`. */
const PARAMETERS: Readonly<Record<string, Encode>> = {
  body: within(
    1,
    message(() => BODY_PARAMETER),
  ),
  query: within(
    2,
    within(
      3,
      message(() => QUERY_PARAMETER),
    ),
  ),
  path: within(
    2,
    within(
      4,
      message(() => PATH_PARAMETER),
    ),
  ),
};
const parameter = within(1, value => PARAMETERS[(value as { in: string }).in]!(value));

const RESPONSE: Form = { description: one(1, text), schema: one(2, within(1, schema)) };

const OPERATION: Form = {
  tags: many(1, text),
  description: one(3, text),
  operationId: one(5, text),
  produces: many(6, text),
  consumes: many(7, text),
  parameters: many(8, parameter),
  responses: one(
    9,
    map(
      1,
      within(
        1,
        message(() => RESPONSE),
      ),
    ),
  ),
  schemes: many(10, text),
};
const operation = message(() => OPERATION, 13);

const PATH_ITEM: Form = {
  get: one(2, operation),
  put: one(3, operation),
  post: one(4, operation),
  delete: one(5, operation),
  patch: one(8, operation),
  parameters: many(9, parameter),
};

const INFO: Form = { title: one(1, text), version: one(2, text) };
const API_KEY: Form = { type: one(1, text), name: one(2, text), in: one(3, text), description: one(4, text) };

const DOCUMENT: Form = {
  swagger: one(1, text),
  info: one(
    2,
    message(() => INFO),
  ),
  paths: one(
    8,
    map(
      2,
      message(() => PATH_ITEM),
    ),
  ),
  definitions: one(9, map(1, schema)),
  securityDefinitions: one(
    13,
    map(
      1,
      within(
        2,
        message(() => API_KEY),
      ),
    ),
  ),
};

/** An OpenAPI v2 document, given as JSON, as protobuf. */
export function encodeOpenApi2(document: object): Buffer {
  return message(() => DOCUMENT)(document) as Buffer;
}
