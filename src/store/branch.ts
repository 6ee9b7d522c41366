import type { Backend, FoundRow, LogBounds, Row, RowFilter, Stamp, Version } from './backend.js';
import type { Entry } from './entry.js';
import { MemoryBackend } from './memory.js';
import type { StoredEntry } from './stored-entry.js';
import type { Tables } from './table.js';

/** What a branch grows from. */
export interface Trunk {
  readonly backend: Backend;
  /** See {@link LogBounds}. */
  readonly compacted: number;
}

/**
 * A log that has its beginning in common with another: rows up to the revision of the fork are read from there, later ones are in
 * memory and its own. Nothing of the other is ever changed. How all stood at the fork is kept here, since the other may forget it.
 */
export class Branch implements Backend {
  readonly #trunk: Trunk;
  readonly #fork: number;
  readonly #stood: Tables;
  readonly #own: MemoryBackend;
  readonly #meta = new Map<string, string>();
  /** Objects whose version at the fork a compaction has forgotten, by the revision that added them. */
  readonly #forgotten = new Set<number>();
  #compacted = 0;

  /** @param stood how all stood at the revision `fork` */
  constructor(trunk: Trunk, fork: number, stood: Tables) {
    this.#trunk = trunk;
    this.#fork = fork;
    this.#stood = stood;
    this.#own = new MemoryBackend(fork);
  }

  async bounds(): Promise<LogBounds> {
    const { revision } = await this.#own.bounds();
    return { revision, compacted: Math.max(this.#compacted, Math.min(this.#trunk.compacted, this.#fork)) };
  }

  async stood(
    revision: number,
    visit: (version: Version) => void,
    atHand?: (revision: number) => Version | undefined,
  ): Promise<void> {
    if (revision < this.#fork) return this.#trunk.backend.stood(revision, visit, atHand);
    for (const entry of this.#stood.entries()) if (this.#stands(entry, revision)) visit(entry as StoredEntry);
    await this.#own.stood(revision, visit, atHand);
  }

  async stamp(revision: number): Promise<Stamp | undefined> {
    return (await this.#own.stamp(revision)) ?? this.#trunk.backend.stamp(Math.min(revision, this.#fork));
  }

  append(rows: readonly Row[]): Promise<void> {
    return this.#own.append(rows);
  }

  async read(after: number, limit: number): Promise<Row[]> {
    if (after >= this.#fork) return this.#own.read(after, limit);
    return (await this.#trunk.backend.read(after, limit)).filter(row => row.revision <= this.#fork);
  }

  async find(after: number, upTo: number, filter: RowFilter): Promise<FoundRow[]> {
    const fork = this.#fork;
    const common = after < fork ? await this.#trunk.backend.find(after, Math.min(upTo, fork), filter) : [];
    return upTo > fork ? [...common, ...(await this.#own.find(Math.max(after, fork), upTo, filter))] : common;
  }

  async before(version: Version): Promise<Version | undefined> {
    if (version.revision <= this.#fork) return this.#trunk.backend.before(version);
    const own = await this.#own.before(version);
    if (own || version.created > this.#fork || this.#forgotten.has(version.created)) return own;
    const stood = this.#stood.of(version.resource).get(version.namespace, version.name) as StoredEntry | undefined;
    if (stood?.created === version.created) return stood;
    // It was gone by the fork.
    return this.#trunk.backend.before({ ...version, revision: this.#fork + 1 });
  }

  async at(resource: string, namespace: string | undefined, revision: number): Promise<Version[]> {
    if (revision < this.#fork) return this.#trunk.backend.at(resource, namespace, revision);
    const stood = this.#stood.of(resource).list(namespace) as readonly Entry[] as readonly StoredEntry[];
    const unchanged = stood.filter(entry => this.#stands(entry, revision));
    return [...unchanged, ...(await this.#own.at(resource, namespace, revision))];
  }

  async history(resource: string, namespace: string, name: string): Promise<Row[]> {
    const rows = await this.#trunk.backend.history(resource, namespace, name);
    const ours = rows.filter(row => row.revision <= this.#fork && !this.#forgets(row));
    return [...ours, ...(await this.#own.history(resource, namespace, name))];
  }

  async compact(revision: number): Promise<number> {
    this.#compacted = Math.max(this.#compacted, revision);
    for (const row of await this.#own.read(this.#fork, revision - this.#fork))
      if (row.revision <= revision && row.created <= this.#fork) this.#forgotten.add(row.created);
    return this.#own.compact(revision);
  }

  async getMeta(key: string): Promise<string | undefined> {
    return this.#meta.get(key) ?? this.#trunk.backend.getMeta(key);
  }

  async setMeta(key: string, value: string): Promise<void> {
    this.#meta.set(key, value);
  }

  async close(): Promise<void> {}

  /** Whether what stood at the fork stood as it was at the later `revision`. */
  #stands(entry: Entry, revision: number): boolean {
    const { created } = entry as StoredEntry;
    return !this.#forgotten.has(created) && this.#own.newestOf(created, revision) === undefined;
  }

  /** Whether a compaction of the branch has forgotten a row of the trunk. */
  #forgets({ resource, namespace, name, created, revision }: Row): boolean {
    if (this.#compacted <= this.#fork) return false;
    const stood = this.#stood.of(resource).get(namespace, name);
    return stood?.revision !== revision || this.#forgotten.has(created);
  }
}
