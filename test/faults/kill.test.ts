import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { eventually, type ServerProcess, startServer } from '../support/server.js';

const NODES = 40;
const ROUNDS = 4;
const folder = mkdtempSync(join(tmpdir(), 'kubette-kill-'));
const data = join(folder, 'cluster.db');
let server: ServerProcess;

afterAll(async () => {
  await server?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  metadata: { name: string; resourceVersion: string; uid: string };
  [field: string]: unknown;
}

async function send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method,
    headers: { 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

const DAEMON_SETS = '/apis/apps/v1/namespaces/default/daemonsets';
const template = (image: string) => ({
  metadata: { labels: { app: 'agent' } },
  spec: { containers: [{ name: 'agent', image }], terminationGracePeriodSeconds: 0 },
});

/** Writes ConfigMaps one after the other until the server is gone. Answers those that were acknowledged. */
async function writeUntilKilled(prefix: string): Promise<Answer[]> {
  const acknowledged: Answer[] = [];
  for (let i = 0; ; i++) {
    try {
      const body = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `${prefix}-${i}` },
        data: { i: String(i) },
      };
      acknowledged.push(await send('POST', '/api/v1/namespaces/default/configmaps', body));
    } catch {
      return acknowledged;
    }
  }
}

test('kill -9 in the middle of a rollout: what was acknowledged is there, revisions go on, the rollout finishes', async () => {
  server = await startServer(['--data', data, '--nodes', String(NODES)]);
  await send('POST', DAEMON_SETS, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: { selector: { matchLabels: { app: 'agent' } }, template: template('registry.example/agent:0') },
  });
  const available = async () =>
    ((await send('GET', `${DAEMON_SETS}/agent`)).status as { numberAvailable?: number }).numberAvailable === NODES;
  await eventually('the first rollout', available);

  const acknowledged = new Map<string, Answer>();
  for (let round = 1; round <= ROUNDS; round++) {
    const image = `registry.example/agent:${round}`;
    const { metadata } = await send(
      'PATCH',
      `${DAEMON_SETS}/agent`,
      { spec: { template: template(image) } },
      'application/merge-patch+json',
    );
    const writing = writeUntilKilled(`round-${round}`);
    // Somewhere between the first deleted pod and the last new one.
    await eventually('the rollout to begin', async () => {
      const { updatedNumberScheduled = 0 } = (await send('GET', `${DAEMON_SETS}/agent`)).status as {
        updatedNumberScheduled?: number;
      };
      return updatedNumberScheduled > round && updatedNumberScheduled < NODES;
    });
    await server.stop('SIGKILL');
    const written = await writing;
    expect(written.length).toBeGreaterThan(0);
    for (const answer of written) acknowledged.set(answer.metadata.name, answer);

    server = await startServer(['--data', data]);
    for (const [name, answer] of acknowledged) {
      expect((await send('GET', `/api/v1/namespaces/default/configmaps/${name}`)).metadata).toEqual(answer.metadata);
    }
    const next = await send('POST', '/api/v1/namespaces/default/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `after-${round}` },
    });
    const newest = Math.max(Number(metadata.resourceVersion), ...written.map(a => Number(a.metadata.resourceVersion)));
    expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(newest);

    await eventually('the rollout to finish', async () => {
      const { items } = (await send('GET', '/api/v1/namespaces/default/pods')) as unknown as {
        items: { spec: { nodeName: string; containers: { image: string }[] }; status: { phase: string } }[];
      };
      const done = items.filter(pod => pod.status.phase === 'Running' && pod.spec.containers[0]!.image === image);
      return items.length === NODES && new Set(done.map(pod => pod.spec.nodeName)).size === NODES;
    });
  }
  expect(await server.stop()).toBe(0);
}, 180_000);

test('a second server on the same file is refused and says why', async () => {
  server = await startServer(['--data', data]);
  await expect(startServer(['--data', data])).rejects.toThrow(/in use by another Kubette server/);
  expect(await server.stop()).toBe(0);
});
