import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { equalJson } from '../json.js';
import { parseQuantity, toMilli, toUnits } from '../quantity.js';
import type { KubeObject, LabelSelector, ResourceList } from '../types.js';
import { validateLabelSelector } from './labels.js';
import { ABOVE_ZERO, addProblems, IMMUTABLE } from './messages.js';
import { checkLabel, checkSubdomain } from './names.js';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const ONE_POD = 'ReadWriteOncePod';
/** The annotation that named a class before there was a field. */
export const OLD_STORAGE_CLASS = 'volume.beta.kubernetes.io/storage-class';
const VOLUME_MODES = ['Block', 'Filesystem'];

interface DataSource {
  apiGroup?: string;
  kind?: string;
  name?: string;
  namespace?: string;
}

/** What a PersistentVolumeClaim asks for. */
export interface ClaimSpec {
  accessModes?: string[];
  selector?: LabelSelector;
  resources?: { requests?: ResourceList; limits?: ResourceList };
  volumeName?: string;
  storageClassName?: string;
  volumeMode?: string;
  dataSource?: DataSource;
  dataSourceRef?: DataSource;
  volumeAttributesClassName?: string;
}

export interface PersistentVolumeClaim extends KubeObject {
  spec: ClaimSpec;
  status?: { phase?: string; capacity?: ResourceList };
}

export function validateClaim({ spec }: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  validateClaimSpec(errors, 'spec', spec);
  return errors;
}

/** A claim finds its volume once; when it has it, it may ask for more room, or less than it did, but not less than there is. */
export function validateClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  const annotation = (o: PersistentVolumeClaim) => o.metadata.annotations?.[OLD_STORAGE_CLASS] ?? '';
  if (annotation(claim) !== annotation(old)) {
    errors.push(invalid(`metadata.annotations.${OLD_STORAGE_CLASS}`, annotation(claim), IMMUTABLE));
  }
  if (!equalJson({ ...claim.spec, ...changesOf(claim, old) }, { ...old.spec, volumeName: volumeOf(claim, old) })) {
    const why =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(forbidden('spec', why));
  }
  // Upstream leaves the spec out of this path.
  if (claim.spec.volumeMode !== old.spec.volumeMode) {
    errors.push(invalid('volumeMode', claim.spec.volumeMode, IMMUTABLE));
  }
  const [wanted, before] = [storageOf(claim.spec.resources?.requests), storageOf(old.spec.resources?.requests)];
  if (wanted < before && wanted <= storageOf(old.status?.capacity)) {
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  }
  if (old.spec.volumeAttributesClassName !== undefined && claim.spec.volumeAttributesClassName === undefined) {
    errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
  }
  return errors;
}

const volumeOf = (claim: PersistentVolumeClaim, old: PersistentVolumeClaim) =>
  old.spec.volumeName ?? claim.spec.volumeName;

/** The fields of a claim that may change, as they were. */
function changesOf({ spec, status }: PersistentVolumeClaim, { spec: old }: PersistentVolumeClaim): ClaimSpec {
  const { requests } = spec.resources ?? {};
  const storage = old.resources?.requests?.storage;
  const mayGrow = status?.phase === 'Bound' && requests && storage !== undefined;
  return {
    volumeAttributesClassName: old.volumeAttributesClassName!,
    ...(mayGrow ? { resources: { ...spec.resources, requests: { ...requests, storage } } } : {}),
  };
}

const storageOf = (resources: ResourceList | undefined) => parseQuantity(resources?.storage ?? '0').nano;

export function validateClaimStatus({ status }: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, amount] of Object.entries(status?.capacity ?? {})) {
    if (toUnits(amount) >= 0) continue;
    errors.push(invalid(`status.capacity[${name}]`, toUnits(amount), 'must be a valid resource quantity'));
  }
  return errors;
}

/** Mirrors `ValidatePersistentVolumeClaimSpec`. */
export function validateClaimSpec(errors: FieldError[], path: string, spec: ClaimSpec): void {
  const { accessModes = [], selector, resources, storageClassName, volumeMode, volumeAttributesClassName } = spec;
  if (accessModes.length === 0) {
    errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  }
  validateLabelSelector(errors, `${path}.selector`, selector);
  validateAccessModes(errors, `${path}.accessModes`, accessModes);
  const storage = resources?.requests?.storage;
  if (storage === undefined) errors.push(required(`${path}.resources[storage]`));
  else checkPositive(errors, `${path}.resources[storage]`, storage);
  checkClass(errors, `${path}.storageClassName`, storageClassName);
  checkVolumeMode(errors, `${path}.volumeMode`, volumeMode);
  const { dataSource, dataSourceRef } = spec;
  if (dataSource) validateDataSource(errors, `${path}.dataSource`, dataSource);
  if (dataSourceRef) {
    validateDataSource(errors, `${path}.dataSourceRef`, dataSourceRef);
    if (dataSourceRef.namespace) {
      addProblems(
        errors,
        `${path}.dataSourceRef.namespace`,
        dataSourceRef.namespace,
        checkLabel(dataSourceRef.namespace),
      );
    }
  }
  // The value that upstream shows is the field's path.
  if (dataSource && dataSourceRef?.namespace) {
    const why = 'may not be specified when dataSourceRef.namespace is specified';
    errors.push(invalid(path, `${path}.dataSource`, why));
  } else if (dataSource && dataSourceRef && !equalJson(dataSource, dataSourceRef)) {
    errors.push(invalid(path, `${path}.dataSource`, 'must match dataSourceRef'));
  }
  checkClass(errors, `${path}.volumeAttributesClassName`, volumeAttributesClassName);
}

/** Modes that there are; the one for a single pod goes with no other. */
export function validateAccessModes(errors: FieldError[], field: string, modes: readonly string[]): void {
  for (const mode of modes) if (!ACCESS_MODES.includes(mode)) errors.push(notSupported(field, mode, ACCESS_MODES));
  if (modes.includes(ONE_POD) && modes.some(mode => mode !== ONE_POD && ACCESS_MODES.includes(mode))) {
    errors.push(forbidden(field, `may not use ${ONE_POD} with other access modes`));
  }
}

export function checkPositive(errors: FieldError[], field: string, amount: string): void {
  if (toMilli(amount) <= 0) errors.push(invalid(field, amount, ABOVE_ZERO));
}

export function checkClass(errors: FieldError[], field: string, name: string | undefined): void {
  if (name) addProblems(errors, field, name, checkSubdomain(name));
}

export function checkVolumeMode(errors: FieldError[], field: string, mode: string | undefined): void {
  if (mode !== undefined && !VOLUME_MODES.includes(mode)) errors.push(notSupported(field, mode, VOLUME_MODES));
}

function validateDataSource(errors: FieldError[], path: string, { apiGroup, kind = '', name }: DataSource): void {
  if (!name) errors.push(required(`${path}.name`));
  if (!kind) errors.push(required(`${path}.kind`));
  if (apiGroup) addProblems(errors, `${path}.apiGroup`, apiGroup, checkSubdomain(apiGroup));
  else if (kind !== 'PersistentVolumeClaim') {
    errors.push(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  }
}
