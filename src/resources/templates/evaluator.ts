import { format } from './format.js';
import { checkArguments, type Environment, FUNCTIONS, type TemplateFunction } from './functions/index.js';
import type { List, Node, Operand, Pipe } from './nodes.js';
import type { Templates } from './parser.js';
import { timeMethod } from './time.js';
import {
  at,
  isMap,
  isNil,
  isTrue,
  keysOf,
  MOST_CHARACTERS,
  MOST_ITEMS,
  TemplateError,
  Time,
  typeName,
  type Value,
} from './values.js';

/** What a template may do in all: nobody waits for one that never ends. */
const MOST_STEPS = 500_000;
const MOST_CALLS = 200;

/** In place of what a pipe hands on, where nothing was handed on yet. */
const NOTHING = Symbol('nothing');

class Break extends Error {}
class Continue extends Error {}

interface Variable {
  readonly name: string;
  value: Value;
}

/**
 * Carries out a template.
 * @param data what `.` and `$` are
 * @throws TemplateError for what Go finds wrong, and for what takes too long or gets too large
 */
export function execute(templates: Templates, data: Value, environment: Environment): string {
  const run = new Run(templates, environment);
  run.list(templates.get('')!, data, [{ name: '', value: data }]);
  return run.output;
}

class Run {
  output = '';
  readonly #templates: Templates;
  readonly #environment: Environment;
  #steps = 0;
  #calls = 0;
  #line = 1;

  constructor(templates: Templates, environment: Environment) {
    this.#templates = templates;
    this.#environment = environment;
  }

  list(list: List, dot: Value, variables: Variable[]): void {
    for (const node of list) this.#node(node, dot, variables);
  }

