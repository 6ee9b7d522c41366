import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { schedulerController } from '../../../src/controllers/scheduler/controller.js';
import { NodeCache } from '../../../src/controllers/scheduler/node-cache.js';
import {
  nodes,
  podDisruptionBudgets,
  pods,
  priorityClasses,
  replicaSets,
  services,
} from '../../../src/resources/index.js';
import type { Node, Pod, PodSpec, ResourceList } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';

let cluster: ModelCluster;
/** Errors that a test set off itself. */
let expected = 0;
beforeEach(async () => {
  cluster = await ModelCluster.start(schedulerController);
  expected = 0;
});
afterEach(async () => {
  await cluster.close();
  expect(cluster.errors.slice(expected)).toEqual([]);
});

const ROOM: ResourceList = { cpu: '4', memory: '8Gi', pods: '110' };

async function addNode(
  name: string,
  allocatable: ResourceList = ROOM,
  { labels, spec }: { spec?: Node['spec']; labels?: Record<string, string> } = {},
): Promise<void> {
  await cluster.registry.create(nodes, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: {},
    status: { allocatable, capacity: allocatable },
  });
  // New nodes come with a taint that the node lifecycle lifts when they are ready.
  await cluster.registry.update(nodes, { ...cluster.getNode(name), spec: { taints: [], ...spec } });
  await cluster.settle();
}

/** Requests of the only container. */
const asking = (requests: ResourceList): Partial<PodSpec> => ({
  containers: [{ name: 'main', image: 'a:1', resources: { requests, limits: requests } }],
});

const pinned = (...names: string[]): Partial<PodSpec> => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: names.map(name => ({
          matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }],
        })),
      },
    },
  },
});

const priorityClass = (name: string, value: number, preemptionPolicy?: string) =>
  cluster.registry.create(priorityClasses, {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    ...(preemptionPolicy ? { preemptionPolicy } : {}),
  });

const nodeOf = (name: string) => cluster.getPod(name)?.spec.nodeName;
const whyNot = (name: string) => cluster.podCondition(name, 'PodScheduled')?.message;

describe('binding', () => {
  it('SCH-10: binds a pod to a node where it fits, and tells', async () => {
    await addNode('small', { ...ROOM, cpu: '100m' });
    await addNode('big');
    await cluster.pod('web', undefined, asking({ cpu: '1' }));
    expect(nodeOf('web')).toBe('big');
    expect(cluster.podCondition('web', 'PodScheduled')).toMatchObject({ status: 'True' });
    expect(cluster.told('Scheduled')).toEqual(['Successfully assigned default/web to big']);
    expect(cluster.events).toEqual(['default-scheduler Normal Scheduled Successfully assigned default/web to big']);
  });

  it('SCH-12: binds pods that were there before it started, and counts those that stand already', async () => {
    await addNode('one', { ...ROOM, cpu: '1' });
    await cluster.pod('first', 'one', asking({ cpu: '800m' }));
    await cluster.pod('second', undefined, asking({ cpu: '300m' }));
    expect(nodeOf('second')).toBeUndefined();
    expect(whyNot('second')).toMatch(/^0\/1 nodes are available: 1 Insufficient cpu\. /);
  });

  it.each<[string, Partial<PodSpec>, Partial<Pod['metadata']>]>([
    ['SCH-01: asks for another scheduler', { schedulerName: 'mine' }, {}],
    ['is gated (PodSchedulingReadiness)', { schedulingGates: [{ name: 'example.com/wait' }] }, {}],
  ])('%s: left alone', async (_what, spec, metadata) => {
    await addNode('one');
    await cluster.pod('web', undefined, spec, metadata);
    expect(nodeOf('web')).toBeUndefined();
    expect(cluster.events).toEqual([]);
  });

  it('takes a pod in when its gates are gone', async () => {
    await addNode('one');
    await cluster.pod('web', undefined, { schedulingGates: [{ name: 'example.com/wait' }] });
    const pod = cluster.getPod('web')!;
    await cluster.registry.update(pods, { ...pod, spec: { ...pod.spec, schedulingGates: [] } });
    await cluster.settle();
    expect(nodeOf('web')).toBe('one');
  });

  it('spreads pods over nodes that are alike, and draws the same lots from the same seed', async () => {
    const run = async () => {
      const model = await ModelCluster.start(schedulerController);
      const former = cluster;
      cluster = model;
      try {
        for (const name of ['a', 'b', 'c']) await addNode(name);
        for (let i = 0; i < 6; i++) await cluster.pod(`p${i}`, undefined);
        return [0, 1, 2, 3, 4, 5].map(i => nodeOf(`p${i}`)!);
      } finally {
        await model.close();
        cluster = former;
      }
    };
    const [first, second] = [await run(), await run()];
    expect(second).toEqual(first);
    expect([...first].sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });

  it('SCH-12: never fills a node beyond what it has, however many pods come at once', async () => {
    for (const name of ['a', 'b', 'c']) await addNode(name, { ...ROOM, cpu: '1' });
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        cluster.registry.create(pods, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: `p${i}`, namespace: 'default' },
          spec: { restartPolicy: 'Always', ...asking({ cpu: '100m' }) } as PodSpec,
          status: {},
        }),
      ),
    );
    await cluster.settle();
    const bound = cluster.registry.all(pods).filter(({ object }) => object.spec.nodeName);
    expect(bound).toHaveLength(30);
    for (const node of ['a', 'b', 'c']) expect(bound.filter(p => p.object.spec.nodeName === node)).toHaveLength(10);
  });

  it('prefers nodes by affinity and avoids soft taints', async () => {
    await addNode('plain');
    await addNode('ssd', ROOM, { labels: { disk: 'ssd' } });
    await addNode('soft', ROOM, {
      labels: { disk: 'ssd' },
      spec: { taints: [{ key: 'busy', effect: 'PreferNoSchedule' }] },
    });
    const preference = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] };
    await cluster.pod('db', undefined, {
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, preference }] } },
    });
    expect(nodeOf('db')).toBe('ssd');
  });
});

