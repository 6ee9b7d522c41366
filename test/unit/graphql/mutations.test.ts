import { createClient } from 'graphql-ws';
import supertest from 'supertest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { loadSchema } from '../../../src/graphql/schema.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { configMaps, controllerRevisions, daemonSets, deployments, nodes, pods } from '../../../src/resources/index.js';

/** Mutations as clients send them, to a whole cluster over HTTP. */
let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual' });
  await cluster.settled();
});
afterEach(() => cluster.close());

const post = (query: string, variables: object = {}, headers: Record<string, string> = {}) =>
  supertest(cluster.app)
    .post('/graphql')
    .set({ 'content-type': 'application/json', ...headers })
    .send(JSON.stringify({ query, variables }));

/** The answer to one mutation where all goes well. */
async function run(field: string, variables: object = {}, declared = '') {
  const { body } = await post(`mutation${declared} { it: ${field} }`, variables);
  expect(body.errors).toBeUndefined();
  return body.data.it;
}

/** The error that a mutation is answered with. */
async function failure(field: string, variables: object = {}, declared = '') {
  const { body } = await post(`mutation${declared} { ${field} }`, variables);
  expect(body.errors).toHaveLength(1);
  expect(JSON.stringify(body)).not.toMatch(/stacktrace|node_modules|\.ts:/);
  return body.errors[0];
}

const CHANGES = '{ dryRun warnings revision changes { outcome message revision object { kind name } } }';
const MESSAGES = '{ changes { outcome message } }';

const daemonSet = (image: string, more = '') => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: default}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers: [{name: main, image: "${image}"}]
${more}`;

const deployment = (image: string, replicas = 2) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: main, image: "${image}"}]
`;

const apply = (manifests: string, args = '') =>
  run(`apply(manifests: $m${args}) ${CHANGES}`, { m: manifests }, '($m: String!)');
const node = (name = 'worker-1') => cluster.registry.get(nodes, '', name)!.object;
const agent = () => cluster.registry.get(daemonSets, 'default', 'agent')!.object;
const podsOf = (app: string) => cluster.registry.all(pods).filter(p => p.object.metadata.labels?.app === app);

describe('apply', () => {
  it('creates, changes, and leaves alone what is like that already', async () => {
    const both = `${daemonSet('a:1')}---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: v}}\n`;
    const first = await apply(both);
    expect(first.changes.map((c: { message: string }) => c.message)).toEqual([
      'daemonset.apps/agent created',
      'configmap/c created',
    ]);
    expect(first.changes[0].object).toEqual({ kind: 'DaemonSet', name: 'agent' });
    expect(Number(first.changes[1].revision)).toBeGreaterThan(Number(first.changes[0].revision));
    await cluster.settled();
    const second = await apply(
      `${daemonSet('a:2')}---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: v}}\n`,
    );
    expect(second.changes.map((c: { outcome: string }) => c.outcome)).toEqual(['CHANGED', 'UNCHANGED']);
    expect(agent().metadata.managedFields?.map(f => f.manager)).toContain('graphql');
  });

  it('says what would happen and stores nothing', async () => {
    const before = cluster.revision;
    const { dryRun, changes } = await apply(daemonSet('a:1'), ', dryRun: true');
    expect([dryRun, changes[0].outcome, changes[0].message]).toEqual([
      true,
      'CREATED',
      'daemonset.apps/agent created (dry run)',
    ]);
    expect(cluster.revision).toBe(before);
    await apply(daemonSet('a:1'));
    await cluster.settled();
    const { revision } = cluster;
    expect((await apply(daemonSet('a:1'), ', dryRun: true')).changes[0].outcome).toBe('UNCHANGED');
    expect((await apply(daemonSet('a:2'), ', dryRun: true')).changes[0].outcome).toBe('CHANGED');
    expect(cluster.revision).toBe(revision);
  });

  it('conflicts with other owners of a field, unless forced', async () => {
    await apply(daemonSet('a:1'), ', fieldManager: "one"');
    const error = await failure(
      'apply(manifests: $m, fieldManager: "two") { revision }',
      { m: daemonSet('a:2') },
      '($m: String!)',
    );
    expect(error.extensions).toMatchObject({ code: 'CONFLICT', status: { kind: 'Status', code: 409 } });
    await apply(daemonSet('a:2'), ', fieldManager: "two", force: true');
    expect(agent().spec.template.spec.containers[0]!.image).toBe('a:2');
  });

  it('tells what was done before one failed', async () => {
    const manifests = `${daemonSet('a:1')}---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: UPPER}}\n`;
    const error = await failure('apply(manifests: $m) { revision }', { m: manifests }, '($m: String!)');
    expect(error.extensions).toMatchObject({
      code: 'INVALID',
      status: { code: 422, reason: 'Invalid' },
      done: ['daemonset.apps/agent created'],
    });
    expect(agent()).toBeDefined();
  });

  it.each([
    ['{', 'BAD_REQUEST', 400],
    ['{apiVersion: v1, kind: None, metadata: {name: x}}', 'BAD_REQUEST', 400],
    ['{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: none}}', 'NOT_FOUND', 404],
    ['{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, spec: {}}', 'UNKNOWN', 500],
  ])('answers %s as REST does: %s', async (manifests, code, status) => {
    const error = await failure('apply(manifests: $m) { revision }', { m: manifests }, '($m: String!)');
    expect(error.extensions).toMatchObject({ code, status: { kind: 'Status', code: status } });
  });
});

