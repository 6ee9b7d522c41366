import { afterEach, describe, expect, it } from 'vitest';
import { nodeLifecycleController } from '../../../src/controllers/node-lifecycle/index.js';
import { Runtime } from '../../../src/controllers/runtime/runtime.js';
import { type KubeletOptions, kubeletControllers, presentNode } from '../../../src/kubelet/index.js';
import { nodes, pods } from '../../../src/resources/index.js';
import type { Change } from '../../../src/store/entry.js';
import { ModelCluster, READY } from '../../support/model-cluster.js';

let cluster: ModelCluster;
let changes: Change[];
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.close();
});

async function start(options: KubeletOptions = {}, lifecycle = false): Promise<void> {
  cluster = await ModelCluster.start(
    context => kubeletControllers(context, options),
    ...(lifecycle ? [nodeLifecycleController] : []),
  );
  changes = [];
  cluster.registry.follow(more => changes.push(...more));
}

const writesOf = (resource: string, name: string) =>
  changes.filter(c => c.entry.resource === resource && c.entry.name === name).map(c => c.type);

describe('a node that comes with nothing but a name', () => {
  it('is registered as a kubelet registers it', async () => {
    await start();
    await cluster.node('n1');
    const node = cluster.getNode('n1');
    expect(node.metadata.labels).toEqual({
      'beta.kubernetes.io/arch': 'amd64',
      'beta.kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': 'n1',
      'kubernetes.io/os': 'linux',
    });
    expect(node.spec).toMatchObject({ podCIDR: '10.128.0.0/24', podCIDRs: ['10.128.0.0/24'] });
    expect(node.status).toMatchObject({
      capacity: { cpu: '4', 'ephemeral-storage': '100Gi', memory: '8Gi', pods: '110' },
      allocatable: { cpu: '4', 'ephemeral-storage': '100Gi', memory: '8Gi', pods: '110' },
      addresses: [
        { type: 'InternalIP', address: '172.18.0.2' },
        { type: 'Hostname', address: 'n1' },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: { kubeletVersion: 'v1.35.0', operatingSystem: 'linux', architecture: 'amd64' },
    });
    expect(node.status.conditions!.map(c => [c.type, c.status, c.reason, c.message])).toEqual([
      ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
      ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
      ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
      ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
    ]);
    expect(cluster.lease('n1')?.spec).toEqual({
      holderIdentity: 'n1',
      acquireTime: '2025-01-01T00:00:00.000000Z',
      renewTime: '2025-01-01T00:00:00.000000Z',
    });
    expect(cluster.events).toEqual(['kubelet@n1 Normal NodeReady Node n1 status is now: NodeReady']);
  });

  it.each([
    ['linux', 'arm64', { kernelVersion: '6.12.0-arm64', osImage: 'Debian GNU/Linux 13 (trixie)' }],
    ['windows', 'amd64', { kernelVersion: '10.0.20348.4294', osImage: 'Windows Server 2022 Datacenter' }],
  ])('is the machine that its labels speak of: %s on %s', async (operatingSystem, architecture, told) => {
    await start();
    const labels = { 'kubernetes.io/os': operatingSystem, 'kubernetes.io/arch': architecture };
    await cluster.node('n1', undefined, { metadata: { labels } as never });
    expect(cluster.getNode('n1').status.nodeInfo).toMatchObject({ operatingSystem, architecture, ...told });
  });

  it('has networks and addresses of its own', async () => {
    await start({ clusterCIDR: '10.0.0.0/30', nodeCIDRMaskSize: 31 });
    for (const name of ['n1', 'n2', 'n3']) await cluster.node(name);
    expect(['n1', 'n2', 'n3'].map(name => cluster.getNode(name).spec.podCIDR)).toEqual([
      '10.0.0.0/31',
      '10.0.0.2/31',
      undefined,
    ]);
    expect(['n1', 'n2', 'n3'].map(name => cluster.getNode(name).status.addresses![0]!.address)).toEqual([
      '172.18.0.2',
      '172.18.0.3',
      '172.18.0.4',
    ]);
  });

  it.each([
    [
      { clusterCIDR: '10.0.0.0/29', nodeCIDRMaskSize: 29 },
      {},
      'CIDRNotAvailable: no range for its pods is left in 10.0.0.0/29',
      'node n2 has no range for pods',
    ],
    [
      { nodeCIDR: '10.0.0.0/30' },
      { hostNetwork: true },
      'AddressNotAvailable: no address is left in 10.0.0.0/30',
      'node n2 has no address',
    ],
  ])(
    'tells once of what is not left for it, with %j, and takes it when another node goes',
    async (options, spec, told, why) => {
      await start(options);
      await cluster.node('n1');
      await cluster.pod('p', 'n2', spec);
      await cluster.node('n2');
      for (let i = 0; i < 3; i++) await cluster.advance(60_000);
      const [reason = ''] = told.split(':');
      expect(cluster.told(reason)).toEqual([`Node n2 status is now: ${told}`]);
      expect(cluster.told('FailedCreatePodSandBox')).toContain(`Failed to create pod sandbox: ${why}`);
      expect(cluster.getPod('p')!.status.phase).toBe('Pending');
      await cluster.deleteNode('n1');
      await cluster.advance(60_000);
      expect(cluster.getPod('p')!.status).toMatchObject({
        phase: 'Running',
        hostIP: cluster.getNode('n2').status.addresses![0]!.address,
      });
    },
  );

  it('costs nothing once it is there', async () => {
    await start({}, true);
    await cluster.node('n1');
    const revision = cluster.registry.revision;
    await cluster.advance(24 * 3_600_000);
    expect(cluster.registry.revision).toBe(revision);
    expect(cluster.clock.nextDue()).toBeUndefined();
    expect(cluster.taints('n1')).toEqual([]);
  });
});

describe('a node that is born with its status', () => {
  it('is what its kubelet would make of it, at no cost', async () => {
    await start({}, true);
    await cluster.node('n1');
    const draft = (name: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {}, status: {} });
    const born = presentNode(draft('n2'), 1, {}, cluster.clock.now());
    await cluster.registry.create(nodes, born);
    await cluster.settle();
    const shape = (name: string) =>
      JSON.parse(JSON.stringify({ ...cluster.getNode(name), metadata: cluster.getNode(name).metadata.labels }));
    const differences = (text: string) =>
      text.replaceAll('n1', 'n2').replaceAll('10.128.0.', '10.128.1.').replaceAll('172.18.0.2', '172.18.0.3');
    const { nodeInfo, ...status } = shape('n2').status;
    expect(nodeInfo.kubeletVersion).toBe('v1.35.0');
    const { nodeInfo: _, ...expected } = JSON.parse(differences(JSON.stringify(shape('n1').status)));
    expect(status).toEqual(expected);
    expect(shape('n2').spec).toEqual(JSON.parse(differences(JSON.stringify(shape('n1').spec))));
    // Created, and its first taint lifted.
    expect(writesOf('nodes', 'n2')).toEqual(['ADDED', 'MODIFIED']);
    await cluster.node('n3');
    expect(cluster.getNode('n3').spec.podCIDR).toBe('10.128.2.0/24');
  });
});

