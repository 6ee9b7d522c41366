import { compareText } from './compare.js';
import { define, statusOf } from './define.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { KubeObject, ResourceList } from './types.js';
import { validateQuota, validateQuotaStatus, validateQuotaUpdate } from './validation/resource-quota.js';

export interface ScopeRequirement {
  scopeName: string;
  operator: string;
  values?: string[];
}

export interface ResourceQuota extends KubeObject {
  spec: {
    hard?: ResourceList;
    scopes?: string[];
    scopeSelector?: { matchExpressions?: ScopeRequirement[] };
  };
  status: { hard?: ResourceList; used?: ResourceList };
}

/** How much the objects of a namespace may use together: `registry/admission/resource-quota.ts` sees to it. */
export const resourceQuotas = define<ResourceQuota>({
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  subresources: [statusOf('ResourceQuota')],
  strategy: {
    setDefaults(object) {
      object.spec ??= {};
    },
    prepareForCreate(object) {
      object.status = {};
    },
    prepareForUpdate(object, old) {
      object.status = old.status;
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
      object.status ??= {};
    },
    validate: validateQuota,
    validateUpdate: validateQuotaUpdate,
    validateStatusUpdate: validateQuotaStatus,
  },
  printer: printer<ResourceQuota>(
    NAME,
    column<ResourceQuota>('Request', 'What is used of what may be asked for.', o => shares(o, false)),
    column<ResourceQuota>('Limit', 'What is used of what limits may add up to.', o => shares(o, true)),
    AGE,
  ),
});

/** `cpu: 100m/1, pods: 3/10` */
function shares({ status: { hard = {}, used = {} } }: ResourceQuota, isLimit: boolean): string {
  return Object.keys(hard)
    .sort(compareText)
    .filter(name => name.startsWith('limits') === isLimit)
    .map(name => `${name}: ${used[name] ?? 0}/${hard[name]}`)
    .join(', ');
}
