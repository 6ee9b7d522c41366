import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import type { Pod } from '../resources/types.js';
import { HOME, hasWholeLoopback } from './machine.js';
import type { Protocol, Spot } from './sockets.js';

/** Who comes to a place. */
export interface Caller {
  /** The address in the cluster that it comes from. */
  readonly address: string;
  /** To be told of the pod that takes it in; absent where nobody wants to know. */
  readonly onTaken?: ((pod: Pod) => void) | undefined;
}

/** As who one calls. */
export interface CallOptions {
  /** The caller's address; outside the cluster if absent. */
  readonly from?: string | undefined;
  /** Hears which pod takes the call in: before that says anything, and not at all if none does. */
  readonly onTaken?: Caller['onTaken'];
}

/** What a client calls from, and who it is if that alone does not say so. */
interface Origin {
  readonly localAddress?: string;
  readonly caller?: Caller;
}

/**
 * How those in the cluster reach others: from their own addresses, by which they are known. Who has an address that this machine lacks calls from a
 * port of 127.0.0.1, which stands for that address until whoever is called has looked. In the same way one knows who wants to hear which pod it was.
 */
export class Callers {
  /** By protocol, address and port that they call from. */
  readonly #calling = new Map<string, Caller>();

  /** Who comes from a place. It is told once: the port may be somebody else's afterwards. */
  whose(protocol: Protocol, { address, port }: Spot): Caller {
    const key = `${protocol} ${address}:${port}`;
    const known = this.#calling.get(key);
    this.#calling.delete(key);
    return known ?? { address };
  }

  async connect(to: Spot, options: CallOptions): Promise<Socket> {
    const { caller, ...local } = await originOf(to, options);
    const socket = connect({ host: to.address, port: to.port, ...local });
    if (!caller) return socket;
    // It has its port by then, and nobody has taken the connection in.
    socket.once('connectionAttempt', () => {
      const key = `TCP ${socket.localAddress}:${socket.localPort}`;
      this.#calling.set(key, caller);
      socket.once('close', () => {
        if (this.#calling.get(key) === caller) this.#calling.delete(key);
      });
    });
    return socket;
  }

  /**
   * A socket for one datagram.
   * @throws Error (as a rejection) of this machine's
   */
  async datagrams(to: Spot, options: CallOptions): Promise<Datagrams> {
    const { caller, localAddress } = await originOf(to, options);
    return new Promise((resolve, reject) => {
      const socket = createSocket('udp4');
      socket.once('error', reject);
      socket.bind({ port: 0, exclusive: true, ...(localAddress ? { address: localAddress } : {}) }, () => {
        socket.off('error', reject);
        // It stays when the socket is closed: a datagram may still be on its way.
        const { address, port } = socket.address();
        if (caller) this.#calling.set(`UDP ${address}:${port}`, caller);
        resolve(socket);
      });
    });
  }
}

/** Nothing that is to leave this machine can come from a loopback address. */
async function originOf(to: Spot, { from, onTaken }: CallOptions): Promise<Origin> {
  if (!to.address.startsWith('127.')) return {};
  if (from === undefined) return onTaken ? { localAddress: HOME, caller: { address: HOME, onTaken } } : {};
  const isOurs = from.startsWith('127.') && (await hasWholeLoopback());
  const localAddress = isOurs ? from : HOME;
  return { localAddress, ...(isOurs && !onTaken ? {} : { caller: { address: from, onTaken } }) };
}
