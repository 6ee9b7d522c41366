import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainFit, firstObstacle } from '../../../src/placement/fit.js';
import { namedNodes } from '../../../src/placement/node-affinity.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import { assumedRequests, podRequests } from '../../../src/placement/pod-resources.js';
import type { Container, Node, Pod, PodSpec, ResourceList } from '../../../src/resources/types.js';
import { arbitraryNode, arbitraryPods, arbitrarySpec, node, pod } from './objects.js';

const asking = (requests: ResourceList): Partial<PodSpec> => ({
  containers: [{ name: 'main', resources: { requests } }],
});
const opening = (...ports: [number, string?, string?][]): Partial<PodSpec> => ({
  containers: [
    {
      name: 'main',
      ports: ports.map(([hostPort, hostIP, protocol]) => ({
        containerPort: hostPort,
        hostPort,
        ...(hostIP ? { hostIP } : {}),
        ...(protocol ? { protocol } : {}),
      })),
    },
  ],
});

const messageOf = (p: Pod, info: NodeInfo, check: string) => explainFit(p, info).find(c => c.check === check)!.message;

describe('SCH-12: what a pod requests', () => {
  const c = (requests: ResourceList, restartPolicy?: string): Container => ({
    name: 'c',
    resources: { requests },
    ...(restartPolicy ? { restartPolicy } : {}),
  });
  it.each<[string, Partial<PodSpec>, Record<string, number>]>([
    ['nothing', {}, {}],
    [
      'its containers together',
      { containers: [c({ cpu: '100m' }), c({ cpu: '1', memory: '1Ki' })] },
      { cpu: 1100, memory: 1024 },
    ],
    [
      'the hungriest init container',
      { containers: [c({ cpu: '1' })], initContainers: [c({ cpu: '3' }), c({ cpu: '2' })] },
      { cpu: 3000 },
    ],
    [
      'sidecars with the containers',
      { containers: [c({ cpu: '1' })], initContainers: [c({ cpu: '1' }, 'Always')] },
      { cpu: 2000 },
    ],
    [
      'sidecars with the init containers behind them',
      { containers: [c({ cpu: '1' })], initContainers: [c({ cpu: '1' }, 'Always'), c({ cpu: '3' })] },
      { cpu: 4000 },
    ],
    [
      'sidecars not with the init containers before them',
      { containers: [c({ cpu: '1' })], initContainers: [c({ cpu: '3' }), c({ cpu: '1' }, 'Always')] },
      { cpu: 3000 },
    ],
    [
      'overhead',
      { containers: [c({ cpu: '1' })], overhead: { cpu: '250m', memory: '1Mi' } },
      { cpu: 1250, memory: 2 ** 20 },
    ],
    [
      'for the pod as a whole',
      { containers: [c({ cpu: '1', memory: '1Mi' })], resources: { requests: { cpu: '3' } } },
      { cpu: 3000, memory: 2 ** 20 },
    ],
    ['fractions, rounded up', { containers: [c({ cpu: '0.1m', memory: '1.5' })] }, { cpu: 1, memory: 2 }],
  ])('%s', (_what, spec, requests) => {
    expect(podRequests(pod('p', spec))).toEqual(requests);
  });

  it('counts something for containers that ask for nothing when nodes are compared', () => {
    expect(assumedRequests(pod('p', { containers: [c({}), c({ cpu: '1' })] }))).toEqual({
      cpu: 1100,
      memory: 400 * 2 ** 20,
    });
  });
});

