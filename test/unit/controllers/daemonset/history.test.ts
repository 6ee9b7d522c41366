import { describe, expect, it } from 'vitest';
import { CompiledDaemonSet } from '../../../../src/controllers/daemonset/compiled.js';
import { schedulingOf } from '../../../../src/controllers/daemonset/eras/index.js';
import { constructHistory } from '../../../../src/controllers/daemonset/history.js';
import { templateHash } from '../../../../src/controllers/workloads/template-hash.js';
import { StatusError } from '../../../../src/registry/status.js';
import { controllerRevisions, daemonSets, pods } from '../../../../src/resources/index.js';
import type { ControllerRevision, DaemonSet, Draft, Pod } from '../../../../src/resources/types.js';
import { addNamespace } from '../../../support/registry.js';
import { hashOf, imageOf, NAMESPACE, TestCluster } from './cluster.js';

const FIRST_IMAGE = 'registry.example/agent:1';

/** A set whose pods run and are ready on so many nodes. */
async function running(nodes: number, spec: Partial<DaemonSet['spec']> = {}): Promise<TestCluster> {
  const cluster = await TestCluster.start(nodes);
  await cluster.createSet({ spec });
  await cluster.rollOut();
  cluster.happened();
  return cluster;
}

interface Extra extends Partial<Draft<ControllerRevision>> {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
}

/** A revision that somebody else made: of the set's template and number 1, unless told otherwise. */
function extra(cluster: TestCluster, { name = 'agent-extra', namespace = NAMESPACE, labels, ...more }: Extra = {}) {
  const draft: Draft<ControllerRevision> = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name, namespace, labels: labels ?? { app: 'agent' } },
    data: cluster.revisions()[0]?.data,
    revision: 1,
    ...more,
  };
  return cluster.registry.create(controllerRevisions, draft);
}

const numbers = (cluster: TestCluster) => cluster.revisions().map(r => r.revision);
const names = (cluster: TestCluster) => cluster.revisions().map(r => r.metadata.name);
const labelHash = (revision: ControllerRevision) => revision.metadata.labels?.['controller-revision-hash'];

/** The name that the first revision of a set of this kind gets, and what it keeps. */
async function firstRevision(): Promise<ControllerRevision> {
  const twin = await TestCluster.start(1);
  await twin.createSet();
  await twin.settled();
  return twin.revisions()[0]!;
}

