import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster, resources } from '../../../src/index.js';
import type { Service } from '../../../src/resources/types.js';
import { LOOPBACK } from '../../support/loopback.js';
import { get, whoAnswers } from './calls.js';

/** An address of a load balancer's. */
const BALANCER = LOOPBACK.nodes.replace('.0.0/16', '.250.1');

let cluster: Cluster;
afterEach(() => cluster.close());

const agent = (selector: Record<string, string> = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: {
        nodeSelector: selector,
        containers: [{ name: 'main', image: 'a:1', ports: [{ containerPort: 8080 }] }],
      },
    },
  },
});

const service = (spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'agent', namespace: 'default' },
  spec: { selector: { app: 'agent' }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
});

/** Four nodes in two zones: node-1 and node-3 in zone-a. */
async function open(
  spec: object,
  { selector, ...options }: ClusterOptions & { selector?: Record<string, string> } = {},
) {
  cluster = await createCluster({
    network: LOOPBACK,
    clock: 'virtual',
    nodes: { count: 4, zones: 2 },
    ...options,
  });
  await cluster.apply([agent(selector), service(spec)]);
  await cluster.settled();
}

const pods = () => cluster.object('ds/agent').pods();
const podOn = (node: string) => pods().find(pod => pod.spec.nodeName === node)!;
const current = () => cluster.registry.get(resources.services, 'default', 'agent')!.object;
const places = () => cluster.addresses.filter(({ kind, name }) => kind === 'Service' && name === 'agent');
const own = () => places().find(({ address }) => address === current().spec.clusterIP)!;
const onNode = (node: string, port: number) => ({
  address: cluster.registry
    .get(resources.nodes, '', node)!
    .object.status.addresses!.find(({ type }) => type === 'InternalIP')!.address,
  port,
});
/** On which nodes those are who answer. */
async function answering(place: { address: string; port: number }, from?: string): Promise<string[]> {
  const who = new Set<string>();
  for (let i = 0; i < 30; i++) who.add(await whoAnswers(place, from));
  return [...who].map(name => pods().find(pod => pod.metadata.name === name)?.spec.nodeName ?? name).sort();
}
const setBalancer = async (ip: string) => {
  const status: Service['status'] = { loadBalancer: { ingress: [{ ip }] } };
  await cluster.registry.update(resources.services, { ...current(), status }, { subresource: 'status' });
  await cluster.settled();
};

const ALL = ['node-1', 'node-2', 'node-3', 'node-4'];

describe('trafficDistribution', () => {
  it.each(['PreferClose', 'PreferSameZone'])('%s keeps what comes in its zone', async trafficDistribution => {
    await open({ trafficDistribution, type: 'NodePort' });
    expect(await answering(own(), podOn('node-1').status.podIP)).toEqual(['node-1', 'node-3']);
    expect(await answering(own(), onNode('node-4', 0).address)).toEqual(['node-2', 'node-4']);
    const { nodePort } = current().spec.ports![0]!;
    expect(await answering(onNode('node-2', nodePort!))).toEqual(['node-2', 'node-4']);
    // Who comes from outside is in no zone.
    expect(await answering(own())).toEqual(ALL);
  });

  it('PreferSameNode keeps it on the node, and where nobody is there in its zone, and else goes anywhere', async () => {
    await open({ trafficDistribution: 'PreferSameNode' });
    expect(await answering(own(), podOn('node-1').status.podIP)).toEqual(['node-1']);
    cluster.behaviors.add({ name: 'sick', pods: { node: 'node-1' }, behavior: 'never-ready' });
    await cluster.settled();
    expect(await answering(own(), onNode('node-1', 0).address)).toEqual(['node-3']);
    cluster.behaviors.add({ name: 'sick too', pods: { node: 'node-3' }, behavior: 'never-ready' });
    await cluster.settled();
    expect(await answering(own(), onNode('node-1', 0).address)).toEqual(['node-2', 'node-4']);
  });

  it('counts for nothing where somebody is for nobody in particular', async () => {
    await open({ trafficDistribution: 'PreferSameZone' });
    await cluster.object('node/node-4').patch({ metadata: { labels: { 'topology.kubernetes.io/zone': null } } });
    await cluster.settled();
    expect(await answering(own(), podOn('node-1').status.podIP)).toEqual(ALL);
  });
});

