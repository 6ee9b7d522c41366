import { duplicate, type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../field-error.js';
import { equalJson } from '../json.js';
import type { KubeObject } from '../types.js';
import { validateDriverName } from './disk-sources.js';
import { addProblems, checkNotNegative, IMMUTABLE } from './messages.js';
import { checkQualifiedName, checkSubdomain } from './names.js';
import { type VolumeSpec, validateInlineVolume } from './persistent-volume.js';

const RECLAIM_POLICIES = ['Delete', 'Retain'];
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer'];
const GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const LIFECYCLES = ['Persistent', 'Ephemeral'];
const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;
const MAX_NODE_ID = 256;
const MAX_PARAMETERS = 512;
const MAX_PARAMETERS_SIZE = 256 * 1024;

interface TopologyTerm {
  matchLabelExpressions?: { key?: string; values?: string[] }[];
}

export interface StorageClass extends KubeObject {
  provisioner?: string;
  parameters?: Record<string, string>;
  reclaimPolicy: string;
  volumeBindingMode: string;
  allowedTopologies?: TopologyTerm[];
}

/** Mirrors `ValidateStorageClass`. */
export function validateStorageClass(o: StorageClass): FieldError[] {
  const errors: FieldError[] = [];
  const { provisioner, parameters = {}, reclaimPolicy, volumeBindingMode, allowedTopologies = [] } = o;
  if (provisioner) addProblems(errors, 'provisioner', provisioner, checkQualifiedName(provisioner.toLowerCase()));
  else errors.push(required('provisioner'));
  validateParameters(errors, 'parameters', parameters);
  if (reclaimPolicy && !RECLAIM_POLICIES.includes(reclaimPolicy)) {
    errors.push(notSupported('reclaimPolicy', reclaimPolicy, RECLAIM_POLICIES));
  }
  if (!BINDING_MODES.includes(volumeBindingMode)) {
    errors.push(notSupported('volumeBindingMode', volumeBindingMode, BINDING_MODES));
  }
  allowedTopologies.forEach((term, i) => {
    const path = `allowedTopologies[${i}].matchLabelExpressions`;
    validateTopology(errors, path, term);
    if (allowedTopologies.slice(0, i).some(other => equalJson(asSets(other), asSets(term)))) {
      errors.push(duplicate(path, ''));
    }
  });
  return errors;
}

function validateParameters(errors: FieldError[], field: string, parameters: Record<string, string>): void {
  const entries = Object.entries(parameters);
  if (entries.length > MAX_PARAMETERS) {
    errors.push(tooLong(field, MAX_PARAMETERS));
    return;
  }
  if ('' in parameters) errors.push(invalid(field, '', 'field can not be empty.'));
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (size > MAX_PARAMETERS_SIZE) errors.push(tooLong(field, MAX_PARAMETERS_SIZE));
}

function validateTopology(errors: FieldError[], path: string, { matchLabelExpressions = [] }: TopologyTerm): void {
  const keys = new Set<string>();
  matchLabelExpressions.forEach(({ key = '', values = [] }, i) => {
    const field = `${path}[${i}]`;
    if (values.length === 0) errors.push(required(`${field}.values`));
    values.forEach((value, j) => {
      if (values.indexOf(value) < j) errors.push(duplicate(`${field}.values[${j}]`, value));
    });
    addProblems(errors, `${field}.key`, key, checkQualifiedName(key));
    if (keys.has(key)) errors.push(duplicate(`${field}.key`, key));
    keys.add(key);
  });
}

/** Key → values, whose order says nothing. */
const asSets = ({ matchLabelExpressions = [] }: TopologyTerm) =>
  Object.fromEntries(matchLabelExpressions.map(({ key = '', values = [] }) => [key, [...new Set(values)].sort()]));

/** Mirrors `ValidateStorageClassUpdate`: a class stays what it is. */
export function validateStorageClassUpdate(o: StorageClass, old: StorageClass): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy'] as const) {
    if (!equalJson(o[field], old[field])) errors.push(forbidden(field, `updates to ${field} are forbidden.`));
  }
  if (o.volumeBindingMode !== old.volumeBindingMode) {
    errors.push(invalid('volumeBindingMode', o.volumeBindingMode, IMMUTABLE));
  }
  return errors;
}

export interface CsiDriver extends KubeObject {
  spec: {
    fsGroupPolicy?: string;
    volumeLifecycleModes?: string[];
    tokenRequests?: { audience?: string; expirationSeconds?: number }[];
    attachRequired?: boolean;
  };
}

