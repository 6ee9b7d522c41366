import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KubeObject } from '../../../src/resources/types.js';

const threads = { allowed: true };
vi.doMock('node:worker_threads', async original => {
  const module = await original<typeof import('node:worker_threads')>();
  return {
    ...module,
    Worker: class extends module.Worker {
      constructor(...args: ConstructorParameters<typeof module.Worker>) {
        if (!threads.allowed) throw new Error('no more threads');
        super(...args);
      }
    },
  };
});
// Tests share their modules: these take the worker from above, and are nobody else's.
vi.resetModules();
const { RevisionLog } = await import('../../../src/store/log.js');
const { SqliteBackend } = await import('../../../src/store/sqlite.js');
afterAll(() => {
  vi.doUnmock('node:worker_threads');
  vi.resetModules();
});

let folder: string;
let log: Awaited<ReturnType<typeof RevisionLog.open>>;
const path = () => join(folder, 'log.db');
const MEGABYTE = 'x'.repeat(1024 * 1024);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kubette-checkpointer-'));
  log = await RevisionLog.open(SqliteBackend.open(path()), { now: () => 1000 });
});
afterEach(async () => {
  threads.allowed = true;
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

async function write(megabytes: number): Promise<void> {
  for (let i = 0; i < megabytes; i++) {
    const object = {
      kind: 'Thing',
      apiVersion: 'v1',
      metadata: { name: 'a' },
      data: MEGABYTE,
    } as unknown as KubeObject;
    log.append({
      type: i === 0 ? 'ADDED' : 'MODIFIED',
      resource: 'things',
      namespace: '',
      name: 'a',
      uid: 'u',
      object,
    });
    await log.committed();
  }
}

it('moves the WAL to the file in a thread of its own', async () => {
  await write(36);
  await vi.waitFor(() => expect(statSync(path()).size).toBeGreaterThan(30 * MEGABYTE.length), { timeout: 20_000 });
});

it('is missed by nobody where there are no threads', async () => {
  threads.allowed = false;
  await write(36);
  expect(log.revision).toBe(36);
  await log.close();
  log = await RevisionLog.open(SqliteBackend.open(path()), { now: () => 1000 });
  expect(log.revision).toBe(36);
});
