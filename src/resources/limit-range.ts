import { define } from './define.js';
import { column, NAME, printer } from './printing/printer.js';
import type { KubeObject, ResourceList } from './types.js';
import { validateLimitRange } from './validation/limit-range.js';

export interface Limit {
  type: string;
  max?: ResourceList;
  min?: ResourceList;
  /** Limits of containers that have none. */
  default?: ResourceList;
  /** Requests of containers that have none. */
  defaultRequest?: ResourceList;
  maxLimitRequestRatio?: ResourceList;
}

export interface LimitRange extends KubeObject {
  spec: { limits: Limit[] };
}

/** What each object of a namespace may ask for: `registry/admission/limit-ranger.ts` sees to it. */
export const limitRanges = define<LimitRange>({
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  strategy: {
    createsOnUpdate: true,
    setDefaults,
    validate: validateLimitRange,
    validateUpdate: validateLimitRange,
  },
  printer: printer(
    NAME,
    column('Created At', 'When the object was created.', o => o.metadata.creationTimestamp, 'date'),
  ),
});

/** What is the most is what is given, and what is given is what is asked for. */
function setDefaults(range: LimitRange): void {
  range.spec ??= { limits: [] };
  for (const limit of range.spec.limits ?? []) {
    if (limit.type !== 'Container') continue;
    const given = { ...limit.max, ...limit.default };
    if (Object.keys(given).length > 0) limit.default = given;
    const asked = { ...limit.min, ...given, ...limit.defaultRequest };
    if (Object.keys(asked).length > 0) limit.defaultRequest = asked;
  }
}
