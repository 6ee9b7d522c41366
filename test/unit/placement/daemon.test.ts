import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileDaemonPlacement, daemonTolerations } from '../../../src/placement/daemon.js';
import type { PodSpec, Toleration } from '../../../src/resources/types.js';
import { arbitraryNode, arbitrarySpec, field, k8s, label, node, required, tainted, template } from './objects.js';

const RUN = { shouldRun: true, shouldContinue: true };
const STAY = { shouldRun: false, shouldContinue: true };
const GO = { shouldRun: false, shouldContinue: false };

describe('whether a daemon pod belongs on a node', () => {
  const labelled = node({ name: 'n1', labels: { zone: 'a', cores: '8' } });
  it.each<[string, Partial<PodSpec>, ReturnType<typeof node>, object]>([
    ['NODE-01, NODE-02: a plain node', {}, node(), RUN],
    ['NODE-01: the node that the template names', { nodeName: 'n1' }, labelled, RUN],
    ['NODE-01: another node than the template names', { nodeName: 'n2' }, labelled, GO],
    ['NODE-02: a label that is asked for', { nodeSelector: { zone: 'a' } }, labelled, RUN],
    ['NODE-02: another value', { nodeSelector: { zone: 'b' } }, labelled, GO],
    ['NODE-02: no such label', { nodeSelector: { disk: 'ssd' } }, labelled, GO],
    ['NODE-02: In', required(label('zone', 'In', 'a', 'b')), labelled, RUN],
    ['NODE-02: In, of others', required(label('zone', 'In', 'b')), labelled, GO],
    ['NODE-02: NotIn', required(label('zone', 'NotIn', 'a')), labelled, GO],
    ['NODE-02: NotIn, without the label', required(label('disk', 'NotIn', 'a')), labelled, RUN],
    ['NODE-02: Exists', required(label('zone', 'Exists')), labelled, RUN],
    ['NODE-02: DoesNotExist', required(label('zone', 'DoesNotExist')), labelled, GO],
    ['NODE-02: Gt', required(label('cores', 'Gt', '4')), labelled, RUN],
    ['NODE-02: Gt, not more', required(label('cores', 'Gt', '8')), labelled, GO],
    ['NODE-02: Lt', required(label('cores', 'Lt', '16')), labelled, RUN],
    ['NODE-02: Gt of what is no number', required(label('zone', 'Gt', '4')), labelled, GO],
    ['NODE-02: its name', required(field('In', 'n1')), labelled, RUN],
    ['NODE-02: not its name', required(field('NotIn', 'n1')), labelled, GO],
    ['NODE-02: one of two terms', required(label('zone', 'In', 'b'), field('In', 'n1')), labelled, RUN],
    ['NODE-02: half of a term', required({ ...label('zone', 'In', 'a'), ...field('In', 'n2') }), labelled, GO],
    ['NODE-02, T57: no terms at all', required(), labelled, GO],
    ['NODE-02: an empty term', required({}), labelled, GO],
    ['NODE-02: an empty term beside another', required({}, label('zone', 'Exists')), labelled, RUN],
    ['NODE-02: a term that cannot be read', required(label('zone', 'In')), labelled, GO],
    ['NODE-02: two names, which cannot be read', required(field('In', 'n1', 'n2')), labelled, GO],
    ['NODE-02: an operator that there is not', required(label('zone', 'Is', 'a')), labelled, GO],
    ['NODE-02: a value that no label can have', required(label('disk', 'NotIn', '-')), labelled, GO],
    ['NODE-02: the name of something every object has', required(label('constructor', 'Exists')), labelled, GO],
    [
      'NODE-02, T57: a preference only',
      {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: label('disk', 'Exists') }],
          },
        },
      },
      labelled,
      RUN,
    ],
  ])('%s', (_what, spec, n, verdict) => {
    expect(compileDaemonPlacement(template(spec)).verdict(n)).toEqual(verdict);
  });

  const needy: Partial<PodSpec> = {
    containers: [{ name: 'a', resources: { requests: { cpu: '100' } }, ports: [{ containerPort: 80, hostPort: 80 }] }],
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', labelSelector: { matchLabels: {} } }],
      },
    },
  };
  const condition = (type: string, status: 'True' | 'False' | 'Unknown') => {
    const plain = node();
    return { ...plain, status: { ...plain.status, conditions: [{ type, status }] } };
  };
  const going = () => {
    const plain = node();
    return { ...plain, metadata: { ...plain.metadata, deletionTimestamp: '2025-01-01T00:00:00Z' } };
  };

  /** The table of the rules' section 4, row by row. */
  it.each<[string, Partial<PodSpec>, ReturnType<typeof node>, object]>([
    ['NODE-01: plain node', {}, node(), RUN],
    ['NODE-02: label mismatch', { nodeSelector: { zone: 'b' } }, labelled, GO],
    ['NODE-02: affinity mismatch', required(label('zone', 'In', 'b')), labelled, GO],
    ['NODE-01: wrong nodeName', { nodeName: 'n2' }, labelled, GO],
    ['NODE-04: custom taint NoSchedule, not tolerated', {}, tainted('gpu=yes:NoSchedule'), STAY],
    ['NODE-03: custom taint NoExecute, not tolerated', {}, tainted('gpu=yes:NoExecute'), GO],
    [
      'NODE-04: both effects, only NoExecute tolerated',
      { tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }] },
      tainted('gpu:NoSchedule', 'gpu:NoExecute'),
      STAY,
    ],
    ['NODE-03: both effects, none tolerated, NoSchedule first', {}, tainted('gpu:NoSchedule', 'gpu:NoExecute'), GO],
    ['NODE-05: custom taint PreferNoSchedule', {}, tainted('gpu:PreferNoSchedule'), RUN],
    ['T04: Ready=False but no taint', {}, condition('Ready', 'False'), RUN],
    ['T04: Ready=Unknown but no taint', {}, condition('Ready', 'Unknown'), RUN],
    ['T04: NetworkUnavailable=True but no taint', {}, condition('NetworkUnavailable', 'True'), RUN],
    ['NODE-03, POD-06: taint not-ready:NoExecute only', {}, tainted(k8s('not-ready', 'NoExecute')), RUN],
    ['NODE-03, POD-06: taint unreachable:NoExecute only', {}, tainted(k8s('unreachable', 'NoExecute')), RUN],
    ['NODE-04, POD-06a, T03: taint not-ready:NoSchedule', {}, tainted(k8s('not-ready', 'NoSchedule')), STAY],
    ['NODE-04, POD-06a: taint unreachable:NoSchedule', {}, tainted(k8s('unreachable', 'NoSchedule')), STAY],
    [
      'NODE-04, POD-06a: a node of a cloud that is not initialized yet',
      {},
      tainted('node.cloudprovider.kubernetes.io/uninitialized=true:NoSchedule'),
      STAY,
    ],
    ['NODE-04, POD-06a: a control plane', {}, tainted('node-role.kubernetes.io/control-plane:NoSchedule'), STAY],
    ['T04: spec.unschedulable without its taint', {}, node({ unschedulable: true }), RUN],
    [
      'NODE-04, POD-06, T04: spec.unschedulable with its taint',
      {},
      node({ unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] }),
      RUN,
    ],
    ...['memory', 'disk', 'pid'].map((what): [string, Partial<PodSpec>, ReturnType<typeof node>, object] => [
      `NODE-04, POD-06: ${what}-pressure:NoSchedule`,
      {},
      tainted(k8s(`${what}-pressure`, 'NoSchedule')),
      RUN,
    ]),
    [
      'NODE-04, POD-06, T11: network-unavailable:NoSchedule, hostNetwork false',
      {},
      tainted(k8s('network-unavailable', 'NoSchedule')),
      STAY,
    ],
    [
      'NODE-04, POD-06, T11: network-unavailable:NoSchedule, hostNetwork true',
      { hostNetwork: true },
      tainted(k8s('network-unavailable', 'NoSchedule')),
      RUN,
    ],
    ['T05: no room, a port that may be taken, anti-affinity to all', needy, node(), RUN],
    ['NODE-03, POD-06a: out-of-service:NoExecute', {}, tainted(k8s('out-of-service', 'NoExecute')), GO],
    ['NODE-01: a node that is going', {}, going(), RUN],
    [
      'NODE-05, T09: tolerated for a while',
      { tolerations: [{ key: 'gpu', operator: 'Exists', tolerationSeconds: 10 }] },
      tainted('gpu:NoExecute'),
      RUN,
    ],
  ])('%s', (_what, spec, n, verdict) => {
    expect(compileDaemonPlacement(template(spec)).verdict(n)).toEqual(verdict);
  });

  it.each<[Toleration, string, boolean]>([
    [{ key: 'a', operator: 'Exists' }, 'a=1:NoSchedule', true],
    [{ key: 'a', operator: 'Equal', value: '1' }, 'a=1:NoSchedule', true],
    [{ key: 'a', value: '1' }, 'a=1:NoSchedule', true],
    [{ key: 'a', operator: '', value: '1' }, 'a=1:NoSchedule', true],
    [{ key: 'a', value: '2' }, 'a=1:NoSchedule', false],
    [{ key: 'a' }, 'a:NoSchedule', true],
    [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }, 'a:NoSchedule', false],
    [{ operator: 'Exists' }, 'a=1:NoExecute', true],
    [{ key: 'b', operator: 'Exists' }, 'a:NoSchedule', false],
    [{ key: 'a', value: '', effect: '' }, 'a:NoSchedule', true],
    [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }, 'a:NoSchedule', true],
    [{ key: 'a', operator: 'Gt', value: '0' }, 'a=1:NoSchedule', false],
    [{ key: 'a', operator: 'Lt', value: '2' }, 'a=1:NoSchedule', false],
  ])('NODE-06: %j bears %s: %s', (toleration, text, bears) => {
    const { shouldRun } = compileDaemonPlacement(template({ tolerations: [toleration] })).verdict(tainted(text));
    expect(shouldRun).toBe(bears);
  });
});

