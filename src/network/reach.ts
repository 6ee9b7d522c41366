import type { NetworkOptions } from './options.js';

/** Which hosts outside the cluster may be reached from within. */
export interface Reach {
  /** Whether the operator said so, by a name or an address. */
  isAllowed(host: string, port: number): boolean;
  /** Whether pods may hand connections on to it: this machine itself, and what is allowed. */
  mayReach(host: string, port: number): boolean;
}

export function reachOf({ allow = [] }: Partial<NetworkOptions> = {}): Reach {
  const isAllowed = (host: string, port: number) => ['*', host, `${host}:${port}`].some(entry => allow.includes(entry));
  return { isAllowed, mayReach: (host, port) => isLoopback(host) || isAllowed(host, port) };
}

/** Says of a host that it is not allowed, and how it would be: by `entry` among those that are. */
export const notAllowed = (host: string, entry = host): string =>
  `${host} is not allowed: --network-allow ${entry}, or createCluster({ network: { mode: 'loopback', allow: ['${entry}'] } })`;

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
