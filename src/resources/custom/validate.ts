import { duplicate, FieldError, invalid, notSupported, required, tooMany } from '../field-error.js';
import { equalJson, isObject, type JsonObject, sortKeys } from '../json.js';
import { validateLabels } from '../validation/labels.js';
import { addProblems } from '../validation/messages.js';
import { checkLabel1035, checkPathSegmentName } from '../validation/names.js';
import { fitsInteger, hasFormat } from './formats.js';
import { Pattern, patternOf } from './pattern.js';
import { schemaOfField } from './prune.js';
import type { JsonSchema } from './types.js';

/** What composite rules complain of has no field: upstream prints the absence of one. */
const NO_FIELD = '<nil>';

/**
 * What is wrong with a value by its schema, in upstream's words (its OpenAPI validator's, and those around it).
 *
 * @param path of the value; empty for a resource
 * @param old the stored value, if there is one: what did not change is not complained of, even if the schema has become
 *   stricter since (`CRDValidationRatcheting`)
 */
export function validateBySchema(value: unknown, schema: JsonSchema, path = '', old?: unknown): FieldError[] {
  const errors: FieldError[] = [];
  check(errors, value, schema, path, old);
  checkLists(errors, value, schema, path, old);
  return errors;
}

const child = (path: string, name: string) => (path ? `${path}.${name}` : name);
const isUnchanged = (value: unknown, old: unknown) => old !== undefined && equalJson(value, old);

function check(errors: FieldError[], value: unknown, schema: JsonSchema, path: string, old: unknown): void {
  if (isUnchanged(value, old)) return;
  if (value === null && schema.nullable) return;
  checkType(errors, value, schema, path);
  checkComposites(errors, value, schema, path);
  if (typeof value === 'string') checkString(errors, value, schema, path);
  else if (typeof value === 'number') checkNumber(errors, value, schema, path);
  else if (Array.isArray(value)) checkList(errors, value, schema, path, old);
  if (schema.enum && !schema.enum.some(allowed => equalJson(allowed, value)))
    errors.push(notSupported(path, value, schema.enum.map(shown)));
  if (isObject(value)) checkObject(errors, value, schema, path, old);
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function checkType(errors: FieldError[], value: unknown, schema: JsonSchema, path: string): void {
  const types = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : [];
  const actual = typeOf(value);
  if (types.length === 0 || types.includes(actual) || (actual === 'integer' && types.includes('number'))) return;
  errors.push(wrongType(path, types.join(','), actual));
}

const wrongType = (path: string, type: string, actual: unknown) =>
  new FieldError(path, 'Invalid type', `${path} in body must be of type ${type}: ${JSON.stringify(actual)}`, actual);

function checkString(errors: FieldError[], value: string, schema: JsonSchema, path: string): void {
  const { maxLength, minLength, pattern, format } = schema;
  const length = maxLength === undefined && minLength === undefined ? 0 : [...value].length;
  if (maxLength !== undefined && length > maxLength)
    errors.push(new FieldError(path, 'Too long', `may not be more than ${maxLength} bytes`));
  if (minLength !== undefined && length < minLength)
    errors.push(invalid(path, value, `${path} in body should be at least ${minLength} chars long`));
  const expression = pattern === undefined ? undefined : patternOf(pattern);
  if (expression instanceof Pattern && !expression.test(value))
    errors.push(invalid(path, value, `${path} in body should match '${pattern}'`));
  if (format !== undefined && !hasFormat(format, value)) errors.push(wrongType(path, format, value));
}

function checkNumber(errors: FieldError[], value: number, schema: JsonSchema, path: string): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = schema;
  const complain = (what: string) => errors.push(invalid(path, value, `${path} in body should be ${what}`));
  if (format !== undefined && !fitsInteger(format, value)) errors.push(wrongType(path, format, value));
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) complain(`a multiple of ${multipleOf}`);
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    complain(`less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    complain(`greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
}

/** As precise as decimal fractions in binary can be asked to be. */
function isMultiple(value: number, factor: number): boolean {
  const quotient = value / factor;
  return Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
}

function checkList(
  errors: FieldError[],
  value: readonly unknown[],
  schema: JsonSchema,
  path: string,
  old: unknown,
): void {
  const { items, minItems, maxItems } = schema;
  if (items) {
    const oldItem = correlation(schema, old);
    value.forEach((item, i) => {
      check(errors, item, items, `${path}[${i}]`, oldItem(item));
    });
  }
  if (minItems !== undefined && value.length < minItems)
    errors.push(invalid(path, value.length, `${path} in body should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems) errors.push(tooMany(path, value.length, maxItems));
}

/** The stored item that an item stands for: the one with the same keys, in lists whose items have keys. */
export function correlation(schema: JsonSchema, old: unknown): (item: unknown) => unknown {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return () => undefined;
  const byKeys = new Map(old.map(item => [keysOf(schema, item), item]));
  return item => byKeys.get(keysOf(schema, item));
}

function keysOf(schema: JsonSchema, item: unknown): string {
  return JSON.stringify((schema['x-kubernetes-list-map-keys'] ?? []).map(key => (isObject(item) ? item[key] : null)));
}

function checkObject(errors: FieldError[], value: JsonObject, schema: JsonSchema, path: string, old: unknown): void {
  if (schema['x-kubernetes-embedded-resource']) checkResource(errors, value, path);
  const names = Object.keys(value);
  const { minProperties, maxProperties } = schema;
  if (minProperties !== undefined && names.length < minProperties)
    errors.push(invalid(path, names.length, `${path} in body should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && names.length > maxProperties)
    errors.push(tooMany(path, names.length, maxProperties));
  for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) errors.push(required(child(path, name)));
  for (const name of names) {
    const field = schemaOfField(schema, name);
    const former = isObject(old) && Object.hasOwn(old, name) ? old[name] : undefined;
    if (field) check(errors, value[name], field, child(path, name), former);
  }
}

