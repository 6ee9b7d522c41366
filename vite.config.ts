import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the playground's page into dist/playground; `src/graphql/playground.ts` serves it at /graphql. */
export default defineConfig({
  root: at('src/playground'),
  base: '/graphql/',
  build: {
    outDir: at('dist/playground'),
    emptyOutDir: true,
    // The page asks for nothing that was not built: no preload helper for browsers that need none.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
});
