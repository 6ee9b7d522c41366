// The daemons that people run, on twenty nodes of all kinds: everyone is where examples/daemons/placement.md says, and nowhere else.
import { type Cluster, createCluster, type DaemonSet, type Node, type Pod, resources, type Taint } from 'kubette';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  count,
  DAEMONS,
  EVERYBODY,
  NODES,
  RECLAIMED,
  type Table,
  WAITS,
  wanted,
} from '../support/daemon-placements.js';

const { daemonSets, events, nodes, pods } = resources;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster({ clock: 'virtual', nodes: 0 });
  await cluster.apply(NODES);
  await cluster.settled();
  for (const manifests of DAEMONS) {
    await cluster.apply(manifests);
    await cluster.settled();
  }
  await cluster.advance('30s');
}, 180_000);
afterAll(() => cluster.close());

const allSets = () => cluster.registry.all(daemonSets).map(({ object }) => object);
const keyOf = ({ metadata }: DaemonSet) => `${metadata.namespace}/${metadata.name}`;
const podsOf = (daemonSet: DaemonSet) =>
  cluster.registry
    .all(pods, daemonSet.metadata.namespace)
    .map(({ object }) => object)
    .filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === daemonSet.metadata.uid);
/** The node that a pod is on, or waits for. */
const nodeOf = ({ spec: { nodeName, affinity } }: Pod) =>
  nodeName ??
  affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]?.matchFields?.[0]
    ?.values?.[0];
const isReady = ({ status }: Pod) => status.conditions?.some(c => c.type === 'Ready' && c.status === 'True') ?? false;

/** What there is of a DaemonSet on a node: by its pods, and where there is none by what `explain` says. */
function cellOf(daemonSet: DaemonSet, node: string): string {
  const there = podsOf(daemonSet).filter(pod => nodeOf(pod) === node);
  if (there.length > 1) return `${there.length} pods`;
  const [pod] = there;
  if (pod?.spec.nodeName) return isReady(pod) ? '●' : '○';
  const { name, namespace } = daemonSet.metadata;
  const { actual, controllerChecks, reason } = cluster.explain(name, node, namespace);
  if (pod) {
    const told = pod.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message ?? '';
    const cell = Object.keys(WAITS).find(key =>
      told.startsWith(`0/20 nodes are available: 1 ${WAITS[key]}, 19 node(s)`),
    );
    return actual === 'PENDING' && cell && reason.startsWith('the pod finds no room: ') ? cell : `${actual}: ${told}`;
  }
  const speaksAgainst = (check: string) =>
    controllerChecks.some(({ name, verdict }) => name === check && verdict !== 'PASS');
  return actual === 'NOT_WANTED'
    ? `${speaksAgainst('TaintToleration') ? 't' : ''}${speaksAgainst('NodeAffinity') ? 'l' : ''}`
    : `${actual}: ${reason}`;
}

/** What the cluster answers to each cell of a table, in the table's own form. */
const answered = (table: Table): Table => {
  const sets = new Map(allSets().map(daemonSet => [keyOf(daemonSet), daemonSet]));
  return new Map(
    [...table].map(([key, cells]) => [
      key,
      new Map([...cells.keys()].map(node => [node, cellOf(sets.get(key)!, node)])),
    ]),
  );
};

