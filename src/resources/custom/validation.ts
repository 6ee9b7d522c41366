import { type FieldError, forbidden, invalid, notSupported, required, tooMany } from '../field-error.js';
import { equalJson } from '../json.js';
import { holds } from '../state.js';
import { addProblems, IMMUTABLE } from '../validation/messages.js';
import { checkLabel1035, checkSubdomain } from '../validation/names.js';
import { validateReviewVersions, validateWebhookClient } from '../validation/webhooks.js';
import { fieldsOfPath, parseJsonPath } from './json-path.js';
import { schemaOfField } from './prune.js';
import { validateStructural } from './structural.js';
import type {
  CustomNames,
  CustomResourceDefinition,
  CustomVersion,
  JsonSchema,
  PrinterColumn,
  ScalePaths,
} from './types.js';

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const MAX_SELECTABLE_FIELDS = 8;
/** Where Kubernetes' own groups are, its annotation says who has approved of a definition. */
const APPROVAL = 'api-approved.kubernetes.io';

export function validateDefinition(crd: CustomResourceDefinition): FieldError[] {
  const { spec, metadata } = crd;
  const name = `${spec.names.plural}.${spec.group}`;
  // Who has none is told so elsewhere.
  if (!metadata.name || metadata.name === name) return validateContent(crd);
  return [invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group'), ...validateContent(crd)];
}

function validateContent(crd: CustomResourceDefinition): FieldError[] {
  const { spec } = crd;
  const errors: FieldError[] = [];
  if (isProtected(spec.group) && approvalOf(crd) === 'missing') {
    errors.push(
      required(
        `metadata.annotations[${APPROVAL}]`,
        `protected groups must have approval annotation "${APPROVAL}", see https://github.com/kubernetes/enhancements/pull/1111`,
      ),
    );
  }
  validateSpec(errors, crd);
  validateStoredVersions(errors, crd);
  return errors;
}

export function validateDefinitionUpdate(crd: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const errors = validateContent(crd);
  const { spec } = crd;
  const keep = (field: string, now: unknown, before: unknown) => {
    if (now !== before) errors.push(invalid(field, now, IMMUTABLE));
  };
  keep('spec.group', spec.group, old.spec.group);
  keep('spec.names.plural', spec.names.plural, old.spec.names.plural);
  if (holds(old, 'Established')) {
    keep('spec.scope', spec.scope, old.spec.scope);
    keep('spec.names.kind', spec.names.kind, old.spec.names.kind);
  }
  return errors;
}

/** Groups that only Kubernetes itself may define kinds in. */
export const isProtected = (group: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(group);

/** What the annotation of a protected group's definition says. */
export function approvalOf({ metadata }: CustomResourceDefinition): 'approved' | 'bypassed' | 'invalid' | 'missing' {
  const text = metadata.annotations?.[APPROVAL];
  if (!text) return 'missing';
  if (text.startsWith('unapproved')) return 'bypassed';
  return URL.canParse(text) ? 'approved' : 'invalid';
}

function validateSpec(errors: FieldError[], { spec }: CustomResourceDefinition): void {
  if (!spec.group) errors.push(required('spec.group'));
  else {
    const problems = checkSubdomain(spec.group);
    if (problems.length > 0) errors.push(invalid('spec.group', spec.group, problems.join(',')));
    else if (!spec.group.includes('.'))
      errors.push(invalid('spec.group', spec.group, 'should be a domain with at least one dot'));
  }
  if (!spec.scope) errors.push(required('spec.scope'));
  else if (spec.scope !== 'Cluster' && spec.scope !== 'Namespaced')
    errors.push(notSupported('spec.scope', spec.scope, ['Cluster', 'Namespaced']));
  if (spec.preserveUnknownFields) {
    const why =
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
    errors.push(invalid('spec.preserveUnknownFields', true, why));
  }
  validateVersions(errors, spec.versions);
  validateNames(errors, spec.names, 'spec.names');
  validateConversion(errors, spec.conversion);
}

function validateVersions(errors: FieldError[], versions: readonly CustomVersion[]): void {
  const names = versions.map(version => version.name);
  if (new Set(names).size < names.length)
    errors.push(invalid('spec.versions', versions, 'must contain unique version names'));
  if (versions.filter(version => version.storage).length !== 1)
    errors.push(invalid('spec.versions', versions, 'must have exactly one version marked as storage version'));
  const hoisted = hoistedParts(versions);
  versions.forEach((version, i) => {
    const path = `spec.versions[${i}]`;
    const { name, deprecated, deprecationWarning, subresources, additionalPrinterColumns } = version;
    addProblems(errors, `${path}.name`, name, checkLabel1035(name));
    // The first one is the version of definitions that know only one.
    if (i === 0 && name) addProblems(errors, 'spec.version', name, checkLabel1035(name));
    if (deprecationWarning !== undefined) {
      const why = !deprecated
        ? 'can only be set for deprecated versions'
        : deprecationWarning === ''
          ? 'must not be an empty string'
          : undefined;
      if (why) errors.push(invalid(`${path}.deprecationWarning`, deprecationWarning, why));
    }
    const pathOf = (part: SharedPart, name: string) => (hoisted.has(part) ? `spec.${name}` : `${path}.${part}`);
    if (i === 0 || !hoisted.has('schema')) {
      const at = `${pathOf('schema', 'validation')}.openAPIV3Schema`;
      const root = version.schema?.openAPIV3Schema;
      const hasStatus = hoisted.has('schema') ? versions.some(v => v.subresources?.status) : subresources?.status;
      if (root) errors.push(...validateStructural(root, at, hasStatus !== undefined && hasStatus !== false));
      else errors.push(required(`${path}.schema.openAPIV3Schema`, 'schemas are required'));
    }
    if (subresources?.scale && (i === 0 || !hoisted.has('subresources')))
      validateScale(errors, subresources.scale, `${pathOf('subresources', 'subresources')}.scale`);
    if (i === 0 || !hoisted.has('additionalPrinterColumns'))
      additionalPrinterColumns?.forEach((column, j) => {
        const at = `${pathOf('additionalPrinterColumns', 'additionalPrinterColumns')}[${j}]`;
        validateColumn(errors, column, at);
      });
    validateSelectable(errors, version, path);
  });
}

const SHARED_PARTS = ['schema', 'subresources', 'additionalPrinterColumns'] as const;
type SharedPart = (typeof SHARED_PARTS)[number];

/** What is the same in all versions is told of once, where definitions of one version have it upstream: `spec.validation`. */
function hoistedParts(versions: readonly CustomVersion[]): ReadonlySet<SharedPart> {
  return new Set(SHARED_PARTS.filter(part => versions.every(version => equalJson(version[part], versions[0]![part]))));
}

function validateNames(errors: FieldError[], names: CustomNames, path: string): void {
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const) {
    const name = names[field];
    if (!name) errors.push(required(`${path}.${field}`));
    else if (field === 'plural' || field === 'singular')
      addProblems(errors, `${path}.${field}`, name, checkLabel1035(name));
    else {
      const problems = checkLabel1035(name.toLowerCase());
      const why = `may have mixed case, but should otherwise match: ${problems.join(',')}`;
      if (problems.length > 0) errors.push(invalid(`${path}.${field}`, name, why));
    }
  }
  for (const list of ['shortNames', 'categories'] as const)
    names[list]?.forEach((name, i) => {
      addProblems(errors, `${path}.${list}[${i}]`, name, checkLabel1035(name));
    });
  if (names.kind && names.kind === names.listKind)
    errors.push(invalid(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'));
}

function validateConversion(errors: FieldError[], conversion: CustomResourceDefinition['spec']['conversion']): void {
  const path = 'spec.conversion';
  const { strategy = '', webhook } = conversion ?? {};
  if (!strategy) errors.push(required(`${path}.strategy`));
  else if (strategy !== 'None' && strategy !== 'Webhook')
    errors.push(notSupported(`${path}.strategy`, strategy, ['None', 'Webhook']));
  const { clientConfig, conversionReviewVersions = [] } = webhook ?? {};
  // Upstream tells of the parts of `webhook` by the names that they had once.
  const [configPath, versionsPath] = [`${path}.webhookClientConfig`, `${path}.conversionReviewVersions`];
  if (strategy !== 'Webhook') {
    const why = 'should not be set when strategy is not set to Webhook';
    if (clientConfig) errors.push(forbidden(configPath, why));
    if (conversionReviewVersions.length > 0) errors.push(forbidden(versionsPath, why));
    return;
  }
  if (!clientConfig) errors.push(required(configPath, 'required when strategy is set to Webhook'));
  else validateWebhookClient(errors, configPath, clientConfig);
  validateReviewVersions(errors, versionsPath, conversionReviewVersions);
}

/** Where a column's value is, is told of by the name that `jsonPath` had once. */
function validateColumn(errors: FieldError[], { name, type, format, jsonPath }: PrinterColumn, path: string): void {
  const types = `must be one of ${COLUMN_TYPES.join(',')}`;
  if (!name) errors.push(required(`${path}.name`));
  if (!type) errors.push(required(`${path}.type`, types));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(`${path}.type`, type, types));
  if (format && !COLUMN_FORMATS.includes(format))
    errors.push(invalid(`${path}.format`, format, `must be one of ${COLUMN_FORMATS.join(',')}`));
  if (!jsonPath) errors.push(required(`${path}.JSONPath`));
  else if (!jsonPath.startsWith('.'))
    errors.push(invalid(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .'));
  else if (!parseJsonPath(jsonPath)) errors.push(invalid(`${path}.JSONPath`, jsonPath, 'must be a valid json path'));
}

function validateScale(errors: FieldError[], scale: ScalePaths, path: string): void {
  const check = (field: keyof ScalePaths, roots: readonly string[], where: string) => {
    const text = scale[field];
    const at = `${path}.${field}`;
    if (!text) errors.push(required(at));
    else if (!text.startsWith('.')) errors.push(invalid(at, text, 'must be a simple json path starting with .'));
    else if (!fieldsOfPath(text)) errors.push(invalid(at, text, 'must be a simple json path without array notation'));
    else if (!roots.some(root => text.startsWith(root))) errors.push(invalid(at, text, where));
  };
  check('specReplicasPath', ['.spec.'], 'should be a json path under .spec');
  check('statusReplicasPath', ['.status.'], 'should be a json path under .status');
  if (scale.labelSelectorPath)
    check('labelSelectorPath', ['.spec.', '.status.'], 'should be a json path under either .spec or .status');
}

function validateSelectable(
  errors: FieldError[],
  { selectableFields = [], schema }: CustomVersion,
  path: string,
): void {
  if (selectableFields.length > MAX_SELECTABLE_FIELDS)
    errors.push(tooMany(`${path}.selectableFields`, selectableFields.length, MAX_SELECTABLE_FIELDS));
  const seen = new Set<string>();
  selectableFields.forEach(({ jsonPath = '' }, i) => {
    const at = `${path}.selectableFields[${i}].jsonPath`;
    const fields = fieldsOfPath(jsonPath);
    if (!jsonPath) errors.push(required(at));
    else if (!fields) errors.push(invalid(at, jsonPath, 'is an invalid path: must be a simple json path'));
    else if (fields[0] === 'metadata') errors.push(invalid(at, jsonPath, 'must not point to fields in metadata'));
    else if (!isSelectable(schema?.openAPIV3Schema, fields)) {
      const why =
        'is an invalid path: does not refer to a valid field of type string, boolean or integer in the schema';
      errors.push(invalid(at, jsonPath, why));
    } else if (seen.has(jsonPath)) errors.push(invalid(at, jsonPath, 'must be unique'));
    seen.add(jsonPath);
  });
}

function isSelectable(root: JsonSchema | undefined, fields: readonly string[]): boolean {
  let schema: JsonSchema | undefined | null = root;
  for (const field of fields) schema = schema?.properties ? schemaOfField(schema, field) : undefined;
  return ['string', 'boolean', 'integer'].includes(schema?.type ?? '');
}

/** Versions that objects are stored in, or were, must not be forgotten. */
function validateStoredVersions(errors: FieldError[], { spec, status }: CustomResourceDefinition): void {
  const { storedVersions = [] } = status;
  const path = 'status.storedVersions';
  if (storedVersions.length === 0) {
    errors.push(invalid(path, storedVersions, 'must have at least one stored version'));
    return;
  }
  const names = spec.versions.map(version => version.name);
  storedVersions.forEach((version, i) => {
    if (!names.includes(version)) errors.push(invalid(`${path}[${i}]`, version, 'must appear in spec.versions'));
  });
  const storage = storageVersion(spec.versions);
  if (storage !== undefined && !storedVersions.includes(storage))
    errors.push(
      invalid(
        path,
        spec.versions.find(version => version.storage),
        `must have the storage version ${storage}`,
      ),
    );
}

/** The version that objects are stored in. */
export const storageVersion = (versions: readonly CustomVersion[]): string | undefined =>
  versions.find(version => version.storage)?.name;
