import { compareText } from '../compare.js';
import { type FieldError, forbidden, invalid, required } from '../field-error.js';
import { equalJson, isObject, type JsonObject } from '../json.js';
import { AGE, column, NAME, printer, wide } from '../printing/printer.js';
import { toMilli } from '../quantity.js';
import type { KubeObject } from '../types.js';
import { validateResourceAmounts } from '../validation/resources.js';
import { itemsAt, scalarAt, valueAt } from './cells.js';
import { plainKind } from './plain-kind.js';

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];
const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
const VOLUME_MODES = ['Block', 'Filesystem'];
const OLD_STORAGE_CLASS = 'volume.beta.kubernetes.io/storage-class';

/** `RWO,ROX` */
function accessModes(o: KubeObject, path: string): string {
  return ACCESS_MODES.filter(mode => (valueAt(o, path) as string[] | undefined)?.includes(mode))
    .map(mode => SHORT_MODES[mode])
    .join(',');
}

const storageClass = (o: KubeObject) =>
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

const persistentVolumeClaims = plainKind({
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
    column('StorageClass', 'The class of the volume.', storageClass),
    attributesClass,
    AGE,
    volumeMode,
  ),
});

const persistentVolumes = plainKind({
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
    column('StorageClass', 'Its class.', storageClass),
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

/** `cpu: 100m/1, pods: 3/10` */
function quota(o: KubeObject, isLimit: boolean): string {
  const hard = valueAt(o, 'status.hard');
  if (!isObject(hard)) return '';
  const used = (valueAt(o, 'status.used') ?? {}) as JsonObject;
  return Object.keys(hard)
    .sort(compareText)
    .filter(name => name.startsWith('limits') === isLimit)
    .map(name => `${name}: ${String(used[name] ?? 0)}/${String(hard[name])}`)
    .join(', ');
}

const LIMIT_TYPES = ['Container', 'Pod', 'PersistentVolumeClaim'];

/** `v1` */
export const core = [
  plainKind({
    kind: 'LimitRange',
    plural: 'limitranges',
    shortNames: ['limits'],
    createsOnUpdate: true,
    required: ['spec.limits[].type'],
    strategy: {
      // What is the most is what is given, and what is given is what is asked for.
      setDefaults(o) {
        for (const limit of itemsAt(o, 'spec.limits')) {
          if (limit.type !== 'Container') continue;
          const given = { ...(limit.max as JsonObject), ...(limit.default as JsonObject) };
          if (Object.keys(given).length > 0) limit.default = given;
          const asked = { ...(limit.min as JsonObject), ...given, ...(limit.defaultRequest as JsonObject) };
          if (isObject(limit.default) || isObject(limit.defaultRequest)) limit.defaultRequest = asked;
        }
      },
      validate: o =>
        itemsAt(o, 'spec.limits').flatMap(({ type }, i) =>
          typeof type === 'string' && !LIMIT_TYPES.includes(type) && !type.includes('/')
            ? [invalid(`spec.limits[${i}].type`, type, 'must be a standard limit type or fully qualified')]
            : [],
        ),
    },
    printer: printer(
      NAME,
      column('Created At', 'When the object was created.', o => o.metadata.creationTimestamp, 'date'),
    ),
  }),
  persistentVolumeClaims,
  persistentVolumes,
  plainKind({
    kind: 'ResourceQuota',
    plural: 'resourcequotas',
    shortNames: ['quota'],
    status: {},
    immutable: ['spec.scopes'],
    printer: printer(
      NAME,
      column('Request', 'What is used of what may be asked for.', o => quota(o, false)),
      column('Limit', 'What is used of what limits may add up to.', o => quota(o, true)),
      AGE,
    ),
  }),
];
