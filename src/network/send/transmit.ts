import type { Socket as Datagrams } from 'node:dgram';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Callers, CallOptions } from '../callers.js';
import type { Spot } from '../sockets.js';

/** The most of an answer that is read, in bytes. */
const MOST_READ = 16 * 1024;

/** What is sent: a request of HTTP, or bytes as they are. */
export interface Message {
  readonly protocol: 'HTTP' | 'TCP' | 'UDP';
  readonly body: string;
  /** Of HTTP alone, as all that follows. */
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How one sends. */
export interface Manner extends CallOptions {
  /** How long an answer may take, in ms of the machine's time; 0: of a datagram none is awaited. */
  readonly patienceMs: number;
  /** Ends it before that. */
  readonly signal?: AbortSignal | undefined;
}

/** What came back. */
export interface Answer {
  /** Of HTTP, as all that follows but the body. */
  readonly status?: number;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  /** What of it could be read as text. */
  readonly body: string;
  /** Whether there was more than was read. */
  readonly isCut: boolean;
}

/** What came of it: an answer, the code of an error (`ECONNREFUSED`), `timeout`, or for a datagram that it was sent. */
export type Transmitted = Answer | { readonly failure: string } | 'sent';

/** Sends something to a place, over a connection or a socket of its own, and hears what comes back. Never throws. */
export async function transmit(callers: Callers, to: Spot, message: Message, manner: Manner): Promise<Transmitted> {
  const signal = limitOf(manner);
  try {
    if (message.protocol === 'UDP')
      return await overUdp(await callers.datagrams(to, manner), to, message, signal, manner.patienceMs > 0);
    const socket = await callers.connect(to, manner);
    return await (message.protocol === 'TCP'
      ? overTcp(socket, message, signal)
      : overHttp(socket, to, message, signal));
  } catch (error) {
    return { failure: codeOf(error as Error) };
  }
}

const codeOf = (error: NodeJS.ErrnoException): string => error.code ?? error.message;

/** How long one waits for a datagram to be on its way of which no answer is awaited, ms. */
const TO_LEAVE_MS = 1000;

/** Until when it has to be over. */
function limitOf({ patienceMs, signal }: Manner): AbortSignal {
  const own = AbortSignal.timeout(patienceMs || TO_LEAVE_MS);
  return signal ? AbortSignal.any([signal, own]) : own;
}

/** Collects what comes, as far as it is read. */
class Reading {
  readonly #pieces: Buffer[] = [];
  #size = 0;
  isCut = false;

  /** @returns whether that is enough */
  take(piece: Buffer): boolean {
    const room = MOST_READ - this.#size;
    this.isCut ||= piece.length > room;
    this.#pieces.push(piece.subarray(0, room));
    this.#size = Math.min(MOST_READ, this.#size + piece.length);
    return this.isCut;
  }

  get text(): string {
    return Buffer.concat(this.#pieces).toString('utf8');
  }
}

function overHttp(
  socket: Socket,
  to: Spot,
  { method, path, headers, body }: Message,
  signal: AbortSignal,
): Promise<Transmitted> {
  return new Promise(resolve => {
    const fail = (error: NodeJS.ErrnoException) => resolve({ failure: signal.aborted ? 'timeout' : codeOf(error) });
    const options = {
      host: to.address,
      port: to.port,
      method,
      path,
      headers: {
        ...(body || method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {}),
        connection: 'close',
        ...headers,
      },
      createConnection: () => socket,
      signal,
    };
    const asked = request(options, response => {
      const reading = new Reading();
      const done = () => resolve(answerOf(response, reading));
      response.on('data', (piece: Buffer) => {
        if (!reading.take(piece)) return;
        done();
        response.destroy();
      });
      response.on('end', done);
      response.on('error', fail);
    });
    asked.on('error', fail);
    asked.end(body);
  });
}

function answerOf({ statusCode = 0, rawHeaders }: IncomingMessage, { text, isCut }: Reading): Answer {
  const headers = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [{ name, value: rawHeaders[i + 1]! }] : []));
  return { status: statusCode, headers, body: text, isCut };
}

/** Says all that is to be said, and hears until the other end has said all, or is silent too long after it said something. */
function overTcp(socket: Socket, { body }: Message, signal: AbortSignal): Promise<Transmitted> {
  return new Promise(resolve => {
    const reading = new Reading();
    const done = (outcome: Transmitted) => {
      signal.removeEventListener('abort', late);
      socket.destroy();
      resolve(outcome);
    };
    const heard = () => done({ body: reading.text, isCut: reading.isCut });
    const late = () => (reading.text ? heard() : done({ failure: 'timeout' }));
    signal.addEventListener('abort', late);
    socket.on('connect', () => socket.end(body));
    socket.on('data', piece => {
      if (reading.take(piece)) heard();
    });
    socket.on('end', heard);
    socket.on('error', error => done({ failure: codeOf(error) }));
  });
}

/** A datagram, and the first that comes back, if one is awaited. */
function overUdp(
  socket: Datagrams,
  to: Spot,
  { body }: Message,
  signal: AbortSignal,
  isAwaited: boolean,
): Promise<Transmitted> {
  return new Promise(resolve => {
    const done = (outcome: Transmitted) => {
      signal.removeEventListener('abort', late);
      socket.close();
      resolve(outcome);
    };
    const late = () => done({ failure: 'timeout' });
    signal.addEventListener('abort', late, { once: true });
    socket.once('error', error => done({ failure: codeOf(error) }));
    socket.once('message', message => {
      const reading = new Reading();
      reading.take(message);
      done({ body: reading.text, isCut: reading.isCut });
    });
    socket.send(body, to.port, to.address, error => {
      if (error) done({ failure: codeOf(error) });
      else if (!isAwaited) done('sent');
    });
  });
}