describe('what a client says of a node', () => {
  it('stays', async () => {
    await start();
    const labels = { 'kubernetes.io/hostname': 'other', 'kubernetes.io/os': 'windows' };
    await cluster.node(
      'n1',
      { ...READY, Ready: 'False' },
      {
        metadata: { labels } as never,
        spec: { podCIDR: '10.9.0.0/24', podCIDRs: ['10.9.0.0/24'] },
        status: { capacity: { cpu: '2' }, addresses: [{ type: 'InternalIP', address: '10.1.1.1' }] },
      },
    );
    const node = cluster.getNode('n1');
    expect(node.metadata.labels).toMatchObject({ ...labels, 'beta.kubernetes.io/os': 'windows' });
    expect(node.spec.podCIDR).toBe('10.9.0.0/24');
    expect(node.status.capacity).toEqual({ cpu: '2' });
    expect(node.status.allocatable).toEqual({ cpu: '2' });
    expect(node.status.addresses).toEqual([{ type: 'InternalIP', address: '10.1.1.1' }]);
    expect(node.status.conditions!.find(c => c.type === 'Ready')).toMatchObject({ status: 'False', reason: 'Test' });
  });

  it('is given away as soon as it has it: a resource of its own that comes and goes with the capacity', async () => {
    await start();
    await cluster.node('n1');
    const advertise = async (capacity: Record<string, string>) => {
      const node = cluster.getNode('n1');
      await cluster.registry.update(
        nodes,
        { ...node, status: { ...node.status, capacity } },
        { subresource: 'status' },
      );
      await cluster.settle();
      return cluster.getNode('n1').status.allocatable;
    };
    const { capacity, allocatable } = cluster.getNode('n1').status;
    expect(await advertise({ ...capacity, 'example.com/foo': '5' })).toEqual({
      ...allocatable,
      'example.com/foo': '5',
    });
    expect(await advertise(capacity!)).toEqual(allocatable);
  });
});

