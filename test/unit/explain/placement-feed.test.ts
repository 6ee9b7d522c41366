import { beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../../src/clock/random.js';
import { type PlacementChange, PlacementFeed } from '../../../src/explain/placement-feed.js';
import { type Placement, Placements } from '../../../src/explain/placements.js';
import type { Registry } from '../../../src/registry/registry.js';
import { controllerRevisions, daemonSets, nodes, pods } from '../../../src/resources/index.js';
import type { DaemonSet } from '../../../src/resources/types.js';
import type { Entry } from '../../../src/store/entry.js';
import { addPod, RandomWrites } from '../../support/random-writes.js';
import { reader as readerOf } from '../../support/read-feed.js';
import { openRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode, RUNNING } from '../../support/small-cluster.js';

const GPU = { key: 'gpu', value: 'yes', effect: 'NoSchedule' } as const;

/** What a reader knows of all placements, and from where on it does not. */
class Known {
  readonly #placements = new Map<string, string>();
  revision: number;

  constructor(registry: Registry) {
    this.revision = registry.revision;
    const placements = new Placements(registry);
    for (const placement of placements.across(registry.all(daemonSets), registry.all(nodes))) {
      const { namespace, name } = placement.daemonSet;
      this.#note(`${namespace}/${name}/${placement.node.name}`, placement);
    }
  }

  take({ namespace, daemonSet, node, placement, revision }: PlacementChange): void {
    this.#note(`${namespace}/${daemonSet}/${node}`, placement);
    this.revision = Number(revision);
  }

  #note(key: string, placement: Placement | null): void {
    if (!placement) this.#placements.delete(key);
    else {
      const { actual, pod, ready, upToDate, reason } = placement;
      this.#placements.set(key, [actual, pod?.name, ready, upToDate, reason].join(' '));
    }
  }

  get all() {
    return Object.fromEntries([...this.#placements].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

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
      ['tainted', 'MISSING', undefined],
      ['new', 'MISSING', undefined],
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

  it('tells by which write a placement came to be another, also where that was to something of others', async () => {
    const room = { spec: { containers: [{ name: 'main', image: 'x', resources: { requests: { cpu: '3900m' } } }] } };
    const other = await addPod(registry, 'other', { node: 'worker' });
    await addDaemonPod(registry, agent, 'worker');
    const large = await addDaemonSet(registry, 'large', room);
    await addDaemonPod(registry, large, 'worker', { unbound: true, status: { phase: 'Pending' } });
    const feed = new PlacementFeed(registry, { daemonSet: 'large' });
    const read = readerOf(feed);
    await registry.delete(pods, 'default', 'agent-worker', { gracePeriodSeconds: 0 });
    expect((await read()).map(({ cause, placement }) => [cause.type, cause.entry.name, placement!.reason])).toEqual([
      ['DELETED', 'agent-worker', 'the pod finds no room: needs 3900m CPU, 3750m left of 4'],
    ]);
    await registry.delete(pods, 'default', other.name, { gracePeriodSeconds: 0 });
    expect((await read()).map(({ cause, placement }) => [cause.entry.name, placement!.reason])).toEqual([
      ['other', 'the pod waits for the scheduler to bind it to worker'],
    ]);
    await feed.return();
  });

  it('tells what is different from what was known, and fails where the log does not reach back to it', async () => {
    const { revision } = registry;
    const then = new Placements(await registry.past(revision));
    const pod = await addDaemonPod(registry, agent, 'worker', { status: { phase: 'Pending' } });
    await addNode(registry, 'new');
    const feed = new PlacementFeed(registry, {}, { placements: then, revision });
    const told = await readerOf(feed)();
    expect(told.map(({ node, before, placement }) => [node, before, placement!.actual])).toEqual([
      ['worker', 'MISSING', 'PENDING'],
      ['new', null, 'MISSING'],
    ]);
    // Only with the last of them all is told.
    expect(told.map(change => change.revision)).toEqual([String(revision), String(registry.revision)]);
    expect(told[0]!.cause.entry.uid).toBe(pod.uid);
    await feed.return();
    await registry.log.compact(registry.revision);
    const late = new PlacementFeed(registry, {}, { placements: then, revision });
    await expect(late.next()).rejects.toMatchObject({ reason: 'Expired' });
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'loses nothing under random writes, wherever it is cut off, reasons included (%i)',
    async seed => {
      const writes = new RandomWrites(registry, seed);
      const random = new Random(seed);
      const [stays, comesBack] = [new Known(registry), new Known(registry)];
      const feed = new PlacementFeed(registry);
      const read = readerOf(feed);
      for (let round = 0; round < 25; round++) {
        for (let i = random.below(6); i >= 0; i--) await writes.write();
        for (const change of await read()) stays.take(change);
        expect(stays.all).toEqual(new Known(registry).all);
        // The other comes for a few messages now and then.
        const { revision } = comesBack;
        const placements = new Placements(await registry.past(revision));
        const cut = new PlacementFeed(registry, {}, { placements, revision });
        const told = await readerOf(cut)();
        const count = round % 5 === 4 ? told.length : random.below(told.length + 1);
        for (const change of told.slice(0, count)) comesBack.take(change);
        if (count === told.length) expect(comesBack.all).toEqual(stays.all);
        await cut.return();
      }
      await feed.return();
    },
  );

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