describe('when a binding fails', () => {
  it('SCH-08: says so, and tries again after a while', async () => {
    await addNode('one');
    vi.spyOn(cluster.registry, 'bind').mockRejectedValueOnce(new Error('disk full'));
    await cluster.pod('web', undefined);
    expect(nodeOf('web')).toBeUndefined();
    expect(cluster.errors).toEqual(['scheduler next: Error: disk full']);
    expected = 1;
    const message = 'binding rejected: running Bind plugin "DefaultBinder": disk full';
    expect(cluster.podCondition('web', 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'SchedulerError',
      message,
    });
    expect(cluster.told('FailedScheduling')).toEqual([message]);
    await cluster.advance(999);
    expect(nodeOf('web')).toBeUndefined();
    await cluster.advance(1);
    expect(nodeOf('web')).toBe('one');
  });
});

describe('a pod that finds no node', () => {
  it('SCH-05, SCH-06, SCH-07, SCH-08, T50: says why, in the words of 1.35', async () => {
    await addNode('full', { ...ROOM, cpu: '500m' });
    for (const name of ['a', 'b', 'c']) await addNode(name);
    await cluster.pod('hog', 'full', asking({ cpu: '450m' }));
    await cluster.pod('daemon', undefined, { ...pinned('full'), ...asking({ cpu: '100m' }) });
    const message =
      "0/4 nodes are available: 1 Insufficient cpu, 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/4 nodes are available: 1 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.";
    expect(whyNot('daemon')).toBe(message);
    expect(cluster.podCondition('daemon', 'PodScheduled')).toMatchObject({ status: 'False', reason: 'Unschedulable' });
    expect(cluster.told('FailedScheduling')).toEqual([message]);
  });

  it.each<[string, Partial<PodSpec>, string]>([
    [
      'SCH-03, SCH-04: every rule has its words',
      {
        nodeSelector: { disk: 'ssd' },
        ...asking({ cpu: '2', 'example.com/gpu': '1' }),
      },
      "0/4 nodes are available: 1 Insufficient cpu, 1 Insufficient example.com/gpu, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
    ],
    [
      'SCH-11: a node that is not there',
      pinned('nowhere'),
      "0/4 nodes are available: 4 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
    ],
    [
      'SCH-02, SCH-05: names that contradict each other',
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchFields: [
                    { key: 'metadata.name', operator: 'In', values: ['plain'] },
                    { key: 'metadata.name', operator: 'In', values: ['small'] },
                  ],
                },
              ],
            },
          },
        },
      },
      '0/4 nodes are available: pod affinity terms conflict. not found',
    ],
  ])('%s', async (_what, spec, message) => {
    await addNode('plain');
    await addNode('small', { ...ROOM, cpu: '1' }, { labels: { disk: 'ssd' } });
    await addNode('tainted', ROOM, { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } });
    await addNode('cordoned', ROOM, { spec: { unschedulable: true } });
    await cluster.pod('web', undefined, spec);
    expect(whyNot('web')).toBe(message);
  });

  it('SCH-09: knows a cluster without nodes', async () => {
    await cluster.pod('web', undefined);
    expect(whyNot('web')).toBe('no nodes available to schedule pods');
  });

  it('SCH-13, SCH-15, T51: waits for host ports to be free', async () => {
    await addNode('one');
    const port = (hostIP?: string): Partial<PodSpec> => ({
      containers: [
        { name: 'main', image: 'a:1', ports: [{ containerPort: 80, hostPort: 80, ...(hostIP ? { hostIP } : {}) }] },
      ],
    });
    await cluster.pod('first', undefined, port('127.0.0.1'));
    await cluster.pod('second', undefined, port());
    expect(whyNot('second')).toMatch(
      /^0\/1 nodes are available: 1 node\(s\) didn't have free ports for the requested pod ports\. no new claims to deallocate, preemption: 0\/1 nodes are available: 1 No preemption victims found for incoming pod\.$/,
    );
    await cluster.deletePod('first', 0);
    expect(nodeOf('second')).toBe('one');
  });

  it('SCH-08, SCH-15: is tried again when nothing helped it for five minutes, and its condition is not rewritten', async () => {
    await addNode('one', { ...ROOM, cpu: '1' });
    await cluster.pod('web', undefined, asking({ cpu: '2' }));
    const version = cluster.getPod('web')!.metadata.resourceVersion;
    await cluster.advance(5 * 60_000 - 1);
    expect(cluster.told('FailedScheduling')).toHaveLength(1);
    await cluster.advance(1);
    expect(cluster.told('FailedScheduling')).toHaveLength(2);
    await cluster.advance(55 * 60_000);
    expect(cluster.told('FailedScheduling')).toHaveLength(13);
    expect(cluster.getPod('web')!.metadata.resourceVersion).toBe(version);
  });

  it('SCH-08: is told in an event of at most 1024 characters, and in full in the condition', async () => {
    await addNode('one');
    const devices = Array.from({ length: 40 }, (_, i) => `example.com/device-of-the-long-name-${i}`);
    await cluster.pod('web', undefined, asking(Object.fromEntries(devices.map(device => [device, '1']))));
    const whole = whyNot('web')!;
    for (const device of devices) expect(whole).toContain(`1 Insufficient ${device}`);
    expect(whole).toMatch(/helpful for scheduling\.$/);
    const [told] = cluster.told('FailedScheduling');
    expect(told).toHaveLength(1024);
    expect(told).toBe(`${whole.slice(0, 1020)} ...`);
    expect(cluster.getPod('web')!.status.phase).toBe('Pending');
  });

  it('SCH-01, SCH-12: counts a pod that goes until it is gone, and none that has ended', async () => {
    await addNode('one', { ...ROOM, cpu: '1' });
    await cluster.pod('going', 'one', { ...asking({ cpu: '1' }), terminationGracePeriodSeconds: 30 });
    await cluster.deletePod('going');
    expect(cluster.getPod('going')!.metadata.deletionTimestamp).toBeDefined();
    await cluster.pod('web', undefined, asking({ cpu: '1' }));
    expect(nodeOf('web')).toBeUndefined();
    await cluster.setPodStatus('going', { phase: 'Failed' });
    expect(nodeOf('web')).toBe('one');
  });
});

