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

  describe(`a fork of a log (${kind})`, () => {
    /** Rows of a log from a revision on, as they were told to those that followed from there. */
    async function told(log: RevisionLog, from: number): Promise<string[]> {
      const heard: string[] = [];
      if (log.revision === from) return heard;
      await new Promise<void>((resolve, reject) => {
        const stop = log.followFrom(
          from,
          changes => {
            heard.push(...changes.map(c => `${c.type} ${c.entry.name} ${c.revision} ${c.previous?.revision}`));
            if (changes.at(-1)!.revision === log.revision) resolve();
          },
          reject,
        );
        void stop;
      });
      return heard;
    }
    async function fork(log: RevisionLog, revision: number): Promise<RevisionLog> {
      const branch = await log.fork(revision, { now: () => 5_000_000 + revision });
      opened.unshift(branch);
      return branch;
    }

    it('goes its own way, and so does what it came from', async () => {
      const backend = make();
      const log = await open(backend);
      const stood = await scribble(log, 80, 6);
      const branch = await fork(log, 80);
      const early = await fork(log, 33);
      expect(contents(early)).toEqual(stood[33]);
      const [ofBranch, ofEarly] = [await scribble(branch, 70, 7), await scribble(early, 70, 8)];
      expect(contents(log)).toEqual(stood[80]);
      const ofLog = await scribble(log, 70, 9);
      for (const [one, states, from] of [
        [branch, ofBranch, 80],
        [early, ofEarly, 33],
        [log, ofLog, 80],
      ] as const) {
        for (let revision = 0; revision <= one.revision; revision++) {
          const expected = revision < from ? stood[revision] : states[revision];
          expect(contents(await one.past(revision))).toEqual(expected);
          for (const resource of ['things', 'others'])
            expect((await one.at(resource, 'ns', revision)).map(e => `${resource}/${e.name}@${e.revision}`)).toEqual(
              expected!.filter(line => line.startsWith(resource)),
            );
        }
        const live = await told(one, 10);
        expect(live.map(line => Number(line.split(' ')[2]))).toEqual(
          Array.from({ length: one.revision - 10 }, (_, i) => i + 11),
        );
      }
      expect((await RevisionLog.open(backend, { now: () => 0 })).revision).toBe(150);
    });

    it('has a history: what came before the fork, and its own', async () => {
      const log = await open(make());
      append(log, 'ADDED', 'a');
      append(log, 'MODIFIED', 'a');
      await log.committed();
      const branch = await fork(log, 1);
      append(branch, 'MODIFIED', 'a');
      append(branch, 'DELETED', 'a');
      await branch.committed();
      const history = async (one: RevisionLog) =>
        (await one.history('things', 'ns', 'a')).map(c => `${c.type} ${c.revision} ${c.time} ${c.previous?.revision}`);
      expect(await history(branch)).toEqual(['ADDED 1 10000 undefined', 'MODIFIED 2 5000001 1', 'DELETED 3 5000001 2']);
      expect(await history(log)).toEqual(['ADDED 1 10000 undefined', 'MODIFIED 2 20000 1']);
      expect(await branch.stampOf({ time: 4_000_000 })).toEqual(expect.objectContaining({ revision: 1, time: 10_000 }));
    });

    it('outlives the compaction of what it came from, and can be forked and compacted itself', async () => {
      const log = await open(make());
      const stood = await scribble(log, 60, 10);
      const branch = await fork(log, 40);
      await scribble(log, 60, 11);
      await log.compact(110);
      expect(contents(branch)).toEqual(stood[40]);
      const states = await scribble(branch, 60, 12);
      for (let revision = 40; revision <= 100; revision++) {
        expect(contents(await branch.past(revision))).toEqual(states[revision]);
        expect((await branch.at('things', undefined, revision)).map(e => `things/${e.name}@${e.revision}`)).toEqual(
          states[revision]!.filter(line => line.startsWith('things')),
        );
      }
      await expect(branch.past(39)).rejects.toThrow(RangeError);
      // Whatever is overwritten in the fork still has what it replaced.
      const previous = (await told(branch, 40)).filter(line => !line.startsWith('ADDED'));
      expect(previous.every(line => !line.endsWith('undefined'))).toBe(true);

      const twig = await fork(branch, 70);
      await branch.compact(80);
      for (let revision = 80; revision <= 100; revision++)
        expect(contents(await branch.past(revision))).toEqual(states[revision]);
      for (const name of 'abcdefgh') {
        const kept = await branch.history('things', 'ns', name);
        const now = branch.table('things').get('ns', name);
        const last = kept.at(-1);
        expect(last && last.type !== 'DELETED' ? last.revision : undefined).toBe(now?.revision);
      }
      expect(contents(twig)).toEqual(states[70]);
      const after = await scribble(twig, 20, 13);
      expect(contents(await twig.past(80))).toEqual(after[80]);
    });
  });
}
