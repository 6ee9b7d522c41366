import { describe, expect, it } from 'vitest';
import type { CheckName } from '../../../src/placement/check.js';
import { explainFit, firstObstacle } from '../../../src/placement/fit.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import type { Pod, PodSpec, ResourceList } from '../../../src/resources/types.js';
import { threeNodes } from './clusters.js';
import { node, pod } from './objects.js';

const asking = (requests: ResourceList): Partial<PodSpec> => ({
  containers: [{ name: 'main', resources: { requests } }],
});
const opening = (...ports: number[]): Partial<PodSpec> => ({
  containers: [{ name: 'main', ports: ports.map(port => ({ containerPort: port, hostPort: port })) }],
});
const toleration = { key: 'node.kubernetes.io/unschedulable', operator: 'Exists' };

describe('what an explanation says of one node', () => {
  it('SCH-03: every rule, in the order of the scheduler', () => {
    const checks = explainFit(pod('p', { nodeSelector: { a: 'b' }, nodeName: 'n2' }), new NodeInfo(node()));
    expect(checks.map(({ check, verdict }) => [check, verdict])).toEqual([
      ['NodeUnschedulable', 'pass'],
      ['NodeName', 'fail'],
      ['TaintToleration', 'pass'],
      ['NodeAffinity', 'fail'],
      ['NodePorts', 'pass'],
      ['NodeResourcesFit', 'pass'],
    ]);
  });

  it('tells of what lies beyond the node only where it matters', () => {
    const cluster = threeNodes({ a1: [pod('db', {}, { app: 'db' })] });
    const beyond = (spec: Partial<PodSpec>) =>
      explainFit(pod('p', spec), cluster.info('a1'), cluster)
        .slice(6)
        .map(({ check }) => check);
    const labelSelector = { matchLabels: { app: 'db' } };
    const constraint = { maxSkew: 1, topologyKey: 'zone', labelSelector };
    const requiredDuringSchedulingIgnoredDuringExecution = [{ topologyKey: 'zone', labelSelector }];
    expect(beyond({})).toEqual([]);
    expect(
      beyond({
        affinity: { podAntiAffinity: {} },
        topologySpreadConstraints: [{ ...constraint, whenUnsatisfiable: 'ScheduleAnyway' }],
      }),
    ).toEqual([]);
    expect(
      beyond({
        affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution } },
        topologySpreadConstraints: [{ ...constraint, whenUnsatisfiable: 'DoNotSchedule' }],
      }),
    ).toEqual(['PodTopologySpread', 'InterPodAffinity']);
  });

  const full = pod('o', { ...asking({ cpu: '3', memory: '5Gi' }) });
  it.each<[string, CheckName, Partial<PodSpec>, Parameters<typeof node>[0], Pod[], string]>([
    ['a node for all', 'NodeUnschedulable', {}, {}, [], 'the node is not cordoned'],
    ['a cordoned node', 'NodeUnschedulable', {}, { unschedulable: true }, [], 'the node is cordoned'],
    [
      'a cordoned node, and a pod that may',
      'NodeUnschedulable',
      { tolerations: [toleration] },
      { unschedulable: true },
      [],
      'the node is cordoned, which the pod tolerates',
    ],
    ['no name', 'NodeName', {}, {}, [], 'it names no node'],
    ['its name', 'NodeName', { nodeName: 'n1' }, {}, [], 'it names this node'],
    ['another name', 'NodeName', { nodeName: 'n2' }, {}, [], 'it names another node, n2'],
    ['no ports', 'NodePorts', {}, {}, [], 'it asks for no host ports'],
    ['a port', 'NodePorts', opening(80), {}, [], 'host port 80/TCP is free'],
    ['two ports', 'NodePorts', opening(80, 81), {}, [], 'host ports 80/TCP, 81/TCP are free'],
    [
      'a port that is taken',
      'NodePorts',
      opening(80, 81),
      {},
      [pod('o', opening(81))],
      'host port 81/TCP is taken by pod default/o',
    ],
    ['no requests', 'NodeResourcesFit', {}, {}, [], 'it requests nothing, and the node takes another pod'],
    [
      'a request for nothing',
      'NodeResourcesFit',
      asking({ cpu: '0' }),
      {},
      [],
      'it requests nothing, and the node takes another pod',
    ],
    ['one device', 'NodeResourcesFit', asking({ 'a.b/gpu': '1' }), {}, [], 'needs 1 a.b/gpu, 0 left of 0'],
    [
      'requests that are met',
      'NodeResourcesFit',
      asking({ cpu: '1m', memory: '512' }),
      {},
      [full],
      'there is room for 1m CPU and 512 memory',
    ],
    ['devices', 'NodeResourcesFit', asking({ 'a.b/c': '2048' }), {}, [], 'needs 2048 a.b/c, 0 left of 0'],
    ['a kibibyte', 'NodeResourcesFit', asking({ memory: '1Ki' }), {}, [], 'there is room for 1Ki memory'],
    ['less than one', 'NodeResourcesFit', asking({ memory: '1023' }), {}, [], 'there is room for 1023 memory'],
    ['a mebibyte', 'NodeResourcesFit', asking({ memory: '1Mi' }), {}, [], 'there is room for 1Mi memory'],
    ['one and a half', 'NodeResourcesFit', asking({ memory: '1536Ki' }), {}, [], 'there is room for 1.5Mi memory'],
    [
      'less than a gibibyte',
      'NodeResourcesFit',
      asking({ memory: '1000Mi' }),
      {},
      [],
      'there is room for 1000Mi memory',
    ],
    ['a gibibyte', 'NodeResourcesFit', asking({ memory: '1Gi' }), {}, [], 'there is room for 1Gi memory'],
    [
      'bytes of other kinds, on a node that is promised more than it has',
      'NodeResourcesFit',
      asking({ 'hugepages-2Mi': '4Mi', 'ephemeral-storage': '2Gi', memory: '1Gi' }),
      { allocatable: { pods: '5', memory: '4Gi', 'ephemeral-storage': '1.25Gi' } },
      [full],
      'needs 4Mi hugepages-2Mi, 0 left of 0; needs 2Gi ephemeral-storage, 1.25Gi left of 1.25Gi; needs 1Gi memory, 0 left of 4Gi',
    ],
  ])('%s: %s', (_what, check, spec, place, others, message) => {
    const checks = explainFit(pod('p', spec), new NodeInfo(node(place), others));
    expect(checks.find(one => one.check === check)?.message).toBe(message);
  });
});

