import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster, resources } from '../../../src/index.js';

const clusters: Cluster[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(clusters.splice(0).map(cluster => cluster.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function create(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', ...options });
  clusters.push(cluster);
  return cluster;
}

function file(): string {
  const folder = mkdtempSync(join(inject('scratch'), 'snapshots-'));
  folders.push(folder);
  return join(folder, 'data.db');
}

const agent = (image = 'agent:1') => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' }, annotations: { 'kubette.dev/ready-delay': '20s' } },
      spec: { containers: [{ name: 'agent', image }] },
    },
  },
});

/** All that stands, without what can never be the same twice: revisions, and what is numbered by them. */
function standing({ registry }: Cluster): unknown[] {
  return registry.kinds
    .stored()
    .flatMap(kind =>
      registry
        .all(kind)
        .map(({ object }) =>
          JSON.parse(JSON.stringify(object, (key, value) => (key === 'resourceVersion' ? undefined : value))),
        ),
    );
}

describe.each([
  ['in memory', () => ({})],
  ['in a file', () => ({ data: file() })],
])('a cluster %s', (_, where) => {
  it('goes back to how it began, and does the same again: names, uids, times', async () => {
    const cluster = await create({ ...where(), nodes: 3 });
    const play = async () => {
      await cluster.apply(agent());
      await cluster.settled();
      await cluster.advance('30s');
      return standing(cluster);
    };
    const first = await play();
    const { revision } = cluster;
    await cluster.reset();
    expect(cluster.registry.get(resources.daemonSets, 'default', 'agent')).toBeUndefined();
    expect(cluster.revision).toBe(revision + 1);
    expect(await play()).toEqual(first);
  });

  it('goes back to a snapshot in the middle of things, as often as one likes', async () => {
    const cluster = await create({ ...where(), nodes: 3 });
    await cluster.apply(agent());
    await cluster.settled();
    await cluster.advance('10s');
    const then = standing(cluster);
    const info = await cluster.snapshot('starting');
    expect(info).toEqual({ name: 'starting', revision: cluster.revision, time: cluster.clock.now() });
    const goOn = async () => {
      await cluster.advance('15s');
      await cluster.apply(agent('agent:2'));
      await cluster.advance('60s');
      return standing(cluster);
    };
    await goOn();
    const runs: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      await cluster.restore('starting');
      expect(standing(cluster)).toEqual(then);
      expect(cluster.clock.now()).toBe(info.time);
      runs.push(await goOn());
    }
    expect(runs[1]).toEqual(runs[0]);
    // The pods are ready 20 s after they began, ten of which were over at the snapshot.
    await cluster.restore('starting');
    await cluster.advance('9s');
    expect(cluster.registry.get(resources.daemonSets, 'default', 'agent')!.object.status.numberReady ?? 0).toBe(0);
    await cluster.advance('2s');
    expect(cluster.registry.get(resources.daemonSets, 'default', 'agent')!.object.status.numberReady).toBe(3);
  });
});

