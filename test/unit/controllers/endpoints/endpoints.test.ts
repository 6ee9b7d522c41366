import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTime } from '../../../../src/clock/clock.js';
import { endpointSliceController, endpointsController } from '../../../../src/controllers/endpoints/index.js';
import { garbageCollector } from '../../../../src/controllers/garbage-collector/index.js';
import { endpointSlices, endpoints, nodes, pods, services } from '../../../../src/resources/index.js';
import type { Pod, Service } from '../../../../src/resources/types.js';
import { ModelCluster, READY } from '../../../support/model-cluster.js';
import { addNamespace } from '../../../support/registry.js';

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(endpointsController, endpointSliceController, garbageCollector);
  await cluster.node('n1', READY, { metadata: { labels: { 'topology.kubernetes.io/zone': 'z1' } } as never });
  await cluster.node('n2', READY);
});
afterEach(async () => {
  expect(cluster.errors).toEqual([]);
  await cluster.close();
});

const PORT = { name: 'metrics', port: 9100, targetPort: 'metrics' };

async function makeService(
  name: string,
  spec: Partial<Service['spec']> = {},
  labels?: Record<string, string>,
): Promise<Service> {
  const { object } = await cluster.registry.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', ...(labels ? { labels } : {}) },
    spec: { selector: { app: 'agent' }, ports: [PORT], ...spec },
    status: {},
  });
  await cluster.settle();
  return object;
}

async function updateService(name: string, change: (service: Service) => Partial<Service>): Promise<void> {
  const { object } = cluster.registry.get(services, 'default', name)!;
  await cluster.registry.update(services, { ...object, ...change(object) });
  await cluster.settle();
}

interface PodOptions {
  node?: string;
  ready?: boolean;
  labels?: Record<string, string>;
  containerPort?: number;
  spec?: Partial<Pod['spec']>;
}

/** A pod that runs, as its kubelet tells of it. Its last number is that of its address. */
async function run(
  name: string,
  { node = 'n1', ready = true, labels = { app: 'agent' }, containerPort = 9100, spec }: PodOptions = {},
) {
  const number = /\d+$/.exec(name)![0];
  const ports = [{ name: 'metrics', containerPort, protocol: 'TCP' }];
  await cluster.registry.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: { nodeName: node, containers: [{ name: 'main', image: 'a:1', ports }], ...spec },
    status: {},
  });
  await setStatus(name, { phase: 'Running', podIP: `10.0.0.${number}`, ready });
}

async function setStatus(
  name: string,
  { ready, ...status }: Partial<Pod['status']> & { ready: boolean },
): Promise<void> {
  const { object } = cluster.registry.get(pods, 'default', name)!;
  const conditions = [
    { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: formatTime(cluster.clock.now()) } as const,
  ];
  await cluster.registry.update(
    pods,
    { ...object, status: { ...object.status, ...status, conditions } },
    { subresource: 'status' },
  );
  await cluster.settle();
}

const get = (name: string) => cluster.registry.get(endpoints, 'default', name)?.object;
const slicesOf = (name: string) =>
  cluster.registry
    .all(endpointSlices, 'default')
    .map(e => e.object)
    .filter(s => s.metadata.labels?.['kubernetes.io/service-name'] === name);
const uid = (name: string) => cluster.getPod(name)!.metadata.uid;
const target = (name: string) => ({ kind: 'Pod', namespace: 'default', name, uid: uid(name) });

