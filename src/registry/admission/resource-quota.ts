import { excess, masked, type Quantities, quantitiesOf, sum, toResourceList } from '../../resources/quantities.js';
import { type Meter, meterOf } from '../../resources/quota/meter.js';
import { isInScopes } from '../../resources/quota/scope.js';
import { type ResourceQuota, resourceQuotas } from '../../resources/resource-quota.js';
import type { KubeObject } from '../../resources/types.js';
import type { Registry } from '../registry.js';
import { StatusError } from '../status.js';
import { type AdmissionPlugin, type AdmissionRequest, isResize } from './admission.js';

/** A quota, and what it would show as used. */
interface Charge {
  readonly quota: ResourceQuota;
  readonly used: Quantities;
}

/**
 * What a namespace may use is not exceeded, and what is used is charged as it is written. The controller of quotas counts anew
 * when something goes. Mirrors upstream's `CheckRequest`.
 */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  validate(request, registry) {
    const { operation, kind, namespace, subresource } = request;
    if ((subresource && !isResize(request)) || operation === 'DELETE') return undefined;
    const quotas = quotasOf(registry, namespace);
    if (quotas.length === 0) return undefined;
    const meter = meterOf(kind);
    if (!meter || (operation === 'UPDATE' && !meter.chargesUpdates && !isResize(request))) return undefined;
    const charges = chargesFor(request, quotas, meter, registry.clock.now());
    if (charges.length === 0) return undefined;
    return () => {
      for (const charge of charges) carryOut(registry, charge);
    };
  },
};

/** The quotas of a namespace, by name. */
export function quotasOf(registry: Registry, namespace: string): readonly ResourceQuota[] {
  const entries = registry.all(resourceQuotas, namespace);
  return entries.length === 0 ? [] : entries.map(({ object }) => object);
}

function chargesFor(
  request: AdmissionRequest,
  quotas: readonly ResourceQuota[],
  meter: Meter,
  now: number,
): readonly Charge[] {
  const { object, old } = request;
  const concerned = quotas.filter(quota => concerns(quota, meter, object));
  for (const quota of concerned) refuseUnknown(request, quota, meter);
  if (concerned.length === 0) return [];
  const usage = meter.usage(object, now);
  const negative = [...usage].flatMap(([name, { nano }]) => (nano < 0n ? [name] : []));
  if (negative.length > 0)
    throw forbidden(request, `quota usage is negative for resource(s): ${negative.sort().join(',')}`);
  const more = excess(usage, old ? meter.usage(old, now) : new Map());
  return concerned.flatMap(quota => {
    const hard = quantitiesOf(quota.status.hard);
    const asked = masked(more, name => hard.has(name));
    if (asked.size === 0) return [];
    const before = quantitiesOf(quota.status.used);
    const used = sum(before, asked);
    const exceeded = (name: string) => asked.has(name) && used.get(name)!.nano > hard.get(name)!.nano;
    if ([...asked.keys()].some(exceeded)) {
      const [requested, already, limited] = [asked, before, hard].map(list => shown(masked(list, exceeded)));
      throw forbidden(
        request,
        `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${already}, limited: ${limited}`,
      );
    }
    return [{ quota, used }];
  });
}

/** Whether a quota limits something that the object uses, and means such objects. */
const concerns = (quota: ResourceQuota, meter: Meter, object: KubeObject): boolean =>
  Object.keys(quota.status.hard ?? {}).some(name => meter.uses(name)) && isInScopes(quota, meter, object);

/** @throws StatusError if the object does not say how much it uses, or it is not known yet how much is used */
function refuseUnknown(request: AdmissionRequest, { metadata, status }: ResourceQuota, meter: Meter): void {
  const restricted = Object.keys(status.hard ?? {})
    .filter(name => meter.uses(name))
    .sort();
  const missing = meter.missing?.(restricted, request.object);
  if (missing) throw forbidden(request, `failed quota: ${metadata.name}: ${missing}`);
  if (restricted.some(name => status.used?.[name] === undefined))
    throw forbidden(request, `status unknown for quota: ${metadata.name}, resources: ${restricted.join(',')}`);
}

function carryOut(registry: Registry, { quota, used }: Charge): void {
  const status = { ...quota.status, used: toResourceList(used) };
  // Committed or refused together with what it is charged for, whose writer hears of it.
  registry.update(resourceQuotas, { ...quota, status }, { subresource: 'status' }).catch(() => {});
}

const forbidden = ({ kind, name }: AdmissionRequest, why: string) => StatusError.forbidden(kind, name, why);

/** `cpu=1,memory=2Gi` */
const shown = (quantities: Quantities): string =>
  Object.entries(toResourceList(quantities))
    .map(([name, amount]) => `${name}=${amount}`)
    .join(',');
