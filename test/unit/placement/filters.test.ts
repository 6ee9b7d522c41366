import { describe, expect, it } from 'vitest';
import { explainFit, firstObstacle } from '../../../src/placement/fit.js';
import { nodeAffinityRule } from '../../../src/placement/node-affinity.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import type { Node, NodeSelectorTerm, Pod, PodSpec, Taint, Toleration } from '../../../src/resources/types.js';
import { node, pod } from './objects.js';

describe('scheduler NodeAffinity (TestNodeAffinity)', () => {
  const here = node({ name: 'n1', labels: { disk: 'ssd', cores: '8' } });
  const named = (operator: string, ...values: string[]) => ({ key: 'metadata.name', operator, values });
  const labelled = (key: string, operator: string, ...values: string[]) => ({ key, operator, values });
  const fits = (terms: NodeSelectorTerm[], nodeSelector?: Record<string, string>) =>
    nodeAffinityRule.obstacle(
      {
        nodeSelector,
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
        },
      },
      here,
    ) === undefined;

  it.each<[string, NodeSelectorTerm[], boolean]>([
    ['matchFields In, this node', [{ matchFields: [named('In', 'n1')] }], true],
    ['matchFields In, another node', [{ matchFields: [named('In', 'n2')] }], false],
    ['matchFields NotIn, another node', [{ matchFields: [named('NotIn', 'n2')] }], true],
    [
      'two terms are ORed',
      [{ matchFields: [named('In', 'n2')] }, { matchExpressions: [labelled('disk', 'Exists')] }],
      true,
    ],
    [
      'one term is ANDed',
      [{ matchFields: [named('In', 'n1')], matchExpressions: [labelled('disk', 'In', 'hdd')] }],
      false,
    ],
    [
      'both parts of one term hold',
      [{ matchFields: [named('In', 'n1')], matchExpressions: [labelled('disk', 'In', 'ssd')] }],
      true,
    ],
    ['an empty list of expressions matches nothing', [{ matchExpressions: [] }], false],
    ['an empty term matches nothing', [{}], false],
    ['no terms match nothing', [], false],
    ['Gt', [{ matchExpressions: [labelled('cores', 'Gt', '4')] }], true],
    ['Lt', [{ matchExpressions: [labelled('cores', 'Lt', '8')] }], false],
    ['DoesNotExist', [{ matchExpressions: [labelled('gpu', 'DoesNotExist')] }], true],
    ['NotIn, without the label', [{ matchExpressions: [labelled('gpu', 'NotIn', 'a')] }], true],
  ])('%s', (_what, terms, expected) => expect(fits(terms)).toBe(expected));

  it('the node selector must hold as well', () => {
    const terms = [{ matchExpressions: [labelled('disk', 'Exists')] }];
    expect([fits(terms, { cores: '8' }), fits(terms, { cores: '4' })]).toEqual([true, false]);
  });
});

describe('scheduler TaintToleration filter (TestTaintTolerationFilter)', () => {
  const dedicated: Taint = { key: 'dedicated', value: 'user1', effect: 'NoSchedule' };
  const equal = (more: Partial<Toleration> = {}): Toleration => ({
    key: 'dedicated',
    operator: 'Equal',
    value: 'user1',
    effect: 'NoSchedule',
    ...more,
  });
  it.each<[string, Taint[], Toleration[], boolean]>([
    ['no toleration', [dedicated], [], false],
    ['the right value', [dedicated], [equal()], true],
    ['the wrong value', [dedicated], [equal({ value: 'user2' })], false],
    ['Exists', [dedicated], [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }], true],
    ['several taints, all tolerated', [dedicated, { ...dedicated, key: 'x' }], [equal(), equal({ key: 'x' })], true],
    ['several taints, one not tolerated', [dedicated, { ...dedicated, key: 'x' }], [equal()], false],
    ['another effect', [dedicated], [equal({ effect: 'NoExecute' })], false],
    [
      'an empty effect matches all',
      [dedicated, { ...dedicated, effect: 'NoExecute' }],
      [equal({ effect: '' as never })],
      true,
    ],
    ['an empty key with Exists matches all', [dedicated], [{ operator: 'Exists' }], true],
    ['PreferNoSchedule is ignored', [{ ...dedicated, effect: 'PreferNoSchedule' }], [], true],
    ['NoExecute keeps away as well', [{ ...dedicated, effect: 'NoExecute' }], [], false],
  ])('%s', (_what, taints, tolerations, fits) => {
    const obstacle = firstObstacle(pod('p', { tolerations }), new NodeInfo(node({ taints })));
    expect(obstacle?.reasons).toEqual(fits ? undefined : ['node(s) had untolerated taint(s)']);
  });
});

