import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AppsV1Api,
  CoordinationV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cacheFolder, writeKubeconfig } from '../../src/cli/kubeconfig.js';
import { type Cluster, createCluster } from '../../src/index.js';
import { configMaps } from '../../src/resources/index.js';
import { breakableProxy } from '../support/breakable-proxy.js';
import { Candidate } from './leader-election.js';

/** A kubeconfig for a server, as a program would load it from a file. */
function configFor(url: string, token?: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'kubette', server: url, skipTLSVerify: true }],
    users: [{ name: 'me', ...(token ? { token } : {}) }],
    contexts: [{ name: 'kubette', cluster: 'kubette', user: 'me' }],
    currentContext: 'kubette',
  });
  return config;
}

const configMap = (name: string, data: Record<string, string>): V1ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

describe('@kubernetes/client-node', () => {
  let cluster: Cluster;
  let config: KubeConfig;
  beforeAll(async () => {
    cluster = await createCluster({ token: 'secret' });
    config = configFor((await cluster.listen()).url, 'secret');
  });
  afterAll(() => cluster.close());

  it('takes the kubeconfig that a server leaves', async () => {
    const open = await createCluster();
    const folder = mkdtempSync(join(tmpdir(), 'kubette-'));
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const { url } = await open.listen();
    writeKubeconfig({ server: url });
    const config = new KubeConfig();
    config.loadFromFile(join(cacheFolder(), `kubeconfig-${new URL(url).port}`));
    expect((await config.makeApiClient(CoreV1Api).listNode()).items).toHaveLength(4);
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
    await open.close();
  });

  it('reads, writes and patches', async () => {
    const core = config.makeApiClient(CoreV1Api);
    expect((await core.listNode()).items.map(node => node.metadata?.name)).toContain('worker-1');
    await core.createNamespacedConfigMap({ namespace: 'default', body: configMap('one', { a: '1' }) });
    await core.patchNamespacedConfigMap(
      { namespace: 'default', name: 'one', body: { data: { b: '2' } } },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    const { data } = await core.readNamespacedConfigMap({ namespace: 'default', name: 'one' });
    expect(data).toEqual({ a: '1', b: '2' });
    await expect(core.readNamespacedConfigMap({ namespace: 'default', name: 'none' })).rejects.toMatchObject({
      code: 404,
    });
    await core.deleteNamespacedConfigMap({ namespace: 'default', name: 'one' });
  });

  it('finds kinds by discovery, and applies', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const applied = await objects.patch(
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'agent', namespace: 'default' },
        spec: {
          selector: { matchLabels: { app: 'agent' } },
          template: {
            metadata: { labels: { app: 'agent' } },
            spec: { containers: [{ name: 'main', image: 'agent' }] },
          },
        },
      } as never,
      undefined,
      undefined,
      'test',
      true,
      PatchStrategy.ServerSideApply,
    );
    expect((applied as V1ConfigMap).metadata?.uid).toMatch(/-/);
    await cluster.settled();
    const apps = config.makeApiClient(AppsV1Api);
    await expect
      .poll(
        async () =>
          (await apps.readNamespacedDaemonSetStatus({ namespace: 'default', name: 'agent' })).status?.numberReady,
      )
      .toBe(3);
  });

  it('elects one leader of many on a Lease, and another when that one falls silent', async () => {
    const leases = config.makeApiClient(CoordinationV1Api);
    const candidates = ['a', 'b', 'c', 'd', 'e'].map(name => new Candidate(leases, name));
    const leaders = async (at: number, those = candidates) => {
      const led = await Promise.all(those.map(candidate => candidate.campaign(at)));
      return those.filter((_, i) => led[i]);
    };
    const start = Date.now();
    const [first, ...others] = await leaders(start);
    expect(others).toEqual([]);
    expect(await leaders(start + 10_000)).toEqual([first]);
    const stale = await leases.readNamespacedLease({ namespace: 'default', name: 'leader' });

    const rest = candidates.filter(candidate => candidate !== first);
    expect(await leaders(start + 20_000, rest)).toEqual([]);
    const [second, ...more] = await leaders(start + 25_001, rest);
    expect([rest.includes(second!), more]).toEqual([true, []]);
    expect(await first!.renew(stale, start + 26_000)).toBe(false);
    const { spec } = await leases.readNamespacedLease({ namespace: 'default', name: 'leader' });
    expect(spec).toMatchObject({ holderIdentity: second!.identity, leaseTransitions: 1 });
  });

  it('keeps an informer up to date', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const told: string[] = [];
    const informer = makeInformer(
      config,
      '/api/v1/namespaces/default/configmaps',
      () => core.listNamespacedConfigMap({ namespace: 'default', labelSelector: 'informed' }),
      'informed',
    );
    const tell = (event: string) => (map: V1ConfigMap) => {
      told.push(`${event} ${map.metadata?.name} ${map.data?.a}`);
    };
    informer.on('add', tell('add'));
    informer.on('update', tell('update'));
    informer.on('delete', tell('delete'));
    const labelled = (a: string): V1ConfigMap => ({
      ...configMap('seen', { a }),
      metadata: { name: 'seen', labels: { informed: '' } },
    });
    await informer.start();
    await core.createNamespacedConfigMap({ namespace: 'default', body: configMap('unseen', { a: '0' }) });
    await core.createNamespacedConfigMap({ namespace: 'default', body: labelled('1') });
    await core.replaceNamespacedConfigMap({ namespace: 'default', name: 'seen', body: labelled('2') });
    await core.deleteNamespacedConfigMap({ namespace: 'default', name: 'seen' });
    await expect.poll(() => told).toEqual(['add seen 1', 'update seen 2', 'delete seen 2']);
    await informer.stop();
  });
});

