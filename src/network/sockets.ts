import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';

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
  /** A connection. Not reading from it is not losing anything. */
  connection(socket: Socket): void;
  /** A datagram, and how to answer it. */
  datagram(message: Buffer, answer: (reply: Buffer) => void, from: Spot): void;
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

const HOME = '127.0.0.1';

/**
 * Listens at places of the cluster. Where the machine lacks the address (other systems than Linux have 127.0.0.1 alone; objects of an older
 * file may have any address) it listens on a free port of 127.0.0.1 in its place, and where a low port is for administrators, on a free port of the
 * same address. Never at anything but a loopback address.
 */
export class Sockets {
  /**
   * @throws Error with `code` `EADDRINUSE` if another program has the port
   */
  async listen(place: Place, reception: Reception): Promise<Listener> {
    const open = place.protocol === 'TCP' ? listenForConnections : listenForDatagrams;
    const own = place.address.startsWith('127.');
    try {
      return await open(place, own ? place : { address: HOME, port: 0 }, reception);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (own && NOT_ALLOWED.has(code)) return open(place, { address: place.address, port: 0 }, reception);
      if (own && NOT_OURS.has(code)) return open(place, { address: HOME, port: 0 }, reception);
      throw error;
    }
  }
}

function listenForConnections(place: Place, at: Spot, { connection }: Reception): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer({ noDelay: true, allowHalfOpen: true }, connection);
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

function listenForDatagrams(place: Place, at: Spot, { datagram }: Reception): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const socket: Datagrams = createSocket('udp4');
    socket.once('error', reject);
    socket.bind({ address: at.address, port: at.port, exclusive: true }, () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      let isOpen = true;
      socket.on('message', (message, { address, port }) => {
        const answer = (reply: Buffer) => {
          if (isOpen) socket.send(reply, port, address, () => {});
        };
        datagram(message, answer, { address, port });
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
