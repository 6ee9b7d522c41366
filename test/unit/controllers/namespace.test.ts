import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namespaceController } from '../../../src/controllers/namespace/index.js';
import type { ControllerContext } from '../../../src/controllers/runtime/types.js';
import { rootCAPublisher, serviceAccountController } from '../../../src/controllers/service-account/index.js';
import { configMaps, daemonSets, events, namespaces, pods, serviceAccounts } from '../../../src/resources/index.js';
import type { Namespace, ObjectMeta } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';

let cluster: ModelCluster;
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.close();
});

const get = (name = 'web') => cluster.registry.get(namespaces, '', name)?.object;

async function makeNamespace(name = 'web', spec: Namespace['spec'] = {}): Promise<void> {
  await cluster.registry.create(namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
    spec,
    status: {},
  });
  await cluster.settle();
}

async function deleteNamespace(name = 'web'): Promise<void> {
  await cluster.registry.delete(namespaces, '', name);
  await cluster.settle();
}

async function makePod(
  name: string,
  more: { nodeName?: string; grace?: number; metadata?: Partial<ObjectMeta> } = {},
): Promise<void> {
  await cluster.registry.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...more.metadata, name, namespace: 'web' },
    spec: {
      ...(more.nodeName ? { nodeName: more.nodeName } : {}),
      terminationGracePeriodSeconds: more.grace ?? 30,
      containers: [{ name: 'main', image: 'a:1' }],
    },
    status: {},
  });
}

const makeConfigMap = (name: string, metadata: Partial<ObjectMeta> = {}) =>
  cluster.registry.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, name, namespace: 'web' },
  });

const release = async (name: string) => {
  const { object } = cluster.registry.get(configMaps, 'web', name)!;
  await cluster.registry.update(configMaps, { ...object, metadata: { ...object.metadata, finalizers: [] } });
  await cluster.settle();
};

const conditions = () =>
  Object.fromEntries(
    (get()!.status.conditions ?? []).map(({ type, status, reason, message }) => [
      type,
      `${status} ${reason}: ${message}`,
    ]),
  );