describe('a mutation that takes longer than a request may', () => {
  /** Lets the time of the request pass with the first write of a kind. */
  const lateWith = (kind: string) => {
    let now = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    cluster.registry.onApply(({ entry: { resource } }) => {
      if (resource === kind) now += 3_600_000;
    });
  };
  afterEach(() => void vi.restoreAllMocks());
  const map = (name: string) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}`;

  it('begins no other write, and tells what it did', async () => {
    lateWith('configmaps');
    const { body } = await post(
      'mutation($m: String!) { bad: cordon(node: "none") { revision } it: apply(manifests: $m) { revision } next: cordon(node: "worker-1") { revision } }',
      { m: `${map('one')}\n---\n${map('two')}` },
    );
    expect(body.data).toEqual({ bad: null, it: null, next: null });
    expect(body.errors.map((e: { extensions: object }) => e.extensions)).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND' }),
      { code: 'REQUEST_TIMEOUT', limit: 60_000, done: ['configmap/one created'] },
    ]);
    const names = cluster.registry.all(configMaps, 'default').map(({ name }) => name);
    expect(names).toContain('one');
    expect(names).not.toContain('two');
    expect(node().spec.unschedulable).toBeUndefined();
  });

  it('tells also of one that was carried out to its end', async () => {
    lateWith('configmaps');
    const late = await failure(`apply(manifests: "${map('one')}") { changes { object { name } } }`);
    expect(late.extensions.done).toEqual(['configmap/one created']);
  });

  it('tells which pods a drain has evicted by then', async () => {
    await apply(deployment('w:1', 6));
    await cluster.advance('30s');
    const there = podsOf('web')
      .filter(p => p.object.spec.nodeName === 'worker-1')
      .map(({ name }) => name)
      .sort();
    expect(there.length).toBeGreaterThan(1);
    lateWith('pods');
    const late = await failure('drain(node: "worker-1") { drained }');
    expect(late.extensions).toMatchObject({
      code: 'REQUEST_TIMEOUT',
      done: ['node/worker-1 cordoned', `pod/${there[0]} in default: evicted`],
    });
    const gone = podsOf('web')
      .filter(p => p.object.metadata.deletionTimestamp)
      .map(({ name }) => name);
    expect(gone).toEqual([there[0]]);
  });
});

describe('patch, delete, label, annotate', () => {
  beforeEach(async () => {
    await apply(daemonSet('a:1'));
    await cluster.settled();
  });

  it('patches in three ways', async () => {
    const image = () => agent().spec.template.spec.containers.map(c => c.image);
    const patch = (type: string, value: string) =>
      run(`patch(kind: "ds", name: "agent", type: ${type}, patch: ${value}) ${MESSAGES}`);
    await patch('STRATEGIC', '{spec: {template: {spec: {containers: [{name: "main", image: "a:2"}]}}}}');
    expect(image()).toEqual(['a:2']);
    await patch('JSON', '[{op: "replace", path: "/spec/template/spec/containers/0/image", value: "a:3"}]');
    expect(image()).toEqual(['a:3']);
    const { changes } = await patch(
      'MERGE',
      '{spec: {template: {spec: {containers: [{name: "main", image: "a:4"}]}}}}',
    );
    expect(image()).toEqual(['a:4']);
    expect(changes).toEqual([{ outcome: 'CHANGED', message: 'daemonset.apps/agent patched' }]);
  });

  it('deletes by propagation, incarnation and grace period', async () => {
    const wrong = await failure('delete(kind: "ds", name: "agent", uid: "other") { revision }');
    expect(wrong.extensions).toMatchObject({ code: 'CONFLICT', status: { code: 409 } });
    expect((await failure('delete(kind: "ds", name: "agent", gracePeriod: -1) { revision }')).extensions.code).toBe(
      'BAD_USER_INPUT',
    );
    expect(await run(`delete(kind: "ds", name: "agent", dryRun: true) ${MESSAGES}`)).toEqual({
      changes: [{ outcome: 'DELETED', message: 'daemonset.apps/agent deleted (dry run)' }],
    });
    await cluster.advance('10s');
    const [pod, other] = podsOf('agent').map(({ name }) => name);
    const marked = await run(`delete(kind: "pod", name: "${pod}") ${MESSAGES}`);
    expect(marked.changes).toEqual([{ outcome: 'MARKED_FOR_DELETION', message: `pod/${pod} marked for deletion` }]);
    const gone = await run(`delete(kind: "pod", name: "${other}", gracePeriod: 0) ${MESSAGES}`);
    expect(gone.changes[0].outcome).toBe('DELETED');
    const held = await run(`delete(kind: "ds", name: "agent", propagation: FOREGROUND) ${MESSAGES}`);
    expect(held.changes[0].outcome).toBe('MARKED_FOR_DELETION');
  });

  it('orphans what is owned', async () => {
    await run(`delete(kind: "daemonsets.apps", name: "agent", propagation: ORPHAN) ${MESSAGES}`);
    await cluster.advance('60s');
    expect(podsOf('agent')).toHaveLength(3);
    expect(cluster.registry.get(daemonSets, 'default', 'agent')).toBeUndefined();
  });

  it('sets and removes labels, and overwrites none unasked', async () => {
    const { changes } = await run(`label(kind: "no", name: "worker-1", labels: [{key: "a", value: "1"}]) ${CHANGES}`);
    expect(changes[0]).toMatchObject({
      outcome: 'CHANGED',
      message: 'node/worker-1 labeled',
      object: { kind: 'Node' },
    });
    const taken = await failure('label(kind: "no", name: "worker-1", labels: [{key: "a", value: "2"}]) { revision }');
    expect(taken).toMatchObject({
      message: "'a' already has a value (1), and overwrite is false",
      extensions: { code: 'BAD_USER_INPUT' },
    });
    await run(`label(kind: "no", name: "worker-1", labels: [{key: "a", value: "2"}], overwrite: true) ${MESSAGES}`);
    expect(node().metadata.labels?.a).toBe('2');
    await run(`label(kind: "no", name: "worker-1", labels: [{key: "a"}, {key: "b", value: ""}]) ${MESSAGES}`);
    expect(node().metadata.labels).toMatchObject({ b: '' });
    expect(node().metadata.labels?.a).toBeUndefined();
    const bad = await failure('label(kind: "no", name: "worker-1", labels: [{key: "-", value: "x"}]) { revision }');
    expect(bad.extensions).toMatchObject({ code: 'INVALID', status: { code: 422 } });
  });

  it('sets and removes annotations', async () => {
    await run(`annotate(kind: "ds", name: "agent", annotations: [{key: "a", value: "1"}]) ${MESSAGES}`);
    expect(agent().metadata.annotations?.a).toBe('1');
    const { changes } = await run(
      `annotate(kind: "ds", name: "agent", annotations: [{key: "a", value: null}]) ${MESSAGES}`,
    );
    expect(changes).toEqual([{ outcome: 'CHANGED', message: 'daemonset.apps/agent annotated' }]);
    expect(agent().metadata.annotations?.a).toBeUndefined();
  });

  it('answers as REST where there is no such object or kind', async () => {
    expect((await failure('patch(kind: "cm", name: "none", patch: {}) { revision }')).extensions.status.code).toBe(404);
    expect((await failure('label(kind: "cm", name: "none", labels: []) { revision }')).extensions.status.code).toBe(
      404,
    );
    expect((await failure('delete(kind: "wheel", name: "none") { revision }')).extensions.status.code).toBe(404);
  });
});

describe('nodes', () => {
  it('taints and untaints', async () => {
    await run(`taint(node: "worker-1", taints: ["gpu=yes:NoSchedule", "old:NoExecute"]) ${MESSAGES}`);
    expect(node().spec.taints).toEqual([
      { key: 'gpu', value: 'yes', effect: 'NoSchedule' },
      expect.objectContaining({ key: 'old', effect: 'NoExecute' }),
    ]);
    const again = await failure('taint(node: "worker-1", taints: ["gpu=no:NoSchedule"]) { revision }');
    expect(again.extensions.code).toBe('BAD_USER_INPUT');
    await run(`taint(node: "worker-1", taints: ["gpu=no:NoSchedule"], overwrite: true) ${MESSAGES}`);
    const { changes } = await run(`untaint(node: "worker-1", taints: ["old"]) ${MESSAGES}`);
    expect(changes[0].message).toBe('node/worker-1 untainted');
    expect(node().spec.taints).toEqual([{ key: 'gpu', value: 'no', effect: 'NoSchedule' }]);
    await run(`untaint(node: "worker-1", taints: ["gpu:NoSchedule"]) ${MESSAGES}`);
    expect(node().spec.taints ?? []).toEqual([]);
    expect((await failure('untaint(node: "worker-1", taints: ["gpu"]) { revision }')).message).toContain('not found');
    expect((await failure('taint(node: "worker-1", taints: ["gpu"]) { revision }')).extensions.code).toBe(
      'BAD_USER_INPUT',
    );
    expect((await failure('taint(node: "worker-1", taints: ["gpu:Never"]) { revision }')).extensions.status.code).toBe(
      422,
    );
    expect((await failure('taint(node: "none", taints: ["gpu:NoExecute"]) { revision }')).extensions.status.code).toBe(
      404,
    );
  });

  it('cordons and uncordons, once', async () => {
    const outcomes = [];
    for (const field of ['cordon', 'cordon', 'uncordon', 'uncordon']) {
      outcomes.push((await run(`${field}(node: "worker-1") ${MESSAGES}`)).changes[0].message);
    }
    expect(outcomes).toEqual([
      'node/worker-1 cordoned',
      'node/worker-1 unchanged',
      'node/worker-1 uncordoned',
      'node/worker-1 unchanged',
    ]);
  });

  it('makes and removes nodes of a pool', async () => {
    const scale = async (args: string) =>
      (await run(`scaleNodes(${args}) ${MESSAGES}`)).changes.map((c: { message: string }) => c.message);
    expect(
      await scale('pool: "gpu", count: 2, labels: [{key: "gpu", value: "yes"}], taints: ["gpu=yes:NoSchedule"]'),
    ).toEqual(['node/gpu-1 created', 'node/gpu-2 created']);
    await cluster.advance('10s');
    expect(node('gpu-1').metadata.labels).toMatchObject({ gpu: 'yes', 'kubernetes.io/hostname': 'gpu-1' });
    expect(node('gpu-1').status.capacity).toBeDefined();
    expect(await scale('pool: "worker", add: 1')).toEqual(['node/worker-4 created']);
    expect(await scale('pool: "worker", remove: 2')).toEqual(['node/worker-3 deleted', 'node/worker-4 deleted']);
    expect(await scale('pool: "worker", count: 2, dryRun: true')).toEqual([]);
    for (const args of [
      '',
      'count: 1, add: 1',
      'remove: 9',
      'count: -1',
      'add: 5001',
      'add: 1, labels: [{key: "x"}]',
    ]) {
      expect(
        (await failure(`scaleNodes(pool: "worker"${args && `, ${args}`}) { revision }`)).extensions.code,
        args,
      ).toBe('BAD_USER_INPUT');
    }
  });
});

describe('drain', () => {
  const STEPS = '{ drained node { unschedulable } steps { pod outcome message } }';
  const onNode = () => podsOf('web').filter(p => p.object.spec.nodeName === 'worker-1');

  it('cordons, leaves daemon pods, and evicts the others as their budgets allow', async () => {
    await apply(`${daemonSet('a:1')}---${deployment('w:1', 6)}---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b, namespace: default},
 spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}`);
    await cluster.advance('30s');
    const there = onNode().map(p => p.name);
    expect(there.length).toBeGreaterThan(1);
    const dry = await run(`drain(node: "worker-1", dryRun: true) ${STEPS}`);
    expect(node().spec.unschedulable).toBeUndefined();
    expect(onNode().some(p => p.object.metadata.deletionTimestamp)).toBe(false);
    expect(dry.steps).toHaveLength(there.length + 1);

    const first = await run(`drain(node: "worker-1") ${STEPS}`);
    expect(first).toMatchObject({ drained: false, node: { unschedulable: true } });
    const outcomes = first.steps.map((s: { outcome: string }) => s.outcome);
    expect(outcomes.filter((o: string) => o === 'LEFT')).toHaveLength(1);
    expect(outcomes.filter((o: string) => o === 'EVICTED')).toHaveLength(1);
    expect(outcomes.filter((o: string) => o === 'REFUSED')).toHaveLength(there.length - 1);
    expect(first.steps.find((s: { outcome: string }) => s.outcome === 'REFUSED').message).toMatch(
      /^Cannot evict pod .* The disruption budget b /,
    );

    let answer = first;
    for (let round = 0; !answer.drained && round < there.length; round++) {
      await cluster.advance('60s');
      answer = await run(`drain(node: "worker-1") ${STEPS}`);
    }
    expect(answer.drained).toBe(true);
    await cluster.advance('60s');
    expect(onNode()).toEqual([]);
    expect(podsOf('agent').some(p => p.object.spec.nodeName === 'worker-1')).toBe(true);
  });

  it('evicts nobody while somebody stands in the way, unless told to', async () => {
    const pod = (name: string, volumes: string) =>
      `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: default}, spec: {nodeName: worker-1, containers: [{name: m, image: x}], volumes: ${volumes}}}`;
    await apply(`${pod('bare', '[]')}\n---\n${pod('data', '[{name: d, emptyDir: {}}]')}\n---\n${deployment('w:1', 6)}`);
    await cluster.advance('30s');
    const { drained, steps } = await run(`drain(node: "worker-1") ${STEPS}`);
    expect(drained).toBe(false);
    expect(steps.find((s: { pod: string }) => s.pod === 'bare')).toMatchObject({
      outcome: 'BLOCKED',
      message: expect.stringContaining('force'),
    });
    expect(steps.find((s: { pod: string }) => s.pod === 'data').message).toContain('deleteEmptyDirData');
    expect(new Set(steps.map((s: { outcome: string }) => s.outcome))).toEqual(new Set(['BLOCKED', 'WAITING']));
    const forced = await run(`drain(node: "worker-1", force: true, deleteEmptyDirData: true, gracePeriod: 0) ${STEPS}`);
    expect(forced.drained).toBe(true);
    expect(cluster.registry.all(pods).some(p => p.object.spec.nodeName === 'worker-1')).toBe(false);
    expect((await failure('drain(node: "none") { drained }')).extensions.status.code).toBe(404);
  });
});

describe('rollouts', () => {
  it('restarts and undoes those of DaemonSets', async () => {
    await apply(daemonSet('a:1'));
    await cluster.advance('30s');
    expect((await failure('undoRollout(name: "agent") { revision }')).message).toContain('no earlier revision');
    await apply(daemonSet('a:2'));
    await cluster.comeToRest();
    const before = new Set(podsOf('agent').map(p => p.uid));
    const { changes } = await run(`restartRollout(name: "agent") ${MESSAGES}`);
    expect(changes).toEqual([{ outcome: 'CHANGED', message: 'daemonset.apps/agent restarted' }]);
    expect(agent().spec.template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt']).toMatch(/^2025-01-01T/);
    await cluster.comeToRest();
    expect(podsOf('agent')).toHaveLength(3);
    expect(podsOf('agent').some(p => before.has(p.uid))).toBe(false);

    const undone = await run(`undoRollout(name: "agent", toRevision: 1) ${MESSAGES}`);
    expect(undone.changes[0].message).toBe('daemonset.apps/agent rolled back to revision 1');
    await cluster.comeToRest();
    expect(podsOf('agent').map(p => p.object.spec.containers[0]!.image)).toEqual(['a:1', 'a:1', 'a:1']);
    expect(
      cluster.registry
        .all(controllerRevisions)
        .map(r => r.object.revision)
        .sort(),
    ).toEqual([2, 3, 4]);
    // The one before the newest is the restarted one.
    await run(`undoRollout(name: "agent") ${MESSAGES}`);
    expect(agent().spec.template.spec.containers[0]!.image).toBe('a:2');
    expect((await failure('undoRollout(name: "agent", toRevision: 99) { revision }')).extensions.code).toBe(
      'BAD_USER_INPUT',
    );
  });

  it('restarts, undoes and scales those of Deployments', async () => {
    const web = () => cluster.registry.get(deployments, 'default', 'web')!.object;
    await apply(deployment('w:1'));
    await cluster.comeToRest();
    await apply(deployment('w:2'));
    await cluster.comeToRest();
    await run(`undoRollout(kind: "deploy", name: "web") ${MESSAGES}`);
    await cluster.comeToRest();
    expect(web().spec.template.spec.containers[0]!.image).toBe('w:1');
    expect(web().spec.template.metadata?.labels).toEqual({ app: 'web' });
    expect(web().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
    expect(podsOf('web')).toHaveLength(2);
    await run(`restartRollout(kind: "Deployment", name: "web") ${MESSAGES}`);
    expect(web().spec.template.metadata?.annotations).toHaveProperty(['kubectl.kubernetes.io/restartedAt']);

    const { changes } = await run(`scale(name: "web", replicas: 3) ${MESSAGES}`);
    expect(changes).toEqual([{ outcome: 'CHANGED', message: 'deployment.apps/web scaled' }]);
    expect(web().spec.replicas).toBe(3);
    expect((await run(`scale(name: "web", replicas: 3) ${MESSAGES}`)).changes[0].outcome).toBe('UNCHANGED');
    expect((await run(`scale(name: "web", replicas: 5, dryRun: true) ${MESSAGES}`)).changes[0].outcome).toBe('CHANGED');
    expect(web().spec.replicas).toBe(3);
    expect((await failure('scale(name: "web", replicas: -1) { revision }')).extensions.status.code).toBe(422);
    expect((await failure('scale(kind: "cm", name: "web", replicas: 1) { revision }')).extensions.code).toBe(
      'BAD_USER_INPUT',
    );

    const paused = await run(`pauseRollout(name: "web") ${MESSAGES}`);
    expect(paused.changes).toEqual([{ outcome: 'CHANGED', message: 'deployment.apps/web paused' }]);
    expect((await failure('pauseRollout(name: "web") { revision }')).message).toBe(
      'deployments.apps "web" is already paused',
    );
    const image = '{op: "replace", path: "/spec/template/spec/containers/0/image", value: "w:3"}';
    await run(`patch(kind: "deploy", name: "web", type: JSON, patch: [${image}]) ${MESSAGES}`);
    await cluster.comeToRest();
    expect(podsOf('web').map(p => p.object.spec.containers[0]!.image)).not.toContain('w:3');
    expect((await failure('restartRollout(kind: "deploy", name: "web") { revision }')).message).toContain('paused');
    expect((await failure('restartRollout(kind: "cm", name: "web") { revision }')).message).toContain('no rollouts');
    const resumed = await run(`resumeRollout(name: "web") ${MESSAGES}`);
    expect(resumed.changes).toEqual([{ outcome: 'CHANGED', message: 'deployment.apps/web resumed' }]);
    await cluster.comeToRest();
    expect(new Set(podsOf('web').map(p => p.object.spec.containers[0]!.image))).toEqual(new Set(['w:3']));
    expect((await failure('resumeRollout(name: "web") { revision }')).message).toContain('is not paused');
    await apply(daemonSet('a:1'));
    expect((await failure('pauseRollout(kind: "ds", name: "agent") { revision }')).message).toBe(
      'daemonsets.apps "agent" pausing is not supported',
    );
  });
});

describe('the clock', () => {
  it('moves if it is virtual', async () => {
    await apply(daemonSet('a:1'));
    const before = cluster.clock.now();
    const { now } = await run('advance(by: "1m30s") { now revision }');
    expect(Date.parse(now)).toBe(before + 90_000);
    expect(podsOf('agent').every(p => p.object.status.phase === 'Running')).toBe(true);
    for (const by of ['soon', '25h'])
      expect((await failure(`advance(by: "${by}") { now }`)).extensions.code).toBe('BAD_USER_INPUT');
  });

  it('does not if it runs', async () => {
    const real = await createCluster({ nodes: 0 });
    const { body } = await supertest(real.app)
      .post('/graphql')
      .send({ query: 'mutation { advance(by: "1s") { now } }' });
    expect(body.errors[0].extensions.code).toBe('CLOCK_RUNS');
    await real.close();
  });
});

describe('who may', () => {
  it('is who may over REST', async () => {
    const guarded = await createCluster({ clock: 'virtual', authorization: 'RBAC' });
    await guarded.apply(`
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: graph}, rules: [
        {nonResourceURLs: [/graphql], verbs: [get, post]},
        {apiGroups: [""], resources: [nodes], verbs: [get, list, patch]},
        {apiGroups: [""], resources: [configmaps], verbs: [patch]}]}
      ---
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: graph},
       roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: graph},
       subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: eve}]}`);
    const as = async (field: string) =>
      (
        await supertest(guarded.app)
          .post('/graphql')
          .set('impersonate-user', 'eve')
          .send({ query: `mutation { ${field} }` })
      ).body;
    expect((await as('cordon(node: "worker-1") { revision }')).errors).toBeUndefined();
    for (const [field, said] of [
      ['delete(kind: "node", name: "worker-1") { revision }', 'cannot delete resource "nodes"'],
      [
        'apply(manifests: "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}") { revision }',
        'cannot create resource "configmaps"',
      ],
      ['scale(name: "web", replicas: 1) { revision }', 'cannot patch resource "deployments/scale"'],
      ['scaleNodes(add: 1) { revision }', 'cannot create resource "nodes"'],
      ['restartRollout(name: "agent") { revision }', 'cannot get resource "daemonsets"'],
      ['drain(node: "worker-1") { drained }', 'cannot list resource "pods"'],
      ['advance(by: "1s") { now }', 'cannot post path \\"/_kubette/v1/clock/advance\\"'],
      ['openNetwork { addresses }', 'cannot post path \\"/_kubette/v1/network\\"'],
      [
        'sendRequest(input: { to: { node: { name: "worker-1", port: 1 } } }) { tally { count } }',
        'cannot post path \\"/_kubette/v1/network/requests\\"',
      ],
    ] as const) {
      const [error] = (await as(field)).errors;
      expect(error.extensions, field).toMatchObject({ code: 'FORBIDDEN', status: { code: 403 } });
      expect(error.message, field).toContain(said.replaceAll('\\"', '"'));
    }
    await guarded.close();
  });

  it('is nobody by way of another site, or by a link', async () => {
    const query = 'mutation { cordon(node: "worker-1") { revision } }';
    const form = await supertest(cluster.app).post('/graphql').type('text/plain').send(JSON.stringify({ query }));
    expect(form.status).toBe(400);
    const link = await supertest(cluster.app).get('/graphql').query({ query });
    expect(link.status).toBe(400);
    const program = await supertest(cluster.app)
      .get('/graphql')
      .set('apollo-require-preflight', 'true')
      .query({ query });
    expect(program.status).toBe(405);
    expect((await post(query, {}, { origin: 'http://evil.example' })).status).toBe(403);
    expect(node().spec.unschedulable).toBeUndefined();
  });
});

describe('on the wire', () => {
  it('carries out several one after the other, each on what the one before left', async () => {
    const { body } = await post(`mutation {
      a: label(kind: "node", name: "worker-1", labels: [{key: "x", value: "1"}]) { revision }
      b: label(kind: "node", name: "worker-1", labels: [{key: "x", value: "2"}]) { revision }
      c: label(kind: "node", name: "worker-1", labels: [{key: "y", value: "1"}]) {
        changes { object { metadata { labelMap } } }
      }
    }`);
    expect(body.errors[0].path).toEqual(['b']);
    expect(body.data).toMatchObject({ a: { revision: expect.any(String) }, b: null });
    expect(body.data.c.changes[0].object.metadata.labelMap).toMatchObject({ x: '1', y: '1' });
    expect(node().metadata.labels).toMatchObject({ x: '1', y: '1' });
  });

  it('is served over WebSocket as well', async () => {
    const { port } = await cluster.listen(0);
    const client = createClient({ url: `ws://127.0.0.1:${port}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    for await (const result of client.iterate({ query: `mutation { cordon(node: "worker-1") ${MESSAGES} }` })) {
      expect(result.data).toEqual({ cordon: { changes: [{ outcome: 'CHANGED', message: 'node/worker-1 cordoned' }] } });
    }
    expect(node().spec.unschedulable).toBe(true);
    await client.dispose();
  });

  it('has a cost for each', () => {
    const fields = Object.values(loadSchema().getMutationType()!.getFields());
    expect(fields.length).toBeGreaterThan(10);
    for (const { name, astNode } of fields)
      expect(
        astNode?.directives?.map(d => d.name.value),
        name,
      ).toContain('cost');
  });
});

