import { type Token, tokenize } from './lexer.js';
import type { List, Node, Operand, Pipe } from './nodes.js';
import { Float, TemplateError } from './values.js';

/** Templates by name; the main one's name is empty. */
export type Templates = ReadonlyMap<string, List>;

/** Parentheses and blocks in one another. */
const DEEPEST = 200;

/**
 * Reads a template of Go's `text/template`.
 * @param isFunction whether there is a function of a name
 * @throws TemplateError in Go's words, with the line
 */
export function parseTemplate(source: string, isFunction: (name: string) => boolean): Templates {
  return new Parser(tokenize(source), isFunction).all();
}

type Ending = 'end' | 'else' | undefined;

class Parser {
  readonly #tokens: readonly Token[];
  readonly #isFunction: (name: string) => boolean;
  readonly #templates = new Map<string, List>();
  #at = 0;
  #variables = [''];
  #ranges = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], isFunction: (name: string) => boolean) {
    this.#tokens = tokens;
    this.#isFunction = isFunction;
  }

  all(): Templates {
    const { list, ending } = this.#list(true);
    if (ending) this.#fail(`unexpected {{${ending}}}`);
    this.#templates.set('', list);
    return this.#templates;
  }

  /** Everything up to `{{end}}`, `{{else}}` or the end of the text. */
  #list(isTop = false): { list: List; ending: Ending } {
    if (++this.#depth > DEEPEST) this.#fail('blocks are nested too deeply');
    const list: Node[] = [];
    for (;;) {
      const token = this.#take();
      if (token.type === 'end') {
        if (!isTop) this.#fail('unexpected EOF');
        this.#depth--;
        return { list, ending: undefined };
      }
      if (token.type === 'text') {
        list.push({ type: 'text', text: token.value });
        continue;
      }
      this.#space();
      const word = this.#peek().type === 'word' ? this.#peek().value : '';
      if (word === 'end' || word === 'else') {
        this.#take();
        if (word === 'end') this.#close('end');
        this.#depth--;
        return { list, ending: word };
      }
      const node = this.#action(word, isTop);
      if (node) list.push(node);
    }
  }

  #action(word: string, isTop: boolean): Node | undefined {
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        this.#take();
        return this.#control(word);
      case 'break':
      case 'continue':
        // Functions of these names come first, but there are none.
        this.#take();
        if (this.#ranges === 0) this.#fail(`{{${word}}} outside {{range}}`);
        this.#close(`{{${word}}}`);
        return { type: word };
      case 'template':
        this.#take();
        return this.#call();
      case 'block': {
        this.#take();
        const name = this.#name('block clause');
        const { line } = this.#peek();
        const pipe = this.#pipe('block clause');
        this.#definition(name);
        return { type: 'template', name, pipe, line };
      }
      case 'define': {
        this.#take();
        if (!isTop) this.#fail('unexpected {{define}}');
        const name = this.#name('define clause');
        this.#close('define clause');
        this.#definition(name);
        return undefined;
      }
      default:
        return { type: 'action', pipe: this.#pipe('command') };
    }
  }

  #control(type: 'if' | 'with' | 'range'): Node {
    const known = this.#variables.length;
    const pipe = this.#pipe(type);
    if (type === 'range') this.#ranges++;
    const { list: body, ending } = this.#list();
    if (type === 'range') this.#ranges--;
    let otherwise: List | undefined;
    if (ending === 'else') {
      this.#space();
      const next = this.#peek();
      if (next.type === 'word' && next.value === type && type !== 'range') {
        this.#take();
        otherwise = [this.#control(type)];
      } else {
        this.#close('else');
        const rest = this.#list();
        if (rest.ending !== 'end') this.#fail(`expected end; found {{${rest.ending}}}`);
        otherwise = rest.list;
      }
    }
    this.#variables.length = known;
    return { type, pipe, body, otherwise };
  }

  #call(): Node {
    const name = this.#name('template clause');
    const { line } = this.#peek();
    this.#space();
    if (this.#peek().type === 'close') {
      this.#take();
      return { type: 'template', name, pipe: undefined, line };
    }
    return { type: 'template', name, pipe: this.#pipe('template clause'), line };
  }

  /** A template of its own: it knows no variables of what stands around it. */
  #definition(name: string): void {
    const [variables, ranges] = [this.#variables, this.#ranges];
    this.#variables = [''];
    this.#ranges = 0;
    const { list, ending } = this.#list();
    if (ending !== 'end') this.#fail(`unexpected {{${ending}}} in define clause`);
    this.#templates.set(name, list);
    this.#variables = variables;
    this.#ranges = ranges;
  }

  #name(where: string): string {
    this.#space();
    const token = this.#take();
    if (token.type !== 'string') this.#unexpected(token, where);
    return token.value;
  }

  /** Up to the closing delimiter, or the parenthesis. */
  #pipe(where: string, closedBy: 'close' | ')' = 'close'): Pipe {
    if (++this.#depth > DEEPEST) this.#fail('parentheses are nested too deeply');
    this.#space();
    const { line } = this.#peek();
    const { variables, assigns } = this.#declaration(where);
    const commands: [Operand, ...Operand[]][] = [];
    for (;;) {
      const command = this.#command(where, closedBy);
      if (command.length === 0)
        this.#fail(commands.length === 0 ? `missing value for ${where}` : 'missing value for command');
      if (commands.length > 0) this.#checkCallable(command[0]!, commands.length);
      commands.push(command as [Operand, ...Operand[]]);
      const token = this.#take();
      if (token.type === 'sign' && token.value === '|') continue;
      break;
    }
    this.#depth--;
    if (!assigns) this.#variables.push(...variables);
    return { line, variables, assigns, commands };
  }

  /** What is piped into must be something that takes it. */
  #checkCallable(operand: Operand, stage: number): void {
    if (operand.type === 'constant' || operand.type === 'nil' || operand.type === 'dot')
      this.#fail(`non executable command in pipeline stage ${stage + 1}`);
  }

  #declaration(where: string): { variables: string[]; assigns: boolean } {
    const start = this.#at;
    const variables: string[] = [];
    for (;;) {
      this.#space();
      const token = this.#peek();
      if (token.type !== 'variable') break;
      this.#take();
      this.#space();
      const next = this.#peek();
      if (next.type !== 'sign' || ![':=', '=', ','].includes(next.value)) break;
      this.#take();
      variables.push(token.value);
      if (next.value === ',') {
        if (where === 'range' && variables.length < 2) continue;
        this.#fail(`too many declarations in ${where}`);
      }
      const assigns = next.value === '=';
      if (assigns) for (const name of variables) this.#checkVariable(name);
      this.#space();
      return { variables, assigns };
    }
    this.#at = start;
    return { variables: [], assigns: false };
  }

  /** One command; the token that ends it is still to come. */
  #command(where: string, closedBy: 'close' | ')'): Operand[] {
    const operands: Operand[] = [];
    for (;;) {
      this.#space();
      const operand = this.#operand();
      if (operand) operands.push(operand);
      const token = this.#peek();
      if (token.type === 'space') continue;
      const isEnd = closedBy === 'close' ? token.type === 'close' : token.type === 'sign' && token.value === ')';
      if (isEnd || (token.type === 'sign' && token.value === '|')) return operands;
      if (token.type === 'end') this.#fail('unexpected EOF');
      if (token.type === 'sign' && token.value === ')') this.#fail('unexpected right paren');
      if (token.type === 'close') this.#fail('unclosed left paren');
      this.#unexpected(token, operand ? 'operand' : where);
    }
  }

  #operand(): Operand | undefined {
    const operand = this.#term();
    if (!operand) return undefined;
    const path: string[] = [];
    while (this.#peek().type === 'field') path.push(this.#take().value);
    if (path.length === 0) return operand;
    switch (operand.type) {
      case 'field':
        return { type: 'field', path: [...operand.path, ...path] };
      case 'variable':
        return { ...operand, path };
      case 'constant':
      case 'nil':
      case 'dot':
        return this.#fail(`unexpected . after term`);
      default:
        return { type: 'chain', of: operand, path };
    }
  }

  #term(): Operand | undefined {
    const token = this.#peek();
    switch (token.type) {
      case 'word':
        this.#take();
        if (token.value === 'true' || token.value === 'false')
          return { type: 'constant', value: token.value === 'true' };
        if (token.value === 'nil') return { type: 'nil' };
        if (!this.#isFunction(token.value))
          this.#fail(`function ${JSON.stringify(token.value)} not defined`, token.line);
        return { type: 'function', name: token.value };
      case 'dot':
        this.#take();
        return { type: 'dot' };
      case 'field':
        this.#take();
        return { type: 'field', path: [token.value] };
      case 'variable':
        this.#take();
        this.#checkVariable(token.value);
        return { type: 'variable', name: token.value, path: [] };
      case 'string':
        this.#take();
        return { type: 'constant', value: token.value };
      case 'number':
        this.#take();
        return { type: 'constant', value: Number(token.value) };
      case 'float':
        this.#take();
        return { type: 'constant', value: new Float(Number(token.value)) };
      case 'sign':
        if (token.value !== '(') return undefined;
        this.#take();
        return { type: 'pipe', pipe: this.#pipe('parenthesized pipeline', ')') };
      default:
        return undefined;
    }
  }

  #checkVariable(name: string): void {
    if (!this.#variables.includes(name)) this.#fail(`undefined variable "$${name}"`);
  }

  #close(where: string): void {
    this.#space();
    const token = this.#take();
    if (token.type !== 'close') this.#unexpected(token, where);
  }

  #space(): void {
    while (this.#peek().type === 'space') this.#at++;
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #take(): Token {
    const token = this.#peek();
    if (token.type !== 'end') this.#at++;
    return token;
  }

  #unexpected(token: Token, where: string): never {
    if (token.type === 'end') this.#fail('unexpected EOF');
    const shown =
      token.type === 'close'
        ? '"}}"'
        : JSON.stringify(SHOWN[token.type] ? SHOWN[token.type] + token.value : token.value);
    return this.#fail(`unexpected ${shown} in ${where}`, token.line);
  }

  #fail(message: string, line = this.#peek().line): never {
    throw new TemplateError(`template: :${line}: ${message}`);
  }
}

const SHOWN: Readonly<Record<string, string>> = { field: '.', variable: '$', dot: '.' };
