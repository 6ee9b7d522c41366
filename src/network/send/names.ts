import { isIP } from 'node:net';
import { searchPath } from '../../resources/dns-policy.js';
import type { Pod } from '../../resources/types.js';
import { answer } from '../dns/resolver.js';
import { rotated } from '../dns/rotation.js';
import { withoutDot } from '../dns/targets.js';
import type { DnsView } from '../dns/view.js';

/** So many dots make a name one that is tried as it is before the search path: as kubelets have it. */
const NDOTS = 5;

/** One question about a name, and what was answered. */
export interface Lookup {
  readonly name: string;
  /** `NOERROR`, `NXDOMAIN`, … */
  readonly rcode: string;
  readonly addresses: readonly string[];
  /** The name elsewhere that it leads to. */
  readonly elsewhere?: string | undefined;
}

/**
 * Asks for the addresses of a name as a pod's resolver would: with each end of its search path, until one exists. Who is no pod has no search path.
 * @param turn of how many requests this one is: addresses begin with another one each time
 */
export function lookUp(name: string, pod: Pod | undefined, view: DnsView, turn: number): readonly Lookup[] {
  const bare = withoutDot(name);
  const ends = name.endsWith('.') || !pod ? [] : searchPath(pod);
  const searched = ends.map(end => `${bare}.${end}`);
  const isLong = bare.split('.').length > NDOTS;
  const asked: Lookup[] = [];
  for (const candidate of isLong ? [bare, ...searched] : [...searched, bare]) {
    const lookup = ask(candidate, view, turn);
    asked.push(lookup);
    if (lookup.addresses.length > 0 || lookup.elsewhere) break;
  }
  return asked;
}

function ask(name: string, view: DnsView, turn: number): Lookup {
  const { rcode, answers } = rotated(answer({ name, type: 'A' }, view), turn);
  const addresses = answers.flatMap(record => (record.type === 'A' ? [record.data] : []));
  const alias = answers.findLast(record => record.type === 'CNAME');
  const elsewhere = addresses.length === 0 && alias?.type === 'CNAME' ? alias.data : undefined;
  return { name, rcode, addresses: addresses.filter(address => isIP(address) === 4), elsewhere };
}
