// What becomes of the pods when their DaemonSet is deleted, and who comes after it.
import { type Cluster, createCluster, resources } from 'kubette';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { controllerRevisions, daemonSets, pods } = resources;

const agent = (name: string, image: string) => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}}
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      containers:
      - {name: agent, image: '${image}'}
`;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual', nodes: 3 });
  await cluster.apply(agent('agent', 'agent:1'));
  await cluster.settled();
});
afterEach(() => cluster.close());

const allPods = () => cluster.registry.all(pods, 'default').map(pod => pod.object);
const names = () => allPods().map(pod => pod.metadata.name);
const owners = () => [...new Set(allPods().map(pod => pod.metadata.ownerReferences?.[0]?.name))];
const keepThePods = async () => {
  await cluster.registry.delete(daemonSets, 'default', 'agent', { propagationPolicy: 'Orphan' });
  await cluster.settled();
};

describe('deleting a DaemonSet', () => {
  it('API-11, GC-01: takes its pods and its revisions along', async () => {
    await cluster.registry.delete(daemonSets, 'default', 'agent');
    expect(cluster.registry.get(daemonSets, 'default', 'agent')).toBeUndefined();
    await cluster.settled();
    expect(allPods()).toEqual([]);
    expect(cluster.registry.all(controllerRevisions, 'default')).toEqual([]);
  });

  it('GC-02, T40: in the foreground, it stays until the last pod is gone, and makes none meanwhile', async () => {
    for (const name of names()) {
      await cluster.registry.patch(pods, 'default', name, {
        type: 'merge',
        body: { metadata: { annotations: { 'kubette.dev/stop-delay': '20s' } } },
      });
    }
    await cluster.registry.delete(daemonSets, 'default', 'agent', { propagationPolicy: 'Foreground' });
    await cluster.advance('19s');
    const { metadata } = cluster.registry.get(daemonSets, 'default', 'agent')!.object;
    expect(metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(metadata.deletionTimestamp).toBeDefined();
    expect(allPods()).toHaveLength(3);
    await cluster.registry.delete(pods, 'default', names()[0]!, { gracePeriodSeconds: 0 });
    await cluster.settled();
    expect(allPods()).toHaveLength(2);
    await cluster.advance('5s');
    expect(allPods()).toEqual([]);
    expect(cluster.registry.get(daemonSets, 'default', 'agent')).toBeUndefined();
  });

  it('GC-03: keeping the pods (kubectl delete --cascade=orphan), they run on and are nobody’s', async () => {
    const before = names();
    await keepThePods();
    expect(cluster.registry.get(daemonSets, 'default', 'agent')).toBeUndefined();
    await cluster.advance('1h');
    expect(names()).toEqual(before);
    for (const { metadata, status } of allPods()) {
      expect(metadata.ownerReferences ?? []).toEqual([]);
      expect(metadata.labels).toMatchObject({ app: 'agent', 'controller-revision-hash': expect.any(String) });
      expect(status.phase).toBe('Running');
    }
    expect(cluster.registry.all(controllerRevisions, 'default')).toHaveLength(1);
  });

  it('GC-03: and nobody brings them back when they are deleted', async () => {
    await keepThePods();
    await cluster.registry.delete(pods, 'default', names()[0]!);
    await cluster.advance('1h');
    expect(allPods()).toHaveLength(2);
  });
});

describe('a successor', () => {
  it('GC-04, REF-05, REF-08, T41: with the same template adopts pods and revision, and restarts nothing', async () => {
    const before = names();
    await keepThePods();
    await cluster.apply(agent('agent', 'agent:1'));
    await cluster.advance('10m');
    expect(names()).toEqual(before);
    expect(owners()).toEqual(['agent']);
    expect(cluster.registry.all(controllerRevisions, 'default')).toHaveLength(1);
    expect(cluster.registry.get(daemonSets, 'default', 'agent')!.object.status).toMatchObject({
      desiredNumberScheduled: 3,
      numberReady: 3,
      updatedNumberScheduled: 3,
    });
  });

  it('GC-04, REF-05: may have another name', async () => {
    const before = names();
    await keepThePods();
    await cluster.apply(agent('heir', 'agent:1'));
    await cluster.advance('10m');
    expect(names()).toEqual(before);
    expect(owners()).toEqual(['heir']);
  });

  it('GC-04, REF-06: with another template adopts the pods and replaces them, one after the other', async () => {
    const before = names();
    await keepThePods();
    await cluster.apply(agent('agent', 'agent:2'));
    await cluster.settled();
    await cluster.advance('10m');
    expect(names().filter(name => before.includes(name))).toEqual([]);
    expect(allPods().map(pod => pod.spec.containers[0]!.image)).toEqual(['agent:2', 'agent:2', 'agent:2']);
    expect(owners()).toEqual(['agent']);
    const revisions = cluster.registry.all(controllerRevisions, 'default').map(({ object }) => object.revision);
    expect(revisions.sort()).toEqual([1, 2]);
  });

  it('REF-05: who selects other labels leaves them alone', async () => {
    const before = names();
    await keepThePods();
    await cluster.apply(agent('agent', 'agent:1').replaceAll('app: agent', 'app: other'));
    await cluster.advance('10m');
    expect(names()).toEqual(expect.arrayContaining(before));
    expect(allPods()).toHaveLength(6);
  });
});
