import { type CelType, DYN, listOf, mapOf, optionalOf } from '../types.js';
import { sizeOf, type Value } from '../values.js';

/** One way to call a function. */
export interface Overload {
  readonly name: string;
  /** Called as a method: the receiver is the first of the arguments. */
  readonly method: boolean;
  readonly args: readonly CelType[];
  readonly result: CelType;
  readonly call: (...args: never[]) => Value;
  readonly work: Work;
}

/** What a call costs, in upstream's units, by the sizes of its arguments. The same counts at run time and before, at most. */
export type Work = (sizes: readonly number[]) => number;

/** Signature (`string.contains(string) bool`), what it does, and what it costs: 1, if nothing is said. */
export type Row = readonly [signature: string, call: (...args: never[]) => Value, work?: Work];

const PER_CHARACTER = 0.1;
const scan = (size: number) => Math.ceil(size * PER_CHARACTER);

export const once: Work = () => 1;
/** Goes through its first argument. */
export const scanFirst: Work = ([first = 0]) => scan(first);
/** Goes through the first argument and makes something as large. */
export const rewriteFirst: Work = ([first = 0]) => scan(2 * first);
export const scanAll: Work = sizes => scan(sizes.reduce((sum, size) => sum + size, 0));
/** Looks for the second in the first. */
export const search: Work = ([text = 0, part = 0]) => scan(text) * scan(part);
export const matchPattern: Work = ([text = 0, pattern = 0]) => scan(1 + text) * Math.ceil(pattern * 0.25);
/** Compares as much as there is of both. */
export const compareBoth: Work = ([a = 0, b = 0]) => Math.max(1, scan(Math.min(a, b)));
export const eachOfFirst: Work = ([first = 0]) => first;

export const costOf = ({ work }: Overload, args: readonly Value[]): number => work(args.map(sizeOf));

export function overload([signature, call, work = once]: Row): Overload {
  const [, receiver, name, args, result] = /^(?:([\w()<>, ]+)\.)?([\w.?@\-+*/%!=<>&|:[\]]+?)\((.*)\) (\S.*)$/.exec(
    signature,
  )!;
  const types = splitTypes(args!).map(parseType);
  const isMethod = receiver !== undefined && !NAMESPACES.includes(receiver);
  return {
    name: receiver === undefined || isMethod ? name! : `${receiver}.${name}`,
    method: isMethod,
    args: isMethod ? [parseType(receiver), ...types] : types,
    result: parseType(result!),
    call,
    work,
  };
}

/** What stands before the dot of `optional.none()`, and is no value. */
const NAMESPACES = ['format', 'ip', 'optional', 'sets', 'strings'];
const PLAIN = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'null', 'timestamp', 'duration'];
const OPAQUE: Readonly<Record<string, string>> = {
  URL: 'kubernetes.URL',
  IP: 'net.IP',
  CIDR: 'net.CIDR',
  Quantity: 'kubernetes.Quantity',
  Semver: 'kubernetes.Semver',
  Format: 'kubernetes.NamedFormat',
  Authorizer: 'kubernetes.authorization.Authorizer',
  PathCheck: 'kubernetes.authorization.PathCheck',
  GroupCheck: 'kubernetes.authorization.GroupCheck',
  ResourceCheck: 'kubernetes.authorization.ResourceCheck',
  Decision: 'kubernetes.authorization.Decision',
};

function parseType(text: string): CelType {
  const [, outer, inner] = /^(\w+)<(.*)>$/.exec(text) ?? [];
  if (outer && inner !== undefined) {
    const [first = DYN, second = DYN] = splitTypes(inner).map(parseType);
    if (outer === 'list') return listOf(first);
    if (outer === 'type') return { kind: 'type', of: first };
    return outer === 'map' ? mapOf(first, second) : optionalOf(first);
  }
  if (PLAIN.includes(text)) return { kind: text } as CelType;
  if (OPAQUE[text]) return { kind: 'opaque', name: OPAQUE[text] };
  return text === 'dyn' ? DYN : { kind: 'param', name: text };
}

/** `string, list<T>` at the commas that stand in no brackets. */
const splitTypes = (text: string): string[] => (text === '' ? [] : text.split(/, (?![^<]*>)/));
