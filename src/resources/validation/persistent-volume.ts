import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { equalJson } from '../json.js';
import { toUnits } from '../quantity.js';
import type { KubeObject, NodeSelectorTerm, ResourceList } from '../types.js';
import { validateNodeSelectorTerms } from './affinity.js';
import { checkClass, checkPositive, checkVolumeMode, validateAccessModes } from './claims.js';
import { PERSISTENT_DISKS, validateSource } from './disk-sources.js';
import { IMMUTABLE } from './messages.js';

const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
const INLINE = 'in the context of inline volumes';

/** What a PersistentVolume is: beside these, the field of its source. */
export interface VolumeSpec {
  accessModes?: string[];
  capacity?: ResourceList;
  claimRef?: object;
  persistentVolumeReclaimPolicy?: string;
  storageClassName?: string;
  volumeMode?: string;
  nodeAffinity?: { required?: { nodeSelectorTerms?: NodeSelectorTerm[] } };
  volumeAttributesClassName?: string;
  hostPath?: { path?: string };
  csi?: { controllerExpandSecretRef?: object };
  [field: string]: unknown;
}

export interface PersistentVolume extends KubeObject {
  spec: VolumeSpec;
}

/** Mirrors `ValidatePersistentVolume`. */
export function validatePersistentVolume({ metadata, spec }: PersistentVolume): FieldError[] {
  const errors: FieldError[] = [];
  const { accessModes = [], capacity = {}, persistentVolumeReclaimPolicy: policy, nodeAffinity } = spec;
  if (accessModes.length === 0) errors.push(required('spec.accessModes'));
  validateAccessModes(errors, 'spec.accessModes', accessModes);
  validateCapacity(errors, 'spec.capacity', capacity);
  if (policy && !RECLAIM_POLICIES.includes(policy)) {
    errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, RECLAIM_POLICIES));
  }
  if (nodeAffinity) {
    const field = 'spec.nodeAffinity.required';
    if (nodeAffinity.required) validateNodeSelectorTerms(errors, field, nodeAffinity.required.nodeSelectorTerms, false);
    else errors.push(required(field, 'must specify required node constraints'));
  }
  validateDisk(errors, 'spec', spec, metadata.name);
  if (spec.local && !nodeAffinity?.required) {
    errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  }
  if (policy === 'Recycle' && spec.hostPath && isRoot(spec.hostPath.path ?? '')) {
    const why = "may not be 'recycle' for a hostPath mount of '/'";
    errors.push(forbidden('spec.persistentVolumeReclaimPolicy', why));
  }
  checkClass(errors, 'spec.storageClassName', spec.storageClassName);
  checkVolumeMode(errors, 'spec.volumeMode', spec.volumeMode);
  checkClass(errors, 'spec.volumeAttributesClassName', spec.volumeAttributesClassName);
  return errors;
}

/** A volume that an attachment brings along: a driver's, and nothing that is decided elsewhere. */
export function validateInlineVolume(errors: FieldError[], path: string, spec: VolumeSpec): void {
  const { accessModes = [], persistentVolumeReclaimPolicy: policy, volumeMode } = spec;
  for (const field of ['claimRef', 'capacity'] as const) {
    if (spec[field]) errors.push(forbidden(`${path}.${field}`, `may not be specified ${INLINE}`));
  }
  if (!spec.csi) errors.push(required(`${path}.csi`, `has to be specified ${INLINE}`));
  if (accessModes.length === 0) errors.push(required(`${path}.accessModes`));
  validateAccessModes(errors, `${path}.accessModes`, accessModes);
  if (policy && policy !== 'Retain') {
    errors.push(forbidden(`${path}.persistentVolumeReclaimPolicy`, `may only be Retain ${INLINE}`));
  }
  if (spec.nodeAffinity) errors.push(forbidden(`${path}.nodeAffinity`, `may not be specified ${INLINE}`));
  validateDisk(errors, path, spec, '');
  if (spec.storageClassName) errors.push(forbidden(`${path}.storageClassName`, `may not be specified ${INLINE}`));
  if (volumeMode !== undefined && volumeMode !== 'Filesystem') {
    errors.push(forbidden(`${path}.volumeMode`, `may not specify volumeMode other than Filesystem ${INLINE}`));
  }
}

function validateDisk(errors: FieldError[], path: string, spec: VolumeSpec, name: string): void {
  validateSource(errors, path, spec, PERSISTENT_DISKS, name);
}

/** Storage, and nothing else. */
function validateCapacity(errors: FieldError[], field: string, capacity: ResourceList): void {
  const names = Object.keys(capacity);
  if (names.length === 0) errors.push(required(field));
  if (names.length !== 1 || names[0] !== 'storage') errors.push(notSupported(field, capacity, ['storage']));
  for (const name of names) {
    const amount = capacity[name]!;
    if (toUnits(amount) < 0) {
      errors.push(invalid(`${field}[${name}]`, toUnits(amount), 'must be a valid resource quantity'));
    }
    checkPositive(errors, `${field}[${name}]`, amount);
  }
}

/** Whether a path comes down to the root. */
function isRoot(path: string): boolean {
  return path.startsWith('/') && path.split('/').every(step => step === '' || step === '.');
}

/** Mirrors `ValidatePersistentVolumeUpdate`: a volume is on the disk that it is on; a driver may be told later how it grows. */
export function validatePersistentVolumeUpdate(
  { spec }: PersistentVolume,
  { spec: old }: PersistentVolume,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!equalJson(diskOf(spec, old), diskOf(old, old))) {
    const field = 'spec.persistentvolumesource';
    errors.push(forbidden(field, 'spec.persistentvolumesource is immutable after creation'));
  }
  // Upstream leaves the spec out of these paths.
  if (spec.volumeMode !== old.volumeMode) errors.push(invalid('volumeMode', spec.volumeMode, IMMUTABLE));
  if (old.nodeAffinity && !equalJson(spec.nodeAffinity, old.nodeAffinity)) {
    errors.push(invalid('nodeAffinity', spec.nodeAffinity, IMMUTABLE));
  }
  if (old.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined) {
    errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
  }
  return errors;
}

/** The sources of a volume, without what may be added to that of `old`. */
function diskOf(spec: VolumeSpec, old: VolumeSpec): object {
  const disk = Object.fromEntries(Object.keys(PERSISTENT_DISKS).map(kind => [kind, spec[kind]]));
  const mayGrow = spec.csi && old.csi && old.csi.controllerExpandSecretRef === undefined;
  return mayGrow ? { ...disk, csi: { ...spec.csi, controllerExpandSecretRef: undefined } } : disk;
}
