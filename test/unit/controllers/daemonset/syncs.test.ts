import { describe, expect, it } from 'vitest';
import { daemonSets, pods } from '../../../../src/resources/index.js';
import type { Pod, Taint } from '../../../../src/resources/types.js';
import { NAMESPACE, type TestCluster } from './cluster.js';
import { LABEL, OTHER_LABEL, Scene, STRATEGIES } from './scene.js';

const dedicated = (effect: Taint['effect']): Taint => ({ key: 'dedicated', value: 'user1', effect });
const kubernetes = (key: string, effect: Taint['effect']): Taint => ({ key: `node.kubernetes.io/${key}`, effect });
const colour = { color: 'blue' };
const onBlue = { nodeSelector: colour };
const needy = (containerPort = 80) => ({
  containers: [
    {
      name: 'main',
      image: 'a:1',
      resources: { requests: { cpu: '3', memory: '6Gi' } },
      ports: [{ containerPort, hostPort: containerPort }],
    },
  ],
});
const failed = (cluster: TestCluster) => (pod: Pod) => cluster.setStatus(pod, 'Failed', false);

interface Case {
  readonly name: string;
  scene(scene: Scene): Promise<unknown>;
  /** Pods created/pods deleted/events besides. */
  readonly expected: string;
}

/** By what upstream's tests look at. */
const CASES: readonly Case[] = [
  {
    name: 'MAN-01: TestSimpleDaemonSetLaunchesPods: a pod for each node',
    scene: async scene => [await scene.nodes(0, 5), await scene.set()],
    expected: '5/0/0',
  },
  {
    name: 'TestNoNodesDoesNothing',
    scene: scene => scene.set(),
    expected: '0/0/0',
  },
  {
    name: 'MAN-01: TestOneNodeDaemonLaunchesPod',
    scene: async scene => [await scene.nodes(0, 1), await scene.set()],
    expected: '1/0/0',
  },
  {
    name: 'T04: TestNotReadyNodeDaemonDoesLaunchPod: a condition without its taint is nothing',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.condition('node-0', 'Ready', 'False'),
      await scene.set(),
    ],
    expected: '1/0/0',
  },
  {
    name: 'T05: TestInsufficientCapacityNodeDaemonDoesNotUnscheduleRunningPod: what others use is left to the scheduler',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.stranger('node-0', 8080),
      await scene.set({ pod: needy() }),
    ],
    expected: '1/0/0',
  },
  {
    name: 'TestInsufficientCapacityNodeSufficientCapacityWithNodeLabelDaemonLaunchPod: only where the label is',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.nodes(1, 1, colour),
      await scene.stranger('node-0'),
      await scene.set({ pod: { ...needy(), ...onBlue } }),
    ],
    expected: '1/0/0',
  },
  {
    name: 'T04: TestNetworkUnavailableNodeDaemonLaunchesPod: a condition without its taint is nothing',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.condition('node-0', 'NetworkUnavailable', 'True'),
      await scene.set(),
    ],
    expected: '1/0/0',
  },
  {
    name: 'CTL-11: TestDontDoAnythingIfBeingDeleted',
    scene: async scene => {
      await scene.nodes(0, 5);
      await scene.set();
      await scene.cluster.patchSet({ metadata: { finalizers: ['example.com/hold'] } });
      await scene.cluster.registry.delete(daemonSets, NAMESPACE, 'agent');
    },
    expected: '0/0/0',
  },
  {
    name: 'TestPortConflictWithSameDaemonPodDoesNotDeletePod: its own pod has the port already',
    scene: async scene => [await scene.nodes(0, 1), await scene.set({ pod: needy() }), await scene.pods('node-0', 1)],
    expected: '0/0/0',
  },
  {
    name: 'TestNoPortConflictNodeDaemonLaunchesPod: another port is taken',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.stranger('node-0', 6661),
      await scene.set({ pod: needy(6662) }),
    ],
    expected: '1/0/0',
  },
  {
    name: 'CTL-10: TestPodIsNotDeletedByDaemonsetWithEmptyLabelSelector: complains, and touches nothing',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.cluster.createPod('bare', { labels: LABEL }, 'node-0'),
      await scene.cluster.createLegacySet(),
    ],
    expected: '0/0/1',
  },
  {
    name: 'MAN-01, REF-03, DUP-01: TestDealsWithExistingPods: none, one, two, five, and two that match no longer',
    scene: async scene => [
      await scene.nodes(0, 5),
      await scene.set(),
      await scene.pods('node-1', 1),
      await scene.pods('node-2', 2),
      await scene.pods('node-3', 5),
      await scene.pods('node-4', 2, { labels: OTHER_LABEL }),
    ],
    expected: '2/5/0',
  },
  {
    name: 'NODE-02: TestSelectorDaemonLaunchesPods',
    scene: async scene => [await scene.nodes(0, 4), await scene.nodes(4, 3, colour), await scene.set({ pod: onBlue })],
    expected: '3/0/0',
  },
  {
    name: 'MAN-03, REF-03: TestSelectorDaemonDeletesUnselectedPods: of the pods on other nodes those that match',
    scene: async scene => [
      await scene.nodes(0, 5),
      await scene.nodes(5, 5, colour),
      await scene.set({ pod: onBlue }),
      await scene.pods('node-0', 2, { labels: OTHER_LABEL }),
      await scene.pods('node-1', 3),
      await scene.pods('node-1', 1, { labels: OTHER_LABEL }),
      await scene.pods('node-4', 1),
    ],
    expected: '5/4/0',
  },
  {
    name: 'MAN-03, REF-03, DUP-01: TestSelectorDaemonDealsWithExistingPods: all of it together',
    scene: async scene => [
      await scene.nodes(0, 5),
      await scene.nodes(5, 5, colour),
      await scene.set({ pod: onBlue }),
      await scene.pods('node-0', 1),
      await scene.pods('node-1', 3),
      await scene.pods('node-1', 2, { labels: OTHER_LABEL }),
      await scene.pods('node-2', 4),
      await scene.pods('node-6', 13),
      await scene.pods('node-7', 4, { labels: OTHER_LABEL }),
      await scene.pods('node-9', 1),
      await scene.pods('node-9', 1, { labels: OTHER_LABEL }),
    ],
    expected: '3/20/0',
  },
  {
    name: 'MAN-04: TestBadSelectorDaemonDoesNothing: a selector that no node has',
    scene: async scene => [
      await scene.nodes(0, 4),
      await scene.nodes(4, 3, colour),
      await scene.set({ pod: { nodeSelector: { color: 'red' } } }),
    ],
    expected: '0/0/0',
  },
  {
    name: 'NODE-01: TestNameDaemonSetLaunchesPods',
    scene: async scene => [await scene.nodes(0, 5), await scene.set({ pod: { nodeName: 'node-0' } })],
    expected: '1/0/0',
  },
  {
    name: 'NODE-01: TestBadNameDaemonSetDoesNothing',
    scene: async scene => [await scene.nodes(0, 5), await scene.set({ pod: { nodeName: 'node-10' } })],
    expected: '0/0/0',
  },
  {
    name: 'NODE-01, NODE-02: TestNameAndSelectorDaemonSetLaunchesPods',
    scene: async scene => [
      await scene.nodes(0, 4),
      await scene.nodes(4, 3, colour),
      await scene.set({ pod: { ...onBlue, nodeName: 'node-6' } }),
    ],
    expected: '1/0/0',
  },
  {
    name: 'NODE-01, NODE-02: TestInconsistentNameSelectorDaemonSetDoesNothing',
    scene: async scene => [
      await scene.nodes(0, 4),
      await scene.nodes(4, 3, colour),
      await scene.set({ pod: { ...onBlue, nodeName: 'node-0' } }),
    ],
    expected: '0/0/0',
  },
  {
    name: 'NODE-02: TestSelectorDaemonSetLaunchesPods',
    scene: async scene => [await scene.nodes(0, 4), await scene.nodes(4, 3, colour), await scene.set({ pod: onBlue })],
    expected: '3/0/0',
  },
  {
    name: 'NODE-02: TestNodeAffinityDaemonLaunchesPods',
    scene: async scene => {
      await scene.nodes(0, 4);
      await scene.nodes(4, 3, colour);
      const term = { matchExpressions: [{ key: 'color', operator: 'In' as const, values: ['blue'] }] };
      const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
      await scene.set({ pod: { affinity: { nodeAffinity } } });
    },
    expected: '3/0/0',
  },
  ...[
    { failed: 0, normal: 1, expected: '0/0/0' },
    { failed: 0, normal: 0, expected: '1/0/0' },
    { failed: 1, normal: 0, expected: '0/1/1' },
    { failed: 1, normal: 3, expected: '0/3/1' },
  ].map(
    (given): Case => ({
      name: `FAIL-01, FAIL-04: TestDaemonKillFailedPods: ${given.failed} failed, ${given.normal} normal`,
      scene: async scene => [
        await scene.nodes(0, 1),
        await scene.set(),
        await scene.pods('node-0', given.failed, { created: failed(scene.cluster) }),
        await scene.pods('node-0', given.normal),
      ],
      expected: given.expected,
    }),
  ),
  {
    name: 'NODE-04, T08: TestNoScheduleTaintedDoesntEvicitRunningIntolerantPod',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.cluster.taint('node-0', dedicated('NoSchedule')),
      await scene.set(),
      await scene.pods('node-0', 1),
    ],
    expected: '0/0/0',
  },
  {
    name: 'NODE-03, MAN-03: TestNoExecuteTaintedDoesEvicitRunningIntolerantPod',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.cluster.taint('node-0', dedicated('NoExecute')),
      await scene.set(),
      await scene.pods('node-0', 1),
    ],
    expected: '0/1/0',
  },
  {
    name: 'NODE-04: TestTaintedNodeDaemonDoesNotLaunchIntolerantPod',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.cluster.taint('node-0', dedicated('NoSchedule')),
      await scene.set(),
    ],
    expected: '0/0/0',
  },
  {
    name: 'NODE-06: TestTaintedNodeDaemonLaunchesToleratePod',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.cluster.taint('node-0', dedicated('NoSchedule')),
      await scene.set({ pod: { tolerations: [{ ...dedicated('NoSchedule'), operator: 'Equal' }] } }),
    ],
    expected: '1/0/0',
  },
  {
    name: 'POD-06: TestNotReadyNodeDaemonLaunchesPod',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.cluster.taint('node-0', kubernetes('not-ready', 'NoExecute')),
      await scene.set(),
    ],
    expected: '1/0/0',
  },
  {
    name: 'POD-06: TestUnreachableNodeDaemonLaunchesPod',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.cluster.taint('node-0', kubernetes('unreachable', 'NoExecute')),
      await scene.set(),
    ],
    expected: '1/0/0',
  },
  {
    name: 'TestNodeDaemonLaunchesToleratePod: tolerations do no harm where there are no taints',
    scene: async scene => [
      await scene.nodes(0, 1),
      await scene.set({ pod: { tolerations: [{ ...dedicated('NoSchedule'), operator: 'Equal' }] } }),
    ],
    expected: '1/0/0',
  },
  {
    name: 'MAN-05: TestDaemonSetRespectsTermination: a pod on its way out keeps its node',
    scene: async scene => {
      await scene.nodes(0, 1);
      await scene.set();
      await scene.pods('node-0', 1);
      await scene.cluster.registry.delete(pods, NAMESPACE, 'pod-0');
    },
    expected: '0/0/0',
  },
  {
    name: 'POD-06: TestTaintPressureNodeDaemonLaunchesPod',
    scene: async scene => {
      await scene.nodes(0, 1);
      const taints = ['memory', 'disk', 'pid'].map(what => kubernetes(`${what}-pressure`, 'NoSchedule'));
      await scene.cluster.taint('node-0', ...taints);
      await scene.set();
    },
    expected: '1/0/0',
  },
  {
    name: 'MIS-01: TestDeleteUnscheduledPodForNotExistingNode: the one that waits for it goes, the one bound to it stays',
    scene: async scene => {
      await scene.nodes(0, 1);
      await scene.set();
      await scene.pods('node-0', 1);
      await scene.pods('node-9', 1);
      const { registry } = scene.cluster;
      const { status, ...bound } = registry.get(pods, NAMESPACE, 'pod-1')!.object;
      const term = { matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: ['node-9'] }] };
      const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
      const { name, namespace = '', labels = {}, ownerReferences = [] } = bound.metadata;
      await registry.create(pods, {
        ...bound,
        metadata: { name: `${name}-unbound`, namespace, labels, ownerReferences },
        spec: { containers: bound.spec.containers, affinity: { nodeAffinity } },
        status: {},
      });
    },
    expected: '0/1/0',
  },
];