describe('what the scheduler’s explanation says of taints', () => {
  const taint = (key: string, effect: Taint['effect']): Taint => ({ key, effect });
  const tolerations = [{ key: 'a', operator: 'Exists' }];
  it.each<[Taint[] | undefined, string]>([
    [undefined, 'the node has no taint that keeps pods away'],
    [[taint('b', 'PreferNoSchedule')], 'the node has no taint that keeps pods away'],
    [[taint('b', 'PreferNoSchedule'), taint('a', 'NoSchedule')], 'every taint of the node is tolerated'],
    [
      [taint('b', 'NoSchedule'), taint('a', 'NoSchedule'), taint('c', 'PreferNoSchedule'), taint('d', 'NoExecute')],
      'taint b:NoSchedule is not tolerated; taint d:NoExecute is not tolerated',
    ],
  ])('%#', (taints, message) => {
    const checks = explainFit(pod('p', { tolerations }), new NodeInfo(node(taints && { taints })));
    expect(checks.find(({ check }) => check === 'TaintToleration')!.message).toBe(message);
  });
});

describe('SCH-03, SCH-04: the filters of one node', () => {
  /** From the first filter to the last: what is wrong, what the scheduler says of it, whether preemption may help, and how it is put right. */
  const steps: [string, string[], boolean, Partial<PodSpec>, Partial<Node['spec']>][] = [
    ['NodeUnschedulable', ['node(s) were unschedulable'], false, {}, { unschedulable: false }],
    ['NodeName', ["node(s) didn't match the requested node name"], false, { nodeName: 'n1' }, {}],
    ['TaintToleration', ['node(s) had untolerated taint(s)'], false, {}, { taints: [] }],
    ['NodeAffinity', ["node(s) didn't match Pod's node affinity/selector"], false, { nodeSelector: {} }, {}],
    [
      'NodePorts',
      ["node(s) didn't have free ports for the requested pod ports"],
      true,
      { containers: [{ name: 'main', resources: { requests: { cpu: '3', memory: '7Gi', 'example.com/gpu': '1' } } }] },
      {},
    ],
    [
      'NodeResourcesFit',
      ['Too many pods', 'Insufficient cpu', 'Insufficient memory', 'Insufficient example.com/gpu'],
      true,
      { containers: [{ name: 'main' }] },
      {},
    ],
  ];

  it('are asked in order, and the first that fails is reported', () => {
    const holder = pod('holder', {
      containers: [
        {
          name: 'main',
          ports: [{ containerPort: 80, hostPort: 80 }],
          resources: { requests: { cpu: '2', memory: '4Gi', 'example.com/gpu': '2' } },
        },
      ],
    });
    let wanting: Pod = pod('p', {
      nodeName: 'n2',
      nodeSelector: { disk: 'ssd' },
      containers: [{ name: 'main', ports: [{ containerPort: 80, hostPort: 80 }] }],
    });
    let place = node({
      unschedulable: true,
      taints: [{ key: 'a', effect: 'NoSchedule' }],
      allocatable: { cpu: '4', memory: '8Gi', 'example.com/gpu': '2', pods: '1' },
    });
    for (const [check, reasons, preemptable, spec, more] of steps) {
      expect(firstObstacle(wanting, new NodeInfo(place, [holder]))).toEqual({ check, reasons, preemptable });
      wanting = { ...wanting, spec: { ...wanting.spec, ...spec } };
      place = { ...place, spec: { ...place.spec, ...more } };
    }
    expect(firstObstacle(wanting, new NodeInfo(place, []))).toBeUndefined();
  });

  it('SCH-04: what is more than the node has at all, preemption does not help', () => {
    const greedy = pod('p', {
      containers: [{ name: 'main', resources: { requests: { 'ephemeral-storage': '2Gi' } } }],
    });
    const small = node({ allocatable: { cpu: '4', 'ephemeral-storage': '1Gi', pods: '10' } });
    expect(firstObstacle(greedy, new NodeInfo(small))).toEqual({
      check: 'NodeResourcesFit',
      reasons: ['Insufficient ephemeral-storage'],
      preemptable: false,
    });
  });
});
