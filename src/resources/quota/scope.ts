import type { ResourceQuota, ScopeRequirement } from '../resource-quota.js';
import type { KubeObject } from '../types.js';
import type { Meter } from './meter.js';

/** Whether a name, which may be none, is among those that a scope asks for; as labels are selected. */
export function isOfScope({ operator, values = [] }: ScopeRequirement, name: string | undefined): boolean {
  const given = name || undefined;
  switch (operator) {
    case 'In':
      return given !== undefined && values.includes(given);
    case 'NotIn':
      return given === undefined || !values.includes(given);
    case 'Exists':
      return given !== undefined;
    case 'DoesNotExist':
      return given === undefined;
    default:
      return false;
  }
}

/** Whether an object is of all scopes of a quota, in both ways to name them. */
export function isInScopes(
  { spec: { scopes = [], scopeSelector } }: ResourceQuota,
  meter: Meter,
  object: KubeObject,
): boolean {
  const requirements = [
    ...scopes.map(scopeName => ({ scopeName, operator: 'Exists' })),
    ...(scopeSelector?.matchExpressions ?? []),
  ];
  return requirements.every(requirement => meter.isOf?.(requirement, object) ?? false);
}
