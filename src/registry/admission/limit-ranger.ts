import { type Limit, type LimitRange, limitRanges } from '../../resources/limit-range.js';
import { podTotal } from '../../resources/pod-totals.js';
import { NO_QUANTITIES, type Quantities, quantitiesOf } from '../../resources/quantities.js';
import { formatQuantity, toMilli } from '../../resources/quantity.js';
import { isTerminating } from '../../resources/state.js';
import type { Container, KubeObject, Pod, ResourceList } from '../../resources/types.js';
import type { Registry } from '../registry.js';
import { StatusError } from '../status.js';
import { type AdmissionPlugin, type AdmissionRequest, isResize } from './admission.js';

const ANNOTATION = 'kubernetes.io/limit-ranger';

/** What containers, pods and claims ask for is within the limits of their namespace, which also say what is asked for by who is silent. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  resources: ['pods', 'persistentvolumeclaims'],
  admit(request, registry) {
    if (request.kind.plural !== 'pods' || isResize(request)) return;
    for (const range of rangesFor(request, registry)) setDefaults(request.object as Pod, range);
  },
  validate(request, registry) {
    for (const range of rangesFor(request, registry)) {
      const problems = new Set(range.spec.limits.flatMap(limit => problemsOf(request.object, limit)));
      const [first, ...more] = problems;
      if (first !== undefined)
        throw StatusError.forbidden(
          request.kind,
          request.name,
          more.length === 0 ? first : `[${[...problems].join(', ')}]`,
        );
    }
    return undefined;
  },
};

const NONE: readonly LimitRange[] = [];

/** The limits that an object is held against. What containers ask for changes by a resize only, once there is a pod. */
function rangesFor(request: AdmissionRequest, registry: Registry): readonly LimitRange[] {
  const { operation, kind, namespace, subresource, old } = request;
  const entries = registry.all(limitRanges, namespace);
  if (isResize(request)) return entries.map(({ object }) => object);
  if (entries.length === 0 || subresource || operation === 'DELETE') return NONE;
  if (operation === 'UPDATE' && (kind.plural === 'pods' || (old && isTerminating(old)))) return NONE;
  return entries.map(({ object }) => object);
}

/** Gives containers what they do not ask for, and tells of it in an annotation. */
function setDefaults(pod: Pod, { spec }: LimitRange): void {
  const limits: ResourceList = {};
  const requests: ResourceList = {};
  for (const limit of spec.limits) {
    if (limit.type !== 'Container') continue;
    Object.assign(limits, limit.default);
    Object.assign(requests, limit.defaultRequest);
  }
  const told: string[] = [];
  const complete = (containers: readonly Container[], what: string) =>
    containers.map(container => {
      const missing = (given: ResourceList | undefined, defaults: ResourceList) =>
        Object.keys(defaults)
          .filter(name => given?.[name] === undefined)
          .sort();
      const { resources = {}, name } = container;
      const newRequests = missing(resources.requests, requests);
      const newLimits = missing(resources.limits, limits);
      if (newRequests.length > 0) told.push(`${newRequests.join(', ')} request for ${what} ${name}`);
      if (newLimits.length > 0) told.push(`${newLimits.join(', ')} limit for ${what} ${name}`);
      if (newRequests.length === 0 && newLimits.length === 0) return container;
      return {
        ...container,
        resources: {
          ...resources,
          limits: { ...limits, ...resources.limits },
          requests: { ...requests, ...resources.requests },
        },
      };
    });
  const containers = complete(pod.spec.containers ?? [], 'container');
  const initContainers = complete(pod.spec.initContainers ?? [], 'init container');
  if (told.length === 0) return;
  pod.spec.containers = containers;
  if (initContainers.length > 0) pod.spec.initContainers = initContainers;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${told.join('; ')}`,
  };
}

function problemsOf(object: KubeObject, limit: Limit): string[] {
  if (object.kind === 'PersistentVolumeClaim') {
    if (limit.type !== 'PersistentVolumeClaim') return [];
    const { requests } = (object as { spec?: { resources?: { requests?: ResourceList } } }).spec?.resources ?? {};
    const asked = quantitiesOf(requests);
    return [...belowMin(limit, asked, NO_QUANTITIES), ...requestAboveMax(limit, asked)];
  }
  const { spec } = object as Pod;
  if (limit.type === 'Pod') return outside(limit, podTotal(spec, 'requests'), podTotal(spec, 'limits'));
  if (limit.type !== 'Container') return [];
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    outside(limit, quantitiesOf(resources?.requests), quantitiesOf(resources?.limits)),
  );
}

const outside = (limit: Limit, requests: Quantities, limits: Quantities): string[] => [
  ...belowMin(limit, requests, limits),
  ...aboveMax(limit, requests, limits),
  ...overRatio(limit, requests, limits),
];

function belowMin({ type, min }: Limit, requests: Quantities, limits: Quantities): string[] {
  return each(min, (name, least) => {
    const rule = `minimum ${name} usage per ${type} is ${least}`;
    const [request, limit] = [amount(requests, name), amount(limits, name)];
    if (request === undefined) return `${rule}.  No request is specified`;
    if (toMilli(request) < toMilli(least)) return `${rule}, but request is ${request}`;
    return limit !== undefined && toMilli(limit) < toMilli(least) && `${rule}, but limit is ${limit}`;
  });
}

function aboveMax({ type, max }: Limit, requests: Quantities, limits: Quantities): string[] {
  return each(max, (name, most) => {
    const rule = `maximum ${name} usage per ${type} is ${most}`;
    const [request, limit] = [amount(requests, name), amount(limits, name)];
    if (limit === undefined) return `${rule}.  No limit is specified`;
    if (toMilli(limit) > toMilli(most)) return `${rule}, but limit is ${limit}`;
    return request !== undefined && toMilli(request) > toMilli(most) && `${rule}, but request is ${request}`;
  });
}

/** Of claims only what they request is looked at. */
function requestAboveMax({ type, max }: Limit, requests: Quantities): string[] {
  return each(max, (name, most) => {
    const rule = `maximum ${name} usage per ${type} is ${most}`;
    const request = amount(requests, name);
    if (request === undefined) return `${rule}.  No request is specified`;
    return toMilli(request) > toMilli(most) && `${rule}, but request is ${request}`;
  });
}

function overRatio({ type, maxLimitRequestRatio }: Limit, requests: Quantities, limits: Quantities): string[] {
  return each(maxLimitRequestRatio, (name, most) => {
    const rule = `${name} max limit to request ratio per ${type} is ${most}`;
    const [request, limit] = [requests, limits].map(list => toMilli(amount(list, name) ?? '0'));
    if (!request) return `${rule}, but no request is specified or request is 0`;
    if (!limit) return `${rule}, but no limit is specified or limit is 0`;
    const ratio = limit / request;
    return ratio * 1000 > toMilli(most) && `${rule}, but provided ratio is ${ratio.toFixed(6)}`;
  });
}

function amount(quantities: Quantities, name: string): string | undefined {
  const quantity = quantities.get(name);
  return quantity && formatQuantity(quantity);
}

const each = (list: ResourceList | undefined, problem: (name: string, amount: string) => string | false): string[] =>
  Object.entries(list ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, quantity]) => problem(name, quantity))
    .filter(text => text !== false);
