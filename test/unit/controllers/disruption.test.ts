import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { disruptionController } from '../../../src/controllers/disruption/index.js';
import { evictPod } from '../../../src/registry/eviction.js';
import { define } from '../../../src/resources/define.js';
import { apiVersionOf, type ResourceDefinition } from '../../../src/resources/definition.js';
import { BUILT_IN, daemonSets, KindTable, podDisruptionBudgets, pods } from '../../../src/resources/index.js';
import type { PodDisruptionBudget } from '../../../src/resources/pod-disruption-budget.js';
import type { KubeObject, OwnerReference, PodStatus } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';

interface Workload extends KubeObject {
  spec: object;
}

const builtIn = (resource: string) =>
  new KindTable(BUILT_IN).byResource(resource) as unknown as ResourceDefinition<Workload>;
const replicaSets = builtIn('replicasets.apps');
const deployments = builtIn('deployments.apps');
const statefulSets = builtIn('statefulsets.apps');
const controllers = builtIn('replicationcontrollers');
/** A kind that tells its scale by a subresource. */
const widgets = define<Workload>({
  group: 'example.com',
  kind: 'Widget',
  plural: 'widgets',
  schema: 'io.k8s.api.apps.v1.ReplicaSet',
  subresources: [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get'] }],
});

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(disruptionController);
  cluster.registry.kinds.add(widgets);
});
afterEach(async () => {
  await cluster.close();
  expect(cluster.errors).toEqual([]);
});

const WEB = { app: 'web' };

async function budget(spec: Partial<PodDisruptionBudget['spec']>, name = 'web'): Promise<void> {
  await cluster.registry.create(podDisruptionBudgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'default' },
    spec: { selector: { matchLabels: WEB }, ...spec },
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  });
  await cluster.settle();
}

const status = (name = 'web') => cluster.registry.get(podDisruptionBudgets, 'default', name)!.object.status;
/** Allowed, healthy, to be healthy, expected. */
const numbers = (name = 'web') => {
  const { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods } = status(name);
  return [disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods];
};
const condition = () => status().conditions!.map(c => [c.status, c.reason, c.message]);

const ready = (yes: boolean): Partial<PodStatus> => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: yes ? 'True' : 'False' }],
});

async function pod(name: string, owner?: OwnerReference, isReady = true, labels: Record<string, string> = WEB) {
  await cluster.pod(name, 'one', {}, { labels, ...(owner ? { ownerReferences: [owner] } : {}) });
  await cluster.setPodStatus(name, ready(isReady));
}

/** A workload of so many pods; answers what its pods say of it. */
async function workload(
  kind: ResourceDefinition<Workload>,
  name: string,
  replicas: number | undefined,
  above?: OwnerReference,
): Promise<OwnerReference> {
  const apiVersion = apiVersionOf(kind);
  const template = { metadata: { labels: WEB }, spec: { containers: [{ name: 'main', image: 'a:1' }] } };
  const { object } = await cluster.registry.create(kind, {
    apiVersion,
    kind: kind.kind,
    metadata: { name, namespace: 'default', ...(above ? { ownerReferences: [above] } : {}) },
    spec: {
      selector: kind === controllers ? WEB : { matchLabels: WEB },
      template,
      ...(kind === statefulSets ? { serviceName: 'web' } : {}),
      ...(replicas === undefined ? {} : { replicas }),
    },
  });
  return { apiVersion, kind: kind.kind, name, uid: object.metadata.uid, controller: true };
}

