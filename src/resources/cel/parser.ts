import { CelError, type Expression, type Macro } from './ast.js';
import { type Token, tokenize } from './lexer.js';

/** Words that cannot be names, in expressions and as names of fields. */
export const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** Of those, what cannot stand behind a dot either. */
const LITERALS: ReadonlySet<string> = new Set(['true', 'false', 'null']);

const RELATIONS = ['==', '!=', '<=', '>=', '<', '>', 'in'];
/** Binary operators, those that bind least first. */
const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], RELATIONS, ['+', '-'], ['*', '/', '%']];
const MAX_DEPTH = 250;
const OPERAND = `{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}`;

/** An expression as a tree. @throws CelError */
export function parse(source: string): Expression {
  return new Parser(source).parse();
}

class Parser {
  private readonly tokens: Token[];
  private next = 0;
  private depth = 0;

  constructor(private readonly source: string) {
    this.tokens = tokenize(source);
  }

  parse(): Expression {
    const expression = this.ternary();
    if (this.token.kind !== 'end') this.unexpected('<EOF>');
    return expression;
  }

  private get token(): Token {
    return this.tokens[this.next]!;
  }

  private is(...texts: string[]): boolean {
    return this.token.kind !== 'literal' && texts.includes(this.token.text);
  }

  private take(): Token {
    return this.tokens[this.next++]!;
  }

  private taken(text: string): boolean {
    if (!this.is(text)) return false;
    this.next++;
    return true;
  }

  private expect(text: string): Token {
    if (!this.is(text)) this.unexpected(`'${text}'`);
    return this.take();
  }

  private unexpected(expected: string): never {
    const { text, at } = this.token;
    return this.fail(at, `Syntax error: mismatched input '${text}' expecting ${expected}`);
  }

  private fail(at: number, message: string): never {
    throw new CelError(this.source, [{ at, message }]);
  }

  private ternary(): Expression {
    if (++this.depth > MAX_DEPTH) this.fail(0, `expression recursion limit exceeded: ${MAX_DEPTH}`);
    const condition = this.binary(0);
    this.depth--;
    if (!this.is('?')) return condition;
    const { at } = this.take();
    const yes = this.binary(0);
    this.expect(':');
    return { kind: 'call', name: '_?_:_', args: [condition, yes, this.ternary()], at };
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    while (this.is(...operators)) {
      const { text, at } = this.take();
      const name = text === 'in' ? '@in' : `_${text}_`;
      left = { kind: 'call', name, args: [left, this.binary(level + 1)], at };
    }
    return left;
  }

  private unary(): Expression {
    if (!this.is('!', '-')) return this.member(this.primary());
    const { text, at } = this.take();
    if (text === '-' && this.token.kind === 'literal') {
      const { value } = this.token;
      if (typeof value === 'bigint' || typeof value === 'number') {
        this.take();
        return this.member({ kind: 'literal', value: -value, at });
      }
    }
    if (++this.depth > MAX_DEPTH) this.fail(at, `expression recursion limit exceeded: ${MAX_DEPTH}`);
    const operand = this.unary();
    this.depth--;
    return { kind: 'call', name: `${text}_`, args: [operand], at };
  }

  private primary(): Expression {
    const { kind, text, at, value } = this.token;
    if (kind === 'literal') {
      this.take();
      if (value === 2n ** 63n) this.fail(at, 'invalid int literal');
      return { kind: 'literal', value: value!, at };
    }
    if (kind === 'name' || this.is('.')) {
      this.taken('.');
      return this.nameOrCall();
    }
    if (this.taken('(')) {
      const inner = this.ternary();
      this.expect(')');
      return inner;
    }
    if (this.taken('[')) return { kind: 'list', items: this.items(']', () => ({})), at };
    if (this.taken('{')) return { kind: 'map', entries: this.entries(), at };
    return text === '<EOF>' || kind === 'symbol' ? this.unexpected(OPERAND) : this.unexpected('<EOF>');
  }

  private nameOrCall(): Expression {
    if (this.token.kind !== 'name') this.unexpected('IDENTIFIER');
    const { text, at } = this.take();
    if (RESERVED.has(text)) this.fail(at, `reserved identifier: ${text}`);
    if (!this.is('(')) return { kind: 'name', name: text, at };
    const open = this.take();
    const args = this.arguments();
    if (text === 'has') return this.has(args, open.at);
    return { kind: 'call', name: text, args, at: open.at };
  }

  private has(args: Expression[], at: number): Expression {
    const [field] = args;
    if (args.length !== 1 || field?.kind !== 'select' || field.how !== 'value')
      this.fail(field?.at ?? at, 'invalid argument to has() macro');
    return { ...field, how: 'test', at };
  }

