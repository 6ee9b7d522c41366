import { expect, it } from 'vitest';
import { type PlacementFilter, placementPage } from '../../../src/graphql/resolvers/placement.js';
import { View } from '../../../src/graphql/view.js';
import { daemonSets, nodes, pods } from '../../../src/resources/index.js';
import type { DaemonSet, Node } from '../../../src/resources/types.js';
import type { Entry } from '../../../src/store/entry.js';
import { openRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode, type PodOptions } from '../../support/small-cluster.js';

const GPU = { key: 'gpu', effect: 'NoSchedule' } as const;

it('what needs looking at comes first, page by page', async () => {
  const registry = await openRegistry();
  for (let i = 0; i < 8; i++) await addNode(registry, `n${i}`, i === 0 || i === 5 ? { taints: [GPU] } : {});
  const agent = await addDaemonSet(registry, 'agent');
  const present: [string, PodOptions][] = [
    ['n1', {}],
    ['n2', {}],
    ['n3', { status: { phase: 'Succeeded' } }],
    ['n4', { unbound: true, status: { phase: 'Pending' } }],
    ['n5', {}],
    ['n6', { status: { phase: 'Failed' } }],
  ];
  for (const [node, options] of present) await addDaemonPod(registry, agent, node, options);
  await registry.delete(pods, 'default', 'agent-n2');

  const page = (after: string | null) =>
    placementPage(new View(registry, undefined), registry.all(daemonSets), registry.all(nodes), {
      orderBy: 'PROBLEMS_FIRST',
      first: 3,
      after,
    });
  const states: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { edges, pageInfo } = page(after);
    states.push(...edges.map(({ node }) => `${node.placement.node.name} ${node.placement.actual}`));
    [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
  }
  expect(states).toEqual([
    'n7 MISSING',
    'n6 FAILED',
    'n5 EXTRA',
    'n4 PENDING',
    'n3 SUCCEEDED',
    'n2 TERMINATING',
    'n1 PRESENT',
    'n0 NOT_WANTED',
  ]);
});

it('each choice of DaemonSets, nodes and filters gets its own placements, whatever was asked of the same moment before', async () => {
  const registry = await openRegistry();
  for (const name of ['n0', 'n1', 'n2']) await addNode(registry, name);
  const agent = await addDaemonSet(registry, 'agent');
  await addDaemonSet(registry, 'other');
  await addDaemonPod(registry, agent, 'n1');
  const view = new View(registry, undefined);
  const [agents, others] = registry.all(daemonSets).map(entry => [entry]) as [[Entry<DaemonSet>], [Entry<DaemonSet>]];
  const [n0, n1] = registry.all(nodes).map(entry => [entry]) as [[Entry<Node>], [Entry<Node>]];
  const told = (...[sets, on, args]: [readonly Entry<DaemonSet>[], readonly Entry<Node>[], PlacementFilter?]) =>
    placementPage(view, sets, on, { orderBy: 'PROBLEMS_FIRST', ...args }).nodes.map(
      ({ placement: { daemonSet, node, actual } }) => `${daemonSet.name} ${node.name} ${actual}`,
    );
  const all = ['agent n0 MISSING', 'agent n2 MISSING', 'agent n1 PRESENT'];
  expect(told(agents, registry.all(nodes))).toEqual(all);
  expect(told(agents, registry.all(nodes), { actual: ['PRESENT'] })).toEqual(['agent n1 PRESENT']);
  expect(told(agents, registry.all(nodes), { orderBy: 'NAME' })).toEqual([all[0], all[2], all[1]]);
  expect(told(agents, n0)).toEqual(['agent n0 MISSING']);
  expect(told(agents, n1)).toEqual(['agent n1 PRESENT']);
  expect(told(others, n1)).toEqual(['other n1 MISSING']);
  expect(told(agents, registry.all(nodes))).toEqual(all);
});
