import type { Range } from '../resources/ipv4.js';
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
