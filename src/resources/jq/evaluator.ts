import { isObject, type JsonObject, setKey } from '../json.js';
import { FUNCTIONS } from './functions.js';
import { JqError, type Query } from './nodes.js';
import { arithmetic, compare, isTruthy, typeOf } from './values.js';

/** What a query may do in all, and give. */
const MOST_STEPS = 200_000;

/** A query that goes on for ever; nothing catches it. */
class TooLong extends Error {}

interface Scope {
  readonly name: string;
  readonly value: unknown;
  readonly outer: Scope | undefined;
}

/**
 * All that a query gives for a value.
 * @throws JqError where jq has an error
 */
export function evaluate(query: Query, input: unknown): unknown[] {
  try {
    return new Evaluation().of(query, input, undefined);
  } catch (error) {
    throw error instanceof TooLong ? new JqError('the query goes on for too long') : error;
  }
}

class Evaluation {
  #steps = 0;

  of(query: Query, input: unknown, scope: Scope | undefined): unknown[] {
    this.#step();
    switch (query.type) {
      case 'identity':
        return [input];
      case 'recurse':
        return this.#recursed(input);
      case 'literal':
        return [query.value];
      case 'variable':
        return [lookedUp(query.name, scope)];
      case 'text':
        return this.#text(query.parts, input, scope);
      case 'index':
        return this.#both(query.of, query.key, input, scope, index);
      case 'slice':
        return this.of(query.of, input, scope).flatMap(whole => {
          const bound = (at: Query | undefined) => (at ? this.of(at, input, scope) : [null]);
          return bound(query.from).flatMap(from => bound(query.to).map(to => slice(whole, from, to)));
        });
      case 'each':
        return this.of(query.of, input, scope).flatMap(value => this.#counted(items(value)));
      case 'negative':
        return this.of(query.of, input, scope).map(value => {
          if (typeof value === 'number') return -value;
          throw new JqError(`cannot negate: ${typeOf(value)}`);
        });
      case 'try':
        return this.#tried(
          () => this.of(query.of, input, scope),
          () => [],
        );
      case 'catch':
        return this.#tried(
          () => this.of(query.of, input, scope),
          message => this.of(query.handler, message, scope),
        );
      case 'array':
        return [query.of ? this.of(query.of, input, scope) : []];
      case 'object':
        return this.#objects(query.fields, input, scope);
      case 'binary':
        return this.#binary(query, input, scope);
      case 'if':
        return this.of(query.condition, input, scope).flatMap(value =>
          this.of(isTruthy(value) ? query.yes : query.no, input, scope),
        );
      case 'bind':
        return this.of(query.of, input, scope).flatMap(value =>
          this.of(query.body, input, { name: query.name, value, outer: scope }),
        );
      case 'reduce':
        return this.of(query.start, input, scope).map(start =>
          this.of(query.of, input, scope).reduce(
            (state, value) => this.of(query.update, state, { name: query.name, value, outer: scope }).at(-1) ?? null,
            start,
          ),
        );
      case 'call':
        return this.#counted(
          FUNCTIONS.get(`${query.name}/${query.args.length}`)!(
            input,
            ...query.args.map(arg => (value: unknown) => this.of(arg, value, scope)),
          ),
        );
    }
  }

  #binary({ operator, left, right }: Query & { type: 'binary' }, input: unknown, scope: Scope | undefined): unknown[] {
    switch (operator) {
      case '|':
        return this.of(left, input, scope).flatMap(value => this.of(right, value, scope));
      case ',':
        return [...this.of(left, input, scope), ...this.of(right, input, scope)];
      case '//': {
        const found = this.#tried(
          () => this.of(left, input, scope),
          () => [],
        ).filter(isTruthy);
        return found.length > 0 ? found : this.of(right, input, scope);
      }
      case 'and':
      case 'or':
        return this.of(left, input, scope).flatMap(value => {
          if (isTruthy(value) === (operator === 'or')) return [operator === 'or'];
          return this.of(right, input, scope).map(isTruthy);
        });
      default:
        return this.#both(right, left, input, scope, (b, a) => operated(operator, a, b));
    }
  }

  /** Each of what the first gives with each of what the second gives. */
  #both(
    first: Query,
    second: Query,
    input: unknown,
    scope: Scope | undefined,
    made: (a: unknown, b: unknown) => unknown,
  ): unknown[] {
    const others = this.of(second, input, scope);
    return this.#counted(this.of(first, input, scope).flatMap(a => others.map(b => made(a, b))));
  }

  #text(parts: readonly (string | Query)[], input: unknown, scope: Scope | undefined): string[] {
    let texts = [''];
    for (const part of parts) {
      const pieces = typeof part === 'string' ? [part] : this.of(part, input, scope).map(textOf);
      texts = this.#counted(texts.flatMap(text => pieces.map(piece => text + piece)));
    }
    return texts;
  }

  #objects(fields: readonly (readonly [Query, Query])[], input: unknown, scope: Scope | undefined): JsonObject[] {
    let made: JsonObject[] = [{}];
    for (const [keyQuery, valueQuery] of fields) {
      const keys = this.of(keyQuery, input, scope);
      const values = this.of(valueQuery, input, scope);
      made = made.flatMap(object =>
        keys.flatMap(key => {
          if (typeof key !== 'string') throw new JqError(`expected a string for object key but got: ${typeOf(key)}`);
          return values.map(value => {
            const next = { ...object };
            setKey(next, key, value);
            return next;
          });
        }),
      );
      this.#counted(made);
    }
    return made;
  }

  #recursed(value: unknown): unknown[] {
    this.#step();
    const inside = typeof value === 'object' && value !== null ? Object.values(value) : [];
    return [value, ...inside.flatMap(item => this.#recursed(item))];
  }

  #tried<T>(work: () => T[], otherwise: (message: string) => T[]): T[] {
    try {
      return work();
    } catch (error) {
      if (error instanceof JqError) return otherwise(error.message);
      throw error;
    }
  }

  #counted<T>(values: T[]): T[] {
    this.#step(values.length);
    return values;
  }

  #step(count = 1): void {
    this.#steps += count;
    if (this.#steps > MOST_STEPS) throw new TooLong();
  }
}

