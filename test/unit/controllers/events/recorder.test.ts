import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventTtlOptions, eventTtlController } from '../../../../src/controllers/event-ttl/index.js';
import {
  createRecorderFactory,
  type RecorderFactory,
  type RecorderOptions,
} from '../../../../src/controllers/events/index.js';
import { events, namespaces } from '../../../../src/resources/index.js';
import { ModelCluster } from '../../../support/model-cluster.js';
import { addNamespace } from '../../../support/registry.js';

let cluster: ModelCluster;
let factory: RecorderFactory;
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.close();
});

async function start(options: RecorderOptions = {}, ttl: EventTtlOptions = {}): Promise<void> {
  cluster = await ModelCluster.start(context => {
    factory = createRecorderFactory(context.registry, options);
    return [factory.controller, eventTtlController(context, ttl)];
  });
}

const told = (namespace = 'default') => cluster.registry.all(events, namespace).map(e => e.object);

describe('recorder', () => {
  beforeEach(() => start());

  it('writes events as client-go does', async () => {
    await cluster.pod('a', 'n1');
    const pod = cluster.getPod('a')!;
    factory.recorder('kubelet', 'n1').event(pod, 'Normal', 'Started', 'Started container main');
    await cluster.settle();
    const { metadata, ...event } = told()[0]!;
    expect(metadata.name).toMatch(/^a\.[0-9a-f]{16}$/);
    expect(event).toEqual({
      kind: 'Event',
      apiVersion: 'v1',
      involvedObject: {
        kind: 'Pod',
        namespace: 'default',
        name: 'a',
        uid: pod.metadata.uid,
        apiVersion: 'v1',
        resourceVersion: pod.metadata.resourceVersion,
      },
      reason: 'Started',
      message: 'Started container main',
      source: { component: 'kubelet', host: 'n1' },
      firstTimestamp: '2025-01-01T00:00:00Z',
      lastTimestamp: '2025-01-01T00:00:00Z',
      count: 1,
      type: 'Normal',
      eventTime: null,
      reportingComponent: 'kubelet',
      reportingInstance: 'n1',
    });
  });

  it('writes what is reported through the newer API as it looks in the old one', async () => {
    await cluster.pod('a', 'n1');
    await cluster.pod('b', 'n1');
    const recorder = factory.recorder('default-scheduler');
    const [a, b] = [cluster.getPod('a')!, cluster.getPod('b')!];
    const preempt = () => recorder.event(a, 'Normal', 'Preempted', 'm', { action: 'Preempting', related: b });
    preempt();
    await cluster.advance(1000);
    preempt();
    await cluster.settle();
    expect(told()).toMatchObject([
      {
        source: {},
        firstTimestamp: null,
        lastTimestamp: null,
        eventTime: '2025-01-01T00:00:00.000000Z',
        action: 'Preempting',
        related: { kind: 'Pod', name: 'b', uid: b.metadata.uid },
        reportingComponent: 'default-scheduler',
        reportingInstance: 'default-scheduler-control-plane',
        series: { count: 2, lastObservedTime: '2025-01-01T00:00:01.000000Z' },
      },
    ]);
    preempt();
    await cluster.settle();
    expect(told()[0]!.series!.count).toBe(2);
    await cluster.advance(360_000);
    expect(told()[0]!.series!.count).toBe(3);
  });

  it('counts up by an update, and puts events about objects without a namespace into default', async () => {
    await cluster.node('n1');
    const recorder = factory.recorder('node-controller');
    const tell = () => recorder.event(cluster.getNode('n1'), 'Normal', 'NodeNotReady', 'm');
    tell();
    await cluster.advance(90_000);
    tell();
    await cluster.settle();
    expect(told()).toMatchObject([
      { count: 2, firstTimestamp: '2025-01-01T00:00:00Z', lastTimestamp: '2025-01-01T00:01:30Z' },
    ]);
    expect(told()[0]!.involvedObject).not.toHaveProperty('namespace');
  });

  it('writes about 25 events for a DaemonSet of 5,000 pods, the last with the count', async () => {
    const set = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'default', name: 'agent', uid: 'u' };
    const recorder = factory.recorder('daemonset-controller');
    const before = cluster.registry.revision;
    for (let i = 0; i < 5000; i++) recorder.event(set, 'Normal', 'SuccessfulCreate', `Created pod: agent-${i}`);
    await cluster.settle();
    // All came before the first was written, so that the combined one was written once.
    expect(cluster.registry.revision - before).toBe(10);
    expect(told().at(-1)).toMatchObject({
      message: '(combined from similar events): Created pod: agent-24',
      count: 16,
    });
    expect(factory.stats).toMatchObject({ offered: 5000, filtered: 4975, written: 10, dropped: 0 });
  });

  it('writes an event anew that has been deleted since', async () => {
    const about = { kind: 'Pod', namespace: 'default', name: 'a', uid: 'u' };
    const tell = () => factory.recorder('x').event(about, 'Normal', 'R', 'm');
    tell();
    await cluster.settle();
    const [first] = told();
    await cluster.registry.delete(events, 'default', first!.metadata.name);
    tell();
    await cluster.settle();
    expect(told()).toMatchObject([{ metadata: { name: first!.metadata.name }, count: 2 }]);
  });

  it('takes a refusal for an answer', async () => {
    const about = { kind: 'Pod', namespace: 'nowhere', name: 'a', uid: 'u' };
    factory.recorder('x').event(about, 'Normal', 'R', 'm');
    await addNamespace(cluster.registry, 'ends');
    await cluster.registry.delete(namespaces, '', 'ends');
    factory.recorder('x').event({ ...about, namespace: 'ends' }, 'Normal', 'R', 'm');
    await cluster.settle();
    expect(factory.stats).toMatchObject({ refused: 2, written: 0 });
  });
});

