import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import type { DaemonSet, KubeObject, Node } from '../../../src/resources/types.js';

const template = (app: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image: `${app}:1` }] },
});
const daemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'kube-system' },
  spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent') },
};
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template('web') },
};

let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual', manifests: [daemonSet, deployment] });
  await cluster.settled();
});
afterEach(() => cluster.close());

describe('an object by its name', () => {
  it('is found by every word that kubectl has for its kind', () => {
    for (const word of ['ds', 'daemonset', 'daemonsets', 'DaemonSet', 'daemonset.apps', 'daemonsets.apps'])
      expect(cluster.object(`${word}/agent`, 'kube-system').current?.metadata.name).toBe('agent');
    expect(cluster.object('node/worker-1', 'whatever').current?.metadata.name).toBe('worker-1');
    expect(cluster.object('pdb/none').current).toBeUndefined();
  });

  it('is refused where it is none', () => {
    expect(() => cluster.object('agent')).toThrow('"agent" names no object: use kind/name');
    expect(() => cluster.object('ds/a/b')).toThrow(TypeError);
    expect(() => cluster.object('unicorn/a')).toThrow('there is no kind unicorn');
  });

  it('has the type of its kind', () => {
    expectTypeOf(cluster.object('ds/agent').current).toEqualTypeOf<DaemonSet | undefined>();
    expectTypeOf(cluster.object('node/a').current).toEqualTypeOf<Node | undefined>();
    expectTypeOf(cluster.object('pdb/a').current).toEqualTypeOf<KubeObject | undefined>();
  });

  it('shows what is there at the time', async () => {
    const agent = cluster.object('ds/agent', 'kube-system');
    const node = cluster.object('node/worker-1');
    await node.patch({ metadata: { labels: { disk: 'ssd' } } });
    expect(node.current?.metadata.labels).toMatchObject({ disk: 'ssd' });
    await agent.delete();
    await cluster.settled();
    expect(agent.current).toBeUndefined();
    expect(agent.pods()).toEqual([]);
    expect(agent.rollout).toBeUndefined();
    await cluster.reset();
    await cluster.settled();
    expect(agent.pods()).toHaveLength(3);
    expect(node.current?.metadata.labels).not.toHaveProperty('disk');
  });

  it('has pods: those it controls, also through a ReplicaSet; those on it; itself', () => {
    const names = (reference: string, namespace?: string) =>
      cluster
        .object(reference, namespace)
        .pods()
        .map(pod => pod.metadata.name);
    const web = names('deploy/web');
    expect(web).toHaveLength(2);
    expect(names('ds/agent', 'kube-system')).toHaveLength(3);
    expect(names(`pod/${web[0]}`)).toEqual([web[0]]);
    const onWorkers = ['worker-1', 'worker-2', 'worker-3'].flatMap(node => names(`node/${node}`));
    expect(onWorkers.sort()).toEqual([...names('ds/agent', 'kube-system'), ...web].sort());
    expect(names('ns/default')).toEqual([]);
  });

  it('has events, and a rollout in the words of kubectl', () => {
    const agent = cluster.object('ds/agent', 'kube-system');
    expect(agent.events().map(event => event.reason)).toEqual([
      'SuccessfulCreate',
      'SuccessfulCreate',
      'SuccessfulCreate',
    ]);
    expect(cluster.object('ds/agent').events()).toEqual([]);
    expect(agent.rollout).toMatchObject({ done: true, message: 'daemon set "agent" successfully rolled out' });
    expect(cluster.object('node/worker-1').rollout).toBeUndefined();
  });

  it('has placements, if it is a DaemonSet or a node', () => {
    const agent = cluster.object('ds/agent', 'kube-system');
    expect(agent.placements().map(one => [one.node.name, one.actual])).toEqual([
      ['control-plane', 'NOT_WANTED'],
      ['worker-1', 'PRESENT'],
      ['worker-2', 'PRESENT'],
      ['worker-3', 'PRESENT'],
    ]);
    const [placement] = cluster.object('node/worker-1').placements();
    expect(placement).toMatchObject({ actual: 'PRESENT', ready: true });
    expect(placement?.daemonSet.name).toBe('agent');
    expect(() => cluster.object('deploy/web').placements()).toThrow('only DaemonSets and nodes have placements');
    expect(() => cluster.object('ds/none').placements()).toThrow('daemonsets.apps "none" not found');
  });

  it('has a history: every version, when, by whom, and what was changed; also of what is gone', async () => {
    const agent = cluster.object('ds/agent', 'kube-system');
    await cluster.advance('10s');
    await agent.patch({ spec: { minReadySeconds: 5 } });
    await cluster.settled();
    await agent.delete();
    await cluster.settled();
    const history = await agent.history();
    expect(history[0]).toMatchObject({ type: 'ADDED' });
    expect(history.at(-1)).toMatchObject({ type: 'DELETED', changed: [] });
    const patched = history.find(version => version.object.spec.minReadySeconds === 5)!;
    expect(patched.changed.map(({ path }) => path).sort()).toEqual(['metadata.generation', 'spec.minReadySeconds']);
    expect(patched.time.getTime() - history[0]!.time.getTime()).toBe(10_000);
    expect(history.find(version => version.object.status.numberReady === 3)?.by).toBe('kube-controller-manager');
  });

  it('is waited for, while others change it', async () => {
    const node = cluster.object('node/worker-1');
    const labelled = node.until(({ metadata } = node.current!) => metadata.labels?.disk === 'ssd');
    await node.patch({ metadata: { labels: { disk: 'hdd' } } });
    await node.patch({ metadata: { labels: { disk: 'ssd' } } });
    expect((await labelled)?.metadata.labels).toMatchObject({ disk: 'ssd' });
    expect(await node.until(there => there !== undefined)).toBe(node.current);
    const refused = new Error('no');
    const refusing = () => {
      throw refused;
    };
    await expect(node.until(refusing)).rejects.toBe(refused);
    await expect(node.until(there => !there, 1)).rejects.toThrow('node/worker-1 is not as it is waited for after 1 ms');
  });
});
