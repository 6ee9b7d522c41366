import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import { LOOPBACK } from '../../support/loopback.js';
import * as sending from './sending.js';
import { MANIFESTS, SEND } from './sending.js';

const push = readFileSync(new URL('../../../examples/push.yaml', import.meta.url), 'utf8');

let cluster: Cluster;
afterEach(() => cluster.close());

const open = async (manifests = MANIFESTS, options: ClusterOptions = {}) => {
  cluster = await createCluster({ network: LOOPBACK, clock: 'virtual', nodes: 3, manifests, ...options });
  await cluster.settled();
};

const ask = (query: string, variables: object = {}, from = cluster) => sending.ask(from, query, variables);
const sendAll = (input: object, from = cluster) => sending.sendAll(from, input);
const sendOne = async (input: object, from = cluster) => (await sendAll(input, from)).requests[0]!;

const podOn = (node: string) => sending.agentOn(cluster, node);
const nameOn = (node: string) => podOn(node).metadata.name;
const addressOf = (node: string) => sending.addressOf(cluster, node);
const fromPodOn = (node: string) => ({ pod: { name: nameOn(node) } });

describe('a request is sent', () => {
  it("to a node's port: the pod of that node answers, and it is told where that was", async () => {
    await open();
    const sent = await sendOne({
      to: { node: { name: 'node-2', port: 9100 } },
      method: 'POST',
      path: '/x?y=1',
      body: 'hello',
    });
    expect(sent).toMatchObject({
      outcome: 'ANSWERED',
      message: 'an answer came (200)',
      from: null,
      lookups: [],
      address: addressOf('node-2'),
      port: 9100,
      at: `${addressOf('node-2')}:9100`,
      status: 200,
      cut: false,
      by: { namespace: 'default', pod: nameOn('node-2'), node: 'node-2' },
    });
    expect(sent.headers.map(({ name }) => name.toLowerCase())).toContain('content-type');
    expect(JSON.parse(sent.body!)).toMatchObject({ method: 'POST', path: '/x?y=1' });
  });

  it('by a name, which is found by the search path of the pod that asks; each time another pod comes first', async () => {
    await open();
    const from = fromPodOn('node-1');
    const { requests, tally } = await sendAll({ from, to: { dns: { name: 'agents', port: 9100 } }, times: 6 });
    const addresses = ['node-1', 'node-2', 'node-3'].map(node => podOn(node).status.podIP!);
    expect(requests[0]!.lookups).toEqual([
      { name: 'agents.default.svc.cluster.local', rcode: 'NOERROR', addresses: expect.any(Array) },
    ]);
    expect([...requests[0]!.lookups[0]!.addresses].sort()).toEqual([...addresses].sort());
    expect(requests[0]!.from).toBe(podOn('node-1').status.podIP);
    expect(tally.map(({ outcome, status, count }) => ({ outcome, status, count }))).toEqual(
      Array(3).fill({ outcome: 'ANSWERED', status: 200, count: 2 }),
    );
    expect(tally.map(({ by }) => by!.pod).sort()).toEqual(['node-1', 'node-2', 'node-3'].map(nameOn).sort());
    const wrong = await sendOne({ from, to: { dns: { name: 'nobody', port: 80 } } });
    expect(wrong).toMatchObject({ outcome: 'NO_SUCH_NAME', address: null, at: null });
    expect(wrong.lookups.map(({ name }) => name)).toEqual([
      'nobody.default.svc.cluster.local',
      'nobody.svc.cluster.local',
      'nobody.cluster.local',
      'nobody',
    ]);
    // Who is no pod has no search path.
    expect((await sendOne({ to: { dns: { name: 'agents', port: 9100 } } })).outcome).toBe('NO_SUCH_NAME');
    const whole = { name: 'agents.default.svc.cluster.local', port: 9100 };
    expect((await sendOne({ to: { dns: whole } })).outcome).toBe('ANSWERED');
  });

  it('to a Service, which draws who answers, at its address and at the ports of nodes', async () => {
    await open();
    const service = { name: 'agent', port: 80 };
    const { tally } = await sendAll({ from: { node: 'node-1' }, to: { service }, times: 60 });
    expect(tally).toHaveLength(3);
    expect(tally.reduce((sum, { count }) => sum + count, 0)).toBe(60);
    const { port, address, outcome } = await sendOne({ to: { service: { ...service, node: 'node-3' } } });
    expect({ address, outcome }).toEqual({ address: addressOf('node-3'), outcome: 'ANSWERED' });
    expect(port).toBeGreaterThanOrEqual(30_000);
    const { errors } = await ask(SEND, { input: { to: { service: { name: 'agents', port: 9100 } } } });
    expect(errors![0]!.message).toBe('Service agents has no address of its own: ask for its name (dns)');
  });

  it('as a push of a pod that was told to push, now', async () => {
    await open(push);
    await cluster.advance('10s');
    const sink = { to: { service: { name: 'sink', port: 8080 } } };
    const received = async () => (JSON.parse((await sendOne(sink)).body!) as { received: number }).received;
    const before = await received();
    const pod = { name: nameOn('node-1') };
    const { tally, requests } = await sendAll({ to: { push: pod }, times: 3 });
    const by = { pod: cluster.object('deploy/sink').pods()[0]!.metadata.name };
    expect(tally).toEqual([{ outcome: 'ANSWERED', status: expect.any(Number), by, count: 3 }]);
    expect(requests[0]).toMatchObject({ from: podOn('node-1').status.podIP, port: 8080 });
    expect(await received()).toBe(before + 3);
    const { metadata } = cluster.object('deploy/sink').pods()[0]!;
    expect(await sendOne({ to: { push: { name: metadata.name } } })).toMatchObject({
      outcome: 'NOT_SENT',
      message: `pod default/${metadata.name} has not been told to push (kubette.dev/push-to)`,
    });
  });

  it('as a push by datagrams, which nobody answers: it is told who took them in, or which policy keeps them', async () => {
    await open(push.replace('http://sink:8080/in', 'statsd://sink:8125'));
    const to = { push: { name: nameOn('node-1') } };
    const { name } = cluster.object('deploy/sink').pods()[0]!.metadata;
    expect(await sendOne({ to })).toMatchObject({ outcome: 'SENT', by: { pod: name } });
    await cluster.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'closed' },
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [] },
    });
    await cluster.settled();
    expect(await sendOne({ to })).toMatchObject({ outcome: 'DENIED', by: null });
  });

  it.each([
    ['echo', 'ANSWERED'],
    ['static', 'ANSWERED'],
    ['sink', 'ANSWERED'],
    ['proxy', 'ANSWERED'],
    ['nothing', 'RESET'],
  ])('and whoever took it in is known by where it went, where pods serve %s', async (serve, outcome) => {
    const program = createServer(socket => {
      socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 16\r\n\r\n{"pod":"nobody"}');
    });
    await new Promise<void>(resolve => program.listen(0, '127.0.0.1', resolve));
    const { port } = program.address() as AddressInfo;
    await open(MANIFESTS, { kubelet: { pods: { serve, serveProxy: `127.0.0.1:${port}` } as object } });
    const everybody = ['node-1', 'node-2', 'node-3'].map(nameOn).sort();
    for (const from of [undefined, { node: 'node-1' }, fromPodOn('node-2')]) {
      const to = { service: { name: 'agent', port: 80 } };
      const { tally } = await sendAll({
        ...(from ? { from } : {}),
        to,
        times: 60,
        protocol: serve === 'echo' ? 'TCP' : 'HTTP',
      });
      expect(tally.map(one => one.outcome)).toEqual([outcome, outcome, outcome]);
      expect(tally.map(({ by }) => by?.pod).sort()).toEqual(everybody);
    }
    program.close();
  });

  it('over UDP and over bare TCP', async () => {
    await open();
    const node = { name: 'node-1', port: 8125 };
    expect(await sendOne({ to: { node }, protocol: 'UDP', body: 'x:1|c' })).toMatchObject({
      outcome: 'ANSWERED',
      status: null,
      by: { pod: nameOn('node-1') },
    });
    const bare = await sendOne({ to: { node: { ...node, port: 9100 } }, protocol: 'TCP', body: 'good morning\n' });
    expect(bare).toMatchObject({ outcome: 'ANSWERED', body: 'good morning\n' });
  });

  it('and refused, reset or kept by a policy, in words', async () => {
    await open();
    expect(await sendOne({ to: { node: { name: 'node-1', port: 9 } } })).toMatchObject({
      outcome: 'REFUSED',
      message: `refused: nobody listens at ${addressOf('node-1')}:9 (TCP)`,
      at: null,
    });
    await cluster.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'closed' },
      spec: { podSelector: { matchLabels: { app: 'agent' } }, policyTypes: ['Ingress'], ingress: [] },
    });
    await cluster.settled();
    const closed = { outcome: 'DENIED', message: expect.stringMatching(/no rule lets it through, of policy closed$/) };
    const to = { address: { address: podOn('node-1').status.podIP!, port: 9100 } };
    expect(await sendOne({ to })).toMatchObject(closed);
    expect(await sendOne({ from: fromPodOn('node-2'), to })).toMatchObject(closed);
    expect(await sendOne({ from: { address: '192.0.2.1' }, to, protocol: 'HTTP' })).toMatchObject(closed);
    expect(await sendOne({ to: { node: { name: 'node-1', port: 8125 } }, protocol: 'UDP' })).toMatchObject(closed);
    // A node talks with its own pods.
    expect((await sendOne({ from: { node: 'node-1' }, to })).outcome).toBe('ANSWERED');
  });

  it('to the daemon of the own node, where the Service has it so', async () => {
    await open();
    await cluster.object('svc/agent').patch({ spec: { internalTrafficPolicy: 'Local' } });
    await cluster.settled();
    const to = { service: { name: 'agent', port: 80 } };
    const { tally } = await sendAll({ from: fromPodOn('node-3'), to, times: 20 });
    expect(tally).toEqual([{ outcome: 'ANSWERED', status: 200, by: { pod: nameOn('node-3') }, count: 20 }]);
    expect(await sendOne({ to })).toMatchObject({
      outcome: 'RESET',
      message: expect.stringContaining('internalTrafficPolicy: Local'),
    });
  });

  it('to nobody who is not of the cluster, not even where pods may push to', async () => {
    const network = { ...LOOPBACK, allow: ['*'] };
    await open(push.replace('http://sink:8080/in', 'http://127.0.0.1:9/'), { network });
    const { port } = await cluster.listen();
    for (const address of [
      { address: '127.0.0.1', port },
      { address: '192.0.2.1', port: 80 },
    ])
      expect((await sendOne({ to: { address } })).outcome).toBe('REFUSED');
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'abroad' },
      spec: { type: 'ExternalName', externalName: 'example.com' },
    });
    const name = 'abroad.default.svc.cluster.local';
    expect(await sendOne({ to: { dns: { name, port: 80 } } })).toMatchObject({
      outcome: 'NOT_SENT',
      message: `${name} stands for example.com, which is not of this cluster: nothing is sent there`,
    });
    expect(await sendOne({ to: { push: { name: nameOn('node-1') } } })).toMatchObject({
      outcome: 'NOT_SENT',
      message: 'there is nowhere to push to: 127.0.0.1 is outside of the cluster: pods push there by themselves alone',
    });
  });

  it.each([
    [{ times: 101 }, 'times: from 1 to 100 can be sent at once'],
    [{ path: '/a b' }, 'path: begins with "/", and has no blanks and nothing but ASCII'],
    [{ path: '/a\r\nx: y' }, 'path: begins with "/", and has no blanks and nothing but ASCII'],
    [{ method: 'CONNECT' }, 'method: one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
    [{ body: 'x'.repeat(17_000) }, 'body: 16 KiB at most'],
    [{ to: { node: { name: 'node-1', port: 0 } } }, 'port: from 1 to 65535'],
    [{ to: { node: { name: 'none', port: 1 } } }, 'nodes "none" not found'],
    [{ to: { dns: { name: 'a b', port: 1 } } }, '"a b" is not a name that DNS could know'],
  ])('%j: %s', async (input, message) => {
    await open();
    const { errors } = await ask(SEND, { input: { to: { node: { name: 'node-1', port: 9100 } }, ...input } });
    expect(errors!.map(one => one.message)).toEqual([message]);
  });
});

