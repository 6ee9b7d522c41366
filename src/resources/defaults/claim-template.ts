import type { ClaimTemplate } from '../workload-types.js';

/** Defaults of a claim that stands in another object, which says of itself what it is. */
export function setClaimTemplateDefaults(claim: ClaimTemplate): void {
  claim.apiVersion ||= 'v1';
  claim.kind ||= 'PersistentVolumeClaim';
  claim.metadata ??= {};
  claim.spec ??= {};
  claim.spec.volumeMode ??= 'Filesystem';
  claim.status ??= {};
  claim.status.phase ||= 'Pending';
}
