import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { HOME, hasWholeLoopback } from './machine.js';
import type { Protocol, Spot } from './sockets.js';

/** What a client calls from, and who it is if that does not say so. */
interface Origin {
  readonly localAddress?: string;
  readonly standsFor?: string;
}

/**
 * How those in the cluster reach others: from their own addresses, by which they are known. Who has an address that this machine lacks calls from a
 * port of 127.0.0.1, which stands for that address until whoever is called has looked.
 */
export class Callers {
  /** By protocol and port of 127.0.0.1. */
  readonly #addresses = new Map<string, string>();

  /** The address in the cluster of who comes from a place. It is told once: the port may be somebody else's afterwards. */
  whose(protocol: Protocol, { address, port }: Spot): string {
    if (address !== HOME) return address;
    const key = `${protocol} ${port}`;
    const known = this.#addresses.get(key);
    this.#addresses.delete(key);
    return known ?? address;
  }

  /** @param from the caller's address; outside the cluster if absent */
  async connect(to: Spot, from: string | undefined): Promise<Socket> {
    const { standsFor, ...local } = await originOf(to, from);
    const socket = connect({ host: to.address, port: to.port, ...local });
    if (standsFor === undefined) return socket;
    // It has its port by then, and nobody has taken the connection in.
    socket.once('connectionAttempt', () => {
      const key = `TCP ${socket.localPort}`;
      this.#addresses.set(key, standsFor);
      socket.once('close', () => this.#addresses.delete(key));
    });
    return socket;
  }

  /**
   * A socket for datagrams.
   * @param from the caller's address; outside the cluster if absent
   * @throws Error (as a rejection) of this machine's
   */
  async datagrams(to: Spot, from: string | undefined): Promise<Datagrams> {
    const { standsFor, localAddress } = await originOf(to, from);
    return new Promise((resolve, reject) => {
      const socket = createSocket('udp4');
      socket.once('error', reject);
      socket.bind({ port: 0, exclusive: true, ...(localAddress ? { address: localAddress } : {}) }, () => {
        socket.off('error', reject);
        // It stays when the socket is closed: a datagram may still be on its way.
        if (standsFor !== undefined) this.#addresses.set(`UDP ${socket.address().port}`, standsFor);
        resolve(socket);
      });
    });
  }
}

/** Nothing that is to leave this machine can come from a loopback address. */
async function originOf(to: Spot, from: string | undefined): Promise<Origin> {
  if (from === undefined || !to.address.startsWith('127.')) return {};
  if (from.startsWith('127.') && (await hasWholeLoopback())) return { localAddress: from };
  return { localAddress: HOME, standsFor: from };
}
