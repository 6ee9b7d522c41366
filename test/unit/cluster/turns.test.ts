import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { createCluster } from '../../../src/index.js';
import { answerTo, WebhookServer } from '../../support/webhook-server.js';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

/** A cluster on a clock that stands still, and what posts to it. Apart from the pool of `fetch`, so that many can be under way. */
async function start() {
  const cluster = await createCluster({ clock: 'virtual', nodes: 2 });
  onTestFinished(() => cluster.close());
  const { port } = await cluster.listen();
  const post = (path: string, body: object): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request({ port, method: 'POST', path, agent: false }, response => {
        response.resume().on('end', () => resolve(response.statusCode!));
      });
      sent.on('error', reject);
      sent.setHeader('Content-Type', 'application/json');
      sent.end(JSON.stringify(body));
    });
  return { cluster, post };
}

test('a webhook can write to the cluster that asks it, be it for a client or for a controller', async () => {
  const { cluster, post } = await start();
  let count = 0;
  const written: number[] = [];
  const webhook = await WebhookServer.start((review: Parameters<typeof answerTo>[0]) => {
    count++;
    return answerTo(review, { allowed: true });
  });
  onTestFinished(() => void webhook.close());
  // The answer waits for a write of its own.
  const { call } = cluster.registry.webhooks;
  cluster.registry.webhooks = cluster.registry.turns.around({
    call: async (...args) => {
      written.push(await post(CONFIG_MAPS, configMap(`from-webhook-${written.length}-${count}`)));
      return call(...args);
    },
  });
  await cluster.apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'pods' },
    webhooks: [
      {
        name: 'pods.example.com',
        clientConfig: { url: `https://127.0.0.1:${webhook.port}/`, caBundle: webhook.caBundle },
        rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE'], resources: ['pods', 'daemonsets'] }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  });
  const metadata = { labels: { app: 'agent' } };
  const template = { metadata, spec: { containers: [{ name: 'main', image: 'a:1' }] } };
  const made = await post('/apis/apps/v1/namespaces/default/daemonsets', {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: { selector: { matchLabels: metadata.labels }, template },
  });
  await cluster.settled();
  expect(made).toBe(201);
  expect(cluster.object('ds/agent').pods()).toHaveLength(2);
  // For the set, and for each of its pods.
  expect(written).toEqual([201, 201, 201]);
});

test('what decides whether the clock goes on may write', async () => {
  const { cluster, post } = await start();
  const written: number[] = [];
  const met = await cluster.clock.runUntil(async () => {
    written.push(await post(CONFIG_MAPS, configMap(`at-${cluster.clock.now()}`)));
    return true;
  }, '1h');
  expect(met).toBe(true);
  expect(written).toEqual([201]);
});

test('whoever waits is answered when the cluster is put back, and whoever comes then is served', async () => {
  const { post } = await start();
  const answers = await Promise.all([
    post(CONFIG_MAPS, configMap('before')),
    post('/_kubette/v1/reset', {}),
    post(CONFIG_MAPS, configMap('after')),
  ]);
  expect(answers[1]).toBe(200);
  for (const answer of answers) expect([200, 201, 503]).toContain(answer);
  expect(await post(CONFIG_MAPS, configMap('at-last'))).toBe(201);
});
