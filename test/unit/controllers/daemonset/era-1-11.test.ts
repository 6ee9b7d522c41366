import { describe, expect, it } from 'vitest';
import { daemonSets, nodes, pods, priorityClasses } from '../../../../src/resources/index.js';
import type { Pod } from '../../../../src/resources/types.js';
import { addNamespace } from '../../../support/registry.js';
import { daemonSet, imageOf, NAMESPACE, nodeOf, TestCluster } from './cluster.js';

const requests = (cpu: string) => ({ containers: [{ name: 'main', image: 'a:1', resources: { requests: { cpu } } }] });
const rolling = (rollingUpdate: object) => ({ spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate } } });

/** A bare pod, bound, that takes CPU or a port of its node. */
async function occupy(cluster: TestCluster, name: string, node: string, container: object): Promise<void> {
  await cluster.registry.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: { app: 'other' } },
    spec: { nodeName: node, containers: [{ name: 'main', image: 'b:1', ...container }] },
    status: {},
  });
}

const remove = (cluster: TestCluster, name: string) =>
  cluster.registry.delete(pods, NAMESPACE, name, { gracePeriodSeconds: 0 });

const isDaemonPod = ({ metadata: { labels } }: Pod) => labels?.app === 'agent';
const daemonPods = (cluster: TestCluster) => cluster.pods().filter(isDaemonPod);
const nodesWithPods = (cluster: TestCluster) => daemonPods(cluster).map(nodeOf).sort();

/** Fails every creation of a pod until it is called off. */
function refusePods({ registry }: TestCluster): () => void {
  const create = registry.create.bind(registry);
  registry.create = (async (kind, draft, options) => {
    if (kind.plural === 'pods') throw new Error('no');
    return create(kind, draft, options);
  }) as typeof create;
  return () => {
    registry.create = create;
  };
}

