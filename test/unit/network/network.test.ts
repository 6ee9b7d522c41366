import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import type { Pod } from '../../../src/resources/types.js';
import { LOOPBACK } from '../../support/loopback.js';
import { get, say, send, whoAnswers } from './calls.js';

let cluster: Cluster;
afterEach(() => cluster.close());

const open = async (options: ClusterOptions = {}) => {
  cluster = await createCluster({ network: LOOPBACK, clock: 'virtual', ...options });
};

/** A DaemonSet that answers on port 9100 of its nodes. */
const exporter = ({
  annotations = {},
  env = 'a',
  spec = {},
}: {
  annotations?: object;
  env?: string;
  spec?: object;
} = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'exporter', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'exporter' } },
    template: {
      metadata: { labels: { app: 'exporter' }, annotations },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'exporter:1',
            env: [{ name: 'E', value: env }],
            ports: [
              { name: 'http', containerPort: 9100, hostPort: 9100 },
              { name: 'stats', containerPort: 8125, hostPort: 8125, protocol: 'UDP' },
            ],
          },
        ],
        ...spec,
      },
    },
  },
});

const service = (spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'exporter', namespace: 'default' },
  spec: { selector: { app: 'exporter' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...spec },
});

/** Where a node is to be reached. */
const nodePlace = (name: string, port = 9100) => {
  const node = cluster.object<`node/${string}`>(`node/${name}`).current!;
  return { address: node.status.addresses!.find(({ type }) => type === 'InternalIP')!.address, port };
};
const podOn = (node: string): Pod =>
  cluster
    .object('ds/exporter')
    .pods()
    .find(pod => pod.spec.nodeName === node)!;
const servicePlace = () =>
  cluster.addresses.find(a => a.kind === 'Service' && a.name === 'exporter' && a.node === null)!;
const patch = (reference: string, change: object) => cluster.object(reference).patch(change);

describe('ports in place of addresses', () => {
  it('let clusters stand side by side, with the addresses that they have without a network', async () => {
    const objects = [exporter(), service({ clusterIP: '10.96.7.7' })];
    const other = await createCluster({
      network: 'ports',
      clock: 'virtual',
      manifests: objects,
    });
    try {
      await open({ network: 'ports' });
      await cluster.apply(objects);
      await Promise.all([cluster.settled(), other.settled()]);
      expect(cluster.addresses.map(({ address, port }) => `${address}:${port}`)).toEqual(
        other.addresses.map(({ address, port }) => `${address}:${port}`),
      );
      const { address, port } = nodePlace('worker-1');
      expect(address).toBe('172.18.0.3');
      const taken = new Set([...cluster.addresses, ...other.addresses].map(({ at, protocol }) => `${at}/${protocol}`));
      expect(taken.size).toBe(2 * cluster.addresses.length);
      for (const one of [cluster, other]) {
        const { at } = one.addresses.find(place => place.address === address && place.port === port)!;
        expect(at).toMatch(/^127\.0\.0\.1:/);
        const answer = (await (await fetch(`http://${at}/`)).json()) as { pod: string };
        expect(one.object(`pod/${answer.pod}`).current!.spec).toMatchObject({ nodeName: 'worker-1' });
      }
    } finally {
      await other.close();
    }
  });
});

