import type { CelType } from './types.js';
import type { Value } from './values.js';

/** What every part of an expression has: where it stands (characters from the start), and its type once that is known. */
interface Part {
  readonly at: number;
  type?: CelType;
}

export type Expression = Part &
  (
    | { kind: 'literal'; value: Value }
    | { kind: 'name'; name: string; slot?: number }
    /** `operand.field`, `operand.?field`, `has(operand.field)`. */
    | { kind: 'select'; operand: Expression; field: string; how: 'value' | 'optional' | 'test' }
    /** A function, method or operator (`_+_`). */
    | { kind: 'call'; name: string; target?: Expression; args: Expression[] }
    | { kind: 'list'; items: Item[] }
    | { kind: 'map'; entries: Entry[] }
    | Comprehension
    /** `target.optMap(name, body)`, which `optFlatMap` does not wrap again. */
    | { kind: 'mapOptional'; target: Expression; name: string; slot?: number; body: Expression; flat: boolean }
  );

export type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

interface Item {
  value: Expression;
  /** `[?value]`: stands in the list if the optional has a value. */
  optional: boolean;
}

interface Entry extends Item {
  key: Expression;
}

/** A macro that goes through a list or a map: `range.all(x, x > 0)`. */
interface Comprehension {
  kind: 'comprehension';
  macro: Macro;
  range: Expression;
  /** One name: items, or keys of a map. Two: the index or key, and what stands there. */
  names: { name: string; at: number; slot?: number }[];
  /** What is asked of each. */
  condition?: Expression;
  /** What is made of each. */
  result?: Expression;
}

export type Macro = 'all' | 'exists' | 'exists_one' | 'filter' | 'map' | 'transformMap';

/** Every problem of an expression; the message shows each with its place, as upstream prints them. */
export class CelError extends Error {
  constructor(source: string, problems: readonly { at: number; message: string }[]) {
    super(problems.map(({ at, message }) => located(source, at, message)).join('\n'));
    this.name = 'CelError';
  }
}

function located(source: string, at: number, message: string): string {
  const before = source.slice(0, at).split('\n');
  const column = [...before.at(-1)!].length;
  const line = source.split('\n')[before.length - 1] ?? '';
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line}\n | ${'.'.repeat(column)}^`;
}
