import { type FieldError, invalid, required } from '../field-error.js';
import { equalJson } from '../json.js';
import { toMilli } from '../quantity.js';
import type { ResourceQuota, ScopeRequirement } from '../resource-quota.js';
import type { ResourceList } from '../types.js';
import { addProblems, IMMUTABLE, NOT_NEGATIVE } from './messages.js';
import { checkResourceName, isCounted } from './resources.js';

/** What can be limited besides what has a domain of its own. */
const STANDARD = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
]);
const isStandard = (name: string) => STANDARD.has(name) || /^(requests\.)?hugepages-/.test(name);

const COMPUTE = ['pods', 'cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];

/** Scope → the standard resources that can be limited for what is of it. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  Terminating: COMPUTE,
  NotTerminating: COMPUTE,
  BestEffort: ['pods'],
  NotBestEffort: COMPUTE,
  PriorityClass: COMPUTE,
  CrossNamespacePodAffinity: COMPUTE,
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
};

/** Scopes that something is of or is not, without values. */
const PLAIN_SCOPES = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];

/** Mirrors `ValidateResourceQuota`. */
export function validateQuota({ spec }: ResourceQuota): FieldError[] {
  const errors: FieldError[] = [];
  checkAmounts(errors, 'spec.hard', spec.hard);
  checkScopes(errors, spec);
  checkSelector(errors, spec);
  return errors;
}

export function validateQuotaUpdate(quota: ResourceQuota, old: ResourceQuota): FieldError[] {
  const sorted = ({ spec }: ResourceQuota) => [...new Set(spec.scopes)].sort();
  return equalJson(sorted(quota), sorted(old))
    ? validateQuota(quota)
    : [...validateQuota(quota), invalid('spec.scopes', quota.spec.scopes, IMMUTABLE)];
}

export function validateQuotaStatus({ status }: ResourceQuota): FieldError[] {
  const errors: FieldError[] = [];
  checkAmounts(errors, 'status.hard', status.hard);
  checkAmounts(errors, 'status.used', status.used);
  return errors;
}

function checkAmounts(errors: FieldError[], path: string, amounts: ResourceList | undefined): void {
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    const field = `${path}[${name}]`;
    addProblems(errors, field, name, checkResourceName(name));
    if (!name.includes('/') && !isStandard(name))
      errors.push(invalid(field, name, 'must be a standard resource for quota'));
    const milli = toMilli(amount);
    if (milli < 0) errors.push(invalid(field, amount, NOT_NEGATIVE));
    if (milli % 1000 !== 0 && isCounted(name)) errors.push(invalid(field, amount, 'must be an integer'));
  }
}

function checkScopes(errors: FieldError[], { scopes = [], hard = {} }: ResourceQuota['spec']): void {
  for (const scope of scopes) {
    if (!Object.hasOwn(SCOPES, scope)) errors.push(invalid('spec.scopes', scopes, 'unsupported scope'));
    for (const _ of unfit(scope, hard))
      errors.push(invalid('spec.scopes', scopes, 'unsupported scope applied to resource'));
  }
  checkConflicts(errors, scopes, scopes);
}

function checkSelector(errors: FieldError[], { scopeSelector, scopes, hard = {} }: ResourceQuota['spec']): void {
  if (!scopeSelector) return;
  const path = 'spec.scopeSelector.matchExpressions';
  const requirements = scopeSelector.matchExpressions ?? [];
  for (const requirement of requirements) {
    const { scopeName } = requirement;
    if (!Object.hasOwn(SCOPES, scopeName)) errors.push(invalid(`${path}.scopeName`, scopeName, 'unsupported scope'));
    for (const _ of unfit(scopeName, hard))
      errors.push(invalid(path, scopeSelector, 'unsupported scope applied to resource'));
    checkRequirement(errors, path, requirement);
  }
  checkConflicts(
    errors,
    requirements.map(({ scopeName }) => scopeName),
    scopes,
  );
}

function checkRequirement(errors: FieldError[], path: string, { scopeName, operator, values }: ScopeRequirement): void {
  if (PLAIN_SCOPES.includes(scopeName) && operator !== 'Exists') {
    errors.push(
      invalid(
        `${path}.operator`,
        operator,
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      ),
    );
  }
  if (operator === 'In' || operator === 'NotIn') {
    if (!values?.length)
      errors.push(
        required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"),
      );
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values?.length)
      errors.push(
        invalid(
          `${path}.values`,
          values,
          "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
        ),
      );
  } else errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
}

/** Standard resources in `hard` that have nothing to do with the scope. */
const unfit = (scope: string, hard: ResourceList): string[] =>
  Object.keys(hard)
    .sort()
    .filter(name => isStandard(name) && !SCOPES[scope]?.includes(name));

function checkConflicts(errors: FieldError[], chosen: readonly string[], shown: unknown): void {
  for (const [a, b] of [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ] as const)
    if (chosen.includes(a) && chosen.includes(b)) errors.push(invalid('spec.scopes', shown, 'conflicting scopes'));
}
