import { beforeEach, describe, expect, it } from 'vitest';
import { PlacementFeed } from '../../../src/explain/placement-feed.js';
import { explain, Placements } from '../../../src/explain/placements.js';
import type { Registry } from '../../../src/registry/registry.js';
import { daemonSets, events, nodes, pods } from '../../../src/resources/index.js';
import type { DaemonSet, Event, PodStatus } from '../../../src/resources/types.js';
import type { Entry } from '../../../src/store/entry.js';
import { openRegistry } from '../../support/registry.js';
import {
  addDaemonPod,
  addDaemonSet,
  addNode,
  type DaemonSetOptions,
  type NodeOptions,
  type PodOptions,
  RUNNING,
} from '../../support/small-cluster.js';

let registry: Registry;
beforeEach(async () => {
  registry = await openRegistry();
});

const placement = () => explain(new Placements(registry), { namespace: 'default', daemonSet: 'agent', node: 'worker' });

const GPU = { key: 'gpu', value: 'yes', effect: 'NoSchedule' } as const;
const GONE = { key: 'gone', effect: 'NoExecute' } as const;
const NOT_READY: PodStatus = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'probe failed' }],
};

describe('a placement', () => {
  it.each<[string, NodeOptions, DaemonSetOptions, PodOptions | undefined, object, RegExp]>([
    [
      'wanted and not there',
      {},
      {},
      undefined,
      { actual: 'MISSING', wanted: true, upToDate: undefined },
      /has not made it yet/,
    ],
    [
      'wanted and there',
      {},
      {},
      {},
      { actual: 'PRESENT', wanted: true, ready: true, upToDate: true },
      /runs and is ready$/,
    ],
    [
      'of an older template',
      {},
      {},
      { hash: 'h0' },
      { actual: 'PRESENT', upToDate: false, revision: 'h0', currentRevision: 'h1' },
      /made from an older template: the rollout/,
    ],
    [
      'of an older template that is replaced by hand',
      {},
      { updateStrategy: { type: 'OnDelete' } },
      { hash: 'h0' },
      { actual: 'PRESENT', upToDate: false },
      /replaced when it is deleted/,
    ],
    [
      'there and not ready',
      {},
      {},
      { status: NOT_READY },
      { actual: 'PRESENT', ready: false },
      /not ready \(ContainersNotReady: probe failed\)/,
    ],
    [
      'waiting for the scheduler',
      {},
      {},
      { unbound: true, status: { phase: 'Pending' } },
      { actual: 'PENDING' },
      /waits for the scheduler/,
    ],
    [
      'without room',
      { cpu: '1' },
      { cpu: '2' },
      { unbound: true, status: { phase: 'Pending' } },
      { actual: 'PENDING' },
      /finds no room: .*cpu/i,
    ],
    [
      'without room, and not made yet',
      { cpu: '1' },
      { cpu: '2' },
      undefined,
      { actual: 'MISSING' },
      /will have to wait: .*cpu/i,
    ],
    [
      'starting',
      {},
      {},
      {
        status: {
          phase: 'Pending',
          containerStatuses: [
            {
              name: 'main',
              image: '',
              imageID: '',
              ready: false,
              restartCount: 0,
              state: { waiting: { reason: 'ContainerCreating' } },
            },
          ],
        },
      },
      { actual: 'PENDING' },
      /not started yet \(ContainerCreating\)/,
    ],
    [
      'failed',
      {},
      {},
      { status: { phase: 'Failed', reason: 'OutOfcpu', message: 'no cpu' } },
      { actual: 'FAILED' },
      /has failed \(OutOfcpu: no cpu\)/,
    ],
    ['ended', {}, {}, { status: { phase: 'Succeeded' } }, { actual: 'SUCCEEDED' }, /has ended/],
    [
      'kept off by a taint',
      { taints: [GPU] },
      {},
      undefined,
      { actual: 'NOT_WANTED', wanted: false, shouldContinue: true },
      /gpu=yes:NoSchedule/,
    ],
    [
      'kept off by a selector',
      {},
      { spec: { nodeSelector: { disk: 'ssd' } } },
      undefined,
      { actual: 'NOT_WANTED', shouldContinue: false },
      /disk/,
    ],
    [
      'there though a taint keeps new ones off',
      { taints: [GPU] },
      {},
      {},
      { actual: 'EXTRA', shouldContinue: true },
      /gpu=yes:NoSchedule.*may stay/,
    ],
    [
      'there though it must go',
      { taints: [GONE] },
      {},
      {},
      { actual: 'EXTRA', shouldContinue: false },
      /must go: .*gone:NoExecute/,
    ],
    [
      'wanted on a cordoned node',
      { unschedulable: true },
      {},
      undefined,
      { actual: 'MISSING', wanted: true },
      /wanted/,
    ],
  ])('%s', async (_name, node, daemonSet, pod, expected, reason) => {
    await addNode(registry, 'worker', node);
    const entry = await addDaemonSet(registry, 'agent', daemonSet);
    if (pod) await addDaemonPod(registry, entry, 'worker', pod);
    const { actual, wanted, shouldContinue, ready, upToDate, revision, currentRevision } = placement();
    expect({ actual, wanted, shouldContinue, ready, upToDate, revision, currentRevision }).toMatchObject(expected);
    expect(placement().reason).toMatch(reason);
  });

  it('tells every check, and fails those that the reason names', async () => {
    await addNode(registry, 'worker', { taints: [GPU, GONE] });
    await addDaemonSet(registry, 'agent');
    const { checks } = placement();
    expect(checks.every(check => check.stage === 'CONTROLLER')).toBe(true);
    expect(checks.filter(check => check.verdict === 'PASS').length).toBeGreaterThan(0);
    expect(
      checks
        .filter(check => check.verdict !== 'PASS')
        .map(check => check.message)
        .join(),
    ).toContain('gone:NoExecute');
  });

  it('asks the scheduler too where a pod is wanted', async () => {
    await addNode(registry, 'worker');
    await addDaemonSet(registry, 'agent');
    expect(placement().checks.map(check => check.stage)).toContain('SCHEDULER');
  });

  it('tells why the controller could not make a pod, until it can', async () => {
    await addNode(registry, 'worker');
    const agent = await addDaemonSet(registry, 'agent');
    const tell = (reason: string, message: string) =>
      registry.create<Event>(events, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { generateName: 'agent-', namespace: 'default' },
        involvedObject: { kind: 'DaemonSet', namespace: 'default', name: 'agent', uid: agent.uid },
        reason,
        message,
      });
    await tell('FailedCreate', 'Error creating: pods "agent-" is forbidden: no PriorityClass');
    expect(placement().reason).toBe(
      'a pod is wanted, and the controller could not make it (pods "agent-" is forbidden: no PriorityClass)',
    );
    await tell('SuccessfulCreate', 'Created pod: agent-x');
    expect(placement().reason).toBe('a pod is wanted, and the controller has not made it yet');
  });

  it('stands for the pod that is not going', async () => {
    await addNode(registry, 'worker');
    const agent = await addDaemonSet(registry, 'agent');
    const first = await addDaemonPod(registry, agent, 'worker', { suffix: '-1' });
    await registry.delete(pods, 'default', first.name);
    expect(placement()).toMatchObject({ actual: 'TERMINATING' });
    expect(placement().reason).toMatch(/being deleted; the next one comes/);
    const second = await addDaemonPod(registry, agent, 'worker', { suffix: '-2' });
    expect(placement().pod?.name).toBe(second.name);
    expect(placement().pods.map(pod => pod.name)).toEqual([first.name, second.name]);
  });

  it.each([
    ['none', 'worker', 'daemonsets.apps "none" not found'],
    ['agent', 'none', 'nodes "none" not found'],
  ])('is an error for %s on %s', async (daemonSet, node, message) => {
    await addNode(registry, 'worker');
    await addDaemonSet(registry, 'agent');
    expect(() => explain(new Placements(registry), { namespace: 'default', daemonSet, node })).toThrow(message);
  });
});