describe('a pod', () => {
  it('costs one write to start and one to go', async () => {
    await start();
    await cluster.node('n1');
    await cluster.pod('a', undefined);
    await cluster.registry.bind('default', 'a', 'n1');
    await cluster.settle();
    expect(cluster.getPod('a')!.status).toMatchObject({ phase: 'Running', podIP: '10.128.0.2', hostIP: '172.18.0.2' });
    expect(writesOf('pods', 'a')).toEqual(['ADDED', 'MODIFIED', 'MODIFIED']);
    await cluster.deletePod('a');
    expect(cluster.getPod('a')).toBeUndefined();
    expect(writesOf('pods', 'a')).toEqual(['ADDED', 'MODIFIED', 'MODIFIED', 'MODIFIED', 'DELETED']);
  });

  it('has an address that no other has, and not at once that of one that went', async () => {
    await start();
    await cluster.node('n1');
    for (const name of ['a', 'b']) await cluster.pod(name, 'n1');
    await cluster.deletePod('a');
    await cluster.pod('c', 'n1');
    await cluster.pod('host', 'n1', { hostNetwork: true });
    expect(['b', 'c', 'host'].map(name => cluster.getPod(name)!.status.podIP)).toEqual([
      '10.128.0.3',
      '10.128.0.4',
      '172.18.0.2',
    ]);
  });

  it('waits for its node to come and be registered', async () => {
    await start();
    await cluster.pod('a', 'n1');
    expect(cluster.getPod('a')!.status.phase).toBe('Pending');
    await cluster.node('n1');
    expect(cluster.getPod('a')!.status.phase).toBe('Running');
  });

  it('KUB-04: is seen to stop when that takes its time', async () => {
    await start({ pods: { stopDelay: '2s' } });
    await cluster.node('n1');
    await cluster.pod('a', 'n1');
    await cluster.deletePod('a');
    await cluster.advance(1999);
    expect(cluster.getPod('a')!.status.phase).toBe('Running');
    await cluster.advance(1);
    expect(cluster.getPod('a')).toBeUndefined();
    expect((changes.at(-2)!.entry.object as { status?: unknown }).status).toMatchObject({ phase: 'Succeeded' });
  });

  it('with an annotation that makes no sense is told so, and runs', async () => {
    await start();
    await cluster.node('n1');
    await cluster.pod('a', 'n1', {}, { annotations: { 'kubette.dev/start-delay': 'soon' } });
    expect(cluster.getPod('a')!.status.phase).toBe('Running');
    expect(cluster.told('InvalidAnnotation')).toEqual([
      'kubette.dev/start-delay: "soon" is not a duration such as 500ms or 1m30s',
    ]);
  });
});

