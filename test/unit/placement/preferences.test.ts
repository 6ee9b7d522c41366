import { describe, expect, it } from 'vitest';
import type { ClusterView, Kin } from '../../../src/placement/cluster-view.js';
import { preferredNeighbours } from '../../../src/placement/inter-pod-affinity.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import { crowding } from '../../../src/placement/topology-spread.js';
import type { Pod, PodSpec } from '../../../src/resources/types.js';
import { near, spread, type TestView, term, threeNodes, viewOf } from './clusters.js';
import { node, pod } from './objects.js';

const rather = (direction: 'podAffinity' | 'podAntiAffinity', weight: number, app: string, topologyKey: string) => ({
  affinity: {
    [direction]: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: term(app, topologyKey) }],
    },
  },
});

const all = (view: ClusterView) => [...view.nodes()];

describe('the company that a pod would like, and that would like it (InterPodAffinity)', () => {
  const [db, more] = ['db', 'more'].map(name => pod(name, {}, { app: 'db' }));
  const web = { app: 'web' };
  /** One that stands there, and what it thinks of others. */
  const who = (spec: Partial<PodSpec>) => pod('who', spec);
  it.each<[string, Partial<PodSpec>, () => TestView, number[] | undefined]>([
    ['nobody cares', {}, () => threeNodes({ a1: [db!] }), undefined],
    ['rather near', rather('podAffinity', 10, 'db', 'zone'), () => threeNodes({ a1: [db!] }), [10, 10, 0]],
    [
      'rather near many',
      rather('podAffinity', 10, 'db', 'zone'),
      () => threeNodes({ a1: [db!], a2: [more!] }),
      [20, 20, 0],
    ],
    [
      'rather near somebody who is not there',
      rather('podAffinity', 10, 'cat', 'zone'),
      () => threeNodes({ a1: [db!] }),
      undefined,
    ],
    ['rather away', rather('podAntiAffinity', 3, 'db', 'host'), () => threeNodes({ a1: [db!] }), [-3, 0, 0]],
    ['must be near it', {}, () => threeNodes({ a1: [who(near(term('web', 'zone')))] }), [1, 1, 0]],
    [
      'would rather be near it',
      {},
      () => threeNodes({ b1: [who(rather('podAffinity', 5, 'web', 'zone'))] }),
      [0, 0, 5],
    ],
    [
      'would rather be away from it',
      {},
      () => threeNodes({ b1: [who(rather('podAntiAffinity', 7, 'web', 'zone'))] }),
      [0, 0, -7],
    ],
    [
      'several',
      rather('podAffinity', 10, 'db', 'host'),
      () => threeNodes({ a1: [db!, who(rather('podAntiAffinity', 7, 'web', 'zone'))] }),
      [3, -7, 0],
    ],
    [
      'on nodes without the label',
      rather('podAffinity', 10, 'db', 'zone'),
      () =>
        viewOf([
          new NodeInfo(node({ name: 'x' }), [db!]),
          new NodeInfo(node({ name: 'y', labels: { zone: 'y' } }), [more!]),
          new NodeInfo(node({ name: 'z' })),
        ]),
      [0, 10, 0],
    ],
  ])('%s', (_what, spec, cluster, scores) => {
    const view = cluster();
    expect(preferredNeighbours(pod('p', spec, web), all(view), view)).toEqual(scores);
  });
});

