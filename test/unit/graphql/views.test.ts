import { describe, expect, it } from 'vitest';
import { RbacAuthorizer } from '../../../src/access/rbac.js';
import type { Registry } from '../../../src/registry/registry.js';
import { nodes, pods } from '../../../src/resources/index.js';
import { clusterRoleBindings, clusterRoles, roleBindings } from '../../../src/resources/plain/access.js';
import { askGraph, queryGraph } from '../../support/graph.js';
import { openRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode } from '../../support/small-cluster.js';

/** Three nodes, with a daemon pod on each. */
async function cluster() {
  const registry = await openRegistry(['default', 'shop']);
  for (const name of ['n1', 'n2', 'n3']) await addNode(registry, name);
  const agent = await addDaemonSet(registry, 'agent');
  for (const name of ['n1', 'n2', 'n3']) await addDaemonPod(registry, agent, name);
  return registry;
}

const namesOf = (page: { nodes: { name: string }[] }) => page.nodes.map(node => node.name);

describe('a moment', () => {
  it('is that of everything below the field that named it, beside the present in the same request', async () => {
    const registry = await cluster();
    const then = String(registry.revision);
    await registry.delete(pods, 'default', 'agent-n1', { gracePeriodSeconds: 0 });
    await registry.delete(nodes, '', 'n2');
    const fields = `{
      pods { nodes { name node { name } placement { actual daemonSet { pods { totalCount } } } } }
      placements(orderBy: NAME) { nodes { node { name } actual } }
    }`;
    const { past, present, was, now } = await askGraph(
      registry,
      `query($then: Moment) {
        past: daemonSet(name: "agent", at: $then) ${fields}
        present: daemonSet(name: "agent") ${fields}
        was: cluster(at: $then) { revision nodeCount podCount }
        now: cluster { revision nodeCount podCount }
      }`,
      { variables: { then } },
    );
    expect(past.pods.nodes.map((pod: { node: { name: string } }) => pod.node.name)).toEqual(['n1', 'n2', 'n3']);
    expect(past.pods.nodes[0].placement).toEqual({ actual: 'PRESENT', daemonSet: { pods: { totalCount: 3 } } });
    expect(past.placements.nodes).toHaveLength(3);
    expect(present.pods.nodes.map((pod: { node: object | null }) => pod.node)).toEqual([null, { name: 'n3' }]);
    expect(present.placements.nodes).toEqual([
      { node: { name: 'n1' }, actual: 'MISSING' },
      { node: { name: 'n3' }, actual: 'PRESENT' },
    ]);
    expect(was).toEqual({ revision: then, nodeCount: 3, podCount: 3 });
    expect(now).toEqual({ revision: String(registry.revision), nodeCount: 2, podCount: 2 });
  });

  it('is a revision, or a time, at which ages are counted', async () => {
    const registry = await cluster();
    const { revision } = registry;
    const born = registry.clock.now();
    registry.clock.moveTo(born + 60_000);
    await addNode(registry, 'n4');
    const age = (at: string) =>
      `{ nodes(at: ${at}) { totalCount nodes { metadata { ageSeconds } } } cluster(at: ${at}) { now } }`;
    const byTime = await askGraph(registry, age(`"${new Date(born + 30_000).toISOString()}"`));
    expect(byTime.nodes).toMatchObject({ totalCount: 3, nodes: [{ metadata: { ageSeconds: 30 } }, {}, {}] });
    expect(Date.parse(byTime.cluster.now)).toBe(born + 30_000);
    expect((await askGraph(registry, age(String(revision)))).nodes).toMatchObject({ totalCount: 3 });
    expect((await askGraph(registry, age('"2999-01-01T00:00:00Z"'))).nodes.totalCount).toBe(4);
  });

  it.each([
    ['"yesterday"', '"yesterday" is neither a revision nor a time'],
    ['"2026-01-01"', '"2026-01-01" is neither a revision nor a time'],
    ['true', 'true is neither a revision nor a time'],
    ['9999', 'revision 9999 is still to come'],
    ['3', 'revision 3 is no longer in the log'],
  ])('is refused where there is none: %s', async (at, message) => {
    const registry = await cluster();
    await registry.log.compact(10);
    const { errors } = await queryGraph(registry, `{ nodes(at: ${at}) { totalCount } }`);
    expect(errors!.map(error => error.message)).toEqual([message]);
  });
});

describe('a cursor', () => {
  const page = (registry: Registry, after: string | null, at?: string) =>
    askGraph(
      registry,
      `query($after: String, $at: Moment) {
        pods(first: 1, after: $after, at: $at) { totalCount nodes { name } pageInfo { endCursor hasNextPage revision } }
      }`,
      { variables: { after, at } },
    ).then(({ pods }) => pods);

  it('goes on in the revision that its page was of, whatever has come or gone', async () => {
    const registry = await cluster();
    const first = await page(registry, null);
    await registry.delete(pods, 'default', 'agent-n2', { gracePeriodSeconds: 0 });
    const second = await page(registry, first.pageInfo.endCursor);
    expect([namesOf(second), second.totalCount]).toEqual([['agent-n2'], 3]);
    expect(second.pageInfo.revision).toBe(first.pageInfo.revision);
    const third = await page(registry, second.pageInfo.endCursor);
    expect([namesOf(third), third.pageInfo.hasNextPage]).toEqual([['agent-n3'], false]);
    // A moment that is named goes before it.
    expect(namesOf(await page(registry, first.pageInfo.endCursor, String(registry.revision)))).toEqual(['agent-n3']);
  });

  it('goes on from its key in the present when the log does not reach back so far', async () => {
    const registry = await cluster();
    const first = await page(registry, null);
    await registry.delete(pods, 'default', 'agent-n2', { gracePeriodSeconds: 0 });
    await registry.log.compact(registry.revision);
    const next = await page(registry, first.pageInfo.endCursor);
    expect([namesOf(next), next.totalCount]).toEqual([['agent-n3'], 2]);
    expect(next.pageInfo.revision).toBe(String(registry.revision));
  });
});

