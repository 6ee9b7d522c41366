import { createRequire } from 'node:module';
import type { Database } from 'better-sqlite3';
import { StoreError } from './backend.js';

type Driver = new (path: string, options?: { timeout?: number }) => Database;

/**
 * Loads better-sqlite3, which is slow to load and not needed by clusters in memory.
 * @throws StoreError if this version of it would bring this version of Node down
 */
export function loadDriver(): Driver {
  const require = createRequire(import.meta.url);
  const { version } = require('better-sqlite3/package.json') as { version: string };
  const problem = driverProblem(version, process.versions);
  if (problem) throw new StoreError('failed', problem);
  return require('better-sqlite3') as Driver;
}

/** Why a version of better-sqlite3 must not be loaded: it would end the process instead of failing. */
export function driverProblem(version: string, { node, napi }: { node: string; napi?: string }): string | undefined {
  const major = Number.parseInt(version, 10);
  // Built for Node-API 10; older ones crash when it is loaded.
  if (major >= 13 && Number(napi) < 10) {
    return `better-sqlite3 ${version} needs Node 22.14 or newer, this is v${node}: install better-sqlite3@12, or run with --in-memory`;
  }
  // Since 24.19 Node ends the process when a garbage collection finds one of its statements.
  if (major < 13 && Number.parseInt(node, 10) >= 24) {
    return `better-sqlite3 ${version} crashes on Node 24 and newer, this is v${node}: install better-sqlite3@13, or run with --in-memory`;
  }
  return undefined;
}
