import { equalJson } from '../resources/json.js';
import { toMilli, toUnits } from '../resources/quantity.js';
import { conditionOf, isSidecar } from '../resources/state.js';
import type { Container, ContainerStatus, Pod, PodSpec, ResourceList } from '../resources/types.js';

/** Amounts by resource: `cpu` in millicores, everything else in whole units (bytes, pods, devices). */
export type Amounts = Readonly<Record<string, number>>;

/** A quantity as a number: millicores for `cpu`, whole units otherwise; both rounded up. */
const amountOf = (resource: string, quantity: string): number =>
  resource === 'cpu' ? milli(quantity) : units(quantity);

const milli = remembering(toMilli);
const units = remembering(toUnits);

/** Reads each text once: a cluster has many quantities and few different ones. */
function remembering(read: (quantity: string) => number): (quantity: string) => number {
  const known = new Map<string, number>();
  return quantity => {
    let amount = known.get(quantity);
    if (amount === undefined) {
      if (known.size >= 1000) known.clear();
      known.set(quantity, (amount = read(quantity)));
    }
    return amount;
  };
}

/** A list of quantities as numbers. */
export function amounts(list: ResourceList | undefined): Record<string, number> {
  const result: Record<string, number> = {};
  for (const resource in list) result[resource] = amountOf(resource, list[resource]!);
  return result;
}

/** What specs with the same containers ask for, by the containers: a pod keeps them when it is bound, and a set's pods share them. */
type Known = WeakMap<readonly Container[], { readonly spec: PodSpec; readonly total: Amounts }>;
const known: Known = new WeakMap();
const knownForScores: Known = new WeakMap();

/**
 * What a pod asks of its node (SCH-12): its containers together, or its hungriest init container if that asks for more, and
 * the overhead of its runtime. Init containers that keep running (sidecars) count with both. What is asked for the pod as a
 * whole counts instead of what its containers ask for.
 */
export function podRequests({ spec }: Pick<Pod, 'spec'>): Amounts {
  return recall(known, spec, {});
}

/**
 * What a pod holds of its node: more than it asks for while it is about to be given less, and less while the node does not have
 * what it asks for now. The same as {@link podRequests} for a pod that was never resized.
 */
export function reservedRequests(pod: Pod): Amounts {
  if ((pod.metadata.generation ?? 1) < 2) return podRequests(pod);
  const { spec, status } = pod;
  const infeasible = conditionOf(pod, 'PodResizePending')?.reason === 'Infeasible';
  const reserved = (containers: readonly Container[] = [], statuses: readonly ContainerStatus[] = []) =>
    containers.map(container => {
      const allocated = statuses.find(({ name }) => name === container.name)?.allocatedResources;
      const requests = container.resources?.requests;
      if (!allocated || equalJson(allocated, requests)) return container;
      return { ...container, resources: { requests: infeasible ? allocated : larger(requests, allocated) } };
    });
  const containers = reserved(spec.containers, status.containerStatuses);
  const initContainers = reserved(spec.initContainers, status.initContainerStatuses);
  return computeRequests({ ...spec, containers, initContainers }, {});
}

function larger(a: ResourceList = {}, b: ResourceList): ResourceList {
  const result = { ...a };
  for (const name in b) if (amountOf(name, b[name]!) > amountOf(name, a[name] ?? '0')) result[name] = b[name]!;
  return result;
}

/** What a container that asks for nothing is taken to need when nodes are compared: 100m CPU and 200Mi of memory. */
const ASSUMED: Amounts = { cpu: 100, memory: 200 * 1024 * 1024 };

/** {@link podRequests} for the comparison of nodes, where containers that ask for nothing count with something. */
export function assumedRequests({ spec }: Pick<Pod, 'spec'>): Amounts {
  return recall(knownForScores, spec, ASSUMED);
}

function recall(known: Known, spec: PodSpec, assumed: Amounts): Amounts {
  const former = known.get(spec.containers);
  if (former && asksForTheSame(former.spec, spec)) return former.total;
  const total = computeRequests(spec, assumed);
  known.set(spec.containers, { spec, total });
  return total;
}

const asksForTheSame = (a: PodSpec, b: PodSpec): boolean =>
  a.initContainers === b.initContainers && a.resources === b.resources && a.overhead === b.overhead;

function computeRequests(spec: PodSpec, assumed: Amounts): Amounts {
  const requestsOf = ({ resources }: Container): Record<string, number> => ({
    ...assumed,
    ...amounts(resources?.requests),
  });
  const running: Record<string, number> = {};
  for (const container of spec.containers) add(running, requestsOf(container));
  const sidecars: Record<string, number> = {};
  const starting: Record<string, number> = {};
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) add(sidecars, requestsOf(container));
    else raise(starting, add(requestsOf(container), sidecars));
  }
  const total = raise(add(running, sidecars), starting);
  return shared(add({ ...total, ...amounts(spec.resources?.requests) }, amounts(spec.overhead)));
}

/** Most pods ask for the same as many others: one object serves them all. */
const alike = new Map<string, Amounts>();

function shared(total: Amounts): Amounts {
  const text = JSON.stringify(total);
  const same = alike.get(text);
  if (same) return same;
  if (alike.size >= 1000) alike.clear();
  alike.set(text, total);
  return total;
}

function add(target: Record<string, number>, more: Amounts): Record<string, number> {
  for (const resource in more) target[resource] = (target[resource] ?? 0) + more[resource]!;
  return target;
}

function raise(target: Record<string, number>, other: Amounts): Record<string, number> {
  for (const resource in other) target[resource] = Math.max(target[resource] ?? 0, other[resource]!);
  return target;
}