describe('era 1.11: placing', () => {
  it('HIS-01: pods come bound, of a scheduler of their own, without affinity', async () => {
    const cluster = await TestCluster.start(2, '1.11');
    const unbound: string[] = [];
    cluster.registry.onApply(({ entry }) => {
      if (entry.resource === 'pods' && !(entry.object as Pod).spec.nodeName) unbound.push(entry.name);
    });
    await cluster.createSet();
    await cluster.settled();
    expect(nodesWithPods(cluster)).toEqual(['node-0', 'node-1']);
    for (const { spec } of cluster.pods()) {
      expect(spec.schedulerName).toBe('kubernetes.io/daemonset-controller');
      expect(spec.affinity).toBeUndefined();
    }
    expect(unbound).toEqual([]);
  });

  it('HIS-01: the tolerations are those of then', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    await cluster.createSet({ pod: { hostNetwork: true } });
    await cluster.settled();
    const short = cluster.pods()[0]!.spec.tolerations!.map(({ key, effect }) => `${key?.split('/')[1]}:${effect}`);
    expect(short).toEqual([
      'not-ready:NoExecute',
      'unreachable:NoExecute',
      'disk-pressure:NoSchedule',
      'memory-pressure:NoSchedule',
      'unschedulable:NoSchedule',
      'network-unavailable:NoSchedule',
    ]);
  });

  it('HIS-02, HIS-03: taints and labels as today', async () => {
    const cluster = await TestCluster.start(4, '1.11');
    for (const node of ['node-1', 'node-2', 'node-3']) await cluster.label(node, { on: 'yes' });
    await cluster.createSet({ pod: { nodeSelector: { on: 'yes' } } });
    await cluster.rollOut();
    expect(nodesWithPods(cluster)).toEqual(['node-1', 'node-2', 'node-3']);
    await cluster.taint('node-1', { key: 'dedicated', effect: 'NoSchedule' });
    await cluster.taint('node-2', { key: 'dedicated', effect: 'NoExecute' });
    await cluster.rollOut();
    expect(nodesWithPods(cluster)).toEqual(['node-1', 'node-3']);
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 1 });
  });

  it('HIS-07: cordons and conditions of a node do not matter, and it counts as desired', async () => {
    const cluster = await TestCluster.start(4, '1.11');
    const taint = (name: string) => ({ key: `node.kubernetes.io/${name}`, effect: 'NoSchedule' as const });
    await cluster.changeNode('node-0', node => ({
      ...node,
      spec: { unschedulable: true, taints: [taint('unschedulable')] },
    }));
    await cluster.taint('node-1', taint('not-ready'), taint('pid-pressure'));
    await cluster.taint('node-2', taint('network-unavailable'), { key: 'dedicated', effect: 'NoSchedule' });
    await cluster.createSet();
    await cluster.settled();
    expect(nodesWithPods(cluster)).toEqual(['node-0', 'node-1', 'node-3']);
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 3 });
  });

  it('HIS-02: its own pods do not stand in its way', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    await cluster.createSet({ pod: requests('3') });
    await cluster.rollOut();
    await cluster.setImage('new:1');
    await cluster.patchSet({ spec: { template: { spec: requests('3500m') } } });
    await cluster.rollOut();
    expect(cluster.pods().map(p => p.spec.containers[0]!.resources?.requests?.cpu)).toEqual(['3500m']);
    expect(cluster.events.filter(event => event.startsWith('FailedPlacement'))).toEqual([]);
  });

  it('HIS-02: what the system marks as critical is of the critical class, and made whether there is room or not', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    await addNamespace(cluster.registry, 'kube-system');
    await cluster.registry.create(priorityClasses, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'system-cluster-critical' },
      value: 2_000_000_000,
    });
    await occupy(cluster, 'hungry', 'node-0', requests('3500m').containers[0]!);
    const { metadata, spec, ...draft } = daemonSet({ pod: requests('1') });
    const annotations = { 'scheduler.alpha.kubernetes.io/critical-pod': '' };
    const marked = { ...spec, template: { ...spec.template, metadata: { ...spec.template.metadata, annotations } } };
    for (const namespace of ['kube-system', NAMESPACE])
      await cluster.registry.create(daemonSets, { ...draft, metadata: { ...metadata, namespace }, spec: marked });
    await cluster.settled();
    const classes = daemonPods(cluster).map(pod => [pod.metadata.namespace, pod.spec.priorityClassName]);
    expect(classes).toEqual([['kube-system', 'system-cluster-critical']]);
  });

  it('HIS-03: a running pod stays where there is too little for it now', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    await cluster.createSet({ pod: requests('1') });
    await cluster.rollOut();
    await occupy(cluster, 'hungry', 'node-0', requests('3500m').containers[0]!);
    await cluster.patchSet({ metadata: { labels: { look: 'again' } } });
    await cluster.settled();
    expect(nodesWithPods(cluster)).toEqual(['node-0']);
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 1, numberReady: 1 });
  });

  it('HIS-03: a port that another pod has: not wanted at all, and a running pod goes', async () => {
    const cluster = await TestCluster.start(3, '1.11');
    const port = { ports: [{ containerPort: 80, hostPort: 80 }] };
    await occupy(cluster, 'first', 'node-0', port);
    await cluster.createSet({ pod: { containers: [{ name: 'main', image: 'a:1', ...port }] } });
    await cluster.rollOut();
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 2, currentNumberScheduled: 2 });
    expect(cluster.happened()).toEqual({ SuccessfulCreate: 2 });
    await occupy(cluster, 'second', 'node-1', port);
    await cluster.patchSet({ metadata: { labels: { look: 'again' } } });
    await cluster.rollOut();
    expect(nodesWithPods(cluster)).toEqual(['node-2']);
    expect(cluster.happened()).toEqual({ SuccessfulDelete: 1 });
  });
});

