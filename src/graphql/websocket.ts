import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { useServer as serve } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { GraphService } from './context.js';
import { formatResult, isForeign, prepare, withLastError } from './operations.js';

/** GraphQL over WebSocket (protocol `graphql-transport-ws`), started. */
export interface WebSocketHandler {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** Starts GraphQL over WebSocket. What is to be sent next is asked for when the socket has taken what came before. */
export function startWebSocket(service: GraphService): WebSocketHandler {
  const { limits, report } = service;
  const server = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes });
  const protocol = serve(
    {
      onSubscribe: ({ extra }, __, payload) => prepare(payload, extra.request, service),
      onOperation: (_, __, ___, ____, result) => withLastError(result),
      onNext: (_, __, ___, ____, result) => formatResult(result, report),
    },
    server,
  );

  return {
    upgrade(request, socket, head) {
      if (isForeign(request)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, client => server.emit('connection', client, request));
    },
    async close() {
      await protocol.dispose();
      server.close();
    },
  };
}
