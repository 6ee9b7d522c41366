import type { IntOrString } from './types.js';

/** What a count or a share (`25%`) of `total` comes to; shares are rounded up. What is not there is 0. */
export function scaled(value: IntOrString | undefined, total: number): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  return Math.ceil((Number.parseInt(value, 10) * total) / 100);
}
