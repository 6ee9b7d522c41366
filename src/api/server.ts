import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Access } from '../access/access.js';
import type { User } from '../access/user.js';
import { Random } from '../clock/random.js';
import type { Faults } from '../faults/faults.js';
import type { Journal } from '../faults/journal.js';
import { authorizePath } from '../registry/authorize.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import { Discovery, wantsAggregated } from './discovery.js';
import { Disturbances } from './disturbances.js';
import { methodNotAllowed, unknownResource } from './errors.js';
import { FlowControl } from './flow-control.js';
import { createGuard, type GuardOptions } from './guard.js';
import { healthChecks, healthPaths, sendHealth } from './health.js';
import { type Answered, Exchange, type Host, JSON_TYPE, type Stream, type Upgrade } from './http.js';
import { impersonated } from './impersonation.js';
import { Journaling } from './journaling.js';
import { METRICS_TYPE, Metrics } from './metrics.js';
import { checkAcceptsJson, type FormsName } from './negotiate.js';
import type { OpenApi } from './openapi.js';
import { sendOpenId } from './openid.js';
import { ClusterProxy } from './proxy.js';
import { RemoteGroups } from './remote-groups.js';
import { ResourceApi } from './resources.js';
import { type GroupVersion, Routes, type Target } from './routes.js';
import { Streaming } from './streaming/index.js';
import { versionInfo } from './version-info.js';
import { Watchers } from './watch.js';

export interface ApiOptions extends GuardOptions {
  readonly registry: Registry;
  /** Who may do what, and the tokens by which service accounts are known. */
  readonly access: Access;
  /** Whoever runs the pods' containers: for their logs, and what is done in them. */
  readonly runtime: ContainerRuntime;
  /** The version of Kubernetes whose behaviour this is: `v1.35.0`. */
  readonly version: string;
  /** What the paths of this API stand behind, where it is not alone on its server: `/forks/x`. It is taken off before requests get here. */
  readonly path?: string | undefined;
  /** Answers for what is not Kubernetes' own, at paths that begin with this root; false for paths that are none. */
  readonly admin?:
    | { readonly root: string; answer(exchange: Exchange, segments: readonly string[]): boolean }
    | undefined;
  /** What is to go wrong with requests. */
  readonly faults?: Faults | undefined;
  /** Where requests are noted, if they are. */
  readonly journal?: Journal | undefined;
  /** Controller → keys waiting, for `/metrics`. */
  readonly queueDepths?: (() => Readonly<Record<string, number>>) | undefined;
  /** Hears of every request that the API answered: for an access log. */
  readonly onAnswered?: ((answered: Answered) => void) | undefined;
}

export interface ApiHandler {
  /**
   * Answers a request that is the API's own, or may not be made at all, and returns true; leaves others alone and returns false.
   * @param beyond who answers others, for those that are to go wrong
   */
  handle(req: IncomingMessage, res: ServerResponse, beyond?: () => void): boolean;
  /**
   * Answers a request for a WebSocket that is the API's own and returns true; leaves others alone and returns false.
   * @param res on the same socket, for what is answered without a WebSocket after all.
   */
  upgrade(req: IncomingMessage, res: ServerResponse, socket: Duplex, head: Buffer): boolean;
  /** Whether a request may be made: who makes it, and the name that it calls the server by. */
  admits(req: IncomingMessage): boolean;
  /**
   * Who makes a request, in whose name.
   * @throws StatusError 401, 403, 500: whoever may not ask, and whoever may not ask in another's name
   */
  who(req: IncomingMessage): User;
  /** Answers 404 as any web server does: where no API is, upstream answers no `Status`. */
  notFound(req: IncomingMessage, res: ServerResponse): void;
  /** The text of `/metrics`. */
  metrics(): Promise<string>;
  /** Open watches. */
  readonly watchers: number;
  /** Ends all watches and streams, so that the server can close. Clients resume them elsewhere or later. */
  close(): void;
}

/** A WebSocket that was asked for: to be written to, or to be taken up by whoever speaks a protocol of its own in it. */
interface Offer {
  takeUp(binary: boolean): Stream;
  connection(): Upgrade;
}

