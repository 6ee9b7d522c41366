import type { DnsRecord, Reply } from './records.js';

const isAddress = ({ type }: DnsRecord): boolean => type === 'A' || type === 'AAAA';

/** A reply whose addresses begin with another one at each turn. */
export function rotated(reply: Reply, turn: number): Reply {
  const addresses = reply.answers.filter(isAddress);
  if (addresses.length < 2) return reply;
  const first = turn % addresses.length;
  const others = reply.answers.filter(record => !isAddress(record));
  return { ...reply, answers: [...others, ...addresses.slice(first), ...addresses.slice(0, first)] };
}
