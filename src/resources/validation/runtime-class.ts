import { duplicate, type FieldError } from '../field-error.js';
import { equalJson } from '../json.js';
import type { KubeObject, ResourceList, Toleration } from '../types.js';
import { validateLabels } from './labels.js';
import { addProblems } from './messages.js';
import { checkLabel } from './names.js';
import { validateResourceRequirements } from './resources.js';
import { validateTolerations } from './tolerations.js';

export interface RuntimeClass extends KubeObject {
  handler?: string;
  overhead?: { podFixed?: ResourceList };
  scheduling?: { nodeSelector?: Record<string, string>; tolerations?: Toleration[] };
}

/** Mirrors `ValidateRuntimeClass`. */
export function validateRuntimeClass({ handler = '', overhead, scheduling }: RuntimeClass): FieldError[] {
  const errors: FieldError[] = [];
  addProblems(errors, 'handler', handler, checkLabel(handler));
  // What pods are charged beside their containers is checked like a container's limits.
  if (overhead?.podFixed) validateResourceRequirements(errors, 'overhead', { limits: overhead.podFixed });
  const { nodeSelector, tolerations = [] } = scheduling ?? {};
  validateLabels(errors, 'scheduling.nodeSelector', nodeSelector);
  const path = 'scheduling.tolerations';
  tolerations.forEach((toleration, i) => {
    // The field stands twice in upstream's path of a toleration that is wrong.
    const before = errors.length;
    validateTolerations(errors, `${path}.tolerations`, [toleration]);
    if (errors.length === before && tolerations.slice(0, i).some(other => equalJson(other, toleration))) {
      errors.push(duplicate(`${path}[${i}]`, toleration));
    }
  });
  return errors;
}
