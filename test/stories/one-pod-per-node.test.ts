// A DaemonSet brings one pod to every node that it wants, whatever happens to the nodes.
import { type Cluster, createCluster, resources } from 'kubette';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { daemonSets, nodes, pods } = resources;

let cluster: Cluster;
afterEach(() => cluster.close());

/** Which node has which pod of the default namespace; a node with two would show the second. */
const podsByNode = () =>
  Object.fromEntries(cluster.registry.all(pods, 'default').map(({ name, object }) => [object.spec.nodeName, name]));
const nodesWithPods = () => Object.keys(podsByNode()).sort();
const countOfPods = () => cluster.registry.all(pods, 'default').length;
const status = (name: string) => cluster.registry.get(daemonSets, 'default', name)!.object.status;

describe('one pod per node', () => {
  beforeEach(async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 3 });
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

  it('MAN-01, TestSimpleDaemonSetLaunchesPods: every node has exactly one, and the status says so', () => {
    expect(nodesWithPods()).toEqual(['node-1', 'node-2', 'node-3']);
    expect(countOfPods()).toBe(3);
    expect(status('agent')).toEqual({
      observedGeneration: 1,
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      updatedNumberScheduled: 3,
      numberReady: 3,
      numberAvailable: 3,
      numberMisscheduled: 0,
    });
  });

  it('POD-01, POD-03, POD-04: a pod is named after the DaemonSet, is labelled with its revision, and is owned by it', () => {
    const daemonSet = cluster.registry.get(daemonSets, 'default', 'agent')!;
    for (const { object: pod } of cluster.registry.all(pods, 'default')) {
      expect(pod.metadata.generateName).toBe('agent-');
      expect(pod.metadata.name).toMatch(/^agent-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      expect(pod.metadata.labels).toEqual({
        app: 'agent',
        'controller-revision-hash': expect.stringMatching(/^[bcdfghjklmnpqrstvwxz2456789]+$/),
        'pod-template-generation': '1',
      });
      expect(pod.metadata.ownerReferences).toEqual([
        {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          name: 'agent',
          uid: daemonSet.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]);
    }
  });

  it('MAN-01, should run and stop simple daemon: a pod that is deleted comes back on its node', async () => {
    const before = podsByNode();
    await cluster.registry.delete(pods, 'default', before['node-2']!);
    await cluster.settled();
    const after = podsByNode();
    expect(after['node-2']).not.toBe(before['node-2']);
    expect(after).toEqual({ ...before, 'node-2': after['node-2'] });
  });

  it('MAN-05, T02: but not before the old one is gone, however long it takes to stop', async () => {
    const before = podsByNode();
    const slow = { metadata: { annotations: { 'kubette.dev/stop-delay': '20s' } } };
    await cluster.registry.patch(pods, 'default', before['node-2']!, { type: 'merge', body: slow });
    await cluster.registry.delete(pods, 'default', before['node-2']!);
    await cluster.advance('19s');
    expect(podsByNode()).toEqual(before);
    await cluster.advance('2s');
    expect(nodesWithPods()).toEqual(['node-1', 'node-2', 'node-3']);
    expect(podsByNode()['node-2']).not.toBe(before['node-2']);
  });

  it('CTL-05, TestAddNode: a node that joins gets one; the others keep theirs', async () => {
    const before = podsByNode();
    await cluster.apply(`
      apiVersion: v1
      kind: Node
      metadata: {name: node-4}
    `);
    await cluster.settled();
    expect(nodesWithPods()).toEqual(['node-1', 'node-2', 'node-3', 'node-4']);
    expect(podsByNode()).toMatchObject(before);
    expect(status('agent')).toMatchObject({ desiredNumberScheduled: 4, numberReady: 4 });
  });

  it('CTL-06, PGC-01, T34: a node that leaves takes its pod along, when garbage collection comes by', async () => {
    await cluster.registry.delete(nodes, '', 'node-3');
    await cluster.settled();
    // Nothing wakes the DaemonSet because of a node that went.
    expect(nodesWithPods()).toEqual(['node-1', 'node-2', 'node-3']);
    expect(status('agent')).toMatchObject({ desiredNumberScheduled: 3 });

    await cluster.advance('39s');
    expect(nodesWithPods()).toEqual(['node-1', 'node-2', 'node-3']);
    await cluster.advance('42s');
    expect(nodesWithPods()).toEqual(['node-1', 'node-2']);
    expect(status('agent')).toMatchObject({ desiredNumberScheduled: 2, currentNumberScheduled: 2, numberReady: 2 });
  });

  it('PGC-02, T36: a node that comes back in time finds its pod where it was', async () => {
    const before = podsByNode();
    await cluster.registry.delete(nodes, '', 'node-3');
    await cluster.advance('15s');
    await cluster.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-3' } });
    await cluster.advance('5m');
    expect(podsByNode()).toEqual(before);
  });

  it('STA-S1, T59, TestNoNodesDoesNothing: without nodes there is nothing to do, and that is a complete rollout', async () => {
    await cluster.close();
    cluster = await createCluster({ clock: 'virtual', nodes: 0 });
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
    expect(countOfPods()).toBe(0);
    expect(status('agent')).toEqual({
      observedGeneration: 1,
      desiredNumberScheduled: 0,
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
    });
  });
});
