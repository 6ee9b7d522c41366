import type { KubeObject } from '../resources/types.js';
import type { Version } from './backend.js';
import type { Entry } from './entry.js';
import type { StoredJson } from './stored-json.js';

/**
 * How many parsed objects are kept beside their JSON. Parsed objects are several times as large, so at 150,000
 * pods most would be parsed again when asked for, if what stands on the nodes did not hold on to them.
 */
const PARSED_KEPT = 1 << 15;

/** And of how much JSON: few large objects take as much memory as many small ones. */
const PARSED_BYTES = 160 * 1024 * 1024;

/** Remembers the entries that were parsed last; the ones that fall out forget their objects. */
export class ParsedObjects {
  /** A ring; what is in it begins at `#oldest` and ends before `#next`. */
  readonly #ring: (StoredEntry | undefined)[] = [];
  /** How much each entry counted for when it came in. */
  readonly #sizes: number[] = [];
  #oldest = 0;
  #next = 0;
  #bytes = 0;

  constructor(
    readonly capacity = PARSED_KEPT,
    readonly maxBytes = PARSED_BYTES,
  ) {}

  keep(entry: StoredEntry): void {
    if (this.#ring[this.#next]) this.#forgetOldest();
    this.#ring[this.#next] = entry;
    this.#sizes[this.#next] = entry.size;
    this.#bytes += entry.size;
    this.#next = (this.#next + 1) % this.capacity;
    while (this.#bytes > this.maxBytes && this.#ring[this.#oldest] !== entry) this.#forgetOldest();
  }

  #forgetOldest(): void {
    this.#ring[this.#oldest]!.forget();
    this.#ring[this.#oldest] = undefined;
    this.#bytes -= this.#sizes[this.#oldest]!;
    this.#oldest = (this.#oldest + 1) % this.capacity;
  }
}

/** An {@link Entry} that parses its JSON when somebody looks inside, and nobody has what was parsed before any more. */
export class StoredEntry<T extends KubeObject = KubeObject> implements Entry<T>, Version {
  #object: T | undefined;
  /** Once it is forgotten: derived state, such as what stands on a node, may have it still. */
  #forgotten: WeakRef<T> | undefined;

  constructor(
    readonly resource: string,
    readonly namespace: string,
    readonly name: string,
    readonly uid: string,
    readonly revision: number,
    /** The revision that added the object. */
    readonly created: number,
    readonly json: StoredJson,
    private readonly parsed: ParsedObjects,
    object?: T,
  ) {
    this.#object = object;
    if (object) parsed.keep(this);
  }

  get bytes(): Buffer {
    return this.json.bytes;
  }

  /** How much memory its JSON takes, more or less. */
  get size(): number {
    return this.json.length;
  }

  get object(): T {
    if (this.#object === undefined) {
      const known = this.#forgotten?.deref();
      if (known) return known;
      this.#object = this.json.parse() as T;
      this.#forgotten = undefined;
      this.parsed.keep(this);
    }
    return this.#object;
  }

  forget(): void {
    if (this.#object) this.#forgotten = new WeakRef(this.#object);
    this.#object = undefined;
  }
}
