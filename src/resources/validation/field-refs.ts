import { type FieldError, invalid, notSupported, required } from '../field-error.js';
import { canonicalQuantity, toMilli } from '../quantity.js';
import { addProblems } from './messages.js';
import { checkQualifiedName } from './names.js';

/** A field of the pod that is told to its containers. */
export interface FieldRef {
  apiVersion?: string;
  fieldPath?: string;
}

/** What a container may use, told to it or to another one. */
export interface ResourceFieldRef {
  containerName?: string;
  resource?: string;
  divisor?: string;
}

/** Fields that can be told at all; which of them, and how, is up to who tells them. */
const LABELS = 'metadata.labels';
const ANNOTATIONS = 'metadata.annotations';
const KNOWN = new Set([
  ANNOTATIONS,
  LABELS,
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
  // The name of old: it is read as spec.nodeName.
  'spec.host',
]);
/** `metadata.labels['app']` */
const SUBSCRIPTED = /^(.+?)\['(.*)'\]$/s;

const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const HUGE_PAGES = /^(?:limits|requests)\.hugepages-/;
const CPU_DIVISORS = ['1m', '1'];
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** @param fields those that may be told here, sorted */
export function validateFieldRef(errors: FieldError[], path: string, ref: FieldRef, fields: readonly string[]): void {
  const { apiVersion, fieldPath } = ref;
  if (!apiVersion) errors.push(required(`${path}.apiVersion`));
  else if (!fieldPath) errors.push(required(`${path}.fieldPath`));
  else {
    const [, base, subscript] = SUBSCRIPTED.exec(fieldPath) ?? [];
    const problem = conversionProblem(apiVersion, fieldPath, base);
    if (problem) errors.push(invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${problem}`));
    else if (subscript !== undefined) {
      const key = base === ANNOTATIONS ? subscript.toLowerCase() : subscript;
      addProblems(errors, path, subscript, checkQualifiedName(key));
    } else if (!fields.includes(fieldPath)) errors.push(notSupported(`${path}.fieldPath`, fieldPath, fields));
  }
}

function conversionProblem(apiVersion: string, fieldPath: string, subscripted: string | undefined): string | undefined {
  if (apiVersion !== 'v1') return `unsupported pod version: ${apiVersion}`;
  if (subscripted === undefined) return KNOWN.has(fieldPath) ? undefined : `field label not supported: ${fieldPath}`;
  const hasKeys = subscripted === LABELS || subscripted === ANNOTATIONS;
  return hasKeys ? undefined : `field label does not support subscript: ${fieldPath}`;
}

/** @param needsContainer a volume must say whose resources are meant; a container's own variables need not */
export function validateResourceRef(
  errors: FieldError[],
  path: string,
  { containerName, resource, divisor }: ResourceFieldRef,
  needsContainer: boolean,
): void {
  if (needsContainer && !containerName) errors.push(required(`${path}.containerName`));
  else if (!resource) errors.push(required(`${path}.resource`));
  else {
    if (!RESOURCES.includes(resource) && !HUGE_PAGES.test(resource)) {
      errors.push(notSupported(`${path}.resource`, resource, RESOURCES));
    }
    validateDivisor(errors, `${path}.divisor`, resource, divisor);
  }
}

function validateDivisor(errors: FieldError[], field: string, resource: string, divisor: string | undefined): void {
  if (divisor === undefined || toMilli(divisor) === 0) return;
  const what = resource.slice(resource.indexOf('.') + 1);
  const [name, allowed] = what.startsWith('hugepages-')
    ? ['hugepages', BYTE_DIVISORS]
    : what === 'cpu'
      ? ['cpu', CPU_DIVISORS]
      : what === 'memory'
        ? ['memory', BYTE_DIVISORS]
        : what === 'ephemeral-storage'
          ? ['local ephemeral storage', BYTE_DIVISORS]
          : ['', undefined];
  if (!allowed || allowed.includes(canonicalQuantity(divisor))) return;
  const list = allowed === CPU_DIVISORS ? allowed.join(' and ') : allowed.join(', ');
  // Upstream shows the resource, not the divisor.
  errors.push(invalid(field, resource, `only divisor's values ${list} are supported with the ${name} resource`));
}
