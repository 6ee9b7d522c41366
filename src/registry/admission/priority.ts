import { priorityClasses } from '../../resources/index.js';
import type { Pod, PriorityClass } from '../../resources/types.js';
import type { Registry } from '../registry.js';
import { StatusError } from '../status.js';
import type { AdmissionPlugin } from './admission.js';

/** Resolves a pod's priority class to its number and preemption policy (DEF-06). */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  resources: ['pods'],
  admit({ operation, kind, object, name, old, subresource }, registry) {
    if (subresource) return;
    const { spec } = object as Pod;
    if (operation === 'UPDATE') {
      // What admission computed stays, whether or not the client sent it along.
      const former = (old as Pod).spec;
      if (former.priority !== undefined) spec.priority ??= former.priority;
      if (former.preemptionPolicy !== undefined) spec.preemptionPolicy ??= former.preemptionPolicy;
      return;
    }
    if (operation !== 'CREATE') return;
    const chosen = spec.priorityClassName ? named(registry, spec.priorityClassName) : globalDefault(registry);
    if (spec.priorityClassName && !chosen) {
      throw StatusError.forbidden(kind, name, `no PriorityClass with name ${spec.priorityClassName} was found`);
    }
    const value = chosen?.value ?? 0;
    if (spec.priority !== undefined && spec.priority !== value) {
      throw StatusError.forbidden(
        kind,
        name,
        `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    }
    if (chosen && !spec.priorityClassName) spec.priorityClassName = chosen.metadata.name;
    spec.priority = value;
    const policy = chosen?.preemptionPolicy ?? 'PreemptLowerPriority';
    if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
      throw StatusError.forbidden(
        kind,
        name,
        `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
      );
    }
    spec.preemptionPolicy = policy;
  },
};

const named = (registry: Registry, name: string): PriorityClass | undefined =>
  registry.get(priorityClasses, '', name)?.object;

/** Of several global defaults, the lowest counts. */
function globalDefault(registry: Registry): PriorityClass | undefined {
  return registry
    .all(priorityClasses)
    .map(e => e.object)
    .filter(c => c.globalDefault)
    .reduce<PriorityClass | undefined>((lowest, c) => (lowest && lowest.value <= c.value ? lowest : c), undefined);
}
