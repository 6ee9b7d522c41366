import { type FieldError, forbidden, invalid, notFound, notSupported, required } from '../field-error.js';
import type { Container, VolumeMount } from '../types.js';
import { checkDescendingPath } from './paths.js';
import type { VolumesByName } from './volumes.js';

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];

/** Where a container has its volumes: each path once, and none that is a device too. */
export function validateMounts(errors: FieldError[], path: string, container: Container, volumes: VolumesByName): void {
  const { volumeMounts = [], volumeDevices = [] } = container;
  const paths = new Set<string>();
  volumeMounts.forEach((mount, i) => {
    const field = `${path}[${i}]`;
    const { name = '', mountPath = '' } = mount;
    if (!name) errors.push(required(`${field}.name`));
    if (!volumes.has(name)) errors.push(notFound(`${field}.name`, name));
    if (!mountPath) errors.push(required(`${field}.mountPath`));
    if (paths.has(mountPath)) errors.push(invalid(`${field}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    if (volumeDevices.some(device => device.name === name)) {
      errors.push(invalid(`${field}.name`, name, 'must not already exist in volumeDevices'));
    }
    if (volumeDevices.some(device => device.devicePath === mountPath)) {
      errors.push(invalid(`${field}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    }
    // Of the rest, upstream does not say which mount it is.
    validateSubPaths(errors, path, field, mount);
    validatePropagation(errors, `${path}.mountPropagation`, mount, container);
  });
}

function validateSubPaths(
  errors: FieldError[],
  path: string,
  field: string,
  { subPath, subPathExpr }: VolumeMount,
): void {
  if (subPath) checkDescendingPath(errors, `${path}.subPath`, subPath);
  if (!subPathExpr) return;
  if (subPath) {
    errors.push(invalid(`${field}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
  }
  checkDescendingPath(errors, `${path}.subPathExpr`, subPathExpr);
}

function validatePropagation(
  errors: FieldError[],
  field: string,
  { mountPropagation }: VolumeMount,
  { securityContext }: Container,
): void {
  if (mountPropagation === undefined) return;
  if (!PROPAGATIONS.includes(mountPropagation)) {
    errors.push(notSupported(field, mountPropagation, PROPAGATIONS));
  } else if (mountPropagation === 'Bidirectional' && !securityContext?.privileged) {
    errors.push(forbidden(field, 'Bidirectional mount propagation is available only to privileged containers'));
  }
}

/** Volumes that a container has as block devices: claims, each once, and none that is mounted too. */
export function validateDevices(
  errors: FieldError[],
  path: string,
  container: Container,
  volumes: VolumesByName,
): void {
  const { volumeMounts = [], volumeDevices = [] } = container;
  const names = new Set<string>();
  const paths = new Set<string>();
  volumeDevices.forEach(({ name = '', devicePath = '' }, i) => {
    const field = `${path}[${i}]`;
    const volume = volumes.get(name);
    if (!name) errors.push(required(`${field}.name`));
    else if (names.has(name)) errors.push(invalid(`${field}.name`, name, 'must be unique'));
    if (!volume) errors.push(notFound(`${field}.name`, name));
    else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
      const why = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      errors.push(invalid(`${field}.name`, name, why));
    }
    if (!devicePath) errors.push(required(`${field}.devicePath`));
    if (paths.has(devicePath)) errors.push(invalid(`${field}.devicePath`, devicePath, 'must be unique'));
    if (devicePath.split('/').includes('..')) {
      errors.push(invalid(`${field}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    } else paths.add(devicePath);
    if (volumeMounts.some(mount => mount.name === name)) {
      errors.push(invalid(`${field}.name`, name, 'must not already exist in volumeMounts'));
    }
    if (volumeMounts.some(mount => mount.mountPath === devicePath)) {
      errors.push(invalid(`${field}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'));
    }
    names.add(name);
  });
}
