import type { MatchCondition, Rule } from '../admission/configuration.js';
import {
  CONDITION,
  compileExpression,
  type Expression,
  ExpressionError,
  type Scope,
} from '../admission/environment.js';
import type { CelType } from '../cel/types.js';
import { duplicate, type FieldError, invalid, required, tooMany } from '../field-error.js';
import { addProblems, checkOneOf } from './messages.js';
import { checkQualifiedName } from './names.js';

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
const MAX_CONDITIONS = 64;

/** Of each: what it is about, or `*`, which stands alone. */
export function validateRule(errors: FieldError[], path: string, rule: Rule): void {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [] } = rule;
  checkAlone(errors, `${path}.operations`, operations, 'operations');
  operations.forEach((operation, i) => {
    checkOneOf(errors, `${path}.operations[${i}]`, operation, OPERATIONS);
  });
  checkAlone(errors, `${path}.apiGroups`, apiGroups, 'API groups');
  checkAlone(errors, `${path}.apiVersions`, apiVersions, 'API versions');
  apiVersions.forEach((version, i) => {
    if (!version) errors.push(required(`${path}.apiVersions[${i}]`));
  });
  validateResources(errors, `${path}.resources`, resources);
  checkOneOf(errors, `${path}.scope`, rule.scope, SCOPES);
}

function checkAlone(errors: FieldError[], field: string, values: readonly string[], what: string): void {
  if (values.length === 0) errors.push(required(field));
  if (values.length > 1 && values.includes('*')) {
    errors.push(invalid(field, values, `if '*' is present, must not specify other ${what}`));
  }
}

/** Resources and subresources: `pods`, `pods/log`, and with `*` for either part. What `*` covers need not be named. */
function validateResources(errors: FieldError[], path: string, resources: readonly string[]): void {
  if (resources.length === 0) errors.push(required(path));
  const wholes = new Set<string>();
  const parts = new Set<string>();
  resources.forEach((text, i) => {
    const field = `${path}[${i}]`;
    if (!text) errors.push(required(field));
    const slash = text.indexOf('/');
    if (slash < 0) return;
    const [resource, part] = [text.slice(0, slash), text.slice(slash + 1)];
    if (wholes.has(resource)) {
      errors.push(invalid(field, text, `if '${resource}/*' is present, must not specify ${text}`));
    }
    if (parts.has(part)) errors.push(invalid(field, text, `if '*/${part}' is present, must not specify ${text}`));
    if (part === '*') wholes.add(resource);
    if (resource === '*') parts.add(part);
  });
  if (resources.length > 1 && resources.includes('*/*')) {
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  }
  // The last without a subresource decides, as it does upstream.
  const last = resources.filter(text => text && !text.includes('/')).at(-1);
  if (resources.includes('*') && last !== '*') {
    const why = "if '*' is present, must not specify other resources without subresources";
    errors.push(invalid(path, resources, why));
  }
}

/** Compiles an expression; what is wrong with it goes to `errors`. */
export function checkExpression(
  errors: FieldError[],
  field: string,
  source: string,
  scope: Scope,
  results?: readonly CelType[],
  shown = source,
): Expression | undefined {
  try {
    return compileExpression(source, scope, results);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    errors.push(invalid(field, shown, error.message));
    return undefined;
  }
}

/** @param params whether conditions can look at the parameters of a policy */
export function validateMatchConditions(
  errors: FieldError[],
  path: string,
  conditions: readonly MatchCondition[] = [],
  params = false,
): void {
  if (conditions.length > MAX_CONDITIONS) errors.push(tooMany(path, conditions.length, MAX_CONDITIONS));
  const names = new Set<string>();
  conditions.forEach(({ name = '', expression = '' }, i) => {
    const trimmed = expression.trim();
    if (!trimmed) errors.push(required(`${path}[${i}].expression`));
    else checkExpression(errors, `${path}[${i}].expression`, trimmed, { params, authorizer: true }, CONDITION);
    if (!name) errors.push(required(`${path}[${i}].name`));
    else addProblems(errors, `${path}[${i}].name`, name, checkQualifiedName(name));
    if (name && names.has(name)) errors.push(duplicate(`${path}[${i}].name`, name));
    names.add(name);
  });
}
