import { afterEach, describe, expect, it } from 'vitest';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import type { Answered } from '../../conformance/normalise.js';
import {
  DaemonSetClient,
  daemonSet,
  hashOf,
  imageOf,
  isLive,
  isReady,
  NAME,
  nameOf,
} from '../../support/daemon-set-client.js';

let client: DaemonSetClient;
afterEach(() => client.close());

async function start(options: ClusterOptions): Promise<void> {
  client = await DaemonSetClient.start(options);
}

const node = (name: string, { labels = {}, taints = [] as object[], status = {} } = {}): Answered => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  spec: { taints },
  status,
});
const room = (cpu: string, memory: string) => {
  const capacity = { cpu, memory, pods: '110' };
  return { capacity, allocatable: capacity };
};

const STRATEGIES = [{ type: 'OnDelete' }, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } }];

/** Upstream's integration tests: API server, scheduler, controllers and, here, kubelets. */
describe.each(STRATEGIES)('daemonset_test.go, with %j', updateStrategy => {
  const set = (pod: object = {}) => daemonSet({ updateStrategy }, pod);

  it('TestOneNodeDaemonLaunchesPod: one pod, bound, and owned by the set', async () => {
    await start({ nodes: 1 });
    const { metadata } = await client.create(set());
    const [pod, ...others] = await client.pods();
    expect(others).toEqual([]);
    expect(pod.spec.nodeName).toBe('node-1');
    expect(pod.metadata.ownerReferences).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        name: NAME,
        uid: metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
    expect(await client.status()).toMatchObject({ numberReady: 1 });
  });

  it('TestSimpleDaemonSetLaunchesPods: five nodes, five pods', async () => {
    await start({ nodes: 5 });
    await client.create(set());
    expect(await client.running()).toEqual(client.oneOn('node-1', 'node-2', 'node-3', 'node-4', 'node-5'));
    expect(await client.status()).toMatchObject({ numberReady: 5 });
  });

  it.each([
    { phase: 'Succeeded', finalizers: [] },
    { phase: 'Failed', finalizers: [] },
    { phase: 'Succeeded', finalizers: ['test/finalizer'] },
  ])(
    'REF-10, TestSimpleDaemonSetRestartsPodsOnTerminalPhase: a pod that is $phase, held by $finalizers, is replaced',
    async ({ phase, finalizers }) => {
      await start({ nodes: 3 });
      await client.create(set());
      const [ended] = await client.pods();
      await client.patch({ metadata: { finalizers } }, 'Pod', nameOf(ended));
      await client.patch({ status: { phase } }, 'Pod', nameOf(ended), 'status');
      const active = await client.livePods();
      expect(active.map(nameOf)).not.toContain(nameOf(ended));
      expect(active.map((pod: Answered) => pod.spec.nodeName).sort()).toEqual(['node-1', 'node-2', 'node-3']);
      expect(await client.status()).toMatchObject({ numberReady: 3, currentNumberScheduled: 3 });
      const held = (await client.pods()).filter((pod: Answered) => !isLive(pod));
      expect(held.map(nameOf)).toEqual(finalizers.length > 0 ? [nameOf(ended)] : []);
    },
  );

  it('TestDaemonSetWithNodeSelectorLaunchesPods: nodes of a zone, or of a name', async () => {
    const zone = { labels: { zone: 'test' } };
    await start({
      nodes: [
        ...['node-1', 'node-2', 'node-3', 'node-4'].map(name => node(name)),
        node('node-5', zone),
        node('node-6', zone),
      ],
    });
    const nodeSelectorTerms = [
      { matchExpressions: [{ key: 'zone', operator: 'In', values: ['test'] }] },
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] },
    ];
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
    await client.create(set({ affinity: { nodeAffinity } }));
    expect(await client.running()).toEqual(client.oneOn('node-1', 'node-5', 'node-6'));
    expect(await client.status()).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3 });
  });

  it('TestNotReadyNodeDaemonDoesLaunchPod: a node that is not ready, and has no taint, gets its pod', async () => {
    await start({
      nodes: [node('node-1', { status: { ...room('4', '8Gi'), conditions: [{ type: 'Ready', status: 'False' }] } })],
      kubelet: 'off',
      controllers: ['*', '-node-lifecycle-controller'],
      disableAdmissionPlugins: ['TaintNodesByCondition'],
    });
    await client.create(set());
    const [pod] = await client.pods();
    expect(pod.spec.nodeName).toBe('node-1');
    const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    await client.patch({ status: ready }, 'Pod', nameOf(pod), 'status');
    expect(await client.status()).toMatchObject({ numberReady: 1 });
  });

  it('STA-07, T05, TestInsufficientCapacityNode: a pod for the node without room as well, which waits', async () => {
    await start({
      nodes: [
        node('node-with-limited-memory', { status: room('10', '100M') }),
        node('node-with-enough', { status: room('10', '10G') }),
      ],
    });
    const requests = { cpu: '75m', memory: '5G' };
    await client.create(set({ containers: [{ name: 'app', image: 'webserver:1', resources: { requests } }] }));
    const pods = await client.pods();
    expect(pods).toHaveLength(2);
    expect(pods.filter(isReady).map((pod: Answered) => pod.spec.nodeName)).toEqual(['node-with-enough']);
    const waiting = pods.find((pod: Answered) => !isReady(pod));
    expect(waiting.spec.nodeName).toBeUndefined();
    expect(waiting.status).toMatchObject({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
    });
    expect(await client.status()).toMatchObject({
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      updatedNumberScheduled: 2,
      numberReady: 1,
      numberAvailable: 1,
      numberUnavailable: 1,
    });
  });

  it('REV-07, TestLaunchWithHashCollision: the name that the next revision would have is taken', async () => {
    await start({ nodes: 1 });
    await client.create(set());
    const [first] = await client.revisions();
    // What the name would be is seen in another namespace: it depends on the set's name and template alone.
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'twin' } });
    const image = 'webserver:2';
    const twin = set({ containers: [{ name: 'app', image, ports: [{ containerPort: 9376 }] }] });
    await client.create({ ...twin, metadata: { ...twin.metadata, namespace: 'twin' } });
    const [next] = await client.rest.list('ControllerRevision', 'twin');
    await client.create({
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { ...first.metadata, name: next.metadata.name, resourceVersion: undefined, uid: undefined },
      data: first.data,
      revision: first.revision + 1,
    });
    await client.setImage(image);
    const revisions = await client.revisions();
    const current = revisions.at(-1);
    expect(nameOf(current)).not.toBe(nameOf(next));
    expect((await client.status()).collisionCount).toBe(1);
    // With OnDelete the pod changes when it is deleted; the others roll over by themselves.
    const [pod] = await client.pods();
    if (imageOf(pod) !== image) await client.delete('Pod', nameOf(pod));
    expect((await client.livePods()).map((pod: Answered) => [imageOf(pod), hashOf(pod)])).toEqual([
      [image, hashOf(current)],
    ]);
  });

  it('REV-06, TestDSCUpdatesPodLabelAfterDedupCurHistories: of two revisions of the template the higher stays', async () => {
    await start({ nodes: 2 });
    await client.create(set());
    const [first] = await client.revisions();
    const before = await client.pods();
    const labels = { ...first.metadata.labels, 'controller-revision-hash': 'newer' };
    const { ownerReferences, annotations } = first.metadata;
    await client.create({
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name: 'newer', labels, ownerReferences, annotations },
      data: first.data,
      revision: first.revision + 1,
    });
    await client.patch({ metadata: { annotations: { look: 'again' } } });
    expect((await client.revisions()).map(nameOf)).toEqual(['newer']);
    const after = await client.pods();
    expect(after.map(nameOf)).toEqual(before.map(nameOf));
    expect(after.map(hashOf)).toEqual(['newer', 'newer']);
  });

  it('TestTaintedNode: a tainted node is left out as long as it is tainted', async () => {
    await start({
      nodes: [node('node-1', { taints: [{ key: 'key1', value: 'v', effect: 'NoSchedule' }] }), node('node-2')],
    });
    await client.create(set());
    expect(await client.running()).toEqual(client.oneOn('node-2'));
    await client.patch({ spec: { taints: null } }, 'Node', 'node-1');
    expect(await client.running()).toEqual(client.oneOn('node-1', 'node-2'));
  });

  it('T11, TestUnschedulableNodeDaemonDoesLaunchPod: on the host network also where there is no network, and cordoned', async () => {
    const status = { conditions: [{ type: 'NetworkUnavailable', status: 'True' }] };
    await start({ nodes: [node('cordoned'), node('without-network', { status })] });
    await client.patch({ spec: { unschedulable: true } }, 'Node', 'cordoned');
    const nodes = await client.rest.list('Node');
    expect(nodes.flatMap(({ spec }) => spec.taints).map(({ key }) => key)).toEqual([
      'node.kubernetes.io/unschedulable',
      'node.kubernetes.io/network-unavailable',
    ]);
    await client.create(set({ hostNetwork: true }));
    expect(await client.running()).toEqual(client.oneOn('cordoned', 'without-network'));
    expect(await client.status()).toMatchObject({ numberReady: 2 });
  });

  it('CTL-15, TestUpdateStatusDespitePodCreationFailure: admission lets in two of five, and the status tells of two', async () => {
    await start({ nodes: 5 });
    await client.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'two' },
      spec: { hard: { pods: '2' } },
    });
    await client.create(set());
    expect(await client.pods()).toHaveLength(2);
    expect(await client.status()).toMatchObject({
      desiredNumberScheduled: 5,
      currentNumberScheduled: 2,
      numberReady: 2,
      observedGeneration: 1,
    });
  });
});

