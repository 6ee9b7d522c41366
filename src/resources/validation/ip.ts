import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Problems } from './names.js';

const FINE: Problems = [];

/** An IPv4 or IPv6 address. */
export function checkIp(text: string): Problems {
  return isIP(text) ? FINE : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
}

/** An address range such as `10.9.8.0/24`. */
export function checkCidr(text: string): Problems {
  const slash = text.indexOf('/');
  const address = text.slice(0, slash);
  const bits = text.slice(slash + 1);
  const isRight =
    slash > 0 && isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128);
  return isRight ? FINE : ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
}

/** An address that can be somebody's: what means no host, this host or the link alone is refused. @param ip a valid address */
export function checkOrdinaryIp(ip: string): Problems {
  const of = (first: RegExp) => first.test(ip.toLowerCase());
  if (ip === '0.0.0.0' || ip === '::') return ['may not be unspecified (0.0.0.0 or ::)'];
  if (of(/^127\./) || ip === '::1') return ['may not be in the loopback range (127.0.0.0/8, ::1/128)'];
  if (of(/^169\.254\./) || of(/^fe[89ab][0-9a-f]:/))
    return ['may not be in the link-local range (169.254.0.0/16, fe80::/10)'];
  if (of(/^224\.0\.0\./) || of(/^ff[0-9a-f]2:/))
    return ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'];
  return FINE;
}

/** Whether an address is in a range; both are right, and of one family. */
export function isWithin(address: string, cidr: string): boolean {
  const slash = cidr.indexOf('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(cidr.slice(0, slash), Number(cidr.slice(slash + 1)), family);
  return range.check(address, family);
}

/** Ranges that stand for this machine, this network, or nothing: nobody else reaches an address in them. */
const UNREACHABLE: readonly [cidr: string, problem: string][] = [
  ['0.0.0.0/32', 'may not be unspecified (0.0.0.0)'],
  ['::/128', 'may not be unspecified (::)'],
  ['127.0.0.0/8', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['::1/128', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['169.254.0.0/16', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['fe80::/10', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['224.0.0.0/24', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
  ['ff02::/10', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
];

/** An address that is right, of a machine that others can reach. */
export function checkReachable(address: string): Problems {
  const family = isIP(address);
  return UNREACHABLE.flatMap(([cidr, problem]) =>
    isIP(cidr.slice(0, cidr.indexOf('/'))) === family && isWithin(address, cidr) ? [problem] : [],
  );
}
