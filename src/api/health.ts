import type { Exchange } from './http.js';

/** Name → what is wrong, or nothing. */
export type HealthChecks = Readonly<Record<string, () => string | undefined>>;

/**
 * `/healthz`, `/livez` and `/readyz`, with `?verbose`, `?exclude=NAME`, and each check by itself below them.
 * @param path segments of the path, from the endpoint on: `['livez']`, `['livez', 'ping']`
 * @returns false if there is no such check
 */
export function sendHealth(exchange: Exchange, path: readonly string[], checks: HealthChecks): boolean {
  const [endpoint, only] = path;
  if (path.length > 2 || (only && !checks[only])) return false;
  const excluded = exchange.query.getAll('exclude');
  const lines: string[] = [];
  let failed = false;
  for (const [name, check] of Object.entries(checks)) {
    if (only && name !== only) continue;
    if (excluded.includes(name)) {
      lines.push(`[+]${name} excluded: ok`);
      continue;
    }
    const problem = check();
    failed ||= problem !== undefined;
    lines.push(problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`);
  }
  if (failed) exchange.text(500, `${lines.join('\n')}\n${endpoint} check failed\n`);
  else if (exchange.query.has('verbose')) exchange.text(200, `${lines.join('\n')}\n${endpoint} check passed\n`);
  else exchange.text(200, 'ok');
  return true;
}
