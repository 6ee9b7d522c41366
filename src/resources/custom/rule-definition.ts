import { FieldError, forbidden, invalid, notSupported, OMITTED, required } from '../field-error.js';
import { isObject } from '../json.js';
import { mostOften } from './cel-schema.js';
import { compileRule, RuleError, rulesAt, selfType } from './rules.js';
import type { JsonSchema, ValidationRule } from './types.js';

const REASONS = ['FieldValueRequired', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueDuplicate'].sort();
const MAX_MESSAGE = 2048;
/** What a rule may cost by estimate, over all the places where it applies, and all rules of a schema. */
const RULE_LIMIT = 10_000_000;
const SCHEMA_LIMIT = 100_000_000;
const MOST_EXPENSIVE = 4;

/** What is wrong with the texts of a schema's rules, before they are compiled. */
export function checkRuleFields(errors: FieldError[], schema: JsonSchema, path: string): void {
  schema['x-kubernetes-validations']?.forEach((rule, i) => {
    const at = (field: string) => `${path}.x-kubernetes-validations[${i}].${field}`;
    const text = rule.rule?.trim() ?? '';
    const message = rule.message?.trim() ?? '';
    if (!text) errors.push(required(at('rule'), 'rule is not specified'));
    else if (rule.message && !message)
      errors.push(invalid(at('message'), rule.message, 'message must be non-empty if specified'));
    else if (message.length > MAX_MESSAGE) {
      const why = `message must have a maximum length of ${MAX_MESSAGE} characters`;
      errors.push(invalid(at('message'), `${message.slice(0, 10)}...`, why));
    } else if (hasBreaks(message))
      errors.push(invalid(at('message'), rule.message, 'message must not contain line breaks'));
    else if (hasBreaks(text) && !message)
      errors.push(required(at('message'), 'message must be specified if rule contains line breaks'));
    if (rule.messageExpression && !rule.messageExpression.trim())
      errors.push(required(at('messageExpression'), 'messageExpression must be non-empty if specified'));
    if (rule.reason !== undefined && !REASONS.includes(rule.reason))
      errors.push(notSupported(at('reason'), rule.reason, REASONS));
    checkFieldPath(errors, rule.fieldPath ?? '', schema, at('fieldPath'));
  });
}

const hasBreaks = (text: string) => /[\n\r]/.test(text);

function checkFieldPath(errors: FieldError[], text: string, schema: JsonSchema, at: string): void {
  if (!text) return;
  if (!text.trim()) errors.push(invalid(at, text, 'fieldPath must be non-empty if specified'));
  if (hasBreaks(text)) errors.push(invalid(at, text, 'fieldPath must not contain line breaks'));
  const problem = fieldPathProblem(text, schema);
  if (problem) errors.push(invalid(at, text, `fieldPath must be a valid path: ${problem}`));
}

const STEP = /\.([^.[\]]+)|\['((?:\\.|[^'\\])*)'\]/y;

/** The steps of `.spec.ports['a.b']`; `undefined` if it is no such path. */
function stepsOf(text: string): string[] | undefined {
  const steps: string[] = [];
  STEP.lastIndex = 0;
  let end = 0;
  while (end < text.length) {
    const step = STEP.exec(text);
    if (!step) return undefined;
    steps.push(step[1] ?? step[2]!.replace(/\\(.)/g, '$1'));
    end = STEP.lastIndex;
  }
  return steps;
}

function fieldPathProblem(text: string, root: JsonSchema): string | undefined {
  const steps = stepsOf(text);
  if (!steps) return `expected [ or . but got: ${/^[^.[\]]+/.exec(text)?.[0] ?? text[0]}`;
  const found = steps.reduce<JsonSchema | undefined>((schema, step) => schema && fieldOf(schema, step), root);
  return found ? undefined : 'does not refer to a valid field';
}

function fieldOf({ properties, additionalProperties }: JsonSchema, name: string): JsonSchema | undefined {
  if (properties) return Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isObject(additionalProperties) ? (additionalProperties as JsonSchema) : undefined;
}

/** A rule's path as errors show it: `spec.ports`. */
export const normalizedFieldPath = (text: string): string => stepsOf(text)?.join('.') ?? '';

/** Where in a schema rules stand, for as much as it matters to them. */
interface Place {
  readonly path: string;
  readonly isResource: boolean;
  /** How often a value can be there; `undefined` if nothing bounds it but the size of a request. */
  readonly times: number | undefined;
  /** The schema within which old and new values cannot be told to be the same one. */
  readonly uncorrelatable: string | undefined;
}