describe('what a budget allows', () => {
  it.each<[string, Partial<PodDisruptionBudget['spec']>, number, boolean[], number[]]>([
    ['minAvailable in numbers', { minAvailable: 2 }, 3, [true, true, true], [1, 3, 2, 3]],
    ['minAvailable counts the pods there are', { minAvailable: 2 }, 9, [true, true], [0, 2, 2, 2]],
    ['minAvailable of more than there are', { minAvailable: 5 }, 3, [true, true, true], [0, 3, 5, 3]],
    ['minAvailable 0', { minAvailable: 0 }, 3, [true, false, true], [2, 2, 0, 3]],
    ['minAvailable as a share, rounded up', { minAvailable: '50%' }, 3, [true, true, true], [1, 3, 2, 3]],
    ['minAvailable 100%', { minAvailable: '100%' }, 3, [true, true, true], [0, 3, 3, 3]],
    ['a share is of what there should be', { minAvailable: '50%' }, 10, [true, true, true], [0, 3, 5, 10]],
    ['maxUnavailable in numbers', { maxUnavailable: 1 }, 3, [true, true, true], [1, 3, 2, 3]],
    ['maxUnavailable, some missing', { maxUnavailable: 1 }, 4, [true, true, true], [0, 3, 3, 4]],
    ['maxUnavailable, some not ready', { maxUnavailable: 2 }, 3, [true, false, true], [1, 2, 1, 3]],
    ['maxUnavailable as a share, rounded up', { maxUnavailable: '30%' }, 4, [true, true, true, true], [2, 4, 2, 4]],
    ['maxUnavailable of more than there are', { maxUnavailable: 7 }, 2, [true, true], [2, 2, 0, 2]],
    ['maxUnavailable 0', { maxUnavailable: 0 }, 2, [true, true], [0, 2, 2, 2]],
    ['neither', {}, 2, [true, true], [0, 2, 0, 0]],
    ['no selector', { minAvailable: 0, selector: undefined }, 2, [true, true], [0, 0, 0, 0]],
    ['an empty selector takes all of the namespace', { minAvailable: 1, selector: {} }, 2, [true, true], [1, 2, 1, 2]],
  ])('%s', async (_what, spec, replicas, pods, expected) => {
    const owner = await workload(replicaSets, 'web', replicas);
    for (const [i, isReady] of pods.entries()) await pod(`web-${i}`, owner, isReady);
    await budget(spec);
    expect(numbers()).toEqual(expected);
    expect(condition()).toEqual([
      expected[0]! > 0 ? ['True', 'SufficientPods', ''] : ['False', 'InsufficientPods', ''],
    ]);
    expect(status().observedGeneration).toBe(1);
  });

  it('follows the pods and its own spec', async () => {
    await budget({ minAvailable: 1 });
    expect(numbers()).toEqual([0, 0, 1, 0]);
    expect(cluster.told('NoPods')[0]).toBe('No matching pods found');
    await pod('a');
    await pod('b');
    expect(numbers()).toEqual([1, 2, 1, 2]);
    const since = status().conditions![0]!.lastTransitionTime;
    await cluster.advance(5000);
    await pod('c');
    expect(numbers()).toEqual([2, 3, 1, 3]);
    expect(status().conditions![0]!.lastTransitionTime).toBe(since);
    await cluster.setPodStatus('a', ready(false));
    expect(numbers()).toEqual([1, 2, 1, 3]);
    await cluster.deletePod('b', 30);
    expect(numbers()).toEqual([0, 1, 1, 3]);
    expect(status().conditions![0]!.lastTransitionTime).not.toBe(since);
    await cluster.deletePod('b', 0);
    expect(numbers()).toEqual([0, 1, 1, 2]);
    const relabelled = cluster.getPod('c')!;
    await cluster.registry.update(pods, { ...relabelled, metadata: { ...relabelled.metadata, labels: {} } });
    await cluster.settle();
    expect(numbers()).toEqual([0, 0, 1, 1]);
    const { object } = cluster.registry.get(podDisruptionBudgets, 'default', 'web')!;
    await cluster.registry.update(podDisruptionBudgets, { ...object, spec: { ...object.spec, minAvailable: 0 } });
    await cluster.settle();
    expect([numbers(), status().observedGeneration]).toEqual([[0, 0, 0, 1], 2]);
  });

  it('says that a pod has several', async () => {
    await budget({ minAvailable: 1 }, 'a');
    await budget({ minAvailable: 1 }, 'b');
    await pod('web');
    expect(cluster.told('MultiplePodDisruptionBudgets')[0]).toBe(
      'Pod "default"/"web" matches multiple PodDisruptionBudgets.  Chose "a" arbitrarily.',
    );
    expect([numbers('a'), numbers('b')]).toEqual([
      [0, 1, 1, 1],
      [0, 1, 1, 1],
    ]);
  });
});

