// All of dist/ but the pages: the program, the same as CommonJS, and the types of both.
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundle, bundleCommonJs } from './bundle.mjs';
import { sdl } from './sdl.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = createRequire(import.meta.url).resolve('typescript/package.json');

/** What there is for who requires it: by module, as in dist/. */
const REQUIRED = ['index', 'fixture/jest', 'fixture/jest-globals', 'fixture/assert'];

/**
 * Builds it.
 *
 * @param {string} folder where to
 */
export async function library(folder) {
  const tsc = join(dirname(manifest), 'bin/tsc');
  const types = ['--project', 'tsconfig.json', '--emitDeclarationOnly', '--outDir', folder];
  await Promise.all([
    bundle(folder),
    bundleCommonJs(join(folder, 'cjs')),
    promisify(execFile)(process.execPath, [tsc, ...types], { cwd: root }),
  ]);
  typesOfCommonJs(folder, join(folder, 'cjs'));
  // For tools that want the SDL as one file: `kubette/schema.graphql`.
  writeFileSync(join(folder, 'schema.graphql'), sdl());
}

/** Copies the types of what can be required to where they count as those of CommonJS modules. */
function typesOfCommonJs(from, to) {
  const seen = new Set();
  const follow = file => {
    if (seen.has(file)) return;
    seen.add(file);
    const copy = join(to, relative(from, file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
    for (const [, target] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g))
      follow(join(dirname(file), `${target}.d.ts`));
  };
  for (const name of REQUIRED) follow(join(from, `${name}.d.ts`));
}