describe('an informer of @kubernetes/client-node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubette-informer-'));
  const open = () => createCluster({ data: join(folder, 'cluster.db'), nodes: 0 });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('goes on through a cut, a 410 and a restart of the server, and misses nothing', async () => {
    let cluster = await open();
    const proxy = await breakableProxy((await cluster.listen()).port);
    const core = configFor(proxy.url).makeApiClient(CoreV1Api);
    let lists = 0;
    const informer = makeInformer(configFor(proxy.url), '/api/v1/namespaces/default/configmaps', () => {
      lists++;
      return core.listNamespacedConfigMap({ namespace: 'default' });
    });
    // After an error it is the program that goes on, as this client's own example does.
    informer.on('error', () => setTimeout(() => informer.start(), 20));
    const known = () => informer.list().flatMap(({ metadata, data }) => (data?.a ? `${metadata?.name}${data.a}` : []));
    const { registry } = cluster;
    const write = (name: string, a: string) =>
      registry.create(configMaps, { ...configMap(name, { a }), metadata: { name, namespace: 'default' } } as never);

    await informer.start();
    await write('a', '1');
    await expect.poll(known).toEqual(['a1']);

    // While nobody listens much happens, and is forgotten: the watch is told so in its stream, and a list brings it up to date.
    await proxy.cut(async () => {
      await registry.delete(configMaps, 'default', 'a');
      await write('b', '2');
      await registry.log.compact(registry.revision);
    });
    await expect.poll(known, { timeout: 10_000 }).toEqual(['b2']);
    expect(proxy.sent()).toMatch(/"type":"ERROR".*too old resource version.*"code":410/);
    expect(lists).toBe(2);

    // The server comes back on the same file and knows all revisions as before: the watch goes on where it was.
    await proxy.cut(async () => {
      await write('c', '3');
      await registry.delete(configMaps, 'default', 'b');
      await cluster.close();
      cluster = await open();
      proxy.lead((await cluster.listen()).port);
    });
    await expect.poll(known, { timeout: 10_000 }).toEqual(['c3']);
    await core.createNamespacedConfigMap({ namespace: 'default', body: configMap('d', { a: '4' }) });
    await expect.poll(known).toEqual(['c3', 'd4']);
    expect(lists).toBe(2);

    await informer.stop();
    await proxy.close();
    await cluster.close();
  });
});
