import { isIP, isIPv4 } from 'node:net';
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
