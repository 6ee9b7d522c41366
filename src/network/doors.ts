import { keyOf, splitKey } from '../controllers/runtime/keys.js';
import type { Listener, Place, Reception, Sockets, Spot } from './sockets.js';

/** Whose a place is. */
export interface Owner {
  readonly kind: 'Pod' | 'Service';
  readonly namespace: string;
  readonly name: string;
}

/** Whether it is a pod's own address, a Service's own, or a port of a node. */
export type Way = 'pod' | 'node' | 'service';

/** A place where somebody is to be reached, and what becomes of who comes. */
export interface Wanted extends Place {
  readonly way: Way;
  /** The node whose address it is, or on which the pod is. */
  readonly node: string | null;
  readonly reception: Reception;
  /** Whether it is a pod's port itself: who reaches it is counted, whichever way that one came, and nobody else. */
  readonly isPodPort?: boolean | undefined;
}

/** A place that is listened at, and for whom. */
export interface Door extends Listener {
  readonly owner: Owner;
  readonly way: Way;
  readonly node: string | null;
  readonly isPodPort?: boolean | undefined;
  /** How many came: connections, or datagrams. */
  came: number;
}

/** What a place is called here. */
export const placeKey = ({ address, port, protocol }: Place) => `${address}:${port}/${protocol}`;
const ownerKey = (owner: Owner) => `${owner.kind} ${keyOf(owner)}`;

/** What codes of errors mean, in words. */
const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program on this machine has it',
  EMFILE: 'the process may not have more sockets (ulimit -n)',
  ENFILE: 'the machine has no room for more sockets',
};

/** The doors that are open, one at a place. */
export class Doors {
  readonly #sockets: Sockets;
  readonly #onTraffic: (place: string) => void;
  /** By place; undefined where one is about to be opened. */
  readonly #open = new Map<string, { readonly owner: string; door: Door | undefined }>();
  /** Places, by owner. */
  readonly #places = new Map<string, Set<string>>();
  /** Who wants to hear when a place is free, by place. */
  readonly #waiting = new Map<string, Set<string>>();
  readonly #listeners = new Map<string, (key: string) => void>();
  #isClosed = false;

  /** @param onTraffic hears of each place that is opened or shut, or that somebody came to */
  constructor(sockets: Sockets, onTraffic: (place: string) => void) {
    this.#sockets = sockets;
    this.#onTraffic = onTraffic;
  }

  /** All that are open. */
  get all(): Door[] {
    return [...this.#open.values()].flatMap(({ door }) => door ?? []);
  }

  /** The one at a place; undefined if there is none. */
  at(place: string): Door | undefined {
    return this.#open.get(place)?.door;
  }

  /** Where a place is really listened at; undefined if it is not. */
  spotOf(place: Place): Spot | undefined {
    return this.at(placeKey(place))?.spot;
  }

  /** Hears of owners of a kind, by their keys, for whom a place that they wanted has become free. */
  onFree(kind: Owner['kind'], listener: (key: string) => void): void {
    this.#listeners.set(kind, listener);
  }

  /**
   * Closes the owner's doors that are not wanted any more, at once, and opens those that are missing. Where another owner has a place still, it is opened
   * by another call, after {@link onFree}.
   * @returns what this machine refuses, in words
   */
  async arrange(owner: Owner, wanted: readonly Wanted[]): Promise<string[]> {
    const id = ownerKey(owner);
    const places = new Set(wanted.map(placeKey));
    for (const place of [...(this.#places.get(id) ?? [])]) if (!places.has(place)) this.#close(id, place);
    const missing = wanted.filter(one => !this.#places.get(id)?.has(placeKey(one)) && this.#isFree(id, placeKey(one)));
    const problems = await Promise.all(missing.map(one => this.#openOne(owner, one)));
    return problems.filter(problem => problem !== undefined);
  }

  /**
   * Tells of a place that somebody else in this program listens at.
   * @returns to be called when somebody comes there
   */
  tellOf(owner: Owner, place: Place): () => void {
    const key = placeKey(place);
    const door: Door = { place, spot: place, owner, way: 'service', node: null, came: 0, close() {} };
    this.#open.set(key, { owner: ownerKey(owner), door });
    this.#onTraffic(key);
    return () => this.#count(key, door);
  }

  /** Somebody has reached a port of a pod, by its own address, or by way of a node's port or a Service. */
  reached(place: Place): void {
    const key = placeKey(place);
    const door = this.at(key);
    if (door?.isPodPort) this.#count(key, door);
  }

  /** Nobody comes in any more. */
  closeAll(): void {
    this.#isClosed = true;
    for (const { door } of this.#open.values()) door?.close();
    this.#open.clear();
    this.#places.clear();
    this.#waiting.clear();
  }

  #isFree(id: string, place: string): boolean {
    if (this.#isClosed) return false;
    if (!this.#open.has(place)) return true;
    let waiting = this.#waiting.get(place);
    if (!waiting) this.#waiting.set(place, (waiting = new Set()));
    waiting.add(id);
    return false;
  }

  async #openOne(owner: Owner, { way, node, reception, isPodPort, ...place }: Wanted): Promise<string | undefined> {
    const { address, port, protocol } = place;
    const id = ownerKey(owner);
    const key = placeKey(place);
    const kept: { owner: string; door: Door | undefined } = { owner: id, door: undefined };
    this.#open.set(key, kept);
    let own = this.#places.get(id);
    if (!own) this.#places.set(id, (own = new Set()));
    own.add(key);
    const count = () => {
      if (!isPodPort) this.#count(key, kept.door!);
    };
    try {
      const listener = await this.#sockets.listen(
        { address, port, protocol },
        {
          connection: (...args) => {
            count();
            reception.connection(...args);
          },
          datagram: (...args) => {
            count();
            reception.datagram(...args);
          },
        },
      );
      kept.door = { ...listener, owner, way, node, isPodPort, came: 0 };
      // All was closed while it was on its way.
      if (this.#isClosed) listener.close();
      this.#onTraffic(key);
      return undefined;
    } catch (error) {
      this.#close(id, key);
      const { code = '', message } = error as NodeJS.ErrnoException;
      return `Nothing answers at ${address}:${port} (${protocol}): ${WHY[code] ?? `this machine refuses it: ${message}`}`;
    }
  }

  #count(place: string, door: Door): void {
    door.came++;
    this.#onTraffic(place);
  }

  #close(id: string, place: string): void {
    this.#open.get(place)?.door?.close();
    this.#open.delete(place);
    this.#onTraffic(place);
    const own = this.#places.get(id);
    own?.delete(place);
    if (own?.size === 0) this.#places.delete(id);
    const waiting = this.#waiting.get(place);
    this.#waiting.delete(place);
    for (const other of waiting ?? []) {
      const [kind = '', key = ''] = other.split(' ');
      this.#listeners.get(kind)?.(key);
    }
  }
}

/** The owner that a key of a queue stands for. */
export const ownerOf = (kind: Owner['kind'], key: string): Owner => ({ kind, ...splitKey(key) });
