import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import type { Access } from '../access/access.js';
import {
  ADMIN_ROOT,
  type BehaviorControl,
  type ClockControl,
  type ForkControl,
  type SnapshotControl,
} from '../admin/control.js';
import type { BackgroundError } from '../admin/health.js';
import { createAdmin } from '../admin/rest.js';
import { type ApiHandler, createApiHandler } from '../api/server.js';
import type { Runtime } from '../controllers/runtime/runtime.js';
import { readCondition } from '../explain/condition.js';
import type { World } from '../explain/what-if.js';
import type { Faults } from '../faults/faults.js';
import type { Journal } from '../faults/journal.js';
import type { NetworkService } from '../graphql/context.js';
import { createGraphql, type Graphql } from '../graphql/server.js';
import type { Registry } from '../registry/registry.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import { Lifecycles } from '../stages/index.js';
import type { Moment } from '../store/log.js';
import { BuiltPage } from '../web/built-page.js';
import { exportedObjects } from './export.js';
import type { Forks } from './forks.js';
import { importObjects } from './import/index.js';
import { KUBERNETES_VERSION, kubetteVersion } from './version.js';

const dashboard = new BuiltPage('dashboard');

export interface AppOptions {
  readonly registry: Registry;
  readonly runtime: Runtime;
  readonly access: Access;
  readonly containers: ContainerRuntime;
  readonly token?: string | undefined;
  /** What the paths of this cluster stand behind, if it is a fork with an address; empty for others. */
  readonly path: string;
  /** Forks made of this cluster. */
  readonly forks: ForkControl;
  /** Forks that are served beside this cluster. */
  readonly beside: Forks;
  /** Makes a world of its own in which something can be tried. */
  readonly fork: (at: Moment | undefined) => Promise<World>;
  readonly clock: ClockControl;
  readonly snapshots: SnapshotControl;
  readonly behaviors: BehaviorControl;
  readonly faults: Faults;
  readonly journal: Journal;
  /** What answers with real sockets. */
  readonly network: NetworkService;
  /** The options of the cluster, without what is secret. */
  readonly settings: object;
  /** The newest faults in the background. */
  readonly errors: () => readonly BackgroundError[];
  readonly onError: (where: string, error: unknown) => void;
}

/** Everything the cluster answers over HTTP. */
export interface App {
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** The Kubernetes paths are answered by a bare handler; only what is left goes to Express, which is loaded when first needed. */
export function createApp(options: AppOptions): App {
  const {
    registry,
    runtime,
    access,
    containers,
    token,
    path,
    forks,
    beside,
    fork,
    clock,
    snapshots,
    behaviors,
    faults,
    journal,
    network,
    settings,
    errors,
    onError,
  } = options;
  const api: ApiHandler = createApiHandler({
    registry,
    access,
    version: KUBERNETES_VERSION,
    token,
    runtime: containers,
    path,
    admin: {
      root: ADMIN_ROOT,
      answer: createAdmin({
        registry,
        forks,
        snapshots,
        behaviors,
        stages: Lifecycles.of(registry),
        faults,
        journal,
        clock,
        conditions: wanted => readCondition(registry, wanted),
        settled: () => runtime.settled(),
        importObjects: objects => importObjects(registry, objects),
        exported: () => exportedObjects(registry),
        network: network.state,
        path,
        version: kubetteVersion,
        kubernetesVersion: KUBERNETES_VERSION,
        settings,
        errors,
        queueDepths: () => runtime.depths(),
        metrics: () => api.metrics(),
      }),
    },
    faults,
    journal: journal.size > 0 ? journal : undefined,
    queueDepths: () => runtime.depths(),
  });
  const graphql = createGraphql({
    registry,
    userOf: request => api.who(request),
    version: KUBERNETES_VERSION,
    forks,
    fork,
    clock,
    network,
    report: error => onError('graphql', error),
  });
  let shell: Promise<Express> | undefined;
  function handle(request: IncomingMessage, response: ServerResponse): void {
    if (!api.handle(request, response, () => beyond(request, response))) beyond(request, response);
  }
  function beyond(request: IncomingMessage, response: ServerResponse): void {
    if (beside.handle(request, response)) return;
    shell ??= createShell(api, graphql, path);
    shell.then(
      express => express(request, response),
      error => {
        onError('http', error);
        response.writeHead(500).end();
      },
    );
  }
  return {
    handle,
    upgrade(request, socket, head) {
      if (beside.upgrade(request, socket, head, () => api.admits(request))) return;
      const isSubscription =
        request.url?.split('?', 1)[0] === '/graphql' && /^websocket$/i.test(request.headers.upgrade!);
      if (isSubscription && api.admits(request)) {
        graphql.upgrade(request, socket, head);
        return;
      }
      const response = responseOn(request, socket);
      if (!api.upgrade(request, response, socket, head)) handle(request, response);
    },
    async close() {
      api.close();
      await graphql.close();
    },
  };
}

/**
 * A server may let an offer of another protocol pass and answer as if there was none: to `kubectl exec`, which wants to be told
 * in a Status what is wrong, and to clients that offer HTTP/2 in the clear with whatever they ask.
 */
function responseOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.on('finish', () => socket.end());
  return response;
}

async function createShell(api: ApiHandler, graphql: Graphql, path: string): Promise<Express> {
  const { default: express } = await import('express');
  const shell = express();
  shell.disable('x-powered-by');
  shell.use('/graphql', graphql.middleware);
  // The one page shows forks too: its URL says which.
  const fork = path.slice(path.lastIndexOf('/') + 1);
  shell.get('/', (_request, response) => (fork ? response.redirect(`/?fork=${fork}`) : dashboard.sendPage(response)));
  shell.get(['/assets/*part', '/favicon.svg'], (request, response) => dashboard.sendPart(request, response));
  shell.use((request, response) => api.notFound(request, response));
  return shell;
}
