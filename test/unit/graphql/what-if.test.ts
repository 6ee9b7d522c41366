import express from 'express';
import supertest from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { createGraphql, type Graphql } from '../../../src/graphql/server.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { daemonSets, nodes, pods } from '../../../src/resources/index.js';

/** What-ifs as clients ask them, of a whole cluster over HTTP. */
let cluster: Cluster;
afterEach(() => cluster.close());

const template = (app: string, image: string, pod: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image }], ...pod },
});
const daemonSet = (image = 'a:1', spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent', image), ...spec },
});
const deployment = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template('web', 'w:1') },
});

async function start(manifests: object[] = [daemonSet()], options: ClusterOptions = {}): Promise<void> {
  cluster = await createCluster({ clock: 'virtual', nodes: 3, ...options });
  await cluster.apply(manifests);
  await cluster.comeToRest();
}

const post = async (query: string, variables: object = {}, user?: string) => {
  const request = supertest(cluster.app).post('/graphql');
  if (user) request.set('impersonate-user', user);
  return (await request.send({ query, variables })).body;
};

/** What a what-if answers where all goes well. */
async function ask(changes: object[], selection: string, args = '') {
  const body = await post(`query($c: [ChangeInput!]!) { whatIf(changes: $c${args}) ${selection} }`, { c: changes });
  expect(body.errors).toBeUndefined();
  return body.data.whatIf;
}

/** The error that a what-if is answered with. */
async function failure(changes: object[], args = '') {
  const body = await post(`query($c: [ChangeInput!]!) { whatIf(changes: $c${args}) { revision } }`, { c: changes });
  expect(body.errors).toHaveLength(1);
  expect(JSON.stringify(body)).not.toMatch(/stacktrace|node_modules|\.ts:/);
  return body.errors[0];
}

const PLACEMENTS = '{ placements { nodes { difference node before { actual reason } after { actual reason } } } }';
const NODES = '{ after { nodes { nodes { name zone taints { text } allocatable { resource quantity } } } } }';

