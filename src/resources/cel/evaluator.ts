import type { Expression, Node } from './ast.js';
import type { Checked } from './checker.js';
import { costOf, type Overload } from './functions/overload.js';
import { entryAt } from './functions/standard.js';
import { type CelType, TYPE_NAMES } from './types.js';
import {
  CelFailure,
  type CelMap,
  Duration,
  isList,
  isMap,
  MapValue,
  noSuchOverload,
  Opaque,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './values.js';

/** An expression costs more than it may. */
export class CostExceeded extends Error {
  constructor(readonly cost: number) {
    super('operation cancelled: actual cost limit exceeded');
  }
}

/** The state of one evaluation. */
export interface Frame {
  /** Variables by their slots. */
  readonly values: Value[];
  /** What was spent up to now, in upstream's units. */
  cost: number;
  readonly limit: number;
}

export type Evaluate = (frame: Frame) => Value;

const LIST_COST = 10;
const MAP_COST = 30;

function spend(frame: Frame, cost: number): void {
  frame.cost += cost;
  if (frame.cost > frame.limit) throw new CostExceeded(frame.cost);
}

/** A function that evaluates an expression which has been checked. */
export function evaluator(root: Expression, { calls }: Checked): Evaluate {
  return compile(root);

  function compile(node: Expression): Evaluate {
    switch (node.kind) {
      case 'literal': {
        const { value } = node;
        return () => value;
      }
      case 'name':
        return name(node);
      case 'select':
        return select(node);
      case 'call':
        return call(node);
      case 'list':
        return list(node);
      case 'map':
        return map(node);
      case 'comprehension':
        return comprehension(node);
      case 'mapOptional':
        return mapOptional(node);
    }
  }

  function call(node: Node<'call'>): Evaluate {
    const args = [...(node.target ? [node.target] : []), ...node.args].map(compile);
    if (node.name === '_&&_') return logic(args[0]!, args[1]!, false);
    if (node.name === '_||_') return logic(args[0]!, args[1]!, true);
    if (node.name === '_?_:_') {
      const [condition, yes, no] = args;
      return frame => (asBool(condition!(frame)) ? yes!(frame) : no!(frame));
    }
    const candidates = calls.get(node)!;
    return frame => {
      const values = args.map(arg => arg(frame));
      const chosen = choose(candidates, values);
      spend(frame, costOf(chosen, values));
      return chosen.call(...(values as never[]));
    };
  }

  function list({ items }: Node<'list'>): Evaluate {
    const parts = items.map(({ value, optional }) => ({ value: compile(value), optional }));
    return frame => {
      spend(frame, LIST_COST);
      return parts.flatMap(({ value, optional }) => {
        const item = value(frame);
        if (!optional) return [item];
        return item instanceof Optional && item.value !== undefined ? [item.value] : [];
      });
    };
  }

  function map({ entries }: Node<'map'>): Evaluate {
    const parts = entries.map(entry => ({ ...entry, key: compile(entry.key), value: compile(entry.value) }));
    return frame => {
      spend(frame, MAP_COST);
      const made = new MapValue();
      for (const { key, value, optional } of parts) {
        const [at, found] = [key(frame), value(frame)];
        if (made.get(at) !== undefined) throw new CelFailure(`Failed with repeated key: ${String(at)}`);
        if (!optional) made.set(at, found);
        else if (found instanceof Optional && found.value !== undefined) made.set(at, found.value);
      }
      return made;
    };
  }

  function comprehension(node: Node<'comprehension'>): Evaluate {
    const range = compile(node.range);
    const [first, second] = node.names.map(({ slot }) => slot!);
    const condition = node.condition ? compile(node.condition) : () => true;
    const result = node.result ? compile(node.result) : (frame: Frame) => frame.values[first!]!;

    /** Calls `visit` with the variables set for each item, until it returns true. */
    function each(frame: Frame, visit: (key: Value) => boolean | undefined): void {
      const container = range(frame);
      const keys = isList(container) ? undefined : keysOf(container);
      const length = keys ? keys.length : (container as readonly Value[]).length;
      for (let i = 0; i < length; i++) {
        const key = keys ? keys[i]! : BigInt(i);
        const item = keys ? (container as CelMap).get(key)! : (container as readonly Value[])[i]!;
        spend(frame, 1);
        frame.values[first!] = keys || second !== undefined ? key : item;
        if (second !== undefined) frame.values[second] = item;
        if (visit(key)) return;
      }
    }

    switch (node.macro) {
      case 'all':
      case 'exists':
        return frame =>
          decide(
            node.macro === 'exists',
            visit => each(frame, visit),
            () => asBool(condition(frame)),
          );
      case 'exists_one':
        return frame => {
          let count = 0;
          each(frame, () => {
            if (asBool(condition(frame))) count++;
            return false;
          });
          return count === 1;
        };
      case 'transformMap':
        return frame => {
          const made = new MapValue();
          each(frame, key => {
            if (asBool(condition(frame))) made.set(key, result(frame));
            return false;
          });
          return made;
        };
      default:
        return frame => {
          const made: Value[] = [];
          each(frame, () => {
            if (asBool(condition(frame))) made.push(result(frame));
            return false;
          });
          return made;
        };
    }
  }

  function mapOptional(node: Node<'mapOptional'>): Evaluate {
    const target = compile(node.target);
    const body = compile(node.body);
    return frame => {
      const found = target(frame);
      if (!(found instanceof Optional)) throw noSuchOverload();
      if (found.value === undefined) return found;
      frame.values[node.slot!] = found.value;
      const made = body(frame);
      return node.flat ? made : new Optional(made);
    };
  }

  function select(node: Node<'select'>): Evaluate {
    const operand = compile(node.operand);
    const { field, how } = node;
    return frame => {
      const found = operand(frame);
      spend(frame, 1);
      const isOptional = found instanceof Optional;
      const container = isOptional ? found.value : found;
      if (container === undefined) return how === 'test' ? false : found;
      if (!isMap(container)) throw noSuchOverload();
      const value = container.get(field);
      if (how === 'test') return value !== undefined;
      if (how === 'optional' || isOptional) return new Optional(value);
      return value ?? entryAt(container, field);
    };
  }
}

function name({ slot, type }: Node<'name'>): Evaluate {
  if (slot !== undefined)
    return frame => {
      spend(frame, 1);
      return frame.values[slot]!;
    };
  const named = type as Extract<CelType, { kind: 'type' }>;
  const [text] = [...TYPE_NAMES].find(([, one]) => one === named.of)!;
  const value = new TypeValue(text);
  return () => value;
}

function asBool(value: Value): boolean {
  if (typeof value !== 'boolean') throw noSuchOverload();
  return value;
}

/** `&&` and `||`: the side that decides does so even if the other one fails. */
function logic(left: Evaluate, right: Evaluate, decisive: boolean): Evaluate {
  return frame => {
    let failure: CelFailure | undefined;
    try {
      if (asBool(left(frame)) === decisive) return decisive;
    } catch (error) {
      if (!(error instanceof CelFailure)) throw error;
      failure = error;
    }
    if (asBool(right(frame)) === decisive) return decisive;
    if (failure) throw failure;
    return !decisive;
  };
}

/** `all` and `exists`: likewise, one item decides even if others fail. */
function decide(decisive: boolean, each: (visit: () => boolean) => void, test: () => boolean): boolean {
  let failure: CelFailure | undefined;
  let decided = false;
  each(() => {
    try {
      decided = test() === decisive;
    } catch (error) {
      if (!(error instanceof CelFailure)) throw error;
      failure ??= error;
    }
    return decided;
  });
  if (decided) return decisive;
  if (failure) throw failure;
  return !decisive;
}

function keysOf(value: Value): readonly Value[] {
  if (!isMap(value)) throw noSuchOverload();
  return value.keys();
}

/** The way to call a function that fits the values. */
function choose(candidates: readonly Overload[], values: readonly Value[]): Overload {
  const found = candidates.find(({ args }) => args.every((type, i) => isOf(type, values[i]!)));
  if (!found) throw noSuchOverload();
  return found;
}

function isOf(type: CelType, value: Value): boolean {
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean';
    case 'int':
      return typeof value === 'bigint';
    case 'uint':
      return value instanceof Uint;
    case 'double':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'bytes':
      return value instanceof Uint8Array;
    case 'null':
      return value === null;
    case 'timestamp':
      return value instanceof Timestamp;
    case 'duration':
      return value instanceof Duration;
    case 'list':
      return isList(value) && (value.length === 0 || isOf(type.element, value[0]!));
    case 'map':
      return isMap(value);
    case 'optional':
      return value instanceof Optional;
    case 'opaque':
      return value instanceof Opaque && value.type === type.name;
    default:
      return true;
  }
}