describe('a new revision', () => {
  it('REV-03, REV-04: keeps the template and is the set’s; pods carry its hash', async () => {
    const cluster = await TestCluster.start(1);
    const set = await cluster.createSet();
    await cluster.settled();
    const [first, ...others] = cluster.revisions();
    expect(others).toEqual([]);
    const hash = labelHash(first!)!;
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
    expect(first!.metadata.name).toBe(`agent-${hash}`);
    expect(first!.revision).toBe(1);
    expect(first!.data).toEqual({ spec: { template: { ...set.spec.template, $patch: 'replace' } } });
    expect(first!.metadata.ownerReferences).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        name: 'agent',
        uid: set.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
    expect(cluster.pods().map(hashOf)).toEqual([hash]);
  });

  it('REV-04, T17: has the labels of the template, and all annotations of the set as they are then', async () => {
    const cluster = await running(1);
    const generation = 'deprecated.daemonset.template.generation';
    const said = { 'kubernetes.io/change-cause': 'why', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    await cluster.patchSet({
      metadata: { annotations: said },
      spec: { template: { metadata: { labels: { tier: 'node' } } } },
    });
    await cluster.rollOut();
    const [first, second] = cluster.revisions();
    expect(first!.metadata.annotations).toEqual({ [generation]: '1' });
    expect(second!.metadata.annotations).toEqual({ ...said, [generation]: '2' });
    expect(second!.metadata.labels).toEqual({
      app: 'agent',
      tier: 'node',
      'controller-revision-hash': labelHash(second!),
    });
    expect(cluster.pods().map(p => p.metadata.annotations)).toEqual([undefined]);
  });

  it('REV-10: its name is never cut', async () => {
    const cluster = await TestCluster.start(1);
    const name = 'x'.repeat(240);
    await cluster.createSet({ name, app: 'agent' });
    await cluster.settled();
    const [first] = cluster.revisions();
    expect(first!.metadata.name).toBe(`${name}-${labelHash(first!)}`);
  });

  it('T12, POD-06c: is of the template alone, not of what brings pods to their nodes', async () => {
    const cluster = await running(2, { minReadySeconds: 0 });
    const text = JSON.stringify(cluster.revisions()[0]!.data);
    expect(cluster.pods()[0]!.spec).toMatchObject({ tolerations: expect.any(Array), affinity: expect.any(Object) });
    expect(text).not.toMatch(/tolerations|affinity|pod-template-generation|controller-revision-hash/);
    expect(new Set(cluster.pods().map(hashOf)).size).toBe(1);
  });

  it('T13: is not made where defaults are only written out', async () => {
    const cluster = await running(1);
    await cluster.patchSet({
      spec: {
        template: { spec: { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', terminationGracePeriodSeconds: 30 } },
      },
    });
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 0 });
    expect(numbers(cluster)).toEqual([1]);
    // A set that never left them out has the very same hash.
    const twin = await TestCluster.start(1);
    await twin.createSet({
      pod: { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' },
    });
    await twin.settled();
    expect(names(twin)).toEqual(names(cluster));
  });

  it.each([
    ['no', 'labels and annotations of the set', { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } }, [1]],
    ['no', 'another part of the spec', { spec: { minReadySeconds: 3, revisionHistoryLimit: 4 } }, [1]],
    ['a', 'labels in the template', { spec: { template: { metadata: { labels: { tier: 'node' } } } } }, [1, 2]],
    [
      'a',
      'kubectl rollout restart',
      {
        spec: {
          template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2025-01-01T00:00:00Z' } } },
        },
      },
      [1, 2],
    ],
  ])('REV-11, T56: %s new revision for %s', async (_, _what, patch, expected) => {
    const cluster = await running(1);
    const before = cluster.pods().map(p => p.metadata.uid);
    await cluster.patchSet(patch);
    await cluster.rollOut();
    expect(numbers(cluster)).toEqual(expected);
    const isRollout = expected.length > 1;
    expect(cluster.pods().map(p => p.metadata.uid)).toEqual(
      isRollout ? [expect.not.stringMatching(before[0]!)] : before,
    );
  });
});

describe('the number of a revision', () => {
  it('REV-02, REV-05, RBK-03, T19: an old template takes its revision back, with a new number, and spares its pods', async () => {
    const cluster = await running(3);
    await cluster.setImage('new:1');
    await cluster.runPods(false);
    await cluster.runPods(false);
    const spared = (p: Pod) => imageOf(p) === FIRST_IMAGE && p.metadata.deletionTimestamp === undefined;
    const sparedNames = () =>
      cluster
        .pods()
        .filter(spared)
        .map(p => p.metadata.name);
    const before = sparedNames();
    expect(before).toHaveLength(2);
    const [first] = cluster.revisions();
    await cluster.registry.patch(daemonSets, NAMESPACE, 'agent', { type: 'strategic', body: first!.data });
    await cluster.rollOut();
    // The number 1 is gone.
    expect(cluster.revisions().map(r => [r.metadata.uid === first!.metadata.uid, r.revision])).toEqual([
      [false, 2],
      [true, 3],
    ]);
    expect(cluster.set().metadata).toMatchObject({
      generation: 3,
      annotations: { 'deprecated.daemonset.template.generation': '3' },
    });
    expect(sparedNames()).toEqual(expect.arrayContaining(before));
    expect(cluster.pods().map(imageOf)).toEqual(Array(3).fill(FIRST_IMAGE));
  });

  it('REV-05: stays where it is the highest already', async () => {
    const cluster = await running(1);
    const { revision } = cluster.registry;
    await cluster.patchSet({ metadata: { labels: { wake: 'up' } } });
    await cluster.settled();
    expect(cluster.registry.revision).toBe(revision + 1);
  });

  it('RBK-01, T22: what a revision keeps is a patch that puts the whole template back, not one over the other', async () => {
    const cluster = await running(1);
    const [first] = cluster.revisions();
    const { template } = cluster.set().spec;
    await cluster.patchSet({
      spec: {
        template: {
          metadata: { labels: { tier: 'node' }, annotations: { note: 'new' } },
          spec: {
            hostNetwork: true,
            nodeSelector: { 'kubernetes.io/hostname': 'node-0' },
            containers: [
              { name: 'main', image: 'new:1' },
              { name: 'side', image: 'side:1' },
            ],
          },
        },
      },
    });
    await cluster.rollOut();
    // As kubectl sends it: the stored bytes.
    const body = JSON.parse(
      cluster.registry.get(controllerRevisions, NAMESPACE, first!.metadata.name)!.bytes.toString(),
    );
    await cluster.registry.patch(daemonSets, NAMESPACE, 'agent', { type: 'strategic', body: body.data });
    expect(cluster.set().spec.template).toEqual(template);
    await cluster.rollOut();
    expect(cluster.pods().map(hashOf)).toEqual([labelHash(first!)]);
  });

  it('T55: a current revision that somebody deletes is made again, with the next number and the same name; no pod restarts', async () => {
    const cluster = await running(1);
    await cluster.setImage('new:1');
    await cluster.rollOut();
    const [, second] = cluster.revisions();
    await cluster.registry.patch(controllerRevisions, NAMESPACE, cluster.revisions()[0]!.metadata.name, {
      type: 'merge',
      body: { revision: 5 },
    });
    cluster.happened();
    await cluster.registry.delete(controllerRevisions, NAMESPACE, second!.metadata.name);
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 0 });
    const again = cluster.revisions().at(-1)!;
    expect([again.metadata.name, again.revision]).toEqual([second!.metadata.name, 6]);
    expect(again.metadata.uid).not.toBe(second!.metadata.uid);
  });

  it('REV-12: what 1.33 kept of the same template differs by its bytes: a new revision, and by their hash (K12) its pods are old', async () => {
    const cluster = await running(2);
    await cluster.runtime.stop();
    const [now] = cluster.revisions();
    const { spec } = now!.data as { spec: { template: { metadata: object } } };
    const metadata = { creationTimestamp: null, ...spec.template.metadata };
    await cluster.registry.delete(controllerRevisions, NAMESPACE, now!.metadata.name);
    await extra(cluster, {
      name: 'agent-then',
      labels: { app: 'agent', 'controller-revision-hash': 'then' },
      data: { spec: { template: { ...spec.template, metadata } } },
    });
    for (const pod of cluster.pods())
      await cluster.patchPod(pod, { metadata: { labels: { 'controller-revision-hash': 'then' } } });

    expect(await cluster.sync()).toBe('0/1/0');
    expect(cluster.revisions().map(r => [r.metadata.name, r.revision])).toEqual([
      ['agent-then', 1],
      [now!.metadata.name, 2],
    ]);
    expect(await cluster.sync()).toBe('1/0/0');
    expect(cluster.pods().map(hashOf).sort()).toEqual([labelHash(now!), 'then'].sort());
  });
});