describe('SCH-15: what helps a pod that waits', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a new node', () => addNode('two', ROOM, { labels: { disk: 'ssd' } })],
    [
      'a label',
      () => {
        const node = cluster.getNode('one');
        return cluster.registry.update(nodes, {
          ...node,
          metadata: { ...node.metadata, labels: { ...node.metadata.labels, disk: 'ssd' } },
        });
      },
    ],
  ])('%s', async (_what, help) => {
    await addNode('one');
    await cluster.pod('web', undefined, { nodeSelector: { disk: 'ssd' } });
    expect(nodeOf('web')).toBeUndefined();
    await help();
    await cluster.settle();
    expect(nodeOf('web')).toBeDefined();
  });

  it('a toleration of its own', async () => {
    await addNode('one', ROOM, { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } });
    await cluster.pod('web', undefined);
    expect(nodeOf('web')).toBeUndefined();
    const pod = cluster.getPod('web')!;
    const tolerations = [...(pod.spec.tolerations ?? []), { key: 'gpu', operator: 'Exists' }];
    await cluster.registry.update(pods, { ...pod, spec: { ...pod.spec, tolerations } });
    await cluster.settle();
    expect(nodeOf('web')).toBe('one');
  });

  it('a taint that is lifted, more room, a pod that ends', async () => {
    await addNode('one', { ...ROOM, cpu: '1' });
    await cluster.setTaints('one', { key: 'gpu', effect: 'NoSchedule' });
    await cluster.pod('web', undefined, { ...pinned('one'), ...asking({ cpu: '2' }) });
    await cluster.setTaints('one');
    expect(whyNot('web')).toMatch(/^0\/1 nodes are available: 1 Insufficient cpu\./);
    const node = cluster.getNode('one');
    await cluster.pod('job', 'one', asking({ cpu: '1' }));
    await cluster.registry.update(
      nodes,
      { ...node, status: { ...node.status, allocatable: { ...ROOM, cpu: '2' } } },
      { subresource: 'status' },
    );
    await cluster.settle();
    expect(nodeOf('web')).toBeUndefined();
    await cluster.setPodStatus('job', { phase: 'Succeeded' });
    expect(nodeOf('web')).toBe('one');
  });

  it('a neighbour that is resized to less', async () => {
    await addNode('one', { ...ROOM, cpu: '1' });
    await cluster.pod('large', 'one', asking({ cpu: '900m' }));
    await cluster.pod('web', undefined, asking({ cpu: '500m' }));
    expect(nodeOf('web')).toBeUndefined();
    const pod = cluster.getPod('large')!;
    const spec = {
      ...pod.spec,
      containers: [{ ...pod.spec.containers[0]!, ...asking({ cpu: '400m' }).containers![0] }],
    };
    await cluster.registry.update(pods, { ...pod, spec }, { subresource: 'resize' });
    await cluster.settle();
    expect(nodeOf('web')).toBe('one');
  });

  it('is tried by priority, then age', async () => {
    await priorityClass('high', 1000);
    await addNode('one', { ...ROOM, cpu: '1' }, { spec: { unschedulable: true } });
    for (const [name, priorityClassName] of [['old'], ['young'], ['vip', 'high']] as const) {
      await cluster.pod(name, undefined, {
        ...asking({ cpu: '600m' }),
        ...(priorityClassName ? { priorityClassName } : {}),
      });
      await cluster.advance(1000);
    }
    const node = cluster.getNode('one');
    await cluster.registry.update(nodes, { ...node, spec: {} });
    await cluster.settle();
    expect(nodeOf('vip')).toBe('one');
    await cluster.deletePod('vip', 0);
    expect(nodeOf('old')).toBe('one');
    expect(nodeOf('young')).toBeUndefined();
  });
});

