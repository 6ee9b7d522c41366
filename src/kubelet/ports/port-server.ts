import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { formatTime } from '../../clock/clock.js';
import { Random } from '../../clock/random.js';
import { WorldClock } from '../../clock/world-clock.js';
import type { Registry } from '../../registry/registry.js';
import type { Connection, Manner } from '../../resources/container-runtime.js';
import { nodes, pods } from '../../resources/index.js';
import { isTerminating } from '../../resources/state.js';
import type { Pod } from '../../resources/types.js';
import type { Instructions } from '../instructions.js';
import { factsOf } from './facts.js';
import { metricsPage } from './metrics.js';
import type { PortSettings } from './settings.js';
import { type Arrival, MOST_TEXT, Sinks } from './sink.js';

/** The most of a first line, or of a head, that is waited for. */
const MAX_HEAD = 16 * 1024;
const FIRST_LINE = /^[A-Z]{1,16} \S+ HTTP\/1\.[01]\r?\n/;
/** How long one may be silent before and between requests. Ms of the machine's time. */
const SILENCE_MS = 60_000;
/** Of how many pods requests are counted, and how many different paths of each. */
const PODS_COUNTED = 10_000;
const PATHS_COUNTED = 100;
const REFUSED = 'connect: connection refused';

/** Others have connections, and no requests. */
const ANSWERS_REQUESTS: ReadonlySet<PortSettings['service']> = new Set(['http', 'static', 'sink']);

/** What a connection is about, while it is there. */
interface Call {
  /** As it was when the connection was made, or the last request came. */
  pod: Pod;
  readonly port: number;
  settings: PortSettings;
  readonly connection: Connection;
  /** How many requests are being answered on it. */
  busy: number;
}

/** What a log page shows, in text. */
export type LogOf = (pod: Pod) => AsyncIterable<string>;

/**
 * What listens on the ports of simulated pods, however one comes to them: over sockets of the network, `kubectl port-forward`, or the proxy of
 * the API. One HTTP server plays all of them.
 */
export class PortServer {
  readonly #registry: Registry;
  readonly #instructions: Instructions;
  readonly #logOf: LogOf;
  readonly #mayReach: (host: string, port: number) => boolean;
  readonly #clock = WorldClock.real();
  /** Of its own, for how many requests come must change nothing in the cluster. */
  readonly #random = new Random('ports');
  #http: Server | undefined;
  /** Connections by the uid of their pod. */
  readonly #open = new Map<string, Map<Duplex, Call>>();
  readonly #calls = new WeakMap<Duplex, Call>();
  /** Requests answered, by the uid of their pod, then by path. */
  readonly #requests = new Map<string, Map<string, number>>();
  readonly #sinks = new Sinks();

  isClosed = false;

  /**
   * @param instructions what answers on the ports of each pod
   * @param mayReach whether a pod may hand connections on to a host
   */
  constructor(
    registry: Registry,
    instructions: Instructions,
    logOf: LogOf,
    mayReach: (host: string, port: number) => boolean,
  ) {
    this.#registry = registry;
    this.#instructions = instructions;
    this.#logOf = logOf;
    this.#mayReach = mayReach;
  }

  /** How a pod's ports answer now: known beforehand unless a program of the user's plays it, or some requests fail by chance. */
  manner(pod: Pod): Manner {
    const settings = this.#instructions.ports(pod);
    const isForeign = settings.service === 'proxy';
    const isByChance = settings.failures > 0 && settings.failures < 1;
    return { key: isForeign || isByChance ? undefined : JSON.stringify(settings), isForeign };
  }

