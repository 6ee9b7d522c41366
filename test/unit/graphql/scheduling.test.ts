import { beforeEach, describe, expect, it } from 'vitest';
import { RbacAuthorizer } from '../../../src/access/rbac.js';
import { SchedulingCycle } from '../../../src/controllers/scheduler/scheduling-cycle.js';
import { podDisruptionBudgets, pods, priorityClasses } from '../../../src/resources/index.js';
import type { Pod } from '../../../src/resources/types.js';
import { askGraph, queryGraph } from '../../support/graph.js';
import { openRegistry, type TestRegistry } from '../../support/registry.js';
import { addDaemonPod, addDaemonSet, addNode } from '../../support/small-cluster.js';

let registry: TestRegistry;
const ask = (query: string, variables?: Record<string, unknown>) => askGraph(registry, query, { variables });

interface PodSpec {
  readonly cpu?: string;
  readonly node?: string;
  readonly priority?: number;
  readonly more?: object;
}

async function addPod(name: string, { cpu = '1', node, priority = 0, more = {} }: PodSpec = {}) {
  return registry.create<Pod>(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: {
      containers: [{ name: 'main', image: 'x', resources: { requests: { cpu } } }],
      ...(priority ? { priorityClassName: `p${priority}` } : {}),
      ...(node ? { nodeName: node } : {}),
      ...more,
    },
    status: { phase: node ? 'Running' : 'Pending' },
  } as never);
}

/** Three workers of 4 CPUs: one empty, one half full, one full; and one with a taint. */
beforeEach(async () => {
  registry = await openRegistry(['default']);
  for (const priority of [10, 20, 100]) {
    await registry.create(priorityClasses, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: `p${priority}` },
      value: priority,
    });
  }
  await registry.create(priorityClasses, {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'meek' },
    value: 100,
    preemptionPolicy: 'Never',
  });
  for (const name of ['empty', 'full', 'half']) {
    await addNode(registry, name, { labels: { 'topology.kubernetes.io/zone': name === 'half' ? 'b' : 'a' } });
  }
  await addNode(registry, 'tainted', { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] });
  await addPod('low', { cpu: '2', node: 'full', priority: 10 });
  await addPod('middle', { cpu: '2', node: 'full', priority: 20 });
  await addPod('other', { cpu: '2', node: 'half', priority: 20 });
});

const EXPLANATION = `{
  pod { name } fits nodeCount message
  nodes { nodes { node { name } fits score scores { plugin score weight } checks(verdict: [FAIL]) { name message } } }
  preemption { totalCount nodes { node { name } victims { name } violations } }
}`;
type Explained = {
  nodes: {
    nodes: {
      node: { name: string };
      fits: boolean;
      score: number | null;
      scores: { score: number; weight: number }[];
      checks: object[];
    }[];
  };
};
const orderOf = ({ nodes }: Explained) => nodes.nodes.map(({ node }) => node.name);

