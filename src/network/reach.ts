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

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
