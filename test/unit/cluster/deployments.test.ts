import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import { deployments, events, podDisruptionBudgets, pods, replicaSets } from '../../../src/resources/index.js';
import { conditionOf, isReady, isTerminating } from '../../../src/resources/state.js';
import type { Pod, PodTemplateSpec } from '../../../src/resources/types.js';
import type { Deployment, ReplicaSet } from '../../../src/resources/workload-types.js';

/** What upstream's end-to-end tests of sig-apps tell of Deployments, in a whole cluster on a clock that stands still. */
let cluster: Cluster;
afterEach(() => cluster.close());

interface Facts extends Partial<Omit<Deployment['spec'], 'template'>> {
  readonly image?: string;
  /** Of the pods: how they behave. */
  readonly annotations?: Record<string, string>;
}

const template = (image: string, annotations: Record<string, string> = {}): PodTemplateSpec => ({
  metadata: { labels: { app: 'web' }, annotations },
  spec: { containers: [{ name: 'main', image }] },
});

/** A cluster with a Deployment `web` that has come to rest. */
async function start({ image = 'web:1', annotations, ...spec }: Facts = {}): Promise<void> {
  cluster = await createCluster({ clock: 'virtual', nodes: 3 });
  await create({ image, ...(annotations ? { annotations } : {}), ...spec });
}

async function create({ image = 'web:1', annotations, ...spec }: Facts = {}): Promise<void> {
  await cluster.registry.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 1,
      strategy: { type: 'RollingUpdate' },
      selector: { matchLabels: { app: 'web' } },
      template: template(image, annotations),
      ...spec,
    },
    status: {},
  });
  await cluster.settled();
}

const web = (): Deployment => cluster.registry.get(deployments, 'default', 'web')!.object;
const sets = (): readonly ReplicaSet[] => cluster.registry.all(replicaSets, 'default').map(({ object }) => object);
const allPods = (): readonly Pod[] => cluster.registry.all(pods, 'default').map(({ object }) => object);
const imageOf = ({ spec }: { spec: PodTemplateSpec['spec'] }) => spec.containers[0]!.image!;

/** Sizes of the sets by their image. */
const sizes = () =>
  Object.fromEntries(sets().map(({ spec, status }) => [imageOf(spec.template), [spec.replicas, status.replicas]]));

const reasons = () => Object.fromEntries((web().status.conditions ?? []).map(c => [c.type, `${c.status} ${c.reason}`]));

async function patch(body: object): Promise<void> {
  await cluster.registry.patch(deployments, 'default', 'web', { type: 'merge', body });
  await cluster.settled();
}

/** Gives the Deployment another template. */
async function update(image: string, annotations?: Record<string, string>): Promise<void> {
  await cluster.registry.update(deployments, {
    ...web(),
    spec: { ...web().spec, template: template(image, annotations) },
  });
  await cluster.settled();
}

const told = () =>
  cluster.registry
    .all(events, 'default')
    .filter(({ object }) => object.involvedObject.kind === 'Deployment')
    .map(({ object }) => object.message?.replace(/web-\w+/, 'SET') ?? '');

/** What the kubelet does to pods of a template. */
const NEVER_READY = { 'kubette.dev/behavior': 'never-ready' };
const READY_AFTER_5S = { 'kubette.dev/ready-delay': '5s' };

/** Watches every commit: how many pods there are at most, not counting those on their way out, and how few are ready. */
function watchPods(): { most: number; fewestReady: number } {
  const seen = { most: 0, fewestReady: Number.POSITIVE_INFINITY };
  cluster.registry.follow(() => {
    const active = allPods().filter(pod => !isTerminating(pod));
    seen.most = Math.max(seen.most, active.length);
    seen.fewestReady = Math.min(seen.fewestReady, active.filter(isReady).length);
  });
  return seen;
}

