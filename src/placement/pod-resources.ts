import { toMilli, toNumber } from '../resources/quantity.js';
import type { Container, Pod, PodSpec, ResourceList } from '../resources/types.js';

/** Amounts by resource: `cpu` in millicores, everything else in whole units (bytes, pods, devices). */
export type Amounts = Readonly<Record<string, number>>;

/** A quantity as a number: millicores for `cpu`, whole units otherwise. */
export const amountOf = (resource: string, quantity: string): number =>
  resource === 'cpu' ? toMilli(quantity) : toNumber(quantity);

/** A list of quantities as numbers. */
export function amounts(list: ResourceList | undefined): Record<string, number> {
  const result: Record<string, number> = {};
  for (const resource in list) result[resource] = amountOf(resource, list[resource]!);
  return result;
}

const requestsOf = (container: Container): Record<string, number> => amounts(container.resources?.requests);

function add(target: Record<string, number>, more: Amounts): Record<string, number> {
  for (const resource in more) target[resource] = (target[resource] ?? 0) + more[resource]!;
  return target;
}

function raise(target: Record<string, number>, other: Amounts): Record<string, number> {
  for (const resource in other) target[resource] = Math.max(target[resource] ?? 0, other[resource]!);
  return target;
}

const known = new WeakMap<PodSpec, Amounts>();

/**
 * What a pod asks of its node (SCH-12): its containers together, or its hungriest init container if that asks for more, and
 * the overhead of its runtime. Init containers that keep running (sidecars) count with both.
 */
export function podRequests({ spec }: Pick<Pod, 'spec'>): Amounts {
  let total = known.get(spec);
  if (!total) {
    total = computeRequests(spec);
    known.set(spec, total);
  }
  return total;
}

function computeRequests(spec: PodSpec): Amounts {
  const running: Record<string, number> = {};
  for (const container of spec.containers) add(running, requestsOf(container));
  const sidecars: Record<string, number> = {};
  const starting: Record<string, number> = {};
  for (const container of spec.initContainers ?? []) {
    const requests = requestsOf(container);
    if (container.restartPolicy === 'Always') {
      add(sidecars, requests);
      raise(starting, sidecars);
    } else {
      raise(starting, add({ ...requests }, sidecars));
    }
  }
  return add(raise(add(running, sidecars), starting), amounts(spec.overhead));
}
