import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('newer-node', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/newer-node', import.meta.url));

/** A Node of its own, and the folder in which it is to run. */
export interface NewerNode {
  readonly node: string;
  readonly folder: string;
}

/**
 * What `newer-node/package.json` asks for, installed by npm the first time. A test that gets `undefined` is to be skipped, and the
 * reason has been printed.
 */
export function newerNode(): NewerNode | undefined {
  const marker = join(FOLDER, 'node_modules/.package-lock.json');
  const lock = readFileSync(join(PACKAGE, 'package-lock.json'), 'utf8');
  const copy = join(FOLDER, 'package-lock.json');
  try {
    if (!existsSync(marker) || readFileSync(copy, 'utf8') !== lock) {
      console.warn('tests: installing a newer Node (npm ci in test/clients/newer-node)');
      mkdirSync(FOLDER, { recursive: true });
      for (const file of ['package.json', 'package-lock.json']) cpSync(join(PACKAGE, file), join(FOLDER, file));
      execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'ignore' });
    }
    const manifest = createRequire(marker).resolve(`node-${process.platform}-${process.arch}/package.json`);
    return { node: join(manifest, '../bin/node'), folder: FOLDER };
  } catch (error) {
    console.warn(`tests with a newer Node are skipped: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
