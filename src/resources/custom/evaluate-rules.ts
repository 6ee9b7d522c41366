import { CostExceeded, type Program } from '../cel/program.js';
import { CelFailure, Optional, type Value } from '../cel/values.js';
import { duplicate, type FieldError, forbidden, invalid, OMITTED, required } from '../field-error.js';
import { equalJson, isObject } from '../json.js';
import { celValue } from './cel-schema.js';
import { normalizedFieldPath } from './rule-definition.js';
import type { CompiledRule, SchemaRules } from './rules.js';
import type { ValidationRule } from './types.js';
import { correlation } from './validate.js';

/** What one evaluation may cost, and all of an object together. */
const CALL_LIMIT = 1_000_000;
const OBJECT_LIMIT = 10_000_000;
const OUT_OF_BUDGET = 'validation failed due to running out of cost budget, no further validation rules will be run';
const MAX_MESSAGE_BYTES = 5120;

/** What rules say of an object. */
export interface Verdict {
  readonly errors: readonly FieldError[];
  /** What is wrong, but was so before and does not keep anybody from changing other parts of the object. */
  readonly tolerated: readonly FieldError[];
}

/** An old value, for as far as it is known which one a new value stands for. */
interface Old {
  readonly value: unknown;
  /** Whether this, or what it is a part of and could still be found again, is as it was. */
  readonly unchanged: boolean;
}

/** Whether an object complies with the rules of its schema. */
export function evaluateRules(rules: SchemaRules, object: unknown, old?: unknown): Verdict {
  const evaluation = new Evaluation();
  evaluation.visit(rules, object, '', { value: old, unchanged: old !== undefined && equalJson(object, old) });
  return evaluation;
}

class Evaluation implements Verdict {
  readonly errors: FieldError[] = [];
  readonly tolerated: FieldError[] = [];
  private left = OBJECT_LIMIT;

  visit(rules: SchemaRules, value: unknown, path: string, old: Old): void {
    if (value === null || value === undefined || this.left < 0) return;
    this.evaluate(rules, value, path, old);
    if (Array.isArray(value)) {
      const { items } = rules;
      if (!items) return;
      const oldItem = correlation(rules.schema, old.value);
      value.forEach((item, i) => {
        this.visit(items, item, `${path}[${i}]`, below(item, oldItem(item), old));
      });
    } else if (isObject(value)) {
      const former = isObject(old.value) && rules.schema['x-kubernetes-map-type'] !== 'atomic' ? old.value : {};
      for (const [name, item] of Object.entries(value)) {
        const property = rules.properties.get(name);
        const inside = below(item, Object.hasOwn(former, name) ? former[name] : undefined, old);
        if (property) this.visit(property, item, path ? `${path}.${name}` : name, inside);
        else if (rules.values) this.visit(rules.values, item, `${path}[${name}]`, inside);
      }
    }
  }

  private evaluate({ rules, schema, isResource }: SchemaRules, json: unknown, path: string, old: Old): void {
    if (rules.length === 0) return;
    const at = path || '<nil>';
    const fail = (what: string) => this.errors.push(invalid(at, schema.type ?? '', what));
    for (const compiled of rules) {
      const { rule, program, isTransition } = compiled;
      if (this.left <= 0) {
        fail(OUT_OF_BUDGET);
        this.left = -1;
        return;
      }
      if (isTransition && old.value === undefined && !rule.optionalOldSelf) continue;
      try {
        const self = celValue(json, schema, isResource);
        const before = old.value === undefined ? undefined : celValue(old.value, schema, isResource);
        const values = [self, rule.optionalOldSelf ? new Optional(before) : (before ?? null)];
        if (this.run(program, values) === true) continue;
        const error = this.violation(compiled, json, values, path);
        (!isTransition && old.unchanged ? this.tolerated : this.errors).push(error);
      } catch (error) {
        const text = ruleText(rule);
        if (error instanceof CostExceeded) {
          const isOut = error.cost > this.left;
          const what = `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${text}`;
          fail(isOut ? OUT_OF_BUDGET : what);
          this.left = -1;
          return;
        }
        if (!(error instanceof CelFailure)) throw error;
        const call = 'call arguments did not match a supported operator, function or macro signature for rule';
        fail(
          error.message.startsWith('no such overload')
            ? `'${error.message}': ${call}: ${text}`
            : `${error.message} evaluating rule: ${text}`,
        );
      }
    }
  }

  private run(program: Program, values: readonly Value[]): Value {
    const left = this.left;
    return program.run(values, Math.min(CALL_LIMIT, left), cost => {
      this.left = left - cost;
    });
  }

  private violation(
    { rule, message }: CompiledRule,
    json: unknown,
    values: readonly Value[],
    path: string,
  ): FieldError {
    const fieldPath = normalizedFieldPath(rule.fieldPath ?? '');
    const at = (path && fieldPath ? `${path}.${fieldPath}` : path || fieldPath) || '<nil>';
    const detail = (message && this.message(message, values)) ?? messageOf(rule);
    const value = typeof json === 'object' ? OMITTED : json;
    switch (rule.reason) {
      case 'FieldValueForbidden':
        return forbidden(at, detail);
      case 'FieldValueRequired':
        return required(at, detail);
      case 'FieldValueDuplicate':
        return duplicate(at, value);
      default:
        return invalid(at, value, detail);
    }
  }

  /** What the rule's own expression says; nothing if it fails, or says what cannot be shown. */
  private message(program: Program, values: readonly Value[]): string | undefined {
    try {
      const text = String(this.run(program, values)).trim();
      return text === '' || text.includes('\n') || Buffer.byteLength(text) > MAX_MESSAGE_BYTES ? undefined : text;
    } catch (error) {
      if (error instanceof CelFailure || error instanceof CostExceeded) return undefined;
      throw error;
    }
  }
}

function below(value: unknown, old: unknown, parent: Old): Old {
  return { value: old, unchanged: old === undefined ? parent.unchanged : parent.unchanged || equalJson(value, old) };
}

const ruleText = ({ rule = '', message }: ValidationRule) => (message || rule).trim();
const messageOf = (rule: ValidationRule) => rule.message?.trim() || `failed rule: ${ruleText(rule)}`;
