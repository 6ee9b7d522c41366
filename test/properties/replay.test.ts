// What is recorded of any history comes again to the last byte, and one in which a byte is another is found out where it is.
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Line, WriteLine } from '../../src/cluster/session/format.js';
import { replay } from '../../src/cluster/session/replay.js';
import { history } from './history.js';
import { parameters, TIMEOUT } from './property.js';
import { inProcess, logged, newFile, overHttp } from './worlds.js';

const STEPS = 40;

/** Records a history as it is played over HTTP, or by the program itself; answers with the lines of the recording. */
async function recorded(story: Parameters<typeof inProcess>[1], play: typeof inProcess | typeof overHttp) {
  const file = newFile('session.ndjson');
  await logged(cluster => play(cluster, story), { record: file });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return { file, lines };
}

it.each([
  ['over HTTP', overHttp],
  ['by a program', inProcess],
])(
  'any history comes again, as it was played %s, and a byte that is another is found',
  async (_, play) => {
    const stories = fc.asyncProperty(history('current', STEPS), fc.nat(), async (story, where) => {
      const { file, lines } = await recorded(story, play);
      const told = await replay(file);
      expect(told.difference).toBeUndefined();
      expect(told).toMatchObject({ exact: true, complete: true });
      const parsed = lines.map(line => JSON.parse(line) as Line);
      expect(parsed.at(-1)).toMatchObject({ end: told.writes, hash: told.hash });

      const writes = parsed.flatMap((line, i) => ('write' in line ? [i] : []));
      const at = writes[where % writes.length]!;
      const { write, type, what } = parsed[at] as WriteLine;
      const tampered = newFile('tampered.ndjson');
      const lie = lines.with(at, JSON.stringify({ ...parsed[at], hash: 'another' }));
      writeFileSync(tampered, lie.join('\n'));
      const { difference } = await replay(tampered);
      expect(difference).toMatchObject({
        what: `write ${write}: ${type} ${what}`,
        was: expect.arrayContaining(['hash another']),
      });
      const before = parsed.slice(0, at).flatMap(line => ('n' in line ? [line.n] : []));
      expect(difference?.request?.n).toBe(before.at(-1));
    });
    await fc.assert(stories, parameters(4));
  },
  TIMEOUT,
);