describe('a rolling update', () => {
  it('RollingUpdateDeployment should delete old pods and create new ones', async () => {
    await start({ replicas: 3 });
    await update('web:2');
    expect(allPods().map(pod => imageOf(pod))).toEqual(['web:2', 'web:2', 'web:2']);
    expect(sizes()).toEqual({ 'web:1': [0, 0], 'web:2': [3, 3] });
    expect(web().metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '2' });
    expect(web().status).toMatchObject({
      observedGeneration: 2,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
    });
    expect(web().status.unavailableReplicas).toBeUndefined();
    expect(reasons()).toEqual({
      Available: 'True MinimumReplicasAvailable',
      Progressing: 'True NewReplicaSetAvailable',
    });
    const hash = sets().map(({ metadata }) => metadata.labels?.['pod-template-hash']);
    expect(new Set(hash).size).toBe(2);
    for (const set of sets()) {
      const label = set.metadata.labels!['pod-template-hash']!;
      expect(set.metadata.name).toBe(`web-${label}`);
      expect(set.spec.selector).toEqual({ matchLabels: { app: 'web', 'pod-template-hash': label } });
    }
  });

  it('keeps to what may be added and missing, however long pods take', async () => {
    await start({
      replicas: 10,
      annotations: READY_AFTER_5S,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    });
    await cluster.advance('10s');
    const seen = watchPods();
    await update('web:2', READY_AFTER_5S);
    expect(reasons()).toMatchObject({ Progressing: 'True ReplicaSetUpdated' });
    await cluster.advance('1m');
    expect(sizes()).toEqual({ 'web:1': [0, 0], 'web:2': [10, 10] });
    expect(seen).toEqual({ most: 13, fewestReady: 8 });
  });

  it('takes a pod away first where none may be added', async () => {
    await start({
      replicas: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    });
    const seen = watchPods();
    await update('web:2');
    expect(seen).toEqual({ most: 2, fewestReady: 1 });
    expect(told().sort()).toEqual([
      'Scaled down replica set SET from 1 to 0',
      'Scaled down replica set SET from 2 to 1',
      'Scaled up replica set SET from 0 to 1',
      'Scaled up replica set SET from 0 to 2',
      'Scaled up replica set SET from 1 to 2',
    ]);
  });

  it('waits for pods to be available for minReadySeconds', async () => {
    await start({ replicas: 1, minReadySeconds: 30 });
    expect(reasons()).toMatchObject({ Available: 'False MinimumReplicasUnavailable' });
    await cluster.advance('31s');
    await update('web:2');
    expect(sizes()).toEqual({ 'web:1': [1, 1], 'web:2': [1, 1] });
    await cluster.advance('31s');
    expect(sizes()).toEqual({ 'web:1': [0, 0], 'web:2': [1, 1] });
  });

  it('deployment should support rollover: a newer template overtakes one that does not get on', async () => {
    await start({ replicas: 3 });
    await update('web:2', NEVER_READY);
    expect(sizes()).toEqual({ 'web:1': [3, 3], 'web:2': [1, 1] });
    await update('web:3');
    expect(sizes()).toEqual({ 'web:1': [0, 0], 'web:2': [0, 0], 'web:3': [3, 3] });
    expect(web().metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '3' });
  });

  it('goes back to a former template, which gets a new revision and remembers the old one', async () => {
    await start({ replicas: 2 });
    await update('web:2');
    await update('web:1');
    expect(sizes()).toEqual({ 'web:1': [2, 2], 'web:2': [0, 0] });
    const first = sets().find(({ spec }) => imageOf(spec.template) === 'web:1')!;
    expect(first.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    });
  });
});

describe('recreation', () => {
  it('RecreateDeployment should delete old pods and create new ones, never both at once', async () => {
    await start({ replicas: 3, strategy: { type: 'Recreate' }, annotations: { 'kubette.dev/stop-delay': '5s' } });
    const together: boolean[] = [];
    cluster.registry.follow(() => together.push(new Set(allPods().map(pod => imageOf(pod))).size > 1));
    await update('web:2');
    await cluster.advance('1m');
    expect(sizes()).toEqual({ 'web:1': [0, 0], 'web:2': [3, 3] });
    expect(together).not.toContain(true);
    expect(reasons()).toMatchObject({ Progressing: 'True NewReplicaSetAvailable' });
  });
});

