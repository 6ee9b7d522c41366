import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../field-error.js';
import { addProblems } from './messages.js';
import { checkLabel, checkSubdomain } from './names.js';
import { checkNoBackstep } from './paths.js';

/** What a volume is, such as `nfs: { server, path }`. */
export type Source = Readonly<Record<string, unknown>>;
/** @param name of the volume, where upstream's rule asks for it */
export type SourceRule = (errors: FieldError[], path: string, source: Source, name: string) => void;

const MAX_LUN = 255;
const MAX_PARTITION = 255;
const MAX_TENANT = 64;
const MAX_DRIVER_NAME = 63;
/** Name and portal of an iSCSI volume with an initiator of its own, with a colon between them. */
const MAX_PORTAL_NAME = 64;
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
const INITIATORS: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.[a-zA-Z0-9.-]+:[^,;*&$|\s]+$/,
  eui: /^eui.[a-zA-Z0-9]{16}$/,
  naa: /^naa.[a-zA-Z0-9]{32}$/,
};
const CACHING_MODES = ['None', 'ReadOnly', 'ReadWrite'];
const AZURE_DISKS = ['Dedicated', 'Managed', 'Shared'];
const MANAGED_DISK_URI =
  '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const BLOB_DISK_URI = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

const isEmpty = (value: unknown) => !value || (Array.isArray(value) && value.length === 0);

/** Fields that must be there. */
export const needs =
  (...fields: string[]): SourceRule =>
  (errors, path, source) => {
    for (const field of fields) if (isEmpty(source[field])) errors.push(required(`${path}.${field}`));
  };

/** All of several rules. */
const all =
  (...rules: SourceRule[]): SourceRule =>
  (errors, path, source, name) => {
    for (const rule of rules) rule(errors, path, source, name);
  };

/** The fields of a reference to a secret, if there is one. */
const withSecret =
  (...fields: string[]): SourceRule =>
  (errors, path, { secretRef }, name) => {
    if (secretRef) needs(...fields)(errors, `${path}.secretRef`, secretRef as Source, name);
  };

function checkLun(errors: FieldError[], field: string, lun: number): void {
  if (lun < 0 || lun > MAX_LUN) errors.push(invalid(field, lun, `must be between 0 and ${MAX_LUN}, inclusive`));
}

const partition: SourceRule = (errors, path, source) => {
  const number = (source.partition as number | undefined) ?? 0;
  if (number < 0 || number > MAX_PARTITION) {
    errors.push(invalid(`${path}.partition`, number, `must be between 1 and ${MAX_PARTITION}, inclusive`));
  }
};

