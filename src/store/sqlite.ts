import { mkdirSync, renameSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Database, Statement } from 'better-sqlite3';
import {
  type Backend,
  type FoundRow,
  type LogBounds,
  type Row,
  type RowFilter,
  type Stamp,
  StoreError,
  type StoreErrorCode,
  type Version,
} from './backend.js';
import { loadDriver } from './driver.js';
import type { ChangeType } from './entry.js';
import { checkFile, migrate } from './migrations.js';
import { SqliteSnapshots } from './sqlite-snapshots.js';
import { StoredJson } from './stored-json.js';

const TYPES: readonly ChangeType[] = ['ADDED', 'MODIFIED', 'DELETED'];
const COLUMNS = 'revision, type, resource, namespace, name, uid, created, time, CAST(object AS BLOB) AS bytes';
/** Rows looked at per step of a compaction: about a millisecond. */
const COMPACT_STEP = 500;

const PAGE_BYTES = 16_384;
/** When so much has been written to the WAL, a thread moves it to the file; … */
const CHECKPOINT_BYTES = 32 * 1024 * 1024;
/** … and when the WAL is so large all the same, the next commit does it, and waits for the disk. */
const LARGEST_WAL_BYTES = 256 * 1024 * 1024;

type RawRow = Omit<Row, 'type' | 'json'> & { readonly type: number; readonly bytes: Buffer };
const toRow = ({ type, bytes, ...rest }: RawRow): Row => ({ ...rest, type: TYPES[type]!, json: new StoredJson(bytes) });

export interface SqliteOptions {
  /** `normal`: an acknowledged write survives the death of the process; `full`: also a power cut. */
  readonly sync?: 'normal' | 'full';
}

/** The log in one SQLite file (WAL). One server a file: a second one is refused. */
export class SqliteBackend implements Backend {
  readonly #database: Database;
  readonly #lock: Database;
  readonly #insert: Statement;
  readonly #appendAll: (rows: readonly Row[]) => void;
  readonly #checkpointer: Checkpointer;
  readonly snapshots: SqliteSnapshots;

