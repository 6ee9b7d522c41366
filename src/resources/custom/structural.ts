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

/** What belongs into the structure, and not into the rules beside it (allOf, anyOf, oneOf, not), and what it must be there. */
const STRUCTURE_ONLY = {
  type: 'empty',
  title: 'empty',
  description: 'empty',
  default: 'undefined',
  nullable: 'false',
  additionalProperties: 'undefined',
  'x-kubernetes-preserve-unknown-fields': 'false',
  'x-kubernetes-embedded-resource': 'false',
  'x-kubernetes-int-or-string': 'false',
  'x-kubernetes-list-type': 'undefined',
  'x-kubernetes-list-map-keys': 'empty',
  'x-kubernetes-map-type': 'undefined',
} as const;

/** What a root may have beside a status that is apart, under Go's names. */
const WITH_STATUS =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Enum Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';
const ALLOWED_WITH_STATUS = new Set(
  WITH_STATUS.split(' ').map(name =>
    name
      .replace(/^X(?=[A-Z])/, 'X-kubernetes')
      .replace(/(?<=X-kubernetes.*)[A-Z]/g, letter => `-${letter.toLowerCase()}`)
      .replace(/^./, letter => letter.toLowerCase()),
  ),
);

/**
 * What keeps a schema from being structural: it must tell the type of every field, once. Mirrors upstream's rules for
 * `apiextensions.k8s.io/v1`, and their words.
 * @param path of the schema in its definition
 * @param hasStatus whether the status is a part of its own, which gets the schema of that field alone
 */
export function validateStructural(schema: JsonSchema, path: string, hasStatus: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (hasStatus) checkRootWithStatus(errors, schema, path);
  if (!schema.type) errors.push(required(`${path}.type`, 'must not be empty at the root'));
  else if (schema.type !== 'object') errors.push(invalid(`${path}.type`, schema.type, 'must be object at the root'));
  if (schema.nullable) errors.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  if (schema.additionalProperties !== undefined)
    errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
  for (const field of ['apiVersion', 'kind']) {
    const { type } = schema.properties?.[field] ?? {};
    if (type !== undefined && type !== 'string')
      errors.push(invalid(`${path}.properties[${field}].type`, type, 'must be string'));
  }
  checkMetadata(errors, schema, path);
  checkNode(errors, schema, path, true);
  if (errors.length === 0) checkDefaults(errors, schema, path);
  // What is not structural has no types that rules could be checked by.
  if (errors.length === 0) errors.push(...checkRules(schema, path));
  return errors;
}

