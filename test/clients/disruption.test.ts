import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

let cluster: Cluster;
let kubectl: Client;
beforeAll(async () => {
  cluster = await createCluster();
  kubectl = new Client('kubectl', (await cluster.listen()).url);
});
afterAll(() => cluster.close());

const k = (args: string) => kubectl.ok(args.split(' '));

async function pod(name: string, nodeName: string): Promise<void> {
  const manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: 'web' } },
    spec: { nodeName, containers: [{ name: 'main', image: 'web' }], terminationGracePeriodSeconds: 1 },
  };
  await kubectl.ok(['create', '-f', '-'], { input: JSON.stringify(manifest) });
}

it('create, get and describe pdb', async () => {
  await pod('web-1', 'worker-1');
  await pod('web-2', 'worker-2');
  await k('wait --for=condition=Ready pod --all --timeout=20s');
  expect(await k('create pdb web --selector=app=web --min-available=2')).toBe(
    'poddisruptionbudget.policy/web created\n',
  );
  await k('wait pdb/web --for=jsonpath={.status.currentHealthy}=2 --timeout=20s');
  expect(await k('get pdb')).toMatch(
    /^NAME +MIN AVAILABLE +MAX UNAVAILABLE +ALLOWED DISRUPTIONS +AGE\nweb +2 +N\/A +0 +\d+s\n$/,
  );
  expect(await k('describe pdb web')).toMatch(
    /Min available: +2\nSelector: +app=web\nStatus:\n +Allowed disruptions: +0\n +Current: +2\n +Desired: +2\n +Total: +2\n/,
  );
});

it('drain waits while the budget refuses, and goes on when it allows', async () => {
  const drain = kubectl.start(['drain', 'worker-1', '--force', '--ignore-daemonsets', '--timeout=50s']);
  let stdout = '';
  let stderr = '';
  drain.stdout!.on('data', text => (stdout += text));
  const ended = new Promise<number | null>(resolve => drain.on('close', resolve));
  await new Promise<void>(resolve => {
    drain.stderr!.on('data', text => {
      stderr += text;
      if (stderr.includes('will retry')) resolve();
    });
    drain.on('close', () => resolve());
  });
  expect(stderr).toContain(
    `error when evicting pods/"web-1" -n "default" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.`,
  );
  expect(await k('get pod web-1 -o jsonpath={.metadata.deletionTimestamp}')).toBe('');
  await pod('web-3', 'worker-3');
  expect(await ended).toBe(0);
  expect(stdout).toContain('pod/web-1 evicted');
  expect(stdout).toContain('node/worker-1 drained');
  expect(await k('get pods -o name')).toBe('pod/web-2\npod/web-3\n');
});
