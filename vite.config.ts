import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The pages and where each is served. `vite build --mode <page>` builds one from src/<page> into dist/<page>. */
const PAGES: Record<string, string> = { dashboard: '/', playground: '/graphql/' };

export default defineConfig(({ mode }) => {
  const page = mode in PAGES ? mode : 'dashboard';
  return {
    root: at(`src/${page}`),
    base: PAGES[page]!,
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: page === 'dashboard' ? { jsx: { runtime: 'automatic', importSource: 'preact' } } : {},
    build: {
      outDir: at(`dist/${page}`),
      emptyOutDir: true,
      // The page asks for nothing that was not built: no preload helper for browsers that need none.
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 2000,
    },
  };
});
