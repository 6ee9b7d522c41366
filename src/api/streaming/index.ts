import type { WebSocket } from 'ws';
import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import type { ContainerRuntime } from '../../resources/container-runtime.js';
import { pods } from '../../resources/index.js';
import type { Pod } from '../../resources/types.js';
import type { Exchange } from '../http.js';
import type { Target } from '../routes.js';
import { chosenContainer } from './container.js';
import { joinProcess, PROCESS_PROTOCOLS, wantedStreams } from './exec.js';
import { sendLog } from './log.js';
import { FORWARD_PROTOCOLS, forwardPorts, wantedPorts } from './port-forward.js';
import { chosenProtocol } from './protocols.js';
import type { WebSockets } from './web-sockets.js';

/** What containers say and do: `pods/NAME/log`, `exec`, `attach` and `portforward`. */
export class Streaming {
  readonly #registry: Registry;
  readonly #runtime: ContainerRuntime;
  /** Loaded when first asked for, as most clusters never are. */
  #sockets: Promise<WebSockets> | undefined;
  readonly #closing = new AbortController();

  constructor(registry: Registry, runtime: ContainerRuntime) {
    this.#registry = registry;
    this.#runtime = runtime;
  }

  /**
   * Answers a request, if it is about what a container says or does.
   * @throws StatusError 400, 404, 422
   */
  handle(exchange: Exchange, { definition, namespace, name, subresource }: Target): boolean {
    if (definition !== pods) return false;
    const pod = () => this.#pod(namespace, name);
    switch (subresource?.name) {
      case 'log':
        sendLog(exchange, this.#runtime, pod(), this.#registry.clock.now(), this.#closing.signal).catch(error =>
          exchange.fail(error),
        );
        return true;
      case 'exec':
        this.#join(exchange, pod(), exchange.query.getAll('command'));
        return true;
      case 'attach':
        this.#join(exchange, pod(), undefined);
        return true;
      case 'portforward':
        this.#forward(exchange, pod());
        return true;
      default:
        return false;
    }
  }

  /** Ends all that is open. */
  close(): void {
    this.#closing.abort();
    this.#sockets?.then(sockets => sockets.close());
  }

  #pod(namespace: string, name: string): Pod {
    const entry = this.#registry.read(pods, namespace, name);
    if (!entry) throw StatusError.notFound(pods, name);
    return entry.object;
  }

  #join(exchange: Exchange, pod: Pod, command: readonly string[] | undefined): void {
    const { req, query } = exchange;
    const container = chosenContainer(pod, query.get('container') ?? '');
    checkPlace(pod);
    const wanted = wantedStreams(query);
    checkUpgrade(exchange);
    const protocol = chosenProtocol(req, PROCESS_PROTOCOLS);
    const joined = { runtime: this.#runtime, pod, container, wanted, command };
    this.#accept(exchange, protocol, ws => joinProcess(ws, protocol, joined));
  }

  #forward(exchange: Exchange, pod: Pod): void {
    const { req, query } = exchange;
    checkPlace(pod);
    checkUpgrade(exchange);
    const protocol = chosenProtocol(req, FORWARD_PROTOCOLS);
    const ports = wantedPorts(query, protocol);
    this.#accept(exchange, protocol, ws => forwardPorts(ws, protocol, this.#runtime, pod, ports));
  }

  #accept(exchange: Exchange, protocol: string, opened: (ws: WebSocket) => void): void {
    this.#sockets ??= import('./web-sockets.js').then(module => new module.WebSockets());
    this.#sockets.then(
      sockets => sockets.accept(exchange.req, exchange.takeOver(), protocol, opened),
      error => exchange.fail(error),
    );
  }
}

function checkPlace({ metadata, spec }: Pod): void {
  if (!spec.nodeName) throw StatusError.badRequest(`pod ${metadata.name} does not have a host assigned`);
}

/** Streams go over WebSockets. SPDY without one, which older clients fall back to, is declined in words that help. */
function checkUpgrade({ req, webSocket }: Exchange): void {
  const offer = req.headers.upgrade?.toLowerCase();
  if (offer === 'websocket' && webSocket) return;
  if (offer?.startsWith('spdy')) {
    throw StatusError.badRequest(
      'SPDY is not served: use a client that streams over WebSockets, as kubectl does from 1.31 on (and before, where KUBECTL_REMOTE_COMMAND_WEBSOCKETS and KUBECTL_PORT_FORWARD_WEBSOCKETS are true)',
    );
  }
  throw StatusError.badRequest('Upgrade request required');
}
