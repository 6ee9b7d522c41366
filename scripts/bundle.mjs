// The program as a few files, since loading hundreds of them takes time with each start, and more the more there are. What is
// imported when first needed stays in files of its own. All but the entries lie in chunks/, from where the paths to data/, schema/
// and migrations/ are the same as from src/<room>/.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Puts the program together, by esbuild's own defaults for Node but that packages are not put in.
 *
 * @param {string} folder where to
 */
export async function bundle(folder) {
  await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: [
      { in: 'src/index.ts', out: 'index' },
      { in: 'src/cli/main.ts', out: 'cli/main' },
      { in: 'src/fixture/vitest.ts', out: 'fixture/vitest' },
      { in: 'src/fixture/jest.ts', out: 'fixture/jest' },
      { in: 'src/fixture/assert.ts', out: 'fixture/assert' },
      // A thread of its own, which is started by its path beside the one who starts it.
      { in: 'src/store/checkpointer.js', out: 'chunks/checkpointer' },
    ],
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
}