describe('whatIf', () => {
  it('tells what a taint would do, with the reasons on both sides, and leaves the cluster as it is', async () => {
    await start();
    const { revision } = cluster;
    const answer = await ask(
      [{ taint: { node: 'node-2', taints: ['gpu=yes:NoExecute'] } }],
      `{ revision changes { index messages } rest { atRest seconds goingOn }
         daemonSets { namespace name before { wanted ready } after { wanted ready } }
         placements { totalCount nodes {
           difference daemonSet node
           before { actual reason pod { name } daemonSet { name } } after { actual reason pod { name } node { taints { text } } }
         } }
         steps { nodes { number text counts { what count } events { nodes { what node ownerKind ownerName } } } } }`,
    );
    expect(answer.revision).toBe(String(revision));
    expect(answer.changes).toEqual([{ index: 0, messages: ['node/node-2 tainted'] }]);
    expect(answer.daemonSets).toEqual([
      { namespace: 'default', name: 'agent', before: { wanted: 3, ready: 3 }, after: { wanted: 2, ready: 2 } },
    ]);
    expect(answer.placements).toEqual({
      totalCount: 1,
      nodes: [
        {
          difference: 'WENT',
          daemonSet: 'agent',
          node: 'node-2',
          before: {
            actual: 'PRESENT',
            reason: 'a pod is wanted, and it runs and is ready',
            pod: { name: expect.stringMatching(/^agent-/) },
            daemonSet: { name: 'agent' },
          },
          after: {
            actual: 'NOT_WANTED',
            reason: expect.stringContaining('gpu=yes:NoExecute'),
            pod: null,
            node: { taints: [{ text: 'gpu=yes:NoExecute' }] },
          },
        },
      ],
    });
    expect(answer.steps.nodes[0]).toEqual({
      number: 1,
      text: '1 pod TERMINATING, 1 pod DELETED',
      counts: expect.arrayContaining([{ what: 'TERMINATING', count: 1 }]),
      events: {
        nodes: expect.arrayContaining([
          { what: 'TERMINATING', node: 'node-2', ownerKind: 'DaemonSet', ownerName: 'agent' },
        ]),
      },
    });
    expect(answer.rest.atRest).toBe(true);
    expect(cluster.revision).toBe(revision);
  });

  it('tells the order of a rollout, and how long it takes', async () => {
    await start([daemonSet('a:1', { minReadySeconds: 10 })]);
    const setImage = [{ setImage: { name: 'agent', image: 'a:2' } }];
    const {
      steps,
      rest,
      placements,
      daemonSets: counted,
    } = await ask(
      setImage,
      `{ rest { atRest seconds } placements(difference: [REPLACED]) { totalCount nodes { before { revision } after { revision upToDate } } }
         daemonSets(changed: true) { name }
         steps { totalCount nodes { number seconds events { nodes { what node } } } } }`,
    );
    const ready = steps.nodes.flatMap((step: { events: { nodes: { what: string; node: string }[] } }) =>
      step.events.nodes.filter(({ what }) => what === 'READY').map(({ node }) => node),
    );
    expect(new Set(ready)).toEqual(new Set(['node-1', 'node-2', 'node-3']));
    expect(steps.nodes.map((s: { number: number }) => s.number)).toEqual(
      Array.from({ length: steps.totalCount }, (_, i) => i + 1),
    );
    const last = steps.nodes.at(-1).seconds;
    expect(last).toBeGreaterThanOrEqual(20); // two nodes were waited for
    expect(rest).toEqual({ atRest: true, seconds: expect.any(Number) });
    expect(rest.seconds).toBeGreaterThanOrEqual(last);
    expect(placements.totalCount).toBe(3);
    expect(placements.nodes[0].after.upToDate).toBe(true);
    expect(placements.nodes[0].after.revision).not.toBe(placements.nodes[0].before.revision);
    expect(counted).toEqual([]); // as many as before

    const cut = await ask(setImage, '{ rest { atRest seconds goingOn } }', ', limit: "15s"');
    expect(cut.rest).toMatchObject({ atRest: false, seconds: 15 });
    expect(cut.rest.goingOn.join()).toContain('agent');
  });

  it('tells who waits, and what moves', async () => {
    await start([daemonSet(), deployment(3)]);
    const moved = await ask(
      [{ drain: { node: 'node-1' } }, { scale: { name: 'web', replicas: 4 } }],
      `{ changes { messages }
         pods { nodes { difference namespace workloadKind workloadName before { node pod { name } } after { node state ready pod { node { name } } } } } }`,
    );
    expect(moved.changes[0].messages[0]).toBe('node/node-1 cordoned');
    expect(moved.changes[0].messages.join()).toContain('DaemonSet agent would make it anew');
    expect(moved.changes[1].messages).toEqual(['deployment.apps/web scaled']);
    const kinds = moved.pods.nodes.map((p: { difference: string }) => p.difference).sort();
    expect(kinds).toEqual(['CAME', 'MOVED']);
    const went = moved.pods.nodes.find((p: { difference: string }) => p.difference === 'MOVED');
    expect(went).toMatchObject({ workloadKind: 'Deployment', workloadName: 'web', before: { node: 'node-1' } });
    expect(went.after).toEqual({
      node: expect.any(String),
      state: 'RUNNING',
      ready: true,
      pod: { node: { name: went.after.node } },
    });

    const large = template('agent', 'a:2');
    const requests = { cpu: '1000' };
    const { waiting } = await ask(
      [
        {
          patch: {
            kind: 'ds',
            name: 'agent',
            type: 'STRATEGIC',
            patch: {
              spec: { template: { spec: { containers: [{ ...large.spec.containers[0], resources: { requests } }] } } },
            },
          },
        },
      ],
      '{ waiting { totalCount nodes { reason pod { name daemonSet { name } } } } }',
    );
    expect(waiting.totalCount).toBe(1);
    expect(waiting.nodes[0]).toMatchObject({
      reason: expect.stringContaining('needs 1k CPU'),
      pod: { daemonSet: { name: 'agent' } },
    });
  });

  it('drains on where a budget lets pods go one after the other', async () => {
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'default' },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
    };
    await start([budget, deployment(9)]);
    const there = cluster.registry.all(pods).filter(({ object }) => object.spec.nodeName === 'node-1').length;
    expect(there).toBeGreaterThan(1);
    const {
      changes,
      pods: different,
      rest,
    } = await ask(
      [{ drain: { node: 'node-1' } }],
      '{ changes { messages } rest { atRest } pods(difference: [MOVED]) { totalCount } after { pods(nodeName: "node-1") { totalCount } } }',
    );
    expect(rest.atRest).toBe(true);
    expect(different.totalCount).toBe(there);
    expect(changes[0].messages.filter((m: string) => m.endsWith(': evicted'))).toHaveLength(there);
  });

  it('makes all that can be made', async () => {
    await start([daemonSet(), deployment(2)], { nodes: undefined });
    const manifest = '{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: v}}';
    const { changes, after } = await ask(
      [
        { apply: { manifests: manifest } },
        { patch: { kind: 'cm', name: 'c', patch: { data: { k: 'w' } } } },
        { label: { kind: 'no', name: 'worker-1', labels: [{ key: 'a', value: 'b' }] } },
        { annotate: { kind: 'cm', name: 'c', annotations: [{ key: 'a', value: 'b' }] } },
        { taint: { node: 'worker-1', taints: ['x:NoSchedule'] } },
        { untaint: { node: 'worker-1', taints: ['x'] } },
        { cordon: { node: 'worker-2' } },
        { uncordon: { node: 'worker-2' } },
        { restartRollout: { name: 'agent' } },
        { undoRollout: { name: 'agent', toRevision: 1 } },
        { scale: { name: 'web', replicas: 3 } },
        { scaleNodes: { pool: 'worker', add: 1 } },
        { addNodes: { like: 'worker-3', count: 2, labels: [{ key: 'new', value: 'yes' }] } },
        { removeNodes: { names: ['worker-2'] } },
        { setImage: { kind: 'Deployment', name: 'web', container: 'main', image: 'w:2' } },
        { delete: { kind: 'cm', name: 'c', propagation: 'BACKGROUND', gracePeriod: 0 } },
      ],
      '{ changes { messages } after { nodes { nodes { name } } pods(owner: "Deployment/web") { totalCount } } }',
    );
    expect(changes.map(({ messages }: { messages: string[] }) => messages.join())).toEqual([
      'configmap/c created',
      'configmap/c patched',
      'node/worker-1 labeled',
      'configmap/c annotated',
      'node/worker-1 tainted',
      'node/worker-1 untainted',
      'node/worker-2 cordoned',
      'node/worker-2 uncordoned',
      'daemonset.apps/agent restarted',
      'daemonset.apps/agent rolled back to revision 1',
      'deployment.apps/web scaled',
      'node/worker-4 created',
      'node/worker-5 created,node/worker-6 created',
      'node/worker-2 deleted',
      'deployment.apps/web image updated',
      'configmap/c deleted',
    ]);
    expect(after.nodes.nodes.map(({ name }: { name: string }) => name)).toEqual(
      ['control-plane', 1, 3, 4, 5, 6].map(n => (typeof n === 'string' ? n : `worker-${n}`)),
    );
    expect(after.pods.totalCount).toBe(3);
  });

  it('makes nodes like one that is there, but for what is only its state', async () => {
    await start([daemonSet()]);
    const like = cluster.registry.get(nodes, '', 'node-3')!;
    await cluster.registry.patch(nodes, '', 'node-3', {
      type: 'merge',
      body: {
        metadata: { labels: { 'topology.kubernetes.io/zone': 'z' } },
        spec: { unschedulable: true, taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] },
      },
    });
    await cluster.comeToRest();
    const { after } = await ask([{ addNodes: { like: 'node-3', pool: 'gpu', count: 1 } }], NODES);
    const made = after.nodes.nodes.find(({ name }: { name: string }) => name === 'gpu-1');
    expect(made.zone).toBe('z');
    expect(made.taints).toEqual([{ text: 'gpu=yes:NoSchedule' }]);
    expect(made.allocatable).toContainEqual({
      resource: 'cpu',
      quantity: String(like.object.status.allocatable!.cpu),
    });
    const other = await ask(
      [{ addNodes: { like: 'node-3', taints: [], labels: [{ key: 'topology.kubernetes.io/zone' }] } }],
      NODES,
    );
    expect(other.after.nodes.nodes.find(({ name }: { name: string }) => name === 'node-4')).toMatchObject({
      zone: null,
      taints: [],
    });
    expect(await failure([{ addNodes: { like: 'none' } }])).toMatchObject({ extensions: { status: { code: 404 } } });
    expect((await failure([{ addNodes: { count: 5001 } }])).message).toContain('at most 5000');
    const gone = await ask([{ removeNodes: { labelSelector: 'topology.kubernetes.io/zone=z' } }], PLACEMENTS);
    expect(gone.placements.nodes.map((p: { node: string }) => p.node)).toEqual(['node-3']);
    expect((await failure([{ removeNodes: { labelSelector: 'no=such' } }])).message).toContain('no such nodes');
    expect((await failure([{ removeNodes: {} }])).message).toContain('give names or labelSelector');
    expect((await failure([{ setImage: { name: 'agent', container: 'side', image: 'x' } }])).message).toContain(
      'has no container "side"',
    );
  });

  it('shows the world before and after, and what was on the way', async () => {
    await start();
    const { before, after } = await ask(
      [{ delete: { kind: 'ds', name: 'agent' } }],
      `{ before { cluster { podCount revision } daemonSet(name: "agent") { placementCounts { ready } } }
         after { cluster { podCount revision } daemonSet(name: "agent") { name } events(reason: "Killing") { totalCount } } }`,
    );
    expect(before).toEqual({
      cluster: { podCount: 3, revision: String(cluster.revision) },
      daemonSet: { placementCounts: { ready: 3 } },
    });
    expect(after).toMatchObject({ cluster: { podCount: 0 }, daemonSet: null });
    expect(after.events.totalCount).toBeGreaterThan(0);
    const onTheWay = await ask(
      [{ delete: { kind: 'ds', name: 'agent' } }],
      `{ after { early: cluster(at: ${cluster.revision + 1}) { podCount } pods(first: 1) { totalCount } } }`,
    );
    expect(onTheWay.after).toEqual({ early: { podCount: 3 }, pods: { totalCount: 0 } });
  });

  it('tells what comes of it when it is really done', async () => {
    await start([daemonSet(), deployment(5)], { nodes: 12 });
    const names = Array.from({ length: 12 }, (_, i) => `node-${String(i + 1).padStart(2, '0')}`);
    expect(names).toEqual(cluster.registry.all(nodes).map(({ name }) => name));
    const tainted = names.filter((_, i) => i % 3 !== 1);
    const FIELDS = `placements { nodes { difference namespace daemonSet node before { actual reason } after { actual wanted reason } } }
      pods { nodes { difference workloadKind workloadName before { state ready } after { state ready } } } waiting { nodes { reason } }`;
    const changes = [
      ...tainted.map(node => ({ taint: { node, taints: ['x=y:NoExecute'] } })),
      { setImage: { name: 'agent', image: 'a:2' } },
      { removeNodes: { names: ['node-02'] } },
    ];
    const { rest, ...would } = await ask(changes, `{ rest { atRest } ${FIELDS} }`);
    const from = cluster.revision;
    for (const node of tainted) {
      const { errors } = await post(`mutation { taint(node: "${node}", taints: ["x=y:NoExecute"]) { revision } }`);
      expect(errors).toBeUndefined();
    }
    await cluster.registry.patch(daemonSets, 'default', 'agent', {
      type: 'strategic',
      body: { spec: { template: { spec: { containers: [{ name: 'main', image: 'a:2' }] } } } },
    });
    await cluster.registry.delete(nodes, '', 'node-02');
    await cluster.comeToRest();
    const { data } = await post(`{ placementDiff(from: ${from}) { ${FIELDS} } }`);
    expect(rest.atRest).toBe(true);
    expect(would.placements.nodes.length).toBe(12);
    expect(would.placements).toEqual(data.placementDiff.placements);
    // Which of a workload's pods takes whose place is a matter of names.
    const told = ({ pods: { nodes: all } }: typeof would) => all.map((p: object) => JSON.stringify(p)).sort();
    expect(told(would)).toEqual(told(data.placementDiff));
    expect(would.waiting).toEqual(data.placementDiff.waiting);
  });

  it('begins at an earlier moment', async () => {
    await start();
    const { revision } = cluster;
    await cluster.registry.delete(daemonSets, 'default', 'agent');
    await cluster.comeToRest();
    const changes = [{ cordon: { node: 'node-1' } }, { removeNodes: { names: ['node-1'] } }];
    const then = await ask(changes, `{ revision ${PLACEMENTS.slice(1)}`, `, at: ${revision}`);
    expect(then.revision).toBe(String(revision));
    expect(then.placements.nodes).toMatchObject([{ difference: 'WENT', node: 'node-1', after: null }]);
    expect((await ask(changes, PLACEMENTS)).placements.nodes).toEqual([]);
    expect((await failure(changes, ', at: 999999')).message).toContain('still to come');
  });

  it('tells which change is refused, as the mutation would be, and what was done before it', async () => {
    await start();
    const wrong = await failure([
      { cordon: { node: 'node-1' } },
      { taint: { node: 'none', taints: ['a:NoSchedule'] } },
    ]);
    expect(wrong.message).toBe('nodes "none" not found');
    expect(wrong.extensions).toMatchObject({
      code: 'NOT_FOUND',
      change: 1,
      done: ['node/node-1 cordoned'],
      status: { kind: 'Status', code: 404 },
    });
    expect((await failure([{ taint: { node: 'node-1', taints: ['a'] } }])).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      change: 0,
    });
    const invalid = {
      apply: { manifests: JSON.stringify(daemonSet('a:1', { selector: { matchLabels: { app: 'b' } } })) },
    };
    expect((await failure([invalid])).extensions.status.code).toBe(409); // another one applied it
    expect((await failure([{ apply: { ...invalid.apply, force: true } }])).extensions.status.code).toBe(422);
    expect((await failure([{ cordon: { node: 'node-1' } }], ', limit: "long"')).message).toContain('no duration');
    expect((await failure([{ cordon: { node: 'node-1' } }], ', limit: "25h"')).message).toContain('24h at most');
    expect((await failure(Array(5001).fill({ cordon: { node: 'node-1' } }))).message).toContain('at most 5000 changes');
    expect((await failure([{ cordon: { node: 'node-1' }, uncordon: { node: 'node-1' } }])).message).toContain(
      'Exactly one key must be specified',
    );
  });

  it('is made in the name of the user', async () => {
    cluster = await createCluster({ clock: 'virtual', authorization: 'RBAC' });
    const role = (name: string, more: string) => `
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: ${name}}, rules: [
        {nonResourceURLs: [/graphql], verbs: [get, post]}${more}]}
      ---
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: ${name}},
       roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name}},
       subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ${name}}]}`;
    const reads = ', {apiGroups: ["", apps], resources: [nodes, pods, daemonsets], verbs: [get, list]}';
    await cluster.apply(
      [
        role('blind', ''),
        role('eve', reads),
        role('bob', `${reads}, {apiGroups: [""], resources: [nodes], verbs: [patch]}`),
      ].join('\n      ---'),
    );
    const as = (user: string) =>
      post(
        '{ whatIf(changes: [{cordon: {node: "worker-1"}}]) { changes { messages } after { secrets: objects(kind: "secret") { totalCount } } } }',
        {},
        user,
      );
    expect((await as('blind')).errors[0].message).toContain('cannot list resource "daemonsets"');
    expect((await as('eve')).errors[0]).toMatchObject({
      message: expect.stringMatching(/cannot patch resource "nodes"/),
      extensions: { code: 'FORBIDDEN', change: 0, status: { code: 403 } },
    });
    // What bob may not see there, is refused as well.
    expect((await as('bob')).errors[0].message).toContain('cannot list resource "secrets"');
    const may = await post('{ whatIf(changes: [{cordon: {node: "worker-1"}}]) { changes { messages } } }', {}, 'bob');
    expect(may).toMatchObject({ data: { whatIf: { changes: [{ messages: ['node/worker-1 cordoned'] }] } } });
  });
});

