import { type AddressRanges, LOOPBACK_RANGES, USUAL_RANGES } from '../resources/address-ranges.js';
import { parseRange } from '../resources/ipv4.js';

/**
 * `loopback`: every node, pod and Service has an address of its own in 127.0.0.0/8 and answers there. `ports`: they keep the addresses that they have without a
 * network, and a free port of 127.0.0.1 answers in place of each, so that clusters side by side are not in each other's way.
 */
export type NetworkMode = 'loopback' | 'ports';
const MODES: readonly string[] = ['loopback', 'ports'] satisfies NetworkMode[];

/** How pods, nodes and Services are reached with real sockets. */
export interface NetworkOptions extends Partial<AddressRanges> {
  readonly mode: NetworkMode;
  /**
   * Hosts outside the cluster that pods may push to (`kubette.dev/push-to`), with a port or without, and hosts besides loopback addresses that they may hand
   * connections on to (`kubette.dev/serve-proxy`): names and addresses, `*` for all.
   */
  readonly allow?: readonly string[];
}

/** As it may be given. */
export type NetworkSetting = 'off' | NetworkMode | NetworkOptions;

/**
 * The options of a network; undefined where there is none.
 * @throws TypeError for options that make no sense
 */
export function networkOptions(setting: NetworkSetting | undefined): NetworkOptions | undefined {
  if (setting === undefined || setting === 'off') return undefined;
  const options = typeof setting === 'string' ? { mode: setting } : setting;
  if (typeof options !== 'object' || options === null) throw noNetwork(options);
  for (const key of Object.keys(options))
    if (!Object.hasOwn(SETTINGS, key))
      throw new TypeError(`network.${key}: there is no such setting; there are ${Object.keys(SETTINGS).join(', ')}`);
  if (options.mode === undefined) throw new TypeError(`network.mode is missing; there are ${MODES.join(', ')}`);
  if (!MODES.includes(options.mode)) throw noNetwork(options.mode);
  const { allow = [] } = options;
  if (!Array.isArray(allow)) throw new TypeError(`network.allow: ${JSON.stringify(allow)} is not a list of hosts`);
  for (const entry of allow) {
    if (!isHost(entry))
      throw new TypeError(`network.allow: ${JSON.stringify(entry)} is neither a host, nor host:port, nor *`);
  }
  return options;
}

const SETTINGS: Readonly<Record<keyof NetworkOptions, true>> = {
  mode: true,
  nodes: true,
  pods: true,
  services: true,
  allow: true,
};

const noNetwork = (given: unknown) =>
  new TypeError(`network: ${JSON.stringify(given)} is none; there are off, ${MODES.join(', ')}`);

const IPV6 = /^(?:[\da-f:.]*::[\da-f:.]*|(?:[\da-f]{1,4}:){7}[\da-f]{1,4})$/i;

/** Whether it is a name or an address, with a port or without, or `*` for all. */
function isHost(entry: unknown): boolean {
  if (typeof entry !== 'string') return false;
  if (entry === '*' || IPV6.test(entry)) return true;
  const [, host, port = '1'] = /^([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/i.exec(entry) ?? [];
  return host !== undefined && isPort(Number(port)) && Number(port) > 0;
}

const isPort = (port: unknown): boolean =>
  Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 65_535;

/**
 * The port that names are to be answered for on; 0 for a free one.
 * @throws TypeError for what is no port
 */
export function dnsPort(port: number): number {
  if (!isPort(port)) throw new TypeError(`dns: ${JSON.stringify(port)} is not a port: a whole number from 0 to 65535`);
  return port;
}

/**
 * Where the addresses of a network come from.
 * @throws TypeError for ranges that are none, overlap, or where they are to be listened at are not of this machine alone
 */
export function rangesOf({ mode, nodes, pods, services }: NetworkOptions): AddressRanges {
  const usual = mode === 'loopback' ? LOOPBACK_RANGES : USUAL_RANGES;
  const ranges = { nodes: nodes ?? usual.nodes, pods: pods ?? usual.pods, services: services ?? usual.services };
  const read = Object.entries(ranges).map(([name, cidr]) => ({ name, cidr, ...rangeOf(name, cidr) }));
  for (const [i, a] of read.entries()) {
    if (mode === 'loopback' && !a.cidr.startsWith('127.'))
      throw new TypeError(`network.${a.name}: ${a.cidr} is not within 127.0.0.0/8`);
    for (const b of read.slice(i + 1)) {
      if (a.base < b.base + b.size && b.base < a.base + a.size)
        throw new TypeError(`network: the ranges of ${a.name} (${a.cidr}) and ${b.name} (${b.cidr}) overlap`);
    }
  }
  return ranges;
}

function rangeOf(name: string, cidr: string) {
  if (typeof cidr !== 'string') throw new TypeError(`network.${name}: ${JSON.stringify(cidr)} is not an IPv4 range`);
  try {
    return parseRange(cidr);
  } catch (error) {
    throw new TypeError(`network.${name}: ${(error as Error).message}`);
  }
}
