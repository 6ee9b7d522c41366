import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/resources/types.js';
import { type Backend, StoreError } from '../../../src/store/backend.js';
import type { Change } from '../../../src/store/entry.js';
import { RevisionLog } from '../../../src/store/log.js';
import { MemoryBackend } from '../../../src/store/memory.js';
import { SqliteBackend } from '../../../src/store/sqlite.js';

const folder = mkdtempSync(join(tmpdir(), 'kubette-store-'));
const opened: RevisionLog[] = [];
let files = 0;

afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const object = (name: string, data: string): KubeObject =>
  ({
    kind: 'Thing',
    apiVersion: 'v1',
    metadata: { name, namespace: 'ns', uid: `uid-${name}` },
    data,
  }) as unknown as KubeObject;

const write = (type: 'ADDED' | 'MODIFIED' | 'DELETED', name: string, data = '') => ({
  type,
  resource: 'things',
  namespace: 'ns',
  name,
  uid: `uid-${name}`,
  object: object(name, data),
});

async function open(backend: Backend): Promise<RevisionLog> {
  const log = await RevisionLog.open(backend, { now: () => 1000 });
  opened.push(log);
  return log;
}

const names = (entries: readonly { name: string }[]) => entries.map(e => e.name);

for (const [kind, make] of [
  ['memory', () => new MemoryBackend()],
  ['sqlite', () => SqliteBackend.open(join(folder, `log-${files++}.db`))],
] as const) {
  describe(`the revision log (${kind})`, () => {
    it('gives each write the next revision and shows it at once, to followers only when committed', async () => {
      const log = await open(make());
      const heard: Change[] = [];
      log.follow(changes => heard.push(...changes));
      const entry = log.append(write('ADDED', 'a'));
      expect(entry.revision).toBe(1);
      expect(JSON.parse(entry.bytes.toString()).metadata.resourceVersion).toBe('1');
      expect(log.table('things').get('ns', 'a')).toBe(entry);
      expect([log.revision, heard.length, log.pending]).toEqual([0, 0, true]);
      expect(log.committedGet('things', 'ns', 'a')).toBeUndefined();
      await log.committed();
      expect([log.revision, heard.length, log.pending]).toEqual([1, 1, false]);
      expect(log.committedGet('things', 'ns', 'a')).toBe(entry);
    });

    it('commits writes of one turn together, a hundred at a time, in order', async () => {
      const log = await open(make());
      const commits: number[] = [];
      log.follow(changes => commits.push(changes.length));
      for (let i = 0; i < 250; i++) log.append(write('ADDED', `n${i}`));
      await log.committed();
      expect(commits).toEqual([100, 100, 50]);
      expect(log.revision).toBe(250);
    });

    it('lists by namespace and name, as a snapshot', async () => {
      const log = await open(make());
      for (const name of ['b', 'c', 'a']) log.append(write('ADDED', name));
      const before = log.table('things').list('ns');
      expect(names(before)).toEqual(['a', 'b', 'c']);
      log.append(write('DELETED', 'b'));
      log.append(write('ADDED', 'aa'));
      log.append(write('ADDED', 'b'));
      log.append(write('DELETED', 'c'));
      expect(names(before)).toEqual(['a', 'b', 'c']);
      expect(names(log.table('things').list())).toEqual(['a', 'aa', 'b']);
      expect(names(log.committedList('things'))).toEqual([]);
      await log.committed();
      expect(names(log.committedList('things', 'ns'))).toEqual(['a', 'aa', 'b']);
    });

    it('follows from any kept revision, with previous versions, then live', async () => {
      const log = await open(make());
      for (let i = 0; i < 20; i++) log.append(write(i === 0 ? 'ADDED' : 'MODIFIED', 'a', `v${i}`));
      await log.committed();
      const seen: number[] = [];
      const stop = log.followFrom(
        5,
        changes => seen.push(...changes.map(c => c.revision)),
        error => expect.unreachable(String(error)),
      );
      log.append(write('DELETED', 'a'));
      await log.committed();
      expect(seen).toEqual(Array.from({ length: 16 }, (_, i) => i + 6));
      stop();
    });

    it('shows the past, and the history of one object', async () => {
      const log = await open(make());
      log.append(write('ADDED', 'a', 'one'));
      log.append(write('ADDED', 'b'));
      log.append(write('MODIFIED', 'a', 'two'));
      log.append(write('DELETED', 'b'));
      await log.committed();
      expect(names(await log.at('things', undefined, 2))).toEqual(['a', 'b']);
      expect(((await log.at('things', 'ns', 2))[0]!.object as unknown as { data: string }).data).toBe('one');
      expect(names(await log.at('things', 'ns', 4))).toEqual(['a']);
      const history = await log.history('things', 'ns', 'a');
      expect(history.map(c => [c.type, c.revision, c.previous?.revision])).toEqual([
        ['ADDED', 1, undefined],
        ['MODIFIED', 3, 1],
      ]);
    });

    it('tells an object from its namesakes', async () => {
      const log = await open(make());
      for (const type of ['ADDED', 'MODIFIED', 'DELETED', 'ADDED', 'MODIFIED'] as const) log.append(write(type, 'a'));
      log.append(write('ADDED', 'b'));
      await log.committed();
      const history = await log.history('things', 'ns', 'a');
      expect(history.map(c => [c.type, c.revision, c.previous?.revision])).toEqual([
        ['ADDED', 1, undefined],
        ['MODIFIED', 2, 1],
        ['DELETED', 3, 2],
        ['ADDED', 4, undefined],
        ['MODIFIED', 5, 4],
      ]);
      expect(names(await log.at('things', undefined, 3))).toEqual([]);
      expect(names(await log.at('things', 'elsewhere', 6))).toEqual([]);
      expect((await log.at('things', 'ns', 4)).map(e => e.revision)).toEqual([4]);
      expect(await log.compact(4)).toBe(3);
      expect((await log.at('things', 'ns', 5)).map(e => e.revision)).toEqual([5]);
    });

    it('compacts what was overwritten, keeps what is current, and refuses what it forgot', async () => {
      const log = await open(make());
      log.append(write('ADDED', 'kept'));
      for (let i = 0; i < 10; i++) log.append(write(i === 0 ? 'ADDED' : 'MODIFIED', 'a', `v${i}`));
      log.append(write('DELETED', 'a'));
      log.append(write('ADDED', 'b'));
      await log.committed();
      expect(await log.compact(12)).toBe(11);
      expect(await log.compact(12)).toBe(0);
      expect(names(await log.at('things', 'ns', 12))).toEqual(['kept']);
      await expect(log.at('things', 'ns', 5)).rejects.toThrow(RangeError);
      const failure = await new Promise(resolve => log.followFrom(3, () => resolve('delivered'), resolve));
      expect(failure).toBeInstanceOf(RangeError);
      expect(names(log.table('things').list())).toEqual(['b', 'kept']);
    });

    it('undoes what could not be committed, and gives its revisions again', async () => {
      const backend = make();
      const log = await open(backend);
      log.append(write('ADDED', 'a', 'one'));
      await log.committed();
      const applied: string[] = [];
      log.onApply(c => applied.push(`${c.type} ${c.entry.name}`));
      const append = backend.append.bind(backend);
      backend.append = async () => {
        throw new StoreError('full', 'the disk is full');
      };
      log.append(write('MODIFIED', 'a', 'two'));
      log.append(write('ADDED', 'b'));
      log.append(write('DELETED', 'a'));
      await expect(log.committed()).rejects.toThrow('the disk is full');
      expect(applied).toEqual(['MODIFIED a', 'ADDED b', 'DELETED a', 'ADDED a', 'DELETED b', 'MODIFIED a']);
      expect(names(log.table('things').list())).toEqual(['a']);
      expect(log.table('things').get('ns', 'a')!.revision).toBe(1);
      backend.append = append;
      expect(log.append(write('ADDED', 'c')).revision).toBe(2);
      await log.committed();
      expect(log.revision).toBe(2);
    });
  });
}

