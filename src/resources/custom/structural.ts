import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { isObject, type JsonObject } from '../json.js';
import { withDefaults } from './defaults.js';
import { PatternError, patternOf } from './pattern.js';
import { prune } from './prune.js';
import { checkRuleFields, checkRules } from './rule-definition.js';
import type { JsonSchema } from './types.js';
import { validateBySchema } from './validate.js';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** Fields of OpenAPI that no schema of a custom kind may use. */
const NOT_SUPPORTED = ['$ref', 'definitions', 'dependencies', 'id', '$schema', 'patternProperties', 'additionalItems'];

/** What belongs into the structure, and not into the rules beside it (allOf, anyOf, oneOf, not). */
const STRUCTURE_ONLY = [
  'title',
  'description',
  'default',
  'nullable',
  'additionalProperties',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
];

/**
 * What keeps a schema from being structural: it must tell the type of every field, once. Mirrors upstream's rules for
 * `apiextensions.k8s.io/v1`, and their words.
 * @param path of the schema in its definition
 */
export function validateStructural(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!schema.type) errors.push(required(`${path}.type`, 'must not be empty at the root'));
  else if (schema.type !== 'object') errors.push(invalid(`${path}.type`, schema.type, 'must be object at the root'));
  if (schema.nullable) errors.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  if (schema.additionalProperties)
    errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
  for (const field of ['apiVersion', 'kind']) {
    const { type } = schema.properties?.[field] ?? {};
    if (type !== undefined && type !== 'string')
      errors.push(invalid(`${path}.properties[${field}].type`, type, 'must be string'));
  }
  checkMetadata(errors, schema, path);
  checkNode(errors, schema, path);
  if (errors.length === 0) checkDefaults(errors, schema, path);
  // What is not structural has no types that rules could be checked by.
  if (errors.length === 0) errors.push(...checkRules(schema, path));
  return errors;
}

/** Metadata is what it is in every kind; only names may be restricted. */
function checkMetadata(errors: FieldError[], schema: JsonSchema, path: string): void {
  const metadata = schema.properties?.metadata;
  if (!metadata) return;
  const at = `${path}.properties[metadata]`;
  if (metadata.type !== 'object') errors.push(invalid(`${at}.type`, metadata.type ?? '', 'must be object'));
  const allowed = ['name', 'generateName'];
  const { type: _, description: __, properties = {}, ...others } = metadata;
  if (Object.keys(others).length > 0 || Object.keys(properties).some(name => !allowed.includes(name))) {
    errors.push(
      forbidden(at, 'must not specify anything other than name and generateName, but metadata is implicitly specified'),
    );
  }
}