function checkRootWithStatus(errors: FieldError[], schema: JsonSchema, path: string): void {
  if (schema.type && schema.type !== 'object') {
    const why = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    errors.push(invalid(`${path}.type`, schema.type, why));
  } else if (Object.entries(schema).some(([field, value]) => value !== false && !ALLOWED_WITH_STATUS.has(field))) {
    const why = `only [${WITH_STATUS}] fields are allowed at the root of the schema if the status subresource is enabled`;
    errors.push(invalid(path, schema, why));
  }
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

function checkNode(errors: FieldError[], schema: JsonSchema, path: string, isRoot = false): void {
  checkExtensions(errors, schema, path);
  // Upstream asks of the root alone that its branches speak of nothing that the structure has not.
  checkValueRules(errors, schema, path, isRoot ? { schema, path } : undefined);
  const { type, properties, additionalProperties, items } = schema;
  if (type !== undefined && !TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, TYPES));
  for (const field of NOT_SUPPORTED)
    if (Object.hasOwn(schema, field)) errors.push(forbidden(`${path}.${field}`, `${field} is not supported`));
  if (type === 'null')
    errors.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
  if (schema.uniqueItems) {
    errors.push(
      forbidden(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  }
  const isOpen = additionalProperties === undefined || additionalProperties === true;
  if (!isOpen && properties && Object.keys(properties).length > 0) {
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

/** A node of the structure that a branch is about. */
interface Structure {
  readonly schema: JsonSchema;
  readonly path: string;
}

/**
 * The rules of a node, and the compositions of rules below it.
 * @param structure what they must not go beyond
 */
function checkValueRules(errors: FieldError[], schema: JsonSchema, path: string, structure?: Structure): void {
  const { pattern, 'x-kubernetes-int-or-string': isIntOrString } = schema;
  const problem = pattern === undefined ? undefined : patternOf(pattern);
  if (problem instanceof PatternError)
    errors.push(
      invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${problem.message}`),
    );
  checkRuleFields(errors, schema, path);
  for (const composite of ['allOf', 'anyOf', 'oneOf'] as const)
    schema[composite]?.forEach((branch, i) => {
      checkBranch(errors, branch, `${path}.${composite}[${i}]`, structure, isIntOrString);
    });
  if (schema.not) checkBranch(errors, schema.not, `${path}.not`, structure, isIntOrString);
}

/** A branch only adds rules to fields that the structure has. */
function checkBranch(
  errors: FieldError[],
  branch: JsonSchema,
  path: string,
  structure: Structure | undefined,
  isIntOrString = false,
): void {
  for (const [field, nothing] of Object.entries(STRUCTURE_ONLY))
    if (Object.hasOwn(branch, field) && !(field === 'type' && isIntOrString))
      errors.push(forbidden(`${path}.${field}`, `must be ${nothing} to be structural`));
  if (branch.properties?.metadata)
    errors.push(forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context'));
  checkValueRules(errors, branch, path, structure);
  for (const [name, property] of Object.entries(branch.properties ?? {})) {
    const part = `properties[${name}]`;
    checkPart(errors, property, `${path}.${part}`, structure, part, structure?.schema.properties?.[name]);
  }
  if (branch.items) checkPart(errors, branch.items, `${path}.items`, structure, 'items', structure?.schema.items);
}

function checkPart(
  errors: FieldError[],
  branch: JsonSchema,
  path: string,
  structure: Structure | undefined,
  part: string,
  schema: JsonSchema | undefined,
): void {
  if (structure && !schema) errors.push(required(`${structure.path}.${part}`, `because it is defined in ${path}`));
  const below = structure && schema && { schema, path: `${structure.path}.${part}` };
  checkBranch(errors, branch, path, below, schema?.['x-kubernetes-int-or-string']);
}

function checkExtensions(errors: FieldError[], schema: JsonSchema, path: string): void {
  const at = (extension: string) => `${path}.x-kubernetes-${extension}`;
  const preserves = schema['x-kubernetes-preserve-unknown-fields'];
  if (preserves === false) errors.push(invalid(at('preserve-unknown-fields'), preserves, 'must be true or undefined'));
  if (schema['x-kubernetes-embedded-resource']) {
    checkType(errors, schema, path, 'object', 'must be object if x-kubernetes-embedded-resource is true');
    if (schema.additionalProperties !== undefined) {
      const why = 'must not be used if x-kubernetes-embedded-resource is set';
      errors.push(forbidden(`${path}.additionalProperties`, why));
    }
    if (!preserves && !schema.properties) {
      const why =
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
      errors.push(required(`${path}.properties`, why));
    }
  }
  if (schema['x-kubernetes-int-or-string'])
    for (const other of ['preserve-unknown-fields', 'embedded-resource'] as const)
      if (schema[`x-kubernetes-${other}`])
        errors.push(invalid(at(other), true, 'must be false if x-kubernetes-int-or-string is true'));
  checkListType(errors, schema, path);
  const mapType = schema['x-kubernetes-map-type'];
  if (mapType !== undefined) {
    checkType(errors, schema, path, 'object', 'must be object if x-kubernetes-map-type is specified');
    if (mapType !== 'atomic' && mapType !== 'granular')
      errors.push(notSupported(at('map-type'), mapType, ['atomic', 'granular']));
  }
}

function checkType(errors: FieldError[], { type }: JsonSchema, path: string, wanted: string, why: string): void {
  if (!type) errors.push(required(`${path}.type`, why));
  else if (type !== wanted) errors.push(invalid(`${path}.type`, type, why));
}

function checkListType(errors: FieldError[], schema: JsonSchema, path: string): void {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const { items } = schema;
  const keysPath = `${path}.x-kubernetes-list-map-keys`;
  const typePath = `${path}.x-kubernetes-list-type`;
  if (keys.length > 0 && listType !== 'map') {
    const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
    errors.push(listType === undefined ? required(typePath, why) : invalid(typePath, listType, why));
  }
  if (listType === undefined) return;
  checkType(errors, schema, path, 'array', 'must be array if x-kubernetes-list-type is specified');
  if (!['atomic', 'map', 'set'].includes(listType)) {
    errors.push(notSupported(typePath, listType, ['atomic', 'set', 'map']));
    return;
  }
  if (listType !== 'atomic' && items?.nullable)
    errors.push(forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  if (listType === 'set' && schema.type === 'array') checkItemsOfSet(errors, items, `${path}.items`);
  if (listType !== 'map') return;
  if (keys.length === 0) errors.push(required(keysPath, 'must not be empty if x-kubernetes-list-type is map'));
  if (!items) errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'));
  if (items && items.type !== 'object')
    errors.push(
      invalid(`${path}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map"),
    );
  const properties = items?.properties ?? {};
  keys.forEach((key, i) => {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const at = `${path}.items.properties[${key}]`;
    if (items?.type === 'object') {
      const why = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      if (property?.type === 'object' || property?.type === 'array')
        errors.push(invalid(`${at}.type`, items.type, why));
      if (!property) errors.push(invalid(keysPath, keys, 'entries must all be names of item properties'));
      if (keys.indexOf(key) < i) errors.push(invalid(keysPath, keys, 'must not contain duplicate entries'));
    }
    if (!property) return;
    if (property.default === undefined && !items?.required?.includes(key)) {
      const why = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      errors.push(required(`${at}.default`, why));
    }
    if (property.nullable) {
      const why = 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable';
      errors.push(forbidden(`${at}.nullable`, why));
    }
  });
}

/** Elements that are told apart as a whole must be owned as a whole. */
function checkItemsOfSet(errors: FieldError[], items: JsonSchema | undefined, path: string): void {
  const extension = { object: 'x-kubernetes-map-type', array: 'x-kubernetes-list-type' } as const;
  const key = items?.type === 'object' || items?.type === 'array' ? extension[items.type] : undefined;
  const own = key && items?.[key];
  // Lists are atomic unless they say otherwise, maps are not.
  if (key === undefined || own === 'atomic' || (own === undefined && items?.type === 'array')) return;
  const why = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  errors.push(invalid(`${path}.${key}`, own ?? null, why));
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
