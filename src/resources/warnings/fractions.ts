import { toMilli } from '../quantity.js';
import type { ResourceList } from '../types.js';

/** What is said of amounts that cannot be, since they are counted in bytes: `4m` of memory. */
export function fractionWarnings(path: string, list: ResourceList | undefined, resources: readonly string[]): string[] {
  return resources.flatMap(resource => {
    const amount = list?.[resource];
    return amount === undefined || Number.isInteger(toMilli(amount) / 1000)
      ? []
      : [`${path}[${resource}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`];
  });
}
