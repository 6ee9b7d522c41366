import { setDiskDefaults } from '../defaults/volumes.js';
import { isObject } from '../json.js';
import { AGE, column, NAME, printer, wide } from '../printing/printer.js';
import type { KubeObject } from '../types.js';
import {
  OLD_STORAGE_CLASS,
  type PersistentVolumeClaim,
  validateClaim,
  validateClaimStatus,
  validateClaimUpdate,
} from '../validation/claims.js';
import {
  type PersistentVolume,
  validatePersistentVolume,
  validatePersistentVolumeUpdate,
} from '../validation/persistent-volume.js';
import { claimWarnings, volumeWarnings } from '../warnings/volumes.js';
import { scalarAt, valueAt } from './cells.js';
import { plainKind } from './plain-kind.js';

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];
const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** `RWO,ROX` */
function accessModes(o: KubeObject, path: string): string {
  return ACCESS_MODES.filter(mode => (valueAt(o, path) as string[] | undefined)?.includes(mode))
    .map(mode => SHORT_MODES[mode])
    .join(',');
}

/** The storage class of a claim or a volume, in both ways to name it; empty if it names none. */
export const classOfClaim = (o: KubeObject): string =>
  o.metadata.annotations?.[OLD_STORAGE_CLASS] ?? String(valueAt(o, 'spec.storageClassName') ?? '');

/** Being deleted and waiting for it counts as a phase of its own. */
const phase = (o: KubeObject) =>
  o.metadata.deletionTimestamp === undefined ? String(valueAt(o, 'status.phase') ?? '') : 'Terminating';

const attributesClass = column<KubeObject>('VolumeAttributesClass', 'The class of its attributes.', o =>
  String(valueAt(o, 'spec.volumeAttributesClassName') ?? '<unset>'),
);
const volumeMode = wide<KubeObject>('VolumeMode', 'Block device or file system.', o =>
  String(valueAt(o, 'spec.volumeMode') ?? '<unset>'),
);

export const persistentVolumeClaims = plainKind<PersistentVolumeClaim>({
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  status: { phase: 'Pending' },
  defaults: { 'spec.volumeMode': 'Filesystem' },
  strategy: {
    validate: validateClaim,
    validateUpdate: validateClaimUpdate,
    validateStatusUpdate: validateClaimStatus,
    warnings: claimWarnings,
  },
  printer: printer(
    NAME,
    column('Status', 'Whether a volume was found.', phase),
    column('Volume', 'The volume.', scalarAt('spec.volumeName')),
    column('Capacity', 'How large the volume is.', o =>
      valueAt(o, 'spec.volumeName') ? String(valueAt(o, 'status.capacity.storage') ?? '') : '',
    ),
    column('Access Modes', 'Who may mount it, and how.', o =>
      valueAt(o, 'spec.volumeName') ? accessModes(o, 'status.accessModes') : '',
    ),
    column('StorageClass', 'The class of the volume.', classOfClaim),
    attributesClass,
    AGE,
    volumeMode,
  ),
});

export const persistentVolumes = plainKind<PersistentVolume>({
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  status: { phase: 'Pending' },
  defaults: { 'spec.persistentVolumeReclaimPolicy': 'Retain', 'spec.volumeMode': 'Filesystem' },
  strategy: {
    setDefaults: ({ spec }) => setDiskDefaults(spec),
    validate: validatePersistentVolume,
    validateUpdate: validatePersistentVolumeUpdate,
    warnings: volumeWarnings,
  },
  printer: printer(
    NAME,
    column('Capacity', 'How large it is.', scalarAt('spec.capacity.storage')),
    column('Access Modes', 'Who may mount it, and how.', o => accessModes(o, 'spec.accessModes')),
    column('Reclaim Policy', 'What becomes of it when its claim goes.', scalarAt('spec.persistentVolumeReclaimPolicy')),
    column('Status', 'Whether it is claimed.', phase),
    column('Claim', 'The claim that has it.', o => {
      const claim = valueAt(o, 'spec.claimRef');
      return isObject(claim) ? `${claim.namespace ?? ''}/${claim.name ?? ''}` : '';
    }),
    column('StorageClass', 'Its class.', classOfClaim),
    attributesClass,
    column('Reason', 'Why it is in this state.', scalarAt('status.reason')),
    AGE,
    volumeMode,
  ),
});