describe('how many pods there are to be', () => {
  it('adds the scales of all controllers', async () => {
    await pod('a-1', await workload(replicaSets, 'a', 2));
    await pod('b-1', await workload(widgets, 'b', 5));
    await pod('c-1', await workload(statefulSets, 'c', undefined));
    await pod('d-1', await workload(controllers, 'd', 3));
    await budget({ maxUnavailable: 8 });
    expect(numbers()).toEqual([1, 4, 3, 11]);
  });

  it("counts a Deployment's replica sets once, by the Deployment", async () => {
    const deployment = await workload(deployments, 'web', 4);
    const [old, current] = [
      await workload(replicaSets, 'web-1', 3, deployment),
      await workload(replicaSets, 'web-2', 2, deployment),
    ];
    await pod('web-1-a', old);
    await pod('web-2-a', current);
    await budget({ maxUnavailable: '50%' });
    expect(numbers()).toEqual([0, 2, 2, 4]);
  });

  it('leaves out pods that nobody controls, and says so', async () => {
    await pod('web-1', await workload(replicaSets, 'web', 2));
    await pod('bare');
    await budget({ maxUnavailable: 1 });
    expect(numbers()).toEqual([1, 2, 1, 2]);
    expect(cluster.told('UnmanagedPods')[0]).toMatch(
      /^Pods selected by this PodDisruptionBudget \(selector: &LabelSelector\{MatchLabels:map\[string\]string\{app: web,\},MatchExpressions:\[\]LabelSelectorRequirement\{\},\}\) were found to be unmanaged\. /,
    );
  });

  const ghost = (apiVersion: string, kind: string): OwnerReference => ({
    apiVersion,
    kind,
    name: 'ghost',
    uid: 'gone',
    controller: true,
  });

  it.each([
    [daemonSets.kind, ghost('apps/v1', 'DaemonSet'), 'daemonsets.apps does not implement the scale subresource'],
    ['a kind that is not there', ghost('x.io/v1', 'Ghost'), 'no matches for kind "Ghost" in version "x.io/v1"'],
    ['an owner that is gone', ghost('apps/v1', 'ReplicaSet'), 'found no controllers for pod "web-1"'],
  ])('is not known for %s: nobody may go', async (_what, owner, problem) => {
    await pod('web-1', owner);
    await budget({ maxUnavailable: 1 });
    expect(status()).toMatchObject({ disruptionsAllowed: 0, currentHealthy: 0, expectedPods: 0 });
    expect(status().observedGeneration).toBeUndefined();
    expect(condition()).toEqual([['False', 'SyncFailed', problem]]);
    expect(cluster.told('CalculateExpectedPodCountFailed')[0]).toBe(
      `Failed to calculate the number of expected pods: ${problem}`,
    );
    await budget({ minAvailable: 1 }, 'in-numbers');
    expect(numbers('in-numbers')).toEqual([0, 1, 1, 1]);
  });
});

describe('pods that were let go', () => {
  it('do not count until they are gone, or for two minutes', async () => {
    for (const name of ['a', 'b', 'c']) await pod(name);
    await budget({ minAvailable: 1 });
    const { object } = cluster.registry.get(podDisruptionBudgets, 'default', 'web')!;
    const letGo = { ...object.status, disruptedPods: { a: '2026-01-01T00:00:00Z', gone: '2026-01-01T00:00:00Z' } };
    letGo.disruptedPods.a = new Date(cluster.clock.now()).toISOString();
    await cluster.registry.update(podDisruptionBudgets, { ...object, status: letGo }, { subresource: 'status' });
    await cluster.settle();
    expect(Object.keys(status().disruptedPods!)).toEqual(['a']);
    expect(numbers()).toEqual([1, 2, 1, 3]);
    await cluster.advance(119_000);
    expect(numbers()).toEqual([1, 2, 1, 3]);
    await cluster.advance(1000);
    expect(numbers()).toEqual([2, 3, 1, 3]);
    expect(status().disruptedPods).toBeUndefined();
    expect(cluster.told('NotDeleted')).toEqual(["Pod was expected by PDB default/web to be deleted but it wasn't"]);
  });

  it('are forgotten once they are on their way', async () => {
    for (const name of ['a', 'b', 'c']) await pod(name);
    await budget({ minAvailable: 1 });
    await evictPod(cluster.registry, 'default', 'a', { gracePeriodSeconds: 30 });
    await evictPod(cluster.registry, 'default', 'b', { gracePeriodSeconds: 30 });
    await expect(evictPod(cluster.registry, 'default', 'c')).rejects.toThrow('Cannot evict pod');
    await cluster.settle();
    expect(status().disruptedPods).toBeUndefined();
    expect(numbers()).toEqual([0, 1, 1, 3]);
  });

  it.each([
    ['EvictionByEvictionAPI', 'False'],
    ['TerminationByKubelet', 'True'],
  ] as const)('lose the mark of %s after two minutes if nothing came of it: %s', async (reason, after) => {
    await pod('a');
    const lastTransitionTime = new Date(cluster.clock.now()).toISOString();
    const mark = { type: 'DisruptionTarget', status: 'True' as const, reason, message: 'test', lastTransitionTime };
    await cluster.setPodStatus('a', { conditions: [mark] });
    await cluster.advance(119_000);
    expect(cluster.podCondition('a', 'DisruptionTarget')!.status).toBe('True');
    await cluster.advance(1000);
    expect(cluster.podCondition('a', 'DisruptionTarget')!.status).toBe(after);
  });
});