describe('SCH-04, SCH-12: resources', () => {
  it.each<
    [
      string,
      Partial<PodSpec>,
      Partial<PodSpec>[],
      { reasons: string[]; preemptable: boolean; message: string } | undefined,
    ]
  >([
    ['fit', asking({ cpu: '1' }), [asking({ cpu: '3' })], undefined],
    [
      'are too little beside others',
      asking({ cpu: '500m' }),
      [asking({ cpu: '3900m' })],
      { reasons: ['Insufficient cpu'], preemptable: true, message: 'needs 500m CPU, 100m left of 4' },
    ],
    [
      'are more than the node has',
      asking({ cpu: '5', memory: '1Gi' }),
      [],
      { reasons: ['Insufficient cpu'], preemptable: false, message: 'needs 5 CPU, 4 left of 4' },
    ],
    [
      'are too little of several things, one of them beyond the node',
      asking({ cpu: '2', memory: '16Gi' }),
      [asking({ cpu: '3' })],
      {
        reasons: ['Insufficient cpu', 'Insufficient memory'],
        preemptable: false,
        message: 'needs 2 CPU, 1 left of 4; needs 16Gi memory, 8Gi left of 8Gi',
      },
    ],
    [
      'are unknown to the node',
      asking({ 'example.com/gpu': '1' }),
      [],
      {
        reasons: ['Insufficient example.com/gpu'],
        preemptable: false,
        message: 'needs 1 example.com/gpu, 0 left of 0',
      },
    ],
    [
      'end with the number of pods',
      {},
      Array.from({ length: 10 }, () => ({})),
      { reasons: ['Too many pods'], preemptable: true, message: 'the node takes 10 pods and has 10' },
    ],
  ])('%s', (_what, spec, others, expected) => {
    const info = new NodeInfo(
      node(),
      others.map((other, i) => pod(`o${i}`, other)),
    );
    const p = pod('p', spec);
    const obstacle = firstObstacle(p, info);
    if (!expected) {
      expect(obstacle).toBeUndefined();
      return;
    }
    expect(obstacle).toEqual({
      check: 'NodeResourcesFit',
      reasons: expected.reasons,
      preemptable: expected.preemptable,
    });
    expect(messageOf(p, info, 'NodeResourcesFit')).toBe(expected.message);
  });

  it('does not count a pod against itself', () => {
    const p = pod('p', { ...asking({ cpu: '3' }), nodeName: 'n1' });
    expect(firstObstacle(p, new NodeInfo(node({ allocatable: { cpu: '4', pods: '1' } }), [p]))).toBeUndefined();
  });
});

describe('SCH-04, SCH-13: host ports', () => {
  it.each<[Partial<PodSpec>, Partial<PodSpec>, boolean]>([
    [opening([80]), opening([80]), false],
    [opening([80]), opening([81]), true],
    [opening([80, undefined, 'UDP']), opening([80]), true],
    [opening([80, '10.0.0.1']), opening([80, '10.0.0.2']), true],
    [opening([80, '10.0.0.1']), opening([80, '10.0.0.1']), false],
    [opening([80, '10.0.0.1']), opening([80]), false],
    [opening([80, '0.0.0.0']), opening([80, '10.0.0.2']), false],
    [opening([81], [80]), opening([79], [80]), false],
    [{}, opening([80]), true],
  ])('%#', (wanted, taken, fits) => {
    const info = new NodeInfo(node(), [pod('o', taken)]);
    const p = pod('p', wanted);
    expect(firstObstacle(p, info)?.check).toBe(fits ? undefined : 'NodePorts');
    if (!fits) expect(messageOf(p, info, 'NodePorts')).toMatch(/^host port .*80\/TCP is taken by pod default\/o$/);
  });
});

