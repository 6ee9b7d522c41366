import type { IncomingMessage } from 'node:http';
import { StatusError } from '../../registry/status.js';

/** The protocols that a client offers, in its order. Not read by `ws`, since a name such as `SPDY/3.1+…` is no token by RFC 6455. */
function offeredProtocols({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
}

/**
 * The first of the client's protocols that is served; the empty one if the client offers none and that is served too.
 * @throws StatusError 400
 */
export function chosenProtocol(req: IncomingMessage, served: readonly string[]): string {
  const offered = offeredProtocols(req);
  const chosen = offered.length === 0 && served.includes('') ? '' : offered.find(name => served.includes(name));
  if (chosen !== undefined) return chosen;
  const known = served.filter(name => name !== '').join(', ');
  throw StatusError.badRequest(`none of the WebSocket subprotocols offered is served here: offer one of ${known}`);
}
