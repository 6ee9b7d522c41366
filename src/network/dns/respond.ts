import { LARGEST_MESSAGE, readQuery, writeReply } from './message.js';
import { answer } from './resolver.js';
import { rotated } from './rotation.js';
import type { DnsView } from './view.js';

/** What a datagram may hold: without EDNS, with whatever it says, and at all. */
const UDP_BYTES = { usual: 512, most: 65_507 };

/** How a message came. */
export type Transport = 'udp' | 'tcp';

/**
 * The answer to a message, or nothing for what deserves none. Whatever the message is, nothing is thrown.
 * @param turn of how many answers this one is: addresses begin with another one each time, as CoreDNS's `loadbalance` has them
 * @param onError hears of a fault of ours, which the client is told of as SERVFAIL
 */
export function respond(
  packet: Buffer,
  transport: Transport,
  view: () => DnsView,
  turn: number,
  onError: (error: unknown) => void,
): Buffer | undefined {
  const query = readQuery(packet);
  if (!query) return undefined;
  const { question, problem, edns } = query;
  const said = edns ? Math.min(Math.max(edns.size, UDP_BYTES.usual), UDP_BYTES.most) : UDP_BYTES.usual;
  const limit = transport === 'tcp' ? LARGEST_MESSAGE : said;
  if (!question) return writeReply(query, problem ?? 'SERVFAIL', limit);
  try {
    return writeReply(query, rotated(answer(question, view()), turn), limit);
  } catch (error) {
    onError(error);
    return writeReply(query, 'SERVFAIL', limit);
  }
}