describe('a user', () => {
  const vera = { name: 'vera', groups: [] };
  const subjects = [{ kind: 'User', name: 'vera', apiGroup: 'rbac.authorization.k8s.io' }];

  /** Vera may read pods of the namespace default, and every DaemonSet, but no node. */
  async function guarded() {
    const registry = await cluster();
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    for (const [name, group, resource] of [
      ['pods', '', 'pods'],
      ['daemonsets', 'apps', 'daemonsets'],
    ] as const) {
      await registry.create(clusterRoles, {
        apiVersion,
        kind: 'ClusterRole',
        metadata: { name },
        rules: [{ apiGroups: [group], resources: [resource], verbs: ['get', 'list'] }],
      });
    }
    const roleRef = (name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name });
    const metadata = { name: 'vera' };
    await registry.create(roleBindings, {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { ...metadata, namespace: 'default' },
      roleRef: roleRef('pods'),
      subjects,
    });
    await registry.create(clusterRoleBindings, {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: roleRef('daemonsets'),
      subjects,
    });
    registry.authorizer = new RbacAuthorizer(registry);
    return registry;
  }

  it.each([
    ['{ pods(namespace: "default") { totalCount } }', undefined],
    ['{ pod(name: "agent-n1") { name daemonSet { name } } }', undefined],
    ['{ daemonSets { nodes { name } } }', undefined],
    ['{ daemonSet(name: "agent") { pods { totalCount } } }', undefined],
    ['{ pods { totalCount } }', 'cannot list resource "pods" in API group "" at the cluster scope'],
    ['{ pods(nodeName: "n1") { totalCount } }', 'cannot list resource "pods" in API group "" at the cluster scope'],
    [
      '{ pods(namespace: "shop") { totalCount } }',
      'cannot list resource "pods" in API group "" in the namespace "shop"',
    ],
    ['{ nodes { totalCount } }', 'cannot list resource "nodes" in API group "" at the cluster scope'],
    ['{ nodeByName(name: "n1") { name } }', 'cannot get resource "nodes" in API group "" at the cluster scope'],
    ['{ pod(name: "agent-n1") { node { name } } }', 'cannot get resource "nodes" in API group "" at the cluster scope'],
    ['{ pod(name: "agent-n1") { placement { actual } } }', 'cannot list resource "nodes"'],
    [
      '{ pod(name: "agent-n1") { revision { name } } }',
      'cannot list resource "controllerrevisions" in API group "apps"',
    ],
    ['{ placements { totalCount } }', 'cannot list resource "nodes"'],
    ['{ explain(daemonSet: "agent", node: "n1") { actual } }', 'cannot list resource "nodes"'],
    ['{ daemonSet(name: "agent") { placementCounts { wanted } } }', 'cannot list resource "nodes"'],
    [
      '{ daemonSet(name: "agent") { revisions { name } } }',
      'cannot list resource "controllerrevisions" in API group "apps"',
    ],
    ['{ daemonSet(name: "agent") { currentRevision { name } } }', 'cannot list resource "controllerrevisions"'],
    ['{ cluster { nodeCount } }', 'cannot list resource "nodes" in API group "" at the cluster scope'],
    ['{ cluster { namespaces } }', 'cannot list resource "namespaces" in API group "" at the cluster scope'],
    ['{ cluster { revision version era now } }', undefined],
  ])('sees what REST would show: %s', async (query, refusal) => {
    const registry = await guarded();
    const { errors } = await queryGraph(registry, query, { user: vera });
    if (refusal === undefined) expect(errors).toBeUndefined();
    else expect(errors!.map(error => error.message)).toEqual([expect.stringContaining(`User "vera" ${refusal}`)]);
    // The past is guarded by what is allowed now.
    const { revision } = registry;
    await addNode(registry, 'n4');
    const atThen = query
      .replace(/^\{ (\w+)\(/, `{ $1(at: ${revision}, `)
      .replace(/^\{ (\w+) \{/, `{ $1(at: ${revision}) {`);
    const past = await queryGraph(registry, atThen, { user: vera });
    expect(past.errors?.map(error => error.message)).toEqual(errors?.map(error => error.message));
    expect((await queryGraph(registry, query)).errors).toBeUndefined();
  });

  it('finds nothing by the global id of what is not theirs to see', async () => {
    const registry = await guarded();
    const { nodes: all, placements } = await askGraph(
      registry,
      '{ nodes { nodes { id } } placements { nodes { id } } }',
    );
    for (const id of [all.nodes[0].id, placements.nodes[0].id]) {
      const { data, errors } = await queryGraph(registry, 'query($id: ID!) { node(id: $id) { id } }', {
        user: vera,
        variables: { id },
      });
      expect({ ...data }).toEqual({ node: null });
      expect(errors![0]!.message).toContain('User "vera" cannot');
    }
  });
});
