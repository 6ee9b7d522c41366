import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: [
      { find: /^kubette$/, replacement: fileURLToPath(new URL('./src/index.ts', import.meta.url)) },
      {
        find: /^kubette\/(vitest|jest|jest-globals|assert)$/,
        replacement: fileURLToPath(new URL('./src/fixture/$1.ts', import.meta.url)),
      },
      // The build of graphql-js that Node takes. Vite would prefer another one, and two do not work together.
      { find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    reporters: ['default', './test/support/conformance-reporter.ts', './test/support/count-reporter.ts'],
    globalSetup: './test/support/scratch.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many clusters in one process are what Kubette promises, and loading its modules once saves a third of the time.
    isolate: false,
  },
});
