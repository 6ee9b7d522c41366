import { beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../../src/clock/random.js';
import { TooSlowError } from '../../../src/explain/feed.js';
import { type ObjectChange, ObjectFeed, type ObjectFeedOptions } from '../../../src/explain/object-feed.js';
import { configMaps, pods } from '../../../src/resources/index.js';
import type { KubeObject, Pod } from '../../../src/resources/types.js';
import { addPod, RandomWrites } from '../../support/random-writes.js';
import { reader } from '../../support/read-feed.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';
import { addNode } from '../../support/small-cluster.js';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await openRegistry(['default', 'shop']);
});

const MIB = 1024 * 1024;

const open = (options: Partial<ObjectFeedOptions<Pod>> = {}) =>
  new ObjectFeed(registry, pods, { since: registry.revision, maxBytes: MIB, ...options });

const plain = ({ type, revision, entry }: ObjectChange) => `${type} ${entry.namespace}/${entry.name} ${revision}`;
const short = (changes: ObjectChange[]) => changes.map(({ type, entry }) => `${type} ${entry.name}`);

const relabel = (name: string, labels: Record<string, string>) => {
  const { object } = registry.get(pods, 'default', name)!;
  return registry.update<Pod>(pods, { ...object, metadata: { ...object.metadata, labels } });
};

describe('the feed of objects', () => {
  it('tells every version in order, from where it was opened', async () => {
    await addPod(registry, 'before');
    const feed = open();
    await addPod(registry, 'p');
    await relabel('p', { a: '1' });
    await relabel('p', { a: '2' });
    await registry.delete(pods, 'default', 'p', { gracePeriodSeconds: 0 });
    const told = await reader(feed)();
    expect(short(told)).toEqual(['ADDED p', 'MODIFIED p', 'MODIFIED p', 'DELETED p']);
    expect(told.map(({ entry }) => entry.object.metadata.labels?.a)).toEqual([undefined, '1', '2', '2']);
    await feed.return();
  });

  it('keeps to its namespace, name, labels and filter', async () => {
    const { revision } = registry;
    await addPod(registry, 'p');
    await addPod(registry, 'q');
    await addPod(registry, 'p', { namespace: 'shop' });
    await relabel('p', { app: 'other' });
    const of = async (options: Partial<ObjectFeedOptions<Pod>>) => {
      const feed = open({ since: revision, ...options });
      const told = (await reader(feed)()).map(({ type, entry }) => `${type} ${entry.namespace}/${entry.name}`);
      await feed.return();
      return told;
    };
    expect(await of({ namespace: 'shop' })).toEqual(['ADDED shop/p']);
    expect(await of({ fieldSelector: 'metadata.name=q' })).toEqual(['ADDED default/q']);
    expect(await of({ labelSelector: 'app=p' })).toEqual(['ADDED default/p', 'ADDED shop/p', 'DELETED default/p']);
    expect(await of({ wanted: ({ type }) => type === 'MODIFIED' })).toEqual(['MODIFIED default/p']);
    expect(() => open({ labelSelector: '=' })).toThrow();
  });

  it('fails with 410 where the log does not reach back, also while it catches up', async () => {
    const { revision } = registry;
    await addPod(registry, 'p');
    await relabel('p', { a: '1' });
    await registry.log.compact(registry.revision);
    await expect(open({ since: revision }).next()).rejects.toMatchObject({ reason: 'Expired' });
  });

  it('holds no more than may wait, then tells where to go on; from there all the rest is told', async () => {
    const configs = (since: number) => new ObjectFeed<KubeObject>(registry, configMaps, { since, maxBytes: 10_000 });
    const write = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const metadata = { generateName: 'c', namespace: 'default' };
        await registry.create(configMaps, {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata,
          data: { a: 'x'.repeat(1000) },
        } as never);
      }
    };
    const { revision } = registry;
    const feed = configs(revision);
    await write(30);
    const told: ObjectChange[] = [];
    const failure = await (async () => {
      for await (const change of feed) told.push(change);
    })().catch(error => error);
    expect(failure).toBeInstanceOf(TooSlowError);
    expect(failure.revision).toBe(told.at(-1)!.revision);
    expect(told.length).toBeGreaterThan(4);
    expect(told.length).toBeLessThan(10);
    // What waits at first is bounded as well; each time there is something new.
    let since = revision;
    const all: string[] = [];
    while (all.length < 30) {
      const next = configs(since);
      const before = all.length;
      await (async () => {
        for (let left = 30 - all.length; left > 0; left--) all.push(plain((await next.next()).value!));
      })().catch(error => {
        since = error.revision;
      });
      await next.return();
      expect(all.length).toBeGreaterThan(before);
    }
    const whole = new ObjectFeed<KubeObject>(registry, configMaps, { since: revision, maxBytes: MIB });
    expect(all).toEqual((await reader(whole)()).map(plain));
    await whole.return();
  });

  it('tells of one object that is larger than all that may wait', async () => {
    const feed = open({ maxBytes: 1 });
    await addPod(registry, 'p');
    await addPod(registry, 'q');
    expect((await feed.next()).value?.entry.name).toBe('p');
    await expect(feed.next()).rejects.toBeInstanceOf(TooSlowError);
    expect((await feed.next()).done).toBe(true);
  });

  it('ends when it is closed, also while somebody waits', async () => {
    const feed = open();
    const waiting = feed.next();
    await feed.return();
    expect((await waiting).done).toBe(true);
    await addPod(registry, 'p');
    expect((await feed.next()).done).toBe(true);
  });

  it.each([1, 2, 3, 4, 5])('loses and repeats nothing under random writes, wherever it is cut off (%i)', async seed => {
    await addNode(registry, 'a');
    const writes = new RandomWrites(registry, seed);
    const random = new Random(seed);
    const whole = open({ maxBytes: 100 * MIB });
    let since = registry.revision;
    const pieces: string[] = [];
    for (let round = 0; round < 30; round++) {
      const cut = open({ since, maxBytes: [2000, 20_000, MIB][random.below(3)]! });
      for (let i = random.below(10); i >= 0; i--) await writes.write();
      const read = await reader(cut)().catch(() => []);
      for (const change of read.slice(0, random.below(read.length + 1))) {
        pieces.push(plain(change));
        since = change.revision;
      }
      await cut.return();
    }
    const last = open({ since, maxBytes: 100 * MIB });
    pieces.push(...(await reader(last)()).map(plain));
    const all = (await reader(whole)()).map(plain);
    expect(all.length).toBeGreaterThan(20);
    expect(pieces).toEqual(all);
    for (const feed of [whole, last]) await feed.return();
  });
});
