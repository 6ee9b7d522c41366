import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

/**
 * What the `package.json` and `package-lock.json` of a folder ask for, installed by npm elsewhere the first time: the folder there. A test
 * that gets `undefined` is to be skipped, and the reason has been printed.
 */
export function installed(source: string, what: string): string | undefined {
  const folder = join(CACHE, basename(source));
  const lock = readFileSync(join(source, 'package-lock.json'), 'utf8');
  const copy = join(folder, 'package-lock.json');
  try {
    if (!existsSync(join(folder, 'node_modules/.package-lock.json')) || readFileSync(copy, 'utf8') !== lock) {
      console.warn(`tests: installing ${what} (npm ci)`);
      mkdirSync(folder, { recursive: true });
      for (const file of ['package.json', 'package-lock.json']) cpSync(join(source, file), join(folder, file));
      execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' });
    }
    return folder;
  } catch (error) {
    console.warn(`tests with ${what} are skipped: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