describe('a node that goes down', () => {
  it('KUB-05, TNT-04, TNT-05: keeps its pods as they are, is given up after the grace period, and takes up where it left off', async () => {
    await start({}, true);
    await cluster.node('n2');
    await cluster.node('n1');
    await cluster.pod('a', 'n1');
    await cluster.pod('b', 'n1');
    await cluster.advance(100_000);
    await cluster.annotateNode('n1', { 'kubette.dev/behavior': 'down' });
    expect(cluster.lease('n1')?.spec).toMatchObject({
      leaseDurationSeconds: 40,
      renewTime: '2025-01-01T00:01:40.000000Z',
    });
    await cluster.deletePod('a');
    await cluster.pod('c', 'n1');
    await cluster.advance(49_999);
    expect(cluster.podCondition('b', 'Ready')?.status).toBe('True');
    await cluster.advance(1);
    expect(cluster.getNode('n1').status.conditions!.map(c => c.status)).toEqual([
      'Unknown',
      'Unknown',
      'Unknown',
      'Unknown',
    ]);
    expect(cluster.taints('n1')).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ]);
    expect(cluster.podCondition('b', 'Ready')).toMatchObject({
      status: 'False',
      lastTransitionTime: '2025-01-01T00:02:30Z',
    });
    expect(cluster.getPod('a')).toBeDefined();
    expect(cluster.getPod('c')!.status.phase).toBe('Pending');

    await cluster.advance(600_000);
    await cluster.annotateNode('n1', {});
    expect(cluster.getNode('n1').status.conditions!.map(c => c.status)).toEqual(['False', 'False', 'False', 'True']);
    expect(cluster.taints('n1')).toEqual([]);
    expect(cluster.lease('n1')?.spec?.leaseDurationSeconds).toBeUndefined();
    expect(cluster.getPod('a')).toBeUndefined();
    expect(cluster.podCondition('b', 'Ready')).toMatchObject({
      status: 'True',
      lastTransitionTime: '2025-01-01T00:12:30Z',
    });
    expect(cluster.getPod('c')!.status.phase).toBe('Running');
    expect(cluster.clock.nextDue()).toBeUndefined();
  });

  it('leaves a pod that started on it unready until it is ready itself', async () => {
    await start({}, true);
    await cluster.node('n2');
    await cluster.node('n1', undefined, {
      metadata: { annotations: { 'kubette.dev/behavior': 'not-ready' } } as never,
    });
    await cluster.pod('a', 'n1');
    expect(cluster.getPod('a')!.status.phase).toBe('Running');
    expect(cluster.podCondition('a', 'ContainersReady')?.status).toBe('True');
    expect(cluster.podCondition('a', 'Ready')?.status).toBe('False');
    expect(cluster.podCondition('a', 'Ready')).not.toHaveProperty('reason');
    await cluster.annotateNode('n1', {});
    expect(cluster.podCondition('a', 'Ready')?.status).toBe('True');
  });
});

describe('pressure', () => {
  it('is reported while the annotation says so', async () => {
    await start({}, true);
    await cluster.node('n1');
    await cluster.advance(5000);
    await cluster.annotateNode('n1', { 'kubette.dev/behavior': 'disk-pressure,memory-pressure' });
    expect(cluster.taints('n1')).toEqual([
      'node.kubernetes.io/memory-pressure:NoSchedule',
      'node.kubernetes.io/disk-pressure:NoSchedule',
    ]);
    expect(cluster.getNode('n1').status.conditions![1]).toMatchObject({
      type: 'DiskPressure',
      status: 'True',
      reason: 'KubeletHasDiskPressure',
      lastTransitionTime: '2025-01-01T00:00:05Z',
    });
    await cluster.annotateNode('n1', {});
    expect(cluster.taints('n1')).toEqual([]);
    expect(cluster.events.filter(e => e.includes('NodeHas')).map(e => e.split(' ')[2])).toEqual([
      'NodeHasInsufficientMemory',
      'NodeHasDiskPressure',
      'NodeHasSufficientMemory',
      'NodeHasNoDiskPressure',
    ]);
  });
});

