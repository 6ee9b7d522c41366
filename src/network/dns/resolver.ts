import {
  type DnsRecord,
  DOMAIN,
  type Question,
  type Rcode,
  type Reply,
  SCHEMA_TTL,
  SCHEMA_VERSION,
  TTL,
} from './records.js';
import { addressOf, namesOf, REVERSE_ZONES } from './reverse.js';
import { nameServers, type Target, targetsOf, withoutDot } from './targets.js';
import type { DnsView } from './view.js';

/** How many names may stand for each other, one after the other. */
const LONGEST_CHAIN = 8;
/** What it adds up to, the weights of one answer. */
const WEIGHTS = 100;
/** Where the server listens. */
const OWN_ADDRESS = '127.0.0.1';

const ADDRESSES = { A: 4, AAAA: 6 } as const;
type AddressType = keyof typeof ADDRESSES;
const isAddressType = (type: string): type is AddressType => type in ADDRESSES;

/** One of our zones in a question. */
interface Zone {
  readonly apex: typeof DOMAIN | (typeof REVERSE_ZONES)[number];
  /** As it is written in the question: names that are made up for the answer end in it. */
  readonly written: string;
  /** What stands before it, in lower case. */
  readonly labels: readonly string[];
}

/**
 * Answers as CoreDNS's kubernetes plugin does that kubeadm sets up: it knows the cluster's domain and the zones of reverse names. For all other names
 * kubeadm's CoreDNS asks the servers of its node. There is nobody to ask here, so they are refused, which tells a client with several servers to try
 * another: this one would not know whether such a name exists.
 *
 * Two habits of the plugin that others would not have are kept: TXT and SOA never find out that a name does not exist, and a headless Service
 * of which nobody is ready does not exist, which is what the specification says too.
 */
export function answer(question: Question, view: DnsView): Reply {
  const name = withoutDot(question.name);
  const zone = zoneOf(name);
  if (!zone) return { rcode: 'REFUSED', authoritative: false, answers: [], authorities: [], additionals: [] };
  const found =
    zone.apex === DOMAIN ? inDomain(name, question.type, zone, view) : inReverse(name, question, zone, view);
  if (!found) return denial('NXDOMAIN', zone, view);
  const { answers, additionals = [] } = found;
  if (answers.length === 0) return denial('NOERROR', zone, view);
  return { rcode: 'NOERROR', authoritative: true, answers, authorities: [], additionals };
}

/** What was found of a name that exists. */
interface Found {
  readonly answers: readonly DnsRecord[];
  readonly additionals?: readonly DnsRecord[];
}

const NOTHING: Found = { answers: [] };

function zoneOf(name: string): Zone | undefined {
  const lower = name.toLowerCase();
  for (const apex of [DOMAIN, ...REVERSE_ZONES] as const) {
    if (lower !== apex && !lower.endsWith(`.${apex}`)) continue;
    const before = lower.slice(0, -apex.length - 1);
    return { apex, written: name.slice(-apex.length), labels: before === '' ? [] : before.split('.') };
  }
  return undefined;
}

/** No such name, or no such record: for how long that may be remembered is in the SOA. */
const denial = (rcode: Rcode, zone: Zone, view: DnsView): Reply => ({
  rcode,
  authoritative: true,
  answers: [],
  authorities: [authority(zone, view)],
  additionals: [],
});

const authority = ({ written }: Zone, view: DnsView): DnsRecord => ({
  name: written,
  type: 'SOA',
  ttl: TTL,
  data: {
    mname: `ns.dns.${written}`,
    rname: `hostmaster.${written}`,
    serial: view.serial % 2 ** 32,
    refresh: 7200,
    retry: 1800,
    expire: 86_400,
    minimum: TTL,
  },
});

