/** A range of IPv4 addresses: the first one as a number, and how many there are. */
export interface Range {
  readonly base: number;
  readonly size: number;
}

/** @throws Error if `cidr` is not an IPv4 range such as `10.128.0.0/9`. */
export function parseRange(cidr: string): Range {
  const [address = '', bits = ''] = cidr.split('/');
  const base = parseAddress(address);
  const length = /^\d{1,2}$/.test(bits) ? Number(bits) : Number.NaN;
  if (base === undefined || !(length <= 32)) throw new Error(`"${cidr}" is not an IPv4 range`);
  const size = 2 ** (32 - length);
  return { base: Math.floor(base / size) * size, size };
}

export function formatAddress(address: number): string {
  return `${Math.floor(address / 2 ** 24)}.${Math.floor(address / 2 ** 16) & 255}.${Math.floor(address / 256) & 255}.${address & 255}`;
}

const ADDRESS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function parseAddress(text: string): number | undefined {
  let address = 0;
  for (const part of ADDRESS.exec(text)?.slice(1) ?? ['none']) {
    if (!(Number(part) <= 255)) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

/**
 * Hands out blocks of a range in turn, skipping what is in use: every block once before any comes back, as CNI plugins
 * and node IPAM do it, so that an address just given up is not at once another's.
 */
export class Allocator {
  readonly #range: Range;
  readonly #block: number;
  readonly #first: number;
  readonly #count: number;
  #next = 0;

  /**
   * @param block addresses in a block: 1 for single addresses.
   * @param reserved blocks at either end of the range that are never handed out (network and gateway, broadcast).
   */
  constructor(range: Range, block: number, reserved: { first: number; last: number } = { first: 0, last: 0 }) {
    this.#range = range;
    this.#block = block;
    this.#first = reserved.first;
    this.#count = Math.floor(range.size / block) - reserved.first - reserved.last;
  }

  /** The first address of a free block, or undefined if there is none. */
  take(inUse: (address: number) => boolean): number | undefined {
    for (let tried = 0; tried < this.#count; tried++) {
      const address = this.#range.base + (this.#first + this.#next) * this.#block;
      this.#next = (this.#next + 1) % this.#count;
      if (!inUse(address)) return address;
    }
    return undefined;
  }
}
