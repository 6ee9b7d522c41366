import { TemplateError } from './values.js';

/** A piece of what stands between `{{` and `}}`, or the text around it. */
export interface Token {
  readonly type:
    | 'text'
    | 'open'
    | 'close'
    | 'space'
    | 'word'
    | 'field'
    | 'variable'
    | 'dot'
    | 'string'
    | 'number'
    | 'float'
    | 'sign'
    | 'end';
  /** The name of a field, word or variable, a string as it is meant, a number in decimal digits. */
  readonly value: string;
  readonly line: number;
}

const SPACE = /[ \t\r\n]+/y;
const WORD = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const NUMBER =
  /[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)/y;
const SIGN = /:=|=|\||\(|\)|,/y;

/** Takes a template apart. @throws TemplateError that names the line */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let trimsNext = false;
  const fail = (message: string): never => {
    throw new TemplateError(`template: :${line}: ${message}`);
  };
  const push = (type: Token['type'], value = '') => tokens.push({ type, value, line });
  const skip = (to: number) => {
    for (let i = at; i < to; i++) if (source[i] === '\n') line++;
    at = to;
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };

  const text = (end: number, trimsEnd: boolean) => {
    let piece = source.slice(at, end);
    if (trimsNext) piece = piece.replace(/^[ \t\r\n]+/, '');
    if (trimsEnd) piece = piece.replace(/[ \t\r\n]+$/, '');
    if (piece !== '') push('text', piece);
    trimsNext = false;
    skip(end);
  };
  /** Goes past the closing delimiter, if it stands here. */
  const closes = (): boolean => {
    const found = match(/(?:[ \t\r\n]-)?\}\}/y);
    if (found === undefined) return false;
    trimsNext = found.length > 2;
    skip(at + found.length);
    return true;
  };

  const inside = () => {
    for (;;) {
      if (closes()) return push('close');
      const c = source[at];
      if (c === undefined) return fail('unclosed action');
      const space = match(SPACE);
      if (space) {
        push('space');
        skip(at + space.length);
        continue;
      }
      if (c === '"' || c === '`' || c === "'") {
        const literal =
          quoted(source, at) ?? fail(c === '`' ? 'unterminated raw quoted string' : 'unterminated quoted string');
        push(c === "'" ? 'number' : 'string', c === '`' ? literal.slice(1, -1) : unquoted(literal, c, fail));
        skip(at + literal.length);
        continue;
      }
      const number = /[-+.\d]/.test(c) ? match(NUMBER) : undefined;
      if (number !== undefined && number !== '') {
        const isFloat = !/^[-+]?0[xXbBoO]/.test(number) && /[.eE]/.test(number);
        skip(at + number.length);
        if (/[\p{L}\p{Nd}]/u.test(source[at] ?? '')) fail(`bad number syntax: ${JSON.stringify(number + source[at])}`);
        push(isFloat ? 'float' : 'number', String(numberOf(number)));
        continue;
      }
      if (c === '.' || c === '$') {
        at++;
        const name = match(WORD);
        if (c === '$') push('variable', name ?? '');
        else push(name === undefined ? 'dot' : 'field', name ?? '');
        skip(at + (name?.length ?? 0));
        continue;
      }
      const word = match(WORD);
      const sign = word === undefined ? match(SIGN) : undefined;
      if (word === undefined && sign === undefined) fail(`unexpected ${JSON.stringify(c)} in operand`);
      push(word === undefined ? 'sign' : 'word', word ?? sign!);
      skip(at + (word ?? sign!).length);
    }
  };

  while (at < source.length) {
    const open = source.indexOf('{{', at);
    if (open < 0) {
      text(source.length, false);
      break;
    }
    const trims = /^-[ \t\r\n]/.test(source.slice(open + 2, open + 4));
    text(open, trims);
    skip(open + (trims ? 3 : 2));
    const comment = match(/[ \t\r\n]*\/\*/y);
    if (comment !== undefined && (trims || comment === '/*')) {
      const end = source.indexOf('*/', at + comment.length);
      if (end < 0) fail('unclosed comment');
      skip(end + 2);
      if (!closes()) fail('comment ends before closing delimiter');
      continue;
    }
    push('open');
    inside();
  }
  push('end');
  return tokens;
}

/** The whole of a literal that begins at `at`; `undefined` if it does not end. */
function quoted(source: string, at: number): string | undefined {
  const pattern = { '`': /`[^`]*`/y, '"': /"(?:[^"\\\n]|\\.)*"/y, "'": /'(?:[^'\\\n]|\\.)+'/y }[source[at]!]!;
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

const PLAIN: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** What a quoted literal means: a string, or the number of a character. */
function unquoted(literal: string, quote: string, fail: (message: string) => never): string {
  const text = literal
    .slice(1, -1)
    .replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.)/gu, (_, escaped: string) => {
      if (/^[xuU]./.test(escaped)) return String.fromCodePoint(Number.parseInt(escaped.slice(1), 16));
      if (/^[0-7]{3}$/.test(escaped)) return String.fromCodePoint(Number.parseInt(escaped, 8));
      return PLAIN[escaped] ?? ('\\\'"'.includes(escaped) ? escaped : fail('invalid syntax'));
    });
  if (quote !== "'") return text;
  const [character, ...more] = text;
  if (character === undefined || more.length > 0) return fail(`malformed character constant: ${literal}`);
  return String(character.codePointAt(0));
}

function numberOf(text: string): number {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const size = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return text.startsWith('-') ? -size : size;
}
