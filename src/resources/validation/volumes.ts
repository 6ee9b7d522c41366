import { duplicate, type FieldError, forbidden, invalid, required } from '../field-error.js';
import { validateAnnotations } from '../metadata.js';
import { toMilli } from '../quantity.js';
import type { Volume } from '../types.js';
import { type ClaimSpec, validateClaimSpec } from './claims.js';
import { needs, POD_DISKS, portalNameProblem, type Source, type SourceRule, validateSource } from './disk-sources.js';
import { type FieldRef, type ResourceFieldRef, validateFieldRef, validateResourceRef } from './field-refs.js';
import { validateLabels } from './labels.js';
import { addProblems } from './messages.js';
import { checkLabel, checkSubdomain } from './names.js';
import { checkDescendingPath, checkFileMode, checkOwnPath } from './paths.js';

interface KeyToPath {
  key?: string;
  path?: string;
  mode?: number;
}

interface DownwardFile {
  path?: string;
  fieldRef?: FieldRef;
  resourceFieldRef?: ResourceFieldRef;
  mode?: number;
}

interface Projection {
  secret?: { name?: string; items?: KeyToPath[] };
  configMap?: { name?: string; items?: KeyToPath[] };
  downwardAPI?: { items?: DownwardFile[] };
  serviceAccountToken?: { path?: string; expirationSeconds?: number };
}

/** Fields of a pod that a file can tell. */
const FILE_FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;
/** All that may be said of a claim beside its spec. */
const CLAIM_METADATA = ['labels', 'annotations'];

const keyedFiles =
  (name: string): SourceRule =>
  (errors, path, source, volume) => {
    needs(name)(errors, path, source, volume);
    checkFileMode(errors, `${path}.defaultMode`, source.defaultMode as number | undefined);
    validateItems(errors, `${path}.items`, source.items as KeyToPath[] | undefined);
  };

