import { afterEach, describe, expect, it } from 'vitest';
import { silentAt } from '../../../src/controllers/node-lifecycle/health.js';
import { type NodeLifecycleOptions, nodeLifecycleController } from '../../../src/controllers/node-lifecycle/index.js';
import { ttlAt, ttlStep } from '../../../src/controllers/node-lifecycle/ttl.js';
import { Zones, zoneOf } from '../../../src/controllers/node-lifecycle/zones.js';
import { Runtime } from '../../../src/controllers/runtime/runtime.js';
import { taintEvictionController } from '../../../src/controllers/taint-eviction/index.js';
import { leases, nodes } from '../../../src/resources/index.js';
import type { Condition, Lease, Node, Toleration } from '../../../src/resources/types.js';
import { ModelCluster, READY } from '../../support/model-cluster.js';

let cluster: ModelCluster;
afterEach(async () => {
  expect(cluster?.errors ?? []).toEqual([]);
  await cluster?.close();
});

async function start(options?: NodeLifecycleOptions): Promise<void> {
  cluster = await ModelCluster.start(context => nodeLifecycleController(context, options));
}

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';

async function lease(name: string, leaseDurationSeconds?: number): Promise<void> {
  const spec = {
    renewTime: new Date(cluster.clock.now()).toISOString(),
    ...(leaseDurationSeconds ? { leaseDurationSeconds } : {}),
  };
  const known = cluster.lease(name);
  const metadata = { name, namespace: 'kube-node-lease' };
  if (known) await cluster.registry.update(leases, { ...known, spec });
  else await cluster.registry.create(leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
  await cluster.settle();
}

describe('conditions set by clients', () => {
  it('TNT-01, TNT-02, TNT-03, TestApplyNoExecuteTaints, recorded: a node that is not ready keeps its first taint and gets NoExecute, with its time', async () => {
    await start();
    await cluster.node('n1', { ...READY, Ready: 'False' });
    await cluster.node('n2', READY);
    expect(cluster.getNode('n1').spec).toEqual({
      taints: [
        { key: NOT_READY, effect: 'NoSchedule' },
        { key: NOT_READY, effect: 'NoExecute', timeAdded: '2025-01-01T00:00:00Z' },
      ],
    });
    expect(cluster.getNode('n1').metadata.annotations).toEqual({ 'node.alpha.kubernetes.io/ttl': '0' });
    expect(cluster.getNode('n2').spec).toEqual({});
  });

  it('TNT-02, TestTaintsNodeByCondition, recorded: pressure becomes taints in the order of the conditions', async () => {
    await start();
    await cluster.node('n1', { Ready: 'True', MemoryPressure: 'True', DiskPressure: 'True', PIDPressure: 'True' });
    const timeAdded = '2025-01-01T00:00:00Z';
    expect(cluster.getNode('n1').spec.taints).toEqual(
      ['memory', 'disk', 'pid'].map(what => ({
        key: `node.kubernetes.io/${what}-pressure`,
        effect: 'NoSchedule',
        timeAdded,
      })),
    );
    await cluster.setCondition('n1', 'DiskPressure', 'False');
    expect(cluster.taints('n1')).toEqual([
      'node.kubernetes.io/memory-pressure:NoSchedule',
      'node.kubernetes.io/pid-pressure:NoSchedule',
    ]);
  });

  it('last for as long as clients like: without a lease no heartbeat is missed', async () => {
    await start();
    await cluster.node('n1', READY);
    await cluster.advance(3_600_000);
    expect(cluster.taints('n1')).toEqual([]);
    expect(cluster.clock.nextDue()).toBeUndefined();
  });

  it('TNT-02, TNT-03, TestSwapUnreachableNotReadyTaints: Unknown swaps the taints of Ready=False, and Ready lifts them', async () => {
    await start();
    await cluster.node('n2', READY);
    await cluster.node('n1', READY);
    await cluster.setCondition('n1', 'Ready', 'False');
    expect(cluster.taints('n1')).toEqual([`${NOT_READY}:NoSchedule`, `${NOT_READY}:NoExecute`]);
    await cluster.setCondition('n1', 'Ready', 'Unknown');
    expect(cluster.taints('n1')).toEqual([`${UNREACHABLE}:NoSchedule`, `${UNREACHABLE}:NoExecute`]);
    expect(cluster.told('NodeNotReady')).toEqual(['Node n1 status is now: NodeNotReady']);
    await cluster.setCondition('n1', 'Ready', 'True');
    expect(cluster.taints('n1')).toEqual([]);
  });

  it('TNT-02, TestTaintsNodeByCondition: a cordon is a taint, and taints of others stay in their place', async () => {
    await start();
    const spec = {
      unschedulable: true,
      taints: [
        { key: 'gpu', effect: 'NoSchedule' as const },
        { key: NOT_READY, value: 'x', effect: 'PreferNoSchedule' as const },
      ],
    };
    await cluster.node('n1', READY, { spec });
    expect(cluster.taints('n1')).toEqual([
      'gpu:NoSchedule',
      `${NOT_READY}=x:PreferNoSchedule`,
      'node.kubernetes.io/unschedulable:NoSchedule',
    ]);
    const { unschedulable: _, ...uncordoned } = cluster.getNode('n1').spec;
    await cluster.registry.update(nodes, { ...cluster.getNode('n1'), spec: uncordoned });
    await cluster.settle();
    expect(cluster.taints('n1')).toEqual(['gpu:NoSchedule', `${NOT_READY}=x:PreferNoSchedule`]);
  });

  it('TNT-02, TNT-03: a taint of its own kind that nothing justifies is removed', async () => {
    await start();
    await cluster.node('n1', READY);
    await cluster.setTaints(
      'n1',
      { key: UNREACHABLE, effect: 'NoExecute' },
      { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' },
    );
    expect(cluster.taints('n1')).toEqual([]);
  });
});

describe('heartbeats', () => {
  it('TNT-04, TNT-05: that fail for the grace period make every condition of the kubelet Unknown', async () => {
    await start();
    await cluster.node('n2', READY);
    await cluster.node('n1', { ...READY, NetworkUnavailable: 'False' });
    await lease('n1', 40);
    await cluster.advance(49_999);
    expect(cluster.taints('n1')).toEqual([]);
    await cluster.advance(1);
    const { conditions } = cluster.getNode('n1').status;
    expect(conditions!.map(c => `${c.type}=${c.status}`)).toEqual([
      'Ready=Unknown',
      'MemoryPressure=Unknown',
      'DiskPressure=Unknown',
      'PIDPressure=Unknown',
      'NetworkUnavailable=False',
    ]);
    expect(conditions![0]).toMatchObject({
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastTransitionTime: '2025-01-01T00:00:50Z',
    });
    expect(cluster.taints('n1')).toEqual([`${UNREACHABLE}:NoSchedule`, `${UNREACHABLE}:NoExecute`]);
    expect(cluster.events).toContain('node-controller Normal NodeNotReady Node n1 status is now: NodeNotReady');
  });

  it('TNT-04: put the end off each time', async () => {
    await start({ monitorGracePeriod: 30_000 });
    await cluster.node('n1', READY);
    await lease('n1', 40);
    for (let i = 0; i < 10; i++) {
      await cluster.advance(10_000);
      await lease('n1', 40);
    }
    expect(cluster.getNode('n1').status.conditions![0]!.status).toBe('True');
    await cluster.advance(29_999);
    expect(cluster.getNode('n1').status.conditions![0]!.status).toBe('True');
    await cluster.advance(1);
    expect(cluster.getNode('n1').status.conditions![0]!.status).toBe('Unknown');
  });

  it('are not missed while the lease names no duration', async () => {
    await start();
    await cluster.node('n1', READY);
    await lease('n1');
    await cluster.advance(600_000);
    expect(cluster.taints('n1')).toEqual([]);
    expect(cluster.clock.nextDue()).toBeUndefined();
    await lease('n1', 40);
    await cluster.advance(50_000);
    expect(cluster.getNode('n1').status.conditions![0]!.status).toBe('Unknown');
  });

  it('TNT-04: of a node that never reported are waited for longer', async () => {
    await start();
    await cluster.node('n1');
    await cluster.advance(59_999);
    expect(cluster.getNode('n1').status.conditions).toBeUndefined();
    await cluster.advance(1);
    expect(cluster.getNode('n1').status.conditions![0]).toMatchObject({
      type: 'Ready',
      status: 'Unknown',
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
    });
  });

  it('TNT-04: what was Unknown stays as it was, and what was never reported is said to be', async () => {
    await start();
    await cluster.node('n1', { Ready: 'True', MemoryPressure: 'Unknown' });
    await lease('n1', 40);
    await cluster.advance(50_000);
    const { conditions } = cluster.getNode('n1').status;
    expect(conditions!.map(({ type, status, reason }) => `${type}=${status} ${reason}`)).toEqual([
      'Ready=Unknown NodeStatusUnknown',
      'MemoryPressure=Unknown Test',
      'DiskPressure=Unknown NodeStatusNeverUpdated',
      'PIDPressure=Unknown NodeStatusNeverUpdated',
    ]);
  });

  const START = 1_000_000;
  const grace = { monitor: 50_000, startup: 60_000 };
  const node = (created: number, ...conditions: Pick<Condition, 'type' | 'status'>[]) =>
    ({ metadata: { name: 'n', creationTimestamp: new Date(created).toISOString() }, status: { conditions } }) as Node;
  const renewed = (at?: number) =>
    ({ spec: { leaseDurationSeconds: 40, ...(at ? { renewTime: new Date(at).toISOString() } : {}) } }) as Lease;
  const ready = { type: 'Ready', status: 'True' } as const;
  const unknown = { type: 'Ready', status: 'Unknown' } as const;
  it.each<[string, () => [Node, Lease | undefined], number | undefined]>([
    ['that were before this controller do not count', () => [node(0, ready), renewed(1)], START + 50_000],
    ['that were after it do', () => [node(0, ready), renewed(START + 9)], START + 50_009],
    ['that never came are counted from when it began', () => [node(0, ready), renewed()], START + 50_000],
    ['of an old node that never reported, too', () => [node(0), undefined], START + 60_000],
    ['of a new one, from its birth', () => [node(START + 9000), undefined], START + 69_000],
    ['are not awaited once nothing is known any more', () => [node(0, unknown), renewed(START)], undefined],
    [
      'nor for what no kubelet tells',
      () => [node(0, unknown, { type: 'NetworkUnavailable', status: 'False' }), renewed(START)],
      undefined,
    ],
    [
      'are for one condition that is left',
      () => [node(0, unknown, { type: 'PIDPressure', status: 'False' }), renewed(START)],
      START + 50_000,
    ],
  ])('TNT-04: %s', (_what, given, expected) => expect(silentAt(...given(), grace, START)).toBe(expected));
});

describe('pods of a node that is not ready', () => {
  it('TNT-05, TestMonitorNodeHealthMarkPodsNotReady: go out of service and stay, those that get ready later too', async () => {
    await start();
    await cluster.node('n1', READY);
    await cluster.node('n2', READY);
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2020-01-01T00:00:00Z' }] as const;
    for (const [pod, node] of [
      ['a', 'n1'],
      ['b', 'n1'],
      ['c', 'n2'],
    ])
      await cluster.pod(pod!, node);
    await lease('n1', 40);
    await cluster.setPodStatus('a', { conditions: [...conditions] });
    await cluster.setPodStatus('c', { conditions: [...conditions] });
    await cluster.setCondition('n1', 'Ready', 'False');
    expect(cluster.podCondition('a', 'Ready')).toEqual({
      type: 'Ready',
      status: 'False',
      lastTransitionTime: '2025-01-01T00:00:00Z',
    });
    expect(cluster.podCondition('c', 'Ready')?.status).toBe('True');
    await cluster.setPodStatus('b', { conditions: [...conditions] });
    expect(cluster.podCondition('b', 'Ready')?.status).toBe('False');
    expect(cluster.events.filter(e => e.includes('Warning NodeNotReady'))).toEqual([
      'node-controller Warning NodeNotReady Node is not ready',
      'node-controller Warning NodeNotReady Node is not ready',
    ]);
  });
});

it('recorded: pods of a node without a kubelet are what clients say they are, like the node', async () => {
  await start();
  await cluster.node('n1', READY);
  await cluster.pod('a', 'n1');
  await cluster.setPodStatus('a', {
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2020-01-01T00:00:00Z' }],
  });
  await cluster.setCondition('n1', 'Ready', 'Unknown');
  expect(cluster.taints('n1')).toContain(`${UNREACHABLE}:NoSchedule`);
  expect(cluster.podCondition('a', 'Ready')?.status).toBe('True');
  expect(cluster.events.filter(e => e.includes('Warning NodeNotReady'))).toEqual([]);
});

describe('events', () => {
  it('TNT-07: tell of nodes that come and go, also under the same name', async () => {
    await start();
    await cluster.node('n1', READY);
    await cluster.setCondition('n1', 'MemoryPressure', 'True');
    await cluster.deleteNode('n1');
    const came = 'node-controller Normal RegisteredNode Node n1 event: Registered Node n1 in Controller';
    const went = 'node-controller Normal RemovingNode Node n1 event: Removing Node n1 from Controller';
    expect(cluster.events).toEqual([came, went]);
    await cluster.node('n1', READY);
    expect(cluster.events).toEqual([came, went, came]);
    // Before anybody has looked.
    void cluster.registry.delete(nodes, '', 'n1');
    await cluster.node('n1', READY);
    expect(cluster.events).toEqual([came, went, came, went, came]);
  });

  it('TNT-07: are not told again by a controller that begins later, nor of a lease without a node', async () => {
    cluster = await ModelCluster.start();
    await cluster.node('n1', READY);
    await cluster.advance(1500);
    await lease('stray', 40);
    const events: string[] = [];
    const recorder = () => ({
      event: (_about: unknown, _type: string, _reason: string, message: string) => void events.push(message),
    });
    const begin = () => {
      const runtime = new Runtime(cluster.registry);
      runtime.add(nodeLifecycleController({ registry: cluster.registry, recorder }));
      runtime.start();
      return runtime;
    };
    const first = begin();
    await first.settled();
    await first.stop();
    expect(events.splice(0)).toEqual(['Node n1 event: Registered Node n1 in Controller']);
    const runtime = begin();
    await cluster.node('n2', READY);
    await runtime.settled();
    expect(events).toEqual(['Node n2 event: Registered Node n2 in Controller']);
    await runtime.stop();
  });
});

describe('labels', () => {
  it('of old are kept in step with those of today', async () => {
    await start();
    await cluster.node('n1', READY, {
      metadata: {
        labels: { 'kubernetes.io/os': 'linux', 'beta.kubernetes.io/os': 'plan9', 'kubernetes.io/arch': 'arm64' },
      } as never,
    });
    expect(cluster.getNode('n1').metadata.labels).toEqual({
      'kubernetes.io/os': 'linux',
      'beta.kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'arm64',
      'beta.kubernetes.io/arch': 'arm64',
    });
  });
});

describe('TNT-03: NoExecute', () => {
  it('comes to one node of a zone at a time, ten seconds apart', async () => {
    await start();
    for (let i = 0; i < 10; i++) await cluster.node(`n${i}`, READY);
    for (const name of ['n1', 'n2', 'n3']) await cluster.setCondition(name, 'Ready', 'Unknown');
    const marked = () => ['n1', 'n2', 'n3'].filter(name => cluster.taints(name).includes(`${UNREACHABLE}:NoExecute`));
    expect(marked()).toEqual(['n1']);
    expect(cluster.taints('n3')).toEqual([`${UNREACHABLE}:NoSchedule`]);
    await cluster.advance(9999);
    expect(marked()).toEqual(['n1']);
    await cluster.advance(1);
    expect(marked()).toEqual(['n1', 'n2']);
    await cluster.setCondition('n3', 'Ready', 'True');
    await cluster.advance(60_000);
    expect(marked()).toEqual(['n1', 'n2']);
  });

  it.each<[string, () => Promise<void>]>([
    ['gets well', () => cluster.setCondition('n2', 'Ready', 'True')],
    ['is deleted', () => cluster.deleteNode('n2')],
    ['is marked by somebody else', () => cluster.setTaints('n2', { key: UNREACHABLE, effect: 'NoExecute' })],
    ['moves to another zone', () => relabel('n2', { 'topology.kubernetes.io/zone': 'b' })],
  ])('comes to who waits behind a node that %s', async (_what, change) => {
    await start();
    for (let i = 0; i < 10; i++) await cluster.node(`n${i}`, READY);
    for (const name of ['n1', 'n2', 'n3']) await cluster.setCondition(name, 'Ready', 'Unknown');
    await change();
    expect(cluster.taints('n3')).toEqual([`${UNREACHABLE}:NoSchedule`]);
    await cluster.advance(10_000);
    expect(cluster.taints('n3')).toContain(`${UNREACHABLE}:NoExecute`);
  });

  async function relabel(name: string, labels: Record<string, string>): Promise<void> {
    const { metadata, ...node } = cluster.getNode(name);
    await cluster.registry.update(nodes, { ...node, metadata: { ...metadata, labels } });
    await cluster.settle();
  }

  it.each([
    ['51, of which 28 are gone: as quickly as ever', 51, 28, 2],
    ['51, of which 29 are gone: ten times as slowly', 51, 29, 1],
    ['50, of which 29 are gone: to nobody else', 50, 29, 0],
  ])('comes to the nodes of a zone of %s', async (_what, size, gone, later) => {
    await start();
    for (let i = 0; i < size; i++) await cluster.node(`n${i}`, READY);
    for (let i = 0; i < gone; i++) await cluster.setCondition(`n${i}`, 'Ready', 'Unknown');
    const marked = () =>
      Array.from({ length: gone }, (_, i) => cluster.taints(`n${i}`)).filter(taints =>
        taints.includes(`${UNREACHABLE}:NoExecute`),
      ).length;
    const before = marked();
    await cluster.advance(19_999);
    const quickly = marked() - before;
    await cluster.advance(80_001);
    expect([quickly, marked() - before]).toEqual(
      [
        [0, 0],
        [0, 1],
        [1, 10],
      ][later],
    );
  });

  it('comes to nobody in a cluster of one', async () => {
    await start();
    await cluster.node('n1', READY);
    await cluster.setCondition('n1', 'Ready', 'Unknown');
    expect(cluster.taints('n1')).toEqual([`${UNREACHABLE}:NoSchedule`]);
  });

  it('comes to nobody while all nodes are gone, and is taken back', async () => {
    await start();
    await cluster.node('n1', READY);
    await cluster.node('n2', READY);
    await cluster.setCondition('n1', 'Ready', 'Unknown');
    expect(cluster.taints('n1')).toContain(`${UNREACHABLE}:NoExecute`);
    await cluster.setCondition('n2', 'Ready', 'Unknown');
    expect(cluster.taints('n1')).toEqual([`${UNREACHABLE}:NoSchedule`]);
    expect(cluster.taints('n2')).toEqual([`${UNREACHABLE}:NoSchedule`]);
    await cluster.setCondition('n2', 'Ready', 'True');
    expect(cluster.taints('n1')).toContain(`${UNREACHABLE}:NoExecute`);
  });

  const rates = { rate: 0.1, secondaryRate: 0.01, largeZone: 5, unhealthyShare: 0.55 };
  function zoneWith(ready: number, notReady: number): Zones {
    const zones = new Zones(rates);
    zones.observe('elsewhere', 'b', true, 0);
    for (let i = 0; i < ready; i++) zones.observe(`r${i}`, 'a', true, 0);
    for (let i = 0; i < notReady; i++) zones.observe(`u${i}`, 'a', false, 0);
    return zones;
  }
  it.each([
    ['mostly well', 3, 2, 10_000],
    ['of which two are gone', 1, 2, 10_000],
    ['of which just so many are gone', 9, 11, 100_000],
    ['just not large', 2, 3, undefined],
    ['partly gone and small', 1, 3, undefined],
    ['partly gone and large', 2, 4, 100_000],
    ['gone, others not', 0, 4, 10_000],
  ])('in a zone %s', (_what, ready, notReady, after) => {
    const zones = zoneWith(ready, notReady);
    expect(zones.request('u0', 0).granted).toBe(after !== undefined);
    const second = zones.request('u1', 0);
    expect(second.granted).toBe(false);
    expect(second.wake).toEqual(after === undefined ? undefined : { name: 'u1', after });
  });

  it('goes on in a zone that was partly gone when one of its nodes is deleted', () => {
    const zones = zoneWith(2, 3);
    expect(zones.request('u0', 0).granted).toBe(false);
    expect(zones.forget('u2', 1000)).toEqual(['u0']);
    expect(zones.request('u0', 1000).granted).toBe(true);
    expect(zones.forget('u2', 1000)).toEqual([]);
  });

  it.each<[string, Record<string, string> | undefined]>([
    ['/', undefined],
    ['r/z', { 'topology.kubernetes.io/region': 'r', 'topology.kubernetes.io/zone': 'z' }],
    ['r/z', { 'failure-domain.beta.kubernetes.io/region': 'r', 'failure-domain.beta.kubernetes.io/zone': 'z' }],
    [
      'r/z',
      {
        'topology.kubernetes.io/region': 'r',
        'topology.kubernetes.io/zone': 'z',
        'failure-domain.beta.kubernetes.io/region': 'old',
        'failure-domain.beta.kubernetes.io/zone': 'old',
      },
    ],
  ])('knows the zone %s by %o', (zone, labels) => {
    expect(zoneOf({ metadata: labels ? { labels } : {} } as Node)).toBe(zone);
  });
});

/** Whether the node is given up, and after how long its pods go: `TestTaintBasedEvictions`. */
describe('TNT-03, TNT-08, DEF-06, TestTaintBasedEvictions', () => {
  const bears = (key: string, tolerationSeconds: number): Toleration => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds,
  });
  it.each<[string, 'False' | 'Unknown', string, Toleration[] | undefined, number]>([
    ['not ready, borne for 200 s', 'False', NOT_READY, [bears(NOT_READY, 200)], 200_000],
    ['not ready, borne by default for 300 s', 'False', NOT_READY, undefined, 300_000],
    ['not ready, borne for no time', 'False', NOT_READY, [bears(NOT_READY, 0)], 0],
    ['unreachable, borne by default for 300 s', 'Unknown', UNREACHABLE, undefined, 300_000],
  ])('%s', async (_what, readiness, key, tolerations, after) => {
    cluster = await ModelCluster.start(nodeLifecycleController, taintEvictionController);
    for (const name of ['n1', 'n2', 'n3']) await cluster.node(name, READY);
    await cluster.pod('p', 'n1', tolerations ? { tolerations } : {});
    await cluster.setCondition('n1', 'Ready', readiness);
    expect(cluster.taints('n1')).toContain(`${key}:NoExecute`);
    const isGoing = () => cluster.getPod('p')!.metadata.deletionTimestamp !== undefined;
    if (after > 0) await cluster.advance(after - 1);
    expect(isGoing()).toBe(after === 0);
    await cluster.advance(1);
    expect(isGoing()).toBe(true);
  });
});