/** How many digits of an audit id are counted up. */
const AUDIT_DIGITS = 12;
const NO_QUERY = new URLSearchParams();

/**
 * The REST API for `node:http`: `/api /apis /openapi /version /metrics /healthz /livez /readyz`. Meant to see a request
 * before any framework does, since a framework's routing costs several times what answering does.
 */
export function createApiHandler(options: ApiOptions): ApiHandler {
  const { registry, access, admin, path: prefix = '' } = options;
  const { authorizer } = access;
  const guard = createGuard(options, access.tokens);
  const routes = new Routes(registry.kinds);
  const remote = new RemoteGroups(registry);
  const discovery = new Discovery(routes, () => remote.groupVersions());
  const watchers = new Watchers(registry);
  const streaming = new Streaming(registry, options.runtime);
  const resources = new ResourceApi(
    registry,
    watchers,
    { ...access, guard },
    streaming,
    new ClusterProxy(registry, options.runtime, prefix),
  );
  const metrics = new Metrics({
    revision: () => registry.revision,
    watchers: () => watchers.size,
    queueDepths: options.queueDepths,
  });
  const checks = healthChecks(() => registry.log.failure);
  let openApi: Promise<OpenApi> | undefined;

  const flowControl = new FlowControl(registry);
  const disturbances =
    options.faults && new Disturbances(registry, options.faults, admin && `/${admin.root}/v1/faults`);
  const stopBreaking = options.faults?.onRestart(() => watchers.breakOff());
  const journaling = options.journal && new Journaling(options.journal, admin?.root);
  // Dice of its own: who asks must not change what names objects get. What differs between two requests is the last part.
  const auditId = new Random('audit').uuid().slice(0, -AUDIT_DIGITS);
  let requests = 0;
  const host: Host = {
    onAnswered(answered, exchange) {
      metrics.observe(answered);
      journaling?.answered(answered, exchange);
      options.onAnswered?.(answered);
    },
    onBegan: (answered, exchange) => journaling?.began(answered, exchange),
    newAuditId: () => auditId + (requests++).toString(16).padStart(AUDIT_DIGITS, '0'),
    servedBy: exchange => flowControl.headersFor(exchange),
  };

  /** Throws what the client is to be told. */
  function route(exchange: Exchange, path: string): void {
    const segments = segmentsOf(path);
    const target = targetOf(segments);
    if (disturbances?.concern(exchange.req) && segments[0] !== admin?.root) {
      const usual = !isHealth(path) && segments[0] !== 'metrics';
      disturbances.meet(exchange, target, path, usual, () => answer(exchange, target, segments, path));
    } else {
      answer(exchange, target, segments, path);
    }
  }

  function answer(exchange: Exchange, target: Target | undefined, segments: string[], path: string): void {
    const [root] = segments;
    if (target) {
      resources.handle(exchange, target);
      return;
    }
    if (!isHealth(path)) authorizePath(authorizer, exchange.user, exchange.verb, path);
    if (root === '') {
      sendIndex(exchange);
    } else if (root === 'api') {
      if (segments.length === 1) sendGroups(exchange, true);
      else sendGroup(exchange, { group: '', version: segments[1]! }, segments, 2);
    } else if (root === 'apis') {
      if (segments.length === 1) sendGroups(exchange, false);
      else if (segments.length === 2) sendNegotiated(exchange, discovery.group(segments[1]!), 'document');
      else sendGroup(exchange, { group: segments[1]!, version: segments[2]! }, segments, 3);
    } else if (root === 'openapi') {
      sendOpenApi(exchange, segments);
    } else if (root === 'version') {
      checkAcceptsJson(exchange.req.headers.accept);
      readOnly(exchange);
      if (segments.length === 1) exchange.json(200, versionInfo(options.version));
      else sendNoPage(exchange);
    } else if (root === 'metrics') {
      sendMetrics(exchange);
    } else if (root === 'openid' || root === '.well-known') {
      if (!sendOpenId(exchange, segments, access.tokens, prefix)) sendNoPage(exchange);
    } else if (root === admin?.root) {
      if (!admin!.answer(exchange, segments)) sendNoPage(exchange);
    } else if (!sendHealth(exchange, segments, checks)) {
      sendNoPage(exchange);
    }
  }

  function targetOf(segments: string[]): Target | undefined {
    const [root, first = '', second = ''] = segments;
    if (root === 'api')
      return segments.length > 2 ? routes.target({ group: '', version: first }, segments, 2) : undefined;
    if (root !== 'apis' || segments.length <= 3) return undefined;
    return routes.target({ group: first, version: second }, segments, 3);
  }

  function sendGroup(exchange: Exchange, groupVersion: GroupVersion, segments: string[], at: number): void {
    if (remote.answersFor(groupVersion)) {
      exchange.text(503, 'service unavailable\n');
      return;
    }
    const builtIn = routes.isBuiltIn(groupVersion.group);
    const document = segments.length === at ? discovery.resources(groupVersion) : undefined;
    if (document) {
      sendNegotiated(exchange, document, builtIn ? 'whole' : 'document');
      return;
    }
    const parent = routes.parent(groupVersion, segments, at);
    if (parent) throw StatusError.notFound(parent.definition, parent.name);
    if (builtIn) throw unknownResource();
    sendNoPage(exchange);
  }

  function sendGroups(exchange: Exchange, core: boolean): void {
    const version = wantsAggregated(exchange.req.headers.accept);
    if (!version) {
      if (core) sendNegotiated(exchange, discovery.versions(exchange.req.headers.host ?? ''), 'whole');
      else sendNegotiated(exchange, discovery.groups(), 'document');
      return;
    }
    readOnly(exchange);
    const { body, etag } = discovery.aggregated(core, version);
    exchange.document(etag, `${JSON_TYPE};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`, body);
  }

  function sendIndex(exchange: Exchange): void {
    readOnly(exchange);
    const paths = [...discovery.paths(), ...healthPaths(checks), ...DOCUMENTS].sort();
    exchange.json(200, { paths });
  }

  function sendMetrics(exchange: Exchange): void {
    readOnly(exchange);
    metrics.text().then(
      text => exchange.text(200, text, METRICS_TYPE),
      error => exchange.fail(error),
    );
  }

  /** Loaded when first asked for: these documents are large, and many a cluster is never asked for them. */
  function sendOpenApi(exchange: Exchange, segments: string[]): void {
    readOnly(exchange);
    openApi ??= import('./openapi.js').then(module => new module.OpenApi(routes, options.version, prefix));
    openApi
      .then(documents => {
        if (!documents.send(exchange, segments)) sendNoPage(exchange);
      })
      .catch(error => exchange.fail(error));
  }

  function exchangeOf(req: IncomingMessage, res: ServerResponse, question: number, offer?: Offer): Exchange {
    const query = question < 0 ? NO_QUERY : new URLSearchParams(req.url!.slice(question + 1));
    return new Exchange(req, res, query, host, offer?.takeUp, offer?.connection);
  }

  function handle(req: IncomingMessage, res: ServerResponse, offer?: Offer, beyond?: () => void): boolean {
    const url = req.url!;
    const question = url.indexOf('?');
    const path = question < 0 ? url : url.slice(0, question);
    const ours = isOurs(url) || isIndex(req, path) || isAdmin(path);
    if (ours && !isWellFormed(path)) {
      sendBadRequest(res);
      return true;
    }
    let user: User | undefined;
    let refused: unknown;
    try {
      if (!isHealth(url)) user = who(req);
      if (!ours) {
        authorizePath(authorizer, user!, req.method!.toLowerCase(), path);
        if (!beyond || !disturbances?.concern(req)) return false;
      }
    } catch (error) {
      refused = error;
    }
    const exchange = exchangeOf(req, res, question, offer);
    try {
      if (refused) {
        // A browser asks its user, and goes on with what it is told: for the playground.
        if (StatusError.is(refused, 'Unauthorized') && req.headers.accept?.includes('text/html')) {
          res.setHeader('WWW-Authenticate', 'Basic realm="Kubette: any name, and the token as the password"');
        }
        throw refused;
      }
      if (user) exchange.user = user;
      exchange.admitted = true;
      if (ours) route(exchange, path);
      else disturbances!.meet(exchange, undefined, path, false, beyond!);
    } catch (error) {
      exchange.fail(error);
    }
    return true;
  }

  function isAdmin(path: string): boolean {
    return admin !== undefined && path.startsWith(`/${admin.root}/`);
  }

  function who(req: IncomingMessage): User {
    return impersonated(req, guard.who(req), authorizer);
  }

  return {
    handle: (req, res, beyond) => handle(req, res, undefined, beyond),
    who,
    upgrade(req, res, socket, head) {
      if (!isOurs(req.url!) || !/^websocket$/i.test(req.headers.upgrade ?? '')) return false;
      // Loaded when first asked for, as most clusters never are.
      import('./websocket.js').then(
        ({ acceptWebSocket }) =>
          handle(req, res, {
            takeUp: binary => acceptWebSocket({ req, res, socket, head }, binary),
            connection() {
              res.detachSocket(socket as Socket);
              return { socket, head };
            },
          }),
        error => exchangeOf(req, res, -1).fail(error),
      );
      return true;
    },
    admits(req) {
      try {
        authorizePath(authorizer, who(req), req.method!.toLowerCase(), req.url!.split('?', 1)[0]!);
        return true;
      } catch {
        return false;
      }
    },
    notFound: (req, res) => sendNoPage(exchangeOf(req, res, req.url!.indexOf('?'))),
    metrics: () => metrics.text(),
    get watchers() {
      return watchers.size;
    },
    close() {
      stopBreaking?.();
      disturbances?.close();
      watchers.close();
      streaming.close();
    },
  };
}

