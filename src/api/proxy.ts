import { type ClientRequest, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Registry } from '../registry/registry.js';
import { messageOf, StatusError } from '../registry/status.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import { endpoints, nodes, pods, services } from '../resources/index.js';
import { conditionOf, internalIP } from '../resources/state.js';
import type { Pod } from '../resources/types.js';
import type { Exchange } from './http.js';
import type { Target } from './routes.js';

/** Where a request is handed on to. */
interface Place {
  /** Whoever listens there, if anybody does. */
  readonly pod: Pod | undefined;
  readonly host: string;
  readonly port: number;
}

/** Headers that are not handed on: what speaks of one connection, and by what the server knows who asks. */
const KEPT_BACK = [
  'authorization',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
const HTTP = 80;
const KUBELET = 10_250;

/** `pods/NAME/proxy`, `services/NAME/proxy` and `nodes/NAME/proxy`: requests that are handed on into the cluster. */
export class ClusterProxy {
  constructor(
    private readonly registry: Registry,
    private readonly runtime: ContainerRuntime,
    /** What the paths of this server begin with. */
    private readonly prefix: string,
  ) {}

  /** @throws StatusError 400, 404, 503 */
  handle(exchange: Exchange, { definition, namespace, name }: Target): void {
    const { req } = exchange;
    const [, path, query = ''] = /\/[a-z]+\/[^/?]+\/proxy(\/[^?]*)?(\?.*)?$/.exec(req.url!) ?? [];
    const [scheme, id, port] = parts(name, definition.kind.toLowerCase());
    const place = () => (definition === services ? this.#service(namespace, id, port) : this.#pod(namespace, id, port));
    if (definition === nodes) {
      this.#node(exchange, id, path ?? '/');
      return;
    }
    const found = place();
    if (path === undefined && req.method === 'GET') {
      exchange.empty(301, ['Location', `${this.prefix}${req.url!.split('?')[0]}/${query}`]);
      return;
    }
    if (scheme === 'https') throw unreachable('http: server gave HTTP response to HTTPS client');
    this.#forward(exchange, found, `${path ?? '/'}${query}`);
  }

  #pod(namespace: string, name: string, port: string): Place {
    const entry = this.registry.read(pods, namespace, name);
    if (!entry) throw StatusError.notFound(pods, name);
    const pod = entry.object;
    const host = pod.status.podIP;
    if (!host) throw StatusError.badRequest('address not allowed');
    const own = pod.spec.containers.find(({ ports }) => ports?.length)?.ports?.[0]?.containerPort ?? HTTP;
    const number = port === '' ? own : Number(port);
    if (!(number > 0 && number < 65_536)) throw unreachable(`dial tcp: lookup tcp/${port}: unknown port`);
    return { pod, host, port: number };
  }

  /** One of the pods behind a Service that are ready. */
  #service(namespace: string, name: string, wanted: string): Place {
    const service = this.registry.read(services, namespace, name)?.object;
    if (!service) throw StatusError.notFound(services, name);
    let port = wanted;
    if (/^\d+$/.test(wanted)) {
      const found = service.spec.ports?.find(one => one.port === Number(wanted));
      if (!found) throw unavailable(`no service port ${wanted} found for service ${JSON.stringify(name)}`);
      port = found.name ?? '';
    }
    for (const { addresses = [], ports = [] } of this.registry.read(endpoints, namespace, name)?.object.subsets ?? []) {
      const [address] = addresses;
      const found = ports.find(one => (one.name ?? '') === port);
      if (!address || !found) continue;
      const { targetRef, ip } = address;
      const pod = targetRef?.kind === 'Pod' ? this.registry.read(pods, namespace, targetRef.name!)?.object : undefined;
      return { pod, host: ip, port: found.port };
    }
    throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  }

  #forward(exchange: Exchange, { pod, host, port }: Place, path: string): void {
    const { req } = exchange;
    if (!pod) throw unreachable(`dial tcp ${host}:${port}: connect: connection refused`);
    this.runtime.check(pod);
    const headers = { ...req.headers, host: `${host}:${port}`, 'x-forwarded-uri': this.prefix + req.url! };
    for (const name of KEPT_BACK) delete (headers as Record<string, unknown>)[name];
    const onward: ClientRequest = request({
      method: req.method!,
      path,
      headers,
      createConnection: () => this.runtime.connect(pod, port) as Socket,
    });
    onward.on('response', answer => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const type = answer.headers['content-type'] ?? 'application/octet-stream';
        exchange.send(answer.statusCode!, type, chunks);
      });
      answer.on('error', error => exchange.fail(unreachable(messageOf(error))));
    });
    onward.on('error', error => exchange.fail(unreachable(messageOf(error))));
    req.pipe(onward);
  }

  /** What a kubelet answers by itself. */
  #node(exchange: Exchange, name: string, path: string): void {
    const node = this.registry.read(nodes, '', name)?.object;
    if (!node) throw StatusError.notFound(nodes, name);
    if (conditionOf(node, 'Ready')?.status === 'Unknown')
      throw unreachable(`dial tcp ${internalIP(node)}:${KUBELET}: connect: connection refused`);
    switch (path.replace(/\/$/, '')) {
      case '/healthz':
      case '/healthz/ping':
        exchange.text(200, 'ok');
        return;
      case '/pods': {
        const items = this.registry.all(pods).flatMap(({ object }) => (object.spec.nodeName === name ? [object] : []));
        exchange.json(200, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items });
        return;
      }
      default:
        exchange.text(404, '404 page not found\n');
    }
  }
}

/** `[scheme:]name[:port]`. @throws StatusError 400 */
function parts(id: string, what: string): [scheme: string, name: string, port: string] {
  const found = id.split(':');
  const [scheme, name, port] =
    found.length === 3 ? found : found.length === 2 && /^https?$/.test(found[0]!) ? ['', '', ''] : ['', ...found, ''];
  if (!name || found.length > 3 || !['', 'http', 'https'].includes(scheme!))
    throw StatusError.badRequest(`invalid ${what} request ${JSON.stringify(id)}`);
  return [scheme!, name, port ?? ''];
}

const unavailable = (why: string) => new StatusError(503, 'ServiceUnavailable', why);
const unreachable = (why: string) => unavailable(`error trying to reach service: ${why}`);
