import { compareText } from '../resources/compare.js';
import type { Entry } from './entry.js';

/** The entries of one resource in one namespace, listed by name. */
class Bucket {
  readonly byName = new Map<string, Entry>();
  /** Names in order; those added since are in `#added`, those removed are found missing from `byName`. */
  #names: string[] = [];
  #added: string[] = [];
  #gone = false;
  #list: readonly Entry[] | undefined;

  set(entry: Entry): void {
    if (!this.byName.has(entry.name)) this.#added.push(entry.name);
    this.byName.set(entry.name, entry);
    this.#list = undefined;
  }

  delete(name: string): void {
    if (!this.byName.delete(name)) return;
    this.#gone = true;
    this.#list = undefined;
  }

  /** A snapshot: later writes do not change it. */
  list(): readonly Entry[] {
    if (this.#list) return this.#list;
    if (this.#gone || this.#added.length > 0) {
      // A name may be removed and added again between two lists: the set keeps it once.
      const names = this.#added.length > 0 ? [...new Set([...this.#names, ...this.#added])] : this.#names;
      this.#names = this.#gone ? names.filter(name => this.byName.has(name)) : names;
      // Nearly sorted already, which the engine's sort takes advantage of.
      if (this.#added.length > 0) this.#names.sort(compareText);
      this.#added = [];
      this.#gone = false;
    }
    this.#list = this.#names.map(name => this.byName.get(name)!);
    return this.#list;
  }
}

/** As the keys of their objects are ordered in etcd, `namespace/name`: `a-b` comes before `a`, since a dash comes before a slash. */
const byKey = (a: string, b: string) => compareText(`${a}/`, `${b}/`);

/** The current entries of one resource, by namespace and name, listed in etcd's order. */
export class Table {
  readonly #buckets = new Map<string, Bucket>();
  #list: readonly Entry[] | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(namespace: string, name: string): Entry | undefined {
    return this.#buckets.get(namespace)?.byName.get(name);
  }

  set(entry: Entry): void {
    let bucket = this.#buckets.get(entry.namespace);
    if (!bucket) this.#buckets.set(entry.namespace, (bucket = new Bucket()));
    if (!bucket.byName.has(entry.name)) this.#size++;
    bucket.set(entry);
    this.#list = undefined;
  }

  delete(namespace: string, name: string): void {
    const bucket = this.#buckets.get(namespace);
    if (!bucket?.byName.has(name)) return;
    bucket.delete(name);
    this.#size--;
    if (bucket.byName.size === 0) this.#buckets.delete(namespace);
    this.#list = undefined;
  }

  /** By namespace, then name; of one namespace, or of all. A snapshot: later writes do not change it. */
  list(namespace?: string): readonly Entry[] {
    if (namespace !== undefined) return this.#buckets.get(namespace)?.list() ?? [];
    if (!this.#list) {
      const namespaces = [...this.#buckets.keys()].sort(byKey);
      this.#list =
        namespaces.length === 1
          ? this.#buckets.get(namespaces[0]!)!.list()
          : namespaces.flatMap(n => this.#buckets.get(n)!.list());
    }
    return this.#list;
  }
}