describe('queue', () => {
  it('drops what is too much, and counts it', async () => {
    await start({ maxPending: 100 });
    for (let i = 0; i < 150; i++) {
      factory
        .recorder('x')
        .event({ kind: 'Pod', namespace: 'default', name: `p${i}`, uid: `u${i}` }, 'Normal', 'R', 'm');
    }
    await cluster.settle();
    expect(told()).toHaveLength(100);
    expect(factory.stats).toMatchObject({ dropped: 50, written: 100 });
  });
});

describe('before the runtime starts', () => {
  it('keeps what was told, and writes it then, also if it was too much', async () => {
    await start();
    const early = createRecorderFactory(cluster.registry, { maxPending: 3 });
    const tell = (name: string) =>
      early.recorder('x').event({ kind: 'Pod', namespace: 'default', name, uid: name }, 'Normal', 'R', 'm');
    for (const name of ['a', 'b', 'c', 'd']) tell(name);
    const added: string[] = [];
    const queue = { add: (key: string) => added.push(key), addAfter: () => {} };
    early.controller.start!(queue);
    for (let key = added.shift(); key; key = added.shift()) await early.controller.reconcile(key, queue);
    expect(told().map(event => event.involvedObject.name)).toEqual(['a', 'b', 'c']);
    expect(early.stats).toMatchObject({ dropped: 1, written: 3 });
  });
});

describe('event-ttl', () => {
  const tell = (name: string) =>
    factory.recorder('x').event({ kind: 'Pod', namespace: 'default', name, uid: name }, 'Normal', 'R', 'm');
  const left = () => told().map(e => e.involvedObject.name);

  it('removes an event an hour after its last write', async () => {
    await start();
    tell('a');
    tell('b');
    await cluster.advance(1_800_000);
    tell('a');
    await cluster.advance(1_799_999);
    expect(left()).toEqual(['a', 'b']);
    await cluster.advance(1);
    expect(left()).toEqual(['a']);
    await cluster.advance(1_800_000);
    expect(left()).toEqual([]);
    tell('c');
    await cluster.advance(3_600_000);
    expect(left()).toEqual([]);
  });

  it('keeps no more than it may, and those written last', async () => {
    await start({}, { maxEvents: 150 });
    for (let i = 0; i < 150; i++) tell(`p${String(i).padStart(3, '0')}`);
    await cluster.settle();
    tell('p000');
    await cluster.settle();
    expect(left()).toHaveLength(150);
    for (let i = 0; i < 130; i++) tell(`q${String(i).padStart(3, '0')}`);
    await cluster.settle();
    expect(left().filter(n => n!.startsWith('p'))).toEqual([
      'p000',
      ...Array.from({ length: 19 }, (_, i) => `p${131 + i}`),
    ]);
  });

  it('goes on after a restart from what the events say', async () => {
    await start();
    tell('old');
    await cluster.advance(1_800_000);
    tell('young');
    await cluster.settle();
    const { registry, clock } = cluster;
    // A second controller over the same events, as after a restart.
    const controller = eventTtlController({ registry, recorder: factory.recorder });
    const delays: number[] = [];
    await controller.reconcile('oldest', { add: () => {}, addAfter: (_, ms) => delays.push(ms) });
    expect(delays).toEqual([1_800_000]);
    expect(clock.now()).toBe(Date.UTC(2025, 0, 1, 0, 30));
  });
});
