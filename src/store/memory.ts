import type { Backend, LogBounds, Row } from './backend.js';

const keyOf = (resource: string, namespace: string, name: string) => `${resource}\0${namespace}\0${name}`;

/** The log without a disk: for fixtures and forks. Same answers as the SQLite back end. */
export class MemoryBackend implements Backend {
  /** Ascending by revision. */
  #rows: Row[] = [];
  /** Versions of each object, ascending. */
  readonly #versions = new Map<string, Row[]>();
  readonly #meta = new Map<string, string>();
  #revision = 0;
  #compacted = 0;

  async bounds(): Promise<LogBounds> {
    return { revision: this.#revision, compacted: this.#compacted };
  }

  async current(visit: (row: Row) => void): Promise<void> {
    for (const row of this.#rows) {
      if (row.type !== 'DELETED' && this.#versionsOf(row).at(-1) === row) visit(row);
    }
  }

  async append(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      this.#rows.push(row);
      this.#versionsOf(row).push(row);
    }
    this.#revision = rows.at(-1)?.revision ?? this.#revision;
  }

  async read(after: number, limit: number): Promise<Row[]> {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle]!.revision <= after) low = middle + 1;
      else high = middle;
    }
    return this.#rows.slice(low, low + limit);
  }

  async version(resource: string, namespace: string, name: string, revision: number): Promise<Row | undefined> {
    return this.#versions.get(keyOf(resource, namespace, name))?.findLast(row => row.revision <= revision);
  }

  async at(resource: string, namespace: string | undefined, revision: number): Promise<Row[]> {
    const found: Row[] = [];
    for (const versions of this.#versions.values()) {
      const first = versions[0];
      if (first?.resource !== resource || (namespace !== undefined && first.namespace !== namespace)) continue;
      const row = versions.findLast(v => v.revision <= revision);
      if (row && row.type !== 'DELETED') found.push(row);
    }
    return found;
  }

  async history(resource: string, namespace: string, name: string): Promise<Row[]> {
    return [...(this.#versions.get(keyOf(resource, namespace, name)) ?? [])];
  }

  async compact(revision: number): Promise<number> {
    const before = this.#rows.length;
    this.#compacted = Math.max(this.#compacted, revision);
    this.#rows = this.#rows.filter(row => {
      if (row.revision > revision) return true;
      const versions = this.#versionsOf(row);
      return row.type !== 'DELETED' && versions.findLast(v => v.revision <= revision) === row;
    });
    for (const [key, versions] of this.#versions) {
      const newest = versions.findLastIndex(v => v.revision <= revision);
      const kept = versions.slice(newest >= 0 && versions[newest]!.type !== 'DELETED' ? newest : newest + 1);
      if (kept.length === 0) this.#versions.delete(key);
      else this.#versions.set(key, kept);
    }
    return before - this.#rows.length;
  }

  async getMeta(key: string): Promise<string | undefined> {
    return this.#meta.get(key);
  }

  async setMeta(key: string, value: string): Promise<void> {
    this.#meta.set(key, value);
  }

  async close(): Promise<void> {}

  #versionsOf(row: Row): Row[] {
    const key = keyOf(row.resource, row.namespace, row.name);
    let versions = this.#versions.get(key);
    if (!versions) this.#versions.set(key, (versions = []));
    return versions;
  }
}