describe('a placement before 1.12', () => {
  beforeEach(async () => {
    registry = await openRegistry(['default'], { era: '1.11' });
  });

  it('HIS-03: waits for room with the controller, which no scheduler helps', async () => {
    await addNode(registry, 'worker', { cpu: '1' });
    await addDaemonSet(registry, 'agent', { cpu: '2' });
    const { actual, wanted, checks, reason } = placement();
    expect({ actual, wanted }).toEqual({ actual: 'MISSING', wanted: true });
    expect(checks.map(check => [check.stage, check.name, check.verdict])).toContainEqual([
      'CONTROLLER',
      'NodeResourcesFit',
      'FAIL',
    ]);
    expect(checks.some(check => check.stage === 'SCHEDULER')).toBe(false);
    expect(reason).toMatch(/have to wait: .*CPU/);
  });

  it('HIS-07: is wanted on a cordoned node, and told why the cordon does not count', async () => {
    const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;
    await addNode(registry, 'worker', { taints: [cordon], unschedulable: true });
    await addDaemonSet(registry, 'agent');
    expect(placement()).toMatchObject({ actual: 'MISSING', wanted: true });
    expect(placement().checks.map(check => [check.stage, check.name, check.verdict, check.message])).toEqual([
      ['CONTROLLER', 'NodeAffinity', 'PASS', 'any node will do'],
      ['CONTROLLER', 'TaintToleration', 'PASS', 'the node has no taint that keeps pods away'],
      [
        'CONTROLLER',
        'NodeUnschedulable',
        'PASS',
        'conditions of the node do not count: node.kubernetes.io/unschedulable:NoSchedule',
      ],
      ['CONTROLLER', 'NodePorts', 'PASS', 'it asks for no host ports'],
      ['CONTROLLER', 'NodeResourcesFit', 'PASS', 'there is room for 100m CPU'],
    ]);
  });

  it('HIS-03: is not looked at for room where it is not wanted', async () => {
    await addNode(registry, 'worker', { taints: [GPU], cpu: '1' });
    await addDaemonSet(registry, 'agent', { cpu: '2' });
    expect(placement().reason).toBe('no pod is wanted: taint gpu=yes:NoSchedule is not tolerated');
  });

  it.each([
    ['Succeeded', '1', 'the pod has ended, which a daemon pod should not; the controller leaves it where it is'],
    ['Failed', '1', 'the pod has failed; the controller replaces it'],
    ['Failed', '4', 'the pod has failed; there is no room for another: needs 4 CPU, 3900m left of 4'],
  ] as const)('HIS-03, HIS-05: whose pod is %s, where it needs %s CPU', async (phase, cpu, reason) => {
    await addNode(registry, 'worker');
    await addDaemonPod(registry, await addDaemonSet(registry, 'first'), 'worker');
    const agent = await addDaemonSet(registry, 'agent', { cpu });
    await addDaemonPod(registry, agent, 'worker', { status: { phase } });
    expect(placement().reason).toBe(reason);
  });

  it('HIS-05: could not be made, which leaves the status as it was', async () => {
    await addNode(registry, 'worker');
    const { object, namespace } = await addDaemonSet(registry, 'agent');
    await registry.patch(daemonSets, namespace, 'agent', { type: 'merge', body: { spec: { minReadySeconds: 1 } } });
    const event = { metadata: { name: 'failed', namespace }, reason: 'FailedCreate', message: 'Error creating: no' };
    const { uid } = object.metadata;
    const involvedObject = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace, name: 'agent', uid };
    await registry.create<Event>(events, { apiVersion: 'v1', kind: 'Event', ...event, involvedObject });
    expect(placement().reason).toBe('a pod is wanted, and the controller could not make it (no)');
  });

  it('HIS-03: is not wanted where another has the host port', async () => {
    await addNode(registry, 'worker');
    const containers = [{ name: 'main', image: 'x', ports: [{ containerPort: 80, hostPort: 80 }] }];
    await addDaemonPod(registry, await addDaemonSet(registry, 'first', { spec: { containers } }), 'worker');
    await addDaemonSet(registry, 'agent', { spec: { containers } });
    expect(placement()).toMatchObject({ actual: 'NOT_WANTED', shouldContinue: false });
    expect(placement().reason).toMatch(/host port .*first-worker/);
  });
});