describe('Endpoints', () => {
  it('are as recorded', async () => {
    await run('agent-1', { node: 'n2' });
    await run('agent-2', { node: 'n1' });
    await makeService('headless', { clusterIP: 'None' });
    const { metadata, subsets } = get('headless')!;
    expect(metadata.labels).toEqual({
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
      'service.kubernetes.io/headless': '',
    });
    expect(metadata.annotations).toEqual({
      'endpoints.kubernetes.io/last-change-trigger-time': '2025-01-01T00:00:00Z',
    });
    expect(subsets).toEqual([
      {
        addresses: [
          { ip: '10.0.0.1', nodeName: 'n2', targetRef: target('agent-1') },
          { ip: '10.0.0.2', nodeName: 'n1', targetRef: target('agent-2') },
        ],
        ports: [{ name: 'metrics', port: 9100, protocol: 'TCP' }],
      },
    ]);
  });

  it('follow pods as they come, get ready, end and go', async () => {
    await makeService('web', {}, { team: 'a' });
    expect(get('web')!.subsets).toBeUndefined();
    expect(get('web')!.metadata.labels).toEqual({
      team: 'a',
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    });
    await run('agent-1', { ready: false });
    const shown = () =>
      get('web')!.subsets?.map(s => [s.addresses?.map(a => a.ip), s.notReadyAddresses?.map(a => a.ip)]);
    expect(shown()).toEqual([[undefined, ['10.0.0.1']]]);
    await cluster.advance(7000);
    await setStatus('agent-1', { ready: true });
    expect(shown()).toEqual([[['10.0.0.1'], undefined]]);
    expect(get('web')!.metadata.annotations).toEqual({
      'endpoints.kubernetes.io/last-change-trigger-time': '2025-01-01T00:00:07Z',
    });
    await run('agent-2');
    await run('other-3', { labels: { app: 'other' } });
    expect(shown()).toEqual([[['10.0.0.1', '10.0.0.2'], undefined]]);
    await cluster.deletePod('agent-2');
    expect(shown()).toEqual([[['10.0.0.1'], undefined]]);
    await setStatus('agent-1', { ready: false, phase: 'Succeeded' });
    expect(shown()).toBeUndefined();
  });

  it('show pods that are not ready as ready where the Service says so', async () => {
    await run('agent-1', { ready: false });
    await run('agent-2');
    await cluster.deletePod('agent-2');
    await makeService('all', { publishNotReadyAddresses: true });
    expect(get('all')!.subsets![0]!.addresses!.map(a => a.ip)).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it('follow labels of pods and the selector', async () => {
    await run('agent-1');
    await makeService('web');
    const pod = cluster.getPod('agent-1')!;
    const relabel = async (labels: Record<string, string>) => {
      const { object } = cluster.registry.get(pods, 'default', 'agent-1')!;
      await cluster.registry.update(pods, { ...object, metadata: { ...object.metadata, labels } });
      await cluster.settle();
    };
    await relabel({ app: 'stray' });
    expect(get('web')!.subsets).toBeUndefined();
    await updateService('web', ({ spec }) => ({ spec: { ...spec, selector: { app: 'stray' } } }));
    expect(get('web')!.subsets![0]!.addresses).toHaveLength(1);
    await relabel(pod.metadata.labels!);
    expect(get('web')!.subsets).toBeUndefined();
  });

  it('group addresses by the ports that they serve', async () => {
    await run('agent-1');
    await run('agent-2', { containerPort: 9200 });
    await run('agent-3', { spec: { containers: [{ name: 'main', image: 'a:1' }] } });
    await makeService('web', { ports: [PORT, { name: 'http', port: 80, targetPort: 8080 }] });
    const shown = get('web')!.subsets!.map(s => [
      s.ports!.map(p => `${p.name} ${p.port}`),
      s.addresses!.map(a => a.ip),
    ]);
    expect(shown).toEqual([
      [['http 8080'], ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
      [['metrics 9100'], ['10.0.0.1']],
      [['metrics 9200'], ['10.0.0.2']],
    ]);
  });

  it('may have no ports when the Service is headless, and name hosts', async () => {
    await run('agent-1', { spec: { hostname: 'first', subdomain: 'web' } });
    await makeService('web', { clusterIP: 'None', ports: [] });
    expect(get('web')!.subsets).toEqual([
      { addresses: [{ ip: '10.0.0.1', hostname: 'first', nodeName: 'n1', targetRef: target('agent-1') }] },
    ]);
    expect(slicesOf('web')).toMatchObject([{ endpoints: [{ hostname: 'first' }], ports: [] }]);
  });

  it('are left to others without a selector, and go with their Service', async () => {
    await makeService('manual', { selector: {} });
    expect(get('manual')).toBeUndefined();
    expect(slicesOf('manual')).toEqual([]);
    await makeService('web');
    await cluster.registry.delete(endpoints, 'default', 'web');
    await cluster.settle();
    expect(get('web')).toBeDefined();
    await cluster.registry.delete(services, 'default', 'web');
    await cluster.settle();
    expect(get('web')).toBeUndefined();
    expect(slicesOf('web')).toEqual([]);
  });

  it('hold a thousand addresses, ready ones first', async () => {
    await makeService('web');
    await Promise.all(
      Array.from({ length: 1100 }, (_, i) =>
        cluster.registry.create(pods, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: `p${i}`, namespace: 'default', labels: { app: 'agent' } },
          spec: {
            nodeName: 'n1',
            containers: [
              { name: 'main', image: 'a:1', ports: [{ name: 'metrics', containerPort: 9100, protocol: 'TCP' }] },
            ],
          },
          status: {},
        }),
      ),
    );
    await Promise.all(
      cluster.registry.all(pods).map(({ object }, i) => {
        const conditions = [{ type: 'Ready', status: i < 950 ? 'True' : 'False' } as const];
        const podIP = `10.1.${Math.floor(i / 250)}.${i % 250}`;
        return cluster.registry.update(
          pods,
          { ...object, status: { phase: 'Running', podIP, conditions } },
          { subresource: 'status' },
        );
      }),
    );
    await cluster.settle();
    const [subset] = get('web')!.subsets!;
    expect([subset!.addresses!.length, subset!.notReadyAddresses!.length]).toEqual([950, 50]);
    expect(get('web')!.metadata.annotations).toMatchObject({ 'endpoints.kubernetes.io/over-capacity': 'truncated' });
    expect(slicesOf('web').map(s => s.endpoints.length)).toEqual(Array(11).fill(100));
    const { revision } = cluster.registry;
    await updateService('web', () => ({}));
    expect(cluster.registry.revision).toBe(revision);
  });
});

describe('EndpointSlices', () => {
  it('say what each endpoint is like', async () => {
    await run('agent-1');
    await run('agent-2', { node: 'n2', ready: false });
    await run('agent-3');
    await cluster.deletePod('agent-3');
    const service = await makeService(
      'headless',
      { clusterIP: 'None' },
      { team: 'a', 'kubernetes.io/service-name': 'liar' },
    );
    const [slice, ...others] = slicesOf('headless');
    expect(others).toEqual([]);
    expect(slice!.metadata).toMatchObject({
      generateName: 'headless-',
      name: expect.stringMatching(/^headless-[a-z0-9]{5}$/),
      labels: {
        team: 'a',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': 'headless',
        'service.kubernetes.io/headless': '',
      },
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          name: 'headless',
          uid: service.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
    const { addressType, endpoints: shown, ports } = slice!;
    expect({ addressType, shown, ports }).toEqual({
      addressType: 'IPv4',
      shown: [
        {
          addresses: ['10.0.0.1'],
          conditions: { ready: true, serving: true, terminating: false },
          targetRef: target('agent-1'),
          nodeName: 'n1',
          zone: 'z1',
        },
        {
          addresses: ['10.0.0.2'],
          conditions: { ready: false, serving: false, terminating: false },
          targetRef: target('agent-2'),
          nodeName: 'n2',
        },
        {
          addresses: ['10.0.0.3'],
          conditions: { ready: false, serving: true, terminating: true },
          targetRef: target('agent-3'),
          nodeName: 'n1',
          zone: 'z1',
        },
      ],
      ports: [{ name: 'metrics', protocol: 'TCP', port: 9100 }],
    });
  });

  it('are one, empty, for a Service without pods, used when one comes', async () => {
    await makeService('web');
    const [empty] = slicesOf('web');
    expect(empty).toMatchObject({ endpoints: [], ports: [] });
    await run('agent-1');
    expect(slicesOf('web')).toMatchObject([{ metadata: { uid: empty!.metadata.uid }, ports: [{ port: 9100 }] }]);
  });

  it('are put right when others change or delete them', async () => {
    await run('agent-1');
    await makeService('web');
    const [slice] = slicesOf('web');
    await cluster.registry.update(endpointSlices, { ...slice!, endpoints: [] });
    await cluster.settle();
    expect(slicesOf('web')[0]!.endpoints).toEqual(slice!.endpoints);
    await cluster.registry.delete(endpointSlices, 'default', slice!.metadata.name);
    await cluster.settle();
    expect(slicesOf('web')).toMatchObject([{ endpoints: slice!.endpoints }]);
  });

  it('wait for the node of a pod', async () => {
    await run('agent-1', { node: 'late' });
    await makeService('web');
    await makeService('all', { publishNotReadyAddresses: true });
    expect([slicesOf('web')[0]!.endpoints.length, slicesOf('all')[0]!.endpoints.length]).toEqual([0, 1]);
    await cluster.node('late', READY);
    expect(slicesOf('web')[0]!.endpoints).toHaveLength(1);
    const node = cluster.registry.get(nodes, '', 'late')!.object;
    await cluster.registry.update(nodes, {
      ...node,
      metadata: { ...node.metadata, labels: { 'topology.kubernetes.io/zone': 'z9' } },
    });
    await cluster.settle();
    expect(slicesOf('web')[0]!.endpoints[0]!.zone).toBe('z9');
  });

  it('say for whom they are, as far as they are ready and the Service wants it', async () => {
    await run('agent-1');
    await run('agent-2', { node: 'n2' });
    await run('agent-3', { ready: false });
    await makeService('web', { trafficDistribution: 'PreferSameNode' });
    const hints = () => slicesOf('web')[0]!.endpoints.map(({ targetRef, hints }) => [targetRef!.name, hints]);
    const nobody = ['agent-3', undefined];
    expect(hints()).toEqual([
      ['agent-1', { forZones: [{ name: 'z1' }], forNodes: [{ name: 'n1' }] }],
      ['agent-2', { forNodes: [{ name: 'n2' }] }],
      nobody,
    ]);
    const zones = [['agent-1', { forZones: [{ name: 'z1' }] }], ['agent-2', undefined], nobody];
    for (const trafficDistribution of ['PreferSameZone', 'PreferClose']) {
      await updateService('web', ({ spec }) => ({ spec: { ...spec, trafficDistribution } }));
      expect(hints()).toEqual(zones);
    }
    const none = [['agent-1', undefined], ['agent-2', undefined], nobody];
    await updateService('web', ({ metadata }) => ({
      metadata: { ...metadata, annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } },
    }));
    expect(hints()).toEqual(none);
    await updateService('web', ({ metadata }) => ({ metadata: { ...metadata, annotations: {} } }));
    expect(hints()).toEqual(zones);
    await updateService('web', ({ spec: { trafficDistribution: _, ...spec } }) => ({ spec }));
    expect(hints()).toEqual(none);
  });

  it('follow the labels of their Service', async () => {
    await run('agent-1');
    await makeService('web');
    await updateService('web', ({ metadata }) => ({ metadata: { ...metadata, labels: { team: 'b' } } }));
    expect(slicesOf('web')[0]!.metadata.labels).toMatchObject({ team: 'b' });
    expect(get('web')!.metadata.labels).toMatchObject({ team: 'b' });
  });
});

it('a pod that changes in nothing that Services show costs nothing', async () => {
  await run('agent-1');
  await makeService('web');
  const { revision } = cluster.registry;
  const pod = cluster.getPod('agent-1')!;
  await cluster.registry.update(pods, { ...pod, metadata: { ...pod.metadata, annotations: { a: 'b' } } });
  await cluster.settle();
  expect(cluster.registry.revision).toBe(revision + 1);
});

it('Services of other namespaces are not asked', async () => {
  await addNamespace(cluster.registry, 'web');
  await cluster.registry.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'web' },
    spec: { selector: { app: 'agent' }, ports: [PORT] },
    status: {},
  });
  await run('agent-1');
  expect(cluster.registry.get(endpoints, 'web', 'web')!.object.subsets).toBeUndefined();
});