describe('without a network', () => {
  it('nothing is sent, and it is said how to start one; only a fork opens its own', async () => {
    await open(MANIFESTS, { network: 'off' });
    const { errors } = await ask(SEND, { input: { to: { node: { name: 'node-1', port: 9100 } } } });
    expect(errors![0]!.message).toContain('--network loopback');
    expect((await ask('mutation { openNetwork { network } }')).errors![0]!.message).toContain('--network loopback');
  });

  it.each([{ mode: 'off' as const }, LOOPBACK])(
    'a fork of a cluster (network: $mode) answers at free ports of this machine, until it is closed',
    async network => {
      await open(MANIFESTS, { network: network.mode === 'off' ? 'off' : network });
      const before = cluster.addresses.length;
      const fork = await cluster.fork();
      const { data } = await ask('mutation { openNetwork { network addresses } }', {}, fork);
      expect(data!.openNetwork).toEqual({ network: 'PORTS', addresses: fork.addresses.length });
      expect(fork.addresses.length).toBeGreaterThan(10);
      expect(cluster.addresses).toHaveLength(before);
      for (const { at } of fork.addresses) expect(at).toMatch(/^127\.0\.0\.1:\d+$/);
      const sent = await sendOne({ from: fromPodOn('node-1'), to: { dns: { name: 'agents', port: 9100 } } }, fork);
      expect(sent).toMatchObject({ outcome: 'ANSWERED', from: podOn('node-1').status.podIP });
      expect(sent.at).toMatch(/^127\.0\.0\.1:/);
      // Who asks is known also where this machine does not have the address.
      await fork.object('svc/agent').patch({ spec: { internalTrafficPolicy: 'Local' } });
      await fork.settled();
      const to = { service: { name: 'agent', port: 80 } };
      const { tally } = await sendAll({ from: fromPodOn('node-2'), to, times: 10 }, fork);
      expect(tally).toEqual([{ outcome: 'ANSWERED', status: 200, by: { pod: nameOn('node-2') }, count: 10 }]);
      const { at } = fork.addresses[0]!;
      // What is put back has its network still.
      await fork.reset();
      await fork.settled();
      expect(fork.addresses.length).toBeGreaterThan(10);
      await fork.close();
      await expect(fetch(`http://${at}/`)).rejects.toThrow();
    },
  );
});
