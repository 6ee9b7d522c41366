import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import type { ClockControl, ForkControl } from '../admin/control.js';
import type { World } from '../explain/what-if.js';
import type { Registry } from '../registry/registry.js';
import type { User } from '../registry/types.js';
import type { Moment } from '../store/log.js';
import type { GraphService, NetworkService } from './context.js';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js';
import { Pasts } from './pasts.js';
import { servePlayground } from './playground.js';

export interface GraphqlOptions {
  readonly registry: Registry;
  /** Who makes a request, to see what that user may see over REST; without it, everything. */
  readonly userOf?: ((request: IncomingMessage) => User) | undefined;
  /** The version of Kubernetes whose behaviour this is: `v1.35.0`. */
  readonly version: string;
  /** Makes a world of its own, now or at an earlier moment, in which something can be tried; without it, nothing can. */
  readonly fork?: ((at: Moment | undefined) => Promise<World>) | undefined;
  /** Sets the clock going, and moves it; without, nobody does. */
  readonly clock?: ClockControl | undefined;
  /** What answers with real sockets; without, nothing does. */
  readonly network?: NetworkService | undefined;
  /** Forks with an address, as this cluster has them made of itself; without, there are none. */
  readonly forks?: ForkControl | undefined;
  /** What one request may ask for; {@link DEFAULT_LIMITS} where nothing is said. */
  readonly limits?: Partial<Limits>;
  /** Is given the errors that clients do not get to see: our own faults. */
  readonly report?: (error: unknown) => void;
}

export interface Graphql {
  /** To be mounted at `/graphql`: the API for programs, the playground for browsers. */
  readonly middleware: RequestHandler;
  /** Answers a WebSocket upgrade at `/graphql`; for the `upgrade` event of the HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends subscriptions and lets requests in flight finish. */
  close(): Promise<void>;
}

/**
 * GraphQL over HTTP, WebSocket and server-sent events, and its playground. Nothing of it is loaded before the first request: a cluster that is
 * never asked does not pay for it.
 */
export function createGraphql(options: GraphqlOptions): Graphql {
  const { registry, version, fork, forks, clock, network, userOf = () => undefined, report = () => {} } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const pasts = new Pasts(registry);
  const whatIfs = fork && once(async () => new (await import('./what-ifs.js')).WhatIfs(fork, pasts, limits.whatIfMs));
  const service: GraphService = { registry, pasts, whatIfs, userOf, version, forks, clock, network, limits, report };
  const http = once(async () => (await import('./http.js')).startHttp(service));
  const sse = once(async () => (await import('./sse.js')).startSse(service));
  const websocket = once(async () => (await import('./websocket.js')).startWebSocket(service));

  return {
    middleware(request, response, next) {
      if (request.path === '/stream') sse().then(server => server.handle(request, response), next);
      else if (!servePlayground(request, response)) http().then(server => server.handle(request, response), next);
    },
    upgrade(request, socket, head) {
      websocket().then(
        server => server.upgrade(request, socket, head),
        error => {
          report(error);
          socket.destroy();
        },
      );
    },
    async close() {
      await Promise.all([http, sse, websocket].map(transport => transport.started()?.then(server => server.close())));
    },
  };
}

/** Calls `start` the first time only; `started()` tells whether that has happened. */
function once<T>(start: () => Promise<T>): (() => Promise<T>) & { started(): Promise<T> | undefined } {
  let promise: Promise<T> | undefined;
  return Object.assign(() => (promise ??= start()), { started: () => promise });
}
