import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Result } from 'axe-core';
import { type BrowserContextOptions, chromium as launcher, type Page } from 'playwright-core';
import { chromium } from './chromium.js';

export const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
/** Where the screenshots go, to be looked at. */
const SCREENSHOTS = at('.cache/screenshots');

/** The path of the browser; undefined where there is none and none can be installed. */
export const executablePath = chromium();

/** A browser without a way to any other machine, and what it had to complain of. */
export interface Surfer {
  readonly page: Page;
  /** Requests for anything but this machine; all of them are cut off. */
  readonly foreign: readonly string[];
  /** Errors of scripts, console and HTTP. */
  readonly complaints: string[];
  screenshot(name: string): Promise<void>;
  /** What axe-core finds serious or critical, in one line each. */
  barriers(): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens a browser; the pages are built first where they have changed since. */
export async function surf(options: BrowserContextOptions = {}): Promise<Surfer> {
  await buildPages();
  mkdirSync(SCREENSHOTS, { recursive: true });
  const browser = await launcher.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    locale: 'en-US',
    ...options,
  });
  const foreign: string[] = [];
  const complaints: string[] = [];
  await context.route('**', route => {
    const { hostname, protocol } = new URL(route.request().url());
    if (protocol === 'data:' || protocol === 'blob:' || hostname === '127.0.0.1') return route.continue();
    foreign.push(route.request().url());
    return route.abort();
  });
  const page = await context.newPage();
  page.on('pageerror', error => complaints.push(`page: ${error.message}`));
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('response', response => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return {
    page,
    foreign,
    complaints,
    async screenshot(name) {
      await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
    },
    async barriers() {
      // The page lets no foreign script in: it is brought by the debugger.
      await page.evaluate(AXE);
      const violations = await page.evaluate(() =>
        (globalThis as unknown as { axe: { run(): Promise<{ violations: Result[] }> } }).axe
          .run()
          .then(r => r.violations),
      );
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`);
    },
    close: () => browser.close(),
  };
}

const AXE = (await import('axe-core')).default.source;

/** Builds the pages that have changed since they were built. Whoever comes second waits for whoever builds. */
async function buildPages(): Promise<void> {
  const lock = at('dist/.building');
  for (;;) {
    const stale = ['dashboard', 'playground'].filter(isStale);
    if (stale.length === 0) return;
    try {
      mkdirSync(lock);
    } catch {
      await sleep(200);
      continue;
    }
    try {
      for (const page of stale) {
        const vite = at('node_modules/vite/bin/vite.js');
        // As they are shipped: under a test's NODE_ENV, React's half would be that for development.
        const env = { ...process.env, NODE_ENV: 'production' };
        execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error', '--mode', page], { cwd: at('.'), env });
      }
    } finally {
      rmdirSync(lock);
    }
  }
}

function isStale(page: string): boolean {
  const index = at(`dist/${page}/index.html`);
  if (!existsSync(index)) return true;
  const built = statSync(index).mtimeMs;
  const source = at(`src/${page}`);
  return (readdirSync(source, { recursive: true }) as string[]).some(f => statSync(join(source, f)).mtimeMs > built);
}
