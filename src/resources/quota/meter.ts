import { type ResourceDefinition, storeKey } from '../definition.js';
import type { Quantities } from '../quantities.js';
import { readQuantity } from '../quantity.js';
import type { ScopeRequirement } from '../resource-quota.js';
import type { KubeObject } from '../types.js';
import { claimMeter } from './claim-meter.js';
import { podMeter } from './pod-meter.js';
import { serviceMeter } from './service-meter.js';

/** How much an object of a kind uses of what a quota can limit. Upstream calls it an evaluator. */
export interface Meter<T extends KubeObject = KubeObject> {
  /** Whether objects of the kind use a resource that a quota names. */
  uses(resource: string): boolean;
  /** What an object uses. @param now the cluster's time in ms */
  usage(object: T, now: number): Quantities;
  /** Whether an object is of a scope. Absent: the kind knows no scopes, and its objects are of none. */
  isOf?(scope: ScopeRequirement, object: T): boolean;
  /** What an object must say of the resources of a quota and does not, in words. */
  missing?(resources: readonly string[], object: T): string | undefined;
  /** An update may make an object use more. */
  readonly chargesUpdates?: true;
}

/** Names from before every kind could be counted. */
const OLD_NAMES: readonly string[] = ['configmaps', 'replicationcontrollers', 'resourcequotas', 'secrets'];

/** What no quota counts (`DefaultIgnoredResources`). */
const UNCOUNTED: readonly string[] = ['events'];

/** Those that measure more than how many objects there are. */
const METERS: Readonly<Record<string, Meter>> = {
  persistentvolumeclaims: claimMeter as unknown as Meter,
  pods: podMeter as unknown as Meter,
  services: serviceMeter as unknown as Meter,
};

const counters = new WeakMap<ResourceDefinition, Meter | null>();

/** The meter of a kind; undefined if no quota concerns it. */
export function meterOf(kind: ResourceDefinition): Meter | undefined {
  let meter = counters.get(kind);
  if (meter === undefined) {
    const resource = storeKey(kind);
    meter = !kind.namespaced || UNCOUNTED.includes(resource) ? null : (METERS[resource] ?? counter(resource));
    counters.set(kind, meter);
  }
  return meter ?? undefined;
}

/** Counts objects: `count/deployments.apps`. */
function counter(resource: string): Meter {
  const names = [`count/${resource}`, ...(OLD_NAMES.includes(resource) ? [resource] : [])];
  const usage: Quantities = new Map(names.map(name => [name, readQuantity('1')]));
  return { uses: name => names.includes(name), usage: () => usage };
}