describe('other rules of one node', () => {
  const cordoned = node({ unschedulable: true });
  const toleration = { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' };
  it.each<[string, Partial<PodSpec>, Node, string | undefined]>([
    [
      'SCH-04, scheduler NodeUnschedulable (TestNodeUnschedulable): a cordoned node',
      {},
      cordoned,
      'node(s) were unschedulable',
    ],
    [
      'SCH-14, scheduler NodeUnschedulable (TestNodeUnschedulable): a cordoned node, tolerated',
      { tolerations: [toleration] },
      cordoned,
      undefined,
    ],
    ['SCH-04: another name', { nodeName: 'n2' }, node(), "node(s) didn't match the requested node name"],
    ['SCH-04: a taint', {}, node({ taints: [{ key: 'a', effect: 'NoSchedule' }] }), 'node(s) had untolerated taint(s)'],
    ['SCH-04: labels', { nodeSelector: { a: 'b' } }, node(), "node(s) didn't match Pod's node affinity/selector"],
    ['the first of several', { nodeSelector: { a: 'b' } }, cordoned, 'node(s) were unschedulable'],
  ])('%s', (_what, spec, n, reason) => {
    expect(firstObstacle(pod('p', spec), new NodeInfo(n))?.reasons[0]).toBe(reason);
  });

  it('SCH-02: finds the nodes that a pod names', () => {
    const names = (...terms: [string, string, ...string[]][][]) =>
      namedNodes({
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: terms.map(fields => ({
              matchFields: fields.map(([key, operator, ...values]) => ({ key, operator, values })),
            })),
          },
        },
      });
    expect(namedNodes(undefined)).toBeUndefined();
    expect(names()).toBeUndefined();
    expect(names([['metadata.name', 'NotIn', 'a']])).toBeUndefined();
    expect(names([['metadata.name', 'In', 'a']], [])).toBeUndefined();
    expect(names([['metadata.name', 'In', 'a']], [['metadata.name', 'In', 'b']])).toEqual(new Set(['a', 'b']));
    expect(
      names([
        ['metadata.name', 'In', 'a', 'b'],
        ['metadata.name', 'In', 'b'],
      ]),
    ).toEqual(new Set(['b']));
    expect(
      names([
        ['metadata.name', 'In', 'a'],
        ['metadata.name', 'In', 'b'],
      ]),
    ).toEqual(new Set());
  });
});

describe('properties', () => {
  it('the explanation always agrees with what the scheduler does', () => {
    fc.assert(
      fc.property(arbitrarySpec, arbitraryNode, arbitraryPods, (spec, n, others) => {
        const info = new NodeInfo(n, others);
        const p = pod('p', spec);
        const obstacle = firstObstacle(p, info);
        const failed = explainFit(p, info).find(check => check.verdict === 'fail');
        expect(failed && { check: failed.check, reasons: failed.reasons, preemptable: failed.preemptable }).toEqual(
          obstacle,
        );
        for (const check of explainFit(p, info)) expect(check.message).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('a node accounts the same, however its pods came and went', () => {
    fc.assert(
      fc.property(arbitraryNode, arbitraryPods, fc.array(fc.nat(3)), (n, pods, goings) => {
        const info = new NodeInfo(n, pods);
        for (const i of goings) {
          const going = pods[i];
          if (!going) continue;
          info.remove(going.metadata.uid);
          info.add({ ...going, status: { phase: 'Succeeded' } });
          if (i % 2) info.add({ ...going, spec: { ...going.spec } });
          info.add(going);
          info.add({ ...going, status: { phase: 'Running' } });
        }
        const fresh = new NodeInfo(n, pods);
        const positive = (sums: Record<string, number>) =>
          Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
        expect(positive(info.requested)).toEqual(positive(fresh.requested));
        expect(info.assumed).toEqual(fresh.assumed);
        expect(new Set(info.ports.keys())).toEqual(new Set(fresh.ports.keys()));
        expect(info.pods.size).toBe(fresh.pods.size);
      }),
    );
  });

  it('SCH-12: a pod fits where there is exactly room for it, and not with a thousandth less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 10_000 }), (wanted, used) => {
        const fits = (total: number) =>
          !firstObstacle(
            pod('p', asking({ cpu: `${wanted}m` })),
            new NodeInfo(node({ allocatable: { cpu: `${total}m`, pods: '10' } }), [
              pod('o', asking({ cpu: `${used}m` })),
            ]),
          );
        expect([fits(wanted + used), fits(wanted + used - 1)]).toEqual([true, false]);
      }),
    );
  });
});
