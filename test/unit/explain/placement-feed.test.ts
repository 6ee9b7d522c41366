import { beforeEach, describe, expect, it } from 'vitest';
import { PlacementFeed } from '../../../src/explain/placement-feed.js';
import type { Registry } from '../../../src/registry/registry.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../../../src/resources/index.js';
import type { DaemonSet } from '../../../src/resources/types.js';
import type { Entry } from '../../../src/store/entry.js';
import { reader as readerOf } from '../../support/read-feed.js';
import { openRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode, RUNNING } from '../../support/small-cluster.js';

const GPU = { key: 'gpu', value: 'yes', effect: 'NoSchedule' } as const;

describe('the feed', () => {
  let registry: Registry;
  let agent: Entry<DaemonSet>;
  beforeEach(async () => {
    registry = await openRegistry(['default', 'elsewhere']);
    await addNode(registry, 'worker');
    await addNode(registry, 'tainted', { taints: [GPU] });
    agent = await addDaemonSet(registry, 'agent');
  });

  /** Answers, each time, all changes that there are to read now. */
  function reader(feed: PlacementFeed) {
    const read = readerOf(feed);
    return async () =>
      (await read()).map(({ node, before, placement }): [string, string | null, string | undefined] => [
        node,
        before,
        placement?.actual,
      ]);
  }

  it('tells the newest state of what changed, once', async () => {
    const feed = new PlacementFeed(registry, { daemonSet: 'agent' });
    const read = reader(feed);
    const pod = await addDaemonPod(registry, agent, 'worker', { unbound: true, status: { phase: 'Pending' } });
    await registry.bind('default', pod.name, 'worker');
    const bound = registry.get(pods, 'default', pod.name)!.object;
    await registry.update(pods, { ...bound, status: RUNNING }, { subresource: 'status' });
    expect(await read()).toEqual([['worker', 'MISSING', 'PRESENT']]);
    await feed.return();
  });

  it('tells of each change when it is read in between', async () => {
    const feed = new PlacementFeed(registry);
    const read = reader(feed);
    const pod = await addDaemonPod(registry, agent, 'worker', { status: { phase: 'Pending' } });
    expect(await read()).toEqual([['worker', 'MISSING', 'PENDING']]);
    await registry.delete(pods, 'default', pod.name, { gracePeriodSeconds: 0 });
    expect(await read()).toEqual([['worker', 'PENDING', 'MISSING']]);
    await feed.return();
  });

  it('tells of pods that are no longer of the newest template', async () => {
    await addDaemonPod(registry, agent, 'worker');
    const feed = new PlacementFeed(registry);
    const read = reader(feed);
    await registry.delete(controllerRevisions, 'default', 'agent-h1');
    expect(await read()).toEqual([['worker', 'PRESENT', 'PRESENT']]);
    await feed.return();
  });

  it('loses nothing to what happens at the same time and belongs to nobody', async () => {
    const { name } = await addDaemonPod(registry, agent, 'worker');
    const feed = new PlacementFeed(registry);
    const read = reader(feed);
    const metadata = { name: 'alone', namespace: 'default' };
    const spec = { nodeName: 'worker', containers: [{ name: 'main', image: 'x' }] };
    await Promise.all([
      registry.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: {} }),
      registry.create(controllerRevisions, {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata,
        data: {},
        revision: 1,
      }),
      registry.delete(pods, 'default', name, { gracePeriodSeconds: 0 }),
    ]);
    expect(await read()).toEqual([['worker', 'PRESENT', 'MISSING']]);
    await feed.return();
  });

  it('is silent about what changes nothing', async () => {
    const feed = new PlacementFeed(registry);
    const read = reader(feed);
    const { object } = registry.get(nodes, '', 'worker')!;
    await registry.update(nodes, { ...object, metadata: { ...object.metadata, annotations: { a: 'b' } } });
    expect(await read()).toEqual([]);
    await feed.return();
  });

  it('follows taints, new and deleted nodes, and the end of the DaemonSet', async () => {
    const feed = new PlacementFeed(registry);
    const read = reader(feed);
    const { object } = registry.get(nodes, '', 'tainted')!;
    await registry.update(nodes, { ...object, spec: {} });
    await registry.delete(nodes, '', 'worker');
    await addNode(registry, 'new');
    expect(await read()).toEqual([
      ['tainted', 'NOT_WANTED', 'MISSING'],
      ['worker', 'MISSING', undefined],
      ['new', null, 'MISSING'],
    ]);
    await registry.delete(daemonSets, 'default', 'agent');
    expect(await read()).toEqual([
      ['new', 'MISSING', undefined],
      ['tainted', 'MISSING', undefined],
    ]);
    await feed.return();
  });

  it('keeps to its filter', async () => {
    const feed = new PlacementFeed(registry, { namespace: 'default', daemonSet: 'agent', node: 'tainted' });
    const read = reader(feed);
    await addDaemonPod(registry, agent, 'worker');
    await addDaemonPod(registry, await addDaemonSet(registry, 'other'), 'tainted');
    await addDaemonPod(registry, await addDaemonSet(registry, 'agent', { namespace: 'elsewhere' }), 'tainted');
    await addDaemonPod(registry, agent, 'tainted');
    expect(await read()).toEqual([['tainted', 'NOT_WANTED', 'EXTRA']]);
    await feed.return();
  });

  it('ends when it is closed, also while somebody waits', async () => {
    const feed = new PlacementFeed(registry);
    const waiting = feed.next();
    const end = { done: true, value: undefined };
    expect(await feed.return()).toEqual(end);
    expect(await waiting).toEqual(end);
    await addDaemonPod(registry, agent, 'worker');
    expect((await feed.next()).done).toBe(true);
  });
});
