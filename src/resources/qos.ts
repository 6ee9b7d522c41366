import { toMilli } from './quantity.js';
import type { Pod, ResourceList } from './types.js';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const COMPUTE = ['cpu', 'memory'] as const;

/**
 * How much of what it may use a pod has asked for: Guaranteed if every container asks for all of its cpu and memory,
 * BestEffort if none asks for any, Burstable in between. What is asked for the pod as a whole goes before its containers.
 */
export function qosClass({ spec }: Pick<Pod, 'spec'>): QosClass {
  const parts =
    isAsked(spec.resources?.requests) || isAsked(spec.resources?.limits)
      ? [spec]
      : [...spec.containers, ...(spec.initContainers ?? [])];
  let isGuaranteed = true;
  let isBestEffort = true;
  for (const { resources: { requests, limits } = {} } of parts) {
    for (const name of COMPUTE) {
      const limit = amount(limits, name);
      const request = amount(requests, name) || limit;
      if (request > 0 || limit > 0) isBestEffort = false;
      if (limit === 0 || request !== limit) isGuaranteed = false;
    }
  }
  if (isBestEffort) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

const amount = (list: ResourceList | undefined, name: string): number =>
  list?.[name] === undefined ? 0 : toMilli(list[name]);

const isAsked = (list: ResourceList | undefined) => COMPUTE.some(name => amount(list, name) > 0);