  private member(start: Expression): Expression {
    let target = start;
    for (;;) {
      if (this.is('.')) {
        const { at } = this.take();
        const optional = this.taken('?');
        if (this.token.kind !== 'name') this.unexpected('IDENTIFIER');
        const name = this.take().text;
        if (!optional && this.is('(')) target = this.method(target, name, this.take().at);
        else if (LITERALS.has(name)) this.fail(at, `reserved identifier: ${name}`);
        else target = { kind: 'select', operand: target, field: name, how: optional ? 'optional' : 'value', at };
      } else if (this.is('[')) {
        const { at } = this.take();
        const optional = this.taken('?');
        const index = this.ternary();
        this.expect(']');
        target = { kind: 'call', name: optional ? '_[?_]' : '_[_]', args: [target, index], at };
      } else if (this.is('{') && (target.kind === 'name' || target.kind === 'select')) {
        this.fail(this.token.at, `undeclared reference to '${qualifiedName(target) ?? ''}' (in container '')`);
      } else return target;
    }
  }

  private arguments(): Expression[] {
    return this.items(')', () => ({})).map(item => item.value);
  }

  /** What stands between here and the closing bracket. */
  private items<T extends object>(close: string, before: () => T): (T & { value: Expression; optional: boolean })[] {
    const items: (T & { value: Expression; optional: boolean })[] = [];
    while (!this.is(close)) {
      const optional = close !== ')' && this.taken('?');
      items.push({ ...before(), value: this.ternary(), optional });
      if (!this.taken(',')) break;
      if (close === ')' && this.is(close)) this.unexpected(OPERAND);
    }
    this.expect(close);
    return items;
  }

  private entries() {
    return this.items('}', () => {
      const key = this.ternary();
      this.expect(':');
      return { key };
    });
  }

  private method(target: Expression, name: string, at: number): Expression {
    const args = this.arguments();
    return this.macro(target, name, args, at) ?? { kind: 'call', name, target, args, at };
  }

  private macro(range: Expression, name: string, args: Expression[], at: number): Expression | undefined {
    const shape = MACROS[`${name}/${args.length}`];
    if (name === 'optMap' || name === 'optFlatMap') {
      if (args.length !== 2) return undefined;
      const body = args[1]!;
      return { kind: 'mapOptional', target: range, name: this.variable(args[0]!), body, flat: name !== 'optMap', at };
    }
    if (!shape) return undefined;
    const { macro, parts, names: count = 1 } = shape;
    const names = args.slice(0, count).map(arg => ({ name: this.variable(arg), at: arg.at }));
    const [first, second] = args.slice(count);
    const condition = parts === 'result' ? undefined : first;
    const result = parts === 'result' ? first : second;
    return {
      kind: 'comprehension',
      macro,
      range,
      names,
      at,
      ...(condition ? { condition } : {}),
      ...(result ? { result } : {}),
    };
  }

  private variable(argument: Expression): string {
    if (argument.kind !== 'name') this.fail(argument.at, 'argument must be a simple name');
    return argument.name;
  }
}

/** What follows the names in a macro's arguments, by its name and how many arguments it has. */
const MACROS: Readonly<Record<string, { macro: Macro; parts: 'condition' | 'result' | 'both'; names?: 2 }>> = {
  'all/2': { macro: 'all', parts: 'condition' },
  'exists/2': { macro: 'exists', parts: 'condition' },
  'exists_one/2': { macro: 'exists_one', parts: 'condition' },
  'existsOne/2': { macro: 'exists_one', parts: 'condition' },
  'filter/2': { macro: 'filter', parts: 'condition' },
  'map/2': { macro: 'map', parts: 'result' },
  'map/3': { macro: 'map', parts: 'both' },
  'all/3': { macro: 'all', parts: 'condition', names: 2 },
  'exists/3': { macro: 'exists', parts: 'condition', names: 2 },
  'existsOne/3': { macro: 'exists_one', parts: 'condition', names: 2 },
  'transformList/3': { macro: 'map', parts: 'result', names: 2 },
  'transformList/4': { macro: 'map', parts: 'both', names: 2 },
  'transformMap/3': { macro: 'transformMap', parts: 'result', names: 2 },
  'transformMap/4': { macro: 'transformMap', parts: 'both', names: 2 },
};

/** `a.b.c` as one name; `undefined` for anything else. */
export function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'select' || expression.how !== 'value') return undefined;
  const operand = qualifiedName(expression.operand);
  return operand === undefined ? undefined : `${operand}.${expression.field}`;
}
