import type { ResourceDefinition } from '../definition.js';
import { limitRanges } from '../limit-range.js';
import { resourceQuotas } from '../resource-quota.js';
import { persistentVolumeClaims, persistentVolumes } from './volumes.js';

/** `v1` */
export const core: readonly ResourceDefinition[] = [
  limitRanges as unknown as ResourceDefinition,
  persistentVolumeClaims,
  persistentVolumes,
  resourceQuotas as unknown as ResourceDefinition,
];
