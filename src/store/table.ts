import { compareText } from '../resources/compare.js';
import type { Change, Entry } from './entry.js';

/** The entries of one resource in one namespace, listed by name. */
class Bucket {
  readonly byName: Map<string, Entry>;
  /** Whether several tables have it: whoever means to write makes one of its own. */
  shared = false;
  /** Names in order; those added since are in `#added`, those removed are found missing from `byName`. */
  #names: string[] = [];
  #added: string[] = [];
  #gone = false;
  #list: readonly Entry[] | undefined;

  constructor(from?: Bucket) {
    this.byName = new Map(from?.byName);
    if (!from) return;
    // Never changed in place.
    this.#names = from.#names;
    this.#added = [...from.#added];
    this.#gone = from.#gone;
  }

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
    const bucket = this.#own(entry.namespace);
    if (!bucket.byName.has(entry.name)) this.#size++;
    bucket.set(entry);
    this.#list = undefined;
  }

  delete(namespace: string, name: string): void {
    if (!this.get(namespace, name)) return;
    const bucket = this.#own(namespace);
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

  /** One that goes its own way from here on. Costs next to nothing: what is the same in both is copied when one of them changes it. */
  copy(): Table {
    const copy = new Table();
    for (const [namespace, bucket] of this.#buckets) {
      bucket.shared = true;
      copy.#buckets.set(namespace, bucket);
    }
    copy.#list = this.#list;
    copy.#size = this.#size;
    return copy;
  }

  /** The bucket of a namespace, to write to. */
  #own(namespace: string): Bucket {
    const there = this.#buckets.get(namespace);
    if (there && !there.shared) return there;
    const own = new Bucket(there);
    this.#buckets.set(namespace, own);
    return own;
  }
}

/** The current entries of every resource. */
export class Tables {
  readonly #byResource = new Map<string, Table>();

  of(resource: string): Table {
    let table = this.#byResource.get(resource);
    if (!table) this.#byResource.set(resource, (table = new Table()));
    return table;
  }

  apply({ type, entry }: Change): void {
    const table = this.of(entry.resource);
    if (type === 'DELETED') table.delete(entry.namespace, entry.name);
    else table.set(entry);
  }

  /** All entries, by resource, namespace and name. */
  *entries(): Iterable<Entry> {
    for (const table of this.#byResource.values()) yield* table.list();
  }

  /** See {@link Table.copy}. */
  copy(): Tables {
    const copy = new Tables();
    for (const [resource, table] of this.#byResource) copy.#byResource.set(resource, table.copy());
    return copy;
  }
}