describe('revisions that others made', () => {
  it('REV-01, REF-08: TestControlledHistories: an orphan that matches is adopted, and labelled with its own name', async () => {
    const cluster = await running(1);
    await extra(cluster, { data: { spec: { template: {} } }, revision: 7 });
    await cluster.settled();
    const adopted = cluster.revisions().find(r => r.metadata.name === 'agent-extra')!;
    expect(adopted.metadata.ownerReferences![0]!.uid).toBe(cluster.set().metadata.uid);
    expect(labelHash(adopted)).toBe('agent-extra');
    // The current one stays the highest.
    expect(numbers(cluster)).toEqual([7, 8]);
  });

  it('REF-08: TestControlledHistories: those of other labels, or of other namespaces, are not', async () => {
    const cluster = await running(1);
    await addNamespace(cluster.registry, 'elsewhere');
    await extra(cluster, { name: 'other', labels: { app: 'other' }, revision: 7 });
    await extra(cluster, { namespace: 'elsewhere', revision: 7 });
    await cluster.patchSet({ metadata: { labels: { wake: 'up' } } });
    await cluster.settled();
    for (const revision of cluster.revisions().filter(r => r.revision === 7))
      expect(revision.metadata.ownerReferences).toBeUndefined();
    expect(numbers(cluster)).toEqual([1, 7, 7]);
  });

  it('REV-06, T21: of several of the same template the highest number stays, and every pod is labelled as its own', async () => {
    const cluster = await running(3, { updateStrategy: { type: 'OnDelete' } });
    // One pod is really of an older template.
    await cluster.setImage('new:1');
    await cluster.settled();
    for (const node of ['node-1', 'node-2'])
      await cluster.registry.delete(pods, NAMESPACE, cluster.podsOn(node)[0]!.metadata.name);
    await cluster.rollOut();
    const current = cluster.revisions().at(-1)!;
    expect(new Set(cluster.pods().map(hashOf)).size).toBe(2);
    const before = cluster.pods().map(p => p.metadata.uid);
    for (const [name, revision] of [
      ['lower', 1],
      ['higher', 9],
    ] as const) {
      const labels = { app: 'agent', 'controller-revision-hash': name };
      await extra(cluster, { name: `agent-${name}`, data: current.data, labels, revision });
    }
    await cluster.settled();
    expect(names(cluster)).toEqual([expect.any(String), 'agent-higher']);
    expect(numbers(cluster)).toEqual([1, 9]);
    expect(cluster.pods().map(hashOf)).toEqual(['higher', 'higher', 'higher']);
    expect(cluster.pods().map(imageOf).sort()).toEqual(['new:1', 'new:1', FIRST_IMAGE]);
    expect(cluster.pods().map(p => p.metadata.uid)).toEqual(before);
  });

  it('REV-06: TestDSCUpdatesPodLabelAfterDedupCurHistories', async () => {
    const cluster = await running(2);
    const labels = { app: 'agent', 'controller-revision-hash': 'extra' };
    await extra(cluster, { revision: 2, labels });
    await cluster.settled();
    expect(names(cluster)).toEqual(['agent-extra']);
    expect(cluster.pods().map(hashOf)).toEqual(['extra', 'extra']);
    expect(await cluster.traffic()).toEqual({ created: 0, deleted: 0 });
  });
});