/** Mirrors `ValidateCSIDriver`. */
export function validateCsiDriver({ spec }: CsiDriver): FieldError[] {
  const errors: FieldError[] = [];
  const { fsGroupPolicy: policy, volumeLifecycleModes: modes = [], tokenRequests = [] } = spec;
  if (policy !== undefined && !GROUP_POLICIES.includes(policy)) {
    errors.push(notSupported('spec.fsGroupPolicy', policy, GROUP_POLICIES));
  }
  const audiences = new Set<string>();
  tokenRequests.forEach(({ audience = '', expirationSeconds: seconds }, i) => {
    const path = `spec.tokenRequests[${i}]`;
    if (audiences.has(audience)) {
      errors.push(duplicate(`${path}.audience`, audience));
      return;
    }
    audiences.add(audience);
    if (seconds === undefined) return;
    const field = `${path}.expirationSeconds`;
    if (seconds < MIN_TOKEN_SECONDS) {
      errors.push(invalid(field, seconds, 'may not specify a duration less than 10 minutes'));
    }
    if (seconds > MAX_TOKEN_SECONDS) {
      errors.push(invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds'));
    }
  });
  for (const mode of modes) {
    if (!LIFECYCLES.includes(mode)) errors.push(notSupported('spec.volumeLifecycleModes', mode, LIFECYCLES));
  }
  return errors;
}

/** How a driver attaches, whose its files are and what volumes it has cannot change. */
export function validateCsiDriverUpdate(o: CsiDriver, old: CsiDriver): FieldError[] {
  return (['attachRequired', 'fsGroupPolicy', 'volumeLifecycleModes'] as const)
    .filter(field => !equalJson(o.spec[field], old.spec[field]))
    .map(field => invalid(`spec.${field}`, o.spec[field], IMMUTABLE));
}

interface NodeDriver {
  name?: string;
  nodeID?: string;
  topologyKeys?: string[];
  allocatable?: { count?: number };
}

export interface CsiNode extends KubeObject {
  spec: { drivers?: NodeDriver[] };
}

/** Mirrors `ValidateCSINode`. */
export function validateCsiNode({ spec }: CsiNode, old?: CsiNode): FieldError[] {
  const errors: FieldError[] = [];
  const drivers = spec?.drivers ?? [];
  const names = new Set<string>();
  drivers.forEach((driver, i) => {
    const { name = '', nodeID = '', topologyKeys = [], allocatable } = driver;
    const path = `spec.drivers[${i}]`;
    validateDriverName(errors, `${path}.name`, name);
    if (!nodeID) errors.push(required(`${path}.nodeID`));
    if (nodeID.length > MAX_NODE_ID) {
      errors.push(invalid(`${path}.nodeID`, nodeID, `must be ${MAX_NODE_ID} characters or less`));
    }
    checkNotNegative(errors, `${path}.allocatable.count`, allocatable?.count);
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    topologyKeys.forEach((key, j) => {
      if (!key) errors.push(required(path));
      if (topologyKeys.indexOf(key) < j) errors.push(duplicate(path, key));
      // Upstream shows all keys for one that is wrong.
      addProblems(errors, path, topologyKeys, checkQualifiedName(key));
    });
    const before = old?.spec.drivers?.find(other => other.name === name);
    if (before && !equalJson({ ...before, allocatable }, driver)) {
      errors.push(invalid('CSINodeDriver', driver, IMMUTABLE));
    }
  });
  return errors;
}

export interface VolumeAttachment extends KubeObject {
  spec: {
    attacher?: string;
    nodeName?: string;
    source?: { persistentVolumeName?: string; inlineVolumeSpec?: VolumeSpec };
  };
}

/** Mirrors `ValidateVolumeAttachment`, and what v1 adds for those that are created. */
export function validateVolumeAttachment({ spec = {} }: VolumeAttachment, old?: VolumeAttachment): FieldError[] {
  const errors: FieldError[] = [];
  const { attacher = '', nodeName = '', source = {} } = spec;
  const { persistentVolumeName: volume, inlineVolumeSpec: inline } = source;
  if (!attacher) errors.push(required('spec.attacher'));
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (inline && volume !== undefined) errors.push(forbidden('spec.source', one));
  else if (inline) validateInlineVolume(errors, 'spec.source.inlineVolumeSpec', inline);
  else if (volume === undefined) errors.push(required('spec.source', one));
  else if (!volume) {
    errors.push(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'));
  }
  addProblems(errors, 'spec.nodeName', nodeName, checkSubdomain(nodeName));
  if (old) {
    if (!equalJson(spec, old.spec)) errors.push(invalid('spec', spec, IMMUTABLE));
    return errors;
  }
  validateDriverName(errors, 'spec.attacher', attacher);
  if (volume !== undefined) addProblems(errors, 'spec.source.persistentVolumeName', volume, checkSubdomain(volume));
  return errors;
}
