import { describe, expect, it, onTestFinished } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import { logOf } from '../../support/whole-log.js';

const BEGIN = Date.UTC(2025, 0, 1);
const MINUTE = 60;

async function start(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 2, ...options });
  onTestFinished(() => cluster.close());
  await cluster.settled();
  return cluster;
}

/** After how many seconds of the cluster's time something is so. */
async function secondsUntil({ clock }: Cluster, isSo: () => boolean): Promise<number> {
  const from = clock.now();
  expect(await clock.runUntil(isSo, '12h')).toBe(true);
  return (clock.now() - from) / 1000;
}

const pod = (name: string, annotations: object, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, annotations },
  spec: { containers: [{ name: 'main', image: 'a:1' }], ...spec },
});

const agent = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    minReadySeconds: 45,
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } },
  },
};

const job = (spec: object) => ({
  backoffLimit: 0,
  template: {
    metadata: { annotations: { 'kubette.dev/exit-after': '20s' } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a:1' }] },
  },
  ...spec,
});

describe('all goes by the clock of the cluster', () => {
  it('minReadySeconds', async () => {
    const cluster = await start();
    await cluster.apply(agent);
    await cluster.settled();
    expect(await secondsUntil(cluster, () => cluster.object('ds/agent').current?.status.numberAvailable === 2)).toBe(
      45,
    );
  });

  it('grace periods', async () => {
    const cluster = await start();
    await cluster.apply(pod('p', { 'kubette.dev/stop-delay': '1h' }, { terminationGracePeriodSeconds: 90 }));
    await cluster.settled();
    const { registry } = cluster;
    await registry.delete(registry.kinds.byKind('v1', 'Pod')!, 'default', 'p');
    expect(await secondsUntil(cluster, () => !cluster.object('pod/p').current)).toBe(90);
  });

  it('tolerationSeconds', async () => {
    const cluster = await start();
    await cluster.apply(
      pod(
        'p',
        {},
        {
          nodeName: 'node-1',
          tolerations: [{ key: 'gone', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 75 }],
        },
      ),
    );
    await cluster.settled();
    const { registry } = cluster;
    const kind = registry.kinds.byKind('v1', 'Node')!;
    const taints = [{ key: 'gone', effect: 'NoExecute' }];
    await registry.patch(kind, '', 'node-1', { type: 'merge', body: { spec: { taints } } });
    await cluster.settled();
    expect(await secondsUntil(cluster, () => !cluster.object('pod/p').current)).toBe(75);
  });

  it('CronJobs, and Jobs that are cleaned up', async () => {
    const cluster = await start();
    await cluster.apply({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'hourly' },
      spec: { schedule: '30 * * * *', jobTemplate: { spec: job({ ttlSecondsAfterFinished: 100 }) } },
    });
    await cluster.settled();
    const jobs = () => cluster.registry.all(cluster.registry.kinds.byKind('batch/v1', 'Job')!).length;
    expect(await secondsUntil(cluster, () => jobs() === 1)).toBe(30 * MINUTE);
    expect(await secondsUntil(cluster, () => jobs() === 0)).toBe(20 + 100);
  });

  it('backoff of containers that crash', async () => {
    const cluster = await start();
    await cluster.apply(pod('p', { 'kubette.dev/behavior': 'crash-loop' }));
    await cluster.settled();
    const restarts = () => cluster.object('pod/p').current?.status.containerStatuses?.[0]?.restartCount ?? 0;
    const seconds: number[] = [];
    for (let i = 1; i <= 9; i++) seconds.push(await secondsUntil(cluster, () => restarts() >= i));
    // Each wait is twice as long as the one before, up to five minutes.
    const waits = seconds.slice(1);
    expect(waits.every((wait, i) => i === 0 || wait >= waits[i - 1]!)).toBe(true);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(300);
    expect(waits.at(-1)).toBeLessThan(310);
  });

  it('how long tokens are good', async () => {
    const cluster = await start({ token: 'secret', authorization: 'RBAC' });
    const { url } = await cluster.listen();
    const ask = (path: string, token: string, init: RequestInit = {}) =>
      fetch(url + path, { ...init, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' } });
    const body = JSON.stringify({ spec: { expirationSeconds: 600 } });
    const path = '/api/v1/namespaces/default/serviceaccounts/default/token';
    const made = await ask(path, 'secret', { method: 'POST', body });
    const { status } = (await made.json()) as { status: { token: string; expirationTimestamp: string } };
    expect(status.expirationTimestamp).toBe('2025-01-01T00:10:00Z');
    expect((await ask('/version', status.token)).status).toBe(200);
    await cluster.advance('11m');
    expect((await ask('/version', status.token)).status).toBe(401);
  });

  it('ages that are told in tables', async () => {
    const cluster = await start();
    await cluster.advance('90m');
    const { url } = await cluster.listen();
    const response = await fetch(`${url}/api/v1/nodes`, {
      headers: { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    const table = (await response.json()) as {
      columnDefinitions: { name: string }[];
      rows: { cells: unknown[] }[];
    };
    const age = table.columnDefinitions.findIndex(({ name }) => name === 'Age');
    expect(table.rows.map(({ cells }) => cells[age])).toEqual(['90m', '90m']);
  });

  it('every time that is written anywhere', async () => {
    const cluster = await start({ kubelet: { leaseRenewInterval: 10_000 } });
    await cluster.apply(agent);
    await cluster.apply(pod('p', { 'kubette.dev/behavior': 'crash-loop' }));
    await cluster.apply({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, spec: job({}) });
    await cluster.advance('20m');
    const log = await logOf(cluster.registry);
    const written = log.flatMap(line => line.match(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g) ?? []);
    expect(written.length).toBeGreaterThan(500);
    const wrong = written.filter(text => Date.parse(text) < BEGIN || Date.parse(text) > cluster.clock.now());
    expect(wrong).toEqual([]);
    expect(written.some(text => Date.parse(text) > BEGIN + 10 * MINUTE * 1000)).toBe(true);
  });
});
