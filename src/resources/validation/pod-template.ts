import { type FieldError, forbidden } from '../field-error.js';
import { validateAnnotations } from '../metadata.js';
import type { PodTemplateSpec } from '../types.js';
import { validateLabels } from './labels.js';
import { validatePodSpec } from './pod-spec.js';

/** A pod as a template has it. Upstream leaves the metadata out of the paths. */
export function validatePodTemplate(errors: FieldError[], path: string, template: PodTemplateSpec): void {
  const { metadata, spec } = template;
  validateLabels(errors, `${path}.labels`, metadata?.labels);
  validateAnnotations(errors, `${path}.annotations`, metadata?.annotations);
  validatePodSpec(errors, `${path}.spec`, spec);
  if (spec.ephemeralContainers?.length) {
    errors.push(forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'));
  }
}