describe('a list of changes', () => {
  const apply = (changes: object[], headers: Record<string, string> = {}) =>
    post(
      'mutation M($changes: [ChangeInput!]!) { it: applyChanges(changes: $changes) { revision changes { index messages } } }',
      { changes },
      headers,
    );

  it('is made in order, each as the mutation of its name would', async () => {
    const { body } = await apply([
      { scaleNodes: { add: 1 } },
      { label: { kind: 'Node', name: 'node-1', labels: [{ key: 'disk', value: 'ssd' }] } },
      { apply: { manifests: daemonSet('agent:1') } },
      { setImage: { name: 'agent', image: 'agent:2' } },
      { drain: { node: 'node-1' } },
    ]);
    expect(body.errors).toBeUndefined();
    expect(body.data.it.changes).toEqual([
      { index: 0, messages: ['node/node-1 created'] },
      { index: 1, messages: ['node/node-1 labeled'] },
      { index: 2, messages: ['daemonset.apps/agent created'] },
      { index: 3, messages: ['daemonset.apps/agent image updated'] },
      { index: 4, messages: expect.arrayContaining(['node/node-1 cordoned']) },
    ]);
    expect(cluster.registry.get(nodes, '', 'node-1')!.object.spec.unschedulable).toBe(true);
  });

  it('ends at the first that is refused, and tells which one that was and what was done before', async () => {
    const { body } = await apply([
      { apply: { manifests: daemonSet('agent:1') } },
      { cordon: { node: 'nowhere' } },
      { delete: { kind: 'DaemonSet', name: 'agent' } },
    ]);
    expect(body.data.it).toBeNull();
    expect(body.errors[0].extensions).toMatchObject({
      code: 'NOT_FOUND',
      change: 1,
      done: ['daemonset.apps/agent created'],
    });
    expect(cluster.registry.get(daemonSets, 'default', 'agent')).toBeDefined();
  });
});
