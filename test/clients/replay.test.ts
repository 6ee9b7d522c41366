import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { eventually, startProgram, startServer } from '../support/server.js';
import { Client } from './kubectl.js';

const DAEMONS = new URL('../../examples/daemons', import.meta.url).pathname;

/** The recording of a session with kubectl; made once. */
let first: Promise<string> | undefined;

/** Runs `kubette replay`. */
async function replayed(args: readonly string[]): Promise<{ code: number | null; told: string }> {
  const child = await startProgram(['replay', ...args]);
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (told += chunk));
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  return { code, told };
}

/** Records what kubectl does until the server is killed. */
async function recorded(): Promise<string> {
  const file = join(mkdtempSync(join(inject('scratch'), 'replay-')), 'session.ndjson');
  const server = await startServer(['--in-memory', '--clock', 'virtual', '--record', file]);
  const kubectl = new Client('kubectl', server.url);
  await kubectl.run(['apply', '-f', DAEMONS]); // some nodes are there already
  await kubectl.ok('cordon worker-1');
  await fetch(`${server.url}/_kubette/v1/clock/rest`, { method: 'POST' });
  // No answer waits for the file.
  const last = () => readFileSync(file, 'utf8').split('"path":"/_kubette/v1/clock/rest"')[1] ?? '';
  await eventually('the end is written', async () => last().includes('"answer"'));
  await server.stop('SIGKILL');
  return file;
}

test('what kubectl did comes again in another process, to the last byte, though the server was killed', async () => {
  first = recorded();
  const [one, other] = [await first, await recorded()];
  const { code, told } = await replayed([one]);
  expect(told).toMatch(/^\d+ requests, \d{4} writes: the same log to the last byte \([0-9a-f]{16}\)/);
  expect(code).toBe(0);
  // Whenever kubectl's requests came.
  expect((await replayed([other])).told).toBe(told);
});

test('in another age it goes another way, and a file that is no recording is told as an error', async () => {
  const old = await replayed([await (first ?? recorded()), '--era', '1.11']);
  expect(old.code).toBe(1);
  expect(old.told).toMatch(
    /and then it went another way after request \d+, POST .*\n {2}what was written\n {2}- .*: \d+\n/,
  );
  const wrong = await replayed([new URL(import.meta.url).pathname]);
  expect(wrong).toEqual({ code: 2, told: expect.stringContaining("is no recording of Kubette's") });
});
