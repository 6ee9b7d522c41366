import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { footprintOf, obstacles, pressureRejection, rejectionFor } from '../../../src/kubelet/admission.js';
import { kubeletControllers } from '../../../src/kubelet/index.js';
import { pods, priorityClasses } from '../../../src/resources/index.js';
import type { Node, Pod, PodSpec } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';

const node = (more: Partial<Node['spec']> = {}, annotations: Record<string, string> = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', uid: 'n', resourceVersion: '1', creationTimestamp: '', labels: { disk: 'ssd' }, annotations },
  spec: more,
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '2' } },
});
const pod = (requests: Record<string, string> = {}, spec: Partial<PodSpec> = {}, qosClass = 'Burstable'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', uid: 'p', resourceVersion: '1', creationTimestamp: '' },
  spec: { containers: [{ name: 'main', resources: { requests } }], ...spec },
  status: { qosClass },
});
const port = (hostPort: number) => ({ containers: [{ name: 'main', ports: [{ containerPort: 1, hostPort }] }] });
const other = (requests: Record<string, string>, spec?: Partial<PodSpec>) => footprintOf(pod(requests, spec));
const first = (p: Pod, n: Node, ...others: ReturnType<typeof other>[]) => {
  const [found] = obstacles(p, n, others);
  return found && Object.values(rejectionFor(found));
};

describe('KUB-01: what keeps a pod from a node', () => {
  it.each<[string, ReturnType<typeof first>, string[] | undefined]>([
    ['nothing', first(pod({ cpu: '500m' }), node(), other({ cpu: '1500m' })), undefined],
    [
      'cpu',
      first(pod({ cpu: '600m' }), node(), other({ cpu: '1500m' })),
      ['OutOfcpu', "Node didn't have enough resource: cpu, requested: 600, used: 1500, capacity: 2000"],
    ],
    [
      'memory',
      first(pod({ memory: '2Gi' }), node()),
      ['OutOfmemory', "Node didn't have enough resource: memory, requested: 2147483648, used: 0, capacity: 1073741824"],
    ],
    [
      'slots, before all else',
      first(pod({ cpu: '9' }), node(), other({}), other({})),
      ['OutOfpods', "Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2"],
    ],
    ['nothing, of resources that the node does not know', first(pod({ 'example.org/gpu': '1' }), node()), undefined],
    [
      'storage that it does not have',
      first(pod({ 'ephemeral-storage': '1' }), node()),
      [
        'OutOfephemeral-storage',
        "Node didn't have enough resource: ephemeral-storage, requested: 1, used: 0, capacity: 0",
      ],
    ],
    [
      'labels',
      first(pod({}, { nodeSelector: { disk: 'hdd' } }), node()),
      ['NodeAffinity', "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"],
    ],
    [
      'ports',
      first(pod({}, port(80)), node(), other({}, port(80))),
      ['NodePorts', "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"],
    ],
    ['nothing, with another port', first(pod({}, port(80)), node(), other({}, port(81))), undefined],
    [
      'a NoExecute taint',
      first(pod(), node({ taints: [{ key: 'broken', effect: 'NoExecute' }] })),
      ['TaintToleration', "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate"],
    ],
    ['no NoSchedule taint', first(pod(), node({ taints: [{ key: 'broken', effect: 'NoSchedule' }] })), undefined],
  ])('%s', (_what, found, expected) => expect(found).toEqual(expected));
});

