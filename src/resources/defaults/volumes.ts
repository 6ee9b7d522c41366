import type { Volume } from '../types.js';

const FILE_MODE = 0o644;
const TOKEN_SECONDS = 3600;

type Source = Record<string, unknown>;

interface DownwardItem {
  fieldRef?: { apiVersion?: string };
  resourceFieldRef?: { divisor?: string };
}

interface ProjectedSource {
  serviceAccountToken?: { expirationSeconds?: number };
  downwardAPI?: { items?: DownwardItem[] };
}

/** What a kind of volume gets if its user does not say: as a table for most, as code for those with a structure. */
const DEFAULTS: Readonly<Record<string, (source: Source) => void>> = {
  hostPath: filling({ type: '' }),
  secret: filling({ defaultMode: FILE_MODE }),
  configMap: filling({ defaultMode: FILE_MODE }),
  downwardAPI: source => {
    source.defaultMode ??= FILE_MODE;
    setItemDefaults(source.items as DownwardItem[] | undefined);
  },
  projected: source => {
    source.defaultMode ??= FILE_MODE;
    for (const { serviceAccountToken, downwardAPI } of (source.sources as ProjectedSource[] | undefined) ?? []) {
      if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= TOKEN_SECONDS;
      if (downwardAPI) setItemDefaults(downwardAPI.items);
    }
  },
  iscsi: filling({ iscsiInterface: 'default' }),
  rbd: filling({ pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }),
  azureDisk: filling({ cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false }),
  scaleIO: filling({ storageMode: 'ThinProvisioned', fsType: 'xfs' }),
  ephemeral: source => {
    const template = source.volumeClaimTemplate as { spec?: { volumeMode?: string } } | undefined;
    if (template?.spec) template.spec.volumeMode ??= 'Filesystem';
  },
  image: source => {
    source.pullPolicy ??= 'IfNotPresent';
  },
};

/** What the sources among the fields of a PersistentVolume's spec get. */
export function setDiskDefaults(spec: Source): void {
  for (const key in spec) if (Object.hasOwn(DEFAULTS, key)) DEFAULTS[key]!(spec[key] as Source);
}

/** A volume without a source is an empty directory. */
export function setVolumeDefaults(volume: Volume): void {
  let hasSource = false;
  for (const key in volume) {
    if (key === 'name' || volume[key] === undefined) continue;
    hasSource = true;
    DEFAULTS[key]?.(volume[key] as Source);
  }
  if (!hasSource) volume.emptyDir = {};
}

function filling(defaults: Source): (source: Source) => void {
  return source => {
    for (const key in defaults) source[key] ??= defaults[key];
  };
}

function setItemDefaults(items: DownwardItem[] | undefined): void {
  for (const item of items ?? []) setFieldDefaults(item);
}

/** What is told of a pod: in which version of pods, and in which unit. */
export function setFieldDefaults({ fieldRef, resourceFieldRef }: DownwardItem): void {
  if (fieldRef) fieldRef.apiVersion ||= 'v1';
  if (resourceFieldRef) resourceFieldRef.divisor ??= '0';
}
