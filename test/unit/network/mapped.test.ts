import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import type { Address } from '../../../src/network/network.js';
import { LOOPBACK } from '../../support/loopback.js';
import { get, send } from './calls.js';

/** Addresses that no machine has to itself: as where 127.0.0.1 is all there is, ports of it answer in their place. */
const FOREIGN = { nodeCIDR: '172.18.0.0/16', clusterCIDR: '10.128.0.0/9' };
const push = readFileSync(new URL('../../../examples/push.yaml', import.meta.url), 'utf8');
const exporter = readFileSync(new URL('../../../examples/node-exporter.yaml', import.meta.url), 'utf8');

let cluster: Cluster;
afterEach(() => cluster.close());

async function open(manifests: string) {
  cluster = await createCluster({ network: LOOPBACK, kubelet: FOREIGN, nodes: 2, clock: 'virtual', manifests });
  await cluster.settled();
}

const spot = ({ at }: Address) => {
  const [address = '', port] = at.split(':');
  return { address, port: Number(port) };
};
const placesOf = (name: string) => cluster.addresses.filter(place => place.name.startsWith(name));

it('ports of 127.0.0.1 answer in place of addresses that the machine lacks, and REST and GraphQL tell which', async () => {
  await open(exporter);
  const { url } = await cluster.listen();
  const { addresses } = (await (await fetch(`${url}/_kubette/v1/addresses`)).json()) as { addresses: Address[] };
  const nodes = addresses.filter(({ address }) => address.startsWith('172.18.'));
  expect(nodes.map(({ address, port }) => `${address}:${port}`)).toEqual(['172.18.0.2:9100', '172.18.0.3:9100']);
  const query = '{ nodeByName(name: "node-2") { sockets { address at } } }';
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  expect(await answer.json()).toMatchObject({
    data: { nodeByName: { sockets: [{ address: '172.18.0.3', at: nodes[1]!.at }] } },
  });
  const ports = placesOf('node-exporter');
  expect(ports).toHaveLength(5);
  for (const place of ports) {
    if (place.kind === 'Pod') expect(spot(place).address).toBe('127.0.0.1');
    const { node } = JSON.parse((await get(spot(place))).text) as { node: string };
    if (place.node) expect(node).toBe(place.node);
  }
});

it('a node keeps its port when another pod comes to it', async () => {
  await open(exporter);
  const told = () => placesOf('node-exporter').filter(({ address }) => address.startsWith('172.18.'));
  const before = told();
  await cluster.object('ds/node-exporter').patch({ spec: { template: { metadata: { annotations: { a: 'b' } } } } });
  await cluster.comeToRest();
  expect(told().map(({ at }) => at)).toEqual(before.map(({ at }) => at));
  expect(told().map(({ name }) => name)).not.toEqual(before.map(({ name }) => name));
});

it('pods push as who they are, by TCP and UDP, and policies know them', async () => {
  await open(push);
  await cluster.advance('20s');
  const sink = async () => {
    const place = placesOf('sink').find(({ kind, protocol }) => kind === 'Service' && protocol === 'TCP')!;
    return JSON.parse((await get(spot(place))).text) as {
      received: number;
      last: { from: string; protocol: string }[];
    };
  };
  const agents = cluster
    .object('ds/agent')
    .pods()
    .map(({ status }) => status.podIP!)
    .sort();
  const senders = async () => [...new Set((await sink()).last.map(({ from }) => from))].sort();
  expect(await senders()).toEqual(agents);
  await cluster
    .object('ds/agent')
    .patch({ spec: { template: { metadata: { annotations: { 'kubette.dev/push-to': 'statsd://sink:8125' } } } } });
  await cluster.comeToRest();
  await cluster.advance('10s');
  await expect.poll(async () => (await sink()).last.at(-1)!.protocol).toBe('UDP');
  expect(await send(spot(placesOf('sink').find(({ protocol }) => protocol === 'UDP')!), 'me')).toBeUndefined();
  expect((await sink()).last.at(-1)!.from).toBe('127.0.0.1');
  await cluster.apply({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'closed' },
    spec: { podSelector: { matchLabels: { app: 'agent' } }, policyTypes: ['Egress'] },
  });
  await cluster.settled();
  const { received } = await sink();
  await cluster.advance('30s');
  expect((await sink()).received).toBe(received);
});
