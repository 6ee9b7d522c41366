import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import { LOOPBACK } from '../../support/loopback.js';
import { opened, openResources } from '../../support/open-resources.js';

const T = 'default.svc.cluster.local';

const agent = `
apiVersion: v1
kind: Service
metadata: {name: agent}
spec: {clusterIP: None, selector: {app: agent}, ports: [{name: metrics, port: 9100}]}
---
apiVersion: v1
kind: Service
metadata: {name: unready}
spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: agent}, ports: [{name: metrics, port: 9100}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: main, image: 'a:1'}]}
`;

const peers = `
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{name: sql, port: 5432}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: main, image: 'a:1'}]}
`;

async function start(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 3, dns: 0, ...options });
  onTestFinished(() => cluster.close());
  return cluster;
}

function resolverOf({ dns }: Cluster): Resolver {
  const resolver = new Resolver({ tries: 1, timeout: 30_000 });
  resolver.setServers([`${dns!.address}:${dns!.port}`]);
  return resolver;
}

const podIps = (cluster: Cluster, reference: string): string[] =>
  cluster
    .object(reference)
    .pods()
    .map(({ status }) => status.podIP!)
    .sort();

it('a headless Service stands for the ready pods of its DaemonSet, or for all where it says so', async () => {
  const cluster = await start();
  const resolver = resolverOf(cluster);
  const names = async (service: string) =>
    (await resolver.resolve4(`${service}.${T}`).catch(({ code }) => [code])).sort();
  await cluster.apply(agent);
  await cluster.settled();
  await cluster.advance('1m');
  const ips = podIps(cluster, 'ds/agent');
  expect(ips).toHaveLength(3);
  expect(await names('agent')).toEqual(ips);
  expect(await names('unready')).toEqual(ips);

  cluster.behaviors.add({ name: 'ill', pods: { selector: 'app=agent' }, behavior: 'never-ready' });
  await cluster.advance('1m');
  expect(await names('agent')).toEqual(['ENOTFOUND']);
  expect(await names('unready')).toEqual(ips);

  await cluster.reset();
  expect(await names('agent')).toEqual(['ENOTFOUND']);
  expect(await resolver.resolve4(`kubernetes.${T}`)).toEqual(['10.96.0.1']);
});

it('a pod of a StatefulSet has a name of its own, by which its Service tells of it', async () => {
  const cluster = await start();
  const resolver = resolverOf(cluster);
  await cluster.apply(peers);
  await cluster.settled();
  await cluster.advance('1m');
  const ips = podIps(cluster, 'sts/db');
  const found = await Promise.all([0, 1].map(i => resolver.resolve4(`db-${i}.db.${T}`)));
  expect(found.flat().sort()).toEqual(ips);
  const records = await resolver.resolveSrv(`_sql._tcp.db.${T}`);
  expect(records.map(({ name, port }) => `${name}:${port}`).sort()).toEqual([0, 1].map(i => `db-${i}.db.${T}:5432`));
  expect(await resolver.reverse(found[0]![0]!)).toEqual([`db-0.db.${T}`]);
});

it('what a name stands for answers, with a network: the Service, and each pod behind a headless one', async () => {
  const cluster = await start({ network: LOOPBACK });
  await cluster.apply(agent.replace("image: 'a:1'", "image: 'a:1', ports: [{containerPort: 9100}]"));
  await cluster.apply(`
    apiVersion: v1
    kind: Service
    metadata: {name: front}
    spec: {selector: {app: agent}, ports: [{name: metrics, port: 80, targetPort: 9100}]}
  `);
  await cluster.settled();
  await cluster.advance('1m');
  const resolver = resolverOf(cluster);
  const podAt = async (address: string, port: number) =>
    ((await (await fetch(`http://${address}:${port}/`)).json()) as { pod: string }).pod;
  const pods = cluster.object('ds/agent').pods();
  for (const address of await resolver.resolve4(`agent.${T}`)) {
    const pod = pods.find(({ status }) => status.podIP === address)!;
    expect(await podAt(address, 9100)).toBe(pod.metadata.name);
  }
  const [front] = await resolver.resolve4(`front.${T}`);
  expect(front).toMatch(/^127\./);
  expect(pods.map(({ metadata }) => metadata.name)).toContain(await podAt(front!, 80));
});

it('forks have no port unless they are given one, and answer for themselves', async () => {
  const cluster = await start();
  const fork = await cluster.fork();
  onTestFinished(() => fork.close());
  expect(fork.dns).toBeUndefined();
  await fork.answerNames(0);
  await fork.object('svc/kubernetes').delete();
  await expect(resolverOf(fork).resolve4(`kubernetes.${T}`)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  expect(await resolverOf(cluster).resolve4(`kubernetes.${T}`)).toEqual(['10.96.0.1']);
  await expect(cluster.answerNames(0)).rejects.toThrow('answers for its names already');
});

it('closes with the cluster, whoever is connected, and leaves nothing open', async () => {
  const before = openResources();
  const cluster = await start();
  const { address, port } = cluster.dns!;
  const client = connect(port, address);
  await once(client, 'connect');
  const ended = once(client.resume(), 'close');
  await cluster.close();
  await ended;
  await expect(cluster.answerNames(0)).rejects.toThrow('the cluster is closed');
  expect(await opened(before)).toEqual([]);
});

it.each([-1, 65_536, 5.3, '53', null])('%j is no port', async port => {
  const said = new TypeError(`dns: ${JSON.stringify(port)} is not a port: a whole number from 0 to 65535`);
  await expect(createCluster({ dns: port as never })).rejects.toThrow(said);
  const cluster = await createCluster({ clock: 'virtual' });
  onTestFinished(() => cluster.close());
  await expect(cluster.answerNames(port as never)).rejects.toThrow(said);
});

it('a port that cannot be had is told of, and nothing is left open', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  const before = openResources();
  await expect(createCluster({ clock: 'virtual', dns: port })).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
  expect(await opened(before)).toEqual([]);
  other.close();
});