/** A resource within a resource says what it is, and has metadata as all have. */
function checkResource(errors: FieldError[], { apiVersion, kind, metadata }: JsonObject, path: string): void {
  const told = (name: string, value: unknown, check: (text: string) => readonly string[]) => {
    const at = child(path, name);
    if (value === undefined) errors.push(required(at, 'must not be empty'));
    else if (typeof value !== 'string') errors.push(invalid(at, value, 'must be a string'));
    else if (value === '') errors.push(invalid(at, value, 'must not be empty'));
    else addProblems(errors, at, value, check(value));
  };
  told('apiVersion', apiVersion, text =>
    text.split('/').length > 2 ? [`unexpected GroupVersion string: ${text}`] : [],
  );
  told('kind', kind, text => checkLabel1035(text.toLowerCase()));
  if (!isObject(metadata)) return;
  const at = child(path, 'metadata');
  const { name, labels } = metadata;
  if (typeof name === 'string') addProblems(errors, `${at}.name`, name, checkPathSegmentName(name));
  if (isObject(labels)) validateLabels(errors, `${at}.labels`, labels as Record<string, string>);
}

/** What a value is to comply with besides: all, any, one, or not. */
function checkComposites(errors: FieldError[], value: unknown, schema: JsonSchema, path: string): void {
  const against = (branch: JsonSchema) => {
    const found: FieldError[] = [];
    check(found, value, branch, path, undefined);
    return found;
  };
  const complain = (what: string) => errors.push(invalid(NO_FIELD, '', `${JSON.stringify(path)} must ${what}`));
  const { anyOf, oneOf, allOf, not } = schema;
  if (anyOf?.length) {
    const found = anyOf.map(against);
    if (found.every(isWrong)) {
      complain('validate at least one schema (anyOf)');
      errors.push(...closest(found));
    }
  }
  if (oneOf?.length) {
    const found = oneOf.map(against);
    const right = found.filter(e => !isWrong(e)).length;
    if (right !== 1) {
      const count = right === 0 ? 'Found none valid' : `Found ${right} valid alternatives`;
      complain(`validate one and only one schema (oneOf). ${count}`);
    }
    if (right === 0) errors.push(...closest(found));
  }
  if (allOf?.length) {
    const wrong = allOf.map(against).filter(isWrong);
    for (const found of wrong) errors.push(...found);
    if (wrong.length > 0)
      complain(`validate all the schemas (allOf)${wrong.length === allOf.length ? '. None validated' : ''}`);
  }
  if (not && !isWrong(against(not))) complain('not validate the schema (not)');
}

const isWrong = (errors: readonly FieldError[]) => errors.length > 0;

/** What is wrong by the alternative that comes closest. */
const closest = (found: readonly FieldError[][]): FieldError[] =>
  found.reduce((best, errors) => (errors.length < best.length ? errors : best));

/** Items that stand twice in lists whose items must differ. */
function checkLists(errors: FieldError[], value: unknown, schema: JsonSchema, path: string, old: unknown): void {
  if (isUnchanged(value, old)) return;
  if (Array.isArray(value)) {
    const type = schema['x-kubernetes-list-type'];
    if (type === 'set' || type === 'map') checkUnique(errors, value, schema, path);
    const { items } = schema;
    const oldItem = correlation(schema, old);
    if (items)
      value.forEach((item, i) => {
        checkLists(errors, item, items, `${path}[${i}]`, oldItem(item));
      });
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      const field = schemaOfField(schema, name);
      if (field) checkLists(errors, item, field, child(path, name), isObject(old) ? old[name] : undefined);
    }
  }
}

function checkUnique(errors: FieldError[], list: readonly unknown[], schema: JsonSchema, path: string): void {
  const seen = new Set<string>();
  list.forEach((item, i) => {
    const keys = schema['x-kubernetes-list-type'] === 'map' ? keyObject(schema, item) : item;
    const text = JSON.stringify(sortKeys(keys));
    if (seen.has(text)) errors.push(duplicate(`${path}[${i}]`, keys));
    seen.add(text);
  });
}

function keyObject(schema: JsonSchema, item: unknown): JsonObject {
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).filter(key => isObject(item) && Object.hasOwn(item, key));
  return Object.fromEntries(keys.sort().map(key => [key, (item as JsonObject)[key]]));
}
