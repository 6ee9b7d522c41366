import type { Exchange } from './http.js';

/** Name → what is wrong, or nothing. */
export type HealthChecks = Readonly<Record<string, () => string | undefined>>;

/**
 * What kube-apiserver starts up with. Here all of it stands before the first request is answered; the names are kept for those who
 * look for them.
 */
const STARTED = [
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/start-apiextensions-informers',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
  'poststarthook/start-system-namespaces-controller',
  'poststarthook/start-cluster-authentication-info-controller',
  'poststarthook/start-service-ip-repair-controllers',
  'poststarthook/scheduling/bootstrap-system-priority-classes',
  'poststarthook/bootstrap-controller',
  'poststarthook/start-kube-aggregator-informers',
  'poststarthook/apiservice-registration-controller',
  'poststarthook/apiservice-discovery-controller',
  'poststarthook/kube-apiserver-autoregistration',
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
];

const fine = () => undefined;

/**
 * The checks by upstream's names; `etcd` is the store.
 * @param storeFailure why nothing can be stored, or undefined
 */
export function healthChecks(storeFailure: () => string | undefined): HealthChecks {
  return {
    ping: fine,
    log: fine,
    etcd: storeFailure,
    'informer-sync': fine,
    ...Object.fromEntries(STARTED.map(name => [name, fine])),
  };
}

const ENDPOINTS = ['healthz', 'livez', 'readyz'];

/** The paths of all checks. */
export function healthPaths(checks: HealthChecks): string[] {
  return ENDPOINTS.flatMap(endpoint => {
    const own = Object.keys(checks).filter(name => endpoint === 'readyz' || !READINESS.has(name));
    return [`/${endpoint}`, ...own.map(name => `/${endpoint}/${name}`)];
  });
}

/** Upstream has these for `/readyz` alone. */
const READINESS: ReadonlySet<string> = new Set(['informer-sync']);

/**
 * `/healthz`, `/livez` and `/readyz`, with `?verbose`, `?exclude=NAME`, and each check by itself below them.
 * @param path segments of the path, from the endpoint on: `['livez']`, `['livez', 'ping']`
 * @returns false if there is no such check
 */
export function sendHealth(exchange: Exchange, path: readonly string[], checks: HealthChecks): boolean {
  const [endpoint, ...rest] = path;
  const only = rest.join('/');
  if (only && !checks[only]) return false;
  const excluded = exchange.query.getAll('exclude');
  const lines: string[] = [];
  let failed = false;
  for (const [name, check] of Object.entries(checks)) {
    if (only ? name !== only : READINESS.has(name) && endpoint !== 'readyz') continue;
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
