import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from '../support/installed.js';

/** A Node of its own, and the folder in which it is to run. */
export interface NewerNode {
  readonly node: string;
  readonly folder: string;
}

/** What `newer-node/package.json` asks for. A test that gets `undefined` is to be skipped, and the reason has been printed. */
export function newerNode(): NewerNode | undefined {
  const folder = installed(fileURLToPath(new URL('newer-node', import.meta.url)), 'a newer Node');
  if (!folder) return undefined;
  try {
    const require = createRequire(join(folder, 'package.json'));
    const manifest = require.resolve(`node-${process.platform}-${process.arch}/package.json`);
    return { node: join(manifest, '../bin/node'), folder };
  } catch (error) {
    console.warn(`tests with a newer Node are skipped: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
