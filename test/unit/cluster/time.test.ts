import { X509Certificate } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import { pkcs10 } from '../../support/certificate-request.js';
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

  it('for how long certificates are good, and their requests are kept', async () => {
    const cluster = await start();
    await cluster.advance('48h');
    const { url } = await cluster.listen();
    const ask = async (method: string, path: string, body: object) => {
      const headers = { 'Content-Type': 'application/json' };
      const at = `${url}/apis/certificates.k8s.io/v1/certificatesigningrequests${path}`;
      const response = await fetch(at, { method, headers, body: JSON.stringify(body) });
      expect(response.ok).toBe(true);
      return (await response.json()) as { status: object };
    };
    const spec = {
      request: await pkcs10('CN=jane'),
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['client auth'],
      expirationSeconds: 7200,
    };
    const made = await ask('POST', '', { metadata: { name: 'jane' }, spec });
    const conditions = [{ type: 'Approved', status: 'True', reason: 'Sure' }];
    await ask('PUT', '/jane/approval', { ...made, status: { conditions } });
    await cluster.settled();
    const csr = () => cluster.object('csr/jane').current as { status?: { certificate?: string } } | undefined;
    const { validFrom, validTo } = new X509Certificate(Buffer.from(csr()!.status!.certificate!, 'base64'));
    const now = BEGIN + 48 * 60 * MINUTE * 1000;
    // Upstream's, too, are good for five minutes already.
    expect([Date.parse(validFrom) - now, Date.parse(validTo) - now]).toEqual([-5 * MINUTE * 1000, 7_200_000]);
    expect(await secondsUntil(cluster, () => !csr())).toBe(60 * MINUTE);
  });

  it('leases, the grace that a silent node is given, and what becomes of its pods', async () => {
    const cluster = await start({ kubelet: { leaseRenewInterval: 10_000 } });
    await cluster.apply(pod('p', {}, { nodeName: 'node-1' }));
    await cluster.settled();
    const renewed = () => {
      const lease: object = cluster.object('lease/node-1', 'kube-node-lease').current!;
      return Date.parse((lease as { spec: { renewTime: string } }).spec.renewTime);
    };
    await cluster.advance('5m');
    expect(cluster.clock.now() - renewed()).toBeLessThan(10_000);
    await cluster.object('node/node-1').patch({ metadata: { annotations: { 'kubette.dev/behavior': 'down' } } });
    const silent = renewed();
    const ready = () => cluster.object('node/node-1').current!.status.conditions?.find(c => c.type === 'Ready')?.status;
    expect(await cluster.clock.runUntil(() => ready() === 'Unknown', '1h')).toBe(true);
    // node-monitor-grace-period, looked at every five seconds.
    expect(cluster.clock.now() - silent).toBeGreaterThanOrEqual(50_000);
    expect(cluster.clock.now() - silent).toBeLessThanOrEqual(55_000);
    expect(renewed()).toBe(silent);
    // What every pod tolerates unless it says otherwise.
    const isGoing = () => cluster.object('pod/p').current?.metadata.deletionTimestamp !== undefined;
    expect(await secondsUntil(cluster, isGoing)).toBe(300);
    // Nobody is there who would end it; who takes the node away does, by way of the pod garbage collector.
    await cluster.advance('1h');
    expect(isGoing()).toBe(true);
    await cluster.object('node/node-1').delete();
    const seconds = await secondsUntil(cluster, () => !cluster.object('pod/p').current);
    expect(seconds).toBeGreaterThanOrEqual(40);
    expect(seconds).toBeLessThanOrEqual(40 + 2 * 20);
  });

  it('deadlines of rollouts and Jobs, and the waits between their attempts', async () => {
    const cluster = await start();
    const selector = { matchLabels: { app: 'web' } };
    const never = { labels: { app: 'web' }, annotations: { 'kubette.dev/behavior': 'never-ready' } };
    const template = { metadata: never, spec: { containers: [{ name: 'main', image: 'a:1' }] } };
    await cluster.apply([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: { progressDeadlineSeconds: 200, selector, template },
      },
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'slow' }, spec: job({ activeDeadlineSeconds: 15 }) },
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'fails' },
        spec: {
          backoffLimit: 3,
          template: {
            metadata: { annotations: { 'kubette.dev/exit-after': '0s', 'kubette.dev/exit-code': '1' } },
            spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a:1' }] },
          },
        },
      },
    ]);
    await cluster.settled();
    type Conditioned = { status: { conditions?: { type: string; reason?: string }[] } } | undefined;
    const reasons = (reference: string) =>
      (cluster.object(reference).current as Conditioned)?.status.conditions?.map(({ reason }) => reason) ?? [];
    const attempts = () => cluster.object('job/fails').pods().length;
    const tries: number[] = [];
    const began = cluster.clock.now();
    expect(await secondsUntil(cluster, () => reasons('job/slow').includes('DeadlineExceeded'))).toBe(15);
    for (let i = attempts(); i < 4; i = attempts()) tries.push(await secondsUntil(cluster, () => attempts() > i));
    expect(tries.at(-1)).toBe(40);
    await cluster.clock.runUntil(() => reasons('deploy/web').includes('ProgressDeadlineExceeded'), '1h');
    // Looked at a second after it, as upstream does.
    expect((cluster.clock.now() - began) / 1000).toBe(201);
  });

  it('how long events are kept, and when they say that they happened', async () => {
    const cluster = await start();
    await cluster.advance('7m');
    await cluster.apply(pod('p', { 'kubette.dev/behavior': 'crash-loop', 'kubette.dev/exit-after': '0s' }));
    await cluster.advance('2m');
    const started = cluster
      .object('pod/p')
      .events()
      .find(({ reason }) => reason === 'Started');
    // Again at once, then after 10 s, 20 s and 40 s.
    expect(started).toMatchObject({
      firstTimestamp: '2025-01-01T00:07:00Z',
      lastTimestamp: '2025-01-01T00:08:10Z',
      count: 5,
    });
    await cluster.object('pod/p').delete();
    // An hour after the last of them, 50 s ago.
    const isSilent = () => cluster.object('pod/p').events().length === 0;
    expect(await secondsUntil(cluster, isSilent)).toBe(60 * MINUTE - 50);
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
