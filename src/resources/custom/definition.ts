import { SCALE, statusOf } from '../define.js';
import {
  ALL_VERBS,
  apiVersionOf,
  customNameOf,
  type Kept,
  type ResourceDefinition,
  type Strategy,
} from '../definition.js';
import { type FieldError, invalid } from '../field-error.js';
import { equalJson } from '../json.js';
import type { KubeObject } from '../types.js';
import { finalizerWarnings } from '../warnings/custom.js';
import { customPrinter } from './columns.js';
import { hasDefaults, withDefaults } from './defaults.js';
import { evaluateRules } from './evaluate-rules.js';
import { fieldsOfPath } from './json-path.js';
import { customType } from './merge-type.js';
import { compileRules } from './rules.js';
import { checkScaleSpec, checkScaleStatus, scaleByPaths, valueAt } from './scale.js';
import type { CustomResource, CustomResourceDefinition, CustomVersion, JsonSchema, ScalePaths } from './types.js';
import { validateBySchema } from './validate.js';

type CustomKind = ResourceDefinition<CustomResource>;

/** The object in another version, where more than the `apiVersion` differs. */
type Convert = (object: KubeObject, wanted: string) => KubeObject;

/**
 * The kinds that a definition stands for, one for each version, the one that is stored first. Versions that are not served are
 * left out, but for the one that is stored, which is marked so.
 * @param isClosing whether the definition is being deleted, asked at each create
 */
export function customKinds(crd: CustomResourceDefinition, isClosing: () => boolean, convert: Convert): CustomKind[] {
  const { versions } = crd.spec;
  const storage = versions.find(version => version.storage);
  if (!storage) return [];
  const storedAs = apiVersionOf({ group: crd.spec.group, version: storage.name });
  const webhook = crd.spec.conversion?.strategy === 'Webhook';
  const make = (version: CustomVersion) =>
    customKind(crd, version, isClosing, keptAs(crd, version, storedAs, webhook ? convert : undefined));
  const stored = make(storage);
  const others = versions
    .filter(version => version !== storage && version.served)
    .map(version => ({ ...make(version), stored: { kind: stored as unknown as ResourceDefinition, ...SAME } }));
  return [stored, ...others];
}

/** Versions do their own work: see {@link Kept}. */
const SAME = { toStored: <T>(object: T) => object, fromStored: <T>(object: T) => object };

function customKind(
  crd: CustomResourceDefinition,
  version: CustomVersion,
  isClosing: () => boolean,
  kept: Kept<CustomResource>,
): CustomKind {
  const { group, scope } = crd.spec;
  const names = crd.status.acceptedNames?.plural ? crd.status.acceptedNames : crd.spec.names;
  const { plural, kind, listKind, singular = kind.toLowerCase(), shortNames = [], categories = [] } = names;
  const schema = schemaOf(version);
  const { status, scale } = version.subresources ?? {};
  const gvk = { group, version: version.name, kind };
  const { served, deprecated, deprecationWarning } = version;
  const warning = deprecationWarning ?? `${apiVersionOf(gvk)} ${kind} is deprecated`;
  return {
    ...gvk,
    ...(listKind ? { listKind } : {}),
    plural,
    singular,
    shortNames,
    categories,
    namespaced: scope === 'Namespaced',
    verbs: ALL_VERBS,
    subresources: [...(status ? [statusOf(kind)] : []), ...(scale ? [SCALE] : [])],
    schema: customType(customNameOf(gvk), schema, gvk),
    strategy: strategyOf(schema, status !== undefined, scale),
    printer: customPrinter(version.additionalPrinterColumns),
    selectableFields: selectable(version),
    kept,
    isClosing,
    ...(served ? {} : { unserved: true }),
    ...(deprecated ? { deprecation: warning } : {}),
    ...(scale ? { scale: scaleByPaths(scale) } : {}),
  };
}

const schemaOf = (version: CustomVersion): JsonSchema =>
  version.schema?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function selectable({ selectableFields = [] }: CustomVersion): CustomKind['selectableFields'] {
  return Object.fromEntries(
    selectableFields.map(({ jsonPath = '' }) => {
      const fields = fieldsOfPath(jsonPath) ?? [];
      const get = (object: CustomResource) => {
        const value = valueAt(object, fields);
        return value === undefined || value === null ? '' : String(value);
      };
      return [jsonPath.slice(1), get];
    }),
  );
}