/** Upstream's own cases, with its numbers, and for both strategies as there. */
describe.each(STRATEGIES)('daemon_controller_test.go with %s', (_type, strategy) => {
  it.each(CASES.map(given => [given.name, given] as const))('%s', async (_name, { scene, expected }) => {
    const opened = await Scene.open(strategy);
    await scene(opened);
    expect(await opened.cluster.sync()).toBe(expected);
  });
});

it('DUP-03, DUP-05, REF-03: TestSurgeDealsWithExistingPods: with surge as without', async () => {
  const scene = await Scene.open({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
  await CASES.find(({ name }) => name.includes('TestDealsWithExistingPods'))!.scene(scene);
  expect(await scene.cluster.sync()).toBe('2/5/0');
});

it('DUP-02, T07: made within one second, of two the first by name stays', async () => {
  const scene = await Scene.open({ type: 'OnDelete' });
  await scene.nodes(0, 1);
  await scene.set();
  const { cluster } = scene;
  await cluster.createPod('b', { labels: LABEL }, 'node-0');
  await cluster.advance(400);
  await cluster.createPod('a', { labels: LABEL }, 'node-0');
  await cluster.advance(1_000);
  await cluster.createPod('0', { labels: LABEL }, 'node-0');
  expect(await cluster.sync()).toBe('0/2/0');
  expect(cluster.pods().map(pod => pod.metadata.name)).toEqual(['a']);
});
