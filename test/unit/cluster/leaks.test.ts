import { get } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test, vi } from 'vitest';
import WebSocket from 'ws';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import { opened, openResources } from '../../support/open-resources.js';
import { WebhookServer } from '../../support/webhook-server.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const agent = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: { containers: [{ name: 'main', image: 'a:1' }] },
    },
  },
};

/** A WebSocket that is open, and stays so until the other end is closed; and the first that it hears. */
async function connected(url: string, protocol: string): Promise<{ socket: WebSocket; heard: Promise<unknown> }> {
  const socket = new WebSocket(url.replace('http', 'ws'), protocol);
  const heard = new Promise(resolve => socket.once('message', resolve));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { socket: socket.on('error', () => {}), heard };
}

/** Where what runs in a pod is reached. */
async function podUrl(cluster: Cluster): Promise<string> {
  const { url } = await cluster.listen();
  await cluster.settled();
  return `${url}/api/v1/namespaces/default/pods/${cluster.object('ds/agent').pods()[0]!.metadata.name}`;
}

/** Asks for something, and resolves when it is over, one way or the other. Told when the answer begins. */
function ask(url: string, begun: () => void = () => {}): Promise<void> {
  return new Promise(resolve => {
    get(url, { agent: false }, response => {
      begun();
      response.resume().on('close', resolve);
    }).on('error', () => resolve());
  });
}

/** Does something with a cluster, closes it, and answers with what must not outlive it. */
async function ended(
  use: (cluster: Cluster) => Promise<unknown>,
  options: ClusterOptions = {},
): Promise<WeakRef<object>[]> {
  const cluster = await createCluster({ clock: 'virtual', nodes: 2, ...options });
  await cluster.apply(agent);
  await use(cluster);
  const left = [cluster, cluster.registry, cluster.registry.log].map(object => new WeakRef<object>(object));
  await cluster.close();
  return left;
}

/** How many of these are there still, when all that can go has gone. */
async function alive(left: readonly WeakRef<object>[]): Promise<number> {
  for (let i = 0; i < 50; i++) {
    await new Promise(resolve => setImmediate(resolve));
    collect();
    if (left.every(one => one.deref() === undefined)) return 0;
  }
  return left.filter(one => one.deref() !== undefined).length;
}

const CASES: Record<string, [use: (cluster: Cluster) => Promise<unknown>, options?: ClusterOptions]> = {
  'one in which much is under way': [async () => {}],
  'one that has settled': [cluster => cluster.settled()],
  'one whose clock goes': [async () => {}, { clock: 'real' }],
  'one whose clock goes fast': [async cluster => cluster.clock.setRate(1000)],
  'one that is being moved': [async cluster => void cluster.advance('24h').catch(() => {})],
  'one that is watched over HTTP': [
    async cluster => {
      const { url } = await cluster.listen();
      await new Promise<void>(begun => void ask(`${url}/api/v1/pods?watch=true`, begun));
    },
  ],
  'one with a subscription': [
    async cluster => {
      const { url } = await cluster.listen();
      const { socket, heard } = await connected(`${url}/graphql`, 'graphql-transport-ws');
      socket.send('{"type":"connection_init"}');
      await heard;
      const query = 'subscription { placementChanged { revision } }';
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
      await new Promise(resolve => setImmediate(resolve));
    },
  ],
  'one that is watched over WebSocket': [
    async cluster => {
      const { url } = await cluster.listen();
      await (await connected(`${url}/api/v1/pods?watch=true`, 'base64.binary.k8s.io')).heard;
    },
  ],
  'one with somebody in a container': [
    async cluster => {
      const shell = 'exec?command=sh&stdin=true&stdout=true&tty=true';
      await (await connected(`${await podUrl(cluster)}/${shell}`, 'v5.channel.k8s.io')).heard;
    },
  ],
  'one with a port of a pod open': [
    async cluster => void (await connected(`${await podUrl(cluster)}/portforward?ports=80`, 'v4.channel.k8s.io')),
  ],
  'one whose logs are followed': [
    async cluster => {
      const url = `${await podUrl(cluster)}/log?follow=true`;
      await new Promise<void>(begun => void ask(url, begun));
    },
  ],
  'one with a request that waits': [
    async cluster => {
      const { url } = await cluster.listen();
      cluster.faults.add({ name: 'slow', fault: { latency: { by: '1h' } } });
      void ask(`${url}/api/v1/nodes`);
      await vi.waitUntil(() => cluster.faults.get('slow')!.fired > 0);
    },
  ],
  'one with a request that waits by the machine': [
    async cluster => {
      const { url } = await cluster.listen();
      cluster.faults.add({ name: 'slow', fault: { latency: { by: '1h', clock: 'machine' } } });
      void ask(`${url}/api/v1/nodes`);
      await vi.waitUntil(() => cluster.faults.get('slow')!.fired > 0);
    },
  ],
  'one whose disk is slow': [async cluster => void cluster.faults.add({ fault: { slowDisk: { by: '5ms' } } })],
  'one with forks': [
    async cluster => {
      await cluster.forks.create({ rate: 5 });
      await cluster.fork(); // nobody closes it, and it keeps nothing open
    },
  ],
  'one that was put back': [
    async cluster => {
      await cluster.snapshot('s');
      await cluster.reset();
      await cluster.restore('s');
    },
  ],
  'one that is recorded': [async () => {}, { record: { write() {}, close: async () => {} } }],
};

test.each(Object.entries(CASES))('nothing is left of %s', async (_, [use, options]) => {
  // What is loaded and made once for all is not meant.
  await alive(await ended(use, options));
  const left: WeakRef<object>[] = [];
  const before = openResources();
  for (let i = 0; i < 3; i++) left.push(...(await ended(use, options)));
  expect(await alive(left)).toBe(0);
  expect(await opened(before)).toEqual([]);
});

const asksWebhooks = (clientConfig: object) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'slow' },
  webhooks: [
    {
      name: 'slow.example.com',
      clientConfig,
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      timeoutSeconds: 30,
    },
  ],
});

test('nothing is left of one that waits for a webhook, and it is closed without waiting', async () => {
  let asked = () => {};
  const isAsked = new Promise<void>(resolve => {
    asked = resolve;
  });
  const webhook = await WebhookServer.start(() => void asked());
  onTestFinished(() => void webhook.close());
  const left = await ended(async cluster => {
    await cluster.apply(asksWebhooks({ url: `https://127.0.0.1:${webhook.port}/`, caBundle: webhook.caBundle }));
    const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'main', image: 'a:1' }] } };
    cluster.apply({ apiVersion: 'v1', kind: 'Pod', ...pod }).catch(() => {});
    await isAsked;
  });
  expect(await alive(left)).toBe(0);
}, 20_000);

test('nothing is left of one whose webhooks are said not to answer, and it is closed, or put back, without waiting for that', async () => {
  const left: WeakRef<object>[] = [];
  const before = openResources();
  for (const end of ['close', 'reset'] as const)
    left.push(
      ...(await ended(
        async cluster => {
          cluster.faults.add({ name: 'silent', fault: 'webhookTimeout' });
          const client = { service: { namespace: 'default', name: 'silent' } };
          await cluster.apply([asksWebhooks(client), { ...agent, metadata: { name: 'other' } }]);
          await vi.waitUntil(() => cluster.faults.get('silent')!.fired > 0);
          if (end === 'reset') await cluster.reset();
        },
        { clock: 'real' },
      )),
    );
  expect(await alive(left)).toBe(0);
  expect(await opened(before)).toEqual([]);
});
