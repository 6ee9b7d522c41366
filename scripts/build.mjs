#!/usr/bin/env node
// Builds dist/: the program by esbuild, its types by tsc, the pages by Vite.
//
// npm runs this as `prepare` after `npm install` in a clone and before `npm pack`, never where Kubette is a dependency from
// a registry: the package brings its dist/ along.
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** The executable of an installed package; undefined if it is not installed. */
function executable(name, bin = name) {
  try {
    const manifest = require.resolve(`${name}/package.json`);
    return join(dirname(manifest), require(manifest).bin[bin]);
  } catch {
    return undefined;
  }
}

/** Waits for a tool; prints what it said and ends the build if it fails. */
async function done(work) {
  try {
    await work;
  } catch (error) {
    process.stderr.write(`${error.stdout ?? ''}${error.stderr ?? error}\n`);
    process.exit(1);
  }
}

const run = (tool, ...args) => done(promisify(execFile)(process.execPath, [tool, ...args], { cwd: root }));

/** Puts the program into dist/. */
async function program() {
  const { library } = await import('./library.mjs');
  await library(join(root, 'dist'));
  const door = readFileSync(join(root, 'dist/index.js'), 'utf8');
  if (door.includes('import.meta.url'))
    throw new Error('dist/index.js looks for files beside itself: they are elsewhere');
}

const tsc = executable('typescript', 'tsc');
const vite = executable('vite');
if (!tsc || !vite) {
  // `npm install --omit=dev`: nothing to build with. That is well if somebody has built before.
  const built = existsSync(join(root, 'dist/cli/main.js'));
  console.error(
    `kubette: development dependencies are not installed, ${built ? 'keeping dist/ as it is' : 'dist/ is not built'}`,
  );
  process.exit(0);
}

// What a former build left behind must not get into a package.
rmSync(join(root, 'dist'), { recursive: true, force: true });
await Promise.all([
  done(program()),
  run(vite, 'build', '--logLevel', 'error', '--mode', 'playground'),
  run(vite, 'build', '--logLevel', 'error', '--mode', 'dashboard'),
]);

const cli = join(root, 'dist/cli/main.js');
if (existsSync(cli)) chmodSync(cli, 0o755);
