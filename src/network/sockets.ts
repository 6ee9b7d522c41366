import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import type { Caller, Callers } from './callers.js';
import { HOME, mostListeners } from './machine.js';

export type Protocol = 'TCP' | 'UDP';

/** Where something is to be reached, in the words of the cluster. */
export interface Place {
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Where it is really reached: elsewhere if this machine does not have the address, or does not let everybody have the port. */
export interface Spot {
  readonly address: string;
  readonly port: number;
}

/** What becomes of those who come. */
export interface Reception {
  /** A connection, and who makes it. Not reading from it is not losing anything. */
  connection(socket: Socket, client: Caller): void;
  /** A datagram, how to answer it, and who sends it. */
  datagram(message: Buffer, answer: (reply: Buffer) => void, client: Caller): void;
}

/** A place that is listened at. */
export interface Listener {
  readonly place: Place;
  readonly spot: Spot;
  /** Nobody comes in any more; those who are there stay. */
  close(): void;
}

/** As many connections as may wait to be taken in. */
const BACKLOG = 511;
/** Codes that say that the address is not this machine's, … */
const NOT_OURS = new Set(['EADDRNOTAVAIL', 'EINVAL', 'ENETUNREACH']);
/** … and that the port is for others. */
const NOT_ALLOWED = new Set(['EACCES', 'EPERM']);

/** How many listen in this process. */
let listening = 0;
/** Of how many places that are elsewhere it is remembered where they were last. */
const REMEMBERED = 10_000;

/**
 * Listens at places of the cluster. Where the machine lacks the address (other systems than Linux have 127.0.0.1 alone; objects of an older
 * file may have any address) it listens on a free port of 127.0.0.1 in its place, and where a low port is for administrators, on a free port of the
 * same address; on the same one again when the place is opened again, if it is still free. Never at anything but a loopback address.
 */
export class Sockets {
  readonly #callers: Callers;
  readonly #isMapped: boolean;
  /** Ports of places that are elsewhere, by place. */
  readonly #ports = new Map<string, number>();

  /** @param isMapped whether a free port of 127.0.0.1 answers in place of each address, since these may be another cluster's */
  constructor(callers: Callers, isMapped: boolean) {
    this.#callers = callers;
    this.#isMapped = isMapped;
  }

  /**
   * @throws Error with `code` `EADDRINUSE` if another program has the port, `EMFILE` if the process has too many sockets already
   */
  async listen(place: Place, reception: Reception): Promise<Listener> {
    if (this.#isMapped || !place.address.startsWith('127.')) return this.#elsewhere(place, HOME, reception);
    try {
      return await this.#open(place, place, reception);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (NOT_ALLOWED.has(code)) return this.#elsewhere(place, place.address, reception);
      if (NOT_OURS.has(code)) return this.#elsewhere(place, HOME, reception);
      throw error;
    }
  }

  async #elsewhere(place: Place, address: string, reception: Reception): Promise<Listener> {
    const key = `${place.address}:${place.port}/${place.protocol}`;
    const last = this.#ports.get(key);
    const again = last && (await this.#open(place, { address, port: last }, reception).catch(() => undefined));
    const listener = again || (await this.#open(place, { address, port: 0 }, reception));
    this.#ports.delete(key);
    this.#ports.set(key, listener.spot.port);
    if (this.#ports.size > REMEMBERED) this.#ports.delete(this.#ports.keys().next().value!);
    return listener;
  }

  async #open(place: Place, at: Spot, reception: Reception): Promise<Listener> {
    if (listening >= mostListeners()) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
    listening++;
    try {
      const listen = place.protocol === 'TCP' ? listenForConnections : listenForDatagrams;
      const { close, ...listener } = await listen(place, at, reception, this.#callers);
      return {
        ...listener,
        close() {
          listening--;
          close();
        },
      };
    } catch (error) {
      listening--;
      throw error;
    }
  }
}

function listenForConnections(place: Place, at: Spot, { connection }: Reception, callers: Callers): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer({ noDelay: true, allowHalfOpen: true }, socket => {
      const { remoteAddress = '', remotePort = 0 } = socket;
      connection(socket, callers.whose('TCP', { address: remoteAddress, port: remotePort }));
    });
    server.once('error', reject);
    server.listen({ host: at.address, port: at.port, backlog: BACKLOG, exclusive: true }, () => {
      server.off('error', reject);
      // Out of file descriptors, say: those who come then are not taken in, and others later are.
      server.on('error', () => {});
      const { address, port } = server.address() as { address: string; port: number };
      resolve({ place, spot: { address, port }, close: () => server.close() });
    });
  });
}

function listenForDatagrams(place: Place, at: Spot, { datagram }: Reception, callers: Callers): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const socket: Datagrams = createSocket('udp4');
    const fail = (error: Error) => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ address: at.address, port: at.port, exclusive: true }, () => {
      socket.off('error', fail);
      socket.on('error', () => {});
      let isOpen = true;
      socket.on('message', (message, { address, port }) => {
        const answer = (reply: Buffer) => {
          if (isOpen) socket.send(reply, port, address, () => {});
        };
        datagram(message, answer, callers.whose('UDP', { address, port }));
      });
      const { address, port } = socket.address();
      resolve({
        place,
        spot: { address, port },
        close() {
          isOpen = false;
          socket.close();
        },
      });
    });
  });
}