describe('preemption', () => {
  beforeEach(async () => {
    await priorityClass('high', 1000);
    await priorityClass('middle', 500);
    await priorityClass('polite', 1000, 'Never');
  });

  it('SCH-16: makes room, in peace', async () => {
    await addNode('one', { ...ROOM, cpu: '1' });
    await cluster.pod('lesser', undefined, { ...asking({ cpu: '800m' }), terminationGracePeriodSeconds: 30 });
    await cluster.setPodStatus('lesser', { phase: 'Running' });
    await cluster.pod('vital', undefined, { ...asking({ cpu: '800m' }), priorityClassName: 'high' });
    expect(cluster.getPod('lesser')!.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(cluster.podCondition('lesser', 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    });
    expect(cluster.told('Preempted')).toEqual([
      `Preempted by pod ${cluster.getPod('vital')!.metadata.uid} on node one`,
    ]);
    expect(cluster.getPod('vital')!.status.nominatedNodeName).toBe('one');
    expect(whyNot('vital')).toBe('0/1 nodes are available: 1 Insufficient cpu.');
    await cluster.deletePod('lesser', 0);
    expect(nodeOf('vital')).toBe('one');
  });

  it('keeps the room that is being made from pods that matter less', async () => {
    await addNode('one', { ...ROOM, cpu: '1' });
    await cluster.pod('lesser', undefined, { ...asking({ cpu: '500m' }), terminationGracePeriodSeconds: 30 });
    await cluster.setPodStatus('lesser', { phase: 'Running' });
    await cluster.pod('vital', undefined, { ...asking({ cpu: '800m' }), priorityClassName: 'high' });
    await cluster.pod('thief', undefined, { ...asking({ cpu: '400m' }), priorityClassName: 'middle' });
    expect(nodeOf('thief')).toBeUndefined();
    await cluster.deletePod('lesser', 0);
    expect([nodeOf('vital'), nodeOf('thief')]).toEqual(['one', undefined]);
  });

  it('sends away as few and as unimportant pods as will do', async () => {
    await addNode('one', { ...ROOM, cpu: '1' });
    await cluster.pod('a', 'one', asking({ cpu: '300m' }));
    await cluster.pod('b', 'one', { ...asking({ cpu: '300m' }), priorityClassName: 'middle' });
    await cluster.pod('c', 'one', asking({ cpu: '300m' }));
    await cluster.pod('vital', undefined, { ...asking({ cpu: '400m' }), priorityClassName: 'high' });
    const going = ['a', 'b', 'c'].filter(
      name => !cluster.getPod(name) || cluster.getPod(name)!.metadata.deletionTimestamp,
    );
    expect(going).toHaveLength(1);
    expect(going).not.toContain('b');
  });

  it('chooses the node where it hurts least', async () => {
    for (const name of ['x', 'y', 'z']) await addNode(name, { ...ROOM, cpu: '1' });
    await cluster.pod('important', 'x', { ...asking({ cpu: '1' }), priorityClassName: 'middle' });
    await cluster.pod('one-of-two', 'y', asking({ cpu: '500m' }));
    await cluster.pod('two-of-two', 'y', asking({ cpu: '500m' }));
    await cluster.pod('single', 'z', asking({ cpu: '1' }));
    await cluster.pod('vital', undefined, { ...asking({ cpu: '1' }), priorityClassName: 'high' });
    expect(cluster.getPod('vital')!.status.nominatedNodeName).toBe('z');
  });

  /** A budget that lets so many of the pods with this label go. */
  async function budget(app: string, disruptionsAllowed: number, disruptedPods: Record<string, string> = {}) {
    const { object } = await cluster.registry.create(podDisruptionBudgets, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: app, namespace: 'default' },
      spec: { minAvailable: 1, selector: { matchLabels: { app } } },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    });
    const told = { ...object, status: { ...object.status, disruptionsAllowed, disruptedPods } };
    await cluster.registry.update(podDisruptionBudgets, told, { subresource: 'status' });
  }
  const isGoing = (name: string) => cluster.getPod(name)?.metadata.deletionTimestamp !== undefined;
  const guarded = { labels: { app: 'guarded' } };
  const half = (priorityClassName?: string): Partial<PodSpec> => ({
    ...asking({ cpu: '500m' }),
    terminationGracePeriodSeconds: 30,
    ...(priorityClassName ? { priorityClassName } : {}),
  });

  it.each<[string, number, Record<string, string>, string[]]>([
    ['spares what a budget guards, although it matters less', 0, {}, ['free']],
    ['goes by importance within the budget', 1, {}, ['guarded']],
    ['does not count twice who was let go already', 0, { guarded: '2026-01-01T00:00:00Z' }, ['guarded']],
  ])('%s', async (_what, allowed, disrupted, going) => {
    await addNode('one', { ...ROOM, cpu: '1' });
    await budget('guarded', allowed, disrupted);
    await cluster.pod('guarded', 'one', half(), guarded);
    await cluster.pod('free', 'one', half('middle'));
    await cluster.pod('vital', undefined, half('high'));
    expect(['guarded', 'free'].filter(isGoing)).toEqual(going);
  });

  it('violates a budget if there is no other way, and as few as it can', async () => {
    await budget('guarded', 1);
    for (const name of ['x', 'y']) await addNode(name, { ...ROOM, cpu: '1' });
    for (const name of ['a', 'b']) await cluster.pod(name, 'x', half(), guarded);
    await cluster.pod('c', 'y', { ...half('middle'), ...asking({ cpu: '1' }) });
    await cluster.pod('vital', undefined, { ...asking({ cpu: '1' }), priorityClassName: 'high' });
    expect(['a', 'b', 'c'].filter(isGoing)).toEqual(['c']);
    await cluster.pod('second', undefined, { ...asking({ cpu: '1' }), priorityClassName: 'high' });
    expect(['a', 'b', 'c'].filter(isGoing)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [
      'too big for the node',
      { ...asking({ cpu: '2' }), priorityClassName: 'high' },
      '1 Preemption is not helpful for scheduling.',
    ],
    [
      'SCH-06: that may not',
      { ...asking({ cpu: '800m' }), priorityClassName: 'polite' },
      /1 Insufficient cpu\. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never\.$/,
    ],
    ['of no more importance', asking({ cpu: '800m' }), '1 No preemption victims found for incoming pod.'],
  ] as [string, Partial<PodSpec>, string | RegExp][])('is not for a pod %s', async (_what, spec, words) => {
    await addNode('one', { ...ROOM, cpu: '1' });
    await cluster.pod('lesser', 'one', asking({ cpu: '800m' }));
    await cluster.pod('vital', undefined, spec);
    expect(cluster.getPod('lesser')!.metadata.deletionTimestamp).toBeUndefined();
    if (typeof words === 'string') expect(whyNot('vital')!.endsWith(words)).toBe(true);
    else expect(whyNot('vital')).toMatch(words);
  });

  it('does not send more pods away while the first are on their way', async () => {
    await addNode('one', { ...ROOM, cpu: '1' });
    for (const name of ['a', 'b'])
      await cluster.pod(name, 'one', { ...asking({ cpu: '500m' }), terminationGracePeriodSeconds: 30 });
    await cluster.pod('vital', undefined, { ...asking({ cpu: '500m' }), priorityClassName: 'high' });
    const pod = cluster.getPod('vital')!;
    await cluster.registry.update(pods, { ...pod, metadata: { ...pod.metadata, labels: { again: 'yes' } } });
    await cluster.settle();
    expect(['a', 'b'].filter(name => cluster.getPod(name)!.metadata.deletionTimestamp)).toHaveLength(1);
    expect(whyNot('vital')).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.',
    );
  });
});