  #node(node: Node, dot: Value, variables: Variable[]): void {
    this.#step();
    switch (node.type) {
      case 'text':
        this.#write(node.text);
        return;
      case 'action': {
        const value = this.#pipe(node.pipe, dot, variables);
        if (node.pipe.variables.length === 0) this.#write(isNil(value) ? '<no value>' : format(value));
        return;
      }
      case 'if':
      case 'with': {
        const known = variables.length;
        const value = this.#pipe(node.pipe, dot, variables);
        if (isTrue(value)) this.list(node.body, node.type === 'with' ? value : dot, variables);
        else this.list(node.otherwise ?? [], dot, variables);
        variables.length = known;
        return;
      }
      case 'range':
        this.#range(node, dot, variables);
        return;
      case 'break':
        throw new Break();
      case 'continue':
        throw new Continue();
      case 'template':
        this.#template(node, dot, variables);
        return;
    }
  }

  #range({ pipe, body, otherwise = [] }: Node & { type: 'range' }, dot: Value, variables: Variable[]): void {
    const known = variables.length;
    const pairs = this.#pairs(this.#value({ ...pipe, variables: [] }, dot, variables));
    const slots = pipe.variables.map(name =>
      pipe.assigns ? find(variables, name) : { name, value: undefined as Value },
    );
    if (!pipe.assigns) variables.push(...slots);
    const inside = variables.length;
    try {
      for (const [key, item] of pairs) {
        this.#step();
        if (slots.length === 1) slots[0]!.value = item;
        if (slots.length === 2) [slots[0]!.value, slots[1]!.value] = [key, item];
        try {
          this.list(body, item, variables);
        } catch (error) {
          if (!(error instanceof Continue)) throw error;
        }
        variables.length = inside;
      }
    } catch (error) {
      if (!(error instanceof Break)) throw error;
    }
    variables.length = inside;
    if (pairs.length === 0) this.list(otherwise, dot, variables);
    variables.length = known;
  }

  /** What a range goes over: indexes or keys, in their order, and values. */
  #pairs(value: Value): [Value, Value][] {
    if (isNil(value)) return [];
    if (Array.isArray(value)) return value.map((item, i) => [i, item]);
    if (isMap(value)) return keysOf(value).map(key => [key, value[key]]);
    if (typeof value === 'number' && Number.isInteger(value)) {
      if (value > MOST_ITEMS) this.#fail(`range over ${value} is too long`);
      return Array.from({ length: Math.max(0, value) }, (_, i) => [i, i]);
    }
    return this.#fail(`range can't iterate over ${format(value)}`);
  }

  #template({ name, pipe, line }: Node & { type: 'template' }, dot: Value, variables: Variable[]): void {
    this.#line = line;
    const list = this.#templates.get(name) ?? this.#fail(`template ${JSON.stringify(name)} not defined`);
    if (++this.#calls > MOST_CALLS) this.#fail('exceeded maximum template depth');
    const data = pipe && this.#pipe(pipe, dot, variables);
    this.list(list, data, [{ name: '', value: data }]);
    this.#calls--;
  }

  /** The outcome of a pipe, which its variables get. */
  #pipe(pipe: Pipe, dot: Value, variables: Variable[]): Value {
    const value = this.#value(pipe, dot, variables);
    for (const name of pipe.variables) {
      if (pipe.assigns) find(variables, name).value = value;
      else variables.push({ name, value });
    }
    return value;
  }

  #value(pipe: Pipe, dot: Value, variables: Variable[]): Value {
    let value: Value = NOTHING;
    for (const command of pipe.commands) {
      this.#line = pipe.line;
      value = this.#command(command, dot, variables, value);
    }
    return value;
  }

  #command([first, ...rest]: readonly [Operand, ...Operand[]], dot: Value, variables: Variable[], piped: Value): Value {
    this.#step();
    if (first.type === 'function') return this.#call(first.name, rest, dot, variables, piped);
    if (first.type === 'nil') return this.#fail('nil is not a command');
    const args = rest.map(operand => this.#operand(operand, dot, variables));
    if (piped !== NOTHING) args.push(piped);
    if (first.type === 'chain') {
      const of = this.#operand(first.of, dot, variables);
      if (first.path.length === 1 && of instanceof Time) return this.#method(of, first.path[0]!, args);
    }
    const path = 'path' in first ? first.path : [];
    if (args.length > 0)
      this.#fail(
        path.length > 0
          ? `${path.at(-1)} has arguments but cannot be invoked as function`
          : `can't give argument to non-function ${described(first)}`,
      );
    return this.#operand(first, dot, variables);
  }

  #operand(operand: Operand, dot: Value, variables: Variable[]): Value {
    this.#step();
    switch (operand.type) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'constant':
        return operand.value;
      case 'field':
        return this.#fields(dot, operand.path);
      case 'variable':
        return this.#fields(find(variables, operand.name).value, operand.path);
      case 'function':
        return this.#call(operand.name, [], dot, variables, NOTHING);
      case 'chain':
        return this.#fields(this.#operand(operand.of, dot, variables), operand.path);
      case 'pipe':
        return this.#pipe(operand.pipe, dot, variables);
    }
  }

  #fields(value: Value, path: readonly string[]): Value {
    let found = value;
    for (const name of path) {
      if (isNil(found)) return undefined;
      if (found instanceof Time) found = this.#method(found, name, []);
      else if (isMap(found)) found = at(found, name);
      else this.#fail(`can't evaluate field ${name} in type ${typeName(found)}`);
    }
    return found;
  }

  #method(time: Time, name: string, args: readonly Value[]): Value {
    return timeMethod(time, name, args) ?? this.#fail(`can't evaluate field ${name} in type time.Time`);
  }

  #call(name: string, operands: readonly Operand[], dot: Value, variables: Variable[], piped: Value): Value {
    if (name === 'and' || name === 'or') return this.#shortCircuit(name, operands, dot, variables, piped);
    const args = operands.map(operand => this.#operand(operand, dot, variables));
    if (piped !== NOTHING) args.push(piped);
    const called: TemplateFunction = FUNCTIONS.get(name)!;
    const complaint = checkArguments(name, called, args);
    if (complaint !== undefined) return this.#fail(complaint);
    let result: Value;
    try {
      result = called.call(args, this.#environment);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return this.#fail(`error calling ${name}: ${error.message}`);
    }
    if (typeof result === 'string' && result.length > MOST_CHARACTERS) this.#fail(`${name}: the text is too long`);
    if (Array.isArray(result) && result.length > MOST_ITEMS) this.#fail(`${name}: the list is too long`);
    return result;
  }

  /** The first argument that settles it, or the last one; those behind it are not looked at. */
  #shortCircuit(
    name: 'and' | 'or',
    operands: readonly Operand[],
    dot: Value,
    variables: Variable[],
    piped: Value,
  ): Value {
    if (operands.length === 0 && piped === NOTHING)
      this.#fail(`wrong number of args for ${name}: want at least 1 got 0`);
    let value: Value;
    for (const operand of operands) {
      value = this.#operand(operand, dot, variables);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return piped === NOTHING ? value : piped;
  }

  #write(text: string): void {
    this.output += text;
    if (this.output.length > MOST_CHARACTERS) this.#fail('the output is too long');
  }

  #step(): void {
    if (++this.#steps > MOST_STEPS) this.#fail('it goes on for too long');
  }

  #fail(message: string): never {
    throw new TemplateError(`template: :${this.#line}: ${message}`);
  }
}

function find(variables: readonly Variable[], name: string): Variable {
  for (let i = variables.length - 1; i >= 0; i--) if (variables[i]!.name === name) return variables[i]!;
  throw new TemplateError(`undefined variable "$${name}"`);
}

function described(operand: Operand): string {
  if (operand.type === 'constant')
    return typeof operand.value === 'string' ? JSON.stringify(operand.value) : format(operand.value);
  return operand.type === 'variable' ? `$${operand.name}` : operand.type === 'dot' ? '.' : 'pipeline';
}
