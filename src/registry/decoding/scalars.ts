import { goKind } from '../../resources/go-format.js';
import { isObject } from '../../resources/json.js';
import { canonicalAmount, canonicalQuantity, QuantityError } from '../../resources/quantity.js';
import type { Scalar } from '../../resources/schema.js';
import { type Checker, type Context, MismatchError } from './context.js';

function quantityChecker(canonical: (text: string) => string): Checker {
  return value => {
    try {
      // Upstream reads the JSON text itself, whatever it is.
      return canonical((typeof value === 'string' ? value : JSON.stringify(value)).trim());
    } catch (error) {
      throw error instanceof QuantityError ? new MismatchError(error.message) : error;
    }
  };
}

export const checkAmount = quantityChecker(canonicalAmount);

const text = (goType: string): Checker => {
  return (value, context) => {
    if (typeof value !== 'string') throw context.mismatch(value, goType);
    return value;
  };
};

const integer = (goType: string, min: number, max: number): Checker => {
  return (value, context) => {
    if (typeof value !== 'number') throw context.mismatch(value, goType);
    if (!Number.isInteger(value) || value < min || value > max)
      throw context.mismatch(value, goType, `number ${value}`);
    return value;
  };
};

const anything: Checker = value => value;

const freeForm: Checker = (value, context) => {
  if (!isObject(value)) throw context.mismatch(value, 'runtime.RawExtension');
  return value;
};

const byte = integer('uint8', 0, 255);
const int32 = integer('int32', -(2 ** 31), 2 ** 31 - 1);

export const SCALARS: Record<Scalar, Checker> = {
  string: text('string'),
  boolean: (value, context) => {
    if (typeof value !== 'boolean') throw context.mismatch(value, 'bool');
    return value;
  },
  int32,
  // Whole numbers beyond 2^53 have lost their last digits by the time they are numbers here; their range still is what int64 allows.
  int64: integer('int64', -(2 ** 63), 2 ** 63),
  double: (value, context) => {
    if (typeof value !== 'number') throw context.mismatch(value, 'float64');
    return value;
  },
  bytes: (value, context) => {
    if (Array.isArray(value))
      return Buffer.from(value.map(item => byte(item ?? 0, context) as number)).toString('base64');
    if (typeof value !== 'string') throw context.mismatch(value, '[]uint8');
    const at = base64Error(value);
    if (at !== undefined) {
      const prefix = context.converting ? 'error decoding from json: ' : '';
      throw new MismatchError(`${prefix}illegal base64 data at input byte ${at}`);
    }
    return value;
  },
  time: (value, context) => checkTime(value, context, 'v1.Time'),
  microtime: (value, context) => checkTime(value, context, 'v1.MicroTime'),
  quantity: quantityChecker(canonicalQuantity),
  intOrString: (value, context) => {
    if (typeof value === 'string' || (typeof value === 'number' && int32(value, context) === value)) return value;
    throw new MismatchError(`json: cannot unmarshal ${goKind(value)} into Go value of type int32`);
  },
  raw: freeForm,
  fields: freeForm,
  atomic: anything,
  deduced: anything,
};

/** Index of the first character that is not base64; `undefined` if all is well. */
function base64Error(value: string): number | undefined {
  const clean = value.replace(/[\r\n]/g, '');
  const bad = /[^A-Za-z0-9+/=]/.exec(clean);
  if (bad) return bad.index;
  if (clean.length % 4 !== 0) return clean.length - (clean.length % 4);
  const padding = clean.indexOf('=');
  return padding >= 0 && !/^={1,2}$/.test(clean.slice(padding)) ? padding : undefined;
}

const RFC3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** What comes after a time that would be right without it. */
const EXTRA_TEXT = new RegExp(`${RFC3339.source.slice(0, -1)}(?<extra>.+)$`, 's');

/** The length of a time up to its seconds. */
const SECONDS = '2006-01-02T15:04:05'.length;

function checkTime(value: unknown, context: Context, goType: string): unknown {
  if (typeof value !== 'string') {
    throw context.converting
      ? new MismatchError(`json: cannot unmarshal ${goKind(value)} into Go value of type string`)
      : context.mismatch(value, 'string');
  }
  const isMicro = goType === 'v1.MicroTime';
  const unreadable = (rest: string, wanted: string) => {
    const layout = isMicro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
    return new MismatchError(
      `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${wanted}"`,
    );
  };
  if (!RFC3339.test(value)) {
    const extra = EXTRA_TEXT.exec(value)?.groups?.extra;
    if (extra !== undefined)
      throw new MismatchError(`parsing time ${JSON.stringify(value)}: extra text: ${JSON.stringify(extra)}`);
    const year = /^\d{4}-?/.exec(value);
    throw unreadable(year ? value.slice(year[0].length) : value, !year ? '2006' : year[0].length === 4 ? '-' : '01');
  }
  if (isMicro && !/\.\d{6}(?!\d)/.test(value)) {
    const fraction = value.slice(SECONDS);
    throw /^\.\d{7}/.test(fraction) ? unreadable(fraction.slice(7), 'Z07:00') : unreadable(fraction, '.000000');
  }
  if (value.endsWith('Z') && !(goType === 'v1.Time' && value.includes('.'))) return value;
  // Times are stored in UTC, metav1.Time without fractions of a second.
  const utc = new Date(value).toISOString();
  return goType === 'v1.Time' ? `${utc.slice(0, 19)}Z` : `${utc.slice(0, 23)}000Z`;
}
