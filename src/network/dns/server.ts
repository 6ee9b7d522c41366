import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { NameServer } from '../house.js';
import type { Spot } from '../sockets.js';
import { DOMAIN } from './records.js';
import { respond, type Transport } from './respond.js';
import { serveConnection } from './tcp.js';
import type { DnsView } from './view.js';

/** Nobody beyond this machine is answered. */
const HOST = '127.0.0.1';
/** Connections at once; further ones are closed. */
const MOST_CONNECTIONS = 128;
/** What may wait to be sent in datagrams, in bytes: answers beyond are dropped, and clients ask again. */
const MOST_WAITING = 4 * 1024 * 1024;
/** How many free ports are tried for one that is free for both protocols. */
const ATTEMPTS = 10;

export interface DnsServerOptions {
  /** What is looked at for each question. */
  readonly view: () => DnsView;
  /** Hears of faults of ours. */
  readonly onError: (error: unknown) => void;
}

/** Answers for the names of a cluster by UDP and TCP, and asks nobody itself. */
export class DnsServer implements NameServer {
  readonly address = HOST;
  readonly port: number;
  readonly #options: DnsServerOptions;
  readonly #udp: DatagramSocket;
  readonly #tcp: Server;
  readonly #connections = new Set<Socket>();
  /** Hears of each who comes to its port. */
  onCame: NameServer['onCame'] = () => {};
  #turn = 0;

  private constructor(port: number, udp: DatagramSocket, tcp: Server, options: DnsServerOptions) {
    this.port = port;
    this.#udp = udp;
    this.#tcp = tcp;
    this.#options = options;
    udp.on('message', (packet, { address, port }) => {
      // A port that nobody has is made up, and so is an address that is not this machine's.
      if (port === 0 || !address.startsWith('127.') || udp.getSendQueueSize() > MOST_WAITING) return;
      this.onCame('UDP');
      this.datagram(packet, answer => udp.send(answer, port, address, () => {}));
    });
    udp.on('error', options.onError);
    tcp.maxConnections = MOST_CONNECTIONS;
    tcp.on('error', options.onError);
    tcp.on('connection', socket => {
      this.onCame('TCP');
      this.#serve(socket);
    });
  }

  get own(): Spot {
    return { address: this.address, port: this.port };
  }

  accept(socket: Socket): void {
    if (this.#connections.size >= MOST_CONNECTIONS) {
      socket.destroy();
      return;
    }
    socket.once('end', () => socket.end());
    this.#serve(socket);
  }

  datagram(message: Buffer, answer: (reply: Buffer) => void): void {
    const reply = this.#respond(message, 'udp');
    if (reply) answer(reply);
  }

  #serve(socket: Socket): void {
    this.#connections.add(socket);
    socket.once('close', () => this.#connections.delete(socket));
    serveConnection(socket, message => this.#respond(message, 'tcp'));
  }

  /**
   * @param port 0 takes one that is free for both protocols
   * @throws Error (as a rejection) that says what is wrong with the port
   */
  static async open(port: number, options: DnsServerOptions): Promise<DnsServer> {
    for (let attempt = 1; ; attempt++) {
      const tcp = createServer();
      const udp = createSocket('udp4');
      try {
        tcp.listen(port, HOST);
        await once(tcp, 'listening');
        const taken = (tcp.address() as AddressInfo).port;
        udp.bind(taken, HOST);
        await once(udp, 'listening');
        return new DnsServer(taken, udp, tcp, options);
      } catch (error) {
        tcp.close();
        udp.close();
        const { code } = error as NodeJS.ErrnoException;
        if (port !== 0 || code !== 'EADDRINUSE' || attempt === ATTEMPTS) throw portError(port, error as Error);
      }
    }
  }

  #respond(message: Buffer, transport: Transport): Buffer | undefined {
    const { view, onError } = this.#options;
    return respond(message, transport, view, this.#turn++, onError);
  }

  /** Ends it, whoever still asks. */
  async close(): Promise<void> {
    const closed = [once(this.#udp, 'close'), once(this.#tcp, 'close')];
    this.#udp.close();
    this.#tcp.close();
    for (const socket of this.#connections) socket.destroy();
    await Promise.all(closed);
  }
}

function portError(port: number, error: NodeJS.ErrnoException): Error {
  const what = `DNS for ${DOMAIN}: port ${port} on ${HOST}`;
  if (error.code === 'EADDRINUSE') return new Error(`${what} is in use; choose another (0 takes a free one)`);
  if (error.code === 'EACCES') return new Error(`${what} may not be used by this user; choose one above 1023`);
  return new Error(`DNS for ${DOMAIN}: ${error.message}`, { cause: error });
}
