import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../field-error.js';
import { formatQuantity, parseQuantity, toMilli } from '../quantity.js';
import type { ResizePolicy, ResourceList, ResourceRequirements } from '../types.js';
import { addProblems, NOT_NEGATIVE } from './messages.js';
import { checkQualifiedName, type Problems } from './names.js';

const FINE: Problems = [];

/** Resources that Kubernetes itself knows. */
const STANDARD = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'pods',
  'storage',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
]);
const CONTAINER = new Set(['cpu', 'memory', 'ephemeral-storage']);
/** What is counted in whole pieces. */
const COUNTED = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);
/** What a running container can be given more or less of, and how. */
const RESIZABLE = ['cpu', 'memory'];
const RESIZE_POLICIES = ['NotRequired', 'RestartContainer'];
const HUGE_PAGES = 'hugepages-';

const isHugePages = (name: string) => name.startsWith(HUGE_PAGES);

/** A standard name, or one with a domain of its own (`example.com/gpu`). */
export function checkResourceName(name: string): Problems {
  if (STANDARD.has(name) || isHugePages(name) || name.startsWith(`requests.${HUGE_PAGES}`)) return FINE;
  const problems = checkQualifiedName(name);
  if (problems.length) return problems;
  return name.includes('/') ? FINE : ['must be a standard resource type or fully qualified'];
}

/** As {@link checkResourceName}, of what containers may ask for. */
export function checkContainerResourceName(name: string): Problems {
  if (CONTAINER.has(name)) return FINE;
  const problems = checkResourceName(name);
  if (isHugePages(name)) return problems;
  if (!name.includes('/')) return [...problems, 'must be a standard resource for containers'];
  return name.startsWith('requests.') ? [...problems, "doesn't follow extended resource name standard"] : problems;
}

/** Resources outside `kubernetes.io`, which are counted in whole pieces and cannot be overcommitted. */
export function isExtendedResource(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.');
}

/** Whether there are only whole pieces of a resource (`IsIntegerResourceName`). */
export const isCounted = (name: string): boolean => COUNTED.has(name) || isExtendedResource(name);

/** Whether a node may be promised more of a resource than it has (`IsOvercommitAllowed`). */
export const mayBeOvercommitted = (name: string): boolean =>
  !isHugePages(name) && (!name.includes('/') || name.includes('kubernetes.io/'));

/** A list of resources that says how much there is: of a node, or a pod's overhead. */
export function validateResourceAmounts(errors: FieldError[], field: string, resources: ResourceList): void {
  for (const name in resources) {
    addProblems(errors, `${field}.${name}`, name, checkResourceName(name));
    checkAmount(errors, `${field}.${name}`, name, resources[name]!);
  }
}

/** What a container asks for: each request within its limit, and whole pieces where there are no fractions. */
export function validateResourceRequirements(
  errors: FieldError[],
  path: string,
  resources: ResourceRequirements,
): void {
  const { limits = {}, requests = {} } = resources;
  for (const name in limits) validateAmount(errors, `${path}.limits[${name}]`, name, limits[name]!);
  for (const name in requests) {
    const request = requests[name]!;
    validateAmount(errors, `${path}.requests[${name}]`, name, request);
    const limit = limits[name];
    if (limit !== undefined) validateWithinLimit(errors, `${path}.requests`, name, request, limit);
    else if (isExtendedResource(name) || isHugePages(name)) {
      errors.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
    }
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.some(name => name === 'cpu' || name === 'memory')) {
    errors.push(forbidden(path, 'HugePages require cpu or memory'));
  }
}

function validateAmount(errors: FieldError[], field: string, name: string, amount: string): void {
  addProblems(errors, field, name, checkContainerResourceName(name));
  checkAmount(errors, field, name, amount);
}

function checkAmount(errors: FieldError[], field: string, name: string, amount: string): void {
  const milli = toMilli(amount);
  if (milli < 0) errors.push(invalid(field, amount, NOT_NEGATIVE));
  if (milli % 1000 !== 0 && isCounted(name)) {
    errors.push(invalid(field, amount, 'must be an integer'));
  }
}

function validateWithinLimit(errors: FieldError[], field: string, name: string, request: string, limit: string): void {
  if (request === limit) return;
  const [asked, allowed] = [parseQuantity(request), parseQuantity(limit)];
  if (isExtendedResource(name) || isHugePages(name)) {
    if (asked.nano !== allowed.nano) {
      errors.push(
        invalid(field, formatQuantity(asked), `must be equal to ${name} limit of ${formatQuantity(allowed)}`),
      );
    }
  } else if (asked.nano > allowed.nano) {
    errors.push(
      invalid(
        field,
        formatQuantity(asked),
        `must be less than or equal to ${name} limit of ${formatQuantity(allowed)}`,
      ),
    );
  }
}

/** What a container says of how its resources may change. */
export function validateResizePolicies(
  errors: FieldError[],
  path: string,
  policies: readonly ResizePolicy[] | undefined,
  podPolicy: string | undefined,
): void {
  if (!policies) return;
  const seen = new Set<string>();
  for (const { resourceName, restartPolicy } of policies) {
    if (seen.has(resourceName)) errors.push(duplicate(path, resourceName));
    seen.add(resourceName);
    if (!resourceName) errors.push(required(path));
    else if (!RESIZABLE.includes(resourceName)) errors.push(notSupported(path, resourceName, RESIZABLE));
    if (!restartPolicy) errors.push(required(path));
    else if (!RESIZE_POLICIES.includes(restartPolicy)) errors.push(notSupported(path, restartPolicy, RESIZE_POLICIES));
    if (podPolicy === 'Never' && restartPolicy !== 'NotRequired')
      errors.push(invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
  }
}
