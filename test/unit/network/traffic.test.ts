import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import { LOOPBACK } from '../../support/loopback.js';
import * as sending from './sending.js';
import { MANIFESTS } from './sending.js';

let cluster: Cluster;
afterEach(() => cluster.close());

const open = async (manifests = MANIFESTS, options: ClusterOptions = {}) => {
  cluster = await createCluster({ network: LOOPBACK, clock: 'virtual', nodes: 3, manifests, ...options });
  await cluster.settled();
};
const sendAll = (input: object) => sending.sendAll(cluster, input);
const podOn = (node: string) => sending.agentOn(cluster, node);
const nameOn = (node: string) => podOn(node).metadata.name;
const addressOf = (node: string) => sending.addressOf(cluster, node);

describe('what comes is told', () => {
  /** The messages of the subscription, one after the other. */
  async function follow() {
    const { url } = await cluster.listen();
    const query =
      'subscription { traffic { network whole gone changed { kind way name node address port protocol at came } } }';
    const abort = new AbortController();
    const response = await fetch(`${url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
      signal: abort.signal,
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    return {
      async next() {
        for (;;) {
          const found = /^data: (\{.*\})$/m.exec(text);
          if (found) {
            text = text.slice(found.index + found[0].length);
            return (JSON.parse(found[1]!) as { data: { traffic: Message } }).data.traffic;
          }
          const { value, done } = await reader.read();
          if (done) throw new Error('the subscription has ended');
          text += value;
        }
      },
      stop: () => abort.abort(),
    };
  }
  interface Message {
    readonly network: string;
    readonly whole: boolean;
    readonly changed: readonly {
      kind: string;
      way: string;
      name: string;
      node: string | null;
      address: string;
      port: number;
      came: number;
    }[];
    readonly gone: readonly string[];
  }

  it('as a whole, then what is different of it', async () => {
    // At free ports, which nobody else on this machine comes to.
    await open(MANIFESTS, { network: 'off' });
    await cluster.openNetwork();
    const messages = await follow();
    const first = await messages.next();
    expect(first).toMatchObject({ network: 'PORTS', whole: true, gone: [] });
    expect(first.changed).toHaveLength(cluster.addresses.length);
    await sendAll({ to: { node: { name: 'node-2', port: 9100 } }, times: 7 });
    // A second may have passed in between: what comes is told as often as that.
    let last = await messages.next();
    while (last.changed.some(({ came }) => came < 7)) last = await messages.next();
    expect(last).toMatchObject({ whole: false, gone: [] });
    last = { ...last, changed: [...last.changed].sort((a, b) => a.way.localeCompare(b.way)) };
    expect(last.changed).toMatchObject([
      {
        kind: 'Pod',
        way: 'NODE',
        name: nameOn('node-2'),
        node: 'node-2',
        address: addressOf('node-2'),
        port: 9100,
        came: 7,
      },
      { kind: 'Pod', way: 'POD', name: nameOn('node-2'), address: podOn('node-2').status.podIP, port: 9100, came: 7 },
    ]);
    await cluster.object('node/node-2').delete();
    await cluster.settled();
    const gone = new Set<string>();
    const place = `${last.changed[0]!.address}:9100/TCP`;
    while (!gone.has(place)) for (const one of (await messages.next()).gone) gone.add(one);
    messages.stop();
  });

  it("and of a pod's port, how much reached it, by whichever way", async () => {
    await open();
    const cameTo = (name: string, way: string, protocol = 'TCP') =>
      cluster.addresses
        .filter(one => one.name === name && one.way === way && one.protocol === protocol)
        .map(one => one.came);
    const name = nameOn('node-2');
    const { podIP } = podOn('node-2').status;
    await sendAll({ to: { address: { address: podIP, port: 9100 } }, times: 2 });
    await sendAll({ to: { node: { name: 'node-2', port: 9100 } }, times: 3 });
    expect([cameTo(name, 'pod'), cameTo(name, 'node')]).toEqual([[5], [3]]);
    const { tally } = await sendAll({ to: { service: { name: 'agent', port: 80 } }, times: 30 });
    const drawn = tally.find(({ by }) => by!.pod === name)!.count;
    expect([cameTo(name, 'pod'), cameTo(name, 'node'), cameTo('agent', 'service')]).toEqual([[5 + drawn], [3], [30]]);
    await sendAll({ to: { node: { name: 'node-2', port: 8125 } }, protocol: 'UDP', times: 4 });
    expect([cameTo(name, 'pod', 'UDP'), cameTo(name, 'node', 'UDP')]).toEqual([[4], [4]]);
    // What a policy keeps has come to the node's port, and reached nobody.
    await cluster.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'closed' },
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [] },
    });
    await cluster.settled();
    await sendAll({ to: { node: { name: 'node-2', port: 9100 } }, times: 2 });
    expect([cameTo(name, 'pod'), cameTo(name, 'node')]).toEqual([[5 + drawn], [5]]);
  });

  it('also on the network of its node, which has one address for both', async () => {
    await open(
      MANIFESTS.replace('    spec:\n      containers', '    spec:\n      hostNetwork: true\n      containers'),
    );
    const name = nameOn('node-2');
    await sendAll({ to: { node: { name: 'node-2', port: 9100 } }, times: 2 });
    const { tally } = await sendAll({ to: { service: { name: 'agent', port: 80 } }, times: 30 });
    const drawn = tally.find(({ by }) => by!.pod === name)!.count;
    expect(cluster.addresses.find(one => one.name === name && one.port === 9100)).toMatchObject({
      way: 'node',
      came: 2 + drawn,
    });
  });

  it('and of a fork, that it has a network from now on', async () => {
    await open(MANIFESTS, { network: 'off' });
    const base = cluster;
    cluster = await base.fork();
    const messages = await follow();
    expect(await messages.next()).toEqual({ network: 'OFF', whole: true, changed: [], gone: [] });
    await cluster.openNetwork();
    expect(await messages.next()).toMatchObject({ network: 'PORTS', whole: true });
    messages.stop();
    await base.close();
  });
});
