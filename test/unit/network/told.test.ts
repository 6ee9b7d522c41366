import { Agent, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import { LOOPBACK } from '../../support/loopback.js';
import { get, say, whoAnswers } from './calls.js';

let cluster: Cluster;
afterEach(() => cluster.close());

const pod = (name: string, annotations: Record<string, string> = {}, port = 80) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { app: name }, annotations },
  spec: { containers: [{ name: 'main', image: 'x:1', ports: [{ containerPort: port }] }] },
});

async function open(kubelet: ClusterOptions['kubelet'], ...manifests: object[]): Promise<void> {
  cluster = await createCluster({ network: LOOPBACK, clock: 'virtual', nodes: 1, kubelet: kubelet ?? 'simulated' });
  await cluster.apply(manifests);
  await cluster.settled();
}
const place = (name: string) => cluster.addresses.find(one => one.kind === 'Pod' && one.name === name)!;

/** Asks over one connection, which is kept. */
function keptConnection(name: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { address: host, port } = place(name);
  return {
    ask: () =>
      new Promise<number | string>(resolve => {
        const asked = request({ host, port, agent }, response => {
          response.resume();
          response.on('end', () => resolve(response.statusCode!));
        });
        asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
        asked.end();
      }),
    end: () => agent.destroy(),
  };
}

describe('what answers', () => {
  it('is said by the configuration, by the node rather, by the pod rather', async () => {
    await open(
      { pods: { serve: 'static', serveBody: 'all', serveStatus: 503 } },
      pod('a'),
      pod('b', { 'kubette.dev/serve-body': 'mine', 'kubette.dev/serve-status': '200' }),
    );
    expect(await get(place('a'))).toEqual({ code: 503, text: 'all' });
    expect(await get(place('b'))).toEqual({ code: 200, text: 'mine' });
    await cluster
      .object('node/node-1')
      .patch({ metadata: { annotations: { 'kubette.dev/serve-body': "the node's", 'kubette.dev/serve': 'static' } } });
    await cluster.settled();
    expect(await get(place('a'))).toEqual({ code: 503, text: "the node's" });
    expect(await get(place('b'))).toEqual({ code: 200, text: 'mine' });
  });

  it('is said by rules, at once, also to those who are connected', async () => {
    await open('simulated', pod('a'), pod('b', { 'kubette.dev/serve': 'http' }));
    const { ask, end } = keptConnection('a');
    expect(await ask()).toBe(200);
    cluster.behaviors.add({ name: 'ill', pods: { selector: 'app=a' }, serveFailures: 1 });
    expect(await ask()).toBe(500);
    expect(await whoAnswers(place('b'))).toBe('b');
    cluster.behaviors.add({ name: 'ill', pods: {}, serve: 'echo' });
    expect(await say(place('b'), 'GET / HTTP/1.1\r\n\r\n')).toBe('GET / HTTP/1.1\r\n\r\n');
    expect(await ask()).toBe('ECONNRESET');
    cluster.behaviors.clear();
    expect(await ask()).toBe(200);
    end();
  });

  it('is said by rules of nodes, for as long as they last', async () => {
    await open('simulated', pod('a'));
    cluster.behaviors.add({ name: 'brief', nodes: {}, serveStatus: 404, after: '5s', for: '10s', every: '1m' });
    const codes = [];
    for (const step of ['0s', '5s', '10s', '50s']) {
      await cluster.advance(step);
      codes.push((await get(place('a'))).code);
    }
    expect(codes).toEqual([200, 404, 200, 404]);
  });

  it('leads elsewhere where only that is said', async () => {
    await open('simulated', pod('a'), pod('b'));
    const { address, port } = place('b');
    cluster.behaviors.add({ name: 'to-b', pods: { selector: 'app=a' }, serveProxy: `${address}:${port}` });
    expect(await whoAnswers(place('a'))).toBe('b');
  });

  it('must make sense', async () => {
    await open('simulated');
    expect(() => cluster.behaviors.add({ name: 'x', pods: {}, serve: 'gopher' })).toThrow(
      'rule "x": "gopher" is not one of http, echo, static, proxy, sink, nothing',
    );
    expect(() => cluster.behaviors.add({ name: 'x', pods: {}, serveFailures: 1.5 })).toThrow('is not a share');
    await expect(createCluster({ kubelet: { pods: { pushEvery: 5 } } })).rejects.toThrow(
      'pods: "5ms" is not a duration of 100ms or more, such as 10s',
    );
  });
});

describe('who pushes', () => {
  const sink = pod('sink', { 'kubette.dev/serve': 'sink', 'kubette.dev/push-to': 'nothing' });
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'sink', namespace: 'default' },
    spec: { selector: { app: 'sink' }, ports: [{ port: 80 }] },
  };
  /** The pods whose pushes came, one after the other. */
  const pushers = async () =>
    (JSON.parse((await get(place('sink'))).text) as { last: { text: string }[] }).last.map(
      ({ text }) => (JSON.parse(text) as { pod: string }).pod,
    );

  it('is said by the configuration', async () => {
    await open({ pods: { pushTo: 'http://sink/', pushEvery: 5000 } }, sink, service, pod('a'));
    await cluster.advance('10s');
    expect(await pushers()).toEqual(['a', 'a']);
  });

  it('is said by rules and by nodes, as soon as they do', async () => {
    await open('simulated', sink, service, pod('a'), pod('b'));
    cluster.behaviors.add({
      name: 'tell',
      pods: { selector: 'app=a' },
      pushTo: 'http://sink/',
      after: '3s',
      for: '5s',
    });
    await cluster.advance('2s');
    expect(await pushers()).toEqual([]);
    await cluster.advance('1s');
    expect(await pushers()).toEqual(['a']);
    await cluster.advance('1m');
    expect(await pushers()).toEqual(['a']);
    await cluster.object('node/node-1').patch({ metadata: { annotations: { 'kubette.dev/push-to': 'http://sink' } } });
    await cluster.settled();
    expect((await pushers()).sort()).toEqual(['a', 'a', 'b']);
  });
});
