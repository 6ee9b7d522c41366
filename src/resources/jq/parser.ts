import { type Token, tokenize } from './lexer.js';
import { JqError, type Query } from './nodes.js';

/** Which functions there are. */
interface Known {
  has(signature: string): boolean;
}

/** How tightly operators bind; all to the left but `//`. */
const LEVELS: readonly (readonly string[])[] = [
  ['//'],
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];
/** Words that are no functions. */
const RESERVED = new Set([
  'and',
  'as',
  'catch',
  'def',
  'elif',
  'else',
  'end',
  'foreach',
  'if',
  'import',
  'include',
  'label',
  'or',
  'reduce',
  'then',
  'try',
]);
const DEEPEST = 100;

/**
 * Reads a query of jq's.
 * @param functions that there are, as `name/number of arguments`
 * @throws JqError for what makes no sense, or is not known here
 */
export function parseQuery(source: string, functions: Known): Query {
  return new Parser(tokenize(source), functions, 0, []).all();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #functions: Known;
  #at = 0;
  #depth: number;
  readonly #variables: string[];

  constructor(tokens: readonly Token[], functions: Known, depth: number, variables: readonly string[]) {
    this.#tokens = tokens;
    this.#functions = functions;
    this.#depth = depth;
    this.#variables = [...variables];
  }

  all(): Query {
    const query = this.#pipe();
    if (this.#peek().type !== 'end') this.#unexpected();
    return query;
  }

  #pipe(): Query {
    if (++this.#depth > DEEPEST) throw new JqError('the query is nested too deeply');
    const left = this.#commas();
    this.#depth--;
    return this.#takes('|') ? { type: 'binary', operator: '|', left, right: this.#pipe() } : left;
  }

  #commas(): Query {
    let left = this.#binary(0);
    while (this.#takes(',')) left = { type: 'binary', operator: ',', left, right: this.#binary(0) };
    return left;
  }

  #binary(level: number): Query {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const { type, value } = this.#peek();
      if ((type !== 'sign' && type !== 'word') || !operators.includes(value)) return left;
      this.#at++;
      const right = level === 0 ? this.#binary(0) : this.#binary(level + 1);
      left = { type: 'binary', operator: value, left, right };
      if (level === 3 && operators.includes(this.#peek().value)) this.#unexpected();
    }
  }

  #unary(): Query {
    return this.#takes('-') ? { type: 'negative', of: this.#postfix() } : this.#postfix();
  }

  #postfix(): Query {
    let query = this.#term();
    for (;;) {
      const token = this.#peek();
      if (token.type === 'field') {
        this.#at++;
        query = { type: 'index', of: query, key: { type: 'literal', value: token.value } };
      } else if (token.type === 'sign' && token.value === '.' && this.#followsDot()) {
        this.#at++;
        if (this.#peek().type === 'text') query = { type: 'index', of: query, key: this.#text() };
      } else if (this.#takes('[')) query = this.#brackets(query);
      else if (this.#takes('?')) query = { type: 'try', of: query };
      else if (token.type === 'word' && token.value === 'as') return this.#bound(query);
      else return query;
    }
  }

  #followsDot(): boolean {
    const next = this.#tokens[this.#at + 1]!;
    return next.type === 'text' || (next.type === 'sign' && next.value === '[');
  }

  /** `source as $name | body`. */
  #bound(of: Query): Query {
    this.#at++;
    const name = this.#variableName();
    this.#expect('|');
    const body = this.#within(name, () => this.#pipe());
    return { type: 'bind', of, name, body };
  }

  #brackets(of: Query): Query {
    if (this.#takes(']')) return { type: 'each', of };
    if (this.#takes(':')) {
      const to = this.#pipe();
      this.#expect(']');
      return { type: 'slice', of, from: undefined, to };
    }
    const key = this.#pipe();
    if (this.#takes(':')) {
      const to = this.#takes(']') ? undefined : this.#pipe();
      if (to) this.#expect(']');
      return { type: 'slice', of, from: key, to };
    }
    this.#expect(']');
    return { type: 'index', of, key };
  }

  #term(): Query {
    const token = this.#peek();
    switch (token.type) {
      case 'field':
        this.#at++;
        return { type: 'index', of: { type: 'identity' }, key: { type: 'literal', value: token.value } };
      case 'number':
        this.#at++;
        return { type: 'literal', value: Number(token.value) };
      case 'text':
        return this.#text();
      case 'variable':
        this.#at++;
        if (!this.#variables.includes(token.value)) throw new JqError(`variable not defined: $${token.value}`);
        return { type: 'variable', name: token.value };
      case 'word':
        return this.#word(token.value);
      case 'sign':
        return this.#sign(token.value);
      default:
        return this.#unexpected();
    }
  }

  #sign(sign: string): Query {
    this.#at++;
    switch (sign) {
      case '.':
        if (this.#peek().type === 'text') return { type: 'index', of: { type: 'identity' }, key: this.#text() };
        return { type: 'identity' };
      case '..':
        return { type: 'recurse' };
      case '(': {
        const query = this.#pipe();
        this.#expect(')');
        return query;
      }
      case '[': {
        if (this.#takes(']')) return { type: 'array', of: undefined };
        const of = this.#pipe();
        this.#expect(']');
        return { type: 'array', of };
      }
      case '{':
        return this.#object();
      default:
        this.#at--;
        return this.#unexpected();
    }
  }

  #object(): Query {
    const fields: [Query, Query][] = [];
    while (!this.#takes('}')) {
      if (fields.length > 0) this.#expect(',');
      const token = this.#peek();
      if (this.#takes('(')) {
        const key = this.#pipe();
        this.#expect(')');
        this.#expect(':');
        fields.push([key, this.#fieldValue()]);
        continue;
      }
      if (token.type !== 'word' && token.type !== 'text' && token.type !== 'variable') this.#unexpected();
      const own = token.type === 'variable' ? this.#term() : undefined;
      const key: Query = token.type === 'text' ? this.#text() : { type: 'literal', value: token.value };
      if (token.type === 'word') this.#at++;
      const value = this.#takes(':')
        ? this.#fieldValue()
        : (own ?? ({ type: 'index', of: { type: 'identity' }, key } as const));
      fields.push([key, value]);
    }
    return { type: 'object', fields };
  }

  #fieldValue(): Query {
    const value = this.#binary(0);
    return this.#takes('|') ? { type: 'binary', operator: '|', left: value, right: this.#fieldValue() } : value;
  }

  #word(word: string): Query {
    this.#at++;
    switch (word) {
      case 'null':
        return { type: 'literal', value: null };
      case 'true':
      case 'false':
        return { type: 'literal', value: word === 'true' };
      case 'if':
        return this.#if();
      case 'try': {
        const of = this.#postfix();
        return this.#takes('catch') ? { type: 'catch', of, handler: this.#postfix() } : { type: 'try', of };
      }
      case 'reduce':
        return this.#reduce();
    }
    if (RESERVED.has(word)) {
      this.#at--;
      return this.#unexpected();
    }
    const args: Query[] = [];
    if (this.#takes('(')) {
      do args.push(this.#pipe());
      while (this.#takes(';'));
      this.#expect(')');
    }
    if (!this.#functions.has(`${word}/${args.length}`))
      throw new JqError(`function not defined: ${word}/${args.length}`);
    return { type: 'call', name: word, args };
  }

  #if(): Query {
    const condition = this.#pipe();
    this.#expect('then');
    const yes = this.#pipe();
    if (this.#takes('elif')) return { type: 'if', condition, yes, no: this.#if() };
    const no: Query = this.#takes('else') ? this.#pipe() : { type: 'identity' };
    this.#expect('end');
    return { type: 'if', condition, yes, no };
  }

  #reduce(): Query {
    // `as` would be taken for a binding of its own.
    let of = this.#term();
    while (!(this.#peek().type === 'word' && this.#peek().value === 'as')) {
      const token = this.#peek();
      if (token.type === 'field') {
        this.#at++;
        of = { type: 'index', of, key: { type: 'literal', value: token.value } };
      } else if (this.#takes('[')) of = this.#brackets(of);
      else if (!(token.value === '.' && this.#followsDot() && ++this.#at)) this.#unexpected();
    }
    this.#at++;
    const name = this.#variableName();
    this.#expect('(');
    const start = this.#pipe();
    this.#expect(';');
    const update = this.#within(name, () => this.#pipe());
    this.#expect(')');
    return { type: 'reduce', of, name, start, update };
  }

  #text(): Query {
    const { parts = [] } = this.#tokens[this.#at++]!;
    const read = parts.map(part =>
      typeof part === 'string'
        ? part
        : new Parser(tokenize(part.query), this.#functions, this.#depth + 1, this.#variables).all(),
    );
    const isPlain = read.every(part => typeof part === 'string');
    return isPlain ? { type: 'literal', value: read.join('') } : { type: 'text', parts: read };
  }

  #variableName(): string {
    const token = this.#peek();
    if (token.type !== 'variable') this.#unexpected();
    this.#at++;
    return token.value;
  }

  #within<T>(name: string, read: () => T): T {
    this.#variables.push(name);
    const made = read();
    this.#variables.pop();
    return made;
  }

  #takes(sign: string): boolean {
    const { type, value } = this.#peek();
    if ((type !== 'sign' && type !== 'word') || value !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) this.#unexpected();
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #unexpected(): never {
    const { type, value } = this.#peek();
    throw new JqError(
      type === 'end' ? 'unexpected EOF' : `unexpected token ${JSON.stringify(type === 'field' ? `.${value}` : value)}`,
    );
  }
}
