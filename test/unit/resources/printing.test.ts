import { describe, expect, it } from 'vitest';
import {
  BUILT_IN,
  controllerRevisions,
  daemonSets,
  endpoints,
  events,
  nodes,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
} from '../../../src/resources/index.js';
import { age, humanDuration } from '../../../src/resources/printing/age.js';
import type { ContainerStatus, Event, Pod, PodStatus } from '../../../src/resources/types.js';
import { daemonSet, NOW, node, object, pod, printed } from './objects.js';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

describe('ages', () => {
  it.each<[number, string]>([
    [-2 * S, '<invalid>'],
    [-1 * S, '0s'],
    [0, '0s'],
    [119 * S, '119s'],
    [2 * M, '2m'],
    [9 * M + 5 * S, '9m5s'],
    [10 * M + 5 * S, '10m'],
    [179 * M, '179m'],
    [3 * H, '3h'],
    [7 * H + 30 * M, '7h30m'],
    [47 * H, '47h'],
    [2 * D, '2d'],
    [5 * D + 3 * H, '5d3h'],
    [8 * D + 3 * H, '8d'],
    [729 * D, '729d'],
    [730 * D, '2y'],
    [740 * D, '2y10d'],
    [9 * 365 * D, '9y'],
  ])('%d ms is %s', (ms, text) => expect(humanDuration(ms)).toBe(text));

  it('is unknown of a time that is not known', () => {
    expect(age(undefined, NOW)).toBe('<unknown>');
    expect(age(null, NOW)).toBe('<unknown>');
    expect(age('2026-01-01T00:00:00Z', NOW)).toBe('24h');
  });
});

describe('every kind', () => {
  it.each(BUILT_IN.map(kind => [kind.plural, kind] as const))('%s has columns with a text each', (_, { printer }) => {
    expect(printer.columns.length).toBeGreaterThan(1);
    for (const { name, description } of printer.columns) expect([name, description]).not.toContain('');
  });
});

const container = (change: Partial<ContainerStatus>): ContainerStatus => ({
  name: 'main',
  image: 'a:1',
  imageID: '',
  ready: false,
  restartCount: 0,
  ...change,
});
const running = container({ ready: true, started: true, state: { running: {} } });
const withStatus = (status: PodStatus, change: Partial<Pod['metadata']> = {}, spec: Partial<Pod['spec']> = {}) => {
  const made = pod(spec, { status });
  return { ...made, metadata: { ...made.metadata, ...change } };
};
const init = { name: 'setup', image: 'b:1' };
const initStatus = (change: Partial<ContainerStatus>) => container({ name: 'setup', ...change });