describe('daemonset_test.go: surge', () => {
  it('SUR-04, SUR-05, SUR-08, TestDaemonSetRollingUpdateWithTolerations: nodes that no longer suit serve until others do', async () => {
    const zones = ['common', 'y', 'z'];
    const taint = (value: string) => ({ key: 'zone', value, effect: 'NoSchedule' });
    await start({
      nodes: zones.flatMap(zone => [1, 2].map(i => node(`${zone}-${i}`, { taints: [taint(zone)] }))),
      kubelet: { pods: { readyDelay: '10s' } },
    });
    const tolerate = (...values: string[]) =>
      values.map(value => ({ key: 'zone', operator: 'Equal', value, effect: 'NoSchedule' }));
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
    /** Live pods by zone: old and new. */
    const census = async () => {
      const { metadata } = await client.get();
      const generation = metadata.annotations['deprecated.daemonset.template.generation'];
      const counts: Record<string, [number, number]> = {};
      for (const { metadata, spec } of await client.livePods()) {
        const isNew = metadata.labels['pod-template-generation'] === generation;
        const [zone] = spec.nodeName.split('-');
        counts[zone] ??= [0, 0];
        counts[zone][isNew ? 1 : 0]++;
      }
      return counts;
    };

    await client.create(daemonSet({ updateStrategy }, { tolerations: tolerate('common', 'y') }));
    await client.cluster.advance('1m');
    expect(await census()).toEqual({ common: [0, 2], y: [0, 2] });

    // From y to z: seven, of which two are made for z, one is the surge, and the two of y stay as long as z does not serve.
    await client.patchTemplate({ tolerations: tolerate('common', 'z') });
    expect(await census()).toEqual({ common: [2, 1], y: [2, 0], z: [0, 2] });
    await client.cluster.advance('1m');
    expect(await census()).toEqual({ common: [0, 2], z: [0, 2] });
    const four = { desiredNumberScheduled: 4, numberReady: 4, updatedNumberScheduled: 4, numberMisscheduled: 0 };
    expect(await client.status()).toMatchObject(four);

    await client.patchTemplate({ tolerations: tolerate('common', 'y', 'z') });
    const active = await client.livePods();
    expect(active).toHaveLength(7);
    await client.cluster.advance('2m');
    expect(await census()).toEqual({ common: [0, 2], y: [0, 2], z: [0, 2] });

    await client.patch({ spec: { template: { spec: { tolerations: null } } } });
    await client.cluster.advance('2m');
    expect(await client.pods()).toEqual([]);
    expect(await client.status()).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 });
  });
});
