import { type FieldError, forbidden, invalid, required } from '../field-error.js';
import { equalJson, isObject, type JsonObject } from '../json.js';
import { AGE, column, NAME, printer, wide } from '../printing/printer.js';
import { toMilli } from '../quantity.js';
import type { KubeObject } from '../types.js';
import { validateResourceAmounts } from '../validation/resources.js';
import { scalarAt, valueAt } from './cells.js';
import { plainKind } from './plain-kind.js';

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];
const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
const VOLUME_MODES = ['Block', 'Filesystem'];
/** The annotation that named a class before there was a field. */
export const OLD_STORAGE_CLASS = 'volume.beta.kubernetes.io/storage-class';

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

export const persistentVolumeClaims = plainKind({
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  status: { phase: 'Pending' },
  defaults: { 'spec.volumeMode': 'Filesystem' },
  required: ['spec.accessModes'],
  oneOf: { 'spec.volumeMode': VOLUME_MODES },
  strategy: {
    validate(o) {
      const errors = modeErrors(o);
      const requests = valueAt(o, 'spec.resources.requests');
      if (!isObject(requests) || requests.storage === undefined) errors.push(required('spec.resources[storage]'));
      else validateResourceAmounts(errors, 'spec.resources.requests', { storage: requests.storage as string });
      return errors;
    },
    validateUpdate(o, old) {
      const errors: FieldError[] = [];
      const changeable = ({ resources: _, volumeAttributesClassName: __, volumeName: ___, ...rest }: JsonObject) =>
        rest;
      const bound = valueAt(old, 'spec.volumeName');
      if (
        !equalJson(changeable((valueAt(o, 'spec') ?? {}) as JsonObject), changeable(old.spec ?? {})) ||
        (bound !== undefined && bound !== valueAt(o, 'spec.volumeName'))
      )
        errors.push(
          forbidden(
            'spec',
            'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
          ),
        );
      const size = (object: KubeObject) =>
        toMilli((valueAt(object, 'spec.resources.requests.storage') as string | undefined) ?? '0');
      if (size(o) < size(old))
        errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
      return errors;
    },
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

export const persistentVolumes = plainKind({
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  status: { phase: 'Pending' },
  defaults: { 'spec.persistentVolumeReclaimPolicy': 'Retain', 'spec.volumeMode': 'Filesystem' },
  required: ['spec.accessModes', 'spec.capacity'],
  oneOf: { 'spec.persistentVolumeReclaimPolicy': ['Delete', 'Recycle', 'Retain'], 'spec.volumeMode': VOLUME_MODES },
  immutable: ['spec.volumeMode'],
  strategy: {
    setDefaults(o) {
      const hostPath = valueAt(o, 'spec.hostPath');
      if (isObject(hostPath)) hostPath.type ??= '';
    },
    validate(o) {
      const errors = modeErrors(o);
      const sources = Object.entries((valueAt(o, 'spec') ?? {}) as JsonObject).filter(
        ([field, value]) => SOURCES.test(field) && isObject(value),
      );
      if (sources.length === 0) errors.push(required('spec', 'must specify a volume type'));
      for (const [field] of sources.slice(1))
        errors.push(forbidden(`spec.${field}`, 'may not specify more than 1 volume type'));
      return errors;
    },
    validateUpdate(o, old) {
      const source = (object: KubeObject) =>
        Object.fromEntries(
          Object.entries((valueAt(object, 'spec') ?? {}) as JsonObject).filter(([field]) => SOURCES.test(field)),
        );
      return equalJson(source(o), source(old))
        ? []
        : [forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation')];
    },
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

/** Fields of a volume's spec that say where it really is. */
const SOURCES =
  /^(awsElasticBlockStore|azureDisk|azureFile|cephfs|cinder|csi|fc|flexVolume|flocker|gcePersistentDisk|glusterfs|hostPath|iscsi|local|nfs|photonPersistentDisk|portworxVolume|quobyte|rbd|scaleIO|storageos|vsphereVolume)$/;

function modeErrors(o: KubeObject): FieldError[] {
  const modes = valueAt(o, 'spec.accessModes');
  if (!Array.isArray(modes)) return [];
  const errors = modes.flatMap((mode, i) =>
    ACCESS_MODES.includes(mode) ? [] : [invalidMode(`spec.accessModes[${i}]`, mode)],
  );
  if (modes.includes('ReadWriteOncePod') && modes.length > 1)
    errors.push(forbidden('spec.accessModes', 'may not use ReadWriteOncePod with other access modes'));
  return errors;
}

const invalidMode = (path: string, mode: unknown) =>
  invalid(path, mode, `supported values: ${ACCESS_MODES.map(m => JSON.stringify(m)).join(', ')}`);