describe('explainPod', () => {
  it('tells of every node whether a pod fits, its scores and checks, as the scheduler has them', async () => {
    const { object } = await addPod('waiting', { cpu: '1' });
    const { explainPod } = await ask(`{ explainPod(name: "waiting") ${EXPLANATION} }`);
    expect(explainPod).toMatchObject({ pod: { name: 'waiting' }, fits: 2, nodeCount: 4, message: null });
    expect(orderOf(explainPod)).toEqual(['empty', 'half', 'full', 'tainted']);
    const [empty, half, full, tainted] = explainPod.nodes.nodes;
    for (const { score, scores } of [empty, half]) {
      expect(score).toBe(
        scores.reduce((sum: number, s: { score: number; weight: number }) => sum + s.score * s.weight, 0),
      );
    }
    expect(empty.scores).toContainEqual({ plugin: 'TaintToleration', score: 100, weight: 3 });
    const fitOf = (node: Explained['nodes']['nodes'][number]) =>
      (node.scores as unknown as { plugin: string; score: number }[]).find(s => s.plugin === 'NodeResourcesFit')!.score;
    expect(fitOf(empty)).toBeGreaterThan(fitOf(half));
    expect(full).toMatchObject({
      fits: false,
      score: null,
      scores: [],
      checks: [{ name: 'NodeResourcesFit', message: 'needs 1 CPU, 0 left of 4' }],
    });
    expect(tainted.checks).toEqual([{ name: 'TaintToleration', message: 'taint gpu=yes:NoSchedule is not tolerated' }]);
    expect(new SchedulingCycle(registry).place(object)).toMatchObject({ node: 'empty' });
  });

  it('tells who would have to leave, the choice of the scheduler first', async () => {
    const { object } = await addPod('urgent', {
      cpu: '4',
      priority: 100,
      more: { nodeSelector: { 'topology.kubernetes.io/zone': 'a' } },
    });
    await addPod('filler', { cpu: '4', node: 'empty', priority: 20 });
    await registry.create(podDisruptionBudgets, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'filler', namespace: 'default' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'filler' } } },
      status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
    } as never);
    const { explainPod } = await ask(`{ explainPod(name: "urgent") ${EXPLANATION} }`);
    expect(explainPod.preemption.nodes).toEqual([
      { node: { name: 'full' }, victims: [{ name: 'middle' }, { name: 'low' }], violations: 0 },
      { node: { name: 'empty' }, victims: [{ name: 'filler' }], violations: 1 },
    ]);
    const cycle = new SchedulingCycle(registry);
    const placed = cycle.place(object);
    if ('node' in placed) throw new Error('it fits');
    const plan = cycle.preempt(object, placed.fit, placed.diagnosis);
    expect(plan).toMatchObject({ candidate: { node: 'full' } });
    expect(explainPod.message).toBe(placed.diagnosis.message(''));
    expect(explainPod.message).toMatch(/^0\/4 nodes are available: .*, 2 Insufficient cpu\.$/);
    const { explainPod: meek } = await ask(
      'query($m: String) { explainPod(manifest: $m) { preemption { totalCount } message } }',
      {
        m: manifest({ priorityClassName: 'meek' }, '4'),
      },
    );
    expect(meek.preemption.totalCount).toBe(0);
  });

  const manifest = (more: object = {}, cpu = '1', metadata: object = { name: 'low' }) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        priorityClassName: 'p100',
        containers: [{ name: 'main', image: 'x', resources: { requests: { cpu } } }],
        ...more,
      },
    });

  it('tells of a pod that is not there, with its defaults and its priority, and stores nothing', async () => {
    const { revision } = registry;
    const query = `query($m: String) { explainPod(manifest: $m) ${EXPLANATION} }`;
    const { explainPod } = await ask(query, { m: manifest({}, '3', {}) });
    expect(explainPod).toMatchObject({ pod: null, fits: 1 });
    expect(orderOf(explainPod)).toEqual(['empty', 'full', 'half', 'tainted']);
    const tolerant = await ask(query, { m: manifest({ tolerations: [{ operator: 'Exists' }] }) });
    expect(tolerant.explainPod.fits).toBe(3);
    await addPod('filler', { cpu: '4', node: 'empty', priority: 20 });
    const crowded = await ask(query, { m: manifest({}, '3') });
    expect(crowded.explainPod.fits).toBe(0);
    // Its class gives it the priority that makes room for it.
    expect(crowded.explainPod.preemption.nodes[0]).toMatchObject({
      node: { name: 'empty' },
      victims: [{ name: 'filler' }],
    });
    // The past knows nothing of the filler.
    const past = await ask(`query($m: String) { explainPod(manifest: $m, at: ${revision}) { fits } }`, {
      m: manifest({}, '3'),
    });
    expect(past.explainPod.fits).toBe(1);
    expect(registry.all(pods).map(({ name }) => name)).toEqual(['filler', 'low', 'middle', 'other']);
  });

  it('takes a manifest as it stands in code, or in a list', async () => {
    const query = 'query($m: String) { explainPod(manifest: $m) { nodeCount } }';
    const indented = `
      apiVersion: v1
      kind: Pod
      metadata: {name: low}
      spec:
        containers: [{name: main, image: x}]
    `;
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [JSON.parse(manifest())] });
    for (const m of [indented, list]) expect((await ask(query, { m })).explainPod.nodeCount).toBe(4);
  });

  it('does not stand in its own way where it is bound', async () => {
    const { explainPod } = await ask(`{ explainPod(name: "middle") ${EXPLANATION} }`);
    expect(orderOf(explainPod)).toEqual(['empty', 'full', 'half', 'tainted']);
    expect(explainPod.fits).toBe(3);
    // Two CPUs of others are on each.
    const [, full, half] = explainPod.nodes.nodes;
    expect(full.score).toBe(half.score);
  });

  it.each<[string, string]>([
    ['', 'either name or manifest must be given'],
    ['name: "x", manifest: "{}"', 'either name or manifest must be given'],
    ['name: "none"', 'pods "none" not found'],
    ['manifest: "kind: [", namespace: "default"', 'error parsing manifests'],
    ['manifest: ""', 'the manifest must be of one pod'],
    ['manifest: "a: 1\\n---\\nb: 2"', 'the manifest must be of one pod'],
    ['manifest: "kind: Node"', 'Node in version "v1" cannot be handled as a Pod'],
    ['manifest: "spec: {containers: [{name: a, image: b}], color: red}"', 'unknown field "spec.color"'],
    ['manifest: "spec: {containers: []}"', 'spec.containers: Required value'],
  ])('refuses what is no pod: %s', async (args, message) => {
    const { errors } = await queryGraph(registry, `{ explainPod${args && `(${args})`} { fits } }`);
    expect(errors!.map(error => error.message)).toEqual([expect.stringContaining(message)]);
  });

  it('is for who may see nodes and all pods, and make such a pod', async () => {
    registry.authorizer = new RbacAuthorizer(registry);
    const { errors } = await queryGraph(registry, '{ explainPod(name: "low") { fits } }', {
      user: { name: 'vera', groups: [] },
    });
    expect(errors!.map(error => error.message)).toEqual([expect.stringContaining('cannot list resource "pods"')]);
  });
});

