import type { Expression } from './ast.js';
import type { Checked } from './checker.js';
import type { CelType } from './types.js';

/** More cannot come in one request: what is of no known size is taken for that large. */
export const MAX_REQUEST = 3 * 1024 * 1024;

/**
 * What an expression costs at most, in upstream's units: each look at a variable, field or function costs 1, functions that
 * go through their arguments a tenth of their length, macros what each round costs. Where it is not known better, an estimate
 * errs on the low side: what it lets through is still stopped when it is evaluated.
 */
export function estimate(root: Expression, { calls }: Checked): number {
  return cost(root);

  function cost(node: Expression): number {
    switch (node.kind) {
      case 'literal':
        return 0;
      case 'name':
        return node.slot === undefined ? 0 : 1;
      case 'select':
        return 1 + cost(node.operand);
      case 'list':
        return 10 + sum(node.items.map(item => item.value));
      case 'map':
        return 30 + sum(node.entries.flatMap(entry => [entry.key, entry.value]));
      case 'mapOptional':
        return cost(node.target) + cost(node.body);
      case 'comprehension': {
        const round = 1 + sum([node.condition, node.result].filter(part => part !== undefined));
        return cost(node.range) + size(node.range.type) * round;
      }
      case 'call': {
        const args = [...(node.target ? [node.target] : []), ...node.args];
        const [condition, ...branches] = node.args;
        if (node.name === '_?_:_') return cost(condition!) + Math.max(...branches.map(cost));
        const sizes = args.map(arg => size(arg.type));
        return sum(args) + Math.max(0, ...(calls.get(node) ?? []).map(one => one.work(sizes)));
      }
    }
  }

  function sum(nodes: readonly Expression[]): number {
    return nodes.reduce((total, node) => total + cost(node), 0);
  }
}

/** How large a value of a type can be. */
function size(type: CelType | undefined): number {
  switch (type?.kind) {
    case 'string':
    case 'bytes':
    case 'list':
    case 'map':
      return type.max ?? MAX_REQUEST;
    case 'dyn':
      return MAX_REQUEST;
    default:
      return 1;
  }
}
