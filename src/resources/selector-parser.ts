import type { Requirement, SelectorOperator } from './selector.js';
import { SelectorError } from './selector-error.js';

type TokenType = 'end' | 'identifier' | 'in' | 'notin' | '(' | ')' | ',' | '!' | '=' | '==' | '!=' | '>' | '<';

interface Token {
  readonly type: TokenType;
  readonly text: string;
}

/** Operators of two sides, as an error lists them. */
const OPERATORS = 'in, notin, =, ==, !=, gt, lt';

const BINARY: Partial<Record<TokenType, SelectorOperator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};

/** Reads the text form of a label selector, accepting and refusing what upstream's parser does, with its words. */
export class SelectorParser {
  readonly #tokens: readonly Token[];
  readonly #checkKey: (key: string) => void;
  readonly #make: (key: string, operator: SelectorOperator, values: Iterable<string>) => Requirement;
  #position = 0;

  /** `checkKey` and `make` throw a SelectorError for keys and requirements that make no sense. */
  constructor(
    text: string,
    checkKey: (key: string) => void,
    make: (key: string, operator: SelectorOperator, values: Iterable<string>) => Requirement,
  ) {
    this.#tokens = tokenize(text);
    this.#checkKey = checkKey;
    this.#make = make;
  }

  /** @throws SelectorError */
  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const first = this.#peek();
      if (first.type === 'end') return requirements;
      if (!startsRequirement(first))
        throw new SelectorError(`found '${first.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const next = this.#take();
      if (next.type === 'end') return requirements;
      if (next.type !== ',') throw new SelectorError(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (!startsRequirement(after)) throw new SelectorError(`found '${after.text}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    try {
      let token = this.#take();
      const negated = token.type === '!';
      if (negated) token = this.#take();
      if (token.type !== 'identifier') throw new SelectorError(`found '${token.text}', expected: identifier`);
      const key = token.text;
      this.#checkKey(key);
      if (negated) return this.#make(key, '!', []);
      const next = this.#peek();
      if (next.type === 'end' || next.type === ',') return this.#make(key, 'exists', []);
      const operator = this.#operator();
      const values = operator === 'in' || operator === 'notin' ? this.#valueList() : [this.#value()];
      return this.#make(key, operator, values);
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      throw new SelectorError(`unable to parse requirement: ${error.message}`);
    }
  }

  #operator(): SelectorOperator {
    // Here alone `in` and `notin` are operators; elsewhere they are names like any other.
    const token = this.#tokens[this.#position++]!;
    const operator = BINARY[token.type];
    if (!operator) throw new SelectorError(`found '${token.text}', expected: ${OPERATORS}`);
    return operator;
  }

  #value(): string {
    const next = this.#peek();
    if (next.type === 'end' || next.type === ',') return '';
    this.#position++;
    if (next.type !== 'identifier') throw new SelectorError(`found '${next.text}', expected: identifier`);
    return next.text;
  }

  /** `(a,b)`; between commas and at the ends, nothing stands for the empty value. */
  #valueList(): string[] {
    const open = this.#take();
    if (open.type !== '(') throw new SelectorError(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.type === ')') {
      this.#position++;
      return [''];
    }
    if (first.type !== 'identifier' && first.type !== ',') {
      throw new SelectorError(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values: string[] = [];
    for (;;) {
      const token = this.#take();
      if (token.type === 'identifier') {
        values.push(token.text);
        const next = this.#peek();
        if (next.type === ')') break;
        if (next.type !== ',') throw new SelectorError(`found '${next.text}', expected: ',' or ')'`);
      } else if (token.type === ',') {
        if (values.length === 0) values.push('');
        const next = this.#peek();
        if (next.type === ')' || next.type === ',') values.push('');
        if (next.type === ')') break;
        if (next.type === ',') this.#position++;
      } else {
        throw new SelectorError(`found '${token.text}', expected: ',', or identifier`);
      }
    }
    this.#position++;
    return values;
  }

  #peek(): Token {
    return asName(this.#tokens[this.#position] ?? END);
  }

  #take(): Token {
    const token = this.#peek();
    this.#position++;
    return token;
  }
}

const END: Token = { type: 'end', text: '' };

const startsRequirement = ({ type }: Token) => type === 'identifier' || type === '!';

function asName(token: Token): Token {
  return token.type === 'in' || token.type === 'notin' ? { type: 'identifier', text: token.text } : token;
}

const SPECIAL = new Set('=!(),><');
const SYMBOLS = new Set(['(', ')', ',', '!', '=', '==', '!=', '>', '<']);

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const c = text[position]!;
    if (c === ' ' || c === '\t' || c === '\r' || c === '\n') {
      position++;
      continue;
    }
    const start = position++;
    if (SPECIAL.has(c)) {
      // The longest symbol there is.
      while (position < text.length && SYMBOLS.has(text.slice(start, position + 1))) position++;
      const symbol = text.slice(start, position);
      tokens.push({ type: symbol as TokenType, text: symbol });
    } else {
      while (position < text.length && !SPECIAL.has(text[position]!) && !/[ \t\r\n]/.test(text[position]!)) position++;
      const word = text.slice(start, position);
      tokens.push({ type: word === 'in' || word === 'notin' ? word : 'identifier', text: word });
    }
  }
  return [...tokens, END];
}
