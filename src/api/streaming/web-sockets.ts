import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Upgrade } from '../http.js';

/** The largest message that a client may send. */
const MAX_MESSAGE = 1024 * 1024;

/** Opens WebSockets. */
export class WebSockets {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE });
  readonly #open = new Set<WebSocket>();

  /** Completes the handshake, with `protocol` as the one that was chosen. */
  accept(req: IncomingMessage, { socket, head }: Upgrade, protocol: string, opened: (ws: WebSocket) => void): void {
    delete req.headers['sec-websocket-protocol'];
    const announce = (lines: string[], asked: IncomingMessage) => {
      if (asked === req && protocol !== '') lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
    };
    this.#server.once('headers', announce);
    this.#server.handleUpgrade(req, socket, head, ws => {
      this.#open.add(ws);
      ws.on('close', () => this.#open.delete(ws));
      ws.on('error', () => ws.terminate());
      opened(ws);
    });
    this.#server.off('headers', announce); // the handshake is over by now, or has failed
  }

  close(): void {
    for (const ws of this.#open) ws.terminate();
    this.#server.close();
  }
}
