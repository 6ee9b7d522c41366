import type { Random } from '../../../clock/random.js';
import { isMap, isNil, numberIn, TemplateError, typeName, type Value } from '../values.js';

/** What a template can ask of where it is carried out. */
export interface Environment {
  /** The cluster's time, in ms since the epoch. */
  readonly now: number;
  /** When the cluster began, in ms since the epoch. */
  readonly startTime: number;
  readonly dice: Random;
  readonly version: string;
  /** A value as YAML. */
  yaml(value: unknown): string;
  /** The address of a node; of that of the object, if absent. */
  nodeIP(node?: string): string;
  /** The name of the node of the object. */
  nodeName(): string;
  nodePort(): number;
  /** An address for the object as a pod; that of the node where it uses its network. */
  podIP(node?: string, hostNetwork?: boolean): string;
}

/** A function of templates. */
export interface TemplateFunction {
  /**
   * A letter for each parameter: `a` anything, `s` text, `i` a number, `b` a bool, `l` a list, `d` a map; the last may be followed
   * by `*` (any number of them) or `?` (one or none).
   */
  readonly params: string;
  call(args: readonly Value[], environment: Environment): Value;
}

/** Functions by name, each with its parameters. */
export type FunctionTable = Readonly<Record<string, readonly [params: string, call: TemplateFunction['call']]>>;

const TYPES: Readonly<Record<string, readonly [name: string, holds: (value: Value) => boolean]>> = {
  a: ['interface {}', () => true],
  s: ['string', value => typeof value === 'string'],
  i: ['int', value => numberIn(value) !== undefined],
  b: ['bool', value => typeof value === 'boolean'],
  l: ['[]interface {}', value => isNil(value) || Array.isArray(value)],
  d: ['map[string]interface {}', value => isNil(value) || isMap(value)],
};

/** Why a function cannot be called so, in Go's words; undefined if it can. */
export function checkArguments(name: string, { params }: TemplateFunction, args: readonly Value[]): string | undefined {
  const letters = params.replace(/[*?]$/, '');
  const fixed = letters.length - (letters === params ? 0 : 1);
  if (args.length < fixed || (args.length > letters.length && !params.endsWith('*'))) {
    const wanted = params.endsWith('*') ? `at least ${fixed}` : fixed;
    return `wrong number of args for ${name}: want ${wanted} got ${args.length}`;
  }
  for (const [i, arg] of args.entries()) {
    const [type, holds] = TYPES[letters[Math.min(i, letters.length - 1)]!]!;
    if (holds(arg)) continue;
    return isNil(arg)
      ? `invalid value; expected ${type}`
      : `wrong type for value; expected ${type}; got ${typeName(arg)}`;
  }
  return undefined;
}

/** A whole number as sprig's `toInt64` makes it of anything: 0, where it is none. */
export function toInt(value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return parseInteger(value) ?? 0;
  return Math.trunc(numberIn(value) ?? 0) + 0;
}

/** A number as sprig's `toFloat64` makes it of anything. */
export function toFloat(value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string')
    return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(value.trim()) ? Number(value) : 0;
  return numberIn(value) ?? 0;
}

/** As Go's `ParseInt` with the base that the text says itself; what follows a point and is zero does not matter. */
function parseInteger(text: string): number | undefined {
  const [, sign, digits] = /^([-+]?)(\d[\da-zA-Z_]*)(?:\.0*)?$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const plain = digits.replaceAll('_', '');
  const size = /^0[0-7]+$/.test(plain) ? Number.parseInt(plain, 8) : Number(plain);
  if (!Number.isInteger(size)) return undefined;
  return sign === '-' ? -size : size;
}

/** How often or how many: no more than templates can hold. @throws TemplateError */
export function amount(value: Value, most: number): number {
  const wanted = Math.max(0, toInt(value));
  if (wanted > most) throw new TemplateError(`${wanted} is too many`);
  return wanted;
}
