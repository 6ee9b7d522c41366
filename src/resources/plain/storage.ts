import { plainKind } from './plain-kind.js';

const GROUP = { group: 'storage.k8s.io', namespaced: false } as const;

export const storage = [
  plainKind({ ...GROUP, kind: 'CSIDriver', plural: 'csidrivers', generation: true }),
  plainKind({ ...GROUP, kind: 'CSINode', plural: 'csinodes' }),
  plainKind({ ...GROUP, kind: 'CSIStorageCapacity', plural: 'csistoragecapacities', namespaced: true }),
  plainKind({ ...GROUP, kind: 'StorageClass', plural: 'storageclasses', shortNames: ['sc'] }),
  plainKind({ ...GROUP, kind: 'VolumeAttachment', plural: 'volumeattachments', status: { attached: false } }),
  plainKind({ ...GROUP, kind: 'VolumeAttributesClass', plural: 'volumeattributesclasses', shortNames: ['vac'] }),
];