describe('the SQLite file', () => {
  it('brings everything back, and never reuses a revision', async () => {
    const path = join(folder, 'again.db');
    let log = await open(SqliteBackend.open(path));
    log.append(write('ADDED', 'a', 'ü'));
    log.append(write('ADDED', 'b'));
    log.append(write('DELETED', 'b'));
    await log.committed();
    await log.compact(3);
    await log.close();
    log = await open(SqliteBackend.open(path));
    expect(names(log.table('things').list())).toEqual(['a']);
    expect((log.table('things').get('ns', 'a')!.object as unknown as { data: string }).data).toBe('ü');
    expect(log.append(write('ADDED', 'b')).revision).toBe(4);
  });

  it('brings a file of the first schema along', async () => {
    const { default: Sqlite } = await import('better-sqlite3');
    const { readFileSync } = await import('node:fs');
    const path = join(folder, 'first.db');
    const database = new Sqlite(path);
    database.exec(readFileSync(new URL('../../../migrations/0001_log.sql', import.meta.url), 'utf8'));
    database.pragma(`application_id = ${0x6b627474}`);
    database.pragma('user_version = 1');
    const insert = database.prepare("INSERT INTO log VALUES (?, ?, 'things', 'ns', 'a', ?, 1000, ?)");
    const rows = [
      [1, 0, 'u1'],
      [2, 1, 'u1'],
      [3, 2, 'u1'],
      [4, 0, 'u2'],
      [5, 1, 'u2'],
    ] as const;
    for (const [revision, type, uid] of rows)
      insert.run(revision, type, uid, JSON.stringify(object('a', `v${revision}`)));
    database.close();
    const log = await open(SqliteBackend.open(path));
    expect(log.table('things').get('ns', 'a')).toMatchObject({ revision: 5, uid: 'u2' });
    const history = await log.history('things', 'ns', 'a');
    expect(history.map(c => [c.type, c.revision])).toEqual([
      ['ADDED', 1],
      ['MODIFIED', 2],
      ['DELETED', 3],
      ['ADDED', 4],
      ['MODIFIED', 5],
    ]);
    expect(await log.at('things', 'ns', 3)).toEqual([]);
    expect(log.append(write('MODIFIED', 'a')).revision).toBe(6);
    await log.committed();
    expect((await log.at('things', 'ns', 6)).map(e => e.revision)).toEqual([6]);
  });

  it('reads what is older than its memory from the file', async () => {
    const log = await open(SqliteBackend.open(join(folder, 'long.db')));
    for (let i = 0; i < 9000; i++) log.append(write(i === 0 ? 'ADDED' : 'MODIFIED', 'a', `v${i}`));
    await log.committed();
    const seen: Change[] = [];
    await new Promise<void>((resolve, reject) => {
      log.followFrom(
        10,
        changes => {
          seen.push(...changes);
          if (seen.at(-1)!.revision === 9001) resolve();
        },
        reject,
      );
      log.append(write('DELETED', 'a'));
    });
    expect(seen.map(c => c.revision)).toEqual(Array.from({ length: 8991 }, (_, i) => i + 11));
    expect(seen.every(c => c.previous?.revision === c.revision - 1)).toBe(true);
  });

  it('refuses a second server, a newer schema, a damaged file and a stranger, and changes none of them', async () => {
    const { default: Sqlite } = await import('better-sqlite3');
    const { readFileSync, readdirSync, writeFileSync } = await import('node:fs');
    const path = join(folder, 'ours.db');
    const first = SqliteBackend.open(path);
    expect(() => SqliteBackend.open(path)).toThrowError(expect.objectContaining({ code: 'locked' }));
    await first.close();

    const newer = new Sqlite(path);
    newer.pragma('user_version = 9999');
    newer.close();
    expect(() => SqliteBackend.open(path)).toThrowError(expect.objectContaining({ code: 'newer-schema' }));

    const stranger = join(folder, 'stranger.db');
    const other = new Sqlite(stranger);
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    const bytes = readFileSync(stranger);
    expect(() => SqliteBackend.open(stranger)).toThrowError(expect.objectContaining({ code: 'not-a-database' }));
    expect(readFileSync(stranger).equals(bytes)).toBe(true);
    expect(readdirSync(folder).filter(file => file.startsWith('stranger'))).toEqual(['stranger.db']);

    const text = join(folder, 'text.db');
    writeFileSync(text, 'this is no database at all, but long enough to look like one'.repeat(50));
    expect(() => SqliteBackend.open(text)).toThrowError(expect.objectContaining({ code: 'not-a-database' }));

    expect(() => SqliteBackend.open(join(text, 'not-a-folder', 'x.db'))).toThrowError(
      expect.objectContaining({ code: 'unwritable' }),
    );
  });

  it('says that a file is damaged, and leaves it as it is', async () => {
    const { readFileSync, writeFileSync } = await import('node:fs');
    const path = join(folder, 'damaged.db');
    const log = await open(SqliteBackend.open(path));
    for (let i = 0; i < 500; i++) log.append(write('ADDED', `n${i}`, 'x'.repeat(1000)));
    await log.committed();
    await log.close();
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 32_768, bytes.length - 4096);
    writeFileSync(path, bytes);
    await expect(async () => open(SqliteBackend.open(path))).rejects.toThrowError(
      expect.objectContaining({ code: 'damaged', message: expect.stringContaining('is damaged') }),
    );
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});
