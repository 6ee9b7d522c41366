import { Pattern, patternOf } from '../../custom/pattern.js';
import { format, goQuote } from '../format.js';
import { isNil, MOST_CHARACTERS, MOST_ITEMS, TemplateError, type Value } from '../values.js';
import { amount, type FunctionTable, toInt } from './function.js';

/** A value as sprig's `strval` writes it. */
export const textOf = (value: Value): string => (typeof value === 'string' ? value : format(value));

/** The items of a list as text; of what is none, itself. */
function textsOf(value: Value): string[] {
  if (isNil(value)) return [];
  return Array.isArray(value) ? value.filter(item => !isNil(item)).map(textOf) : [textOf(value)];
}

const present = (args: readonly Value[]): Value[] => args.filter(arg => !isNil(arg));

/** Spaces before each line. */
function indented(count: Value, text: string): string {
  const pad = ' '.repeat(amount(count, 10_000));
  const lines = text.split('\n');
  if (pad.length * lines.length > MOST_CHARACTERS) throw new TemplateError('the text is too long');
  return lines.map(line => pad + line).join('\n');
}

const trimmed = (text: string, set: string): string => {
  const characters = new Set(set);
  const all = [...text];
  let [from, to] = [0, all.length];
  while (from < to && characters.has(all[from]!)) from++;
  while (to > from && characters.has(all[to - 1]!)) to--;
  return all.slice(from, to).join('');
};

function substr(start: number, end: number, text: string): string {
  const bytes = Buffer.from(text);
  if (start < 0) return bytes.subarray(0, Math.max(0, end)).toString();
  if (end < 0 || end > bytes.length) return bytes.subarray(start).toString();
  return bytes.subarray(start, end).toString();
}

function trunc(length: number, text: string): string {
  const bytes = Buffer.from(text);
  if (length < 0 && bytes.length + length > 0) return bytes.subarray(bytes.length + length).toString();
  return length >= 0 && bytes.length > length ? bytes.subarray(0, length).toString() : text;
}

function replaced(old: string, by: string, text: string): string {
  const count = old === '' ? text.length + 1 : text.split(old).length - 1;
  if (text.length + count * by.length > MOST_CHARACTERS) throw new TemplateError('the text is too long');
  return text.replaceAll(old, () => by);
}

function pieces(separator: string, text: string, most = 0): string[] {
  const all = separator === '' ? [...text] : text.split(separator);
  if (most > 0 && all.length > most) return [...all.slice(0, most - 1), all.slice(most - 1).join(separator)];
  return all;
}

const asMap = (items: readonly string[]) => Object.fromEntries(items.map((item, i) => [`_${i}`, item]));

/** @throws TemplateError for what is no regular expression of Go's */
function pattern(source: string): Pattern {
  const found = patternOf(source);
  if (found instanceof Pattern) return found;
  throw new TemplateError(found.message);
}

type Replacement = Parameters<Pattern['replaceAll']>[1];

/** Go's `$1`, `${1}`, `$name` and `$$` in what replaces a match. */
const expanded =
  (by: string): Replacement =>
  (groups, named) =>
    by.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar?: string, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? '';
      return dollar ?? (/^\d+$/.test(name) ? groups[Number(name)] : named[name]) ?? '';
    });

const REGEX: FunctionTable = {
  regexMatch: ['ss', ([source, text]) => pattern(source as string).test(text as string)],
  regexFind: ['ss', ([source, text]) => pattern(source as string).find(text as string) ?? ''],
  regexFindAll: [
    'ssi',
    ([source, text, most]) =>
      pattern(source as string).findAll(text as string, toInt(most) < 0 ? MOST_ITEMS : toInt(most)),
  ],
  regexReplaceAll: [
    'sss',
    ([source, text, by]) => pattern(source as string).replaceAll(text as string, expanded(by as string)),
  ],
  regexReplaceAllLiteral: [
    'sss',
    ([source, text, by]) => pattern(source as string).replaceAll(text as string, () => by as string),
  ],
  regexQuoteMeta: ['s', ([text]) => (text as string).replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')],
};

/** The same again by names that begin with `must`: here both fail where sprig's first ones panic. */
const MUST_REGEX: FunctionTable = Object.fromEntries(
  Object.entries(REGEX)
    .filter(([name]) => name !== 'regexQuoteMeta')
    .map(([name, entry]) => [`mustR${name.slice(1)}`, entry]),
);

/** By itself, since every object has a `toString` of another type. */
const TO_STRING: FunctionTable[string] = ['a', ([value]) => textOf(value)];

/** Sprig's functions for text. */
export const STRINGS: FunctionTable = {
  ...REGEX,
  ...MUST_REGEX,
  toString: TO_STRING,
  toStrings: ['a', ([value]) => textsOf(value)],
  trim: ['s', ([text]) => (text as string).trim()],
  trimAll: ['ss', ([set, text]) => trimmed(text as string, set as string)],
  trimPrefix: [
    'ss',
    ([start, text]) =>
      (text as string).startsWith(start as string) ? (text as string).slice((start as string).length) : text,
  ],
  trimSuffix: [
    'ss',
    ([end, text]) => {
      const [cut, whole] = [end as string, text as string];
      return cut !== '' && whole.endsWith(cut) ? whole.slice(0, -cut.length) : whole;
    },
  ],
  lower: ['s', ([text]) => (text as string).toLowerCase()],
  upper: ['s', ([text]) => (text as string).toUpperCase()],
  title: ['s', ([text]) => (text as string).replace(/(?<![\p{L}\p{Nd}_'])\p{L}/gu, c => c.toUpperCase())],
  untitle: ['s', ([text]) => (text as string).replace(/(?<!\S)\p{L}/gu, c => c.toLowerCase())],
  nospace: ['s', ([text]) => (text as string).replace(/\s/g, '')],
  repeat: [
    'is',
    ([count, text]) =>
      (text as string).repeat(amount(count, Math.floor(MOST_CHARACTERS / Math.max(1, (text as string).length)))),
  ],
  substr: ['iis', ([start, end, text]) => substr(toInt(start), toInt(end), text as string)],
  trunc: ['is', ([length, text]) => trunc(toInt(length), text as string)],
  contains: ['ss', ([part, text]) => (text as string).includes(part as string)],
  hasPrefix: ['ss', ([start, text]) => (text as string).startsWith(start as string)],
  hasSuffix: ['ss', ([end, text]) => (text as string).endsWith(end as string)],
  quote: [
    'a*',
    args =>
      present(args)
        .map(arg => goQuote(textOf(arg)))
        .join(' '),
  ],
  squote: [
    'a*',
    args =>
      present(args)
        .map(arg => `'${format(arg)}'`)
        .join(' '),
  ],
  cat: ['a*', args => present(args).map(format).join(' ')],
  indent: ['is', ([count, text]) => indented(count, text as string)],
  nindent: ['is', ([count, text]) => `\n${indented(count, text as string)}`],
  replace: ['sss', ([old, by, text]) => replaced(old as string, by as string, text as string)],
  plural: ['ssi', ([one, many, count]) => (toInt(count) === 1 ? one : many)],
  join: ['sa', ([separator, list]) => textsOf(list).join(separator as string)],
  split: ['ss', ([separator, text]) => asMap(pieces(separator as string, text as string))],
  splitn: ['sis', ([separator, most, text]) => asMap(pieces(separator as string, text as string, toInt(most)))],
  splitList: ['ss', ([separator, text]) => pieces(separator as string, text as string)],
  sortAlpha: ['a', ([list]) => textsOf(list).sort()],
};
