import { nodesByAddress } from '../registry/indexes.js';
import type { Registry } from '../registry/registry.js';
import { nodes } from '../resources/index.js';
import { formatAddress, parseRange } from '../resources/ipv4.js';
import { Allocator } from './addresses.js';
import type { ResolvedOptions } from './options.js';

/** Hands out pod networks and addresses to nodes that come without. */
export class NodeAddresses {
  readonly #podCIDRs: Allocator;
  readonly #addresses: Allocator;
  readonly #maskSize: number;
  readonly #registry: Registry;
  /** Nodes for which nothing was left, by name. */
  readonly #without = new Set<string>();
  readonly #listeners: ((node: string) => void)[] = [];

  constructor(registry: Registry, options: ResolvedOptions) {
    this.#registry = registry;
    this.#maskSize = options.nodeCIDRMaskSize;
    this.#podCIDRs = new Allocator(parseRange(options.clusterCIDR), 2 ** (32 - options.nodeCIDRMaskSize));
    this.#addresses = new Allocator(parseRange(options.nodeCIDR), 1, { first: 2, last: 1 });
  }

  podCIDR(): string | undefined {
    const used = this.#registry.index(nodes, 'pod-cidr', node => node.spec.podCIDRs ?? []);
    const format = (address: number) => `${formatAddress(address)}/${this.#maskSize}`;
    const address = this.#podCIDRs.take(candidate => used.get(format(candidate)).length > 0);
    return address === undefined ? undefined : format(address);
  }

  internalIP(): string | undefined {
    const used = nodesByAddress(this.#registry);
    const address = this.#addresses.take(candidate => used.get(formatAddress(candidate)).length > 0);
    return address === undefined ? undefined : formatAddress(address);
  }

  /** Nodes that have to do without an address or a pod network, as nothing was left for them. */
  get without(): ReadonlySet<string> {
    return this.#without;
  }

  /** Notes whether there was nothing left for a node. */
  note(node: string, isWithout: boolean): void {
    if (isWithout === this.#without.has(node)) return;
    if (!isWithout) {
      this.#without.delete(node);
      return;
    }
    this.#without.add(node);
    for (const listener of this.#listeners) listener(node);
  }

  /** `listener` hears of each node for which nothing was left. */
  onWithout(listener: (node: string) => void): void {
    this.#listeners.push(listener);
  }
}
