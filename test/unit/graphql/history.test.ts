import supertest from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClusterOptions } from '../../../src/cluster/options.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { daemonSets, nodes, pods } from '../../../src/resources/index.js';

/** The log as clients ask about it, of a whole cluster over HTTP. */
let cluster: Cluster;
afterEach(() => cluster.close());

const daemonSet = (image = 'a:1') => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'main', image }] } },
  },
});
const configMap = (name: string, data: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

async function start(options: ClusterOptions = {}): Promise<void> {
  cluster = await createCluster({ clock: 'virtual', nodes: 3, ...options });
  await cluster.apply(daemonSet());
  await cluster.comeToRest();
}

const post = async (query: string, user?: string) => {
  const request = supertest(cluster.app).post('/graphql');
  if (user) request.set('impersonate-user', user);
  return (await request.send({ query })).body;
};
async function ask(query: string) {
  const body = await post(query);
  expect(body.errors).toBeUndefined();
  return body.data;
}
const error = async (query: string, user?: string) => (await post(query, user)).errors[0];
const patchNode = (name: string, body: object) => cluster.registry.patch(nodes, '', name, { type: 'merge', body });

describe('changes', () => {
  it('tells what was written between two moments, newest or oldest first, in pages', async () => {
    await start();
    const from = cluster.revision;
    await cluster.apply(configMap('c', { k: 'v' }));
    await cluster.advance('90s');
    await cluster.apply(configMap('c', { k: 'w' }));
    await cluster.registry.delete(cluster.registry.kinds.byKind('v1', 'ConfigMap')!, 'default', 'c');
    const fields =
      'totalCount pageInfo { hasNextPage endCursor } nodes { revision time verb kind namespace name writer diff { path before after } }';
    const { changes } = await ask(`{ changes(from: ${from}, kind: "cm", orderBy: OLDEST) { ${fields} } }`);
    expect(changes.totalCount).toBe(3);
    expect(changes.nodes.map((w: { verb: string }) => w.verb)).toEqual(['CREATED', 'UPDATED', 'DELETED']);
    expect(changes.nodes[1]).toMatchObject({
      kind: 'ConfigMap',
      namespace: 'default',
      name: 'c',
      writer: 'kubette',
      diff: [{ path: 'data.k', before: 'v', after: 'w' }],
    });
    expect(changes.nodes[0].diff).toContainEqual({ path: 'data', before: null, after: { k: 'v' } });
    expect(changes.nodes[2].diff).toEqual([]);
    expect(Date.parse(changes.nodes[1].time) - Date.parse(changes.nodes[0].time)).toBe(90_000);
    const first = (await ask(`{ changes(from: ${from}, kind: "cm", first: 2) { ${fields} } }`)).changes;
    expect(first.nodes.map((w: { verb: string }) => w.verb)).toEqual(['DELETED', 'UPDATED']);
    const { endCursor } = first.pageInfo;
    const rest = (await ask(`{ changes(from: ${from}, kind: "cm", first: 2, after: "${endCursor}") { ${fields} } }`))
      .changes;
    expect(rest.nodes).toEqual([changes.nodes[0]]);
    const upTo = changes.nodes[1].revision;
    expect((await ask(`{ changes(from: ${from}, to: ${upTo}, kind: "cm") { totalCount } }`)).changes.totalCount).toBe(
      2,
    );
    const all = await ask(`{ changes(from: ${from}) { totalCount } other: changes(namespace: "none") { totalCount } }`);
    expect(all).toMatchObject({ changes: { totalCount: cluster.revision - from }, other: { totalCount: 0 } });
    expect((await error(`{ changes(from: ${from + 1}, to: ${from}) { totalCount } }`)).message).toContain(
      'must not be after',
    );
  });

  it('is of what the user may list', async () => {
    await start({ authorization: 'RBAC' });
    await cluster.apply(`
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: eve}, rules: [
        {nonResourceURLs: [/graphql], verbs: [post]}, {apiGroups: [""], resources: [nodes], verbs: [list]}]}
      ---
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: eve},
       roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: eve},
       subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: eve}]}`);
    const { data, errors } = await post(
      '{ changes(first: 500) { nodes { kind } } activity(buckets: 1) { writes kinds { kind } } }',
      'eve',
    );
    expect(errors).toBeUndefined();
    expect(new Set(data.changes.nodes.map((w: { kind: string }) => w.kind))).toEqual(new Set(['Node']));
    expect(data.activity[0].kinds).toEqual([{ kind: 'Node' }]);
    for (const query of [
      '{ changes(kind: "Pod") { totalCount } }',
      '{ history(kind: "Secret", name: "x") { totalCount } }',
      '{ placementDiff(from: 1) { to } }',
    ])
      expect((await error(query, 'eve')).extensions.code, query).toBe('FORBIDDEN');
  });

  it('reaches as far back as the log', async () => {
    await start({ history: { maxRevisions: 50 } });
    for (let i = 0; i < 80; i++) await patchNode('node-1', { metadata: { labels: { i: String(i) } } });
    await cluster.advance('1s');
    const { cluster: told, changes } = await ask(
      '{ cluster { revision oldestRevision oldestTime now } changes { totalCount } }',
    );
    const kept = Number(told.revision) - Number(told.oldestRevision);
    expect(kept).toBeLessThan(60);
    expect(changes.totalCount).toBe(kept);
    expect(Date.parse(told.oldestTime)).toBeLessThanOrEqual(Date.parse(told.now));
    expect((await error('{ changes(from: 2) { totalCount } }')).extensions.code).toBe('EXPIRED');
    expect((await ask(`{ cluster(at: ${told.oldestRevision}) { revision } }`)).cluster.revision).toBe(
      told.oldestRevision,
    );
  });
});

describe('history', () => {
  it('is that of an object, by name, by id, and where one is shown', async () => {
    await start();
    const id = (await ask('{ daemonSet(name: "agent") { id } }')).daemonSet.id;
    await cluster.apply(daemonSet('a:2'));
    await cluster.comeToRest();
    const image = 'spec.template.spec.containers[name=main].image';
    const own = await ask(
      '{ daemonSet(name: "agent") { history(orderBy: OLDEST) { nodes { revision verb writer diff { path before after } } } } }',
    );
    const changed = own.daemonSet.history.nodes.find((w: { diff: { path: string }[] }) =>
      w.diff.some(d => d.path === image),
    );
    expect(own.daemonSet.history.nodes[0].verb).toBe('CREATED');
    expect(changed).toMatchObject({ verb: 'UPDATED', writer: 'kubette' });
    expect(changed.diff).toContainEqual({ path: image, before: 'a:1', after: 'a:2' });
    expect(changed.diff.map((d: { path: string }) => d.path)).not.toContain('metadata.resourceVersion');
    // Statuses are written by the controller manager.
    expect(own.daemonSet.history.nodes.some((w: { writer: string }) => w.writer === 'kube-controller-manager')).toBe(
      true,
    );

    const at = changed.revision - 1;
    const early = await ask(`{ daemonSet(name: "agent", at: ${at}) { history { nodes { revision } } } }`);
    expect(Number(early.daemonSet.history.nodes[0].revision)).toBeLessThanOrEqual(at);

    await cluster.registry.delete(daemonSets, 'default', 'agent');
    await cluster.comeToRest();
    await cluster.apply(daemonSet('a:3'));
    const both = await ask(`{
      byId: history(id: "${id}") { nodes { verb object { kind yaml } } }
      byName: history(kind: "ds", name: "agent") { totalCount nodes { verb } }
      early: history(kind: "ds", name: "agent", at: ${at}) { totalCount }
      daemonSet(name: "agent") { history { totalCount } }
    }`);
    expect(both.byId.nodes[0].verb).toBe('DELETED');
    expect(both.byId.nodes[0].object.yaml).toContain('image: a:2');
    const count = both.byName.totalCount;
    expect(both.daemonSet.history.totalCount).toBe(count - both.byId.nodes.length);
    expect(both.byName.nodes.filter((w: { verb: string }) => w.verb === 'CREATED')).toHaveLength(2);
    expect(both.early.totalCount).toBeLessThan(both.byId.nodes.length);
    for (const query of [
      '{ history { totalCount } }',
      `{ history(id: "${id}", kind: "ds", name: "x") { totalCount } }`,
      '{ history(id: "x") { totalCount } }',
    ])
      expect((await error(query)).extensions.code).toBe('BAD_USER_INPUT');
  });

  it('tells who wrote', async () => {
    await start();
    await ask('mutation { label(kind: "no", name: "node-1", labels: [{key: "a", value: "b"}]) { revision } }');
    const { nodeByName } = await ask(
      '{ nodeByName(name: "node-1") { history(first: 1) { nodes { writer diff { path after } } } } }',
    );
    expect(nodeByName.history.nodes).toEqual([
      { writer: 'graphql', diff: [{ path: 'metadata.labels.a', after: 'b' }] },
    ]);
    const pod = cluster.registry.all(pods)[0]!;
    const { history } = await ask(
      `{ history(kind: "pod", name: "${pod.name}", orderBy: OLDEST) { nodes { verb writer } } }`,
    );
    expect(history.nodes[0]).toEqual({ verb: 'CREATED', writer: 'kube-controller-manager' });
    expect(history.nodes.map((w: { writer: string }) => w.writer)).toContain('kubelet');
  });
});

describe('placementDiff', () => {
  const DIFF =
    'placements { nodes { difference node before { actual } after { actual reason } cause { verb kind name writer diff { path } } lastWrite { verb kind } } }';
  const diff = async (from: number, more = '') =>
    (
      await ask(
        `{ placementDiff(from: ${from}${more}) { from to ${DIFF} pods { nodes { difference lastWrite { verb name } } } waiting { totalCount } } }`,
      )
    ).placementDiff;

  it('tells of a taint that was the cause of it', async () => {
    await start();
    const from = cluster.revision;
    await patchNode('node-2', { spec: { taints: [{ key: 'x', effect: 'NoExecute' }] } });
    await cluster.comeToRest();
    const told = await diff(from);
    expect(told).toMatchObject({ from: String(from), to: String(cluster.revision), waiting: { totalCount: 0 } });
    expect(told.placements.nodes).toEqual([
      {
        difference: 'WENT',
        node: 'node-2',
        before: { actual: 'PRESENT' },
        after: { actual: 'NOT_WANTED', reason: expect.stringContaining('x:NoExecute') },
        cause: expect.objectContaining({
          verb: 'UPDATED',
          kind: 'Node',
          name: 'node-2',
          diff: expect.arrayContaining([{ path: 'spec.taints' }]),
        }),
        lastWrite: expect.objectContaining({ verb: expect.any(String) }),
      },
    ]);
    expect((await diff(from, `, to: ${from}`)).placements.nodes).toEqual([]);
    expect((await error(`{ placementDiff(from: ${from + 1}, to: ${from}) { to } }`)).message).toContain(
      'must not be after',
    );
  });

  it('tells of a new template, a deleted pod, a new node, a node that is gone, a DaemonSet that is', async () => {
    await start();
    const causes = async (from: number) =>
      (await diff(from)).placements.nodes.map(
        ({
          difference,
          node,
          cause,
        }: {
          difference: string;
          node: string;
          cause: { verb: string; kind: string; name: string };
        }) => `${difference} ${node}: ${cause.verb} ${cause.kind} ${cause.name}`,
      );
    let from = cluster.revision;
    await cluster.apply(daemonSet('a:2'));
    await cluster.comeToRest();
    const template = [1, 2, 3].map(i => `REPLACED node-${i}: UPDATED DaemonSet agent`);
    expect(await causes(from)).toEqual(template);

    from = cluster.revision;
    const pod = cluster.registry.all(pods).find(p => p.object.spec.nodeName === 'node-1')!;
    await cluster.registry.delete(pods, 'default', pod.name);
    await cluster.comeToRest();
    const [told] = (await diff(from)).placements.nodes;
    expect(told).toMatchObject({ difference: 'REPLACED', cause: { verb: 'CREATED', kind: 'Pod' } });

    from = cluster.revision;
    await cluster.registry.delete(nodes, '', 'node-3');
    await ask('mutation { scaleNodes(add: 2) { revision } }');
    await cluster.comeToRest();
    expect(await causes(from)).toEqual(['CAME node-4: CREATED Node node-4']); // node-3 is back with its pod

    from = cluster.revision;
    await cluster.registry.delete(nodes, '', 'node-4');
    await cluster.comeToRest();
    expect(await causes(from)).toEqual(['WENT node-4: DELETED Node node-4']);

    from = cluster.revision;
    await cluster.registry.delete(daemonSets, 'default', 'agent');
    await cluster.comeToRest();
    expect(await causes(from)).toEqual([1, 2, 3].map(i => `WENT node-${i}: DELETED DaemonSet agent`));
  });

  it('tells of a pod that went, and who told it to', async () => {
    await start();
    const from = cluster.revision;
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'm', image: 'x' }] },
    };
    await cluster.apply(pod);
    await cluster.comeToRest();
    const came = await diff(from);
    expect(came.pods.nodes).toEqual([{ difference: 'CAME', lastWrite: { verb: 'UPDATED', name: 'p' } }]);
    const middle = cluster.revision;
    await cluster.registry.delete(pods, 'default', 'p');
    await cluster.comeToRest();
    expect((await diff(middle)).pods.nodes).toEqual([
      { difference: 'WENT', lastWrite: { verb: 'DELETED', name: 'p' } },
    ]);
    expect((await diff(from)).pods.nodes).toEqual([]);
  });

  it('tells the cause of what would come of changes, too', async () => {
    await start();
    const { whatIf } = await ask(
      `{ whatIf(changes: [{taint: {node: "node-1", taints: ["a:NoExecute"]}}, {setImage: {name: "agent", image: "a:2"}}]) {
        placements { nodes { difference node cause { kind name writer } } }
        after { changes(from: ${cluster.revision}, kind: "node") { nodes { name writer } } } } }`,
    );
    expect(whatIf.placements.nodes).toEqual([
      { difference: 'WENT', node: 'node-1', cause: { kind: 'Node', name: 'node-1', writer: 'graphql' } },
      { difference: 'REPLACED', node: 'node-2', cause: { kind: 'DaemonSet', name: 'agent', writer: 'graphql' } },
      { difference: 'REPLACED', node: 'node-3', cause: { kind: 'DaemonSet', name: 'agent', writer: 'graphql' } },
    ]);
    expect(whatIf.after.changes.nodes).toEqual([{ name: 'node-1', writer: 'graphql' }]);
  });
});