describe('era 1.11: waiting for room', () => {
  it('HIS-03, HIS-04: too little CPU: wanted and not made, told in an event; made when another pod leaves', async () => {
    const cluster = await TestCluster.start(2, '1.11');
    await occupy(cluster, 'hungry', 'node-0', requests('3500m').containers[0]!);
    await cluster.createSet({ pod: requests('1') });
    await cluster.settled();
    expect(nodesWithPods(cluster)).toEqual(['node-1']);
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 2, currentNumberScheduled: 1 });
    expect(cluster.events).toContain(
      `FailedPlacement failed to place pod on "node-0": Node didn't have enough resource: cpu, requested: 1000, used: 3500, capacity: 4000`,
    );
    await remove(cluster, 'hungry');
    await cluster.settled();
    expect(nodesWithPods(cluster)).toEqual(['node-0', 'node-1']);
  });

  it('HIS-04: each set that waits for the node is looked at again, and waits on if there is still too little', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    for (const name of ['one', 'two']) await occupy(cluster, name, 'node-0', requests('2').containers[0]!);
    for (const name of ['small', 'large'])
      await cluster.createSet({ name, pod: requests(name === 'small' ? '1' : '3') });
    await cluster.settled();
    const owners = () => cluster.pods().flatMap(pod => pod.metadata.ownerReferences?.map(({ name }) => name) ?? []);
    expect(owners()).toEqual([]);
    await remove(cluster, 'one');
    await cluster.settled();
    expect(owners()).toEqual(['small']);
    await remove(cluster, 'two');
    await cluster.settled();
    expect(owners().sort()).toEqual(['large', 'small']);
  });

  it('HIS-04: nobody waits for a port', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    const port = { ports: [{ containerPort: 80, hostPort: 80 }] };
    await occupy(cluster, 'server', 'node-0', port);
    await cluster.createSet({ pod: { containers: [{ name: 'main', image: 'a:1', ...port }] } });
    await cluster.settled();
    await remove(cluster, 'server');
    await cluster.settled();
    expect(cluster.happened()).toEqual({});
    await cluster.patchSet({ metadata: { labels: { look: 'again' } } });
    await cluster.settled();
    expect(cluster.happened()).toEqual({ SuccessfulCreate: 1 });
  });

  it('HIS-04: a node that grows is tried again, and a set that is gone waits no more', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    await cluster.createSet({ pod: requests('6') });
    await cluster.createSet({ name: 'late', pod: requests('5') });
    await cluster.settled();
    expect(cluster.pods()).toEqual([]);
    await cluster.registry.delete(daemonSets, NAMESPACE, 'late');
    await cluster.settled();
    cluster.happened();
    const node = cluster.registry.get(nodes, '', 'node-0')!.object;
    const status = { ...node.status, allocatable: { ...node.status.allocatable, cpu: '12' } };
    await cluster.registry.update(nodes, { ...node, status }, { subresource: 'status' });
    await cluster.settled();
    expect(cluster.happened()).toEqual({ SuccessfulCreate: 1 });
  });

  it('HIS-04: who has found room, or is gone, is woken by no pod that leaves', async () => {
    const cluster = await TestCluster.idle(1, '1.11');
    await occupy(cluster, 'hungry', 'node-0', requests('3500m').containers[0]!);
    await cluster.createSet({ pod: requests('1') });
    await cluster.createSet({ name: 'late', pod: requests('64') });
    expect([await cluster.sync(), await cluster.sync('late')]).toEqual(['0/0/1', '0/0/1']);
    await cluster.woken();
    await remove(cluster, 'hungry');
    expect(await cluster.woken()).toEqual(['agent', 'late']);
    expect([await cluster.sync(), await cluster.sync('late')]).toEqual(['1/0/0', '0/0/1']);
    await cluster.registry.delete(daemonSets, NAMESPACE, 'late');
    await cluster.sync('late');
    await occupy(cluster, 'guest', 'node-0', requests('1').containers[0]!);
    await cluster.woken();
    await remove(cluster, 'guest');
    expect(await cluster.woken()).toEqual([]);
  });

  it('HIS-03: nothing is touched where a wanted pod finds no room, not even what has failed there', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    await cluster.createSet({ pod: requests('1') });
    await cluster.rollOut();
    await occupy(cluster, 'hungry', 'node-0', requests('3500m').containers[0]!);
    cluster.happened();
    await cluster.setStatus(daemonPods(cluster)[0]!, 'Failed', false);
    await cluster.settled();
    expect(cluster.happened()).toEqual({ FailedPlacement: expect.any(Number) });
    await remove(cluster, 'hungry');
    await cluster.settled();
    expect(cluster.happened()).toMatchObject({ FailedDaemonPod: 1, SuccessfulDelete: 1 });
  });
});

