import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Registry } from '../registry/registry.js';
import { services } from '../resources/index.js';
import { needsHealthCheck } from '../resources/service.js';
import { endpointsFor, slicesOf } from './endpoints.js';

/** A Service, and the node of which a load balancer asks whether it has pods of it. */
export interface HealthQuestion {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
}

/**
 * What nodes answer at the `healthCheckNodePort` of a Service, in kube-proxy's words: 200 where the node has endpoints of its own that are ready, else
 * 503, so that a load balancer sends nobody there.
 */
export class ServiceHealth {
  readonly #registry: Registry;
  readonly #asked = new WeakMap<object, HealthQuestion>();
  #http: Server | undefined;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  connect(question: HealthQuestion, socket: Socket): void {
    socket.on('error', () => socket.destroy());
    this.#asked.set(socket, question);
    this.#http ??= createServer((request, response) => this.#answer(request, response));
    this.#http.emit('connection', socket);
  }

  close(): void {
    this.#http?.closeAllConnections();
    this.#http?.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { namespace, name, node } = this.#asked.get(request.socket)!;
    const count = this.#count({ namespace, name, node });
    if (count === undefined) {
      request.socket.destroy();
      return;
    }
    request.resume();
    const told = { service: { namespace, name }, localEndpoints: count, serviceProxyHealthy: true };
    response.writeHead(count > 0 ? 200 : 503, {
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      'x-load-balancing-endpoint-weight': String(count),
    });
    response.end(JSON.stringify(told, null, '\t'));
  }

  /** How many endpoints the node has that are ready; undefined if nobody is to know any more. */
  #count({ namespace, name, node }: HealthQuestion): number | undefined {
    const service = this.#registry.get(services, namespace, name)?.object;
    if (!service || !needsHealthCheck(service.spec)) return undefined;
    const slices = slicesOf(this.#registry, service);
    const ready = (service.spec.ports ?? []).flatMap(port =>
      endpointsFor(slices, port, node).filter(({ isReady }) => isReady),
    );
    return new Set(ready.map(({ address }) => address)).size;
  }
}
