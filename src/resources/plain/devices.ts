import { plainKind } from './plain-kind.js';

const GROUP = { group: 'resource.k8s.io' } as const;

export const devices = [
  plainKind({ ...GROUP, kind: 'DeviceClass', plural: 'deviceclasses', namespaced: false, generation: true }),
  plainKind({ ...GROUP, kind: 'ResourceClaim', plural: 'resourceclaims', status: {} }),
  plainKind({ ...GROUP, kind: 'ResourceClaimTemplate', plural: 'resourceclaimtemplates' }),
  plainKind({ ...GROUP, kind: 'ResourceSlice', plural: 'resourceslices', namespaced: false, generation: true }),
];
