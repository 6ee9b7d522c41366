import type { NetworkOptions } from './options.js';

/** Which hosts outside the cluster may be reached from within. */
export interface Reach {
  /** Whether the operator said so, by a name or an address. */
  isAllowed(host: string): boolean;
  /** Whether pods may hand connections on to it: this machine itself, and what is allowed. */
  mayReach(host: string): boolean;
}

export function reachOf({ allow = [] }: Partial<NetworkOptions> = {}): Reach {
  const isAllowed = (host: string) => allow.includes('*') || allow.includes(host);
  return { isAllowed, mayReach: host => isLoopback(host) || isAllowed(host) };
}

/** Says of a host that it is not allowed, and how it would be: by `entry` among those that are. */
export const notAllowed = (host: string, entry = host): string =>
  `${host} is not allowed: --network-allow ${entry}, or createCluster({ network: { mode: 'loopback', allow: ['${entry}'] } })`;

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
