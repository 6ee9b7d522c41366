// Taints that come and go under daemon pods, and the tolerations that every daemon pod has.
import { type Cluster, createCluster, resources } from 'kubette';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { daemonSets, nodes, pods } = resources;

const agent = (podSpec = '') => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      containers:
      - {name: agent, image: 'registry.example.com/agent:1'}
${podSpec}`;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual', nodes: 2 });
});
afterEach(() => cluster.close());

const apply = async (manifest: string) => {
  await cluster.apply(manifest);
  await cluster.settled();
};
/** As `kubectl taint node NAME …` does; without any, all go. */
const taint = async (node: string, ...taints: { key: string; value?: string; effect: string }[]) => {
  await cluster.registry.patch(nodes, '', node, { type: 'merge', body: { spec: { taints } } });
  await cluster.settled();
};
const podOn = (node: string) =>
  cluster.registry.all(pods, 'default').find(pod => pod.object.spec.nodeName === node)?.object;
const nodesWithPods = () => ['node-1', 'node-2'].filter(podOn);
const status = () => cluster.registry.get(daemonSets, 'default', 'agent')!.object.status;

describe('the tolerations that daemon pods are given', () => {
  const always = [
    { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
    { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
    { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
  ];
  const ofHostNetwork = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' };

  it('POD-06, POD-06a, POD-06c, T12: the table, in its order; the template itself has none of it', async () => {
    await apply(agent());
    expect(podOn('node-1')!.spec.tolerations).toEqual(always);
    const { template } = cluster.registry.get(daemonSets, 'default', 'agent')!.object.spec;
    expect(template.spec).not.toHaveProperty('tolerations');
  });

  it('POD-06, T11: on the host network one more', async () => {
    await apply(
      agent(`
      hostNetwork: true`),
    );
    expect(podOn('node-1')!.spec.tolerations).toEqual([...always, ofHostNetwork]);
  });

  it('POD-06, POD-06b, T10: they come behind those of the template, and in the place of what says the same with an end', async () => {
    await apply(
      agent(`
      tolerations:
      - key: dedicated
        operator: Equal
        value: database
        effect: NoSchedule
      - key: node.kubernetes.io/unreachable
        operator: Exists
        effect: NoExecute
        tolerationSeconds: 60`),
    );
    const [notReady, unreachable, ...others] = always;
    expect(podOn('node-1')!.spec.tolerations).toEqual([
      { key: 'dedicated', operator: 'Equal', value: 'database', effect: 'NoSchedule' },
      unreachable,
      notReady,
      ...others,
    ]);
  });

  it.each(['disk-pressure', 'memory-pressure', 'pid-pressure'])(
    'POD-06, NODE-04, TestTaintPressureNodeDaemonLaunchesPod: %s keeps no daemon away',
    async pressure => {
      await cluster.registry.patch(nodes, '', 'node-1', {
        type: 'merge',
        body: { metadata: { annotations: { 'kubette.dev/behavior': pressure } } },
      });
      await cluster.settled();
      expect(cluster.registry.get(nodes, '', 'node-1')!.object.spec.taints).toMatchObject([
        { key: `node.kubernetes.io/${pressure}`, effect: 'NoSchedule' },
      ]);
      await apply(agent());
      expect(status()).toMatchObject({ desiredNumberScheduled: 2, currentNumberScheduled: 2 });
      expect(nodesWithPods()).toEqual(['node-1', 'node-2']);
    },
  );

  it('POD-06, NODE-04, TNT-12: nor does a cordon', async () => {
    await cluster.registry.patch(nodes, '', 'node-1', { type: 'merge', body: { spec: { unschedulable: true } } });
    await cluster.settled();
    expect(cluster.registry.get(nodes, '', 'node-1')!.object.spec.taints).toMatchObject([
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
    ]);
    await apply(agent());
    expect(nodesWithPods()).toEqual(['node-1', 'node-2']);
    expect(status()).toMatchObject({ desiredNumberScheduled: 2, numberReady: 2 });
  });

  it('POD-06, T11, TestUnschedulableNodeDaemonDoesLaunchPod: without a network there are only those of the host network', async () => {
    await cluster.registry.patch(
      nodes,
      '',
      'node-1',
      {
        type: 'strategic',
        body: { status: { conditions: [{ type: 'NetworkUnavailable', status: 'True', reason: 'NoRouteCreated' }] } },
      },
      { subresource: 'status' },
    );
    await apply(agent());
    expect(cluster.registry.get(nodes, '', 'node-1')!.object.spec.taints).toMatchObject([
      { key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule' },
    ]);
    expect(nodesWithPods()).toEqual(['node-2']);
    await apply(
      agent(`
      hostNetwork: true`),
    );
    expect(nodesWithPods()).toEqual(['node-1', 'node-2']);
  });
});

describe('taints that come and go', () => {
  beforeEach(() => apply(agent()));
  const dedicated = (effect: string) => ({ key: 'dedicated', value: 'database', effect });

  it('NODE-04, MAN-02, TestNoScheduleTaintedDoesntEvicitRunningIntolerantPod: NoSchedule leaves the pod that is there', async () => {
    const before = podOn('node-1')!.metadata.uid;
    await taint('node-1', dedicated('NoSchedule'));
    expect(podOn('node-1')!.metadata.uid).toBe(before);
    expect(cluster.explain('agent', 'node-1')).toMatchObject({ wanted: false, shouldContinue: true, actual: 'EXTRA' });
    expect(cluster.explain('agent', 'node-1').reason).toContain('the one that is there may stay');

    // Once that is gone no other comes,
    await cluster.registry.delete(pods, 'default', podOn('node-1')!.metadata.name);
    await cluster.settled();
    expect(nodesWithPods()).toEqual(['node-2']);
    expect(status()).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 0 });
    // until the taint goes.
    await taint('node-1');
    expect(nodesWithPods()).toEqual(['node-1', 'node-2']);
    expect(status()).toMatchObject({ desiredNumberScheduled: 2, numberReady: 2 });
  });

  it('NODE-03, MAN-03, TNT-10, TestNoExecuteTaintedDoesEvicitRunningIntolerantPod: NoExecute takes the pod away', async () => {
    await taint('node-1', dedicated('NoExecute'));
    expect(nodesWithPods()).toEqual(['node-2']);
    await taint('node-1');
    expect(nodesWithPods()).toEqual(['node-1', 'node-2']);
  });

  it('NODE-05: PreferNoSchedule changes nothing', async () => {
    const before = podOn('node-1')!.metadata.uid;
    await taint('node-1', dedicated('PreferNoSchedule'));
    expect(podOn('node-1')!.metadata.uid).toBe(before);
    await cluster.registry.delete(pods, 'default', podOn('node-1')!.metadata.name);
    await cluster.settled();
    expect(nodesWithPods()).toEqual(['node-1', 'node-2']);
  });

  it.each(['NoSchedule', 'NoExecute'])(
    'NODE-06, TestTaintedNodeDaemonLaunchesToleratePod: who tolerates %s comes in spite of it',
    async effect => {
      await taint('node-1', dedicated(effect));
      await apply(
        agent(`
      tolerations:
      - key: dedicated
        operator: Equal
        value: database
        effect: ${effect}`),
      );
      expect(nodesWithPods()).toEqual(['node-1', 'node-2']);
      expect(podOn('node-1')!.status.phase).toBe('Running');
      await taint('node-1', { ...dedicated(effect), value: 'web' });
      expect(cluster.explain('agent', 'node-1').wanted).toBe(false);
    },
  );

  it('NODE-04: who tolerates NoExecute alone may stay under both, and does not come anew', async () => {
    await apply(
      agent(`
      tolerations:
      - key: dedicated
        operator: Exists
        effect: NoExecute`),
    );
    const before = podOn('node-1')!.metadata.uid;
    await taint('node-1', dedicated('NoExecute'), dedicated('NoSchedule'));
    expect(podOn('node-1')!.metadata.uid).toBe(before);
    expect(cluster.explain('agent', 'node-1')).toMatchObject({ wanted: false, shouldContinue: true });
  });
});

describe('NoExecute that is tolerated for a while', () => {
  it('TNT-11, NODE-05, T09: the pod is evicted when its time is up, and comes back at once, over and over', async () => {
    await apply(
      agent(`
      tolerations:
      - key: maintenance
        operator: Exists
        effect: NoExecute
        tolerationSeconds: 30`),
    );
    await taint('node-1', { key: 'maintenance', effect: 'NoExecute' });
    const first = podOn('node-1')!;
    await cluster.advance('29s');
    expect(podOn('node-1')!.metadata.uid).toBe(first.metadata.uid);
    await cluster.advance('2s');
    const second = podOn('node-1')!;
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
    await cluster.advance('31s');
    expect(podOn('node-1')!.metadata.uid).not.toBe(second.metadata.uid);
    expect(nodesWithPods()).toEqual(['node-1', 'node-2']);
  });

  it('TNT-08: a taint that goes in time takes the threat with it', async () => {
    await apply(
      agent(`
      tolerations:
      - key: maintenance
        operator: Exists
        effect: NoExecute
        tolerationSeconds: 30`),
    );
    const before = podOn('node-1')!.metadata.uid;
    await taint('node-1', { key: 'maintenance', effect: 'NoExecute' });
    await cluster.advance('29s');
    await taint('node-1');
    await cluster.advance('5m');
    expect(podOn('node-1')!.metadata.uid).toBe(before);
  });

  it('POD-06, TNT-10, T10: a node that is not ready, or silent, keeps its daemons for good', async () => {
    await apply(
      agent(`
      tolerations:
      - key: node.kubernetes.io/unreachable
        operator: Exists
        effect: NoExecute
        tolerationSeconds: 60`),
    );
    const before = podOn('node-1')!.metadata.uid;
    await cluster.registry.patch(nodes, '', 'node-1', {
      type: 'merge',
      body: { metadata: { annotations: { 'kubette.dev/behavior': 'down' } } },
    });
    await cluster.advance('1h');
    expect(cluster.registry.get(nodes, '', 'node-1')!.object.spec.taints?.map(t => `${t.key}:${t.effect}`)).toEqual(
      expect.arrayContaining(['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']),
    );
    expect(podOn('node-1')!.metadata.uid).toBe(before);
    expect(podOn('node-1')!.metadata).not.toHaveProperty('deletionTimestamp');
    // There is no toleration for unreachable:NoSchedule, so the pod is where none is wanted.
    expect(status()).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 1 });
  });
});
