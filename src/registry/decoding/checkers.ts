import { cloneJson, isObject, type JsonObject, setKey } from '../../resources/json.js';
import { type CustomType, isZero, type SchemaType, type StructType } from '../../resources/schema.js';
import { type Checker, Context } from './context.js';
import { goName, goType } from './go-types.js';
import { checkAmount, SCALARS } from './scalars.js';

const COMPLETING = new Context('Ignore', [], false, true, false);

const checkers = new WeakMap<SchemaType, Checker>();

export function checkerOf(type: SchemaType): Checker {
  let checker = checkers.get(type);
  if (!checker) {
    checker = compile(type);
    checkers.set(type, checker);
  }
  return checker;
}

function compile(type: SchemaType): Checker {
  switch (type.kind) {
    case 'scalar':
      return SCALARS[type.scalar];
    case 'list':
      return listChecker(type.element, goType(type));
    case 'map':
      return mapChecker(type.element, goType(type));
    case 'struct':
      return type.custom ? customChecker(type, type.custom) : structChecker(type);
  }
}

/** Custom resources are checked by their schema later on; here they only lose what it does not have. Metadata is as everywhere. */
function customChecker(type: StructType, custom: CustomType): Checker {
  const checkMetadata = checkerOf(type.field('metadata')!.type);
  return (value, context) => {
    if (!isObject(value)) throw context.mismatch(value, 'map[string]interface {}');
    // What was applied has been held against the schema, and its nulls are for validation to judge.
    const object = context.completing ? custom.prune(value, path => context.unknownAt(path)) : value;
    const { metadata } = object;
    if (metadata === undefined || metadata === null) return object;
    context.path.push('metadata');
    const checked = checkMetadata(metadata, context);
    context.path.pop();
    return checked === metadata ? object : { ...object, metadata: checked };
  };
}

interface FieldChecker {
  readonly check: Checker;
  /** Whether what it holds is dropped, as Go's `omitempty` does: empty lists and maps, and zeroes that are no pointers. */
  readonly isOmitted?: (value: unknown, context: Context) => boolean;
}

function structChecker(type: StructType): Checker {
  const name = goName(type.name).split('.')[1]!;
  const fields = new Map<string, FieldChecker>();
  const fieldOf = (key: string): FieldChecker | undefined => {
    let field = fields.get(key);
    const known = field ? undefined : type.field(key);
    if (known) {
      const kind = known.type.kind;
      const isOmitted = known.omitZero
        ? isOmittedZero
        : !known.present && (kind === 'list' || kind === 'map')
          ? isEmpty
          : undefined;
      field = { check: checkerOf(known.type), ...(isOmitted && { isOmitted }) };
      fields.set(key, field);
    }
    return field;
  };
  let zeroes: JsonObject | undefined;
  return (value, context) => {
    if (!isObject(value)) throw context.mismatch(value, goName(type.name));
    const { path } = context;
    const outer = context.struct;
    context.struct = name;
    let copy: JsonObject | undefined;
    for (const key of Object.keys(value)) {
      const field = fieldOf(key);
      if (!field) {
        context.unknown(key);
        copy ??= { ...value };
        delete copy[key];
        continue;
      }
      const old = value[key];
      let next = old;
      if (old !== null) {
        path.push(key);
        next = field.check(old, context);
        path.pop();
      }
      if (!context.keepNothing && (next === null || field.isOmitted?.(next, context))) {
        copy ??= { ...value };
        delete copy[key];
      } else if (next !== old) {
        copy ??= { ...value };
        copy[key] = next;
      }
    }
    if (context.completing) {
      zeroes ??= zeroesOf(type);
      for (const key in zeroes) {
        if (value[key] !== undefined && value[key] !== null) continue;
        copy ??= { ...value };
        copy[key] = cloneJson(zeroes[key]);
      }
    }
    context.struct = outer;
    return copy ?? value;
  };
}

/** What stands in the fields that are there even where nobody filled them in: scalars and structs. */
function zeroesOf(type: StructType): JsonObject {
  const zeroes: JsonObject = {};
  for (const name of type.fieldNames) {
    const field = type.field(name)!;
    const { kind } = field.type;
    if (!field.present || kind === 'list' || kind === 'map') continue;
    const zero = kind === 'struct' ? checkerOf(field.type)({}, COMPLETING) : zeroOf(field.type);
    if (zero !== null) zeroes[name] = zero;
  }
  return zeroes;
}

const isOmittedZero = (value: unknown, { completing }: Context) => completing && isZero(value);

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value as object) return false;
  return true;
}

function listChecker(element: SchemaType, goName: string): Checker {
  const check = checkerLater(element);
  return (value, context) => {
    if (!Array.isArray(value)) throw context.mismatch(value, goName);
    const { path } = context;
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i++) {
      path.push(i);
      const given = value[i] ?? zeroOf(element);
      const next = given === null ? null : check()(given, context);
      path.pop();
      if (next !== value[i]) {
        copy ??= [...value];
        copy[i] = next;
      }
    }
    return copy ?? value;
  };
}

function mapChecker(element: SchemaType, goName: string): Checker {
  // Upstream's defaults round lists of resources, which are the maps of quantities there are.
  const isAmounts = element.kind === 'scalar' && element.scalar === 'quantity';
  const check = isAmounts ? () => checkAmount : checkerLater(element);
  return (value, context) => {
    if (!isObject(value)) throw context.mismatch(value, goName);
    let copy: JsonObject | undefined;
    for (const key of Object.keys(value)) {
      const old = value[key];
      const given = old ?? zeroOf(element);
      let next: unknown;
      if (element.kind === 'scalar') next = given === null ? null : check()(given, context);
      else {
        context.path.push({ key });
        next = check()(given, context);
        context.path.pop();
      }
      if (next !== old) {
        copy ??= { ...value };
        setKey(copy, key, next);
      }
    }
    return copy ?? value;
  };
}

/** Types may contain themselves: the element's checker is looked up when it is first needed. */
function checkerLater(type: SchemaType): () => Checker {
  let checker: Checker | undefined;
  return () => {
    checker ??= checkerOf(type);
    return checker;
  };
}

/** What a null among the elements of a list or map stands for: Go's zero value. */
function zeroOf(type: SchemaType): unknown {
  if (type.kind === 'list') return [];
  if (type.kind !== 'scalar') return {};
  switch (type.scalar) {
    case 'string':
    case 'bytes':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    default:
      return null;
  }
}
