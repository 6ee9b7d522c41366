import { type ClaimSpec, OLD_STORAGE_CLASS, type PersistentVolumeClaim } from '../validation/claims.js';
import type { PersistentVolume } from '../validation/persistent-volume.js';
import { fractionWarnings } from './fractions.js';
import { nodeTermWarnings } from './node-labels.js';

const OLD_CLASS_FIELD = 'deprecated since v1.8; use "storageClassName" attribute instead';
const VOLUME_ANNOTATIONS: Readonly<Record<string, string>> = {
  [OLD_STORAGE_CLASS]: OLD_CLASS_FIELD,
  'volume.beta.kubernetes.io/mount-options': 'deprecated since v1.31; use "mountOptions" attribute instead',
};

/** Kinds of disks that are gone, in upstream's order, and what they are called where that is not the name of the field. */
const REMOVED: readonly [source: string, why: string, name?: string][] = [
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

export function claimWarnings({ metadata: { annotations = {} }, spec }: PersistentVolumeClaim): string[] {
  return [
    ...(OLD_STORAGE_CLASS in annotations ? [`metadata.annotations[${OLD_STORAGE_CLASS}]: ${OLD_CLASS_FIELD}`] : []),
    ...claimSpecWarnings('spec', spec),
  ];
}

/** @param path where the spec is, as messages write it */
export function claimSpecWarnings(path: string, { resources }: ClaimSpec): string[] {
  return [
    ...fractionWarnings(`${path}.resources.requests`, resources?.requests, ['storage']),
    ...fractionWarnings(`${path}.resources.limits`, resources?.limits, ['storage']),
  ];
}

export function volumeWarnings({ metadata: { annotations = {} }, spec }: PersistentVolume): string[] {
  const { persistentVolumeReclaimPolicy: policy, nodeAffinity } = spec;
  return [
    ...Object.entries(VOLUME_ANNOTATIONS).flatMap(([key, why]) =>
      key in annotations ? [`metadata.annotations[${key}]: ${why}`] : [],
    ),
    ...(policy === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        ]
      : []),
    ...(nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap((term, i) =>
      nodeTermWarnings(`spec.nodeAffinity.required.nodeSelectorTerms[${i}]`, term, false),
    ),
    ...REMOVED.flatMap(([source, why, name = source]) => (spec[source] ? [`spec.${name}: ${why}`] : [])),
  ];
}
