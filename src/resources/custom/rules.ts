import { CelError, compile, type Program } from '../cel/program.js';
import { type CelType, optionalOf } from '../cel/types.js';
import { isObject } from '../json.js';
import { typeOfSchema } from './cel-schema.js';
import type { JsonSchema, ValidationRule } from './types.js';

/** A rule of `x-kubernetes-validations`, ready to be evaluated. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly program: Program;
  readonly message?: Program;
  /** Looks at what was there before, and so applies to changes only. */
  readonly isTransition: boolean;
}

/** The rules of a schema, and of all that is below it. */
export interface SchemaRules {
  readonly schema: JsonSchema;
  readonly isResource: boolean;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, SchemaRules>;
  readonly values?: SchemaRules;
  readonly items?: SchemaRules;
}

/** What is wrong with a rule, and in which of its fields. */
export class RuleError extends Error {
  constructor(
    readonly field: 'rule' | 'messageExpression',
    message: string,
  ) {
    super(message);
  }
}

/** The rules of a schema and those that its `allOf` adds. */
export const rulesAt = (schema: JsonSchema): readonly ValidationRule[] => [
  ...(schema['x-kubernetes-validations'] ?? []),
  ...(schema.allOf ?? []).flatMap(branch => branch['x-kubernetes-validations'] ?? []),
];

/**
 * All rules of a schema, compiled; `undefined` if it has none. Rules that do not compile are left out: their definition was
 * not accepted, or by a server that knew more than this one.
 */
export function compileRules(schema: JsonSchema, isResource = true): SchemaRules | undefined {
  const { items, additionalProperties } = schema;
  const own = rulesAt(schema);
  const type = own.length > 0 ? selfType(schema, isResource) : undefined;
  const rules = type ? own.flatMap(rule => tryCompile(rule, type)) : [];
  const properties = new Map<string, SchemaRules>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const below = compileBelow(property);
    if (below) properties.set(name, below);
  }
  const itemRules = items && compileBelow(items);
  const values = isObject(additionalProperties) ? compileBelow(additionalProperties as JsonSchema) : undefined;
  if (rules.length === 0 && properties.size === 0 && !itemRules && !values) return undefined;
  return {
    schema,
    isResource,
    rules,
    properties,
    ...(itemRules ? { items: itemRules } : {}),
    ...(values ? { values } : {}),
  };
}

const compileBelow = (schema: JsonSchema) => compileRules(schema, schema['x-kubernetes-embedded-resource'] === true);

function tryCompile(rule: ValidationRule, type: CelType): CompiledRule[] {
  try {
    return [compileRule(rule, type)];
  } catch (error) {
    if (error instanceof RuleError) return [];
    throw error;
  }
}

/** What `self` is in the rules of a schema; `undefined` if they could not look at it. */
export const selfType = (schema: JsonSchema, isResource: boolean): CelType | undefined =>
  typeOfSchema(schema, 'selfType', isResource);

/** @throws RuleError */
export function compileRule(rule: ValidationRule, self: CelType): CompiledRule {
  const variables = new Map([
    ['self', self],
    ['oldSelf', rule.optionalOldSelf ? optionalOf(self) : self],
  ]);
  const program = compileField('rule', rule.rule ?? '', variables, 'compilation failed: ');
  if (program.type.kind !== 'bool') throw new RuleError('rule', 'cel expression must evaluate to a bool');
  const message = rule.messageExpression
    ? compileField('messageExpression', rule.messageExpression, variables, 'messageExpression compilation failed: ')
    : undefined;
  if (message && message.type.kind !== 'string')
    throw new RuleError('messageExpression', 'messageExpression must evaluate to a string');
  const isTransition = program.uses('oldSelf') || message?.uses('oldSelf') === true;
  return { rule, program, isTransition, ...(message ? { message } : {}) };
}

function compileField(
  field: 'rule' | 'messageExpression',
  source: string,
  variables: ReadonlyMap<string, CelType>,
  prefix: string,
): Program {
  try {
    return compile(source, variables);
  } catch (error) {
    throw error instanceof CelError ? new RuleError(field, prefix + error.message) : error;
  }
}
