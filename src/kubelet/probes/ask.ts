import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectTls } from 'node:tls';
import type { ContainerRuntime } from '../../resources/container-runtime.js';
import type { Container, Handler, IntOrString, Pod, Probe } from '../../resources/types.js';

/** What came of asking once. `unknown`: it could not be asked, which says nothing of the container. */
export interface Answer {
  readonly result: 'success' | 'failure' | 'unknown';
  /** In a kubelet's words; empty for a success. */
  readonly message: string;
}

type HttpGet = NonNullable<Handler['httpGet']>;

/** A container of a pod, and whom it is reached by. */
export interface Asked {
  readonly pod: Pod;
  readonly container: Container;
  readonly runtime: ContainerRuntime;
  /** How who asks calls himself: `kube-probe/1.35`. */
  readonly userAgent: string;
}

/** As upstream: so many redirects are followed. */
const MOST_REDIRECTS = 10;
/** So many characters of what is no HTTP are told. */
const MOST_HEARD = 100;
const SUCCESS: Answer = { result: 'success', message: '' };
const failure = (message: string): Answer => ({ result: 'failure', message });

/**
 * Asks a container once, as its probe says: `httpGet` by a request of its own connection, which succeeds with a code from 200 to 399; `tcpSocket`
 * by a connection. It has `timeoutSeconds` for it, of the machine's time, since who answers may be a program on this machine. Commands (`exec`) and gRPC
 * services are not played: these probes succeed.
 */
export async function ask(probe: Probe, asked: Asked): Promise<Answer> {
  const { httpGet, tcpSocket } = probe;
  if (!httpGet && !tcpSocket) return SUCCESS;
  const port = portOf((httpGet ?? tcpSocket!).port, asked.container);
  if (typeof port === 'string') return { result: 'unknown', message: port };
  const patience = AbortSignal.timeout((probe.timeoutSeconds ?? 1) * 1000);
  const answer = httpGet ? await askHttp(httpGet, port, asked, patience) : await askConnection(port, asked, patience);
  // Who is cut off because all ends has learnt nothing.
  return asked.runtime.isClosed ? { result: 'unknown', message: 'the kubelet has stopped' } : answer;
}

/** @returns the number, or what is wrong */
function portOf(port: IntOrString, { ports = [] }: Container): number | string {
  if (typeof port === 'number') return port;
  const named = ports.find(({ name }) => name === port)?.containerPort;
  if (named !== undefined) return named;
  return /^\d+$/.test(port) ? Number(port) : `couldn't find port: "${port}"`;
}

async function askConnection(port: number, { pod, runtime }: Asked, patience: AbortSignal): Promise<Answer> {
  const problem = await runtime.dial(pod, port, patience);
  return problem === undefined ? SUCCESS : failure(`dial tcp ${hostOf(pod)}:${port}: ${problem}`);
}

async function askHttp(action: HttpGet, port: number, asked: Asked, patience: AbortSignal): Promise<Answer> {
  const origin = `${(action.scheme ?? 'HTTP').toLowerCase()}://${hostOf(asked.pod)}:${port}`;
  const first = `${origin}${action.path?.startsWith('/') ? '' : '/'}${action.path ?? ''}`;
  const parsed = URL.parse(first);
  if (!parsed) return { result: 'unknown', message: `parse ${JSON.stringify(first)}: invalid URL` };
  let url = parsed;
  for (let redirects = 0; ; redirects++) {
    const response: IncomingMessage | Error = await get(url, action, port, asked, patience).catch(
      (error: NodeJS.ErrnoException) => error,
    );
    if (response instanceof Error) {
      const problem = await wordsFor(response, port, asked, patience);
      return failure(`Get "${url.href}": ${problem}`);
    }
    const { statusCode = 0, headers } = response;
    const next: URL | null =
      statusCode >= 300 && statusCode < 400 && headers.location ? URL.parse(headers.location, url.href) : null;
    // Who sends to somebody else is well.
    if (next?.host === url.host) {
      if (redirects === MOST_REDIRECTS) return failure(`Get "${url.href}": stopped after ${MOST_REDIRECTS} redirects`);
      url = next;
      continue;
    }
    return statusCode >= 200 && statusCode < 400
      ? SUCCESS
      : failure(`HTTP probe failed with statuscode: ${statusCode}`);
  }
}

/** The head of the answer; the body is let go. Only a program of the user's is asked by TLS, with any certificate: what answers otherwise speaks plain HTTP. */
function get(
  url: URL,
  { httpHeaders = [] }: HttpGet,
  port: number,
  { pod, runtime, userAgent }: Asked,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const own = httpHeaders.map(({ name, value }) => [name, value] as const);
    const has = (wanted: string) => own.some(([name]) => name.toLowerCase() === wanted);
    const usual = { host: url.host, 'user-agent': userAgent, accept: '*/*' };
    const headers = Object.entries(usual).filter(([name]) => !has(name));
    const asked = httpRequest({
      createConnection() {
        const connection = runtime.connect(pod, port);
        if (url.protocol === 'http:' || !runtime.manner(pod).isForeign) return connection;
        return connectTls({ socket: connection, rejectUnauthorized: false });
      },
      path: `${url.pathname}${url.search}`,
      headers: [...headers, ...own, ['connection', 'close']].flat(),
      signal,
    });
    asked.once('response', response => {
      response.on('error', () => {});
      response.resume();
      resolve(response);
    });
    asked.once('error', reject);
    asked.end();
  });
}

async function wordsFor(
  { code = '', message, rawPacket }: NodeJS.ErrnoException & { readonly rawPacket?: Buffer },
  port: number,
  { pod, runtime }: Asked,
  signal: AbortSignal,
): Promise<string> {
  if (signal.aborted) return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  if (code.startsWith('HPE_')) {
    const [line = ''] = (rawPacket?.toString('latin1') ?? '').split(/\r?\n/, 1);
    const heard = JSON.stringify(line.slice(0, MOST_HEARD));
    return `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${heard}`;
  }
  if (code !== 'ECONNRESET') return message;
  // It may have come about, and have ended without an answer.
  const problem = await runtime.dial(pod, port, signal);
  return problem === undefined ? 'EOF' : `dial tcp ${hostOf(pod)}:${port}: ${problem}`;
}

/** Whom a kubelet asks: the pod, whatever else the probe's `host` says. */
const hostOf = ({ status }: Pod) => status.podIP ?? '';
