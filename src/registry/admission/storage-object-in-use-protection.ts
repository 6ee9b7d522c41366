import { storeKey } from '../../resources/definition.js';
import { PROTECTION_FINALIZERS } from '../../resources/well-known.js';
import type { AdmissionPlugin } from './admission.js';

/** Claims, volumes and classes of attributes are not removed while they are used: the protection controllers let them go. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  resources: Object.keys(PROTECTION_FINALIZERS),
  admit({ operation, kind, object: { metadata } }) {
    if (operation !== 'CREATE') return;
    const finalizer = PROTECTION_FINALIZERS[storeKey(kind) as keyof typeof PROTECTION_FINALIZERS];
    if (!metadata.finalizers?.includes(finalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  },
};
