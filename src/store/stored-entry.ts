import type { KubeObject } from '../resources/types.js';
import type { Entry } from './entry.js';
import type { StoredJson } from './stored-json.js';

/**
 * How many parsed objects are kept beside their JSON. Parsed objects are several times as large, so at 150,000
 * pods most are parsed again when asked for (about 10 µs each).
 */
const PARSED_KEPT = 1 << 15;

/** Remembers the entries that were parsed last; the one that falls out forgets its object. */
export class ParsedObjects {
  readonly #ring: (StoredEntry | undefined)[] = [];
  #next = 0;

  constructor(readonly capacity = PARSED_KEPT) {}

  keep(entry: StoredEntry): void {
    this.#ring[this.#next]?.forget();
    this.#ring[this.#next] = entry;
    this.#next = (this.#next + 1) % this.capacity;
  }
}

/** An {@link Entry} that parses its JSON when somebody looks inside. */
export class StoredEntry<T extends KubeObject = KubeObject> implements Entry<T> {
  #object: T | undefined;

  constructor(
    readonly resource: string,
    readonly namespace: string,
    readonly name: string,
    readonly uid: string,
    readonly revision: number,
    /** The revision that added the object. */
    readonly created: number,
    private readonly json: StoredJson,
    private readonly parsed: ParsedObjects,
    object?: T,
  ) {
    this.#object = object;
    if (object) parsed.keep(this);
  }

  get bytes(): Buffer {
    return this.json.bytes;
  }

  get object(): T {
    if (this.#object === undefined) {
      this.#object = this.json.parse() as T;
      this.parsed.keep(this);
    }
    return this.#object;
  }

  forget(): void {
    this.#object = undefined;
  }
}
