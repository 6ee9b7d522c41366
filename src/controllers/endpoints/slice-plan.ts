import { equalJson } from '../../resources/json.js';
import type { EndpointSlice, ObjectReference } from '../../resources/types.js';

export type Endpoint = EndpointSlice['endpoints'][number];
export type SlicePort = NonNullable<EndpointSlice['ports']>[number];

/** Endpoints that belong into slices of the same ports. */
export interface Group {
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly Endpoint[];
}

/** A slice that is to be made. */
export interface NewSlice {
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly Endpoint[];
}

/** What makes the slices of one address type right; those in none of the lists are so already. */
export interface SlicePlan {
  readonly create: readonly NewSlice[];
  /** What slices shall hold; labels aside. */
  readonly update: ReadonlyMap<EndpointSlice, NewSlice>;
  readonly remove: readonly EndpointSlice[];
}

const MAX_ENDPOINTS = 100;

/**
 * Plans with as few writes as upstream: endpoints stay where they are; those that are new go into slices that are written
 * anyway, fullest first; if there are few of them, into the one slice that they fill best; else into new slices. Slices
 * that would be removed are used again for new ones. A Service without any endpoint has one empty slice.
 *
 * @param existing slices of one address type that this Service owns
 */
export function planSlices(
  existing: readonly EndpointSlice[],
  groups: readonly Group[],
  max = MAX_ENDPOINTS,
): SlicePlan {
  const byPorts = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const key = keyOfPorts(slice.ports ?? []);
    byPorts.set(key, [...(byPorts.get(key) ?? []), slice]);
  }
  const create: NewSlice[] = [];
  const update = new Map<EndpointSlice, NewSlice>();
  const remove: EndpointSlice[] = [];
  for (const group of groups) {
    const key = keyOfPorts(group.ports);
    planGroup(byPorts.get(key) ?? [], group, max, { create, update, remove });
    byPorts.delete(key);
  }
  for (const slices of byPorts.values()) remove.push(...slices);

  if (remove.length === existing.length && create.length === 0) {
    const [only] = remove;
    const isPlaceholder = remove.length === 1 && only!.endpoints.length === 0 && !only!.ports?.length;
    if (isPlaceholder) remove.pop();
    else create.push({ ports: [], endpoints: [] });
  }
  while (create.length > 0 && remove.length > 0) update.set(remove.shift()!, create.pop()!);
  return { create, update, remove };
}

interface Draft {
  readonly create: NewSlice[];
  readonly update: Map<EndpointSlice, NewSlice>;
  readonly remove: EndpointSlice[];
}

function planGroup(slices: readonly EndpointSlice[], { ports, endpoints }: Group, max: number, plan: Draft): void {
  const wanted = new Map(endpoints.map(endpoint => [keyOfEndpoint(endpoint), endpoint]));
  const changed = new Map<EndpointSlice, Endpoint[]>();
  let unchanged: EndpointSlice[] = [];
  for (const slice of slices) {
    const kept: Endpoint[] = [];
    let same = true;
    for (const endpoint of slice.endpoints) {
      const key = keyOfEndpoint(endpoint);
      const now = wanted.get(key);
      if (!now) continue;
      wanted.delete(key);
      kept.push(now);
      same &&= equalJson(now, endpoint);
    }
    if (same && kept.length === slice.endpoints.length) unchanged.push(slice);
    else if (kept.length === 0) plan.remove.push(slice);
    else changed.set(slice, kept);
  }

  const left = [...wanted.values()];
  for (const kept of [...changed.values()].sort((a, b) => b.length - a.length))
    kept.push(...left.splice(0, max - kept.length));
  while (left.length > 0) {
    const fitting = left.length < max ? bestFit(unchanged, left.length, max) : undefined;
    if (fitting) {
      changed.set(fitting, [...fitting.endpoints, ...left.splice(0)]);
      unchanged = unchanged.filter(slice => slice !== fitting);
    } else plan.create.push({ ports, endpoints: left.splice(0, max) });
  }
  for (const [slice, kept] of changed) plan.update.set(slice, { ports, endpoints: kept });
}

/** The slice with the least room left once `count` endpoints are added. */
function bestFit(slices: readonly EndpointSlice[], count: number, max: number): EndpointSlice | undefined {
  let best: EndpointSlice | undefined;
  for (const slice of slices) {
    const size = slice.endpoints.length;
    if (size + count <= max && (!best || size > best.endpoints.length)) best = slice;
  }
  return best;
}

/** The same for the same ports in whatever order. */
export function keyOfPorts(ports: readonly SlicePort[]): string {
  return ports
    .map(({ name, protocol, port, appProtocol }) => JSON.stringify([name, protocol, port, appProtocol]))
    .sort()
    .join();
}

/** An endpoint is the same while it has these, whatever its conditions. */
function keyOfEndpoint({ addresses, hostname, targetRef = {} as ObjectReference }: Endpoint): string {
  return [...addresses, hostname, targetRef.namespace, targetRef.name].join(' ');
}
