import { isIP, isIPv4 } from 'node:net';
import { canonicalIp, parseCidr } from '../ip.js';

/** What is said of an address in a form that is accepted for the sake of old objects. What is no address at all is none of ours. */
export function ipWarnings(field: string, text: string): string[] {
  if (isIPv4(text)) return [];
  const canonical = canonicalIp(text);
  if (canonical === undefined || canonical === text) return [];
  const quoted = JSON.stringify(text);
  return isIPv4(canonical) || !isIP(text)
    ? [
        `${field}: non-standard IP address ${quoted} will be considered invalid in a future Kubernetes release: use "${canonical}"`,
      ]
    : [`${field}: IPv6 address ${quoted} should be in RFC 5952 canonical format ("${canonical}")`];
}

/** The same of a range; also of one that begins in its midst, so that it may be meant for a single address. */
export function cidrWarnings(field: string, text: string): string[] {
  const cidr = parseCidr(text);
  if (!cidr) return [];
  const warnings: string[] = [];
  const { address, network, bits, length } = cidr;
  const [before, after] = text.split('/') as [string, string];
  const quoted = JSON.stringify(text);
  const canonical = `${network}/${bits}`;
  if (address !== network) {
    warnings.push(
      `${field}: CIDR value ${quoted} is ambiguous in this context (should be "${canonical}" or "${address}/${length}"?)`,
    );
  }
  const isMapped = length === 128 && isIPv4(address);
  if (isMapped || !isIP(before) || /^0\d/.test(after)) {
    warnings.push(
      `${field}: non-standard CIDR value ${quoted} will be considered invalid in a future Kubernetes release: use "${canonical}"`,
    );
  }
  if (warnings.length === 0 && length === 128 && canonical !== text) {
    warnings.push(`${field}: IPv6 CIDR value ${quoted} should be in RFC 5952 canonical format ("${canonical}")`);
  }
  return warnings;
}
