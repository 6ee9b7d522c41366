import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../../src/clock/random.js';
import type { KubeObject } from '../../../src/resources/types.js';
import type { Backend } from '../../../src/store/backend.js';
import { RevisionLog } from '../../../src/store/log.js';
import { MemoryBackend } from '../../../src/store/memory.js';
import { SqliteBackend } from '../../../src/store/sqlite.js';

const folder = mkdtempSync(join(tmpdir(), 'kubette-past-'));
const opened: RevisionLog[] = [];
let files = 0;

afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A log whose writes are ten seconds apart: revision 7 was written at 70,000 ms. */
async function open(backend: Backend): Promise<RevisionLog> {
  let time = (await backend.bounds()).revision * 10_000;
  const log = await RevisionLog.open(backend, { now: () => (time += 10_000) });
  opened.push(log);
  return log;
}

function append(log: RevisionLog, type: 'ADDED' | 'MODIFIED' | 'DELETED', name: string, data = 0, resource = 'things') {
  const metadata = { name, namespace: 'ns', uid: `uid-${name}` };
  const object = { kind: 'Thing', apiVersion: 'v1', metadata, data } as unknown as KubeObject;
  return log.append({ type, resource, namespace: 'ns', name, uid: metadata.uid, object });
}

/** Everything in a log, as `resource/name@revision`. */
const contents = (log: RevisionLog) =>
  ['things', 'others'].flatMap(resource =>
    log
      .table(resource)
      .list()
      .map(e => `${resource}/${e.name}@${e.revision}`),
  );

/** Writes at random, and tells how all stood at each revision. */
async function scribble(log: RevisionLog, writes: number, seed: number): Promise<string[][]> {
  const random = new Random(seed);
  const stood: string[][] = [];
  stood[log.revision] = contents(log);
  for (let i = 0; i < writes; i++) {
    const resource = random.below(4) === 0 ? 'others' : 'things';
    const name = 'abcdefgh'[random.below(8)]!;
    const there = log.table(resource).get('ns', name);
    const type = !there ? 'ADDED' : random.below(3) === 0 ? 'DELETED' : 'MODIFIED';
    stood[append(log, type, name, i, resource).revision] = contents(log);
  }
  await log.committed();
  return stood;
}

for (const [kind, make] of [
  ['memory', () => new MemoryBackend()],
  ['sqlite', () => SqliteBackend.open(join(folder, `log-${files++}.db`))],
] as const) {
  describe(`the past of a log (${kind})`, () => {
    it('shows all as it stood at any revision, from memory and from the back end', async () => {
      const backend = make();
      const log = await open(backend);
      const stood = await scribble(log, 120, 1);
      // What is opened again remembers no changes: it has to read.
      const again = await RevisionLog.open(backend, { now: () => 0 });
      for (let revision = 0; revision <= log.revision; revision++) {
        for (const from of [log, again]) expect(contents(await from.past(revision))).toEqual(stood[revision]);
      }
      expect(contents(log)).toEqual(stood.at(-1));
    });

    it('has entries that were not overwritten in common with the present', async () => {
      const backend = make();
      const log = await open(backend);
      for (const name of ['a', 'b']) append(log, 'ADDED', name);
      append(log, 'MODIFIED', 'b');
      await log.committed();
      const again = await RevisionLog.open(backend, { now: () => 0 });
      for (const from of [log, again]) {
        const past = await from.past(2);
        expect(past.table('things').get('ns', 'a')).toBe(from.table('things').get('ns', 'a'));
        expect(past.table('things').get('ns', 'b')!.revision).toBe(2);
      }
    });

    it('leaves out what is not committed yet', async () => {
      const log = await open(make());
      append(log, 'ADDED', 'a');
      await log.committed();
      append(log, 'ADDED', 'b');
      append(log, 'DELETED', 'a');
      expect(contents(await log.past(1))).toEqual(['things/a@1']);
      expect(contents(log)).toEqual(['things/b@2']);
      await expect(log.past(2)).rejects.toThrow('revision 2 is still to come');
    });

    it('has a past itself, and answers for the time before as the log does', async () => {
      const log = await open(make());
      const stood = await scribble(log, 60, 2);
      const past = await log.past(40);
      expect(past.revision).toBe(40);
      expect(contents(await past.past(17))).toEqual(stood[17]);
      await expect(past.past(41)).rejects.toThrow(RangeError);
      expect((await past.at('things', 'ns', 17)).map(e => e.name)).toEqual(
        (await log.at('things', 'ns', 17)).map(e => e.name),
      );
      const told = async (from: RevisionLog) =>
        (await from.history('things', 'ns', 'a')).map(c => `${c.type} ${c.revision}`);
      expect(await told(past)).toEqual((await told(log)).filter(line => Number(line.split(' ')[1]) <= 40));
      const heard: number[] = [];
      await new Promise<void>((resolve, reject) => {
        past.followFrom(
          5,
          changes => {
            heard.push(...changes.map(c => c.revision));
            if (heard.at(-1) === 40) resolve();
          },
          reject,
        );
      });
      expect(heard).toEqual(Array.from({ length: 35 }, (_, i) => i + 6));
    });

    it('cannot be written to', async () => {
      const log = await open(make());
      await scribble(log, 5, 3);
      const past = await log.past(3);
      expect(() => append(past, 'ADDED', 'z')).toThrow('revision 3 is past, and cannot be changed');
      expect(past.pending).toBe(false);
    });

    it('knows the newest revision at or before a time', async () => {
      const log = await open(make());
      await scribble(log, 100, 4);
      for (const [time, revision] of [
        [9_999, 0],
        [10_000, 1],
        [19_999, 1],
        [20_000, 2],
        [555_000, 55],
        [1_000_000, 100],
        [9_000_000, 100],
      ] as const) {
        expect((await log.stampOf({ time })).revision).toBe(revision);
      }
      expect(await log.stampOf(42)).toEqual(expect.objectContaining({ revision: 42, time: 420_000 }));
    });

    it('refuses what was compacted, by revision and by time, and keeps what it was asked for before', async () => {
      const log = await open(make());
      const stood = await scribble(log, 100, 5);
      const past = await log.past(30);
      await log.compact(60);
      expect(contents(past)).toEqual(stood[30]);
      for (const moment of [59, { time: 300_000 }]) {
        await expect(log.stampOf(moment)).rejects.toThrow(/is no longer in the log/);
      }
      await expect(log.past(59)).rejects.toThrow(RangeError);
      await expect(past.at('things', 'ns', 20)).rejects.toThrow(RangeError);
      expect((await past.at('things', 'ns', 30)).map(e => e.revision)).toEqual(
        past
          .table('things')
          .list()
          .map(e => e.revision),
      );
      expect(contents(await log.past(60))).toEqual(stood[60]);
      expect((await log.stampOf({ time: 705_000 })).revision).toBe(70);
    });
  });
}
