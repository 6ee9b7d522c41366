import { type FieldError, forbidden } from '../field-error.js';
import { validateAnnotations } from '../metadata.js';
import type { PodTemplateSpec } from '../types.js';
import { validateLabels } from './labels.js';
import { validatePodSpec } from './pod-spec.js';

/** A pod as a template has it. */
export function validatePodTemplate(errors: FieldError[], path: string, template: PodTemplateSpec): void {
  const { metadata, spec } = template;
  validateLabels(errors, `${path}.metadata.labels`, metadata?.labels);
  validateAnnotations(errors, `${path}.metadata.annotations`, metadata?.annotations);
  validatePodSpec(errors, `${path}.spec`, spec);
  if (spec.ephemeralContainers?.length) {
    errors.push(forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'));
  }
}