describe('KUB-06: a kubelet under pressure', () => {
  const bears = {
    tolerations: [{ key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' }],
  };
  it.each([
    ['memory-pressure', pod({}, {}, 'BestEffort'), 'The node had condition: [MemoryPressure]. '],
    ['memory-pressure', pod({}, {}, 'Burstable'), undefined],
    ['memory-pressure', pod({}, bears, 'BestEffort'), undefined],
    [
      'memory-pressure,disk-pressure',
      pod({}, bears, 'BestEffort'),
      'The node had condition: [MemoryPressure DiskPressure]. ',
    ],
    ['disk-pressure', pod({}, {}, 'Guaranteed'), 'The node had condition: [DiskPressure]. '],
    ['disk-pressure', pod({}, { priority: 2_000_000_000 }), undefined],
    ['not-ready', pod({}, {}, 'BestEffort'), undefined],
  ])('%s', (behavior, candidate, message) => {
    const rejection = pressureRejection(candidate, node({}, { 'kubette.dev/behavior': behavior }));
    expect(rejection).toEqual(message === undefined ? undefined : { reason: 'Evicted', message });
  });
});

const CRITICAL = { priorityClassName: 'system-cluster-critical' };

describe('on a node', () => {
  let cluster: ModelCluster;
  beforeEach(async () => {
    cluster = await ModelCluster.start(kubeletControllers);
    await cluster.node('n1', undefined, { status: { capacity: { cpu: '2', memory: '1Gi', pods: '3' } } });
  });
  afterEach(async () => {
    expect(cluster.errors).toEqual([]);
    await cluster.close();
  });
  const phases = (...names: string[]) =>
    names.map(name => cluster.getPod(name)?.status.reason ?? cluster.getPod(name)?.status.phase);
  const cpu = (amount: string, more: Partial<PodSpec> = {}) => ({
    containers: [{ name: 'main', image: 'a:1', resources: { requests: { cpu: amount } } }],
    ...more,
  });

  it('KUB-01: who comes first is served first, and who ends or goes makes room', async () => {
    await cluster.pod('a', 'n1', cpu('1500m'));
    await cluster.pod('b', 'n1', cpu('1500m'));
    expect(phases('a', 'b')).toEqual(['Running', 'OutOfcpu']);
    expect(cluster.getPod('b')!.status.message).toBe(
      "Pod was rejected: Node didn't have enough resource: cpu, requested: 1500, used: 1500, capacity: 2000",
    );
    expect(cluster.told('OutOfcpu')).toEqual([
      "Node didn't have enough resource: cpu, requested: 1500, used: 1500, capacity: 2000",
    ]);
    await cluster.deletePod('a');
    await cluster.pod('c', 'n1', cpu('1500m'));
    await cluster.pod('d', 'n1', cpu('1500m'));
    expect(phases('c', 'd')).toEqual(['Running', 'OutOfcpu']);
  });

  it('KUB-01: of pods that come together no more are taken in than there is room for', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const { registry } = cluster;
    await Promise.all(
      names.map(name =>
        registry.create(pods, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace: 'default' },
          spec: { nodeName: 'n1', containers: [{ name: 'main', image: 'a:1' }] },
          status: {},
        }),
      ),
    );
    await cluster.settle();
    expect(phases(...names)).toEqual(['Running', 'Running', 'Running', 'OutOfpods', 'OutOfpods']);
  });

  it('KUB-02: others give way to a critical pod, or it does not come in', async () => {
    const metadata = { name: CRITICAL.priorityClassName };
    const apiVersion = 'scheduling.k8s.io/v1';
    await cluster.registry.create(priorityClasses, {
      apiVersion,
      kind: 'PriorityClass',
      metadata,
      value: 2_000_000_000,
    });
    await cluster.pod('a', 'n1', cpu('1500m'));
    await cluster.pod('b', 'n1', cpu('300m'));
    await cluster.pod('critical', 'n1', cpu('1', CRITICAL));
    expect(phases('a', 'b', 'critical')).toEqual(['Preempting', 'Running', 'Running']);
    expect(cluster.getPod('a')!.status).toMatchObject({
      phase: 'Failed',
      message: 'Preempted in order to admit critical pod',
      containerStatuses: [{ state: { terminated: { exitCode: 137 } } }],
    });
    expect(cluster.podCondition('a', 'DisruptionTarget')?.reason).toBe('TerminationByKubelet');
    await cluster.pod('greedy', 'n1', cpu('3', CRITICAL));
    expect(phases('b', 'critical', 'greedy')).toEqual(['Running', 'Running', 'UnexpectedAdmissionError']);
  });
});
