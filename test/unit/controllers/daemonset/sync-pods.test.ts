import { describe, expect, it } from 'vitest';
import { daemonSetController } from '../../../../src/controllers/daemonset/controller.js';
import { syncPods } from '../../../../src/controllers/daemonset/sync-pods.js';
import type { Registry } from '../../../../src/registry/registry.js';
import { StatusError } from '../../../../src/registry/status.js';
import { daemonSets, pods as podKind } from '../../../../src/resources/index.js';
import type { DaemonSet, Draft, Pod } from '../../../../src/resources/types.js';
import { ModelCluster } from '../../../support/model-cluster.js';
import { pods } from './builders.js';
import { daemonSet } from './cluster.js';

const set = { metadata: { name: 'agent', namespace: 'ns' } } as unknown as DaemonSet;
const resource = { group: '', plural: 'pods' };
const draftFor = (node: string) => ({ metadata: { labels: { app: 'agent' }, name: node } }) as unknown as Draft<Pod>;
const nodes = (count: number) => Array.from({ length: count }, (_, i) => `node-${i}`);

/** Counts calls, how many are in flight at once, and events; `refuse` says what a call is answered with. */
function control(refuse: (call: number) => Error | undefined = () => undefined) {
  const seen = { creates: 0, deletes: 0, batches: [] as number[], events: [] as string[], refusals: [] as unknown[] };
  const attempts = { note: (_uid: string, errors: readonly unknown[]) => void seen.refusals.push(errors[0]) };
  let inFlight = 0;
  const call = async (name: string, nth: number) => {
    inFlight++;
    await new Promise(resolve => setImmediate(resolve));
    if (inFlight > 0) seen.batches.push(inFlight);
    inFlight = 0;
    const error = refuse(nth);
    if (error) throw error;
    return { name };
  };
  const registry = {
    create: (_kind: unknown, draft: Draft<Pod>) => call(draft.metadata.name!, ++seen.creates),
    delete(_kind: unknown, _namespace: string, name: string, ...options: unknown[]) {
      expect(options).toEqual([]);
      return call(name, ++seen.deletes);
    },
  };
  const recorder = {
    event: (_about: unknown, type: string, reason: string, message: string) =>
      void seen.events.push(`${type} ${reason} ${message}`),
  };
  return { seen, control: { registry: registry as unknown as Registry, recorder, attempts } };
}

describe('syncPods', () => {
  it('POD-08, SYN-01, SYN-02, T44: 250 at most, in batches that double, each with its event', async () => {
    const { seen, control: pods } = control();
    await syncPods(pods, set, nodes(300), [], draftFor);
    expect(seen.batches).toEqual([1, 2, 4, 8, 16, 32, 64, 123]);
    expect(seen.events).toHaveLength(250);
    expect(seen.events[0]).toBe('Normal SuccessfulCreate Created pod: node-0');
  });

  it('POD-09, SYN-01, SYN-05: deletes follow the creates, all at once, 250 at most, as clients delete without options', async () => {
    const { seen, control: sync } = control();
    await syncPods(sync, set, nodes(1), pods(300, 'n'), draftFor);
    expect(seen.batches).toEqual([1, 250]);
    expect(seen.events.at(-1)).toMatch(/^Normal SuccessfulDelete Deleted pod: pod-/);
  });

  it('POD-08, SYN-03, SYN-08, T44: a quota of 10 among 100 nodes stops after 15 calls', async () => {
    const refused = StatusError.forbidden(resource, 'x', 'exceeded quota');
    const { seen, control: pods } = control(call => (call > 10 ? refused : undefined));
    await expect(syncPods(pods, set, nodes(100), [], draftFor)).rejects.toBe(refused);
    expect(seen.creates).toBe(15);
    expect(seen.refusals).toEqual([refused]);
    expect(seen.events.filter(e => e.startsWith('Normal'))).toHaveLength(10);
    expect(seen.events.at(-1)).toBe('Warning FailedCreate Error creating: pods "x" is forbidden: exceeded quota');
  });

  it('POD-08, SYN-04, T45: a namespace that ends is no failure, and no event', async () => {
    const cause = {
      reason: 'NamespaceTerminating',
      message: 'namespace ns is being terminated',
      field: 'metadata.namespace',
    };
    const refused = StatusError.forbidden(resource, 'x', 'because it is being terminated', [cause]);
    const { seen, control: pods } = control(() => refused);
    await syncPods(pods, set, nodes(3), [], draftFor);
    expect(seen.events).toEqual([]);
  });

  it('POD-09, SYN-05: a pod that is gone already is no failure, and no event', async () => {
    const { seen, control: sync } = control(() => StatusError.notFound(resource, 'x'));
    await syncPods(sync, set, [], pods(1, 'n'), draftFor);
    expect(seen.events).toEqual([]);
  });

  it('POD-09, SYN-05, SYN-06: deletes are tried also after creates failed, and all that went wrong is told', async () => {
    const { seen, control: sync } = control(() => new Error('no'));
    const errors = syncPods(sync, set, nodes(1), pods(2, 'n'), draftFor);
    await expect(errors).rejects.toThrow('[no, unable to delete pods: no]');
    expect([seen.creates, seen.deletes]).toEqual([1, 2]);
    expect(seen.events.at(-1)).toBe('Warning FailedDelete Error deleting: no');
  });

  it('POD-07: a pod without labels is not even asked for', async () => {
    const { seen, control: sync } = control();
    const bare = () => ({ metadata: {} }) as unknown as Draft<Pod>;
    await expect(syncPods(sync, set, nodes(1), [], bare)).rejects.toThrow('unable to create pods, no labels');
    expect(seen.creates).toBe(0);
  });
});

it('POD-01, POD-08, POD-09, T53: the events are of the daemonset-controller; a name is its stem, cut, and five letters that make no words', async () => {
  const cluster = await ModelCluster.start(daemonSetController);
  const name = 'a'.repeat(60);
  await cluster.registry.create(daemonSets, daemonSet({ name }));
  await cluster.node('node-1');
  await cluster.setTaints('node-1');
  const [entry] = cluster.registry.all(podKind);
  expect(entry!.name).toMatch(/^a{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  expect(entry!.object.metadata.generateName).toBe(`${name}-`);
  await cluster.setTaints('node-1', { key: 'dedicated', effect: 'NoExecute' });
  expect(cluster.events).toEqual([
    `daemonset-controller Normal SuccessfulCreate Created pod: ${entry!.name}`,
    `daemonset-controller Normal SuccessfulDelete Deleted pod: ${entry!.name}`,
  ]);
  await cluster.close();
});
