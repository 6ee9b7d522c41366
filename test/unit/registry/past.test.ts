import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../../src/clock/random.js';
import { NodeCache } from '../../../src/controllers/scheduler/node-cache.js';
import { podsByNode } from '../../../src/registry/indexes.js';
import type { Registry } from '../../../src/registry/registry.js';
import { configMaps, customResourceDefinitions, nodes, pods } from '../../../src/resources/index.js';
import { ModelCluster } from '../../support/model-cluster.js';
import { openRegistry } from '../../support/registry.js';

const clusters: ModelCluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

async function start(): Promise<ModelCluster> {
  const cluster = await ModelCluster.start();
  clusters.push(cluster);
  return cluster;
}

describe('the past of a registry', () => {
  it('is read like the present: objects, lists, indexes, what stands on nodes', async () => {
    const cluster = await start();
    const { registry } = cluster;
    await cluster.node('n1');
    await cluster.pod('a', 'n1');
    await cluster.pod('b', 'n1');
    const then = registry.revision;
    await cluster.deletePod('a', 0);
    await cluster.deleteNode('n1');
    const past = await registry.past(then);
    expect(past.revision).toBe(then);
    expect(past.get(nodes, '', 'n1')).toBeDefined();
    expect(past.all(pods).map(e => e.name)).toEqual(['a', 'b']);
    expect(
      podsByNode(past)
        .get('n1')
        .map(e => e.name),
    ).toEqual(['a', 'b']);
    expect(NodeCache.of(past).get('n1')!.pods.size).toBe(2);
    expect((await past.list(pods, { fieldSelector: 'metadata.name=a' })).entries).toHaveLength(1);
    expect(
      (await past.list(pods, { resourceVersion: String(then - 1), resourceVersionMatch: 'Exact' })).entries,
    ).toHaveLength(1);
    expect(past.read(pods, 'default', 'a')!.object.metadata.name).toBe('a');
    expect(registry.all(pods).map(e => e.name)).toEqual(['b']);
  });

  it('has indexes as they were, made of those of the present or from the start, and so have forks', async () => {
    const cluster = await start();
    const { registry } = cluster;
    const random = new Random(3);
    const inOrder = (of: Registry) =>
      ['', 'n1', 'n2'].map(node =>
        podsByNode(of)
          .get(node)
          .map(e => `${e.name}@${e.revision}`)
          .sort(),
      );
    const stood: [number, string[][]][] = [];
    for (const name of ['n1', 'n2']) await cluster.node(name);
    for (let i = 0; i < 60; i++) {
      const name = `p${random.below(8)}`;
      const there = cluster.getPod(name);
      if (!there) await cluster.pod(name, [undefined, 'n1', 'n2'][random.below(3)]);
      else if (!there.spec.nodeName && random.below(2)) await registry.bind('default', name, 'n1');
      else if (random.below(2)) await cluster.setPodStatus(name, { message: String(i) });
      else await cluster.deletePod(name, 0);
      stood.push([registry.revision, inOrder(registry)]);
    }
    const reopened = await openRegistry([], { backend: registry.log.backend });
    for (const [revision, expected] of stood) {
      expect(inOrder(await registry.past(revision))).toEqual(expected);
      expect(inOrder(await registry.fork(1, revision))).toEqual(expected);
      expect(inOrder(await reopened.past(revision))).toEqual(expected);
    }
    expect(inOrder(registry)).toEqual(stood.at(-1)![1]);
  });

  it('has a clock that stands at the time of the revision, or at the time asked for', async () => {
    const cluster = await start();
    const { registry, clock } = cluster;
    await cluster.node('n1');
    const { revision } = registry;
    const written = clock.now();
    await cluster.advance(60_000);
    await cluster.node('n2');
    expect((await registry.past(revision)).clock.now()).toBe(written);
    const between = await registry.past({ time: written + 30_000 });
    expect([between.revision, between.clock.now()]).toEqual([revision, written + 30_000]);
    const tomorrow = await registry.past({ time: clock.now() + 86_400_000 });
    expect([tomorrow.revision, tomorrow.clock.now()]).toEqual([registry.revision, clock.now()]);
    await expect(registry.past(registry.revision + 1)).rejects.toThrow(RangeError);
  });

  it('refuses every write', async () => {
    const cluster = await start();
    const { registry } = cluster;
    await cluster.node('n1');
    await cluster.pod('a', undefined);
    const past = await registry.past(registry.revision);
    const refused = expect.objectContaining({
      code: 405,
      message: `revision ${past.revision} is past, and cannot be changed`,
    });
    const a = past.get(pods, 'default', 'a')!.object;
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'default' }, data: {} };
    await expect(past.create(configMaps, configMap)).rejects.toEqual(refused);
    await expect(past.update(pods, { ...a, metadata: { ...a.metadata, labels: { x: 'y' } } })).rejects.toEqual(refused);
    await expect(
      past.patch(pods, 'default', 'a', { type: 'merge', body: { metadata: { labels: { x: 'y' } } } }),
    ).rejects.toEqual(refused);
    await expect(past.delete(pods, 'default', 'a', { gracePeriodSeconds: 0 })).rejects.toEqual(refused);
    await expect(past.bind('default', 'a', 'n1')).rejects.toEqual(refused);
    expect(registry.get(pods, 'default', 'a')!.object).toBe(a);
  });

  it('serves the custom kinds of then', async () => {
    const cluster = await start();
    const { registry } = cluster;
    const before = registry.revision;
    const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' };
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
    const { object: crd } = await registry.create(customResourceDefinitions, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: { group: 'example.com', scope: 'Namespaced', names, versions },
    } as never);
    const conditions = [{ type: 'Established', status: 'True', reason: 'x', message: 'x' }];
    const status = { ...crd.status, acceptedNames: names, storedVersions: ['v1'], conditions };
    await registry.update(customResourceDefinitions, { ...crd, status } as never, { subresource: 'status' });
    const { revision } = registry;
    await registry.delete(customResourceDefinitions, '', 'widgets.example.com');
    const served = (r: typeof registry) => r.kinds.byResource('widgets.example.com') !== undefined;
    expect(served((await registry.past(before)) as typeof registry)).toBe(false);
    expect(served((await registry.past(revision)) as typeof registry)).toBe(true);
  });
});
