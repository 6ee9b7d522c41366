import { isIPv4, isIPv6 } from 'node:net';
import { formatAddress, parseAddress } from './ipv4.js';

/** How IPv6 writes an address of IPv4: `::ffff:1.2.3.4`. */
const MAPPED = 0xffffn;
const MAPPED_BITS = 96;

/** A range of addresses that somebody wrote down. */
export interface Cidr {
  /** The address before the slash, in its canonical form. */
  readonly address: string;
  /** The first address of the range, in its canonical form. */
  readonly network: string;
  /** How many bits all of its addresses have in common, as is written behind {@link network}. */
  readonly bits: number;
  /** How many bits an address has in the form that was written. */
  readonly length: 32 | 128;
}

/**
 * The canonical form of an address (RFC 5952); undefined if it is none. Zeros before the numbers of IPv4 count for nothing, and
 * IPv4 in the clothes of IPv6 is IPv4: so have clients always been understood.
 */
export function canonicalIp(text: string): string | undefined {
  // As it nearly always is.
  if (isIPv4(text)) return text;
  const bits = parseIp(text);
  return bits === undefined ? undefined : formatIp(bits);
}

/** A range such as `10.9.8.0/24`; undefined if it is none. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const before = text.slice(0, Math.max(slash, 0));
  const address = parseIp(before);
  const length = before.includes(':') ? 128 : 32;
  const common = /^\d+$/.test(text.slice(slash + 1)) ? Number(text.slice(slash + 1)) : Number.NaN;
  if (address === undefined || !(common <= length)) return undefined;
  const free = BigInt(length - common);
  const network = (address >> free) << free;
  const bits = length === 128 && isMapped(network) ? Math.max(common - MAPPED_BITS, 0) : common;
  return { address: formatIp(address), network: formatIp(network), bits, length };
}

/** An address as a number of 128 bits, those of IPv4 as IPv6 writes them. */
function parseIp(text: string): bigint | undefined {
  const plain = withoutZeros(text);
  if (isIPv4(plain)) return (MAPPED << 32n) | BigInt(parseAddress(plain)!);
  if (!isIPv6(plain) || plain.includes('%')) return undefined;
  const [left = [], right] = shortened(plain)
    .split('::')
    .map(part => part.split(':').filter(Boolean));
  const groups = right ? [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right] : left;
  return groups.reduce((all, group) => (all << 16n) | BigInt(`0x${group}`), 0n);
}

function formatIp(bits: bigint): string {
  if (isMapped(bits)) return formatAddress(Number(bits & 0xffffffffn));
  const groups = Array.from({ length: 8 }, (_, i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  return shortened(groups.join(':'));
}

const isMapped = (bits: bigint) => bits >> 32n === MAPPED;

/** URLs write IPv6 as RFC 5952 wants it, IPv4 in it in hexadecimal. */
const shortened = (ipv6: string) => new URL(`http://[${ipv6}]`).hostname.slice(1, -1);

/** `010.09.8.7` is `10.9.8.7`. */
function withoutZeros(text: string): string {
  const start = text.lastIndexOf(':') + 1;
  const last = text.slice(start);
  return last.includes('.') ? text.slice(0, start) + last.replace(/(?<![0-9])0+(?=[0-9])/g, '') : text;
}
