import { type ExecutionResult, parse, subscribe } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadSchema } from '../../../src/graphql/schema.js';
import { ALWAYS_ALLOW } from '../../../src/registry/authorizer.js';
import { nodes, pods } from '../../../src/resources/index.js';
import { askGraph, contextOf, queryGraph } from '../../support/graph.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode } from '../../support/small-cluster.js';

const FIELDS = `{
  revision time whole more goneNodes goneDaemonSets
  owners { kind namespace name } rows { name cells used node { name } } daemonSets { name }
}`;

let registry: TestRegistry;
beforeEach(async () => {
  registry = await openRegistry(['default', 'shop']);
  await addNode(registry, 'a');
  await addNode(registry, 'b');
  await addDaemonPod(registry, await addDaemonSet(registry, 'agent'), 'a');
});

const PICTURE = {
  time: '2025-01-01T00:00:00Z',
  whole: true,
  more: false,
  goneNodes: [],
  goneDaemonSets: [],
  owners: [{ kind: 'DaemonSet', namespace: 'default', name: 'agent' }],
  rows: [
    { name: 'a', cells: '0R', used: [0.1, 0, 1], node: { name: 'a' } },
    { name: 'b', cells: '0M', used: [0, 0, 0], node: { name: 'b' } },
    { name: '', cells: '', used: [0, 0, 0], node: null },
  ],
  daemonSets: [{ name: 'agent' }],
};

/** Somebody who may list everything in one namespace, and nodes if they are told so. */
function guard(seesNodes: boolean): void {
  registry.authorizer = {
    ...ALWAYS_ALLOW,
    allowsAll: false,
    resource: (_, { namespace, resource }) => ({
      allowed: namespace === 'default' || (seesNodes && resource === 'nodes'),
      reason: '',
    }),
  };
}
const user = { name: 'vera', groups: [] };

describe('Query.clusterMap', () => {
  it('tells of all, also of another moment, or of what is different between two', async () => {
    const { revision } = registry;
    expect(await askGraph(registry, `{ clusterMap ${FIELDS} }`)).toEqual({
      clusterMap: { ...PICTURE, revision: String(revision) },
    });
    await registry.delete(pods, 'default', 'agent-a', { gracePeriodSeconds: 0 });
    await registry.delete(nodes, '', 'b');
    await addNode(registry, 'c');
    const now = String(registry.revision);
    const { then, since, back } = await askGraph(
      registry,
      `{ then: clusterMap(at: ${revision}) ${FIELDS}
         since: clusterMap(since: "${revision}") ${FIELDS}
         back: clusterMap(at: ${revision}, since: "${now}") ${FIELDS} }`,
    );
    expect(then).toEqual({ ...PICTURE, revision: String(revision) });
    expect(since).toMatchObject({
      revision: now,
      whole: false,
      goneNodes: ['b'],
      rows: [
        { name: 'a', cells: '0M', node: null },
        { name: 'c', cells: '0M', node: { name: 'c' } },
        { name: '', cells: '' },
      ],
      daemonSets: [],
    });
    expect(back).toMatchObject({ revision: String(revision), whole: false, goneNodes: ['c'] });
    expect(back.rows.map(({ name, cells }: { name: string; cells: string }) => [name, cells])).toEqual([
      ['a', '0R'],
      ['b', '0M'],
      ['', ''],
    ]);
  });

  it('tells of all where the log does not reach back to what is known', async () => {
    const { revision } = registry;
    await addNode(registry, 'c');
    await registry.log.compact(registry.revision);
    const { clusterMap } = await askGraph(registry, `{ clusterMap(since: "${revision}") { whole rows { name } } }`);
    expect(clusterMap).toEqual({ whole: true, rows: [{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: '' }] });
  });

  it.each(['99999', 'soon'])('refuses to go on from %s', async since => {
    const { errors } = await queryGraph(registry, `{ clusterMap(since: "${since}") { whole } }`);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('is for those who may list nodes, and shows them what else they may list', async () => {
    guard(true);
    const agent = await addDaemonSet(registry, 'secret', { namespace: 'shop' });
    await addDaemonPod(registry, agent, 'a');
    const { clusterMap } = await askGraph(registry, `{ clusterMap ${FIELDS} }`, { user });
    expect(clusterMap).toEqual({ ...PICTURE, revision: String(registry.revision) });
    guard(false);
    const { errors } = await queryGraph(registry, '{ clusterMap { whole } }', { user });
    expect(errors?.[0]?.message).toContain('User "vera" cannot list resource "nodes"');
  });
});

describe('Subscription.clusterMap', () => {
  const open = (args = '') =>
    subscribe({
      schema: loadSchema(),
      document: parse(`subscription { clusterMap${args} ${FIELDS} }`),
      contextValue: contextOf(registry, user),
    }) as Promise<AsyncGenerator<ExecutionResult, void, void>>;
  const plain = (result: unknown) => JSON.parse(JSON.stringify(result));

  it('begins with all, or with what is different from what is known', async () => {
    const { revision } = registry;
    const whole = await open();
    expect(plain((await whole.next()).value)).toEqual({
      data: { clusterMap: { ...PICTURE, revision: `${revision}` } },
    });
    await whole.return();
    await addNode(registry, 'c');
    const resumed = await open(`(since: "${revision}")`);
    const { data } = plain((await resumed.next()).value);
    expect(data.clusterMap).toMatchObject({ whole: false, rows: [{ name: 'c', node: { name: 'c' } }, { name: '' }] });
    await resumed.return();
  });

  it('ends for who may list nodes no longer', async () => {
    guard(true);
    const map = await open('(rows: 5000)');
    await map.next();
    guard(false);
    await addNode(registry, 'c');
    await expect(map.next()).rejects.toThrow('cannot list resource "nodes"');
  });

  it.each(['(rows: 0)', '(rows: 5001)', '(since: "99999")'])('refuses %s', async args => {
    expect((await open(args)) as ExecutionResult).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
});
