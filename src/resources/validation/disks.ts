import { type FieldError, invalid } from '../field-error.js';
import type { PodSpec } from '../types.js';

/**
 * A disk of the cloud that is written to can be on one machine only, and so in no template of many pods; what was there before is
 * put up with (VAL-44).
 * @param path where the spec of the pods is
 */
export function validateDisks(errors: FieldError[], path: string, spec: PodSpec, old?: PodSpec): void {
  const known = new Set(old?.volumes?.map(v => v.name));
  spec.volumes?.forEach((volume, i) => {
    const disk = volume.gcePersistentDisk as { readOnly?: boolean } | undefined;
    if (!disk || disk.readOnly || known.has(volume.name)) return;
    errors.push(
      invalid(
        `${path}.volumes[${i}].gcePersistentDisk.readOnly`,
        false,
        'must be true for replicated pods > 1; GCE PD can only be mounted on multiple machines if it is read-only',
      ),
    );
  });
}