function lookedUp(name: string, scope: Scope | undefined): unknown {
  for (let at = scope; at; at = at.outer) if (at.name === name) return at.value;
  throw new JqError(`variable not defined: $${name}`);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The items of a list, or the values of an object. */
function items(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (isObject(value))
    return Object.keys(value)
      .sort()
      .map(key => value[key]);
  throw new JqError(`cannot iterate over: ${typeOf(value)}`);
}

function index(of: unknown, key: unknown): unknown {
  if (typeof key === 'string') {
    if (of === null) return null;
    if (isObject(of)) return Object.hasOwn(of, key) ? (of[key] ?? null) : null;
    throw new JqError(`expected an object but got: ${typeOf(of)}`);
  }
  if (typeof key === 'number') {
    if (of === null) return null;
    if (Array.isArray(of)) return of.at(Math.floor(key)) ?? null;
    throw new JqError(`expected an array but got: ${typeOf(of)}`);
  }
  throw new JqError(`invalid index: ${typeOf(key)}`);
}

function slice(of: unknown, from: unknown, to: unknown): unknown {
  if (of === null) return null;
  if (typeof of !== 'string' && !Array.isArray(of)) throw new JqError(`cannot slice: ${typeOf(of)}`);
  const [start, end] = [from ?? 0, to ?? undefined];
  if (typeof start !== 'number' || (end !== undefined && typeof end !== 'number'))
    throw new JqError('expected a number for slice');
  return typeof of === 'string' ? [...of].slice(start, end).join('') : of.slice(start, end);
}

function operated(operator: string, a: unknown, b: unknown): unknown {
  switch (operator) {
    case '==':
      return compare(a, b) === 0;
    case '!=':
      return compare(a, b) !== 0;
    case '<':
      return compare(a, b) < 0;
    case '<=':
      return compare(a, b) <= 0;
    case '>':
      return compare(a, b) > 0;
    case '>=':
      return compare(a, b) >= 0;
    default:
      return arithmetic(operator, a, b);
  }
}