describe('a port of a node', () => {
  it('answers as the pod, over TCP and UDP', async () => {
    await open();
    await cluster.apply(exporter());
    await cluster.settled();
    const { metadata, status } = podOn('worker-1');
    const facts = {
      pod: metadata.name,
      node: 'worker-1',
      daemonSet: 'exporter',
      revision: metadata.labels!['controller-revision-hash'],
      podIP: status.podIP,
    };
    const { code, text } = await get(nodePlace('worker-1'), '/some/path?x=1');
    expect(code).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ ...facts, port: 9100, path: '/some/path?x=1', method: 'GET' });
    expect(JSON.parse((await send(nodePlace('worker-1', 8125), 'x:1|c'))!)).toMatchObject({ ...facts, port: 8125 });
    expect((await get({ address: status.podIP!, port: 9100 }, '/healthz')).text).toBe('ok\n');
  });

  it('answers while the pod is ready, and only then; the pod itself while it runs', async () => {
    await open({ kubelet: { pods: { readyDelay: '20s' } } });
    await cluster.apply(exporter());
    await cluster.settled();
    const place = nodePlace('worker-1');
    const itself = { address: podOn('worker-1').status.podIP!, port: 9100 };
    expect(await whoAnswers(place)).toBe('ECONNREFUSED');
    expect(await send(nodePlace('worker-1', 8125), 'x')).toBeUndefined();
    expect(await whoAnswers(itself)).toBe(podOn('worker-1').metadata.name);
    await cluster.advance('20s');
    expect(await whoAnswers(place)).toBe(podOn('worker-1').metadata.name);
    cluster.behaviors.add({ name: 'sick', pods: { selector: 'app=exporter' }, behavior: 'crash-loop' });
    await cluster.settled();
    expect(await whoAnswers(place)).toBe('ECONNREFUSED');
  });

  it('is refused while the node is down, and once it is removed', async () => {
    await open();
    await cluster.apply(exporter());
    await cluster.settled();
    const place = nodePlace('worker-1');
    await patch('node/worker-1', { metadata: { annotations: { 'kubette.dev/behavior': 'down' } } });
    await cluster.settled();
    expect(await whoAnswers(place)).toBe('ECONNREFUSED');
    expect(await whoAnswers(nodePlace('worker-2'))).toBe(podOn('worker-2').metadata.name);
    await patch('node/worker-1', { metadata: { annotations: { 'kubette.dev/behavior': null } } });
    await cluster.settled();
    expect(await whoAnswers(place)).toBe(podOn('worker-1').metadata.name);
    cluster.behaviors.add({ name: 'out', nodes: { selector: 'kubernetes.io/hostname=worker-1' }, behavior: 'down' });
    await cluster.settled();
    expect(await whoAnswers(place)).toBe('ECONNREFUSED');
    cluster.behaviors.clear();
    await cluster.settled();
    await cluster.object('node/worker-1').delete();
    await cluster.settled();
    expect(await whoAnswers(place)).toBe('ECONNREFUSED');
  });

  it('hangs up on those who are there when the pod is not ready any more', async () => {
    await open();
    await cluster.apply(exporter());
    await cluster.settled();
    const { Agent, request } = await import('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { address, port } = nodePlace('worker-1');
    const ask = () =>
      new Promise<number | string>(resolve => {
        const asked = request({ host: address, port, agent }, response => {
          response.resume();
          response.on('end', () => resolve(response.statusCode!));
        });
        asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
        asked.end();
      });
    expect([await ask(), await ask()]).toEqual([200, 200]);
    cluster.behaviors.add({ name: 'sick', pods: { selector: 'app=exporter' }, behavior: 'crash-loop' });
    await cluster.settled();
    expect(await ask()).not.toBe(200);
    agent.destroy();
  });

  it('that another program has is told by an Event, and is taken when it is free', async () => {
    await open();
    const at = nodePlace('worker-1').address;
    const other = createServer();
    await new Promise<void>(resolve => other.listen(9100, at, resolve));
    await cluster.apply(exporter());
    await cluster.settled();
    const pod = podOn('worker-1');
    const messages = () =>
      cluster
        .object(`pod/${pod.metadata.name}`)
        .events()
        .map(({ reason, message }) => `${reason}: ${message}`);
    expect(messages()).toContain(
      `PortUnavailable: Nothing answers at ${at}:9100 (TCP): another program on this machine has it`,
    );
    await new Promise(resolve => other.close(resolve));
    await cluster.advance('10s');
    expect(await whoAnswers(nodePlace('worker-1'))).toBe(pod.metadata.name);
    expect(messages().filter(text => text.startsWith('PortUnavailable'))).toHaveLength(1);
  });
});