describe('activity', () => {
  it.each(['TIME', 'REVISION'])('counts the writes of each part by %s, and loses none', async by => {
    await start();
    for (let i = 0; i < 5; i++) {
      await cluster.advance('1m');
      await patchNode('node-1', { metadata: { labels: { i: String(i) } } });
    }
    const { activity, all } = await ask(
      `{ activity(by: ${by}, buckets: 7) { from to fromRevision toRevision writes kinds { kind writes } } all: changes { totalCount } }`,
    );
    expect(activity).toHaveLength(7);
    const sum = (list: { writes: number }[]) => list.reduce((total, { writes }) => total + writes, 0);
    expect(sum(activity)).toBe(all.totalCount);
    expect(activity.map((b: { kinds: { writes: number }[] }) => sum(b.kinds))).toEqual(
      activity.map((b: { writes: number }) => b.writes),
    );
    for (let i = 1; i < 7; i++) {
      expect(activity[i].from).toBe(activity[i - 1].to);
      expect(activity[i].fromRevision).toBe(activity[i - 1].toRevision);
    }
    for (const { writes, fromRevision, toRevision } of activity) expect(toRevision - fromRevision).toBe(writes);
    expect(activity[6].toRevision).toBe(String(cluster.revision));
    const nodesOnly = await ask('{ activity(kind: "no", buckets: 500) { writes } }');
    expect(sum(nodesOnly.activity)).toBeGreaterThanOrEqual(5);
    expect((await error('{ activity(buckets: 501) { writes } }')).extensions.code).toBe('BAD_USER_INPUT');
  });
});