describe('namespace', () => {
  beforeEach(async () => {
    cluster = await ModelCluster.start(namespaceController);
    await makeNamespace();
  });

  it('goes at once when it is empty', async () => {
    expect(get()).toMatchObject({ status: { phase: 'Active' }, spec: { finalizers: ['kubernetes'] } });
    await deleteNamespace();
    expect(get()).toBeUndefined();
  });

  it('takes objects of all kinds along, of this namespace only', async () => {
    await makeConfigMap('a');
    await makePod('unbound');
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } };
    await cluster.registry.create(daemonSets, {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'd', namespace: 'web' },
      spec: { selector: { matchLabels: { a: 'b' } }, template, updateStrategy: {} },
      status: {} as never,
    });
    await cluster.registry.create(events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'web' },
      involvedObject: { namespace: 'web', name: 'a' },
    });
    await cluster.pod('mine', 'n1');
    await deleteNamespace();
    expect(get()).toBeUndefined();
    expect(
      [configMaps, pods, daemonSets, events].map(kind => cluster.registry.all(kind as never, 'web').length),
    ).toEqual([0, 0, 0, 0]);
    expect(cluster.getPod('mine')!.metadata.deletionTimestamp).toBeUndefined();
  });

  it('waits for its pods before it touches anything else', async () => {
    await makePod('a', { nodeName: 'n1', grace: 60 });
    await makeConfigMap('used');
    await deleteNamespace();
    expect(get()!.status.phase).toBe('Terminating');
    expect(cluster.registry.get(pods, 'web', 'a')!.object.metadata.deletionGracePeriodSeconds).toBe(60);
    expect(cluster.registry.get(configMaps, 'web', 'used')!.object.metadata.deletionTimestamp).toBeUndefined();
    expect(conditions().NamespaceContentRemaining).toBe(
      'True SomeResourcesRemain: Some resources are remaining: pods. has 1 resource instances',
    );
    await cluster.registry.delete(pods, 'web', 'a', { gracePeriodSeconds: 0 });
    await cluster.settle();
    expect(get()).toBeUndefined();
  });

  it('tells what remains and which finalizers hold it, and goes when they are lifted', async () => {
    await makeConfigMap('a', { finalizers: ['example.com/hold'] });
    await makeConfigMap('b', { finalizers: ['example.com/hold', 'example.com/other'] });
    await deleteNamespace();
    expect(get()!.spec.finalizers).toEqual(['kubernetes']);
    expect(conditions()).toEqual({
      NamespaceDeletionDiscoveryFailure: 'False ResourcesDiscovered: All resources successfully discovered',
      NamespaceDeletionGroupVersionParsingFailure:
        'False ParsedGroupVersions: All legacy kube types successfully parsed',
      NamespaceDeletionContentFailure:
        'False ContentDeleted: All content successfully deleted, may be waiting on finalization',
      NamespaceContentRemaining:
        'True SomeResourcesRemain: Some resources are remaining: configmaps. has 2 resource instances',
      NamespaceFinalizersRemaining:
        'True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 2 resource instances, example.com/other in 1 resource instances',
    });
    const before = get()!.status.conditions!;
    await release('a');
    // The conditions follow at the next look, eight seconds after the first.
    expect(get()!.status.conditions).toEqual(before);
    await cluster.advance(8000);
    expect(conditions().NamespaceContentRemaining).toContain('configmaps. has 1 resource instances');
    expect(get()!.status.conditions!.map(c => c.lastTransitionTime)).toEqual(before.map(c => c.lastTransitionTime));
    await release('b');
    expect(get()).toBeUndefined();
  });

  it('stays while other finalizers than ours are in its spec', async () => {
    await makeNamespace('held', { finalizers: ['example.com/hold'] });
    await deleteNamespace('held');
    expect(get('held')!.spec.finalizers).toEqual(['example.com/hold']);
    const revision = cluster.registry.revision;
    await cluster.advance(60_000);
    expect(cluster.registry.revision).toBe(revision);
    await cluster.registry.update(
      namespaces,
      { ...get('held')!, spec: { finalizers: [] } },
      { subresource: 'finalize' },
    );
    expect(get('held')).toBeUndefined();
  });

  it('lifts the deletion that waits for dependents', async () => {
    await makeConfigMap('owner');
    await cluster.registry.delete(configMaps, 'web', 'owner', { propagationPolicy: 'Foreground' });
    await deleteNamespace();
    expect(get()).toBeUndefined();
  });

  it('goes on after a restart', async () => {
    await cluster.close();
    cluster = await ModelCluster.start();
    await makeNamespace();
    await makeConfigMap('a');
    await deleteNamespace();
    expect(get()!.status.phase).toBe('Terminating');
    cluster.runtime.add(namespaceController({ registry: cluster.registry, recorder: () => ({ event: () => {} }) }));
    await cluster.settle();
    expect(get()).toBeUndefined();
  });

  it('of a thousand pods goes when the last is gone', async () => {
    await Promise.all(Array.from({ length: 1000 }, (_, i) => makePod(`p${i}`, { nodeName: 'n1' })));
    await deleteNamespace();
    const left = cluster.registry.all(pods, 'web');
    expect(left.every(({ object }) => object.metadata.deletionTimestamp !== undefined)).toBe(true);
    const revision = cluster.registry.revision;
    await Promise.all(left.map(({ name }) => cluster.registry.delete(pods, 'web', name, { gracePeriodSeconds: 0 })));
    await cluster.settle();
    expect(get()).toBeUndefined();
    // The pods, and no more than a last look and the namespace itself.
    expect(cluster.registry.revision - revision).toBeLessThanOrEqual(1003);
  });
});

describe('what every namespace has', () => {
  const CERTIFICATE = '-----BEGIN CERTIFICATE-----\n';

  beforeEach(async () => {
    const publisher = (context: ControllerContext) => rootCAPublisher(context, CERTIFICATE);
    cluster = await ModelCluster.start(serviceAccountController, publisher, namespaceController);
  });

  const account = (namespace: string) => cluster.registry.get(serviceAccounts, namespace, 'default')?.object;
  const bundle = (namespace: string) => cluster.registry.get(configMaps, namespace, 'kube-root-ca.crt')?.object;

  it('is there from the start, and in new ones', async () => {
    await makeNamespace();
    for (const namespace of ['default', 'web']) {
      expect(account(namespace)).toMatchObject({ kind: 'ServiceAccount', apiVersion: 'v1' });
      expect(bundle(namespace)!.data).toEqual({ 'ca.crt': CERTIFICATE });
      expect(bundle(namespace)!.metadata.annotations).toHaveProperty('kubernetes.io/description');
    }
  });

  it('comes back', async () => {
    const { uid } = account('default')!.metadata;
    await cluster.registry.delete(serviceAccounts, 'default', 'default');
    await cluster.registry.update(configMaps, { ...bundle('default')!, data: { 'ca.crt': 'x', more: 'y' } });
    await cluster.settle();
    expect(account('default')!.metadata.uid).not.toBe(uid);
    expect(Object.keys(bundle('default')!.data!)).toEqual(['ca.crt']);
    expect(bundle('default')!.data!['ca.crt']).not.toBe('x');
  });

  it('does not keep a namespace from ending', async () => {
    await makeNamespace();
    await deleteNamespace();
    expect(get()).toBeUndefined();
    expect(account('web')).toBeUndefined();
  });
});