describe('how crowded nodes are (PodTopologySpread)', () => {
  const dbs = (...numbers: number[]): Record<string, Pod[]> =>
    Object.fromEntries(
      ['a1', 'a2', 'b1'].map((name, i) => [
        name,
        Array.from({ length: numbers[i] ?? 0 }, (_, j) => pod(`${name}-${j}`, {}, { app: 'db' })),
      ]),
    );
  const wish = (maxSkew = 1, more: object = {}) => spread(maxSkew, { whenUnsatisfiable: 'ScheduleAnyway', ...more });
  const crowded = (spec: Partial<PodSpec>, view: ClusterView, candidates = all(view)) =>
    crowding(pod('p', spec), candidates, view);
  /** The pods of a domain, the more the more domains there are, and the skew that is allowed beyond one. */
  const score = (pods: number, domains: number, allowance = 0) => Math.round(pods * Math.log(domains + 2) + allowance);

  it('says nothing of a pod that does not mind, or minds absolutely', () => {
    const view = threeNodes(dbs(5, 5, 5));
    expect(crowded({}, view)).toBeUndefined();
    expect(crowded({ topologySpreadConstraints: [] }, view)).toBeUndefined();
    expect(crowded(spread(1), view)).toBeUndefined();
  });

  it.each<[string, Partial<PodSpec>, (number | undefined)[]]>([
    ['counts a zone as a whole', wish(), [score(8, 2), score(8, 2), score(1, 2)]],
    ['counts a host alone', wish(1, { topologyKey: 'host' }), [score(5, 3), score(3, 3), score(1, 3)]],
    ['adds the skew that is allowed', wish(4), [score(8, 2, 3), score(8, 2, 3), score(1, 2, 3)]],
    [
      'counts no pods on nodes that the pod could not use',
      { ...wish(), nodeSelector: { host: 'a1' } },
      [score(5, 2), score(5, 2), score(0, 2)],
    ],
    [
      'adds up several wishes',
      {
        topologySpreadConstraints: [
          ...wish().topologySpreadConstraints!,
          ...wish(2, { topologyKey: 'host' }).topologySpreadConstraints!,
        ],
      },
      [
        Math.round(8 * Math.log(4) + 5 * Math.log(5) + 1),
        Math.round(8 * Math.log(4) + 3 * Math.log(5) + 1),
        Math.round(1 * Math.log(4) + 1 * Math.log(5) + 1),
      ],
    ],
  ])('%s', (_what, spec, scores) => {
    expect(crowded(spec, threeNodes(dbs(5, 3, 1)))).toEqual(scores);
  });

  it('knows the domains of the nodes that are left to choose from', () => {
    const view = threeNodes(dbs(5, 3, 1));
    expect(crowded(wish(), view, [view.info('a1')])).toEqual([score(8, 1)]);
  });

  it('leaves out nodes without one of the labels, and what stands there', () => {
    const on = (name: string, labels: Record<string, string>) => new NodeInfo(node({ name, labels }), dbs(5).a1);
    const view = viewOf([on('x', { zone: 'a', host: 'x' }), on('y', { zone: 'a' }), on('z', { host: 'z' })]);
    const both = [...wish().topologySpreadConstraints!, ...wish(1, { topologyKey: 'host' }).topologySpreadConstraints!];
    expect(crowded({ topologySpreadConstraints: both }, view)).toEqual([
      Math.round(2 * 5 * Math.log(3)),
      undefined,
      undefined,
    ]);
  });

  describe('by the kin of a pod that does not say how it is to be spread', () => {
    const [zone, host] = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'];
    const counts: Record<string, number> = { a1: 7, a2: 2, b1: 1, x: 4 };
    const kin: Kin = {
      onNode: name => counts[name]!,
      inZone: name => ({ a: 9, b: 1 })[name] ?? 0,
    };
    const place = (name: string, labels: Record<string, string>) => new NodeInfo(node({ name, labels }));
    const view = (): ClusterView => ({
      ...viewOf([
        place('a1', { [zone!]: 'a', [host!]: 'a1' }),
        place('a2', { [zone!]: 'a', [host!]: 'a2' }),
        place('b1', { [zone!]: 'b', [host!]: 'b1' }),
        place('x', {}),
      ]),
      kin: () => kin,
    });
    const expected = (onNode: number, inZone: number) =>
      Math.round(onNode * Math.log(4 + 2) + 2 + inZone * Math.log(3 + 2) + 4);

    it('over nodes, which may be 3 apart, and zones, which may be 5 apart', () => {
      expect(crowded({}, view())).toEqual([expected(7, 9), expected(2, 9), expected(1, 1), 0]);
    });

    it('of whom those in a zone count that stand where the pod could go', () => {
      const on = (...names: string[]): Partial<PodSpec> => ({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: host!, operator: 'In', values: names }] }],
            },
          },
        },
      });
      expect(crowded({ nodeSelector: { [host!]: 'a2' } }, view())).toEqual([
        expected(7, 2),
        expected(2, 2),
        expected(1, 0),
        0,
      ]);
      expect(crowded(on('a1', 'a2'), view())).toEqual([expected(7, 9), expected(2, 9), expected(1, 0), 0]);
      expect(crowded({ affinity: { podAffinity: {} } }, view())).toEqual([
        expected(7, 9),
        expected(2, 9),
        expected(1, 1),
        0,
      ]);
    });

    it('if it has any', () => {
      expect(crowded({}, { ...view(), kin: () => undefined })).toBeUndefined();
    });
  });
});
