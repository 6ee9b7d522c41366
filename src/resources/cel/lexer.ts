import { CelError } from './ast.js';
import { Uint, type Value } from './values.js';

export interface Token {
  readonly kind: 'name' | 'literal' | 'symbol' | 'end';
  /** As it is written; `<EOF>` at the end. */
  readonly text: string;
  readonly at: number;
  readonly value?: Value;
}

const SPACE = /(?:[ \t\r\n\f]+|\/\/[^\n]*)*/y;
const NUMBER = /(?:0[xX][0-9a-fA-F]+[uU]?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|\d+[uU]?)/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}]/y;
const STRING = /([rRbB]{0,2})("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*')/y;
const RAW_STRING = /([bB]?[rR][bB]?)("""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n\r]*"|'[^'\n\r]*')/y;
const ESCAPE =
  /\\(?:([abfnrtv\\'"`?])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S]))/g;
const SIMPLE: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const WORDS: Readonly<Record<string, Value>> = { true: true, false: false, null: null };

/** The words of an expression. @throws CelError at what is none */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  for (;;) {
    at += take(SPACE)![0].length;
    if (at >= source.length) return [...tokens, { kind: 'end', text: '<EOF>', at }];
    const string = take(RAW_STRING) ?? take(STRING);
    const number = string ? null : take(NUMBER);
    const name = string || number ? null : take(NAME);
    const found = string ?? number ?? name ?? take(SYMBOL);
    if (!found) throw new CelError(source, [{ at, message: unreadable(source.slice(at)) }]);
    const [text] = found;
    if (string) tokens.push({ kind: 'literal', text, at, value: stringOf(source, at, string[1]!, string[2]!) });
    else if (number) tokens.push({ kind: 'literal', text, at, value: numberOf(source, at, text) });
    else if (name && Object.hasOwn(WORDS, text)) tokens.push({ kind: 'literal', text, at, value: WORDS[text]! });
    else tokens.push({ kind: name ? 'name' : 'symbol', text, at });
    at += text.length;
  }
}

const unreadable = (rest: string) =>
  `Syntax error: token recognition error at: '${/^["']/.test(rest) ? rest.split('\n')[0] : rest[0]}'`;

function numberOf(source: string, at: number, text: string): Value {
  if (!/^0x/i.test(text) && /[.eE]/.test(text)) return Number(text);
  const unsigned = /u$/i.test(text);
  const value = BigInt(unsigned ? text.slice(0, -1) : text);
  // One more than an int holds may still be negated.
  if (value > (unsigned ? 2n ** 64n - 1n : 2n ** 63n))
    throw new CelError(source, [{ at, message: `invalid ${unsigned ? 'u' : ''}int literal` }]);
  return unsigned ? new Uint(value) : value;
}

function stringOf(source: string, at: number, prefix: string, quoted: string): Value {
  const quotes = /^("""|''')/.test(quoted) ? 3 : 1;
  const inner = quoted.slice(quotes, -quotes);
  const bytes = /b/i.test(prefix);
  if (/r/i.test(prefix)) return bytes ? new TextEncoder().encode(inner) : inner;
  const parts: (string | number)[] = [];
  let end = 0;
  for (const match of inner.matchAll(ESCAPE)) {
    const [text, simple, hex, short, long, octal, unknown] = match;
    if (unknown !== undefined) throw new CelError(source, [{ at, message: 'unable to unescape string' }]);
    parts.push(inner.slice(end, match.index));
    const code = Number.parseInt(hex ?? short ?? long ?? octal ?? '', octal ? 8 : 16);
    if (code > 0x10ffff) throw new CelError(source, [{ at, message: 'unable to unescape string' }]);
    if (simple !== undefined) parts.push(SIMPLE[simple] ?? simple);
    else parts.push(bytes ? code : String.fromCodePoint(code));
    end = match.index + text.length;
  }
  parts.push(inner.slice(end));
  if (!bytes) return parts.join('');
  return Buffer.concat(parts.map(part => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part))));
}