describe('twenty nodes, and the daemons that people run', () => {
  it('all have their row and their column in the table', () => {
    expect(allSets().map(keyOf).sort()).toEqual([...EVERYBODY.keys()].sort());
    const names = cluster.registry.all(nodes).map(({ name }) => name);
    expect(names).toHaveLength(20);
    for (const cells of EVERYBODY.values()) expect([...cells.keys()].sort()).toEqual(names);
  });

  it('TNT-02, TNT-03, POD-06: the cluster has tainted the nodes that it must', () => {
    const taints = (node: string) =>
      cluster.registry
        .get(nodes, '', node)!
        .object.spec.taints?.map(({ key, effect }) => `${key}:${effect}`)
        .sort();
    expect(taints('w1')).toBeUndefined();
    expect(taints('w3')).toEqual(['node.kubernetes.io/unschedulable:NoSchedule']);
    expect(taints('w4')).toEqual(['node.kubernetes.io/not-ready:NoExecute', 'node.kubernetes.io/not-ready:NoSchedule']);
    expect(taints('arm2')).toEqual(['node.kubernetes.io/network-unavailable:NoSchedule']);
  });

  it('NODE-02, NODE-03, NODE-04, NODE-05, NODE-06, T03, T05, T11: each daemon is where the table says, and explain says why nowhere else', () => {
    expect(answered(EVERYBODY)).toEqual(EVERYBODY);
    expect(cluster.explain('kube-proxy', 'w4', 'kube-system').reason).toBe(
      'a pod is wanted, and it runs but is not ready, as its node is not',
    );
  });

  it('SCH-12, SCH-13, SCH-16: who has more priority has the port and the place, and a sidecar’s CPU counts', () => {
    const table = answered(EVERYBODY);
    expect(table.get('monitoring/node-exporter')!.get('gpu1')).toBe('●');
    expect(table.get('ml/node-exporter')!.get('gpu1')).toBe('port');
    expect(table.get('monitoring/node-exporter')!.get('edge')).toBe('pods');
    // It was on edge first, until the ninth daemon came.
    const preempted = cluster.registry.all(events).filter(({ object }) => object.reason === 'Preempted');
    expect(preempted.map(({ object }) => `${object.involvedObject.namespace} ${object.message}`)).toEqual([
      expect.stringMatching(/^monitoring Preempted by pod [-0-9a-f]{36} on node edge$/),
    ]);
    // Logstash itself asks for 800m, its sidecar for 200m.
    expect(cluster.explain('logstash', 'small', 'logging').reason).toBe(
      'the pod finds no room: needs 1 CPU, 18m left of 1',
    );
  });

  it('STA-07, UPD-02: the status of each is the sum of its row', () => {
    const counted = Object.fromEntries(
      allSets().map(daemonSet => {
        const { desiredNumberScheduled, currentNumberScheduled, numberReady, numberMisscheduled } = daemonSet.status;
        return [keyOf(daemonSet), { desiredNumberScheduled, currentNumberScheduled, numberReady, numberMisscheduled }];
      }),
    );
    const expected = Object.fromEntries(
      [...EVERYBODY].map(([key, cells]) => {
        return [
          key,
          {
            desiredNumberScheduled: wanted(cells),
            currentNumberScheduled: wanted(cells),
            numberReady: count(cells, '●'),
            numberMisscheduled: 0,
          },
        ];
      }),
    );
    expect(counted).toEqual(expected);
  });
});

describe('spot machines that are reclaimed', () => {
  const SPOT = ['gpu2', 'spot1', 'spot2'];
  const setTaints = (node: string, taints: Taint[]) =>
    cluster.registry.patch<Node>(nodes, '', node, { type: 'merge', body: { spec: { taints } } });

  it('NODE-03, MAN-03, TNT-10: lose all but those who tolerate every NoExecute, get them back should they stay, and nobody else notices', async () => {
    const elsewhere = cluster.registry.all(pods).filter(({ object }) => !SPOT.includes(nodeOf(object)!));
    const taints = new Map(SPOT.map(node => [node, cluster.registry.get(nodes, '', node)!.object.spec.taints ?? []]));
    for (const [node, own] of taints) {
      await setTaints(node, [...own, { key: 'cloud.google.com/impending-node-termination', effect: 'NoExecute' }]);
    }
    await cluster.advance('1m');
    expect(answered(RECLAIMED)).toEqual(RECLAIMED);
    const leftOut = [...EVERYBODY].filter(([key]) => !RECLAIMED.has(key));
    for (const [key, cells] of leftOut) {
      for (const node of SPOT) expect(cells.get(node), `${key} on ${node}`).toMatch(/^(t|l|tl)$/);
    }
    const onSpot = cluster.registry.all(pods).filter(({ object }) => SPOT.includes(nodeOf(object)!));
    expect(onSpot).toHaveLength([...RECLAIMED.values()].reduce((sum, cells) => sum + count(cells, '●'), 0));

    for (const [node, own] of taints) await setTaints(node, [...own]);
    await cluster.advance('1m');
    expect(answered(EVERYBODY)).toEqual(EVERYBODY);
    const now = new Set(cluster.registry.all(pods).map(({ uid }) => uid));
    expect(elsewhere.filter(({ uid }) => !now.has(uid))).toEqual([]);
  });
});