describe('the history', () => {
  it('deployment should delete old replica sets', async () => {
    await start({ revisionHistoryLimit: 1 });
    for (const image of ['web:2', 'web:3', 'web:4']) await update(image);
    expect(sizes()).toEqual({ 'web:3': [0, 0], 'web:4': [1, 1] });
    await patch({ spec: { revisionHistoryLimit: 0 } });
    expect(sizes()).toEqual({ 'web:4': [1, 1] });
  });

  it('tells names that are taken from its own', async () => {
    await start();
    const [{ metadata, spec }] = sets() as [ReplicaSet];
    await cluster.registry.delete(deployments, 'default', 'web');
    await cluster.settled();
    const { matchLabels } = { matchLabels: { other: 'yes' } };
    await cluster.registry.create(replicaSets, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: metadata.name, namespace: 'default' },
      spec: { ...spec, selector: { matchLabels }, template: { ...spec.template, metadata: { labels: matchLabels } } },
      status: {},
    });
    await create();
    expect(web().status).toMatchObject({ collisionCount: 1, availableReplicas: 1 });
    expect(sets()).toHaveLength(2);
  });
});

describe('scaling', () => {
  it('deployment should support proportional scaling', async () => {
    await start({
      replicas: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    });
    await update('web:404');
    expect(sizes()).toEqual({ 'web:1': [8, 8], 'web:404': [5, 5] });
    await patch({ spec: { replicas: 30 } });
    expect(sizes()).toEqual({ 'web:1': [20, 20], 'web:404': [13, 13] });
  });

  it('to nothing and back', async () => {
    await start({ replicas: 2 });
    await patch({ spec: { replicas: 0 } });
    expect(allPods()).toEqual([]);
    expect(reasons()).toMatchObject({ Available: 'True MinimumReplicasAvailable' });
    await patch({ spec: { replicas: 3 } });
    expect(web().status.availableReplicas).toBe(3);
    expect(told().at(-1)).toBe('Scaled up replica set SET from 0 to 3');
  });
});

describe('a pause', () => {
  it('holds a rollout up, not a change of scale', async () => {
    await start({ replicas: 2 });
    await patch({ spec: { paused: true } });
    await update('web:2');
    expect(reasons()).toMatchObject({ Progressing: 'Unknown DeploymentPaused' });
    await patch({ spec: { replicas: 4 } });
    expect(sizes()).toEqual({ 'web:1': [4, 4] });
    await patch({ spec: { paused: null } });
    expect(sizes()).toEqual({ 'web:1': [0, 0], 'web:2': [4, 4] });
    expect(reasons()).toMatchObject({ Progressing: 'True NewReplicaSetAvailable' });
  });

  it('does not count towards the deadline', async () => {
    await start({ progressDeadlineSeconds: 60, annotations: NEVER_READY });
    await patch({ spec: { paused: true } });
    await cluster.advance('10m');
    expect(reasons()).toMatchObject({ Progressing: 'Unknown DeploymentPaused' });
    await patch({ spec: { paused: null } });
    expect(reasons()).toMatchObject({ Progressing: 'Unknown DeploymentResumed' });
    await cluster.advance('59s');
    expect(reasons()).toMatchObject({ Progressing: 'Unknown DeploymentResumed' });
    await cluster.advance('3s');
    expect(reasons()).toMatchObject({ Progressing: 'False ProgressDeadlineExceeded' });
  });
});

describe('the deadline', () => {
  it('passes for a rollout that does not get on, and a newer one is no longer late', async () => {
    await start({ replicas: 2, progressDeadlineSeconds: 60 });
    await update('web:2', NEVER_READY);
    expect(reasons()).toMatchObject({ Progressing: 'True ReplicaSetUpdated' });
    await cluster.advance('2m');
    const condition = conditionOf(web(), 'Progressing');
    expect(condition).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    expect(condition?.message).toMatch(/^ReplicaSet "web-\w+" has timed out progressing\.$/);
    await update('web:3');
    expect(reasons()).toMatchObject({ Progressing: 'True NewReplicaSetAvailable' });
  });
});

