import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/placement/check.js';
import { OldDaemonPlacement } from '../../../src/placement/daemon-1-11.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import type { PodSpec, Toleration } from '../../../src/resources/types.js';
import { arbitraryNode, arbitrarySpec, k8s, node, pod, tainted, template } from './objects.js';

describe('before 1.12', () => {
  const ports = (hostPort: number): Partial<PodSpec> => ({
    containers: [{ name: 'a', ports: [{ containerPort: 80, hostPort }] }],
  });
  const cpu = (amount: string): Partial<PodSpec> => ({
    containers: [{ name: 'a', resources: { requests: { cpu: amount } } }],
  });
  const verdict = (want: boolean, schedule: boolean, stay: boolean) => ({
    wantToRun: want,
    shouldSchedule: schedule,
    shouldContinue: stay,
  });
  const taintOf = ({ key, effect }: Toleration) => `${key}:${effect}`;
  const story = ({ check, verdict, message }: Check) => `${check} ${verdict}: ${message}`;

  it.each<[string, Partial<PodSpec>, NodeInfo, object]>([
    ['room', cpu('1'), new NodeInfo(node()), verdict(true, true, true)],
    ['labels', { nodeSelector: { zone: 'a' } }, new NodeInfo(node()), verdict(false, false, false)],
    ['NoSchedule', {}, new NodeInfo(tainted('gpu:NoSchedule')), verdict(false, false, true)],
    ['NoExecute', {}, new NodeInfo(tainted('gpu:NoExecute')), verdict(false, false, false)],
    ['a taken port', ports(80), new NodeInfo(node(), [pod('x', ports(80))]), verdict(false, false, false)],
    [
      'no CPU',
      cpu('2'),
      new NodeInfo(node(), [pod('x', cpu('3'))]),
      {
        ...verdict(true, false, true),
        obstacle: "Node didn't have enough resource: cpu, requested: 2000, used: 3000, capacity: 4000",
      },
    ],
    ['no CPU, but critical', { ...cpu('9'), priority: 2_000_000_000 }, new NodeInfo(node()), verdict(true, true, true)],
    [
      'no CPU, and a critical class, which is only looked up for pods',
      { ...cpu('9'), priorityClassName: 'system-node-critical' },
      new NodeInfo(node()),
      {
        ...verdict(true, false, true),
        obstacle: "Node didn't have enough resource: cpu, requested: 9000, used: 0, capacity: 4000",
      },
    ],
    [
      'too many pods',
      {},
      new NodeInfo(node({ allocatable: { pods: '1' } }), [pod('x')]),
      {
        ...verdict(true, false, true),
        obstacle: "Node didn't have enough resource: pods, requested: 1, used: 1, capacity: 1",
      },
    ],
    ['a cordon', {}, new NodeInfo(tainted(k8s('unschedulable', 'NoSchedule'))), verdict(true, true, true)],
    ['a condition', {}, new NodeInfo(tainted(k8s('pid-pressure', 'NoSchedule'))), verdict(true, true, true)],
    ['a node that is not ready', {}, new NodeInfo(tainted(k8s('not-ready', 'NoSchedule'))), verdict(true, true, true)],
    ['not ready at all', {}, new NodeInfo(tainted(k8s('not-ready', 'NoExecute'))), verdict(true, true, true)],
    ['no CPU and a taint', cpu('9'), new NodeInfo(tainted('gpu:NoSchedule')), verdict(false, false, true)],
  ])('HIS-02, HIS-03, HIS-07: %s', (_what, spec, info, expected) => {
    expect(new OldDaemonPlacement(template(spec), 'default').verdict(info)).toEqual(expected);
  });

  it('HIS-02: what is marked critical is placed without a look at resources, in the system’s namespace', () => {
    const marked = (value: string) => ({
      metadata: { annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': value } },
      ...template(cpu('9')),
    });
    const schedules = (namespace: string, value = '') =>
      new OldDaemonPlacement(marked(value), namespace).verdict(new NodeInfo(node())).shouldSchedule;
    expect([schedules('kube-system'), schedules('default'), schedules('kube-system', 'true')]).toEqual([
      true,
      false,
      false,
    ]);
    const { tolerations } = new OldDaemonPlacement(marked(''), 'kube-system');
    expect(tolerations.slice(-2).map(taintOf)).toEqual([
      k8s('out-of-disk', 'NoExecute'),
      k8s('out-of-disk', 'NoSchedule'),
    ]);
    const checks = new OldDaemonPlacement(marked(''), 'kube-system').explain(new NodeInfo(node()));
    expect(checks.map(story).at(-1)).toBe(
      'NodeResourcesFit pass: critical pods are placed without a look at resources',
    );
  });

  it.each<[string, string[]]>([
    ['pods', []],
    ['cpu', ['cpu']],
    ['memory', ['memory', 'cpu']],
    ['ephemeral-storage', ['ephemeral-storage', 'memory']],
    ['example.com/gpu', ['example.com/gpu', 'ephemeral-storage']],
  ])('HIS-03: too little of several things: of %s, the last, is told', (told, short) => {
    const some = (amount: string) => Object.fromEntries(short.map(resource => [resource, amount]));
    const spec = { containers: [{ name: 'a', resources: { requests: some('2') } }] };
    const { obstacle } = new OldDaemonPlacement(template(spec), 'default').verdict(
      new NodeInfo(node({ allocatable: { ...some('1'), pods: '0' } })),
    );
    expect(obstacle).toContain(`enough resource: ${told}, requested: `);
  });

  it('HIS-07: pods tolerate what they do today, but for pressure of process ids', () => {
    const tolerated = (spec: Partial<PodSpec>) => new OldDaemonPlacement(template(spec), 'default').tolerations;
    expect(tolerated({ tolerations: [{ key: 'gpu', effect: 'NoSchedule' }] }).map(taintOf)).toEqual([
      'gpu:NoSchedule',
      k8s('not-ready', 'NoExecute'),
      k8s('unreachable', 'NoExecute'),
      k8s('disk-pressure', 'NoSchedule'),
      k8s('memory-pressure', 'NoSchedule'),
      k8s('unschedulable', 'NoSchedule'),
    ]);
    expect(tolerated({ hostNetwork: true }).map(taintOf)).toContain(k8s('network-unavailable', 'NoSchedule'));
  });

  it('HIS-07: the explanation names the taints that do not count, if there are any', () => {
    const explanation = (...taints: string[]) =>
      new OldDaemonPlacement(template(), 'default').explain(new NodeInfo(tainted(...taints))).map(story);
    const PORTS = 'NodePorts pass: it asks for no host ports';
    expect(explanation()).toEqual([
      'NodeAffinity pass: any node will do',
      'TaintToleration pass: the node has no taint that keeps pods away',
      PORTS,
      'NodeResourcesFit pass: it requests nothing, and the node takes another pod',
    ]);
    const pressure = k8s('memory-pressure', 'NoSchedule');
    expect(explanation(pressure)).toContain(`NodeUnschedulable pass: conditions of the node do not count: ${pressure}`);
    const passedOver = [k8s('unschedulable', 'NoSchedule'), k8s('pid-pressure', 'NoSchedule')];
    expect(explanation(...passedOver, 'gpu:NoSchedule')).toEqual([
      'NodeAffinity pass: any node will do',
      'TaintToleration keep: taint gpu:NoSchedule is not tolerated',
      `NodeUnschedulable pass: conditions of the node do not count: ${passedOver.join(', ')}`,
      PORTS,
    ]);
  });

  it('HIS-03: the explanation always agrees with the verdict', () => {
    fc.assert(
      fc.property(arbitrarySpec, arbitraryNode, (spec, n) => {
        const placement = new OldDaemonPlacement(template(spec), 'default');
        const info = new NodeInfo(n, [pod('x', ports(80)), pod('y', cpu('3'))]);
        const checks = placement.explain(info);
        const { wantToRun, shouldSchedule, shouldContinue } = placement.verdict(info);
        const room = checks.filter(({ check }) => check === 'NodeResourcesFit');
        const others = checks.filter(check => !room.includes(check));
        expect(wantToRun).toBe(others.every(({ verdict }) => verdict === 'pass'));
        expect(shouldContinue).toBe(others.every(({ verdict }) => verdict !== 'fail'));
        expect(room).toHaveLength(wantToRun ? 1 : 0);
        expect(shouldSchedule).toBe(wantToRun && room[0]!.verdict === 'pass');
      }),
      { numRuns: 500 },
    );
  });
});