describe('compare', () => {
  const compare = (scenarios: object[], selection: string) =>
    post(`query($s: [ScenarioInput!]!) { compare(scenarios: $s) ${selection} }`, { s: scenarios });

  it('lays scenarios side by side, and one that is refused leaves the others', async () => {
    await start();
    const { data, errors } = await compare(
      [
        { name: 'taint', changes: [{ taint: { node: 'node-1', taints: ['a:NoExecute'] } }] },
        { name: 'wrong', changes: [{ cordon: { node: 'none' } }] },
        { name: 'nothing', changes: [] },
        { name: 'more', changes: [{ addNodes: { like: 'node-1', count: 2 } }] },
      ],
      '{ name outcome { placements { nodes { difference node } } daemonSets { after { ready } } } }',
    );
    expect(data.compare).toEqual([
      {
        name: 'taint',
        outcome: {
          placements: { nodes: [{ difference: 'WENT', node: 'node-1' }] },
          daemonSets: [{ after: { ready: 2 } }],
        },
      },
      { name: 'wrong', outcome: null },
      { name: 'nothing', outcome: { placements: { nodes: [] }, daemonSets: [{ after: { ready: 3 } }] } },
      {
        name: 'more',
        outcome: {
          placements: { nodes: ['node-4', 'node-5'].map(node => ({ difference: 'CAME', node })) },
          daemonSets: [{ after: { ready: 5 } }],
        },
      },
    ]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ path: ['compare', 1, 'outcome'], extensions: { change: 0 } });
  });

  it('costs by the number of scenarios, of which there are few', async () => {
    await start();
    const scenario = (i: number) => ({ name: `s${i}`, changes: [] });
    const cost = async (count: number) =>
      (
        await compare(
          Array.from({ length: count }, (_, i) => scenario(i)),
          '{ outcome { revision } }',
        )
      ).extensions.cost.requested;
    expect((await cost(3)) - (await cost(2))).toBe(5001);
    const many = await compare(
      Array.from({ length: 9 }, (_, i) => scenario(i)),
      '{ name }',
    );
    expect(many.errors[0].message).toContain('at most 8 scenarios');
    const bomb = await post(
      `{ ${Array.from({ length: 21 }, (_, i) => `a${i}: whatIf(changes: []) { revision }`).join(' ')} }`,
    );
    expect(bomb.errors[0].extensions.code).toBe('QUERY_TOO_COSTLY');
  });
});

