import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createCluster } from '../../src/index.js';
import { nodes } from '../../src/resources/index.js';
import { eventually, startProgram, startServer } from '../support/server.js';

const NODES = 3000;

/** A server that begins with the objects of another cluster, killed at one stage of that after the other. */
describe('kill -9 while a cluster comes in', () => {
  let folder: string;
  let given: string;
  beforeAll(() => {
    folder = mkdtempSync(join(inject('scratch'), 'import-kill-'));
    given = join(folder, 'real.json');
    const items = Array.from({ length: NODES }, (_, i) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: `n-${i}`, uid: `u-${i}`, annotations: { padding: 'x'.repeat(2000) } },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    }));
    writeFileSync(given, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  });

  const sizeOf = (path: string) => (existsSync(path) ? statSync(path).size : 0);
  const stages: readonly [string, (data: string) => boolean][] = [
    ['begins', data => existsSync(`${data}.importing`)],
    ['is under way', data => sizeOf(`${data}.importing-wal`) > 1_000_000],
    ['is done', data => existsSync(data)],
  ];

  it.each(stages)('when it %s: the next start has all of it, and nothing lies about', async (_, reached) => {
    const data = join(mkdtempSync(join(folder, 'at-')), 'copy.db');
    const args = ['--data', data, '--import', given, '--kubelet', 'off', '--controllers=-*'];
    const child = await startProgram(['--port', '0', ...args]);
    const ended = once(child, 'exit');
    await eventually('it gets that far', async () => reached(data), 60_000, 1);
    child.kill('SIGKILL');
    await ended;
    // Where it was done, the file is there, and is not begun anew.
    const server = await startServer(existsSync(data) ? args.filter(arg => arg !== '--import' && arg !== given) : args);
    const answer = await fetch(`${server.url}/api/v1/nodes?limit=1`);
    const { metadata } = (await answer.json()) as { metadata: { remainingItemCount: number } };
    expect(metadata.remainingItemCount).toBe(NODES - 1);
    await server.stop();
    expect(readdirSync(join(data, '..')).filter(name => name.includes('importing'))).toEqual([]);
  });

  it('a file that was to be added to is as it was, whatever is left of the attempt', async () => {
    const data = join(mkdtempSync(join(folder, 'add-')), 'copy.db');
    const before = await createCluster({ data, nodes: 2, kubelet: 'off', controllers: ['-*'] });
    await before.close();
    const child = await startProgram(['import', given, '--data', data]);
    const ended = once(child, 'exit');
    await eventually('it gets that far', async () => sizeOf(`${data}.importing-wal`) > 1_000_000, 60_000, 1);
    child.kill('SIGKILL');
    await ended;
    const after = await createCluster({ data, kubelet: 'off', controllers: ['-*'] });
    expect(after.registry.all(nodes).map(({ name }) => name)).toEqual(['node-1', 'node-2']);
    await after.close();
    const again = await startProgram(['import', given, '--data', data]);
    expect(await once(again, 'exit')).toEqual([0, null]);
    const whole = await createCluster({ data, kubelet: 'off', controllers: ['-*'] });
    expect(whole.registry.all(nodes)).toHaveLength(NODES + 2);
    await whole.close();
  });
});
