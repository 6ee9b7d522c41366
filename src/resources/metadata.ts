import { groupVersionOf, isCustom, type ResourceDefinition } from './definition.js';
import { type FieldError, forbidden, invalid, required, tooLong } from './field-error.js';
import { equalJson } from './json.js';
import type { KubeObject, ObjectMeta, OwnerReference } from './types.js';
import { validateLabels } from './validation/labels.js';
import { addProblems, checkNotNegative, IMMUTABLE } from './validation/messages.js';
import { checkPathSegmentName, checkQualifiedName, checkSubdomain } from './validation/names.js';
import { FOREGROUND_FINALIZER, NAMESPACE_FINALIZER, ORPHAN_FINALIZER } from './well-known.js';

/** 256 KiB, keys and values together. */
const MAX_ANNOTATIONS = 256 * 1024;

/** Finalizers that need no domain, since Kubernetes itself acts on them. */
export const STANDARD_FINALIZERS: ReadonlySet<string> = new Set([
  NAMESPACE_FINALIZER,
  ORPHAN_FINALIZER,
  FOREGROUND_FINALIZER,
]);

/**
 * Metadata of an object that is to be created: what all kinds have in common, with the kind's own rule for names.
 * Mirrors `ValidateObjectMeta`.
 */
export function validateMetadata(definition: ResourceDefinition, { metadata }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const check = definition.validName ?? checkSubdomain;
  const { name = '', generateName = '', namespace = '' } = metadata;
  if (generateName) addProblems(errors, 'metadata.generateName', generateName, check(generateName, true));
  if (name) addProblems(errors, 'metadata.name', name, check(name, false));
  else errors.push(required('metadata.name', 'name or generateName is required'));
  if (definition.namespaced && !namespace) errors.push(required('metadata.namespace'));
  if (!definition.namespaced && namespace) errors.push(forbidden('metadata.namespace', 'not allowed on this type'));
  validateCommon(errors, definition, metadata);
  return errors;
}

/** Metadata of an object that replaces `old`. Mirrors `ValidateObjectMetaUpdate`. */
export function validateMetadataUpdate(
  definition: ResourceDefinition,
  { metadata }: KubeObject,
  { metadata: old }: KubeObject,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ] as const) {
    if (metadata[field] !== old[field]) errors.push(invalid(`metadata.${field}`, metadata[field], IMMUTABLE));
  }
  if ((metadata.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalid('metadata.generation', metadata.generation, 'must not be decremented'));
  }
  // Of an object that has a name, what it was drawn from says nothing any more: it need only fit into a path.
  const { generateName } = metadata;
  if (generateName)
    addProblems(errors, 'metadata.generateName', generateName, checkPathSegmentName(generateName, true));
  if (old.deletionTimestamp !== undefined) validateNoNewFinalizers(errors, metadata, old);
  // What was there before was right then.
  if (!sameMutable(metadata, old)) validateCommon(errors, definition, metadata);
  return errors;
}

function sameMutable(metadata: ObjectMeta, old: ObjectMeta): boolean {
  return (
    equalJson(metadata.labels, old.labels) &&
    equalJson(metadata.annotations, old.annotations) &&
    equalJson(metadata.ownerReferences, old.ownerReferences) &&
    equalJson(metadata.finalizers, old.finalizers)
  );
}

function validateCommon(errors: FieldError[], definition: ResourceDefinition, metadata: ObjectMeta): void {
  checkNotNegative(errors, 'metadata.generation', metadata.generation);
  validateLabels(errors, 'metadata.labels', metadata.labels);
  validateAnnotations(errors, 'metadata.annotations', metadata.annotations);
  if (metadata.ownerReferences) validateOwners(errors, metadata.ownerReferences);
  if (metadata.finalizers) validateFinalizers(errors, metadata.finalizers, isLax(definition));
}

/** Groups that upstream checks as it does custom kinds, which may have finalizers without a domain. */
const LAX_GROUPS: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'policy',
]);

const isLax = (definition: ResourceDefinition) => isCustom(definition) || LAX_GROUPS.has(definition.group);

/** Keys, which may be in upper case, and size. */
export function validateAnnotations(
  errors: FieldError[],
  field: string,
  annotations: Record<string, string> | undefined,
): void {
  if (!annotations) return;
  let size = 0;
  for (const key in annotations) {
    addProblems(errors, field, key, checkQualifiedName(key.toLowerCase()));
    size += Buffer.byteLength(key) + Buffer.byteLength(annotations[key]!);
  }
  if (size > MAX_ANNOTATIONS) errors.push(tooLong(field, MAX_ANNOTATIONS));
}

function validateOwners(errors: FieldError[], owners: readonly OwnerReference[]): void {
  const field = 'metadata.ownerReferences';
  let controller: string | undefined;
  for (const owner of owners) {
    // Upstream does not say which of them it means.
    const { group, version } = groupVersionOf(owner.apiVersion ?? '');
    if (!version || version.includes('/'))
      errors.push(invalid(`${field}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty'));
    if (!owner.kind) errors.push(invalid(`${field}.kind`, owner.kind ?? '', 'kind must not be empty'));
    if (!owner.name) errors.push(invalid(`${field}.name`, owner.name ?? '', 'name must not be empty'));
    if (!owner.uid) errors.push(invalid(`${field}.uid`, owner.uid ?? '', 'uid must not be empty'));
    // An Event goes by itself, with all that it would own.
    if (owner.kind === 'Event' && group === '' && version === 'v1') {
      errors.push(invalid(field, owner, `/${owner.apiVersion}, Kind=Event is disallowed from being an owner`));
    }
    if (!owner.controller) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === undefined) controller = name;
    else {
      errors.push(
        invalid(
          field,
          owners,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`,
        ),
      );
    }
  }
}

/**
 * A finalizer's name says whose it is, unless it is one of Kubernetes' own.
 * @param formField the field that upstream complains of where the name's form is wrong
 */
export function validateFinalizerName(
  errors: FieldError[],
  field: string,
  finalizer: string,
  formField: string = field,
): void {
  addProblems(errors, formField, finalizer, checkQualifiedName(finalizer));
  if (finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer)) return;
  errors.push(invalid(field, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'));
}

function validateFinalizers(errors: FieldError[], finalizers: readonly string[], lax: boolean): void {
  const field = 'metadata.finalizers';
  finalizers.forEach((finalizer, i) => {
    if (lax) addProblems(errors, field, finalizer, checkQualifiedName(finalizer));
    else validateFinalizerName(errors, `${field}[${i}]`, finalizer, field);
  });
  if (finalizers.includes(ORPHAN_FINALIZER) && finalizers.includes(FOREGROUND_FINALIZER)) {
    errors.push(invalid(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
}

function validateNoNewFinalizers(errors: FieldError[], metadata: ObjectMeta, old: ObjectMeta): void {
  const added = (metadata.finalizers ?? []).filter(f => !old.finalizers?.includes(f));
  if (added.length > 0) {
    errors.push(
      forbidden(
        'metadata.finalizers',
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map(f => JSON.stringify(f)).join(', ')}}`,
      ),
    );
  }
}