describe('a what-if that takes too long', () => {
  let graphql: Graphql;
  afterEach(() => graphql.close());

  /** A cluster whose forks are known to be closed. */
  async function serve(whatIfMs: number) {
    await start([]);
    const forks: { cluster: Cluster; closed: boolean }[] = [];
    graphql = createGraphql({
      registry: cluster.registry,
      version: 'v1.35.0',
      limits: { whatIfMs },
      fork: async at => {
        const fork = await cluster.fork({ at });
        const kept = { cluster: fork, closed: false };
        forks.push(kept);
        const close = fork.close.bind(fork);
        fork.close = async () => {
          await close();
          kept.closed = true;
        };
        return fork;
      },
    });
    const app = express().use('/graphql', graphql.middleware);
    const ask = async (query: string) => (await supertest(app).post('/graphql').send({ query })).body;
    return { ask, forks };
  }

  it('is given up, told, and leaves no fork behind', async () => {
    const { ask, forks } = await serve(40);
    const manifests = JSON.stringify(JSON.stringify(daemonSet('a:1', { minReadySeconds: 3 })));
    const body = await ask(
      `{ whatIf(limit: "24h", changes: [{scaleNodes: {count: 3000}}, {apply: {manifests: ${manifests}}}]) { revision } ok: cluster { era } }`,
    );
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0]).toMatchObject({ path: ['whatIf'], extensions: { code: 'WHAT_IF_TIMEOUT', limit: 40 } });
    expect(body.data).toEqual({ whatIf: null, ok: { era: 'current' } });
    expect(forks.map(({ closed }) => closed)).toEqual([true]);
  });

  it('closes its fork also where a change is refused, and lets only so many wait', async () => {
    const { ask, forks } = await serve(30_000);
    await ask('{ whatIf(changes: [{cordon: {node: "none"}}]) { revision } }');
    await ask('{ whatIf(changes: [{cordon: {node: "node-1"}}]) { revision } }');
    expect(forks.map(({ closed }) => closed)).toEqual([true, true]);
    const several = `{ ${Array.from({ length: 10 }, (_, i) => `a${i}: whatIf(changes: []) { revision }`).join(' ')} }`;
    const bodies = await Promise.all(Array.from({ length: 4 }, () => ask(several)));
    const codes = bodies.flatMap(({ errors = [] }) =>
      errors.map((e: { extensions: { code: string } }) => e.extensions.code),
    );
    expect(new Set(codes)).toEqual(new Set(['TOO_MANY_WHAT_IFS']));
    expect(bodies.flatMap(({ data }) => Object.values(data)).filter(Boolean)).toHaveLength(40 - codes.length);
    expect(forks.every(({ closed }) => closed)).toBe(true);
  });
});
