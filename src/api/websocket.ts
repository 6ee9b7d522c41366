import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { StatusError } from '../registry/status.js';
import type { Stream } from './http.js';

/** Whoever watches has nothing to say. */
const MAX_RECEIVED_BYTES = 1024;

/** How long a reader that is told to end may take to do so. */
const CLOSE_TIMEOUT_MS = 2000;

const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  maxPayload: MAX_RECEIVED_BYTES,
  // @ts-expect-error the types do not know it yet
  closeTimeout: CLOSE_TIMEOUT_MS,
});

/**
 * Takes up a WebSocket, to be written to like any other stream: each write is a message, of bytes or of text.
 * @param res what would have answered otherwise; lets go of the socket.
 * @throws StatusError 400 if it is not asked for as the protocol wants it; the socket has been answered and closed then.
 */
export function acceptWebSocket(
  { req, res, socket, head }: { req: IncomingMessage; res: ServerResponse; socket: Duplex; head: Buffer },
  binary: boolean,
): Stream {
  res.detachSocket(socket as Socket);
  let stream: Stream | undefined;
  // Without a check of its own to wait for, the server calls back at once, or not at all.
  server.handleUpgrade(req, socket, head, client => {
    client.on('error', () => client.terminate());
    stream = {
      write(chunk) {
        client.send(chunk, { binary });
        return !socket.writableNeedDrain;
      },
      get waiting() {
        return client.bufferedAmount;
      },
      get closed() {
        return client.readyState >= client.CLOSING;
      },
      cork: () => socket.cork(),
      uncork: () => socket.uncork(),
      end: () => client.close(),
      destroy: () => client.terminate(),
      breakOff: chunk => client.send(chunk, { binary }, () => client.terminate()),
      onDrain: call => socket.on('drain', call),
      onClose: call => client.once('close', call),
    };
  });
  if (!stream) throw StatusError.badRequest('not a WebSocket protocol');
  return stream;
}
