import {
  Float,
  isMap,
  isNil,
  keysOf,
  MOST_CHARACTERS,
  numberIn,
  TemplateError,
  Time,
  typeName,
  type Value,
} from './values.js';

/** A float as Go's `%v` has it: `1.5`, `1e+06`. */
function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = exponentOf(value);
  return size < -4 || size >= 6 ? exponential(value) : decimal(value);
}

/** The shortest way without an exponent. */
const decimal = (value: number): string => value.toFixed(fractionOf(value));

/** The shortest way with an exponent of two digits at least. */
function exponential(value: number, digits?: number): string {
  const [mantissa, exponent] = value.toExponential(digits).split('e');
  const size = Number(exponent);
  return `${mantissa}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(2, '0')}`;
}

const exponentOf = (value: number): number => Number(value.toExponential().split('e')[1]);

/** How many digits stand behind the point in the shortest way to write the number without an exponent. */
function fractionOf(value: number): number {
  const [mantissa, exponent] = value.toExponential().split('e');
  const digits = mantissa!.replace(/^-?\d\.?/, '').length;
  return Math.min(100, Math.max(0, digits - Number(exponent)));
}

/** A value as Go prints it with `%v`. @throws TemplateError if that is too long */
export function format(value: Value): string {
  let left = MOST_CHARACTERS;
  const write = (one: Value): string => {
    const text = Array.isArray(one)
      ? `[${one.map(write).join(' ')}]`
      : isMap(one)
        ? `map[${keysOf(one)
            .map(key => `${key}:${write(one[key])}`)
            .join(' ')}]`
        : scalar(one);
    if ((left -= Math.max(1, text.length)) < 0) throw new TemplateError('the value is too large to be printed');
    return text;
  };
  return write(value);
}

function scalar(value: Value): string {
  if (isNil(value)) return '<nil>';
  if (value instanceof Float) return formatFloat(value.value);
  if (value instanceof Time)
    return `${new Date(value.ms)
      .toISOString()
      .replace('T', ' ')
      .replace(/\.?0*Z$/, '')} +0000 UTC`;
  return String(value);
}

/** Texts after one another, as Go's `Sprint` joins them: with a space between two of which neither is a string. */
export function sprint(values: readonly Value[]): string {
  let text = '';
  values.forEach((value, i) => {
    if (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string') text += ' ';
    text += format(value);
  });
  return text;
}

/** A string as Go's `%q` has it. */
export function goQuote(text: string): string {
  let quoted = '';
  for (const c of text) {
    const known = ESCAPES[c];
    const code = c.codePointAt(0)!;
    if (known) quoted += known;
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else quoted += c;
  }
  return `"${quoted}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

const VERB = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:\[(\d+)\])?([a-zA-Z%!]|$)/gu;

/** Go's `Sprintf`, but for what has no meaning for JSON (`%p`, `%U`). */
export function sprintf(pattern: string, args: readonly Value[]): string {
  let next = 0;
  const text = pattern.replaceAll(
    VERB,
    (_, flags: string, width?: string, precision?: string, index?: string, verb?: string) => {
      const measure = (given: string | undefined) =>
        given === '*' ? numberIn(args[next++]) : given === undefined ? undefined : Number(given);
      const size = measure(width) ?? 0;
      const digits = measure(precision);
      if (size > MOST_CHARACTERS || (digits ?? 0) > 100) throw new TemplateError(`printf: ${pattern} is too wide`);
      if (verb === '%') return '%';
      if (!verb) return '%!(NOVERB)';
      if (index !== undefined) next = Number(index) - 1;
      if (next >= args.length) return `%!${verb}(MISSING)`;
      return padded(formatted(verb, args[next++], flags, digits), size, flags);
    },
  );
  if (next >= args.length || /%\[/.test(pattern)) return text;
  const extra = args.slice(next).map(arg => (isNil(arg) ? '<nil>' : `${typeName(arg)}=${format(arg)}`));
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

function padded(text: string, width: number, flags: string): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + text;
  const [, sign, digits] = /^([-+]?)(.*)$/s.exec(text)!;
  return sign + '0'.repeat(missing) + digits;
}

function formatted(verb: string, value: Value, flags: string, precision: number | undefined): string {
  const number = numberIn(value);
  const bad = `%!${verb}(${isNil(value) ? '<nil>' : `${typeName(value)}=${format(value)}`})`;
  const signed = (text: string) => {
    if (text.startsWith('-')) return text;
    if (flags.includes('+')) return `+${text}`;
    return flags.includes(' ') ? ` ${text}` : text;
  };
  const cut = (text: string) => (precision === undefined ? text : [...text].slice(0, precision).join(''));
  if (verb === 'v' || verb === 's') {
    if (verb === 's' && isNil(value)) return '%!s(<nil>)';
    if (verb === 's' && (number !== undefined || typeof value === 'boolean')) return bad;
    if (Array.isArray(value) && verb === 's')
      return `[${value.map(item => formatted('s', item, flags, precision)).join(' ')}]`;
    return number === undefined ? cut(format(value)) : signed(format(value));
  }
  if (verb === 'T') return typeName(value);
  if (verb === 't') return typeof value === 'boolean' ? String(value) : bad;
  if (verb === 'q') {
    if (typeof value === 'string') return goQuote(cut(value));
    if (Array.isArray(value)) return `[${value.map(item => formatted('q', item, flags, precision)).join(' ')}]`;
    return number !== undefined && Number.isInteger(number) ? `'${String.fromCodePoint(number)}'` : bad;
  }
  if ((verb === 'x' || verb === 'X') && typeof value === 'string') {
    const hex = Buffer.from(cut(value)).toString('hex');
    return verb === 'X' ? hex.toUpperCase() : hex;
  }
  if (number === undefined) return bad;
  if ('fFeEgG'.includes(verb)) return signed(asFloat(verb, number, precision));
  if (value instanceof Float || !Number.isInteger(number)) return bad;
  const based = BASES[verb];
  if (based) return signed(asInteger(number, based, precision, flags, verb));
  return verb === 'c' ? String.fromCodePoint(number) : bad;
}

function asFloat(verb: string, number: number, precision: number | undefined): string {
  if (!Number.isFinite(number)) return formatFloat(number);
  if (verb === 'f' || verb === 'F') return number.toFixed(precision ?? 6);
  if (verb === 'e' || verb === 'E')
    return verb === 'E' ? exponential(number, precision ?? 6).toUpperCase() : exponential(number, precision ?? 6);
  if (precision === undefined) return formatFloat(number);
  const digits = Math.max(1, precision);
  const rounded = Number(number.toPrecision(digits));
  const size = exponentOf(rounded);
  return size < -4 || size >= digits ? exponential(rounded) : decimal(rounded);
}

const BASES: Readonly<Record<string, number>> = { d: 10, x: 16, X: 16, o: 8, b: 2 };

function asInteger(number: number, base: number, precision: number | undefined, flags: string, verb: string): string {
  let digits = Math.abs(number).toString(base);
  if (precision !== undefined) digits = digits.padStart(precision, '0');
  if (verb === 'X') digits = digits.toUpperCase();
  if (flags.includes('#') && base === 16) digits = `0${verb}${digits}`;
  return number < 0 ? `-${digits}` : digits;
}
