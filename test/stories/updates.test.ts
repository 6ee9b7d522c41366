// What reaches the pods of a DaemonSet when it changes, and what does not reach it when they do.
import { type Cluster, createCluster, resources } from 'kubette';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { controllerRevisions, daemonSets, pods } = resources;

const agent = (image: string, updateStrategy: string) => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector:
    matchLabels: {app: agent}
  updateStrategy: ${updateStrategy}
  template:
    metadata:
      labels: {app: agent}
      annotations: {kubette.dev/start-delay: 10s, kubette.dev/stop-delay: 5s}
    spec:
      containers:
      - {name: agent, image: '${image}'}
`;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual', nodes: 4 });
});
afterEach(() => cluster.close());

const apply = async (manifest: string) => {
  await cluster.apply(manifest);
  await cluster.settled();
};
const livePods = () =>
  cluster.registry
    .all(pods, 'default')
    .map(pod => pod.object)
    .filter(pod => pod.metadata.deletionTimestamp === undefined);
const images = () =>
  livePods()
    .map(pod => pod.spec.containers[0]!.image)
    .sort();
const readyPods = () =>
  livePods().filter(pod => pod.status.conditions?.some(c => c.type === 'Ready' && c.status === 'True')).length;
const status = () => cluster.registry.get(daemonSets, 'default', 'agent')!.object.status;

describe('editing a pod', () => {
  it('LIFE-05, UPD-01: does not reach the template, nor the other pods; nor does the controller undo it', async () => {
    await apply(agent('agent:1', '{type: RollingUpdate}'));
    await cluster.advance('1m');
    const before = cluster.registry.get(daemonSets, 'default', 'agent')!.object;
    const [pod] = livePods();
    await cluster.registry.patch(pods, 'default', pod!.metadata.name, {
      type: 'strategic',
      body: {
        metadata: { labels: { debug: 'yes' } },
        spec: { containers: [{ name: 'agent', image: 'agent:patched' }] },
      },
    });
    const network = cluster.registry.patch(pods, 'default', pod!.metadata.name, {
      type: 'merge',
      body: { spec: { hostNetwork: true } },
    });
    await expect(network).rejects.toThrow('pod updates may not change fields other than');
    await cluster.advance('1m');
    expect(images()).toEqual(['agent:1', 'agent:1', 'agent:1', 'agent:patched']);
    const after = cluster.registry.get(daemonSets, 'default', 'agent')!.object;
    expect(after.spec).toEqual(before.spec);
    expect(after.metadata.generation).toBe(1);
    expect(status()).toMatchObject({ updatedNumberScheduled: 4, numberReady: 4 });

    // The pod that takes its place is as the template has it.
    await cluster.registry.delete(pods, 'default', pod!.metadata.name);
    await cluster.advance('1m');
    expect(images()).toEqual(['agent:1', 'agent:1', 'agent:1', 'agent:1']);
  });
});

describe('RollingUpdate', () => {
  it('UPD-07, should update pod when spec was updated and update strategy is RollingUpdate: one after the other', async () => {
    await apply(agent('agent:1', '{type: RollingUpdate}'));
    await cluster.advance('1m');
    expect(status()).toMatchObject({ numberReady: 4 });

    await apply(agent('agent:2', '{type: RollingUpdate}'));
    const seen = new Set<string>();
    for (let second = 0; second < 90; second++) {
      await cluster.advance('1s');
      expect(readyPods()).toBeGreaterThanOrEqual(3);
      seen.add(
        images()
          .filter(image => image === 'agent:2')
          .length.toString(),
      );
    }
    expect([...seen]).toEqual(['0', '1', '2', '3', '4']);
    expect(images()).toEqual(['agent:2', 'agent:2', 'agent:2', 'agent:2']);
    expect(status()).toMatchObject({ observedGeneration: 2, updatedNumberScheduled: 4, numberAvailable: 4 });
    expect(status()).not.toHaveProperty('numberUnavailable');
  });

  it('UPD-02, T23: maxUnavailable 50% is two of four at once', async () => {
    const half = '{type: RollingUpdate, rollingUpdate: {maxUnavailable: 50%}}';
    await apply(agent('agent:1', half));
    await cluster.advance('1m');
    await apply(agent('agent:2', half));
    expect(livePods()).toHaveLength(2);
    for (let second = 0; second < 60; second++) {
      await cluster.advance('1s');
      expect(readyPods()).toBeGreaterThanOrEqual(2);
    }
    expect(images()).toEqual(['agent:2', 'agent:2', 'agent:2', 'agent:2']);
  });

  it('SUR-06, SUR-10: with maxSurge the new pod is ready before the old one goes, so there are never fewer than four', async () => {
    const surge = '{type: RollingUpdate, rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}';
    await apply(agent('agent:1', surge));
    await cluster.advance('1m');
    await apply(agent('agent:2', surge));
    expect(livePods()).toHaveLength(5);
    for (let second = 0; second < 90; second++) {
      await cluster.advance('1s');
      expect(readyPods()).toBeGreaterThanOrEqual(4);
      expect(livePods().length).toBeLessThanOrEqual(5);
    }
    expect(images()).toEqual(['agent:2', 'agent:2', 'agent:2', 'agent:2']);
  });

  it('UPD-14: one that never gets ready holds the others back', async () => {
    await apply(agent('agent:1', '{type: RollingUpdate}'));
    await cluster.advance('1m');
    await apply(agent('agent:missing', '{type: RollingUpdate}'));
    await cluster.advance('1h');
    expect(images()).toEqual(['agent:1', 'agent:1', 'agent:1', 'agent:missing']);
    expect(status()).toMatchObject({ updatedNumberScheduled: 1, numberUnavailable: 1 });
  });

  it('REV-05, RBK-03, T19, should rollback without unnecessary restarts: the way back leaves alone what was not moved yet', async () => {
    await apply(agent('agent:1', '{type: RollingUpdate}'));
    await cluster.advance('1m');
    await apply(agent('agent:missing', '{type: RollingUpdate}'));
    await cluster.advance('1m');
    const untouched = livePods().filter(pod => pod.spec.containers[0]!.image === 'agent:1');
    await apply(agent('agent:1', '{type: RollingUpdate}'));
    await cluster.advance('1m');
    expect(images()).toEqual(['agent:1', 'agent:1', 'agent:1', 'agent:1']);
    const names = livePods().map(pod => pod.metadata.name);
    expect(names).toEqual(expect.arrayContaining(untouched.map(pod => pod.metadata.name)));
    const revisions = cluster.registry.all(controllerRevisions, 'default').map(({ object }) => object.revision);
    expect(revisions.sort()).toEqual([2, 3]);
  });

  it('API-07, REV-11, T56: labels of the DaemonSet itself restart nothing; those of its template do', async () => {
    await apply(agent('agent:1', '{type: RollingUpdate}'));
    await cluster.advance('1m');
    const before = livePods().map(pod => pod.metadata.name);
    await cluster.registry.patch(daemonSets, 'default', 'agent', {
      type: 'merge',
      body: { metadata: { labels: { team: 'a' } } },
    });
    await cluster.advance('2m');
    expect(livePods().map(pod => pod.metadata.name)).toEqual(before);
    await cluster.registry.patch(daemonSets, 'default', 'agent', {
      type: 'merge',
      body: { spec: { template: { metadata: { labels: { team: 'a' } } } } },
    });
    await cluster.advance('2m');
    expect(
      livePods()
        .map(pod => pod.metadata.name)
        .filter(name => before.includes(name)),
    ).toEqual([]);
  });
});

describe('OnDelete', () => {
  it('OND-01, should not update pod when spec was updated and update strategy is OnDelete: a pod is new when its old one was deleted', async () => {
    await apply(agent('agent:1', '{type: OnDelete}'));
    await cluster.advance('1m');
    await apply(agent('agent:2', '{type: OnDelete}'));
    await cluster.advance('1h');
    expect(images()).toEqual(['agent:1', 'agent:1', 'agent:1', 'agent:1']);
    expect(status()).toMatchObject({ observedGeneration: 2, numberReady: 4 });
    expect(status()).not.toHaveProperty('updatedNumberScheduled');
    expect(cluster.registry.all(controllerRevisions, 'default')).toHaveLength(2);

    await cluster.registry.delete(pods, 'default', livePods()[0]!.metadata.name);
    await cluster.advance('1m');
    expect(images()).toEqual(['agent:1', 'agent:1', 'agent:1', 'agent:2']);
    expect(status()).toMatchObject({ updatedNumberScheduled: 1 });
  });

  it('UPD-10, DEF-03: a change of mind rolls out what had waited', async () => {
    await apply(agent('agent:1', '{type: OnDelete}'));
    await cluster.advance('1m');
    await apply(agent('agent:2', '{type: OnDelete}'));
    await cluster.advance('1m');
    await cluster.registry.patch(daemonSets, 'default', 'agent', {
      type: 'merge',
      body: { spec: { updateStrategy: { type: 'RollingUpdate' } } },
    });
    expect(cluster.registry.get(daemonSets, 'default', 'agent')!.object.spec.updateStrategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    });
    await cluster.advance('2m');
    expect(images()).toEqual(['agent:2', 'agent:2', 'agent:2', 'agent:2']);
  });
});