describe('a name that is taken', () => {
  it('REV-07: TestLaunchWithHashCollision: is counted, and another one found', async () => {
    const { name } = (await firstRevision()).metadata;
    const cluster = await TestCluster.start(1);
    await extra(cluster, { name, data: { other: true } });
    await cluster.createSet();
    await cluster.settled();
    expect(cluster.errors).toMatchObject([{ reason: 'AlreadyExists' }]);
    expect(cluster.pods()).toHaveLength(1);
    expect(cluster.status().collisionCount).toBe(1);
    expect(cluster.revisions()).toHaveLength(2);
    const mine = cluster.revisions().find(r => r.metadata.name !== name)!;
    expect(cluster.pods().map(hashOf)).toEqual([labelHash(mine)]);
  });

  it('REV-07: a second collision counts on', async () => {
    const cluster = await TestCluster.start(1);
    const { name } = (await firstRevision()).metadata;
    await extra(cluster, { name, data: { other: true } });
    await cluster.createSet();
    await cluster.settled();
    const second = names(cluster).find(taken => taken !== name)!;

    const again = await TestCluster.start(1);
    for (const taken of [name, second]) await extra(again, { name: taken, data: { other: true } });
    await again.createSet();
    await again.settled();
    expect(again.status().collisionCount).toBe(2);
    expect(again.revisions()).toHaveLength(3);
  });

  it('REV-07: by the very same template is used as it is', async () => {
    const { metadata, data } = await firstRevision();
    const cluster = await TestCluster.start(1);
    const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'gone', uid: 'gone-uid', controller: true };
    const { name, labels } = metadata;
    await extra(cluster, {
      metadata: { name, labels: labels!, namespace: NAMESPACE, ownerReferences: [owner] },
      data,
      revision: 4,
    });
    await cluster.createSet();
    await cluster.rollOut();
    expect(cluster.happened()).toEqual({ SuccessfulCreate: 1 });
    expect(cluster.revisions()).toHaveLength(1);
    expect(cluster.pods().map(hashOf)).toEqual([labels!['controller-revision-hash']]);
    expect(cluster.status().collisionCount).toBeUndefined();
  });

  it('REV-07: whose collision was counted by somebody else is not counted again', async () => {
    const { name } = (await firstRevision()).metadata;
    const cluster = await TestCluster.idle(1);
    await extra(cluster, { name, data: { other: true } });
    const stale = await cluster.createSet();
    const { registry } = cluster;
    await registry.update(
      daemonSets,
      { ...stale, status: { ...stale.status, collisionCount: 1 } },
      { subresource: 'status' },
    );
    const context = { registry, recorder: () => ({ event() {} }) };
    const { revision } = new CompiledDaemonSet(registry, schedulingOf('current')(context), stale);
    await expect(constructHistory(registry, stale, [], revision, async () => [])).rejects.toThrow(
      'found a stale collision count (none, expected 1) of DaemonSet "agent" while processing; will retry until it is updated',
    );
    expect(cluster.status().collisionCount).toBe(1);
  });

  it('REV-07: nor is that of a set that is gone meanwhile, or of its namesake', async () => {
    const { name } = (await firstRevision()).metadata;
    const cluster = await TestCluster.idle(1);
    const { registry } = cluster;
    await extra(cluster, { name, data: { other: true } });
    const set = await cluster.createSet();
    const context = { registry, recorder: () => ({ event() {} }) };
    const { revision } = new CompiledDaemonSet(registry, schedulingOf('current')(context), set);
    await registry.delete(daemonSets, NAMESPACE, 'agent');
    await expect(constructHistory(registry, set, [], revision, async () => [])).rejects.toThrow(
      'daemonsets.apps "agent" not found',
    );
    await cluster.createSet();
    // Of the former one a collision was counted, and its next name is taken as well.
    const counted = { ...set, status: { ...set.status, collisionCount: 1 } };
    const next = `agent-${templateHash(revision.text, 1)}`;
    await extra(cluster, { name: next, data: { other: true } });
    await expect(constructHistory(registry, counted, [], revision, async () => [])).rejects.toThrow(
      'found a stale collision count (1, expected none) of DaemonSet "agent"',
    );
    expect(cluster.status().collisionCount).toBeUndefined();
  });

  it('REV-07: a revision that may not be made is no collision', async () => {
    const cluster = await TestCluster.idle(1);
    const { registry } = cluster;
    await cluster.createSet();
    const create = registry.create.bind(registry);
    registry.create = (async (kind, draft, options) => {
      if (kind.plural === 'controllerrevisions') throw StatusError.forbidden(kind, '', 'exceeded quota');
      return create(kind, draft, options);
    }) as typeof create;
    await expect(cluster.sync()).rejects.toThrow('exceeded quota');
    expect(cluster.status().collisionCount).toBeUndefined();
    registry.create = create;
    expect(await cluster.sync()).toBe('1/0/0');
  });
});