describe('the word for a pod', () => {
  const deletionTimestamp = '2026-01-02T00:00:00Z';
  const waiting = (reason: string) => container({ state: { waiting: { reason } } });
  const cases: [string, Pod, string, string][] = [
    ['pending', withStatus({ phase: 'Pending' }), 'Pending', '0/1'],
    ['running', withStatus({ phase: 'Running', containerStatuses: [running] }), 'Running', '1/1'],
    [
      'creating',
      withStatus({ phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] }),
      'ContainerCreating',
      '0/1',
    ],
    [
      'crashing',
      withStatus({ phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff')] }),
      'CrashLoopBackOff',
      '0/1',
    ],
    ['evicted', withStatus({ phase: 'Failed', reason: 'Evicted' }), 'Evicted', '0/1'],
    [
      'terminating',
      withStatus({ phase: 'Running', containerStatuses: [running] }, { deletionTimestamp }),
      'Terminating',
      '1/1',
    ],
    ['ended before it was deleted', withStatus({ phase: 'Succeeded' }, { deletionTimestamp }), 'Succeeded', '0/1'],
    [
      'lost with its node',
      withStatus({ phase: 'Running', reason: 'NodeLost' }, { deletionTimestamp }),
      'Unknown',
      '0/1',
    ],
    [
      'gated',
      withStatus({
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
      }),
      'SchedulingGated',
      '0/1',
    ],
    [
      'completed',
      withStatus({
        phase: 'Succeeded',
        containerStatuses: [container({ state: { terminated: { exitCode: 0, reason: 'Completed' } } })],
      }),
      'Completed',
      '0/1',
    ],
    [
      'ended without a reason',
      withStatus({ phase: 'Failed', containerStatuses: [container({ state: { terminated: { exitCode: 3 } } })] }),
      'ExitCode:3',
      '0/1',
    ],
    [
      'killed by a signal',
      withStatus({
        phase: 'Failed',
        containerStatuses: [container({ state: { terminated: { exitCode: 137, signal: 9 } } })],
      }),
      'Signal:9',
      '0/1',
    ],
    [
      'half done',
      withStatus(
        {
          phase: 'Running',
          containerStatuses: [container({ state: { terminated: { exitCode: 0, reason: 'Completed' } } }), running],
        },
        {},
        { containers: [{ name: 'main' }, { name: 'other' }] },
      ),
      'NotReady',
      '1/2',
    ],
    [
      'setting up',
      withStatus(
        { phase: 'Pending', initContainerStatuses: [initStatus({ state: { running: {} } })] },
        {},
        { initContainers: [init] },
      ),
      'Init:0/1',
      '0/1',
    ],
    [
      'failing to set up',
      withStatus(
        {
          phase: 'Pending',
          initContainerStatuses: [initStatus({ state: { waiting: { reason: 'CrashLoopBackOff' } } })],
        },
        {},
        { initContainers: [init] },
      ),
      'Init:CrashLoopBackOff',
      '0/1',
    ],
    [
      'with a sidecar',
      withStatus(
        { phase: 'Running', initContainerStatuses: [{ ...running, name: 'setup' }], containerStatuses: [running] },
        {},
        { initContainers: [{ ...init, restartPolicy: 'Always' }] },
      ),
      'Running',
      '2/2',
    ],
  ];
  it.each(cases)('that is %s', (_, made, word, ready) => {
    expect(printed(pods, made)).toMatchObject({ Status: word, Ready: ready });
  });

  it('counts restarts and says when the last one was', () => {
    const finishedAt = '2026-01-01T23:55:00Z';
    const restarted = { ...running, restartCount: 3, lastState: { terminated: { exitCode: 1, finishedAt } } };
    expect(printed(pods, withStatus({ phase: 'Running', containerStatuses: [restarted] })).Restarts).toBe('3 (5m ago)');
    expect(printed(pods, withStatus({ phase: 'Running', containerStatuses: [running] })).Restarts).toBe('0');
  });

  it('has where it runs in the wide columns', () => {
    const made = withStatus(
      { phase: 'Running', podIPs: [{ ip: '10.1.0.7' }], conditions: [{ type: 'example.com/a', status: 'True' }] },
      {},
      { nodeName: 'n1', readinessGates: [{ conditionType: 'example.com/a' }, { conditionType: 'example.com/b' }] },
    );
    expect(printed(pods, made)).toMatchObject({
      IP: '10.1.0.7',
      Node: 'n1',
      'Nominated Node': '<none>',
      'Readiness Gates': '1/2',
    });
    expect(printed(pods, pod())).toMatchObject({ IP: '<none>', Node: '<none>', 'Readiness Gates': '<none>' });
  });
});

describe('other kinds', () => {
  it('prints nodes', () => {
    const ready = { conditions: [{ type: 'Ready', status: 'True' as const }] };
    expect(printed(nodes, node())).toMatchObject({
      Status: 'Unknown',
      Roles: '<none>',
      'OS-Image': '<unknown>',
      'Internal-IP': '<none>',
    });
    expect(printed(nodes, node({ unschedulable: true }, ready)).Status).toBe('Ready,SchedulingDisabled');
    const labels = {
      'node-role.kubernetes.io/worker': '',
      'node-role.kubernetes.io/control-plane': '',
      'kubernetes.io/role': 'old',
    };
    const labelled = node({}, { ...ready, addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] });
    labelled.metadata.labels = labels;
    expect(printed(nodes, labelled)).toMatchObject({
      Status: 'Ready',
      Roles: 'control-plane,old,worker',
      'Internal-IP': '10.0.0.1',
      Age: '24h',
    });
  });

  it('TAB-02: prints DaemonSets', () => {
    const set = daemonSet();
    set.spec.template.spec.nodeSelector = { b: '2', a: '1' };
    set.status = {
      ...set.status,
      desiredNumberScheduled: 3,
      currentNumberScheduled: 2,
      numberReady: 1,
      updatedNumberScheduled: 2,
      numberMisscheduled: 8,
      numberUnavailable: 9,
    };
    expect(printed(daemonSets, set)).toEqual({
      Name: 'agent',
      Desired: 3,
      Current: 2,
      Ready: 1,
      'Up-to-date': 2,
      Available: 0,
      'Node Selector': 'a=1,b=2',
      Age: '24h',
      Containers: 'main',
      Images: 'a:1',
      Selector: 'app=agent',
    });
    expect(printed(daemonSets, daemonSet())['Node Selector']).toBe('<none>');
  });

  it('prints services', () => {
    const service = (spec: object, status = {}) => printed(services, object(services, { spec, status }));
    expect(
      service({
        type: 'NodePort',
        clusterIP: '10.96.0.1',
        ports: [
          { port: 80, protocol: 'TCP', nodePort: 30080 },
          { port: 53, protocol: 'UDP' },
        ],
        selector: { app: 'a' },
      }),
    ).toMatchObject({
      Type: 'NodePort',
      'Cluster-IP': '10.96.0.1',
      'External-IP': '<none>',
      'Port(s)': '80:30080/TCP,53/UDP',
      Selector: 'app=a',
    });
    expect(service({ type: 'LoadBalancer' })).toMatchObject({ 'External-IP': '<pending>', 'Port(s)': '<none>' });
    expect(service({ type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } })['External-IP']).toBe(
      '1.2.3.4',
    );
    expect(service({ type: 'ExternalName', externalName: 'example.com' })).toMatchObject({
      'External-IP': 'example.com',
      'Cluster-IP': '<none>',
    });
  });

  it('prints events, by their series if there is one', () => {
    const event = (fields: Partial<Event>) =>
      printed(events, object(events, { involvedObject: { kind: 'Pod', name: 'p' }, ...fields }));
    expect(
      event({
        type: 'Normal',
        reason: 'Scheduled',
        message: 'fine\n',
        source: { component: 'kubelet', host: 'n1' },
        firstTimestamp: '2026-01-01T23:00:00Z',
        lastTimestamp: '2026-01-01T23:59:00Z',
        count: 4,
      }),
    ).toMatchObject({
      'Last Seen': '60s',
      'First Seen': '60m',
      Object: 'pod/p',
      Source: 'kubelet, n1',
      Message: 'fine',
      Count: 4,
    });
    expect(event({ eventTime: '2026-01-01T23:59:30.000000Z', reportingComponent: 'default-scheduler' })).toMatchObject({
      'Last Seen': '30s',
      'First Seen': '30s',
      Source: 'default-scheduler',
      Count: 1,
    });
    expect(
      event({ eventTime: '2026-01-01T23:00:00Z', series: { count: 9, lastObservedTime: '2026-01-01T23:59:55Z' } }),
    ).toMatchObject({
      'Last Seen': '5s',
      Count: 9,
    });
    expect(event({})).toMatchObject({ 'Last Seen': '<unknown>' });
  });

  it('prints what is left', () => {
    const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map(ip => ({ ip }));
    expect(printed(endpoints, object(endpoints, { subsets: [{ addresses, ports: [{ port: 80 }] }] })).Endpoints).toBe(
      '10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...',
    );
    expect(printed(endpoints, object(endpoints, {})).Endpoints).toBe('<none>');
    expect(printed(secrets, object(secrets, { type: 'Opaque', data: { a: '', b: '' } }))).toMatchObject({
      Type: 'Opaque',
      Data: 2,
    });
    const revision = object(controllerRevisions, { revision: 7 });
    revision.metadata.ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: '1', controller: true },
    ];
    expect(printed(controllerRevisions, revision)).toMatchObject({ Controller: 'daemonset.apps/agent', Revision: 7 });
    const budget = object(podDisruptionBudgets, {
      spec: { minAvailable: '50%' },
      status: { disruptionsAllowed: 1, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    });
    expect(printed(podDisruptionBudgets, budget)).toMatchObject({
      'Min Available': '50%',
      'Max Unavailable': 'N/A',
      'Allowed Disruptions': 1,
    });
  });
});
