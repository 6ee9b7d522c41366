import { valueAt } from '../../resources/plain/cells.js';
import { classOfClaim } from '../../resources/plain/volumes.js';
import { readQuantity } from '../../resources/quantity.js';
import type { KubeObject } from '../../resources/types.js';
import { StatusError } from '../status.js';
import type { AdmissionPlugin } from './admission.js';

const sizeOf = (claim: KubeObject) =>
  readQuantity(String(valueAt(claim, 'spec.resources.requests.storage') ?? '0')).nano;

/** A claim can grow when it is bound, and its storage class says that volumes do. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  resources: ['persistentvolumeclaims'],
  validate({ operation, kind, name, object, old, subresource }, registry) {
    if (operation !== 'UPDATE' || subresource || !old || sizeOf(object) <= sizeOf(old)) return undefined;
    const refuse = (why: string) => StatusError.forbidden(kind, name, why);
    if (valueAt(old, 'status.phase') !== 'Bound') throw refuse('Only bound persistent volume claims can be expanded');
    const classes = registry.kinds.byResource('storageclasses.storage.k8s.io');
    const storageClass = classes && registry.get(classes, '', classOfClaim(object))?.object;
    if (!storageClass || valueAt(storageClass, 'allowVolumeExpansion') !== true)
      throw refuse(
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
    return undefined;
  },
};