describe('what a Deployment made', () => {
  const owners = () => sets().map(({ metadata }) => metadata.ownerReferences?.[0]?.uid);

  it('deployment reaping should cascade to its replica sets and pods', async () => {
    await start({ replicas: 2 });
    await update('web:2');
    await cluster.registry.delete(deployments, 'default', 'web', { propagationPolicy: 'Foreground' });
    await cluster.settled();
    expect([...sets(), ...allPods()]).toEqual([]);
  });

  it('test Deployment ReplicaSet orphaning and adoption regarding controllerRef', async () => {
    await start({ replicas: 2 });
    const names = () => [...sets(), ...allPods()].map(({ metadata }) => metadata.name);
    const before = names();
    await cluster.registry.delete(deployments, 'default', 'web', { propagationPolicy: 'Orphan' });
    await cluster.settled();
    expect(owners()).toEqual([undefined]);
    await create({ replicas: 2 });
    expect(names()).toEqual(before);
    expect(owners()).toEqual([web().metadata.uid]);
    expect(web().status).toMatchObject({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 });
  });

  it('iterative rollouts should eventually progress, whatever happens meanwhile', async () => {
    await start({ replicas: 6, annotations: READY_AFTER_5S });
    let image = 1;
    const acts: (() => Promise<unknown>)[] = [
      () => update(`web:${++image}`, READY_AFTER_5S),
      () => patch({ spec: { replicas: 4 } }),
      () => patch({ spec: { paused: true } }),
      () => update(`web:${++image}`, READY_AFTER_5S),
      () => patch({ spec: { replicas: 9 } }),
      () => cluster.registry.delete(pods, 'default', allPods()[0]!.metadata.name),
      () => patch({ spec: { paused: null } }),
      () => cluster.registry.delete(replicaSets, 'default', sets()[0]!.metadata.name),
      () => update('web:1', READY_AFTER_5S),
    ];
    for (const act of acts) {
      await act();
      await cluster.advance('3s');
    }
    await cluster.advance('2m');
    expect(web().status).toMatchObject({ replicas: 9, updatedReplicas: 9, availableReplicas: 9 });
    expect(allPods().filter(pod => imageOf(pod) === 'web:1')).toHaveLength(9);
  });

  it('tells what keeps its sets from making pods', async () => {
    cluster = await createCluster({ clock: 'virtual', nodes: 1 });
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small', namespace: 'default' },
      spec: { hard: { pods: '2' } },
    });
    await cluster.settled();
    await create({ replicas: 3 });
    expect(conditionOf(web(), 'ReplicaFailure')).toMatchObject({ status: 'True', reason: 'FailedCreate' });
    expect(conditionOf(web(), 'ReplicaFailure')?.message).toMatch(
      /exceeded quota: small, requested: pods=1, used: pods=2/,
    );
    await patch({ spec: { replicas: 2 } });
    expect(reasons()).toMatchObject({ Available: 'True MinimumReplicasAvailable' });
    expect(conditionOf(web(), 'ReplicaFailure')).toBeUndefined();
  });
});

describe('the budget of disruptions', () => {
  it('goes by the scale of the Deployment, however many sets it has', async () => {
    await start({ replicas: 4 });
    await cluster.apply({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'default' },
      spec: { minAvailable: '50%', selector: { matchLabels: { app: 'web' } } },
    });
    await cluster.settled();
    const budget = () => cluster.registry.get(podDisruptionBudgets, 'default', 'web')!.object.status;
    expect(budget()).toMatchObject({ expectedPods: 4, desiredHealthy: 2, currentHealthy: 4, disruptionsAllowed: 2 });
    await update('web:2', NEVER_READY);
    expect(sizes()).toEqual({ 'web:1': [3, 3], 'web:2': [2, 2] });
    expect(budget()).toMatchObject({ expectedPods: 4, desiredHealthy: 2, currentHealthy: 3, disruptionsAllowed: 1 });
  });
});
