import { type FieldError, forbidden, invalid } from '../field-error.js';
import { equalJson } from '../json.js';
import { qosClass } from '../qos.js';
import { isSidecar } from '../state.js';
import type { Container, Pod, ResourceList, ResourceRequirements } from '../types.js';
import { validatePodSpec } from './pod-spec.js';

const RESIZABLE = ['cpu', 'memory'];
/** By this annotation a kubelet tells of a pod that it has from a file. */
const MIRROR = 'kubernetes.io/config.mirror';

/** What a pod becomes by a resize: other resources, and policies for them, in the containers that it has. */
export function resized(pod: Pod, old: Pod): Pod['spec'] {
  const merge = (now: readonly Container[] | undefined, before: readonly Container[] | undefined) =>
    before?.map((container, i) => {
      // Where order or names differ, that is what is complained of.
      const { name = '', resources, resizePolicy } = now?.[i] ?? {};
      const { resources: _, resizePolicy: __, ...rest } = container;
      return { ...rest, name, ...(resources ? { resources } : {}), ...(resizePolicy ? { resizePolicy } : {}) };
    });
  const { spec } = old;
  const initContainers = merge(pod.spec.initContainers, spec.initContainers);
  return {
    ...spec,
    containers: merge(pod.spec.containers, spec.containers)!,
    ...(initContainers ? { initContainers } : {}),
  };
}

/** Mirrors `ValidatePodResize`: only CPU and memory change, nothing is taken away, and the class of service stays. */
export function validateResize(pod: Pod, old: Pod): FieldError[] {
  const { annotations = {} } = old.metadata;
  if (annotations[MIRROR] !== undefined) return [forbidden('', 'static pods cannot be resized')];
  if (old.spec.os?.name === 'windows') return [forbidden('', 'windows pods cannot be resized')];
  const errors: FieldError[] = [];
  if (old.spec.resources) errors.push(forbidden('spec', 'pods with pod-level resources cannot be resized'));
  validatePodSpec(errors, 'spec', pod.spec);
  const wanted = qosClass(pod);
  if (wanted !== qosClass(old))
    errors.push(invalid('spec', wanted, 'Pod QOS Class may not change as a result of resizing'));
  for (const list of ['containers', 'initContainers'] as const) {
    old.spec[list]?.forEach((before, i) => {
      const path = `spec.${list}[${i}]`;
      const after = pod.spec[list]![i]!;
      if (after.name !== before.name) {
        errors.push(forbidden(`${path}.name`, 'containers may not be renamed or reordered on resize'));
      } else if (list === 'initContainers' && !isSidecar(before)) {
        if (!equalJson(after.resources ?? {}, before.resources ?? {}))
          errors.push(forbidden(`${path}.resources`, 'resources for non-sidecar init containers are immutable'));
      } else validateChange(errors, `${path}.resources`, after.resources ?? {}, before.resources ?? {});
    });
  }
  return errors;
}

function validateChange(
  errors: FieldError[],
  path: string,
  after: ResourceRequirements,
  before: ResourceRequirements,
): void {
  for (const list of ['limits', 'requests'] as const) {
    const [now, was]: ResourceList[] = [after[list] ?? {}, before[list] ?? {}];
    if (RESIZABLE.some(name => was![name] !== undefined && now![name] === undefined))
      errors.push(forbidden(`${path}.${list}`, `resource ${list} cannot be removed`));
    const others = [...new Set([...Object.keys(now!), ...Object.keys(was!)])].filter(name => !RESIZABLE.includes(name));
    if (others.some(name => now![name] !== was![name]))
      errors.push(forbidden(`${path}.${list}`, 'only cpu and memory resources are mutable'));
  }
}
