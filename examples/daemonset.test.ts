// A user's own test: a whole cluster in this process, with no port, no file and no sleep.
import { readFileSync } from 'node:fs';
import { type Cluster, createCluster } from 'kubette';
import request from 'supertest';
import { afterEach, beforeEach, expect, test } from 'vitest';

const manifest = readFileSync(new URL('fluentd-elasticsearch.yaml', import.meta.url), 'utf8');

let cluster: Cluster;

beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual' });
  await cluster.apply(manifest);
  await cluster.settled();
});

afterEach(() => cluster.close());

const podsByNode = async (): Promise<Record<string, string>> => {
  const { body } = await request(cluster.app)
    .get('/api/v1/namespaces/kube-system/pods')
    .query({ labelSelector: 'name=fluentd-elasticsearch' })
    .expect(200);
  const pods = body.items as { spec: { nodeName: string }; status: { phase: string } }[];
  return Object.fromEntries(pods.map(pod => [pod.spec.nodeName, pod.status.phase]));
};

test('REST: the log collector runs on every worker', async () => {
  expect(await podsByNode()).toEqual({ 'worker-1': 'Running', 'worker-2': 'Running', 'worker-3': 'Running' });
});

test('GraphQL: and says why it is not on the control plane', async () => {
  const { body } = await request(cluster.app)
    .post('/graphql')
    .send({
      query: `{
        explain(namespace: "kube-system", daemonSet: "fluentd-elasticsearch", node: "control-plane") { wanted actual reason }
      }`,
    })
    .expect(200);
  expect(body.data.explain).toMatchObject({ wanted: false, actual: 'NOT_WANTED' });
  expect(body.data.explain.reason).toContain('node-role.kubernetes.io/control-plane');
});

test('a node that joins gets its pod, one that leaves loses it within two minutes', async () => {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-4' } };
  await request(cluster.app).post('/api/v1/nodes').send(node).expect(201);
  await cluster.settled();
  expect(await podsByNode()).toMatchObject({ 'worker-4': 'Running' });

  await request(cluster.app).delete('/api/v1/nodes/worker-1').expect(200);
  await cluster.advance('2m');
  expect(await podsByNode()).not.toHaveProperty('worker-1');
});
