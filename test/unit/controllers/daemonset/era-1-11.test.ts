import { describe, expect, it } from 'vitest';
import { pods } from '../../../../src/resources/index.js';
import { imageOf, NAMESPACE, nodeOf, TestCluster } from './cluster.js';

const requests = (cpu: string) => ({ containers: [{ name: 'main', image: 'a:1', resources: { requests: { cpu } } }] });

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

describe('era 1.11', () => {
  it('HIS-01: pods come bound, of a scheduler of their own, without affinity', async () => {
    const cluster = await TestCluster.start(2, '1.11');
    await cluster.createSet();
    await cluster.settled();
    expect(
      cluster
        .pods()
        .map(p => p.spec.nodeName)
        .sort(),
    ).toEqual(['node-0', 'node-1']);
    for (const { spec } of cluster.pods()) {
      expect(spec.schedulerName).toBe('kubernetes.io/daemonset-controller');
      expect(spec.affinity).toBeUndefined();
      expect(spec.tolerations?.map(t => t.key)).toContain('node.kubernetes.io/unschedulable');
    }
  });

  it('HIS-03, HIS-04: too little CPU: wanted and not made, told in an event; made when another pod leaves', async () => {
    const cluster = await TestCluster.start(2, '1.11');
    await occupy(cluster, 'hungry', 'node-0', requests('3500m').containers[0]!);
    await cluster.createSet({ pod: requests('1') });
    await cluster.settled();
    expect(
      cluster
        .pods()
        .filter(p => p.metadata.name !== 'hungry')
        .map(nodeOf),
    ).toEqual(['node-1']);
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 2, currentNumberScheduled: 1 });
    expect(cluster.events).toContain(
      `FailedPlacement failed to place pod on "node-0": Node didn't have enough resource: cpu, requested: 1000, used: 3500, capacity: 4000`,
    );
    await cluster.registry.delete(pods, NAMESPACE, 'hungry', { gracePeriodSeconds: 0 });
    await cluster.settled();
    expect(cluster.pods().map(nodeOf).sort()).toEqual(['node-0', 'node-1']);
  });

  it('HIS-03: a running pod stays where there is too little for it now', async () => {
    const cluster = await TestCluster.start(1, '1.11');
    await cluster.createSet({ pod: requests('1') });
    await cluster.rollOut();
    await occupy(cluster, 'hungry', 'node-0', requests('3500m').containers[0]!);
    await cluster.patchSet({ metadata: { labels: { look: 'again' } } });
    await cluster.settled();
    expect(cluster.pods()).toHaveLength(2);
  });

  it('HIS-03: a port that another pod has: not wanted at all', async () => {
    const cluster = await TestCluster.start(2, '1.11');
    const port = { ports: [{ containerPort: 80, hostPort: 80 }] };
    await occupy(cluster, 'server', 'node-0', port);
    await cluster.createSet({ pod: { containers: [{ name: 'main', image: 'a:1', ...port }] } });
    await cluster.settled();
    expect(cluster.status()).toMatchObject({ desiredNumberScheduled: 1, currentNumberScheduled: 1 });
    expect(cluster.happened()).toEqual({ SuccessfulCreate: 1 });
  });

  it('HIS-02: taints and cordons as today; the same labels decide', async () => {
    const cluster = await TestCluster.start(3, '1.11');
    await cluster.taint('node-0', { key: 'dedicated', effect: 'NoSchedule' });
    await cluster.changeNode('node-1', node => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
    await cluster.createSet();
    await cluster.settled();
    expect(cluster.pods().map(nodeOf).sort()).toEqual(['node-1', 'node-2']);
  });

  it('HIS-05: pods that succeeded stay; a sync that failed leaves the status alone', async () => {
    const cluster = await TestCluster.start(2, '1.11');
    const create = cluster.registry.create.bind(cluster.registry);
    cluster.registry.create = (async (kind, draft, options) => {
      if (kind.plural === 'pods') throw new Error('no');
      return create(kind, draft, options);
    }) as typeof create;
    await cluster.createSet();
    await cluster.settled();
    expect(cluster.status().observedGeneration).toBeUndefined();
    cluster.registry.create = create;
    await cluster.advance(60_000);
    await cluster.rollOut();
    const [pod] = cluster.pods();
    await cluster.setStatus(pod!, 'Succeeded', false);
    await cluster.settled();
    expect(cluster.pods().map(p => p.metadata.uid)).toContain(pod!.metadata.uid);
  });

  it('HIS-06: rolls out by maxUnavailable', async () => {
    const cluster = await TestCluster.start(4, '1.11');
    await cluster.createSet({
      spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } } },
    });
    await cluster.rollOut();
    cluster.happened();
    await cluster.setImage('new:1');
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 2 });
    await cluster.rollOut();
    expect(cluster.pods().map(imageOf)).toEqual(Array(4).fill('new:1'));
  });
});
