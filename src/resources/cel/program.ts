import { check } from './checker.js';
import { estimate } from './estimate.js';
import { CostExceeded, evaluator, type Frame } from './evaluator.js';
import { parse } from './parser.js';
import type { CelType } from './types.js';
import type { Value } from './values.js';

export { CelError } from './ast.js';
export { CostExceeded };

/** An expression that can be evaluated again and again. */
export interface Program {
  readonly type: CelType;
  /** Whether the expression looks at a variable. */
  uses(variable: string): boolean;
  /** What it costs at most, by what its variables can hold at most. */
  readonly maxCost: number;
  /**
   * @param values of the variables, in the order of their declaration
   * @param limit what the evaluation may cost
   * @param spent hears what it has cost, also if it fails
   * @throws CelFailure what the expression cannot do with these values
   * @throws CostExceeded
   */
  run(values: readonly Value[], limit: number, spent: (cost: number) => void): Value;
}

/**
 * Reads and checks an expression of CEL with Kubernetes' library.
 * @param variables what it can look at
 * @throws CelError in upstream's form, with the place of each problem
 */
export function compile(source: string, variables: ReadonlyMap<string, CelType>): Program {
  const root = parse(source);
  const checked = check(source, root, variables);
  const evaluate = evaluator(root, checked);
  return {
    type: checked.type,
    maxCost: estimate(root, checked),
    uses: variable => checked.uses.has(variable),
    run(values, limit, spent) {
      const frame: Frame = { values: [...values], cost: 0, limit };
      frame.values.length = checked.slots;
      try {
        return evaluate(frame);
      } finally {
        spent(frame.cost);
      }
    },
  };
}