describe('the tolerations of daemon pods', () => {
  const shown = (spec: Partial<PodSpec>) =>
    daemonTolerations(spec).map(
      t => `${t.key ?? ''}:${t.effect ?? ''}${t.tolerationSeconds === undefined ? '' : ` ${t.tolerationSeconds}s`}`,
    );
  const AUTOMATIC = [
    k8s('not-ready', 'NoExecute'),
    k8s('unreachable', 'NoExecute'),
    k8s('disk-pressure', 'NoSchedule'),
    k8s('memory-pressure', 'NoSchedule'),
    k8s('pid-pressure', 'NoSchedule'),
    k8s('unschedulable', 'NoSchedule'),
  ];

  it('POD-06, POD-06a, T11: are the automatic ones, in order, behind its own', () => {
    expect(shown({})).toEqual(AUTOMATIC);
    expect(shown({ hostNetwork: true })).toEqual([...AUTOMATIC, k8s('network-unavailable', 'NoSchedule')]);
    expect(shown({ tolerations: [{ key: 'gpu', operator: 'Exists' }] })).toEqual(['gpu:', ...AUTOMATIC]);
  });

  it('POD-06b, T10: take the place of its own that are the same but for the time, of each of them', () => {
    const own: Toleration = {
      key: 'node.kubernetes.io/not-ready',
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 60,
    };
    expect(shown({ tolerations: [{ key: 'x' }, own] })).toEqual(['x:', AUTOMATIC[0], ...AUTOMATIC.slice(1)]);
    expect(shown({ tolerations: [own, { ...own, tolerationSeconds: 30 }] })).toEqual([AUTOMATIC[0], ...AUTOMATIC]);
  });

  it.each<[string, Toleration]>([
    ['operator', { key: 'node.kubernetes.io/not-ready', operator: 'Equal', effect: 'NoExecute' }],
    ['value', { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', value: 'x' }],
    ['effect', { key: 'node.kubernetes.io/not-ready', operator: 'Exists' }],
    ['key', { operator: 'Exists' }],
  ])('POD-06b: leave one of another %s alone, and come all the same', (_what, other) => {
    const own = { ...other, tolerationSeconds: 60 };
    expect(daemonTolerations({ tolerations: [own] })).toEqual([own, ...daemonTolerations({})]);
  });

  it('POD-06: tolerate the taint whatever its value, and for good', () => {
    for (const toleration of daemonTolerations({ hostNetwork: true })) {
      expect(toleration).toEqual({ key: toleration.key, operator: 'Exists', effect: toleration.effect });
    }
  });
});

describe('daemon_controller_test.go', () => {
  const plain = node({ name: 'test-node' });
  const small = node({ name: 'test-node', allocatable: { cpu: '1', memory: '1Gi', pods: '1' } });
  const big = (spec: Partial<PodSpec> = {}): Partial<PodSpec> => ({
    containers: [{ name: 'a', resources: { requests: { cpu: '2', memory: '2Gi' } } }],
    ...spec,
  });
  const port: Partial<PodSpec> = { containers: [{ name: 'a', ports: [{ containerPort: 666, hostPort: 666 }] }] };
  const typed = node({ name: 'test-node', labels: { type: 'test' } });
  const type = (value: string) => required(label('type', 'In', value));

  it.each<[string, Partial<PodSpec>, ReturnType<typeof node>, object]>([
    ['NODE-01: its node by name', { nodeName: 'test-node' }, plain, RUN],
    ['NODE-01, T05: its node by name, and too little of everything', big({ nodeName: 'test-node' }), small, RUN],
    ['T05: too little of everything', big(), small, RUN],
    ['NODE-01: another node by name', { nodeName: 'other-node' }, plain, GO],
    ['T05: a host port that is taken', port, plain, RUN],
    ['enough of everything', { containers: [{ name: 'a', resources: { requests: { cpu: '1' } } }] }, plain, RUN],
    ['NODE-02: a nodeSelector that does not match', { nodeSelector: { type: 'other' } }, typed, GO],
    ['NODE-02: a nodeSelector that matches', { nodeSelector: { type: 'test' } }, typed, RUN],
    ['NODE-02: affinity that does not match', type('other'), typed, GO],
    ['NODE-02: affinity that matches', type('test'), typed, RUN],
    ['T04: a node that is cordoned', {}, node({ name: 'test-node', unschedulable: true }), RUN],
  ])('TestNodeShouldRunDaemonPod: %s', (_what, spec, n, verdict) => {
    expect(compileDaemonPlacement(template(spec)).verdict(n)).toEqual(verdict);
  });
});

describe('the explanation', () => {
  const story = (spec: Partial<PodSpec>, n: ReturnType<typeof node>) =>
    compileDaemonPlacement(template(spec))
      .explain(n)
      .checks.map(c => `${c.check} ${c.verdict}: ${c.message}`);

  it.each<[Partial<PodSpec>, ReturnType<typeof node>, string[]]>([
    [
      {},
      node(),
      ['NodeAffinity pass: any node will do', 'TaintToleration pass: the node has no taint that keeps pods away'],
    ],
    [
      { nodeName: 'n2', nodeSelector: { zone: 'b' } },
      node({ name: 'n1', labels: { zone: 'a' } }),
      [
        'NodeName fail: it names another node, n2',
        'NodeAffinity fail: node selector zone=b does not match: the node has zone=a',
        'TaintToleration pass: the node has no taint that keeps pods away',
      ],
    ],
    [
      required(label('disk', 'In', 'ssd', 'nvme'), field('In', 'n2'), {}),
      tainted('gpu=yes:NoSchedule', 'gone:NoExecute', k8s('unschedulable', 'NoSchedule')),
      [
        'NodeAffinity fail: required node affinity does not match: disk In (ssd, nvme): the node has no such label; nor: metadata.name In (n2): the node is n1; nor: an empty term matches no node',
        'TaintToleration keep: taint gpu=yes:NoSchedule is not tolerated',
        'TaintToleration fail: taint gone:NoExecute is not tolerated',
      ],
    ],
  ])('%#', (spec, n, checks) => {
    expect(story(spec, n)).toEqual(checks);
  });

  it('always agrees with the verdict', () => {
    fc.assert(
      fc.property(arbitrarySpec, arbitraryNode, (spec, n) => {
        const { checks, ...verdict } = compileDaemonPlacement(template(spec)).explain(n);
        expect(verdict).toEqual(compileDaemonPlacement(template(spec)).verdict(n));
        expect(verdict).toEqual({
          shouldRun: checks.every(c => c.verdict === 'pass'),
          shouldContinue: checks.every(c => c.verdict !== 'fail'),
        });
        for (const check of checks) expect(check.reasons.length > 0).toBe(check.verdict !== 'pass');
      }),
      { numRuns: 500 },
    );
  });
});
