import type { Node } from '../../resources/types.js';
import { ZONE_LABEL } from '../../resources/well-known.js';

/** How many nodes of a zone may be marked for eviction each second. */
export interface EvictionRates {
  /** Nodes a second while most of a zone is well, or all of it is gone. */
  readonly rate: number;
  /** Nodes a second while a large zone is partly gone; a small one then waits. */
  readonly secondaryRate: number;
  /** More nodes than this make a zone large. */
  readonly largeZone: number;
  /** Share of a zone that must be unwell for it to count as partly gone. */
  readonly unhealthyShare: number;
}

/** `rate` of a zone, and whose turn it is. A bucket of one token, as upstream has it. */
class Zone {
  ready = 0;
  notReady = 0;
  rate = 0;
  /** ms since the epoch from which the next node may be marked. */
  nextAt = 0;
  /** Nodes to be marked, first come first served. */
  readonly waiting = new Set<string>();

  get head(): string | undefined {
    for (const name of this.waiting) return name;
    return undefined;
  }
}

interface Known {
  readonly zone: string;
  readonly ready: boolean;
}

/**
 * Paces the NoExecute taints of unready nodes by zone (TNT-03): a few at a time while a zone is mostly well, fewer when
 * it is partly gone, none at all when every zone is gone altogether, since then it is more likely that it is the control
 * plane which sees nothing. Mirrors `handleDisruption` of upstream's node lifecycle controller.
 */
export class Zones {
  readonly #rates: EvictionRates;
  readonly #zones = new Map<string, Zone>();
  readonly #nodes = new Map<string, Known>();
  #allGone = false;

  constructor(rates: EvictionRates) {
    this.#rates = rates;
  }

  /** Whether every zone is gone, and nobody is to be evicted. */
  get allGone(): boolean {
    return this.#allGone;
  }

  /** Takes note of the node as it is now. Answers the nodes whose turn may have come by it. */
  observe(name: string, zone: string, ready: boolean, now: number): string[] {
    const former = this.#nodes.get(name);
    if (former && former.zone === zone && former.ready === ready) return [];
    const next = this.#leave(name, former);
    this.#nodes.set(name, { zone, ready });
    const entered = this.#zones.get(zone) ?? new Zone();
    this.#zones.set(zone, entered);
    if (ready) entered.ready++;
    else entered.notReady++;
    return [...next, ...this.#reassess(now)];
  }

  /** The node is gone. Answers the nodes whose turn may have come by it. */
  forget(name: string, now: number): string[] {
    const former = this.#nodes.get(name);
    if (!former) return [];
    const next = this.#leave(name, former);
    this.#nodes.delete(name);
    return [...next, ...this.#reassess(now)];
  }

  /**
   * Asks to mark a node. `granted` if it may be marked at once; otherwise it waits for its turn. `wake` names the node
   * whose turn is next and in how many ms.
   */
  request(name: string, now: number): { granted: boolean; wake?: { name: string; after: number } } {
    const zone = this.#zoneOf(name);
    if (!zone) return { granted: false };
    zone.waiting.add(name);
    const granted = zone.rate > 0 && zone.head === name && zone.nextAt <= now;
    if (granted) {
      zone.waiting.delete(name);
      zone.nextAt = now + 1000 / zone.rate;
    }
    return { granted, ...this.#next(zone, now) };
  }

  /** The node need not be marked any more. Answers who comes next, and in how many ms. */
  withdraw(name: string, now: number): { wake?: { name: string; after: number } } {
    const zone = this.#zoneOf(name);
    return zone?.waiting.delete(name) ? this.#next(zone, now) : {};
  }

  #next(zone: Zone, now: number): { wake?: { name: string; after: number } } {
    const name = zone.head;
    return name === undefined || zone.rate === 0 ? {} : { wake: { name, after: Math.max(zone.nextAt - now, 0) } };
  }

  #zoneOf(name: string): Zone | undefined {
    const known = this.#nodes.get(name);
    return known && this.#zones.get(known.zone);
  }

  /** Answers who comes next in its place, if it was waiting. */
  #leave(name: string, former: Known | undefined): string[] {
    const zone = former && this.#zones.get(former.zone);
    if (!zone) return [];
    if (former.ready) zone.ready--;
    else zone.notReady--;
    if (zone.ready + zone.notReady === 0) this.#zones.delete(former.zone);
    return zone.waiting.delete(name) && zone.head !== undefined ? [zone.head] : [];
  }

  #reassess(now: number): string[] {
    const woken: string[] = [];
    const allGone = this.#zones.size > 0 && [...this.#zones.values()].every(isGone);
    if (allGone !== this.#allGone) {
      this.#allGone = allGone;
      for (const [name, { ready }] of this.#nodes) if (!ready) woken.push(name);
    }
    for (const zone of this.#zones.values()) {
      const rate = allGone ? 0 : this.#rateOf(zone);
      if (rate === zone.rate) continue;
      zone.rate = rate;
      zone.nextAt = now;
      if (zone.head !== undefined) woken.push(zone.head);
    }
    return woken;
  }

  #rateOf(zone: Zone): number {
    const size = zone.ready + zone.notReady;
    const partlyGone = !isGone(zone) && zone.notReady > 2 && zone.notReady / size >= this.#rates.unhealthyShare;
    if (!partlyGone) return this.#rates.rate;
    return size > this.#rates.largeZone ? this.#rates.secondaryRate : 0;
  }
}

const isGone = (zone: Zone) => zone.ready === 0 && zone.notReady > 0;

/** Region and zone of a node, by its labels, today's or those before 1.17. */
export function zoneOf({ metadata: { labels = {} } }: Node): string {
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? '';
  const zone = labels[ZONE_LABEL] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? '';
  return `${region}/${zone}`;
}
