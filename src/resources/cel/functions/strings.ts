import { CelFailure, Duration, isList, isMap, Timestamp, TypeValue, Uint, type Value } from '../values.js';
import { eachOfFirst, matchPattern, type Row, rewriteFirst, scanFirst, search } from './overload.js';
import { pattern } from './standard.js';
import { durationText, timestampText } from './time.js';

function within(index: bigint, length: number): number {
  if (index < 0n || index > BigInt(length)) throw new CelFailure(`index out of range: ${index}`);
  return Number(index);
}

/** Characters, which in JavaScript may be two units. */
const characters = (text: string) => [...text];

function indexOf(text: string, part: string, from = 0n): bigint {
  const all = characters(text);
  const start = within(from, all.length);
  if (part === '') return from;
  const found = all.slice(start).join('').indexOf(part);
  return found < 0 ? -1n : BigInt(start + characters(all.slice(start).join('').slice(0, found)).length);
}

function lastIndexOf(text: string, part: string, until?: bigint): bigint {
  const all = characters(text);
  const end = until === undefined ? all.length : within(until, all.length);
  if (part === '') return BigInt(end);
  const found = text.lastIndexOf(part, all.slice(0, end).join('').length);
  return found < 0 ? -1n : BigInt(characters(text.slice(0, found)).length);
}

function substring(text: string, start: bigint, end?: bigint): string {
  const all = characters(text);
  const last = end === undefined ? all.length : within(end, all.length);
  if (start > BigInt(last)) throw new CelFailure(`invalid substring range. start: ${start}, end: ${last}`);
  return all.slice(within(start, all.length), last).join('');
}

function replace(text: string, from: string, to: string, limit = -1n): string {
  if (limit < 0n) return text.replaceAll(from, () => to);
  let left = limit;
  return text.replaceAll(from, match => (left-- > 0n ? to : match));
}

function split(text: string, separator: string, limit = -1n): string[] {
  const parts = separator === '' ? characters(text) : text.split(separator);
  if (limit < 0n || BigInt(parts.length) <= limit) return parts;
  const first = parts.slice(0, Math.max(0, Number(limit) - 1));
  return limit === 0n ? [] : [...first, parts.slice(first.length).join(separator)];
}

const ascii = (text: string, from: RegExp, to: (letter: string) => string) => text.replace(from, to);

function findAll(text: string, source: string, limit = -1n): string[] {
  return pattern(source).findAll(text, limit < 0n ? undefined : Number(limit));
}

/** `'%s is %d'.format([a, b])`. */
function format(template: string, args: readonly Value[]): string {
  let next = 0;
  const text = template.replace(/%(?:%|(\.\d+)?([sdfeboxX])|.?)/g, (match, precision: string | undefined, verb) => {
    if (match === '%%') return '%';
    if (!verb)
      throw new CelFailure(`could not parse formatting clause: unrecognized formatting clause "${match.slice(1)}"`);
    const arg = args[next++];
    if (arg === undefined) throw new CelFailure(`index ${next - 1} out of range`);
    return formatted(arg, verb, precision === undefined ? 6 : Number(precision.slice(1)));
  });
  return text;
}

function formatted(arg: Value, verb: string, digits: number): string {
  const wrong = () => new CelFailure(`error during formatting: %${verb} cannot take such a value`);
  const number = arg instanceof Uint ? arg.value : arg;
  switch (verb) {
    case 's':
      return shown(arg);
    case 'd':
      if (typeof number !== 'bigint' && typeof number !== 'number') throw wrong();
      return String(number);
    case 'f':
      if (typeof number !== 'number' && typeof number !== 'bigint') throw wrong();
      return Number(number).toFixed(digits);
    case 'e':
      if (typeof number !== 'number' && typeof number !== 'bigint') throw wrong();
      return Number(number)
        .toExponential(digits)
        .replace(/e([+-])(\d)$/, 'e$10$2');
    case 'b':
      if (typeof number === 'boolean') return number ? '1' : '0';
      if (typeof number !== 'bigint') throw wrong();
      return number.toString(2);
    case 'o':
      if (typeof number !== 'bigint') throw wrong();
      return number.toString(8);
    default: {
      const hex =
        typeof number === 'bigint'
          ? number.toString(16)
          : typeof number === 'string' || number instanceof Uint8Array
            ? Buffer.from(number as string).toString('hex')
            : undefined;
      if (hex === undefined) throw wrong();
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
  }
}

function shown(value: Value): string {
  if (isList(value)) return `[${value.map(shown).join(', ')}]`;
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof TypeValue) return value.name;
  if (isMap(value)) {
    const entries = value.keys().map(key => `${shown(key)}: ${shown(value.get(key)!)}`);
    return `{${entries.sort().join(', ')}}`;
  }
  return String(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

export const STRINGS: readonly Row[] = [
  [
    'string.charAt(int) string',
    (text: string, at: bigint) => characters(text)[within(at, characters(text).length)] ?? '',
  ],
  ['string.indexOf(string) int', (text: string, part: string) => indexOf(text, part), search],
  ['string.indexOf(string, int) int', indexOf, search],
  ['string.lastIndexOf(string) int', (text: string, part: string) => lastIndexOf(text, part), search],
  ['string.lastIndexOf(string, int) int', lastIndexOf, search],
  ['string.lowerAscii() string', (text: string) => ascii(text, /[A-Z]+/g, part => part.toLowerCase()), scanFirst],
  ['string.upperAscii() string', (text: string) => ascii(text, /[a-z]+/g, part => part.toUpperCase()), scanFirst],
  ['string.trim() string', (text: string) => text.trim(), scanFirst],
  ['string.substring(int) string', (text: string, start: bigint) => substring(text, start), scanFirst],
  ['string.substring(int, int) string', substring, scanFirst],
  [
    'string.replace(string, string) string',
    (text: string, from: string, to: string) => replace(text, from, to),
    rewriteFirst,
  ],
  ['string.replace(string, string, int) string', replace, rewriteFirst],
  ['string.split(string) list<string>', (text: string, separator: string) => split(text, separator), rewriteFirst],
  ['string.split(string, int) list<string>', split, rewriteFirst],
  ['list<string>.join() string', (list: readonly string[]) => list.join(''), eachOfFirst],
  [
    'list<string>.join(string) string',
    (list: readonly string[], separator: string) => list.join(separator),
    eachOfFirst,
  ],
  ['string.format(list<dyn>) string', format, rewriteFirst],
  [
    'strings.quote(string) string',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
    (text: string) => `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, character => ESCAPES[character]!)}"`,
    scanFirst,
  ],
  ['string.find(string) string', (text: string, source: string) => pattern(source).find(text) ?? '', matchPattern],
  ['string.findAll(string) list<string>', (text: string, source: string) => findAll(text, source), matchPattern],
  ['string.findAll(string, int) list<string>', findAll, matchPattern],
];
