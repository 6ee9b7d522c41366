import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { configMaps } from '../../src/resources/index.js';
import { breakableProxy } from '../support/breakable-proxy.js';
import { newerNode } from './newer-node.js';

const PROGRAM = fileURLToPath(new URL('newer-node/client.mjs', import.meta.url));
const newer = newerNode();

const pod = (name: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, annotations },
  spec: { containers: [{ name: 'main', image: 'a:1' }] },
});

describe.skipIf(!newer)('@kubernetes/client-node 2 on a newer Node', () => {
  let cluster: Cluster;
  let port: number;
  beforeAll(async () => {
    cluster = await createCluster({ nodes: 2 });
    ({ port } = await cluster.listen());
    await cluster.apply([
      pod('plain'),
      pod('talking', { 'kubette.dev/log': 'tick', 'kubette.dev/log-interval': '50ms' }),
    ]);
    await cluster.settled();
  });
  afterAll(() => cluster.close());

  /** The program at one of its stories: what it tells, as it comes. */
  function start(story: string, url: string) {
    const child = spawn(newer!.node, [PROGRAM, url, story], { cwd: newer!.folder });
    const run = { told: [] as unknown[], errors: '', exit: once(child, 'exit'), stop: () => child.stdin.end() };
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', text => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      run.told.push(...lines.map(line => JSON.parse(line)));
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      run.errors += text;
    });
    return run;
  }

  it.each([
    ['objects', { data: { a: '1', b: '3' }, refused: 409, missing: 404 }],
    ['exec', { stdout: 'hello', stderr: 'oops\n', code: '6' }],
    ['portForward', 'plain'],
    ['top', { nodes: ['node-1', 'node-2'], used: ['plain', 'talking'] }],
    ['logs', 'tick\nand the end'],
  ])('%s', async (story, expected) => {
    const run = start(story, `http://127.0.0.1:${port}`);
    const [code] = await run.exit;
    expect([run.errors, code]).toEqual(['', 0]);
    expect(run.told).toEqual([expected]);
  });

  it('its informer goes on through a cut and a 410', async () => {
    const { registry } = cluster;
    const write = (name: string, a: string) =>
      registry.create(configMaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'default', labels: { informed: '' } },
        data: { a },
      } as never);
    const proxy = await breakableProxy(port);
    const run = start('informer', proxy.url);
    await expect.poll(() => run.told, { timeout: 20_000 }).toEqual(['started']);
    await write('a', '1');
    await expect.poll(() => run.told).toEqual(['started', 'add a1']);
    await proxy.cut(async () => {
      await registry.delete(configMaps, 'default', 'a');
      await write('b', '2');
      await registry.log.compact(registry.revision);
    });
    await expect.poll(() => run.told.slice(2).sort(), { timeout: 10_000 }).toEqual(['add b2', 'delete a1']);
    expect(proxy.sent()).toMatch(/"type":"ERROR".*too old resource version.*"code":410/);
    run.stop();
    await run.exit;
    await proxy.close();
  });
});
