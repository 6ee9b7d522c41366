import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import type { NetworkSetting } from '../../../src/network/options.js';
import { LOOPBACK } from '../../support/loopback.js';
import { get } from './calls.js';
import { ask } from './sending.js';

const example = readFileSync(new URL('../../../examples/push.yaml', import.meta.url), 'utf8');

let cluster: Cluster;
afterEach(() => cluster.close());

interface Arrival {
  readonly time: string;
  readonly from: string;
  readonly protocol: string;
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

async function open(annotations: Record<string, string> = {}, network: NetworkSetting = LOOPBACK) {
  cluster = await createCluster({ network, clock: 'virtual', nodes: 2, manifests: example });
  await cluster.settled();
  if (Object.keys(annotations).length === 0) return;
  await cluster.object('ds/agent').patch({ spec: { template: { metadata: { annotations } } } });
  await cluster.comeToRest();
}

const agents = () => cluster.object('ds/agent').pods();
const sinkPlace = () => cluster.addresses.find(a => a.kind === 'Service' && a.name === 'sink' && a.protocol === 'TCP')!;
const sink = async () =>
  JSON.parse((await get(sinkPlace())).text) as { readonly received: number; readonly last: readonly Arrival[] };
const complaints = () =>
  agents()
    .flatMap(({ metadata }) => cluster.object(`pod/${metadata.name}`).events())
    .flatMap(({ reason, message }) => (reason === 'PushFailed' || reason === 'InvalidAnnotation' ? [message] : []));

describe('pods push', () => {
  it("to a Service, from their own addresses, as often as they are told to by the cluster's clock", async () => {
    await open();
    // They were there before the sink was.
    expect(complaints()).toEqual(Array(2).fill('http://sink:8080: ECONNREFUSED'));
    await cluster.advance('9s');
    expect((await sink()).received).toBe(0);
    await cluster.advance('21s');
    const { received, last } = await sink();
    expect(received).toBe(6);
    expect([...new Set(last.map(({ from }) => from))].sort()).toEqual(
      agents()
        .map(({ status }) => status.podIP)
        .sort(),
    );
    for (const { protocol, path, type, text, from } of last) {
      const pod = agents().find(({ status }) => status.podIP === from)!;
      expect({ protocol, path, type }).toEqual({ protocol: 'HTTP', path: '/in', type: 'application/json' });
      expect(JSON.parse(text)).toMatchObject({ pod: pod.metadata.name, node: pod.spec.nodeName, daemonSet: 'agent' });
    }
    expect(last.map(({ text }) => (JSON.parse(text) as { push: number }).push)).toEqual([2, 2, 3, 3, 4, 4]);
  });

  it('as Prometheus has it, and as StatsD', async () => {
    await open({ 'kubette.dev/push-format': 'prometheus' });
    await cluster.advance('10s');
    expect((await sink()).last.at(-1)).toMatchObject({
      protocol: 'HTTP',
      type: 'text/plain; version=0.0.4; charset=utf-8',
    });
    expect((await sink()).last.at(-1)!.text).toContain('kubette_pod_info{pod="agent-');
    await cluster.close();
    await open({ 'kubette.dev/push-to': 'statsd://sink.default.svc.cluster.local' });
    await cluster.advance('10s');
    await expect.poll(async () => (await sink()).last.at(-1)?.protocol).toBe('UDP');
    expect((await sink()).last.at(-1)!.text).toMatch(
      /^kubette\.pod\.up:1\|g\|#pod:agent-\w+,node:node-\d,daemonSet:agent\n/,
    );
  });

  it('no more when they are not ready, nor past a policy, and say so', async () => {
    await open();
    await cluster.advance('10s');
    const before = (await sink()).received;
    cluster.behaviors.add({ name: 'sick', pods: { selector: 'app=agent' }, behavior: 'crash-loop' });
    await cluster.settled();
    await cluster.advance('5s');
    expect((await sink()).received).toBe(before);
    cluster.behaviors.clear();
    await cluster.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'closed' },
      spec: { podSelector: { matchLabels: { app: 'agent' } }, policyTypes: ['Egress'] },
    });
    await cluster.advance('1m');
    expect((await sink()).received).toBe(before);
    expect(complaints().filter(message => message === 'http://sink:8080: ECONNRESET')).toHaveLength(2);
  });

  it('and GraphQL tells who pushes what, by where it goes', async () => {
    const first = () => agents()[0]!.metadata.name;
    await open();
    await cluster.object(`pod/${first()}`).patch({
      metadata: { annotations: { 'kubette.dev/push-to': 'statsd://sink', 'kubette.dev/push-every': '500ms' } },
    });
    await cluster.settled();
    const query = `query($name: String!) {
      cluster { pushes { push { to everySeconds format } pods(first: 1) { totalCount nodes { name } } } }
      agent: pod(name: $name) { push { to } }
      sink: pods(labelSelector: "app=sink") { nodes { push { to } } }
    }`;
    const { data } = await ask(cluster, query, { name: first() });
    const [own, other] = [first(), agents()[1]!.metadata.name];
    expect(data).toEqual({
      cluster: {
        pushes: [
          {
            push: { to: 'http://sink:8080/in', everySeconds: 10, format: 'JSON' },
            pods: { totalCount: 1, nodes: [{ name: other }] },
          },
          {
            push: { to: 'statsd://sink:8125', everySeconds: 0.5, format: 'STATSD' },
            pods: { totalCount: 1, nodes: [{ name: own }] },
          },
        ],
      },
      agent: { push: { to: 'statsd://sink:8125' } },
      sink: { nodes: [{ push: null }] },
    });
    // Without a network nobody does.
    await cluster.close();
    await open({}, 'off');
    expect((await ask(cluster, query, { name: first() })).data).toMatchObject({
      cluster: { pushes: [] },
      agent: { push: null },
    });
  });

  it('to nobody outside but who is allowed', async () => {
    const heard: string[] = [];
    const mine = createServer((request, response) => {
      heard.push(request.url!);
      response.end();
    });
    await new Promise<void>(resolve => mine.listen(0, '127.0.0.1', resolve));
    const { port } = mine.address() as { port: number };
    await open({ 'kubette.dev/push-to': `http://127.0.0.1:${port}/x` });
    await cluster.advance('10s');
    expect(heard).toEqual([]);
    expect(complaints()[0]).toMatch(/^127\.0\.0\.1 is not allowed: /);
    await cluster.close();
    await open({ 'kubette.dev/push-to': `http://127.0.0.1:${port}/x` }, { ...LOOPBACK, allow: [`127.0.0.1:${port}`] });
    await cluster.advance('10s');
    expect(heard.length).toBeGreaterThan(1);
    expect(complaints()).toEqual([]);
    mine.close();
  });

  it.each([
    [
      { 'kubette.dev/push-to': 'ftp://sink' },
      'kubette.dev/push-to: "ftp://sink" is not an address such as http://sink:8080/in or statsd://sink:8125',
    ],
    [
      { 'kubette.dev/push-every': '1ms' },
      'kubette.dev/push-every: "1ms" is not a duration of 100ms or more, such as 10s',
    ],
    [{ 'kubette.dev/push-format': 'xml' }, 'kubette.dev/push-format: "xml" is not one of json, prometheus'],
    [{ 'kubette.dev/push-to': 'http://nobody/' }, 'there is no Service default/nobody'],
    [{ 'kubette.dev/push-to': 'http://sink:81/' }, 'http://sink:81: ECONNREFUSED'],
  ])('%j: %s', async (annotations, message) => {
    await open(annotations);
    await cluster.advance('30s');
    expect(complaints().filter(text => text === message)).toHaveLength(2);
  });
});
