import { type FieldError, forbidden, notFound } from '../field-error.js';
import { equalJson } from '../json.js';
import type { EphemeralContainer, Pod } from '../types.js';
import { validateContainer } from './containers.js';
import { validateVolumes } from './volumes.js';

const PATH = 'spec.ephemeralContainers';

/** What makes a container part of the pod's plan, which a latecomer is not. */
const NOT_FOR_LATECOMERS = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'restartPolicy'];

/** Mirrors `ValidatePodEphemeralContainersUpdate`: such containers are added, and neither changed nor taken away. */
export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors: FieldError[] = [];
  const { spec } = pod;
  const wanted = spec.ephemeralContainers ?? [];
  const others = new Set([...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name));
  const volumes = validateVolumes([], 'spec.volumes', spec.volumes);
  const names = new Set(others);
  wanted.forEach((container, i) => {
    const field = `${PATH}[${i}]`;
    validateContainer(errors, field, container, names, volumes);
    validateLatecomer(errors, field, container, others);
  });
  for (const former of old.spec.ephemeralContainers ?? []) {
    const found = wanted.find(({ name }) => name === former.name);
    const name = JSON.stringify(former.name);
    if (!found) errors.push(forbidden(PATH, `existing ephemeral containers ${name} may not be removed\n`));
    else if (!equalJson(found, former)) {
      errors.push(forbidden(PATH, `existing ephemeral containers ${name} may not be changed\n`));
    }
  }
  return errors;
}

function validateLatecomer(
  errors: FieldError[],
  field: string,
  container: EphemeralContainer,
  others: ReadonlySet<string>,
): void {
  const { targetContainerName: target, resources, volumeMounts } = container;
  if (target && !others.has(target)) errors.push(notFound(`${field}.targetContainerName`, target));
  const given = new Map(Object.entries(container));
  for (const name of NOT_FOR_LATECOMERS) {
    if (given.get(name) !== undefined) errors.push(forbidden(`${field}.${name}`, REFUSAL));
  }
  if (resources && Object.keys(resources).length > 0) errors.push(forbidden(`${field}.resources`, REFUSAL));
  volumeMounts?.forEach(({ subPath, subPathExpr }, i) => {
    if (subPath) errors.push(forbidden(`${field}.volumeMounts[${i}].subPath`, REFUSAL));
    if (subPathExpr) errors.push(forbidden(`${field}.volumeMounts[${i}].subPathExpr`, REFUSAL));
  });
}

const REFUSAL = 'cannot be set for an Ephemeral Container';
