import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/cluster/cluster.js';

describe('@kubernetes/client-node', () => {
  let cluster: Cluster;
  const config = new KubeConfig();
  beforeAll(async () => {
    cluster = await createCluster({ token: 'secret' });
    const { url } = await cluster.listen();
    config.loadFromOptions({
      clusters: [{ name: 'kubette', server: url, skipTLSVerify: true }],
      users: [{ name: 'me', token: 'secret' }],
      contexts: [{ name: 'kubette', cluster: 'kubette', user: 'me' }],
      currentContext: 'kubette',
    });
  });
  afterAll(() => cluster.close());

  const configMap = (name: string, data: Record<string, string>): V1ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data,
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