describe('placementCounts', () => {
  beforeEach(async () => {
    const agent = await addDaemonSet(registry, 'agent', { spec: { tolerations: [{ operator: 'Exists' }] } });
    await addDaemonPod(registry, agent, 'half');
    await addDaemonPod(registry, agent, 'full', { status: { phase: 'Failed' } });
    const logs = await addDaemonSet(registry, 'logs');
    for (const node of ['empty', 'half']) await addDaemonPod(registry, logs, node);
  });

  const groups = async (args: string, of = 'placementCounts') => {
    const { [of]: page } = await ask(
      `{ ${of}(${args}) { totalCount nodes { key counts { nodes wanted present missing failed notWanted } } } }`,
    );
    return page.nodes.map(({ key, counts: c }: { key: string; counts: Record<string, number> }) =>
      [key, c.nodes, c.wanted, c.present, c.missing, c.failed, c.notWanted].join(' '),
    );
  };

  it.each<[string, string[]]>([
    ['by: DAEMON_SET', ['default/agent 4 4 1 2 1 0', 'default/logs 4 3 2 1 0 1']],
    ['by: NODE', ['full 2 2 0 1 1 0', 'empty 2 2 1 1 0 0', 'tainted 2 1 0 1 0 1', 'half 2 2 2 0 0 0']],
    ['by: NODE, orderBy: NAME, daemonSet: "agent", first: 2', ['empty 1 1 0 1 0 0', 'full 1 1 0 0 1 0']],
    ['by: ZONE', ['a 4 4 1 2 1 0', ' 2 1 0 1 0 1', 'b 2 2 2 0 0 0']],
    [
      'by: LABEL, label: "kubernetes.io/hostname", nodeSelector: "topology.kubernetes.io/zone=a", daemonSet: "logs"',
      ['full 1 1 0 1 0 0', 'empty 1 1 1 0 0 0'],
    ],
    ['namespace: "none"', []],
  ])('%s', async (args, expected) => {
    expect(await groups(args)).toEqual(expected);
  });

  it('leads on to what was counted, and goes on from page to page', async () => {
    const { byNode, bySet, node } = await ask(`{
      byNode: placementCounts(by: NODE, first: 1) { nodes { node { name } daemonSet { name } } pageInfo { endCursor } }
      bySet: placementCounts(first: 1) { nodes { daemonSet { name } node { name } } }
      node: nodeByName(name: "full") { placementCounts { wanted failed missing } }
    }`);
    expect(byNode.nodes).toEqual([{ node: { name: 'full' }, daemonSet: null }]);
    expect(bySet.nodes).toEqual([{ daemonSet: { name: 'agent' }, node: null }]);
    expect(node.placementCounts).toEqual({ wanted: 2, failed: 1, missing: 1 });
    expect((await groups(`by: NODE, first: 1, after: "${byNode.pageInfo.endCursor}"`))[0]).toMatch(/^empty/);
  });

  it.each(['by: LABEL', 'label: "x"', 'by: NODE, label: "x"'])('refuses %s', async args => {
    const { errors } = await queryGraph(registry, `{ placementCounts(${args}) { totalCount } }`);
    expect(errors!.map(error => error.message)).toEqual(['label goes with by: LABEL, and by: LABEL with label']);
  });
});