describe('addresses that lead to it from outside', () => {
  it('are listened at: those of this machine themselves, others by a port of 127.0.0.1', async () => {
    await open({ type: 'LoadBalancer', externalIPs: ['192.0.2.7'] });
    await setBalancer(BALANCER);
    expect(await answering({ address: BALANCER, port: 80 })).toEqual(ALL);
    const external = places().find(({ address }) => address === '192.0.2.7')!;
    expect(external).toMatchObject({ port: 80, protocol: 'TCP', node: null });
    const [address, port] = external.at.split(':');
    expect(address).toBe('127.0.0.1');
    expect(await answering({ address: address!, port: Number(port) })).toEqual(ALL);
  });

  it('are for those alone whom the Service lets in, if it says so', async () => {
    await open({ type: 'LoadBalancer', loadBalancerSourceRanges: ['127.77.0.0/16'] });
    await setBalancer(BALANCER);
    const place = { address: BALANCER, port: 80 };
    expect(await answering(place)).toEqual(['ECONNRESET']);
    expect(await answering(place, '127.77.3.4')).toEqual(ALL);
  });

  it('are refused where nobody is behind them', async () => {
    await open({ type: 'LoadBalancer' }, { kubelet: { pods: { behavior: 'never-ready' } } });
    await setBalancer(BALANCER);
    expect(await answering({ address: BALANCER, port: 80 })).toEqual(['ECONNREFUSED']);
  });
});

describe('a load balancer', () => {
  it('is told by each node whether it has pods of a Service whose traffic is to stay there', async () => {
    await open(
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
      { selector: { 'topology.kubernetes.io/zone': 'zone-a' } },
    );
    await setBalancer(BALANCER);
    const port = current().spec.healthCheckNodePort!;
    const health = async (node: string) => {
      const { address } = onNode(node, port);
      const { code, text } = await get({ address, port }, '/any');
      return [code, text];
    };
    const told = (localEndpoints: number) =>
      `{\n\t"service": {\n\t\t"namespace": "default",\n\t\t"name": "agent"\n\t},\n\t"localEndpoints": ${localEndpoints},\n\t"serviceProxyHealthy": true\n}`;
    expect(await health('node-1')).toEqual([200, told(1)]);
    expect(await health('node-2')).toEqual([503, told(0)]);
    expect(await answering({ address: BALANCER, port: 80 })).toEqual(['node-1', 'node-3']);
    cluster.behaviors.add({ name: 'sick', pods: { node: 'node-1' }, behavior: 'never-ready' });
    await cluster.settled();
    expect(await health('node-1')).toEqual([503, told(0)]);
    await cluster.object('svc/agent').patch({ spec: { externalTrafficPolicy: 'Cluster' } });
    await cluster.settled();
    expect(places().filter(place => place.port === port)).toEqual([]);
  });
});

describe('a node that is down', () => {
  it('refuses what comes to its ports of Services, for as long as it is', async () => {
    await open({ type: 'NodePort' });
    const place = onNode('node-2', current().spec.ports![0]!.nodePort!);
    const other = onNode('node-1', place.port);
    cluster.behaviors.add({ name: 'out', nodes: { name: 'node-2' }, behavior: 'down', after: '5s', for: '10s' });
    await cluster.settled();
    expect(await answering(place)).toEqual(ALL);
    await cluster.advance('5s');
    expect([(await get(place)).error, (await get(other)).error ?? 'answers']).toEqual(['ECONNREFUSED', 'answers']);
    await cluster.advance('10s');
    expect(await answering(place)).toEqual(ALL);
    await cluster.object('node/node-2').patch({ metadata: { annotations: { 'kubette.dev/behavior': 'down' } } });
    await cluster.settled();
    expect((await get(place)).error).toBe('ECONNREFUSED');
  });
});