describe('all of them rolled out anew at once', { timeout: 180_000 }, () => {
  /** How many pods of a DaemonSet may be missing at any moment: by its strategy, and because they were not there before. */
  const allowance = ({ status, spec }: DaemonSet) => {
    const { desiredNumberScheduled, numberAvailable = 0 } = status;
    const { maxUnavailable = 0 } = spec.updateStrategy.rollingUpdate ?? {};
    const most =
      typeof maxUnavailable === 'number'
        ? maxUnavailable
        : Math.ceil((desiredNumberScheduled * Number.parseInt(maxUnavailable, 10)) / 100);
    return Math.max(most, desiredNumberScheduled - numberAvailable);
  };

  /** Goes on second by second, and looks at each whether more is missing, or doubled, than may be. */
  const watch = async (seconds: number, allowed: ReadonlyMap<string, number>) => {
    for (let second = 1; second <= seconds; second++) {
      await cluster.advance('1s');
      const live = cluster.registry
        .all(pods)
        .map(({ object }) => object)
        .filter(pod => pod.metadata.deletionTimestamp === undefined);
      for (const daemonSet of allSets()) {
        const own = live.filter(pod => pod.metadata.ownerReferences?.[0]?.uid === daemonSet.metadata.uid);
        const when = `${keyOf(daemonSet)} after ${second} s`;
        const missing = daemonSet.status.desiredNumberScheduled - own.filter(isReady).length;
        expect(missing, when).toBeLessThanOrEqual(allowed.get(keyOf(daemonSet))!);
        const doubled = own.length - new Set(own.map(nodeOf)).size;
        expect(doubled, when).toBeLessThanOrEqual(Number(daemonSet.spec.updateStrategy.rollingUpdate?.maxSurge ?? 0));
      }
    }
  };

  const old = new Set<string>();
  const stillOld = () =>
    allSets()
      .filter(daemonSet => podsOf(daemonSet).some(({ metadata }) => old.has(metadata.uid)))
      .map(keyOf);

  it('UPD-02, UPD-05, UPD-12, SUR-10, OND-01, T23, T25: none has more missing than it allows; nodes that fail hold up those who allow no more', async () => {
    for (const { uid } of cluster.registry.all(pods)) old.add(uid);
    const allowed = new Map(allSets().map(daemonSet => [keyOf(daemonSet), allowance(daemonSet)]));
    for (const { metadata } of allSets()) {
      await cluster.registry.patch(daemonSets, metadata.namespace!, metadata.name, {
        type: 'merge',
        body: { spec: { template: { metadata: { annotations: { 'kubette.dev/start-delay': '3s' } } } } },
      });
    }
    await watch(150, allowed);
    expect(answered(EVERYBODY)).toEqual(EVERYBODY);
    expect(stillOld()).toEqual([
      'ceph-csi/csi-cephfsplugin', // OnDelete
      'kube-flannel/kube-flannel-ds', // one may be missing, and that is w4's
      'kube-system/calico-node',
      'kube-system/kube-proxy',
      'kube-system/node-problem-detector',
      'ml/gpu-burn-in', // gpu2's
      'monitoring/node-exporter', // 10% of 16 are two: w4's and edge's
    ]);
    for (const { status, ...daemonSet } of allSets()) {
      const key = keyOf({ status, ...daemonSet });
      const replaced = { 'ml/gpu-burn-in': 1, 'monitoring/node-exporter': 2, 'ceph-csi/csi-cephfsplugin': 0 }[key];
      const expected = replaced ?? (stillOld().includes(key) ? 1 : status.desiredNumberScheduled);
      expect(status.updatedNumberScheduled ?? 0, key).toBe(expected);
    }
  });

  it('UPD-07, CTL-05: when w4 is well again it is as w1, and they go on', async () => {
    await cluster.registry.patch(nodes, '', 'w4', {
      type: 'merge',
      body: { metadata: { annotations: { 'kubette.dev/behavior': null } } },
    });
    await cluster.advance('30s');
    await watch(150, new Map(allSets().map(daemonSet => [keyOf(daemonSet), allowance(daemonSet)])));
    expect(stillOld()).toEqual(['ceph-csi/csi-cephfsplugin', 'ml/gpu-burn-in']);
    const well = new Map([...EVERYBODY].map(([key, cells]) => [key, new Map(cells).set('w4', cells.get('w1')!)]));
    expect(answered(well)).toEqual(well);
  });
});