describe('snapshots', () => {
  it('of a file outlive the process', async () => {
    const data = file();
    const first = await create({ data, nodes: 2 });
    await first.apply(agent());
    await first.settled();
    await first.advance('30s');
    const then = standing(first);
    await first.snapshot('ready');
    await first.apply(agent('agent:2'));
    await first.settled();
    await first.close();
    const second = await create({ data });
    expect((await second.snapshots.list()).map(({ name }) => name)).toEqual(['initial', 'ready']);
    await second.restore('ready');
    expect(standing(second)).toEqual(then);
    await second.reset();
    expect(second.registry.all(resources.pods)).toEqual([]);
    expect(second.registry.all(resources.nodes)).toHaveLength(2);
  });

  it('replace one of the same name, and are deleted; not the first', async () => {
    const cluster = await create();
    await cluster.snapshot('a');
    await cluster.snapshot('b');
    await cluster.apply(agent());
    const { revision } = await cluster.snapshot('a');
    expect(await cluster.snapshots.list()).toEqual([
      expect.objectContaining({ name: 'initial' }),
      expect.objectContaining({ name: 'b' }),
      expect.objectContaining({ name: 'a', revision }),
    ]);
    await cluster.snapshots.delete('b');
    await expect(cluster.restore('b')).rejects.toMatchObject({ code: 404, message: 'snapshots "b" not found' });
    await expect(cluster.snapshots.delete('initial')).rejects.toMatchObject({ code: 400 });
    await expect(cluster.snapshot('../etc')).rejects.toMatchObject({ code: 400 });
  });

  it('are those of a fork too, which begins where it parted', async () => {
    const cluster = await create({ nodes: 2 });
    await cluster.apply(agent());
    await cluster.settled();
    const fork = await cluster.fork();
    clusters.push(fork);
    const then = standing(fork);
    await fork.apply(agent('agent:2'));
    await fork.comeToRest();
    await fork.reset();
    expect(standing(fork)).toEqual(then);
    await fork.comeToRest();
    expect(fork.registry.get(resources.daemonSets, 'default', 'agent')!.object.status.numberReady).toBe(2);
    expect(cluster.registry.get(resources.daemonSets, 'default', 'agent')!.object.status.numberReady ?? 0).toBe(0);
  });

  it('leave forks of what was there alone', async () => {
    const cluster = await create({ nodes: 2 });
    await cluster.apply(agent());
    await cluster.settled();
    const fork = await cluster.fork();
    clusters.push(fork);
    await cluster.reset();
    await fork.comeToRest();
    expect(fork.registry.get(resources.daemonSets, 'default', 'agent')!.object.status.numberReady).toBe(2);
  });

  it('end what moves the clock', async () => {
    const cluster = await create();
    const moving = cluster.clock.runUntil(() => false, '24h');
    await cluster.reset();
    await expect(moving).rejects.toThrow('the cluster was reset meanwhile');
    expect(cluster.clock.now()).toBe(Date.UTC(2025, 0, 1));
  });

  it('let a clock that goes with the machine go on', async () => {
    const cluster = await create({ clock: 'real' });
    const before = cluster.clock.now();
    await cluster.reset();
    expect(cluster.clock.now()).toBeGreaterThanOrEqual(before);
    expect(cluster.clock.rate).toBe(1);
    cluster.clock.setRate(10);
    await cluster.snapshot('fast');
    cluster.clock.pause();
    await cluster.restore('fast');
    expect(cluster.clock.rate).toBe(10);
  });

  it('are not those of a cluster that is read only', async () => {
    const data = file();
    await (await createCluster({ data })).close();
    const cluster = await create({ data, readOnly: true });
    await expect(cluster.reset()).rejects.toMatchObject({ code: 405 });
    await expect(cluster.snapshot('a')).rejects.toMatchObject({ code: 405 });
  });
});

/** What is looked at of the answers below. */
interface Answer {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: unknown[];
  readonly snapshots: unknown[];
}

describe('over HTTP', () => {
  it('a reset ends watches, and who resumes one has to list again', async () => {
    const cluster = await create({ nodes: 2 });
    const { url } = await cluster.listen();
    const ask = async (path: string, method = 'GET') => {
      const response = await fetch(url + path, { method });
      return { code: response.status, body: (await response.json()) as Answer };
    };
    const list = await ask('/api/v1/pods');
    const watch = await fetch(`${url}/api/v1/pods?watch=1&resourceVersion=${list.body.metadata.resourceVersion}`);
    const watched = watch.text();
    await cluster.apply(agent());
    await cluster.settled();
    expect(await ask('/_kubette/v1/snapshots/placed', 'PUT')).toMatchObject({ code: 200, body: { name: 'placed' } });
    const waiting = Promise.all([
      ask('/_kubette/v1/reset', 'POST'),
      ...Array.from({ length: 20 }, () => ask('/api/v1/pods')),
    ]);
    const [reset, ...others] = await waiting;
    expect(reset).toMatchObject({ code: 200, body: { name: 'initial' } });
    expect(others.map(({ code }) => code)).toEqual(others.map(() => 200));
    expect((await watched).match(/"type":"ADDED"/g)).toHaveLength(2);
    expect((await ask('/api/v1/pods')).body.items).toEqual([]);
    const again = await fetch(`${url}/api/v1/pods?watch=1&resourceVersion=${list.body.metadata.resourceVersion}`);
    expect(await again.text()).toContain('"reason":"Expired"');
    expect((await ask('/_kubette/v1/snapshots/placed/restore', 'POST')).code).toBe(200);
    expect((await ask('/api/v1/pods')).body.items).toHaveLength(2);
    expect((await ask('/_kubette/v1/snapshots')).body.snapshots).toEqual([
      expect.objectContaining({ name: 'initial', time: '2025-01-01T00:00:00Z' }),
      expect.objectContaining({ name: 'placed' }),
    ]);
    expect((await ask('/_kubette/v1/snapshots/placed', 'DELETE')).code).toBe(200);
    expect((await ask('/_kubette/v1/snapshots/placed')).code).toBe(404);
  });
});
