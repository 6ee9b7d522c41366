/** The types of CEL, as the checker knows them. */
export type CelType =
  | { readonly kind: Plain }
  /** How long a text or how many its bytes can be at most; unknown if left out. */
  | { readonly kind: 'string' | 'bytes'; readonly max?: number }
  | { readonly kind: 'list'; readonly element: CelType; readonly max?: number }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType; readonly max?: number }
  | { readonly kind: 'optional'; readonly of: CelType }
  | { readonly kind: 'type'; readonly of: CelType }
  /** An object with fields of its own, by their names in expressions. */
  | ObjectType
  /** Something that only functions know how to use: a URL, a quantity. */
  | { readonly kind: 'opaque'; readonly name: string }
  /** Stands for one type within a signature. */
  | { readonly kind: 'param'; readonly name: string };

type Plain = 'dyn' | 'null' | 'bool' | 'int' | 'uint' | 'double' | 'timestamp' | 'duration' | 'error';

interface ObjectType {
  readonly kind: 'object';
  readonly name: string;
  readonly fields: { get(name: string): CelType | undefined };
}

export const DYN: CelType = { kind: 'dyn' };
/** Of an expression that was complained of already: goes with everything. */
export const ERROR: CelType = { kind: 'error' };
export const BOOL: CelType = { kind: 'bool' };
export const INT: CelType = { kind: 'int' };
export const STRING: CelType = { kind: 'string' };
export const listOf = (element: CelType, max?: number): CelType => ({ kind: 'list', element, ...sized(max) });
export const mapOf = (key: CelType, value: CelType, max?: number): CelType => ({
  kind: 'map',
  key,
  value,
  ...sized(max),
});
export const optionalOf = (of: CelType): CelType => ({ kind: 'optional', of });
const sized = (max: number | undefined) => (max === undefined ? {} : { max });

/** Types that expressions can name: `type(self) == string`. */
export const TYPE_NAMES: ReadonlyMap<string, CelType> = new Map<string, CelType>([
  ['bool', BOOL],
  ['int', INT],
  ['uint', { kind: 'uint' }],
  ['double', { kind: 'double' }],
  ['string', STRING],
  ['bytes', { kind: 'bytes' }],
  ['null_type', { kind: 'null' }],
  ['list', listOf(DYN)],
  ['map', mapOf(DYN, DYN)],
  ['type', { kind: 'type', of: DYN }],
]);

/** A type as messages print it: `list(int)`. */
export function formatType(type: CelType): string {
  switch (type.kind) {
    case 'error':
      return '!error!';
    case 'list':
      return `list(${formatType(type.element)})`;
    case 'map':
      return `map(${formatType(type.key)}, ${formatType(type.value)})`;
    case 'optional':
      return `optional_type(${formatType(type.of)})`;
    case 'type':
      return `type(${formatType(type.of)})`;
    case 'object':
    case 'opaque':
    case 'param':
      return type.name;
    default:
      return type.kind;
  }
}

/** What the parameters of a signature stand for. */
export type Bindings = Map<string, CelType>;

/** Anything goes with dynamic values; nothing more is said of what is wrong already. */
const isOpen = ({ kind }: CelType) => kind === 'dyn' || kind === 'error';

/** Whether a value of type `actual` can stand where `wanted` is asked for; remembers what parameters stand for. */
export function matches(wanted: CelType, actual: CelType, bindings: Bindings): boolean {
  if (wanted.kind === 'param') {
    const bound = bindings.get(wanted.name);
    if (!bound) {
      bindings.set(wanted.name, actual);
      return true;
    }
    if (matches(bound, actual, bindings)) {
      if (bound.kind === 'null') bindings.set(wanted.name, actual);
      return true;
    }
    return false;
  }
  if (isOpen(wanted) || isOpen(actual)) return true;
  if (wanted.kind === 'null' || actual.kind === 'null') return isNullable(wanted) && isNullable(actual);
  switch (wanted.kind) {
    case 'list':
      return actual.kind === 'list' && matches(wanted.element, actual.element, bindings);
    case 'map':
      return (
        actual.kind === 'map' &&
        matches(wanted.key, actual.key, bindings) &&
        matches(wanted.value, actual.value, bindings)
      );
    case 'optional':
      return actual.kind === 'optional' && matches(wanted.of, actual.of, bindings);
    case 'object':
    case 'opaque':
      return actual.kind === wanted.kind && actual.name === wanted.name;
    default:
      return wanted.kind === actual.kind;
  }
}

/** What null may stand for. */
const isNullable = ({ kind }: CelType) =>
  ['null', 'object', 'opaque', 'optional', 'timestamp', 'duration', 'type'].includes(kind);

/** A type of a signature with what its parameters stand for. */
export function substitute(type: CelType, bindings: Bindings): CelType {
  switch (type.kind) {
    case 'param':
      return bindings.get(type.name) ?? DYN;
    case 'list':
      return listOf(substitute(type.element, bindings));
    case 'map':
      return mapOf(substitute(type.key, bindings), substitute(type.value, bindings));
    case 'optional':
      return optionalOf(substitute(type.of, bindings));
    case 'type':
      return { kind: 'type', of: substitute(type.of, bindings) };
    default:
      return type;
  }
}
