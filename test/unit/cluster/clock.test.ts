import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { nodes, pods } from '../../../src/resources/index.js';
import { isReady } from '../../../src/resources/state.js';

const clusters: Cluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

async function start(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 2, ...options });
  clusters.push(cluster);
  await cluster.settled();
  return cluster;
}

const pod = (name: string, annotations: object = { 'kubette.dev/start-delay': '5s' }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', annotations },
  spec: { containers: [{ name: 'main', image: 'a:1' }] },
});
const phaseOf = ({ registry }: Cluster, name: string) => registry.get(pods, 'default', name)?.object.status.phase;

/** Resolves when a change of the cluster has made `check` true. */
function when({ registry }: Cluster, check: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const look = () => {
      if (!check()) return;
      stop();
      resolve();
    };
    const stop = registry.follow(look);
    look();
  });
}

const BEGIN = Date.UTC(2025, 0, 1);

describe('the clock of a cluster', () => {
  it('is moved until something has come true, but not beyond a limit', async () => {
    const cluster = await start();
    await cluster.apply(pod('p'));
    expect(await cluster.clock.runUntil(() => phaseOf(cluster, 'p') === 'Running', '1m')).toBe(true);
    const reached = cluster.clock.now();
    expect(reached).toBeLessThan(BEGIN + 60_000);
    expect(await cluster.clock.runUntil(async () => phaseOf(cluster, 'p') === 'Failed', '10s')).toBe(false);
    expect(cluster.clock.now()).toBe(reached + 10_000);
  });

  it('is moved by one after the other, whoever asks at the same time', async () => {
    const cluster = await start();
    const seen: number[] = [];
    const move = async (by: string) => {
      await cluster.clock.advance(by);
      seen.push(cluster.clock.now() - BEGIN);
    };
    await Promise.all([move('10s'), move('20s'), move('30s')]);
    expect(seen).toEqual([10_000, 30_000, 60_000]);
  });

  it('is not moved while it runs, and says so; what was begun ends when it is set going', async () => {
    const cluster = await start();
    await expect(cluster.clock.advance('soon')).rejects.toThrow('is no duration');
    cluster.clock.setRate(1);
    await expect(cluster.clock.advance('1s')).rejects.toThrow('only a clock that stands still can be moved');
    cluster.clock.pause();
    const moving = cluster.clock.runUntil(() => {
      cluster.clock.resume();
      return false;
    });
    await expect(moving).rejects.toThrow('only a clock that stands still can be moved');
    cluster.clock.pause();
    await cluster.advance('1s');
  });

  it('may be one of your own, which nobody else sets going', async () => {
    const clock = new VirtualClock(1000);
    const cluster = await start({ clock });
    await cluster.advance('1s');
    expect(clock.now()).toBe(2000);
    expect(() => cluster.clock.setRate(1)).toThrow('leaves it to whoever gave it');
  });

  it('goes a thousand times as fast, and nodes that renew their leases stay ready for hours', async () => {
    const cluster = await start({ kubelet: { leaseRenewInterval: 10_000 }, nodes: 5 });
    await cluster.apply(pod('p'));
    const lost: string[] = [];
    cluster.registry.follow(changes => {
      for (const { entry } of changes)
        if (entry.resource === 'nodes' && !isReady(entry.object as never)) lost.push(entry.name);
    });
    const end = cluster.clock.now() + 2 * 3_600_000;
    // Nothing but the clock moves it: a timer of its own says when two hours are over.
    const over = new Promise<void>(resolve => {
      cluster.clock.after(end - cluster.clock.now(), resolve);
    });
    cluster.clock.setRate(100_000);
    await over;
    cluster.clock.pause();
    expect(phaseOf(cluster, 'p')).toBe('Running');
    expect(lost).toEqual([]);
    expect(cluster.registry.all(nodes).every(({ object }) => isReady(object))).toBe(true);
  });

  it('begins at the rate it is told, and a fork stands still or goes as it is told', async () => {
    const cluster = await start({ rate: 1000 });
    expect(cluster.clock.state).toMatchObject({ mode: 'scaled', rate: 1000 });
    const still = await cluster.fork();
    const moving = await cluster.fork({ rate: 1000 });
    clusters.push(still, moving);
    await Promise.all([still.apply(pod('p')), moving.apply(pod('p'))]);
    await when(moving, () => phaseOf(moving, 'p') === 'Running');
    expect([still.clock.rate, phaseOf(still, 'p')]).toEqual([0, 'Pending']);
    await expect(cluster.fork({ rate: -1 })).rejects.toThrow(RangeError);
  });

  it('never goes back: a cluster goes on from the time at which it was left', async () => {
    const data = join(mkdtempSync(join(inject('scratch'), 'clock-')), 'c.db');
    const first = await createCluster({ data, clock: 'virtual', nodes: 1 });
    await first.advance('5h');
    await first.apply(pod('p'));
    await first.close();
    const again = await start({ data });
    expect(again.clock.now()).toBe(BEGIN + 5 * 3_600_000);
    await again.close();
    // By the machine's clock that is long ago.
    const real = await start({ data, clock: 'real' });
    expect(real.clock.state.mode).toBe('real');
    expect(Math.abs(real.clock.state.ahead)).toBeLessThan(60_000);
  });
});

describe('the same log comes of the same moves', () => {
  const played = async (steps: readonly string[]) => {
    const cluster = await start({ kubelet: { leaseRenewInterval: 10_000 } });
    await cluster.apply([pod('a'), pod('b', { 'kubette.dev/behavior': 'crash-loop' })]);
    for (const step of steps) await cluster.advance(step);
    const rows = await cluster.registry.log.backend.read(0, 100_000);
    return rows.map(row => `${row.revision} ${row.time} ${row.json.bytes.toString()}`).join('\n');
  };

  it('byte for byte, in one move or in many', async () => {
    const whole = await played(['10m']);
    expect(await played(['10m'])).toBe(whole);
    expect(await played(['3m', '1s', '6m59s'])).toBe(whole);
  });
});

