import type { Server, Socket } from 'node:net';

/** The connections of servers, so that all of them can be broken off: those that have become something else than HTTP too. */
export class Connections {
  readonly #open = new Set<Socket>();

  /** Those of one server more. */
  of(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  /** Resets all of them. */
  breakOff(): void {
    for (const socket of this.#open) socket.resetAndDestroy();
  }
}
