import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { toMilli } from '../quantity.js';
import type { Volume } from '../types.js';
import { addProblems } from './messages.js';
import { checkConfigKey, checkLabel } from './names.js';

type Source = Record<string, unknown>;
type SourceRule = (errors: FieldError[], path: string, source: Source) => void;

interface KeyToPath {
  key?: string;
  path?: string;
  mode?: number;
}

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];
const MAX_MODE = 0o777;

const needs =
  (...fields: string[]): SourceRule =>
  (errors, path, source) => {
    for (const field of fields) if (!source[field]) errors.push(required(`${path}.${field}`));
  };

const withFiles =
  (rule: SourceRule): SourceRule =>
  (errors, path, source) => {
    rule(errors, path, source);
    checkMode(errors, `${path}.defaultMode`, source.defaultMode as number | undefined);
    validateItems(errors, `${path}.items`, source.items as KeyToPath[] | undefined);
  };

/** What each kind of volume needs. Kinds that are not named need nothing that could be checked here. */
const RULES: Readonly<Record<string, SourceRule>> = {
  hostPath(errors, path, { path: hostPath, type }) {
    if (!hostPath) errors.push(required(`${path}.path`));
    else checkNoBackstep(errors, `${path}.path`, hostPath as string);
    if (type !== undefined && !HOST_PATH_TYPES.includes(type as string)) {
      errors.push(notSupported(`${path}.type`, type, HOST_PATH_TYPES));
    }
  },
  emptyDir(errors, path, { sizeLimit }) {
    if (sizeLimit !== undefined && toMilli(sizeLimit as string) < 0) {
      errors.push(forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
    }
  },
  secret: withFiles(needs('secretName')),
  configMap: withFiles(needs('name')),
  persistentVolumeClaim: needs('claimName'),
  nfs(errors, path, source) {
    needs('server', 'path')(errors, path, source);
    const at = source.path as string | undefined;
    if (at && !at.startsWith('/')) errors.push(invalid(`${path}.path`, at, 'must be an absolute path'));
  },
  gcePersistentDisk: needs('pdName'),
  awsElasticBlockStore: needs('volumeID'),
  csi: needs('driver'),
  ephemeral: needs('volumeClaimTemplate'),
  image: needs('reference'),
  downwardAPI(errors, path, { defaultMode }) {
    checkMode(errors, `${path}.defaultMode`, defaultMode as number | undefined);
  },
  projected(errors, path, { defaultMode, sources }) {
    checkMode(errors, `${path}.defaultMode`, defaultMode as number | undefined);
    (sources as Record<string, Source>[] | undefined)?.forEach(({ secret, configMap, serviceAccountToken }, i) => {
      const field = `${path}.sources[${i}]`;
      if (secret) withFiles(needs('name'))(errors, `${field}.secret`, secret);
      if (configMap) withFiles(needs('name'))(errors, `${field}.configMap`, configMap);
      if (serviceAccountToken) needs('path')(errors, `${field}.serviceAccountToken`, serviceAccountToken);
    });
  },
};

const NO_VOLUMES: ReadonlySet<string> = new Set();

/** Volumes by name and source. Answers the names, which mounts refer to. */
export function validateVolumes(
  errors: FieldError[],
  path: string,
  volumes: readonly Volume[] | undefined,
): ReadonlySet<string> {
  if (!volumes?.length) return NO_VOLUMES;
  const names = new Set<string>();
  volumes.forEach((volume, i) => {
    const field = `${path}[${i}]`;
    const { name } = volume;
    const problems = name ? checkLabel(name) : [];
    if (!name) errors.push(required(`${field}.name`));
    addProblems(errors, `${field}.name`, name, problems);
    if (names.has(name)) errors.push(duplicate(`${field}.name`, name));
    names.add(name);
    validateSource(errors, field, volume);
  });
  return names;
}

function validateSource(errors: FieldError[], path: string, volume: Volume): void {
  let found = 0;
  for (const kind in volume) {
    if (kind === 'name' || volume[kind] === undefined) continue;
    if (found++ > 0) errors.push(forbidden(`${path}.${kind}`, 'may not specify more than 1 volume type'));
    else RULES[kind]?.(errors, `${path}.${kind}`, volume[kind] as Source);
  }
  if (found === 0) errors.push(required(path, 'must specify a volume type'));
}

function validateItems(errors: FieldError[], path: string, items: readonly KeyToPath[] = []): void {
  items.forEach(({ key, path: to, mode }, i) => {
    const field = `${path}[${i}]`;
    if (!key) errors.push(required(`${field}.key`));
    else addProblems(errors, `${field}.key`, key, checkConfigKey(key));
    if (!to) errors.push(required(`${field}.path`));
    else checkDescendingPath(errors, `${field}.path`, to);
    checkMode(errors, `${field}.mode`, mode);
  });
}

function checkMode(errors: FieldError[], field: string, mode: number | undefined): void {
  if (mode !== undefined && (mode < 0 || mode > MAX_MODE)) {
    errors.push(invalid(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive'));
  }
}

/** A path below where it starts from. */
export function checkDescendingPath(errors: FieldError[], field: string, path: string): void {
  if (path.startsWith('/')) errors.push(invalid(field, path, 'must be a relative path'));
  checkNoBackstep(errors, field, path);
}

function checkNoBackstep(errors: FieldError[], field: string, path: string): void {
  if (path.split('/').includes('..')) errors.push(invalid(field, path, "must not contain '..'"));
}
