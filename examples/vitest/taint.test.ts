import { readFileSync } from 'node:fs';
import { clusterTest } from 'kubette/vitest';
import { expect } from 'vitest';

const manifests = readFileSync(new URL('../fluentd-elasticsearch.yaml', import.meta.url), 'utf8');
const test = clusterTest({ manifests });
const taint = { spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoExecute' }] } };

test('a taint drives the log collector away', async ({ cluster }) => {
  await cluster.settled();
  await cluster.object('node/worker-1').patch(taint);
  await cluster.advance('1m');
  const fluentd = cluster.object('ds/fluentd-elasticsearch', 'kube-system');
  expect(fluentd).not.toRunOn('worker-1');
  expect(cluster.explain('fluentd-elasticsearch', 'worker-1', 'kube-system').reason).toContain(
    'taint gpu=yes:NoExecute',
  );
});

test('and what it would do can be asked before', async ({ cluster }) => {
  await cluster.settled();
  const { placements } = await cluster.whatIf(fork => fork.object('node/worker-1').patch(taint));
  expect(placements.map(({ node, difference }) => `${node}: ${difference}`)).toEqual(['worker-1: WENT']);
  expect(cluster.object('ds/fluentd-elasticsearch', 'kube-system')).toRunOn('worker-1');
});