describe('a node on which a pod is counted already', () => {
  const here = (p: Pod, allocatable: ResourceList, ...others: Pod[]) =>
    firstObstacle(p, new NodeInfo(node({ allocatable }), [p, ...others]))?.reasons;

  it('SCH-12, SCH-13: its port, its place and its requests are not in its way, those of others are', () => {
    const p = pod('p', { containers: [{ ...opening(80).containers![0]!, ...asking({ cpu: '3' }).containers![0]! }] });
    expect(here(p, { cpu: '4', pods: '2' }, pod('o', asking({ cpu: '1' })))).toBeUndefined();
    expect(here(p, { cpu: '4', pods: '2' }, pod('o', asking({ cpu: '2' })))).toEqual(['Insufficient cpu']);
    expect(here(p, { cpu: '4', pods: '1' }, pod('o'))).toEqual(['Too many pods']);
    expect(here(p, { cpu: '4', pods: '2' }, pod('o', opening(80)))).toEqual([
      "node(s) didn't have free ports for the requested pod ports",
    ]);
  });

  it('SCH-12: what it holds until it is resized is its own', () => {
    const p: Pod = pod('p', asking({ cpu: '1' }));
    p.metadata.generation = 2;
    p.status = { containerStatuses: [{ name: 'main', allocatedResources: { cpu: '3' } }] as never };
    expect(here(p, { cpu: '4', pods: '2' }, pod('o', asking({ cpu: '4' })))).toEqual(['Insufficient cpu']);
    expect(here(p, { cpu: '4', pods: '2' }, pod('o', asking({ cpu: '3' })))).toBeUndefined();
  });
});

describe('SCH-04, SCH-12: a node without room', () => {
  it.each<[string, Partial<PodSpec>, ResourceList, Pod[], string[] | undefined, boolean?]>([
    ['does not say how many pods it takes', {}, { cpu: '4' }, [], ['Too many pods'], true],
    ['takes none', {}, { pods: '0' }, [], ['Too many pods'], true],
    [
      'has as much as is asked for, but not left',
      asking({ cpu: '4' }),
      { cpu: '4', pods: '9' },
      [pod('o', asking({ cpu: '1m' }))],
      ['Insufficient cpu'],
      true,
    ],
    [
      'is promised more than it has, and nothing more is asked for',
      asking({ cpu: '0' }),
      { cpu: '1', pods: '9' },
      [pod('o', asking({ cpu: '3' }))],
      undefined,
    ],
  ])('%s', (_what, spec, allocatable, others, reasons, preemptable) => {
    expect(firstObstacle(pod('p', spec), new NodeInfo(node({ allocatable }), others))).toEqual(
      reasons && { check: 'NodeResourcesFit', reasons, preemptable },
    );
  });
});