describe('era 1.11: the order of a sync', () => {
  it('HIS-05: a sync that failed leaves the status alone', async () => {
    const cluster = await TestCluster.start(2, '1.11');
    const allow = refusePods(cluster);
    await cluster.createSet();
    await cluster.settled();
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 0 });
    expect(cluster.status().observedGeneration).toBeUndefined();
    allow();
    await cluster.advance(60_000);
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 2, observedGeneration: 1 });
  });

  it('HIS-05: failed pods are an error, also while they wait for their backoff, and hold up the status', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    await cluster.createSet();
    await cluster.rollOut();
    await cluster.setStatus(cluster.pods()[0]!, 'Failed', false);
    await cluster.settled();
    expect(String(cluster.errors[0])).toBe(`Error: deleted 1 failed pods of DaemonSet ${NAMESPACE}/agent`);
    await cluster.rollOut();
    const [second] = cluster.pods();
    await cluster.setStatus(second!, 'Failed', false);
    await cluster.settled();
    // The second failure within a second waits.
    expect(cluster.pods().map(pod => pod.metadata.uid)).toEqual([second!.metadata.uid]);
    expect(cluster.status()).toMatchObject({ numberReady: 1 });
    await cluster.advance(5_000);
    await cluster.rollOut();
    expect(cluster.pods().map(pod => pod.status.phase)).toEqual(['Running']);
    expect(cluster.status()).toMatchObject({ numberReady: 1 });
  });

  it('HIS-05: pods that succeeded stay', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    await cluster.createSet();
    await cluster.rollOut();
    const [pod] = cluster.pods();
    cluster.happened();
    await cluster.setStatus(pod!, 'Succeeded', false);
    await cluster.advance(60_000);
    expect(cluster.happened()).toEqual({});
    expect(cluster.pods().map(p => p.metadata.uid)).toEqual([pod!.metadata.uid]);
    expect(cluster.status()).toMatchObject({ numberReady: 0, currentNumberScheduled: 1 });
  });

  it('HIS-05: who has ended and is going stands in the way until it is gone', async () => {
    for (const [era, count] of [
      ['1.11', 1],
      ['current', 2],
    ] as const) {
      const cluster = await TestCluster.start(1, era);
      await cluster.createSet();
      await cluster.rollOut();
      const [pod] = cluster.pods();
      await cluster.patchPod(pod!, { metadata: { finalizers: ['example.com/held'] } });
      await cluster.setStatus(pod!, 'Failed', false);
      await cluster.advance(60_000);
      expect(cluster.pods()).toHaveLength(count);
    }
  });

  it('HIS-05: who was told to go by others is told again where it may not be, once', async () => {
    for (const [era, told] of [
      ['1.11', { SuccessfulDelete: 1 }],
      ['current', {}],
    ] as const) {
      const cluster = await TestCluster.start(1, era);
      await cluster.createSet();
      await cluster.rollOut();
      cluster.happened();
      const [pod] = cluster.pods();
      await cluster.registry.delete(pods, NAMESPACE, pod!.metadata.name);
      await cluster.patchSet({ metadata: { labels: { look: 'once' } } });
      await cluster.settled();
      expect(cluster.happened()).toEqual({});
      await cluster.taint('node-0', { key: 'gone', effect: 'NoExecute' });
      await cluster.settled();
      await cluster.patchSet({ metadata: { labels: { look: 'again' } } });
      await cluster.settled();
      expect(cluster.happened()).toEqual(told);
    }
  });

  it('HIS-05: unbound pods that are meant for a node that is gone are nobody’s', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    const set = await cluster.createSet();
    await cluster.rollOut();
    const { metadata, spec } = cluster.pods()[0]!;
    const affinity = {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['gone'] }] }],
        },
      },
    };
    await cluster.registry.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'left',
        namespace: NAMESPACE,
        labels: metadata.labels,
        ownerReferences: metadata.ownerReferences,
      },
      spec: { containers: spec.containers, affinity },
      status: {},
    });
    await cluster.settled();
    expect(set.metadata.uid).toBe(metadata.ownerReferences?.[0]?.uid);
    expect(cluster.pods().map(pod => pod.metadata.name)).toContain('left');
  });
});