describe('a Service', () => {
  it('leads to all who are ready, by its own address and by a port of every node', async () => {
    await open();
    await cluster.apply([exporter(), service({ type: 'NodePort' })]);
    await cluster.settled();
    const everybody = cluster
      .object('ds/exporter')
      .pods()
      .map(pod => pod.metadata.name);
    const nodePort = cluster.object<'svc/x'>('svc/exporter' as 'svc/x').current!.spec.ports![0]!.nodePort!;
    for (const place of [servicePlace(), nodePlace('control-plane', nodePort), nodePlace('worker-2', nodePort)]) {
      const came = new Set<string>();
      for (let i = 0; i < 40; i++) came.add(await whoAnswers(place));
      expect([...came].sort()).toEqual(everybody);
    }
  });

  it('refuses where nobody is ready', async () => {
    await open({ kubelet: { pods: { behavior: 'never-ready' } } });
    await cluster.apply([exporter(), service()]);
    await cluster.settled();
    const { clusterIP } = cluster.object<'svc/x'>('svc/exporter' as 'svc/x').current!.spec;
    expect(servicePlace()).toBeUndefined();
    expect(await whoAnswers({ address: clusterIP!, port: 80 })).toBe('ECONNREFUSED');
  });

  it('keeps what is local on the node, with each of the policies', async () => {
    await open();
    await cluster.apply([
      exporter({ spec: { nodeSelector: { 'kubernetes.io/hostname': 'worker-1' } } }),
      service({ type: 'NodePort', externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' }),
    ]);
    await cluster.settled();
    const name = podOn('worker-1').metadata.name;
    const nodePort = cluster.object<'svc/x'>('svc/exporter' as 'svc/x').current!.spec.ports![0]!.nodePort!;
    expect(await whoAnswers(nodePlace('worker-1', nodePort))).toBe(name);
    expect(await whoAnswers(nodePlace('worker-2', nodePort))).toBe('ECONNREFUSED');
    expect(await whoAnswers(servicePlace(), nodePlace('worker-1').address)).toBe(name);
    expect(await whoAnswers(servicePlace(), podOn('worker-1').status.podIP)).toBe(name);
    expect(await whoAnswers(servicePlace(), nodePlace('worker-2').address)).toBe('ECONNRESET');
    expect(await whoAnswers(servicePlace())).toBe('ECONNRESET');
  });

  it('hands what pods, and a node itself, bring to a port of the node to any of them: it does not come from outside', async () => {
    await open();
    await cluster.apply([exporter(), service({ type: 'NodePort', externalTrafficPolicy: 'Local' })]);
    await cluster.settled();
    const nodePort = cluster.object<'svc/x'>('svc/exporter' as 'svc/x').current!.spec.ports![0]!.nodePort!;
    const answering = async (from?: string) => {
      const all = new Set<string>();
      for (let i = 0; i < 60; i++) all.add(await whoAnswers(nodePlace('worker-1', nodePort), from));
      return all.size;
    };
    expect(await answering()).toBe(1);
    expect(await answering(nodePlace('worker-2').address)).toBe(1);
    expect(await answering(nodePlace('worker-1').address)).toBe(3);
    expect(await answering(podOn('worker-2').status.podIP)).toBe(3);
  });

  it('gives a client the same one, for as long as it says', async () => {
    await open({ nodes: 8 });
    await cluster.apply([
      exporter(),
      service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } }),
    ]);
    await cluster.settled();
    const ask = async (from: string) => whoAnswers(servicePlace(), from);
    const clients = Array.from({ length: 12 }, (_, i) => `127.0.1.${i + 1}`);
    const first = await Promise.all(clients.map(ask));
    expect(new Set(first).size).toBeGreaterThan(1);
    await cluster.advance('59s');
    expect(await Promise.all(clients.map(ask))).toEqual(first);
    await cluster.advance('60s');
    expect(await Promise.all(clients.map(ask))).not.toEqual(first);
  });

  it('leads to an address that somebody has put there', async () => {
    const mine = createServer(socket => socket.end('mine'));
    await new Promise<void>(resolve => mine.listen(0, '127.0.0.1', resolve));
    const { port } = mine.address() as { port: number };
    await open();
    await cluster.apply([
      service({ selector: null }),
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'mine', namespace: 'default', labels: { 'kubernetes.io/service-name': 'exporter' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['127.0.0.1'] }],
        ports: [{ name: 'http', port }],
      },
    ]);
    await cluster.settled();
    expect(await say(servicePlace(), '')).toBe('mine');
    mine.close();
  });
});

