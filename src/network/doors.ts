import type { Listener, Place, Reception, Sockets } from './sockets.js';

/** A place that is listened at, and for whom. */
export interface Door extends Listener {
  readonly owner: string;
  /** How many came in: connections, or datagrams. */
  came: number;
}

/** Why a door is not open. */
export type Refusal =
  /** Another owner has it still; it is told of when that one has closed it. */
  | { readonly by: 'owner'; readonly owner: string }
  /** Another program on this machine has the port, or the machine does not allow it. */
  | { readonly by: 'machine'; readonly error: Error };

const keyOf = ({ address, port, protocol }: Place) => `${address}:${port}/${protocol}`;

/** The doors that are open, one at a place. */
export class Doors {
  readonly #sockets: Sockets;
  readonly #open = new Map<string, Door>();
  readonly #byOwner = new Map<string, Set<Door>>();
  /** Places that somebody is about to open. */
  readonly #reserved = new Map<string, string>();
  /** Who wants to hear when a place is free, by place. */
  readonly #waiting = new Map<string, Set<string>>();
  readonly #listeners: ((owner: string) => void)[] = [];
  #isClosed = false;

  constructor(sockets: Sockets) {
    this.#sockets = sockets;
  }

  get all(): Iterable<Door> {
    return this.#open.values();
  }

  /** Hears of owners for whom a place that they wanted has become free. */
  onFree(listener: (owner: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Opens a door. Resolves with the reason if that is not possible. */
  async open(owner: string, place: Place, reception: Reception): Promise<Refusal | undefined> {
    const key = keyOf(place);
    const holder = this.#open.get(key)?.owner ?? this.#reserved.get(key);
    if (holder !== undefined && holder !== owner) {
      let waiting = this.#waiting.get(key);
      if (!waiting) this.#waiting.set(key, (waiting = new Set()));
      waiting.add(owner);
      return { by: 'owner', owner: holder };
    }
    if (this.#isClosed || holder === owner) return undefined;
    this.#reserved.set(key, owner);
    try {
      const counted: Reception = {
        connection: socket => {
          door.came++;
          reception.connection(socket);
        },
        datagram: (...args) => {
          door.came++;
          reception.datagram(...args);
        },
      };
      const listener = await this.#sockets.listen(place, counted);
      const door: Door = { ...listener, owner, came: 0 };
      // Closed while it was on its way.
      if (this.#isClosed) door.close();
      else this.#keep(key, door);
      return undefined;
    } catch (error) {
      return { by: 'machine', error: error as Error };
    } finally {
      this.#reserved.delete(key);
    }
  }

  close(door: Door): void {
    const key = keyOf(door.place);
    door.close();
    this.#open.delete(key);
    const own = this.#byOwner.get(door.owner);
    own?.delete(door);
    if (own?.size === 0) this.#byOwner.delete(door.owner);
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    for (const owner of waiting ?? []) for (const listener of this.#listeners) listener(owner);
  }

  #keep(key: string, door: Door): void {
    this.#open.set(key, door);
    const own = this.#byOwner.get(door.owner);
    if (own) own.add(door);
    else this.#byOwner.set(door.owner, new Set([door]));
  }

  closeAll(): void {
    this.#isClosed = true;
    for (const door of this.#open.values()) door.close();
    this.#open.clear();
    this.#byOwner.clear();
    this.#waiting.clear();
  }

  /** Whether `place` is among the open ones of `owner`. */
  has(owner: string, place: Place): boolean {
    return this.#open.get(keyOf(place))?.owner === owner;
  }

  /** Those of the owner's doors that are not among these places. */
  besides(owner: string, places: readonly Place[]): Door[] {
    const wanted = new Set(places.map(keyOf));
    return [...(this.#byOwner.get(owner) ?? [])].filter(({ place }) => !wanted.has(keyOf(place)));
  }
}