  /**
   * Tries whether a connection to a pod comes about.
   * @returns what went wrong, in a dialer's words
   */
  async dial(pod: Pod, signal: AbortSignal): Promise<string | undefined> {
    const { service, proxy } = this.#instructions.ports(pod);
    const target = service === 'proxy' ? proxy : undefined;
    if (service === 'nothing' || (service === 'proxy' && !(target && this.#mayReach(target.host, target.port))))
      return REFUSED;
    if (!target) return undefined;
    const socket = connect({ ...target, signal });
    try {
      await once(socket, 'connect', { signal });
      return undefined;
    } catch {
      return signal.aborted ? 'i/o timeout' : REFUSED;
    } finally {
      socket.on('error', () => {});
      socket.destroy();
    }
  }

  /** Plays the pod on a connection that somebody has made to one of its ports. */
  accept(pod: Pod, port: number, socket: Duplex, connection: Connection = {}): void {
    if (this.isClosed) {
      socket.destroy();
      return;
    }
    const settings = this.#instructions.ports(pod);
    this.#remember(socket, { pod, port, settings, connection, busy: 0 });
    // Clients go when they like.
    socket.on('error', () => socket.destroy());
    switch (settings.service) {
      case 'nothing':
        socket.destroy();
        return;
      case 'proxy':
        this.#handOn(socket, settings);
        return;
      case 'echo':
        this.#echo(socket, settings, undefined);
        return;
      default:
        this.#hearWhatItIs(socket, settings);
    }
  }

  /**
   * Answers a datagram.
   * @param answer hears of the reply, if there is one
   * @param from the address that it came from
   */
  datagram(pod: Pod, port: number, message: Buffer, answer: (reply: Buffer) => void, from: string): void {
    const settings = this.#instructions.ports(pod);
    const { service } = settings;
    if (service === 'nothing' || service === 'proxy' || this.#fails(settings)) return;
    this.#count(pod, 'udp');
    if (service === 'sink') {
      this.#take(pod, { from, protocol: 'UDP', path: '', type: '', text: message.toString() });
      return;
    }
    const reply =
      service === 'echo'
        ? message
        : Buffer.from(service === 'static' ? settings.body : `${JSON.stringify({ ...factsOf(pod), port })}\n`);
    this.#later(settings, () => answer(reply));
  }

  /** Ends those of a pod's connections whose way is not open any more; where something is being answered, after the answer. */
  hangUp(uid: string): void {
    for (const [socket, { busy, connection }] of this.#open.get(uid) ?? [])
      if (busy === 0 && connection.isOpen?.() === false) socket.destroy();
  }

  /** The pod is gone: what it has answered is forgotten. */
  forget(uid: string): void {
    this.hangUp(uid);
    this.#requests.delete(uid);
    this.#sinks.forget(uid);
  }

  close(): void {
    this.isClosed = true;
    for (const sockets of this.#open.values()) for (const socket of sockets.keys()) socket.destroy();
    this.#http?.close();
  }

  #remember(socket: Duplex, call: Call): void {
    const { uid } = call.pod.metadata;
    let sockets = this.#open.get(uid);
    if (!sockets) this.#open.set(uid, (sockets = new Map()));
    sockets.set(socket, call);
    this.#calls.set(socket, call);
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) this.#open.delete(uid);
    });
  }

  /** Reads until it is clear whether a client speaks HTTP. */
  #hearWhatItIs(socket: Duplex, settings: PortSettings): void {
    let heard = Buffer.alloc(0);
    const hear = (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      const text = heard.toString('latin1', 0, MAX_HEAD);
      if (couldBeHttp(text)) {
        if (!FIRST_LINE.test(text)) return;
        silent.cancel();
        socket.off('data', hear);
        socket.pause();
        socket.unshift(heard);
        this.#server().emit('connection', socket);
        process.nextTick(() => socket.resume());
      } else {
        silent.cancel();
        socket.off('data', hear);
        this.#echo(socket, settings, heard);
      }
    };
    // Also who goes on with it too slowly; of requests the HTTP server sees to that.
    const silent = this.#clock.after(SILENCE_MS, () => socket.destroy());
    for (const end of ['close', 'end']) socket.once(end, () => silent.cancel());
    socket.on('data', hear);
    // Who says half a word and no more gets that back.
    socket.once('end', () => {
      if (socket.listeners('data').includes(hear)) socket.end(heard);
    });
  }

  #echo(socket: Duplex, settings: PortSettings, heard: Buffer | undefined): void {
    if (this.#fails(settings)) {
      socket.destroy();
      return;
    }
    this.#later(settings, () => {
      if (heard?.length) socket.write(heard);
      socket.pipe(socket);
    });
  }

  #handOn(socket: Duplex, { proxy, ...settings }: PortSettings): void {
    if (!proxy || this.#fails({ ...settings, proxy }) || !this.#mayReach(proxy.host, proxy.port)) {
      socket.destroy();
      return;
    }
    this.#later({ ...settings, proxy }, () => {
      const target = connect(proxy);
      target.on('error', () => socket.destroy());
      socket.on('close', () => target.destroy());
      target.on('close', () => socket.destroy());
      socket.pipe(target).pipe(socket);
    });
  }

  #server(): Server {
    if (this.#http) return this.#http;
    const options = { keepAliveTimeout: SILENCE_MS, headersTimeout: SILENCE_MS, maxHeaderSize: 4 * MAX_HEAD };
    this.#http = createServer(options, (request, response) => this.#answer(request, response));
    // It listens nowhere itself, but sees only from then on to those who are too slow with a request.
    this.#http.emit('listening');
    return this.#http;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const socket = request.socket as Duplex;
    const call = this.#calls.get(socket)!;
    const isRefused = () => call.connection.isOpen?.() === false;
    call.pod = this.#asItIs(call.pod);
    call.settings = this.#instructions.ports(call.pod);
    // It came in when the way was open and something answered, and would be refused now.
    if (isRefused() || !ANSWERS_REQUESTS.has(call.settings.service)) {
      socket.destroy();
      return;
    }
    call.busy++;
    response.once('close', () => {
      call.busy--;
      if (isRefused()) socket.end();
    });
    // A body says nothing to any but a sink.
    if (call.settings.service !== 'sink') request.resume();
    this.#later(call.settings, () => {
      // The last answers of a pod say so: whoever would ask again on this connection asks another one.
      if (isRefused() || isTerminating(this.#asItIs(call.pod))) response.shouldKeepAlive = false;
      this.#tell(request, response, call).catch(() => socket.destroy());
    });
  }

  async #tell(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    const { settings, pod, port } = call;
    const { url = '/', method, headers } = request;
    const path = url.split('?', 1)[0]!;
    this.#count(pod, path);
    const say = (status: number, type: string, text: string) => {
      response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
      response.end(method === 'HEAD' ? undefined : text);
    };
    if (this.#fails(settings)) return say(500, 'text/plain; charset=utf-8', 'it was told to fail\n');
    const { service, status } = settings;
    if (service === 'sink' && method !== 'GET' && method !== 'HEAD') {
      const from = call.connection.from ?? '';
      const text = await textOf(request);
      this.#take(pod, { from, protocol: 'HTTP', path: url, type: headers['content-type'] ?? '', text });
      return say(status === 200 ? 202 : status, 'text/plain; charset=utf-8', '');
    }
    if (service === 'sink' && path === '/')
      return say(200, 'application/json', `${JSON.stringify(this.#sinks.told(pod.metadata.uid))}\n`);
    if (service === 'static') return say(status, settings.type, settings.body);
    if (path === '/metrics') return say(status, 'text/plain; version=0.0.4; charset=utf-8', this.#metrics(pod));
    if (path === '/healthz' || path === '/readyz' || path === '/livez')
      return say(status, 'text/plain; charset=utf-8', status < 400 ? 'ok\n' : 'not ok\n');
    if (path === '/log') return this.#log(response, pod);
    return say(
      status,
      'application/json',
      `${JSON.stringify({ ...factsOf(pod), port, path: url, method, headers })}\n`,
    );
  }

  #take(pod: Pod, arrival: Omit<Arrival, 'time'>): void {
    this.#sinks.take(pod.metadata.uid, { time: formatTime(this.#registry.clock.now()), ...arrival });
  }

  async #log(response: ServerResponse, pod: Pod): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    for await (const text of this.#logOf(pod)) response.write(text);
    response.end();
  }

  #metrics(pod: Pod): string {
    return metricsPage({
      pod,
      node: this.#node(pod),
      now: this.#registry.clock.now(),
      requests: this.#requests.get(pod.metadata.uid) ?? new Map(),
      facts: factsOf(pod),
    });
  }

  #count({ metadata: { uid } }: Pod, path: string): void {
    let counts = this.#requests.get(uid);
    if (!counts) {
      this.#requests.set(uid, (counts = new Map()));
      // Of pods that nobody says are gone.
      if (this.#requests.size > PODS_COUNTED) this.#requests.delete(this.#requests.keys().next().value!);
    }
    const known = counts.has(path) || counts.size < PATHS_COUNTED ? path : 'others';
    counts.set(known, (counts.get(known) ?? 0) + 1);
  }

  #fails({ failures }: PortSettings): boolean {
    return failures > 0 && this.#random.uint32() < failures * 2 ** 32;
  }

  #later({ delay }: PortSettings, act: () => void): void {
    if (delay > 0) this.#clock.after(delay, act);
    else act();
  }

  /** The pod as it stands; as it was when it is gone. */
  #asItIs(pod: Pod): Pod {
    const now = this.#registry.get(pods, pod.metadata.namespace ?? '', pod.metadata.name)?.object;
    return now?.metadata.uid === pod.metadata.uid ? now : pod;
  }

  #node(pod: Pod) {
    return this.#registry.get(nodes, '', pod.spec.nodeName ?? '')?.object;
  }
}

/** What a client sends, as far as anybody wants to know. */
async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request) if (text.length < MOST_TEXT) text += piece;
  return text;
}

/** Whether these characters are, or may become, the first line of a request. */
function couldBeHttp(text: string): boolean {
  if (text.includes('\n')) return FIRST_LINE.test(text);
  return text.length < MAX_HEAD && /^[A-Z]{1,16}( \S*( H?[\w/.]*)?)?\r?$/.test(text);
}
