import { BlockList, type IPVersion, isIPv4 } from 'node:net';
import { canonicalIp, parseCidr } from '../ip.js';
import type { Problems } from './names.js';

const FINE: Problems = [];
const NO_ADDRESS: Problems = ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];

/** An IPv4 or IPv6 address, in whatever form it was ever accepted. */
export function checkIp(text: string): Problems {
  return canonicalIp(text) !== undefined ? FINE : NO_ADDRESS;
}

/** An address in the one form that names it. */
export function checkCanonicalIp(text: string): Problems {
  return canonicalIp(text) === text ? FINE : NO_ADDRESS;
}

/** An address range such as `10.9.8.0/24`, in whatever form it was ever accepted. */
export function checkCidr(text: string): Problems {
  return parseCidr(text) ? FINE : ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
}

/** A range in the one form that names it. */
export function checkCanonicalCidr(text: string): Problems {
  const cidr = parseCidr(text);
  if (!cidr) return checkCidr(text);
  if (cidr.address !== cidr.network) return ['must not have bits set beyond the prefix length'];
  const canonical = `${cidr.network}/${cidr.bits}`;
  return text === canonical ? FINE : [`must be in canonical form ("${canonical}")`];
}

/** An address that can be somebody's: what means no host, this host or the link alone is refused. @param text a valid address */
export function checkOrdinaryIp(text: string): Problems {
  const ip = canonicalIp(text)!;
  const of = (first: RegExp) => first.test(ip);
  if (ip === '0.0.0.0' || ip === '::') return ['may not be unspecified (0.0.0.0 or ::)'];
  if (of(/^127\./) || ip === '::1') return ['may not be in the loopback range (127.0.0.0/8, ::1/128)'];
  if (of(/^169\.254\./) || of(/^fe[89ab][0-9a-f]:/))
    return ['may not be in the link-local range (169.254.0.0/16, fe80::/10)'];
  if (of(/^224\.0\.0\./) || of(/^ff[0-9a-f]2:/))
    return ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'];
  return FINE;
}

/** Whether an address is in a range; both are right. */
export function isWithin(address: string, cidr: string): boolean {
  const { network, bits } = parseCidr(cidr)!;
  const ip = canonicalIp(address)!;
  return familyOf(network) === familyOf(ip) && rangeOf(network, bits).check(ip, familyOf(ip));
}

/** Ranges that stand for this machine, this network, or nothing: nobody else reaches an address in them. */
const UNREACHABLE = (
  [
    ['may not be unspecified (0.0.0.0)', '0.0.0.0', 32],
    ['may not be unspecified (::)', '::', 128],
    ['may not be in the loopback range (127.0.0.0/8, ::1/128)', '127.0.0.0', 8],
    ['may not be in the loopback range (127.0.0.0/8, ::1/128)', '::1', 128],
    ['may not be in the link-local range (169.254.0.0/16, fe80::/10)', '169.254.0.0', 16],
    ['may not be in the link-local range (169.254.0.0/16, fe80::/10)', 'fe80::', 10],
    ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)', '224.0.0.0', 24],
    ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)', 'ff02::', 10],
  ] as const
).map(([problem, network, bits]) => ({ problem, range: rangeOf(network, bits) }));

/** An address that is right, of a machine that others can reach. */
export function checkReachable(address: string): Problems {
  const ip = canonicalIp(address)!;
  return UNREACHABLE.flatMap(({ problem, range }) => (range.check(ip, familyOf(ip)) ? [problem] : []));
}

function familyOf(ip: string): IPVersion {
  return isIPv4(ip) ? 'ipv4' : 'ipv6';
}

function rangeOf(network: string, bits: number): BlockList {
  const range = new BlockList();
  range.addSubnet(network, bits, familyOf(network));
  return range;
}
