import { isIPv6 } from 'node:net';
import { formatAddress, parseAddress } from '../../resources/ipv4.js';
import { SERVICE_OF_SLICE } from '../../resources/well-known.js';
import { publishedIn, serviceName } from './targets.js';
import type { DnsView } from './view.js';

/** The zones in which addresses are written backwards. */
export const REVERSE_ZONES = ['in-addr.arpa', 'ip6.arpa'] as const;

/**
 * The names of an address, below the domain: of the Service that it is the cluster IP of, or else of every ready endpoint that has it, of Services
 * with a cluster IP too.
 */
export function namesOf(address: string, view: DnsView): string[] {
  const service = view.servicesAt(address)[0];
  if (service) return [serviceName(service)];
  const names = new Set<string>();
  for (const slice of view.slicesAt(address)) {
    const { namespace, labels } = slice.metadata;
    const owner = labels?.[SERVICE_OF_SLICE];
    for (const { host, hostname } of publishedIn(slice))
      if (owner && host === address) names.add(`${hostname}.${owner}.${namespace}.svc`);
  }
  return [...names];
}

/**
 * The address that a name in a reverse zone stands for, as Kubernetes writes addresses; undefined for one that is none, or only the beginning of one.
 * @param labels before the zone, in lower case
 */
export function addressOf(labels: readonly string[], zone: (typeof REVERSE_ZONES)[number]): string | undefined {
  const parts = [...labels].reverse();
  if (zone === 'in-addr.arpa') {
    const address = parseAddress(parts.join('.'));
    return address === undefined ? undefined : formatAddress(address);
  }
  if (parts.length !== 32 || !parts.every(part => /^[0-9a-f]$/.test(part))) return undefined;
  const text = parts.join('').replaceAll(/(.{4})(?=.)/g, '$1:');
  // A URL writes it as short as it can be.
  return isIPv6(text) ? new URL(`http://[${text}]`).hostname.slice(1, -1) : undefined;
}
