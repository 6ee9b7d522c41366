import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { StoreError } from './backend.js';

/** Marks a file as Kubette's (`kbtt`), so that another program's database is never taken for ours. */
const APPLICATION_ID = 0x6b627474;

const FOLDER = new URL('../../migrations/', import.meta.url);

interface Migration {
  readonly version: number;
  readonly file: string;
}

function migrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter(file => /^\d{4}_.*\.sql$/.test(file))
    .sort()
    .map(file => ({ version: Number(file.slice(0, 4)), file }));
}

const versionOf = (database: Database) => database.pragma('user_version', { simple: true }) as number;

/**
 * Looks whether the file is one of ours, and not too new. Changes nothing.
 * @throws StoreError if it is another program's, or was written by a newer Kubette
 */
export function checkFile(database: Database, path: string): void {
  const application = database.pragma('application_id', { simple: true }) as number;
  const empty = (database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number) === 0;
  if (!empty && application !== APPLICATION_ID) {
    throw new StoreError('not-a-database', `${path} is a database of another program; choose another file with --data`);
  }
  const version = versionOf(database);
  const newest = migrations().at(-1)!.version;
  if (version > newest) {
    throw new StoreError(
      'newer-schema',
      `${path} was written by a newer Kubette (schema ${version}, this one knows ${newest}); update Kubette or choose another file with --data`,
    );
  }
}

/** Brings the file's schema up to date; each migration runs in a transaction of its own. */
export function migrate(database: Database): void {
  for (const migration of migrations()) {
    if (migration.version <= versionOf(database)) continue;
    const sql = readFileSync(new URL(migration.file, FOLDER), 'utf8');
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${migration.version}`);
    })();
  }
}
