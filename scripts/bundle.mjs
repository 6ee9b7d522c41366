// The program as a few files, since loading hundreds of them takes time with each start, and more the more there are. What is
// imported when first needed stays in files of its own. All but the entries lie in chunks/, from where the paths to data/, schema/
// and migrations/ are the same as from src/<room>/.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** By esbuild's own defaults for Node but that packages are not put in. */
const USUAL = {
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
};

/** A thread of its own, which is started by its path beside the one who starts it. */
const CHECKPOINTER = 'src/store/checkpointer.js';

/**
 * Puts the program together.
 *
 * @param {string} folder where to
 */
export async function bundle(folder) {
  await build({
    ...USUAL,
    entryPoints: [
      { in: 'src/index.ts', out: 'index' },
      { in: 'src/cli/main.ts', out: 'cli/main' },
      { in: 'src/fixture/vitest.ts', out: 'fixture/vitest' },
      { in: 'src/fixture/jest.ts', out: 'fixture/jest' },
      { in: 'src/fixture/jest-globals.ts', out: 'fixture/jest-globals' },
      { in: 'src/fixture/assert.ts', out: 'fixture/assert' },
      { in: CHECKPOINTER, out: 'chunks/checkpointer' },
    ],
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    format: 'esm',
  });
}

/** All of it in one file, since CommonJS modules that are put together share no parts. */
const LIBRARY = `
export * as index from './src/index.ts';
export * as assert from './src/fixture/assert.ts';
export { createCluster } from './src/cluster/create.ts';
export { expectMatchers } from './src/fixture/extend.ts';
export { report } from './src/fixture/report.ts';
`;

/**
 * Puts the library together once more for who requires it, such as Jest, which cannot require ES modules. It lies as deep as chunks/, so
 * that it finds the same files.
 *
 * @param {string} folder where to: a folder beside chunks/
 */
export async function bundleCommonJs(folder) {
  const commonJs = {
    ...USUAL,
    format: 'cjs',
    // Jest knows no other way to import what is imported when first needed.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  };
  // Jest's hooks and `expect` are there for who asks for them alone.
  const library = {
    name: 'library',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\./ }, ({ kind }) =>
        kind === 'entry-point' ? undefined : { path: '../library.js', external: true },
      ),
  };
  await Promise.all([
    build({
      ...commonJs,
      stdin: { contents: LIBRARY, resolveDir: USUAL.absWorkingDir, sourcefile: 'library.ts', loader: 'ts' },
      outfile: join(folder, 'library.js'),
    }),
    build({ ...commonJs, entryPoints: [CHECKPOINTER], outfile: join(folder, 'checkpointer.js') }),
    build({
      ...commonJs,
      entryPoints: ['src/fixture/jest.ts'],
      outfile: join(folder, 'fixture/jest.js'),
      plugins: [library],
    }),
  ]);
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  writeFileSync(join(folder, 'index.js'), "module.exports = require('./library.js').index;\n");
  writeFileSync(join(folder, 'fixture/jest-globals.js'), "module.exports = require('./jest.js');\n");
  writeFileSync(join(folder, 'fixture/assert.js'), "module.exports = require('../library.js').assert;\n");
}