describe('over HTTP', () => {
  async function serve(options: ClusterOptions = {}) {
    const cluster = await start(options);
    const { url } = await cluster.listen();
    const ask = async (path: string, method = 'GET', body?: object, headers = {}) => {
      const init = { method, headers: { 'content-type': 'application/json', ...headers } };
      const answer = await fetch(url + path, body ? { ...init, body: JSON.stringify(body) } : init);
      return { code: answer.status, body: JSON.parse(await answer.text()) };
    };
    const admin = (path: string, method = 'GET', body?: object, headers = {}) =>
      ask(`/_kubette/v1/${path}`, method, body, headers);
    const graph = async (query: string) => (await ask('/graphql', 'POST', { query })).body;
    return { cluster, ask, admin, graph };
  }

  it('REST tells it, sets it going, stops and moves it', async () => {
    const { cluster, admin } = await serve();
    expect((await admin('clock')).body).toEqual({
      mode: 'paused',
      rate: 0,
      time: '2025-01-01T00:00:00Z',
      aheadSeconds: expect.any(Number),
      revision: cluster.revision,
    });
    await cluster.apply(pod('p'));
    expect((await admin('clock/advance', 'POST', { by: '1m' })).body.time).toBe('2025-01-01T00:01:00Z');
    expect(phaseOf(cluster, 'p')).toBe('Running');
    expect((await admin('settled', 'POST')).code).toBe(200);
    await cluster.apply(pod('q'));
    expect((await admin('clock/rest', 'POST', { limit: '1h' })).body).toMatchObject({ atRest: true, goingOn: [] });
    expect(phaseOf(cluster, 'q')).toBe('Running');
    expect((await admin('clock', 'PATCH', { rate: 1000 })).body).toMatchObject({ mode: 'scaled', rate: 1000 });
    await cluster.apply(pod('r'));
    await when(cluster, () => phaseOf(cluster, 'r') === 'Running');
    const refused = await admin('clock/advance', 'POST', { by: '1s' });
    expect([refused.code, refused.body.reason]).toEqual([409, 'Conflict']);
    expect((await admin('clock', 'PATCH', { rate: 0 })).body.mode).toBe('paused');
  });

  it('REST says what is wrong with a request', async () => {
    const { admin } = await serve();
    for (const [path, body, said] of [
      ['clock/advance', {}, 'by is missing'],
      ['clock/advance', { by: 'soon' }, 'by must be a duration such as "40s", not "soon"'],
      ['clock/advance', { by: '25h' }, 'by 24h at most'],
      ['clock/rest', { until: '1h' }, 'there is no field "until"; there are limit'],
    ] as const) {
      const { code, body: status } = await admin(path, 'POST', body);
      expect([code, status.message], said).toEqual([400, expect.stringContaining(said)]);
    }
    for (const rate of [-1, 'fast']) expect((await admin('clock', 'PATCH', { rate })).code).toBe(400);
    expect((await admin('clock', 'POST', {})).code).toBe(405);
  });

  it('GraphQL does the same', async () => {
    const { cluster, graph } = await serve();
    const shown = 'clock { mode rate time aheadSeconds }';
    expect((await graph(`{ cluster { ${shown} } }`)).data.cluster.clock).toEqual({
      mode: 'PAUSED',
      rate: 0,
      time: '2025-01-01T00:00:00Z',
      aheadSeconds: expect.any(Number),
    });
    const set = await graph(`mutation { setClock(rate: 10) { now ${shown} } }`);
    expect(set.data.setClock.clock).toMatchObject({ mode: 'SCALED', rate: 10 });
    expect((await graph(`{ cluster(at: 1) { ${shown} } }`)).data.cluster.clock).toMatchObject({
      mode: 'PAUSED',
      rate: 0,
    });
    const refused = await graph('mutation { advance(by: "1s") { now } }');
    expect(refused.errors[0].extensions.code).toBe('CLOCK_RUNS');
    const [wrong] = (await graph('mutation { setClock(rate: -1) { now } }')).errors;
    expect([wrong.extensions.code, wrong.message]).toEqual(['BAD_USER_INPUT', expect.stringContaining('from 0 to')]);
    expect(cluster.clock.rate).toBe(10);
    const { createFork } = (await graph('mutation { createFork(rate: 0) { path } }')).data;
    const path = createFork.path as string;
    expect(path).toMatch(/^\/forks\//);
    expect((await graph('mutation { createFork(rate: -1) { path } }')).errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it('is, with RBAC, for who may go by its paths; a fork has a clock of its own', async () => {
    const { cluster, admin, ask } = await serve({ authorization: 'RBAC' });
    const eve = { 'impersonate-user': 'eve' };
    for (const [path, method] of [
      ['clock', 'GET'],
      ['clock', 'PATCH'],
      ['clock/advance', 'POST'],
    ] as const)
      expect((await admin(path, method, method === 'GET' ? undefined : {}, eve)).code).toBe(403);
    const { path } = (await admin('forks', 'POST', {})).body;
    await ask(`${path}/_kubette/v1/clock/advance`, 'POST', { by: '1h' });
    expect((await ask(`${path}/_kubette/v1/clock`)).body.time).toBe('2025-01-01T01:00:00Z');
    expect(cluster.clock.now()).toBe(BEGIN);
  });
});
