import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../../src/clock/random.js';
import type { KubeObject } from '../../../src/resources/types.js';
import type { RowFilter } from '../../../src/store/backend.js';
import { RevisionLog } from '../../../src/store/log.js';
import { MemoryBackend } from '../../../src/store/memory.js';
import { SqliteBackend } from '../../../src/store/sqlite.js';

const folder = mkdtempSync(join(tmpdir(), 'kubette-find-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const opened: RevisionLog[] = [];
let files = 0;
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});

interface Written {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly created: number;
}

/** Writes at random, and tells what it wrote. */
async function scribble(log: RevisionLog, writes: number, seed: number, written: Written[] = []): Promise<Written[]> {
  const random = new Random(seed);
  for (let i = 0; i < writes; i++) {
    const [resource, namespace, name] = [
      ['x', 'y'][random.below(2)]!,
      ['m', 'n'][random.below(2)]!,
      'abc'[random.below(3)]!,
    ];
    const there = log.table(resource).get(namespace, name);
    const type = !there ? 'ADDED' : random.below(3) === 0 ? 'DELETED' : 'MODIFIED';
    const object = { kind: 'X', apiVersion: 'v1', metadata: { name, namespace, uid: 'u' }, i } as unknown as KubeObject;
    const { revision } = log.append({ type, resource, namespace, name, uid: 'u', object });
    const created =
      type === 'ADDED'
        ? revision
        : written.findLast(w => w.resource === resource && w.namespace === namespace && w.name === name)!.created;
    written.push({ revision, type, resource, namespace, name, created });
  }
  await log.committed();
  return written;
}

const FILTERS: readonly RowFilter[] = [
  {},
  { resource: 'x' },
  { namespace: 'm' },
  { resource: 'y', namespace: 'n' },
  { resource: 'x', namespace: 'm', name: 'a' },
  { name: 'b' },
  { created: 3 },
  { resource: 'x', created: 1 },
];

async function check(log: RevisionLog, written: readonly Written[]): Promise<void> {
  const newest = log.revision;
  for (const filter of FILTERS) {
    for (const [after, upTo] of [
      [0, newest],
      [7, 31],
      [30, 30],
      [0, newest + 9],
    ] as const) {
      const expected = written.filter(
        row =>
          row.revision > after &&
          row.revision <= Math.min(upTo, newest) &&
          Object.entries(filter).every(([key, value]) => row[key as keyof Written] === value),
      );
      const found = await log.find(after, upTo, filter);
      expect(found.map(f => [f.revision, f.resource, f.created])).toEqual(
        expected.map(w => [w.revision, w.resource, w.created]),
      );
    }
  }
  for (const { revision, type, name, created } of written.filter(w => w.revision <= newest)) {
    const change = await log.write(revision);
    expect([change?.type, change?.revision, change?.entry.name]).toEqual([type, revision, name]);
    const before = written.findLast(w => w.created === created && w.revision < revision)?.revision;
    expect(change?.previous?.revision).toBe(type === 'ADDED' ? undefined : before);
    // Each version finds those before and after it.
    for (const at of [revision, revision - 1, newest]) {
      const version = written.findLast(w => w.created === created && w.revision <= at);
      expect((await log.versionAt(change!.entry, at))?.revision).toBe(version?.revision);
    }
    const own = await log.find(0, newest, log.identify(change!.entry));
    expect(own.every(row => row.created === created)).toBe(true);
  }
  expect(await log.write(newest + 1)).toBeUndefined();
}

for (const [kind, make] of [
  ['memory', () => new MemoryBackend()],
  ['sqlite', () => SqliteBackend.open(join(folder, `log-${files++}.db`))],
] as const) {
  describe(`writes that are looked for in a log (${kind})`, () => {
    it('are found by kind, namespace, name and object, there, in its past and in its forks', async () => {
      const log = await RevisionLog.open(make(), { now: () => 1000 });
      opened.push(log);
      const written = await scribble(log, 60, 5);
      await check(log, written);
      await check(
        await log.past(41),
        written.filter(({ revision }) => revision <= 41),
      );
      const fork = await log.fork(41, { now: () => 1000 });
      await check(
        fork,
        await scribble(
          fork,
          30,
          6,
          written.filter(({ revision }) => revision <= 41),
        ),
      );
    });

    it('are not to be had where the log does not reach', async () => {
      const log = await RevisionLog.open(make(), { now: () => 1000 });
      opened.push(log);
      const written = await scribble(log, 60, 7);
      await log.compact(40);
      await expect(log.find(39, 60)).rejects.toThrow(RangeError);
      expect((await log.find(40, 60)).map(({ revision }) => revision)).toEqual(
        written.filter(({ revision }) => revision > 40).map(({ revision }) => revision),
      );
      const gone = written.filter(({ revision }) => revision <= 40);
      const kept = await Promise.all(gone.map(({ revision }) => log.write(revision)));
      expect(kept.some(change => change === undefined)).toBe(true);
    });
  });
}
