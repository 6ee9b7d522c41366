import type { NetworkOptions } from '../../src/network/options.js';

/** Of which of the processes that run tests side by side this is one: 1, 2 … */
const lane = Number(process.env.VITEST_POOL_ID ?? 1) % 10;

/** A network at addresses that no other process of the same run uses. */
export const LOOPBACK = {
  mode: 'loopback',
  nodes: `127.${20 + lane}.0.0/16`,
  pods: `127.${30 + lane}.0.0/16`,
  services: `127.${40 + lane}.0.0/16`,
} as const satisfies NetworkOptions;