describe('the feed', () => {
  let agent: Entry<DaemonSet>;
  beforeEach(async () => {
    await addNode(registry, 'worker');
    await addNode(registry, 'tainted', { taints: [GPU] });
    agent = await addDaemonSet(registry, 'agent');
  });

  /** Answers, each time, all changes that there are to read now. */
  function reader(feed: PlacementFeed) {
    let next: ReturnType<PlacementFeed['next']> | undefined;
    return async () => {
      const seen: [string, string | null, string | undefined][] = [];
      for (;;) {
        next ??= feed.next();
        const nothing = new Promise<undefined>(resolve => setImmediate(() => resolve(undefined)));
        const result = await Promise.race([next, nothing]);
        if (!result?.value) return seen;
        const { node, before, placement } = result.value;
        seen.push([node, before, placement?.actual]);
        next = undefined;
      }
    };
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
    await addDaemonPod(registry, agent, 'tainted');
    expect(await read()).toEqual([['tainted', 'NOT_WANTED', 'EXTRA']]);
    await feed.return();
  });

  it('ends when it is closed, also while somebody waits', async () => {
    const feed = new PlacementFeed(registry);
    const waiting = feed.next();
    await feed.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await addDaemonPod(registry, agent, 'worker');
    expect((await feed.next()).done).toBe(true);
  });
});