/** Paths that are no resources'. */
const DOCUMENTS = [
  '/.well-known/openid-configuration',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/openid/v1/jwks',
  '/version',
];
const ROOTS = ['api', 'apis', 'openapi', 'version', 'metrics', 'healthz', 'livez', 'readyz', 'openid', '.well-known'];

/** Whether the path is one of the API's. Cheap, since every request of the whole server passes here. */
function isOurs(url: string): boolean {
  if (url.startsWith('/api/v1/')) return true;
  let end = 1;
  while (end < url.length && url[end] !== '/' && url[end] !== '?') end++;
  return ROOTS.includes(url.slice(1, end));
}

/** Whether this is a program that asks for the list of paths: people with a browser are led elsewhere. */
function isIndex({ headers }: IncomingMessage, path: string): boolean {
  return path === '/' && !headers.accept?.includes('text/html');
}

/** Probes have no token, and call the server by whatever name they know. */
function isHealth(url: string): boolean {
  return url.startsWith('/healthz') || url.startsWith('/livez') || url.startsWith('/readyz');
}

/** Whether every `%` begins a byte. */
const isWellFormed = (path: string) => !/%(?![0-9a-fA-F]{2})/.test(path);

/** A path that is none is refused before anybody asks whose it is, as Go's server does. */
function sendBadRequest(res: ServerResponse): void {
  res.writeHead(400, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  res.end('400 Bad Request');
}

/** The segments of a path, decoded first as Go's server does: an encoded slash parts them like any other. Slashes at the end say nothing. */
function segmentsOf(path: string): string[] {
  const text = path.includes('%') ? decode(path) : path;
  let end = text.length;
  while (text[end - 1] === '/') end--;
  return text.slice(1, end).split('/');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function readOnly(exchange: Exchange): void {
  if (exchange.req.method !== 'GET') throw methodNotAllowed();
}

/**
 * Answers with a document that there is in every media type.
 * @throws StatusError 405, 406
 */
function sendNegotiated(exchange: Exchange, document: object | undefined, forms: FormsName): void {
  if (!document) {
    sendNoPage(exchange);
    return;
  }
  // No router stands before upstream's lists of groups, to ask for a method.
  if (forms !== 'document') readOnly(exchange);
  exchange.forms = forms;
  exchange.object(200, exchange.accepted().media, JSON.stringify(document));
}

/** Where not even a group is, upstream answers like any web server. */
function sendNoPage(exchange: Exchange): void {
  exchange.text(404, '404 page not found\n');
}
