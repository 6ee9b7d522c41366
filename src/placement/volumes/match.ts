import { compareText } from '../../resources/compare.js';
import { readQuantity } from '../../resources/quantity.js';
import { labelSelectorMatcher } from '../../resources/selector.js';
import { isTerminating } from '../../resources/state.js';
import type { KubeObject, LabelSelector, NodeSelector, ObjectReference, ResourceList } from '../../resources/types.js';
import { OLD_STORAGE_CLASS } from '../../resources/validation/claims.js';

export interface PersistentVolumeClaim extends KubeObject {
  spec: {
    accessModes?: string[];
    resources?: { requests?: ResourceList };
    selector?: LabelSelector;
    storageClassName?: string;
    volumeAttributesClassName?: string;
    volumeMode?: string;
    volumeName?: string;
  };
  status: { phase?: string; accessModes?: string[]; capacity?: ResourceList };
}

export interface PersistentVolume extends KubeObject {
  spec: {
    accessModes?: string[];
    capacity?: ResourceList;
    claimRef?: ObjectReference;
    csi?: { driver: string; volumeHandle: string };
    nodeAffinity?: { required?: NodeSelector };
    persistentVolumeReclaimPolicy?: string;
    storageClassName?: string;
    volumeAttributesClassName?: string;
    volumeMode?: string;
  };
  status: { phase?: string };
}

/** The class of either, in both ways to name it. */
export const classOf = ({ metadata, spec }: PersistentVolumeClaim | PersistentVolume): string =>
  metadata.annotations?.[OLD_STORAGE_CLASS] ?? spec.storageClassName ?? '';

/** How much storage a claim asks for, or a volume has. */
const bytes = (list: ResourceList | undefined) => readQuantity(list?.storage ?? '0').nano;

/** Whether a volume is kept for a claim, or has been given to it. */
export function isFor({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef?.namespace !== metadata.namespace || claimRef?.name !== metadata.name) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

/**
 * Why a volume that a claim names does not do for it; undefined if it does (`checkVolumeSatisfyClaim`).
 *
 * @param storageClass the class that it must be of
 */
export function mismatch(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
  storageClass = classOf(claim),
): string | undefined {
  if (isTerminating(volume)) return 'the volume is marked for deletion';
  if (bytes(volume.spec.capacity) < bytes(claim.spec.resources?.requests)) return 'requested PV is too small';
  if (classOf(volume) !== storageClass) return 'storageClassName does not match';
  if (volume.spec.volumeMode !== claim.spec.volumeMode) return 'incompatible volumeMode';
  if ((volume.spec.volumeAttributesClassName ?? '') !== (claim.spec.volumeAttributesClassName ?? ''))
    return 'volumeAttributesClassName does not match';
  const modes = new Set(volume.spec.accessModes);
  return claim.spec.accessModes?.every(mode => modes.has(mode)) ? undefined : 'incompatible accessMode';
}

/**
 * The volumes that do for a claim, those it would rather have first: one that is kept for it, of whatever class, and nothing
 * else, or else the free ones, from the smallest on.
 */
export function volumesFor(
  volumes: Iterable<PersistentVolume>,
  claim: PersistentVolumeClaim,
): readonly PersistentVolume[] {
  const all = [...volumes];
  const kept = all.find(volume => isFor(volume, claim) && mismatch(volume, claim, classOf(volume)) === undefined);
  if (kept) return [kept];
  const { selector } = claim.spec;
  const isSelected = ({ metadata }: PersistentVolume) =>
    !selector || labelSelectorMatcher(selector).matches(metadata.labels ?? {});
  return all
    .filter(volume => !volume.spec.claimRef && volume.status.phase === 'Available' && isSelected(volume))
    .filter(volume => mismatch(volume, claim) === undefined)
    .sort((a, b) => compareSizes(a.spec.capacity, b.spec.capacity) || compareText(a.metadata.name, b.metadata.name));
}

/** Less storage first. */
export const compareSizes = (a: ResourceList | undefined, b: ResourceList | undefined): number =>
  Number(bytes(a) - bytes(b));
