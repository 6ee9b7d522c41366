import { isObject, setKey } from '../json.js';
import { JqError } from './nodes.js';

/** No text that a query makes is longer. */
const MOST_CHARACTERS = 1 << 20;

export const isTruthy = (value: unknown): boolean => value !== null && value !== undefined && value !== false;

export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'object' : typeof value;
}

const ORDER = ['null', 'boolean', 'number', 'string', 'array', 'object'];

/** The order of jq: by type first, then by value; less than 0 if `a` comes first. */
export function compare(a: unknown, b: unknown): number {
  const [left, right] = [typeOf(a), typeOf(b)];
  if (left !== right) return ORDER.indexOf(left) - ORDER.indexOf(right);
  if (left === 'null') return 0;
  if (left === 'array') return compareLists(a as unknown[], b as unknown[]);
  if (isObject(a) && isObject(b)) {
    const [keys, others] = [Object.keys(a).sort(), Object.keys(b).sort()];
    return (
      compareLists(keys, others) ||
      compareLists(
        keys.map(key => a[key]),
        keys.map(key => b[key]),
      )
    );
  }
  if (left === 'string') return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
  return Number(a) - Number(b);
}

function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compare(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** `+`, `-`, `*`, `/` and `%`. @throws JqError for types that they are not for */
export function arithmetic(operator: string, a: unknown, b: unknown): unknown {
  if (operator === '+' && (a === null || b === null)) return a ?? b;
  if (typeof a === 'number' && typeof b === 'number') return calculated(operator, a, b);
  if (typeof a === 'string' && typeof b === 'string') {
    if (operator === '+') return limited(a + b);
    if (operator === '/') return a.split(b);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    if (operator === '+') return [...a, ...b];
    if (operator === '-') return a.filter(item => !b.some(other => compare(item, other) === 0));
  }
  if (isObject(a) && isObject(b)) {
    if (operator === '+') return { ...a, ...b };
    if (operator === '*') return deeplyMerged(a, b);
  }
  throw new JqError(`cannot ${WORDS[operator]}: ${typeOf(a)} and ${typeOf(b)}`);
}

const WORDS: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
};

function calculated(operator: string, a: number, b: number): number {
  if ((operator === '/' || operator === '%') && (operator === '/' ? b : Math.trunc(b)) === 0)
    throw new JqError(`cannot ${WORDS[operator]}: number and number by zero`);
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      return (Math.trunc(a) % Math.abs(Math.trunc(b))) + 0;
  }
}

function deeplyMerged(a: object, b: object): object {
  const merged: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const old = Object.hasOwn(merged, key) ? merged[key] : undefined;
    setKey(merged, key, isObject(old) && isObject(value) ? deeplyMerged(old, value) : value);
  }
  return merged;
}

/** @throws JqError for a text that is too long */
export function limited(text: string): string {
  if (text.length > MOST_CHARACTERS) throw new JqError('the text is too long');
  return text;
}
