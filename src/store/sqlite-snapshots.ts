import type { Database } from 'better-sqlite3';
import type { KeptSnapshots, SnapshotRow } from './backend.js';

const COLUMNS = 'revision, type, resource, namespace, name, uid, created, time, object';

/** The snapshots in a file. */
export class SqliteSnapshots implements KeptSnapshots {
  readonly #database: Database;
  readonly #explained: <T>(work: () => T) => T;

  /** @param explained does work; what SQLite throws becomes a StoreError */
  constructor(database: Database, explained: <T>(work: () => T) => T) {
    this.#database = database;
    this.#explained = explained;
  }

  async list(): Promise<SnapshotRow[]> {
    return this.#explained(() =>
      this.#database.prepare('SELECT name, revision, time, state FROM snapshots ORDER BY rowid').all(),
    ) as SnapshotRow[];
  }

  async save({ name, revision, time, state }: SnapshotRow): Promise<void> {
    this.#inOneGo(() => {
      this.#delete(name);
      this.#run('INSERT INTO snapshots (name, revision, time, state) VALUES (?, ?, ?, ?)', name, revision, time, state);
      this.#run(
        `INSERT INTO snapshot_objects (snapshot, ${COLUMNS}) SELECT ?, ${COLUMNS} FROM log WHERE type <> 2 AND revision IN
           (SELECT max(revision) FROM log WHERE revision <= ? GROUP BY resource, created)`,
        name,
        revision,
      );
    });
  }

  async delete(name: string): Promise<void> {
    this.#inOneGo(() => this.#delete(name));
  }

  async restore(name: string, revision: number): Promise<void> {
    this.#inOneGo(() => {
      // A revision is given out once, so that a row which is there already is the same.
      this.#run(
        'DELETE FROM log WHERE revision NOT IN (SELECT revision FROM snapshot_objects WHERE snapshot = ?)',
        name,
      );
      this.#run(
        `INSERT INTO log (${COLUMNS}) SELECT ${COLUMNS} FROM snapshot_objects
           WHERE snapshot = ? AND revision NOT IN (SELECT revision FROM log)`,
        name,
      );
      this.#run(`INSERT OR REPLACE INTO meta VALUES ('compacted', ?)`, String(revision));
    });
  }

  #delete(name: string): void {
    this.#run('DELETE FROM snapshot_objects WHERE snapshot = ?', name);
    this.#run('DELETE FROM snapshots WHERE name = ?', name);
  }

  #run(sql: string, ...parameters: (string | number)[]): void {
    this.#database.prepare(sql).run(...parameters);
  }

  #inOneGo(work: () => void): void {
    this.#explained(this.#database.transaction(work));
  }
}
