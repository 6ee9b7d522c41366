import type { ResourceDefinition } from './definition.js';
import type { FieldError } from './field-error.js';
import type { KubeObject } from './types.js';
export const validateMetadata = (_d: ResourceDefinition, _o: KubeObject): FieldError[] => [];
export const validateMetadataUpdate = (_d: ResourceDefinition, _o: KubeObject, _old: KubeObject): FieldError[] => [];
