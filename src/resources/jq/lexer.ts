import { JqError } from './nodes.js';

/** A piece of a text: as it is, or what a query gives. */
type TextPart = string | { readonly query: string };

export interface Token {
  readonly type: 'word' | 'field' | 'variable' | 'number' | 'text' | 'sign' | 'end';
  readonly value: string;
  readonly parts?: readonly TextPart[];
}

const SPACE = /(?:\s|#[^\n]*)+/y;
const FIELD = /\.[A-Za-z_]\w*/y;
const VARIABLE = /\$[A-Za-z_]\w*/y;
const WORD = /[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const SIGN = /\.\.|\/\/|==|!=|<=|>=|\?\/\/|[.|,()[\]{}:;?=<>+\-*/%]/y;

/** Takes a query apart. @throws JqError */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    const space = match(SPACE);
    if (space) {
      at += space.length;
      continue;
    }
    if (source[at] === '"') {
      const { parts, end } = text(source, at);
      tokens.push({ type: 'text', value: source.slice(at, end), parts });
      at = end;
      continue;
    }
    const kinds = [
      ['field', FIELD],
      ['variable', VARIABLE],
      ['number', NUMBER],
      ['word', WORD],
      ['sign', SIGN],
    ] as const;
    const found = kinds.map(([type, pattern]) => ({ type, value: match(pattern) })).find(({ value }) => value);
    if (!found) throw new JqError(`unexpected token ${JSON.stringify(source[at])}`);
    const skipped = found.type === 'field' || found.type === 'variable' ? 1 : 0;
    tokens.push({ type: found.type, value: found.value!.slice(skipped) });
    at += found.value!.length;
  }
  tokens.push({ type: 'end', value: '' });
  return tokens;
}

/** A text in quotes, which may hold queries: `"a \(.b) c"`. */
function text(source: string, start: number) {
  const parts: TextPart[] = [];
  let piece = '';
  let at = start + 1;
  const flush = () => {
    if (piece !== '')
      parts.push(JSON.parse(`"${piece.replace(/\p{Cc}/gu, c => JSON.stringify(c).slice(1, -1))}"`) as string);
    piece = '';
  };
  for (;;) {
    const c = source[at];
    if (c === undefined) throw new JqError('unterminated string literal');
    if (c === '"') break;
    if (c !== '\\') {
      piece += c;
      at++;
      continue;
    }
    const next = source[at + 1] ?? '';
    if (next !== '(') {
      if (!/^(?:["\\/bfnrt]|u[\da-fA-F]{4})/.test(source.slice(at + 1)))
        throw new JqError(`invalid escape sequence "\\${next}" in string literal`);
      piece += c + next;
      at += 2;
      continue;
    }
    flush();
    const end = closing(source, at + 2);
    parts.push({ query: source.slice(at + 2, end) });
    at = end + 1;
  }
  flush();
  return { parts, end: at + 1 };
}

/** Where the parenthesis ends that has been opened. */
function closing(source: string, from: number): number {
  let open = 1;
  for (let at = from; at < source.length; at++) {
    const c = source[at];
    if (c === '"') {
      const literal = /"(?:[^"\\]|\\.)*"/sy;
      literal.lastIndex = at;
      at += (literal.exec(source)?.[0].length ?? 1) - 1;
    } else if (c === '(') open++;
    else if (c === ')' && --open === 0) return at;
  }
  throw new JqError('unterminated string literal');
}
