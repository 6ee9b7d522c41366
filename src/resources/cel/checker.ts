import { CelError, type Expression, type Node } from './ast.js';
import { isFunction, overloads } from './functions/index.js';
import type { Overload } from './functions/overload.js';
import { qualifiedName } from './parser.js';
import {
  type Bindings,
  BOOL,
  type CelType,
  DYN,
  ERROR,
  formatType,
  INT,
  listOf,
  mapOf,
  matches,
  optionalOf,
  STRING,
  substitute,
  TYPE_NAMES,
} from './types.js';
import { typeName, type Value } from './values.js';

/** What the checker found out for whoever evaluates. */
export interface Checked {
  readonly type: CelType;
  /** How many variables there are at once: those given, and those of macros. */
  readonly slots: number;
  /** The ways to call a function that may be meant; which one is seen from the values, if there are several. */
  readonly calls: ReadonlyMap<Node<'call'>, readonly Overload[]>;
  /** Names of the given variables that the expression looks at. */
  readonly uses: ReadonlySet<string>;
}

/**
 * Gives every part of an expression its type.
 * @param variables what the expression can look at, in the order of their slots
 * @throws CelError with all that is wrong
 */
export function check(source: string, root: Expression, variables: ReadonlyMap<string, CelType>): Checked {
  const checker = new Checker(variables);
  const type = checker.check(root);
  if (checker.problems.length > 0) throw new CelError(source, checker.problems);
  return { type, slots: checker.slots, calls: checker.calls, uses: checker.uses };
}

interface Variable {
  readonly name: string;
  readonly type: CelType;
}

class Checker {
  readonly problems: { at: number; message: string }[] = [];
  readonly calls = new Map<Node<'call'>, readonly Overload[]>();
  readonly uses = new Set<string>();
  /** Lists whose items need not be of one type. */
  private readonly mixed = new Set<Expression>();
  private readonly scope: Variable[];
  private readonly given: number;
  slots: number;

  constructor(variables: ReadonlyMap<string, CelType>) {
    this.scope = [...variables].map(([name, type]) => ({ name, type }));
    this.given = this.scope.length;
    this.slots = this.given;
  }

  check(node: Expression): CelType {
    node.type = this.typeOf(node);
    return node.type;
  }

  private problem(at: number, message: string): CelType {
    this.problems.push({ at, message });
    return ERROR;
  }

  private typeOf(node: Expression): CelType {
    switch (node.kind) {
      case 'literal':
        return literalType(node.value);
      case 'name':
        return this.name(node);
      case 'select':
        return this.select(node);
      case 'call':
        return this.call(node);
      case 'list': {
        const isMixed = this.mixed.has(node);
        if (isMixed) for (const { value } of node.items) this.check(value);
        return listOf(isMixed ? DYN : this.common(node.items), node.items.length);
      }
      case 'map': {
        const key = this.common(node.entries.map(entry => ({ value: entry.key, optional: false })));
        return mapOf(key, this.common(node.entries), node.entries.length);
      }
      case 'comprehension':
        return this.comprehension(node);
      case 'mapOptional':
        return this.mapOptional(node);
    }
  }

  private name(node: Node<'name'>): CelType {
    const slot = this.scope.findLastIndex(({ name }) => name === node.name);
    if (slot >= 0) {
      if (slot < this.given) this.uses.add(node.name);
      node.slot = slot;
      return this.scope[slot]!.type;
    }
    const named = TYPE_NAMES.get(node.name);
    return named ? { kind: 'type', of: named } : this.problem(node.at, undeclared(node.name));
  }

  private select(node: Node<'select'>): CelType {
    const full = qualifiedName(node);
    // A variable can have a name of several parts: `authorizer.requestResource`.
    if (full !== undefined && this.scope.some(({ name }) => name === full))
      return this.name(Object.assign(node, { kind: 'name', name: full }) as unknown as Node<'name'>);
    if (full === 'google.protobuf.Timestamp') return { kind: 'type', of: { kind: 'timestamp' } };
    if (full === 'google.protobuf.Duration') return { kind: 'type', of: { kind: 'duration' } };
    const operand = this.check(node.operand);
    const isOptional = operand.kind === 'optional';
    const field = this.field(node, isOptional ? operand.of : operand);
    if (node.how === 'test') return BOOL;
    return isOptional || node.how === 'optional' ? optionalOf(field) : field;
  }

  private field(node: Node<'select'>, operand: CelType): CelType {
    switch (operand.kind) {
      case 'dyn':
      case 'error':
        return operand;
      case 'map':
        return operand.value;
      case 'object':
        return operand.fields.get(node.field) ?? this.problem(node.at, `undefined field '${node.field}'`);
      default:
        return this.problem(node.at, `type '${formatType(operand)}' does not support field selection`);
    }
  }

