import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { messageOf, StatusError } from '../../registry/status.js';
import type { ContainerRuntime } from '../../resources/container-runtime.js';
import type { Pod } from '../../resources/types.js';
import { bytesOf, Channels } from './channels.js';
import { SpdyConnection, type SpdyStream } from './spdy.js';

/** kubectl's way: SPDY inside of the WebSocket, a pair of streams for each connection. */
const TUNNEL = 'SPDY/3.1+portforward.k8s.io';

/** What port-forward speaks; the others have two channels for each port. */
export const FORWARD_PROTOCOLS = [
  TUNNEL,
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'base64.v4.channel.k8s.io',
  '',
];

const MAX_PORT = 65_535;

/**
 * The ports that a client names in the URL.
 * @throws StatusError 400 if there are none where they have to be, or for what is no port
 */
export function wantedPorts(query: URLSearchParams, protocol: string): number[] {
  if (protocol === TUNNEL) return [];
  const texts = [...query.getAll('ports'), ...query.getAll('port')].flatMap(text => text.split(','));
  if (texts.length === 0) throw StatusError.badRequest('query parameter "port" is required');
  return texts.map(portOf);
}

function portOf(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > MAX_PORT) throw StatusError.badRequest(`invalid port ${JSON.stringify(text)}`);
  return port;
}

/** Connects the client with ports of the pod, until it goes. */
export function forwardPorts(
  ws: WebSocket,
  protocol: string,
  runtime: ContainerRuntime,
  pod: Pod,
  ports: readonly number[],
): void {
  if (protocol === TUNNEL) tunnel(ws, runtime, pod);
  else forwardChannels(ws, protocol, runtime, pod, ports);
}

/** For each port a channel with data and one for what went wrong; each begins with the port's number, least byte first. */
function forwardChannels(
  ws: WebSocket,
  protocol: string,
  runtime: ContainerRuntime,
  pod: Pod,
  ports: readonly number[],
): void {
  const channels = new Channels(ws, protocol.includes('base64'));
  ports.forEach((port, i) => {
    const [data, errors] = [2 * i, 2 * i + 1];
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    channels.send(data, number);
    channels.send(errors, number);
    // The one error channel stays open: there is nothing to tell by its end.
    join(runtime, pod, port, channels.duplex(data)).catch(error =>
      channels.send(errors, Buffer.from(problemWith(pod, port, error))),
    );
  });
}

/** One connection of a client: what it sends and gets, and where it is told what went wrong. */
interface Connection {
  data?: Duplex;
  errors?: Duplex;
}

function tunnel(ws: WebSocket, runtime: ContainerRuntime, pod: Pod): void {
  const send = (bytes: Buffer) =>
    new Promise<void>((resolve, reject) => {
      ws.send(bytes, error => (error ? reject(error) : resolve()));
    });
  const waiting = new Map<string, Connection>();
  const spdy = new SpdyConnection(send, stream => {
    const { id, headers, duplex } = stream;
    const isErrors = headers.get('streamtype') === 'error';
    // Older clients do not say what belongs together: there it is an error stream and the stream after it.
    const request = headers.get('requestid') ?? String(isErrors ? id : id - 2);
    const connection = waiting.get(request) ?? {};
    waiting.set(request, connection);
    connection[isErrors ? 'errors' : 'data'] = duplex;
    duplex.once('close', () => waiting.delete(request));
    const { data, errors } = connection;
    if (!data || !errors) return;
    waiting.delete(request);
    forwardConnection(runtime, pod, portIn(stream), data, errors);
  });
  spdy.serve(messagesOf(ws)).then(
    () => ws.close(1000),
    () => ws.terminate(),
  );
}

function portIn({ headers }: SpdyStream): number {
  const port = Number(headers.get('port'));
  return port >= 1 && port <= MAX_PORT ? port : 0;
}

function forwardConnection(runtime: ContainerRuntime, pod: Pod, port: number, data: Duplex, errors: Duplex): void {
  errors.resume();
  join(runtime, pod, port, data).then(
    () => errors.end(),
    error => {
      data.end();
      errors.end(problemWith(pod, port, error));
    },
  );
}

/**
 * Lets two ends talk until both are done, or the client goes.
 * @throws Error if the pod cannot be reached, or breaks the connection
 */
async function join(runtime: ContainerRuntime, pod: Pod, port: number, client: Duplex): Promise<void> {
  runtime.check(pod);
  const connection = runtime.connect(pod, port);
  await new Promise<void>((resolve, reject) => {
    connection.on('error', reject);
    client.on('error', () => connection.destroy());
    client.on('close', () => {
      connection.destroy();
      resolve();
    });
    client.pipe(connection).pipe(client);
  });
}

function problemWith({ metadata }: Pod, port: number, error: unknown): string {
  return `error forwarding port ${port} to pod ${metadata.name}_${metadata.namespace}, uid ${metadata.uid}: ${messageOf(error)}`;
}

/** What the client sends, no faster than it is taken. */
async function* messagesOf(ws: WebSocket): AsyncGenerator<Buffer> {
  const queue: Buffer[] = [];
  let isOpen = true;
  let wake = () => {};
  ws.on('message', data => {
    queue.push(bytesOf(data));
    ws.pause();
    wake();
  });
  ws.on('close', () => {
    isOpen = false;
    wake();
  });
  for (;;) {
    const next = queue.shift();
    if (next) yield next;
    else if (!isOpen) return;
    else {
      ws.resume();
      if (queue.length > 0) continue;
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  }
}