function strategyOf(schema: JsonSchema, hasStatus: boolean, scale: ScalePaths | undefined): Strategy<CustomResource> {
  // Rules are compiled when the first object is checked.
  const rules = lazily(() => compileRules(schema));
  const tolerated = new WeakMap<CustomResource, readonly FieldError[]>();
  const validate = (object: CustomResource, old?: CustomResource, part?: 'status'): FieldError[] => {
    const errors = validateBySchema(object, schema, '', old);
    if (scale && part !== 'status') errors.push(...checkScaleSpec(object, scale));
    if (scale) errors.push(...checkScaleStatus(object, scale));
    const compiled = rules();
    if (!compiled) return errors;
    if (errors.some(hidesRules)) return [...errors, invalid('<nil>', null, NOT_CHECKED)];
    const verdict = evaluateRules(compiled, object, old);
    tolerated.set(object, verdict.tolerated);
    return [...errors, ...verdict.errors];
  };
  const toleratedIn = (object: CustomResource) => (tolerated.get(object) ?? []).map(error => error.message);
  return {
    needsResourceVersion: true,
    setDefaults(object) {
      Object.assign(object, withDefaults(object, schema));
    },
    prepareForCreate(object) {
      if (hasStatus) delete object.status;
      object.metadata.generation = 1;
    },
    prepareForUpdate(object, old) {
      if (hasStatus) restore(object, old, 'status');
      if (!sameContent(object, old, hasStatus)) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    prepareForStatusUpdate(object, old) {
      for (const field of new Set([...Object.keys(object), ...Object.keys(old)]))
        if (field !== 'status' && field !== 'metadata') restore(object, old, field);
      const { managedFields: _, ...metadata } = old.metadata;
      const { managedFields } = object.metadata;
      object.metadata = { ...metadata, ...(managedFields ? { managedFields } : {}) };
    },
    validate: object => validate(object),
    validateUpdate: (object, old) => validate(object, old),
    validateStatusUpdate: (object, old) => validate(object, old, 'status'),
    warnings: (object, old) => [...toleratedIn(object), ...finalizerWarnings(object, old)],
    statusWarnings: toleratedIn,
  };
}

const NOT_CHECKED =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/** What is so wrong with an object that its rules could not make sense of it. */
const hidesRules = ({ type }: FieldError) =>
  ['Unsupported value', 'Required value', 'Too long', 'Duplicate value', 'Too many', 'Invalid type'].includes(type);

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function restore(object: CustomResource, old: CustomResource, field: string): void {
  if (old[field] === undefined) delete object[field];
  else Object.assign(object, { [field]: old[field] });
}

/** Whether all is the same but metadata, and the status where that is a part of its own. */
function sameContent(object: CustomResource, old: CustomResource, hasStatus: boolean): boolean {
  return equalJson(contentOf(object, hasStatus), contentOf(old, hasStatus));
}

function contentOf(object: CustomResource, hasStatus: boolean): object {
  const { metadata: _, apiVersion: __, status, ...content } = object;
  return hasStatus ? content : { ...content, status };
}

/** What a version makes of objects that are stored in another one, or were before its schema got a default. */
function keptAs(
  crd: CustomResourceDefinition,
  version: CustomVersion,
  storedAs: string,
  convert: Convert | undefined,
): Kept<CustomResource> {
  const apiVersion = apiVersionOf({ group: crd.spec.group, version: version.name });
  const schema = schemaOf(version);
  const fills = hasDefaults(schema);
  const as = <T extends KubeObject>(object: T, wanted: string): T => {
    if (object.apiVersion === wanted) return object;
    return convert ? (convert(object, wanted) as T) : { ...object, apiVersion: wanted };
  };
  return {
    read(object) {
      const shown = as(object as CustomResource, apiVersion);
      return fills ? withDefaults(shown, schema) : shown;
    },
    write: object => as(object, storedAs),
  };
}
