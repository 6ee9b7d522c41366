import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/clock/random.js';
import { bestCandidate, type Candidate } from '../../../src/controllers/scheduler/preemption.js';
import { bestNode, scoresOf } from '../../../src/controllers/scheduler/scores.js';
import type { ClusterView } from '../../../src/placement/cluster-view.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import type { Pod, PodSpec, ResourceList } from '../../../src/resources/types.js';
import { node, pod } from '../placement/objects.js';

const viewOf = (infos: NodeInfo[]): ClusterView => ({
  nodes: () => infos,
  nodesWithAffinity: () => infos.filter(info => info.podsWithAffinity.size > 0),
  namespaceLabels: () => undefined,
});
const scores = (p: Pod, infos: NodeInfo[]) => scoresOf(p, infos, viewOf(infos));
const asking = (requests: ResourceList): Partial<PodSpec> => ({
  containers: [{ name: 'main', resources: { requests } }],
});
const ALL = { cpu: '4', memory: '4Gi', pods: '10' };

describe('scores', () => {
  it('are better for nodes with more left, evenly', () => {
    const [empty, half, lopsided] = scores(pod('p', asking({ cpu: '1', memory: '1Gi' })), [
      new NodeInfo(node({ allocatable: ALL })),
      new NodeInfo(node({ allocatable: ALL }), [pod('o', asking({ cpu: '2', memory: '2Gi' }))]),
      new NodeInfo(node({ allocatable: ALL }), [pod('o', asking({ cpu: '3', memory: '1Gi' }))]),
    ]);
    // No soft taints: 300. Least allocated: 75, 25, (0+50)/2. Balance: 100, 100, 1 - (1 - 0.5) / 2.
    expect([empty, half, lopsided]).toEqual([475, 425, 400]);
  });

  it('do not draw a pod that asks for nothing to where CPU and memory are used evenly (NodeResourcesBalancedAllocation)', () => {
    const infos = [
      new NodeInfo(node({ allocatable: ALL }), [pod('o', asking({ cpu: '2', memory: '2Gi' }))]),
      new NodeInfo(node({ allocatable: ALL }), [pod('o', asking({ cpu: '3', memory: '1Gi' }))]),
    ];
    const difference = (p: Pod) => {
      const [even, lopsided] = scores(p, infos);
      return even! - lopsided!;
    };
    expect(difference(pod('p'))).toBe(0);
    expect(difference(pod('p', asking({ cpu: '1m' })))).toBe(25);
  });

  it('count something for pods that ask for nothing', () => {
    const [empty, busy] = scores(pod('p'), [
      new NodeInfo(node({ allocatable: ALL })),
      new NodeInfo(node({ allocatable: ALL }), [pod('a'), pod('b')]),
    ]);
    expect(empty).toBeGreaterThan(busy!);
  });

  it('weigh soft taints and preferred affinity', () => {
    const preference = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] };
    const p = pod('p', {
      ...asking({}),
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, preference }] } },
    });
    const soft = { key: 'busy', effect: 'PreferNoSchedule' } as const;
    const [plain, liked, avoided] = scores(p, [
      new NodeInfo(node({})),
      new NodeInfo(node({ labels: { disk: 'ssd' } })),
      new NodeInfo(node({ taints: [soft] })),
    ]);
    expect([liked! - plain!, plain! - avoided!]).toEqual([200, 300]);
  });

  it('weigh how crowded a domain is, and leave nodes without the label behind', () => {
    const like = { app: 'web' };
    const constraint = {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: like },
    };
    const zone = (name: string, ...pods: Pod[]) => new NodeInfo(node({ name, labels: { zone: name } }), pods);
    const [full, empty, unlabelled] = scores(pod('p', { topologySpreadConstraints: [constraint] }, like), [
      zone('a', pod('x', {}, like), pod('y', {}, like)),
      zone('b'),
      new NodeInfo(node({ name: 'c' })),
    ]);
    expect(empty).toBeGreaterThan(full!);
    expect(empty! - unlabelled!).toBe(200);
  });

  it('prefer nodes that have the images, the more of them the more nodes have them (ImageLocality)', () => {
    const having = (name: string, ...images: [string, number][]) => {
      const info = new NodeInfo(node({ name }));
      const listed = images.map(([image, mib]) => ({ names: [image], sizeBytes: mib * 2 ** 20 }));
      info.node = { ...info.node, status: { ...info.node.status, images: listed } };
      return info;
    };
    const p = pod('p', { containers: [{ name: 'main', image: 'registry.example/web' }] });
    const scored = (...infos: NodeInfo[]) => {
      const all = scores(p, infos);
      return all.map(score => score - Math.min(...all));
    };
    const [web, other] = ['registry.example/web:latest', 'registry.example/web:2'];
    expect(scored(having('a', [web!, 1000]), having('b'))).toEqual([48, 0]);
    expect(scored(having('a', [web!, 1000]), having('b', [web!, 1000]), having('c'))).toEqual([65, 65, 0]);
    expect(scored(having('a', [web!, 40]), having('b', [other!, 1000]))).toEqual([0, 0]);
    expect(scored(having('a', [web!, 9000]), having('b'))).toEqual([100, 0]);
  });

  it('weigh what pods that are there prefer', () => {
    const term = { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'web' } } };
    const loner = pod('loner', {
      affinity: {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }] },
      },
    });
    const infos = ['a', 'b'].map(
      zone => new NodeInfo(node({ name: zone, labels: { zone } }), zone === 'a' ? [loner] : []),
    );
    const best = bestNode(pod('p', {}, { app: 'web' }), infos, viewOf(infos), new Random(1));
    expect(best.name).toBe('b');
  });

  it('leave ties to the dice', () => {
    const infos = ['a', 'b', 'c'].map(name => new NodeInfo(node({ name })));
    const draw = (seed: number) => bestNode(pod('p'), infos, viewOf(infos), new Random(seed)).name;
    expect(draw(7)).toBe(draw(7));
    expect(new Set(Array.from({ length: 30 }, (_, seed) => draw(seed)))).toEqual(new Set(['a', 'b', 'c']));
  });
});

