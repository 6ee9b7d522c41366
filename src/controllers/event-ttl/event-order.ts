import type { Event } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';

/** An event, in the order of events. */
export interface Kept {
  readonly entry: Entry<Event>;
  /** When it was last written, ms since the epoch; of those from before the start, when they are looked at. */
  readonly written?: number;
}

/**
 * Events by namespace and name, those written last coming last. A copy costs nothing until one of the two changes: most forks, and all
 * snapshots, see no event.
 */
export class EventOrder {
  #byKey: Map<string, Kept>;
  /** Whether a copy looks at the same map. */
  #isShared = false;

  constructor(byKey: Map<string, Kept>) {
    this.#byKey = byKey;
  }

  copy(): EventOrder {
    const copy = new EventOrder(this.#byKey);
    this.#isShared = copy.#isShared = true;
    return copy;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): Kept | undefined {
    return this.#byKey.get(key);
  }

  /** The ones written first come first. */
  values(): IterableIterator<Kept> {
    return this.#byKey.values();
  }

  /** Puts an event at the end. */
  append(key: string, kept: Kept): void {
    const own = this.#own();
    own.delete(key);
    own.set(key, kept);
  }

  delete(key: string): void {
    this.#own().delete(key);
  }

  #own(): Map<string, Kept> {
    if (this.#isShared) this.#byKey = new Map(this.#byKey);
    this.#isShared = false;
    return this.#byKey;
  }
}