  private constructor(database: Database, lock: Database) {
    this.#database = database;
    this.#lock = lock;
    this.#checkpointer = new Checkpointer(database);
    this.snapshots = new SqliteSnapshots(database, work => this.#explained(work));
    this.#insert = database.prepare(
      'INSERT INTO log (revision, type, resource, namespace, name, uid, created, time, object) VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))',
    );
    this.#appendAll = database.transaction((rows: readonly Row[]) => {
      for (const r of rows) {
        this.#insert.run(
          r.revision,
          TYPES.indexOf(r.type),
          r.resource,
          r.namespace,
          r.name,
          r.uid,
          r.created,
          r.time,
          r.json.content,
        );
      }
    });
  }

  /**
   * Opens or creates the file at `path`.
   * @throws StoreError if it is locked by another server, damaged, of a newer schema, or no database of ours. Nothing is
   * overwritten then.
   */
  static open(path: string, options: SqliteOptions = {}): SqliteBackend {
    const Sqlite = loadDriver();
    let lock: Database | undefined;
    let database: Database | undefined;
    try {
      mkdirSync(dirname(path), { recursive: true });
      // Absolute, since a thread opens it too, by when the process may be in another folder.
      database = new Sqlite(resolve(path));
      // Before anything is put beside it: it may be somebody else's.
      checkFile(database, path);
      // The operating system gives the lock back however the process ends, so no stale lock is ever left.
      lock = new Sqlite(`${path}-lock`, { timeout: 0 });
      lock.pragma('locking_mode = EXCLUSIVE');
      lock.exec('BEGIN EXCLUSIVE');
      // Takes effect in a new file. A pod is some 3 kB: pages of 4 kB, the default, are left a quarter empty, one row in each.
      database.pragma(`page_size = ${PAGE_BYTES}`);
      migrate(database);
      database.pragma('journal_mode = WAL');
      database.pragma(`synchronous = ${options.sync === 'full' ? 'FULL' : 'NORMAL'}`);
      database.pragma(`wal_autocheckpoint = ${LARGEST_WAL_BYTES / PAGE_BYTES}`);
      database.pragma('journal_size_limit = 67108864');
      return new SqliteBackend(database, lock);
    } catch (error) {
      database?.close();
      lock?.close();
      throw explain(error, path);
    }
  }

  async bounds(): Promise<LogBounds> {
    return this.#explained(() => {
      const newest = this.#database.prepare('SELECT max(revision) FROM log').pluck().get() as number | null;
      const compacted = Number(this.#meta('compacted') ?? 0);
      return { revision: Math.max(newest ?? 0, compacted), compacted };
    });
  }

  async stood(
    revision: number,
    visit: (version: Version) => void,
    atHand?: (revision: number) => Version | undefined,
  ): Promise<void> {
    const newest = 'SELECT max(revision) FROM log WHERE revision <= ? GROUP BY resource, created';
    const rows = `SELECT ${COLUMNS} FROM log WHERE type <> 2 AND revision`;
    this.#explained(() => {
      if (!atHand) {
        const all = this.#database.prepare(`${rows} IN (${newest}) ORDER BY revision`);
        for (const raw of all.iterate(revision)) visit(toRow(raw as RawRow));
        return;
      }
      // The revisions stand in the index: so only the rows are read that are not at hand.
      const one = this.#database.prepare(`${rows} = ?`);
      for (const at of this.#database.prepare(newest).pluck().all(revision) as number[]) {
        const version = atHand(at) ?? (one.get(at) as RawRow | undefined);
        if (version) visit('json' in version ? version : toRow(version));
      }
    });
  }

  async stamp(revision: number): Promise<Stamp | undefined> {
    return this.#explained(
      () =>
        this.#database
          .prepare('SELECT revision, time FROM log WHERE revision <= ? ORDER BY revision DESC LIMIT 1')
          .get(revision) as Stamp | undefined,
    );
  }

  async append(rows: readonly Row[]): Promise<void> {
    this.#explained(() => this.#appendAll(rows));
    this.#checkpointer.written(rows);
  }

  async read(after: number, limit: number): Promise<Row[]> {
    return this.#all(`SELECT ${COLUMNS} FROM log WHERE revision > ? ORDER BY revision LIMIT ?`, after, limit);
  }

  async find(after: number, upTo: number, filter: RowFilter): Promise<FoundRow[]> {
    const { namespace, name, ...keys } = filter;
    const wanted = Object.entries({ ...keys, namespace, name }).filter(([, value]) => value !== undefined);
    // What is not asked by name, the index alone knows: the rows themselves are mostly objects.
    const index = namespace === undefined && name === undefined ? 'INDEXED BY log_by_object' : '';
    const conditions = wanted.map(([column]) => ` AND ${column} = ?`).join('');
    return this.#explained(() =>
      this.#database
        .prepare(
          `SELECT revision, resource, created FROM log ${index} WHERE revision > ? AND revision <= ?${conditions} ORDER BY revision`,
        )
        .all(after, upTo, ...wanted.map(([, value]) => value)),
    ) as FoundRow[];
  }

  async before({ resource, created, revision }: Version): Promise<Row | undefined> {
    return this.#all(
      `SELECT ${COLUMNS} FROM log WHERE resource = ? AND created = ? AND revision < ? ORDER BY revision DESC LIMIT 1`,
      resource,
      created,
      revision,
    )[0];
  }

  async at(resource: string, namespace: string | undefined, revision: number): Promise<Row[]> {
    return this.#all(
      `SELECT ${COLUMNS} FROM log WHERE type <> 2 ${namespace === undefined ? '' : 'AND namespace = ?'} AND revision IN
         (SELECT max(revision) FROM log WHERE resource = ? AND revision <= ? GROUP BY created)`,
      ...(namespace === undefined ? [] : [namespace]),
      resource,
      revision,
    );
  }

  async history(resource: string, namespace: string, name: string): Promise<Row[]> {
    // One row of each object tells its name.
    return this.#all(
      `SELECT ${COLUMNS} FROM log WHERE resource = :resource AND created IN
         (SELECT created FROM log WHERE namespace = :namespace AND name = :name AND revision IN
           (SELECT max(revision) FROM log WHERE resource = :resource GROUP BY created)) ORDER BY revision`,
      { resource, namespace, name },
    );
  }

  async compact(revision: number): Promise<number> {
    const from = Number((await this.getMeta('compacted')) ?? 0);
    if (revision <= from) return 0;
    // Said before it is done: after a crash half-way, no reader may believe that these revisions are whole.
    await this.setMeta('compacted', String(revision));
    const span = this.#database
      .prepare(
        'SELECT max(revision) FROM (SELECT revision FROM log WHERE revision > ? AND revision <= ? ORDER BY revision LIMIT ?)',
      )
      .pluck();
    const forget = this.#database.prepare(
      `DELETE FROM log WHERE revision > :from AND revision <= :to AND (type = 2 OR EXISTS
         (SELECT 1 FROM log later WHERE later.resource = log.resource AND later.created = log.created
            AND later.revision > log.revision AND later.revision <= :revision))`,
    );
    let gone = 0;
    // From the beginning: an object's last version below an earlier compaction may have been replaced since.
    for (let at = 0; this.#database.open; ) {
      const to = span.get(at, revision, COMPACT_STEP) as number | null;
      if (to === null) break;
      gone += forget.run({ from: at, to, revision }).changes;
      at = to;
      await nextTurn();
    }
    return gone;
  }

  async getMeta(key: string): Promise<string | undefined> {
    return this.#explained(() => this.#meta(key));
  }

  async setMeta(key: string, value: string): Promise<void> {
    this.#explained(() =>
      this.#database
        .prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
        .run(key, value),
    );
  }

  /** Writes all that is in the file into a new one. */
  copyTo(path: string): void {
    this.#explained(() => this.#database.prepare('VACUUM INTO ?').run(path));
  }

  /** Closes the file and puts another in its place, which must be closed; nobody else opens it in between. */
  async replaceBy(path: string): Promise<void> {
    await this.#checkpointer.close();
    const { name } = this.#database;
    this.#database.close();
    renameSync(path, name);
    this.#lock.close();
  }

  async close(): Promise<void> {
    await this.#checkpointer.close();
    this.#database.close();
    this.#lock.close();
  }

  #all(sql: string, ...parameters: (string | number | Record<string, string>)[]): Row[] {
    return this.#explained(() => (this.#database.prepare(sql).all(...parameters) as RawRow[]).map(toRow));
  }

  #meta(key: string): string | undefined {
    return this.#database.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key) as string | undefined;
  }

  /** Does `work`; what SQLite throws becomes a {@link StoreError}. */
  #explained<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explain(error, this.#database.name);
    }
  }
}