describe('the limit of history', () => {
  it('REV-08, REV-09, T20: is one of old revisions, and the current one is kept besides', async () => {
    const cluster = await running(1, { revisionHistoryLimit: 2 });
    for (let i = 1; i <= 4; i++) {
      await cluster.setImage(`new:${i}`);
      await cluster.rollOut();
    }
    expect(numbers(cluster)).toEqual([3, 4, 5]);
    await cluster.patchSet({ spec: { revisionHistoryLimit: 0 } });
    await cluster.rollOut();
    expect(numbers(cluster)).toEqual([5]);
  });

  it('REV-08, REV-09, T20: spares what a pod is still of, until the rollout is complete', async () => {
    const cluster = await running(2, { revisionHistoryLimit: 0 });
    await cluster.setImage('new:1');
    await cluster.settled();
    expect(numbers(cluster)).toEqual([1, 2]);
    await cluster.runPods();
    expect(new Set(cluster.pods().map(imageOf))).toEqual(new Set([FIRST_IMAGE, 'new:1']));
    expect(numbers(cluster)).toEqual([1, 2]);
    await cluster.rollOut();
    expect(numbers(cluster)).toEqual([2]);
  });

  it('REV-08: older ones go before newer ones, but those in use', async () => {
    const cluster = await running(1, { revisionHistoryLimit: 10, updateStrategy: { type: 'OnDelete' } });
    for (let i = 1; i <= 4; i++) {
      await cluster.setImage(`new:${i}`);
      await cluster.settled();
    }
    expect(numbers(cluster)).toEqual([1, 2, 3, 4, 5]);
    await cluster.patchSet({ spec: { revisionHistoryLimit: 2 } });
    await cluster.settled();
    // Four old ones are two too many, and the pod is of the first.
    expect(numbers(cluster)).toEqual([1, 4, 5]);
  });

  it('REV-08, REF-09: a pod that belongs to no node holds none', async () => {
    const cluster = await running(1, { revisionHistoryLimit: 1 });
    await cluster.setImage('new:1');
    await cluster.rollOut();
    const labels = { app: 'agent', 'controller-revision-hash': labelHash(cluster.revisions()[0]!)! };
    await cluster.createPod('nowhere', { labels }, '');
    await cluster.settled();
    expect(numbers(cluster)).toEqual([1, 2]);
    await cluster.patchSet({ spec: { revisionHistoryLimit: 0 } });
    await cluster.settled();
    expect(cluster.pods().map(hashOf)).toContain(labels['controller-revision-hash']);
    expect(numbers(cluster)).toEqual([2]);
  });

  it.each([
    ['REV-08: one that somebody else deletes first is no failure', StatusError.notFound(controllerRevisions, 'x'), []],
    [
      'CTL-15, REV-08: one that cannot be deleted is one, told of when the status is written, and gone the next time',
      new Error('not now'),
      ['Error: not now'],
    ],
  ])('%s', async (_title, refusal, errors) => {
    const cluster = await running(1, { revisionHistoryLimit: 1 });
    await cluster.setImage('new:1');
    await cluster.rollOut();
    const { registry } = cluster;
    const remove = registry.delete.bind(registry);
    let refusals = 1;
    registry.delete = (async (kind, ...rest) => {
      if (kind.plural === 'controllerrevisions' && refusals-- > 0) throw refusal;
      return remove(kind, ...rest);
    }) as typeof remove;
    await cluster.patchSet({ spec: { revisionHistoryLimit: 0 } });
    await cluster.settled();
    expect(refusals).toBeLessThan(1);
    expect(cluster.errors.map(String)).toEqual(errors);
    expect(cluster.status().observedGeneration).toBe(cluster.set().metadata.generation);
    await cluster.patchSet({ metadata: { labels: { look: 'again' } } });
    await cluster.settled();
    expect(numbers(cluster)).toEqual([2]);
  });
});