/** @returns undefined for a name that does not exist */
function inDomain(name: string, type: string, zone: Zone, view: DnsView): Found | undefined {
  const { labels, written } = zone;
  const isApex = labels.length === 0;
  if (type === 'SOA') return isApex ? { answers: [authority(zone, view)] } : NOTHING;
  if (type === 'TXT') {
    if (labels.join('.') !== 'dns-version') return NOTHING;
    return { answers: [{ name, type, ttl: SCHEMA_TTL, data: SCHEMA_VERSION }] };
  }
  if (type === 'NS' && isApex) return nameServerRecords(name, written, nameServers(view, OWN_ADDRESS));
  if (labels.join('.') === 'ns.dns')
    return { answers: isAddressType(type) ? addressRecords(name, type, nameServers(view, OWN_ADDRESS)) : [] };
  const targets = targetsOf(labels, view);
  if (!targets) return undefined;
  if (isAddressType(type)) return { answers: resolved(name, type, targets, view, []) };
  if (type === 'SRV') return serviceRecords(name, written, targets);
  const alias = type === 'CNAME' ? targets.find(isAlias) : undefined;
  return alias ? { answers: [aliasRecord(name, alias)] } : NOTHING;
}

function inReverse(name: string, { type }: Question, zone: Zone, view: DnsView): Found | undefined {
  const { apex, labels } = zone;
  if (type === 'SOA') return labels.length === 0 ? { answers: [authority(zone, view)] } : NOTHING;
  if (labels.length === 0 || type === 'TXT') return NOTHING;
  const address = type === 'PTR' && apex !== DOMAIN ? addressOf(labels, apex) : undefined;
  const names = address === undefined ? [] : namesOf(address, view);
  if (names.length === 0) return undefined;
  return { answers: names.map(data => ({ name, type: 'PTR', ttl: TTL, data: `${data}.${DOMAIN}` })) };
}

const isAlias = ({ family }: Target): boolean => family === 0;

const aliasRecord = (name: string, { host }: Target): DnsRecord => ({ name, type: 'CNAME', ttl: TTL, data: host });

/** Each address once. */
function addressRecords(name: string, type: AddressType, targets: readonly Target[]): DnsRecord[] {
  const hosts = new Set(targets.filter(({ family }) => family === ADDRESSES[type]).map(({ host }) => host));
  return [...hosts].map(data => ({ name, type, ttl: TTL, data }));
}

/**
 * The addresses of targets, those of a name in the domain that one stands for too. A name that leads to nothing there is left out, as are loops
 * and chains that are too long; one elsewhere is told and not followed.
 * @param before the aliases that led here
 */
function resolved(
  name: string,
  type: AddressType,
  targets: readonly Target[],
  view: DnsView,
  before: readonly string[],
): DnsRecord[] {
  const alias = targets.find(isAlias);
  if (!alias) return addressRecords(name, type, targets);
  const host = alias.host.toLowerCase();
  const own = name.toLowerCase();
  const isLoop = host === own || host.endsWith(`.${own}`) || before.includes(host);
  if (isLoop || host === '' || before.length >= LONGEST_CHAIN) return [];
  const record = aliasRecord(name, alias);
  const zone = zoneOf(alias.host);
  if (zone?.apex !== DOMAIN) return [record];
  const beyond = resolved(alias.host, type, targetsOf(zone.labels, view) ?? [], view, [...before, host]);
  return beyond.length > 0 ? [record, ...beyond] : [];
}

const besideRecord = (name: string, { host, family }: Target): DnsRecord => ({
  name,
  type: family === 6 ? 'AAAA' : 'A',
  ttl: TTL,
  data: host,
});

/** A record for each port of each name, with the addresses beside. Names elsewhere have none. */
function serviceRecords(name: string, zone: string, targets: readonly Target[]): Found {
  const answers = new Map<string, DnsRecord>();
  const additionals = new Map<string, DnsRecord>();
  const weight = Math.max(1, Math.floor(WEIGHTS / targets.length));
  for (const target of targets) {
    const { host, port } = target;
    if (port === undefined || isAlias(target)) continue;
    const own = `${target.name}.${zone}`;
    answers.set(`${own} ${port}`, {
      name,
      type: 'SRV',
      ttl: TTL,
      data: { priority: 0, weight, port, target: own },
    });
    additionals.set(`${own} ${host}`, besideRecord(own, target));
  }
  return { answers: [...answers.values()], additionals: [...additionals.values()] };
}

function nameServerRecords(name: string, zone: string, servers: readonly Target[]): Found {
  const names = new Set(servers.map(server => `${server.name}.${zone}`));
  return {
    answers: [...names].map(data => ({ name, type: 'NS', ttl: TTL, data })),
    additionals: servers.map(server => besideRecord(`${server.name}.${zone}`, server)),
  };
}
