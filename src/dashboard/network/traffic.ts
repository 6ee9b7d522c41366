import type { AddressFacts, TrafficMessage } from '../graph/network.js';

/** What answers in a cluster, and how much has come. */
export interface Traffic {
  readonly network: 'OFF' | 'LOOPBACK' | 'PORTS';
  /** In the order of addresses. */
  readonly addresses: readonly AddressFacts[];
}

export const placeOf = ({ address, port, protocol }: AddressFacts): string => `${address}:${port}/${protocol}`;

/** Puts the messages of the subscription together. */
export class TrafficPicture {
  readonly #known = new Map<string, AddressFacts>();
  #sorted: readonly AddressFacts[] = [];

  apply({ whole, changed, gone, network }: TrafficMessage['traffic']): Traffic {
    let isOrdered = !whole;
    if (whole) this.#known.clear();
    for (const place of gone) isOrdered = !this.#known.delete(place) && isOrdered;
    for (const address of changed) {
      const key = placeOf(address);
      isOrdered &&= this.#known.has(key);
      this.#known.set(key, address);
    }
    // Where only counters are different, all stays in its place.
    this.#sorted = isOrdered
      ? this.#sorted.map(address => this.#known.get(placeOf(address))!)
      : [...this.#known.values()].sort(compareAddresses);
    return { network, addresses: this.#sorted };
  }
}

function compareAddresses(a: AddressFacts, b: AddressFacts): number {
  const numbers = ({ address, port }: AddressFacts) => [...address.split('.').map(Number), port];
  const [x, y] = [numbers(a), numbers(b)];
  const i = x.findIndex((value, at) => value !== y[at]);
  return i < 0 ? a.protocol.localeCompare(b.protocol) : x[i]! - y[i]!;
}