/** What is wrong with the rules of a schema, which is structural: they must compile, and not cost too much. */
export function checkRules(root: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const costs: { path: string; cost: number }[] = [];
  visit(root, { path, isResource: true, times: 1, uncorrelatable: undefined });
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  if (total > SCHEMA_LIMIT) {
    for (const { path: at } of costs.sort((a, b) => b.cost - a.cost).slice(0, MOST_EXPENSIVE)) {
      const why = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
      errors.push(forbidden(at, why));
    }
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    errors.push(forbidden(path, exceeds(what, total, SCHEMA_LIMIT)));
  }
  return errors;

  function visit(schema: JsonSchema, place: Place): void {
    const { properties = {}, items, additionalProperties, maxItems, maxProperties } = schema;
    const { path: at, times, uncorrelatable } = place;
    const embedded = (of: JsonSchema) => of['x-kubernetes-embedded-resource'] === true;
    const often = (most: number | undefined) => (times === undefined || most === undefined ? undefined : times * most);
    const inMap = schema['x-kubernetes-map-type'] === 'atomic' ? (uncorrelatable ?? at) : uncorrelatable;
    for (const [name, of] of Object.entries(properties)) {
      const below = { ...place, isResource: embedded(of), uncorrelatable: inMap };
      visit(of, { ...below, path: `${at}.properties[${name}]` });
    }
    if (isObject(additionalProperties)) {
      const of = additionalProperties as JsonSchema;
      const below = { isResource: embedded(of), times: often(maxProperties), uncorrelatable: inMap };
      visit(of, { ...below, path: `${at}.additionalProperties` });
    }
    if (items) {
      const inList = schema['x-kubernetes-list-type'] === 'map' ? uncorrelatable : (uncorrelatable ?? at);
      const below = { isResource: embedded(items), times: often(maxItems), uncorrelatable: inList };
      visit(items, { ...below, path: `${at}.items` });
    }
    checkOwn(schema, place);
  }

  function checkOwn(schema: JsonSchema, place: Place): void {
    const rules = rulesAt(schema);
    if (rules.length === 0) return;
    const self = selfType(schema, place.isResource);
    if (!self) {
      const what = 'internal error: failed to retrieve type information for x-kubernetes-validations';
      errors.push(new FieldError(`${place.path}.x-kubernetes-validations`, 'Internal error', what, OMITTED));
      return;
    }
    rules.forEach((rule, i) => {
      const at = (field: string) => `${place.path}.x-kubernetes-validations[${i}].${field}`;
      try {
        const { program, message, isTransition } = compileRule(rule, self);
        const cost = program.maxCost * (place.times ?? mostOften(schema));
        costs.push({ path: at('rule'), cost });
        if (cost > RULE_LIMIT) errors.push(forbidden(at('rule'), exceeds('estimated rule cost', cost, RULE_LIMIT)));
        if (message && message.maxCost > RULE_LIMIT) {
          const why = exceeds('estimated messageExpression cost', message.maxCost, RULE_LIMIT);
          errors.push(forbidden(at('messageExpression'), why));
        }
        if (isTransition && place.uncorrelatable !== undefined) {
          const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${place.uncorrelatable}`;
          errors.push(invalid(at('rule'), rule.rule, why));
        } else if (!isTransition && rule.optionalOldSelf !== undefined) {
          const why = 'may not be set if oldSelf is not used in rule';
          errors.push(invalid(at('optionalOldSelf'), rule.optionalOldSelf, why));
        }
      } catch (error) {
        if (!(error instanceof RuleError)) throw error;
        errors.push(invalid(at(error.field), shown(rule), error.message));
      }
    });
  }
}

/** A rule as messages print it, with all its fields. */
const shown = (rule: ValidationRule) => ({
  Rule: rule.rule ?? '',
  Message: rule.message ?? '',
  MessageExpression: rule.messageExpression ?? '',
  Reason: rule.reason ?? null,
  FieldPath: rule.fieldPath ?? '',
  OptionalOldSelf: rule.optionalOldSelf ?? null,
});

function exceeds(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const times = factor > 100 ? 'more than 100' : factor < 1.5 ? factor.toFixed(6) : factor.toFixed(1);
  return `${what} exceeds budget by factor of ${times}x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}
