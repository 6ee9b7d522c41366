import { expect, onTestFinished, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';

async function start(options: ClusterOptions = {}) {
  const cluster = await createCluster({ clock: 'virtual', nodes: 3, ...options });
  onTestFinished(() => cluster.close());
  const { url } = await cluster.listen();
  const runUntil = async (body: object) => {
    const response = await fetch(`${url}/_kubette/v1/clock/run-until`, { method: 'POST', body: JSON.stringify(body) });
    return { code: response.status, ...((await response.json()) as { met?: boolean; message: string }) };
  };
  return { cluster, runUntil };
}

const agent = (annotations: object = { 'kubette.dev/ready-delay': '20s' }) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' }, annotations },
      spec: { containers: [{ name: 'main', image: 'agent:1' }] },
    },
  },
});
const phase = (cluster: Cluster) =>
  cluster
    .object('ds/agent')
    .pods()
    .map(({ status }) => status.phase);

test('until a rollout is complete, told in the words of kubectl', async () => {
  const { cluster, runUntil } = await start();
  await cluster.apply(agent());
  const rollout = { object: 'ds/agent', for: 'rollout' };
  expect(await runUntil({ ...rollout, limit: '10s' })).toMatchObject({
    code: 200,
    met: false,
    message: 'Waiting for daemon set "agent" rollout to finish: 0 of 3 updated pods are available...',
    passedSeconds: 10,
  });
  expect(await runUntil(rollout)).toMatchObject({
    met: true,
    message: 'daemon set "agent" successfully rolled out',
    passedSeconds: 10,
  });
  expect(phase(cluster)).toEqual(['Running', 'Running', 'Running']);
});

test('until there are so many pods', async () => {
  const { cluster, runUntil } = await start();
  await cluster.apply(agent({ 'kubette.dev/start-delay': '5s' }));
  const some = { pods: 3, namespace: 'default', labelSelector: 'app=agent', fieldSelector: 'status.phase=Running' };
  expect(await runUntil({ ...some, limit: '4s' })).toMatchObject({ met: false, message: '0 of 3 pods' });
  expect(await runUntil(some)).toMatchObject({ met: true, message: '3 of 3 pods', passedSeconds: 1 });
});

test.each([
  ['condition=Ready', true],
  ['condition=ready=false', false],
  ['jsonpath={.status.phase}=Running', true],
  ["jsonpath='{.status.podIP}'", true],
  ['jsonpath={.status.nonsense}', false],
  ['create', true],
])('what kubectl wait --for says: %s', async (wanted, met) => {
  const { cluster, runUntil } = await start();
  const spec = { containers: [{ name: 'main', image: 'a:1' }] };
  await cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });
  expect(await runUntil({ object: 'pod/p', for: wanted, limit: '1m' })).toMatchObject({ code: 200, met });
});

test('until something is gone', async () => {
  const { cluster, runUntil } = await start();
  await cluster.apply(agent({ 'kubette.dev/stop-delay': '7s' }));
  await cluster.settled();
  const pod = cluster.object('ds/agent').pods()[0]!;
  const { url } = await cluster.listen();
  await fetch(`${url}/api/v1/namespaces/default/pods/${pod.metadata.name}`, { method: 'DELETE' });
  const gone = await runUntil({ object: `po/${pod.metadata.name}`, for: 'delete' });
  expect(gone).toMatchObject({ met: true, passedSeconds: 7 });
});

test.each([
  [{}, 400, 'say what to wait for'],
  [{ object: 'ds/agent', pods: 1 }, 400, 'say what to wait for'],
  [{ object: 'agent', for: 'rollout' }, 400, 'object must be a kind and a name'],
  [{ object: 'ds/agent' }, 400, 'for is missing'],
  [{ object: 'ds/agent', for: 'luck' }, 400, 'for cannot be "luck": it must be rollout, condition=NAME'],
  [{ object: 'pod/p', for: 'rollout' }, 400, 'Pod has no rollouts'],
  [{ object: 'ds/agent', for: 'rollout', limit: 'long' }, 400, 'limit must be a duration'],
  [{ object: 'ds/agent', for: 'rollout', until: 1 }, 400, 'there is no field "until"'],
  [{ pods: -1 }, 400, 'pods must be a number of pods'],
  [{ pods: 1, labelSelector: 'a in' }, 400, ''],
])('%j is refused', async (body, code, message) => {
  const { runUntil } = await start();
  const answer = await runUntil(body);
  expect(answer.code).toBe(code);
  expect(answer.message).toContain(message);
});

test('only a clock that stands still is moved', async () => {
  const { runUntil } = await start({ clock: 'real' });
  expect(await runUntil({ pods: 1 })).toMatchObject({ code: 409 });
});