describe('the node where preemption hurts least', () => {
  const victim = (priority: number, startTime?: string): Pod => ({
    ...pod('v', { priority }),
    status: startTime ? { startTime } : {},
  });
  const early = '2025-01-01T00:00:00Z';
  const late = '2025-01-02T00:00:00Z';
  it.each<[string, Pod[], Pod[]]>([
    ['the least important of the most important', [victim(5)], [victim(9)]],
    ['the least weight together', [victim(5), victim(1)], [victim(5), victim(3)]],
    ['fewer', [victim(5)], [victim(5), victim(-(2 ** 31))]],
    ['the one that runs for the shortest time', [victim(5, late)], [victim(5, early)]],
    ['one that does not run yet', [victim(5)], [victim(5, late)]],
  ])('%s', (_what, better, worse) => {
    const a: Candidate = { node: 'a', victims: worse, violations: 0 };
    const b: Candidate = { node: 'b', victims: better, violations: 0 };
    expect(bestCandidate([a, b])).toBe(b);
    expect(bestCandidate([b, a])).toBe(b);
  });

  it('violates the fewest budgets, before all else', () => {
    const a: Candidate = { node: 'a', victims: [victim(1)], violations: 1 };
    const b: Candidate = { node: 'b', victims: [victim(9), victim(8)], violations: 0 };
    expect([bestCandidate([a, b]), bestCandidate([b, a])]).toEqual([b, b]);
  });

  it('is the first of those that are alike', () => {
    const [a, b] = ['a', 'b'].map(name => ({ node: name, victims: [victim(1)], violations: 0 }));
    expect(bestCandidate([a!, b!])).toBe(a);
    expect(bestCandidate([])).toBeUndefined();
  });
});
