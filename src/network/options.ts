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
  if (!MODES.includes(options.mode))
    throw new TypeError(`network: "${options.mode}" is none; there are off, ${MODES.join(', ')}`);
  return options;
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
  try {
    return parseRange(cidr);
  } catch (error) {
    throw new TypeError(`network.${name}: ${(error as Error).message}`);
  }
}
