// Whose a pod is: labels alone decide nothing.
import { type Cluster, createCluster, resources } from 'kubette';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { daemonSets, pods, replicaSets } = resources;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual', nodes: 2 });
  await cluster.apply(`
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
  `);
  await cluster.settled();
});
afterEach(() => cluster.close());

/** `node owner` of each pod of the default namespace. */
const ownersByNode = () =>
  cluster.registry
    .all(pods, 'default')
    .map(({ object: { spec, metadata } }) => {
      const owner = metadata.ownerReferences?.find(reference => reference.controller);
      return `${spec.nodeName} ${owner ? `${owner.kind} ${owner.name}` : 'nobody'}`;
    })
    .sort();
const podOn = (node: string) =>
  cluster.registry.all(pods, 'default').find(pod => pod.object.spec.nodeName === node)!.object;

describe('a stray pod with the same labels', () => {
  it('REF-05, REF-06, DUP-01, TestDealsWithExistingPods: is adopted, and of two on a node the older one stays', async () => {
    const before = podOn('node-1').metadata.name;
    await cluster.advance('10s');
    await cluster.apply(`
      apiVersion: v1
      kind: Pod
      metadata:
        name: stray
        labels: {app: agent}
      spec:
        nodeName: node-1
        containers:
        - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    await cluster.settled();
    expect(ownersByNode()).toEqual(['node-1 DaemonSet agent', 'node-2 DaemonSet agent']);
    expect(podOn('node-1').metadata.name).toBe(before);
  });

  it('REF-05, REF-06, UPD-01: that is there before is adopted and keeps its place, until the next rollout replaces it', async () => {
    await cluster.registry.delete(daemonSets, 'default', 'agent');
    await cluster.settled();
    await cluster.apply(`
      apiVersion: v1
      kind: Pod
      metadata:
        name: stray
        labels: {app: agent}
      spec:
        nodeName: node-1
        containers:
        - {name: agent, image: 'registry.example.com/agent:0'}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector:
          matchLabels: {app: agent}
        updateStrategy:
          type: OnDelete
        template:
          metadata:
            labels: {app: agent}
          spec:
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    await cluster.settled();
    expect(ownersByNode()).toEqual(['node-1 DaemonSet agent', 'node-2 DaemonSet agent']);
    expect(podOn('node-1').metadata.name).toBe('stray');
    expect(cluster.explain('agent', 'node-1')).toMatchObject({ actual: 'PRESENT', upToDate: false });

    await cluster.registry.patch(daemonSets, 'default', 'agent', {
      type: 'merge',
      body: { spec: { updateStrategy: { type: 'RollingUpdate' } } },
    });
    await cluster.settled();
    expect(podOn('node-1').metadata.name).toMatch(/^agent-/);
    expect(podOn('node-1').spec.containers[0]!.image).toBe('registry.example.com/agent:1');
  });

  it('REF-05: in another namespace is left alone', async () => {
    await cluster.apply(`
      apiVersion: v1
      kind: Pod
      metadata:
        name: stray
        namespace: kube-public
        labels: {app: agent}
      spec:
        nodeName: node-1
        containers:
        - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    await cluster.settled();
    expect(cluster.registry.get(pods, 'kube-public', 'stray')!.object.metadata.ownerReferences).toBeUndefined();
    expect(ownersByNode()).toEqual(['node-1 DaemonSet agent', 'node-2 DaemonSet agent']);
  });
});

describe("another controller's pods with the same labels", () => {
  it('REF-04, T01: of a ReplicaSet: neither counts the pods of the other', async () => {
    await cluster.apply(`
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata: {name: web}
      spec:
        replicas: 2
        selector:
          matchLabels: {app: agent}
        template:
          metadata:
            labels: {app: agent}
          spec:
            containers:
            - {name: web, image: 'registry.example.com/web:1'}
    `);
    await cluster.settled();
    expect(ownersByNode()).toEqual([
      'node-1 DaemonSet agent',
      'node-1 ReplicaSet web',
      'node-2 DaemonSet agent',
      'node-2 ReplicaSet web',
    ]);
    await cluster.registry.delete(replicaSets, 'default', 'web');
    await cluster.settled();
    expect(ownersByNode()).toEqual(['node-1 DaemonSet agent', 'node-2 DaemonSet agent']);
  });

  it('REF-04, T54: of another DaemonSet with the same selector: each looks after its own', async () => {
    await cluster.apply(`
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: twin}
      spec:
        selector:
          matchLabels: {app: agent}
        template:
          metadata:
            labels: {app: agent}
          spec:
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    await cluster.settled();
    expect(ownersByNode()).toEqual([
      'node-1 DaemonSet agent',
      'node-1 DaemonSet twin',
      'node-2 DaemonSet agent',
      'node-2 DaemonSet twin',
    ]);
  });
});

describe('a pod of its own that is relabelled', () => {
  it('REF-03, T38: is let go and runs on, and another takes its place; when it is labelled back, one of the two goes', async () => {
    const { name } = podOn('node-1').metadata;
    const label = (app: string) =>
      cluster.registry.patch(pods, 'default', name, { type: 'merge', body: { metadata: { labels: { app } } } });
    await cluster.advance('10s');
    await label('debugging');
    await cluster.settled();
    expect(ownersByNode()).toEqual(['node-1 DaemonSet agent', 'node-1 nobody', 'node-2 DaemonSet agent']);
    expect(cluster.registry.get(pods, 'default', name)!.object.status.phase).toBe('Running');

    await label('agent');
    await cluster.settled();
    expect(ownersByNode()).toEqual(['node-1 DaemonSet agent', 'node-2 DaemonSet agent']);
    expect(podOn('node-1').metadata.name).toBe(name);
  });
});
