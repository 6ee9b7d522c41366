import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Access } from '../../../src/access/access.js';
import { AccountTokens } from '../../../src/access/account-tokens.js';
import { type ApiHandler, type ApiOptions, createApiHandler } from '../../../src/api/server.js';
import type { VirtualClock } from '../../../src/clock/virtual-clock.js';
import { containerRuntime } from '../../../src/kubelet/index.js';
import { ALWAYS_ALLOW } from '../../../src/registry/authorizer.js';
import type { Era } from '../../../src/resources/definition.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';

export interface Answer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly body: any;
}

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The REST API alone over an empty registry and a clock that stands still, on a port of its own. */
export class TestServer {
  private constructor(
    readonly registry: TestRegistry,
    readonly api: ApiHandler,
    readonly server: Server,
    readonly access: Access,
    readonly port: number,
  ) {}

  static async start({ era, ...options }: Partial<ApiOptions> & { era?: Era } = {}): Promise<TestServer> {
    const registry = await openRegistry(['default'], { era });
    const access = options.access ?? { tokens: new AccountTokens(registry), authorizer: ALWAYS_ALLOW };
    const runtime = containerRuntime(registry);
    const api = createApiHandler({ registry, version: 'v1.35.0', runtime, ...options, access });
    const server = createServer((req, res) => {
      if (!api.handle(req, res)) api.notFound(req, res);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return new TestServer(registry, api, server, access, (server.address() as AddressInfo).port);
  }

  get clock(): VirtualClock {
    return this.registry.clock;
  }

  ask(method: string, path: string, { headers = {}, body }: Asked = {}): Promise<Answer> {
    const bytes =
      body === undefined ? undefined : Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
    const type = {
      ...(bytes === undefined ? {} : { 'content-length': String(Buffer.byteLength(bytes)) }),
      ...(bytes === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
    };
    return new Promise((resolve, reject) => {
      const req = request(
        { port: this.port, host: '127.0.0.1', method, path, headers: { ...type, ...headers } },
        res => {
          const chunks: Buffer[] = [];
          res.on('data', chunk => chunks.push(chunk));
          res.on('end', () => {
            const bytes = Buffer.concat(chunks);
            const text = bytes.toString();
            let parsed: unknown;
            try {
              parsed = JSON.parse(text);
            } catch {
              // not JSON: look at the text
            }
            resolve({ code: res.statusCode!, headers: res.headers, bytes, text, body: parsed });
          });
        },
      );
      req.on('error', reject);
      req.end(bytes);
    });
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask('GET', path, { headers });
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask('POST', path, { body, headers });
  }

  /** Opens a watch; answers once its head is there. */
  watch(path: string, headers: Readonly<Record<string, string>> = {}): Promise<TestWatch> {
    return new Promise((resolve, reject) => {
      const req = request({ port: this.port, host: '127.0.0.1', path, headers }, res => {
        const watch = new TestWatch(res.statusCode!, res.headers, () => req.destroy());
        res.setEncoding('utf8');
        res.on('data', text => watch.take(text));
        res.on('close', () => watch.end());
        resolve(watch);
      });
      req.on('error', reject);
      req.end();
    });
  }

  async close(): Promise<void> {
    this.api.close();
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
    await this.registry.log.close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: events are looked into freely
type WatchedEvent = { type: string; object: any };

export class TestWatch {
  readonly events: WatchedEvent[] = [];
  ended = false;
  #rest = '';
  #waiting: (() => void)[] = [];

  constructor(
    readonly code: number,
    readonly headers: IncomingHttpHeaders,
    readonly close: () => void,
  ) {}

  take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) if (line) this.events.push(JSON.parse(line) as WatchedEvent);
    this.#wake();
  }

  end(): void {
    this.ended = true;
    this.#wake();
  }

  /** Resolves once `count` events came, or the stream ended. */
  async first(count: number): Promise<WatchedEvent[]> {
    while (this.events.length < count && !this.ended) await new Promise<void>(resolve => this.#waiting.push(resolve));
    return this.events;
  }

  async untilEnd(): Promise<WatchedEvent[]> {
    while (!this.ended) await new Promise<void>(resolve => this.#waiting.push(resolve));
    return this.events;
  }

  /** `ADDED one` and so on. */
  get told(): string[] {
    return this.events.map(e => `${e.type} ${e.object.metadata?.name ?? e.object.reason}`);
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

export const configMap = (name: string, data: Record<string, string> = { a: '1' }) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
