import { accountGroups, accountUserName } from '../../../resources/account-names.js';
import type { Activation, Expression } from '../../../resources/admission/environment.js';
import { dynamicValue, LazyMap } from '../../../resources/cel/dynamic.js';
import { type AskAccess, AuthorizerValue, ResourceCheck } from '../../../resources/cel/functions/authorizer.js';
import { CostExceeded } from '../../../resources/cel/program.js';
import { CelFailure, type Value } from '../../../resources/cel/values.js';
import type { ResourceDefinition } from '../../../resources/definition.js';
import type { KubeObject } from '../../../resources/types.js';
import type { Asked } from '../asked.js';

/** What one evaluation may cost; all of a policy together; all conditions of a policy or a webhook. */
const CALL_LIMIT = 1_000_000;
export const POLICY_BUDGET = 10_000_000;
const CONDITIONS_BUDGET = 2_500_000;

/** An expression could not be evaluated. */
export class EvaluationError extends Error {}

/** Nothing more is evaluated. */
export class OutOfBudget extends EvaluationError {
  /** @param during what was evaluated, if it was not the expression of a rule */
  constructor(during = '') {
    const prefix = during && `${during}: `;
    super(`${prefix}validation failed due to running out of cost budget, no further validation rules will be run`);
  }
}

/** Evaluates expressions, for as much as they may cost together. */
export class Evaluator {
  constructor(private left: number) {}

  /** @throws EvaluationError */
  evaluate(expression: Expression | ExpressionFault, activation: Activation): Value {
    if ('fault' in expression) throw new EvaluationError(`compilation error: ${expression.fault}`);
    const { value, failure } = this.attempt(expression, activation);
    if (this.left < 0) throw new OutOfBudget();
    if (failure !== undefined)
      throw new EvaluationError(`expression '${expression.source}' resulted in error: ${failure}`);
    return value;
  }

  /** The value of a variable, within the evaluation of something else. @throws CelFailure */
  variable(name: string, expression: Expression | ExpressionFault, activation: Activation): Value {
    if ('fault' in expression)
      throw new CelFailure(`composited variable ${JSON.stringify(name)} fails to compile: ${expression.fault}`);
    const { value, failure } = this.attempt(expression, activation);
    if (failure !== undefined)
      throw new CelFailure(`composited variable ${JSON.stringify(name)} fails to evaluate: ${failure}`);
    return value;
  }

  private attempt(expression: Expression, activation: Activation): { value: Value; failure?: string } {
    const spent = (cost: number) => {
      this.left -= cost;
    };
    try {
      return { value: expression.run(activation, CALL_LIMIT, spent) };
    } catch (error) {
      if (!(error instanceof CelFailure || error instanceof CostExceeded)) throw error;
      return { value: null, failure: error.message };
    }
  }
}

/** An expression that does not compile: its object was stored by somebody who knew more. */
export interface ExpressionFault {
  readonly source: string;
  readonly fault: string;
}

/** Whether conditions hold. The first that does not decides, even if others fail. @throws EvaluationError */
export function conditionsHold(conditions: readonly (Expression | ExpressionFault)[], activation: Activation): boolean {
  const evaluator = new Evaluator(CONDITIONS_BUDGET);
  const failures: string[] = [];
  for (const condition of conditions) {
    try {
      if (evaluator.evaluate(condition, activation) === false) return false;
    } catch (error) {
      if (!(error instanceof EvaluationError) || error instanceof OutOfBudget) throw error;
      failures.push(error.message);
    }
  }
  const different = [...new Set(failures)];
  if (different.length > 0)
    throw new EvaluationError(different.length === 1 ? different[0] : `[${different.join(', ')}]`);
  return true;
}

/**
 * What the expressions of a policy or a webhook see of a request.
 * @param kind the version that was matched
 * @param params what a binding refers to; null if there is nothing
 */
export function activationOf(
  asked: Asked,
  kind: ResourceDefinition,
  params: KubeObject | null = null,
  more: ReadonlyMap<string, () => Value> = new Map(),
): Activation {
  return new LazyMap(
    new Map<string, () => Value>([
      ['object', () => dynamicValue(asked.object(kind))],
      ['oldObject', () => dynamicValue(asked.oldObject(kind))],
      ['request', () => dynamicValue(asked.review(kind, ''))],
      ['namespaceObject', () => dynamicValue(asked.namespaceObject)],
      ['params', () => dynamicValue(params)],
      ['authorizer', () => new AuthorizerValue(asks(asked))],
      ['authorizer.requestResource', () => requestResource(asked)],
      ...more,
    ]),
  );
}

function asks({ user, request, registry }: Asked): AskAccess {
  return (question, as) => {
    // The cluster itself needs no role.
    if (!as && !request.user) return { allowed: true, reason: '' };
    const who = as
      ? {
          name: accountUserName(as.namespace, as.name),
          groups: [...accountGroups(as.namespace), 'system:authenticated'],
        }
      : user;
    const { authorizer } = registry;
    return 'path' in question ? authorizer.path(who, question) : authorizer.resource(who, question);
  };
}

function requestResource(asked: Asked): ResourceCheck {
  const { group, plural } = asked.kind;
  const { subresource, namespace, name } = asked;
  return new ResourceCheck(new AuthorizerValue(asks(asked)), { group, resource: plural, subresource, namespace, name });
}
