import { quotasOf } from '../../registry/admission/resource-quota.js';
import type { Registry } from '../../registry/registry.js';
import { customResourceDefinitions } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import {
  masked,
  NO_QUANTITIES,
  type Quantities,
  quantitiesOf,
  sum,
  toResourceList,
} from '../../resources/quantities.js';
import { readQuantity } from '../../resources/quantity.js';
import { type Meter, meterOf } from '../../resources/quota/meter.js';
import { isInScopes } from '../../resources/quota/scope.js';
import { type ResourceQuota, resourceQuotas } from '../../resources/resource-quota.js';
import type { KubeObject } from '../../resources/types.js';
import type { Change } from '../../store/entry.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, nothing, source } from '../runtime/types.js';

/** All is counted anew at least so often, ms (`--resource-quota-sync-period`). */
const RECOUNT_MS = 5 * 60_000;

/**
 * Keeps what quotas show as limited and used: counts a namespace anew when a quota is made or changed, when something that it
 * counts goes or comes to use less, and every five minutes. What is made is charged by admission.
 */
export function resourceQuotaController({ registry }: ControllerContext): Controller {
  const quotasWith = (namespace: string | undefined, concerns: (resource: string) => boolean): string[] => {
    const quotas =
      namespace === undefined
        ? registry.all(resourceQuotas).map(({ object }) => object)
        : quotasOf(registry, namespace);
    return quotas
      .filter(({ spec }) => Object.keys(spec.hard ?? {}).some(concerns))
      .map(({ metadata }) => keyOf(metadata));
  };
  return {
    name: 'resource-quota',
    workers: 5,
    watches: [
      source(resourceQuotas, ({ type, entry, previous }) =>
        type === 'ADDED' || (type === 'MODIFIED' && !equalJson(entry.object.spec, previous?.object.spec))
          ? [keyOf(entry)]
          : [],
      ),
      // A kind that was not there could not be counted.
      source(customResourceDefinitions, ({ entry }) => quotasWith(undefined, name => name === `count/${entry.name}`)),
      {
        inherits: nothing,
        keys(change) {
          const { entry } = change;
          if (change.type === 'ADDED' || quotasOf(registry, entry.namespace).length === 0) return [];
          const kind = registry.kinds.byResource(entry.resource);
          const meter = kind && meterOf(kind);
          if (!meter || !usesLess(change, meter, registry.clock.now())) return [];
          return quotasWith(entry.namespace, name => meter.uses(name));
        },
      },
    ],
    async reconcile(key, queue) {
      const { namespace, name } = splitKey(key);
      const quota = registry.get(resourceQuotas, namespace, name)?.object;
      if (!quota) return;
      queue.addAfter(key, RECOUNT_MS, 'upkeep');
      const status = countAnew(registry, quota);
      if (equalJson(status, quota.status)) return;
      await registry.update(resourceQuotas, { ...quota, status }, { subresource: 'status' });
    },
  };
}

/** Whether after a change the object uses less than before, or nothing. */
function usesLess({ type, entry, previous }: Change, meter: Meter, now: number): boolean {
  if (type === 'DELETED' || !previous) return true;
  const usage = meter.usage(entry.object, now);
  return [...meter.usage(previous.object, now)].some(([name, { nano }]) => (usage.get(name)?.nano ?? 0n) < nano);
}

/** What the quota limits, and how much of that its namespace uses; of what nobody can count, what was known before. */
function countAnew(registry: Registry, { metadata, spec, status }: ResourceQuota): ResourceQuota['status'] {
  const hard = quantitiesOf(spec.hard);
  const quota = { metadata, spec, status } as ResourceQuota;
  let used: Quantities = masked(quantitiesOf(status.used), name => hard.has(name));
  let counted: Quantities = NO_QUANTITIES;
  for (const kind of registry.kinds.stored()) {
    const meter = meterOf(kind);
    const names = meter ? [...hard.keys()].filter(name => meter.uses(name)) : [];
    if (!meter || names.length === 0) continue;
    counted = sum(counted, new Map(names.map(name => [name, readQuantity('0')])));
    const objects = registry.all(kind, metadata.namespace).map(({ object }) => object);
    counted = sum(counted, usageOf(objects, quota, meter, registry.clock.now()));
  }
  used = new Map([...used, ...masked(counted, name => hard.has(name))]);
  return { hard: toResourceList(hard), used: toResourceList(used) };
}

const usageOf = (objects: readonly KubeObject[], quota: ResourceQuota, meter: Meter, now: number): Quantities =>
  objects
    .filter(object => isInScopes(quota, meter, object))
    .reduce<Quantities>((total, object) => sum(total, meter.usage(object, now)), NO_QUANTITIES);
