import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { type ApiHandler, createApiHandler } from '../api/server.js';
import type { Runtime } from '../controllers/runtime/runtime.js';
import { createGraphql, type Graphql } from '../graphql/server.js';
import type { Registry } from '../registry/registry.js';
import { KUBERNETES_VERSION } from './version.js';

export interface AppOptions {
  readonly registry: Registry;
  readonly runtime: Runtime;
  readonly token?: string | undefined;
  readonly onError: (where: string, error: unknown) => void;
}

/** Everything the cluster answers over HTTP. */
export interface App {
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** The Kubernetes paths are answered by a bare handler; only what is left goes to Express, which is loaded when first needed. */
export function createApp({ registry, runtime, token, onError }: AppOptions): App {
  const api: ApiHandler = createApiHandler({
    registry,
    version: KUBERNETES_VERSION,
    token,
    queueDepths: () => runtime.depths(),
  });
  const graphql = createGraphql({ registry, version: KUBERNETES_VERSION, report: error => onError('graphql', error) });
  let shell: Promise<Express> | undefined;
  return {
    handle(request, response) {
      if (api.handle(request, response)) return;
      shell ??= createShell(api, graphql);
      shell.then(
        express => express(request, response),
        error => {
          onError('http', error);
          response.writeHead(500).end();
        },
      );
    },
    upgrade(request, socket, head) {
      if (!api.admits(request)) socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      else if (request.url?.split('?', 1)[0] === '/graphql') graphql.upgrade(request, socket, head);
      else socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    },
    async close() {
      api.close();
      await graphql.close();
    },
  };
}

async function createShell(api: ApiHandler, graphql: Graphql): Promise<Express> {
  const { default: express } = await import('express');
  const shell = express();
  shell.disable('x-powered-by');
  shell.use('/graphql', graphql.middleware);
  shell.get('/', (_request, response) => response.redirect('/graphql'));
  shell.use((request, response) => api.notFound(request, response));
  return shell;
}