describe('pods and their neighbours', () => {
  const near = (app: string, topologyKey = 'kubernetes.io/hostname') => [
    { topologyKey, labelSelector: { matchLabels: { app } } },
  ];

  it('SCH-04, SCH-15: keeps pods apart that want it', async () => {
    await addNode('a');
    await addNode('b');
    const spec: Partial<PodSpec> = {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near('web') } },
    };
    for (const name of ['w1', 'w2', 'w3']) await cluster.pod(name, undefined, spec, { labels: { app: 'web' } });
    expect([nodeOf('w1'), nodeOf('w2')].sort()).toEqual(['a', 'b']);
    expect(whyNot('w3')).toMatch(/^0\/2 nodes are available: 2 node\(s\) didn't match pod anti-affinity rules\./);
    await cluster.pod('other', undefined, {}, { labels: { app: 'web' } });
    expect(whyNot('other')).toMatch(/2 node\(s\) didn't satisfy existing pods anti-affinity rules\./);
    await cluster.deletePod('w1', 0);
    expect([nodeOf('w3'), nodeOf('other')].filter(Boolean)).toHaveLength(1);
  });

  it('SCH-04, SCH-15: brings pods together, and lets the first of them stand anywhere', async () => {
    for (const name of ['a', 'b', 'c']) await addNode(name, ROOM, { labels: { zone: name === 'c' ? 'z2' : 'z1' } });
    const together: Partial<PodSpec> = {
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near('db', 'zone') } },
    };
    await cluster.pod('client', undefined, together);
    expect(whyNot('client')).toMatch(/^0\/3 nodes are available: 3 node\(s\) didn't match pod affinity rules\./);
    await cluster.pod('db', 'c', together, { labels: { app: 'db' } });
    expect(nodeOf('client')).toBe('c');
    await cluster.deletePod('db', 0);
    await cluster.pod('db2', undefined, together, { labels: { app: 'db' } });
    expect(nodeOf('db2')).toBeDefined();
  });

  it('spreads over zones as evenly as it must', async () => {
    await addNode('a', ROOM, { labels: { zone: 'z1' } });
    await addNode('b', { ...ROOM, pods: '1' }, { labels: { zone: 'z2' } });
    const spec: Partial<PodSpec> = {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { app: 'web' } },
        },
      ],
    };
    for (const name of ['w1', 'w2', 'w3', 'w4']) await cluster.pod(name, undefined, spec, { labels: { app: 'web' } });
    const zones = ['w1', 'w2', 'w3', 'w4'].map(nodeOf);
    expect(zones.slice(0, 3).sort()).toEqual(['a', 'a', 'b']);
    expect(zones[3]).toBeUndefined();
    expect(whyNot('w4')).toMatch(
      /^0\/2 nodes are available: 1 Too many pods, 1 node\(s\) didn't match pod topology spread constraints\./,
    );
  });

  it('keeps the pods of a controller or a service apart that ask for nothing, over nodes and over zones', async () => {
    await addNode('a', { ...ROOM, cpu: '40', memory: '80Gi' }, { labels: { 'topology.kubernetes.io/zone': 'z1' } });
    await addNode('b', { ...ROOM, cpu: '40', memory: '80Gi' }, { labels: { 'topology.kubernetes.io/zone': 'z1' } });
    await addNode('c', ROOM, { labels: { 'topology.kubernetes.io/zone': 'z2' } });
    const labels = { app: 'web' };
    // Alone, each would go to one of the large nodes, which keep more of what they have.
    for (const name of ['x1', 'x2', 'x3'])
      await cluster.pod(name, undefined, asking({ cpu: '1', memory: '2Gi' }), { labels });
    expect(['x1', 'x2', 'x3'].map(nodeOf)).not.toContain('c');
    for (const name of ['x1', 'x2', 'x3']) await cluster.deletePod(name, 0);
    await cluster.registry.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: labels, ports: [{ port: 80 }] },
      status: {},
    });
    for (const name of ['w1', 'w2', 'w3'])
      await cluster.pod(name, undefined, asking({ cpu: '1', memory: '2Gi' }), { labels });
    expect(['w1', 'w2', 'w3'].map(nodeOf).sort()).toEqual(['a', 'b', 'c']);
    expect(nodeOf('w2')).toBe('c');
    // Who goes does not count, nor who belongs to somebody else.
    await cluster.deletePod('w2', 0);
    await cluster.pod('w4', undefined, asking({ cpu: '1', memory: '2Gi' }), { labels });
    await cluster.pod('other', undefined, asking({ cpu: '1', memory: '2Gi' }), { labels: { app: 'other' } });
    expect(nodeOf('w4')).toBe('c');
    expect(nodeOf('other')).not.toBe('c');
  });

  it('counts the pods of a controller by its selector, as they come and go', async () => {
    await cluster.registry.create(replicaSets, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } },
      },
      status: { replicas: 0 },
    });
    const { uid } = cluster.registry.get(replicaSets, 'default', 'web')!.object.metadata;
    for (const name of ['a', 'b']) await addNode(name);
    const of = (app: string) => ({
      labels: { app },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid, controller: true }],
    });
    const view = NodeCache.of(cluster.registry);
    const counts = (): [number, number] | undefined => {
      const kin = view.kin(cluster.getPod('p1')!);
      return kin && [kin.onNode('a'), kin.onNode('b')];
    };
    await cluster.pod('p1', 'a', {}, of('web'));
    expect(counts()).toEqual([1, 0]);
    await cluster.pod('p2', 'b', { terminationGracePeriodSeconds: 30 }, of('web'));
    await cluster.pod('foreign', 'b', {}, of('other'));
    expect(counts()).toEqual([1, 1]);
    await cluster.deletePod('p2');
    expect(counts()).toEqual([1, 0]);
    await cluster.deleteNode('b');
    await addNode('b');
    await cluster.pod('p3', 'b', {}, of('web'));
    expect(counts()).toEqual([1, 1]);
    await cluster.registry.delete(replicaSets, 'default', 'web');
    expect(counts()).toBeUndefined();
  });

  it('likes the company that pods prefer', async () => {
    for (const name of ['a', 'b', 'c']) await addNode(name);
    await cluster.pod('cache', 'b', {}, { labels: { app: 'cache' } });
    await cluster.pod('web', undefined, {
      affinity: {
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: near('cache')[0]! }],
        },
      },
    });
    expect(nodeOf('web')).toBe('b');
  });
});
