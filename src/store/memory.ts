import type { Backend, FoundRow, LogBounds, Row, RowFilter, Stamp, Version } from './backend.js';

/** The log without a disk. Same answers as the SQLite back end. */
export class MemoryBackend implements Backend {
  /** By revision. */
  readonly #rows = new Map<number, Row>();
  /** Versions of each object, ascending, by the revision that added it. */
  readonly #versions = new Map<number, Row[]>();
  readonly #meta = new Map<string, string>();
  readonly #start: number;
  readonly #startTime: number | undefined;
  #revision: number;
  #compacted: number;

  /**
   * @param start the revision after which the log begins
   * @param startTime when that was written, if it is told here
   */
  constructor(start = 0, startTime?: number) {
    this.#start = this.#revision = this.#compacted = start;
    this.#startTime = startTime;
  }

  async bounds(): Promise<LogBounds> {
    return { revision: this.#revision, compacted: this.#compacted };
  }

  async stood(
    revision: number,
    visit: (version: Version) => void,
    atHand: (revision: number) => Version | undefined = () => undefined,
  ): Promise<void> {
    for (const versions of this.#versions.values()) {
      const row = newestAt(versions, revision);
      if (row && row.type !== 'DELETED') visit(atHand(row.revision) ?? row);
    }
  }

  async stamp(revision: number): Promise<Stamp | undefined> {
    for (let at = Math.min(revision, this.#revision); at > this.#start; at--) {
      const row = this.#rows.get(at);
      if (row) return row;
    }
    return this.#startTime === undefined ? undefined : { revision: this.#start, time: this.#startTime };
  }

  /** The newest row at or before `revision` of the object that was added at `created`. */
  newestOf(created: number, revision: number): Row | undefined {
    return newestAt(this.#versions.get(created) ?? [], revision);
  }

  async append(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      this.#rows.set(row.revision, row);
      this.#versionsOf(row).push(row);
    }
    this.#revision = rows.at(-1)?.revision ?? this.#revision;
  }

  async read(after: number, limit: number): Promise<Row[]> {
    const found: Row[] = [];
    for (let revision = after + 1; revision <= this.#revision && found.length < limit; revision++) {
      const row = this.#rows.get(revision);
      if (row) found.push(row);
    }
    return found;
  }

  async find(after: number, upTo: number, filter: RowFilter): Promise<FoundRow[]> {
    const { resource, namespace, name, created } = filter;
    const found: FoundRow[] = [];
    for (let revision = after + 1; revision <= Math.min(upTo, this.#revision); revision++) {
      const row = this.#rows.get(revision);
      if (!row || (resource !== undefined && row.resource !== resource)) continue;
      if (namespace !== undefined && row.namespace !== namespace) continue;
      if ((name !== undefined && row.name !== name) || (created !== undefined && row.created !== created)) continue;
      found.push(row);
    }
    return found;
  }

  async before({ created, revision }: Version): Promise<Row | undefined> {
    return this.newestOf(created, revision - 1);
  }

  async at(resource: string, namespace: string | undefined, revision: number): Promise<Row[]> {
    const found: Row[] = [];
    for (const versions of this.#versions.values()) {
      const first = versions[0];
      if (first?.resource !== resource || (namespace !== undefined && first.namespace !== namespace)) continue;
      const row = newestAt(versions, revision);
      if (row && row.type !== 'DELETED') found.push(row);
    }
    return found;
  }

  async history(resource: string, namespace: string, name: string): Promise<Row[]> {
    const isMeant = (row: Row) => row.resource === resource && row.namespace === namespace && row.name === name;
    const found = [...this.#versions.values()].filter(([row]) => row && isMeant(row)).flat();
    return found.sort((a, b) => a.revision - b.revision);
  }

  async compact(revision: number): Promise<number> {
    const before = this.#rows.size;
    // Only objects written since the last compaction have versions to forget.
    for (let at = this.#compacted + 1; at <= revision; at++) {
      const row = this.#rows.get(at);
      if (row) this.#forgetBefore(row, revision);
    }
    this.#compacted = Math.max(this.#compacted, revision);
    return before - this.#rows.size;
  }

  /** Keeps of the row's object the version that stood at `revision`, unless it was deleted by then, and what came later. */
  #forgetBefore(row: Row, revision: number): void {
    const versions = this.#versionsOf(row);
    const newest = versions.findLastIndex(v => v.revision <= revision);
    const gone = versions.splice(0, versions[newest]!.type === 'DELETED' ? newest + 1 : newest);
    for (const version of gone) this.#rows.delete(version.revision);
    if (versions.length === 0) this.#versions.delete(row.created);
  }

  async getMeta(key: string): Promise<string | undefined> {
    return this.#meta.get(key);
  }

  async setMeta(key: string, value: string): Promise<void> {
    this.#meta.set(key, value);
  }

  async close(): Promise<void> {}

  #versionsOf(row: Row): Row[] {
    let versions = this.#versions.get(row.created);
    if (!versions) this.#versions.set(row.created, (versions = []));
    return versions;
  }
}

const newestAt = (versions: readonly Row[], revision: number) => versions.findLast(row => row.revision <= revision);
