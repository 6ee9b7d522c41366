import { afterEach, describe, expect, it } from 'vitest';
import type { Registry } from '../../../src/registry/registry.js';
import type { WatchEvent } from '../../../src/registry/types.js';
import { configMaps, namespaces, pods } from '../../../src/resources/index.js';
import type { ConfigMap, Draft, Pod } from '../../../src/resources/types.js';
import type { RevisionLog } from '../../../src/store/log.js';
import { openRegistry } from '../../support/registry.js';

const logs: RevisionLog[] = [];
afterEach(async () => {
  for (const log of logs.splice(0)) await log.close();
});

async function newRegistry(): Promise<Registry> {
  const registry = await openRegistry();
  logs.push(registry.log);
  return registry;
}

const configMap = (
  name: string,
  data: Record<string, string> = {},
  metadata: Partial<ConfigMap['metadata']> = {},
): Draft<ConfigMap> => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', ...metadata },
  data,
});

const pod = (name: string): Draft<Pod> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'main', image: 'a:1' }] },
  status: {},
});

const failure = (reason: string) => expect.objectContaining({ reason });
const nextEvents = async (registry: Registry) => {
  await registry.log.committed();
  await new Promise(resolve => setImmediate(resolve));
};

describe('create', () => {
  it('gives identity, stores the kind first, and resolves once committed', async () => {
    const registry = await newRegistry();
    const entry = await registry.create(configMaps, configMap('a', { x: '1' }));
    expect(entry.bytes.toString()).toMatch(
      /^\{"kind":"ConfigMap","apiVersion":"v1","metadata":\{"name":"a","namespace":"default",/,
    );
    expect(entry.object.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(entry.object.metadata.resourceVersion).toBe(String(registry.revision));
    expect(entry.object.metadata.creationTimestamp).toBe('2025-01-01T00:00:00Z');
  });

  it('makes up names, refuses names that are taken and namespaces that are not there', async () => {
    const registry = await newRegistry();
    const { name } = await registry.create(
      configMaps,
      configMap('', {}, { name: undefined as never, generateName: 'gen-' }),
    );
    expect(name).toMatch(/^gen-[a-z0-9]{5}$/);
    await expect(registry.create(configMaps, configMap(name))).rejects.toEqual(failure('AlreadyExists'));
    await expect(registry.create(configMaps, configMap(name, {}, { name, generateName: 'gen-' }))).rejects.toThrow(
      `configmaps "${name}" already exists, the server was not able to generate a unique name for the object`,
    );
    await expect(registry.create(configMaps, configMap('b'), { namespace: 'nowhere' })).rejects.toEqual(
      failure('BadRequest'),
    );
    await expect(
      registry.create(configMaps, { ...configMap('b'), metadata: { name: 'b', namespace: 'nowhere' } }),
    ).rejects.toEqual(failure('NotFound'));
  });

  it('refuses a pod without a name by the stem of its name, so that such events add up', async () => {
    const registry = await newRegistry();
    const { spec, ...rest } = pod('');
    const metadata = { name: undefined as never, namespace: 'default', generateName: 'agent-' };
    await expect(
      registry.create(pods, { ...rest, metadata, spec: { ...spec, priorityClassName: 'nope' } }),
    ).rejects.toThrow('pods "agent-" is forbidden: no PriorityClass with name nope was found');
  });

  it('changes nothing on a dry run, and never the draft it was given', async () => {
    const registry = await newRegistry();
    const draft = Object.freeze(pod('p'));
    Object.freeze(draft.spec);
    const before = registry.revision;
    const entry = await registry.create(pods, draft, { dryRun: true });
    expect(entry.object.spec.tolerations).toHaveLength(2);
    expect([registry.revision, registry.get(pods, 'default', 'p')]).toEqual([before, undefined]);
  });
});

describe('update', () => {
  it('needs the newest version if it names one, and writes nothing if nothing changes', async () => {
    const registry = await newRegistry();
    const { object: first } = await registry.create(configMaps, configMap('a', { x: '1' }));
    const { object: second } = await registry.update(configMaps, { ...first, data: { x: '2' } });
    expect(second.metadata.uid).toBe(first.metadata.uid);
    await expect(registry.update(configMaps, { ...first, data: { x: '3' } })).rejects.toEqual(failure('Conflict'));
    const { metadata, ...rest } = first;
    const { resourceVersion: _, ...blind } = metadata;
    const third = await registry.update(configMaps, {
      ...rest,
      metadata: blind,
      data: { x: '3' },
    } as unknown as ConfigMap);
    const same = await registry.update(configMaps, third.object);
    expect(same.revision).toBe(third.revision);
    const gone = { ...metadata, name: 'none' };
    await expect(registry.update(configMaps, { ...first, metadata: gone })).rejects.toEqual(failure('Conflict'));
    const { uid: __, ...never } = gone;
    const unknown = { ...first, metadata: never } as ConfigMap;
    await expect(registry.update(configMaps, unknown)).rejects.toEqual(failure('NotFound'));
  });

  it('keeps spec and status apart', async () => {
    const registry = await newRegistry();
    const { object } = await registry.create(pods, pod('p'));
    const status = await registry.update(
      pods,
      { ...object, status: { phase: 'Running' }, spec: { ...object.spec, priority: 7 } },
      { subresource: 'status' },
    );
    expect([status.object.status.phase, status.object.spec.priority]).toEqual(['Running', 0]);
    const main = await registry.update(pods, {
      ...status.object,
      status: {},
      metadata: { ...status.object.metadata, labels: { a: 'b' } },
    });
    expect([main.object.status.phase, main.object.metadata.labels]).toEqual(['Running', { a: 'b' }]);
  });
});

describe('delete', () => {
  it('waits for finalizers and removes with the last', async () => {
    const registry = await newRegistry();
    await registry.create(configMaps, configMap('a', {}, { finalizers: ['example.com/hold'] }));
    const marked = await registry.delete(configMaps, 'default', 'a');
    expect([marked.removed, marked.entry.object.metadata.deletionGracePeriodSeconds]).toEqual([false, 0]);
    expect((await registry.delete(configMaps, 'default', 'a')).entry.revision).toBe(marked.entry.revision);
    await registry.patch(configMaps, 'default', 'a', { type: 'merge', body: { metadata: { finalizers: null } } });
    expect(registry.get(configMaps, 'default', 'a')).toBeUndefined();
  });

  it('binds a pod, which then no longer waits for room', async () => {
    const registry = await newRegistry();
    const { object } = await registry.create(pods, pod('p'));
    const nominated = { ...object, status: { ...object.status, nominatedNodeName: 'n1' } };
    await registry.update(pods, nominated, { subresource: 'status' });
    const bound = await registry.bind('default', 'p', 'n1');
    expect(bound.object.spec.nodeName).toBe('n1');
    expect(bound.object.status).toMatchObject({ phase: 'Pending', conditions: [{ type: 'PodScheduled' }] });
    expect(bound.object.status).not.toHaveProperty('nominatedNodeName');
    await expect(registry.bind('default', 'p', 'n2')).rejects.toEqual(failure('Conflict'));
  });

  it('LIFE-01, LIFE-03: gives bound pods their grace period, which may only be shortened, and by who says by how much', async () => {
    const registry = await newRegistry();
    await registry.create(pods, pod('p'));
    await registry.bind('default', 'p', 'n1');
    const first = await registry.delete(pods, 'default', 'p', { gracePeriodSeconds: 45 });
    expect(first.entry.object.metadata).toMatchObject({
      deletionTimestamp: '2025-01-01T00:00:45Z',
      deletionGracePeriodSeconds: 45,
    });
    for (const again of [{ gracePeriodSeconds: 60 }, {}])
      expect((await registry.delete(pods, 'default', 'p', again)).entry.revision).toBe(first.entry.revision);
    const shorter = await registry.delete(pods, 'default', 'p', { gracePeriodSeconds: 5 });
    expect(shorter.entry.object.metadata).toMatchObject({
      deletionTimestamp: '2025-01-01T00:00:05Z',
      deletionGracePeriodSeconds: 5,
    });
    expect((await registry.delete(pods, 'default', 'p', { gracePeriodSeconds: 0 })).removed).toBe(true);
  });

  it('LIFE-01: a pod is given thirty seconds unless told otherwise', async () => {
    const registry = await newRegistry();
    await registry.create(pods, pod('p'));
    await registry.bind('default', 'p', 'n1');
    expect((await registry.delete(pods, 'default', 'p')).entry.object.metadata).toMatchObject({
      deletionTimestamp: '2025-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
    });
  });

  it('honours preconditions and protects the built-in namespaces', async () => {
    const registry = await newRegistry();
    await registry.create(configMaps, configMap('a'));
    await expect(registry.delete(configMaps, 'default', 'a', { preconditions: { uid: 'other' } })).rejects.toEqual(
      failure('Conflict'),
    );
    await expect(registry.delete(namespaces, '', 'default')).rejects.toEqual(failure('Forbidden'));
  });
});

describe('list', () => {
  it('pages hold together while the world changes', async () => {
    const registry = await newRegistry();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await registry.create(configMaps, configMap(name));
    const first = await registry.list(configMaps, { namespace: 'default', limit: 2 });
    await registry.create(configMaps, configMap('bb'));
    await registry.delete(configMaps, 'default', 'd');
    const second = await registry.list(configMaps, { namespace: 'default', limit: 2, continue: first.continue! });
    const third = await registry.list(configMaps, { namespace: 'default', limit: 2, continue: second.continue! });
    expect([first, second, third].map(l => l.entries.map(e => e.name).join(''))).toEqual(['ab', 'cd', 'e']);
    expect([first, second, third].map(l => l.remainingItemCount)).toEqual([3, 1, undefined]);
    expect(third.revision).toBe(first.revision);
  });

  it('answers 410 with a way on when a page expired', async () => {
    const registry = await newRegistry();
    for (const name of ['a', 'b', 'c']) await registry.create(configMaps, configMap(name));
    const { continue: token } = await registry.list(configMaps, { limit: 1 });
    await registry.create(configMaps, configMap('aa'));
    await registry.log.compact(registry.revision);
    const error = await registry.list(configMaps, { limit: 1, continue: token! }).catch(e => e);
    expect(error).toEqual(failure('Expired'));
    const rest = await registry.list(configMaps, { continue: error.continueToken });
    expect(rest.entries.map(e => e.name)).toEqual(['aa', 'b', 'c']);
  });
});

describe('watch', () => {
  const record = (registry: Registry, options: Parameters<Registry['watch']>[1]) => {
    const seen: string[] = [];
    registry.watch(configMaps, options, (event: WatchEvent<ConfigMap>) => {
      seen.push('entry' in event ? `${event.type} ${event.entry.name}` : event.type);
    });
    return seen;
  };

  it('begins with what is there, or goes on from a revision, and tells selectors what left', async () => {
    const registry = await newRegistry();
    const { revision } = await registry.create(configMaps, configMap('a', {}, { labels: { app: 'x' } }));
    const all = record(registry, {});
    const selected = record(registry, { labelSelector: 'app=x' });
    await registry.create(configMaps, configMap('b'));
    await registry.patch(configMaps, 'default', 'a', { type: 'merge', body: { metadata: { labels: { app: 'y' } } } });
    await registry.patch(configMaps, 'default', 'b', { type: 'merge', body: { metadata: { labels: { app: 'x' } } } });
    await registry.delete(configMaps, 'default', 'b');
    const late = record(registry, { resourceVersion: String(revision) });
    await nextEvents(registry);
    const expected = ['ADDED b', 'MODIFIED a', 'MODIFIED b', 'DELETED b'];
    expect(all).toEqual(['ADDED a', ...expected]);
    expect(late).toEqual(expected);
    expect(selected).toEqual(['ADDED a', 'DELETED a', 'ADDED b', 'DELETED b']);
  });

  it('ends the initial events with a bookmark, and reports a revision that is gone as an ERROR', async () => {
    const registry = await newRegistry();
    const { revision } = await registry.create(configMaps, configMap('a'));
    const initial = record(registry, {
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
    });
    expect(initial).toEqual(['ADDED a', 'BOOKMARK']);
    await registry.create(configMaps, configMap('b'));
    await registry.log.compact(registry.revision);
    const gone = record(registry, { resourceVersion: String(revision - 1) });
    await nextEvents(registry);
    expect(gone).toEqual(['ERROR']);
  });
});