describe('era 1.11: rolling out', () => {
  it('HIS-06: by maxUnavailable', async () => {
    const cluster = await TestCluster.start(4, '1.11');
    await cluster.createSet(rolling({ maxUnavailable: 2 }));
    await cluster.rollOut();
    cluster.happened();
    await cluster.setImage('new:1');
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 2 });
    await cluster.rollOut();
    expect(cluster.pods().map(imageOf)).toEqual(Array(4).fill('new:1'));
  });

  it('HIS-06: old pods that are not available go at once, and the others none the slower', async () => {
    const deleted: Record<string, number> = {};
    for (const era of ['1.11', 'current'] as const) {
      const cluster = await TestCluster.start(4, era);
      await cluster.createSet(rolling({ maxUnavailable: 1 }));
      await cluster.rollOut();
      for (const pod of cluster.pods().slice(0, 2)) await cluster.setStatus(pod, 'Running', false);
      await cluster.settled();
      cluster.happened();
      await cluster.setImage('new:1');
      deleted[era] = (await cluster.traffic()).deleted;
    }
    expect(deleted).toEqual({ '1.11': 2, current: 2 });
  });

  it('HIS-06: what they leave of the limit is for those that are available, first by their nodes’ names', async () => {
    const cluster = await TestCluster.idle(5, '1.11');
    await cluster.createSet(rolling({ maxUnavailable: 3 }));
    await cluster.sync();
    // That of the first node with an available one is the youngest.
    await remove(cluster, cluster.podsOn('node-1')[0]!.metadata.name);
    await cluster.sync();
    const isReady = (pod: Pod) => nodeOf(pod) !== 'node-0' && nodeOf(pod) !== 'node-4';
    for (const pod of cluster.pods()) await cluster.setStatus(pod, 'Running', isReady(pod));
    await cluster.setImage('new:1');
    expect(await cluster.sync()).toBe('0/3/0');
    expect(nodesWithPods(cluster)).toEqual(['node-2', 'node-3']);
  });

  it('HIS-06: a share is of the nodes that are wanted, and those without a pod use it up', async () => {
    const cluster = await TestCluster.start(4, '1.11');
    await cluster.taint('node-3', { key: 'dedicated', effect: 'NoSchedule' });
    await occupy(cluster, 'hungry', 'node-2', requests('3500m').containers[0]!);
    await cluster.createSet({ ...rolling({ maxUnavailable: '26%' }), pod: requests('1') });
    await cluster.rollOut();
    expect(nodesWithPods(cluster)).toEqual(['node-0', 'node-1']);
    cluster.happened();
    // One of three, and that is node-2.
    await cluster.patchSet({ spec: { template: { metadata: { annotations: { new: 'one' } } } } });
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 0 });
    await cluster.patchSet(rolling({ maxUnavailable: '34%' }));
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 1 });
  });

  it('HIS-06: of a surge nothing is known: one pod at a time goes', async () => {
    const cluster = await TestCluster.start(3, '1.11');
    await cluster.createSet(rolling({ maxUnavailable: 0, maxSurge: 2 }));
    await cluster.rollOut();
    cluster.happened();
    await cluster.setImage('new:1');
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 1 });
    await cluster.rollOut();
    expect(cluster.pods().map(imageOf)).toEqual(Array(3).fill('new:1'));
  });

  it('HIS-06: who just became ready is not available yet', async () => {
    const cluster = await TestCluster.start(2, '1.11');
    await cluster.createSet({ spec: { ...rolling({ maxUnavailable: 1 }).spec, minReadySeconds: 30 } });
    await cluster.runPods();
    await cluster.advance(30_000);
    expect(cluster.status()).toMatchObject({ numberAvailable: 2 });
    await cluster.setImage('new:1');
    await cluster.runPods();
    await cluster.runPods();
    await cluster.runPods();
    expect(cluster.pods().map(imageOf).sort()).toEqual(['new:1', 'registry.example/agent:1']);
    await cluster.advance(30_000);
    await cluster.runPods();
    await cluster.runPods();
    expect(cluster.pods().map(imageOf)).toEqual(['new:1', 'new:1']);
  });
});
