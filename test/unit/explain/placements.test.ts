import { beforeEach, describe, expect, it } from 'vitest';
import { controllingDaemonSet, explain, Placements } from '../../../src/explain/placements.js';
import type { Registry } from '../../../src/registry/registry.js';
import { daemonSets, events, nodes, pods } from '../../../src/resources/index.js';
import type { Event, Node, Pod, PodStatus } from '../../../src/resources/types.js';
import type { Entry } from '../../../src/store/entry.js';
import { openRegistry } from '../../support/registry.js';
import {
  addDaemonPod,
  addDaemonSet,
  addNode,
  type DaemonSetOptions,
  type NodeOptions,
  type PodOptions,
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
      { actual: 'MISSING', wanted: true, ready: false, upToDate: undefined },
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
    [
      'ended',
      {},
      {},
      { status: { phase: 'Succeeded' } },
      { actual: 'SUCCEEDED' },
      /has ended.*; the controller replaces it$/,
    ],
    ['of a state that nobody knows', {}, {}, { status: { phase: 'Unknown' } }, { actual: 'PRESENT' }, /is not ready$/],
    [
      'held back by gates',
      {},
      { spec: { schedulingGates: [{ name: 'example.com/a' }, { name: 'example.com/b' }] } },
      { unbound: true, status: { phase: 'Pending' } },
      { actual: 'PENDING' },
      /held back by scheduling gate example.com\/a, example.com\/b$/,
    ],
    [
      'there though two taints keep new ones off',
      { taints: [GPU, { ...GPU, key: 'fpga' }] },
      {},
      {},
      { actual: 'EXTRA' },
      /\(taint gpu=yes:NoSchedule is not tolerated; taint fpga=yes:NoSchedule is not tolerated\)/,
    ],
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
    expect(checks.filter(check => check.verdict !== 'PASS')).toMatchObject([
      {
        stage: 'CONTROLLER',
        name: 'TaintToleration',
        verdict: 'KEEP_ONLY',
        message: 'taint gpu=yes:NoSchedule is not tolerated',
      },
      {
        stage: 'CONTROLLER',
        name: 'TaintToleration',
        verdict: 'FAIL',
        message: 'taint gone:NoExecute is not tolerated',
        sentences: [{ code: 'taint.notTolerated', values: { taint: 'gone:NoExecute' } }],
      },
    ]);
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
    const failed = await tell('FailedCreate', 'Error creating: pods "agent-" is forbidden: no PriorityClass');
    await tell('FailedDaemonPod', 'Found failed daemon pod');
    expect(placement().reason).toBe(
      'a pod is wanted, and the controller could not make it (pods "agent-" is forbidden: no PriorityClass)',
    );
    await tell('SuccessfulCreate', 'Created pod: agent-x');
    expect(placement().reason).toBe('a pod is wanted, and the controller has not made it yet');
    await registry.update<Event>(events, { ...failed.object, message: 'Error creating: again', count: 2 });
    expect(placement().reason).toBe('a pod is wanted, and the controller could not make it (again)');
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

  it('DUP-01: stands for the pod that the controller keeps', async () => {
    await addNode(registry, 'worker');
    const agent = await addDaemonSet(registry, 'agent');
    for (const suffix of ['-1', '-2'])
      await addDaemonPod(registry, agent, 'worker', { suffix, unbound: suffix === '-1' });
    expect(placement().pods.map(pod => pod.name)).toEqual(['agent-worker-2', 'agent-worker-1']);
    expect(placement().pod?.name).toBe('agent-worker-2');
  });

  it('SUR-12, SCH-12: finds no room beside the pod that it is to replace, until that is gone', async () => {
    await addNode(registry, 'worker');
    const agent = await addDaemonSet(registry, 'agent', { cpu: '3' });
    const old = await addDaemonPod(registry, agent, 'worker', { suffix: '-old' });
    expect(placement().checks.every(({ verdict }) => verdict === 'PASS')).toBe(true);
    await addDaemonPod(registry, agent, 'worker', { suffix: '-new', unbound: true, status: { phase: 'Pending' } });
    await registry.delete(pods, 'default', old.name);
    expect(placement().reason).toBe('the pod finds no room: needs 3 CPU, 1 left of 4');
    await registry.delete(pods, 'default', old.name, { gracePeriodSeconds: 0 });
    expect(placement().reason).toBe('the pod waits for the scheduler to bind it to worker');
  });

  it('tells why a pod goes where none is wanted any more', async () => {
    await addNode(registry, 'worker', { taints: [GONE] });
    const { name } = await addDaemonPod(registry, await addDaemonSet(registry, 'agent'), 'worker');
    await registry.delete(pods, 'default', name);
    expect(placement().reason).toBe('the pod is being deleted: taint gone:NoExecute is not tolerated');
  });

  it('CTL-11: tells that a set which is being deleted gets no more pods', async () => {
    await addNode(registry, 'worker');
    await addDaemonSet(registry, 'agent');
    const body = { metadata: { finalizers: ['example.com/held'] } };
    await registry.patch(daemonSets, 'default', 'agent', { type: 'merge', body });
    await registry.delete(daemonSets, 'default', 'agent');
    expect(placement().reason).toBe('a pod would be wanted, but the DaemonSet is being deleted');
  });

  it('tells of a set, or a change of it, that the controller has not come to yet', async () => {
    const UNSEEN = 'a pod is wanted, and the controller has not seen this version of the DaemonSet yet';
    await addNode(registry, 'worker');
    const { object } = await addDaemonSet(registry, 'agent');
    await registry.patch(daemonSets, 'default', 'agent', { type: 'merge', body: { spec: { minReadySeconds: 1 } } });
    expect(placement().reason).toBe(UNSEEN);
    await registry.delete(daemonSets, 'default', 'agent');
    await registry.create(daemonSets, { ...object, metadata: { name: 'agent', namespace: 'default' } });
    expect(placement().reason).toBe(UNSEEN);
  });

  it('TNT-06: tells that a pod is not ready since its node is not', async () => {
    const { object } = await addNode(registry, 'worker');
    const status: PodStatus = { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] };
    await addDaemonPod(registry, await addDaemonSet(registry, 'agent'), 'worker', { status });
    expect(placement().reason).toBe('a pod is wanted, and it runs but is not ready');
    const lost = { ...object.status, conditions: [{ type: 'Ready', status: 'Unknown' as const }] };
    await registry.update<Node>(nodes, { ...object, status: lost }, { subresource: 'status' });
    expect(placement().reason).toBe('a pod is wanted, and it runs but is not ready, as its node is not');
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

describe('the DaemonSet of a pod', () => {
  it('REF-04: is the one that controls it, and no other of the same name', async () => {
    await addNode(registry, 'worker');
    const former = await addDaemonSet(registry, 'agent');
    const { object, ...entry } = await addDaemonPod(registry, former, 'worker');
    const ownedBy = (kind: string, uid: string) => {
      const ownerReferences = [{ apiVersion: 'apps/v1', kind, name: 'agent', uid, controller: true }];
      return controllingDaemonSet(registry, {
        ...entry,
        object: { ...object, metadata: { ...object.metadata, ownerReferences } },
      } as Entry<Pod>)?.name;
    };
    expect(ownedBy('DaemonSet', former.uid)).toBe('agent');
    expect(ownedBy('ReplicaSet', former.uid)).toBeUndefined();
    expect(ownedBy('DaemonSet', 'another')).toBeUndefined();
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