describe('what answers', () => {
  const answering = async (annotations: Record<string, string>) => {
    await open({ nodes: 1 });
    const named = Object.entries(annotations).map(([key, value]) => [`kubette.dev/${key}`, value]);
    await cluster.apply(exporter({ annotations: Object.fromEntries(named) }));
    await cluster.settled();
    return nodePlace('node-1');
  };

  it("is a page of metrics, which moves with the cluster's time alone", async () => {
    const place = await answering({});
    const read = async () => (await get(place, '/metrics')).text;
    const one = await read();
    expect(one).toContain(`kubette_pod_info{pod="${podOn('node-1').metadata.name}",namespace="default",node="node-1"`);
    expect(one).toMatch(/^node_memory_MemTotal_bytes 8589934592$/m);
    for (const line of one.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) [a-zA-Z_0-9]+ .+|[a-zA-Z_0-9]+(\{([a-zA-Z]+="[^"]*",?)+\})? -?[\d.e+]+)$/);
    const without = (text: string) => text.replace(/^kubette_pod_requests_total.*\n/gm, '');
    expect(without(await read())).toBe(without(one));
    const seconds = (text: string) => Number(/^node_cpu_seconds_total\{cpu="0",mode="idle"\} (.*)$/m.exec(text)![1]);
    await cluster.advance('1h');
    expect(seconds(await read())).toBeGreaterThan(seconds(one) + 2000);
  });

  it('is the log, the same as kubectl logs has', async () => {
    const place = await answering({ log: 'hello', 'log-interval': '0s' });
    expect((await get(place, '/log')).text).toBe('hello\n');
  });

  it('is an echo where that is wanted, and for what is no HTTP', async () => {
    const place = await answering({ serve: 'echo' });
    expect(await say(place, 'GET / HTTP/1.1\r\n\r\n')).toBe('GET / HTTP/1.1\r\n\r\n');
    expect(await send({ ...place, port: 8125 }, 'ping')).toBe('ping');
    await cluster.close();
    expect(await say(await answering({}), 'no HTTP\nat all')).toBe('no HTTP\nat all');
  });

  it('is always the same', async () => {
    const place = await answering({
      serve: 'static',
      'serve-body': '{"up":false}',
      'serve-type': 'application/json',
      'serve-status': '503',
    });
    const events = cluster.object(`pod/${podOn('node-1').metadata.name}`).events();
    expect(events.filter(({ reason }) => reason === 'InvalidAnnotation')).toEqual([]);
    expect(await get(place, '/any')).toEqual({ code: 503, text: '{"up":false}' });
  });

  it("is a program of the user's, which hears what the client says", async () => {
    const heard: string[] = [];
    const mine = createServer(socket =>
      socket.on('data', bytes => {
        heard.push(bytes.toString());
        socket.end('mine');
      }),
    );
    await new Promise<void>(resolve => mine.listen(0, '127.0.0.1', resolve));
    const { port } = mine.address() as { port: number };
    expect(await say(await answering({ 'serve-proxy': `127.0.0.1:${port}` }), 'hello')).toBe('mine');
    expect(heard).toEqual(['hello']);
    mine.close();
  });

  it('goes nowhere beyond this machine, and says how it would, once', async () => {
    expect(await whoAnswers(await answering({ 'serve-proxy': '192.0.2.1:80' }))).toBe('ECONNRESET');
    const told = () =>
      cluster
        .object(`pod/${podOn('node-1').metadata.name}`)
        .events()
        .filter(({ reason }) => reason === 'ProxyNotAllowed')
        .map(({ message, count }) => [message, count]);
    await cluster.advance('30m');
    expect(told()).toEqual([
      [expect.stringMatching(/^192\.0\.2\.1 is not allowed: --network-allow 192\.0\.2\.1, /), 1],
    ]);
    await cluster.close();
    await open({ nodes: 1, network: { ...LOOPBACK, allow: ['192.0.2.1'] } });
    await cluster.apply(exporter({ annotations: { 'kubette.dev/serve-proxy': '192.0.2.1:80' } }));
    await cluster.settled();
    expect(told()).toEqual([]);
  });

  it('fails as often as it is told to', async () => {
    const place = await answering({ 'serve-failures': '50%' });
    const codes = new Set<number | undefined>();
    for (let i = 0; i < 30; i++) codes.add((await get(place)).code);
    expect([...codes].sort()).toEqual([200, 500]);
  });

  it('is what it would be without what makes no sense, which is told', async () => {
    expect(await whoAnswers(await answering({ serve: 'gopher', 'serve-delay': 'soon' }))).toBe(
      podOn('node-1').metadata.name,
    );
    const told = cluster
      .object(`pod/${podOn('node-1').metadata.name}`)
      .events()
      .map(({ message }) => message);
    expect(told).toEqual(
      expect.arrayContaining([
        'kubette.dev/serve: "gopher" is not one of http, echo, static, proxy, sink, nothing',
        'kubette.dev/serve-delay: "soon" is not a duration such as 500ms or 1m30s',
      ]),
    );
  });

  it('is nobody', async () => {
    expect(await whoAnswers(await answering({ serve: 'nothing' }))).toBe('ECONNRESET');
  });
});

describe('the network as a whole', () => {
  it('never has a pod answer at a node that is not ready, while a new template goes through', async () => {
    await open({ nodes: 12, clock: 'real', kubelet: { pods: { readyDelay: '30ms' } } });
    await cluster.apply(exporter());
    await cluster.object('ds/exporter').until(set => set?.status.numberAvailable === 12);
    const wrong: string[] = [];
    let answered = 0;
    let isOver = false;
    const scrape = async (node: string) => {
      while (!isOver) {
        const place = nodePlace(node);
        const before = cluster.revision;
        const name = await whoAnswers(place);
        if (name === 'ECONNREFUSED' || name === 'ECONNRESET') continue;
        answered++;
        // Ready at some moment between the question and the answer.
        const seen = await Promise.all([before, cluster.revision].map(revision => cluster.registry.past(revision)));
        const { pods } = await import('../../../src/resources/index.js');
        const ready = seen.some(past =>
          past
            .get(pods, 'default', name)
            ?.object.status.conditions?.some(c => c.type === 'Ready' && c.status === 'True'),
        );
        if (!ready) wrong.push(`${name} on ${node}`);
      }
    };
    const scrapers = Array.from({ length: 12 }, (_, i) => scrape(`node-${String(i + 1).padStart(2, '0')}`));
    try {
      await cluster.apply(exporter({ env: 'b' }));
      await cluster.object('ds/exporter').until(set => {
        const { observedGeneration, updatedNumberScheduled, numberAvailable } = set!.status;
        const isSeen = observedGeneration === set!.metadata.generation;
        return isSeen && updatedNumberScheduled === 12 && numberAvailable === 12;
      });
    } finally {
      isOver = true;
    }
    await Promise.all(scrapers);
    expect(wrong).toEqual([]);
    expect(answered).toBeGreaterThan(20);
  });

  it('has the same addresses when it is opened again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubette-network-'));
    const data = join(folder, 'a.db');
    await open({ data });
    await cluster.apply([exporter(), service({ type: 'NodePort' })]);
    await cluster.settled();
    const told = () => cluster.addresses.map(({ came: _, ...address }) => address);
    const before = told();
    await cluster.close();
    await open({ data });
    await cluster.settled();
    expect(told()).toEqual(before);
    expect(before.length).toBeGreaterThan(10);
    await cluster.close();
    rmSync(folder, { recursive: true });
  });

  it('is told by GraphQL: of each pod, node and Service, in the present world alone', async () => {
    await open({ nodes: 1 });
    await cluster.apply([exporter(), service()]);
    await cluster.settled();
    const revision = cluster.revision;
    await get(nodePlace('node-1'));
    const { url } = await cluster.listen();
    const ask = async (query: string) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
      return (
        (await answer.json()) as { data: Record<string, { sockets: { at: string; name: string; came: number }[] }> }
      ).data;
    };
    const name = podOn('node-1').metadata.name;
    const all = (at = '') => `{
      cluster${at} { network }
      pod(name: "${name}"${at && `, ${at.slice(1, -1)}`}) { sockets { at name came } }
      nodeByName(name: "node-1"${at && `, ${at.slice(1, -1)}`}) { sockets { at name came } }
      service(name: "exporter"${at && `, ${at.slice(1, -1)}`}) { sockets { at name came } }
    }`;
    const { pod, nodeByName, service: told, ...rest } = await ask(all());
    expect(rest).toEqual({ cluster: { network: 'LOOPBACK' } });
    const [udp, tcp] = [8125, 9100].map(port => `${nodePlace('node-1').address}:${port}`);
    expect(nodeByName!.sockets).toEqual([
      { at: udp, name, came: 0 },
      { at: tcp, name, came: 1 },
    ]);
    expect(pod!.sockets.map(({ at }) => at)).toEqual([
      udp,
      tcp,
      `${podOn('node-1').status.podIP}:8125`,
      `${podOn('node-1').status.podIP}:9100`,
    ]);
    expect(told!.sockets.map(({ at }) => at)).toEqual([`${servicePlace().address}:80`]);
    await cluster.apply(exporter({ env: 'b' }));
    await cluster.settled();
    expect(await ask(all(`(at: "${revision}")`))).toEqual({
      cluster: { network: 'OFF' },
      pod: { sockets: [] },
      nodeByName: { sockets: [] },
      service: { sockets: [] },
    });
  });

  it('answers again after a reset, and in a fork not at all', async () => {
    await open();
    await cluster.apply(exporter());
    await cluster.settled();
    const fork = await cluster.fork();
    expect(fork.addresses).toEqual([]);
    expect(fork.object('ds/exporter').pods()).toHaveLength(3);
    await fork.close();
    const place = nodePlace('worker-1');
    await cluster.reset();
    expect(await whoAnswers(place)).toBe('ECONNREFUSED');
    await cluster.apply(exporter());
    await cluster.settled();
    expect(await whoAnswers(place)).toBe(podOn('worker-1').metadata.name);
  });

  it('answers again where a snapshot is put back', async () => {
    await open();
    await cluster.apply([exporter(), service({ type: 'NodePort' })]);
    await cluster.settled();
    const told = () => cluster.addresses.map(({ came: _, ...address }) => address);
    const before = told();
    await cluster.snapshot('s');
    await cluster.object('ds/exporter').delete();
    await cluster.settled();
    expect(told()).not.toEqual(before);
    await cluster.restore('s');
    await cluster.settled();
    expect(told()).toEqual(before);
    expect(await whoAnswers(nodePlace('worker-1'))).toBe(podOn('worker-1').metadata.name);
  });

  it('is closed with the cluster', async () => {
    await open();
    await cluster.apply(exporter());
    await cluster.settled();
    const place = nodePlace('worker-1');
    const kept = say(place, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-le');
    await cluster.close();
    expect(await whoAnswers(place)).toBe('ECONNREFUSED');
    expect(await kept).not.toContain('200');
  });

  it('uses other addresses if told to, and says when there are no more', async () => {
    await open({
      network: { mode: 'loopback', nodes: '127.50.0.0/24', pods: '127.64.0.0/16', services: '127.60.0.0/29' },
    });
    await cluster.apply(exporter());
    await cluster.settled();
    expect(nodePlace('worker-1').address).toBe('127.50.0.3');
    expect(podOn('worker-1').status.podIP).toMatch(/^127\.64\./);
    const another = (i: number) => cluster.apply({ ...service(), metadata: { name: `s-${i}`, namespace: 'default' } });
    for (let i = 0; i < 5; i++) await another(i);
    await expect(another(5)).rejects.toThrow('failed to allocate a serviceIP: range is full');
  });

  it.each([
    [{ mode: 'loopback', pods: '10.0.0.0/8' }, 'network.pods: 10.0.0.0/8 is not within 127.0.0.0/8'],
    [
      { mode: 'loopback', pods: '127.18.0.0/17' },
      'network: the ranges of nodes (127.18.0.0/16) and pods (127.18.0.0/17) overlap',
    ],
    [{ mode: 'loopback', nodes: 'here' }, 'network.nodes: "here" is not an IPv4 range'],
    [{ mode: 'loopback', nodes: '127.18.0.0/30' }, 'nodes: 127.18.0.0/30 has no addresses for more nodes than 1'],
    [{ mode: 'loopback', pods: '127.64.0.0/23' }, 'nodes: 127.64.0.0/23 has no ranges for pods for more nodes than 2'],
    [{ mode: 'loopback', nodes: 5 }, 'network.nodes: 5 is not an IPv4 range'],
    [{ mode: 'bridge' }, 'network: "bridge" is none; there are off, loopback, ports'],
    [null, 'network: null is none; there are off, loopback, ports'],
    [true, 'network: true is none; there are off, loopback, ports'],
    [{}, 'network.mode is missing; there are loopback, ports'],
    [
      { mode: 'ports', service: '127.96.0.0/16' },
      'network.service: there is no such setting; there are mode, nodes, pods, services, allow',
    ],
    [{ mode: 'ports', allow: 'a.example' }, 'network.allow: "a.example" is not a list of hosts'],
    ...['', 'http://a.example', '10.0.0.0/8', 'a.example:', 'a.example:0', 'a.example:70000', 'a:b', 5].map(
      (entry): [unknown, string] => [
        { mode: 'ports', allow: ['*', 'a.example:80', '::1', '[::1]:80', entry] },
        `network.allow: ${JSON.stringify(entry)} is neither a host, nor host:port, nor *`,
      ],
    ),
  ])('%j is refused', async (network, message) => {
    await open();
    await expect(createCluster({ network: network as never })).rejects.toThrow(new TypeError(message));
  });
});