describe('TTL', () => {
  it.each([
    [1, 0, 0],
    [100, 0, 0],
    [101, 0, 1],
    [95, 1, 1],
    [89, 1, 0],
    [5000, 0, 4],
    [1799, 4, 3],
    [90, 1, 1],
    [450, 2, 2],
    [449, 2, 1],
    [900, 3, 3],
    [899, 3, 2],
    [1800, 4, 4],
  ])('with %d nodes, from step %d: step %d', (count, from, to) => expect(ttlStep(count, from)).toBe(to));

  it.each([
    [100, '0'],
    [101, '15'],
    [500, '15'],
    [501, '30'],
    [1000, '30'],
    [1001, '60'],
    [2000, '60'],
    [2001, '300'],
  ])('in a cluster that has grown to %d: %s s', (count, seconds) => expect(ttlAt(ttlStep(count, 0))).toBe(seconds));

  it('of a node is that of the cluster when it was last looked at', async () => {
    await start();
    const ttl = (name: string) => cluster.getNode(name).metadata.annotations!['node.alpha.kubernetes.io/ttl'];
    for (let i = 0; i <= 100; i++) await cluster.node(`n${i}`, READY);
    expect([ttl('n99'), ttl('n100')]).toEqual(['0', '15']);
    for (let i = 0; i <= 11; i++) await cluster.deleteNode(`n${i}`);
    await cluster.setCondition('n100', 'DiskPressure', 'True');
    expect(ttl('n100')).toBe('0');
  });
});
