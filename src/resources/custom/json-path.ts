import { isObject } from '../json.js';

/** Gives what a path leads to in a value; several things for paths with `*` or a filter. */
export type JsonPath = (value: unknown) => unknown[];

type Step = (value: unknown) => unknown[];

const field =
  (name: string): Step =>
  value =>
    isObject(value) && Object.hasOwn(value, name) ? [value[name]] : [];

const every: Step = value => (Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []);

const item =
  (index: number): Step =>
  value =>
    Array.isArray(value) && value.at(index) !== undefined ? [value.at(index)] : [];

const slice =
  (from: number | undefined, to: number | undefined): Step =>
  value =>
    Array.isArray(value) ? value.slice(from, to) : [];

/** A value and all that is in it. */
const deep: Step = value => [value, ...every(value).flatMap(deep)];

type Comparison = (left: unknown, right: unknown) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<=': (a, b) => (a as number) <= (b as number),
  '>=': (a, b) => (a as number) >= (b as number),
  '<': (a, b) => (a as number) < (b as number),
  '>': (a, b) => (a as number) > (b as number),
};

/**
 * Reads a path as kubectl writes them, without its braces: `.spec.replicas`, `.metadata.labels['a/b']`, `.items[0]`, `.items[*].name`,
 * `.status.conditions[?(@.type=="Ready")].status`, `..name`.
 * @returns undefined for a text that is no such path
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const [length, step] = nextStep(rest) ?? [];
    if (length === undefined || !step) return undefined;
    steps.push(step);
    rest = rest.slice(length);
  }
  return value => steps.reduce<unknown[]>((values, step) => values.flatMap(step), [value]);
}

const FIELD = /^\.((?:[^.[\]\\]|\\.)+)/;
const QUOTED = /^\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/;
const INDEX = /^\[(-?\d+)\]/;
const SLICE = /^\[(-?\d*):(-?\d*)\]/;
const FILTER =
  /^\[\?\(\s*@((?:[^"'\])=!<>\s]|\[[^\]]*\])*)\s*(?:(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|[-\w.]+)\s*)?\)\]/;

const unescaped = (text: string) => text.replace(/\\(.)/g, '$1');

function nextStep(text: string): [length: number, step: Step] | undefined {
  if (text.startsWith('..')) return [text[2] === '[' ? 2 : 1, deep];
  if (text.startsWith('.*')) return [2, every];
  if (text.startsWith('[*]')) return [3, every];
  let match = FIELD.exec(text);
  if (match) return [match[0].length, field(unescaped(match[1]!))];
  match = QUOTED.exec(text);
  if (match) return [match[0].length, field(unescaped(match[1] ?? match[2]!))];
  match = INDEX.exec(text);
  if (match) return [match[0].length, item(Number(match[1]))];
  match = SLICE.exec(text);
  if (match) return [match[0].length, slice(bound(match[1]!), bound(match[2]!))];
  match = FILTER.exec(text);
  const step = match && filter(match[1]!, match[2], match[3]);
  return step && match ? [match[0].length, step] : undefined;
}

const bound = (text: string) => (text === '' ? undefined : Number(text));

/** The items of a list of which a comparison holds, or in which there is such a field. */
function filter(path: string, operator: string | undefined, literal = ''): Step | undefined {
  const find = parseJsonPath(path);
  if (!find) return undefined;
  if (operator === undefined) return value => every(value).filter(item => find(item).length > 0);
  const compare = COMPARISONS[operator]!;
  const wanted = literalOf(literal);
  return value => every(value).filter(item => find(item).some(found => compare(found, wanted)));
}

function literalOf(text: string): unknown {
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/** Fields one inside of the other, without lists: `.spec.replicas`; `undefined` for any other path. */
export function fieldsOfPath(text: string): string[] | undefined {
  if (!/^(\.(?:[^.[\]\\]|\\.)+|\[(?:'[^']*'|"[^"]*")\])+$/.test(text)) return undefined;
  return [...text.matchAll(/\.((?:[^.[\]\\]|\\.)+)|\[(?:'([^']*)'|"([^"]*)")\]/g)].map(([, name, single, double]) =>
    unescaped(name ?? single ?? double!),
  );
}
