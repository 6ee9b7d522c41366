import type { IntOrString } from './types.js';

/** What a count or a share (`25%`) of `total` comes to; shares are rounded up unless told otherwise. What is not there is 0. */
export function scaled(value: IntOrString | undefined, total: number, round: 'up' | 'down' = 'up'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const share = (Number.parseInt(value, 10) * total) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}