/**
 * Has the WAL moved to the file by another thread: that waits for the disk, and whoever commits should not. A thread is made
 * when there is first something to do.
 */
class Checkpointer {
  readonly #database: Database;
  #thread: Worker | undefined;
  /** Bytes of objects since the last checkpoint began. */
  #written = 0;
  #running = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Never throws: the rows are committed, whatever becomes of the thread. */
  written(rows: readonly Row[]): void {
    for (const row of rows) this.#written += row.json.length;
    if (this.#running || this.#written < CHECKPOINT_BYTES) return;
    this.#running = true;
    this.#written = 0;
    try {
      this.#thread ??= this.#start();
      this.#thread.postMessage('checkpoint');
    } catch {
      // No thread to be had: commits do it, when the WAL is at its largest.
    }
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
    const thread = new Worker(new URL('./checkpointer.js', import.meta.url), { workerData: this.#database.name });
    thread.unref();
    thread.on('message', () => {
      this.#running = false;
    });
    thread.on('error', () => {});
    return thread;
  }
}

const CODES: readonly [RegExp, StoreErrorCode, (path: string) => string][] = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'locked',
    path => `${path} is in use by another Kubette server; stop it or choose another file with --data`,
  ],
  [
    /^SQLITE_CORRUPT/,
    'damaged',
    path => `${path} is damaged (SQLite cannot read it); restore a copy or choose another file with --data`,
  ],
  [/^SQLITE_NOTADB/, 'not-a-database', path => `${path} is not a SQLite database; choose another file with --data`],
  [/^SQLITE_FULL/, 'full', path => `the disk is full: ${path} cannot grow`],
  [
    /^(SQLITE_(CANTOPEN|READONLY|PERM)|EACCES|EPERM|EROFS|ENOTDIR|EEXIST)/,
    'unwritable',
    path => `${path} cannot be opened for writing`,
  ],
];

function explain(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = error as { code?: string; message?: string };
  for (const [pattern, storeCode, text] of CODES) {
    if (code && pattern.test(code)) return new StoreError(storeCode, text(path), { cause: error });
  }
  return new StoreError('failed', `${path}: ${message ?? String(error)}`, { cause: error });
}
