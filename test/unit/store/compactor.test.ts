import { afterEach, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import type { KubeObject } from '../../../src/resources/types.js';
import { Compactor } from '../../../src/store/compactor.js';
import { RevisionLog } from '../../../src/store/log.js';
import { MemoryBackend } from '../../../src/store/memory.js';

const open: { compactor: Compactor; log: RevisionLog }[] = [];
afterEach(async () => {
  for (const { compactor, log } of open.splice(0)) {
    await compactor.close();
    await log.close();
  }
});

async function start(maxAgeMs: number, maxRevisions: number) {
  const clock = new VirtualClock();
  const log = await RevisionLog.open(new MemoryBackend(), { now: () => clock.now() });
  const compactor = new Compactor(log, clock, { maxAgeMs, maxRevisions }, error => expect.unreachable(String(error)));
  open.push({ compactor, log });
  let written = 0;
  const write = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const object = { kind: 'Thing', apiVersion: 'v1', metadata: { name: 'a' } } as KubeObject;
      const type = written++ === 0 ? 'ADDED' : 'MODIFIED';
      log.append({ type, resource: 'things', namespace: '', name: 'a', uid: 'u', object });
    }
    await log.committed();
    await new Promise(resolve => setImmediate(resolve));
  };
  return { clock, log, write };
}

it('keeps about as many revisions as it may', async () => {
  const { log, write } = await start(Number.POSITIVE_INFINITY, 2000);
  await write(2100);
  expect(log.compacted).toBe(0);
  await write(5000);
  expect(log.revision - log.compacted).toBeGreaterThanOrEqual(2000);
  expect(log.revision - log.compacted).toBeLessThan(2500);
  expect(await log.history('things', '', 'a')).toHaveLength(log.revision - log.compacted + 1);
});

it('forgets what is too old, whether the log grows or not', async () => {
  const { clock, log, write } = await start(60_000, 1_000_000);
  await write(5);
  clock.moveTo(clock.now() + 6000);
  await write(5);
  clock.moveTo(clock.now() + 54_000);
  expect(log.compacted).toBe(0);
  clock.moveTo(clock.now() + 6000);
  expect(log.compacted).toBe(5);
  await write(0);
  clock.moveTo(clock.now() + 6000);
  expect(log.compacted).toBe(10);
  expect(await log.history('things', '', 'a')).toHaveLength(1);
});