const quobyte: SourceRule = (errors, path, source) => {
  const { registry = '', tenant = '' } = source as { registry?: string; tenant?: string };
  const pairs = 'must be a host:port pair or multiple pairs separated by commas';
  if (!registry) errors.push(required(`${path}.registry`, pairs));
  else if (tenant.length > MAX_TENANT) {
    errors.push(required(`${path}.tenant`, `must be a UUID and may not exceed a length of ${MAX_TENANT} characters`));
  } else {
    for (const pair of registry.split(',')) {
      if (!/^(?:[^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair)) errors.push(invalid(`${path}.registry`, registry, pairs));
    }
  }
  needs('volume')(errors, path, source, '');
};

function checkInitiator(errors: FieldError[], field: string, name: string, where: string): void {
  const kind = name.slice(0, 3);
  const form = Object.hasOwn(INITIATORS, kind) ? INITIATORS[kind] : undefined;
  if (!form) errors.push(invalid(field, name, `must be valid format${where}`));
  else if (!form.test(name)) errors.push(invalid(field, name, 'must be valid format'));
}

/** @param where what upstream adds to its complaint of a name of no known kind, in pods only */
const iscsi =
  (where: string): SourceRule =>
  (errors, path, source) => {
    const { targetPortal, iqn, lun = 0, initiatorName } = source as Record<string, string> & { lun?: number };
    const { chapAuthDiscovery, chapAuthSession, secretRef } = source;
    if (!targetPortal) errors.push(required(`${path}.targetPortal`));
    if (iqn) checkInitiator(errors, `${path}.iqn`, iqn, where);
    else errors.push(required(`${path}.iqn`));
    checkLun(errors, `${path}.lun`, lun);
    if ((chapAuthDiscovery || chapAuthSession) && !secretRef) errors.push(required(`${path}.secretRef`));
    if (initiatorName !== undefined) checkInitiator(errors, `${path}.initiatorname`, initiatorName, where);
  };

const isPortalNameLong = (name: string, { initiatorName, targetPortal = '' }: Source) =>
  initiatorName !== undefined && Buffer.byteLength(`${name}:${targetPortal}`) > MAX_PORTAL_NAME;

const PORTAL_NAME = `Total length of <volume name>:<iscsi.targetPortal> must be under ${MAX_PORTAL_NAME} characters if iscsi.initiatorName is specified.`;

const fc: SourceRule = (errors, path, source) => {
  const { targetWWNs = [], wwids = [], lun } = source as { targetWWNs?: string[]; wwids?: string[]; lun?: number };
  const field = `${path}.targetWWNs`;
  if (targetWWNs.length + wwids.length === 0) {
    errors.push(required(field, 'must specify either targetWWNs or wwids, but not both'));
  }
  if (targetWWNs.length === 0) return;
  if (wwids.length > 0)
    errors.push(invalid(field, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'));
  if (lun === undefined) errors.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'));
  else checkLun(errors, `${path}.lun`, lun);
};

const flocker: SourceRule = (errors, path, source) => {
  const { datasetName: name = '', datasetUUID: uuid = '' } = source as Record<string, string>;
  if (!name && !uuid) errors.push(required(path, 'one of datasetName and datasetUUID is required'));
  // Upstream has nothing to show, and says so.
  if (name && uuid) {
    errors.push(invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  }
  if (name.includes('/')) errors.push(invalid(`${path}.datasetName`, name, "must not contain '/'"));
};

const flexVolume: SourceRule = (errors, path, source) => {
  needs('driver')(errors, path, source, '');
  for (const key of Object.keys(source.options ?? {})) {
    const domain = `.${key.split('/')[0]!.toLowerCase()}`;
    if (!domain.endsWith('.kubernetes.io') && !domain.endsWith('.k8s.io')) continue;
    errors.push(invalid(`${path}.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved'));
  }
};

const azureDisk: SourceRule = (errors, path, source) => {
  needs('diskName', 'diskURI')(errors, path, source, '');
  const { diskURI = '', cachingMode, kind } = source as Record<string, string | undefined>;
  if (cachingMode !== undefined && !CACHING_MODES.includes(cachingMode)) {
    errors.push(notSupported(`${path}.cachingMode`, cachingMode, CACHING_MODES));
  }
  if (kind === undefined) return;
  if (!AZURE_DISKS.includes(kind)) errors.push(notSupported(`${path}.kind`, kind, AZURE_DISKS));
  const [start, form] = kind === 'Managed' ? ['/subscriptions/', MANAGED_DISK_URI] : ['https://', BLOB_DISK_URI];
  if (!diskURI.startsWith(start)) errors.push(notSupported(`${path}.diskURI`, diskURI, [form]));
};

const storageos: SourceRule = (errors, path, source) => {
  const { volumeName, volumeNamespace } = source as Record<string, string | undefined>;
  if (volumeName) addProblems(errors, `${path}.volumeName`, volumeName, checkLabel(volumeName));
  else errors.push(required(`${path}.volumeName`));
  if (volumeNamespace) addProblems(errors, `${path}.volumeNamespace`, volumeNamespace, checkLabel(volumeNamespace));
};

/** The name of a CSI driver: a domain, in any case. */
export function validateDriverName(errors: FieldError[], field: string, name: string): void {
  if (!name) errors.push(required(field));
  if (Buffer.byteLength(name) > MAX_DRIVER_NAME) errors.push(tooLong(field, MAX_DRIVER_NAME));
  addProblems(errors, field, name, checkSubdomain(name.toLowerCase()));
}

const CSI_SECRETS = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
];

const persistentCsi: SourceRule = (errors, path, source) => {
  validateDriverName(errors, `${path}.driver`, (source.driver as string | undefined) ?? '');
  needs('volumeHandle')(errors, path, source, '');
  for (const field of CSI_SECRETS) {
    const secret = source[field] as { name?: string; namespace?: string } | undefined;
    if (!secret) continue;
    const at = `${path}.${field}`;
    needs('name', 'namespace')(errors, at, secret, '');
    if (secret.name) addProblems(errors, `${at}.name`, secret.name, checkSubdomain(secret.name));
    if (secret.namespace) addProblems(errors, `${at}.namespace`, secret.namespace, checkLabel(secret.namespace));
  }
};

const inlineCsi: SourceRule = (errors, path, { driver = '', nodePublishSecretRef: secret }) => {
  validateDriverName(errors, `${path}.driver`, driver as string);
  if (!secret) return;
  const { name } = secret as { name?: string };
  // Upstream leaves out whose name it is.
  if (name) addProblems(errors, `${path}.name`, name, checkSubdomain(name));
  else errors.push(required(`${path}.nodePublishSecretRef.name`));
};

const hostPath: SourceRule = (errors, path, source) => {
  const { path: at, type } = source as { path?: string; type?: string };
  if (!at) {
    errors.push(required(`${path}.path`));
    return;
  }
  checkNoBackstep(errors, `${path}.path`, at);
  if (type !== undefined && !HOST_PATH_TYPES.includes(type)) {
    errors.push(notSupported(`${path}.type`, type, HOST_PATH_TYPES));
  }
};

const nfs: SourceRule = (errors, path, source) => {
  needs('server', 'path')(errors, path, source, '');
  const at = (source.path as string | undefined) ?? '';
  if (!at.startsWith('/')) errors.push(invalid(`${path}.path`, at, 'must be an absolute path'));
};

/** What upstream calls a source in its messages, where that is not its name. */
const ALIASES: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };

/** Disks and shares, which pods and PersistentVolumes name alike. */
const DISKS = {
  hostPath,
  gcePersistentDisk: all(needs('pdName'), partition),
  awsElasticBlockStore: all(needs('volumeID'), partition),
  glusterfs: needs('endpoints', 'path'),
  flocker,
  nfs,
  rbd: needs('monitors', 'image'),
  quobyte,
  cephfs: needs('monitors'),
  cinder: needs('volumeID'),
  fc,
  flexVolume,
  azureFile: needs('secretName', 'shareName'),
  vsphereVolume: needs('volumePath'),
  photonPersistentDisk: needs('pdID'),
  portworxVolume: needs('volumeID'),
  azureDisk,
  scaleIO: needs('gateway', 'system', 'volumeName'),
  storageos,
} satisfies Record<string, SourceRule>;

/** Disks and shares as pods name them: secrets are in the pod's own namespace. */
export const POD_DISKS = {
  ...DISKS,
  iscsi: iscsi(' starting with iqn, eui, or naa'),
  cinder: all(DISKS.cinder, withSecret('name')),
  storageos: all(storageos, withSecret('name')),
  csi: inlineCsi,
} satisfies Record<string, SourceRule>;

/** Whether the name of a pod's iSCSI volume is too long for its portal; what to say then. */
export const portalNameProblem = (name: string, source: Source) =>
  isPortalNameLong(name, source) ? PORTAL_NAME : undefined;

/** As PersistentVolumes name them, in the order in which upstream looks for them: secrets may be anywhere. */
export const PERSISTENT_DISKS: Readonly<Record<string, SourceRule>> = {
  hostPath,
  gcePersistentDisk: DISKS.gcePersistentDisk,
  awsElasticBlockStore: DISKS.awsElasticBlockStore,
  glusterfs: all(DISKS.glusterfs, (errors, path, { endpointsNamespace: namespace }) => {
    if (namespace === undefined) return;
    const problems = namespace
      ? checkLabel(namespace as string)
      : ['if the endpointnamespace is set, it must be a valid namespace name'];
    addProblems(errors, `${path}.endpointsNamespace`, namespace, problems);
  }),
  flocker,
  nfs,
  rbd: DISKS.rbd,
  quobyte,
  cephfs: DISKS.cephfs,
  iscsi: all(
    (errors, path, source, name) => {
      if (isPortalNameLong(name, source))
        errors.push(invalid(`${path}.targetportal`, source.targetPortal, PORTAL_NAME));
    },
    iscsi(''),
    withSecret('name'),
  ),
  cinder: all(DISKS.cinder, withSecret('name', 'namespace')),
  fc,
  flexVolume,
  azureFile: all(DISKS.azureFile, (errors, path, { secretNamespace }) => {
    if (secretNamespace === '') errors.push(required(`${path}.secretNamespace`));
  }),
  vsphereVolume: DISKS.vsphereVolume,
  photonPersistentDisk: DISKS.photonPersistentDisk,
  portworxVolume: DISKS.portworxVolume,
  azureDisk,
  scaleIO: DISKS.scaleIO,
  local: (errors, path, source) => {
    const at = source.path as string | undefined;
    if (at) checkNoBackstep(errors, `${path}.path`, at);
    else errors.push(required(`${path}.path`));
  },
  storageos: all(storageos, withSecret('name', 'namespace')),
  csi: persistentCsi,
};

/**
 * The one source of a volume, by its kind's rule, in the order in which upstream looks for them: the second is one too many.
 * @param rules the kinds there are
 */
export function validateSource(
  errors: FieldError[],
  path: string,
  volume: Source,
  rules: Readonly<Record<string, SourceRule>>,
  name: string,
): void {
  let found = 0;
  for (const kind in rules) {
    const source = volume[kind];
    if (source === undefined) continue;
    if (found++ > 0) errors.push(forbidden(`${path}.${kind}`, 'may not specify more than 1 volume type'));
    else rules[kind]!(errors, `${path}.${ALIASES[kind] ?? kind}`, source as Source, name);
  }
  if (found === 0) errors.push(required(path, 'must specify a volume type'));
}