  private call(node: Node<'call'>): CelType {
    const { target } = node;
    if (target) {
      const namespace = qualifiedName(target);
      const name = `${namespace}.${node.name}`;
      if (namespace !== undefined && isFunction(name, false) && !this.scope.some(v => v.name === namespace)) {
        node.name = name;
        delete node.target;
        return this.call(node);
      }
    }
    if (node.name === 'format') this.mixed.add(node.args[0]!);
    const types = [...(target ? [target] : []), ...node.args].map(arg => this.check(arg));
    if (node.name === '_&&_' || node.name === '_||_')
      return types.every(type => matches(BOOL, type, new Map())) ? BOOL : this.noOverload(node, types);
    if (node.name === '_?_:_') return this.choice(node, types);
    if (!isFunction(node.name, target !== undefined)) return this.problem(node.at, undeclared(node.name));
    const found = overloads(node.name, target !== undefined, types.length).flatMap(one => {
      const bindings: Bindings = new Map();
      const fits = one.args.every((arg, i) => matches(arg, types[i]!, bindings));
      return fits ? [{ one, result: substitute(one.result, bindings) }] : [];
    });
    if (found.length === 0) return this.noOverload(node, types);
    this.calls.set(
      node,
      found.map(({ one }) => one),
    );
    const [first, ...others] = found;
    return others.every(({ result }) => formatType(result) === formatType(first!.result)) ? first!.result : DYN;
  }

  private choice(node: Node<'call'>, [condition, yes, no]: CelType[]): CelType {
    const bindings: Bindings = new Map();
    const param: CelType = { kind: 'param', name: 'T' };
    const fits = matches(BOOL, condition!, bindings) && matches(param, yes!, bindings) && matches(param, no!, bindings);
    if (!fits) return this.noOverload(node, [condition!, yes!, no!]);
    return yes!.kind === 'dyn' || no!.kind === 'dyn' ? DYN : bindings.get('T')!;
  }

  private noOverload(node: Node<'call'>, types: readonly CelType[]): CelType {
    if (types.some(type => type.kind === 'error')) return ERROR;
    const texts = types.map(formatType);
    const receiver = node.target ? `${texts.shift()}.` : '';
    return this.problem(
      node.at,
      `found no matching overload for '${node.name}' applied to '${receiver}(${texts.join(', ')})'`,
    );
  }

  /** The one type that all items of a list have. */
  private common(items: readonly { value: Expression; optional: boolean }[]): CelType {
    let common: CelType | undefined;
    for (const { value, optional } of items) {
      const found = this.check(value);
      const type = optional && found.kind === 'optional' ? found.of : found;
      if (optional && found.kind !== 'optional' && found.kind !== 'dyn' && found.kind !== 'error')
        this.problem(value.at, `expected type 'optional_type(${formatType(found)})' but found '${formatType(found)}'`);
      if (!common || common.kind === 'error') common = type;
      else if (!matches(common, type, new Map()))
        return this.problem(value.at, `expected type '${formatType(common)}' but found '${formatType(type)}'`);
      else if (type.kind === 'dyn') common = DYN;
    }
    return common ?? DYN;
  }

  private comprehension(node: Node<'comprehension'>): CelType {
    const range = this.check(node.range);
    const types = this.itemTypes(node, range);
    const result = this.within(
      node.names.map(({ name }, i) => ({ name, type: types[i]! })),
      slots => {
        node.names.forEach((name, i) => {
          name.slot = slots[i]!;
        });
        if (node.condition) {
          const type = this.check(node.condition);
          if (!matches(BOOL, type, new Map()))
            this.problem(node.condition.at, `expected type 'bool' but found '${formatType(type)}'`);
        }
        return node.result ? this.check(node.result) : types[0]!;
      },
    );
    switch (node.macro) {
      case 'filter':
      case 'map':
        return listOf(result, range.kind === 'list' || range.kind === 'map' ? range.max : undefined);
      case 'transformMap':
        return mapOf(range.kind === 'map' ? range.key : INT, result);
      default:
        return BOOL;
    }
  }

  /** What the variables of a macro stand for. */
  private itemTypes(node: Node<'comprehension'>, range: CelType): readonly CelType[] {
    const two = node.names.length === 2;
    switch (range.kind) {
      case 'list':
        return two ? [INT, range.element] : [range.element];
      case 'map':
        return [range.key, range.value];
      case 'dyn':
      case 'error':
        return [range, range];
      default: {
        const what = `expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`;
        this.problem(node.range.at, what);
        return [ERROR, ERROR];
      }
    }
  }

  private mapOptional(node: Node<'mapOptional'>): CelType {
    const target = this.check(node.target);
    const isOpen = target.kind === 'dyn' || target.kind === 'error';
    if (target.kind !== 'optional' && !isOpen)
      return this.problem(node.at, `found no matching overload for 'hasValue' applied to '${formatType(target)}.()'`);
    const type = target.kind === 'optional' ? target.of : target;
    const result = this.within([{ name: node.name, type }], ([slot]) => {
      node.slot = slot!;
      return this.check(node.body);
    });
    if (!node.flat) return optionalOf(result);
    return result.kind === 'optional' ? result : optionalOf(DYN);
  }

  private within<T>(variables: readonly Variable[], inside: (slots: readonly number[]) => T): T {
    const slots = variables.map((_, i) => this.scope.length + i);
    this.scope.push(...variables);
    this.slots = Math.max(this.slots, this.scope.length);
    const result = inside(slots);
    this.scope.length -= variables.length;
    return result;
  }
}

const undeclared = (name: string) => `undeclared reference to '${name}' (in container '')`;

function literalType(value: Value): CelType {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'string') return { ...STRING, max: value.length } as CelType;
  return TYPE_NAMES.get(typeName(value)) ?? DYN;
}