/** The kinds of volumes, in the order in which upstream looks for them. */
const RULES: Readonly<Record<string, SourceRule>> = {
  emptyDir(errors, path, { sizeLimit }) {
    if (sizeLimit !== undefined && toMilli(sizeLimit as string) < 0) {
      errors.push(forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
    }
  },
  hostPath: POD_DISKS.hostPath,
  gitRepo(errors, path, source, name) {
    needs('repository')(errors, path, source, name);
    checkDescendingPath(errors, `${path}.directory`, (source.directory as string | undefined) ?? '');
  },
  gcePersistentDisk: POD_DISKS.gcePersistentDisk,
  awsElasticBlockStore: POD_DISKS.awsElasticBlockStore,
  secret: keyedFiles('secretName'),
  nfs: POD_DISKS.nfs,
  iscsi: POD_DISKS.iscsi,
  glusterfs: POD_DISKS.glusterfs,
  flocker: POD_DISKS.flocker,
  persistentVolumeClaim: needs('claimName'),
  rbd: POD_DISKS.rbd,
  cinder: POD_DISKS.cinder,
  cephfs: POD_DISKS.cephfs,
  quobyte: POD_DISKS.quobyte,
  downwardAPI(errors, path, { defaultMode, items = [] }) {
    checkFileMode(errors, `${path}.defaultMode`, defaultMode as number | undefined);
    for (const file of items as DownwardFile[]) validateDownwardFile(errors, path, file);
  },
  fc: POD_DISKS.fc,
  flexVolume: POD_DISKS.flexVolume,
  configMap: keyedFiles('name'),
  azureFile: POD_DISKS.azureFile,
  vsphereVolume: POD_DISKS.vsphereVolume,
  photonPersistentDisk: POD_DISKS.photonPersistentDisk,
  portworxVolume: POD_DISKS.portworxVolume,
  azureDisk: POD_DISKS.azureDisk,
  storageos: POD_DISKS.storageos,
  projected(errors, path, { defaultMode, sources = [] }) {
    checkFileMode(errors, `${path}.defaultMode`, defaultMode as number | undefined);
    validateProjections(errors, path, sources as Projection[]);
  },
  scaleIO: POD_DISKS.scaleIO,
  csi: POD_DISKS.csi,
  ephemeral(errors, path, { volumeClaimTemplate: template }) {
    if (template) validateClaimTemplate(errors, `${path}.volumeClaimTemplate`, template as ClaimTemplate);
    else errors.push(required(`${path}.volumeClaimTemplate`));
  },
  image: needs('reference'),
};

/** The volumes of a pod: name → what it is. */
export type VolumesByName = ReadonlyMap<string, Volume>;

const NO_VOLUMES: VolumesByName = new Map();

/**
 * Volumes by name and source. Answers them by name, since mounts refer to them.
 * @param podName the claims of ephemeral volumes are called after it; templates have none
 */
export function validateVolumes(
  errors: FieldError[],
  path: string,
  volumes: readonly Volume[] | undefined,
  podName?: string,
): VolumesByName {
  if (!volumes?.length) return NO_VOLUMES;
  const byName = new Map<string, Volume>();
  const claims = new Set(
    volumes.flatMap(({ name, ephemeral }) => (ephemeral && podName ? [`${podName}-${name}`] : [])),
  );
  volumes.forEach((volume, i) => {
    const field = `${path}[${i}]`;
    const { name = '' } = volume;
    const before = errors.length;
    validateSource(errors, field, volume, RULES, name);
    const { iscsi, ephemeral } = volume as { iscsi?: Source; ephemeral?: Source };
    const portal = iscsi && portalNameProblem(name, iscsi);
    if (portal) errors.push(invalid(`${field}.name`, name, portal));
    if (ephemeral && podName && name) checkClaimName(errors, `${field}.name`, podName, name);
    if (!name) errors.push(required(`${field}.name`));
    else {
      addProblems(errors, `${field}.name`, name, checkLabel(name));
      if (byName.has(name)) errors.push(duplicate(`${field}.name`, name));
    }
    // What is wrong is not there for those who would mount it.
    if (errors.length === before) byName.set(name, volume);
    const { claimName = '' } = (volume.persistentVolumeClaim ?? {}) as { claimName?: string };
    if (claims.has(claimName)) {
      const why = 'must not reference a PVC that gets created for an ephemeral volume';
      errors.push(invalid(`${field}.persistentVolumeClaim.claimName`, claimName, why));
    }
  });
  return byName;
}

function checkClaimName(errors: FieldError[], field: string, podName: string, name: string): void {
  const claim = `${podName}-${name}`;
  for (const problem of checkSubdomain(claim)) {
    errors.push(invalid(field, name, `PVC name ${JSON.stringify(claim)}: ${problem}`));
  }
}

function validateItems(errors: FieldError[], path: string, items: readonly KeyToPath[] = []): void {
  items.forEach(({ key, path: to = '', mode }, i) => {
    const field = `${path}[${i}]`;
    if (!key) errors.push(required(`${field}.key`));
    if (!to) errors.push(required(`${field}.path`));
    checkOwnPath(errors, `${field}.path`, to);
    checkFileMode(errors, `${field}.mode`, mode);
  });
}

/** Upstream does not say which of the files it is that is wrong. */
function validateDownwardFile(errors: FieldError[], path: string, file: DownwardFile): void {
  const { path: to = '', fieldRef, resourceFieldRef, mode } = file;
  if (!to) errors.push(required(`${path}.path`));
  checkOwnPath(errors, `${path}.path`, to);
  if (fieldRef) {
    validateFieldRef(errors, `${path}.fieldRef`, fieldRef, FILE_FIELDS);
    if (resourceFieldRef) {
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    }
  } else if (resourceFieldRef) validateResourceRef(errors, `${path}.resourceFieldRef`, resourceFieldRef, true);
  else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  checkFileMode(errors, `${path}.mode`, mode);
}

/** Sources that share one directory, in which each file has its own place. */
function validateProjections(errors: FieldError[], path: string, sources: readonly Projection[]): void {
  const taken = new Set<string>();
  const claim = (to: string | undefined, shown: string) => {
    if (!to) return;
    if (taken.has(to)) errors.push(invalid(path, shown, 'conflicting duplicate paths'));
    taken.add(to);
  };
  sources.forEach((source, i) => {
    const field = `${path}.sources[${i}]`;
    const { downwardAPI, serviceAccountToken: token } = source;
    for (const kind of ['secret', 'configMap'] as const) {
      const keyed = source[kind];
      if (!keyed) continue;
      needs('name')(errors, `${field}.${kind}`, keyed, '');
      validateItems(errors, `${field}.${kind}.items`, keyed.items);
      for (const item of keyed.items ?? []) claim(item.path, keyed.name ?? '');
    }
    for (const file of downwardAPI?.items ?? []) {
      validateDownwardFile(errors, `${field}.downwardAPI`, file);
      claim(file.path, file.path!);
    }
    if (token) validateToken(errors, path, `${field}.serviceAccountToken`, token);
    if (Object.values(source).filter(value => value !== undefined).length > 1) {
      errors.push(forbidden(field, 'may not specify more than 1 volume type'));
    }
  });
}

function validateToken(
  errors: FieldError[],
  volumePath: string,
  path: string,
  { path: to, expirationSeconds: seconds = 0 }: NonNullable<Projection['serviceAccountToken']>,
): void {
  if (seconds < MIN_TOKEN_SECONDS) {
    errors.push(invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'));
  }
  if (seconds > MAX_TOKEN_SECONDS) {
    errors.push(invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds'));
  }
  // Upstream misses it in the volume.
  if (!to) errors.push(required(`${volumePath}.path`));
}

interface ClaimTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: ClaimSpec;
}

function validateClaimTemplate(errors: FieldError[], path: string, { metadata = {}, spec = {} }: ClaimTemplate): void {
  validateAnnotations(errors, `${path}.metadata.annotations`, metadata.annotations);
  validateLabels(errors, `${path}.metadata.labels`, metadata.labels);
  for (const field of Object.keys(metadata)) {
    if (CLAIM_METADATA.includes(field)) continue;
    errors.push(forbidden(`${path}.metadata.${field}`, 'cannot be set for an ephemeral volume'));
  }
  validateClaimSpec(errors, `${path}.spec`, spec);
}