describe('heartbeats as of a real kubelet', () => {
  it('renew the lease at the interval asked for, and a node that lives is not given up', async () => {
    await start({ leaseRenewInterval: '10s' }, true);
    await cluster.node('n1');
    expect(cluster.lease('n1')?.spec?.leaseDurationSeconds).toBe(40);
    await cluster.advance(100_000);
    expect(cluster.lease('n1')?.spec?.renewTime).toBe('2025-01-01T00:01:40.000000Z');
    expect(writesOf('leases.coordination.k8s.io', 'n1')).toHaveLength(11);
    expect(cluster.taints('n1')).toEqual([]);
    await cluster.annotateNode('n1', { 'kubette.dev/behavior': 'down' });
    await cluster.advance(50_000);
    expect(cluster.getNode('n1').status.conditions![3]!.status).toBe('Unknown');
  });
});

describe('a restart of the cluster', () => {
  it('daemon_restart, Kubelet should not restart containers across restart: finds everything as it was, and writes nothing', async () => {
    await start({}, true);
    await cluster.node('n1');
    await cluster.pod('a', 'n1');
    const revision = cluster.registry.revision;
    await cluster.runtime.stop();
    const again = new Runtime(cluster.registry);
    const context = { registry: cluster.registry, recorder: () => ({ event: () => {} }) };
    for (const make of [kubeletControllers, nodeLifecycleController])
      for (const c of [make(context)].flat()) again.add(c);
    again.start();
    await again.settled();
    expect(cluster.registry.revision).toBe(revision);
    await cluster.pod('b', 'n1');
    await again.settled();
    expect(cluster.getPod('b')!.status.podIP).toBe('10.128.0.3');
    await again.stop();
  });
});

describe('options', () => {
  it.each([
    [{ pods: { startDelay: 'soon' } }, 'soon'],
    [{ pods: { behavior: 'explode' } }, 'explode'],
    [{ pods: { colour: 'red' } as never }, 'pods.colour'],
    [{ leaseRenewInterval: 'often' }, 'often'],
    [{ nodeCIDR: 'here' }, 'here'],
    [{ probes: 'maybe' as never }, 'kubelet.probes: "maybe" is neither on nor off'],
    [{ mode: 'on' as never }, 'kubelet.mode: "on" is neither simulated nor off'],
  ] as [KubeletOptions, string][])('%j are refused', async (options, what) => {
    await start();
    const context = { registry: cluster.registry, recorder: () => ({ event: () => {} }) };
    expect(() => kubeletControllers(context, options)).toThrow(what);
  });

  it('off means that nobody touches nodes and pods', async () => {
    await start({ mode: 'off' });
    await cluster.node('n1', READY);
    await cluster.pod('a', 'n1');
    expect(writesOf('nodes', 'n1')).toEqual(['ADDED']);
    expect(writesOf('pods', 'a')).toEqual(['ADDED']);
  });
});

describe('containers that come later', () => {
  it('start at once and once, and end with their pod', async () => {
    await start();
    await cluster.node('n1', READY);
    await cluster.pod('p', 'n1', {}, { annotations: { 'kubette.dev/stop-delay': '5s' } });
    const pod = cluster.getPod('p')!;
    const spec = { ...pod.spec, ephemeralContainers: [{ name: 'debugger', image: 'busybox:1' }] };
    await cluster.registry.update(pods, { ...pod, spec }, { subresource: 'ephemeralcontainers' });
    await cluster.settle();
    expect(cluster.getPod('p')!.status).toMatchObject({
      phase: 'Running',
      ephemeralContainerStatuses: [
        { name: 'debugger', state: { running: { startedAt: '2025-01-01T00:00:00Z' } }, restartCount: 0 },
      ],
    });
    expect(cluster.podCondition('p', 'Ready')?.status).toBe('True');
    expect(writesOf('pods', 'p')).toHaveLength(4); // it came, started, got its debugger, which started
    await cluster.registry.update(pods, {
      ...cluster.getPod('p')!,
      metadata: { ...cluster.getPod('p')!.metadata, finalizers: ['a.b/held'] },
    });
    await cluster.deletePod('p');
    await cluster.advance(5000);
    expect(cluster.getPod('p')!.status.ephemeralContainerStatuses).toMatchObject([
      { state: { terminated: { exitCode: 0 } } },
    ]);
  });
});