function checkNode(errors: FieldError[], schema: JsonSchema, path: string): void {
  checkExtensions(errors, schema, path);
  checkValueRules(errors, schema, path);
  const { type, properties, additionalProperties, items } = schema;
  if (type !== undefined && !TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, TYPES));
  for (const field of NOT_SUPPORTED)
    if (Object.hasOwn(schema, field)) errors.push(forbidden(`${path}.${field}`, `${field} is not supported`));
  if (schema.uniqueItems) {
    errors.push(
      forbidden(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  }
  if (additionalProperties === false)
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties cannot be set to false'));
  else if (additionalProperties !== undefined && properties && Object.keys(properties).length > 0) {
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
  }
  if (Array.isArray(items)) errors.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'));
  else if (items) checkChild(errors, items, `${path}.items`, 'array items');
  else if (type === 'array') errors.push(required(`${path}.items`, 'must be specified'));
  for (const [name, property] of Object.entries(properties ?? {}))
    checkChild(errors, property, `${path}.properties[${name}]`, 'object fields');
  if (isObject(additionalProperties))
    checkChild(errors, additionalProperties as JsonSchema, `${path}.additionalProperties`, 'object fields');
}

function checkChild(errors: FieldError[], schema: JsonSchema, path: string, what: string): void {
  const open = schema['x-kubernetes-int-or-string'] || schema['x-kubernetes-preserve-unknown-fields'];
  if (!schema.type && !open) errors.push(required(`${path}.type`, `must not be empty for specified ${what}`));
  checkNode(errors, schema, path);
}

/** The rules of a node, and the compositions of rules below it. */
function checkValueRules(errors: FieldError[], schema: JsonSchema, path: string): void {
  const { pattern } = schema;
  const problem = pattern === undefined ? undefined : patternOf(pattern);
  if (problem instanceof PatternError)
    errors.push(
      invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${problem.message}`),
    );
  checkRuleFields(errors, schema, path);
  for (const composite of ['allOf', 'anyOf', 'oneOf'] as const)
    schema[composite]?.forEach((branch, i) => {
      checkBranch(errors, branch, schema, `${path}.${composite}[${i}]`, path);
    });
  if (schema.not) checkBranch(errors, schema.not, schema, `${path}.not`, path);
}

/**
 * A branch only adds rules to fields that the structure has.
 * @param structure the node of the structure that the branch is about
 */
function checkBranch(
  errors: FieldError[],
  branch: JsonSchema,
  structure: JsonSchema,
  path: string,
  structurePath: string,
): void {
  const isIntOrString = structure['x-kubernetes-int-or-string'];
  if (branch.type !== undefined && !isIntOrString)
    errors.push(forbidden(`${path}.type`, 'must be empty to be structural'));
  for (const field of STRUCTURE_ONLY)
    if (Object.hasOwn(branch, field)) {
      const empty = field === 'default' ? 'undefined' : 'empty';
      errors.push(forbidden(`${path}.${field}`, `must be ${empty} to be structural`));
    }
  checkValueRules(errors, branch, path);
  for (const [name, property] of Object.entries(branch.properties ?? {})) {
    const of = structure.properties?.[name];
    const ofPath = `${structurePath}.properties[${name}]`;
    const at = `${path}.properties[${name}]`;
    if (of) checkBranch(errors, property, of, at, ofPath);
    else errors.push(required(ofPath, `because it is defined in ${at}`));
  }
  if (branch.items) {
    const at = `${path}.items`;
    if (structure.items) checkBranch(errors, branch.items, structure.items, at, `${structurePath}.items`);
    else errors.push(required(`${structurePath}.items`, `because it is defined in ${at}`));
  }
}

function checkExtensions(errors: FieldError[], schema: JsonSchema, path: string): void {
  const at = (extension: string) => `${path}.x-kubernetes-${extension}`;
  const preserves = schema['x-kubernetes-preserve-unknown-fields'];
  if (preserves === false) errors.push(invalid(at('preserve-unknown-fields'), preserves, 'must be true or undefined'));
  if (schema['x-kubernetes-embedded-resource']) {
    if (schema.type !== 'object')
      errors.push(
        invalid(`${path}.type`, schema.type ?? '', 'must be object if x-kubernetes-embedded-resource is true'),
      );
    if (!preserves && !schema.properties) {
      const why =
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
      errors.push(required(`${path}.properties`, why));
    }
  }
  if (schema['x-kubernetes-int-or-string'] && schema.type)
    errors.push(invalid(`${path}.type`, schema.type, 'must be empty if x-kubernetes-int-or-string is true'));
  checkListType(errors, schema, path);
  const mapType = schema['x-kubernetes-map-type'];
  if (mapType !== undefined) {
    if (schema.type !== 'object')
      errors.push(invalid(`${path}.type`, schema.type ?? '', 'must be object if x-kubernetes-map-type is specified'));
    if (mapType !== 'atomic' && mapType !== 'granular')
      errors.push(notSupported(at('map-type'), mapType, ['atomic', 'granular']));
  }
}

function checkListType(errors: FieldError[], schema: JsonSchema, path: string): void {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const { items } = schema;
  const keysPath = `${path}.x-kubernetes-list-map-keys`;
  if (listType === undefined) {
    if (keys.length > 0) errors.push(forbidden(keysPath, 'must be empty if x-kubernetes-list-type is not map'));
    return;
  }
  if (schema.type !== 'array')
    errors.push(invalid(`${path}.type`, schema.type ?? '', 'must be array if x-kubernetes-list-type is specified'));
  if (!['atomic', 'map', 'set'].includes(listType)) {
    errors.push(notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'map', 'set']));
    return;
  }
  if (listType !== 'atomic' && items?.nullable)
    errors.push(forbidden(`${path}.items.nullable`, 'cannot be nullable when x-kubernetes-list-type is set'));
  if (listType === 'set') checkItemsOfSet(errors, items, `${path}.items`);
  if (listType !== 'map') {
    if (keys.length > 0) errors.push(forbidden(keysPath, 'must be empty if x-kubernetes-list-type is not map'));
    return;
  }
  if (keys.length === 0) errors.push(required(keysPath, 'must not be empty if x-kubernetes-list-type is map'));
  if (items && items.type !== 'object')
    errors.push(
      invalid(`${path}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map"),
    );
  keys.forEach((key, i) => {
    const property = items?.properties?.[key];
    if (!property) {
      errors.push(invalid(`${keysPath}[${i}]`, key, 'entries must all be names of item properties'));
      return;
    }
    const at = `${path}.items.properties[${key}]`;
    if (property.type === 'object' || property.type === 'array')
      errors.push(
        invalid(`${at}.type`, property.type, `must be a scalar type if parent array's x-kubernetes-list-type is map`),
      );
    if (property.default === undefined && !items?.required?.includes(key)) {
      const why = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      errors.push(required(`${at}.default`, why));
    }
  });
}

/** Elements that are told apart as a whole must be owned as a whole. */
function checkItemsOfSet(errors: FieldError[], items: JsonSchema | undefined, path: string): void {
  const extension = { object: 'x-kubernetes-map-type', array: 'x-kubernetes-list-type' } as const;
  const key = items?.type === 'object' || items?.type === 'array' ? extension[items.type] : undefined;
  if (key === undefined || items?.[key] === 'atomic') return;
  const why = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  errors.push(invalid(`${path}.${key}`, items?.[key] ?? null, why));
}

/** Defaults must themselves be what the schema asks for. */
function checkDefaults(errors: FieldError[], schema: JsonSchema, path: string): void {
  if (schema.default !== undefined) {
    const at = `${path}.default`;
    const unknown: string[] = [];
    if (isObject(schema.default)) prune(schema.default as JsonObject, schema, fields => unknown.push(fields.join('.')));
    if (unknown.length > 0) errors.push(invalid(at, schema.default, 'must not have unknown fields'));
    else errors.push(...validateBySchema(withDefaults(schema.default, schema), schema, at));
  }
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    checkDefaults(errors, property, `${path}.properties[${name}]`);
  if (schema.items) checkDefaults(errors, schema.items, `${path}.items`);
  if (isObject(schema.additionalProperties))
    checkDefaults(errors, schema.additionalProperties as JsonSchema, `${path}.additionalProperties`);
}
