import type { KubeObject } from '../resources/types.js';
import type { Change, Entry } from '../store/entry.js';
import type { Index } from './types.js';

const NOTHING: readonly never[] = [];

class Bucket<T extends KubeObject> {
  /** By uid. */
  readonly entries: Map<string, Entry<T>>;
  /** Whether several indexes have it: whoever means to write makes one of its own. */
  shared = false;
  #list: readonly Entry<T>[] | undefined;

  constructor(from?: Bucket<T>) {
    this.entries = new Map(from?.entries);
  }

  set(entry: Entry<T>): void {
    this.entries.set(entry.uid, entry);
    this.#list = undefined;
  }

  delete(uid: string): void {
    this.entries.delete(uid);
    this.#list = undefined;
  }

  list(): readonly Entry<T>[] {
    this.#list ??= [...this.entries.values()];
    return this.#list;
  }
}

/** Entries of one resource by keys derived from the objects (pods by node, by owner), kept with every write. */
export class ObjectIndex<T extends KubeObject> implements Index<T> {
  readonly #keysOf: (object: T) => Iterable<string>;
  readonly #buckets: Map<string, Bucket<T>>;
  /** Which buckets each object (by its uid) is in, so that its former version need not be parsed again to find out. */
  readonly #placed: Map<string, readonly string[]>;

  constructor(keysOf: (object: T) => Iterable<string>, existing: readonly Entry<T>[], from?: ObjectIndex<T>) {
    this.#keysOf = keysOf;
    this.#buckets = new Map(from ? from.#buckets : []);
    this.#placed = new Map(from ? from.#placed : []);
    for (const entry of existing) this.#put(entry);
  }

  /** One that goes its own way from here on; a bucket is copied when one of them changes it. */
  copy(): ObjectIndex<T> {
    for (const bucket of this.#buckets.values()) bucket.shared = true;
    return new ObjectIndex(this.#keysOf, [], this);
  }

  /** The same in the order of these entries, which are all that there are. */
  ordered(entries: readonly Entry[]): ObjectIndex<T> {
    const index = new ObjectIndex(this.#keysOf, []);
    for (const entry of entries as readonly Entry<T>[]) {
      const keys = this.#placed.get(entry.uid);
      if (!keys) continue;
      index.#placed.set(entry.uid, keys);
      for (const key of keys) index.#own(key).set(entry);
    }
    return index;
  }

  get(key: string): readonly Entry<T>[] {
    return this.#buckets.get(key)?.list() ?? NOTHING;
  }

  keys(): IterableIterator<string> {
    return this.#buckets.keys();
  }

  apply(change: Change<T>): void {
    if (change.type === 'DELETED') this.#remove(change.entry);
    else this.#put(change.entry);
  }

  #put(entry: Entry<T>): void {
    const { uid } = entry;
    const keys = distinct(this.#keysOf(entry.object));
    const former = this.#placed.get(uid) ?? NOTHING;
    if (keys.length === 0 && former === NOTHING) return;
    for (const key of former) if (!keys.includes(key)) this.#take(key, uid);
    for (const key of keys) this.#own(key).set(entry);
    if (sameItems(keys, former)) return;
    if (keys.length > 0) this.#placed.set(uid, keys);
    else this.#placed.delete(uid);
  }

  #remove({ uid }: Entry<T>): void {
    for (const key of this.#placed.get(uid) ?? NOTHING) this.#take(key, uid);
    this.#placed.delete(uid);
  }

  #take(key: string, uid: string): void {
    const bucket = this.#own(key);
    bucket.delete(uid);
    if (bucket.entries.size === 0) this.#buckets.delete(key);
  }

  /** The bucket of a key, to write to. */
  #own(key: string): Bucket<T> {
    const there = this.#buckets.get(key);
    if (there && !there.shared) return there;
    const own = new Bucket(there);
    this.#buckets.set(key, own);
    return own;
  }
}

const distinct = (keys: Iterable<string>): readonly string[] =>
  Array.isArray(keys) && keys.length < 2 ? keys : [...new Set(keys)];

const sameItems = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);
