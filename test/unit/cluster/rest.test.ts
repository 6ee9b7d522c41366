import { afterEach, describe, expect, it } from 'vitest';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { daemonSets, jobs, nodes, pods } from '../../../src/resources/index.js';

const clusters: Cluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

async function start(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 3, ...options });
  clusters.push(cluster);
  await cluster.comeToRest();
  return cluster;
}

const template = (image: string, pod: object, annotations: Record<string, string>) => ({
  metadata: { labels: { app: 'x' }, annotations },
  spec: { containers: [{ name: 'main', image }], ...pod },
});
const daemonSet = (image = 'a:1', more: object = {}, pod: object = {}, annotations: Record<string, string> = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'x', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'x' } }, template: template(image, pod, annotations), ...more },
});
const podsOf = ({ registry }: Cluster) => registry.all(pods).map(({ object }) => object);

async function taint({ registry }: Cluster, node: string, effect: 'NoExecute' | 'NoSchedule'): Promise<void> {
  const { object } = registry.get(nodes, '', node)!;
  await registry.update(nodes, { ...object, spec: { ...object.spec, taints: [{ key: 'x', effect }] } });
}

describe('a cluster comes to rest', () => {
  it('at once where nothing is going on, however many Events and Pods are there', async () => {
    const cluster = await start();
    await cluster.apply(daemonSet());
    await cluster.comeToRest();
    expect(await cluster.comeToRest()).toEqual({ atRest: true, passed: 0, goingOn: [] });
  });

  it('when a rollout is over, pods that start and stop slowly and minReadySeconds included', async () => {
    const cluster = await start({ kubelet: { pods: { startDelay: '3s', stopDelay: '2s' } } });
    await cluster.apply(daemonSet('a:1', { minReadySeconds: 10 }));
    expect(await cluster.comeToRest()).toMatchObject({ atRest: true, passed: 13_000 });
    await cluster.apply(daemonSet('a:2', { minReadySeconds: 10 }));
    // One pod at a time: it stops, the next one starts, and is available after ten seconds.
    expect(await cluster.comeToRest()).toMatchObject({ atRest: true, passed: 45_000 });
    const { status } = cluster.registry.get(daemonSets, 'default', 'x')!.object;
    expect([status.updatedNumberScheduled, status.numberAvailable]).toEqual([3, 3]);
  });

  it('when pods that bear a taint for a while have gone', async () => {
    const cluster = await start();
    const tolerations = [{ key: 'x', effect: 'NoExecute', tolerationSeconds: 120 }];
    await cluster.apply(daemonSet('a:1', {}, { tolerations }));
    await cluster.comeToRest();
    await taint(cluster, 'node-1', 'NoExecute');
    const rest = await cluster.comeToRest('10s');
    expect(rest.atRest).toBe(false);
    expect(rest.passed).toBe(10_000);
    expect(rest.goingOn).toEqual([expect.stringMatching(/^taint-eviction default\/x-/)]);
    expect(podsOf(cluster).some(pod => pod.metadata.deletionTimestamp !== undefined)).toBe(false);
  });

  it('when a node that fell silent has been given up and its pods are evicted', async () => {
    const cluster = await start();
    const bare = { containers: [{ name: 'main', image: 'a:1' }], nodeName: 'node-1' };
    await cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec: bare });
    await cluster.comeToRest();
    const annotations = { 'kubette.dev/behavior': 'down' };
    await cluster.registry.patch(nodes, '', 'node-1', { type: 'merge', body: { metadata: { annotations } } });
    const rest = await cluster.comeToRest();
    expect(rest.atRest).toBe(true);
    expect(rest.passed).toBeGreaterThanOrEqual(350_000);
    expect(podsOf(cluster)[0]!.metadata.deletionTimestamp).toBeDefined();
  });

  it('with pods that find no room, and with containers that crash again and again', async () => {
    const cluster = await start();
    const requests = { cpu: '1000' };
    const huge = { containers: [{ name: 'main', image: 'a:1', resources: { requests } }] };
    await cluster.apply([
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'huge', namespace: 'default' }, spec: huge },
      daemonSet('a:1', {}, {}, { 'kubette.dev/behavior': 'crash-loop' }),
    ]);
    const rest = await cluster.comeToRest();
    expect([rest.atRest, rest.goingOn]).toEqual([true, []]);
    expect(rest.passed).toBeLessThan(120_000);
    const restarts = podsOf(cluster).flatMap(({ status }) => status.containerStatuses?.[0]?.restartCount ?? []);
    expect(restarts).toEqual([1, 1, 1]);
  });

  it('however often leases are renewed, quotas recounted and jobs begun', async () => {
    const cluster = await start({ kubelet: { leaseRenewInterval: '10s' } });
    const job = { template: template('a:1', { restartPolicy: 'Never' }, {}) };
    await cluster.apply([
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'q', namespace: 'default' },
        spec: { hard: { pods: '50' } },
      },
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'c', namespace: 'default' },
        spec: { schedule: '*/5 * * * *', jobTemplate: { spec: job } },
      },
      daemonSet(),
    ]);
    for (let i = 0; i < 3; i++) expect((await cluster.comeToRest()).atRest).toBe(true);
    await cluster.advance('6m');
    expect(cluster.registry.all(jobs)).toHaveLength(1);
    expect((await cluster.comeToRest()).atRest).toBe(true);
  });

  it('with what is refused every time', async () => {
    const cluster = await start();
    await cluster.apply([
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'q', namespace: 'default' },
        spec: { hard: { pods: '1' } },
      },
      daemonSet(),
    ]);
    const rest = await cluster.comeToRest();
    expect([rest.atRest, podsOf(cluster).length]).toEqual([true, 1]);
    expect(rest.passed).toBeLessThan(60_000);
  });

  it('in the same way in a fork as in its base', async () => {
    const cluster = await start({ kubelet: { pods: { startDelay: '3s' } } });
    await cluster.apply(daemonSet('a:1', { minReadySeconds: 20 }));
    await cluster.advance('7s');
    const fork = await cluster.fork();
    clusters.push(fork);
    const [there, here] = [await fork.comeToRest(), await cluster.comeToRest()];
    expect(there).toEqual(here);
    expect(here).toMatchObject({ atRest: true, passed: 16_000 });
  });

  it('only by a clock that can be moved', async () => {
    const cluster = await createCluster({ nodes: 0 });
    clusters.push(cluster);
    await expect(cluster.comeToRest()).rejects.toThrow('only a clock that stands still can be moved');
  });
});
